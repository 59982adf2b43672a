# SPDX-License-Identifier: Apache-2.0
"""Names and colours of the classes that parts share: of land cover, degradation, status, productivity and drought.

Colours of loss and gain are those of vik, of drought those of lajolla; never red, amber and green.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from homeground.errors import DataError
from homeground.language.wording import wording

MISSING = (
    -128
)  # of integer classes, everywhere in homeground; kernels repeat it, for their cache watches their file alone
WATER = 7  # land cover class of the Convention that is no land

# The seven land cover classes of the Convention, as the tables between the parts name them.
COVER_NAMES: Mapping[int, str] = MappingProxyType(
    {
        1: "tree_covered",
        2: "grassland",
        3: "cropland",
        4: "wetland",
        5: "artificial",
        6: "other_land",
        7: "water",
    }
)


@cache
def _rows(legend: str) -> tuple[tuple[int, str, str], ...]:
    with (Path(__file__).parent / "legends.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["legend"] == legend]
    if not rows:
        raise DataError(f"there is no legend {legend!r} in legends.csv.")
    return tuple((int(row["code"]), row["name"], row["colour"]) for row in rows)


def class_names(legend: str, code: str = "en") -> dict[int, str]:
    """Name of each code of a legend in a language, in its order.

    Parameters
    ----------
    legend : str
        Such as ``cover``, ``status``, ``drought``.
    code : str
        The language.

    Returns
    -------
    dict of class to name

    Raises
    ------
    DataError
        There is no such legend.

    Parameters
    ----------
    legend : str
        A legend of ``legends.csv``: "cover", "degradation", "drought", "productivity", "response" or "status".

    Returns
    -------
    dict of int to str
        Code to name, in English.

    Raises
    ------
    DataError
        There is no such legend.

    Examples
    --------
    >>> class_names("degradation")
    {-1: 'Degraded', 0: 'Stable', 1: 'Improved'}
    >>> class_names("degradation", "fr")[-1]
    'Dégradées'
    """
    return {number: wording(f"legend.{legend}.{number}.name", name, code) for number, name, _ in _rows(legend)}


def class_colours(legend: str) -> dict[int, str]:
    """Colour of each code of a legend, as ``#rrggbb``.

    Parameters
    ----------
    legend : str
        As in `class_names`.

    Returns
    -------
    dict of int to str
        Code to colour.

    Raises
    ------
    DataError
        There is no such legend.

    Examples
    --------
    >>> class_colours("degradation")[-1]
    '#7c1b06'
    """
    return {code: colour for code, _, colour in _rows(legend)}


def class_legend(legend: str) -> dict[int, tuple[str, str]]:
    """Name and colour of each code of a legend, as maps are written with them.

    Parameters
    ----------
    legend : str
        As in `class_names`.

    Returns
    -------
    dict of int to (str, str)
        Code to name and colour (``#rrggbb``).

    Raises
    ------
    DataError
        There is no such legend.

    Examples
    --------
    >>> class_legend("degradation")[-1]
    ('Degraded', '#7c1b06')
    """
    return {code: (name, colour) for code, name, colour in _rows(legend)}
