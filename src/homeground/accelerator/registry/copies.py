# SPDX-License-Identifier: Apache-2.0
"""Backup and restore: one file that holds the whole registry with its log, checked before it is trusted.

Of a SQLite registry a copy as its database makes it, while others may write; of any registry a portable copy (.zip): each
table as lines of JSON with their sum. A restore reads either back, and never over something that it did not set aside.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import os
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from homeground.accelerator.registry import audit
from homeground.accelerator.registry.engine import FULL, connect_to, failures_told, is_url, reading, writing
from homeground.accelerator.registry.migrations.upgrading import newest, version_of
from homeground.accelerator.registry.opening import Registry, open_registry
from homeground.accelerator.registry.schema import metadata
from homeground.errors import DataError

MANIFEST = "manifest.json"
AT_ONCE = 5_000  # rows


def backup(registry: Registry, target: Path) -> str:
    """Copy a registry into one file, whole or not at all.

    Parameters
    ----------
    registry : Registry
    target : Path
        ``.zip``: a portable copy; else a copy of the SQLite file.

    Returns
    -------
    str
        SHA-256 of the file.

    Raises
    ------
    DataError
        It stands already, cannot be written, or the copy is not whole.
    """
    portable = target.suffix.lower() == ".zip"
    if not portable and is_url(registry.where):
        raise DataError(f"a copy of PostgreSQL is portable: name it .zip, such as {target.with_suffix('.zip').name}.")
    if target.exists():
        raise DataError(f"{target} stands already. Name another file, so that no backup is lost.")
    rough = target.with_name(f"{target.name}.part")
    try:
        with failures_told(registry.engine):
            if portable:
                with reading(registry.engine) as connection:
                    _write_zip(connection, rough)
            else:
                _copy(Path(registry.where), rough)
            with rough.open("rb+") as file:
                os.fsync(file.fileno())
            rough.replace(target)
    finally:
        rough.unlink(missing_ok=True)
    return _sha256(target)


def restore(copy: Path, where: str, *, replace: bool = False) -> Path | None:
    """Make a registry from a backup.

    Parameters
    ----------
    copy : Path
    where : str
        Path or URL of the registry.
    replace : bool, optional
        Set a SQLite registry that stands there aside, under a name with the time.

    Returns
    -------
    Path or None
        Where the registry that stood there lies now.

    Raises
    ------
    DataError
        No whole backup, or a registry stands there already.
    """
    if not copy.is_file():
        raise DataError(f"{copy} does not exist.")
    portable = zipfile.is_zipfile(copy)
    if is_url(where):
        if not portable:
            raise DataError(
                "PostgreSQL is restored from a portable copy (.zip): `homeground accelerator backup X.zip`."
            )
        _read_zip(copy, where)
        return None
    target = Path(where)
    if target.exists() and not replace:
        raise DataError(f"{target} stands already. Name another place, or give --replace: it is set aside, not lost.")
    rough = target.with_name(f"{target.name}.part")
    for left in (rough, *_beside(rough)):
        left.unlink(missing_ok=True)
    try:
        with failures_told(connect_to(where)):
            if portable:
                _read_zip(copy, str(rough))
            else:
                _copy(copy, rough)
                with closing(sqlite3.connect(rough)) as found:
                    if not found.execute("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").fetchone():
                        raise DataError(f"{copy} holds no registry. Take another backup.")
                with open_registry(rough, create=True) as opened:
                    _whole(opened, copy)
            _settle(rough, "wal")
            aside = _set_aside(target) if target.exists() else None
            rough.replace(target)
    finally:
        for left in (rough, *_beside(rough)):
            left.unlink(missing_ok=True)
    return aside


def _beside(path: Path) -> list[Path]:
    return [path.with_name(path.name + ending) for ending in ("-wal", "-shm")]


def _settle(path: Path, mode: str) -> None:
    """Bring what the log of writing holds into the file, so that the file alone is whole."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.execute(f"PRAGMA journal_mode={mode}")


def _set_aside(target: Path) -> Path:
    _settle(target, "delete")
    at = datetime.datetime.now(datetime.UTC).strftime("%Y%m%dT%H%M%S%f")
    aside = target.with_name(f"{target.stem}.{at}{target.suffix}")
    target.replace(aside)
    for left in _beside(target):
        left.unlink(missing_ok=True)
    return aside


def _copy(source: Path, target: Path) -> None:
    """The database as of one moment, by the database itself."""
    try:
        with (
            closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)) as old,
            closing(sqlite3.connect(target)) as new,
        ):
            old.backup(new)
            said = new.execute("PRAGMA integrity_check").fetchone()[0]
            new.execute("PRAGMA journal_mode=DELETE")  # one file, nothing beside it
    except sqlite3.DatabaseError as error:
        if FULL.search(str(error)):
            raise
        raise DataError(f"{source} is no whole registry ({error}). Take another backup.") from error
    if said != "ok":
        raise DataError(f"{source} is damaged ({said}). Take another backup.")


def _whole(registry: Registry, copy: Path) -> None:
    if problems := registry.verify():
        raise DataError(f"{copy} is not as it was written: {problems[0]} Take another backup.")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write_zip(connection: sa.Connection, path: Path) -> None:
    counts: dict[str, Any] = {}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for table in metadata().sorted_tables:
            total, sum_ = 0, hashlib.sha256()
            asked = sa.select(table).order_by(*table.primary_key.columns)
            with out.open(f"{table.name}.jsonl", "w") as file:
                for row in connection.execute(asked):
                    line = (json.dumps(audit.as_logged(row), ensure_ascii=False) + "\n").encode("utf-8")
                    sum_.update(line)
                    total += 1
                    file.write(line)
            counts[table.name] = {"columns": list(table.c.keys()), "rows": total, "sha256": sum_.hexdigest()}
        said = {"version": version_of(connection), "at": audit.now(), "tables": counts}
        out.writestr(MANIFEST, json.dumps(said, indent=1))


def _read_zip(copy: Path, where: str) -> None:
    try:
        with zipfile.ZipFile(copy) as held:
            said = json.loads(held.read(MANIFEST))
            if said["version"] != newest():
                raise DataError(f"{copy} is of version {said['version']}, here {newest()}. Restore it with that one.")
            registry = open_registry(where, create=True)
            with writing(registry.engine) as connection:
                if connection.execute(sa.select(sa.func.count()).select_from(metadata().tables["batches"])).scalar():
                    raise DataError(f"{where} holds a registry already. Restore into an empty database.")
                for table in metadata().sorted_tables:
                    if table.name in said["tables"]:
                        _fill(connection, table, said["tables"][table.name], held, copy)
                if problems := audit.verify(connection):
                    raise DataError(f"{copy} is not as it was written: {problems[0]} Take another backup.")
            registry.close()
    except (zipfile.BadZipFile, KeyError, ValueError, EOFError) as error:
        raise DataError(f"{copy} is no whole backup ({error}). Take another.") from error


def _fill(connection: sa.Connection, table: sa.Table, told: Any, held: zipfile.ZipFile, copy: Path) -> None:
    sum_, total = hashlib.sha256(), 0
    dated = {column.name for column in table.c if isinstance(column.type, sa.Date)}

    def rows() -> Iterator[dict[str, Any]]:
        nonlocal total
        with held.open(f"{table.name}.jsonl") as file:
            for line in file:
                sum_.update(line)
                total += 1
                row = dict(zip(told["columns"], json.loads(line), strict=True))
                for name in dated:
                    row[name] = row[name] and datetime.date.fromisoformat(row[name])
                yield row

    part: list[dict[str, Any]] = []
    for row in rows():
        part.append(row)
        if len(part) == AT_ONCE:
            connection.execute(table.insert(), part)
            part = []
    if part:
        connection.execute(table.insert(), part)
    if (total, sum_.hexdigest()) != (told["rows"], told["sha256"]):
        raise DataError(f"{copy}: {table.name} is not as it was written. Take another backup.")
