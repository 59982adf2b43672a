# SPDX-License-Identifier: Apache-2.0
"""The terms of a trust fund, as its table has them: who puts in what, who is paid first, how the money is lent on."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import pandas as pd

from homeground.catalogue.given import given_table
from homeground.errors import DataError, Problems
from homeground.finance.instruments.loans import WAYS
from homeground.finance.sources import CLASSES, names_own_money
from homeground.finance.trust_fund.lending import Lending, lending_problems
from homeground.finance.waterfall.tranches import ORDER
from homeground.study.model import Study

TABLE = "trust_fund.csv"
GRANT = "grant"
ONCE = ("fund", *ORDER, "reserve", "lending", "carbon")  # kinds that stand in one row at most
PUBLIC = ("public", "climate funds")
UNVERIFIED = 5


class Part(NamedTuple):
    """Money that is put in: a grant, or a tranche that is paid back. `share` of the fund, or an `amount`."""

    name: str
    kind: str
    whose: str
    share: float
    amount: float
    currency: str
    rate: float
    first_year: int
    last_year: int
    way: str


class Fee(NamedTuple):
    """A fee a year, as a fraction of what was paid in."""

    name: str
    rate: float
    first_year: int
    last_year: int


class Terms(NamedTuple):
    """All that a trust fund's table says."""

    size: Part
    parts: tuple[Part, ...]
    fees: tuple[Fee, ...]
    reserve_years: float
    lending: Lending | None
    carbon: float
    unverified: tuple[str, ...]
    sources: tuple[str, ...]

    @property
    def grants(self) -> tuple[Part, ...]:
        """Parts that nobody gets back."""
        return tuple(one for one in self.parts if one.kind == GRANT)

    @property
    def layers(self) -> tuple[Part, ...]:
        """Parts that are paid back, in the order in which they are paid."""
        back = [one for one in self.parts if one.kind != GRANT]
        return tuple(sorted(back, key=lambda one: ORDER.index(one.kind)))


def fund_terms(study: Study) -> Terms | None:
    """The trust fund that a study declares in trust_fund.csv beside its file; None where it declares none.

    Parameters
    ----------
    study : Study

    Returns
    -------
    Terms or None

    Raises
    ------
    DataError
        All problems of the table at once.

    Examples
    --------
    >>> from homeground.study.opening import open_study
    >>> [one.kind for one in fund_terms(open_study("three-s")).layers]
    ['senior', 'mezzanine', 'concessional', 'equity']
    >>> fund_terms(open_study("western-balkans")) is None
    True
    """
    table = given_table(study, TABLE, also=fund_problems)
    return None if table is None else terms_of(table)


def terms_of(table: pd.DataFrame) -> Terms:
    """The terms of a table, checked.

    Parameters
    ----------
    table : DataFrame
        name, kind (fund, grant, senior, mezzanine, concessional, equity, reserve, fees, lending, carbon), source, and as
        far as the kind needs them share or amount and currency, rate, first_year, last_year, way, whose, years, grace,
        default, recovery, quality.

    Returns
    -------
    Terms

    Raises
    ------
    DataError
        All problems at once.

    Examples
    --------
    >>> rows = [{"name": "plan", "kind": "fund", "share": 1.0, "source": "made"},
    ...         {"name": "donors", "kind": "grant", "share": 0.8, "whose": "public", "source": "made"}]
    >>> terms_of(pd.DataFrame(rows)).grants[0].share
    0.8
    """
    problems = Problems("trust fund")
    problems.extend(fund_problems(table))
    problems.raise_if_any(DataError)
    rows = [_filled(row) for row in table.to_dict("records")]
    by_kind: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        by_kind.setdefault(row["kind"], []).append(row)
    fees = tuple(
        Fee(r["name"], r["rate"], _year(r, "first_year"), _year(r, "last_year")) for r in by_kind.get("fees", ())
    )
    lending = next(iter(by_kind.get("lending", ())), None)
    return Terms(
        size=_part(by_kind["fund"][0]),
        parts=tuple(_part(row) for row in rows if row["kind"] in (GRANT, *ORDER)),
        fees=fees,
        reserve_years=next((row["years"] for row in by_kind.get("reserve", ())), 0.0),
        lending=None if lending is None else _lending(lending),
        carbon=next((row["share"] for row in by_kind.get("carbon", ())), 0.0),
        unverified=tuple(row["name"] for row in rows if row["quality"] >= UNVERIFIED),
        sources=tuple(dict.fromkeys(row["source"] for row in rows)),
    )


def fund_problems(table: pd.DataFrame) -> Iterator[str]:
    """What is wrong with the rows of a trust fund, each by itself and together.

    Parameters
    ----------
    table : DataFrame
        As of `terms_of`. An index called row gives the rows of a file that the sentences name.

    Yields
    ------
    str

    Examples
    --------
    >>> rows = [{"name": "plan", "kind": "fund", "share": 1.0}, {"name": "bank", "kind": "senior", "share": 1.2,
    ...          "rate": 0.05, "first_year": 2030, "last_year": 2028, "whose": "private"}]
    >>> for fault in fund_problems(pd.DataFrame(rows)): print(fault)
    bank: share is 1.2: a fraction from 0 to 1 was expected. Write 1.2 % as 0.012.
    bank: it is paid back from 2030 to 2028: the last year is before the first. Turn them round.
    shares add up to 1.2 of the fund, above the whole. Lower one of them.
    bank must be paid back, and no row of kind lending says how its money is lent on. Add one.
    """
    rows = [_filled(row) for row in table.to_dict("records")]
    named = table.index.name == "row"
    for number, row in zip(table.index, rows, strict=True):
        where = f"{row['name']} (row {number})" if named else row["name"]
        yield from (f"{where}: {fault}" for fault in _faults(row))
    yield from _together(rows)


def _faults(row: Mapping[str, Any]) -> Iterator[str]:
    kind = row["kind"]
    known = ("fund", GRANT, *ORDER, "reserve", "fees", "lending", "carbon")
    if kind not in known:
        yield f'kind "{kind}" is unknown: {", ".join(known)} were expected.'
        return
    if kind in ("fund", GRANT, *ORDER, "carbon"):
        yield from _how_much(row)
    if kind in (GRANT, *ORDER):
        if row["whose"] not in CLASSES:
            yield f'whose is "{row["whose"]}": {", ".join(CLASSES)} were expected.'
        elif row["whose"] != "household" and names_own_money(row["name"]):
            yield "remittances and diaspora money are households' own. Set whose to household."
    if kind in (*ORDER[:3], "fees") and not 0 <= row["rate"] <= 1:
        yield f"rate is {row['rate']:g}: a fraction from 0 to 1 was expected.{_hint(row['rate'])}"
    if kind in (*ORDER[:3], "fees"):
        first, last = row["first_year"], row["last_year"]
        if math.isnan(first) or math.isnan(last):
            yield "first_year and last_year are needed: the years in which it is paid."
        elif last < first:
            yield f"it is paid back from {first:g} to {last:g}: the last year is before the first. Turn them round."
    if kind in ORDER[:3] and row["way"] not in WAYS:
        yield f'way is "{row["way"]}": {", ".join(WAYS)} were expected.'
    if kind == "reserve" and not 0 <= row["years"] <= 10:
        yield f"years is {row['years']:g}: 0 to 10 years of senior debt service were expected."
    if kind == "lending":
        yield from _lending_faults(row)


def _how_much(row: Mapping[str, Any]) -> Iterator[str]:
    share, amount = row["share"], row["amount"]
    if math.isnan(share) == math.isnan(amount) or (row["kind"] == "carbon" and math.isnan(share)):
        yield "share or amount was expected, one of the two." if row["kind"] != "carbon" else "share was expected."
    elif not math.isnan(share) and not 0 <= share <= 1:
        yield f"share is {share:g}: a fraction from 0 to 1 was expected.{_hint(share)}"
    elif not math.isnan(amount) and not (0 <= amount < math.inf and row["currency"]):
        yield (
            f"an amount of 0 or more with its currency was expected, found {amount:g} {row['currency']}".rstrip() + "."
        )


def _lending_faults(row: Mapping[str, Any]) -> Iterator[str]:
    for name in ("rate", "years", "default", "recovery"):
        if math.isnan(row[name]):
            yield f"{name} is needed."
    for name in ("years", "grace"):
        if not math.isnan(row[name]) and row[name] != int(row[name]):
            yield f"{name} is {row[name]:g}: whole years were expected."
    if not any(math.isnan(row[name]) for name in ("rate", "years", "default", "recovery")):
        yield from lending_problems(_lending(row))


def _together(rows: list[dict[str, Any]]) -> Iterator[str]:
    kinds = [row["kind"] for row in rows]
    if "fund" not in kinds:
        yield "no row of kind fund says how much of the plan goes through it. Add one, with share or amount."
    if not any(kind in (GRANT, *ORDER) for kind in kinds):
        yield "nobody puts money in. Add a row of kind grant, or a tranche."
    if doubled := [kind for kind in ONCE if kinds.count(kind) > 1]:
        yield f"kind {', '.join(doubled)} stands twice. Put the rows together."
    names = [row["name"] for row in rows if row["kind"] in (GRANT, *ORDER)]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        yield f"name {', '.join(twice)} stands twice. Give each its own."
    parts = [row for row in rows if row["kind"] in (GRANT, *ORDER)]
    whole = sum(row["share"] for row in parts if not math.isnan(row["share"]))
    if whole > 1 + 1e-9:
        yield f"shares add up to {whole:g} of the fund, above the whole. Lower one of them."
    money = sorted({row["currency"] for row in rows if row["currency"]})
    if len(money) > 1:
        yield f"amounts are in {' and '.join(money)}. Convert them to one currency first."
    back = [row["name"] for row in rows if row["kind"] in ORDER]
    if back and "lending" not in kinds:
        yield f"{', '.join(back)} must be paid back, and no row of kind lending says how its money is lent on. Add one."


def _filled(row: Mapping[Any, Any]) -> dict[str, Any]:
    """A row with every column: absent numbers NaN, absent words empty."""
    numbers = ("share", "amount", "rate", "first_year", "last_year", "years", "grace", "default", "recovery", "quality")
    out: dict[str, Any] = {name: _number(row.get(name)) for name in numbers}
    for name in ("name", "kind", "currency", "way", "whose", "source"):
        value = row.get(name)
        out[name] = "" if value is None or pd.isna(value) else str(value)
    out["way"] = out["way"] or WAYS[0]
    out["grace"] = 0.0 if math.isnan(out["grace"]) else out["grace"]
    out["quality"] = UNVERIFIED if math.isnan(out["quality"]) else int(out["quality"])
    return out


def _number(value: Any) -> float:
    return math.nan if value is None or pd.isna(value) else float(value)


def _year(row: Mapping[str, Any], name: str) -> int:
    return 0 if math.isnan(row[name]) else int(row[name])


def _part(row: Mapping[str, Any]) -> Part:
    words = (row["name"], row["kind"], row["whose"], row["share"], row["amount"], row["currency"])
    rate = 0.0 if math.isnan(row["rate"]) else row["rate"]
    return Part(*words, rate, _year(row, "first_year"), _year(row, "last_year"), row["way"])


def _lending(row: Mapping[str, Any]) -> Lending:
    return Lending(row["rate"], int(row["years"]), int(row["grace"]), row["default"], row["recovery"])


def _hint(value: float) -> str:
    return f" Write {value:g} % as {value / 100:g}." if value > 1 else ""
