# SPDX-License-Identifier: Apache-2.0
"""What was run on what: ``run.json`` in each results folder."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from homeground.errors import DataError
from homeground.running.tables import RUN_RECORD


def read_run(results: Path) -> dict[str, Any]:
    """The record of a results folder; an empty one when nothing ran yet or the record is damaged."""
    try:
        record = json.loads((results / RUN_RECORD).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):  # not there, no JSON, or no text
        record = {}
    whole = isinstance(record, dict) and all(isinstance(record.get(k), dict) for k in ("steps", "stages"))
    return record if whole else {"steps": {}, "stages": {}}


def write_run(results: Path, record: dict[str, Any]) -> None:
    """Write the record beside and rename, so that a stopped run leaves the old one whole."""
    beside = results / f".{RUN_RECORD}.{os.getpid()}.partial"
    try:
        beside.write_text(json.dumps(record, indent=1, ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8")
        beside.replace(results / RUN_RECORD)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise DataError(
            f"cannot write {RUN_RECORD} to {results}: {error.strerror}. Free space or give --results."
        ) from error
