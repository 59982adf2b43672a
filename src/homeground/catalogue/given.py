# SPDX-License-Identifier: Apache-2.0
"""The small tables of a study, those that it names and those that lie beside it, by the one reader."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from homeground.catalogue import atlas_files
from homeground.catalogue.classes import COVER_NAMES
from homeground.numbers.money import currencies
from homeground.study.tables import given_tables

if TYPE_CHECKING:
    import pandas as pd

    from homeground.catalogue.tables import Codes
    from homeground.study.model import Study

GENERAL = "general"  # place of a value that holds where a country has none of its own
_CLASSES = {str(code): name.replace("_", " ") for code, name in COVER_NAMES.items()}


def given_path(study: Study, name: str) -> Path | None:
    """Where a table of a study lies.

    Parameters
    ----------
    study : Study
    name : str
        A name of `homeground.study.tables.given_tables`, such as "data.goals" or "values.csv".

    Returns
    -------
    Path or None
        None where the study has none.

    Examples
    --------
    >>> from homeground.study.opening import open_study
    >>> study = open_study("great-green-wall")
    >>> given_path(study, "data.goals").name, given_path(study, "values.csv")
    ('goals.csv', None)
    """
    if name.startswith("data."):
        return study.input(name.removeprefix("data."))
    path = study.folder / name
    return path if path.is_file() else None


def given_table(
    study: Study,
    name: str,
    *,
    known: Mapping[str, Codes] | None = None,
    also: Callable[[pd.DataFrame], Iterable[str]] | None = None,
) -> pd.DataFrame | None:
    """A table of a study as its declaration has it, its codes held against the countries, regions, classes and currencies.

    Parameters
    ----------
    study : Study
    name : str
        A name of `homeground.study.tables.given_tables`, such as "data.goals" or "values.csv".
    known : mapping of column to codes, optional
        Codes that may stand in a column, as of `homeground.catalogue.tables.read_given`, beside those known here.
    also : callable, optional
        What else is wrong with the rows, as of `homeground.catalogue.tables.read_given`.

    Returns
    -------
    DataFrame or None
        None where the study has none.

    Raises
    ------
    DataError
        All problems of the table at once, with row and column: see `homeground.catalogue.tables.read_given`.

    Examples
    --------
    >>> from homeground.study.opening import open_study
    >>> given_table(open_study("great-green-wall"), "data.goals")["value"].tolist()
    [100.0, 250.0, 10.0]
    """
    path = given_path(study, name)
    if path is None:
        return None
    from homeground.catalogue.tables import read_given

    codes = {**_codes(study, name), **(known or {})}
    return read_given(path, given_tables()[name].table, known=codes, what="" if name == path.name else name, also=also)


@cache
def countries() -> dict[str, str]:
    """Countries that a table may name.

    Returns
    -------
    dict of str to str
        Name in English by ISO 3166-1 alpha-3 code.

    Examples
    --------
    >>> countries()["GMB"]
    'Gambia'
    """
    return {row["iso3"]: row["name_en"] for row in atlas_files.rows("countries.csv")}


def _codes(study: Study, name: str) -> dict[str, Codes]:
    """What may stand in the columns of a table that name something, whatever the table is."""
    found: dict[str, Codes] = {
        "place": countries() | {GENERAL: GENERAL} if name == "values.csv" else {},
        "iso3": countries(),
        "initial": _CLASSES,
        "final": _CLASSES,
        "unccd_class": _CLASSES,
        "currency": currencies(),
    }
    columns = {column.column for column in given_tables()[name].table.columns}
    if "region_id" in columns:
        from homeground.catalogue.regions import study_regions

        regions = study_regions(study)
        found["region_id"] = dict(zip(regions["region_id"], regions["name"], strict=True))
    return {column: codes for column, codes in found.items() if column in columns and codes}
