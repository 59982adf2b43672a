# SPDX-License-Identifier: Apache-2.0
"""How sure the worth of a plan is when every cost, yield, price and delay is drawn from its range, again and again."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from homeground.errors import DataError
from homeground.finance.appraisal import RATES, VIEWS
from homeground.finance.flows.amounts import C_TO_CO2, CARBON_YEARS, closed
from homeground.finance.flows.checks import check_cash_flow
from homeground.finance.returns import fraction
from homeground.finance.valuation import ENDS, read_products
from homeground.finance.valued.places import finder
from homeground.finance.valued.product import Gain, Product, gain_of, product_of
from homeground.measures.options import rates_of
from homeground.numbers.chance import strata, triangular

Floats = NDArray[np.float64]
Place = tuple[str, str]  # iso3 and measure

DRAWS = 2000
SHARES = (0.05, 0.5, 0.95)
# Parameters of one measure that are late or early together.
_TOGETHER = {"benefit_full": "benefit_lag"}


def draw_returns(
    schedule: pd.DataFrame,
    options: pd.DataFrame,
    values: pd.DataFrame,
    *,
    horizon: int,
    first_year: int,
    rates: Iterable[float] = RATES,
    products: pd.DataFrame | None = None,
    draws: int = DRAWS,
    seed: int = 1,
) -> pd.DataFrame:
    """The range within which nine of ten draws of a plan's worth lie, and in how many of them it is above zero.

    Parameters
    ----------
    schedule, options, values : DataFrame
        As in `cash_flow`.
    horizon, first_year : int
        As there.
    rates : iterable of float
        Discount rates as fractions a year.
    products : DataFrame, optional
        As in `cash_flow`.
    draws, seed : int
        Number of draws, and where the random numbers start; the same seed gives the same table, whatever the order of
        the rows.

    Returns
    -------
    DataFrame, one row per scope, view and rate
        npv_usd_p05, npv_usd_p50, npv_usd_p95, bcr_p05, bcr_p50, bcr_p95 (NaN where no benefit can be valued) and
        share_above_zero, the share of draws with a present value above zero; scopes and views as in `appraise`.

    Raises
    ------
    DataError
        As in `cash_flow`; fewer than 100 draws; a rate looks like percent.

    Notes
    -----
    Each parameter is triangular on low, mid, high, in equal strata (Latin hypercube). A parameter of a measure is one
    draw for all countries, a price is one draw for all measures; different parameters are independent, but lag and full
    benefit, which come together. Were measures to err together, the range would be wider. The share is one of draws
    under these ranges, not a measured probability: ranges of expert defaults are as unverified as their middle.

    Examples
    --------
    >>> import pandas as pd
    >>> from homeground.finance import read_values
    >>> from homeground.measures import options
    >>> one = pd.DataFrame({"iso3": ["BFA"], "measure": ["zai"], "year": [2024], "hectares": [10.0]})
    >>> table = draw_returns(one, options(), read_values(), horizon=20, first_year=2024, rates=[0.06], draws=500)
    >>> row = table.set_index(["scope", "view"]).loc[("plan", "financial")]
    >>> bool(row["bcr_p05"] < row["bcr_p50"] < row["bcr_p95"])
    True
    """
    rules = read_products() if products is None else products
    check_cash_flow(schedule, options, values, rules, horizon, first_year)
    if draws < 100:
        raise DataError(f"at least 100 draws were expected, found {draws}: the ends of a range need them.")
    drawn = _Drawn(options, values, draws, seed)
    tables = []
    borne: dict[tuple[Place, str], tuple[Product, Gain]] = {}
    for rate in rates:
        sums = _sums(schedule, options, rules, drawn, borne, fraction(rate, "rate"), horizon, first_year)
        tables += [_row(scope, view, rate, parts) for scope, view, parts in _scopes(sums, draws)]
    names = [f"{what}_{_name(share)}" for what in ("npv_usd", "bcr") for share in SHARES]
    return pd.DataFrame(tables, columns=["scope", "view", "rate", *names, "share_above_zero"])


class _Drawn:
    """Draws of each parameter, made when first asked for, the same for the same name."""

    def __init__(self, options: pd.DataFrame, values: pd.DataFrame, draws: int, seed: int) -> None:
        self._options, self.find, self.draws, self._seed = options, finder(values), draws, seed
        self._made: dict[tuple[str, ...], Floats] = {}
        self._by_place = options.index.nlevels > 1

    def option(self, of: Place, parameter: str) -> Floats:
        """Of a measure in a country. A measure that is dear, or late, in one country is so in each."""
        measure = of[1]
        if (*of, parameter) in self._made:
            return self._made[*of, parameter]
        row = of if self._by_place else measure
        ends = [float(self._options[f"{parameter}_{end}"][row]) for end in ENDS]
        return self._draw((*of, parameter), f"{measure} {_TOGETHER.get(parameter, parameter)}", ends)

    def value(self, parameter: str, iso3: str) -> Floats:
        """Of a country. Countries that the figures of one place serve have one draw."""
        found = self.find(parameter, iso3)
        place = " ".join(found.places)
        if (place, parameter) in self._made:
            return self._made[place, parameter]
        return self._draw((place, parameter), f"{place} {parameter}", list(found.ends))

    def _draw(self, key: tuple[str, ...], chance: str, ends: list[float]) -> Floats:
        if key not in self._made:
            self._made[key] = triangular(strata(chance, self.draws, self._seed), *ends)
        return self._made[key]


def _sums(
    schedule: pd.DataFrame,
    options: pd.DataFrame,
    rules: pd.DataFrame,
    drawn: _Drawn,
    products: dict[tuple[Place, str], tuple[Product, Gain]],
    rate: float,
    horizon: int,
    first_year: int,
) -> dict[Place, dict[str, Floats | None]]:
    """Present value of cost, farm benefit, sold and shadow carbon of each country's measure, in every draw.

    What a measure bears is the same at all rates: ``products`` fills at the first.
    """
    sums: dict[Place, dict[str, Floats | None]] = {}
    growth: dict[tuple[Place, int], Floats] = {}
    shadows: dict[tuple[str, int], Floats] = {}
    for row in cast("list[dict[str, Any]]", schedule.to_dict("records")):
        measure, iso3, wait = str(row["measure"]), str(row["iso3"]), int(row["year"]) - first_year
        of = (iso3, measure)
        left = horizon - wait
        scale = float(row["hectares"]) * (1 + rate) ** -wait
        part = sums.setdefault(of, {"cost": np.zeros(drawn.draws), "farm": None, "sold": None, "shadow": None})

        def add(name: str, amount: Floats, part: dict[str, Floats | None] = part, scale: float = scale) -> None:
            before = part[name]
            part[name] = scale * amount if before is None else before + scale * amount

        ages = np.arange(1.0, left + 1)
        years = (1 + rate) ** -ages
        add("cost", drawn.option(of, "establishment_cost") + drawn.option(of, "upkeep_cost") * years.sum())
        if not drawn.find("wage", iso3).absent:
            season = drawn.option(of, "person_days_season") * drawn.value("season_opportunity_share", iso3)
            add("cost", season * drawn.value("wage", iso3) * years.sum())
        land = (of, str(row.get("cover_class")))
        if land not in products:
            product = product_of(rules, row)
            option = rates_of(options, pd.DataFrame([row])).iloc[0]
            products[land] = product, gain_of(product, option, drawn.find, iso3)
        product, gain = products[land]
        if (forgone := _forgone(drawn, product, of, left, rate)) is not None:
            add("cost", forgone)
        if not gain.absent:
            if (of, left) not in growth:
                growth[of, left] = _ramped(drawn, of, left, rate)
            add("farm", _full(drawn, product, gain, of) * growth[of, left])
        tonnes = drawn.option(of, "soil_carbon_rate") + drawn.option(of, "biomass_carbon_rate")
        if np.isfinite(tonnes).all():
            if (iso3, left) not in shadows:
                kept = ages <= CARBON_YEARS
                dearer = 1 + drawn.value("carbon_price_growth", iso3)
                price = dearer[:, None] ** (row["year"] + ages[None, kept] - 2020)
                shadows[iso3, left] = drawn.value("carbon_shadow_price_2020", iso3) * (price @ years[kept])
            add("shadow", tonnes * C_TO_CO2 * shadows[iso3, left])
            if drawn.value("carbon_sold_share", iso3).any():
                add("sold", tonnes * C_TO_CO2 * _sale(drawn, iso3, left, rate))
    return sums


def _ramped(drawn: _Drawn, of: Place, left: int, rate: float) -> Floats:
    """Present value, at the start, of one unit of full benefit a year on its ramp, in every draw."""
    lag, full = drawn.option(of, "benefit_lag"), drawn.option(of, "benefit_full")
    ages = np.arange(0.0, left + 1)
    gone = ages[None, :] - lag[:, None]
    span = (full - lag)[:, None]
    # A step where full and lag are one: all of it in that year, as in `homeground.finance.flows.amounts.ramp`.
    shares = np.where(span > 0, np.clip(gone / np.where(span > 0, span, 1.0), 0.0, 1.0), gone >= 0)
    total: Floats = shares @ (1 + rate) ** -ages
    return total


def _full(drawn: _Drawn, product: Product, gain: Gain, of: Place) -> Floats:
    """USD a hectare and year at full benefit, in every draw."""
    iso3 = of[0]
    if gain.by_difference:
        money = drawn.value(f"yield_difference_{product.difference}", iso3)
    else:
        money = drawn.option(of, "yield_gain") / 100
    for name in gain.factors:
        money = money * drawn.value(name, iso3)
    for name in gain.kept:
        money = money * (1 - drawn.value(name, iso3))
    return money


def _forgone(drawn: _Drawn, product: Product, of: Place, left: int, rate: float) -> Floats | None:
    """Present value, at the start, of what herds cannot eat while land is closed; None where none is, or none is known."""
    names = [f"{what}_{product.forgone}" for what in ("base_yield", "price")]
    if not product.forgone or any(drawn.find(name, of[0]).absent for name in names):
        return None
    ages = np.arange(0.0, left + 1)
    shut = closed(ages[None, :], drawn.option(of, "benefit_lag")[:, None]) @ (1 + rate) ** -ages
    total: Floats = drawn.value(names[0], of[0]) * drawn.value(names[1], of[0]) * shut
    return total


def _sale(drawn: _Drawn, iso3: str, left: int, rate: float) -> Floats:
    """Present value, at the start, of what one tonne a year brings when sold, in every draw."""
    names = ("sold_share", "sale_price", "buffer_share", "verification_share", "delay")
    sold, price, buffer, verification, delay = (drawn.value(f"carbon_{name}", iso3) for name in names)
    ages = np.arange(1.0, left + 1)
    paid = ages[None, :] - np.round(delay)[:, None]  # age at which the carbon paid for in that year was gained
    in_time = ((paid >= 1) & (paid <= CARBON_YEARS)).astype(float)
    total: Floats = sold * price * (1 - buffer) * (1 - verification) * (in_time @ (1 + rate) ** -ages)
    return total


def _scopes(
    sums: dict[Place, dict[str, Floats | None]], draws: int
) -> Iterable[tuple[str, str, tuple[Floats, Floats | None]]]:
    """Costs and benefits of the plan, of the measures with a valued farm benefit, and of each measure, in both views."""
    valued = [place for place, part in sums.items() if part["farm"] is not None]
    scopes = [("plan", list(sums)), ("valued measures", valued)]
    scopes += [(name, [place for place in sums if place[1] == name]) for name in sorted({place[1] for place in sums})]
    for scope, places in scopes:
        if not places:
            continue
        for view in VIEWS:
            cost, gain = np.zeros(draws), None
            for place in places:
                part = sums[place]
                cost = cost + cast("Floats", part["cost"])
                for name in ("farm", "sold" if view == "financial" else "shadow"):
                    more = part[name]
                    if more is not None:
                        gain = more if gain is None else gain + more
            yield scope, view, (cost, gain)


def _row(scope: str, view: str, rate: float, parts: tuple[Floats, Floats | None]) -> dict[str, Any]:
    cost, gain = parts
    net = -cost if gain is None else gain - cost
    row: dict[str, Any] = {"scope": scope, "view": view, "rate": rate}
    for share in SHARES:
        row[f"npv_usd_{_name(share)}"] = float(np.quantile(net, share))
        row[f"bcr_{_name(share)}"] = np.nan if gain is None else float(np.quantile(gain / cost, share))
    row["share_above_zero"] = float((net > 0).mean())
    return row


def _name(share: float) -> str:
    return f"p{round(100 * share):02d}"
