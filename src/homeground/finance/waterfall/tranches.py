# SPDX-License-Identifier: Apache-2.0
"""The layers of a structure: who is paid first, on which terms; checked together before anything is worked out."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from homeground.errors import DataError, Problems
from homeground.finance.instruments.ledger import share
from homeground.finance.instruments.loans import WAYS

ORDER = ("senior", "mezzanine", "concessional", "equity")  # paid in this order, losses the other way round


class Tranche(NamedTuple):
    """A layer of capital.

    `kind` is senior, mezzanine, concessional or equity; `rate` a period as a fraction; `periods` to the last payment,
    `grace` of them without principal, `way` "equal principal", "annuity" or "bullet". Equity gets what is left, and nothing
    in the first `grace` periods: what it would get waits in the reserve. `public` says that the money is public (for leverage), `household` that it is migrants' own.

    Examples
    --------
    >>> Tranche("bank", "senior", 60.0, rate=0.08, periods=5).kind
    'senior'
    """

    name: str
    kind: str
    amount: float
    rate: float = 0.0
    periods: int = 1
    grace: int = 0
    way: str = "equal principal"
    public: bool = False
    household: bool = False


def check_tranches(tranches: Sequence[Tranche], *, whole: float | None = None) -> None:
    """Refuse layers that cannot stand together, all problems at once.

    Parameters
    ----------
    tranches : sequence of Tranche
    whole : float, optional
        What is to be financed: layers may not be above it.

    Raises
    ------
    DataError
        A kind is unknown, a name stands twice, an amount or rate is negative, there is more than one senior, mezzanine,
        concessional or equity layer, or layers add up to more than the whole.

    Examples
    --------
    >>> check_tranches([Tranche("bank", "senior", 80.0), Tranche("fund", "equity", 30.0)], whole=100.0)
    Traceback (most recent call last):
    ...
    homeground.errors.DataError: tranches: they add up to 110, the whole is 100. Lower one of them.
    """
    problems = Problems("tranches")
    if not tranches:
        problems.add("none is named. Give at least one.")
    for one in tranches:
        if one.kind not in ORDER:
            problems.add(f"{one.name} is of kind {one.kind!r}: {', '.join(ORDER)} were expected.")
        if not (math.isfinite(one.amount) and one.amount >= 0):
            problems.add(f"{one.name}: an amount of 0 or more was expected, found {one.amount}.")
        share(one.rate, f"rate of {one.name}", problems)
        if one.way not in WAYS:
            problems.add(f"{one.name}: way is {one.way!r}: {', '.join(WAYS)} were expected.")
        if not 0 <= one.grace < one.periods:
            problems.add(f"{one.name}: grace is {one.grace} of {one.periods} periods: fewer than all were expected.")
    for what, seen in (("name", [x.name for x in tranches]), ("kind", [x.kind for x in tranches])):
        if doubled := sorted({x for x in seen if seen.count(x) > 1}):
            problems.add(f"{what} {', '.join(doubled)} stands twice. Put them together, or say which is paid first.")
    total = sum(one.amount for one in tranches)
    if whole is not None and total > whole * (1 + 1e-9):
        problems.add(f"they add up to {total:g}, the whole is {whole:g}. Lower one of them.")
    problems.raise_if_any(DataError)
