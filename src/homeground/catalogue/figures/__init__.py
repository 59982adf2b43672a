# SPDX-License-Identifier: Apache-2.0
"""Published figures as small tables in one tidy schema, each row with its source, licence and kind.

`README.md` beside this file says what each table holds, what its intervals mean and what it must not be used for.
"""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from homeground.catalogue import figure_files
from homeground.catalogue.figure_files import COLUMNS, path, tables
from homeground.errors import CatalogueError

__all__ = ["COLUMNS", "indicators", "load", "path", "tables"]

_NUMBERS = {"year": "Int64", "value": "float64", "low": "float64", "high": "float64"}


def load(
    table: str, *, iso3: str | Iterable[str] | None = None, indicator: str | Iterable[str] | None = None
) -> pd.DataFrame:
    """Published figures of one table, one figure a row, with source, unit, interval, licence and kind.

    Parameters
    ----------
    table : str
        One of `tables()`.
    iso3 : str or iterable of str, optional
        Countries to keep (ISO 3166 alpha-3; Kosovo is KOS). A country without a figure gives no row.
    indicator : str or iterable of str, optional
        Indicators to keep.

    Returns
    -------
    DataFrame
        Columns `COLUMNS`. `year` is Int64, missing where the source states none; `value`, `low` and `high` are
        float64, in the unit that the row names, `low` and `high` missing where the source gives no interval; all
        else is text, "" where there is nothing to say. Text such as "NA" stays text.

    Raises
    ------
    CatalogueError
        The table, or an indicator, does not exist; the message lists those that do.

    Examples
    --------
    >>> fled = load("displacement", iso3="ETH", indicator="idps_idmc").set_index("year")
    >>> float(fled.value[2024]), fled.unit[2024]
    (2378000.0, 'persons')
    """
    known = figure_files.tables()
    if table not in known:
        msg = f"There is no table of figures called {table!r}. Use one of: {', '.join(known)}."
        raise CatalogueError(msg)
    figures = _read(table)
    if indicator is not None:
        wanted = [indicator] if isinstance(indicator, str) else list(indicator)
        present = sorted(figures["indicator"].unique())
        if absent := sorted(set(wanted) - set(present)):
            msg = f"{table} has no indicator {', '.join(absent)}. It has: {', '.join(present)}."
            raise CatalogueError(msg)
        figures = figures[figures["indicator"].isin(wanted)]
    if iso3 is not None:
        figures = figures[figures["iso3"].isin([iso3] if isinstance(iso3, str) else list(iso3))]
    return figures.reset_index(drop=True)


def indicators() -> pd.DataFrame:
    """Which indicator lies in which table, in which unit, for how many countries, from when to when.

    Returns
    -------
    DataFrame
        One row per table, indicator and unit: `table, indicator, unit, rows, countries, first_year, last_year`.

    Examples
    --------
    >>> known = indicators().set_index("indicator")
    >>> known.loc["net_migration", "table"], known.loc["net_migration", "unit"]
    ('net_migration', 'persons')
    """
    parts = []
    for table in figure_files.tables():
        figures = _read(table)
        figures["iso3"] = figures["iso3"].mask(figures["iso3"] == "")
        summary = figures.groupby(["indicator", "unit"], as_index=False).agg(
            rows=("value", "size"), countries=("iso3", "nunique"), first_year=("year", "min"), last_year=("year", "max")
        )
        parts.append(summary.assign(table=table))
    order = ["table", "indicator", "unit", "rows", "countries", "first_year", "last_year"]
    return pd.concat(parts, ignore_index=True)[order]


def _read(table: str) -> pd.DataFrame:
    # Only empty number cells are missing: pandas would otherwise read texts such as "NA" as missing.
    dtype = {column: _NUMBERS.get(column, "str") for column in COLUMNS}
    empty = {column: [""] for column in _NUMBERS}
    with figure_files.path(table).open(encoding="utf-8") as text:
        return pd.read_csv(text, dtype=dtype, keep_default_na=False, na_values=empty)
