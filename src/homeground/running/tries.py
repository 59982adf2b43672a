# SPDX-License-Identifier: Apache-2.0
"""Folders that steps write into before they are done: what a run that was stopped left is cleared away, or gone on with.

The name of the folder holds the step and its fingerprint. One in which tiles were finished is kept, so that the next run
of the same step (the same settings, inputs and code) goes on in it; every other one goes.
"""

from __future__ import annotations

import shutil
from pathlib import Path

KEPT = ".tiles"  # in such a folder: what finished tiles gave, a folder for each walk over the tiles


def place_of(results: Path, key: str, fingerprint: str) -> Path:
    """Where a step writes before it is done.

    Parameters
    ----------
    results : Path
        A results folder.
    key : str
        Stage and step, such as ``land.vegetation``.
    fingerprint : str
        Of the step.

    Returns
    -------
    Path

    Examples
    --------
    >>> place_of(Path("results"), "land.vegetation", "0123456789abcdef0123").as_posix()
    'results/.land.vegetation.0123456789abcdef.partial'
    """
    return results / f".{key}.{fingerprint[:16]}.partial"


def has_tiles(out: Path) -> bool:
    """Whether tiles were finished in such a folder.

    Parameters
    ----------
    out : Path
        It need not be there.

    Returns
    -------
    bool

    Examples
    --------
    >>> has_tiles(Path("no/such/folder"))
    False
    """
    return any((out / KEPT).glob("*/*.pickle"))


def begin(out: Path) -> None:
    """Make the folder of a step, empty but where tiles were finished in it.

    Parameters
    ----------
    out : Path
        Of `place_of`.
    """
    if not has_tiles(out):
        remove(out)
    out.mkdir(exist_ok=True)


def leave(out: Path) -> None:
    """Take the folder of a step away when it was done or failed, but where tiles were finished in it.

    Parameters
    ----------
    out : Path
        Of `place_of`.
    """
    if not has_tiles(out):
        remove(out)


def clear_remains(results: Path) -> None:
    """Take away what a run that was stopped in the middle left, but for steps with finished tiles.

    Parameters
    ----------
    results : Path
        A results folder in which no other run works.
    """
    begun = [place for place in results.glob(".*.partial") if has_tiles(place)]
    for left in results.rglob(".*.partial"):
        if not any(left.is_relative_to(place) for place in begun):
            remove(left)


def clear_other_tries(results: Path, key: str, fingerprint: str) -> None:
    """Take away finished tiles of a step as it is no longer asked for.

    Parameters
    ----------
    results : Path
        A results folder.
    key : str
        Stage and step.
    fingerprint : str
        As it is asked for.
    """
    for left in results.glob(f".{key}.*.partial"):
        if left != place_of(results, key, fingerprint):
            remove(left)


def remove(path: Path) -> None:
    """Take a file or a folder away; one that is not there is none too few.

    Parameters
    ----------
    path : Path
    """
    shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)
