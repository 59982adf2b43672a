# SPDX-License-Identifier: Apache-2.0
"""Cuts a block of series into tiles that fit the processor's cache and standardises each, by kernel or by SciPy."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from homeground.errors import DataError
from homeground.land.drought._fits import MIN_POSITIVE, Fit

LIMIT = 8.21  # standard deviations; a chance of 1e-16, the last that differs from 0 beside 1 in float64
WIDE = 2048  # cells a tile without kernels

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]
Kernel = Callable[[Array, Array, Mask], None]  # sums, index, flags: by calendar month and cell, what it leaves open
ZEROS = ("classic", "center_of_mass", "mean_zero")  # in the order of the kernel's numbers


@dataclass(frozen=True)
class Tiles:
    """How to standardise sums of which only the ``usual`` months say what is usual."""

    fit: Fit
    usual: Mask
    enough: int
    name: str
    rain: bool  # values below 0 are errors
    make_kernel: Callable[[Mask, int], Kernel] | None

    def standardise(self, rows: NDArray[Any], window: int, index: NDArray[Any]) -> None:
        """Fill ``index`` from ``rows``, both (months, cells)."""
        kernels = _kernels() if self.make_kernel else None
        width = kernels.CELLS if kernels else WIDE
        buffer, sums, out = (np.full((rows.shape[0], width), np.nan) for _ in range(3))
        flags = np.ones((12, width), dtype=bool)  # without a kernel all is left to the fit
        kernel = self.make_kernel(self.usual, self.enough) if self.make_kernel and kernels else None
        negative = 0
        for start in range(0, rows.shape[1], width):
            cells = min(width, rows.shape[1] - start)
            buffer[:, :cells] = rows[:, start : start + cells]
            buffer[:, cells:] = np.nan
            if self.rain:
                negative += int(np.count_nonzero(buffer < 0))
            if kernel and kernels:
                kernels.running_sums(buffer, window, sums)
                flags[:] = False
                kernel(sums, out, flags)
            else:
                _running_sums(buffer, window, sums)
            self._finish(sums, out, flags, cells)
            index[:, start : start + cells] = out[:, :cells]
        if negative:
            raise DataError(
                f"{self.name} falls below 0 in {negative} values. Mark missing values as NaN, and check offsets."
            )

    def _finish(self, sums: Array, out: Array, flags: Mask, cells: int) -> None:
        """Fit what is flagged."""
        for month in np.flatnonzero(flags[:, :cells].any(axis=1)):
            own, which = slice(month, None, 12), np.flatnonzero(flags[month, :cells])
            fitted = self.fit(sums[own, which].T, self.usual[own], self.enough)
            out[own, which] = fitted.T.clip(-LIMIT, LIMIT)


def _kernels() -> Any | None:
    try:
        from homeground.land.drought import _kernels as _drought_kernels
    except ImportError:
        return None
    return _drought_kernels


def _running_sums(buffer: Array, window: int, sums: Array) -> None:
    sums[:] = np.nan
    if window <= buffer.shape[0]:
        sums[window - 1 :] = sum(buffer[lag : buffer.shape[0] - window + 1 + lag] for lag in range(window))


def gamma_kernel(zeros: str) -> Callable[[Mask, int], Kernel]:
    """Gamma by Thom."""

    def make(usual: Mask, enough: int) -> Kernel:
        from homeground.land.drought import _kernels as kernels
        from homeground.land.drought._normal_tables import gamma_table

        table = gamma_table()
        scratch = np.empty((13 + kernels.DEGREE + 3 + -(-usual.size // 12), kernels.CELLS))
        bits = scratch[0].view(np.int64)

        def kernel(sums: Array, out: Array, flags: Mask) -> None:
            kernels.spi_tile(
                sums,
                sums.view(np.int64),
                usual,
                enough,
                MIN_POSITIVE,
                ZEROS.index(zeros),
                LIMIT,
                table.rows,
                table.q_low,
                table.step,
                scratch,
                bits,
                out,
                flags,
            )

        return kernel

    return make


def logistic_kernel(usual: Mask, enough: int) -> Kernel:
    """Log-logistic by unbiased moments."""
    from homeground.land.drought import _kernels as kernels
    from homeground.land.drought._normal_tables import logistic_table, sorting_network

    table = logistic_table()
    years = max(int(usual[month::12].sum()) for month in range(12))
    network = sorting_network(years)
    scratch = np.empty((12 + years, kernels.CELLS))
    bits = scratch[:2].view(np.int64)

    def kernel(sums: Array, out: Array, flags: Mask) -> None:
        kernels.spei_tile(sums, usual, enough, network, table, scratch, bits, out, flags)

    return kernel
