# SPDX-License-Identifier: Apache-2.0
"""Climate zones of the IPCC: every branch of its figure by hand, limits on their side, frost, missing values and units."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from homeground import land
from homeground.errors import DataError


def monthly(values, units):
    months = {"month": np.arange(1, 13)}
    values = np.asarray(values, float)
    values = values if values.ndim == 2 else np.broadcast_to(values, (12, values.size))
    return xr.DataArray(values, months, ("month", "place"), attrs={"units": units})


def height(values):
    return xr.DataArray(np.asarray(values, float), dims="place", attrs={"units": "m"})


# mean temperature, rain and PET of a month, elevation, zone (figure 3A.5.1)
BRANCHES = [
    (25, 200, 100, 1200, "tropical montane"),
    (25, 170, 100, 900, "tropical wet"),  # 2040 mm
    (25, 100, 100, 900, "tropical moist"),  # 1200 mm
    (25, 80, 100, 900, "tropical dry"),  # 960 mm
    (15, 80, 60, 100, "warm temperate, moist"),
    (15, 50, 60, 100, "warm temperate, dry"),
    (5, 80, 40, 3000, "cool temperate, moist"),
    (5, 30, 40, 100, "cool temperate, dry"),
]


@pytest.mark.parametrize(("warmth", "rain", "pet", "metres", "zone"), BRANCHES)
def test_each_branch_of_the_figure(warmth, rain, pet, metres, zone):
    found = land.ipcc_climate_zone(
        monthly([warmth], "degC"), monthly([rain], "mm/month"), monthly([pet], "mm/month"), height([metres])
    )
    assert land.CLIMATE_ZONES[int(found.item())] == zone


def test_cold_places_are_boreal_where_a_month_is_warm_and_polar_where_none_is():
    winter = np.full((12, 2), -10.0)
    winter[5:8, 0] = 12.0  # mean -4.5, a summer
    winter[5:8, 1] = 8.0
    for rain, names in ((30, ["boreal, moist", "polar, moist"]), (5, ["boreal, dry", "polar, dry"])):
        found = land.ipcc_climate_zone(
            monthly(winter, "degC"), monthly([rain, rain], "mm/month"), monthly([20, 20], "mm/month"), height([0, 0])
        )
        assert [land.CLIMATE_ZONES[code] for code in found.values.tolist()] == names


def test_limits_belong_to_the_lower_side():
    rain = np.tile([50.0, 170.0, 80.0, 60.0], (12, 1))
    rain[0, 1:3] = 130.0, 120.0  # exactly 2000 and 1000 mm a year
    found = land.ipcc_climate_zone(
        monthly([18.0, 25.0, 25.0, 15.0], "degC"),
        monthly(rain, "mm/month"),
        monthly([60.0, 60.0, 60.0, 60.0], "mm/month"),
        height([100, 1000, 100, 100]),
    )
    names = ["warm temperate, dry", "tropical moist", "tropical dry", "warm temperate, dry"]
    assert [land.CLIMATE_ZONES[code] for code in found.values.tolist()] == names


def test_frost_takes_a_warm_place_out_of_the_tropics():
    given = (
        monthly([20.0, 20.0], "degC"),
        monthly([20.0, 20.0], "mm/month"),
        monthly([90.0, 90.0], "mm/month"),
        height([0, 0]),
    )
    frost = xr.DataArray([7.0, 8.0], dims="place", attrs={"units": "days/year"})
    found = land.ipcc_climate_zone(*given, frost_days=frost)
    assert [land.CLIMATE_ZONES[code] for code in found.values.tolist()] == ["tropical dry", "warm temperate, dry"]
    assert land.ipcc_climate_zone(*given).attrs["frost"] == "not judged"


def test_kelvin_is_brought_to_celsius_and_a_missing_value_has_no_zone():
    warm = monthly([298.15, 298.15], "K")
    rain = monthly([80.0, 80.0], "mm/month").copy()
    rain[3, 1] = np.nan
    found = land.ipcc_climate_zone(warm, rain, monthly([100.0, 100.0], "mm/month"), height([0, 0]))
    assert found.values.tolist() == [12, -128]


def test_other_units_and_fewer_months_are_refused():
    warm, rain, pet = monthly([25.0], "degC"), monthly([80.0], "mm/month"), monthly([100.0], "mm/month")
    with pytest.raises(DataError, match="mm/month"):
        land.ipcc_climate_zone(warm, rain.assign_attrs(units="mm/year"), pet, height([0]))
    with pytest.raises(DataError, match="m"):
        land.ipcc_climate_zone(warm, rain, pet, height([0]).assign_attrs(units="km"))
    with pytest.raises(DataError, match="twelve monthly normals"):
        land.ipcc_climate_zone(*(one.isel(month=slice(0, 11)) for one in (warm, rain, pet)), height([0]))
