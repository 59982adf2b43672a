# SPDX-License-Identifier: Apache-2.0
"""The least public money that lets a plan be paid while investors reach their hurdles and covenants hold."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from scipy.optimize import linprog
from scipy.sparse import coo_matrix

from homeground.errors import DataError, PlanError, Problems
from homeground.finance.instruments.ledger import share
from homeground.finance.structure.sources_of_money import COVENANTED, PUBLIC, Source, check_sources, checked_plan
from homeground.numbers.money import Money

LITTLE = 1e-7  # of the plan's cost: a sum this small is rounding


class Structure(NamedTuple):
    """The mix found.

    mix: source, kind, drawn, share (of all that is drawn), paid_back, hurdle, most. schedule: year, source, drawn, paid,
    balance (cash left). limits: what one more unit of each source, one point less hurdle, or 0.1 less cover would save of
    public money. public_money: present value of what the public gives less what it gets back.
    """

    mix: pd.DataFrame
    schedule: pd.DataFrame
    limits: pd.DataFrame
    public_money: Money
    dscr: float


def structure(
    plan: pd.DataFrame,
    sources: Sequence[Source],
    *,
    public_rate: float,
    dscr: float = 1.2,
    private_per_public: float = 0.0,
    shadow: bool = True,
) -> Structure:
    """The mix of sources that pays a plan with the least public money, and what each limit costs.

    Parameters
    ----------
    plan : DataFrame
        year (0, 1, ...), cost, upkeep, income, currency, price_year; as `plan_flows` makes it. Costs and upkeep must be
        paid in their year; income can pay back.
    sources : sequence of Source
        What there is, at most, and on which terms.
    public_rate : float
        Rate at which public money is counted, as a fraction a year: a loan costs the public its grant equivalent.
    dscr : float
        Income less upkeep must be this many times what debt and migrants are paid in a year; 1.2 to 1.3 is usual
        (expert default, unverified). 0 asks for nothing.
    private_per_public : float
        Least private money drawn per unit of public money drawn; 0 asks for nothing.
    shadow : bool
        Also work out what each limit costs.

    Returns
    -------
    Structure

    Raises
    ------
    DataError
        The plan or a source is not what is needed.
    PlanError
        No mix pays the plan; the message says how much is missing and in which year.

    Notes
    -----
    Linear programme (HiGHS) over draws d and payments p of each source and year and cash b: b_t = b_(t-1) + income - cost -
    upkeep + sum d - sum p >= 0. What a source is owed grows at its hurdle, o_t = (1 + hurdle) o_(t-1) + d_t - p_t, is never
    below 0 and is 0 in its last year: so each investor gets its hurdle exactly, and what is left stays with land users. All
    that is drawn is at most all costs and upkeep: nothing is borrowed to pay debts or to reach a ratio.
    Least sum over public sources of (d - p) / (1 + public_rate)^t. The answer is the best mix for these numbers, certain
    ones: an income that fails has no place in it. Payments are not bound to a schedule; a loan with equal instalments may
    need a little more.

    Examples
    --------
    >>> plan = pd.DataFrame({"year": [0, 1, 2], "cost": [100.0, 0.0, 0.0], "upkeep": 0.0, "income": [0.0, 33.0, 36.3]})
    >>> plan = plan.assign(currency="USD", price_year=2023)
    >>> grant, bond = Source("grant", "grant", 100.0), Source("bond", "household", 80.0, hurdle=0.10, until=2)
    >>> found = structure(plan, [grant, bond], public_rate=0.05, dscr=1.0)
    >>> found.mix[["source", "drawn"]].round(6).values.tolist(), round(found.public_money.amount, 6)
    ([['grant', 40.0], ['bond', 60.0]], 40.0)
    """
    cost, upkeep, income, money = checked_plan(plan)
    check_sources(sources, len(plan))
    problems = Problems("structure")
    share(public_rate, "public_rate", problems)
    for value, name in ((dscr, "dscr"), (private_per_public, "private_per_public")):
        if not 0 <= value <= 10:
            problems.add(f"{name} is {value:g}: 0 to 10 was expected.")
    problems.raise_if_any(DataError)
    programme = _Programme(cost, upkeep, income, sources, public_rate, dscr, private_per_public)
    found = programme.solve()
    if found.missing > LITTLE * (cost + upkeep).sum():
        raise PlanError(_too_little(programme.solve(missing_late=True), sources, money))
    years, count = len(plan), len(sources)
    drawn, paid = found.drawn, found.paid
    whole = drawn.sum()
    mix = pd.DataFrame(
        {
            "source": [one.name for one in sources],
            "kind": [one.kind for one in sources],
            "drawn": drawn.sum(axis=1),
            "share": drawn.sum(axis=1) / whole if whole else 0.0,
            "paid_back": paid.sum(axis=1),
            "hurdle": [np.nan if one.kind == "grant" else one.hurdle for one in sources],
            "most": [one.most for one in sources],
        }
    )
    schedule = pd.DataFrame(
        {
            "year": np.tile(np.arange(years), count),
            "source": np.repeat([one.name for one in sources], years),
            "drawn": drawn.ravel(),
            "paid": paid.ravel(),
            "balance": np.tile(found.balance, count),
        }
    )
    limits = _limits(programme, found) if shadow else pd.DataFrame(columns=["limit", "source", "step", "saves"])
    return Structure(mix, schedule, limits, Money(found.public, money.currency, money.price_year), dscr)


class _Found(NamedTuple):
    drawn: np.ndarray
    paid: np.ndarray
    balance: np.ndarray
    short: np.ndarray
    public: float
    missing: float
    cap_prices: np.ndarray


class _Programme(NamedTuple):
    cost: np.ndarray
    upkeep: np.ndarray
    income: np.ndarray
    sources: Sequence[Source]
    public_rate: float
    dscr: float
    private_per_public: float

    def solve(self, *, missing_late: bool = False) -> _Found:
        """Variables: draws, payments, owed (source by year), cash and shortfall (by year).

        With ``missing_late`` the least shortfall is sought in place of the least public money, as late as may be: the year
        that cannot be paid, and not one in which a grant was kept back for later.
        """
        years, count = self.cost.size, len(self.sources)
        block = count * years
        owed, cash, short, size = 2 * block, 3 * block, 3 * block + years, 3 * block + 2 * years
        discount = (1 + self.public_rate) ** -np.arange(float(years))
        weights, upper = np.zeros(size), np.full(size, np.inf)
        equal, below = _Rows(), _Rows()
        for number, one in enumerate(self.sources):
            d, p, o = number * years, block + number * years, owed + number * years
            if one.kind in PUBLIC:
                weights[d : d + years], weights[p : p + years] = discount, -discount
            for t in range(years):
                upper[d + t] = np.inf if one.first <= t <= one.last else 0.0
                upper[p + t] = np.inf if one.kind != "grant" and one.grace < t <= one.until else 0.0
                upper[o + t] = np.inf if one.kind != "grant" and t < one.until else 0.0
                if one.kind != "grant":
                    before = [(o + t - 1, -(1 + one.hurdle))] if t else []
                    equal.add([(o + t, 1.0), (d + t, -1.0), (p + t, 1.0), *before], 0.0)
        for t in range(years):
            inside = [(number * years + t, -1.0) for number in range(count)]
            out = [(block + number * years + t, 1.0) for number in range(count)]
            before = [(cash + t - 1, -1.0)] if t else []
            net = float(self.income[t] - self.cost[t] - self.upkeep[t])
            equal.add([(cash + t, 1.0), (short + t, -1.0), *inside, *out, *before], net)
        for number, one in enumerate(self.sources):
            below.add([(number * years + t, 1.0) for t in range(years)], one.most)
        # No more than costs in all: else a ratio would be reached by borrowing what nobody needs.
        below.add([(place, 1.0) for place in range(block)], float((self.cost + self.upkeep).sum()))
        covenanted = [number for number, one in enumerate(self.sources) if one.kind in COVENANTED]
        if self.dscr > 0 and covenanted:
            for t in range(years):
                room = max(float(self.income[t] - self.upkeep[t]), 0.0)
                below.add([(block + number * years + t, self.dscr) for number in covenanted], room)
        if self.private_per_public > 0:
            signs = [self.private_per_public if one.kind in PUBLIC else -1.0 for one in self.sources]
            below.add([(n * years + t, sign) for n, sign in enumerate(signs) for t in range(years)], 0.0)
        # A shortfall costs more than any public money could: it is taken only where nothing else pays.
        weights[short : short + years] = 1e4
        if missing_late:
            weights[:short] = 0.0
            weights[short : short + years] = 1.0 + 1e-4 * np.arange(years, 0.0, -1.0) / years
        scale = max(float((self.cost + self.upkeep).sum()), 1.0)
        bounds = np.column_stack([np.zeros(size), upper / scale])
        done: Any = linprog(
            weights,
            A_ub=below.matrix(size), b_ub=np.array(below.right) / scale,
            A_eq=equal.matrix(size), b_eq=np.array(equal.right) / scale,
            bounds=bounds, method="highs",
        )  # fmt: skip
        if done.status != 0:
            raise PlanError(f"the programme of sources could not be solved: {done.message}")
        x = np.where(np.abs(done.x) < 1e-12, 0.0, done.x) * scale
        gap = x[short:]
        return _Found(
            x[:block].reshape(count, years), x[block:owed].reshape(count, years), x[cash:short], gap,
            float(weights[:owed] @ x[:owed]), float(gap.sum()), -np.asarray(done.ineqlin.marginals)[:count],
        )  # fmt: skip


class _Rows:
    """Rows of a sparse matrix while they are written down."""

    def __init__(self) -> None:
        self.rows: list[int] = []
        self.columns: list[int] = []
        self.values: list[float] = []
        self.right: list[float] = []

    def add(self, terms: list[tuple[int, float]], right: float) -> None:
        number = len(self.right)
        for column, value in terms:
            self.rows.append(number)
            self.columns.append(column)
            self.values.append(value)
        self.right.append(right)

    def matrix(self, size: int) -> Any:
        return coo_matrix((self.values, (self.rows, self.columns)), shape=(len(self.right), size)).tocsr()


def _limits(programme: _Programme, found: _Found) -> pd.DataFrame:
    """What a little more room at each limit saves of public money: caps by their dual price, the rest solved again."""
    rows: list[tuple[str, str, float, float]] = []
    for number, one in enumerate(programme.sources):
        if one.kind not in PUBLIC or found.cap_prices[number] > LITTLE:
            rows.append(("most", one.name, 1.0, float(found.cap_prices[number])))
    for number, one in enumerate(programme.sources):
        if one.kind == "grant" or one.kind in PUBLIC:
            continue
        step = min(0.01, one.hurdle)
        eased = [x._replace(hurdle=x.hurdle - step) if n == number else x for n, x in enumerate(programme.sources)]
        rows.append(("hurdle", one.name, step, found.public - programme._replace(sources=eased).solve().public))
    if programme.dscr > 0:
        step = min(0.1, programme.dscr)
        rows.append(("dscr", "", step, found.public - programme._replace(dscr=programme.dscr - step).solve().public))
    if programme.private_per_public > 0:
        step = min(0.1, programme.private_per_public)
        eased_rule = programme._replace(private_per_public=programme.private_per_public - step)
        rows.append(("private_per_public", "", step, found.public - eased_rule.solve().public))
    table = pd.DataFrame(rows, columns=["limit", "source", "step", "saves"])
    table["saves"] = table["saves"].where(table["saves"].abs() > LITTLE, 0.0)
    return table


def _too_little(found: _Found, sources: Sequence[Source], money: Money) -> str:
    year = int(np.argmax(found.short > LITTLE * found.missing))
    given = ", ".join(f"{one.name} at most {one.most:,.0f}" for one in sources)
    return (
        f"no mix of these sources pays the plan: {found.missing:,.0f} {money.currency} are missing, first in year {year} "
        f"({given}). Raise what a source gives, add one, let more of the benefit pay back, or lower hurdles or cover."
    )
