# SPDX-License-Identifier: Apache-2.0
"""Functions that are named now and imported when they are called, so that a list of steps loads no heavy library."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from importlib import import_module
from typing import Any


def later(name: str) -> Callable[..., Any]:
    """A function of another file, which is imported when the function is called.

    The hash of a part's code (`homeground.running.fingerprints.code_hash`) follows the name as it follows an import, so
    write it out in full where it stands.

    Parameters
    ----------
    name : str
        Module and function, such as ``homeground.people.finding:finding``.

    Returns
    -------
    callable
        It takes and returns what the named function does. Its ``args`` hold the name.

    Raises
    ------
    ImportError, AttributeError
        When it is called: there is no such module, or no such function in it.

    Examples
    --------
    >>> same = later("homeground.numbers.units:same_unit")
    >>> same("celsius", "degC")
    True
    """
    return partial(_call, name)


def _call(name: str, *words: Any) -> Any:
    module, _, function = name.partition(":")
    return getattr(import_module(module), function)(*words)
