# SPDX-License-Identifier: Apache-2.0
"""Where the files of the embedded atlas lie, and which of its boxes holds which country; read without heavy libraries."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path

from homeground.errors import CatalogueError

FOLDER = Path(__file__).resolve().parent / "atlas"


def path(file: str) -> Path:
    """Where a file of the atlas lies.

    Parameters
    ----------
    file : str
        Name of the file, such as "layers.csv".

    Returns
    -------
    Path
        The file; it exists.

    Raises
    ------
    CatalogueError
        The atlas holds no such file.

    Examples
    --------
    >>> path("boxes.csv").name
    'boxes.csv'
    """
    found = FOLDER / file
    if not found.is_file():
        raise CatalogueError(
            f"the embedded atlas has no file {file!r} in {FOLDER}. "
            f"Layers and their files are listed in layers.csv; if files are missing, install homeground again."
        )
    return found


def rows(file: str) -> list[dict[str, str]]:
    """Rows of a CSV of the atlas, all text.

    Parameters
    ----------
    file : str
        Name of the file.

    Returns
    -------
    list of dict of str to str

    Examples
    --------
    >>> [row["box"] for row in rows("boxes.csv")]
    ['sahel', 'centralasia', 'westbalkans']
    """
    with path(file).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def boxes() -> dict[str, tuple[float, float, float, float]]:
    """West, south, east and north edge of each box, in degrees.

    Returns
    -------
    dict of str to (west, south, east, north), degrees
        Boxes by name.

    Examples
    --------
    >>> boxes()["westbalkans"]
    (13.0, 39.0, 24.0, 47.0)
    """
    return {
        row["box"]: (float(row["west"]), float(row["south"]), float(row["east"]), float(row["north"]))
        for row in rows("boxes.csv")
    }


def require_known(iso3s: Iterable[str]) -> list[str]:
    """The countries, each once.

    Parameters
    ----------
    iso3s : iterable of str
        ISO 3166-1 alpha-3 codes (Kosovo: XKX).

    Returns
    -------
    list of str

    Raises
    ------
    CatalogueError
        None is given, or the atlas does not hold one.

    Examples
    --------
    >>> require_known(["NER", "TCD", "NER"])
    ['NER', 'TCD']
    """
    wanted = [iso3s] if isinstance(iso3s, str) else list(dict.fromkeys(iso3s))
    known = sorted(iso3 for row in rows("boxes.csv") for iso3 in row["countries"].split())
    outside = [iso3 for iso3 in wanted if iso3 not in known]
    if outside or not wanted:
        raise CatalogueError(
            f"the embedded atlas has no {', '.join(outside) or 'country to look up'}; it holds {' '.join(known)} "
            f"(ISO 3166-1 alpha-3; Kosovo is XKX). Name other data in [data] of the study file."
        )
    return wanted


def box_of(iso3s: Iterable[str]) -> str:
    """The box that holds all the countries.

    Parameters
    ----------
    iso3s : iterable of str
        ISO 3166-1 alpha-3 codes (Kosovo: XKX), one at least.

    Returns
    -------
    str
        A key of `boxes`.

    Raises
    ------
    CatalogueError
        A country is not in the atlas, or the countries lie in different boxes.

    Examples
    --------
    >>> box_of(["NER", "TCD"])
    'sahel'
    """
    wanted = require_known(iso3s)
    holding = {
        row["box"]: ", ".join(iso3 for iso3 in wanted if iso3 in row["countries"].split()) for row in rows("boxes.csv")
    }
    holding = {box: found for box, found in holding.items() if found}
    if len(holding) > 1:
        spread = "; ".join(f"{box}: {found}" for box, found in holding.items())
        raise CatalogueError(f"one box of the atlas was expected, the countries lie in {spread}. Read them box by box.")
    return next(iter(holding))
