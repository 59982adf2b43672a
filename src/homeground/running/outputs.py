# SPDX-License-Identifier: Apache-2.0
"""Whether what a step wrote still stands as it wrote it: an output is trusted for its content, not for being there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from homeground.running.fingerprints import input_hash


def stamped(results: Path, outputs: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Size, time and hash of each output, as ``run.json`` keeps them.

    Parameters
    ----------
    results : Path
        A results folder.
    outputs : iterable of str
        Paths in it: files, or folders such as a Zarr group.

    Returns
    -------
    dict
        By output what `homeground.running.fingerprints.input_hash` gives.

    Raises
    ------
    OSError
        One is not there.
    """
    return {output: input_hash(results / output, {}) for output in outputs}


def unlike(results: Path, outputs: Iterable[str], recorded: Mapping[str, Any]) -> list[str]:
    """Outputs that are missing, or whose content is not what the step wrote: changed, cut, a chunk of a store gone.

    Parameters
    ----------
    results : Path
        A results folder.
    outputs : iterable of str
        Paths in it that the step writes for the study.
    recorded : mapping
        What `stamped` gave when it had written them.

    Returns
    -------
    list of str
        In their order; empty where all stand. A copy of a folder stands: another time alone is no change.
    """
    return [output for output in outputs if not _as_written(results / output, recorded.get(output))]


def _as_written(path: Path, stamp: Any) -> bool:
    try:
        return bool(path.exists() and input_hash(path, stamp)["sha256"] == stamp["sha256"])
    except (OSError, TypeError, KeyError, AttributeError):  # gone while it was read; a record of another form
        return False
