# SPDX-License-Identifier: Apache-2.0
"""Money that came by a link in one currency and went on in another: netted by the rates that are stated, else told.

The value between two currencies is that of their rates to the dollar in ``exchange_rates``, of the years of the money itself.
Nothing is netted by a rate that nobody stated.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd

from homeground.accelerator.ladder.dollars import Rates, usd_for_smallest_unit
from homeground.accelerator.ladder.grouping import sum_by
from homeground.numbers.money import minor_digits

CROSSINGS = (
    *(
        "project",
        "step",
        "givers",
        "from_currency",
        "from_minor",
        "currency",
        "linked_minor",
        "rate",
        "years",
        "lacking",
    ),
)
PLACE = ["project", "step"]


@dataclass
class _Money:
    """Money of one project, step and currency: how much is not yet set against other, and what a unit is worth in dollars."""

    left: int
    usd: Fraction | None
    years: str
    lacking: tuple[str, ...] = ()
    givers: tuple[str, ...] = field(default=())


def crossings(cells: pd.DataFrame, came: pd.DataFrame, gone: pd.DataFrame, rates: Rates) -> pd.DataFrame:
    """What came in one currency and went on in another.

    Parameters
    ----------
    cells : DataFrame
        project, step, currency, amount_minor, linked_minor: what projects tell, and what of it is netted in its currency.
    came : DataFrame
        Links: project (that takes), giver, step, currency, rate_year, amount_minor.
    gone : DataFrame
        Rows that projects tell: project, step, currency, rate_year, amount_minor.
    rates : mapping of (str, int) to Decimal
        Dollars for one unit by currency and year.

    Returns
    -------
    DataFrame
        `CROSSINGS`: of ``from_minor`` (smallest units of from_currency) ``linked_minor`` of currency is the worth. ``rate`` is in
        units of currency for one of from_currency; where a rate is ``lacking`` ("XOF 2023") it is missing and nothing is
        netted. Currencies are set against each other in the order of their codes.

    Notes
    -----
    What is left of what came is worth, at most, what is left of what went on. Money of several years has their mean rate,
    weighted by the amounts. Parts are rounded half to even to the smallest unit, in fractions.

    Examples
    --------
    >>> from decimal import Decimal
    >>> cells = pd.DataFrame({"project": ["B"], "step": "spent", "currency": "XOF", "amount_minor": [700_000], "linked_minor": [0]})
    >>> came = pd.DataFrame({"project": ["B"], "giver": "A", "step": "spent", "currency": "EUR", "rate_year": 2023,
    ...     "amount_minor": [100_000]})
    >>> rates = {("EUR", 2023): Decimal("1.1"), ("XOF", 2023): Decimal("0.0016")}
    >>> found = crossings(cells, came, cells.assign(rate_year=2023), rates)
    >>> found["from_minor"].item(), found["linked_minor"].item(), found["rate"].item()
    (100000, 687500, 687.5)
    """
    pairs = _apart(cells, came)
    rows: list[dict[str, Any]] = []
    for (project, step), own in pairs.groupby(PLACE, sort=True):
        into = {str(c): _came(came, project, step, str(c), int(left), rates)
                for c, left in own.drop_duplicates("from_currency")[["from_currency", "over"]].values}  # fmt: skip
        out = {str(c): _gone(gone, project, step, str(c), int(left), rates)
               for c, left in own.drop_duplicates("currency")[["currency", "left"]].values}  # fmt: skip
        for told in _set_against(into, out):
            rows.append({"project": project, "step": step, **told})
    return pd.DataFrame(rows, columns=list(CROSSINGS)).astype(
        {"from_minor": "int64", "linked_minor": "int64", "rate": "float64"}
    )


def told_in_two_currencies(links: pd.DataFrame, out: pd.DataFrame, into: pd.DataFrame, rates: Rates) -> pd.Series[int]:
    """What the giver of a link tells in its currency of money that the taker tells of in another.

    Parameters
    ----------
    links : DataFrame
        giver, taker, step, currency, amount_minor; amount_minor_out and amount_minor_in (missing where that end does not
        tell in this currency).
    out, into : DataFrame
        giver, taker, step, currency, rate_year, amount_minor: as givers and as takers tell.
    rates : mapping of (str, int) to Decimal

    Returns
    -------
    Series of int64
        For each link, at most its amount: smallest units of its currency. 0 where a rate is not stated.

    Notes
    -----
    A currency that both ends use is left alone, for there the greater of the two amounts is the link already.

    Examples
    --------
    >>> from decimal import Decimal
    >>> one = {"giver": ["A"], "taker": ["B"], "step": ["spent"], "rate_year": [2023]}
    >>> out = pd.DataFrame(one | {"currency": ["EUR"], "amount_minor": [100_000]})
    >>> into = pd.DataFrame(one | {"currency": ["XOF"], "amount_minor": [550_000]})
    >>> links = pd.concat([out.assign(amount_minor_out=100_000), into.assign(amount_minor_in=550_000)], ignore_index=True)
    >>> rates = {("EUR", 2023): Decimal("1.1"), ("XOF", 2023): Decimal("0.0016")}
    >>> told_in_two_currencies(links, out, into, rates).tolist()
    [80000, 0]
    """
    twice = pd.Series(0, links.index, dtype="int64")
    pair = ["giver", "taker", "step"]
    given = links[links["amount_minor_in"].isna() & (links["amount_minor"] > 0)]
    taken = links[links["amount_minor_out"].isna() & (links["amount_minor"] > 0)]
    both = given[pair].merge(taken[pair]).drop_duplicates()
    for one in both.itertuples(index=False):
        mine, theirs = (part[(part[pair] == list(one)).all(axis=1)] for part in (given, taken))
        worth = Fraction(0)
        for currency, left in theirs[["currency", "amount_minor"]].to_numpy().tolist():
            unit = _unit_of(into, one, str(currency), rates)
            worth += int(left) * (unit or 0)
        mine = mine.sort_values("currency")
        for place, currency, left in zip(mine.index.tolist(), mine["currency"], mine["amount_minor"], strict=True):
            if unit := _unit_of(out, one, str(currency), rates):
                less = min(int(left), round(worth / unit))
                twice.loc[place] = less
                worth -= less * unit
    return twice


def _unit_of(told: pd.DataFrame, one: Sequence[Any], currency: str, rates: Rates) -> Fraction | None:
    giver, taker, step = one
    own = (told["giver"] == giver) & (told["taker"] == taker) & (told["step"] == step) & (told["currency"] == currency)
    return _worth(told[own], currency, 0, rates).usd


def _apart(cells: pd.DataFrame, came: pd.DataFrame) -> pd.DataFrame:
    """Money that came and is not netted in its currency, beside money in other currencies that went on and is not."""
    into = sum_by(came, [*PLACE, "currency"], ["amount_minor"]).rename(columns={"amount_minor": "into"})
    own = cells[[*PLACE, "currency", "amount_minor", "linked_minor"]]
    into = into.merge(own[[*PLACE, "currency", "linked_minor"]], on=[*PLACE, "currency"], how="left")
    over = into.assign(
        over=into["into"] - into["linked_minor"].fillna(0).astype("int64"), from_currency=into["currency"]
    )
    over = over.loc[over["over"] > 0, [*PLACE, "from_currency", "over"]]
    gone = own.assign(left=own["amount_minor"].clip(lower=0) - own["linked_minor"])
    pairs = over.merge(gone.loc[gone["left"] > 0, [*PLACE, "currency", "left"]], on=PLACE)
    pairs = pairs[pairs["from_currency"].astype("str") != pairs["currency"].astype("str")]
    return pairs.sort_values([*PLACE, "from_currency", "currency"], kind="stable")


def _came(came: pd.DataFrame, project: Any, step: Any, currency: str, left: int, rates: Rates) -> _Money:
    rows = came[(came["project"] == project) & (came["step"] == step) & (came["currency"] == currency)]
    money = _worth(rows, currency, left, rates)
    money.givers = tuple(sorted(set(rows["giver"].astype("str"))))
    return money


def _gone(gone: pd.DataFrame, project: Any, step: Any, currency: str, left: int, rates: Rates) -> _Money:
    rows = gone[(gone["project"] == project) & (gone["step"] == step) & (gone["currency"] == currency)]
    return _worth(rows[rows["amount_minor"] > 0], currency, left, rates)


def _worth(rows: pd.DataFrame, currency: str, left: int, rates: Rates) -> _Money:
    """What a smallest unit is worth in dollars: the mean over the years of the money."""
    by_year = rows.groupby("rate_year")["amount_minor"].sum()
    by_year = by_year[by_year != 0]
    usd, lacking = Fraction(0), []
    for year, amount in by_year.items():
        rate = usd_for_smallest_unit(currency, int(str(year)), rates)
        if not rate:  # none, or a rate of nothing
            lacking.append(f"{currency} {year}" if year else currency)
        else:
            usd += int(amount) * Fraction(rate)
    total = int(by_year.sum())
    years = ", ".join(str(year) for year in by_year.index if year)
    return _Money(left, None if lacking or usd <= 0 or total <= 0 else usd / total, years, tuple(lacking))


def _set_against(into: Mapping[str, _Money], out: Mapping[str, _Money]) -> Iterator[dict[str, Any]]:
    for from_currency, came in into.items():
        for currency, gone in out.items():
            if currency == from_currency or came.left <= 0 or gone.left <= 0:
                continue
            told = {"givers": ", ".join(came.givers), "from_currency": from_currency, "currency": currency,
                    "years": ", ".join(sorted({*came.years.split(", "), *gone.years.split(", ")} - {""}))}  # fmt: skip
            if came.usd is None or gone.usd is None:
                lacking = dict.fromkeys((*came.lacking, *gone.lacking))
                yield told | {"from_minor": came.left, "linked_minor": 0, "rate": np.nan, "lacking": ", ".join(lacking)}
                continue
            each = came.usd / gone.usd  # smallest units that went on for one that came
            worth = came.left * each
            linked = round(worth) if worth <= gone.left else gone.left
            used = came.left if worth <= gone.left else round(gone.left / each)
            units = Fraction(10) ** (minor_digits(from_currency) - minor_digits(currency))
            came.left, gone.left = came.left - used, gone.left - linked
            yield told | {"from_minor": used, "linked_minor": linked, "rate": float(each * units), "lacking": ""}
