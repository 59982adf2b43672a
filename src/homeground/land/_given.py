# SPDX-License-Identifier: Apache-2.0
"""What is handed to the functions of `homeground.land`: taken where it can only mean one thing, else told what was expected."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import wraps
from numbers import Integral, Real
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from homeground.errors import DataError, Problems

# A cell has its result from itself alone, so plain arrays have all that is needed; of these numbers have no unit.
WITHOUT_AXES = {
    *("aridity_class", "degradation", "drought_class", "fold_classes", "fold_status", "land_cover_change"),
    *(
        "land_productivity",
        "not_improved_by_abandonment",
        "productivity_from_layer",
        "response_map",
        "status",
        "to_unccd",
    ),
}
PLAIN: Mapping[str, tuple[type | tuple[type, ...], str]] = {
    "str": (str, "a text"),
    "bool": ((bool, np.bool_), "True or False"),
    "pd.DataFrame": (pd.DataFrame, "a pandas DataFrame"),
    "pd.Series": (pd.Series, "a pandas Series"),
    "gpd.GeoDataFrame": (pd.DataFrame, "a GeoDataFrame"),
    "Mapping": (Mapping, "a dict"),
    "dict": (Mapping, "a dict"),
    "Callable": (Callable, "a function"),  # type: ignore[dict-item]
}


class UnfitError(Exception):
    """Why an argument cannot be used; its text begins after the argument's name."""


def kind(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function, which takes what can only mean one thing for what it needs, and says what it expected of the rest.

    For an array: a Dataset with one fitting variable, and plain numbers where no axis is needed. Dates along ``time`` as
    texts or Python's own; years as dates. All that is wrong is told at once.

    Parameters
    ----------
    function : callable
        With annotations and a docstring in numpydoc.

    Returns
    -------
    callable

    Raises
    ------
    DataError
        When called: an argument is of another kind than the function takes.

    Examples
    --------
    >>> from homeground import land
    >>> land.to_unccd(np.array([[1, 12]]), "igbp").values.tolist()
    [[1, 3]]
    >>> land.spi(np.ones(372), 3)
    Traceback (most recent call last):
    ...
    homeground.errors.DataError: spi: precipitation is a numpy.ndarray of shape (372,); expected: DataArray, dims (time, ...), ...
    """
    signature, said = inspect.signature(function), _said(function)

    @wraps(function)
    def call(*args: Any, **words: Any) -> Any:
        given = signature.bind(*args, **words)
        problems = Problems(function.__name__)
        for name, value in given.arguments.items():
            kinds = [one.strip() for one in str(signature.parameters[name].annotation).split(" | ")]
            if value is None and "None" in kinds:
                continue
            try:
                given.arguments[name] = _taken(value, kinds, name, function.__name__, said.get(name, ""))
            except UnfitError as error:
                problems.add(f"{name} {error}")
        problems.raise_if_any(DataError)
        return function(*given.args, **given.kwargs)

    return call


def _said(function: Callable[..., Any]) -> dict[str, str]:
    """What the docstring says that each parameter is."""
    part = (function.__doc__ or "").partition("Parameters\n")[2].partition("Returns\n")[0]
    lines = re.findall(r"^    (\w+(?:, \w+)*) : (.+)$", part, re.MULTILINE)
    return {name: text for names, text in lines for name in names.split(", ")}


def _taken(value: Any, kinds: Sequence[str], name: str, function: str, said: str) -> Any:
    if "xr.DataArray" in kinds and not ("float" in kinds and _is(value, Real)):
        return _dated(_array(value, name, function, said))
    faults = [fault for one in kinds if one != "None" and (fault := _fault(value, one)) is not None]
    if len(faults) < len([one for one in kinds if one != "None"]):
        return _years(value) if any(one.startswith("tuple[int, int]") for one in kinds) else value
    raise UnfitError(f"is {_called(value)}; expected: {' or '.join(dict.fromkeys(faults))}.")


def _fault(value: Any, annotation: str) -> str | None:
    """What was expected where a value is not of an annotation; what cannot be told here the function tells itself."""
    head, _, rest = annotation.partition("[")
    if head in PLAIN:
        fits, expected = isinstance(value, PLAIN[head][0]), PLAIN[head][1]
    elif head in ("int", "float"):
        fits = _is(value, Integral if head == "int" else Real)
        expected = "a whole number" if head == "int" else "a number"
    elif head == "tuple":
        pair = rest == "int, int]"
        fits = isinstance(value, tuple | list) and not (pair and len(value) != 2)
        fits = fits and all(_is(one, Integral) or (pair and _is_date(one)) for one in value)
        expected = "two years, such as (1981, 2010)" if pair else "whole numbers in brackets"
    elif head in ("NDArray", "Any"):
        fits, expected = _are_numbers(value), "a number or an array of numbers"
    elif head == "Period":
        fits, expected = type(value).__name__ == "Period", "a Period"
    else:
        words = ", ".join(re.findall(r"['\"]([^'\"]+)['\"]", rest)) if head == "Literal" else ""
        fits, expected = isinstance(value, str) or _is(value, Real), f"one of {words or 'the words of its docstring'}"
    return None if fits else expected


def _are_numbers(value: Any) -> bool:
    try:
        held = np.asarray(value)
    except ValueError:
        return False
    return held.dtype.kind in "iuf" or (held.dtype.kind == "O" and held.ndim > 0)  # objects: some may be missing


def _is(value: Any, number: Any) -> bool:
    return isinstance(value, number) and not isinstance(value, bool | np.bool_)


def _is_date(value: Any) -> bool:
    return isinstance(value, date | np.datetime64) or (isinstance(value, str) and bool(re.match(r"\d{4}(-|$)", value)))


def _years(value: Any) -> tuple[int, ...]:
    """Years, given as such or as dates."""
    return tuple(int(one) if _is(one, Integral) else pd.Timestamp(one).year for one in value)


def _array(value: Any, name: str, function: str, said: str) -> xr.DataArray:
    if isinstance(value, xr.DataArray):
        return value
    expected = f"expected: {said or 'a DataArray'}."
    if isinstance(value, xr.Dataset):
        fitting = _fitting(value, said)
        if len(fitting) == 1:
            one: xr.DataArray = value[fitting[0]]
            return one
        held = ", ".join(map(str, value.data_vars)) or "nothing"
        choice = f' Choose one: {name}=data["{fitting[0]}"].' if fitting else ""
        raise UnfitError(f"is a Dataset of {held}, {len(fitting) or 'none'} of which can be meant; {expected}{choice}")
    numbers = isinstance(value, np.ndarray) and value.dtype.kind in "iufb"
    if numbers and function in WITHOUT_AXES:
        attrs = {"units": "1"} if "dimensionless" in said else {}
        return xr.DataArray(value, attrs=attrs, name=name)
    way = " Name its axes: xarray.DataArray(values, dims=..., coords=..., attrs=...)." if numbers else ""
    raise UnfitError(f"is {_called(value)}; {expected}{way}")


def _fitting(data: xr.Dataset, said: str) -> list[Any]:
    """Variables of numbers on axes, without ends of cells and months; of these such as have the axes asked for."""
    ends = {str(coordinate.attrs.get("bounds", "")) for coordinate in data.coords.values()}
    found = [
        key
        for key, one in data.data_vars.items()
        if one.dtype.kind in "iufb" and one.ndim and str(key) not in ends and not re.search("_(bnds|bounds)$", str(key))
    ]
    asked = set(re.findall(r"\b(time|month|year|latitude|longitude)\b", said.partition("units")[0]))
    with_axes = [key for key in found if asked & set(map(str, data[key].dims))]
    return with_axes if asked and with_axes else found


def _dated(data: xr.DataArray) -> xr.DataArray:
    """Dates along ``time`` that are texts or Python's own as those of NumPy; dates of other calendars stay."""
    if "time" not in data.dims or "time" not in data.coords or data["time"].dtype.kind not in "UOT":
        return data
    labels = data["time"].values.tolist()
    if not all(isinstance(one, str | date) for one in labels):
        return data
    try:
        dated: xr.DataArray = data.assign_coords(time=("time", np.array(labels, "datetime64[ns]"), data["time"].attrs))
    except ValueError as error:
        raise UnfitError(f"has dates along time that cannot be read ({error}); expected: such as 1981-01.") from error
    return dated


def _called(value: Any) -> str:
    """A value's type and, where it is short, the value."""
    if value is None:
        return "None"
    name = f"{type(value).__module__}.{type(value).__qualname__}".removeprefix("builtins.")
    text = repr(value)
    if len(text) <= 30 and isinstance(value, str | Real | tuple | list):
        return f"{text} ({name})"
    shape = f" of shape {value.shape}" if isinstance(value, np.ndarray) else ""
    return f"{'an' if name[0] in 'aeiou' else 'a'} {name}{shape}"
