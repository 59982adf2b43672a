# SPDX-License-Identifier: Apache-2.0
"""What finished tiles gave, kept beside the results while a step runs, so that a run that was killed goes on from there.

A file holds what one tile gave, as Python's pickle. A results folder may come from anywhere, so nothing is made from such a
file but tables, arrays and our own data classes; a file that holds anything else is as none, and its tile is done again.
"""

from __future__ import annotations

import io
import os
import pickle
import secrets
from collections.abc import Callable
from dataclasses import is_dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, TypeVar

Part = TypeVar("Part")
Result = TypeVar("Result")

# What tables and arrays are made from: by module, as NumPy, pandas, PyArrow and SciPy name them in a pickle.
MADE_FROM = {
    "builtins": {"slice"},
    "numpy": {"dtype", "ndarray"},
    "numpy._core.multiarray": {"_reconstruct", "scalar"},
    "numpy._core.numeric": {"_frombuffer"},
    "pandas": {"DataFrame", "Index", "RangeIndex", "StringDtype"},
    "pandas._libs.internals": {"_unpickle_block"},
    "pandas.arrays": {"ArrowStringArray"},
    "pandas.core.indexes.base": {"_new_Index"},
    "pandas.core.internals.managers": {"BlockManager"},
    "pyarrow.lib": {"_restore_array", "py_buffer", "type_for_alias"},
    "scipy.sparse._csr": {"csr_array"},
}


class _Tables(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        if name in MADE_FROM.get(module, ()):
            return getattr(import_module(module), name)
        if module.startswith("homeground.") and "." not in name:
            found = getattr(import_module(module), name)
            if isinstance(found, type) and is_dataclass(found):
                return found
        raise pickle.UnpicklingError(f"{module}.{name} is no table")


def kept_or_done(folder: Path, work: Callable[[Part], Result], numbered: tuple[int, Part]) -> Result:
    """What a tile gave when it was done before, or gives now; then it is kept.

    Parameters
    ----------
    folder : Path
        Where the results of this walk are kept; it is there. Nothing else lies in it.
    work : function of one part
        It has written what it writes elsewhere when it returns.
    numbered : (int, part)
        Number of the tile in its walk, and the tile.

    Returns
    -------
    result of ``work``

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     first = kept_or_done(Path(folder), abs, (0, -3))
    ...     (first, kept_or_done(Path(folder), lambda _: "done again", (0, -3)))
    (3, 3)
    """
    path = folder / f"{numbered[0]}.pickle"
    try:
        found: tuple[Result] = _Tables(io.BytesIO(path.read_bytes())).load()
        return found[0]
    except Exception:  # noqa: S110 (not there, cut short, of another version: the tile is done again)
        pass
    result = work(numbered[1])
    beside = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}.partial")
    beside.write_bytes(pickle.dumps((result,), protocol=5))
    beside.replace(path)
    return result
