# SPDX-License-Identifier: Apache-2.0
"""Regions by name in order of what they lost or gained, patches by name, sub-indicators: all by hand."""

from __future__ import annotations

import pandas as pd
import pytest

from homeground.brief.facts.assessed.assessment import read_assessment
from homeground.brief.facts.assessed.places import ranked, region_shares, spots, sub_indicators
from homeground.land.neutrality.places import told_as


def shares_of(rows):
    """Regions by id with degraded and improved land in % of 100 km2 each."""
    table = pd.DataFrame(rows, columns=["region_id", "degraded", "improved"]).set_index("region_id")
    return table.assign(iso3="MLI", judged_km2=100.0)


def ids(found):
    return {measure: rows["region_id"].tolist() for measure, rows in found.items()}


def test_shares_of_regions_by_hand(assessed_results):
    shares = region_shares(read_assessment(assessed_results))
    # GM-A has 5,000 km2 with a verdict: 2,000 degraded, 1,000 improved; of GM-B 3,000 km2, all improved.
    assert shares["degraded"].to_dict() == pytest.approx({"GM-A": 40.0, "GM-B": 0.0})
    assert shares["improved"].to_dict() == pytest.approx({"GM-A": 20.0, "GM-B": 100.0})
    assert shares["degraded_km2"].to_dict() == {"GM-A": 2000.0, "GM-B": 0.0}
    assert shares.loc["GM-A", ["degraded_low", "degraded_high"]].tolist() == [20.0, 60.0]
    assert set(shares["degraded_against"]) == {""}  # no draws were made


def test_a_region_stands_in_the_list_of_what_it_has_more_of():
    shares = shares_of([("a", 99.0, 0.5), ("b", 1.0, 98.0), ("c", 30.0, 2.0)])
    assert ids(ranked(shares, {})) == {"degraded": ["a", "c"], "improved": ["b"]}


def test_no_region_stands_in_both_lists_and_none_without_such_land():
    rows = [(f"r{i:02}", float(40 - i), float(i % 4)) for i in range(14)]
    found = ids(ranked(shares_of(rows), {}))
    assert found["degraded"] == [f"r{i:02}" for i in range(10)]
    assert found["improved"] == ["r11", "r10", "r13"]  # 3, 2 and 1 %; r12 has no improved land
    assert not set(found["degraded"]) & set(found["improved"])


def test_where_nothing_is_degraded_no_region_is_named():
    found = ids(ranked(shares_of([("a", 0.0, 0.0), ("b", 0.0, 5.0)]), {}))
    assert found == {"degraded": [], "improved": ["b"]}
    assert ids(ranked(shares_of([("a", 0.0, 0.0)]), {})) == {"degraded": [], "improved": []}


def test_ties_are_in_the_order_of_names():
    names = {"x": "Zinder", "y": "agadez", "z": "Dosso"}
    shares = shares_of([("x", 20.0, 0.0), ("y", 20.0 + 1e-13, 0.0), ("z", 20.0 - 1e-13, 0.0)])
    found = ranked(shares, names)["degraded"]
    assert found["name"].tolist() == ["agadez", "Dosso", "Zinder"]
    assert found["share"].tolist() == shares.loc[["y", "z", "x"], "degraded"].tolist()  # as they are, not rounded


def noise_of(rows):
    table = pd.DataFrame(rows, columns=["place", "measure", "median", "low", "high"])
    return table.assign(level="region", iso3="GMB", observed=0.0, cells=200, draws=199)


def test_a_share_below_the_upper_end_of_chance_is_not_told_apart(assessed_results):
    noise = noise_of([("GM-A", "degraded", 30.0, 20.0, 40.0), ("GM-B", "improved", 3.0, 0.0, 9.0)])
    noise.to_parquet(assessed_results / "land_noise.parquet")
    shares = region_shares(read_assessment(assessed_results))
    assert shares["degraded_against"].to_dict() == {"GM-A": "within", "GM-B": ""}  # 40 % is the end itself
    assert shares["improved_against"].to_dict() == {"GM-A": "", "GM-B": "more"}


def test_patches_that_chance_may_give_come_last_and_what_a_border_cut_off_is_not_told(assessed_results):
    path = assessed_results / "hotspots.parquet"
    one = pd.read_parquet(path).iloc[[0]]
    rows = [("GM-A", 800.0, "place"), ("GM-B", 300.0, "place"), ("GM-B", 5.0, "rest")]
    table = pd.concat([one.assign(region_id=r, area_km2=km2, told_as=told) for r, km2, told in rows])
    table.to_parquet(path)
    noise_of([("GM-A", "degraded", 30.0, 20.0, 90.0)]).to_parquet(assessed_results / "land_noise.parquet")
    found = read_assessment(assessed_results)
    told = spots(found, region_shares(found), {"GM-B": "Bakau"})
    assert told[["name", "area_km2", "against"]].values.tolist() == [["Bakau", 300.0, ""], ["GM-A", 800.0, "within"]]


def test_sub_indicators_by_hand(assessed_results):
    table = sub_indicators(read_assessment(assessed_results))
    # Land of the period: 9,000 km2, of which 1,000 have no class of productivity and of carbon.
    # Productivity: classes 1 and 2 on 2,000, 4 on 2,000, 5 on 4,000 km2.
    assert table.loc["productivity"].tolist() == pytest.approx([25.0, 25.0, 50.0, 100 / 9])
    assert table.loc["cover_change"].tolist() == pytest.approx([100 / 9, 800 / 9, 0.0, 0.0])
    assert table.loc["carbon_change"].tolist() == pytest.approx([25.0, 37.5, 37.5, 100 / 9])


def test_a_patch_on_a_border_without_a_large_part_is_told_once():
    columns = ["kind", "patch", "area_km2", "region_share"]
    rows = [
        ("hotspot", 1, 60.0, 5.0),
        ("hotspot", 1, 60.0, 9.0),
        ("brightspot", 1, 60.0, 50.0),
        ("brightspot", 2, 1.0, 50.1),
    ]
    told = told_as(pd.DataFrame(rows, columns=columns), 100.0).tolist()
    assert told == ["place", "rest", "place", "region"]  # half is not more than half
    assert told_as(pd.DataFrame([], columns=columns), 100.0).empty
