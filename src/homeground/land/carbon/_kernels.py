# SPDX-License-Identifier: Apache-2.0
"""The loop over pixels that follows soil carbon through changes of land cover."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from homeground.land._compiled import Floats, compiled


@compiled
def carbon_pixels(
    stock: Floats, cover: NDArray[np.int8], zone: NDArray[np.int8], factors: Floats, years: int, out: Floats
) -> None:
    """Stock of every year (rows of ``out``) per column, from the first year's and the cover of each year (years, pixels).

    ``factors[zone, before, after]`` with 0 for missing cover; a change takes ``years`` years, and a new one replaces it.
    """
    for i in range(stock.size):
        now, step, left = stock[i], 0.0, 0
        before = max(cover[0, i], 0)
        if before == 0:
            now = np.nan
        out[0, i] = now
        for k in range(1, cover.shape[0]):
            after = max(cover[k, i], 0)
            if before != after or after == 0:
                step, left = now * (factors[zone[i], before, after] - 1) / years, years
            if left > 0:
                now += step
                left -= 1
            out[k, i] = now
            before = after
