# SPDX-License-Identifier: Apache-2.0
"""What each measure costs, needs and gives per hectare: low, mid, high, with source, price year and quality."""

from __future__ import annotations

import difflib
import math
from collections.abc import Iterator, Mapping
from importlib import resources
from typing import Any

import pandas as pd

from homeground.errors import DataError, Problems
from homeground.numbers.money import NOT_STATED

# Parameter, its one unit, and whether a measure is incomplete without it.
PARAMETERS: dict[str, tuple[str, bool]] = {
    "establishment_cost": ("USD/ha", True),
    "upkeep_cost": ("USD/ha/yr", True),
    "person_days_establishment": ("person-days/ha", True),
    "person_days_season": ("person-days/ha/yr", True),
    "person_days_upkeep": ("person-days/ha/yr", True),
    "women_share": ("1", True),
    "youth_share": ("1", True),
    "yield_gain": ("% of yield without", False),
    "soil_carbon_rate": ("t C/ha/yr", False),
    "biomass_carbon_rate": ("t C/ha/yr", False),
    "survival": ("1", False),
    "benefit_lag": ("yr", False),
    "benefit_full": ("yr", False),
    "adoption_ceiling": ("1", True),
}
MONEY = ("establishment_cost", "upkeep_cost")
UNVERIFIED = 5  # quality 1 peer-reviewed ... 4 secondary page, 5 expert default, unverified
ENDS = ("low", "mid", "high")
KEYS = ["iso3", "measure"]  # of options by place; else the measure alone
_NEEDED = ("measure", "parameter", *ENDS, "unit", "source", "licence")
_OPTIONAL = ("price_year", "currency", "place", "seen_at", "source_year", "quality", "kind", "note")


def read_options() -> pd.DataFrame:
    """The shipped table, one row per measure and parameter.

    Returns
    -------
    DataFrame
        measure, parameter, low, mid, high, unit, price_year, currency, place, source, seen_at (address of the page),
        source_year, licence, quality (1 best to 5 expert default), kind (published, modelled, default), note.

    Examples
    --------
    >>> read_options().query("measure == 'half_moons' and parameter == 'person_days_establishment'").mid.item()
    100.0
    """
    with resources.files("homeground.measures").joinpath("options.csv").open(encoding="utf-8") as file:
        return pd.read_csv(file, dtype={"unit": "str", "note": "str", "price_year": "Int64", "source_year": "Int64"})


def options(table: pd.DataFrame | None = None, *, called: str = "the options table") -> pd.DataFrame:
    """What one hectare of each measure costs, needs and gives, one row per measure, checked.

    Parameters
    ----------
    table : DataFrame, optional
        Rows as in `read_options` (columns measure, parameter, low, mid, high, unit, source, licence are needed; money
        also needs price_year and currency). They replace shipped rows of the same measure and parameter; a new measure
        must be complete. A row without quality counts as unverified (5). Money whose price_year is "not stated" is taken
        as it is among the money whose year is. An index called row gives the rows that errors name.
    called : str, optional
        What errors call the table.

    Returns
    -------
    DataFrame, index measure
        For each parameter p the columns p_low, p_mid, p_high and p_quality; then currency, price_year and quality (the
        weakest among the rows a plan needs). Parameters a measure does not have are NaN.
        Units: `PARAMETERS` (costs USD/ha and USD/ha/yr, work person-days/ha, carbon t C/ha/yr, shares 0 to 1).

    Raises
    ------
    DataError
        Lists every fault: a cost of zero, money without a year or of two years, a row without source or licence,
        a wrong unit, low, mid, high out of order, a share outside 0 to 1, a double row, an incomplete measure.

    Examples
    --------
    >>> wide = options()
    >>> float(wide.loc["stone_lines", "person_days_establishment_mid"])
    23.5
    """
    long = read_options()
    problems = Problems(called)
    if table is not None:
        _check_columns(table, problems)
        problems.raise_if_any(DataError)
        given = _with_row(table)
        own = pd.MultiIndex.from_frame(given[["measure", "parameter"]])
        shipped = pd.MultiIndex.from_frame(long[["measure", "parameter"]])
        kept = long[~shipped.isin(own)].astype(object)
        long = pd.concat([kept, given], ignore_index=True)
    long = _as_numbers(long)
    _check_rows(long, problems)
    _check_measures(long, problems)
    problems.raise_if_any(DataError)
    return _widen(long)


def at_prices(table: pd.DataFrame, *, price_year: int, index: Mapping[int, float], source: str) -> pd.DataFrame:
    """The same options in the prices of another year: each cost times index[price_year] / index[its own year].

    Parameters
    ----------
    table : DataFrame
        Rows as in `read_options`.
    price_year : int
        Year of the prices wanted.
    index : mapping of year to price index
        Of the currency of the costs, any base.
    source : str
        Where the index is from; it is written into the note of each changed row.

    Returns
    -------
    DataFrame
        A copy; rows that are not money are unchanged.

    Raises
    ------
    DataError
        Money without a year, or a year the index lacks.

    Examples
    --------
    >>> moved = at_prices(read_options(), price_year=2024, index={2023: 100.0, 2024: 110.0}, source="made up")
    >>> float(moved.query("measure == 'zai' and parameter == 'establishment_cost'").mid.item())
    176.0
    """
    out = table.copy()
    problems = Problems("the options table")
    for label, row in _records(table):
        if row["parameter"] not in MONEY:
            continue
        where, year = f"{row['measure']} {row['parameter']}", _number(row["price_year"])
        if math.isnan(year):
            problems.add(f"{where} is money without a price year, which no index can move. Add the year.")
        elif int(year) not in index or price_year not in index:
            problems.add(f"{where} is in prices of {int(year)}; the index must hold {int(year)} and {price_year}.")
        else:
            for end in ENDS:
                out.loc[label, end] = float(row[end]) * index[price_year] / index[int(year)]
            note = row["note"] if isinstance(row.get("note"), str) else ""
            out.loc[label, "note"] = f"{note}; prices of {int(year)} moved to {price_year} by {source}".lstrip("; ")
            out.loc[label, "price_year"] = price_year
    problems.raise_if_any(DataError)
    return out


def rates_of(options: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
    """What a hectare of each row's measure costs, needs and gives at the row's place, row by row.

    Parameters
    ----------
    options : DataFrame
        From `options`, index measure: the same everywhere; or index iso3 and measure: by place.
    table : DataFrame
        measure, and iso3 where the options are by place.

    Returns
    -------
    DataFrame
        The columns of ``options``, one row for each row of ``table``, under its index.

    Raises
    ------
    DataError
        A measure, or a measure at a place, has no options.

    Examples
    --------
    >>> asked = pd.DataFrame({"iso3": ["NER", "BFA"], "measure": ["zai", "half_moons"]})
    >>> rates_of(options(), asked)["person_days_establishment_mid"].tolist()
    [48.75, 100.0]
    >>> by_place = pd.concat({"NER": options(), "BFA": options()}, names=["iso3"])
    >>> rates_of(by_place, asked)["person_days_establishment_mid"].tolist()
    [48.75, 100.0]
    """
    keys = KEYS[-options.index.nlevels :]
    wanted = pd.MultiIndex.from_frame(table[keys]) if len(keys) > 1 else pd.Index(table[keys[0]])
    place = options.index.get_indexer(wanted)
    if (place < 0).any():
        unknown = sorted({" ".join(map(str, key if len(keys) > 1 else [key])) for key in wanted[place < 0]})
        raise DataError(f"no options for {', '.join(unknown)}. Add rows for these, or leave them out.")
    return options.iloc[place].set_axis(table.index)


def measures_in(options: pd.DataFrame) -> list[str]:
    """The measures that options hold, each once.

    Parameters
    ----------
    options : DataFrame
        From `options`, by measure or by iso3 and measure.

    Returns
    -------
    list of str

    Examples
    --------
    >>> measures_in(pd.concat({"NER": options(), "BFA": options()}, names=["iso3"]))[:2]
    ['farmer_managed_natural_regeneration', 'zai']
    """
    return [str(name) for name in dict.fromkeys(options.index.get_level_values(-1))]


def unverified_share(
    wide: pd.DataFrame,
    *,
    parameters: tuple[str, ...] = ("establishment_cost",),
    weights: Mapping[Any, float] | None = None,
) -> float:
    """Which share of a finding rests on expert defaults that nobody has verified.

    Parameters
    ----------
    wide : DataFrame
        From `options`.
    parameters : tuple of str
        Parameters the finding uses; each counts the same.
    weights : mapping of the index of ``wide`` to weight, optional
        What the finding sums by measure (money, hectares, person-days); left out, measures count the same.

    Returns
    -------
    float
        0 to 1: weight of the values of quality 5 over all weight. NaN if the weights sum to zero.

    Raises
    ------
    DataError
        A parameter or a measure is unknown.

    Examples
    --------
    >>> wide = options()
    >>> unverified_share(wide, weights={"half_moons": 3.0, "tree_planting": 1.0})
    0.25
    """
    unknown = [name for name in parameters if name not in PARAMETERS]
    unknown += [name for name in weights or {} if name not in wide.index]
    if unknown:
        raise DataError(f"unknown parameters or measures: {', '.join(unknown)}. Known: {', '.join(PARAMETERS)}.")
    quality = wide[[f"{name}_quality" for name in parameters]]
    weight = pd.Series(dict.fromkeys(wide.index, 1.0) if weights is None else weights, dtype=float)
    quality = quality.loc[weight.index]
    # A parameter the measure does not have is not part of the finding.
    total = float(quality.notna().mul(weight, axis=0).to_numpy().sum())
    unverified = float((quality >= UNVERIFIED).mul(weight, axis=0).to_numpy().sum())
    return unverified / total if total > 0 else float("nan")


def _check_columns(table: pd.DataFrame, problems: Problems) -> None:
    missing = [name for name in _NEEDED if name not in table.columns]
    if missing:
        problems.add(f"columns {', '.join(missing)} are missing. Expected: {', '.join((*_NEEDED, *_OPTIONAL))}.")


def _with_row(table: pd.DataFrame) -> pd.DataFrame:
    given = table.reindex(columns=[*_NEEDED, *_OPTIONAL]).astype(object)
    return given.assign(row=given.index if given.index.name == "row" else None)


def _as_numbers(long: pd.DataFrame) -> pd.DataFrame:
    """Rows with numbers where these belong, and whether the year of a price is said to be not stated."""
    long = long.assign(stated=long["price_year"].astype("str") != NOT_STATED)
    for column in (*ENDS, "price_year", "quality"):
        long[column] = pd.to_numeric(long[column], errors="coerce").astype(float)
    return long.fillna({"quality": UNVERIFIED})


def row_problems(table: pd.DataFrame) -> Iterator[str]:
    """What is wrong with single rows of options, one sentence each.

    Parameters
    ----------
    table : DataFrame
        Rows as in `read_options`; see `options`.

    Yields
    ------
    str

    Examples
    --------
    >>> list(row_problems(read_options().head(1).assign(unit="EUR/ha")))[0].partition(" has ")[2]
    'unit "EUR/ha", "USD/ha" was expected. Convert it.'
    """
    problems = Problems("rows of options")
    _check_rows(_as_numbers(_with_row(table)), problems)
    yield from problems.messages


def _where(row: dict[str, Any]) -> str:
    """How a row is called in errors: by measure and parameter, and by its number in the file where it has one."""
    number = _number(row.get("row"))
    return f"{row['measure']} {row['parameter']}" + ("" if math.isnan(number) else f" (row {number:.0f})")


def _check_rows(long: pd.DataFrame, problems: Problems) -> None:
    for _, row in _records(long[long.duplicated(["measure", "parameter"], keep="first")]):
        problems.add(f"{_where(row)} is given twice. Keep one row.")
    for _, row in _records(long):
        parameter, where = row["parameter"], _where(row)
        if parameter not in PARAMETERS:
            near = difflib.get_close_matches(str(parameter), PARAMETERS, 1)
            hint = f"Did you mean {near[0]}?" if near else f"Known: {', '.join(PARAMETERS)}."
            problems.add(f'{where}: the parameter "{parameter}" is unknown. {hint}')
            continue
        problems.extend(f"{where}{text}" for text in _faults(row, PARAMETERS[parameter][0]))


def _faults(row: dict[str, Any], unit: str) -> Iterator[str]:
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
    if row["parameter"] in MONEY:
        yield from _money_faults(row)
    for name in ("source", "licence"):
        if not isinstance(row[name], str) or not row[name].strip():
            yield f' has no {name}. Name it, or write "{name} unknown".'
    if row["quality"] not in (1, 2, 3, 4, 5):
        yield f": quality 1 (peer-reviewed) to 5 (unverified) was expected, found {row['quality']}."


def _money_faults(row: dict[str, Any]) -> Iterator[str]:
    if row["low"] <= 0:
        yield f" is {row['low']}: a cost of zero hides work or gifts. Give the full cost."
    if math.isnan(row["price_year"]) and row["stated"]:
        yield f' is money without a price year. Add the year, or "{NOT_STATED}" where the source names none.'
    if not isinstance(row["currency"], str):
        yield " is money without a currency. Add it: USD was expected."
    elif row["currency"] != "USD":
        yield f" has currency {row['currency']}, USD was expected. Convert it and say how in note."


def _check_measures(long: pd.DataFrame, problems: Problems) -> None:
    known = list(dict.fromkeys(read_options()["measure"]))
    for measure, rows in long.groupby("measure", sort=False):
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


def _widen(long: pd.DataFrame) -> pd.DataFrame:
    order = list(dict.fromkeys(long["measure"]))
    columns: dict[str, pd.Series[float]] = {}
    for parameter in PARAMETERS:
        rows = long[long["parameter"] == parameter].set_index("measure").reindex(order)
        for end in (*ENDS, "quality"):
            columns[f"{parameter}_{end}"] = rows[end].astype(float)
    wide = pd.DataFrame(columns, index=pd.Index(order, name="measure"))
    money = long[long["parameter"] == "establishment_cost"].set_index("measure").reindex(order)
    needed = [f"{name}_quality" for name, (_, is_needed) in PARAMETERS.items() if is_needed]
    wide["currency"] = money["currency"].astype("str")
    wide["price_year"] = int(long.loc[long["parameter"].isin(MONEY), "price_year"].dropna().iloc[0])
    wide["quality"] = wide[needed].max(axis=1).astype(int)
    return wide


def _records(table: pd.DataFrame) -> Iterator[tuple[Any, dict[str, Any]]]:
    columns = [str(name) for name in table.columns]
    for label, *values in table.itertuples(name=None):
        yield label, dict(zip(columns, values, strict=True))


def _number(value: Any) -> float:
    """NaN for anything that is missing or no number."""
    try:
        return float(value)
    except (TypeError, ValueError):
        return math.nan
