# SPDX-License-Identifier: Apache-2.0
"""Work of a plan by hand: kinds of jobs, density, supply, programmes, movement, access."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from homeground.errors import DataError
from homeground.measures import (
    accessible,
    beside_supply,
    convert_jobs,
    days_by_year,
    job_density,
    jobs_by_kind,
    labour_caps,
    labour_supply,
    movement_weights,
    public_works,
    published_densities,
    training,
)
from homeground.measures.work.access import PUBLISHED_AFTER, PUBLISHED_BEFORE
from homeground.measures.work.ranges import default_range, work_defaults

JOBS = pd.DataFrame(
    {
        "kind": ["person_days", "seasonal", "permanent", "seasonal"],
        "region_id": ["a", "a", "b", "b"],
        "low": [100.0, 5.0, 1.0, 1.0],
        "mid": [230.0, 10.0, 2.0, 2.0],
        "high": [460.0, 20.0, 3.0, 3.0],
    }
)


def test_kinds_are_kept_apart_and_never_added():
    found = jobs_by_kind(JOBS)
    assert found[["kind", "low", "mid", "high"]].values.tolist() == [
        ["person_days", 100.0, 230.0, 460.0],
        ["seasonal", 6.0, 12.0, 23.0],
        ["permanent", 1.0, 2.0, 3.0],
    ]
    assert len(jobs_by_kind(JOBS, by=("region_id",))) == 4
    assert not set(found["kind"]) & {"all", "total"}


def test_jobs_become_years_only_by_a_rule():
    found = convert_jobs(JOBS, {"person_days": 1 / 230, "seasonal": 0.4})
    assert found["years_mid"].tolist()[:2] == pytest.approx([1.0, 4.0])
    assert math.isnan(found["years_mid"][2])
    assert found["rule"].tolist()[:3] == [
        "one is 1/230 of a full-time year", "one is 0.4 of a full-time year", "no rule is given: not converted",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"kind": "green"}, r"unknown kind\(s\) of jobs: green"),
        ({"low": 99.0}, "0 <= low <= mid <= high"),
        ({"mid": float("nan")}, "0 <= low <= mid <= high"),
    ],
)
def test_faulty_jobs_are_refused(change, told):
    with pytest.raises(DataError, match=told):
        jobs_by_kind(JOBS.iloc[[2]].assign(**change))


def test_a_rule_that_makes_no_sense_is_refused():
    with pytest.raises(DataError, match='no kind of jobs "jobs"'):
        convert_jobs(JOBS, {"jobs": 1.0})
    with pytest.raises(DataError, match="above 0 and at most 1"):
        convert_jobs(JOBS, {"seasonal": 2.0})
    with pytest.raises(DataError, match="lacks kind"):
        convert_jobs(JOBS.drop(columns="kind"), {})


def test_published_densities_are_those_of_their_sources():
    """350,000 jobs on 18 to 20 Mha; 10 M on 100 Mha; 2 M on 10 Mha; 25,000 on 50,000 ha; 45,383 on 20,383 + 29,602 + 12,500."""
    table = published_densities()
    low, high = (
        {(p, w): v for p, w, v in zip(table["programme"], table["what"], table[end], strict=True)}
        for end in ("low", "high")
    )
    wall = ("Great Green Wall", "achieved")
    assert (round(low[wall], 4), round(high[wall], 4)) == (0.0175, 0.0194)
    assert low[("Great Green Wall", "target")] == high[("Great Green Wall", "target")] == 0.1
    assert low[("3S initiative", "target")] == 0.2
    assert low[("3S initiative in Gambia", "target")] == 0.5
    assert low[("Burkina Faso", "achieved")] == pytest.approx(45383 / (20383 + 29602 + 12500))
    assert (table["source"] != "").all()
    assert (table["quality"] < 5).all()


def test_density_is_flagged_outside_and_says_why():
    found = job_density((0.02e6, 0.05e6, 0.11e6), 1e6, kind="temporary").set_index(["programme", "what"])
    inside = found.loc[("Great Green Wall", "target")]
    assert not inside["outside"]  # 0.02 to 0.11 holds 0.10
    assert inside["reason"] == ""
    above = found.loc[("Great Green Wall", "achieved")]  # 0.0194 lies below 0.02
    assert above["outside"]
    assert above["times"] == pytest.approx(0.05 / (350000 / 18e6))
    assert "definitions differ" in above["reason"]
    assert found["same_kind"].tolist() == [False] * 5 + [True]  # only the digging in Niger says what a job is


@pytest.mark.parametrize(
    ("jobs", "hectares", "kind", "told"),
    [
        (1.0, 0.0, "seasonal", "hectares above 0"),
        ((3.0, 2.0, 1.0), 1.0, "seasonal", "jobs: low <= mid <= high"),
        (1.0, 1.0, "green", 'no kind of jobs "green"'),
        (float("inf"), 1.0, "seasonal", "jobs: a number"),
    ],
)
def test_faulty_density_is_refused(jobs, hectares, kind, told):
    with pytest.raises(DataError, match=told):
        job_density(jobs, hectares, kind=kind)


PEOPLE = pd.DataFrame(
    {
        "region_id": ["a", "b"],
        "population_low": [800.0, None],
        "population": [1000.0, None],
        "population_high": [1200.0, None],
        "working_age_share": [0.5, 0.5],
        "rural_share": [0.8, 0.8],
    }
)


def test_supply_by_hand_and_absent_where_people_are_not_known():
    table = labour_supply(PEOPLE, share=(0.05, 0.1, 0.2), days=(50, 60, 100)).set_index("region_id")
    assert table.loc["a"].tolist() == pytest.approx(
        [800 * 0.4 * 0.05 * 50, 1000 * 0.4 * 0.1 * 60, 1200 * 0.4 * 0.2 * 100]
    )
    assert table.loc["b"].isna().all()
    assert list(table.columns) == [f"person_days_a_year_{end}" for end in ("low", "mid", "high")]


def test_supply_by_default_is_the_labelled_default():
    share, days = default_range("share_of_workers"), default_range("off_season_days")
    assert labour_supply(PEOPLE).equals(labour_supply(PEOPLE, share=share, days=days))
    assert {work_defaults()[name]["quality"] for name in ("share_of_workers", "off_season_days")} == {"5"}


@pytest.mark.parametrize(
    ("people", "options", "told"),
    [
        (PEOPLE.drop(columns="rural_share"), {}, "lacks rural_share"),
        (pd.concat([PEOPLE, PEOPLE]), {}, "region a stands twice"),
        (PEOPLE.assign(rural_share=80.0), {}, "rural_share: from 0 to 1 was expected, found 80"),
        (PEOPLE.assign(population_low=2000.0), {}, "population_low <= population"),
        (PEOPLE, {"share": 1.5}, "share: low <= mid <= high, each from 0 to 1"),
        (PEOPLE, {"days": 400}, "days: .* from 0 to 366"),
    ],
)
def test_faulty_supply_is_refused(people, options, told):
    with pytest.raises(DataError, match=told):
        labour_supply(people, **options)


def plan_of(days: dict[str, float]) -> pd.DataFrame:
    rows = pd.DataFrame({"region_id": ["a", "b"], "iso3": "NER", "measure": "zai"})
    for phase, value in days.items():
        for tail, factor in (("_low", 0.5), ("", 1.0), ("_high", 2.0)):
            rows[f"person_days_{phase}{tail}"] = [value * factor, 2 * value * factor]
    return rows


SCHEDULE = pd.DataFrame({"iso3": "NER", "measure": "zai", "year": [2024, 2025, 2026], "hectares": [10.0, 10.0, 10.0]})


def test_work_falls_where_land_starts_and_upkeep_from_the_year_after():
    """Ten hectares a year: of upkeep none in 2024, one part in 2025, two in 2026."""
    plan = plan_of({"establishment": 300.0, "season": 90.0, "upkeep": 30.0})
    table = days_by_year(plan, SCHEDULE).set_index(["region_id", "season", "year"]).sort_index()
    assert table.loc[("a", "off"), "mid"].tolist() == pytest.approx([100.0, 100.0 + 10.0, 100.0 + 20.0])
    assert table.loc[("a", "main"), "mid"].tolist() == pytest.approx([0.0, 30.0, 60.0])
    assert table.loc[("b", "off"), "high"].sum() == pytest.approx(2 * 2 * 330.0)
    own = SCHEDULE.drop(columns="iso3").assign(region_id="a", hectares=[0.0, 0.0, 10.0])
    late = days_by_year(plan.iloc[:1], own).set_index(["season", "year"]).sort_index()
    assert late.loc["off", "mid"].tolist() == pytest.approx(
        [0.0, 0.0, 300.0]
    )  # started last: no upkeep falls in the plan


def test_work_beside_supply_is_flagged():
    needed = days_by_year(plan_of({"establishment": 300.0, "season": 90.0, "upkeep": 30.0}), SCHEDULE)
    supply = pd.DataFrame(
        {
            "region_id": ["a", "b"],
            **{f"person_days_a_year_{e}": [v, v] for e, v in (("low", 50.0), ("mid", 115.0), ("high", 230.0))},
        }
    )
    table = beside_supply(needed, supply).set_index(["region_id", "season", "year"]).sort_index()
    assert table.loc[("a", "off"), "held"].tolist() == ["within", "within", "above_mid"]  # 100, 110, 120
    assert table.loc[("b", "off"), "held"].tolist() == ["above_mid", "above_mid", "above_high"]  # 200, 220, 240
    assert set(table.loc[("a", "main"), "held"]) == {"not_known"}
    assert table.loc[("a", "main"), "supply_mid"].isna().all()


def test_training_by_hand_and_with_labelled_defaults():
    row = training({"youth": 200}, cost=(6, 40, 71), completion=0.5, placement=(0.1, 0.2, 0.4)).iloc[0]
    assert [row[f"cost_usd_{end}"] for end in ("low", "mid", "high")] == [1200.0, 8000.0, 14200.0]
    assert [row[f"placed_{end}"] for end in ("low", "mid", "high")] == pytest.approx([10.0, 20.0, 40.0])
    assert row["quality"] is pd.NA
    default = training({"youth": 200, "returnees": 50})
    assert default["quality"].tolist() == [5, 5]
    assert default["group"].tolist() == ["youth", "returnees"]  # no row of both: groups may share people
    with pytest.raises(DataError, match=r"completion: .* from 0 to 1"):
        training({"youth": 1}, completion=75)
    with pytest.raises(DataError, match="seats of youth"):
        training({"youth": -1})


def test_public_works_give_the_published_illustration():
    """USD 4 a day and a labour share of 0.6: 150,000 person-days and 650 full-time years of 230 days per USD 1 million."""
    found = public_works(1e6, labour_share=0.6, wage=4, days_per_household=100, local_wage=(2, 4, 8), days_per_year=230)
    assert found["person_days"] == 150_000
    assert round(found["full_time_years"], -1) == 650
    assert (found["households"], found["transfer_usd"], found["wage_bill_usd"]) == (1500, 400, 600_000)
    assert [found[f"wage_to_local_{end}"] for end in ("low", "mid", "high")] == [0.5, 1.0, 2.0]
    assert "full_time_years" not in public_works(1e6, labour_share=0.6, wage=4, days_per_household=100)
    for name, value in {"budget": -1, "labour_share": 1.2, "wage": 0, "days_per_household": 400}.items():
        words = {"labour_share": 0.6, "wage": 4, "days_per_household": 100} | (
            {name: value} if name != "budget" else {}
        )
        with pytest.raises(DataError, match=f"{name} above 0"):
            public_works(value if name == "budget" else 1e6, **words)


def figures(*rows):
    return pd.DataFrame(rows, columns=["iso3", "indicator", "year", "value"])


def test_weights_take_the_newest_figures_and_are_absent_without_one():
    table = figures(
        ("A", "net_migration", 2010, -900.0), ("A", "net_migration", 2024, -20.0), ("A", "population_midyear", 2024, 1000.0),
        ("B", "net_migration", 2024, -5.0), ("B", "population_midyear", 2024, 1000.0), ("B", "idps_idmc", 2010, 900.0),
        ("B", "refugees_by_asylum", 2024, 5.0), ("C", "population_midyear", 2024, 500.0), ("C", "idps_idmc", 2024, 10.0),
        ("C", "refugees_by_asylum", 2023, 15.0),
    )  # fmt: skip
    regions = pd.DataFrame({"region_id": ["a1", "a2", "b", "c"], "iso3": ["A", "A", "B", "C"]})
    found = movement_weights(regions, table).set_index("region_id")
    assert found.loc[["a1", "a2", "b"], "left_per_1000"].tolist() == [20.0, 20.0, 5.0]
    assert found.loc[["a1", "b"], "weight_origin"].tolist() == [1.0, 0.25]
    assert math.isnan(found.loc["c", "weight_origin"])
    assert found.loc["c", "hosted_per_1000"] == pytest.approx(50.0)
    assert found["weight_host"].isna().tolist() == [
        True,
        True,
        True,
        False,
    ]  # of B displaced people are too old a figure
    assert set(found["level"]) == {"country"}
    with pytest.raises(DataError, match="lacks year"):
        movement_weights(regions, table.drop(columns="year"))


UNITS = pd.DataFrame({"region_id": ["a", "b", "a"], "area_km2": [10.0, 20.0, 30.0], "need": [1.0, 1.0, 0.5]})


def test_land_out_of_reach_drops_out_and_the_loss_is_told():
    mask = pd.DataFrame({"region_id": ["a", "b"], "low": [1.0, 0.0], "mid": [1.0, 0.0], "high": [1.0, 0.0]})
    reach = accessible(UNITS, mask)
    assert reach.units["region_id"].tolist() == ["a", "a"]
    assert (reach.hectares, reach.reached, reach.unknown) == (6000.0, (4000.0, 4000.0, 4000.0), ())
    chance = mask.assign(low=[0.2, 0.0], mid=[0.5, 0.5], high=[0.6, 1.0])
    reach = accessible(UNITS, chance)
    assert reach.units["area_km2"].tolist() == [5.0, 10.0, 15.0]
    assert reach.reached == pytest.approx((800.0, 3000.0, 4400.0))
    assert (PUBLISHED_BEFORE, PUBLISHED_AFTER) == (27.9e6, 14.1e6)


def test_without_a_table_nothing_drops_out():
    reach = accessible(UNITS, None)
    assert reach.units is UNITS
    assert reach.reached == (6000.0,) * 3
    assert reach.unknown == ("a", "b")


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ({"region_id": ["a", "a"], "low": 0.0, "mid": 0.5, "high": 1.0}, "region a stands twice"),
        ({"region_id": ["a"], "low": [0.6], "mid": [0.5], "high": [1.0]}, "access to a: 0 <= low"),
        ({"region_id": ["a"], "low": [0.0], "mid": [0.5], "high": [50.0]}, "access to a: 0 <= low"),
        ({"region_id": ["a"], "low": [0.0], "mid": [float("nan")], "high": [1.0]}, "access to a: 0 <= low"),
        ({"region_id": ["a"], "mid": [0.5]}, "lacks low, high"),
    ],
)
def test_faulty_access_is_refused(rows, told):
    with pytest.raises(DataError, match=told):
        accessible(UNITS, pd.DataFrame(rows))


def test_a_mask_or_a_chance_may_stand_for_each_unit():
    reach = accessible(UNITS, [True, False, True])
    assert reach.units["area_km2"].tolist() == [10.0, 30.0]
    assert reach.reached == (4000.0,) * 3
    assert accessible(UNITS, [0.5, 0.0, 1.0]).units["area_km2"].tolist() == [5.0, 30.0]
    with pytest.raises(DataError, match="each of 3 units"):
        accessible(UNITS, [True, False])
    with pytest.raises(DataError, match="from 0 to 1"):
        accessible(UNITS, [0.5, 2.0, float("nan")])


def test_caps_leave_out_regions_that_nobody_counted():
    supply = labour_supply(PEOPLE, share=0.1, days=60)
    caps = labour_caps(supply, years=(2024, 2026), end="high")
    assert set(caps["where"]) == {"a"}
    assert caps["amount"].tolist() == pytest.approx([1200 * 0.4 * 0.1 * 60] * 3)
    assert caps["year"].tolist() == [2024, 2025, 2026]
    with pytest.raises(DataError, match='end is "most"'):
        labour_caps(supply, years=(2024, 2026), end="most")
    with pytest.raises(DataError, match="end before they start"):
        labour_caps(supply, years=(2026, 2024))
