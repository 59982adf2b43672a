# SPDX-License-Identifier: Apache-2.0
"""What of remittances could be invested in land, and what that costs the households and risks for who invests.

It is a possibility, no promise and no part of a plan's money: only what is bound by contract or consent counts
(`homeground.finance.household_money`). It is households' own private money, never public, climate or ODA finance.
"""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from homeground.errors import DataError, Problems
from homeground.finance.remittances.given import Range, range_of

TRANSFERS = "personal transfers"
PERSONAL = "personal remittances"


def investable(
    flow: float,
    *,
    rural: Range | float | None = None,
    left_over: Range | float | None = None,
    uptake: Range | float | None = None,
) -> Range:
    """Money a year that rural households could put into land: flow x rural share x what is left over x uptake.

    Parameters
    ----------
    flow : float
        Remittances a country receives in a year, in any one money.
    rural, left_over, uptake : float or (low, middle, high), optional
        Shares as fractions: of remittances that go to rural areas, of those not needed for basic needs, of that which
        people really invest. Left out, the shipped ranges (`assumptions`); uptake is best taken from a survey.

    Returns
    -------
    (float, float, float)
        Low, middle, high, in the money of `flow`; all three shares at their low or high end at once: an envelope.

    Raises
    ------
    DataError
        The flow is negative or missing, or a share is not a fraction from 0 to 1.

    Notes
    -----
    Base of IFAD: about half of remittances reach rural areas, about a quarter is not needed for basic needs.

    Examples
    --------
    >>> low, middle, high = investable(1000.0, rural=0.5, left_over=0.25, uptake=(0.01, 0.02, 0.04))
    >>> (low, middle, high)
    (1.25, 2.5, 5.0)
    """
    if not (math.isfinite(flow) and flow >= 0):
        raise DataError(f"remittances of 0 or more were expected, found {flow}. Leave out a country without a figure.")
    shares = [range_of("rural", rural), range_of("left_over", left_over), range_of("uptake", uptake)]
    low, middle, high = (flow * math.prod(share[end] for share in shares) for end in range(3))
    return low, middle, high


def household_risk(
    invested: float,
    received: float,
    *,
    default: Range | float | None = None,
    recovery: Range | float | None = None,
    consumed: float = 0.0,
) -> dict[str, float]:
    """What households give up when they invest, and what who invests may lose.

    Parameters
    ----------
    invested, received : float
        Money put into land and remittances received in the same year, in one money.
    default, recovery : float or (low, middle, high), optional
        Part of the money invested that fails, and what comes back of it; left out, shipped expert defaults.
    consumed : float
        Part of the money invested that would have been consumed otherwise: 0 if all of it would have been saved, 1 if
        none. It is said aloud, for nobody has measured it.

    Returns
    -------
    dict of str to float
        consumption_lost and its share of what was received; expected_loss with low and high; worst_loss (all fails,
        nothing comes back); all in the same money.

    Raises
    ------
    DataError
        More is invested than received, a sum is negative, or a share is not a fraction from 0 to 1.

    Notes
    -----
    expected loss = invested x default x (1 - recovery); low takes the lowest default with the highest recovery.

    Examples
    --------
    >>> risk = household_risk(10.0, 100.0, default=0.2, recovery=0.5, consumed=0.4)
    >>> risk["expected_loss"], risk["consumption_lost"], risk["worst_loss"]
    (1.0, 4.0, 10.0)
    """
    problems = Problems("households' investment")
    for name, value in (("invested", invested), ("received", received)):
        if not (math.isfinite(value) and value >= 0):
            problems.add(f"{name}: a sum of 0 or more was expected, found {value}.")
    if invested > received:
        problems.add(
            f"invested {invested:g} is more than was received, {received:g}. Give both of the same year and money."
        )
    problems.raise_if_any(DataError)
    fails, back = range_of("default", default), range_of("recovery", recovery)
    lost = range_of("consumed", consumed)[1] * invested
    return {
        "consumption_lost": lost,
        "consumption_lost_share": lost / received if received else 0.0,
        "expected_loss_low": invested * fails[0] * (1 - back[2]),
        "expected_loss": invested * fails[1] * (1 - back[1]),
        "expected_loss_high": invested * fails[2] * (1 - back[0]),
        "worst_loss": invested,
    }


def two_definitions(remittances: pd.DataFrame) -> pd.DataFrame:
    """The two statistical definitions beside each other, by country and year, with the gap; never mixed.

    Parameters
    ----------
    remittances : DataFrame
        Figures (columns of `homeground.catalogue.figures`) of the table remittances.

    Returns
    -------
    DataFrame
        iso3, year, indicator, personal_transfers and personal_remittances each with unit and source, gap (personal
        remittances less personal transfers; NaN with a reason where a definition is not known for the year, or the units
        differ) and note. Rows whose source states neither (the bilateral matrix) are left out.

    Notes
    -----
    Personal remittances (BPM6, SDG 17.3.2) are personal transfers and net pay of employees abroad: the gap is that pay,
    and what the two offices count otherwise.

    Examples
    --------
    >>> from homeground.catalogue import figures
    >>> both = two_definitions(figures.load("remittances", iso3="XKX")).dropna(subset="gap")
    >>> both[["personal_transfers", "personal_remittances"]].values.tolist(), round(float(both["gap"].item()), 1)
    ([[12.7, 17.3]], 4.6)
    """
    seen = remittances[remittances["indicator"].str.startswith("remittances_received") & (remittances["iso3"] != "")]
    starts = {TRANSFERS: "personal_transfers", PERSONAL: "personal_remittances"}
    which = seen["note"].str.extract(f"^({TRANSFERS}|{PERSONAL})", expand=False).map(starts)
    seen = seen.assign(definition=which).dropna(subset="definition")
    rows = []
    for (iso3, year, indicator), group in seen.groupby(["iso3", "year", "indicator"], sort=True):
        row: dict[str, Any] = {"iso3": iso3, "year": year, "indicator": indicator, "gap": math.nan}
        for name in starts.values():
            own = group[group["definition"] == name]
            one = own.iloc[0] if len(own) else None
            row |= {name: math.nan if one is None else float(one["value"])}
            row |= {f"{name}_{what}": "" if one is None else one[what] for what in ("unit", "source")}
        row["note"] = _gap(row)
        rows.append(row)
    columns = ["iso3", "year", "indicator"]
    columns += [f"{name}{what}" for name in starts.values() for what in ("", "_unit", "_source")]
    return pd.DataFrame(rows, columns=[*columns, "gap", "note"])


def _gap(row: dict[str, Any]) -> str:
    low, high = row["personal_transfers"], row["personal_remittances"]
    if pd.isna(low) or pd.isna(high):
        return "one definition only"
    if row["personal_transfers_unit"] != row["personal_remittances_unit"]:
        return "two currencies: no gap without a rate of exchange"
    row["gap"] = float(high) - float(low)
    return ""
