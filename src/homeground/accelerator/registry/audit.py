# SPDX-License-Identifier: Apache-2.0
"""The log of changes: who changed what, when, from what to what; each entry carries the hash of the one before.

An entry holds up to a thousand changes of one table: ``[key, before, after]``, rows as lists in the order of ``columns``
(the stored columns, then the batch and the line that the values come from); null: no row. What the whole log says must be
what stands in the tables: `verify` plays it through and compares.
"""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from homeground.accelerator.registry.declared import registry_tables, stored_names
from homeground.accelerator.registry.schema import metadata

FIRST = "0" * 64  # what the first entry has for the hash of the one before
ENTRY = 1_000  # changes
Row = list[Any]
Change = tuple[str, Row | None, Row | None]


@dataclass(frozen=True)
class Told:
    """One change as people read it: columns that differ, with what stood before and after."""

    at: str
    actor: str
    batch: int
    table: str
    key: str
    what: str  # added, changed or removed
    before: dict[str, Any]
    after: dict[str, Any]


def now() -> str:
    """The time, in UTC, to the second.

    Returns
    -------
    str

    Examples
    --------
    >>> len(now())
    20
    """
    return datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def columns_of(name: str) -> tuple[str, ...]:
    """What a row of the log holds: the stored columns, then where the values come from.

    Parameters
    ----------
    name : str

    Returns
    -------
    tuple of str

    Examples
    --------
    >>> columns_of("exchange_rates")
    ('currency', 'year', 'usd', 'source', 'row_batch', 'row_line')
    """
    return (*stored_names(name), "row_batch", "row_line")


def append(
    connection: sa.Connection, *, at: str, actor: str, batch: int, table: str, changes: Sequence[Change]
) -> None:
    """Add changes of one table to the log, within the transaction that makes them.

    Parameters
    ----------
    connection : Connection
    at, actor : str
    batch : int
    table : str
    changes : sequence of Change
    """
    log = metadata().tables["audit_log"]
    last = connection.execute(sa.select(log.c.id, log.c.hash).order_by(log.c.id.desc()).limit(1)).first()
    number, previous = (last[0], last[1]) if last else (0, FIRST)
    entries = []
    for start in range(0, len(changes), ENTRY):
        number += 1
        said = {"columns": columns_of(table), "changes": changes[start : start + ENTRY]}
        text = json.dumps(said, ensure_ascii=False, separators=(",", ":"), default=_plain)
        entry = {"id": number, "at": at, "actor": actor, "batch": batch, "table_name": table, "changes": text}
        entry |= {"previous": previous, "hash": _hash(entry, previous)}
        previous = str(entry["hash"])
        entries.append(entry)
    if entries:
        connection.execute(log.insert(), entries)


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime.date) else str(value)


def _hash(entry: dict[str, Any], previous: str) -> str:
    said = [entry[name] for name in ("id", "at", "actor", "batch", "table_name", "changes")]
    return hashlib.sha256(json.dumps([*said, previous], ensure_ascii=False).encode("utf-8")).hexdigest()


def changes_of(connection: sa.Connection, batch: int | None = None) -> Iterator[tuple[Any, list[Change]]]:
    """Entries of the log with their changes, in the order in which they were made.

    Parameters
    ----------
    connection : Connection
    batch : int, optional
        Of this import or writing alone.

    Yields
    ------
    (Row, list of Change)
    """
    log = metadata().tables["audit_log"]
    asked = sa.select(log).order_by(log.c.id)
    if batch is not None:
        asked = asked.where(log.c.batch == batch)
    for entry in connection.execute(asked):
        said = json.loads(entry.changes)
        yield entry, [_as_now(entry.table_name, said["columns"], change) for change in said["changes"]]


def _as_now(table: str, columns: list[str], change: list[Any]) -> Change:
    """A change in the columns of today: those that came later are empty."""
    names = columns_of(table) if table in registry_tables() else tuple(columns)
    if list(names) == columns:
        return change[0], change[1], change[2]
    key, before, after = change
    rows = [None if row is None else dict(zip(columns, row, strict=True)) for row in (before, after)]
    laid = [None if row is None else [row.get(name) for name in names] for row in rows]
    return key, laid[0], laid[1]


def tell(connection: sa.Connection, *, table: str | None = None, key: str | None = None) -> Iterator[Told]:
    """Every change as people read it.

    Parameters
    ----------
    connection : Connection
    table, key : str, optional
        Of this table or row alone.

    Yields
    ------
    Told
    """
    for entry, changes in changes_of(connection):
        if table is not None and entry.table_name != table:
            continue
        names = columns_of(entry.table_name)[:-2]
        for name, before, after in changes:
            if key is None or name == key:
                old, new = (dict(zip(names, row or [None] * len(names), strict=False)) for row in (before, after))
                differ = [column for column in names if old[column] != new[column]]
                what = "added" if before is None else "removed" if after is None else "changed"
                yield Told(
                    entry.at, entry.actor, entry.batch, entry.table_name, name, what,
                    {column: old[column] for column in differ}, {column: new[column] for column in differ},
                )  # fmt: skip


def verify(connection: sa.Connection) -> list[str]:
    """What is wrong with the log, or with tables that differ from what it says; empty where all holds.

    Parameters
    ----------
    connection : Connection

    Returns
    -------
    list of str
        One sentence each.
    """
    problems: list[str] = []
    previous, number = FIRST, 0
    states: dict[str, dict[str, Row]] = {name: {} for name in registry_tables()}
    for entry, changes in changes_of(connection):
        number += 1
        if entry.id != number:
            problems.append(f"entries {number} to {entry.id - 1} of the log are missing.")
            number = entry.id
        if entry.previous != previous or entry.hash != _hash(entry._asdict(), entry.previous):
            problems.append(f"entry {entry.id} of the log ({entry.at}, {entry.actor}) is not as it was written.")
        previous = entry.hash
        state = states.setdefault(entry.table_name, {})
        for key, before, after in changes:
            if state.get(key) != before:
                problems.append(f"entry {entry.id} changes {entry.table_name} {key} from what it was not.")
            if after is None:
                state.pop(key, None)
            else:
                state[key] = after
    for name in registry_tables():
        problems += _differences(connection, name, states[name])
    return problems


def _differences(connection: sa.Connection, name: str, state: dict[str, Row]) -> Iterable[str]:
    table = metadata().tables[name]
    asked = sa.select(table.c.row_key, *(table.c[column] for column in columns_of(name)))
    strange = []
    for row in connection.execute(asked):
        if state.pop(row[0], None) != as_logged(row[1:]):
            strange.append(str(row[0]))
    for keys, said in ((strange, "not what the log says"), (list(state), "gone, and the log does not say so")):
        if keys:
            more = f" and {len(keys) - 5} more" if len(keys) > 5 else ""
            yield f"{name}: {', '.join(sorted(keys)[:5])}{more}: {said}."


def as_logged(values: Iterable[Any]) -> Row:
    """Values of a row as the log keeps them.

    Parameters
    ----------
    values : iterable

    Returns
    -------
    list

    Examples
    --------
    >>> as_logged([datetime.date(2024, 1, 31), 5, None])
    ['2024-01-31', 5, None]
    """
    return [value.isoformat() if isinstance(value, datetime.date) else value for value in values]
