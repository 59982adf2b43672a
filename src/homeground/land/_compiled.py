# SPDX-License-Identifier: Apache-2.0
"""Loops over pixels, compiled where numba is installed (extra ``kernels``); without it they are right but slow.

Numba is loaded when a kernel is first called. Compiling takes seconds, so what is tiny is better run by Python (`for_values`).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from importlib.util import find_spec
from types import FunctionType
from typing import Any, Literal, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

Function = TypeVar("Function", bound=Callable[..., Any])
Floats = NDArray[np.float64]


FEW = 5_000  # values that a process leaves to Python before it compiles: less than a second, where compiling takes ten


class Kernel:
    """A loop that is called compiled; the kernels that it calls are compiled with it, or run by Python with it."""

    left_to_python = 0

    def __init__(self, function: FunctionType, options: dict[str, Any]) -> None:
        self.function, self.options = function, options
        self.__name__, self.__doc__, self.__module__ = function.__name__, function.__doc__, function.__module__

    def __call__(self, *given: Any) -> Any:
        return self.compiled(*given)

    @cached_property
    def compiled(self) -> Callable[..., Any]:
        if find_spec("numba") is None:
            return self.plain
        from numba import njit

        return cast(
            Callable[..., Any],
            njit(cache=True, nogil=True, error_model="numpy", **self.options)(self._with("compiled")),
        )

    @cached_property
    def plain(self) -> Callable[..., Any]:
        return self._with("plain")

    def _with(self, form: Literal["compiled", "plain"]) -> FunctionType:
        """The function, with the kernels it names in one form."""
        code = self.function.__code__
        space = dict(self.function.__globals__)
        space |= {name: getattr(space[name], form) for name in code.co_names if isinstance(space.get(name), Kernel)}
        return FunctionType(code, space, self.__name__, self.function.__defaults__)


def compiled(function: Function, **options: Any) -> Function:
    return cast(Function, Kernel(cast(FunctionType, function), options))


def for_values(kernel: Function, values: int) -> Function:
    """The kernel for so many values: as Python runs it while they are few, for then nothing has to be compiled first.

    Both give the same numbers to the last digit only in float64, and where the kernel allows no contraction (``fastmath``).
    """
    if not isinstance(kernel, Kernel) or "compiled" in vars(kernel) or kernel.left_to_python + values > FEW:
        return kernel
    kernel.left_to_python += values
    return cast(Function, kernel.plain)


@compiled
def insert_sorted(a: Floats, n: int) -> None:
    """Sort the first ``n`` numbers in place; for fewer than some thirty this beats a general sort and its copy."""
    for i in range(1, n):
        x, j = a[i], i - 1
        while j >= 0 and a[j] > x:
            a[j + 1] = a[j]
            j -= 1
        a[j + 1] = x
