# SPDX-License-Identifier: Apache-2.0
"""What was run on what: ``run.json`` in each results folder."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from homeground.running.fingerprints import text_hash
from homeground.running.tables import RUN_RECORD
from homeground.running.writing import writes_to

# Raised when what lies in a results folder changes its form, so that old results are told, not misread.
RESULTS_VERSION = 3
CHECKED_SINCE = 3
CHECK = "check"  # hash of the record itself: one that was cut or edited is as none, and the steps run again


def read_run(results: Path) -> dict[str, Any]:
    """The record of a results folder; an empty one when nothing ran yet or the record is damaged.

    Steps of an older form have no fingerprint: they run again.

    Parameters
    ----------
    results : Path
        Folder of a run.

    Returns
    -------
    dict
        ``schema_version``; ``steps``: by ``stage.step`` its fingerprint, inputs, outputs, seconds and warnings;
        ``stages``: by name its finding; beside them what the run says of itself (study, scenario, versions).
    """
    record = _stored(results)
    if record is None:
        return {"schema_version": RESULTS_VERSION, "steps": {}, "stages": {}}
    if record.get("schema_version") != RESULTS_VERSION:  # their outputs are known, so that they are replaced or removed
        steps = {key: _older(step) for key, step in record["steps"].items()}
        return {"schema_version": RESULTS_VERSION, "steps": steps, "stages": {}}
    return record


def older_results(results: Path) -> bool:
    """Whether a folder holds results, of a stage at least, of another form than this homeground reads.

    Parameters
    ----------
    results : Path
        Folder of a run.

    Returns
    -------
    bool
        False too where nothing ran.
    """
    record = _stored(results)
    if record is None:
        return False
    unfinished = any("fingerprint" not in step for step in record["steps"].values())  # renewed in part alone
    return unfinished or record.get("schema_version") != RESULTS_VERSION


def _stored(results: Path) -> dict[str, Any] | None:
    try:
        record = json.loads((results / RUN_RECORD).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):  # not there, not to be read, no JSON, or no text
        return None
    if not isinstance(record, dict) or not all(_of_dicts(record.get(k)) for k in ("steps", "stages")):
        return None
    version = record.get("schema_version", 1)
    if not isinstance(version, int) or version < CHECKED_SINCE:
        return record
    return record if record.pop(CHECK, None) == text_hash(record) else None


def _older(step: dict[str, Any]) -> dict[str, Any]:
    """What is kept of a step of an older form: what it wrote and when; without a fingerprint it runs again."""
    outputs, seconds = step.get("outputs"), step.get("seconds")
    paths = [path for path in outputs if isinstance(path, str)] if isinstance(outputs, list | dict) else []
    known = {"outputs": paths, "finished": str(step.get("finished", ""))}
    return known | {"seconds": float(seconds) if isinstance(seconds, int | float) else 0.0}


def _of_dicts(value: Any) -> bool:
    return isinstance(value, dict) and all(isinstance(one, dict) for one in value.values())


def write_run(results: Path, record: dict[str, Any]) -> None:
    """Write the record beside and rename, so that a stopped run leaves the old one whole.

    Parameters
    ----------
    results : Path
        Folder of one scenario's results; it is there.
    record : dict
        As `read_run` gives it.

    Raises
    ------
    DataError
        The folder cannot be written to, or the disk is full.
    """
    beside = results / f".{RUN_RECORD}.{os.getpid()}.partial"
    content = {key: value for key, value in record.items() if key != CHECK}
    record = content | {CHECK: text_hash(content)}
    with writes_to(results, RUN_RECORD):
        try:
            beside.write_text(json.dumps(record, indent=1, ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8")
            beside.replace(results / RUN_RECORD)
        finally:
            beside.unlink(missing_ok=True)
