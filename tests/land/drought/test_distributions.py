# SPDX-License-Identifier: Apache-2.0
"""Pearson III, gamma by moments, calendars: L-moments of the fit must be those of the data; what is refused."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from scipy.integrate import quad
from scipy.stats import gamma, norm, pearson3

from homeground.errors import DataError
from homeground.land import spei, spi
from homeground.land.drought._fits import spi_fit

RNG = np.random.default_rng(11)


def by_year(values):
    values = np.repeat(np.asarray(values, float), 12)
    time = pd.date_range("1961-01-01", periods=values.size, freq="MS")
    return xr.DataArray(values, {"time": time}, attrs={"units": "mm/month"})


def june(index):
    return index[index["time.month"] == 6].values


def l_moments(x):
    """Of a sample, by the probability that others lie below: b_r = mean of C(i, r) / C(n - 1, r) x_i."""
    x, n = np.sort(x), len(x)
    i = np.arange(n)
    b0, b1, b2 = x.mean(), (x * i).mean() / (n - 1), (x * i * (i - 1)).mean() / ((n - 1) * (n - 2))
    return b0, 2 * b1 - b0, (6 * b2 - 6 * b1 + b0) / (2 * b1 - b0)


def l_moments_of(distribution):
    """Of a distribution, by integrals over its quantiles."""
    b0, b1, b2 = (quad(lambda u, r=r: distribution.ppf(u) * u**r, 0, 1, limit=200)[0] for r in range(3))
    return b0, 2 * b1 - b0, (6 * b2 - 6 * b1 + b0) / (2 * b1 - b0)


@pytest.mark.parametrize("skew", [0.4, 1.2, 2.5, -1.2])
def test_pearson3_has_the_l_moments_of_the_sample(skew):
    x = pearson3(skew, 100, 30).rvs(60, random_state=3)
    index = june(spei(by_year(x), 1, distribution="pearson3"))
    # Three of its quantiles name a Pearson III; find it by its scores and integrate.
    l1, l2, t3 = l_moments(x)
    expected = l_moments_of(fit_by_scores(x, index))
    np.testing.assert_allclose(expected, (l1, l2, t3), rtol=2e-4, atol=2e-5)


def fit_by_scores(x, index):
    from scipy.optimize import least_squares

    x, index = x[np.abs(index) < 5], index[np.abs(index) < 5]  # some lie below the support of the fit

    def off(p):
        return norm.ppf(pearson3.cdf(x, p[0], p[1], p[2]).clip(1e-12, 1 - 1e-12)) - index

    start = [np.sign(((x - x.mean()) ** 3).mean()), x.mean(), x.std()]
    found = least_squares(off, start, xtol=1e-14, ftol=1e-14, gtol=1e-14)
    assert np.abs(found.fun).max() < 1e-6  # the scores are those of one Pearson III
    return pearson3(*found.x)


def test_gamma_by_moments_has_the_first_two_l_moments():
    x = gamma(1.7, scale=40).rvs(50, random_state=8)
    index = june(spi(by_year(x), 1, method="ub-pwm"))
    l1, l2, _ = l_moments(x)
    shape = gamma_shape(l2 / l1)
    expected = norm.ppf(gamma.cdf(x, shape, scale=l1 / shape))
    np.testing.assert_allclose(index, expected, atol=2e-4)  # Hosking's approximation of the shape: 5e-5 relative
    assert abs(index - june(spi(by_year(x), 1))).max() > 1e-3  # Thom's is another fit


def gamma_shape(cv):
    """L-CV of a gamma = Gamma(a + 1/2) / (sqrt(pi) Gamma(a + 1)), solved for a."""
    from scipy.optimize import brentq
    from scipy.special import gammaln

    return brentq(lambda a: np.exp(gammaln(a + 0.5) - gammaln(a + 1)) / np.sqrt(np.pi) - cv, 1e-3, 1e4, xtol=1e-12)


def test_pearson3_of_rain_places_dry_months_as_a_gamma_does():
    x = np.where(np.arange(50) % 5 == 0, 0.0, RNG.gamma(2.0, 30.0, 50))
    for zeros in ("classic", "center_of_mass", "mean_zero"):
        dry = [june(spi(by_year(x), 1, distribution=d, zeros=zeros))[x == 0] for d in ("gamma", "pearson3")]
        np.testing.assert_allclose(dry[0], dry[1])
    index = spi(by_year(x), 1, distribution="pearson3")
    assert index.attrs["method"] == "ub-pwm"
    assert (june(index)[x > 0] >= norm.ppf(0.2)).all()


def test_a_symmetric_sample_is_normal_to_pearson3():
    x = norm.ppf((np.arange(41) + 0.5) / 41)
    index = june(spei(by_year(x), 1, distribution="pearson3"))
    np.testing.assert_allclose(index, x / (l_moments(x)[1] * np.sqrt(np.pi)), atol=1e-9)


@pytest.mark.parametrize("bend", [3e-7, 1e-5, 1e-4, -1e-4, 3e-3])
def test_next_to_no_skewness_is_not_none(bend):
    # Near the normal a Pearson III of skew s is z = t - s (t^2 - 1) / 6 (Cornish and Fisher, first order), and its
    # L-skewness s / (2 sqrt(3 pi)). Taken for normal below an L-skewness of 1e-4, the tails were off by up to 1e-3.
    q = norm.ppf((np.arange(41) + 0.5) / 41)
    x = q + bend * q**2
    l1, l2, t3 = l_moments(x)
    skew = t3 * 2 * np.sqrt(3 * np.pi)
    t = (x - l1) / (l2 * np.sqrt(np.pi))
    index = june(spei(by_year(x), 1, distribution="pearson3"))
    np.testing.assert_allclose(index, t - skew * (t**2 - 1) / 6, rtol=0, atol=2 * skew**2 + 1e-8)
    assert abs(skew) > 5 * abs(bend)


def test_gamma_of_a_balance_only_above_zero():
    x = RNG.gamma(2.0, 30.0, 40)
    index = spei(by_year(x), 3, distribution="gamma")
    np.testing.assert_allclose(index, spi(by_year(x), 3, method="ub-pwm"), atol=1e-12)
    with pytest.raises(DataError, match="not above 0"):
        spei(by_year(x - 40), 3, distribution="gamma")


def test_a_gamma_with_free_origin_fitted_to_zeros_is_not_ours():
    # The spei package 0.8.2 fits a gamma with free origin to all years, dry ones too, then adds their share again.
    x = np.where(np.arange(60) % 3 == 0, 0.0, RNG.gamma(2.0, 30.0, 60))
    dry = (x == 0).mean()
    shape, origin, scale = gamma.fit(x)
    theirs = norm.ppf((dry + (1 - dry) * gamma.cdf(x, shape, origin, scale)).clip(0, 1))
    ours = june(spi(by_year(x), 1))
    rainy = gamma(*_thom(x[x > 0]))
    np.testing.assert_allclose(ours[x > 0], norm.ppf(dry + (1 - dry) * rainy.cdf(x[x > 0])), atol=1e-8)
    assert np.abs(ours - theirs).max() > 0.1


def _thom(x):
    a = np.log(x.mean()) - np.log(x).mean()
    shape = (1 + np.sqrt(1 + 4 * a / 3)) / (4 * a)
    return shape, 0, x.mean() / shape


def test_zeros_are_never_infinite_as_they_are_in_r():
    # R SPEI 1.8.1 leaves the share of dry months out: Phi^-1(0).
    x = np.where(np.arange(40) % 8 == 0, 0.0, RNG.gamma(2.0, 30.0, 40))
    assert norm.ppf(gamma.cdf(0.0, *_thom(x[x > 0]))) == -np.inf
    np.testing.assert_allclose(june(spi(by_year(x), 1, method="ub-pwm"))[x == 0], norm.ppf(0.125))


def test_other_calendars_are_refused_with_the_way_out():
    # Dates that are neither NumPy's nor Python's, as those of other calendars, are objects to xarray.
    time = np.array([SimpleNamespace(year=1981 + month // 12, month=month % 12 + 1, day=30) for month in range(480)])
    data = xr.DataArray(np.ones(480), {"time": time}, attrs={"units": "mm/month"})
    with pytest.raises(DataError, match="convert_calendar"):
        spi(data, 3)


def test_numbers_as_times_are_refused():
    data = xr.DataArray(np.ones(480), {"time": range(480)}, attrs={"units": "mm/month"})
    with pytest.raises(DataError, match="dates"):
        spi(data, 3)


def test_the_fit_leaves_nothing_where_there_is_nothing():
    usual = np.ones(40, bool)
    sums = np.full((2, 40), np.nan)
    sums[1] = 7.0
    for distribution, method in (("gamma", "thom"), ("gamma", "ub-pwm"), ("pearson3", "ub-pwm")):
        assert np.isnan(spi_fit(distribution, method, "classic")(sums, usual, 26)).all()
