# SPDX-License-Identifier: Apache-2.0
"""Undo an import: what stood before stands again, as a change of its own; refused where later changes build on it."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from homeground.accelerator.registry import audit
from homeground.accelerator.registry.accepting import Batch, close_batch, delete, existing, insert, new_batch
from homeground.accelerator.registry.declared import registry_tables, stored_names
from homeground.accelerator.registry.schema import metadata
from homeground.errors import DataError

TOLD = 8  # later changes that the refusal names


def undo(connection: sa.Connection, number: int, *, actor: str) -> Batch:
    """Take the changes of one import or writing back.

    Parameters
    ----------
    connection : Connection
        That alone may write.
    number : int
        Of the import.
    actor : str

    Returns
    -------
    Batch

    Raises
    ------
    DataError
        No such import, undone already, or later changes build on it: they are named.
    """
    batches = metadata().tables["batches"]
    found = connection.execute(sa.select(batches).where(batches.c.id == number)).first()
    if found is None:
        raise DataError(f"there is no import {number}. `homeground accelerator audit` lists them.")
    if found.kind == "undo":
        raise DataError(f"{number} undid import {found.undoes}. Bring its file again instead.")
    by = connection.execute(sa.select(batches.c.id).where(batches.c.undoes == number)).scalar()
    if by is not None:
        raise DataError(f"import {number} was undone already, by {by}.")
    changes: dict[str, list[audit.Change]] = {}
    for entry, some in audit.changes_of(connection, number):
        changes.setdefault(entry.table_name, []).extend(some)
    later = [*_changed_since(connection, number, changes), *_referring(connection, number, changes)]
    if later:
        more = f" and {len(later) - TOLD} more" if len(later) > TOLD else ""
        raise DataError(
            f"import {number} cannot be undone, because later changes build on it: {'; '.join(later[:TOLD])}{more}. "
            "Undo those first."
        )
    batch = new_batch(connection, actor=actor, kind="undo", source=found.source, undoes=number)
    for name in reversed(list(registry_tables())):
        if name in changes:
            _restore(connection, batch, name, changes[name])
    close_batch(connection, batch)
    return batch


def _restore(connection: sa.Connection, batch: Batch, name: str, changes: list[audit.Change]) -> None:
    delete(connection, name, [key for key, _, after in changes if after is not None])
    back = []
    for key, before, _ in changes:
        if before is not None:
            *values, origin, line = _typed(name, before)
            back.append((key, batch.id, origin, line, *values))
    insert(connection, name, back)
    batch.removed += sum(1 for _, before, _ in changes if before is None)
    batch.added += sum(1 for _, _, after in changes if after is None)
    batch.changed += sum(1 for _, before, after in changes if before is not None and after is not None)
    turned = [(key, after, before) for key, before, after in changes]
    audit.append(connection, at=batch.at, actor=batch.actor, batch=batch.id, table=name, changes=turned)


def _typed(name: str, row: list[Any]) -> list[Any]:
    """A row of the log as the database takes it: dates are text there."""
    dated = {i for i, c in enumerate(registry_tables()[name].table.columns) if c.types == ("date",)}
    return [datetime.date.fromisoformat(v) if i in dated and v is not None else v for i, v in enumerate(row)]


def _changed_since(connection: sa.Connection, number: int, changes: dict[str, list[audit.Change]]) -> Iterator[str]:
    """Rows that are no longer as this import left them."""
    for name, some in changes.items():
        standing = existing(connection, name, [key for key, _, _ in some])
        for key, _, after in some:
            row = standing.get(key)
            if row is None and after is not None:
                yield f"{name} {key} was removed since"
            elif row is not None and row[1] != number and (after is None or not _undone_to(connection, row, number)):
                yield f"{name} {key} was changed by {row[1]}"


def _undone_to(connection: sa.Connection, row: tuple[Any, ...], number: int) -> bool:
    """Whether a row was changed later and that was undone, so that it stands as this import left it."""
    batches = metadata().tables["batches"]
    kind = connection.execute(sa.select(batches.c.kind).where(batches.c.id == row[1])).scalar()
    return kind == "undo" and row[2] == number


def _referring(connection: sa.Connection, number: int, changes: dict[str, list[audit.Change]]) -> Iterator[str]:
    """Rows of other imports that refer to rows which this one added."""
    for name, some in changes.items():
        gone = [key for key, before, after in some if before is None and after is not None]
        for other, one in registry_tables().items():
            own = {change[0] for change in changes.get(other, ())}
            for column, (referred, theirs) in one.refers.items():
                if referred != name or registry_tables()[name].table.key != (theirs,):
                    continue
                table = metadata().tables[other]
                for start in range(0, len(gone), 500):
                    asked = sa.select(table.c.row_key, table.c.row_batch, table.c[column])
                    for key, batch, value in connection.execute(
                        asked.where(table.c[column].in_(gone[start : start + 500]))
                    ):
                        if key not in own:
                            yield f"{other} {key} (import {batch}) refers to {name} {value}"


def remove(connection: sa.Connection, batch: Batch, name: str, keys: list[str]) -> None:
    """Take rows out, with their change in the log.

    Parameters
    ----------
    connection : Connection
    batch : Batch
    name : str
        Of a table.
    keys : list of str

    Raises
    ------
    DataError
        A row that is not there, or that others refer to.
    """
    standing = existing(connection, name, keys)
    if lost := [key for key in keys if key not in standing]:
        raise DataError(f"{name}: {', '.join(lost[:TOLD])} {'is' if len(lost) == 1 else 'are'} not in the registry.")
    names = stored_names(name)
    changes: list[audit.Change] = [
        (key, audit.as_logged([*row[4 : 4 + len(names)], row[2], row[3]]), None) for key, row in standing.items()
    ]
    turned: list[audit.Change] = [(key, None, before) for key, before, _ in changes]
    if referring := list(_referring(connection, batch.id, {name: turned})):
        raise DataError(f"{name} cannot be removed: {'; '.join(referring[:TOLD])}. Remove those first.")
    delete(connection, name, keys)
    batch.removed += len(keys)
    audit.append(connection, at=batch.at, actor=batch.actor, batch=batch.id, table=name, changes=changes)
