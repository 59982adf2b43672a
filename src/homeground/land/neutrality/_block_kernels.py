# SPDX-License-Identifier: Apache-2.0
"""The whole of SDG 15.3.1 in one pass over the pixels; no array the size of the input is made beside the results.

Every pixel gets a key of 11 bits: productivity (3 bits, 0 missing, 1 to 5), first cover (3 bits, 0 missing, 1 to 7),
last cover (3 bits), carbon (2 bits, 0 missing, 1 loss, 2 stable, 3 gain). Pixels are counted by key along a row, where
all have one area; the counts times that area go into one table, from which every published table is a sum. So all
tables sum to the same area.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from homeground.land._compiled import compiled

KEYS = 2048

Classes = NDArray[np.int8]
Bytes = NDArray[np.uint8]


@compiled
def _keys(
    trend: Classes, state: Classes, performance: Classes, initial: Classes, final: Classes,
    carbon: NDArray[np.floating[Any]], threshold: float, first: Bytes, second: Bytes,
) -> int:  # fmt: skip
    """Two bytes per pixel of a row: trend, state, performance; and both covers with carbon. Not 0 if a code is bad.

    Written so that compilers turn it into operations on many pixels at once: no branch, no table.
    """
    bad = np.uint8(0)
    for j in range(trend.size):
        x, y, z, a, b = trend[j], state[j], performance[j], initial[j], final[j]
        t = np.uint8(x + 2 if x != -128 else 0)
        s = np.uint8(y + 2 if y != -128 else 0)
        p = np.uint8(z + 2 if z != -128 else 0)
        u = np.uint8(a if a != -128 else 0)
        w = np.uint8(b if b != -128 else 0)
        bad |= np.uint8(((t | s) & 252) | (p & 254 if p != 2 else 0) | ((u | w) & 248))
        bad |= np.uint8((x == -2) | (y == -2) | (z == -2) | (a == 0) | (b == 0))
        first[j] = np.uint8(((t & 3) << 4) | ((s & 3) << 2) | (p & 3))
        c = carbon[j]
        change = np.uint8(2) + np.uint8(c >= threshold) - np.uint8(c <= -threshold) if c == c else np.uint8(0)  # noqa: PLR0124 (NaN)
        second[j] = np.uint8(((u & 7) << 5) | ((w & 7) << 2) | change)
    return int(bad)


@compiled
def _count(
    first: Bytes, second: Bytes, five: Bytes, verdict: Classes, productivity: Classes, degraded: Classes,
    counts: NDArray[np.uint32],
) -> None:  # fmt: skip
    """Classes and counts of a row. Neighbours go to two counters, so that equal ones do not wait for each other."""
    for j in range(first.size):
        value = five[first[j]]
        key = (np.uint32(value) << np.uint32(8)) | np.uint32(second[j])
        productivity[j] = value if value > 0 else -128
        degraded[j] = verdict[key]
        counts[j & 1, key] += np.uint32(1)


@compiled
def _count_zones(
    first: Bytes, second: Bytes, zone: Classes, five: Bytes, verdict: Classes, productivity: Classes,
    degraded: Classes, counts: NDArray[np.uint32],
) -> None:  # fmt: skip
    """As `_count`, with a counter for each zone; a negative zone lies outside."""
    for j in range(first.size):
        z = zone[j]
        if z < 0:
            productivity[j], degraded[j] = -128, -128
            continue
        value = five[first[j]]
        key = (np.uint32(value) << np.uint32(8)) | np.uint32(second[j])
        productivity[j] = value if value > 0 else -128
        degraded[j] = verdict[z, key]
        counts[z, key] += np.uint32(1)


@compiled
def one_pass(
    trend: Classes, state: Classes, performance: Classes, initial: Classes, final: Classes,
    carbon: NDArray[np.floating[Any]], zone: Classes, row_area: NDArray[np.float64], threshold: float, five: Bytes,
    verdict: Classes, productivity: Classes, degraded: Classes, table: NDArray[np.float64],
) -> int:  # fmt: skip
    """Fill ``productivity``, ``degraded`` (rows, columns) and ``table`` (zones, KEYS) of km2; not 0 if a code is bad.

    ``five[trend << 4 | state << 2 | performance]`` (256 long) is the class of productivity, 0 missing;
    ``verdict[zone, key]`` is -1, 0, 1 or -128. ``zone`` has no rows where all is one zone.
    """
    zones, whole = table.shape[0], zone.shape[0] == 0
    counts = np.zeros((max(zones, 2), 2048), np.uint32)
    first, second = np.empty(trend.shape[1], np.uint8), np.empty(trend.shape[1], np.uint8)
    bad = 0
    for i in range(trend.shape[0]):
        found = _keys(
            trend[i], state[i], performance[i], initial[i], final[i], carbon[i], threshold, first, second
        )  # fmt: skip
        bad = bad | found
        if whole:
            _count(first, second, five, verdict[0], productivity[i], degraded[i], counts)
            counts[0] += counts[1]
        else:
            _count_zones(first, second, zone[i], five, verdict, productivity[i], degraded[i], counts)
        for z in range(zones):
            for key in range(2048):
                table[z, key] += counts[z, key] * row_area[i]
        counts[:] = 0
    return bad
