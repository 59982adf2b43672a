# SPDX-License-Identifier: Apache-2.0
"""Units and grids are checked, never guessed: a wrong unit is refused with what was expected and found."""

from __future__ import annotations

import re
from itertools import combinations
from typing import TYPE_CHECKING, Any

from homeground.errors import DataError

if TYPE_CHECKING:
    import xarray as xr
    from numpy.typing import NDArray

# Spellings of the same unit that files of the field use; the first is ours.
SPELLINGS: dict[str, frozenset[str]] = {
    "mm/month": frozenset({"mm/month", "mm month-1", "mm month**-1", "mm per month"}),
    "degC": frozenset({"degC", "celsius", "degrees_celsius", "°C", "C", "degree_Celsius"}),
    "K": frozenset({"K", "kelvin", "Kelvin", "degK", "kelvins"}),
    "1": frozenset({"1", "", "dimensionless", "-"}),
    "m": frozenset({"m", "metre", "meter", "metres", "meters"}),
    "km2": frozenset({"km2", "km^2", "km**2", "km²"}),
    "t C/ha": frozenset({"t C/ha", "tC/ha", "t/ha", "t ha-1", "t C ha-1", "Mg/ha", "Mg C/ha", "Mg ha-1", "Mg C ha-1"}),
    "%": frozenset({"%", "percent", "per cent"}),
}


_TIMES = {
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds"), "s"),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), "hour"),
    **dict.fromkeys(("d", "day", "days"), "day"),
    **dict.fromkeys(("mo", "mon", "mons", "month", "months"), "month"),
}
_DEPTHS = {"mm": "mm", "millimeter": "mm", "millimetre": "mm", "millimeters": "mm", "millimetres": "mm"}
KELVIN = 273.15  # degrees Celsius above absolute zero
_POWER = re.compile(r"^([a-z]+)\^?(-?\d+)?$")
# A kilogram on a square metre is a millimetre of water.
WATER_RATES = {"s": "kg m-2 s-1", "hour": "mm/hour", "day": "mm/day", "month": "mm/month", "": "mm"}


def water_rate(text: str) -> str | None:
    """The unit of a flux or depth of water as homeground calls it, however a file of the field spells it.

    Parameters
    ----------
    text : str
        Such as "kg m**-2 s**-1", "mm/d", "mm s-1" or "mm per month".

    Returns
    -------
    str or None
        One of "mm", "mm/month", "mm/day", "mm/hour", "kg m-2 s-1"; None where it is none of these.

    Examples
    --------
    >>> water_rate("kg m**-2 s**-1"), water_rate("mm/d"), water_rate("mm s-1"), water_rate("kg/m2/day")
    ('kg m-2 s-1', 'mm/day', 'kg m-2 s-1', 'mm/day')
    >>> water_rate("m s-1") is None
    True
    """
    plain = text.lower().replace("**", "^").replace("²", "^2").replace("⁻", "-").replace("¹", "1").replace(" per ", "/")
    powers: dict[str, int] = {}
    for place, group in enumerate(plain.replace("*", " ").replace("·", " ").replace(".", " ").split("/")):
        for word in group.split():
            found = _POWER.match(word)
            if found is None:
                return None
            unit = _DEPTHS.get(found[1]) or _TIMES.get(found[1]) or found[1]
            powers[unit] = powers.get(unit, 0) + int(found[2] or 1) * (-1 if place else 1)
    times = [unit for unit in powers if unit in _TIMES.values()]
    rest = {unit: power for unit, power in powers.items() if unit not in times}
    if len(times) > 1 or any(powers[unit] != -1 for unit in times) or rest not in ({"mm": 1}, {"kg": 1, "m": -2}):
        return None
    return WATER_RATES[times[0] if times else ""]


def same_unit(found: str, expected: str) -> bool:
    """Whether two unit strings mean the same unit.

    Parameters
    ----------
    found : str
        As a file writes it.
    expected : str
        As homeground writes it; its other spellings stand in `SPELLINGS`.

    Returns
    -------
    bool

    Examples
    --------
    >>> same_unit("celsius", "degC"), same_unit("K", "degC")
    (True, False)
    """
    return found == expected or found in SPELLINGS.get(expected, frozenset())


def require_units(data: xr.DataArray, expected: str) -> None:
    """Refuse an array whose ``units`` attribute is absent or another than ``expected``.

    Parameters
    ----------
    data : DataArray
        Its name is used in the error.
    expected : str
        A unit as homeground writes it, such as "mm/month"; other spellings of it are taken too.

    Raises
    ------
    DataError
        Units are missing or differ.

    Examples
    --------
    >>> import xarray as xr
    >>> require_units(xr.DataArray([1.0], name="rain", attrs={"units": "mm/month"}), "mm/month")
    >>> require_units(xr.DataArray([1.0], name="rain", attrs={"units": "m"}), "mm/month")
    Traceback (most recent call last):
    ...
    homeground.errors.DataError: rain has units "m", "mm/month" was expected. Convert it and set attrs["units"].
    """
    name = str(data.name or "the array")
    found = data.attrs.get("units")
    if found is None:
        raise DataError(f'{name} has no units, "{expected}" was expected. Set attrs["units"].')
    if not same_unit(str(found), expected):
        raise DataError(f'{name} has units "{found}", "{expected}" was expected. Convert it and set attrs["units"].')


def in_celsius(data: xr.DataArray) -> xr.DataArray:
    """A temperature in degrees Celsius: as given, or converted from kelvin; another unit is refused.

    Parameters
    ----------
    data : DataArray, units "degC" or "K"

    Returns
    -------
    DataArray, degC

    Raises
    ------
    DataError
        Units are missing or neither.

    Examples
    --------
    >>> import xarray as xr
    >>> in_celsius(xr.DataArray([300.15], attrs={"units": "K"})).round(9).values.tolist()
    [27.0]
    """
    if not same_unit(str(data.attrs.get("units")), "K"):
        require_units(data, "degC")
        return data
    return (data - KELVIN).assign_attrs(data.attrs | {"units": "degC"})


def same_grid(first: xr.DataArray, *others: xr.DataArray) -> None:
    """Refuse arrays that do not lie on one grid; nothing is aligned, dropped or spread over other dimensions silently.

    An array may lack dimensions of the first, or have more of them, but not both: a grid of ``y, x`` and one of
    ``lat, lon`` would be combined to four dimensions.

    Parameters
    ----------
    first, *others : DataArray
        Arrays that are to be computed with together. Only dimensions and labels are compared, not values.

    Raises
    ------
    DataError
        A dimension that two of them share differs in length or labels, or each has a dimension that the other lacks.

    Examples
    --------
    >>> import xarray as xr
    >>> rain = xr.DataArray([30.0, 40.0], {"lat": [13.0, 14.0]}, "lat", name="rain")
    >>> same_grid(rain, rain * 2)
    >>> same_grid(rain, xr.DataArray([90.0], {"lat": [13.0]}, "lat", name="pet"))
    Traceback (most recent call last):
    ...
    homeground.errors.DataError: rain and pet differ along 'lat' (2 and 1 labels). Bring both to one grid first.
    """
    for other in others:
        if set(first.dims) - set(other.dims) and set(other.dims) - set(first.dims):
            raise DataError(
                f"{first.name or 'first array'} and {other.name or 'second array'} have dimensions {tuple(first.dims)} "
                f"and {tuple(other.dims)}. Bring both to one grid first, with the same names."
            )
    for one, other in combinations((first, *others), 2):
        for dim in one.dims:
            if dim not in other.dims:
                continue
            a, b = one[dim], other[dim]
            if not _same_labels(a.values, b.values):
                raise DataError(
                    f"{one.name or 'first array'} and {other.name or 'second array'} differ along {dim!r} "
                    f"({a.size} and {b.size} labels). Bring both to one grid first."
                )


def _same_labels(a: NDArray[Any], b: NDArray[Any]) -> bool:
    try:
        return a.size == b.size and bool((a == b).all())
    except TypeError:  # dates of two calendars
        return False


def without_attrs(data: xr.DataArray) -> xr.DataArray:
    """The same array without its attributes; the values are not copied, as ``drop_attrs`` would.

    Parameters
    ----------
    data : DataArray
        Stays as it is.

    Returns
    -------
    DataArray
        The same values and labels. Attributes of the labels are kept.

    Examples
    --------
    >>> import xarray as xr
    >>> without_attrs(xr.DataArray([1.0], attrs={"units": "m"})).attrs
    {}
    """
    bare = data.copy(deep=False)
    bare.attrs = {}
    return bare
