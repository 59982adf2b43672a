# SPDX-License-Identifier: Apache-2.0
"""The registry as programs use it: read a table, write rows, bring files, undo, see the log."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pandas as pd
import sqlalchemy as sa

from homeground.accelerator.registry import audit, importing, undoing
from homeground.accelerator.registry.accepting import Batch, InRegistry, accept, close_batch, new_batch
from homeground.accelerator.registry.declared import declared_table, registry_tables, stored_names
from homeground.accelerator.registry.engine import connect_to, exists, is_url, reading, writing
from homeground.accelerator.registry.frames import as_parsed
from homeground.accelerator.registry.importing import FileReport
from homeground.accelerator.registry.migrations.upgrading import newest, upgrade, version_of
from homeground.accelerator.registry.quarantine.reading import Parsed
from homeground.accelerator.registry.quarantine.rules import hold
from homeground.accelerator.registry.schema import TRACES, metadata
from homeground.errors import DataError, Problems

TOLD = 8  # issues that an error names


class Registry:
    """An open registry. Nothing stays open between calls: each reads one state, or writes one transaction."""

    def __init__(self, where: str) -> None:
        self.where = where
        self.engine = connect_to(where)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the database."""
        self.engine.dispose()

    def table(self, name: str, *, traces: bool = False) -> pd.DataFrame:
        """A table as it stands, by key: columns as declared, money in the smallest units of its currency.

        With ``traces`` also row_key, row_version, row_batch and row_line; rows with their version can be written back.
        """
        declared_table(name)
        with reading(self.engine) as connection:
            return read_table(connection, name, traces=traces)

    def tables(self, names: Sequence[str] | None = None) -> dict[str, pd.DataFrame]:
        """Several tables, or all, of one state of the registry."""
        with reading(self.engine) as connection:
            return {name: read_table(connection, name) for name in names or registry_tables()}

    def write(self, name: str, frame: pd.DataFrame, *, actor: str, source: str) -> Batch:
        """Add or change rows of a table (see `write_tables`)."""
        return self.write_tables({name: frame}, actor=actor, source=source)

    def write_tables(self, frames: Mapping[str, pd.DataFrame], *, actor: str, source: str, **more: Any) -> Batch:
        """Add or change rows of tables, all or none.

        Columns are those of `table`. Where a frame has ``row_version``, a row that another changed since is refused;
        with ``row_line``, lines of the source are kept. Rows are held against all rules: errors are refused together.
        """
        parsed = [as_parsed(source, declared_table(name).table.table, frame) for name, frame in frames.items()]
        with writing(self.engine) as connection:
            hold([one for one, _, _ in parsed], InRegistry(connection))
            _refuse(source, [one for one, _, _ in parsed])
            batch = new_batch(connection, actor=actor, kind="write", source=source, **more)
            for name in registry_tables():
                for one, versions, lines in parsed:
                    if one.table == name:
                        rows = importing.rows_of(one)
                        kept = one.good()
                        rows.lines = [lines[place] for place in kept]
                        rows.versions = None if versions is None else [versions[place] for place in kept]
                        accept(connection, batch, rows)
            batch.issues = [issue for one, _, _ in parsed for issue in one.issues]
            close_batch(connection, batch)
        return batch

    def remove(self, name: str, keys: Sequence[str], *, actor: str, source: str) -> Batch:
        """Take rows out, by their row_key; refused where others refer to them."""
        declared_table(name)
        with writing(self.engine) as connection:
            batch = new_batch(connection, actor=actor, kind="remove", source=source)
            undoing.remove(connection, batch, name, list(dict.fromkeys(keys)))
            close_batch(connection, batch)
        return batch

    def import_file(self, path: Path | str, actor: str) -> FileReport:
        """Bring one file (CSV or workbook): its valid rows are taken, the others are told."""
        return self.import_files([path], actor=actor)[0]

    def import_files(self, paths: Sequence[Path | str], *, actor: str) -> list[FileReport]:
        """Bring files that belong together, in one transaction and in any order."""
        return importing.import_files(self.engine, [Path(path) for path in paths], actor=actor)

    def undo(self, batch: int, *, actor: str) -> Batch:
        """Take an import back: what stood before stands again."""
        with writing(self.engine) as connection:
            return undoing.undo(connection, batch, actor=actor)

    def batches(self) -> pd.DataFrame:
        """Imports, writings and what was undone, in order."""
        with reading(self.engine) as connection:
            batches = metadata().tables["batches"]
            rows = connection.execute(sa.select(batches).order_by(batches.c.id)).mappings().all()
        return pd.DataFrame([dict(row) for row in rows], columns=list(batches.c.keys()))

    def changes(self, table: str | None = None, key: str | None = None) -> list[audit.Told]:
        """Every change, or those of a table or row."""
        with reading(self.engine) as connection:
            return list(audit.tell(connection, table=table, key=key))

    def verify(self) -> list[str]:
        """What is wrong with the log, or differs from it; empty where all holds."""
        with reading(self.engine) as connection:
            return audit.verify(connection)


def open_registry(path_or_url: str | os.PathLike[str], *, create: bool = False) -> Registry:
    """Open a registry.

    Parameters
    ----------
    path_or_url : str or path
        A file (SQLite), or ``postgresql://user@host/database``.
    create : bool, optional
        Make it where it is not there, and bring one of an earlier version up to date.

    Returns
    -------
    Registry

    Raises
    ------
    DataError
        It is not there, no registry, of another version, or cannot be opened.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder, open_registry(Path(folder, "wall.db"), create=True) as registry:
    ...     rates = pd.DataFrame({"currency": ["EUR"], "year": [2021], "usd": [1.18], "source": ["made"]})
    ...     batch = registry.write("exchange_rates", rates, actor="analyst", source="made")
    ...     batch.added, registry.table("exchange_rates")["usd"].tolist(), registry.verify()
    (1, [1.18], [])
    """
    where = os.fspath(path_or_url)
    if not create and not exists(where):
        raise DataError(f"there is no registry at {where}. Make one: homeground accelerator init {where}")
    if create and not is_url(where) and not Path(where).absolute().parent.is_dir():
        raise DataError(f"the folder of {where} does not exist. Make it first.")
    registry = Registry(where)
    with reading(registry.engine) as connection:
        stands = version_of(connection)
        others = [] if stands else sa.inspect(connection).get_table_names()
    if others:
        raise DataError(f"{where} holds tables of something else ({', '.join(others[:3])}). Name another place.")
    if create and stands != newest():
        if registry.engine.dialect.name == "sqlite":
            with registry.engine.connect() as connection:
                connection.connection.driver_connection.execute("PRAGMA journal_mode=WAL")  # type: ignore[union-attr]
        with writing(registry.engine) as connection:
            upgrade(connection)
    elif stands is None:
        raise DataError(f"{where} holds no registry. Make one: homeground accelerator init {where}")
    elif stands > newest():
        raise DataError(f"{where} was written by a later homeground ({stands}, here {newest()}). Install that.")
    elif stands < newest():
        said = f"{where} is of an earlier version ({stands}, now {newest()}). Make a backup, then bring it up to date"
        raise DataError(f"{said}: homeground accelerator init {where}")
    return registry


def read_table(connection: sa.Connection, name: str, *, traces: bool = False) -> pd.DataFrame:
    """A table of one state of the registry, by key.

    Parameters
    ----------
    connection : Connection
    name : str
    traces : bool, optional

    Returns
    -------
    DataFrame
        Text as str, whole numbers and money as int64 (Int64 where there are gaps), numbers as float64, dates as dates.
    """
    table = metadata().tables[name]
    names = [*stored_names(name), *(TRACES if traces else ())]
    asked = sa.select(*(table.c[column] for column in names))
    rows = connection.execute(asked.order_by(*_by_key(connection, name))).all()
    found: dict[str, Any] = {}
    for column, values in zip(names, zip(*rows, strict=True) if rows else [()] * len(names), strict=True):
        kind = table.c[column].type
        held = list(values)
        if isinstance(kind, sa.BigInteger):
            found[column] = pd.array(held, dtype="Int64") if None in held else pd.Series(held, dtype="int64")
        elif isinstance(kind, sa.Double):
            found[column] = pd.Series(held, dtype="float64")
        else:
            found[column] = pd.Series(held, dtype="str" if isinstance(kind, sa.Text) else "object")
    return pd.DataFrame(found, columns=names)


def _by_key(connection: sa.Connection, name: str) -> list[sa.ColumnElement[Any]]:
    """Order of rows that every database gives alike: texts by the numbers of their signs."""
    columns = [metadata().tables[name].c[column] for column in registry_tables()[name].table.key]
    plain = "C" if connection.dialect.name == "postgresql" else "BINARY"
    return [column.collate(plain) if isinstance(column.type, sa.Text) else column for column in columns]


def _refuse(source: str, parsed: Sequence[Parsed]) -> None:
    faults = [(one.table, i) for one in parsed for i in one.issues if i.severity in ("critical", "error")]
    if faults:
        problems = Problems(source)
        problems.extend(f"{table}, row {i.line}, {i.path}: {i.message}. {i.fix}" for table, i in faults[:TOLD])
        if len(faults) > TOLD:
            problems.add(f"and {len(faults) - TOLD} more.")
        problems.raise_if_any(DataError)
