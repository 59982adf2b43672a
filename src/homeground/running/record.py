# SPDX-License-Identifier: Apache-2.0
"""What was run on what: ``run.json`` in each results folder."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from homeground.errors import DataError

RUN_FILE = "run.json"


def read_run(results: Path) -> dict[str, Any]:
    """The record of a results folder; an empty one when nothing ran yet or the record is damaged.

    Parameters
    ----------
    results : Path
        Folder of one scenario's results.

    Returns
    -------
    dict
        ``steps``: by ``stage.step`` its fingerprint, inputs, outputs, seconds and warnings; ``stages``: by name its
        finding; beside them what the run says of itself (study, scenario, versions).
    """
    try:
        record = json.loads((results / RUN_FILE).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):  # not there, no JSON, or no text
        record = {}
    whole = isinstance(record, dict) and all(isinstance(record.get(k), dict) for k in ("steps", "stages"))
    return record if whole else {"steps": {}, "stages": {}}


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
    beside = results / f".{RUN_FILE}.{os.getpid()}.partial"
    try:
        beside.write_text(json.dumps(record, indent=1, ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8")
        beside.replace(results / RUN_FILE)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise DataError(
            f"cannot write {RUN_FILE} to {results}: {error.strerror}. Free space or give --results."
        ) from error
