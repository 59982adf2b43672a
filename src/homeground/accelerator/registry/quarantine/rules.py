# SPDX-License-Identifier: Apache-2.0
"""What rows must be among themselves and beside what is in the registry: keys, references, currencies, shares, dates."""

from __future__ import annotations

import datetime
import difflib
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol

import pandas as pd

from homeground.accelerator.cooperation.checks import check_rows
from homeground.accelerator.cooperation.persons import BY_ROLE, FIX, not_a_role
from homeground.accelerator.cooperation.tables import cooperation_tables, table_of
from homeground.accelerator.registry.declared import MONEY, registry_tables, row_key
from homeground.accelerator.registry.quarantine.reading import Parsed
from homeground.accelerator.registry.quarantine.values import LARGEST, Fault
from homeground.errors import DataError
from homeground.numbers.money import to_minor

SHARES = {
    "project_countries": ("project",),
    "project_pillars": ("project",),
    "project_sectors": ("project", "vocabulary"),
}  # percentages that sum to 100, and within what
DUST = Decimal("0.000001")  # of a percentage: shares are kept as floats
TOLERATED = Decimal("0.01")  # thirds: 8 of 1,544 real activities sum to 99.99 or 100.01
BY_PROJECT = ("transactions",)  # tables whose currency, where empty, is that of the project
NEAR = 50  # lost references for which the nearest is looked up
NOT_TO_COME = {"transactions": ("date", "confirmed_on"), "pledges": ("source_date",)}


class Stored(Protocol):
    """What is in the registry already; None: it is not known, so nothing is held against it."""

    def values(self, table: str, column: str) -> Collection[str] | None: ...

    def project_currencies(self) -> Mapping[str, str] | None: ...

    def shares(self, table: str, projects: Collection[str]) -> Iterable[Mapping[str, Any]]: ...


@dataclass(frozen=True)
class Unknown:
    """No registry: a file is looked at by itself."""

    def values(self, table: str, column: str) -> None:
        """Nothing is known."""

    def project_currencies(self) -> None:
        """Nothing is known."""

    def shares(self, table: str, projects: Collection[str]) -> Iterable[Mapping[str, Any]]:
        return ()


def hold(parsed: Sequence[Parsed], stored: Stored, *, today: datetime.date | None = None) -> None:
    """Hold rows against each other and against the registry; what is wrong is added to their issues.

    Money comes out in the smallest units of its currency, under ``<column>_minor``.

    Parameters
    ----------
    parsed : sequence of Parsed
        Of all files that are brought together, in any order.
    stored : Stored
    today : date, optional
        Dates after it are told.

    Examples
    --------
    >>> rates = Parsed("a.csv", "exchange_rates", [2, 3], {"currency": ["EUR"] * 2, "year": [2021] * 2,
    ...                "usd": [Decimal("1.1"), Decimal("1.2")], "source": ["made"] * 2})
    >>> hold([rates], Unknown())
    >>> [(issue.line, issue.rule) for issue in rates.issues], rates.good()
    ([(2, 'key'), (3, 'key')], [])
    """
    day = today or datetime.datetime.now(datetime.UTC).date()
    for name in registry_tables():
        own = [one for one in parsed if one.table == name]
        if not own:
            continue
        _keys(name, own)
        _references(name, own, parsed, stored)
        for one in own:
            _dates(one, day)
            _currencies(one, parsed, stored)
        if name in SHARES:
            _shares(name, own, stored)
        if name == "projects":
            _identifiers(own)
        if name in cooperation_tables():
            for one in own:
                _cooperation(one)
        for column in BY_ROLE.get(name, ()):
            for one in own:
                _role(one, column)


def _keys(name: str, own: Sequence[Parsed]) -> None:
    """The same key twice: told where the rows are the same, refused where they are not."""
    key = registry_tables()[name].table.key
    seen: dict[str, list[tuple[Parsed, int]]] = defaultdict(list)
    for one in own:
        for place, values in enumerate(zip(*(one.columns[column] for column in key), strict=True)):
            if None not in values:
                seen[row_key(values)].append((one, place))
    for text, rows in seen.items():
        if len(rows) == 1:
            continue
        held = [{c: v[place] for c, v in one.columns.items() if v[place] is not None} for one, place in rows]
        differ = sorted({c for other in held for c in other | held[0] if other.get(c) != held[0].get(c)})
        where = ", ".join(f"{one.file} line {one.lines[place]}" for one, place in rows[:4])
        for i, (one, place) in enumerate(rows):
            if differ:
                said = f"{text} stands {len(rows)} times ({where}) and {', '.join(differ)} differ"
                one.tell(Fault(place, "key", "error", said, "Keep the one that is right."), ", ".join(key))
            elif i:
                one.twice.add(place)
                one.tell(Fault(place, "key", "notice", f"{text} stands twice ({where})", "Keep one."), ", ".join(key))


def _dates(one: Parsed, day: datetime.date) -> None:
    columns = one.columns
    for column in NOT_TO_COME.get(one.table, ()):
        for place, value in enumerate(columns.get(column, ())):
            if value is not None and value > day:
                one.tell(Fault(place, "dates", "warning", f"{value} is to come", "Look at the year."), column)
    if "start" in columns and "end" in columns:
        for place, (start, end) in enumerate(zip(columns["start"], columns["end"], strict=True)):
            if start is not None and end is not None and end < start:
                said = f"it ends ({end}) before it starts ({start})"
                one.tell(Fault(place, "dates", "warning", said, "Look whether they have changed places."), "end")


def _currencies(one: Parsed, parsed: Sequence[Parsed], stored: Stored) -> None:
    """Money in the smallest units of its currency; where a transaction names none, in that of its project."""
    declared = registry_tables()[one.table].table.columns
    money = [c.column for c in declared if c.unit == MONEY and {c.column, f"{c.column}_minor"} & set(one.columns)]
    if not money:
        return
    n = len(one.lines)
    codes = one.columns.setdefault("currency", [None] * n)
    unknown = False
    if one.table in BY_PROJECT and None in codes:
        unknown = _from_projects(one, codes, parsed, stored)
    lost = {i.line for i in one.issues if i.rule == "currency" or (i.rule, i.path) == ("reference", "project")}
    for column in money:
        name = f"{column}_minor"
        if name not in one.columns:
            amounts = one.columns.pop(column)
            one.columns[name] = _converted(one, column, amounts, codes)
        else:
            amounts = one.columns[name]
        for place, amount in enumerate(amounts):
            if amount is None or (amount and codes[place] is not None):
                continue
            if codes[place] is None:
                if unknown or one.lines[place] in lost:
                    continue  # told already
                said = "an amount without a currency"
                said += ", and the project has none either" if one.table in BY_PROJECT else ""
                one.tell(Fault(place, "currency", "error", said, "Write a code such as XOF or USD."), "currency")
            elif amount == 0 and one.table == "transactions" and place not in one.left_out:
                fix = "Nothing, if it is meant: it is legal."
                one.tell(Fault(place, "zero", "warning", "a transaction of nothing", fix), column)


def _from_projects(one: Parsed, codes: list[Any], parsed: Sequence[Parsed], stored: Stored) -> bool:
    """Fill in currencies of the projects; whether nothing is known of them."""
    standing = stored.project_currencies()
    own = dict(standing or {})
    brought = [other for other in parsed if other.table == "projects"]
    for other in brought:
        if "currency" in other.columns:
            own |= {other.columns["project"][i]: c for i in other.good() if (c := other.columns["currency"][i])}
    projects = one.columns["project"]
    codes[:] = [own.get(projects[i]) if code is None else code for i, code in enumerate(codes)]
    return standing is None and not brought


def _converted(one: Parsed, column: str, amounts: Sequence[Any], codes: Sequence[Any]) -> list[int | None]:
    minor: list[int | None] = [None] * len(amounts)
    for place, (amount, code) in enumerate(zip(amounts, codes, strict=True)):
        if amount is None or code is None:
            continue
        try:
            found = to_minor(amount, code)
        except DataError as error:
            one.tell(Fault(place, "amount", "error", str(error), "Round it to what the currency has."), column)
            continue
        minor[place] = found
        if abs(found) > LARGEST:
            one.tell(Fault(place, "bounds", "error", f"{amount} is beyond what is kept", "Look at it."), column)
    return minor


def _references(name: str, own: Sequence[Parsed], parsed: Sequence[Parsed], stored: Stored) -> None:
    """What a row refers to must be in the registry or among the rows that are taken."""
    numbers = {id(one): number for number, one in enumerate(own)}
    for column, (other, theirs) in registry_tables()[name].refers.items():
        standing = stored.values(other, theirs)
        brought = [one for one in parsed if one.table == other]
        if standing is None and not brought:
            for one in own:
                if any(value is not None for value in one.columns.get(column, ())):
                    said = f"{other} were not given, so {column} was not looked up"
                    one.tell(Fault(-1, "reference", "notice", said, f"Give {other} too, or --registry."), column)
            continue
        told: set[tuple[int, int]] = set()
        while True:
            known = set(standing or ())
            for one in brought:
                known |= {one.columns[theirs][place] for place in one.good()}
            lost = [
                (one, place, value)
                for number, one in enumerate(own)
                for place, value in enumerate(one.columns.get(column, ()))
                if value is not None and value not in known and (number, place) not in told
            ]
            told |= {(numbers[id(one)], place) for one, place, _ in lost}
            _tell_lost(lost, column, other, known)
            if not lost or other != name:
                break


def _tell_lost(lost: Sequence[tuple[Parsed, int, str]], column: str, other: str, known: Collection[str]) -> None:
    for one, place, value in lost:
        near = difflib.get_close_matches(value, known, n=1, cutoff=0.8) if len(lost) <= NEAR else []
        fix = f'Did you mean "{near[0]}"?' if near else f"Add it to {other} first."
        said = f'"{value[:60]}" is not among the {other} of the registry or of these files'
        one.tell(Fault(place, "reference", "error", said, fix), column)


def _shares(name: str, own: Sequence[Parsed], stored: Stored) -> None:
    """Shares sum to 100 within each project, with those that stand in the registry and are not given anew."""
    within, key = SHARES[name], registry_tables()[name].table.key
    groups: dict[tuple[Any, ...], list[tuple[Parsed, int]]] = defaultdict(list)
    for one in own:
        for place in one.good():
            groups[tuple(one.columns[column][place] for column in within)].append((one, place))
    given = {tuple(one.columns[c][place] for c in key) for one in own for place in one.good()}
    standing: dict[tuple[Any, ...], list[Mapping[str, Any]]] = defaultdict(list)
    for row in stored.shares(name, {group[0] for group in groups}):
        if tuple(row[c] for c in key) not in given:
            standing[tuple(row[c] for c in within)].append(row)
    for group, rows in groups.items():
        values = [one.columns.get("share", [None] * len(one.lines))[place] for one, place in rows]
        values += [row["share"] for row in standing[group]]
        if values == [None]:
            continue
        total = sum((Decimal(str(value)) for value in values if value is not None), Decimal())
        off = abs(total - 100)
        if off <= DUST and None not in values:
            continue
        also = "".join(f"; {row[key[-1]]} {row['share']} stands in the registry" for row in standing[group][:5])
        said = f"shares of {', '.join(map(str, group))} sum to {total.normalize():f}{also}"
        severity = "warning" if off <= TOLERATED else "error"
        if None in values:
            undivided = not any(value is not None for value in values)  # several purposes and no word of how much each
            severity = "warning" if undivided else "error"
            said = (
                f"{', '.join(map(str, group))} has {len(values)} shares and all are empty"
                if undivided
                else f"{said}, and some are empty"
            )
        fix = "Write shares that sum to 100; 0 for one that no longer holds."
        for one, place in rows:
            one.tell(Fault(place, "shares", severity, said, fix), "share")


def _identifiers(own: Sequence[Parsed]) -> None:
    for one in own:
        for place, value in enumerate(one.columns["project"]):
            if value is not None and any(sign.isspace() for sign in value):
                said = f'the identifier "{value[:60]}" has blanks, which IATI files may not have'
                one.tell(Fault(place, "identifier", "warning", said, "Write it without, everywhere."), "project")


def _cooperation(one: Parsed) -> None:
    """No persons, no role that is none, days in order, no card published by who submitted it."""
    given = pd.DataFrame({name: pd.Series(values, dtype=object) for name, values in one.columns.items()})
    given.index = pd.Index(range(len(given)))
    for issue in check_rows(given, table_of({one.table: given}, one.table), one.table):
        one.tell(Fault(issue.line, issue.rule, issue.severity, issue.message, issue.fix), issue.path)


def _role(one: Parsed, column: str) -> None:
    """Who did something is told by role; what stood there is not repeated."""
    for place, value in enumerate(one.columns.get(column, ())):
        if value is not None and (found := not_a_role(value)) is not None:
            rule, severity, what = found
            fix = FIX if severity == "error" else "Look; write a role, such as focal point: NER."
            one.tell(Fault(place, rule, severity, f"{column} holds {what}", fix), column)
