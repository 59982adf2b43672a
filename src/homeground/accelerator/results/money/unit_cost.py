# SPDX-License-Identifier: Apache-2.0
"""Money per hectare, and how many hectares it speaks for: only projects that tell of both cost and area have one."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd

from homeground.accelerator.results.money.dollars import money_rows, rates_of
from homeground.accelerator.results.series import text_of
from homeground.errors import DataError

STEPS = {"committed": ("commitment",), "disbursed": ("disbursement",), "spent": ("expenditure",)}
COLUMNS = ("project", "hectares", "currency", "amount_minor", "sums", "usd_minor", "usd_per_ha", "said")


@dataclass(frozen=True)
class UnitCosts:
    """Cost per hectare of projects, and what it covers.

    Attributes
    ----------
    projects : DataFrame
        project, hectares, currency and amount_minor (where all its money is in one), sums (the instruments that the amount
        adds up), usd_minor (missing: not all of it has a rate), usd_per_ha, said.
    step : str
        Step of the ladder that the money is of.
    hectares, hectares_with_cost : float
        Of all projects with an area; of those that have a cost in dollars too.
    coverage : float
        The second by the first, %; NaN without any hectares.
    usd_per_ha : float
        Dollars by hectares of the projects that have both; NaN where none has.
    """

    projects: pd.DataFrame
    step: str
    hectares: float
    hectares_with_cost: float
    coverage: float
    usd_per_ha: float


def cost_per_hectare(
    hectares: pd.DataFrame,
    transactions: pd.DataFrame,
    *,
    projects: pd.DataFrame | None = None,
    exchange_rates: pd.DataFrame | None = None,
    step: str = "disbursed",
) -> UnitCosts:
    """Money of one step of the ladder by hectares of one quantity, project by project.

    Parameters
    ----------
    hectares : DataFrame
        project and value in ha: of `aggregate` by project, one quantity (restored, under management or planted).
    transactions : DataFrame
        As declared in the registry.
    projects, exchange_rates : DataFrame, optional
        As declared in the registry.
    step : str, optional
        committed, disbursed or spent.

    Returns
    -------
    UnitCosts

    Raises
    ------
    DataError
        No such step, or hectares of several quantities.

    Examples
    --------
    >>> area = pd.DataFrame({"project": ["p", "q"], "value": [100.0, 300.0], "unit": "ha", "quantity": "restored"})
    >>> paid = pd.DataFrame({"project": ["p"], "kind": "disbursement", "date": "2022-01-01", "amount_minor": [5_000_000],
    ...     "currency": "USD", "instrument": "grant"})
    >>> costs = cost_per_hectare(area, paid)
    >>> costs.usd_per_ha, costs.coverage
    (500.0, 25.0)
    """
    if step not in STEPS:
        raise DataError(f"cost per hectare: {step} is no step. Use {', '.join(STEPS)}.")
    if "quantity" in hectares and hectares["quantity"].nunique() > 1:
        kinds = ", ".join(sorted(set(hectares["quantity"])))
        raise DataError(f"cost per hectare: hectares of {kinds} are not one number. Give one of them.")
    if "unit" in hectares and set(hectares["unit"]) - {"ha"}:
        raise DataError("cost per hectare: areas in ha were expected. Convert them.")
    money = money_rows(transactions[transactions["kind"].isin(STEPS[step])], projects, rates_of(exchange_rates))
    area = {str(p): float(v) for p, v in zip(hectares["project"], hectares["value"], strict=True) if text_of(p)}
    rows = [
        _of_project(name, area.get(name, math.nan), money) for name in sorted({*area, *money["project"].astype(str)})
    ]
    table = pd.DataFrame(rows, columns=list(COLUMNS)).astype({"amount_minor": "Int64", "usd_minor": "Int64"})
    known = table[table["hectares"] > 0]
    both = known[known["usd_minor"].notna()]
    whole, covered = math.fsum(known["hectares"]), math.fsum(both["hectares"])
    usd = int(both["usd_minor"].sum()) / 100
    return UnitCosts(table, step, whole, covered, 100 * covered / whole if whole else math.nan,
                     usd / covered if covered else math.nan)  # fmt: skip


def _of_project(name: str, hectares: float, money: pd.DataFrame) -> dict[str, object]:
    own = money[money["project"].astype(str) == name]
    said = []
    if not hectares > 0:
        said.append("no approved area" if math.isnan(hectares) else "an area of 0 ha")
    usd: int | None = None
    if own.empty:
        said.append("no money told at this step")
    elif own["usd_minor"].isna().any():
        lacking = own[own["usd_minor"].isna()]
        pairs = sorted({f"{c or 'no currency'} {y}" for c, y in zip(lacking["currency"], lacking["year"], strict=True)})
        said.append(f"not converted: no rate of {', '.join(pairs)}")
    else:
        usd = int(own["usd_minor"].sum())
    one = own["currency"].nunique() == 1 and own["currency"].iloc[0] != ""
    if own["currency"].nunique() > 1:
        said.append(f"money in {', '.join(sorted(set(own['currency'])))}")
    sums = " + ".join(sorted({text or "instrument not said" for text in own["instrument"]}))
    return {
        "project": name, "hectares": hectares, "currency": own["currency"].iloc[0] if one else None,
        "amount_minor": int(own["amount_minor"].sum()) if one else pd.NA, "sums": sums,
        "usd_minor": pd.NA if usd is None else usd,
        "usd_per_ha": usd / 100 / hectares if usd is not None and hectares > 0 else math.nan, "said": "; ".join(said),
    }  # fmt: skip
