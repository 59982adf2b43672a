# SPDX-License-Identifier: Apache-2.0
"""Series and grids as they come: gaps and doubles in time, other calendars, units, too few years, strange classes."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from homeground import land
from homeground.errors import DataError

MONTHS = pd.date_range("1981-01-01", periods=372, freq="MS")
RAIN = np.random.default_rng(3).gamma(2.0, 30.0, 372)
WARM = 20 + 8 * np.sin(np.arange(372) * np.pi / 6)


def monthly(values, units, time=MONTHS):
    return xr.DataArray(values, {"time": time}, dims="time", attrs={"units": units})


def penman(tmin, **changes):
    like = {"wind": (2.0, "m s-1"), "radiation": (18.0, "MJ m-2 day-1"), "humidity": (50.0, "%")}
    given = {name: xr.full_like(tmin, value).assign_attrs(units=unit) for name, (value, unit) in like.items()}
    return land.pet_penman_monteith(
        tmin, (tmin + 9).assign_attrs(tmin.attrs), 12.0, elevation=300.0, **{**given, **changes}
    )


# Everything that takes a series of months, with what it needs besides.
OF_MONTHS = {
    "spi": (lambda data: land.spi(data, 3), RAIN, "mm/month"),
    "spei": (lambda data: land.spei(data, 3), RAIN - 60, "mm/month"),
    "zero_rain_share": (lambda data: land.zero_rain_share(data, 3), RAIN, "mm/month"),
    "drought_events": (land.drought_events, np.sin(np.arange(372.0)), "1"),
    "pet_thornthwaite": (lambda data: land.pet_thornthwaite(data, 12.0), WARM, "degC"),
    "pet_hargreaves": (lambda data: land.pet_hargreaves(data, data + 9 * xr.ones_like(data), 12.0), WARM, "degC"),
    "pet_penman_monteith": (penman, WARM, "degC"),
}


def call(name, change):
    function, values, units = OF_MONTHS[name]
    with xr.set_options(keep_attrs=True):
        return function(change(monthly(values, units)))


@pytest.mark.parametrize("name", OF_MONTHS)
@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda data: data.drop_isel(time=[5, 17]), "months are missing: 1981-06, 1982-06"),
        (lambda data: data.isel(time=[*range(12), *range(11, 372)]), "more than once: 1981-12"),
        (lambda data: data.isel(time=slice(None, None, -1)), "not in order"),
        (lambda data: data.isel(time=slice(0, 0)), "no months"),
        (lambda data: data.rename(time="step"), "'time'"),
        (lambda data: data.assign_coords(time=np.arange(372)), "dates"),
    ],
    ids=["missing", "doubled", "turned", "empty", "renamed", "numbers"],
)
def test_months_are_each_there_once(name, change, message):
    call(name, lambda data: data)  # as it is, it has an answer
    with pytest.raises(DataError, match=message):
        call(name, change)


def in_calendar(calendar):
    pytest.importorskip("cftime")
    dates = xr.date_range("1981-01-01", periods=372, freq="MS", calendar=calendar, use_cftime=True)
    return lambda data: data.assign_coords(time=dates)


@pytest.mark.parametrize("name", [*OF_MONTHS, "drought_hazard"])
@pytest.mark.parametrize("calendar", ["360_day", "noleap", "all_leap", "julian"])
def test_other_calendars_are_refused_with_a_way_out_that_works(name, calendar, monkeypatch):
    monkeypatch.setitem(OF_MONTHS, "drought_hazard", (land.drought_hazard, np.sin(np.arange(372.0)), "1"))
    change = in_calendar(calendar)
    with pytest.raises(DataError, match=r"convert_calendar\(.standard., align_on=.date.\)"):
        call(name, change)
    found = call(name, lambda data: change(data).convert_calendar("standard", align_on="date"))
    expected = call(name, lambda data: data)
    if isinstance(expected, pd.DataFrame):
        pd.testing.assert_frame_equal(found, expected, check_dtype=False)  # dates in other steps of a second
    else:
        assert found.equals(expected)


def test_two_calendars_do_not_meet():
    ours = monthly(WARM, "degC")
    high = (ours + 9).assign_attrs(units="degC")
    for other in (in_calendar("360_day")(high), in_calendar("noleap")(high)):
        for low, top in ((ours, other), (other, ours)):
            with pytest.raises(DataError, match="differ along 'time'"):
                land.pet_hargreaves(low, top, 12.0)
    with pytest.raises(DataError, match="differ along 'time'"):
        land.pet_hargreaves(in_calendar("noleap")(ours), in_calendar("360_day")(high), 12.0)
    middle = high.assign_coords(time=MONTHS + pd.Timedelta(days=14))
    with pytest.raises(DataError, match="differ along 'time'"):
        land.pet_hargreaves(ours, middle, 12.0)


@pytest.mark.parametrize("unit", ["mm/day", "mm d-1", "mm day-1", "kg m-2 s-1", "kg/m2/s"])
@pytest.mark.parametrize("function", [land.spi, land.spei])
def test_rates_become_totals_and_say_so(unit, function):
    days = MONTHS.days_in_month.to_numpy()
    per_second = 86_400 if unit.startswith("kg") else 1
    rate, total = monthly(RAIN / days / per_second, unit), monthly(RAIN, "mm/month")
    found = function(rate, 3, exact=True)
    np.testing.assert_allclose(found, function(total, 3, exact=True), atol=1e-9)
    called = "kg m-2 s-1" if unit.startswith("kg") else "mm/day"  # however the file spells it
    assert found.attrs["input_units"] == f"{called}, converted to mm/month"
    # A month of 31 days is not one of 28: without their number the index would be another.
    assert float(abs(function(rate.assign_attrs(units="mm"), 3, exact=True) - found).max()) > 1e-3


@pytest.mark.parametrize("name", OF_MONTHS)
def test_no_unit_or_another_is_refused(name):
    if name == "zero_rain_share":  # dry is dry in any unit
        assert call(name, lambda data: data.drop_attrs()).attrs["units"] == "1"
        return
    for units in ({}, {"units": "inches"}):
        with pytest.raises(DataError, match="units"):
            call(name, lambda data, units=units: data.drop_attrs().assign_attrs(units))


def test_the_share_of_dry_years_needs_such_months():
    rain = monthly(RAIN, "mm/month")
    with pytest.raises(DataError, match=r"no month 12 in the calibration \(1900, 1930\)"):
        land.zero_rain_share(rain, calibration=(1900, 1930))
    with pytest.raises(DataError, match="no month 13"):
        land.zero_rain_share(rain, month=13)
    with pytest.raises(DataError, match="below 0"):
        land.zero_rain_share(rain - 40)


def yearly(length, units="1"):
    return xr.DataArray(np.linspace(0.2, 0.5, length), {"year": 2001 + np.arange(length)}, attrs={"units": units})


@pytest.mark.parametrize(
    "function",
    [
        land.trend,
        land.productivity_trend,
        lambda data: land.rain_residual(data, (1000 * data).assign_attrs(units="mm/year")),
        lambda data: land.restrend(data, (1000 * data).assign_attrs(units="mm/year")),
        lambda data: land.productivity_state(data, (2001, 2004), (2005, 2007)),
        lambda data: land.productivity_assessment(data, xr.DataArray(1), period=land.period_ending(2007)),
        lambda data: land.trend_tests(data, xr.DataArray(1.0, attrs={"units": "km2"})),
    ],
    ids=["trend", "productivity_trend", "rain_residual", "restrend", "state", "assessment", "trend_tests"],
)
def test_seven_years_are_too_few(function):
    with pytest.raises(DataError, match="at least 8"):
        function(yearly(7))


@pytest.mark.parametrize("function", [land.spi, land.spei])
def test_thirty_years_are_asked_for(function):
    short = monthly(RAIN, "mm/month").isel(time=slice(0, 348))
    with pytest.raises(DataError, match="29 years within the calibration 1981 to 2009, at least 30") as refused:
        function(short, 3)
    assert "min_years= " in str(refused.value)
    assert "[land].drought_min_years" in str(refused.value)  # what a study file says, not only what Python says
    assert bool(function(short, 3, min_years=29)[2:].notnull().all())


def one(*values):
    return xr.DataArray(np.array(values), dims="x")


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (lambda: land.to_unccd(one(12, 99)), r"99 \(1 cells\)"),
        (lambda: land.land_cover_change(one(1, 8), one(1, 1)), "holds 8"),
        (lambda: land.transition_areas(one(1, 1), one(1, 0), one(1.0, 1.0)), "holds 0"),
        (lambda: land.land_take(one(1, 10), one(1, 1), one(1.0, 1.0)), "holds 10"),
        (lambda: land.fold_classes(one(4, 7)), "holds 7"),
        (lambda: land.fold_classes(one(0, 4)), "holds 0"),
        (lambda: land.fold_classes(one(4.0, 2.5)), "holds 2.5"),
        (lambda: land.degradation(one(6, 1).assign_attrs(classes=5), one(0, 0), one(0, 0)), "holds 6"),
        (lambda: land.productivity_from_layer(one(6, 1)), "holds 6"),
        (lambda: land.fold_status(one(8, 1)), "holds 8"),
        (lambda: land.status(one(2, 1), one(0, 0)), "holds 2"),
        (lambda: land.area_table(one(0, 5), one(1.0, 1.0), names={0: "Stable"}), "holds 5"),
        (lambda: land.ldn_balance(one(8, 1), one(1, 1), one(1.0, 1.0)), "holds 8"),
        (lambda: land.response_map(one(0, 0), one(1, 9)), "holds 9"),
        (lambda: land.not_improved_by_abandonment(one(0, 0), one(1, 2)), "holds 2"),
        (lambda: land.land_productivity(one(0, 0), one(0, 3), one(0, 0)), "holds 3"),
    ],
)
def test_a_class_without_a_row_is_named(function, message):
    with pytest.raises(DataError, match=message):
        function()


def test_a_latitude_of_other_rows_drops_none():
    y = {"y": [12.0, 11.0]}
    warm = xr.DataArray(np.full((12, 2), 25.0), {"month": range(1, 13), **y}, ("month", "y"), attrs={"units": "degC"})
    for other in ([12.0, 10.0], [11.0, 12.0], [12.0, 11.0, 10.0]):
        latitude = xr.DataArray(other, {"y": other}, ("y",))
        with pytest.raises(DataError, match="differ along 'y'"):
            land.pet_thornthwaite(warm, latitude)
        height = xr.zeros_like(latitude).assign_attrs(units="m")
        with pytest.raises(DataError, match="differ along 'y'"):
            land.pet_penman_monteith(
                warm,
                (warm + 9).assign_attrs(units="degC"),
                wind=xr.ones_like(warm).assign_attrs(units="m s-1"),
                elevation=height,
                radiation=(18 * xr.ones_like(warm)).assign_attrs(units="W m-2"),
            )
    many = land.pet_thornthwaite(warm.isel(y=0, drop=True), xr.DataArray([50.0, 0.0], dims="site"))
    assert many.sizes == {"month": 12, "site": 2}  # one station's warmth at two latitudes


def test_tables_of_nothing_show_that_nothing_was_seen():
    gap, size = one(-128, -128), one(3.0, 4.0)
    table = land.transition_areas(gap, gap, size)
    assert table["area_km2"].sum() == table.set_index("initial").loc[-128, "area_km2"] == 7
    assert land.land_take(gap, gap, size)[["take_km2", "return_km2", "net_take_km2"]].isna().all(axis=None)
    assert land.land_take(one(1, 1), one(1, 1), size)["take_km2"].sum() == 0  # seen, and none taken
    assert land.ldn_balance(gap, gap, size)["balanced"].isna().all()
    assert np.isnan(land.share_degraded(gap, size))
    assert land.area_table(gap, size, names={0: "Stable"})["share_of_known"].isna().all()
    empty = xr.DataArray(np.full((9, 2), np.nan), {"year": 2001 + np.arange(9)}, ("year", "x"))
    tests = land.trend_tests(empty, size.assign_attrs(units="km2"))
    assert tests[["falling", "rising"]].isna().all(axis=None)
    assert tests["missing_km2"].tolist() == [7.0] * 6
    both = xr.concat([gap, gap], pd.Index(["prais4-2026", "gpg1"], name="profile"))
    found = land.profile_difference(both, size.assign_attrs(units="km2"))
    assert found[["class", "other_class", "area_km2"]].values.tolist() == [[-128, -128, 7]]
    assert land.fdr(one(np.nan, np.nan)).attrs["tests"] == 0
    patch, spots = land.hotspots(gap.expand_dims(y=1), one(3.0, 4.0).expand_dims(y=1), least_km2=0)
    assert spots.empty
    assert not patch.any()
