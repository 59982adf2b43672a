# SPDX-License-Identifier: Apache-2.0
"""A trust fund's books: what comes in, what goes to land, what each tranche gets, and what stays in the fund, by date."""

from __future__ import annotations

import math
from datetime import date
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from homeground.errors import DataError, Problems
from homeground.finance.flows.plan_years import PlanYears, plan_years
from homeground.finance.trust_fund.lending import loan_book
from homeground.finance.trust_fund.terms import PUBLIC, Part, Terms
from homeground.finance.waterfall.paying import Waterfall, waterfall
from homeground.finance.waterfall.tranches import ORDER, Tranche

Floats = NDArray[np.float64]
IN = ("paid_in", "interest_received", "principal_received", "recovered", "carbon")
OUT = ("to_land", "lent", "fees", *ORDER)
YEARS = ("date", *IN, *OUT, "unspent", "reserve", "failed", "loss", "due_to_senior", "available")


class TrustFund(NamedTuple):
    """The books of a fund.

    `by_date` has a row for the closing and one for the end of each year: date; in: paid_in, interest_received,
    principal_received, recovered, carbon; out: to_land (grants), lent, fees, senior, mezzanine, concessional, equity; at its
    end: unspent, reserve; beside: failed, loss, due_to_senior, available (for debt service). `paid` is the waterfall
    behind it, `terms` what the fund declares, `size` what it is to finance, `paid_in` what its parts put in.
    """

    by_date: pd.DataFrame
    paid: Waterfall
    terms: Terms
    amounts: dict[str, float]
    size: float
    plan: PlanYears
    lent: Floats
    currency: str
    price_year: int

    @property
    def paid_in(self) -> float:
        """All that is put in at the closing."""
        return sum(self.amounts.values())

    @property
    def grants(self) -> float:
        """What of it nobody gets back."""
        return sum(self.amounts[one.name] for one in self.terms.grants)


def fund_books(cashflow: pd.DataFrame, terms: Terms, *, default: float | None = None) -> TrustFund:
    """The books of a trust fund over the cash flow of a plan.

    Parameters
    ----------
    cashflow : DataFrame
        year, establishment_usd, upkeep_usd, benefit_usd, carbon_revenue_usd, price_year, as `homeground.finance.cash_flow`
        has them, one row a country, measure and year.
    terms : Terms
        As `homeground.finance.trust_fund.terms.fund_terms` reads them.
    default : float, optional
        Part of loans that fails each year, in place of that of the terms.

    Returns
    -------
    TrustFund

    Raises
    ------
    DataError
        Columns, years or money do not fit, parts are above the whole, a tranche is paid back before the fund begins, or
        grants do not cover the reserve and the fees of the plan's years.

    Notes
    -----
    All parts are paid in at the closing, on the first day of the plan's first year. What is paid back is lent on to land
    users; grants are given on, less the reserve and the fees of the plan's years; both in step with the plan's costs. The
    fund's income is what borrowers pay back, what is recovered of loans that failed, and its share of carbon sold: what land
    gives stays with farmers. In each row, in less out is the change of unspent and reserve. Terms are those of contracts,
    in money of the day; costs of the plan are taken as they stand.

    Examples
    --------
    >>> from homeground.finance.trust_fund.terms import terms_of
    >>> flows = pd.DataFrame({"year": [2024, 2025], "establishment_usd": [100.0, 0.0], "upkeep_usd": 0.0,
    ...                       "benefit_usd": [0.0, 30.0], "carbon_revenue_usd": 0.0, "price_year": 2023})
    >>> rows = [{"name": "plan", "kind": "fund", "share": 1.0, "source": "made"},
    ...         {"name": "donors", "kind": "grant", "share": 0.8, "whose": "public", "source": "made"},
    ...         {"name": "state", "kind": "equity", "share": 0.2, "whose": "public", "source": "made"},
    ...         {"name": "loans", "kind": "lending", "rate": 0.1, "years": 1, "default": 0.0, "recovery": 0.0, "source": "made"}]
    >>> fund = fund_books(flows, terms_of(pd.DataFrame(rows)))
    >>> fund.by_date[["paid_in", "to_land", "lent", "principal_received", "equity"]].values.tolist()
    [[100.0, 0.0, 0.0, 0.0, 0.0], [0.0, 80.0, 20.0, 0.0, 0.0], [0.0, 0.0, 0.0, 20.0, 22.0]]
    """
    if default is not None and terms.lending is not None:  # the books keep the terms that they were made by
        terms = terms._replace(lending=terms.lending._replace(default=default))
    plan = plan_years(cashflow)
    problems = Problems("trust fund")
    size, amounts = _amounts(plan, terms, problems)
    begins = plan.first
    begin = [(one.name, one.first_year) for one in terms.layers if one.kind != "equity" or one.first_year]
    begin += [(one.name, one.first_year) for one in terms.fees]
    for name, year in begin:
        if year < begins:
            problems.add(f"{name}: it is paid from {year}, the fund begins in {begins}. Begin later.")
    problems.raise_if_any(DataError)
    paid_in = sum(amounts.values())
    step = plan.cost / plan.cost.sum()
    lend = sum(amounts[one.name] for one in terms.layers)
    given = sum(amounts[one.name] for one in terms.grants)
    tranches = [_tranche(one, amounts[one.name], begins) for one in terms.layers]
    reserve = terms.reserve_years * _first_service(tranches)
    fees = _fees(terms, paid_in, begins, _periods(plan, terms))
    ahead = float(fees[: plan.years].sum())
    if given + 1e-6 < reserve + ahead:
        raise DataError(
            f"trust fund: grants of {given:,.0f} do not cover the reserve ({reserve:,.0f}) and the fees of the plan's years "
            f"({ahead:,.0f}). Raise a share of kind grant, or lower fees or reserve."
        )
    to_land, lent = (given - reserve - ahead) * step, lend * step
    book = _loans(lent, terms)
    periods = max(_periods(plan, terms), len(book))
    fees = _fees(terms, paid_in, begins, periods)
    book = book.reindex(range(periods), fill_value=0.0)
    income = {
        "interest_received": book["interest"],
        "principal_received": book["principal"],
        "recovered": book["recovered"],
    }
    carbon = terms.carbon * size / plan.cost.sum() * plan.carbon
    income["carbon"] = pd.Series(np.pad(carbon, (0, max(periods - carbon.size, 0)))[:periods])
    cash = sum(row.to_numpy(dtype=float) for row in income.values())
    ahead_by_year = np.where(np.arange(periods) < plan.years, fees, 0.0)
    # Where nothing is paid back, what comes in waits in the fund.
    paid = waterfall(
        cash + ahead_by_year, tranches or [Tranche("", "concessional", 0.0)], fees=fees,
        reserve_periods=terms.reserve_years, reserve_start=reserve, losses=book["loss"].to_numpy(dtype=float), whole=size,
    )  # fmt: skip
    table = _table(begins, periods, paid, income, book, to_land, lent, paid_in, reserve, fees, cash + ahead_by_year)
    return TrustFund(table, paid, terms, amounts, size, plan, lent, plan.currency, plan.price_year)


def balance_gap(years: pd.DataFrame) -> float:
    """The most by which in less out differs from the change of unspent and reserve, over all rows.

    Parameters
    ----------
    years : DataFrame
        As of `TrustFund.by_date`.

    Returns
    -------
    float
        0 where the books balance, up to rounding.

    Examples
    --------
    >>> row = dict.fromkeys([*IN, *OUT, "unspent", "reserve"], 0.0) | {"paid_in": 5.0, "unspent": 5.0}
    >>> balance_gap(pd.DataFrame([row]))
    0.0
    """
    held = years["unspent"] + years["reserve"]
    change = held.diff().fillna(held)
    return float((years[list(IN)].sum(axis=1) - years[list(OUT)].sum(axis=1) - change).abs().max())


def _amounts(plan: PlanYears, terms: Terms, problems: Problems) -> tuple[float, dict[str, float]]:
    """What the fund is to finance, and what each part puts in."""
    whole = float(plan.cost.sum())
    for one in (terms.size, *terms.parts):
        if one.currency and one.currency != plan.currency:
            problems.add(
                f"{one.name} is in {one.currency}, the plan in {plan.currency}. Convert it to {plan.currency} of {plan.price_year}."
            )
    size = whole * terms.size.share if math.isnan(terms.size.amount) else terms.size.amount
    if not size > 0:
        problems.add("there is nothing to finance: the plan costs nothing, or the fund's share is 0.")
    if size > whole * (1 + 1e-9):
        problems.add(f"the fund is {size:,.0f}, the plan costs {whole:,.0f} in its years. Lower it.")
    amounts = {one.name: size * one.share if math.isnan(one.amount) else one.amount for one in terms.parts}
    total = sum(amounts.values())
    if total > size * (1 + 1e-9):
        problems.add(f"parts add up to {total:,.0f}, above the whole of {size:,.0f}. Lower one of them.")
    return size, amounts


def _tranche(one: Part, amount: float, begins: int) -> Tranche:
    public, household = one.whose in PUBLIC, one.whose == "household"
    if one.kind == "equity":
        waits = max(one.first_year - begins, 0)
        return Tranche(one.name, one.kind, amount, periods=waits + 1, grace=waits, public=public, household=household)
    periods, grace = one.last_year - begins + 1, one.first_year - begins
    return Tranche(
        one.name, one.kind, amount, rate=one.rate, periods=periods, grace=grace, way=one.way, public=public,
        household=household,
    )  # fmt: skip


def _first_service(tranches: list[Tranche]) -> float:
    """Debt service of the senior tranche that is due first, which the reserve is filled with."""
    senior = [one for one in tranches if one.kind == "senior" and one.amount > 0]
    if not senior:
        return 0.0
    plenty = waterfall([10 * senior[0].amount], senior)
    return float(plenty.periods["senior_due"].iloc[0])


def _periods(plan: PlanYears, terms: Terms) -> int:
    """Years to the last payment that the terms foresee."""
    last = [one.last_year for one in terms.layers] + [one.last_year for one in terms.fees]
    return max(plan.years, *(year - plan.first + 1 for year in last)) if last else plan.years


def _fees(terms: Terms, paid_in: float, begins: int, periods: int) -> Floats:
    years = np.arange(begins, begins + periods)
    out: Floats = np.zeros(periods)
    for one in terms.fees:
        out += np.where((years >= one.first_year) & (years <= one.last_year), one.rate * paid_in, 0.0)
    return out


def _loans(lent: Floats, terms: Terms) -> pd.DataFrame:
    if terms.lending is None:
        names = ("interest", "principal", "failed", "recovered", "loss", "outstanding")
        return pd.DataFrame(0.0, index=range(len(lent)), columns=list(names))
    return loan_book(lent.tolist(), terms.lending)


def _table(
    begins: int, periods: int, paid: Waterfall, income: dict[str, Any], book: pd.DataFrame, to_land: Floats,
    lent: Floats, paid_in: float, reserve: float, fees: Floats, cash: Floats,
) -> pd.DataFrame:  # fmt: skip
    out = pd.DataFrame({name: row.to_numpy(dtype=float) for name, row in income.items()})
    for name, row in (("to_land", to_land), ("lent", lent)):
        out[name] = np.pad(row, (0, periods - row.size))
    out["fees"] = paid.periods["fees"].to_numpy(dtype=float)
    payments = paid.payments.assign(whole=paid.payments[["interest", "principal", "distribution"]].sum(axis=1))
    by_kind = payments.pivot_table(index="period", columns="kind", values="whole", aggfunc="sum")
    for kind in ORDER:
        out[kind] = by_kind[kind].to_numpy(dtype=float) if kind in by_kind else 0.0
    out["reserve"] = paid.periods["reserve"].to_numpy(dtype=float)
    spent = np.cumsum(to_land + lent + fees[: to_land.size])
    out["unspent"] = np.pad(np.maximum(paid_in - reserve - spent, 0.0), (0, periods - to_land.size))
    out["failed"], out["loss"] = book["failed"].to_numpy(), book["loss"].to_numpy()
    out["due_to_senior"] = paid.periods["senior_due"].to_numpy(dtype=float)
    out["available"] = cash - out["fees"]
    out["paid_in"] = 0.0
    out["date"] = [date(begins + period, 12, 31) for period in range(periods)]
    closing = dict.fromkeys(YEARS, 0.0) | {"date": date(begins, 1, 1), "paid_in": paid_in}
    closing |= {"unspent": paid_in - reserve, "reserve": reserve}
    return pd.concat([pd.DataFrame([closing]), out], ignore_index=True)[list(YEARS)]
