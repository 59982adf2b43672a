# SPDX-License-Identifier: Apache-2.0
"""What a plan costs and brings, year by year, by country and measure; what cannot be valued is absent, never zero."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple, cast

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from homeground.errors import DataError, Problems
from homeground.finance.valuation import ENDS, LANDS, Value, check_values, lookup, price_year, read_products
from homeground.measures.options import rates_of

Floats = NDArray[np.float64]
Find = Callable[[str, str], Value]

C_TO_CO2 = 44 / 12
CARBON_YEARS = 20  # Tier 1: a stock moves to its new level within 20 years
CROPLAND = ("cropland", "cropland_mosaic")
SUFFIX = {"low": "_low", "mid": "", "high": "_high"}
AMOUNTS = ("establishment_usd", "upkeep_usd", "labour_usd", "benefit_usd", "carbon_revenue_usd", "carbon_t_co2e")
KEYS = ["iso3", "measure", "year"]
GROWTH = ("yield_gain", "benefit_lag", "benefit_full")


class Product(NamedTuple):
    """What the gain is a gain of, what it is sold as, or why it cannot be valued."""

    base_yield: str
    price: str
    absent: str


def cash_flow(
    schedule: pd.DataFrame,
    options: pd.DataFrame,
    values: pd.DataFrame,
    *,
    horizon: int,
    first_year: int,
    products: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """What a plan costs and what land users gain, year by year, by country and measure, each with low and high.

    Parameters
    ----------
    schedule : DataFrame
        iso3, measure, year, hectares started in that year; cover_class where the product differs between cropland and
        other land (see `split_by_cover`).
    options : DataFrame, index measure
        From `homeground.measures.options`: costs in USD/ha and USD/ha/yr, person-days/ha, yield gain in % of the yield
        without, carbon in t C/ha/yr, lag and full benefit in years.
    values : DataFrame
        As from `read_values`: base yields, prices, wage, carbon.
    horizon : int
        Years after `first_year` that are looked at; the table has horizon + 1 years, year 0 being `first_year`.
    first_year : int
        The year that all is brought back to.
    products : DataFrame, optional
        As from `read_products`.

    Returns
    -------
    DataFrame, one row per iso3, measure and year
        hectares started; establishment_usd, upkeep_usd (of all land started before: it goes on to the end of the
        horizon), labour_usd (the plan's person-days at the wage: a check on the costs, not a cost), benefit_usd (NaN
        with benefit_absent where it cannot be valued), carbon_revenue_usd (net; nothing unless sold), carbon_t_co2e:
        each with _low and _high; cost_quality, benefit_quality (5: expert default, unverified), price_year.

    Raises
    ------
    DataError
        Columns or rows are missing, hectares are negative, a year lies outside the horizon, money of two years.

    Notes
    -----
    Benefit of land t years after its start = ramp(t) x gain/100 x base yield x price x net share, with
    ramp(t) = clip((t - lag) / (full - lag), 0, 1). Carbon = (soil + biomass) rate x 44/12 for 20 years after the start;
    survival of plants is not applied. Low benefits take all factors at their worse end at once, high all at their
    better, so the interval is an envelope and wider than one of 95 %. What is started late has fewer years to pay back.

    Examples
    --------
    >>> from homeground.finance import read_values
    >>> from homeground.measures import options
    >>> one = pd.DataFrame({"iso3": ["BFA"], "measure": ["zai"], "year": [2024], "hectares": [10.0]})
    >>> flow = cash_flow(one, options(), read_values(), horizon=2, first_year=2024)
    >>> flow[["establishment_usd", "upkeep_usd", "benefit_usd"]].round(1).values.tolist()
    [[3168.0, 0.0, 0.0], [0.0, 350.0, 221.1], [0.0, 350.0, 221.1]]
    """
    rules = read_products() if products is None else products
    check_cash_flow(schedule, options, values, rules, horizon, first_year)
    years = np.arange(first_year, first_year + horizon + 1)
    find = lookup(values)
    parts: list[dict[str, Any]] = []
    product: dict[tuple[str, str, str], Product] = {}
    rates = rates_of(options, schedule)
    for row, (_, option) in zip(
        cast("list[dict[str, Any]]", schedule.to_dict("records")), rates.iterrows(), strict=True
    ):
        land = (str(row["iso3"]), str(row["measure"]), str(row.get("cover_class")))
        if land not in product:
            product[land] = product_of(rules, row, option)
        amounts, qualities = _one_start(row, option, find, product[land], years)
        same = {"iso3": row["iso3"], "measure": row["measure"], "benefit_absent": product[land].absent, **qualities}
        part = {name: np.full(years.size, value, dtype=object) for name, value in same.items()}
        started = np.where(years == row["year"], row["hectares"], 0.0)
        parts.append({**part, "year": years, "hectares": started, **amounts})
    names = ["hectares", *(f"{a}{SUFFIX[e]}" for a in AMOUNTS for e in ENDS)]
    if not parts:
        extra = ["cost_quality", "benefit_quality", "benefit_absent", "price_year"]
        return pd.DataFrame(columns=[*KEYS, *names, *extra])
    long = pd.DataFrame({name: np.concatenate([part[name] for part in parts]) for name in parts[0]}).infer_objects()
    by = long.groupby(KEYS, as_index=False)
    out = by[names].sum(min_count=1)
    out[["cost_quality", "benefit_quality"]] = by[["cost_quality", "benefit_quality"]].max().iloc[:, -2:]
    out["benefit_absent"] = by["benefit_absent"].first()["benefit_absent"]
    out["price_year"] = price_year(values)
    return out


def split_by_cover(schedule: pd.DataFrame, allocation: pd.DataFrame) -> pd.DataFrame:
    """The hectares of a schedule by land cover, in the shares that the plan gives each country's measure.

    Parameters
    ----------
    schedule : DataFrame
        iso3, measure, year, hectares.
    allocation : DataFrame
        Allocation of the same plan: iso3, measure, cover_class, hectares.

    Returns
    -------
    DataFrame
        iso3, measure, year, cover_class, hectares; sums by iso3, measure and year are unchanged.

    Raises
    ------
    DataError
        The schedule starts a measure in a country where the allocation has no land for it.

    Notes
    -----
    The plan does not say which land of a country comes first: every year gets the shares of the whole plan.

    Examples
    --------
    >>> import pandas as pd
    >>> keys = dict(iso3="NER", measure="zai")
    >>> land = (("cropland", 30.0), ("grassland", 10.0))
    >>> plan = pd.DataFrame([keys | dict(cover_class=cover, hectares=h) for cover, h in land])
    >>> split_by_cover(pd.DataFrame([keys | dict(year=2024, hectares=8.0)]), plan)["hectares"].tolist()
    [6.0, 2.0]
    """
    by = allocation.groupby(["iso3", "measure", "cover_class"], as_index=False)["hectares"].sum()
    total = by.groupby(["iso3", "measure"])["hectares"].transform("sum")
    by = by.assign(share=by["hectares"] / total).drop(columns="hectares")
    out = schedule.merge(by, on=["iso3", "measure"], how="left")
    lost = out[out["share"].isna()]
    if len(lost):
        where = ", ".join(sorted({f"{i} {m}" for i, m in zip(lost["iso3"], lost["measure"], strict=True)})[:5])
        raise DataError(f"the schedule starts {where}, for which the allocation has no land. Give both of one plan.")
    out["hectares"] = out["hectares"] * out.pop("share")
    return out[["iso3", "measure", "year", "cover_class", "hectares"]]


def _one_start(
    row: dict[str, Any], option: pd.Series[Any], find: Find, product: Product, years: NDArray[np.int_]
) -> tuple[dict[str, Floats], dict[str, float]]:
    """All amounts of the hectares started in one year, and how well costs and benefits are known."""
    age = (years - row["year"]).astype(float)
    hectares, iso3 = float(row["hectares"]), str(row["iso3"])
    once, after = np.where(age == 0, hectares, 0.0), np.where(age > 0, hectares, 0.0)
    out: dict[str, Floats] = {}
    wage = find("wage", iso3)
    for i, end in enumerate(ENDS):
        work = once * option[f"person_days_establishment_{end}"]
        work = work + after * (option[f"person_days_season_{end}"] + option[f"person_days_upkeep_{end}"])
        out[f"establishment_usd{SUFFIX[end]}"] = once * option[f"establishment_cost_{end}"]
        out[f"upkeep_usd{SUFFIX[end]}"] = after * option[f"upkeep_cost_{end}"]
        out[f"labour_usd{SUFFIX[end]}"] = work * wage[i]
        carbon = option[f"soil_carbon_rate_{end}"] + option[f"biomass_carbon_rate_{end}"]
        out[f"carbon_t_co2e{SUFFIX[end]}"] = np.where(age <= CARBON_YEARS, after, 0.0) * carbon * C_TO_CO2
    out |= _carbon_revenue(out, find, iso3)
    benefit_quality = math.nan  # nothing valued, nothing to grade
    for end in ENDS:
        out[f"benefit_usd{SUFFIX[end]}"] = np.full(age.size, np.nan)
    if not product.absent:
        names = (f"base_yield_{product.base_yield}", f"price_{product.price}", "benefit_net_share")
        factors = [find(name, iso3) for name in names]
        for i, end in enumerate(ENDS):
            out[f"benefit_usd{SUFFIX[end]}"] = hectares * _benefit(option, [f[:3] for f in factors], i, age)
        known = (option[f"{name}_quality"] for name in GROWTH)
        benefit_quality = float(max(*known, *(f.quality for f in factors)))
    cost_quality = float(max(option["establishment_cost_quality"], option["upkeep_cost_quality"]))
    return out, {"cost_quality": cost_quality, "benefit_quality": benefit_quality}


def _benefit(option: pd.Series[Any], factors: list[tuple[float, ...]], end: int, age: Floats) -> Floats:
    """USD a hectare and year by age of the measure: end 0 is the worst of all factors together, 2 the best."""
    gain = float(option[f"yield_gain_{ENDS[end]}"]) / 100
    # A loss is worst where the yield is high, dear and lost early.
    other = end if gain >= 0 else 2 - end
    worth = gain
    for factor in factors:
        worth *= factor[other]
    slow = ENDS[2 - other]
    lag, full = float(option[f"benefit_lag_{slow}"]), float(option[f"benefit_full_{slow}"])
    return worth * ramp(age, lag, full)


def ramp(age: Floats, lag: float, full: float) -> Floats:
    """Share of the full benefit that land of an age bears.

    Parameters
    ----------
    age : array, years since the measure was started
    lag : float, years
        Until then nothing comes.
    full : float, years
        From then on all of it comes.

    Returns
    -------
    array, shape of `age`, 0 to 1

    Notes
    -----
    clip((age - lag) / (full - lag), 0, 1); a step where `full` is not above `lag`.

    Examples
    --------
    >>> ramp(np.array([0.0, 2.0, 3.0, 4.0, 6.0]), 2.0, 4.0).tolist()
    [0.0, 0.0, 0.5, 1.0, 1.0]
    """
    if full <= lag:
        return np.where(age >= max(full, lag), 1.0, 0.0)
    return np.clip((age - lag) / (full - lag), 0.0, 1.0)


def _carbon_revenue(amounts: dict[str, Floats], find: Find, iso3: str) -> dict[str, Floats]:
    """Money for carbon that is sold, after buffer and verification, paid late; nothing where nothing is sold."""
    names = ("sold_share", "sale_price", "buffer_share", "verification_share", "delay")
    sold, price, buffer, verification, delay = (find(f"carbon_{name}", iso3) for name in names)
    out = {}
    for i, end in enumerate(ENDS):
        tonnes = amounts[f"carbon_t_co2e{SUFFIX[end]}"]
        late = min(round(delay[2 - i]), tonnes.size)
        paid = np.concatenate([np.zeros(late), tonnes[: tonnes.size - late]])
        net = sold[i] * (1 - buffer[2 - i]) * price[i] * (1 - verification[2 - i])
        # Carbon that is not known earns nothing known, except where none is sold.
        out[f"carbon_revenue_usd{SUFFIX[end]}"] = np.zeros(paid.size) if sold[i] == 0 else paid * net
    return out


def product_of(rules: pd.DataFrame, row: dict[str, Any], option: pd.Series[Any]) -> Product:
    """What the gain of one row of a schedule is a gain of, or why it cannot be valued.

    Parameters
    ----------
    rules : DataFrame
        As from `read_products`.
    row : dict
        measure, and cover_class where the measure bears another product on cropland.
    option : Series
        The measure's row of the options; read is whether it gives a yield gain and when that comes.

    Returns
    -------
    Product
        Names of the base yield and of the price, or the reason why none.

    Raises
    ------
    DataError
        cover_class is needed and is not in the row.

    Examples
    --------
    >>> from homeground.measures import options
    >>> half_moons = options().loc["half_moons"]
    >>> product_of(read_products(), {"measure": "half_moons", "cover_class": "grassland"}, half_moons).price
    'forage'
    >>> product_of(read_products(), {"measure": "half_moons", "cover_class": "cropland"}, half_moons).price
    'cereal'
    """
    of = rules[rules["measure"] == row["measure"]].set_index("land")
    if of.empty:
        return Product("", "", "the table of products does not name it")
    if "any" in of.index:
        land = "any"
    elif "cover_class" in row:
        land = "cropland" if row["cover_class"] in CROPLAND else "other"
    else:
        raise DataError(f"{row['measure']} bears another product on cropland: give cover_class (split_by_cover).")
    product, price, reason = (str(of.loc[land, name]) for name in ("base_yield", "price", "reason"))
    if not product:
        return Product("", "", reason)
    if option[[f"{name}_mid" for name in GROWTH]].isna().any():
        return Product("", "", "its options give no yield gain, or not when it comes")
    return Product(product, price, "")


def check_cash_flow(
    schedule: pd.DataFrame,
    options: pd.DataFrame,
    values: pd.DataFrame,
    rules: pd.DataFrame,
    horizon: int,
    first_year: int,
) -> None:
    """Refuse, with every fault named, what `cash_flow` cannot compute from.

    Parameters
    ----------
    schedule, options, values : DataFrame
        As in `cash_flow`.
    rules : DataFrame
        As `products` there.
    horizon, first_year : int
        As there.

    Raises
    ------
    DataError
        As there, and where the rules contradict themselves.

    Examples
    --------
    >>> import pandas as pd
    >>> from homeground.finance import read_values
    >>> from homeground.measures import options
    >>> late = pd.DataFrame({"iso3": ["BFA"], "measure": ["zai"], "year": [2050], "hectares": [10.0]})
    >>> check_cash_flow(late, options(), read_values(), read_products(), horizon=20, first_year=2024)
    Traceback (most recent call last):
    ...
    homeground.errors.DataError: the cash flow: the schedule starts land in 2050, outside 2024 to 2044. Lengthen the horizon.
    """
    check_values(values)
    problems = Problems("the cash flow")
    missing = [name for name in ("iso3", "measure", "year", "hectares") if name not in schedule.columns]
    if missing:
        problems.add(f"the schedule lacks {', '.join(missing)}.")
        problems.raise_if_any(DataError)
    if not (schedule["hectares"] >= 0).all():
        problems.add("hectares of 0 or more were expected in every row of the schedule; some are negative or missing.")
    try:
        rates_of(options, schedule)
    except DataError as error:
        problems.add(str(error))
    if not rules["land"].isin(LANDS).all() or ((rules["base_yield"] == "") & (rules["reason"] == "")).any():
        problems.add(f"products: land is one of {', '.join(LANDS)}, and a row without a product says the reason.")
    mixed = rules.assign(none=rules["base_yield"] == "").groupby("measure")["none"].nunique()
    if (mixed > 1).any():
        problems.add(
            f"products: {', '.join(mixed[mixed > 1].index)} can be valued on some land only. Value all or none."
        )
    outside = schedule.loc[~schedule["year"].between(first_year, first_year + horizon), "year"].unique()
    if len(outside):
        listed = ", ".join(map(str, sorted(outside)))
        problems.add(
            f"the schedule starts land in {listed}, outside {first_year} to {first_year + horizon}. Lengthen the horizon."
        )
    try:
        check_price_years(options, values)
    except DataError as error:
        problems.add(str(error))
    problems.raise_if_any(DataError)


def check_price_years(options: pd.DataFrame, values: pd.DataFrame) -> None:
    """Refuse costs and values in prices of different years.

    Parameters
    ----------
    options : DataFrame
        From `homeground.measures.options`.
    values : DataFrame
        A table that passed `homeground.finance.valuation.check_values`.

    Raises
    ------
    DataError
        The years are named.

    Examples
    --------
    >>> from homeground.finance import read_values
    >>> from homeground.measures import options
    >>> check_price_years(options(), read_values())
    """
    years = sorted(set(options["price_year"]) | {price_year(values)})
    if len(years) > 1:
        raise DataError(
            f"costs and values are in prices of {', '.join(map(str, years))}. Bring both to one year (at_prices)."
        )
