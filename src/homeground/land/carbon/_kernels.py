# SPDX-License-Identifier: Apache-2.0
"""The loop over pixels that follows soil carbon through changes of land cover."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from homeground.land._compiled import Floats, compiled

BLOCK = 512  # pixels that are followed side by side: years of one pixel lie far apart in memory


@compiled
def carbon_pixels(
    stock: Floats, cover: NDArray[np.int8], zone: NDArray[np.int8], factors: Floats, years: int, out: Floats
) -> None:
    """Stock of every year (rows of ``out``) per column, from the first year's and the cover of each year (years, pixels).

    ``factors[zone, before, after]`` with 0 for missing cover; a change takes ``years`` years, and a new one replaces it.
    """
    now, step, left = np.empty(BLOCK), np.empty(BLOCK), np.empty(BLOCK, np.int64)
    for start in range(0, stock.size, BLOCK):
        pixels = min(BLOCK, stock.size - start)
        for i in range(pixels):
            now[i], step[i], left[i] = stock[start + i], 0.0, 0
            if max(cover[0, start + i], 0) == 0:
                now[i] = np.nan
        out[0, start : start + pixels] = now[:pixels]
        for k in range(1, cover.shape[0]):
            for i in range(pixels):
                before, after = max(cover[k - 1, start + i], 0), max(cover[k, start + i], 0)
                if before != after or after == 0:
                    step[i] = now[i] * (factors[zone[start + i], before, after] - 1) / years
                    left[i] = years
                if left[i] > 0:
                    now[i] += step[i]
                    left[i] -= 1
            out[k, start : start + pixels] = now[:pixels]
