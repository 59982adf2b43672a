# SPDX-License-Identifier: Apache-2.0
"""Hazard classes by year and by four years, where they do not apply, and what the tool in use gives instead."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from homeground.errors import DataError
from homeground.land import drought_class, drought_hazard, spi, zero_rain_share


def decembers(values, first=2000):
    values = np.asarray(values, float)
    time = pd.date_range(f"{first}-12-01", periods=values.shape[0], freq="12MS")
    return xr.DataArray(values, {"time": time}, dims=("time", "cell")[: values.ndim], attrs={"units": "1"})


def place(values):
    return xr.DataArray(values, dims="cell", attrs={"units": "1"})


def te_four_year_worst(spi_1000):
    """The slice of the default maps (trends.earth-algorithms, gdal/drought.py): int16, nodata -32768, end left out."""
    first, period = 0, 4
    last = first + period - 1
    return spi_1000[first:last].min(axis=0)


def test_all_four_years_count():
    index = decembers([[-0.2], [-0.3], [-1.2], [-2.4]])
    theirs = te_four_year_worst(np.array([[-200], [-300], [-1200], [-2400]], np.int16))
    assert theirs.tolist() == [-1200]  # moderate: the extreme year is not looked at
    result = drought_hazard(index)
    assert result.worst.values.tolist() == [[4]]
    assert result.known_years.values.tolist() == [[4]]


def test_a_missing_year_does_not_blank_the_others():
    theirs = te_four_year_worst(np.array([[-200], [-32768], [-1600], [100]], np.int16))
    assert theirs.tolist() == [-32768]
    result = drought_hazard(decembers([[-0.2], [np.nan], [-1.6], [0.1]]))
    assert result.hazard.values.ravel().tolist() == [1, -128, 3, 0]
    assert (result.worst.item(), result.known_years.item()) == (3, 3)


def test_limits_lie_where_the_manual_puts_them():
    limits = decembers([-1.0, -1.5, -2.0])
    # The default maps hold SPI times 1000 and ask ">= -1000", ">= -1500", ">= -2000" for the milder class.
    theirs = [1 + sum(value < edge for edge in (-1000, -1500, -2000)) for value in (-1000, -1500, -2000)]
    assert theirs == [1, 2, 3]
    assert drought_class(limits).values.tolist() == [2, 3, 4]


def test_not_applicable_is_not_no_drought():
    index = decembers(np.full((4, 5), 0.5))
    result = drought_hazard(
        index, aridity=place([0.049, 0.05, 0.3, np.nan, 0.3]), zero_share=place([0.0, 0.0, 0.51, 0.0, 0.5])
    )
    assert result.hazard[0].values.tolist() == [-1, 0, -1, 0, 0]
    assert result.worst[0].values.tolist() == [-1, 0, -1, 0, 0]
    assert "not_applicable" in result.hazard.attrs["flag_meanings"]
    hair = drought_hazard(
        decembers(np.full((4, 2), 0.5)),
        aridity=place([np.nextafter(0.05, 0), 0.3]),
        zero_share=place([0.0, np.nextafter(0.5, 1)]),
    )
    assert hair.hazard[0].values.tolist() == [0, 0]


def test_periods_begin_where_asked_and_gaps_of_years_show():
    index = decembers([-2.5, -1.2, 0.1, -0.5, -1.7, 0.3], first=1998).isel(time=[0, 1, 2, 3, 5])
    result = drought_hazard(index, first_year=2000)
    assert result.year.values.tolist() == [2000, 2001, 2002, 2003]
    assert result.hazard.values.tolist() == [0, 1, -128, 0]
    result = drought_hazard(decembers([-2.5] + [0.1] * 5, first=1999), first_year=2000)
    assert result.period_start.values.tolist() == [2000, 2004]
    assert result.worst.values.tolist() == [0, 0]
    assert result.known_years.values.tolist() == [4, 1]


def test_only_december_speaks():
    time = pd.date_range("2000-01-01", periods=24, freq="MS")
    values = np.full(24, -3.0)
    values[[11, 23]] = 0.2, -1.1
    index = xr.DataArray(values, {"time": time}, attrs={"units": "1"})
    assert drought_hazard(index).hazard.values.tolist() == [0, 2]
    assert drought_hazard(index, month=6).hazard.values.tolist() == [4, 4]


def test_from_rain_to_class_in_a_desert():
    rng = np.random.default_rng(5)
    values = rng.gamma(2.0, 20.0, (480, 2))
    dry = np.repeat(rng.random(40) < 0.6, 12)
    values[dry, 1] = 0.0
    time = pd.date_range("1981-01-01", periods=480, freq="MS")
    rain = xr.DataArray(values, {"time": time}, dims=("time", "cell"), attrs={"units": "mm/month"})
    share = zero_rain_share(rain, 12)
    np.testing.assert_allclose(share, [0.0, dry[::12].mean()])
    hazard = drought_hazard(spi(rain, 12), zero_share=share).hazard
    assert (hazard[:, 1] == -1).all()
    assert set(np.unique(hazard[:, 0])) <= {0, 1, 2, 3, 4}
    assert share.sizes == {"cell": 2}


@pytest.mark.parametrize(
    ("index", "options", "message"),
    [
        (decembers([0.1]).assign_attrs(units="mm"), {}, '"1" was expected'),
        (decembers([0.1]).rename(time="step"), {}, "no dates along 'time'"),
        (decembers([0.1]), {"month": 6}, "no value of month 6"),
        (decembers([0.1, 0.2]).isel(time=[0, 1, 1]), {}, "more than once"),
        (decembers([0.1]), {"period": 0}, "from 1 was expected"),
        (decembers([0.1]), {"first_year": 2020}, "up to 2000"),
        (decembers([[0.1, 0.2]]), {"aridity": place([0.1, 0.2]).assign_attrs(units="mm")}, '"1" was expected'),
        (decembers([[0.1, 0.2]]), {"aridity": place([0.1, 0.2, 0.3])}, "differ along 'cell'"),
    ],
)
def test_wrong_input_is_refused(index, options, message):
    with pytest.raises(DataError, match=message):
        drought_hazard(index, **options)
