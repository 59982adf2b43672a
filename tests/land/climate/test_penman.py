# SPDX-License-Identifier: Apache-2.0
"""FAO-56 Penman-Monteith: the paper's own example, pressure that follows height, missing inputs."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from homeground.errors import DataError
from homeground.land import pet_penman_monteith

DAYS = np.array([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])


def normals(value, units="degC"):
    values = np.broadcast_to(np.asarray(value, float), 12).copy()
    return xr.DataArray(values, {"month": range(1, 13)}, attrs={"units": units})


def warm(**changes):
    given = {
        "tmin": normals(15.0),
        "tmax": normals(28.0),
        "latitude": 9.0,
        "wind": normals(2.0, "m s-1"),
        "elevation": 100.0,
        "sunshine": normals(7.0, "h/day"),
        "humidity": normals(60.0, "%"),
    }
    return given | changes


def test_example_17_of_fao_56():
    # Bangkok, 13 44' N, 2 m, April: 34.8 and 25.6 degC, ea 2.85 kPa, 2 m/s, 8.5 h: 5.72 mm/day. March is 1 degC cooler
    # and G = 0.14 MJ/m2/day there; May 1 degC warmer gives the same G from the months on both sides.
    low, high = np.full(12, 25.6), np.full(12, 34.8)
    low[2] -= 1.0
    high[2] -= 1.0
    low[4] += 1.0
    high[4] += 1.0
    pet = pet_penman_monteith(
        normals(low),
        normals(high),
        13 + 44 / 60,
        wind=normals(2.0, "m s-1"),
        elevation=2.0,
        sunshine=normals(8.5, "h/day"),
        vapour_pressure=normals(2.85, "kPa"),
    )
    assert pet.sel(month=4).item() / 30 == pytest.approx(5.72, abs=0.01)
    assert pet.attrs["units"] == "mm/month"


def test_pressure_follows_height():
    low = pet_penman_monteith(**warm(elevation=0.0))
    high = pet_penman_monteith(**warm(elevation=xr.DataArray(2300.0, attrs={"units": "m"})))
    # At 2300 m the air presses with 101.3 (278.05 / 293)^5.26 = 76.8 kPa: one that stays at 101.3 has a psychrometric
    # constant a third too large (xclim's FAO-56), and another demand.
    assert pytest.approx(1.32, abs=0.005) == 101.3 / (101.3 * (278.05 / 293) ** 5.26)
    assert (abs(high / low - 1) > 0.02).all()


def test_the_same_moisture_in_three_ways():
    t = np.array([15.0, 28.0])
    es = (0.6108 * np.exp(17.27 * t / (t + 237.3))).mean()
    ea = 0.6 * es
    dew = 237.3 * np.log(ea / 0.6108) / (17.27 - np.log(ea / 0.6108))
    whole = pet_penman_monteith(**warm())
    for other in (
        {"vapour_pressure": normals(ea, "kPa")},
        {"vapour_pressure": normals(ea * 10, "hPa")},
        {"dewpoint": normals(dew)},
        {"humidity": normals(0.6, "1")},
    ):
        np.testing.assert_allclose(pet_penman_monteith(**warm(humidity=None) | other), whole, rtol=1e-12)
    without = pet_penman_monteith(**warm(humidity=None))
    np.testing.assert_allclose(without, pet_penman_monteith(**warm(humidity=None, dewpoint=normals(15.0))))


def test_radiation_in_two_units_and_bounds():
    sun = pet_penman_monteith(**warm(sunshine=None, radiation=normals(20.0, "MJ m-2 day-1")))
    watts = pet_penman_monteith(**warm(sunshine=None, radiation=normals(20.0 / 0.0864, "W m-2")))
    np.testing.assert_allclose(sun, watts, rtol=1e-12)
    night = pet_penman_monteith(
        **warm(latitude=80.0, tmin=normals(-30.0), tmax=normals(-20.0), sunshine=normals(0.0, "h"))
    )
    assert (night >= 0).all()


def test_no_more_sun_than_day():
    # On the equator every day has 12 h: -tan(0) tan(declination) = 0, whose arc is a quarter of the day on either side.
    equator = warm(latitude=0.0)
    full = pet_penman_monteith(**equator | {"sunshine": normals(12.0, "h/day")})
    tenth = pet_penman_monteith(**equator | {"sunshine": normals(12.05, "h/day")})  # files round to a tenth
    np.testing.assert_allclose(tenth, full, rtol=1e-12)
    much = np.full(12, 7.0)
    much[[3, 8]] = 12.3, 15.0
    with pytest.raises(DataError, match=r"15\.0 h/day .* 0 to 12\.0 h \(month 9\).* 2 of 12 values"):
        pet_penman_monteith(**equator | {"sunshine": normals(much, "h/day")})
    with pytest.raises(DataError, match="not of the whole month"):
        pet_penman_monteith(**equator | {"sunshine": normals(210.0, "h")})
    with pytest.raises(DataError, match=r"sunshine is -1\.0 h/day"):
        pet_penman_monteith(**equator | {"sunshine": normals(-1.0, "h/day")})
    much[[3, 8]] = np.nan, 7.0
    assert pet_penman_monteith(**equator | {"sunshine": normals(much, "h/day")}).isnull().sum() == 1


def test_the_end_of_a_polar_night_may_have_sun():
    # 70 N: tan(70) tan(21.2) = 1.07, no sun in the middle of January; on the 30th tan(70) tan(18.0) = 0.89, 3.6 h.
    # All of December lies in the night.
    cold = warm(latitude=70.0, tmin=normals(-15.0), tmax=normals(-5.0))
    sun = np.array([0.3, 3, 5, 7, 8, 9, 9, 7, 5, 3, 0.3, 0.0])
    assert pet_penman_monteith(**cold | {"sunshine": normals(sun, "h/day")}).notnull().all()
    sun[11] = 0.3
    with pytest.raises(DataError, match=r"0\.3 h/day .* 0 to 0\.0 h \(month 12\)"):
        pet_penman_monteith(**cold | {"sunshine": normals(sun, "h/day")})


def test_series_and_gaps():
    time = pd.date_range("2000-01-01", periods=24, freq="MS")
    given = warm()
    for name, data in given.items():
        if isinstance(data, xr.DataArray):
            given[name] = xr.DataArray(np.tile(data.values, 2), {"time": time}, attrs=data.attrs)
    pet = pet_penman_monteith(**given)
    np.testing.assert_allclose(pet[12:14], pet_penman_monteith(**warm())[:2], rtol=2e-3)  # days of the year differ by 1
    assert pet[1] / pet[13] == pytest.approx(29 / 28, rel=2e-3)
    given["wind"][5] = np.nan
    assert np.flatnonzero(pet_penman_monteith(**given).isnull()).tolist() == [5]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"wind": normals(2.0, "km/h")}, "m s-1"),
        ({"wind": normals(-2.0, "m s-1")}, "below 0"),
        ({"tmin": normals(30.0)}, "above tmax"),
        ({"tmax": normals(80.0, "degF")}, '"degC" was expected'),
        ({"sunshine": None}, "none or both"),
        ({"radiation": normals(20.0, "W m-2")}, "none or both"),
        ({"dewpoint": normals(10.0)}, "humidity and dewpoint"),
        ({"humidity": normals(60.0, "g/kg")}, "one of %"),
        ({"elevation": xr.DataArray(2.3, attrs={"units": "km"})}, "elevation has units 'km'"),
        ({"latitude": None}, "latitude"),
    ],
)
def test_wrong_input_is_refused(changes, message):
    with pytest.raises(DataError, match=message):
        pet_penman_monteith(**warm(**changes))
