# SPDX-License-Identifier: Apache-2.0
"""SDG 15.3.1 of 4000 x 4000 pixels with all its tables: one pass against the same arithmetic in NumPy passes."""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from benchmarks import Row, cpu_seconds
from homeground.land import TRANSITION_MATRIX, assess, assess_tables

SIDE = 4000
# Trend, state, performance (-1 degraded, 0 not) and the class. Source: UNCCD PRAIS 4 manual (2026), SO1 Table 13.
LOOKUP = (
    (1, 1, 0, 5), (1, 1, -1, 5), (1, 0, 0, 5), (1, 0, -1, 5), (1, -1, 0, 5), (1, -1, -1, 2),
    (0, 1, 0, 4), (0, 1, -1, 4), (0, 0, 0, 4), (0, 0, -1, 3), (0, -1, 0, 2), (0, -1, -1, 1),
    (-1, 1, 0, 1), (-1, 1, -1, 1), (-1, 0, 0, 1), (-1, 0, -1, 1), (-1, -1, 0, 1), (-1, -1, -1, 1),
)  # fmt: skip

SIGNS, COVERS = (-1, 0, 1), tuple(range(1, 8))


def layers(side: int) -> tuple[list[NDArray[Any]], NDArray[np.float64]]:
    """Made layers in patches of 8 x 8 with single pixels sown in, as maps are; 5 % no data; areas of rows in km2."""
    draw = np.random.default_rng(1)

    def classes(values: tuple[int, ...], share: list[float]) -> NDArray[np.int8]:
        patch = draw.choice(np.array([*values, -128], np.int8), (side // 8, side // 8), p=[*share, 0.05])
        field = np.kron(patch, np.ones((8, 8), np.int8))
        at = draw.integers(0, field.size, field.size // 20)
        field.ravel()[at] = draw.choice(np.array(values, np.int8), at.size)
        return field

    trend = classes(SIGNS, [0.2, 0.55, 0.2])
    state = classes(SIGNS, [0.2, 0.55, 0.2])
    performance = classes((-1, 0), [0.15, 0.8])
    initial = classes(COVERS, [0.2, 0.25, 0.25, 0.05, 0.05, 0.1, 0.05])
    changed = draw.random((side, side), np.float32) < 0.1
    final = np.where(changed, classes(COVERS, [0.2, 0.25, 0.25, 0.05, 0.05, 0.1, 0.05]), initial)
    carbon = draw.normal(0, 8, (side, side)).astype(np.float32)
    carbon[draw.random((side, side), np.float32) < 0.05] = np.nan
    area = 0.09 * np.cos(np.deg2rad(np.linspace(20, 10, side)))
    return [trend, state, performance, initial, final, carbon], area


def numpy_passes(
    trend: NDArray[Any], state: NDArray[Any], performance: NDArray[Any], initial: NDArray[Any], final: NDArray[Any],
    carbon: NDArray[Any], area: NDArray[np.float64],
) -> tuple[NDArray[np.int8], NDArray[np.int8], dict[str, NDArray[np.float64]]]:  # fmt: skip
    """The usual way: one array operation after another, a mask for each rule, a weighted count for each table."""
    five = np.full(trend.shape, -128, np.int8)
    for t, s, p, number in LOOKUP:
        five[(trend == t) & (state == s) & (performance == p)] = number
    three = np.full(trend.shape, -128, np.int8)
    three[(five == 1) | (five == 2)] = -1
    three[(five == 3) | (five == 4)] = 0
    three[five == 5] = 1
    known = (initial != -128) & (final != -128)
    matrix = TRANSITION_MATRIX.to_numpy()
    cover = np.where(known, matrix[np.where(known, initial, 1) - 1, np.where(known, final, 1) - 1], -128)
    soil = np.full(trend.shape, -128, np.int8)
    soil[carbon <= -10] = -1
    soil[(carbon > -10) & (carbon < 10)] = 0
    soil[carbon >= 10] = 1
    degraded = np.zeros(trend.shape, np.int8)
    degraded[(three == 1) | (cover == 1) | (soil == 1)] = 1
    degraded[(three == -1) | (cover == -1) | (soil == -1)] = -1
    degraded[(three == -128) | (cover == -128) | (soil == -128) | (initial == 7)] = -128
    size = np.broadcast_to(area[:, None], trend.shape)

    def table(first: NDArray[Any], second: NDArray[Any]) -> NDArray[np.float64]:
        # Codes -128, -1 ... 7 as 0, 1 ... 9; rows are the first, columns the second.
        a, b = (np.where(x == -128, 0, x + np.int8(2)).astype(np.int64) for x in (first, second))
        return np.bincount((a * 10 + b).ravel(), weights=size.ravel(), minlength=100).reshape(10, 10)

    tables = {
        "transitions": table(initial, final),
        "productivity_by_cover": table(initial, five),
        "carbon_by_cover": table(initial, soil),
        "degradation_by_cover": table(initial, degraded),
    }
    single = {"degradation": degraded, "productivity": five, "cover": cover, "carbon": soil}
    for name, codes in single.items():
        tables[name] = table(codes, np.where(initial == 7, np.int8(7), np.int8(0)))
    return five, degraded, tables


def run() -> list[Row]:
    arrays, area = layers(SIDE)
    grids = [xr.DataArray(a, dims=("y", "x")) for a in arrays]
    rows = xr.DataArray(area, dims="y")

    def fused() -> Any:
        maps, table = assess(*grids, areas=rows)
        return maps, assess_tables(table)

    five, degraded, theirs = numpy_passes(*arrays, area)
    maps, ours = fused()
    same = np.array_equal(maps["productivity"].values, five) and np.array_equal(maps["degradation"].values, degraded)
    assert same, "the maps differ"
    worst = 0.0
    for name in ("transitions", "productivity_by_cover", "carbon_by_cover", "degradation_by_cover"):
        for (first, second), km2 in ours[name].stack().items():
            their = theirs[name][first + 2 if first != -128 else 0, second + 2 if second != -128 else 0]
            worst = max(worst, abs(km2 - their) / max(their, 1))
    for name in ("degradation", "productivity", "cover", "carbon"):
        for _, code, km2, _ in ours[name].itertuples():
            their = theirs[name][int(code) + 2 if code != -128 else 0, 2]
            worst = max(worst, abs(km2 - their) / max(their, 1))
    assert worst < 1e-9, f"tables differ by {worst:.2g}"
    our_time, their_time = cpu_seconds(fused), cpu_seconds(lambda: numpy_passes(*arrays, area), 3)
    cells = SIDE * SIDE / 1e6
    return [
        Row(
            what=f"SDG 15.3.1 block, {SIDE} x {SIDE} pixels, 2 maps and 8 tables; peer: the same in NumPy passes",
            ours=cells / our_time,
            peer=cells / their_time,
            ratio=their_time / our_time,
            must=20,
            aim=40,
            unit="M pixels/CPU-s",
            agreement=f"maps identical, areas differ by at most {worst:.0e} of their size",
        )
    ]
