# SPDX-License-Identifier: Apache-2.0
"""Connections to the registry's database: SQLite in a file by default, PostgreSQL by URL; every failure is one message.

SQLite keeps a log of writing (WAL), waits until each commit is on the disk (synchronous FULL) and takes the lock of
writing at the start of what will write (BEGIN IMMEDIATE): a transaction that reads first and writes later could else be
refused half-way. PostgreSQL does the same by a lock of its own kind, so that the log of changes has one order.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.pool import NullPool

from homeground.errors import DataError
from homeground.extras import advice

WAIT = 60.0  # seconds that a writer waits for the others
LOCK = 6_103_515_625  # number of the advisory lock in PostgreSQL: any, as long as it stays the same
FULL = re.compile(r"disk is full|disk full|no space left|could not extend|disk i/o error|file too large|quota", re.I)
WRITES = "homeground_writes"


def is_url(where: str) -> bool:
    """Whether a registry is named by URL; else by the path of its file.

    Parameters
    ----------
    where : str

    Returns
    -------
    bool

    Examples
    --------
    >>> is_url("postgresql://localhost/wall"), is_url("wall.db"), is_url("C:/wall.db")
    (True, False, False)
    """
    return "://" in where


def connect_to(where: str) -> sa.Engine:
    """An engine for a registry; nothing is opened yet.

    Parameters
    ----------
    where : str
        Path of a SQLite file, or URL of a PostgreSQL database (``?host=/folder``: its socket in that folder).

    Returns
    -------
    Engine

    Raises
    ------
    DataError
        An URL of another database, or a driver that is not installed.

    Examples
    --------
    >>> connect_to("wall.db").dialect.name
    'sqlite'
    """
    if is_url(where):
        return _postgresql(where)
    engine = sa.create_engine(f"sqlite:///{where}", poolclass=NullPool, connect_args={"timeout": WAIT})

    @sa.event.listens_for(engine, "connect")
    def _settled(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # no BEGIN but ours
        for pragma in ("foreign_keys=ON", "synchronous=FULL", "trusted_schema=OFF", "cache_size=-65536"):
            connection.execute(f"PRAGMA {pragma}")

    @sa.event.listens_for(engine, "begin")
    def _begun(connection: sa.Connection) -> None:
        writes = connection.get_execution_options().get(WRITES)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _postgresql(where: str) -> sa.Engine:
    try:
        url = sa.make_url(where)
    except sa.exc.ArgumentError as error:
        raise DataError(f"{where} is no URL of a database. Write postgresql://user@host/database.") from error
    if url.get_backend_name() not in ("postgresql", "postgres"):
        raise DataError(f"a registry lies in a file or in PostgreSQL; found the URL of {url.get_backend_name()}.")
    if missing := advice("postgres"):
        raise DataError(missing)
    host = url.query.get("host", "")
    given: dict[str, Any] = {"timeout": WAIT}
    if isinstance(host, str) and host.startswith("/"):
        given["unix_sock"] = f"{host}/.s.PGSQL.{url.port or 5432}"
    bare = url.difference_update_query(["host"]).set(drivername="postgresql+pg8000")
    return sa.create_engine(bare, poolclass=NullPool, connect_args=given)


@contextmanager
def reading(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A connection that reads one state of the database, whatever others write meanwhile.

    Parameters
    ----------
    engine : Engine

    Yields
    ------
    Connection
    """
    given = {"isolation_level": "REPEATABLE READ"} if engine.dialect.name == "postgresql" else {}
    with failures_told(engine), engine.connect().execution_options(**given) as connection, connection.begin():
        yield connection


@contextmanager
def writing(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A connection that alone may write until it ends; all of it is kept, or nothing.

    Parameters
    ----------
    engine : Engine

    Yields
    ------
    Connection
    """
    with (
        failures_told(engine),
        engine.connect().execution_options(**{WRITES: True}) as connection,
        connection.begin(),
    ):
        if connection.dialect.name == "postgresql":
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(LOCK)))
        yield connection


@contextmanager
def failures_told(engine: sa.Engine) -> Iterator[None]:
    """What a database cannot do, as one message: a full disk, a file that is none, a server that is not there.

    Parameters
    ----------
    engine : Engine

    Yields
    ------
    None

    Raises
    ------
    DataError
        Why, and what to do; nothing of the transaction was kept.
    """
    place = engine.url.database if engine.dialect.name == "sqlite" else engine.url.render_as_string()
    try:
        yield
    except sa.exc.DBAPIError as error:
        raise DataError(f"{place}: {_why(str(error.orig))}") from error
    except (sqlite3.Error, OSError) as error:
        raise DataError(f"{place}: {_why(str(error))}") from error


def _why(said: str) -> str:
    if FULL.search(said):
        return "the disk is full or fails, so nothing of this was kept. Free space and do it again."
    if "locked" in said:
        return f"another program held the registry for more than {WAIT:g} s, so nothing was kept. Do it again."
    if "not a database" in said or "malformed" in said:
        return f"this is no registry, or it is damaged ({said}). Restore a backup: homeground accelerator restore."
    if "unable to open" in said or "readonly" in said:
        return f"the file cannot be opened or written ({said}). Look at its folder and your rights."
    return f"the database refused ({said}); nothing of this was kept."


def exists(where: str) -> bool:
    """Whether a file of a registry is there; of an URL nobody knows before it is opened.

    Parameters
    ----------
    where : str

    Returns
    -------
    bool

    Examples
    --------
    >>> exists("no such file.db"), exists("postgresql://localhost/wall")
    (False, True)
    """
    return is_url(where) or Path(where).is_file()
