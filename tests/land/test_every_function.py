# SPDX-License-Identifier: Apache-2.0
"""What every public function on grids must do: chunks, planted gaps, other grids, no data at all, constants; none left out."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from homeground import land
from homeground.errors import DataError
from homeground.land import _given

pytest.importorskip("dask")

GRID = {"latitude": np.arange(15.25, 12.0, -0.5), "longitude": np.arange(0.25, 4.0, 0.5)}  # 7 x 8 cells
SHAPE = (7, 8)
HOLE = {"latitude": 3, "longitude": 5}
AT_HOLE = xr.DataArray(np.zeros(SHAPE, bool), GRID, tuple(GRID))
AT_HOLE[HOLE] = True
DRAW = np.random.default_rng(42)
YEARS = np.arange(2000, 2016)
MONTHS = pd.date_range("1981-01-01", periods=372, freq="MS")


def cells(values, dtype=None, units=None, **leading):
    values = np.asarray(values)
    attrs = {"units": units} if units else {}
    return xr.DataArray(values.astype(dtype or values.dtype), {**leading, **GRID}, (*leading, *GRID), attrs=attrs)


def codes(*of, **leading):
    shape = (*(len(v) for v in leading.values()), *SHAPE)
    return cells(DRAW.choice(of, shape), np.int8, **leading)


def series(low, high, units, **leading):
    shape = (*(len(v) for v in leading.values()), *SHAPE)
    return cells(DRAW.uniform(low, high, shape), units=units, **leading)


def sign():
    return codes(-1, 0, 1)


def cover(**leading):
    return codes(1, 2, 3, 4, 5, 6, **leading)


def normals(low, high, units):
    return series(low, high, units, month=np.arange(1, 13))


def yearly(low=0.1, high=0.9, units="1"):
    return series(low, high, units, year=YEARS)


def monthly(low, high, units):
    return series(low, high, units, time=MONTHS)


def index():
    return monthly(-3, 3, "1")


def kind():
    return codes(1, 2)


@dataclass
class Case:
    call: Callable[..., Any]
    given: dict[str, xr.DataArray]
    gaps: tuple[str, ...] | None = None  # inputs of which a missing cell is a missing cell of the result; all
    local: bool = True  # a cell has its result from itself alone
    without: tuple[str, ...] = ()  # variables that count, so that nothing is 0, not missing
    none: str = "missing"  # what no data at all gives: missing, "error" or "table" (in test_bad_input.py)
    lazy: bool = True  # chunks in, chunks out
    extra: dict[str, Any] = field(default_factory=dict)

    def run(self, **given: Any) -> Any:
        return self.call(**{**self.given, **given}, **self.extra)


AREA = cells(np.full(SHAPE, 2.5), units="km2")
ACROSS = {"local": False, "lazy": False}
TABLE = {"gaps": (), "local": False, "lazy": False, "none": "table"}
POLYGONS = land.error_polygons(
    {"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {
        "uuid": "a", "location_name": "here", "periods_affected": ["baseline"], "recode_deg_to": 0,
        "recode_stable_to": 1, "recode_imp_to": None, "basis_for_judgement": "seen"}, "geometry": {
            "type": "Polygon", "coordinates": [[[0, 12], [2, 12], [2, 15], [0, 15], [0, 12]]]}}]}
)  # fmt: skip

CASES = {
    "abandoned_cropland": Case(land.abandoned_cropland, {"cover": codes(2, 3, year=YEARS)}),
    "unused_cropland": Case(
        land.unused_cropland, {"ndvi_range": yearly(), "cropland": cells(np.full(SHAPE, True))}, ("ndvi_range",)
    ),
    "not_improved_by_abandonment": Case(
        land.not_improved_by_abandonment, {"change": sign(), "abandoned": codes(0, 1)}, ("change",)
    ),
    "assess": Case(
        lambda **given: land.assess(**given)[0]["degradation"],
        {
            "trend": sign(),
            "state": sign(),
            "performance": codes(-1, 0),
            "initial": cover(),
            "final": cover(),
            "carbon_change": series(-30, 30, "%"),
        },
        lazy=False,
    ),
    "soil_carbon": Case(
        land.soil_carbon,
        {"stock": series(20, 90, "t C/ha"), "cover": cover(year=YEARS), "climate_zone": codes(1, 9, 12)},
        ("stock", "cover"),
    ),
    "ipcc_climate_zone": Case(
        land.ipcc_climate_zone,
        {
            "temperature": normals(-5, 35, "degC"),
            "rain": normals(0, 200, "mm/month"),
            "pet": normals(20, 200, "mm/month"),
            "elevation": series(0, 2500, "m"),
        },
    ),
    "soil_carbon_change": Case(
        land.soil_carbon_change, {"initial": series(20, 90, "t C/ha"), "final": series(20, 90, "t C/ha")}
    ),
    "soil_carbon_percent": Case(
        land.soil_carbon_percent, {"initial": series(20, 90, "t C/ha"), "final": series(20, 90, "t C/ha")}
    ),
    "aridity_class": Case(land.aridity_class, {"index": series(0, 1, "1")}),
    "aridity_index": Case(
        land.aridity_index, {"rain": normals(0, 200, "mm/month"), "pet": normals(50, 200, "mm/month")}
    ),
    "pet_hargreaves": Case(land.pet_hargreaves, {"tmin": normals(5, 15, "degC"), "tmax": normals(20, 40, "degC")}),
    "pet_thornthwaite": Case(land.pet_thornthwaite, {"temperature": normals(-5, 38, "degC")}),
    "pet_penman_monteith": Case(
        land.pet_penman_monteith,
        {
            "tmin": normals(5, 15, "degC"),
            "tmax": normals(20, 40, "degC"),
            "wind": normals(0, 6, "m s-1"),
            "radiation": normals(5, 25, "MJ m-2 day-1"),
            "humidity": normals(20, 90, "%"),
            "elevation": series(0, 3000, "m"),
        },
    ),
    "to_unccd": Case(land.to_unccd, {"cover": codes(1, 7, 12, 16)}),
    "land_cover_change": Case(land.land_cover_change, {"initial": cover(), "final": cover()}),
    "transition_areas": Case(land.transition_areas, {"initial": cover(), "final": cover()}, **TABLE),
    "area_table": Case(land.area_table, {"classes": sign()}, extra={"names": land.DEGRADATION_CLASSES}, **TABLE),
    "degradation": Case(land.degradation, {"productivity": sign(), "cover": sign(), "carbon": sign()}),
    "fold_status": Case(land.fold_status, {"classes": codes(*range(1, 8))}),
    "hotspots": Case(land.hotspots, {"classes": sign()}, **TABLE),
    "status": Case(land.status, {"baseline": sign(), "period": sign()}),
    "drought_class": Case(land.drought_class, {"index": index()}),
    "spi": Case(land.spi, {"precipitation": monthly(0, 90, "mm/month")}, extra={"window": 3}),
    "spei": Case(land.spei, {"water_balance": monthly(-90, 90, "mm/month")}, extra={"window": 3}),
    "recode_errors": Case(
        lambda degraded: land.recode_errors(degraded, POLYGONS, "baseline"), {"degraded": sign()}, lazy=False
    ),
    "drought_events": Case(land.drought_events, {"index": index()}, (), **ACROSS, none="error"),
    "drought_hazard": Case(land.drought_hazard, {"index": index()}, without=("known_years",)),
    "zero_rain_share": Case(land.zero_rain_share, {"precipitation": monthly(0, 90, "mm/month")}),
    "ldn_balance": Case(land.ldn_balance, {"status": codes(*range(1, 8)), "land_type": cover()}, **TABLE),
    "response_map": Case(land.response_map, {"degraded": sign(), "productivity": codes(1, 3, 5)}, ("degraded",)),
    "potential_gap": Case(
        land.potential_gap, {"vegetation": series(0, 1, "1"), "stratum": kind()}, **ACROSS, extra={"min_cells": 2}
    ),
    "productivity_performance": Case(land.productivity_performance, {"ndvi": yearly(), "stratum": kind()}, **ACROSS),
    "productivity_state": Case(
        land.productivity_state, {"ndvi": yearly()}, extra={"history": (2000, 2012), "recent": (2013, 2015)}
    ),
    "productivity_trend": Case(land.productivity_trend, {"ndvi": yearly()}),
    "fold_classes": Case(land.fold_classes, {"five": codes(1, 2, 3, 4, 5)}),
    "land_productivity": Case(land.land_productivity, {"trend": sign(), "state": sign(), "performance": codes(-1, 0)}),
    "productivity_from_layer": Case(land.productivity_from_layer, {"layer": codes(1, 2, 3, 4, 5)}),
    "productivity_assessment": Case(
        land.productivity_assessment, {"ndvi": yearly(), "stratum": kind()}, ("ndvi",), **ACROSS, none="error"
    ),
    "profile_classes": Case(
        land.profile_classes, {"ndvi": yearly(), "stratum": kind()}, ("ndvi",), **ACROSS, none="error"
    ),
    "profile_difference": Case(
        land.profile_difference, {"classes": codes(-1, 0, 1, profile=["prais4-2026", "gpg1"]), "area": AREA}, **TABLE
    ),
    "trend_tests": Case(land.trend_tests, {"ndvi": yearly(), "area": AREA}, **TABLE),
    "rain_residual": Case(land.rain_residual, {"ndvi": yearly(), "rain": yearly(200, 800, "mm/year")}),
    "restrend": Case(land.restrend, {"ndvi": yearly(), "rain": yearly(200, 800, "mm/year")}, without=("n",)),
    "rain_use_efficiency": Case(land.rain_use_efficiency, {"ndvi": yearly(), "rain": yearly(200, 800, "mm/year")}),
    "water_use_efficiency": Case(
        land.water_use_efficiency, {"ndvi": yearly(), "evapotranspiration": yearly(200, 800, "mm/year")}
    ),
    "share_degraded": Case(land.share_degraded, {"degraded": sign()}, **TABLE),
    "land_take": Case(land.land_take, {"initial": cover(), "final": cover()}, **TABLE),
    "soil_sealing": Case(
        land.soil_sealing, {"sealed_start": series(0, 100, "%"), "sealed_end": series(0, 100, "%")}, extra={"years": 6}
    ),
    "fdr": Case(land.fdr, {"p": series(0, 0.2, "1")}, (), **ACROSS, none="table"),
    "trend": Case(land.trend, {"series": yearly()}, without=("n",)),
}

# Public, but not of grids: numbers, rows, names. Their tests lie with them.
OF_NUMBERS = {
    "allocated", "area_from_sample", "assess_tables", "business_as_usual", "carbon_factors", "cell_area", "error_polygons", "land_consumption",
    "period_ending", "plots_needed", "sensitivity", "stratified_areas", "tornado",
}  # fmt: skip


def test_no_public_function_is_left_out():
    public = {name for name in land.__all__ if callable(getattr(land, name)) and name == name.lower()}
    assert public == set(CASES) | OF_NUMBERS


def parts(result):
    """The arrays and tables of a result, by name."""
    if isinstance(result, tuple):
        return {f"{i}.{name}": part for i, one in enumerate(result) for name, part in parts(one).items()}
    return dict(result.data_vars) if isinstance(result, xr.Dataset) else {"": result}


def same(found, expected):
    for name, part in parts(expected).items():
        other = parts(found)[name]
        if isinstance(part, pd.DataFrame):
            pd.testing.assert_frame_equal(other, part, rtol=1e-12)
        elif isinstance(part, xr.DataArray):
            xr.testing.assert_allclose(other.compute(), part, rtol=1e-12, atol=1e-12)
            assert other.dtype == part.dtype
            assert other.attrs == part.attrs
        else:
            assert other == pytest.approx(part, rel=1e-12)


def missing(part):
    return np.isnan(part) | (part == -128)


def without_data(data, where=True):
    if data.dtype == bool:
        return data
    gap = np.int8(-128) if data.dtype.kind == "i" else np.nan
    return data.where(~xr.DataArray(where), gap).astype(data.dtype).assign_attrs(data.attrs)


@pytest.mark.parametrize("name", CASES)
def test_chunks_give_what_the_whole_gives_and_inputs_stay(name):
    case = CASES[name]
    kept = {key: data.copy(deep=True) for key, data in case.given.items()}
    whole = case.run()
    for key, data in kept.items():
        xr.testing.assert_identical(case.given[key], data)
    cut = {"latitude": 3, "longitude": 5, "year": 6, "time": 100, "month": 5}
    pieces = {k: v.chunk({d: cut[d] for d in v.dims if d in cut}) for k, v in case.given.items()}
    found = case.run(**pieces)
    if case.lazy:
        assert all(part.chunks is not None for part in parts(found).values() if isinstance(part, xr.DataArray))
    same(found, whole)


@pytest.mark.parametrize(("name", "key"), [(n, k) for n, c in CASES.items() for k in c.gaps or c.given if c.gaps != ()])
def test_a_planted_gap_is_a_gap_and_touches_nothing_else(name, key):
    case = CASES[name]
    before, after = case.run(), case.run(**{key: without_data(case.given[key], AT_HOLE)})
    for part, data in parts(after).items():
        if part in case.without or not isinstance(data, xr.DataArray):
            continue
        assert bool(missing(data.isel(HOLE)).all()), part
        if case.local:
            xr.testing.assert_equal(data.where(~AT_HOLE), parts(before)[part].where(~AT_HOLE))


@pytest.mark.parametrize(("name", "key"), [(n, k) for n, c in CASES.items() for k in list(c.given)[1:]])
def test_other_grids_are_refused(name, key):
    case, data = CASES[name], CASES[name].given[key]
    beside = data.assign_coords(longitude=data["longitude"] + 0.25)
    for other in (beside, data.isel(longitude=slice(1, None)), data.rename(latitude="y", longitude="x")):
        with pytest.raises(DataError, match="one grid"):
            case.run(**{key: other})


@pytest.mark.parametrize("name", [n for n, c in CASES.items() if c.none != "table"])
def test_no_data_at_all_is_never_a_finding(name):
    case = CASES[name]
    nothing = {key: without_data(data) for key, data in case.given.items()}
    if case.none == "error":
        with pytest.raises(DataError, match="value"):
            case.run(**nothing)
        return
    result = case.run(**nothing)
    for part, data in parts(result).items():
        if isinstance(data, xr.DataArray) and part not in case.without:
            assert bool(missing(data).all()), part


@pytest.mark.parametrize("name", [n for n, c in CASES.items() if any(d.dtype.kind == "f" for d in c.given.values())])
def test_constants_give_numbers_or_nothing_but_no_infinity(name):
    case = CASES[name]
    flat = {k: v * 0 + v.values.flat[0] for k, v in case.given.items() if v.dtype.kind == "f"}
    flat = {k: v.assign_attrs(case.given[k].attrs) for k, v in flat.items()}
    for data in parts(case.run(**flat)).values():
        if isinstance(data, xr.DataArray):
            assert not bool(np.isinf(data.astype(float)).any())


# what is handed in by somebody who does not know the function yet


def public():
    return {name: getattr(land, name) for name in sorted(set(CASES) | OF_NUMBERS)}


@pytest.mark.parametrize("name", public())
def test_every_argument_of_another_kind_is_told_at_once(name):
    function = public()[name]
    parameters = inspect.signature(function).parameters
    with pytest.raises(DataError) as raised:
        function(**dict.fromkeys(parameters, object()))
    assert name in str(raised.value)
    for parameter in parameters:
        assert f"{parameter} is an object; expected: " in str(raised.value)


@pytest.mark.parametrize("wrong", [None, [1.0, 2.0], "rain.nc", 3.5, pd.DataFrame({"a": [1.0]})], ids=repr)
@pytest.mark.parametrize(("name", "key"), [(n, k) for n, c in CASES.items() for k in c.given])
def test_another_kind_in_place_of_an_array_is_told(name, key, wrong):
    case = CASES[name]
    if name == "pet_penman_monteith" and (key == "elevation" or (wrong is None and key != "wind" and key[0] != "t")):
        pytest.skip("a height may be one number; of radiation and moisture one kind of several is asked for")
    with pytest.raises(DataError, match=rf"{key} is .*; expected: "):
        case.run(**{key: wrong})


@pytest.mark.parametrize(("name", "key"), [(n, k) for n, c in CASES.items() for k in c.given])
def test_a_dataset_with_one_variable_is_that_variable(name, key):
    case = CASES[name]
    whole = case.run()
    same(case.run(**{key: case.given[key].to_dataset(name="only")}), whole)
    two = xr.Dataset({"one": case.given[key], "other": case.given[key]})
    with pytest.raises(
        DataError, match=rf'{key} is a Dataset of one, other, 2 of which .* Choose one: {key}=data\["one"\]'
    ):
        case.run(**{key: two})


@pytest.mark.parametrize("name", CASES)
def test_plain_arrays_are_taken_where_no_axis_is_needed_and_else_the_axes_are_asked_for(name):
    case = CASES[name]
    plain = {key: data.values for key, data in case.given.items()}
    if name in _given.WITHOUT_AXES:
        found, whole = case.run(**plain), case.run()
        np.testing.assert_array_equal(found.values, whole.values)
        assert found.attrs == whole.attrs
    else:
        with pytest.raises(DataError, match=r"numpy.ndarray of shape .* Name its axes"):
            case.run(**plain)


def test_of_a_file_with_bounds_and_a_grid_mapping_the_field_is_taken():
    rain = CASES["spi"].given["precipitation"]
    ends = xr.DataArray(np.zeros((rain.sizes["time"], 2)), {"time": rain["time"]}, ("time", "nv"))
    time = rain["time"].assign_attrs(bounds="ends")
    file = xr.Dataset({"pr": rain, "ends": ends, "lat_bnds": ("latitude", np.zeros(7)), "crs": 0}).assign_coords(
        time=time
    )
    same(land.spi(file, 3), land.spi(rain, 3))
    with_mask = file.assign(mask=(("latitude", "longitude"), np.ones(SHAPE)))  # has no time
    same(land.spi(with_mask, 3), land.spi(rain, 3))
    with pytest.raises(DataError, match="a Dataset of nothing, none of which can be meant"):
        land.spi(xr.Dataset(), 3)


@pytest.mark.parametrize(
    "labels",
    [
        [f"{day:%Y-%m-%d}" for day in MONTHS],
        [f"{day:%Y-%m}" for day in MONTHS],
        [day.to_pydatetime() for day in MONTHS],
        [day.date() for day in MONTHS],
    ],
    ids=["day", "month", "datetime", "date"],
)
def test_dates_may_be_texts_or_pythons_own(labels):
    rain = CASES["spi"].given["precipitation"]
    given = rain.assign_coords(time=("time", np.array(labels, object)))
    same(land.spi(given, 3, calibration=("1981-01-01", MONTHS[-1].date())), land.spi(rain, 3, calibration=(1981, 2011)))


def test_a_text_that_is_no_date_is_told():
    rain = CASES["spi"].given["precipitation"]
    with pytest.raises(DataError, match=r"dates along time that cannot be read .* such as 1981-01"):
        land.spi(rain.assign_coords(time=("time", [f"month {n}" for n in range(MONTHS.size)])), 3)
    with pytest.raises(DataError, match=r"calibration is \('a', 'b'\) \(tuple\); expected: two years"):
        land.spi(rain, 3, calibration=("a", "b"))
    with pytest.raises(
        DataError, match="zeros is 'none'"
    ):  # of the right kind: the function itself says which it knows
        land.spi(rain, 3, zeros="none")


@pytest.mark.parametrize("name", ["pet_hargreaves", "pet_thornthwaite", "pet_penman_monteith"])
def test_kelvin_is_converted_by_its_unit(name):
    case = CASES[name]
    warm = {key: data for key, data in case.given.items() if data.attrs["units"] == "degC"}
    kelvin = {key: (data + 273.15).assign_attrs(data.attrs | {"units": "K"}) for key, data in warm.items()}
    xr.testing.assert_allclose(case.run(**kelvin), case.run(), rtol=1e-9)
    with pytest.raises(DataError, match='"F", "degC" was expected'):
        case.run(**{key: data.assign_attrs(units="F") for key, data in warm.items()})
