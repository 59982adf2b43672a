# SPDX-License-Identifier: Apache-2.0
"""climate-indices 3.1.0 on real rain and demand (NOAA nClimDiv), same estimator; where it differs, whose answer is whose."""

from __future__ import annotations

import logging

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from scipy.stats import norm, pearson3

from homeground.land import drought_events, spei, spi

# The peer's own: it judges each fit, and calls pandas in an old way.
pytestmark = [
    pytest.mark.filterwarnings("ignore:.*distribution shows poor goodness-of-fit"),
    pytest.mark.filterwarnings("ignore:The 'name' property is deprecated"),
]


@pytest.fixture(scope="module")
def divisions(shared_data):
    """Rain and demand in mm of the last forty years, 480 months x 344 divisions."""
    with np.load(shared_data / "land" / "nclimdiv" / "nclimdiv_precip_pet.npz") as file:
        rain, demand = (np.asarray(file[name], float).T[-480:] * 25.4 for name in ("precip", "pet"))
    assert np.isfinite(rain).all()
    assert (rain == 0).sum() > 400  # some seasons are dry
    return rain, demand


@pytest.fixture(scope="module")
def peer():
    logging.disable(logging.CRITICAL)
    yield pytest.importorskip("climate_indices.indices", reason="peer: group peers of pyproject.toml")
    logging.disable(logging.NOTSET)


def monthly(values, start=1981):
    time = pd.date_range(f"{start}-01-01", periods=values.shape[0], freq="MS")
    return xr.DataArray(values, {"time": time}, dims=("time", "cell"), attrs={"units": "mm/month"})


def theirs(peer, name, rain, window, distribution, demand=None, **options):
    """Their block path, (months, cells)."""
    from climate_indices.compute import Periodicity

    of, step = getattr(peer.Distribution, distribution), Periodicity.monthly
    cube = rain[:, :, None]
    if name == "spi":
        return peer.spi(cube, window, of, 1981, 1981, 2020, step, spatial_time_major=True, **options)[:, :, 0]
    demand = demand[:, :, None]
    return peer.spei(cube, demand, window, of, step, 1981, 1981, 2020, spatial_time_major=True)[:, :, 0]


def compare(ours, expected, close):
    inside = np.abs(expected) < 3.089  # they clip at 3.09
    assert inside.mean() > 0.95
    np.testing.assert_array_equal(np.isnan(ours), np.isnan(expected))
    np.testing.assert_allclose(ours[inside], expected[inside], rtol=0, atol=close)
    assert (np.abs(ours[~inside & ~np.isnan(ours)]) > 3.08).all()


@pytest.mark.parametrize("window", [1, 3, 12])
@pytest.mark.parametrize("zeros", ["classic", "center_of_mass", "mean_zero"])
def test_spi(divisions, peer, window, zeros):
    rain, _ = divisions
    expected = theirs(peer, "spi", rain, window, "gamma", zero_handling=zeros)
    compare(spi(monthly(rain), window, zeros=zeros).values, expected, 1e-6)  # by our table of scores
    compare(spi(monthly(rain), window, zeros=zeros, exact=True).values, expected, 1e-10)


@pytest.mark.parametrize("window", [1, 12])
def test_spei(divisions, peer, window):
    rain, demand = divisions
    expected = theirs(peer, "spei", rain, window, "loglogistic", demand)
    compare(spei(monthly(rain - demand), window).values, expected, 1e-8)
    compare(spei(monthly(rain - demand), window, exact=True).values, expected, 1e-10)


@pytest.mark.parametrize("window", [1, 12])
def test_spei_of_pearson(divisions, peer, window):
    # Window 12 holds samples of next to no skewness (L-skewness 3e-5), which are not yet normal to 1e-4.
    rain, demand = divisions
    expected = theirs(peer, "spei", rain, window, "pearson", demand)
    compare(spei(monthly(rain - demand), window, distribution="pearson3").values, expected, 1e-7)


def test_spi_of_pearson_where_no_month_of_the_season_is_dry(divisions, peer):
    rain, _ = divisions
    expected = theirs(peer, "spi", rain, 1, "pearson")
    ours = spi(monthly(rain), 1, distribution="pearson3").values
    dry = np.tile((rain.reshape(40, 12, -1) == 0).any(axis=0), (40, 1))
    assert 0 < dry.mean() < 0.1
    compare(ours[:, ~dry.any(axis=0)], expected[:, ~dry.any(axis=0)], 1e-7)

    # In dry seasons they fit Pearson III to all months, without rain too, and then add the share of those again.
    cell = int(np.flatnonzero(dry.any(axis=0))[np.argmax(dry.sum(axis=0)[dry.any(axis=0)])])
    month = int(np.flatnonzero(dry[:12, cell])[0])
    x, ours, expected = (values[month::12, cell] for values in (rain, ours, expected))
    share, wet = (x == 0).mean(), x > 0
    twice = norm.ppf(share + (1 - share) * pearson3.cdf(x, *by_l_moments(x)))
    once = norm.ppf(share + (1 - share) * pearson3.cdf(x, *by_l_moments(x[wet])))
    np.testing.assert_allclose(expected[wet], twice[wet], atol=1e-4)
    np.testing.assert_allclose(ours[wet], once[wet], atol=1e-4)
    assert np.abs(ours - expected)[wet].max() > 0.01


def by_l_moments(x):
    """Skew, mean and standard deviation of a Pearson III, solved from the L-moments of its own quantiles."""
    from scipy.optimize import brentq
    from scipy.special import betainc, gammaln

    x, i = np.sort(x), np.arange(x.size)
    n = x.size
    b0, b1, b2 = x.mean(), (x * i).mean() / (n - 1), (x * i * (i - 1)).mean() / ((n - 1) * (n - 2))
    l2, t3 = 2 * b1 - b0, (6 * b2 - 6 * b1 + b0) / (2 * b1 - b0)
    assert t3 > 0
    # Hosking and Wallis (1997), A.9: t3 = 6 I_(1/3)(alpha, 2 alpha) - 3.
    alpha = brentq(lambda a: 6 * betainc(a, 2 * a, 1 / 3) - 3 - t3, 1e-3, 1e5, xtol=1e-12)
    beta = l2 * np.sqrt(np.pi) * np.exp(gammaln(alpha) - gammaln(alpha + 0.5))
    return 2 / np.sqrt(alpha), b0, beta * np.sqrt(alpha)


def test_runs(divisions, peer):
    from climate_indices import runs

    rain, _ = divisions
    index = spi(monthly(rain), 3)
    table = drought_events(index, max_gap=1, min_duration=2)
    for cell in (0, 17, 343):
        expected = runs.identify_runs(index.values[:, cell], -1.0, "below", min_duration=2, max_gap=1)
        ours = table[table["cell"] == cell]
        assert len(ours) > 10
        np.testing.assert_array_equal(ours["duration"], expected.duration)
        np.testing.assert_allclose(ours["severity"], expected.magnitude, atol=1e-12)
        np.testing.assert_allclose(ours["intensity"], expected.intensity, atol=1e-12)
        np.testing.assert_array_equal(ours["peak"], expected.peak_value)
        np.testing.assert_array_equal(ours["interarrival"][1:], expected.interarrival[:-1])
