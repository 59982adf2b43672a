# SPDX-License-Identifier: Apache-2.0
"""Where the files of the embedded atlas lie, and which countries it holds; read without heavy libraries."""

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
    >>> path("layers.csv").name
    'layers.csv'
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
    >>> [row["name_en"] for row in rows("countries.csv") if row["iso3"] == "NER"]
    ['Niger']
    """
    with path(file).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def undetermined() -> tuple[tuple[str, str], ...]:
    """Pairs of countries whose whole border is undetermined or in dispute: maps draw it dashed.

    Returns
    -------
    tuple of (iso3, iso3)

    Examples
    --------
    >>> ("SRB", "XKX") in undetermined()
    True
    """
    return tuple((row["one"], row["other"]) for row in rows("undetermined.csv"))


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
    known = [row["iso3"] for row in rows("countries.csv")]
    outside = [iso3 for iso3 in wanted if iso3 not in known]
    if outside or not wanted:
        raise CatalogueError(
            f"the embedded atlas has no {', '.join(outside) or 'country to look up'}; it holds {len(known)} countries and "
            "areas by ISO 3166-1 alpha-3 (Kosovo is XKX). Name other data in [data] of the study file."
        )
    return wanted
