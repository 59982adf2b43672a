# SPDX-License-Identifier: Apache-2.0
"""What a run records of the user's own tables: a hash that nobody can try numbers against.

A plain hash of a table with one hidden count gives that count back: whoever knows the rest tries 1 to 9 and compares.
So does any fingerprint made of that hash, and the size of the file tells how many digits stand in it. Own tables are
therefore recorded by a keyed hash alone (HMAC-SHA-256). The key is drawn once for a study and lies beside the folders of
its scenarios, not in them, readable by its owner only: a results folder that is handed on does not hold it. Where it is
lost, the steps that read such tables run again.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from pathlib import Path
from typing import Any

from homeground.errors import DataError
from homeground.running.fingerprints import PACKAGE, file_hash, input_hash

SALT_FILE = ".salt"
SALT_BYTES = 32
# Tables and polygons, which can hold counts of people; series of maps hold none and keep their plain hash.
TABLES = (".csv", ".tsv", ".xlsx", ".ods", ".parquet", ".json", ".geojson", ".gpkg", ".fgb", ".shp", ".kml", ".zip")


def may_hold_people(path: Path) -> bool:
    """Whether a file is a table or polygons of the user's own: what the package holds is public.

    Parameters
    ----------
    path : Path
        Of an input; it need not be there.

    Returns
    -------
    bool

    Examples
    --------
    >>> may_hold_people(Path("villages.csv")), may_hold_people(Path("ndvi.tif")), may_hold_people(PACKAGE / "a.csv")
    (True, False, False)
    """
    return path.suffix.lower() in TABLES and not path.resolve().is_relative_to(PACKAGE.resolve())


def input_facts(path: Path, remembered: dict[str, Any], results: Path, *, draw: bool = False) -> dict[str, Any]:
    """What is recorded of an input: size, time and hash, or of the user's own tables a keyed hash and nothing else.

    Parameters
    ----------
    path : Path
        A file or folder that is there.
    remembered : dict
        What this function gave at the last run; empty at the first.
    results : Path
        Folder of the scenario's results.
    draw : bool
        Whether to draw a key where there is none; else such a table counts as changed.

    Returns
    -------
    dict
        As `homeground.running.fingerprints.input_hash`, or ``hmac_sha256``.

    Raises
    ------
    DataError
        The file or the key cannot be read, or the key cannot be written.
    """
    if not may_hold_people(path):
        return input_hash(path, remembered)
    key = _salt(results.parent / SALT_FILE, draw=draw)
    return {"hmac_sha256": hmac.new(key, file_hash(path).encode(), hashlib.sha256).hexdigest()}


def digest_of(facts: dict[str, Any]) -> str:
    """The hash of an input, plain or keyed.

    Parameters
    ----------
    facts : dict
        As `input_facts` gave it.

    Returns
    -------
    str
        64 hexadecimal digits.
    """
    return str(facts.get("sha256") or facts["hmac_sha256"])


def _salt(path: Path, *, draw: bool) -> bytes:
    try:
        if not path.exists():
            if not draw:
                return secrets.token_bytes(SALT_BYTES)  # of no use twice, so that nothing matches it
            beside = path.with_name(f"{SALT_FILE}.{os.getpid()}.partial")
            with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(secrets.token_bytes(SALT_BYTES))
            beside.replace(path)
        return path.read_bytes()
    except OSError as error:
        raise DataError(
            f"cannot read or write {path}: {error.strerror}. It holds the key of the hashes of your tables and belongs to "
            "whoever ran the study first: ask for access, or give another folder with --results."
        ) from error
