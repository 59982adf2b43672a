# SPDX-License-Identifier: Apache-2.0
"""What a programme is worth to farms and to society: present value, rates, return to a day of work, upkeep, carbon apart."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from homeground.finance.appraisal import RATES
from homeground.finance.farm._streams import VIEWS, amounts, family_days, streams, tonnes
from homeground.finance.farm.case import FarmCase
from homeground.finance.internal_rates import internal_rates
from homeground.finance.returns import npv, payback

Floats = NDArray[np.float64]

ALL = "programme"


def appraise_farms(case: FarmCase, *, rates: Iterable[float] = RATES) -> pd.DataFrame:
    """What a programme of farms is worth, seen by the farms and by society, at each discount rate.

    `appraise` asks what a plan of measures on hectares brings; this asks what a programme brings that farms take up one
    after another, with what they grow and work without it set against it.

    Parameters
    ----------
    case : FarmCase
        From `farm_case`.
    rates : iterable of float
        Discount rates as fractions a year, real.

    Returns
    -------
    DataFrame, one row a scope, view and rate
        scope: "programme" (all farms, with what the programme spends), then each kind of farm. view: financial (market
        prices; carbon at its contract; taxes paid) or economic (shadow wage and exchange; no transfers; no carbon).
        benefit, cost, npv, bcr: present values of what the programme makes beside what would be without it (npv in the
        economic view is the ENPV); irr (empty unless there is one; the EIRR there), irr_roots, irr_reason;
        payback_years, payback_discounted_years; return_per_day (benefit less all costs but own work, over own days, all in
        present value; of farms, financial view); upkeep_after (upkeep in the years after the programme's last, in cost) and
        upkeep_payer; carbon_t (not discounted), carbon_shadow_low and _high (its worth to society, apart: in no npv);
        access, currency, price_year, note.

    Raises
    ------
    DataError
        A rate looks like percent.

    Notes
    -----
    NPV = sum of (benefit_t - cost_t) / (1 + r)^t. Price to society = price x (1 + traded x (shadow exchange - 1)), or
    the border parity price; work = wage x shadow wage. Gittinger (1982), ch. 7 and 9; IFAD (2015), vol. 1. Only farms
    that can be reached count: all but what the programme spends is times access.

    Examples
    --------
    >>> from homeground.finance.farm.case import EXAMPLE, farm_case
    >>> from homeground.finance.farm.given import read_farm_tables
    >>> tables = read_farm_tables(EXAMPLE)
    >>> case = farm_case(**tables, first_year=2025, horizon=5, shadow_wage=0.6, shadow_exchange=1.2)
    >>> table = appraise_farms(case, rates=[0.10]).set_index(["scope", "view"])
    >>> table["npv"].round(2).to_dict()[("programme", "financial")]  # by hand in the documentation
    1304.09
    """
    rows = []
    farms: list[str | None] = [None, *map(str, case.lines["farm"].unique())]
    for farm in farms:
        for view in VIEWS:
            benefits, costs = streams(case, view, farm=farm)
            for rate in rates:
                row = {"scope": farm or ALL, "view": view, "rate": rate}
                rows.append(row | _worth(benefits, costs, rate) | _beside(case, farm, view, rate, benefits, costs))
    out = pd.DataFrame(rows).assign(access=case.access, currency=case.currency, price_year=case.price_year)
    return out.assign(note="; ".join(case.notes))


def _worth(benefits: Floats, costs: Floats, rate: float) -> dict[str, Any]:
    gain, cost, net = npv(rate, benefits), npv(rate, costs), benefits - costs
    roots, reason = internal_rates(net)
    return {
        "benefit": gain,
        "cost": cost,
        "npv": gain - cost,
        "bcr": gain / cost if cost > 0 else np.nan,
        "irr": roots[0] if len(roots) == 1 else np.nan,
        "irr_roots": "; ".join(f"{root:.6f}" for root in roots),
        "irr_reason": f"{len(roots)} rates solve it: read the net present value" if len(roots) > 1 else reason,
        "payback_years": payback(net),
        "payback_discounted_years": payback(net, rate),
    }


def _beside(
    case: FarmCase, farm: str | None, view: str, rate: float, benefits: Floats, costs: Floats
) -> dict[str, Any]:
    """Return to a day, upkeep after the programme, carbon apart."""
    lines, each = case.lines, amounts(case, view)
    mine = np.ones(len(lines), bool) if farm is None else (lines["farm"] == farm).to_numpy()
    own = case.access * each[mine & (lines["kind"] == "family").to_numpy()].sum(axis=0)
    kept = case.access * each[mine & (lines["purpose"] == "upkeep").to_numpy()].sum(axis=0)
    after = case.first_year + np.arange(case.years) > (case.last_year or 0)
    days = npv(rate, family_days(case, farm=farm))
    taken = tonnes(case, farm=farm)
    shadow = [npv(rate, price * taken) if np.isfinite(price).all() else np.nan for price in case.shadow]
    money = npv(rate, benefits - costs + own)
    return {
        "return_per_day": money / days if view == "financial" and farm and days > 0 else np.nan,
        "upkeep_after": npv(rate, np.where(after, kept, 0.0)),
        "upkeep_payer": case.upkeep_payer,
        "carbon_t": float(taken.sum()),
        "carbon_shadow_low": shadow[0],
        "carbon_shadow_high": shadow[1],
    }
