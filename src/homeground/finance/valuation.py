# SPDX-License-Identifier: Apache-2.0
"""What land bears without a measure and what that is worth; carbon and a day's work: three ends each, with source."""

from __future__ import annotations

import math
from collections.abc import Iterator
from importlib import resources
from typing import Any, NamedTuple

import pandas as pd

from homeground.errors import DataError, Problems
from homeground.finance.valued.places import finder
from homeground.numbers.money import NOT_STATED

UNVERIFIED = 5  # quality 1 peer-reviewed ... 4 secondary page, 5 expert default, unverified
ENDS = ("low", "mid", "high")
# Unit of each parameter; beside them stand rows that the products name, see STARTS.
UNITS = {
    "benefit_net_share": "1",
    "wage": "USD/person-day",
    "season_opportunity_share": "1",
    "carbon_shadow_price_2020": "USD/t CO2e",
    "carbon_price_growth": "1/yr",
    "carbon_sold_share": "1",
    "carbon_sale_price": "USD/t CO2e",
    "carbon_buffer_share": "1",
    "carbon_verification_share": "1",
    "carbon_delay": "yr",
}
# Unit of the rows that products name: of a crop, a forage or what else is grown.
STARTS = {
    "base_yield_": "t/ha/yr",
    "yield_difference_": "t/ha/yr",
    "price_": "USD/t",
    "loss_after_harvest_": "1",
    "loss_before_harvest_": "1",
}
_COLUMNS = (
    "parameter",
    "place",
    *ENDS,
    "unit",
    "price_year",
    "currency",
    "source",
    "licence",
    "quality",
    "kind",
    "note",
)


class Value(NamedTuple):
    """One parameter at a place: three ends and its quality (5: expert default, unverified)."""

    low: float
    mid: float
    high: float
    quality: int


def read_values() -> pd.DataFrame:
    """The shipped table of yields, prices, losses, wages and carbon, one row per parameter and place.

    Returns
    -------
    DataFrame
        parameter, place (an ISO 3166 alpha-3 code, a zone of `homeground.measures.near`, "sub_saharan_africa", "world", or
        "general" for what is of no place), low, mid, high, unit, price_year, currency, source,
        seen_at, source_year, licence, quality, kind, note.

    Examples
    --------
    >>> table = read_values()
    >>> table.loc[table.parameter == "carbon_price_growth", "mid"].item()
    0.0225
    """
    kinds: Any = {"unit": "str", "note": "str", "price_year": "Int64", "source_year": "Int64"}
    tables = []
    for name in ("values.csv", "values_by_place.csv"):
        with resources.files("homeground.finance").joinpath(name).open(encoding="utf-8") as file:
            tables.append(pd.read_csv(file, dtype=kinds))
    return pd.concat(tables, ignore_index=True)


def read_products() -> pd.DataFrame:
    """What the yield gain of each measure is a gain of, or why its benefit cannot be valued.

    Returns
    -------
    DataFrame
        measure, land ("any", or "cropland" and "other"), base_yield and price (the rows base_yield_... and price_... of
        the values; "" where nothing can be valued), difference (yield_difference_..., used where one is near enough), loss
        (loss_after_harvest_...), forgone (what herds cannot eat while the land is closed), reason.

    Examples
    --------
    >>> read_products().query("measure == 'zai'")["base_yield"].item()
    'cereal_degraded'
    """
    with resources.files("homeground.finance").joinpath("products.csv").open(encoding="utf-8") as file:
        return pd.read_csv(file, dtype="str", keep_default_na=False)


def check_values(values: pd.DataFrame, *, called: str = "the table of values") -> None:
    """Refuse a table of values that cannot be used, with every fault named.

    Parameters
    ----------
    values : DataFrame
        With the columns of `read_values`; seen_at and source_year may be left out. A column called row gives the rows of
        a file that errors name. Money whose price_year is "not stated" counts as of the one year that the others state.
    called : str, optional
        What errors call the table.

    Raises
    ------
    DataError
        A column is missing, a row is double, ends are out of order or not finite, a unit is wrong, money has no year, two
        years or another currency than USD, a row has no source or licence, a share lies outside 0 to 1.

    Examples
    --------
    >>> check_values(read_values())
    >>> check_values(read_values().query("parameter == 'wage' and place == 'NER'").assign(unit="USD"))
    Traceback (most recent call last):
    ...
    homeground.errors.DataError: the table of values: wage (NER) has unit "USD", "USD/person-day" was expected. Convert it.
    """
    problems = Problems(called)
    missing = [name for name in _COLUMNS if name not in values.columns]
    if missing:
        problems.add(f"columns {', '.join(missing)} are missing. Expected: {', '.join(_COLUMNS)}.")
        problems.raise_if_any(DataError)
    problems.extend(value_problems(values))
    money = values.loc[values["unit"].astype("str").str.startswith("USD"), "price_year"]
    years = sorted({int(year) for year in pd.to_numeric(money, errors="coerce").dropna()})
    if len(years) > 1:
        problems.add(f"money of several years: {', '.join(map(str, years))}. Bring it to one.")
    if not years and (money.astype("str") == NOT_STATED).any():
        problems.add("no price states its year. State it for one at least: the others are taken as of that year.")
    for double in values.loc[values.duplicated(["parameter", "place"]), "parameter"].unique():
        problems.add(f"{double} is given twice for one place. Keep one row.")
    problems.raise_if_any(DataError)


def value_problems(values: pd.DataFrame) -> Iterator[str]:
    """What is wrong with single rows of a table of values, one sentence each.

    Parameters
    ----------
    values : DataFrame
        As of `check_values`; an index called row gives the rows of a file too.

    Yields
    ------
    str

    Examples
    --------
    >>> list(value_problems(read_values().query("parameter == 'wage' and place == 'NER'").assign(high=float("inf"))))
    ['wage (NER): finite numbers were expected, found 1.818, 2.33, inf.']
    """
    if values.index.name == "row":
        values = values.reset_index()
    for row in values.reindex(columns=[*dict.fromkeys([*_COLUMNS, "row", *values.columns])]).to_dict("records"):
        yield from _row_problems({str(name): content for name, content in row.items()})


def _row_problems(row: dict[str, Any]) -> Iterator[str]:
    number = "" if pd.isna(row["row"]) else f", row {row['row']:.0f}"
    where = f"{row['parameter']} ({row['place']}{number})"
    unit, ends = _unit(str(row["parameter"])), [row[end] for end in ENDS]
    if unit is None:
        yield f"{where}: the parameter is unknown. Known: {', '.join((*UNITS, *(f'{start}...' for start in STARTS)))}."
    elif row["unit"] != unit:
        yield f'{where} has unit "{row["unit"]}", "{unit}" was expected. Convert it.'
    told = ", ".join(map(str, ends))
    if any(math.isinf(end) for end in ends):
        yield f"{where}: finite numbers were expected, found {told}."
    elif not ends[0] <= ends[1] <= ends[2]:  # also false where one is missing
        yield f"{where}: low <= mid <= high was expected, found {told}."
    elif (ends[0] < 0 and not str(row["parameter"]).startswith("yield_difference_")) or (unit == "1" and ends[2] > 1):
        yield f"{where}: a value of 0 or more was expected, and a share of at most 1."
    if str(unit).startswith("USD"):
        year = row["price_year"]
        if year != NOT_STATED and pd.isna(pd.to_numeric(year, errors="coerce")):
            yield f'{where} is money without a price year. Add it, or "{NOT_STATED}" where the source names none.'
        if row["currency"] != "USD":
            found = "has no currency" if pd.isna(row["currency"]) else f"has currency {row['currency']}"
            yield f"{where} {found}, USD was expected. Convert it and say how in note."
    yield from (
        f"{where} has no {name}." for name in ("source", "licence") if not isinstance(row[name], str) or not row[name]
    )
    if row["quality"] not in (1, 2, 3, 4, 5) and not pd.isna(row["quality"]):
        yield f"{where}: quality 1 (peer-reviewed) to 5 (unverified) was expected, found {row['quality']}."


def price_year(values: pd.DataFrame) -> int:
    """The one year of the prices of a checked table.

    Parameters
    ----------
    values : DataFrame
        A table that passed `check_values`: all its money is of one year.

    Returns
    -------
    int

    Examples
    --------
    >>> price_year(read_values())
    2023
    """
    return int(values["price_year"].dropna().iloc[0])


def value_of(values: pd.DataFrame, parameter: str, iso3: str = "general") -> Value:
    """One parameter for a country: its own, or that of the nearest place that may serve.

    Parameters
    ----------
    values : DataFrame
        As from `read_values`.
    parameter : str
        Such as "wage" or "price_cereal".
    iso3 : str
        The country; "general" asks for what is of no place.

    Returns
    -------
    Value
        In the unit of the row.

    Raises
    ------
    DataError
        Nothing is near enough.

    Examples
    --------
    >>> value_of(read_values(), "base_yield_cereal", "KAZ").mid, value_of(read_values(), "base_yield_cereal", "NER").mid
    (1.1, 0.7712)
    """
    found = finder(values)(parameter, iso3)
    if found.absent:
        raise DataError(f"no value of {parameter} is known near {iso3}. Add a row to the table of values.")
    return Value(found.low, found.mid, found.high, found.quality)


def carbon_price(year: int, values: pd.DataFrame) -> Value:
    """The shadow price of one tonne of CO2e in a year: what taking it from the air is held to be worth, not a market.

    Parameters
    ----------
    year : int
        When the carbon is taken up.
    values : DataFrame
        As from `read_values`.

    Returns
    -------
    Value
        USD/t CO2e in the price year of the table.

    Notes
    -----
    p(t) = p(2020) (1 + g)^(t - 2020), later discounted like all else. High-Level Commission on Carbon Prices (2017).

    Examples
    --------
    >>> price, start = carbon_price(2030, read_values()), carbon_price(2020, read_values())
    >>> round(40 * price.low / start.low, 2)  # the Commission's own range for 2030 starts at 50
    49.97
    """
    start, growth = value_of(values, "carbon_shadow_price_2020"), value_of(values, "carbon_price_growth")
    ends = [start[i] * (1 + growth[i]) ** (year - 2020) for i in range(3)]
    return Value(min(ends), ends[1], max(ends), max(start.quality, growth.quality))


def _unit(parameter: str) -> str | None:
    starts = [unit for start, unit in STARTS.items() if parameter.startswith(start)]
    return starts[0] if starts else UNITS.get(parameter)
