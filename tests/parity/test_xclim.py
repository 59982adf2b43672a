# SPDX-License-Identifier: Apache-2.0
"""xclim 0.62 on real rain and demand (NOAA nClimDiv), same estimator; and its FAO-56, which knows no height."""

from __future__ import annotations

import inspect

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from scipy.stats import kappa4

from homeground.land import pet_penman_monteith, spei, spi

# The peer's own: it calls pandas in an old way.
pytestmark = pytest.mark.filterwarnings("ignore:The 'name' property is deprecated")


@pytest.fixture(scope="module")
def peer():
    return pytest.importorskip("xclim.indices", reason="peer: group peers of pyproject.toml")


@pytest.fixture(scope="module")
def divisions(shared_data):
    """Rain and demand in mm of the last forty years, 480 months x 344 divisions."""
    with np.load(shared_data / "land" / "nclimdiv" / "nclimdiv_precip_pet.npz") as file:
        return tuple(np.asarray(file[name], float).T[-480:] * 25.4 for name in ("precip", "pet"))


def monthly(values):
    time = pd.date_range("1981-01-01", periods=values.shape[0], freq="MS")
    attrs = {"units": "mm/month", "standard_name": "precipitation_amount"}
    return xr.DataArray(values, {"time": time}, dims=("time", "cell"), attrs=attrs)


@pytest.mark.parametrize("window", [1, 12])
@pytest.mark.parametrize("dry", [False, True])
def test_spi_by_the_same_approximation(divisions, peer, window, dry):
    rain, _ = divisions
    without = (rain == 0).any(axis=0)
    chosen = np.flatnonzero(without == dry)[:: 12 if dry else 60]
    data = monthly(rain[:, chosen])
    assert bool((data == 0).any()) == dry
    theirs = peer.standardized_precipitation_index(
        data, freq=None, window=window, dist="gamma", method="APP", fitkwargs={"floc": 0}
    ).transpose("time", "cell")
    np.testing.assert_allclose(spi(data, window, exact=True), theirs, rtol=0, atol=1e-11)
    np.testing.assert_allclose(spi(data, window), theirs, rtol=0, atol=1e-6)


class _Logistic(type(kappa4)):
    """Hosking's generalised logistic is scipy's kappa4 with h = -1; moments as xclim asks of lmoments3, which is GPL."""

    def lmom_fit(self, x):
        x, n, i = np.sort(x), len(x), np.arange(len(x))
        b0, b1, b2 = x.mean(), (x * i).mean() / (n - 1), (x * i * (i - 1)).mean() / ((n - 1) * (n - 2))
        k = -(6 * b2 - 6 * b1 + b0) / (2 * b1 - b0)
        g = np.pi * k / np.sin(np.pi * k)
        a = (2 * b1 - b0) / g
        return {"h": -1.0, "k": k, "loc": b0 - a * (1 - g) / k, "scale": a}


@pytest.mark.parametrize("window", [1, 12])
def test_spei_by_the_same_moments(divisions, peer, window):
    rain, demand = divisions
    data = monthly((rain - demand)[:, [0, 60, 150, 250, 343]])
    logistic = _Logistic(name="glo", shapes="h, k")
    theirs = peer.standardized_precipitation_evapotranspiration_index(
        data, freq=None, window=window, dist=logistic, method="PWM"
    ).transpose("time", "cell")
    np.testing.assert_allclose(spei(data, window, exact=True), theirs, rtol=0, atol=1e-11)
    np.testing.assert_allclose(spei(data, window), theirs, rtol=0, atol=1e-8)


def fao_56(low, high, humidity, wind, net, pressure, at="mean"):
    """Equation 6 in mm a day, without heat of the soil; the slope at the mean temperature, or of the mean of e(T)."""

    def e(t):
        return 0.6108 * np.exp(17.27 * t / (t + 237.3))

    mean, saturated = (low + high) / 2, (e(low) + e(high)) / 2
    slope = 4098 * (e(mean) if at == "mean" else saturated) / (mean + 237.3) ** 2
    g = 0.665e-3 * pressure
    drying = g * 900 / (mean + 273) * wind * saturated * (1 - humidity)
    return (0.408 * slope * net + drying) / (slope + g * (1 + 0.34 * wind))


def test_pressure_follows_height_here_and_not_there(peer):
    # The month before the rains in the Ethiopian highlands, 2300 m: moist air, little wind.
    low, high, humidity, wind, sun, height, latitude = 10.0, 24.0, 0.75, 1.0, 22.0, 2300.0, 9.0
    assert not {"z", "elevation", "altitude", "pressure"} & set(
        inspect.signature(peer.potential_evapotranspiration).parameters
    )

    def normals(value, units):
        return xr.DataArray([value] * 12, {"month": range(1, 13)}, attrs={"units": units})

    ours = pet_penman_monteith(
        normals(low, "degC"),
        normals(high, "degC"),
        latitude,
        wind=normals(wind, "m s-1"),
        elevation=height,
        radiation=normals(sun, "MJ m-2 day-1"),
        humidity=normals(humidity, "1"),
    ).sel(month=6)
    # Net radiation of 15 June, equations 21 to 25 and 37 to 40.
    day, north = 166, np.deg2rad(latitude)
    tilt = 0.409 * np.sin(0.0172 * day - 1.39)
    sunset = np.arccos(-np.tan(north) * np.tan(tilt))
    above = 37.6 * (1 + 0.033 * np.cos(0.0172 * day))
    above *= sunset * np.sin(north) * np.sin(tilt) + np.cos(north) * np.cos(tilt) * np.sin(sunset)
    vapour = humidity * (0.6108 * (np.exp(17.27 * low / (low + 237.3)) + np.exp(17.27 * high / (high + 237.3))) / 2)
    kelvin = ((low + 273.16) ** 4 + (high + 273.16) ** 4) / 2
    clear = sun / ((0.75 + 2e-5 * height) * above)
    lost = 4.903e-9 * kelvin * (0.34 - 0.14 * np.sqrt(vapour)) * (1.35 * clear - 0.35)
    net = 0.77 * sun - lost
    pressure = 101.3 * ((293 - 0.0065 * height) / 293) ** 5.26
    assert ours.item() / 30 == pytest.approx(fao_56(low, high, humidity, wind, net, pressure), rel=1e-9)

    # The same weather to xclim, which asks for the parts of the radiation and wind at 10 m.
    def one(value, units):
        days = pd.date_range("2001-06-14", periods=4)
        return xr.DataArray([value] * 4, {"time": days}, attrs={"units": units})

    ten = np.log(67.8 * 10 - 5.42) / 4.87  # of wind at 10 m to that at 2 m, equation 47
    theirs = peer.potential_evapotranspiration(
        tasmin=one(low, "degC"),
        tasmax=one(high, "degC"),
        lat=xr.DataArray(latitude, attrs={"units": "degrees_north"}),
        hurs=one(humidity, "1"),
        rsds=one(sun / 0.0864, "W m-2"),
        rsus=one(0.23 * sun / 0.0864, "W m-2"),
        rlds=one(0.0, "W m-2"),
        rlus=one(lost / 0.0864, "W m-2"),
        sfcWind=one(wind * ten, "m s-1"),
        method="FAO_PM98",
    )
    at_sea = fao_56(low, high, humidity, wind, net, 101.325, at="mean of e(T)")
    assert float(theirs[1]) * 86_400 == pytest.approx(at_sea, rel=2e-3)  # they take 273.15 and e(T) of another formula
    assert float(theirs[1]) * 86_400 / (ours.item() / 30) < 0.97  # the air presses with a quarter too much
