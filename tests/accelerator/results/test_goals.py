# SPDX-License-Identifier: Apache-2.0
"""Carbon is not carbon dioxide, hectares are not square metres; goals and published figures stand side by side."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from homeground.accelerator.registry.declared import registry_tables
from homeground.accelerator.results.aggregate import indicator_issues
from homeground.accelerator.results.goals import against_goals, beside_published, goals, observatory, published
from homeground.accelerator.results.units import UNITS, converted, convertible
from homeground.errors import DataError
from homeground.numbers.table_check import check


def result(indicator: str, quantity: str, value: float, unit: str, **more: object) -> pd.DataFrame:
    plain = {
        "indicator": indicator,
        "title": indicator,
        "quantity": quantity,
        "value": value,
        "unit": unit,
        "notes": "",
    }
    return pd.DataFrame([plain | more])


@pytest.mark.parametrize(
    ("value", "unit", "to", "expected"),
    [
        (12, "t C", "t CO2", 44),  # molar masses: 12 g of carbon are in 44 g of carbon dioxide
        (250, "Mt C", "t CO2", 250e6 * 44 / 12),
        (44, "Mt CO2", "kt C", 12_000),
        (1000, "ha", "m2", 1e7),
        (1, "Mha", "km2", 10_000),
        (1, "km2", "ha", 100),
    ],
)
def test_units_by_hand(value: float, unit: str, to: str, expected: float) -> None:
    assert converted(value, unit, to) == pytest.approx(expected, rel=1e-15)


def test_what_differs_in_kind_is_not_converted() -> None:
    for unit, to in (("ha", "t C"), ("jobs", "ha"), ("t CO2e", "t CO2"), ("t CO2", "t CO2e")):
        assert not convertible(unit, to)
        with pytest.raises(DataError, match="cannot be converted"):
            converted(1, unit, to)
    with pytest.raises(DataError, match="Say t CO2 if no other gas is in it"):
        converted(1, "t CO2e", "t CO2")


@given(st.floats(1e-6, 1e12), st.sampled_from(list(UNITS)), st.sampled_from(list(UNITS)))
def test_there_and_back(value: float, unit: str, to: str) -> None:
    if convertible(unit, to):
        assert converted(converted(value, unit, to), to, unit) == pytest.approx(value, rel=1e-12)


def test_every_goal_has_a_definition() -> None:
    told = goals()
    assert set(told["quantity"]) == {"restored", "carbon", "jobs"}
    assert told.groupby("quantity")["value"].unique().map(list).to_dict() == {
        "restored": [100e6],
        "carbon": [250e6],
        "jobs": [10e6],
    }
    words = told.groupby("quantity")["definition"].first()
    assert "Each hectare counts once" in words["restored"]
    assert "44/12" in words["carbon"]
    assert "full-time equivalents" in words["jobs"]


def test_all_readings_of_the_carbon_goal_stand() -> None:
    carbon = goals()
    carbon = carbon[carbon["quantity"] == "carbon"]
    assert set(carbon["unit"]) == {"t C", "t CO2", "t CO2e"}
    assert carbon["value"].unique().tolist() == [250e6]
    assert (carbon["source"] != "").all()


def test_three_hundred_million_tonnes_are_a_third_or_more_than_all() -> None:
    shares = against_goals(result("ggw.carbon", "carbon", 300e6, "t CO2"))
    by_unit = shares.groupby("goal_unit")["share"].first()
    assert by_unit["t C"] == pytest.approx(100 * 300 / (250 * 44 / 12))  # 32.7 %: "about 30 per cent" holds only so
    assert by_unit["t CO2"] == pytest.approx(120)
    assert shares[shares["goal_unit"] == "t CO2e"]["said"].str.contains("read as t CO2").all()


def test_planted_and_managed_land_have_no_goal() -> None:
    for quantity in ("planted", "under management"):
        row = against_goals(result("x", quantity, 5e6, "ha")).iloc[0]
        assert math.isnan(row["share"])
        assert row["said"] == "no goal is published for it; it is no part of land restored"
    assert against_goals(result("ggw.restored", "restored", 18e6, "ha"))["share"].tolist() == [18.0]


def test_a_unit_that_cannot_be_held_against_a_goal_is_told() -> None:
    row = against_goals(result("x", "restored", 5, "sites")).iloc[0]
    assert math.isnan(row["share"])
    assert "sites cannot be held against it" in row["said"]


def test_published_and_approved_side_by_side() -> None:
    side = beside_published(result("ggw.restored", "restored", 12_000, "ha", iso3="BFA"))
    bfa = side[(side["iso3"] == "BFA") & (side["quantity"] == "restored")]
    assert sorted(bfa["published"]) == [29_602, 3_000_000]  # both readings stand
    assert bfa.set_index("published")["difference"].to_dict() == {29_602: -17_602, 3_000_000: -2_988_000}
    assert bfa["said"].str.contains("CONFLICT").any()
    ethiopia = side[(side["iso3"] == "ETH") & (side["quantity"] == "restored")]
    assert ethiopia["bottom_up"].isna().all()
    assert ethiopia["said"].str.startswith("no approved result of projects").all()


def test_the_whole_initiative_stands_beside_the_whole_and_not_beside_what_has_no_country() -> None:
    unallocated = result("ggw.restored", "restored", 5, "ha", iso3="")
    side = beside_published(unallocated, result("ggw.restored", "restored", 1_800_000, "ha"))
    whole = side[(side["iso3"] == "") & side["bottom_up"].notna() & side["published"].notna()]
    assert set(whole["bottom_up"]) == {1_800_000}
    assert whole.set_index("published")["ratio"][18e6] == pytest.approx(0.1)


def test_a_result_without_a_published_figure_is_told() -> None:
    side = beside_published(result("own", "other", 7, "wells", iso3="NER"))
    assert side[side["said"] == "nothing published"][["iso3", "bottom_up"]].values.tolist() == [["NER", 7.0]]


def test_the_template_is_as_declared_and_sums_no_percentage() -> None:
    for name in ("frameworks", "indicators"):
        table = observatory(name).astype(object)
        table = table.where(table.notna(), None)
        assert check(table, registry_tables()[name].table) == []
    assert indicator_issues(observatory("indicators")) == []
    assert set(published()["indicator"]) <= set(observatory("indicators")["indicator"])
