# SPDX-License-Identifier: Apache-2.0
"""Hashes of inputs, settings and code that let a finished step be skipped."""

from __future__ import annotations

import hashlib
import json
import re
from functools import cache
from pathlib import Path
from typing import Any

from homeground.errors import DataError

PACKAGE = Path(__file__).parent.parent
READ_WHOLE = 32 << 20  # bytes; what is larger is sampled where size and time say that it is the same
BLOCK = 1 << 16  # bytes
# Import statements, and the text that begins with the name of a module of ours. Parsing every module takes a second.
IMPORT = re.compile(
    r"^[ \t]*(?:from (?P<module>homeground[\w.]*) import (?P<parts>\((?:#[^\n]*|[^)#])*\)|[^\n;]*)|import (?P<whole>[^\n;]*))",
    re.M,
)
COMMENT = re.compile(r"#[^\n]*")
QUOTED = re.compile(r"""["'](homeground\.[^"'{\n]*)""")


def file_hash(path: Path) -> str:
    """SHA-256 of a file's bytes, or of every file in a folder with its name.

    Parameters
    ----------
    path : Path
        A file, or a folder such as a Zarr store; a folder with a file renamed has another hash.

    Returns
    -------
    str
        64 hexadecimal digits.

    Raises
    ------
    DataError
        The file is not there or cannot be read.
    """
    digest = hashlib.sha256()
    if path.is_dir():
        for child in sorted(p for p in path.rglob("*") if p.is_file()):
            digest.update(child.relative_to(path).as_posix().encode())
            digest.update(file_hash(child).encode())
        return digest.hexdigest()
    try:
        with path.open("rb") as file:
            while block := file.read(1 << 20):
                digest.update(block)
    except OSError as error:
        raise DataError(
            f"cannot read {path.name}: {error.strerror}. Check that the file is there and readable."
        ) from error
    return digest.hexdigest()


def input_hash(path: Path, remembered: dict[str, Any]) -> dict[str, Any]:
    """Size, time and hash of a file; one that is large and of the same size and time is not read again as a whole.

    Programs can write other values under the same size and time (a copy that keeps times, a clock put back). So what is
    up to 32 MB is always read, and of what is larger some blocks.

    Parameters
    ----------
    path : Path
        A file, or a folder such as a Zarr store.
    remembered : dict
        What this function gave at the last run; empty at the first.

    Returns
    -------
    dict
        ``bytes``; ``modified_ns``: time of the last change, nanoseconds since 1970; ``sha256``; of a folder also
        ``files``, their number; of what is large also ``sample``: hash of some of its blocks.

    Raises
    ------
    DataError
        A file cannot be read.
    """
    files = [file.stat() for file in path.rglob("*")] if path.is_dir() else [path.stat()]  # Zarr is a folder
    facts: dict[str, Any] = {
        "bytes": sum(stat.st_size for stat in files),
        "modified_ns": max((stat.st_mtime_ns for stat in files), default=0),
    }
    if path.is_dir():
        facts["files"] = len(files)
    if facts["bytes"] > READ_WHOLE:
        facts["sample"] = _sample(path)
        if all(remembered.get(k) == v for k, v in facts.items()) and "sha256" in remembered:
            return facts | {"sha256": remembered["sha256"]}
    return facts | {"sha256": file_hash(path)}


def _sample(path: Path) -> str:
    """SHA-256 of 64 blocks spread over a file, or of both ends of each file in a folder, with names and sizes."""
    digest = hashlib.sha256()
    whole = path.is_file()
    for file in [path] if whole else sorted(p for p in path.rglob("*") if p.is_file()):
        try:
            size = file.stat().st_size
            digest.update(f"{'' if whole else file.relative_to(path).as_posix()} {size}".encode())
            with file.open("rb") as opened:
                block = BLOCK if whole else BLOCK // 16
                for i in range(64 if whole else 2):
                    opened.seek(max(0, size - block) * i // (63 if whole else 1))
                    digest.update(opened.read(block))
        except OSError as error:
            raise DataError(
                f"cannot read {file.name}: {error.strerror}. Check that the file is there and readable."
            ) from error
    return digest.hexdigest()


def text_hash(*parts: object) -> str:
    """SHA-256 over the JSON of the parts, in order.

    Parameters
    ----------
    *parts : object
        What JSON can hold; the order of keys in a dict does not matter. Other things enter as their text.

    Returns
    -------
    str
        64 hexadecimal digits.
    """
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()


@cache
def code_hash(part: str) -> str:
    """Hash of a part's folder (code and tables) and of every module of homeground that it imports, however deep.

    Parameters
    ----------
    part : str
        A folder of homeground, such as ``land``, or a single module, such as ``errors``.

    Returns
    -------
    str
        64 hexadecimal digits; worked out once in a process.
    """
    place = PACKAGE / part
    files = place.rglob("*") if place.is_dir() else [place.with_suffix(".py")]
    own = {p for p in files if p.is_file() and "__pycache__" not in p.parts}
    seen: set[Path] = set()
    waiting = {p for p in own if p.suffix == ".py"}
    while waiting:
        path = waiting.pop()
        seen.add(path)
        waiting |= _imports(path) - seen
    tables = {table for path in seen - own for table in _tables(path)}
    return text_hash(sorted((p.relative_to(PACKAGE).as_posix(), _hash_once(p)) for p in own | seen | tables))


@cache
def _tables(path: Path) -> frozenset[Path]:
    """Tables beside a module, or in a folder beside it, that it names: what it reads is its code as its lines are."""
    text = path.read_text(encoding="utf-8")
    beside = (*path.parent.glob("*.csv"), *path.parent.glob("*/*.csv"))
    return frozenset(table for table in beside if f'"{table.name}"' in text)


@cache
def _hash_once(path: Path) -> str:
    return file_hash(path)


@cache
def _imports(path: Path) -> frozenset[Path]:
    """Modules that one imports, inside functions too, and those it names for `homeground.running.later.later`."""
    text = path.read_text(encoding="utf-8")
    names = {name.partition(":")[0] for name in QUOTED.findall(text)}
    for found in IMPORT.finditer(text):
        names |= {one.split()[0] for one in (found["whole"] or "").split(",") if one.strip()}
        if found["module"]:
            parts = COMMENT.sub("", found["parts"]).strip("()\n ").split(",")
            names |= {found["module"]} | {f"{found['module']}.{one.split()[0]}" for one in parts if one.strip()}
    files: set[Path] = set()
    for name in names:
        if name.startswith("homeground."):
            place = PACKAGE.joinpath(*name.split(".")[1:])
            files |= {f for f in (place.with_suffix(".py"), place / "__init__.py") if f.is_file()}
    return frozenset(files)
