# SPDX-License-Identifier: Apache-2.0
"""Options by place: whose figures a country gets, what it costs there, and what bad rows are told."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from homeground.errors import DataError
from homeground.language.messages import known
from homeground.measures import options_at, person_days, practices, rates_trail, read_records, suitability_rules
from homeground.measures.near import zone_of
from homeground.measures.rates.records import WITHIN_ZONE

GGW = ["BFA", "TCD", "DJI", "ERI", "ETH", "MLI", "MRT", "NER", "NGA", "SEN", "SDN"]
BALKANS = ["ALB", "BIH", "XKX", "MNE", "MKD", "SRB"]
ROW = {
    "measure": "zai", "parameter": "establishment_cost", "low": 100.0, "mid": 120.0, "high": 150.0, "unit": "USD/ha",
    "source": "project accounts", "licence": "own data", "price_year": 2023, "currency": "USD",
}  # fmt: skip


def own(**changes):
    return pd.DataFrame([{**ROW, **changes}])


def test_stone_lines_of_niger_by_hand():
    """WOCAT 1100, 1502, 1616: cash 85 - 40, 81.5 - 37.5, 36.34 - 19.32; days 26.67, 25, 30; no plant, so no survival."""
    niger = options_at(["NER"]).loc[("NER", "stone_lines")]
    wages = [3.0, 2.026, 2.727, 1.818, 30_663 / 22 / 655.957 * 1.0530 * 304.702 / 292.655]
    assert niger["wage_mid"] == pytest.approx(np.median(wages), rel=1e-3)
    assert niger["establishment_cash_mid"] == pytest.approx(81.5 - 37.5)
    assert niger["establishment_cash_low"] == pytest.approx(36.34 - 19.32)
    assert niger["person_days_establishment_mid"] == 26.67
    assert niger["establishment_cost_mid"] == pytest.approx(44.0 + 26.67 * niger["wage_mid"])
    assert niger["establishment_cost_low"] == pytest.approx(17.02 + 25 * niger["wage_low"])
    assert niger["establishment_cost_high"] == pytest.approx(45.0 + 30 * niger["wage_high"])


def test_natural_regeneration_by_its_own_records():
    """WOCAT 1340 (1 to 3 days), 1626 (5), 2325 (28) in Niger: a median of 5; cash 0 and 90 - 84."""
    niger = options_at(["NER"]).loc[("NER", "farmer_managed_natural_regeneration")]
    days = niger[[f"person_days_establishment_{end}" for end in ("low", "mid", "high")]].tolist()
    assert days == [1.0, 5.0, 28.0]
    assert niger["establishment_cash_mid"] == pytest.approx((0 + 6) / 2)
    assert niger["establishment_cost_mid"] == pytest.approx(3 + 5 * niger["wage_mid"])


def test_trees_of_senegal_are_paid_by_the_hectare_that_survives():
    """42 % live there, one value, so 21 to 84 %; days and cash come from the world."""
    wide = options_at(["SEN"]).loc[("SEN", "tree_planting")]
    assert wide[["survival_low", "survival_mid", "survival_high"]].tolist() == pytest.approx([0.21, 0.42, 0.84])
    records = read_records().query("measure == 'tree_planting'").set_index(["parameter", "place"])
    days = np.median(records.loc["person_days_establishment", "mid"])
    assert wide["person_days_establishment_mid"] == pytest.approx(days / 0.42)
    cost = records.loc["establishment_cost"]
    cash = np.median(cost["mid"] - cost["labour"])
    assert wide["establishment_cost_mid"] == pytest.approx((cash + days * wide["wage_mid"]) / 0.42)


def test_cash_and_work_make_the_cost_at_the_middle():
    wide = options_at([*GGW, *BALKANS, "UZB"])
    for phase in ("establishment", "upkeep"):
        work = wide[f"person_days_{phase}_mid"] * wide["wage_mid"]
        np.testing.assert_allclose(wide[f"{phase}_cash_mid"] + work, wide[f"{phase}_cost_mid"], rtol=1e-9)
        assert (wide[f"{phase}_cost_low"] > 0).all()
        assert (wide[f"{phase}_cost_low"] <= wide[f"{phase}_cost_mid"]).all()
        assert (wide[f"{phase}_cost_mid"] <= wide[f"{phase}_cost_high"]).all()
        assert (wide[f"{phase}_cost_quality"] >= wide[f"{phase}_cash_quality"]).all()


def test_nothing_of_another_zone_where_that_says_nothing():
    trail = rates_trail([*GGW, *BALKANS, "UZB"])
    local = trail[trail["parameter"].isin(WITHIN_ZONE) & ~trail["how"].isin(["none", "default", "world"])]
    for row in local.itertuples():
        for place in row[trail.columns.get_loc("from") + 1].split():
            assert zone_of(row.iso3) in (place, zone_of(place)), row
    assert (trail.loc[trail["parameter"].isin(WITHIN_ZONE) & (trail["how"] == "world"), "from"] == "world").all()
    serbia = trail[(trail["iso3"] == "SRB")].set_index(["measure", "parameter"])
    assert serbia.loc[("any", "wage"), ["how", "from", "quality"]].tolist() == ["neighbour", "BIH", 3]
    assert serbia.loc[("stone_lines", "yield_gain"), "how"] == "none"
    assert serbia.loc[("stone_lines", "soil_carbon_rate"), "how"] == "none"
    assert serbia.loc[("tree_planting", "establishment_cost"), "from"] == "BIH"


def test_a_country_without_a_wage_has_the_totals_as_published_and_is_told():
    wide, trail = options_at(["BRA"]), rates_trail(["BRA"]).set_index(["measure", "parameter"])
    assert np.isnan(wide.loc[("BRA", "stone_lines"), "wage_mid"])
    totals = read_records().query("measure == 'stone_lines' and parameter == 'establishment_cost'")["mid"]
    assert wide.loc[("BRA", "stone_lines"), "establishment_cost_mid"] == pytest.approx(totals.median())
    assert "no wage near enough" in trail.loc[("stone_lines", "establishment_cost"), "note"]


def test_own_rows_stand_as_given_in_every_country():
    wide = options_at(["NER", "SRB"], own())
    for iso3 in ("NER", "SRB"):
        row = wide.loc[(iso3, "zai")]
        assert row[[f"establishment_cost_{end}" for end in ("low", "mid", "high")]].tolist() == [100.0, 120.0, 150.0]
        assert row["establishment_cost_quality"] == 5  # no grade given
    told = rates_trail(["NER"], own()).set_index(["measure", "parameter"])
    assert told.loc[("zai", "establishment_cost"), ["how", "source"]].tolist() == ["own", "project accounts"]


def test_an_own_wage_is_paid_everywhere_and_for_every_measure():
    paid = own(measure="any", parameter="wage", unit="USD/person-day", low=5.0, mid=6.0, high=7.0, quality=2)
    wide = options_at(["NER", "SRB"], paid)
    assert set(wide["wage_mid"]) == {6.0}
    assert wide.loc[("NER", "stone_lines"), "establishment_cost_mid"] == pytest.approx(44.0 + 26.67 * 6.0)


def test_work_of_a_plan_by_place():
    wide = options_at(["NER", "BFA"])
    areas = pd.DataFrame({"iso3": ["NER", "BFA"], "measure": "stone_lines", "hectares": [10.0, 10.0]})
    table = person_days(areas, wide).set_index(["iso3", "phase"])
    assert table.loc[("NER", "establishment"), "mid"] == pytest.approx(266.7)
    assert table.loc[("BFA", "establishment"), "mid"] == pytest.approx(280.0)  # 12.1, 28 and 60: the middle one


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"low": 0.0}, "a cost of zero hides work"),
        ({"high": float("inf")}, "must be finite"),
        ({"price_year": 2010}, "money of several years: 2010, 2023"),
        ({"price_year": None}, "money without a price year"),
        ({"measure": "dams"}, "dams lacks upkeep_cost"),
        ({"measure": "any"}, 'nothing else is of "any"'),
        ({"parameter": "wage", "unit": "USD/person-day"}, 'its measure is "any"'),
        ({"parameter": "survival", "unit": "1", "low": 0.0, "mid": 0.5, "high": 0.6}, "where nothing survives"),
    ],
)
def test_bad_rows_are_refused_with_what_to_do(changes, message):
    with pytest.raises(DataError) as caught:
        options_at(["NER"], own(**changes))
    assert message in str(caught.value)


@pytest.mark.parametrize("countries", [[None], ["NER", 5], [float("nan")], [""]])
def test_an_option_without_a_place_is_refused(countries):
    with pytest.raises(DataError, match="the code of a country"):
        options_at(countries)


def test_no_country_has_no_options():
    assert options_at([]).empty


def test_every_measure_that_can_be_planned_has_a_rule_a_name_and_a_practice():
    measures = set(options_at(["NER"]).index.get_level_values("measure"))
    assert measures == set(suitability_rules().index)
    table = practices()
    assert measures == set(table.index[table["planned"] == "yes"])
    assert all(known(f"measure.{name}") for name in measures)


def test_practices_are_many_and_whole():
    table = practices()
    assert (table["kind"] == "land").sum() >= 25
    assert (table["kind"] == "enabling").sum() >= 15
    assert set(table["pillar"]) == {1, 2, 3, 4, 5}
    assert set(table.loc[table["kind"] == "land", "response"]) == {"avoid", "reduce", "reverse"}
    assert {place for text in table["landscapes"] for place in text.split(";")} == {
        "cropland", "rangeland", "forest", "irrigated_mountain",
    }  # fmt: skip
    for column in ("complements", "excludes"):
        named = {name for text in table[column] if text for name in text.split(";")}
        assert named <= set(table.index)
    for practice, text in table["excludes"].items():
        for other in filter(None, text.split(";")):
            assert practice in table.loc[other, "excludes"].split(";"), (practice, other)
    assert (table.loc[table["planned"] == "no", "why_not"] != "").all()
    priced = table["cost_low"].notna() | table["cost"].notna()
    assert table.loc[priced, ["cost_unit", "currency", "price_year", "cost_source", "cost_place"]].notna().all().all()
    assert table.loc[~priced, "why_not"].str.contains("no cost of it|no record of its cost").all()
    rules = suitability_rules()["response"]
    assert (table.loc[rules.index, "response"] == rules).all()


def test_a_country_whose_farm_wage_nobody_states_has_that_of_its_records_of_costs():
    """Kenya: 4, 3, 5 and 4.455 USD a day in four records of costs; a country with wages of its own gets none of these."""
    wide, trail = options_at(["KEN", "NER"]), rates_trail(["KEN", "NER"]).set_index(["iso3", "parameter"])
    assert wide.loc[("KEN", "zai"), ["wage_low", "wage_mid", "wage_high"]].tolist() == [3.0, 4.2275, 5.0]
    assert trail.loc[("NER", "wage"), "n"] == 5  # and not the 1.5 USD of its older records


def test_work_that_contradicts_its_days_is_not_taken_out_of_a_total():
    """WOCAT 1621: 50 USD of which 46.7 for 6 days, which does not fit: 50 stand, half to double, the work inside."""
    row = options_at(["NER"]).loc[("NER", "grass_strips")]
    assert row[[f"establishment_cost_{end}" for end in ("low", "mid", "high")]].tolist() == [25.0, 50.0, 100.0]
