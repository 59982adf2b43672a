# SPDX-License-Identifier: Apache-2.0
"""The demand of the air for water by Penman and Monteith, as FAO paper 56 sets it down."""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr

from homeground.errors import DataError
from homeground.land.climate.aridity import _finish, _latitude, _months, _radiation, _sunset
from homeground.numbers.units import in_celsius, same_grid

STEFAN_BOLTZMANN = 4.903e-9  # MJ K-4 m-2 day-1
TENTH = 0.1  # h/day; files round hours of sun to a tenth

# What each input may be given in, and the factor to the first of its units.
_UNITS: dict[str, dict[str, float]] = {
    "wind": {"m s-1": 1.0, "m/s": 1.0},
    "humidity": {"%": 1.0, "1": 100.0},
    "vapour_pressure": {"kPa": 1.0, "hPa": 0.1, "Pa": 0.001},
    "sunshine": {"h/day": 1.0, "h": 1.0, "hours": 1.0},
    "radiation": {"MJ m-2 day-1": 1.0, "MJ/m2/day": 1.0, "W m-2": 0.0864, "W/m2": 0.0864},
    "elevation": {"m": 1.0},
}


def pet_penman_monteith(
    tmin: xr.DataArray,
    tmax: xr.DataArray,
    latitude: Any | None = None,
    *,
    wind: xr.DataArray,
    elevation: xr.DataArray | float,
    radiation: xr.DataArray | None = None,
    sunshine: xr.DataArray | None = None,
    humidity: xr.DataArray | None = None,
    dewpoint: xr.DataArray | None = None,
    vapour_pressure: xr.DataArray | None = None,
) -> xr.DataArray:
    """How much water a well-watered grass field would lose in each month, from heat, sun, wind and moisture of the air.

    Parameters
    ----------
    tmin, tmax : DataArray, dims (month, ...) or (time, ...), units "degC" or "K"
        Monthly means of the daily minimum and maximum.
    latitude : number or DataArray, degrees, optional
        Left out: the coordinate ``latitude``, ``lat`` or ``y`` of ``tmin``.
    wind : DataArray, units "m s-1"
        Mean speed at 2 m above ground; speed at 10 m times 0.748.
    elevation : number (m) or DataArray, units "m"
        Above sea level: the air's pressure follows from it.
    radiation, sunshine : DataArray, units "MJ m-2 day-1" or "W m-2"; "h/day"
        One of the two: sunlight at the ground, or hours of bright sun a day.
    humidity, dewpoint, vapour_pressure : DataArray, units "%" or "1"; "degC" or "K"; "kPa", "hPa" or "Pa"
        At most one, monthly means. Left out: the night's lowest temperature is taken as the dew point, which is too
        moist where the land is arid, so that the demand comes out too low.

    Returns
    -------
    DataArray, dims as ``tmin``, "mm/month"
        NaN where an input is missing; never below 0.

    Raises
    ------
    DataError
        Wrong units, grids that differ, months that are not 1 to 12, no latitude, tmin above tmax, none or both of
        radiation and sunshine, more than one measure of moisture, wind below 0, or hours of sun below 0 or above the
        longest day of the month (by more than a tenth of an hour, as files round).

    Notes
    -----
    ET0 = (0.408 D (Rn - G) + g 900 / (T + 273) u (es - ea)) / (D + g (1 + 0.34 u)) mm a day, times the days of the
    month. P = 101.3 ((293 - 0.0065 z) / 293)^5.26 kPa; g = 0.000665 P; e(T) = 0.6108 exp(17.27 T / (T + 237.3));
    es = (e(tmax) + e(tmin)) / 2; D = 4098 e(T) / (T + 237.3)^2 at T = (tmin + tmax) / 2; Rs = (0.25 + 0.5 n / N) Ra;
    Rso = (0.75 + 2e-5 z) Ra; Rn = 0.77 Rs - s (tmin_K^4 + tmax_K^4) / 2 (0.34 - 0.14 sqrt(ea))
    (1.35 min(Rs / Rso, 1) - 0.35); G = 0.07 (T of the next month - T of the month before), or twice the half of it
    that is known at the ends of a series. In polar night Rs / Rso is taken as 0.5. N is the day in the middle of the
    month; n / N is at most 1, for a month may have longer days and files round.

    Pressure at sea level everywhere, as some packages have it, makes g a third too large at 2300 m.

    Source: Allen, Pereira, Raes and Smith (1998), FAO Irrigation and Drainage Paper 56, equations 6 to 8, 11 to 14, 19,
    35, 37 to 40, 43 and 44; example 17 (Bangkok, April) gives 5.72 mm a day.

    Examples
    --------
    >>> import xarray as xr
    >>> def normals(value, units):
    ...     return xr.DataArray([value] * 12, dict(month=range(1, 13)), attrs={"units": units})
    >>> april = pet_penman_monteith(  # FAO-56 example 17, but without the heat that the soil takes up (0.04 mm a day)
    ...     normals(25.6, "degC"), normals(34.8, "degC"), 13.73, wind=normals(2.0, "m s-1"), elevation=2.0,
    ...     sunshine=normals(8.5, "h/day"), vapour_pressure=normals(2.85, "kPa"),
    ... ).sel(month=4)
    >>> round(april.item() / 30, 2)
    5.76
    """
    moisture = {"humidity": humidity, "dewpoint": dewpoint, "vapour_pressure": vapour_pressure}
    if (radiation is None) == (sunshine is None):
        raise DataError("give one of radiation= and sunshine=, none or both were found.")
    if len(known := [name for name, data in moisture.items() if data is not None]) > 1:
        raise DataError(f"give one measure of moisture, {' and '.join(known)} were found.")
    tmin, tmax = in_celsius(tmin), in_celsius(tmax)
    arrays = (tmin, tmax, wind, radiation, sunshine, humidity, dewpoint, vapour_pressure, elevation)
    same_grid(*(data for data in arrays if isinstance(data, xr.DataArray)))
    if bool((tmin > tmax).any()):
        raise DataError(f"tmin is above tmax in {int((tmin > tmax).sum())} values. Check that the two are not swapped.")
    speed = _in_units("wind", wind)
    if bool((speed < 0).any()):
        raise DataError("wind is below 0. Give its speed, not a component.")
    height = _in_units("elevation", elevation) if isinstance(elevation, xr.DataArray) else elevation

    months, place = _months(tmin), _latitude(tmin, latitude)
    mean = (tmin + tmax) / 2
    saturated = (_vapour(tmin) + _vapour(tmax)) / 2
    actual = _moisture(tmin, saturated, moisture)
    above = _radiation(months.middle, place)
    if radiation is not None:
        sun = _in_units("radiation", radiation)
    else:
        assert sunshine is not None  # noqa: S101  one of the two is there, see above
        hours = _in_units("sunshine", sunshine)
        _check_sunshine(hours, months.middle, place)
        day = _hours_of_day(months.middle, place)
        sun = (0.25 + 0.5 * (hours / day.where(day > 0, 1)).clip(min=0, max=1)) * above
    clear = (0.75 + 2e-5 * height) * above
    brightness = (sun / clear.where(clear > 0)).clip(max=1).fillna(0.5).where(sun.notnull())
    heat = ((tmin + 273.16) ** 4 + (tmax + 273.16) ** 4) / 2 * STEFAN_BOLTZMANN
    net = 0.77 * sun - heat * (0.34 - 0.14 * np.sqrt(actual)) * (1.35 * brightness - 0.35)
    slope = 4098 * _vapour(mean) / (mean + 237.3) ** 2
    psychrometric = 0.665e-3 * 101.3 * ((293 - 0.0065 * height) / 293) ** 5.26
    drying = psychrometric * 900 / (mean + 273) * speed * (saturated - actual).clip(min=0)
    daily = (0.408 * slope * (net - _soil_heat(mean, months.dim)) + drying) / (
        slope + psychrometric * (1 + 0.34 * speed)
    )
    return _finish(daily.clip(min=0) * months.days, tmin, "reference evapotranspiration (FAO-56 Penman-Monteith)")


def _in_units(name: str, data: xr.DataArray) -> xr.DataArray:
    unit = data.attrs.get("units")
    if unit not in _UNITS[name]:
        raise DataError(
            f"{name} has units {unit!r}, one of {', '.join(_UNITS[name])} was expected. Convert it and set attrs."
        )
    return data * _UNITS[name][str(unit)]


def _hours_of_day(day: xr.DataArray, place: xr.DataArray) -> Any:
    """Hours from sunrise to sunset on a day of the year, as FAO-56 has them."""
    return 24 / np.pi * _sunset(place, 0.409 * np.sin(0.0172 * day - 1.39))


def _check_sunshine(hours: xr.DataArray, middle: xr.DataArray, place: xr.DataArray) -> None:
    """Refuse what no day of the month can have; in its middle the sun may be down all day and up at its end."""
    longest = xr.zeros_like(_hours_of_day(middle, place))
    for days in range(-15, 16, 5):
        longest = np.maximum(longest, _hours_of_day(middle + days, place))
    excess = np.maximum(hours - longest, -hours).compute()
    wrong = excess > TENTH
    if not bool(wrong.any()):
        return
    worst = excess.argmax(...)
    found, most = (float(data.broadcast_like(excess).isel(worst)) for data in (hours, longest))
    labels = {name: excess[name].isel({name: at}).values for name, at in worst.items()}  # places, where there are none
    where = ", ".join(f"{name} {str(label)[:10]}" for name, label in labels.items())
    raise DataError(
        f"sunshine is {found:.1f} h/day where a day has 0 to {most:.1f} h ({where}), and outside that in "
        f"{int(wrong.sum())} of {wrong.size} values. Give hours a day, not of the whole month, and check the latitudes."
    )


def _vapour(temperature: xr.DataArray) -> Any:
    """Saturation vapour pressure, kPa."""
    return 0.6108 * np.exp(17.27 * temperature / (temperature + 237.3))


def _moisture(tmin: xr.DataArray, saturated: xr.DataArray, given: dict[str, xr.DataArray | None]) -> xr.DataArray:
    """Actual vapour pressure, kPa."""
    actual: xr.DataArray
    if (pressure := given["vapour_pressure"]) is not None:
        actual = _in_units("vapour_pressure", pressure)
    elif (dewpoint := given["dewpoint"]) is not None:
        actual = _vapour(in_celsius(dewpoint))
    elif (humidity := given["humidity"]) is not None:
        actual = _in_units("humidity", humidity) / 100 * saturated
    else:
        actual = _vapour(tmin)
    return actual


def _soil_heat(mean: xr.DataArray, dim: str) -> xr.DataArray:
    """What the soil takes up, MJ m-2 a day."""
    if dim == "month":
        return 0.07 * (mean.roll(month=-1, roll_coords=False) - mean.roll(month=1, roll_coords=False))
    after, before = mean.shift({dim: -1}), mean.shift({dim: 1})
    both = 0.07 * (after - before)
    half = both.fillna(0.14 * (mean - before)).fillna(0.14 * (after - mean))
    return half.fillna(0.0).where(mean.notnull())
