# SPDX-License-Identifier: Apache-2.0
"""Mann-Kendall and Theil-Sen of 20 years against the same arithmetic in NumPy planes of pairs."""

from __future__ import annotations

import numpy as np
import xarray as xr

from benchmarks import Row, cpu_seconds
from homeground.land import trend

YEARS, SIDE = 20, 500


def planes(values: np.ndarray, years: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Score and slope of every cell from the planes of all pairs of years, and their median."""
    early, late = np.triu_indices(years.size, 1)
    rise = values[late] - values[early]
    steps = (years[late] - years[early]).astype(values.dtype)[:, None, None]
    return np.sign(rise).sum(axis=0), np.median(rise / steps, axis=0)


def planes_one_by_one(values: np.ndarray, years: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The same with one plane at a time and no copies, the best NumPy we could write."""
    early, late = np.triu_indices(years.size, 1)
    slopes = np.empty((early.size, *values.shape[1:]), values.dtype)
    score = np.zeros(values.shape[1:], np.int16)
    for pair, (i, j) in enumerate(zip(early, late, strict=True)):
        rise = values[j] - values[i]
        score += rise > 0
        score -= rise < 0
        slopes[pair] = rise / (years[j] - years[i]).astype(values.dtype)
    return score, np.median(slopes, axis=0, overwrite_input=True)


def run() -> list[Row]:
    rng = np.random.default_rng(1)
    years = np.arange(2001, 2001 + YEARS)
    rows = []
    for kind in (np.float32, np.float64):
        values = (rng.normal(0.4, 0.05, (YEARS, SIDE, SIDE)) + 0.002 * np.arange(YEARS)[:, None, None]).astype(kind)
        series = xr.DataArray(values, {"year": years}, dims=("year", "y", "x"))
        result, cells = trend(series, limits=False), SIDE * SIDE / 1e6
        assert result.equals(trend(series).drop_vars(["slope_low", "slope_high"]))
        ours = cells / cpu_seconds(lambda series=series: trend(series, limits=False))
        full = cells / cpu_seconds(lambda series=series: trend(series))
        for way, words, must, aim in (
            (planes, "NumPy planes", 4, 10),
            (planes_one_by_one, "NumPy planes one by one, without copies", None, None),
        ):
            score, slope = way(values, years)
            same = float((result.s.values == score).mean())
            assert same > 0.99  # elsewhere two years are equal but for rounding, which the peer does not see
            gap = float(np.abs(result.slope.values - slope).max())
            assert gap < 1e-6
            peer = cells / cpu_seconds(lambda way=way, values=values: way(values, years), repeats=3)
            rows.append(
                Row(
                    what=(
                        f"Mann-Kendall and Sen with p and lag-1, {YEARS} years x {SIDE * SIDE} cells, "
                        f"{np.dtype(kind).name}; peer: {words} (score and slope only)"
                    ),
                    ours=ours,
                    peer=peer,
                    ratio=ours / peer,
                    must=must,
                    aim=aim,
                    unit="M cells/CPU-s",
                    agreement=(
                        f"scores equal in {100 * same:.2f} % of cells, largest difference of slopes {gap:.1g}; with the limits of the "
                        f"slope, which the peer lacks, ours is {full:.3g}"
                    ),
                )
            )
    return rows
