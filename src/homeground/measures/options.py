# SPDX-License-Identifier: Apache-2.0
"""What each measure costs, needs and gives per hectare: low, mid, high, with source, price year and quality."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from importlib import resources
from typing import Any

import pandas as pd

from homeground.errors import DataError, Problems
from homeground.measures.rates.by_place import by_place
from homeground.measures.rates.checks import as_numbers, check_rows, check_together, given_rows
from homeground.measures.rates.pool import OWN
from homeground.measures.rates.records import (
    ANY,
    ENDS,
    KEYS,
    MONEY,
    PARAMETERS,
    UNVERIFIED,
    read_records,
)
from homeground.numbers.money import NOT_STATED


def read_options() -> pd.DataFrame:
    """What all shipped records of a measure and parameter give together, whatever their place: one row each.

    Returns
    -------
    DataFrame
        measure, parameter, low, mid, high (least, median, greatest of the records; costs as published), unit, price_year (or
        "not stated"), currency, place, source, seen_at (addresses of the pages), source_year, licence, quality (1 best to
        5 expert default), kind (published, modelled, default), note.

    Notes
    -----
    The single records: `read_records`. Of one country: `options_at`.

    Examples
    --------
    >>> read_options().query("measure == 'half_moons' and parameter == 'person_days_establishment'").mid.item()
    100.0
    """
    with resources.files("homeground.measures").joinpath("options.csv").open(encoding="utf-8") as file:
        return pd.read_csv(file, dtype={"unit": "str", "note": "str", "price_year": "str", "source_year": "Int64"})


def options(table: pd.DataFrame | None = None, *, called: str = "the options table") -> pd.DataFrame:
    """What one hectare of each measure costs, needs and gives anywhere, one row per measure, checked.

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
        Costs are totals as published, of a hectare as planted; work at the wage of a place: `options_at`.

    Raises
    ------
    DataError
        Lists every fault: a cost of zero, money without a year or of two years, a row without source or licence,
        a wrong unit, low, mid, high out of order, a share outside 0 to 1, a double row, an incomplete measure.

    Examples
    --------
    >>> wide = options()
    >>> float(wide.loc["stone_lines", "person_days_establishment_mid"])
    26.67
    """
    long = read_options()
    problems = Problems(called)
    if table is not None:
        given = given_rows(table, problems)
        long = pd.concat([_without(long, given).astype(object), given], ignore_index=True)
    long = as_numbers(long)
    check_rows(long, problems)
    check_together(long, _shipped(), problems)
    problems.raise_if_any(DataError)
    return _widen(long[long["measure"] != ANY])


def options_at(
    countries: Iterable[str], own: pd.DataFrame | None = None, *, called: str = "the options table"
) -> pd.DataFrame:
    """What one hectare of each measure costs, needs and gives in each country, at the wage that is paid there.

    Parameters
    ----------
    countries : iterable of str
        iso3.
    own : DataFrame, optional
        Rows as ``table`` of `options`. They replace all records of their measure and parameter, in every country. A cost
        of one's own stands as it is given: the whole cost of a hectare that survives, work included. A day's wage of one's
        own is a row of measure "any", parameter "wage", USD/person-day.
    called : str, optional
        What errors call that table.

    Returns
    -------
    DataFrame, index iso3 and measure
        The columns of `options`, and: establishment_cash and upkeep_cash (USD/ha, USD/ha/yr), wage (USD/person-day), each
        with _low, _mid, _high, _quality; establishment_labour_quality and upkeep_labour_quality, and
        establishment_replanted_share, what of the cost goes into planting again what died (cash and labour are graded as
        planted, this share by survival_quality, the cost by its weakest part).
        A measure that a country has no figures for has no row there; a figure that no record is near enough for is NaN.

    Raises
    ------
    DataError
        As `options`; a country that is no text.

    Notes
    -----
    Records of the country; else of neighbours in its zone of like drylands; else of the zone; else, for costs, work, shares
    and survival, of the world (`homeground.measures.near`): mid is their median, low and high the least and the greatest.
    Wages, yield gains and carbon come from no other zone. Quality is that of the weakest record, at least 3 if borrowed from
    neighbour or zone, 4 from the world. Expert defaults (5) serve only where no record does.
    cost = (cash + person-days x wage) / survival, with cash = total - paid work of each record; work that is inside a total is
    not charged again; without a wage near enough the totals stand as published. Work to establish is over survival too.
    Whose each figure is: `rates_trail`.

    Examples
    --------
    >>> wide = options_at(["NER", "SRB"])
    >>> niger, serbia = wide.loc[("NER", "stone_lines")], wide.loc[("SRB", "stone_lines")]
    >>> float(niger["establishment_cost_mid"].round(2))  # 44 USD of cash and 26.67 days at 2.33 USD
    106.14
    >>> float(serbia["wage_mid"]), bool(serbia.isna()["yield_gain_mid"])  # the wage is Bosnia and Herzegovina's
    (29.25, True)
    """
    return _at(countries, own, called)[0]


def rates_trail(
    countries: Iterable[str], own: pd.DataFrame | None = None, *, called: str = "the options table"
) -> pd.DataFrame:
    """Whose figure each number of `options_at` is, and why one is absent.

    Parameters
    ----------
    countries : iterable of str
        iso3.
    own : DataFrame, optional
        As in `options_at`.
    called : str, optional
        What errors call that table.

    Returns
    -------
    DataFrame, one row per country, measure and parameter
        iso3, measure ("any" for the wage), parameter, low, mid, high, unit, quality, how (country, neighbour, zone, world,
        default: an expert default; own; none: absent), from (places), n (records), price_year ("not stated" where one record
        does not state it), source, licence, kind, note.

    Raises
    ------
    DataError
        As `options_at`.

    Examples
    --------
    >>> trail = rates_trail(["SRB"]).set_index(["measure", "parameter"])
    >>> trail.loc[("any", "wage"), ["how", "from"]].tolist(), trail.loc[("zai", "yield_gain"), "how"]
    (['neighbour', 'BIH'], 'none')
    """
    return _at(countries, own, called)[1]


def _at(countries: Iterable[str], own: pd.DataFrame | None, called: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    places = list(dict.fromkeys(countries))
    if strange := [place for place in places if not (isinstance(place, str) and place)]:
        raise DataError(f"options are asked for at {strange[0]!r}; the code of a country (iso3) was expected.")
    records, measures = read_records(), _shipped()
    problems = Problems(called)
    if own is not None:
        given = as_numbers(given_rows(own, problems))
        check_rows(given, problems)
        problems.raise_if_any(DataError)
        measures += [name for name in dict.fromkeys(given["measure"]) if name not in (*measures, ANY)]
        given["kind"] = given["kind"].where(given["kind"].notna(), "published")  # by the study
        given = given.assign(place=OWN, price_year=given["price_year"].where(given["price_year"].notna(), NOT_STATED))
        records = pd.concat([_without(records, given), given.drop(columns=["row", "stated"])], ignore_index=True)
        records[list(ENDS)] = records[list(ENDS)].astype(float)
    of = records[records["measure"].isin([*measures, ANY])]
    check_together(as_numbers(of), _shipped(), problems)
    problems.raise_if_any(DataError)
    stated = pd.to_numeric(of.loc[of["parameter"].isin(MONEY), "price_year"], errors="coerce").dropna()
    return by_place(of, measures, places, int(stated.iloc[0]))


def _shipped() -> list[str]:
    return list(dict.fromkeys(read_options()["measure"]))


def _without(rows: pd.DataFrame, given: pd.DataFrame) -> pd.DataFrame:
    """Shipped rows less those of a measure and parameter that are given."""
    replaced = pd.MultiIndex.from_frame(given[["measure", "parameter"]])
    return rows[~pd.MultiIndex.from_frame(rows[["measure", "parameter"]]).isin(replaced)]


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
        A copy; rows that are not money are unchanged, and so is money whose price year is "not stated": no index moves it.

    Raises
    ------
    DataError
        Money without a year, or a year the index lacks.

    Examples
    --------
    >>> moved = at_prices(read_options(), price_year=2024, index={2023: 100.0, 2024: 110.0}, source="made up")
    >>> float(moved.query("measure == 'conservation_agriculture' and parameter == 'upkeep_cost'").mid.item())
    33.0
    """
    out = table.astype({"price_year": object})
    problems = Problems("the options table")
    for label, row in _records(table):
        if row["parameter"] not in MONEY or row["price_year"] == NOT_STATED:
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
    [50.0, 100.0]
    >>> by_place = pd.concat({"NER": options(), "BFA": options()}, names=["iso3"])
    >>> rates_of(by_place, asked)["person_days_establishment_mid"].tolist()
    [50.0, 100.0]
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
    >>> unverified_share(wide, parameters=("upkeep_cost",), weights={"half_moons": 3.0, "conservation_agriculture": 1.0})
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
