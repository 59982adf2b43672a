# SPDX-License-Identifier: Apache-2.0
"""Rows into the tables, in the transaction of the caller: added, changed or the same, each change in the log."""

from __future__ import annotations

import datetime
import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cache
from typing import Any

import sqlalchemy as sa

from homeground.accelerator.cooperation.persons import not_a_role
from homeground.accelerator.issues import Issue
from homeground.accelerator.registry import audit
from homeground.accelerator.registry.declared import registry_tables, row_key, stored_names
from homeground.accelerator.registry.schema import metadata
from homeground.errors import DataError

AT_ONCE = 500  # keys in one question, rows in one statement


@dataclass
class Batch:
    """One import or writing: who, from what, and what came of it."""

    id: int
    at: str
    actor: str
    kind: str
    source: str
    sha256: str | None = None
    undoes: int | None = None
    added: int = 0
    changed: int = 0
    removed: int = 0
    same: int = 0
    left_out: int = 0
    issues: list[Issue] = field(default_factory=list)


@dataclass
class Rows:
    """Rows of one table in stored columns; ``versions``: what each row was when it was read (None: whatever it is)."""

    table: str
    columns: tuple[str, ...]
    values: list[tuple[Any, ...]]
    lines: Sequence[int | None]
    versions: Sequence[int | None] | None = None
    keeps: frozenset[str] = frozenset()  # columns in which nothing, or the key once more, leaves what stands


class InRegistry:
    """What stands in the registry, as `rules.hold` asks for it; what was asked once is kept for the transaction."""

    def __init__(self, connection: sa.Connection) -> None:
        self.connection = connection
        self.known: dict[tuple[str, str], set[str]] = {}

    def values(self, table: str, column: str) -> Collection[str]:
        """Values of a column that others refer to."""
        if (table, column) not in self.known:
            asked = sa.select(metadata().tables[table].c[column]).distinct()
            self.known[table, column] = set(self.connection.execute(asked).scalars())
        return self.known[table, column]

    def project_currencies(self) -> Mapping[str, str]:
        """Currency by project, where it has one."""
        projects = metadata().tables["projects"].c
        asked = sa.select(projects.project, projects.currency).where(projects.currency.is_not(None))
        return {row[0]: row[1] for row in self.connection.execute(asked)}

    def shares(self, table: str, projects: Collection[str]) -> Iterable[Mapping[str, Any]]:
        """Rows of a table of shares, of some projects."""
        found = metadata().tables[table]
        for part in _parts(sorted(projects)):
            rows = self.connection.execute(sa.select(found).where(found.c.project.in_(part)))
            yield from (row._asdict() for row in rows)


def new_batch(connection: sa.Connection, *, actor: str, kind: str, source: str, **more: Any) -> Batch:
    """The next batch of a registry; `close_batch` writes it down.

    Parameters
    ----------
    connection : Connection
        That alone may write.
    actor : str
        The role of who does it.
    kind, source : str
    **more
        Of `Batch`.

    Returns
    -------
    Batch
    """
    batches = metadata().tables["batches"]
    last = connection.execute(sa.select(sa.func.max(batches.c.id))).scalar()
    actor = " ".join(actor.split())
    if not actor:
        raise DataError("nobody said who does this. Give a role, such as focal point: NER.")
    if (found := not_a_role(actor)) is not None and found[1] == "error":  # the log keeps it for good
        raise DataError(f"who does this holds {found[2]}. Give a role, such as focal point: NER.")
    return Batch((last or 0) + 1, audit.now(), actor, kind, source, **more)


def close_batch(connection: sa.Connection, batch: Batch) -> None:
    """Write a batch down.

    Parameters
    ----------
    connection : Connection
    batch : Batch
    """
    row = asdict(batch) | {"issues": json.dumps([asdict(one) for one in batch.issues], ensure_ascii=False)}
    connection.execute(metadata().tables["batches"].insert(), row)


def accept(connection: sa.Connection, batch: Batch, rows: Rows) -> None:
    """Add or change rows of one table.

    Parameters
    ----------
    connection : Connection
    batch : Batch
        Counts of what was added, changed and the same grow.
    rows : Rows
        Columns that are not among them keep what stands, and are empty in new rows.

    Raises
    ------
    DataError
        A row that another changed since it was read, with what changed.
    """
    names = stored_names(rows.table)
    key_at = [rows.columns.index(column) for column in registry_tables()[rows.table].table.key]
    keys = [row_key([values[i] for i in key_at]) for values in rows.values]
    standing = existing(connection, rows.table, keys)
    _stale(connection, rows, keys, standing)
    whole = rows.columns == names
    at = {column: i for i, column in enumerate(rows.columns)}
    picks = [at.get(column) for column in names]
    kept = [i for i, column in enumerate(names) if column in rows.keeps]
    added: list[tuple[Any, ...]] = []
    changed: list[tuple[Any, ...]] = []
    changes: list[audit.Change] = []
    for key, values, line in zip(keys, rows.values, rows.lines, strict=True):
        before = standing.get(key)
        if before is None:
            own = values if whole else tuple([None if i is None else values[i] for i in picks])
            added.append((key, batch.id, batch.id, line, *own))
            changes.append((key, None, [*own, batch.id, line]))
            continue
        own = tuple([old if i is None else values[i] for i, old in zip(picks, before[4:], strict=True)])
        if kept:
            own = tuple([
                before[4 + i] if i in kept and value in (None, key) else value for i, value in enumerate(own)
            ])  # fmt: skip
        if own == tuple(before[4:]):
            batch.same += 1
            continue
        changed.append((key, batch.id, batch.id, line, *own))
        changes.append((key, audit.as_logged([*before[4:], before[2], before[3]]), [*own, batch.id, line]))
    insert(connection, rows.table, added)
    for part in _parts(changed):
        delete(connection, rows.table, [row[0] for row in part])
    insert(connection, rows.table, changed)
    batch.added += len(added)
    batch.changed += len(changed)
    audit.append(connection, at=batch.at, actor=batch.actor, batch=batch.id, table=rows.table, changes=changes)


def existing(connection: sa.Connection, name: str, keys: Sequence[str]) -> dict[str, tuple[Any, ...]]:
    """Rows that stand under some keys: key, version, batch, line, then the stored columns.

    Parameters
    ----------
    connection : Connection
    name : str
        Of a table.
    keys : sequence of str

    Returns
    -------
    dict of tuple
        By key.
    """
    table = metadata().tables[name]
    if not connection.execute(sa.select(table.c.row_key).limit(1)).first():
        return {}
    columns = [table.c[column] for column in ("row_key", "row_version", "row_batch", "row_line", *stored_names(name))]
    found: dict[str, tuple[Any, ...]] = {}
    for part in _parts(keys):
        found |= {
            row[0]: tuple(row) for row in connection.execute(sa.select(*columns).where(table.c.row_key.in_(part)))
        }
    return found


def insert(connection: sa.Connection, name: str, rows: Sequence[tuple[Any, ...]]) -> None:
    """Put rows into a table: key, version, batch, line, then the stored columns.

    Parameters
    ----------
    connection : Connection
    name : str
    rows : sequence of tuple
    """
    columns = ("row_key", "row_version", "row_batch", "row_line", *stored_names(name))
    if connection.dialect.name == "sqlite":
        # straight to the driver, which keeps dates as text: half the time of a statement that is compiled
        statement = f'INSERT INTO "{name}" ({_quoted(columns)}) VALUES ({", ".join("?" * len(columns))})'  # noqa: S608
        dated = [i for i, c in enumerate(metadata().tables[name].c[c].type for c in columns) if isinstance(c, sa.Date)]
        if rows:
            connection.exec_driver_sql(statement, [_with_text(row, dated) for row in rows] if dated else list(rows))
        return
    for part in _parts(rows):  # one statement for many rows: each statement is a way to the server and back
        one = f"({', '.join(['%s'] * len(columns))})"
        # names of tables may be words of SQL, as overlaps is
        statement = f'INSERT INTO "{name}" ({_quoted(columns)}) VALUES {", ".join([one] * len(part))}'  # noqa: S608
        connection.exec_driver_sql(statement, tuple(value for row in part for value in row))


def delete(connection: sa.Connection, name: str, keys: Collection[str]) -> None:
    """Take rows out of a table.

    Parameters
    ----------
    connection : Connection
    name : str
    keys : collection of str
    """
    table = metadata().tables[name]
    for part in _parts(sorted(keys)):
        connection.execute(table.delete().where(table.c.row_key.in_(part)))


@cache
def _quoted(columns: tuple[str, ...]) -> str:
    return ", ".join(f'"{column}"' for column in columns)


def _with_text(row: tuple[Any, ...], dated: list[int]) -> tuple[Any, ...]:
    values = list(row)
    for i in dated:
        if isinstance(values[i], datetime.date):
            values[i] = values[i].isoformat()
    return tuple(values)


def _parts(values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(values), AT_ONCE):
        yield values[start : start + AT_ONCE]


def _stale(connection: sa.Connection, rows: Rows, keys: Sequence[str], standing: Mapping[str, tuple[Any, ...]]) -> None:
    """Refuse rows that another changed since they were read, and say what changed."""
    if rows.versions is None:
        return
    problems = []
    batches = metadata().tables["batches"]
    for key, version in zip(keys, rows.versions, strict=True):
        row = standing.get(key)
        if version is None or (row is not None and row[1] == version):
            continue
        if row is None:
            problems.append(f"{rows.table} {key} was removed since it was read.")
            continue
        who = connection.execute(sa.select(batches).where(batches.c.id == row[1])).one()
        seen = _values_at(connection, rows.table, key, version)
        differ = [
            f"{name} {old!r} to {new!r}"
            for name, old, new in zip(stored_names(rows.table), seen, audit.as_logged(row[4:]), strict=False)
            if old != new
        ]
        said = ", ".join(differ) or "and changed back"
        problems.append(f"{rows.table} {key} was changed since it was read, by {who.actor} at {who.at}: {said}.")
    if problems:
        raise DataError(" ".join([*problems[:5], "Read it again, then write."]))


def _values_at(connection: sa.Connection, table: str, key: str, version: int) -> list[Any]:
    """Values of a row as a batch left them."""
    for entry, changes in audit.changes_of(connection, version):
        if entry.table_name == table:
            for name, _, after in changes:
                if name == key and after is not None:
                    return after
    return []
