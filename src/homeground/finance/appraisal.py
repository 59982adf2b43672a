# SPDX-License-Identifier: Apache-2.0
"""Is a plan worth its costs: for land users at market prices, and for society; at several rates, with low and high."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from homeground.errors import DataError, Problems
from homeground.finance.flows.amounts import AMOUNTS, COSTS, SUFFIX
from homeground.finance.internal_rates import internal_rates
from homeground.finance.returns import npv, payback
from homeground.finance.valuation import ENDS, UNVERIFIED, Value, carbon_price, check_values, price_year

Floats = NDArray[np.float64]
RATES = (0.03, 0.06, 0.10, 0.12)
VIEWS = ("financial", "economic")
APART = ("season_usd", "forgone_usd")  # costs that nobody pays in money
# A cost is worst where it is high, a benefit where it is low.
_AGAINST = {"low": "high", "mid": "mid", "high": "low"}


def appraise(flows: pd.DataFrame, values: pd.DataFrame, *, rates: Iterable[float] = RATES) -> pd.DataFrame:
    """What a plan and each of its measures is worth, seen by land users and by society, at each discount rate.

    Parameters
    ----------
    flows : DataFrame
        From `cash_flow`. An optional column transfers_usd (taxes paid below zero, subsidies received above) counts for
        land users and not for society.
    values : DataFrame
        As from `read_values`; the shadow price of carbon.
    rates : iterable of float
        Discount rates as fractions a year.

    Returns
    -------
    DataFrame, one row per scope, view and rate
        scope: plan (all measures), "valued measures" (those with a valued benefit), then each measure. view: financial
        (market costs and benefits, carbon only where sold, transfers) or economic (shadow value of carbon in place of
        its sale, no transfers). cost_usd, benefit_usd, npv_usd and bcr with _low and _high, present values in the first
        year; of the costs season_usd (land users' own field work at its opportunity) and forgone_usd (grazing), with
        _low and _high; irr (NaN unless there is one root), irr_roots and irr_reason; payback_years, payback_discounted_years;
        benefit_cover (share of the costs that belongs to land with a valued farm benefit), unverified_cost (of
        establishment and upkeep) and unverified_benefit (shares resting on expert defaults), labour_usd (the part of the
        costs that is labour, or a check on them; see `cash_flow`), note, price_year.

    Raises
    ------
    DataError
        Columns or years are missing, a rate looks like percent, or flows and values are of two price years.

    Notes
    -----
    NPV = PV(benefits) - PV(costs), year 0 = the first year of the flows, not discounted. Low is benefits low and costs
    high together, high the other way round: an envelope. A measure whose benefit cannot be valued enters with its
    costs only, and its note says so; without a benefit of any kind bcr is NaN, not zero. Costs are counted in full in
    both views, whoever pays them. Gittinger (1982), ch. 9; IFAD, Economic and Financial Analysis of Rural Investment
    Projects, vol. 1 (2015).

    Examples
    --------
    >>> import pandas as pd
    >>> from homeground.finance import cash_flow, read_values
    >>> from homeground.measures import options
    >>> one = pd.DataFrame({"iso3": ["BFA"], "measure": ["zai"], "year": [2024], "hectares": [10.0]})
    >>> flows = cash_flow(one, options(), read_values(), horizon=20, first_year=2024)
    >>> table = appraise(flows, read_values(), rates=[0.06]).set_index(["scope", "view"])
    >>> row = table.loc[("plan", "financial")]
    >>> round(float(row["cost_usd"] - row["season_usd"]))  # 3168 + 350 x annuity of 20 years at 6 %, 11.4699
    7182
    """
    _check(flows, values)
    rates = tuple(rates)
    # Years from the first one on, so that a rate acts alike on every scope.
    years = np.arange(int(flows["year"].min()), int(flows["year"].max()) + 1) if len(flows) else np.arange(0)
    prices = [carbon_price(int(year), values) for year in years]
    scopes = [("plan", flows)]
    scopes.append(("valued measures", flows[flows["benefit_absent"] == ""]))
    scopes += [(str(name), part) for name, part in flows.groupby("measure", sort=True)]
    rows = []
    for scope, part in scopes:
        if part.empty:
            continue
        basis = _basis(part, rates)
        for view in VIEWS:
            streams = _streams(part, prices, view, years)
            for rate in rates:
                rows.append({"scope": scope, "view": view, "rate": rate, **_worth(streams, rate), **basis[rate]})
    out = pd.DataFrame(rows, columns=None if rows else ["scope", "view", "rate"])
    out["price_year"] = price_year(values)
    return out


def present_values(flows: pd.DataFrame, rate: float) -> pd.DataFrame:
    """Present value of each amount of each country and measure in the first year of the flows.

    Parameters
    ----------
    flows : DataFrame
        From `cash_flow`.
    rate : float
        Fraction a year.

    Returns
    -------
    DataFrame, index iso3 and measure
        The amounts of `cash_flow`; cost_usd = establishment + upkeep + season + forgone grazing, with _low and _high; carbon stays in tonnes, not
        discounted. NaN where nothing can be valued.

    Examples
    --------
    >>> import pandas as pd
    >>> from homeground.finance import cash_flow, read_values
    >>> from homeground.measures import options
    >>> one = pd.DataFrame({"iso3": ["BFA"], "measure": ["zai"], "year": [2024], "hectares": [10.0]})
    >>> flows = cash_flow(one, options(), read_values(), horizon=1, first_year=2024)
    >>> float(round(present_values(flows, 0.06).loc[("BFA", "zai"), "upkeep_usd"], 2))  # 350 / 1.06
    330.19
    """
    factor = (1.0 + rate) ** -(flows["year"] - flows["year"].min()).astype(float)
    names = [f"{amount}{suffix}" for amount in AMOUNTS for suffix in SUFFIX.values()]
    money = [name for name in names if not name.startswith("carbon_t")]
    worth = flows[names].copy()
    worth[money] = worth[money].mul(factor, axis=0)
    out = worth.groupby([flows["iso3"], flows["measure"]]).sum(min_count=1)
    for suffix in SUFFIX.values():
        out[f"cost_usd{suffix}"] = out[[f"{name}{suffix}" for name in COSTS]].sum(axis=1)
    return out


def _streams(part: pd.DataFrame, prices: list[Value], view: str, years: Any) -> dict[str, Any]:
    """Costs and benefits by year at each end; benefits NaN throughout where none of any kind is known."""
    table = part.groupby("year").sum(numeric_only=True, min_count=1).reindex(years)
    streams: dict[str, Any] = {}
    for i, end in enumerate(ENDS):
        suffix = SUFFIX[end]
        # What is not known near enough (season, forgone grazing) is told in the note.
        streams[f"cost_{end}"] = table[[f"{name}{suffix}" for name in COSTS]].sum(axis=1).to_numpy(float)
        farm = table[f"benefit_usd{suffix}"]
        if view == "financial":
            beside = table[f"carbon_revenue_usd{suffix}"]
            if "transfers_usd" in table.columns:
                beside = beside + table["transfers_usd"].fillna(0.0)
            if not bool((beside != 0).any()):
                beside = beside * np.nan  # what earns nothing in any year is no benefit of zero
        else:
            beside = table[f"carbon_t_co2e{suffix}"] * [price[i] for price in prices]
        streams[f"benefit_{end}"] = farm.add(beside, fill_value=0.0).to_numpy(float)
    return streams


def _worth(streams: dict[str, Any], rate: float) -> dict[str, Any]:
    row: dict[str, Any] = {}
    silent = bool(np.isnan(streams["benefit_mid"]).all())
    for end in ENDS:
        row[f"cost_usd{SUFFIX[end]}"] = npv(rate, streams[f"cost_{end}"])
        gain = np.nan if silent else npv(rate, streams[f"benefit_{end}"])
        row[f"benefit_usd{SUFFIX[end]}"] = gain
    for end in ENDS:
        cost, gain = row[f"cost_usd{SUFFIX[_AGAINST[end]]}"], row[f"benefit_usd{SUFFIX[end]}"]
        row[f"npv_usd{SUFFIX[end]}"] = (0.0 if silent else gain) - cost
        row[f"bcr{SUFFIX[end]}"] = gain / cost if cost > 0 else np.nan
    net = (0.0 if silent else streams["benefit_mid"]) - streams["cost_mid"]
    row["switching_cost"] = row["bcr"]
    row["switching_benefit"] = 1 / row["bcr"] if row["bcr"] > 0 else np.nan
    roots, reason = internal_rates(net)
    row["irr"] = roots[0] if len(roots) == 1 else np.nan
    row["irr_roots"] = "; ".join(f"{root:.6f}" for root in roots)
    row["irr_reason"] = f"{len(roots)} rates solve it: read the net present value" if len(roots) > 1 else reason
    row["payback_years"], row["payback_discounted_years"] = payback(net), payback(net, rate)
    return row


def _basis(part: pd.DataFrame, rates: Iterable[float]) -> dict[float, dict[str, Any]]:
    """On what a finding rests, by rate: which share of costs has a valued benefit, which shares are unverified."""
    names = [*(f"{name}{end}" for name in APART for end in SUFFIX.values()), "labour_usd"]
    lines = {name: part[name].to_numpy(float) for name in names}
    spent = (part["establishment_usd"] + part["upkeep_usd"]).to_numpy(float)
    costs, gains = part[list(COSTS)].sum(axis=1).to_numpy(float), part["benefit_usd"].fillna(0.0).to_numpy(float)
    after = (part["year"] - part["year"].min()).to_numpy(float)
    unverified = {name: (part[f"{name}_quality"] >= UNVERIFIED).to_numpy() for name in ("cost", "benefit")}
    valued, note = part["valued_share"].to_numpy(float), "; ".join(_notes(part))
    found = {}
    for rate in rates:
        factor = (1.0 + rate) ** -after
        paid, cost, gain = spent * factor, costs * factor, gains * factor
        found[rate] = {
            **{name: _sum(amount * factor) for name, amount in lines.items()},
            "benefit_cover": _share(cost * valued, cost),
            "unverified_cost": _share(paid[unverified["cost"]], paid),
            "unverified_benefit": _share(gain[unverified["benefit"]], gain),
            "note": note,
        }
    return found


def _sum(amounts: Floats) -> float:
    """Of what is known; NaN where nothing is."""
    return float(np.nansum(amounts)) if not np.isnan(amounts).all() else float("nan")


def _share(weight: Floats, of: Floats) -> float:
    whole = float(np.nansum(of))
    return float(np.nansum(weight)) / whole if whole > 0 else float("nan")


def _notes(part: pd.DataFrame) -> list[str]:
    """What is not counted, by measure, and costs that no place near enough has a figure for."""
    absent = part[part["benefit_absent"] != ""].groupby("measure")["benefit_absent"].first()
    partly = part[part["benefit_partly"] != ""].groupby("measure")["benefit_partly"].first()
    unknown = sorted(part.loc[part["carbon_t_co2e"].isna(), "measure"].unique())
    notes = [f"{name}: cost only, {reason}" for name, reason in absent.items()]
    notes += [f"{name}: cost only on a part of its land, {reason}" for name, reason in partly.items()]
    notes += [f"{name}: carbon not known and not counted" for name in unknown]
    return notes + [str(reason) for reason in dict.fromkeys(part["cost_absent"]) if reason]


def _check(flows: pd.DataFrame, values: pd.DataFrame) -> None:
    check_values(values)
    problems = Problems("the flows to appraise")
    needed = [f"{amount}{suffix}" for amount in AMOUNTS for suffix in SUFFIX.values()]
    needed += ["iso3", "measure", "year", "benefit_absent", "benefit_partly", "valued_share"]
    needed += ["cost_absent", "cost_quality", "benefit_quality", "price_year"]
    missing = [name for name in needed if name not in flows.columns]
    if missing:
        problems.add(f"columns {', '.join(missing)} are missing. Make the table with cash_flow.")
        problems.raise_if_any(DataError)
    if len(flows):
        spans = flows.groupby(["iso3", "measure"])["year"].agg(["min", "max", "count"])
        if spans.nunique().max() > 1 or int(spans["max"].iloc[0] - spans["min"].iloc[0]) + 1 != int(
            spans["count"].iloc[0]
        ):
            problems.add(
                "every country and measure needs every year of one horizon, once. Make the table with cash_flow."
            )
        years = sorted(set(flows["price_year"]) | {price_year(values)})
        if len(years) > 1:
            problems.add(f"flows and values are in prices of {', '.join(map(str, years))}. Bring both to one year.")
        costs = flows[[name for name in needed if name.startswith(("establishment_usd", "upkeep_usd"))]]
        if not (costs >= 0).all(axis=None):
            problems.add("costs of 0 or more were expected in every row; some are negative or missing.")
    problems.raise_if_any(DataError)
