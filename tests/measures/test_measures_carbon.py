# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from homeground.errors import DataError
from homeground.measures import (
    LandState,
    biomass_carbon,
    carbon_to_co2e,
    soil_carbon_change_rate,
    soil_carbon_factors,
    soil_carbon_path,
    soil_carbon_stock,
)

DRY = soil_carbon_factors("tropical_dry")
DEGRADED, NOMINAL = LandState("grassland", "severely_degraded"), LandState("grassland", "nominally_managed")
POOR_CROP = LandState("annual_crops", "full_tillage", "cropland_low")
RICH_CROP = LandState("annual_crops", "no_tillage", "cropland_high_with_manure")


@pytest.mark.parametrize(
    ("soil", "co2e"),
    # Reference stock x (1 - 0.70) / 20 years x 44/12: 21, 19 and 9 t C/ha.
    [("high_activity_clay_soils", 1.155), ("low_activity_clay_soils", 1.045), ("sandy_soils", 0.495)],
)
def test_restoring_severely_degraded_grassland(soil, co2e):
    assert carbon_to_co2e(soil_carbon_change_rate(DRY, soil, DEGRADED, NOMINAL)) == pytest.approx(co2e, abs=1e-9)


def test_poor_to_rich_cropping():
    rate = soil_carbon_change_rate(DRY, "high_activity_clay_soils", POOR_CROP, RICH_CROP)
    assert carbon_to_co2e(rate) == pytest.approx(1.6817, abs=5e-5)  # 21 x 0.92 x (1.04 x 1.37 - 0.95) / 20 x 44/12


def test_there_and_back_cancels_and_time_divides():
    args = (DRY, "sandy_soils", POOR_CROP, RICH_CROP)
    assert soil_carbon_change_rate(*args) == -soil_carbon_change_rate(DRY, "sandy_soils", RICH_CROP, POOR_CROP)
    assert soil_carbon_change_rate(*args, years=10) == pytest.approx(2 * soil_carbon_change_rate(*args))


def test_stock_of_reference_is_native_land():
    assert soil_carbon_stock(DRY, "volcanic_soils", LandState("native")) == 50.0


def test_draws_centre_on_the_value_and_share_their_errors():
    rate = soil_carbon_change_rate(DRY, "sandy_soils", DEGRADED, NOMINAL, draws=40_000, seed=1)
    # SOC_ref 9 +- 9 x 9/196; factor 0.70 +- 0.70 x 40/200 = 0.14 -> mean 9 x 0.3/20, sd near 9 x 0.14/20.
    assert rate.mean() == pytest.approx(9 * 0.30 / 20, rel=0.02)
    assert rate.std() == pytest.approx(9 * 0.14 / 20, rel=0.03)
    assert (soil_carbon_change_rate(DRY, "sandy_soils", DEGRADED, DEGRADED, draws=100, seed=1) == 0).all()
    again = soil_carbon_change_rate(DRY, "sandy_soils", DEGRADED, NOMINAL, draws=40_000, seed=1)
    assert (rate == again).all()


def test_factors_carry_source_licence_set_and_error():
    assert DRY[["source", "licence", "kind", "sd"]].notna().all().all()
    assert set(DRY["licence"]) == {"MIT"}
    assert DRY.loc[("SOC_ref", "sandy_soils"), "sd"] == pytest.approx(9 * 9 / 196)
    assert DRY.loc[("F_LU", "annual_crops"), "sd"] == pytest.approx(0.92 * 13 / 200)


def test_sets_are_never_mixed():
    with pytest.raises(DataError, match='factor set "ipcc2006" is not in the table'):
        soil_carbon_factors("tropical_dry", factor_set="ipcc2006")
    mixed = DRY.assign(factor_set=["ipcc2006"] + ["ipcc2019"] * (len(DRY) - 1))
    with pytest.raises(DataError, match="factors of one set were expected"):
        soil_carbon_stock(mixed, "sandy_soils", NOMINAL)


def test_unknown_words_are_refused():
    with pytest.raises(DataError, match="climate zone"):
        soil_carbon_factors("tropical")
    with pytest.raises(DataError, match="Did you mean severely_degraded"):
        soil_carbon_stock(DRY, "sandy_soils", LandState("grassland", "severly_degraded"))
    with pytest.raises(DataError, match="SOC_ref category"):
        soil_carbon_stock(soil_carbon_factors("polar_dry"), "volcanic_soils", LandState("native"))
    with pytest.raises(DataError, match="years above 0"):
        soil_carbon_change_rate(DRY, "sandy_soils", DEGRADED, NOMINAL, years=0)


def test_biomass_by_hand():
    # 10 ha x 4 t dm x 1.5 x 0.47 = 28.2 t C = 103.4 t CO2e
    grown = biomass_carbon(10.0, 4.0, 0.5)
    assert float(grown) == pytest.approx(28.2)
    assert float(carbon_to_co2e(grown)) == pytest.approx(103.4)
    assert np.isnan(biomass_carbon([10.0, np.nan], 4.0, 0.5)).tolist() == [False, True]
    with pytest.raises(DataError, match="0 or more"):
        biomass_carbon(-1.0, 4.0, 0.5)


def test_path_refuses_what_it_cannot_place():
    with pytest.raises(DataError, match="a settled stock is missing"):
        soil_carbon_path([77.0, np.nan], [1990, 1995])
    with pytest.raises(DataError, match="one stock per rising year"):
        soil_carbon_path([77.0, 70.0], [1995, 1990])


@settings(deadline=None)
@given(st.lists(st.floats(1, 200), min_size=2, max_size=8), st.integers(1, 30))
def test_path_stays_between_the_settled_stocks(settled, step):
    years = np.arange(len(settled)) * step + 1990
    path = soil_carbon_path(settled, years)
    assert path.min() >= min(settled) - 1e-9
    assert path.max() <= max(settled) + 1e-9
    assert path[0] == settled[0]


@settings(deadline=None)
@given(st.floats(0, 1e9))
def test_co2e_is_carbon_times_44_over_12(carbon):
    assert carbon_to_co2e(carbon) * 12 == pytest.approx(carbon * 44)
    assert isinstance(carbon_to_co2e(pd.Series([carbon])), pd.Series)
