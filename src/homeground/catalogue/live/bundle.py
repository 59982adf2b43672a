# SPDX-License-Identifier: Apache-2.0
"""A study and all its data in one file, for a colleague without internet; and whether such a file is whole and safe."""

from __future__ import annotations

import hashlib
import json
import re
import zipfile
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path, PurePosixPath

from homeground.errors import DataError, Problems, StudyError
from homeground.study.model import Study

MANIFEST = "MANIFEST.json"
FORM = 1
WHEN = (1980, 1, 1, 0, 0, 0)  # of every member: the same study gives the same file
PACKED = {".csv", ".toml", ".json", ".geojson", ".md", ".txt"}  # rasters are compressed already
CHUNK = 1 << 20
LARGEST_TEXT = 50_000_000  # bytes of a manifest
LINK = 0o120000  # of a member that is a link


def write_bundle(study: Study, files: dict[str, Path], text: str, to: Path) -> dict[str, str]:
    """Write a study and its files as one ZIP with a manifest of hashes.

    Parameters
    ----------
    study : Study
    files : dict of str to Path
        Path inside the bundle (relative, with ``/``) and the file.
    text : str
        Of ``study.toml``, with paths as they are inside the bundle.
    to : Path
        A new file.

    Returns
    -------
    dict of str to str
        SHA-256 of each member.

    Raises
    ------
    StudyError
        The file exists.
    DataError
        A file cannot be read, or the bundle not be written.
    """
    if to.exists():
        raise StudyError(f"{to} exists already. Give another name with --to, or move that file.")
    to.parent.mkdir(parents=True, exist_ok=True)
    part = to.with_name(to.name + ".part")
    manifest: dict[str, dict[str, str | int]] = {}
    try:
        with zipfile.ZipFile(part, "w", allowZip64=True) as bundle:
            manifest["study.toml"] = _add(bundle, "study.toml", text.encode())
            for name, file in sorted(files.items()):
                manifest[name] = _add(bundle, name, file)
            told = {"form": FORM, "study": study.id, "homeground": version("homeground"), "files": manifest}
            _add(bundle, MANIFEST, json.dumps(told, indent=1, ensure_ascii=False).encode())
        part.replace(to)
    except OSError as error:
        raise DataError(f"{to} cannot be written ({error}). Make room, or write elsewhere with --to.") from error
    finally:
        part.unlink(missing_ok=True)
    return {name: str(row["sha256"]) for name, row in manifest.items()}


def _add(bundle: zipfile.ZipFile, name: str, content: bytes | Path) -> dict[str, str | int]:
    """Add one member and say its size and hash."""
    info = zipfile.ZipInfo(name, WHEN)
    info.external_attr = 0o644 << 16
    info.compress_type = zipfile.ZIP_DEFLATED if PurePosixPath(name).suffix in PACKED else zipfile.ZIP_STORED
    digest, size = hashlib.sha256(), 0
    with bundle.open(info, "w", force_zip64=True) as member:
        for chunk in _chunks(content):
            member.write(chunk)
            digest.update(chunk)
            size += len(chunk)
    return {"bytes": size, "sha256": digest.hexdigest()}


def _chunks(content: bytes | Path) -> Iterator[bytes]:
    if isinstance(content, bytes):
        yield content
        return
    with content.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk


def check_bundle(path: Path) -> dict[str, str]:
    """Whether a bundle is whole and unchanged, and writes nowhere but below its folder when it is unpacked.

    Parameters
    ----------
    path : Path

    Returns
    -------
    dict of str to str
        SHA-256 of each file.

    Raises
    ------
    DataError
        All that is wrong with it at once: paths that lead elsewhere, links, files that are missing, changed or not named.
    """
    if not path.is_file():
        raise DataError(f"there is no file {path}.")
    problems = Problems(path.name)
    try:
        with zipfile.ZipFile(path) as bundle:
            return _checked(bundle, problems)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, EOFError, RuntimeError) as error:
        raise DataError(f"{path.name} is no whole ZIP file ({error}). Copy it again from where it came.") from error


def _checked(bundle: zipfile.ZipFile, problems: Problems) -> dict[str, str]:
    members = bundle.infolist()
    names = [info.filename for info in members]
    for info in members:
        if why := unsafe(info.filename):
            problems.add(f'"{info.filename}" {why}: it would be written elsewhere. Do not unpack this file.')
        elif info.external_attr >> 16 & 0o170000 == LINK:
            problems.add(f'"{info.filename}" is a link: it could lead anywhere. Do not unpack this file.')
    lower = [name.lower() for name in names]
    for name in sorted({name for name in names if lower.count(name.lower()) > 1}):
        problems.add(f'"{name}" is there more than once. Make the bundle again.')
    problems.raise_if_any(DataError)
    if MANIFEST not in names:
        raise DataError(
            f"{problems.where} has no {MANIFEST}: it was not made by homeground data bundle, or was packed anew."
        )
    manifest = _manifest(bundle, problems)
    for name in sorted(set(manifest) - set(names)):
        problems.add(f'"{name}" is missing. Copy the bundle again.')
    for name in sorted(set(names) - set(manifest) - {MANIFEST}):
        problems.add(f'"{name}" is not named by {MANIFEST}: somebody added it.')
    if "study.toml" not in manifest:
        problems.add("there is no study.toml.")
    found = {}
    for name in sorted(set(manifest) & set(names)):
        size, digest = int(manifest[name]["bytes"]), str(manifest[name]["sha256"])
        found[name] = _digest(bundle, name, size)
        if found[name] != digest:
            problems.add(f'"{name}" is not what was packed: its SHA-256 is another. Copy the bundle again.')
    problems.raise_if_any(DataError)
    return found


def _manifest(bundle: zipfile.ZipFile, problems: Problems) -> dict[str, dict[str, str | int]]:
    """What the manifest names, its form checked."""
    if bundle.getinfo(MANIFEST).file_size > LARGEST_TEXT:
        raise DataError(
            f"{problems.where}: {MANIFEST} is of {bundle.getinfo(MANIFEST).file_size:,} bytes; it is none of ours."
        )
    try:
        told = json.loads(bundle.read(MANIFEST))
        files = told["files"]
        sound = all(
            re.fullmatch("[0-9a-f]{64}", row["sha256"]) and isinstance(row["bytes"], int) for row in files.values()
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise DataError(f"{problems.where}: {MANIFEST} cannot be read ({error!r}). Copy the bundle again.") from error
    if told.get("form") != FORM or not sound:
        raise DataError(
            f"{problems.where}: {MANIFEST} is of another form. Make the bundle again, or update homeground."
        )
    checked: dict[str, dict[str, str | int]] = files
    return checked


def _digest(bundle: zipfile.ZipFile, name: str, size: int) -> str:
    """SHA-256 of a member; "" where it holds more than was said, so that no small file unpacks to a full disk."""
    digest, came = hashlib.sha256(), 0
    try:
        with bundle.open(name) as member:
            while chunk := member.read(CHUNK):
                digest.update(chunk)
                came += len(chunk)
                if came > size:
                    return ""
    except (zipfile.BadZipFile, EOFError, OSError):
        return ""
    return digest.hexdigest()


def unsafe(name: str) -> str:
    """Why a path inside a bundle may not be unpacked; empty where it may.

    Parameters
    ----------
    name : str

    Returns
    -------
    str

    Examples
    --------
    >>> unsafe("data/rain.tif"), unsafe("../rain.tif"), unsafe("/etc/passwd"), unsafe("C:/rain.tif")
    ('', 'leads out of the folder', 'is an absolute path', 'is an absolute path')
    """
    if "\\" in name or "\0" in name or not name:
        return "is written with signs that no path of a bundle has"
    if name.startswith("/") or re.match(r"^[A-Za-z]:", name):
        return "is an absolute path"
    return "leads out of the folder" if ".." in PurePosixPath(name).parts else ""
