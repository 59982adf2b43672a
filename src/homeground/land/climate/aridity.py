# SPDX-License-Identifier: Apache-2.0
"""How dry a place is on the long-term mean: demand of the air for water, and how much of it the rain meets."""

from __future__ import annotations

import calendar
from typing import Any, Literal, NamedTuple

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from homeground.catalogue.classes import MISSING
from homeground.errors import DataError
from homeground.land.climate.months import complete_months, has_dates, way_out
from homeground.numbers.rounding import limits_reached
from homeground.numbers.units import in_celsius, require_units, same_grid, without_attrs

# UNEP (1997), World Atlas of Desertification, 2nd edition: name, lower limit (within), upper limit (without).
ARIDITY_CLASSES: tuple[tuple[str, float, float], ...] = (
    ("hyper-arid", 0.0, 0.05),
    ("arid", 0.05, 0.20),
    ("semi-arid", 0.20, 0.50),
    ("dry sub-humid", 0.50, 0.65),
    ("humid", 0.65, float("inf")),
)

MONTH_DAYS = np.array([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
HOT = 26.5  # degC; above it Thornthwaite's own table leaves his formula
WILLMOTT_PEAK = 32.24 / (2 * 0.43)  # degC; beyond its peak the parabola would fall with heat


class _Months(NamedTuple):
    """The months of an array along its ``month`` or ``time`` dimension."""

    dim: str
    number: xr.DataArray  # 1 to 12
    days: xr.DataArray
    middle: xr.DataArray  # day of the year in the middle of the month


def _months(data: xr.DataArray) -> _Months:
    if "month" in data.dims:
        labels = data["month"].values
        if labels.tolist() != list(range(1, 13)):
            gone = ", ".join(calendar.month_name[m] for m in range(1, 13) if m not in labels)
            raise DataError(
                f"{data.name or 'the array'} has months {labels.tolist()}, 12 monthly normals labelled 1 to 12 were "
                f"expected{f' (missing: {gone})' if gone else ''}. Give all months in order."
            )
        number, days = data["month"], data["month"].copy(data=MONTH_DAYS)
        return _Months("month", number, days, days.copy(data=np.cumsum(MONTH_DAYS) - MONTH_DAYS + 15))
    if has_dates(data):
        complete_months(data, "the array")
        date = data["time"].dt
        # R SPEI puts the middle of dated months of 28 days on the 14th, of all others on the 15th.
        middle = date.dayofyear - date.day + 15 - (date.days_in_month == 28)
        return _Months("time", date.month, date.days_in_month, middle)
    raise DataError(
        f"{data.name or 'the array'} has dimensions {tuple(data.dims)}; 'month' (1 to 12) or 'time' (dates) was "
        f"expected. Rename the dimension or decode the dates.{way_out(data)}"
    )


def _latitude(data: xr.DataArray, latitude: Any | None) -> xr.DataArray:
    """Latitude in degrees from the argument or from the coordinate ``latitude``, ``lat`` or ``y``."""
    if latitude is None:
        found = [name for name in ("latitude", "lat", "y") if name in data.coords]
        if not found:
            raise DataError(
                f"{data.name or 'the array'} has no coordinate latitude, lat or y. Give latitude= in degrees."
            )
        latitude = data[found[0]]
    degrees = latitude if isinstance(latitude, xr.DataArray) else xr.DataArray(latitude)
    if bool((abs(degrees) > 90).any()):
        raise DataError(
            f"latitudes reach {float(abs(degrees).max()):g}, degrees between -90 and 90 were expected. "
            "Give latitude= in degrees if the grid is projected."
        )
    # Arithmetic would drop what does not match; dimensions that the data lack are added.
    same_grid(data, degrees.isel({dim: 0 for dim in degrees.dims if dim not in data.dims}))
    return degrees.drop_vars([c for c in degrees.coords if c not in degrees.dims])


def pet_thornthwaite(
    temperature: xr.DataArray,
    latitude: Any | None = None,
    *,
    hot: Literal["thornthwaite", "willmott"] = "thornthwaite",
) -> xr.DataArray:
    """How much water the air could take up in each month, judged from temperature and day length alone.

    Parameters
    ----------
    temperature : DataArray, dims (month, ...) or (time, ...), units "degC" or "K"
        Twelve monthly normals (labels 1 to 12), or a monthly series with dates.
    latitude : number or DataArray, degrees, optional
        Left out: the coordinate ``latitude``, ``lat`` or ``y`` of ``temperature``.
    hot : {"thornthwaite", "willmott"}
        Above 26.5 degC: go on with the formula, as R SPEI does, or use the polynomial of Willmott et al.
        (1985), as Thornthwaite's table asks; his formula overshoots in hot months.

    Returns
    -------
    DataArray, dims as ``temperature``, "mm/month"
        NaN where temperature is missing; 0 in months at or below 0 degC, and where no month is above it on
        the long-term mean.

    Raises
    ------
    DataError
        Wrong units, months that are not 1 to 12, no latitude.

    Notes
    -----
    PET = 16 K (10 T / J)^c, with T cut at 0; J = sum over the 12 long-term monthly means of (T/5)^1.514;
    c = 6.75e-7 J^3 - 7.71e-5 J^2 + 1.792e-2 J + 0.49239; K = (day length / 12 h) (days / 30), day length at
    the middle of the month from declination 0.4093 sin(2 pi day / 365 - 1.405). Normals use a year of 365 days,
    a series its own calendar. Packages that take J by year, or the mean day length, differ by 1 to 3 per cent.

    Willmott: a standard month of 30 days of 12 hours loses -415.85 + 32.24 T - 0.43 T^2 mm, times K. The
    polynomial is held at its peak (37.5 degC), beyond which it would fall.

    Sources: Thornthwaite (1948), Geographical Review 38: 55-94; R package SPEI (Beguería and Vicente-Serrano);
    Willmott, Rowe and Mintz (1985), Journal of Climatology 5: 589-606.

    Examples
    --------
    >>> import xarray as xr
    >>> warm = xr.DataArray([25.0] * 12, dict(month=range(1, 13)), attrs={"units": "degC"})
    >>> pet_thornthwaite(warm, latitude=0.0).sel(month=[1, 4]).round(2).values.tolist()
    [115.72, 111.99]
    """
    temperature = in_celsius(temperature)
    if hot not in ("thornthwaite", "willmott"):
        raise DataError(f'hot is {hot!r}, "thornthwaite" or "willmott" was expected.')
    months = _months(temperature)
    place = _latitude(temperature, latitude)
    if months.dim == "time":
        missing = set(range(1, 13)) - set(months.number.values.tolist())
        if missing:
            gone = ", ".join(calendar.month_name[m] for m in sorted(missing))
            raise DataError(
                f"{temperature.name or 'the series'} never holds {gone}; the heat index needs all twelve months."
            )
        normals = temperature.groupby(months.number.rename("month")).mean()
    else:
        normals = temperature
    heat = ((normals.clip(min=0) / 5) ** 1.514).sum("month", skipna=False)
    day_length = _day_length(months.middle, place) / 12 * months.days / 30
    pet = _thornthwaite(temperature, heat) * day_length
    if hot == "willmott":
        held = temperature.clip(max=WILLMOTT_PEAK)
        pet = pet.where(~(temperature > HOT), (-415.85 + 32.24 * held - 0.43 * held**2) * day_length)
    source = "Thornthwaite" if hot == "thornthwaite" else "Thornthwaite; Willmott above 26.5 degC"
    return _finish(pet, temperature, f"potential evapotranspiration ({source})")


def _thornthwaite(temperature: xr.DataArray, heat: xr.DataArray) -> xr.DataArray:
    """Millimetres in a standard month of 30 days of 12 hours."""
    exponent = 6.75e-7 * heat**3 - 7.71e-5 * heat**2 + 1.792e-2 * heat + 0.49239
    standard = 16 * (10 * temperature.clip(min=0) / heat.where(heat != 0, 1)) ** exponent
    return standard.where(heat != 0, temperature * 0)


def _day_length(day: xr.DataArray, latitude: xr.DataArray) -> Any:
    """Hours from sunrise to sunset."""
    return 24 / np.pi * _sunset(latitude, 0.4093 * np.sin(2 * np.pi * day / 365 - 1.405))


def _sunset(latitude: xr.DataArray, declination: Any) -> Any:
    """Hour angle of sunset in radians: 0 in polar night, pi in polar day."""
    return np.arccos(np.clip(-np.tan(np.deg2rad(latitude)) * np.tan(declination), -1, 1))


def _finish(pet: xr.DataArray, like: xr.DataArray, long_name: str) -> xr.DataArray:
    extra = [dim for dim in pet.dims if dim not in like.dims]  # a latitude dimension the input did not have
    pet = pet.transpose(*like.dims, *extra)
    return without_attrs(pet.rename("pet")).assign_attrs(units="mm/month", long_name=long_name)


def pet_hargreaves(
    tmin: xr.DataArray, tmax: xr.DataArray, latitude: Any | None = None, *, tmean: xr.DataArray | None = None
) -> xr.DataArray:
    """How much water a grass field could lose in each month, judged from daily lows and highs and the sun's height.

    Parameters
    ----------
    tmin, tmax : DataArray, dims (month, ...) or (time, ...), units "degC" or "K"
        Monthly means of the daily minimum and maximum.
    latitude : number or DataArray, degrees, optional
        Left out: the coordinate ``latitude``, ``lat`` or ``y`` of ``tmin``.
    tmean : DataArray, units "degC" or "K", optional
        Left out: (tmin + tmax) / 2.

    Returns
    -------
    DataArray, dims as ``tmin``, "mm/month"
        NaN where an input is missing; never below 0.

    Raises
    ------
    DataError
        Wrong units, grids that differ, months that are not 1 to 12, no latitude, or tmin above tmax.

    Notes
    -----
    ET0 = 0.0023 x 0.408 Ra (T + 17.8) sqrt(tmax - tmin) mm a day, times the days of the month. Ra is the radiation at
    the top of the air in MJ/m2/day in the middle of the month: 37.6 d (w sin(lat) sin(s) + cos(lat) cos(s) sin(w)).
    Sources: Hargreaves (1994), ASCE Journal of Irrigation and Drainage Engineering 120: 1132-1139; Allen et al. (1998),
    FAO Irrigation and Drainage Paper 56, equations 21 and 52.

    Examples
    --------
    >>> import xarray as xr
    >>> low = xr.DataArray([10.0] * 12, dict(month=range(1, 13)), attrs={"units": "degC"})
    >>> high = (low + 16).assign_attrs(units="degC")
    >>> pet_hargreaves(low, high, latitude=0.0).sel(month=3).round(1).item()
    158.0
    """
    tmin, tmax = in_celsius(tmin), in_celsius(tmax)
    tmean = None if tmean is None else in_celsius(tmean)
    same_grid(*(data for data in (tmin, tmax, tmean) if data is not None))
    months = _months(tmin)
    if bool((tmin > tmax).any()):
        raise DataError(f"tmin is above tmax in {int((tmin > tmax).sum())} values. Check that the two are not swapped.")
    mean = (tmin + tmax) / 2 if tmean is None else tmean
    radiation = _radiation(months.middle, _latitude(tmin, latitude))
    daily = 0.0023 * 0.408 * radiation * (mean + 17.8) * np.sqrt(tmax - tmin)
    return _finish(daily.clip(min=0) * months.days, tmin, "reference evapotranspiration (Hargreaves)")


def _radiation(day: xr.DataArray, latitude: xr.DataArray) -> Any:
    """Sunlight at the top of the air, MJ/m2/day."""
    distance = 1 + 0.033 * np.cos(0.0172 * day)
    declination = 0.409 * np.sin(0.0172 * day - 1.39)
    sunset, north = _sunset(latitude, declination), np.deg2rad(latitude)
    height = sunset * np.sin(north) * np.sin(declination)
    return 37.6 * distance * (height + np.cos(north) * np.cos(declination) * np.sin(sunset))


def aridity_index(rain: xr.DataArray, pet: xr.DataArray) -> xr.DataArray:
    """How much of the air's yearly demand for water the rain meets, on the long-term mean.

    Parameters
    ----------
    rain, pet : DataArray, dims (month, ...), units "mm/month"
        Twelve monthly normals of rain and of potential evapotranspiration on one grid.

    Returns
    -------
    DataArray, dims (...), dimensionless
        Yearly rain / yearly PET. NaN where either is missing or PET is zero.

    Raises
    ------
    DataError
        Months are not 1 to 12, units are not mm/month, or the grids differ.

    Notes
    -----
    AI = sum(P) / sum(PET); classes of UNEP (1997), see `aridity_class`. A mean of yearly ratios is a different number.

    Examples
    --------
    >>> import xarray as xr
    >>> month = dict(month=range(1, 13))
    >>> p = xr.DataArray([25.0] * 12, month, attrs={"units": "mm/month"})
    >>> e = xr.DataArray([100.0] * 12, month, attrs={"units": "mm/month"})
    >>> float(aridity_index(p, e))
    0.25
    """
    for data, name in ((rain, "rain"), (pet, "pet")):
        require_units(data, "mm/month")
        if "month" not in data.dims:
            raise DataError(f"{name} has dimensions {tuple(data.dims)}, twelve normals along 'month' were expected.")
        _months(data)
    same_grid(rain, pet)
    demand = pet.sum("month", min_count=12)
    index = rain.sum("month", min_count=12) / demand.where(demand > 0)
    return without_attrs(index.rename("aridity_index")).assign_attrs(units="1", long_name="aridity index")


def aridity_class(index: xr.DataArray) -> xr.DataArray:
    """Which of the five classes from hyper-arid (0) to humid (4) a place belongs to.

    Parameters
    ----------
    index : DataArray, dimensionless
        Yearly rain / yearly PET, see `aridity_index`.

    Returns
    -------
    DataArray, int8
        0 hyper-arid (below 0.05), 1 arid (below 0.20), 2 semi-arid (below 0.50), 3 dry sub-humid (below 0.65),
        4 humid; -128 where the index is missing. Classes 1 to 3 are the drylands of the Convention.

    Raises
    ------
    DataError
        Wrong units.

    Notes
    -----
    A value on a limit, give or take rounding, belongs to the wetter class. Source: UNEP (1997), World Atlas of Desertification.

    Examples
    --------
    >>> import xarray as xr
    >>> aridity_class(xr.DataArray([0.04, 0.05, 0.65, float("nan")], attrs={"units": "1"})).values.tolist()
    [0, 1, 4, -128]
    """
    require_units(index, "1")
    limits = [upper for _, _, upper in ARIDITY_CLASSES[:-1]]

    def classify(values: NDArray[Any]) -> NDArray[np.int8]:
        return np.where(np.isnan(values), MISSING, limits_reached(values, limits)).astype(np.int8)

    classes: xr.DataArray = xr.apply_ufunc(classify, index, dask="parallelized", output_dtypes=[np.int8])
    return without_attrs(classes.rename("aridity_class")).assign_attrs(
        long_name="aridity class",
        flag_values=list(range(len(ARIDITY_CLASSES))),
        flag_meanings=" ".join(name.replace(" ", "_") for name, _, _ in ARIDITY_CLASSES),
        missing=MISSING,
    )
