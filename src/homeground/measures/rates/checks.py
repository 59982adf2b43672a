# SPDX-License-Identifier: Apache-2.0
"""What is wrong with rows of options that a user gives, all of it at once."""

from __future__ import annotations

import difflib
import math
from collections.abc import Iterator
from typing import Any

import pandas as pd

from homeground.errors import DataError, Problems
from homeground.measures.rates.records import ANY, ENDS, MONEY, PARAMETERS, UNITS, UNVERIFIED, WAGE
from homeground.numbers.money import NOT_STATED

NEEDED = ("measure", "parameter", *ENDS, "unit", "source", "licence")
OPTIONAL = ("price_year", "currency", "place", "seen_at", "source_year", "quality", "kind", "note")


def given_rows(table: pd.DataFrame, problems: Problems) -> pd.DataFrame:
    """Rows that a user gives, with every column there can be; a row without a grade counts as unverified.

    Parameters
    ----------
    table : DataFrame
        As in `homeground.measures.options`.
    problems : Problems
        Gets the columns that are missing.

    Returns
    -------
    DataFrame

    Raises
    ------
    DataError
        A column is missing.

    Examples
    --------
    >>> given_rows(pd.DataFrame({"measure": ["zai"]}), Problems("rows"))
    Traceback (most recent call last):
    ...
    homeground.errors.DataError: rows: columns parameter, low, mid, high, unit, source, licence are missing. ...
    """
    missing = [name for name in NEEDED if name not in table.columns]
    if missing:
        problems.add(f"columns {', '.join(missing)} are missing. Expected: {', '.join((*NEEDED, *OPTIONAL))}.")
        problems.raise_if_any(DataError)
    given = table.reindex(columns=[*NEEDED, *OPTIONAL]).astype(object)
    return given.assign(row=given.index if given.index.name == "row" else None)


def as_numbers(long: pd.DataFrame) -> pd.DataFrame:
    """Rows with numbers where these belong, and whether the year of a price is said to be not stated.

    Parameters
    ----------
    long : DataFrame

    Returns
    -------
    DataFrame
        With the further column stated.

    Examples
    --------
    >>> rows = pd.DataFrame({"low": ["1"], "mid": ["2"], "high": ["3"], "price_year": "not stated", "quality": None})
    >>> as_numbers(rows)[["mid", "stated", "quality"]].values.tolist()
    [[2.0, False, 5.0]]
    """
    long = long.assign(stated=long["price_year"].astype("str") != NOT_STATED)
    for column in (*ENDS, "price_year", "quality"):
        long[column] = pd.to_numeric(long[column], errors="coerce").astype(float)
    return long.fillna({"quality": UNVERIFIED})


def row_problems(table: pd.DataFrame) -> Iterator[str]:
    """What is wrong with single rows of options, one sentence each.

    Parameters
    ----------
    table : DataFrame
        Rows as in `homeground.measures.read_options`; see `homeground.measures.options`.

    Yields
    ------
    str

    Examples
    --------
    >>> from homeground.measures import read_options
    >>> list(row_problems(read_options().head(1).assign(unit="EUR/ha")))[0].partition(" has ")[2]
    'unit "EUR/ha", "USD/ha" was expected. Convert it.'
    """
    problems = Problems("rows of options")
    check_rows(as_numbers(given_rows(table, problems)), problems)
    yield from problems.messages


def check_rows(long: pd.DataFrame, problems: Problems) -> None:
    """Add what is wrong with single rows.

    Parameters
    ----------
    long : DataFrame
        From `as_numbers`.
    problems : Problems

    Examples
    --------
    >>> problems = Problems("rows")
    >>> row = dict(measure="zai", parameter="survival", low=0.5, mid=0.6, high=7.0, unit="1", source="us", licence="own")
    >>> check_rows(as_numbers(given_rows(pd.DataFrame([row]), problems)), problems)
    >>> problems.messages
    ['zai survival: a share from 0 to 1 was expected, found 0.5 to 7.0.']
    """
    for row in long[long.duplicated(["measure", "parameter"], keep="first")].to_dict("records"):
        problems.add(f"{_where(row)} is given twice. Keep one row.")
    for row in long.to_dict("records"):
        parameter, where = row["parameter"], _where(row)
        if parameter not in UNITS:
            near = difflib.get_close_matches(str(parameter), UNITS, 1)
            hint = f"Did you mean {near[0]}?" if near else f"Known: {', '.join(UNITS)}."
            problems.add(f'{where}: the parameter "{parameter}" is unknown. {hint}')
            continue
        if (parameter == WAGE) != (row["measure"] == ANY):
            problems.add(f'{where}: a wage is of a place, so its measure is "{ANY}", and nothing else is of "{ANY}".')
        problems.extend(f"{where}{text}" for text in _faults(row, UNITS[parameter]))


def _where(row: dict[Any, Any]) -> str:
    """How a row is called in errors: by measure and parameter, and by its number in the file where it has one."""
    number = _number(row.get("row"))
    return f"{row['measure']} {row['parameter']}" + ("" if math.isnan(number) else f" (row {number:.0f})")


def _faults(row: dict[Any, Any], unit: str) -> Iterator[str]:
    """What is wrong with one row of a known parameter."""
    low, mid, high = (row[end] for end in ENDS)
    if not all(math.isfinite(end) or math.isnan(end) for end in (low, mid, high)):
        yield f": low, mid and high must be finite, found {low}, {mid}, {high}."
    if row["unit"] != unit:
        yield f' has unit "{row["unit"]}", "{unit}" was expected. Convert it.'
    if not low <= mid <= high:  # also false where one is missing
        yield f": low <= mid <= high was expected, found {low}, {mid}, {high}."
    elif unit == "1" and not 0 <= low <= high <= 1:
        yield f": a share from 0 to 1 was expected, found {low} to {high}."
    elif row["parameter"].startswith("person_days") and low < 0:
        yield f": person-days cannot be negative, found {low}."
    elif row["parameter"] == "survival" and low <= 0:
        yield f" is {low}: where nothing survives no hectare comes about. Give a share above 0, or leave the measure out."
    if row["parameter"] in MONEY:
        yield from _money_faults(row)
    for name in ("source", "licence"):
        if not isinstance(row[name], str) or not row[name].strip():
            yield f' has no {name}. Name it, or write "{name} unknown".'
    if row["quality"] not in (1, 2, 3, 4, 5):
        yield f": quality 1 (peer-reviewed) to 5 (unverified) was expected, found {row['quality']}."


def _money_faults(row: dict[Any, Any]) -> Iterator[str]:
    if row["low"] <= 0:
        yield f" is {row['low']}: a cost of zero hides work or gifts. Give the full cost."
    if math.isnan(row["price_year"]) and row["stated"]:
        yield f' is money without a price year. Add the year, or "{NOT_STATED}" where the source names none.'
    if not isinstance(row["currency"], str):
        yield " is money without a currency. Add it: USD was expected."
    elif row["currency"] != "USD":
        yield f" has currency {row['currency']}, USD was expected. Convert it and say how in note."


def check_together(long: pd.DataFrame, known: list[str], problems: Problems) -> None:
    """Add what is wrong with the rows taken together: a measure that is not whole, money of several years.

    Parameters
    ----------
    long : DataFrame
        From `as_numbers`.
    known : list of str
        Measures that ship.
    problems : Problems

    Examples
    --------
    >>> problems = Problems("rows")
    >>> check_together(pd.DataFrame({"measure": ["dams"], "parameter": "wage", "price_year": 2.0, "stated": True}), [], problems)
    >>> problems.messages[0][:55]
    'dams lacks establishment_cost, upkeep_cost, person_days'
    """
    for measure, rows in long[long["measure"] != ANY].groupby("measure", sort=False):
        have = set(rows["parameter"])
        missing = [name for name, (_, needed) in PARAMETERS.items() if needed and name not in have]
        if missing:
            near = difflib.get_close_matches(str(measure), [name for name in known if name != measure], 1)
            hint = f" Did you mean {near[0]}?" if near and measure not in known else ""
            problems.add(f"{measure} lacks {', '.join(missing)}. Add these rows.{hint}")
    money = long[long["parameter"].isin(MONEY)]
    years = money["price_year"].dropna().unique()
    if not len(years) and not money["stated"].any():
        problems.add(
            "no cost states the year of its prices. State it for one at least: the others are taken as of that year."
        )
    if len(years) > 1:
        listed = ", ".join(str(int(year)) for year in sorted(years))
        problems.add(
            f"money of several years: {listed}. Bring it to one with homeground.measures.at_prices, or edit the rows."
        )


def _number(value: Any) -> float:
    """NaN for anything that is missing or no number."""
    try:
        return float(value)
    except (TypeError, ValueError):
        return math.nan
