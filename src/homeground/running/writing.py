# SPDX-License-Identifier: Apache-2.0
"""One message for everything that can keep results from being written: a full disk, a limit, a folder that went away."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from homeground.errors import DataError

# Only writing can fail so.
FULL = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "your quota is used up",
    errno.EFBIG: "a file would be larger than is allowed",
    errno.EROFS: "it is read-only",
}
# Reading can fail so too: these count where they are of the results folder.
BARRED = {
    errno.EACCES: "it is not writable",
    errno.EPERM: "it is not writable",
    errno.EIO: "the disk fails",
    errno.ENAMETOOLONG: "a path would be longer than is allowed",
    errno.ENOTDIR: "a part of its path is a file, not a folder",
    errno.EEXIST: "a file stands in its place",
    errno.ENOENT: "files in it were removed while the run worked",
}


OPEN_ELSEWHERE = (32, 33)  # winerror: Windows lets nobody replace what another program has open or locked
OPEN = "a file in it is open in another program, which Windows does not let us replace: close it there"
REMOVED = "the folder was removed while the run worked in it"


@contextmanager
def writes_to(results: Path, what: str) -> Iterator[None]:
    """Turn errors of the system while results are written into one message; errors of reading inputs pass.

    Parameters
    ----------
    results : Path
        Folder that is written to.
    what : str
        Such as the name of a step.

    Yields
    ------
    None

    Raises
    ------
    DataError
        It cannot be written; why, and what to do.
    """
    try:
        yield
    except OSError as error:
        if (why := _why(error, results)) is None:
            raise
        raise DataError(
            f"{what} cannot write to {results}: {why}. Free space, or give a folder you may write with --results FOLDER."
        ) from error


def _why(error: OSError, results: Path) -> str | None:
    for cause in _causes(error):
        if not isinstance(cause, OSError):
            continue
        if cause.errno in FULL:
            return FULL[cause.errno]
        if getattr(cause, "winerror", None) in OPEN_ELSEWHERE:
            return OPEN
        named = cause.filename
        if isinstance(named, str | Path) and (Path(named).is_relative_to(results) or results.is_relative_to(named)):
            return BARRED.get(cause.errno or 0) if results.exists() or cause.errno != errno.ENOENT else REMOVED
    return None if results.exists() else REMOVED


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """The error and what caused it: libraries wrap those of the system in their own."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
