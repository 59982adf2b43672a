# SPDX-License-Identifier: Apache-2.0
"""SPI and SPEI against climate-indices 3.1.0 (its block path: one call for all cells) and xclim on a sample.

Data: rain drawn from gamma distributions with a season, shapes 0.5 to 4, so that monthly sums are as skewed as in the
Sahel and as even as in the tropics; balances are that rain less 60 mm. No cell has months without rain but for rounding.
"""

from __future__ import annotations

import logging
import warnings
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from benchmarks import Row, cpu_seconds
from homeground.land import spei, spi

YEARS, CELLS, SAMPLE = 40, 40_000, 64
INSTALL = "peer not installed: uv pip install climate-indices==3.1.0"


def rain(cells: int) -> NDArray[np.float64]:
    random = np.random.default_rng(12)
    season = 1 + 0.8 * np.sin(np.arange(12 * YEARS) * np.pi / 6)
    return random.gamma(random.uniform(0.5, 4, cells), 30.0, (12 * YEARS, cells)) * season[:, None]


def series(values: NDArray[np.float64]) -> xr.DataArray:
    time = pd.date_range("1981-01-01", periods=values.shape[0], freq="MS")
    return xr.DataArray(values, {"time": time}, dims=("time", "cell"), attrs={"units": "mm/month"})


def block_path(name: str, values: NDArray[np.float64], window: int) -> Any | None:
    """A call of climate-indices for all cells in one block, or None."""
    try:
        from climate_indices import compute, indices
    except ImportError:
        return None
    logging.disable(logging.CRITICAL)
    warnings.filterwarnings("ignore", module="climate_indices")  # on the quality of its fits
    monthly, last = compute.Periodicity.monthly, 1980 + YEARS
    block = values[:, :, None]
    options = {"spatial_time_major": True}
    if name == "spi":
        gamma = indices.Distribution.gamma
        return lambda: indices.spi(block, window, gamma, 1981, 1981, last, monthly, **options)[:, :, 0]
    demand = np.full_like(block, 60.0)
    logistic = indices.Distribution.loglogistic
    return lambda: indices.spei(block, demand, window, logistic, monthly, 1981, 1981, last, **options)[:, :, 0]


def compare(name: str, window: int, must: float | None, aim: float | None) -> Row:
    values = rain(CELLS)
    data = series(values if name == "spi" else values - 60.0)
    index = {"spi": spi, "spei": spei}[name]
    found = index(data, window)  # compiles
    ours = values.size / cpu_seconds(lambda: index(data, window)) / 1e6
    whole = index(data.isel(cell=slice(None, None, 10)), window, exact=True)
    off = float(abs(found.isel(cell=slice(None, None, 10)) - whole).max())
    assert off < 1e-6, off
    agreement = f"largest difference from the exact path {off:.0e}"
    peer = block_path(name, values, window)
    rate = None
    if peer is None:
        agreement += f"; {INSTALL}"
    else:
        theirs = peer()
        both = np.abs(theirs) < 3.08  # the peer clips at 3.09
        agreement += f", from the peer {np.abs(found.values - theirs)[both].max():.0e}"
        rate = values.size / cpu_seconds(peer) / 1e6
    what = f"{name.upper()}-{window}, {12 * YEARS} months x {CELLS} cells; peer: climate-indices 3.1.0, block path"
    return Row(what, ours, rate, ours / rate if rate else None, must, aim, "M values/CPU-s", agreement)


def xclim_sample() -> Row | None:
    """The peer most people use, on a few cells: it is far too slow for all."""
    try:
        from xclim.indices import standardized_precipitation_index
    except ImportError:
        return None
    values = rain(SAMPLE)
    data = series(values)
    flux = data.assign_attrs(units="mm/month", standard_name="precipitation_amount")

    def theirs() -> Any:
        return standardized_precipitation_index(
            flux, freq=None, window=12, dist="gamma", method="APP", fitkwargs={"floc": 0}
        ).compute()

    off = float(abs(spi(data, 12) - theirs()).max())
    many = series(rain(CELLS))
    spi(many, 12)
    ours = many.size / cpu_seconds(lambda: spi(many, 12)) / 1e6
    rate = values.size / cpu_seconds(theirs, 3) / 1e6
    what = f"SPI-12; peer: xclim, APP, NumPy, {SAMPLE} cells"
    return Row(what, ours, rate, ours / rate, None, None, "M values/CPU-s", f"largest difference {off:.0e}")


def run() -> list[Row]:
    """All comparisons."""
    rows = [
        compare("spi", 12, 15.0, 20.0),
        compare("spi", 3, None, None),
        compare("spei", 12, 2.5, 5.0),
    ]
    sample = xclim_sample()
    return rows if sample is None else [*rows, sample]
