# SPDX-License-Identifier: Apache-2.0
"""climate-indices 3.1.0 and xclim on real rain (NOAA nClimDiv), same estimator. Not in the lock: skips without them."""

from __future__ import annotations

import logging

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from homeground.land import drought_events, spei, spi

pytestmark = pytest.mark.filterwarnings("ignore")  # the peers' own


@pytest.fixture(scope="module")
def divisions(shared_data):
    with np.load(shared_data / "land" / "nclimdiv" / "nclimdiv_precip_pet.npz") as file:
        return {name: file[name] for name in file.files}


@pytest.fixture(scope="module")
def peer():
    logging.disable(logging.CRITICAL)
    yield pytest.importorskip("climate_indices", reason="peer: uv pip install climate-indices==3.1.0")
    logging.disable(logging.NOTSET)


def monthly(values, start=1981):
    time = pd.date_range(f"{start}-01-01", periods=values.shape[0], freq="MS")
    return xr.DataArray(values, {"time": time}, dims=("time", "cell"), attrs={"units": "mm/month"})


def last_forty_years(divisions):
    """Rain and demand in mm, 480 months x 344 divisions."""
    rain, demand = (np.asarray(divisions[name], float).T for name in ("precip", "pet"))
    return rain[-480:] * 25.4, demand[-480:] * 25.4


@pytest.mark.parametrize("window", [1, 3, 12])
@pytest.mark.parametrize("zeros", ["classic", "center_of_mass", "mean_zero"])
def test_spi_of_the_block_path(divisions, peer, window, zeros):
    from climate_indices import compute, indices

    rain, _ = last_forty_years(divisions)
    gamma, step = indices.Distribution.gamma, compute.Periodicity.monthly
    theirs = indices.spi(
        rain[:, :, None], window, gamma, 1981, 1981, 2020, step, spatial_time_major=True, zero_handling=zeros
    )
    compare(spi(monthly(rain), window, zeros=zeros).values, theirs[:, :, 0])


@pytest.mark.parametrize("window", [1, 12])
def test_spei_of_the_block_path(divisions, peer, window):
    from climate_indices import compute, indices

    rain, demand = last_forty_years(divisions)
    logistic, step = indices.Distribution.loglogistic, compute.Periodicity.monthly
    theirs = indices.spei(
        rain[:, :, None], demand[:, :, None], window, logistic, step, 1981, 1981, 2020, spatial_time_major=True
    )
    compare(spei(monthly(rain - demand), window).values, theirs[:, :, 0])


def test_runs(divisions, peer):
    from climate_indices import runs

    rain, _ = last_forty_years(divisions)
    index = spi(monthly(rain), 3)
    table = drought_events(index, max_gap=1, min_duration=2)
    for cell in (0, 17, 343):
        theirs = runs.identify_runs(index.values[:, cell], -1.0, "below", min_duration=2, max_gap=1)
        ours = table[table["cell"] == cell]
        np.testing.assert_array_equal(ours["duration"], theirs.duration)
        np.testing.assert_allclose(ours["severity"], theirs.magnitude, atol=1e-12)
        np.testing.assert_allclose(ours["intensity"], theirs.intensity, atol=1e-12)
        np.testing.assert_array_equal(ours["peak"], theirs.peak_value)
        np.testing.assert_array_equal(ours["interarrival"][1:], theirs.interarrival[:-1])


def test_xclim_by_the_same_approximation(divisions):
    xclim = pytest.importorskip("xclim.indices", reason="peer: uv pip install xclim==0.62.0")
    rain, _ = last_forty_years(divisions)
    rain = rain[:, (rain > 0).all(axis=0)][:, :5]
    flux = monthly(rain).assign_attrs(units="mm/month", standard_name="precipitation_amount")
    theirs = xclim.standardized_precipitation_index(
        flux, freq=None, window=12, dist="gamma", method="APP", fitkwargs={"floc": 0}
    )
    np.testing.assert_allclose(spi(monthly(rain), 12), theirs.transpose("time", "cell"), atol=1e-6)


def compare(ours, theirs):
    inside = np.abs(theirs) < 3.089  # they clip at 3.09
    assert inside.mean() > 0.95
    np.testing.assert_array_equal(np.isnan(ours), np.isnan(theirs))
    np.testing.assert_allclose(ours[inside], theirs[inside], rtol=0, atol=1e-6)
    assert (np.abs(ours[~inside & ~np.isnan(ours)]) > 3.08).all()
