# SPDX-License-Identifier: Apache-2.0
"""Carbon where the land lies: IPCC rates by hand, biomass only where a rate of such land was seen, absence never zero."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from homeground.errors import DataError
from homeground.land import CLIMATE_ZONES, ipcc_climate_zone
from homeground.measures import carbon_by_place, options, rates_by_measure, soil_carbon_change_rate, soil_carbon_factors
from homeground.measures.carbon import LandState
from homeground.measures.carbon_rates.biomass import biomass_rate, biomass_rates, check_biomass_rates
from homeground.measures.carbon_rates.climate import zone_by_means
from homeground.measures.carbon_rates.place import share_without, with_carbon
from homeground.measures.carbon_rates.soil import soil_changes, soil_rate

CO2E = 44 / 12
OPTIONS = options()


def land(measure="exclosure", iso3="NER", aridity="arid", cover="grassland", climate="tropical_dry", hectares=10.0):
    return {"iso3": iso3, "measure": measure, "aridity_class": aridity, "cover_class": cover, "climate_zone": climate,
            "hectares": hectares}  # fmt: skip


@pytest.mark.parametrize(
    ("soil", "expected"),
    [("high_activity_clay_soils", 1.155), ("low_activity_clay_soils", 1.045), ("sandy_soils", 0.495)],
)
def test_severely_degraded_grass_of_the_dry_tropics(soil, expected):
    # SOC_ref x (1 - 0.70) / 20 x 44/12
    assert soil_rate("exclosure", "tropical_dry", state="severely_degraded", soil=soil).mid * CO2E == pytest.approx(
        expected
    )


def test_full_tillage_low_input_to_no_tillage_with_manure():
    factors = soil_carbon_factors("tropical_dry")
    before = LandState("annual_crops", "full_tillage", "cropland_low")
    after = LandState("annual_crops", "no_tillage", "cropland_high_with_manure")
    rate = soil_carbon_change_rate(factors, "high_activity_clay_soils", before, after)
    assert rate * CO2E == pytest.approx(21 * 0.92 * (1.04 * 1.37 - 0.95) / 20 * CO2E)
    assert rate * CO2E == pytest.approx(1.6817, abs=5e-5)


def test_an_unknown_soil_spans_the_three_and_another_climate_moves_them():
    dry, montane = soil_rate("managed_grazing", "tropical_dry"), soil_rate("managed_grazing", "tropical_montane")
    # SOC_ref x 0.1 / 20: sandy 9, low-activity 19, high-activity 21; montane 44, 51 and 52, where sandy soils hold most
    assert (dry.low, dry.mid, dry.high) == pytest.approx((0.045, 0.095, 0.105))
    assert (montane.low, montane.mid, montane.high) == pytest.approx((0.22, 0.22, 0.26))


def test_an_unknown_state_spans_the_states_and_never_loses():
    rate = soil_rate("exclosure", "warm_temperate_dry")
    assert (rate.low, rate.mid, rate.high) == pytest.approx((0.0, 19 * 0.1 / 20, 24 * 0.3 / 20))
    assert soil_rate("exclosure", "warm_temperate_dry", state=1.2).high == 0
    with pytest.raises(DataError, match='the state "bare" is unknown'):
        soil_rate("exclosure", "tropical_dry", state="bare")
    with pytest.raises(DataError, match=r"up to 1\.5 was expected, found 80"):
        soil_rate("exclosure", "tropical_dry", state=80.0)
    with pytest.raises(DataError, match='the soil "clay" is unknown'):
        soil_rate("exclosure", "tropical_dry", soil="clay")


def test_use_before_makes_the_difference():
    field = soil_rate("half_moons", "tropical_dry", "cropland")
    assert field.mid == pytest.approx(19 * 0.92 * (1 - 0.95) / 20)
    assert soil_rate("half_moons", "tropical_dry", "other_land").mid == pytest.approx(0.095)


def test_a_rate_of_the_ethiopian_highlands_is_not_on_bare_arid_land():
    assert biomass_rate("exclosure", "ETH", "tropical_montane", "dry sub-humid")[0].mid == 0.6218
    for elsewhere in (
        ("ETH", "tropical_dry", "arid"),
        ("ETH", "tropical_montane", "semi-arid"),
        ("NER", "tropical_montane", "dry sub-humid"),
        ("KAZ", "cool_temperate_dry", "dry sub-humid"),
    ):
        assert math.isnan(biomass_rate("exclosure", *elsewhere)[0].mid)


def test_what_has_no_rate_is_absent_and_told_and_no_zero():
    rows = carbon_by_place(pd.DataFrame([land(), land("tree_planting")]), OPTIONS)
    gaps = rows[rows["mid"].isna()]
    assert gaps["pool"].tolist() == ["biomass", "biomass"]
    assert set(gaps["absent"]) == {"no rate of biomass was seen for such land"}
    cold = carbon_by_place(pd.DataFrame([land(climate="")]), OPTIONS)
    assert cold["mid"].isna().all()
    assert cold.set_index("pool").loc["soil", "absent"] == "its climate zone cannot be told"
    tonnes = with_carbon(pd.DataFrame([land(climate="")]), cold)
    assert tonnes["carbon_t_co2e_per_year"].isna().all()
    assert share_without(cold) == {"soil": 1.0, "biomass": 1.0}


def test_the_pools_of_a_plan_are_weighed_over_its_land():
    plan = pd.DataFrame(
        [
            land("exclosure", "ETH", "humid", climate="tropical_montane", hectares=3.0),
            land("exclosure", "ETH", "arid", climate="tropical_dry", hectares=1.0),
        ]
    )
    carbon = carbon_by_place(plan, OPTIONS)
    highland, lowland = 44 * 0.1 / 20 + 0.6218, 19 * 0.1 / 20
    assert rates_by_measure(carbon)["mid"].item() == pytest.approx((3 * highland + lowland) / 4)
    tonnes = with_carbon(plan, carbon)["carbon_t_co2e_per_year"]
    assert tonnes.tolist() == pytest.approx([3 * highland * CO2E, lowland * CO2E])
    assert share_without(carbon)["biomass"] == pytest.approx(0.25)


def test_a_rate_that_holds_the_soil_too_is_counted_once():
    rows = carbon_by_place(pd.DataFrame([land("farmer_managed_natural_regeneration", aridity="semi-arid")]), OPTIONS)
    assert rates_by_measure(rows)["mid"].item() == 0.4
    arid = carbon_by_place(pd.DataFrame([land("farmer_managed_natural_regeneration")]), OPTIONS)
    assert arid["mid"].isna().all()


def test_the_study_s_own_rate_stands_everywhere():
    rows = carbon_by_place(pd.DataFrame([land()]), OPTIONS, own={("exclosure", "biomass")}).set_index("pool")
    assert rows.loc["biomass", "mid"] == OPTIONS.loc["exclosure", "biomass_carbon_rate_mid"]
    assert rows.loc["biomass", "source"] == "given by the study"


def test_a_planted_hole_and_missing_columns_are_refused():
    with pytest.raises(DataError, match="hectares of 0 or more"):
        carbon_by_place(pd.DataFrame([land(hectares=math.nan)]), OPTIONS)
    with pytest.raises(DataError, match="lacks climate_zone"):
        carbon_by_place(pd.DataFrame([land()]).drop(columns="climate_zone"), OPTIONS)


def test_the_shipped_rates_stand_and_faulty_ones_are_refused():
    table = biomass_rates()
    check_biomass_rates(table)
    faulty = table.head(2).assign(mid=["9", math.nan], source=["", "x"])
    with pytest.raises(DataError) as caught:
        check_biomass_rates(faulty)
    for text in ("low <= mid <= high was expected, found 0.2, 9.0, 0.8", "found 0.1, nan, 0.4", "has no source"):
        assert text in str(caught.value)
    assert (table.loc[table["source"].str.contains("unverified"), "quality"] == 5).all()


def test_every_change_of_soil_has_factors_in_every_climate_of_the_rule():
    zones = {"tropical_dry", "tropical_moist", "tropical_wet", "tropical_montane"}
    zones |= {f"{belt}_temperate_{water}" for belt in ("warm", "cool") for water in ("moist", "dry")}
    for row in soil_changes().to_dict("records"):
        for zone in zones:
            rate = soil_rate(row["measure"], zone, "cropland" if row["land"] == "cropland" else "grassland")
            assert rate.low <= rate.mid <= rate.high, (row["measure"], zone)


def test_the_rule_by_means_is_that_of_the_land():
    cases = [
        (28, 50, 150, 250),
        (20, 90, 90, 1800),
        (12, 90, 60, 100),
        (25, 100, 120, 300),
        (25, 200, 120, 300),
        (5, 40, 50, 900),
    ]

    def place(position, units):
        values = [case[position] for case in cases]
        return xr.DataArray(
            np.outer(np.ones(12), values), {"month": np.arange(1, 13)}, ("month", "place"), attrs={"units": units}
        )

    height = xr.DataArray([float(case[3]) for case in cases], dims="place", attrs={"units": "m"})
    codes = ipcc_climate_zone(place(0, "degC"), place(1, "mm/month"), place(2, "mm/month"), height)
    theirs = [CLIMATE_ZONES[code].replace(",", "").replace(" ", "_") for code in codes.values.tolist()]
    ours = [zone_by_means(float(t), 12.0 * rain, rain / pet, float(m)) for t, rain, pet, m in cases]
    assert ours == theirs
    assert zone_by_means(-1.0, 500.0, 0.5, 3000.0) == ""
    assert zone_by_means(math.nan, 500.0, 0.5, 300.0) == ""
    assert zone_by_means(12.0, 500.0, math.nan, 300.0) == ""
