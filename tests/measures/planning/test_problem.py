# SPDX-License-Identifier: Apache-2.0
"""The numbers of the programme, made from the tables that people read, each worked out on paper."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from homeground.measures import options, suitable_areas
from homeground.measures.planning.model import Problem, Solution, solve
from homeground.measures.planning.problem import build_problem
from homeground.measures.planning.rules.prices import price_table
from homeground.measures.planning.tables import (
    allocation_table,
    schedule_table,
    spending_table,
    unverified_table,
)

LAND = {"region_id": "NE1", "iso3": "NER", "aridity_class": "arid", "cover_class": "grassland"}
ASKED = {"budget_usd": 3e6, "years": 2, "rules": {}, "value": {}, "estimate": "mid"}


@pytest.fixture(scope="module")
def units():
    return pd.DataFrame([LAND | {"area_km2": 50.0, "rain_mm": 350.0}])


@pytest.fixture(scope="module")
def bunds():
    chosen = options().loc[["half_moons"]].copy()
    work = {"person_days_establishment_mid": 40.0, "person_days_season_mid": 3.0, "person_days_upkeep_mid": 2.0}
    return chosen.assign(**work, establishment_cost_mid=250.0, upkeep_cost_mid=12.0)


def built(units, bunds, **more):
    return build_problem(units, bunds, suitable_areas(units, bunds), **ASKED | more)


def test_money_is_in_millions_and_costs_are_of_a_square_kilometre(units, bunds):
    """3 million USD a year; 250 USD/ha are 25,000 USD/km2, 12 USD/ha 1,200."""
    problem = built(units, bunds)
    assert problem.budget.tolist() == [3.0, 3.0]
    assert problem.establishment.tolist() == pytest.approx([0.025], rel=1e-12)
    assert problem.upkeep.tolist() == pytest.approx([0.0012], rel=1e-12)


def test_work_is_in_thousands_of_person_days_of_a_square_kilometre(units, bunds):
    """Started in the first of two years: 40 days a hectare and 3 + 2 in the year after; in the last year 40."""
    assert built(units, bunds).work.tolist() == [pytest.approx([4.5, 4.0], rel=1e-12)]


def test_all_of_the_land_may_be_taken_where_no_ceiling_is_said(units, bunds):
    assert built(units, bunds).unit_km2.tolist() == [50.0]
    assert built(units, bunds, land_ceiling=0.25).unit_km2.tolist() == [12.5]


def test_land_that_nothing_is_done_on_has_no_row(units):
    """Of two measures one takes 4 km2, 3 of them in the first of two years: three quarters are kept up for a year."""
    both = options().loc[["half_moons", "stone_lines"]]
    areas = suitable_areas(units, both)
    problem = build_problem(units, both, areas, **ASKED)
    assert len(problem.pairs) == 2
    solution = Solution(np.array([4.0, 0.0]), np.array([[3.0, 1.0], [0.0, 0.0]]), 4.0, 4.0, {}, 0.0)
    table = allocation_table(problem, solution, areas, both, "mid")
    assert table[["measure", "area_km2", "hectares", "years_after"]].values.tolist() == [
        ["half_moons", 4.0, 400.0, 0.75]
    ]
    costs = both.loc["half_moons"]
    for end, name in (("mid", "cost_usd"), ("low", "cost_usd_low"), ("high", "cost_usd_high")):
        one = costs[f"establishment_cost_{end}"] + 0.75 * costs[f"upkeep_cost_{end}"]
        assert table[name].tolist() == pytest.approx([400 * one], rel=1e-12)
    started = schedule_table(problem, solution, 2025)
    assert started.values.tolist() == [["NER", "half_moons", 2025, 300.0], ["NER", "half_moons", 2026, 100.0]]


def test_the_shares_of_women_and_youth_are_of_all_their_work(units, bunds):
    areas = suitable_areas(units, bunds)
    problem = build_problem(units, bunds, areas, **ASKED)
    solution = Solution(np.array([1.0]), np.array([[1.0, 0.0]]), 1.0, 1.0, {}, 0.0)
    row = allocation_table(problem, solution, areas, bunds, "mid").iloc[0]
    assert row["person_days_establishment"] == pytest.approx(100 * 40.0)
    days = sum(row[f"person_days_{phase}"] for phase in ("establishment", "season", "upkeep"))
    assert days == pytest.approx(100 * (40 + 3 + 2))
    for who in ("women", "youth"):
        assert row[f"{who}_person_days"] == pytest.approx(days * bunds[f"{who}_share_mid"].iloc[0])


def test_spending_is_in_dollars_again(units, bunds):
    """3 km2 in 2025 and 1 in 2026 at 25,000 USD/km2, upkeep of 1,200 a year after; 3 million USD were there each year."""
    areas = suitable_areas(units, bunds)
    problem = build_problem(units, bunds, areas, **ASKED)
    solution = Solution(np.array([4.0]), np.array([[3.0, 1.0]]), 4.0, 4.0, {}, 0.0)
    table = spending_table(problem, solution, 2025)
    assert table["establishment_usd"].tolist() == pytest.approx([75_000, 25_000], rel=1e-12)
    assert table["upkeep_usd"].tolist() == pytest.approx([0, 3_600], rel=1e-12)
    assert table["budget_usd"].tolist() == pytest.approx([3e6, 3e6], rel=1e-12)


def test_what_a_floor_costs_is_told_against_the_plan_without_it():
    """A km2 costs 1 and gains 2 in Mali, 1 in Niger. Of a budget of 10 Niger must get 4: 6 x 2 + 4 x 1 = 16 for 20."""
    pairs = pd.DataFrame({"unit": [0, 1], "group": [0, 1], "gain": [2.0, 1.0], "ceiling_km2": 1e3})
    groups, one = pd.DataFrame({"iso3": ["MLI", "NER"], "measure": "a"}), np.ones(2)
    problem = Problem(pairs, 1e3 * one, groups, one, 0 * one, np.ones((2, 1)), {}, np.array([10.0]), {}, {"NER": 0.4})
    table = price_table(problem, solve(problem, problem.rules()), 2025).set_index(["rule", "where"])
    floors = table.loc[("country_floor", "all")]
    assert floors["objective_without"] == pytest.approx(2000)
    assert floors["objective_lost"] == pytest.approx(400)
    assert floors["lost_share"] == pytest.approx(0.2)
    assert np.isnan(floors["shadow_price"])
    # One point more of the budget moves 0.1 km2 from Mali to Niger: 10 ha less of gain.
    assert abs(table.loc[("country_floor", "NER"), "shadow_price"]) == pytest.approx(10)
    assert np.isnan(table.loc[("country_floor", "NER"), "objective_without"])


def test_a_plan_of_less_than_a_hectare_has_prices_too():
    """As above with a budget of 0.001: 0.2 ha of gain without the floor, 0.04 of them lost."""
    pairs = pd.DataFrame({"unit": [0, 1], "group": [0, 1], "gain": [2.0, 1.0], "ceiling_km2": 1e3})
    groups, one = pd.DataFrame({"iso3": ["MLI", "NER"], "measure": "a"}), np.ones(2)
    problem = Problem(pairs, 1e3 * one, groups, one, 0 * one, np.ones((2, 1)), {}, np.array([1e-3]), {}, {"NER": 0.4})
    table = price_table(problem, solve(problem, problem.rules()), 2025).set_index(["rule", "where"])
    floors = table.loc[("country_floor", "all")]
    told = floors[["objective_without", "objective_lost", "lost_share"]].astype(float)
    assert told.tolist() == pytest.approx([0.2, 0.04, 0.2], rel=1e-4)


@pytest.mark.parametrize(("season", "share"), [(12.0, 12 / 128), (0.0, 0.0)])
def test_person_days_on_defaults_are_weighed_by_what_they_are(season, share):
    """Digging and mending half-moons is sourced, a season is a default: 12 of 128 days; none of a season are no part."""
    days = {"person_days_establishment": 100.0, "person_days_season": season, "person_days_upkeep": 16.0}
    row = {"measure": "half_moons", "hectares": 1.0, "cost_usd": 213.4} | days
    assert unverified_table(pd.DataFrame([row]), options())["person_days"] == pytest.approx(share)


@pytest.mark.parametrize(
    ("establishment", "season", "share"),
    [(0.25, 0.25, 0.5), (0.0, 0.5, 1.0), (0.5, 0.0, 0.0), (0.0, 0.0, None)],
)
def test_a_plan_of_less_than_one_person_day_is_weighed_too(establishment, season, share):
    days = {"person_days_establishment": establishment, "person_days_season": season, "person_days_upkeep": 0.0}
    row = {"measure": "half_moons", "hectares": 1.0, "cost_usd": 213.4} | days
    found = unverified_table(pd.DataFrame([row]), options())["person_days"]
    assert np.isnan(found) if share is None else found == pytest.approx(share)


def test_cost_by_place_is_weighed_by_its_parts():
    """60 cash and 40 work as planted, the same again for what dies: 200 USD; upkeep of 2 years at 10, cash alone."""
    one = {
        **{"establishment_cost_mid": 200.0, "establishment_cash_mid": 120.0, "establishment_replanted_share": 0.5},
        **{"upkeep_cost_mid": 10.0, "upkeep_cash_mid": 10.0, "upkeep_replanted_share": 0.0, "survival_quality": 5.0},
        **{"establishment_cash_quality": 3.0, "establishment_labour_quality": 5.0},
        **{"upkeep_cash_quality": 4.0, "upkeep_labour_quality": 5.0},
    }
    wide = options().loc[["half_moons"]].assign(**one)
    wide.index = pd.MultiIndex.from_tuples([("NER", "half_moons")], names=["iso3", "measure"])
    row = {"iso3": "NER", "measure": "half_moons", "hectares": 3.0, "years_after": 2.0}
    days = dict.fromkeys(("person_days_establishment", "person_days_season", "person_days_upkeep"), 1.0)
    # Work of 40 as planted, and all 100 of what is planted again, of 220.
    assert unverified_table(pd.DataFrame([row | days]), wide)["cost"] == pytest.approx(140 / 220)
