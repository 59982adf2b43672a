# SPDX-License-Identifier: Apache-2.0
"""Loans to land users, year by year: what comes back, what fails, what is recovered of that."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from homeground.errors import DataError, Problems
from homeground.finance.instruments.ledger import share
from homeground.finance.instruments.loans import debt_service


class Lending(NamedTuple):
    """Terms on which a fund lends to land users; rates are fractions a year, in money of the day.

    Each loan is paid back in equal parts of principal over `term` years, the first `grace` of them without; in each year the
    part `default` of what is outstanding fails, and `recovery` of that comes back at once.

    Examples
    --------
    >>> Lending(rate=0.05, term=8, grace=1, default=0.03, recovery=0.3).term
    8
    """

    rate: float
    term: int
    grace: int = 0
    default: float = 0.0
    recovery: float = 0.0


def lending_problems(terms: Lending) -> list[str]:
    """What is wrong with terms of lending, one sentence each.

    Parameters
    ----------
    terms : Lending

    Returns
    -------
    list of str

    Examples
    --------
    >>> lending_problems(Lending(rate=5, term=8, default=-0.1))
    ['rate is 5: a fraction from 0 to 1 was expected. Write 5 % as 0.05.', 'default is -0.1: a fraction from 0 to 1 was expected.']
    """
    problems = Problems("lending")
    for name in ("rate", "default", "recovery"):
        share(getattr(terms, name), name, problems)
    if not (math.isfinite(terms.term) and terms.term >= 1 and 0 <= terms.grace < terms.term):
        problems.add(f"years is {terms.term:g} and grace {terms.grace:g}: grace below years of 1 or more was expected.")
    return problems.messages


def loan_book(lent: Sequence[float], terms: Lending) -> pd.DataFrame:
    """What loans of several years bring back, period by period.

    Parameters
    ----------
    lent : sequence of float
        Lent at the end of period 1, 2, ...; 0 or more.
    terms : Lending

    Returns
    -------
    DataFrame
        period (1 to the last payment), lent, interest, principal, failed, recovered, loss (failed less recovered),
        outstanding (at its end), all in the money of `lent`.

    Raises
    ------
    DataError
        A sum lent is negative, or terms that no loan has.

    Notes
    -----
    Of a loan of age k the part (1 - default)^k still pays: interest O(k-1) x rate and principal P(k) of the schedule. What
    fails is default x O(k-1) x (1 - default)^(k-1). So lent = principal + failed.

    Examples
    --------
    >>> book = loan_book([100.0], Lending(rate=0.1, term=2, default=0.1, recovery=0.5))
    >>> book[["interest", "principal", "failed", "recovered"]].round(6).values.tolist()
    [[0.0, 0.0, 0.0, 0.0], [9.0, 45.0, 10.0, 5.0], [4.05, 40.5, 4.5, 2.25]]
    """
    problems = Problems("loans to land users")
    problems.extend(lending_problems(terms))
    given = np.asarray(lent, dtype=float)
    if given.ndim != 1 or not given.size or not (np.isfinite(given) & (given >= 0)).all():
        problems.add(f"sums of 0 or more, one a period, were expected, found {list(lent)}.")
    problems.raise_if_any(DataError)
    periods = given.size + terms.term
    names = ("interest", "principal", "failed", "recovered")
    rows = {name: np.zeros(periods) for name in names}
    interest, principal = debt_service(1.0, rate=terms.rate, periods=terms.term, grace=terms.grace)
    owed = 1.0 - np.concatenate([[0.0], np.cumsum(principal)[:-1]])
    pays = (1 - terms.default) ** np.arange(terms.term + 1)
    of_one = {"interest": interest * pays[1:], "principal": principal * pays[1:]}
    of_one["failed"] = terms.default * owed * pays[:-1]
    of_one["recovered"] = terms.recovery * of_one["failed"]
    for period, amount in enumerate(given):
        for name in names:
            rows[name][period + 1 : period + 1 + terms.term] += amount * of_one[name]
    out = pd.DataFrame({"period": np.arange(1, periods + 1), "lent": np.pad(given, (0, terms.term))} | rows)
    out["loss"] = out["failed"] - out["recovered"]
    left = (out["lent"] - out["principal"] - out["failed"]).cumsum()
    out["outstanding"] = left.where(left.abs() > 1e-9 * max(float(given.sum()), 1.0), 0.0)
    return out
