# SPDX-License-Identifier: Apache-2.0
"""A plan made by hand, with every sum written out, and what the recheck says of each way to tamper with it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from homeground.measures.planning.result import Plan
from homeground.measures.planning.rules.asked import for_each, read_rules
from homeground.measures.planning.rules.recheck import _Checks, recheck

# Two measures with round numbers. Costs: 100 USD/ha to begin and 10 a year after, and 50 and 0.
OPTIONS = pd.DataFrame(
    {
        "establishment_cost_mid": [100.0, 50.0],
        "upkeep_cost_mid": [10.0, 0.0],
        "person_days_establishment_mid": [40.0, 20.0],
        "person_days_season_mid": [3.0, 0.0],
        "person_days_upkeep_mid": [2.0, 0.0],
        "women_share_mid": [0.5, 0.25],
        "youth_share_mid": [0.3, 0.6],
    },
    index=["dig", "sow"],
)
UNIT = {"aridity_class": "arid", "cover_class": "grassland"}
# Niger 40 km2, of which 10 may be dug at most; Mali 20 km2, of which 8 may be sown. A quarter of a unit's land in all.
AREAS = pd.DataFrame(
    [
        {"region_id": "NE1", "iso3": "NER", **UNIT, "measure": "dig", "suitable_km2": 40.0, "ceiling_km2": 10.0},
        {"region_id": "NE1", "iso3": "NER", **UNIT, "measure": "sow", "suitable_km2": 0.0, "ceiling_km2": 0.0},
        {"region_id": "ML1", "iso3": "MLI", **UNIT, "measure": "dig", "suitable_km2": 20.0, "ceiling_km2": 0.0},
        {"region_id": "ML1", "iso3": "MLI", **UNIT, "measure": "sow", "suitable_km2": 20.0, "ceiling_km2": 4.0},
    ]
)
# 400 ha dug in Niger and 200 ha sown in Mali, half of each in 2025 and half in 2026.
#   2025: 200 x 100 + 100 x 50 = 25 000 USD    2026: the same, and 200 x 10 of upkeep = 27 000 USD
#   Niger 42 000, Mali 10 000 USD, of two years' 60 000.
#   Work: 400 x 40 + 200 x (3 + 2) + 200 x 20 = 16 000 + 1 000 + 4 000 = 21 000 days.
#   Women: 17 000 / 2 + 4 000 / 4 = 9 500 (45.2 %). Youth: 17 000 x 0.3 + 4 000 x 0.6 = 7 500 (35.7 %).
ALLOCATION = pd.DataFrame(
    [
        {"region_id": "NE1", "iso3": "NER", **UNIT, "measure": "dig", "hectares": 400.0, "area_km2": 4.0,
         "cost_usd": 42_000.0, "person_days_establishment": 16_000.0, "person_days_season": 600.0,
         "person_days_upkeep": 400.0, "women_person_days": 8_500.0, "youth_person_days": 5_100.0},
        {"region_id": "ML1", "iso3": "MLI", **UNIT, "measure": "sow", "hectares": 200.0, "area_km2": 2.0,
         "cost_usd": 10_000.0, "person_days_establishment": 4_000.0, "person_days_season": 0.0,
         "person_days_upkeep": 0.0, "women_person_days": 1_000.0, "youth_person_days": 2_400.0},
    ]
)  # fmt: skip
SCHEDULE = pd.DataFrame(
    [
        ("NER", "dig", 2025, 200.0),
        ("NER", "dig", 2026, 200.0),
        ("MLI", "sow", 2025, 100.0),
        ("MLI", "sow", 2026, 100.0),
    ],
    columns=["iso3", "measure", "year", "hectares"],
)
SPENDING = pd.DataFrame(
    {
        "year": [2025, 2026],
        "establishment_usd": [25_000.0, 25_000.0],
        "upkeep_usd": [0.0, 2_000.0],
        "budget_usd": [30_000.0, 30_000.0],
    }
)


def made(**changes):
    given = {
        "allocation": ALLOCATION, "schedule": SCHEDULE, "spending": SPENDING, "objective": 600.0, "bound": 600.0,
        "gap": 0.0, "objective_interval": (np.nan, np.nan), "prices": pd.DataFrame(), "checks": pd.DataFrame(),
        "unverified": {}, "notes": [], "budget_usd": 30_000.0, "years": (2025, 2026), "estimate": "mid",
        "rules": {"women": 0.45, "youth": 0.35, "country_floor": {"NER": 0.6, "MLI": 0.1}}, "options": OPTIONS,
        "areas": AREAS, "land_ceiling": 0.25, "even_pace": True,
    }  # fmt: skip
    given |= changes
    given["rules"] = tuple(for_each(read_rules(given["rules"]), given["areas"][["iso3", "region_id"]]))
    of = {"NER": "NE1", "MLI": "ML1"}
    starts = given["schedule"].assign(region_id=given["schedule"]["iso3"].map(of))
    return Plan(**{"starts": starts, **given})


def broken(plan):
    found = recheck(plan)
    return set(found.loc[~found["kept"], "rule"])


def row(plan, rule, where=None):
    found = recheck(plan)
    found = found[(found["rule"] == rule) & (found["where"].eq(where) if where else True)]
    return found.iloc[0]


def changed(table, at, **values):
    out = table.copy()
    for name, value in values.items():
        out.loc[at, name] = value
    return out


def grown(times):
    """The plan with so many times the land, the money of it and the work of it."""
    names = [c for c in ALLOCATION if ALLOCATION[c].dtype == float]
    money = ["establishment_usd", "upkeep_usd"]
    return {
        "allocation": ALLOCATION.assign(**{c: ALLOCATION[c] * times for c in names}),
        "schedule": SCHEDULE.assign(hectares=SCHEDULE["hectares"] * times),
        "spending": SPENDING.assign(**{c: SPENDING[c] * times for c in money}),
    }


def test_every_rule_is_held_against_the_plan_with_the_sums_above():
    found = recheck(made())
    assert found["kept"].all()
    rows = [tuple(r) for r in found[["rule", "where", "asked", "found", "unit"]].itertuples(index=False)]
    assert rows == [
        ("no_land_below_zero", "all", 0.0, 2.0, "ha"),
        ("area", "NE1 arid, grassland, dig", 4.0, 4.0, "km2"),
        ("adoption_ceiling", "ML1 arid, grassland, sow", 4.0, 2.0, "km2"),
        ("land_of_a_unit", "ML1 arid, grassland", 5.0, 2.0, "km2"),
        ("first_year", "all", 2025.0, 2025.0, "year"),
        ("last_year", "all", 2026.0, 2026.0, "year"),
        ("schedule", "MLI sow", 200.0, 200.0, "ha"),
        ("starts", "MLI sow", 200.0, 200.0, "ha"),
        ("pace", "MLI sow, 2025", 100.0, 100.0, "ha"),
        ("budget", "2025", 30_000.0, 25_000.0, "USD"),
        ("budget", "2026", 30_000.0, 27_000.0, "USD"),
        ("spending", "2025", 25_000.0, 25_000.0, "USD"),
        ("cost", "MLI", 10_000.0, 10_000.0, "USD"),
        ("work", "all", 21_000.0, 21_000.0, "person-days"),
        ("women_work", "all", 9_500.0, 9_500.0, "person-days"),
        ("youth_work", "all", 7_500.0, 7_500.0, "person-days"),
        ("women", "all", 0.45, 9_500 / 21_000, "share of person-days"),
        ("youth", "all", 0.35, 7_500 / 21_000, "share of person-days"),
        ("country_floor", "NER", 36_000.0, 42_000.0, "USD"),
        ("country_floor", "MLI", 6_000.0, 10_000.0, "USD"),
    ]


def test_four_times_the_land_ceiling_is_found():
    # 1 000 km2 each, of which a quarter may be taken. Both measures fit all of it; the money is no hindrance.
    rich = {"budget_usd": 1e9, "rules": {}}
    areas = AREAS.assign(suitable_km2=[2.0, 0.0, 20.0, 20.0], ceiling_km2=[9.0, 0.0, 0.0, 9.0])
    plan = made(**rich, areas=areas)
    assert broken(plan) == {"land_of_a_unit"}  # 4 km2 of 2, of which 0.5 may be taken
    assert row(plan, "land_of_a_unit")["where"] == "NE1 arid, grassland"
    assert row(plan, "land_of_a_unit")[["asked", "found"]].tolist() == [0.5, 4.0]
    assert broken(made(**rich, areas=areas, land_ceiling=1.0)) == {"land_of_a_unit"}
    assert broken(made(**rich, areas=areas.assign(suitable_km2=[16.0, 0, 20, 20]))) == set()
    assert broken(made(**rich, areas=areas.assign(suitable_km2=[15.9, 0, 20, 20]))) == {"land_of_a_unit"}
    assert broken(made(**rich, **grown(4), areas=areas.assign(suitable_km2=[40.0, 0, 20, 40], ceiling_km2=40.0))) == {
        "land_of_a_unit"
    }


def test_land_of_a_unit_is_the_sum_of_its_measures():
    # 4 km2 dug and 1 km2 sown on one unit of 19 km2: 5 of 4.75 may be taken. Each alone keeps its ceiling.
    allocation = ALLOCATION.assign(region_id="NE1", iso3="NER")
    areas = AREAS.assign(suitable_km2=[19.0, 19.0, 20.0, 20.0], ceiling_km2=[9.0, 9.0, 9.0, 9.0])
    schedule = SCHEDULE.assign(iso3="NER")
    plan = made(allocation=allocation, areas=areas, schedule=schedule, rules={})
    assert broken(plan) == {"land_of_a_unit"}
    assert row(plan, "land_of_a_unit")["found"] == 6.0


def test_an_adoption_ceiling_is_found_in_hectares_and_in_km2():
    assert broken(made(areas=AREAS.assign(ceiling_km2=[4.0, 0, 0, 2.0]))) == set()
    tight = made(areas=AREAS.assign(ceiling_km2=[3.9, 0, 0, 2.0]))
    assert broken(tight) == {"adoption_ceiling"}
    assert row(tight, "adoption_ceiling")[["where", "asked", "found"]].tolist() == [
        "NE1 arid, grassland, dig",
        3.9,
        4.0,
    ]
    hidden = made(allocation=changed(ALLOCATION, 0, area_km2=1.0), areas=AREAS.assign(ceiling_km2=[3.9, 0, 0, 2.0]))
    assert broken(hidden) == {"area", "adoption_ceiling"}
    assert row(hidden, "area")[["asked", "found"]].tolist() == [1.0, 4.0]


def test_a_small_place_is_not_lost_behind_a_large_one():
    # 100 000 km2 too much by 0.05 km2 is rounding; 0.01 km2 too much by 0.001 is not.
    allocation = pd.concat([ALLOCATION] * 2, ignore_index=True).assign(
        measure=["dig", "sow", "sow", "dig"],
        hectares=[1e7 + 5, 1.1, 1.0, 1.0],
        area_km2=[1e5 + 0.05, 0.011, 0.01, 0.01],
    )
    areas = AREAS.assign(suitable_km2=1e6, ceiling_km2=[1e5, 0.01, 0.01, 0.01])
    found = recheck(made(allocation=allocation, areas=areas)).set_index("rule").loc["adoption_ceiling"]
    assert not found["kept"]
    assert found["where"] == "ML1 arid, grassland, sow"


def kept(how, *numbers, **more):
    checks = _Checks([])
    getattr(checks, how)("rule", "here", *numbers, "ha", **more)
    return checks.rows[0]["kept"]


def test_a_limit_itself_is_kept_and_so_is_what_may_be_missed():
    assert kept("at_most", 0.0, 0.0)
    assert kept("at_least", 0.0, 0.0)
    assert kept("equal", 0.0, 0.0, fine=0.0)
    for found in (0.5, 1.0, 1.5):
        assert kept("equal", 1.0, found, fine=0.5)
    assert not kept("equal", 1.0, 1.51, fine=0.5)
    assert not kept("equal", 1.0, 0.49, fine=0.5)
    assert kept("at_most", 1.0, 1.5, fine=0.5)
    assert not kept("at_most", 1.0, 1.51, fine=0.5)
    assert kept("at_least", 1.0, 0.5, fine=0.5)
    assert not kept("at_least", 1.0, 0.49, fine=0.5)
    # A millionth of what is asked, of either sign.
    assert kept("at_most", -2e6, -2e6 + 1.9)
    assert not kept("at_most", -2e6, -2e6 + 2.1)
    assert not kept("at_most", 2e-6, 3e-6)


@pytest.mark.parametrize("how", ["tightest", "furthest"])
def test_a_place_that_breaks_its_limit_comes_before_one_that_is_further_off_within_it(how):
    checks = _Checks([])
    getattr(checks, how)("rule", {"large": (1e7, 1e7 + 9.0), "small": (1.0, 1.2)}, "ha", fine=0.1)
    assert checks.rows[0]["where"] == "small"
    assert not checks.rows[0]["kept"]
    # What may be missed is a part of what is asked: 1.5 - 1 is 0.5 beyond, 0.599999 - 0.1 less.
    getattr(checks, how)("rule", {"small": (0.0, 0.599999), "large": (1e6, 1e6 + 1.5)}, "ha", fine=0.1)
    assert checks.rows[1]["where"] == "large"
    getattr(checks, how)("rule", {}, "ha", fine=0.1)
    assert len(checks.rows) == 2


def test_land_that_is_no_unit_or_no_number_is_found():
    stranger = made(allocation=changed(ALLOCATION, 0, region_id="NE9"))
    assert {"adoption_ceiling", "land_of_a_unit"} <= broken(stranger)
    assert row(stranger, "adoption_ceiling")["where"] == "NE9 arid, grassland, dig"
    missing = made(allocation=changed(ALLOCATION, 0, hectares=np.nan))
    assert {"area", "adoption_ceiling", "schedule"} <= broken(missing)


def test_land_below_zero_is_found_wherever_it_stands():
    assert "no_land_below_zero" in broken(made(allocation=changed(ALLOCATION, 0, hectares=-1.0)))
    assert "no_land_below_zero" in broken(made(allocation=changed(ALLOCATION, 0, area_km2=-1.0)))
    swapped = changed(changed(SCHEDULE, 0, hectares=-100.0), 1, hectares=500.0)
    assert "no_land_below_zero" in broken(made(schedule=swapped, even_pace=False))


def test_what_is_started_is_what_is_allotted_by_country_and_measure():
    more = made(schedule=changed(SCHEDULE, 0, hectares=201.0), even_pace=False, rules={})
    assert broken(more) == {"schedule", "spending", "cost", "work", "women_work", "youth_work"}
    # 100 ha moved from Niger's digging to Mali's sowing: the sum of all stays.
    moved = SCHEDULE.assign(hectares=[150.0, 150.0, 150.0, 150.0])
    assert "schedule" in broken(made(schedule=moved))
    assert row(made(schedule=moved), "schedule")[["where", "asked", "found"]].tolist() == ["MLI sow", 200.0, 300.0]
    other = made(schedule=SCHEDULE.assign(measure=["sow", "sow", "dig", "dig"]))
    assert "schedule" in broken(other)
    nothing = made(schedule=SCHEDULE[2:])
    assert row(nothing, "schedule")[["where", "asked", "found", "kept"]].tolist() == ["NER dig", 400.0, 0.0, False]
    # A solver is no finer than 10 m2.
    assert "schedule" not in broken(made(schedule=changed(SCHEDULE, 2, hectares=100.0009)))
    assert "schedule" in broken(made(schedule=changed(SCHEDULE, 2, hectares=100.0011)))


def test_an_uneven_pace_is_found_only_where_an_even_one_was_asked():
    uneven = SCHEDULE.assign(hectares=[250.0, 150.0, 100.0, 100.0])
    assert "pace" in broken(made(schedule=uneven))
    assert row(made(schedule=uneven), "pace")[["where", "asked", "found"]].tolist() == ["NER dig, 2025", 200.0, 250.0]
    assert "pace" not in set(recheck(made(schedule=uneven, even_pace=False))["rule"])
    # A year left out is a year of nothing.
    late = SCHEDULE[SCHEDULE["year"] == 2026].assign(hectares=[400.0, 200.0])
    assert row(made(schedule=late), "pace")[["asked", "found", "kept"]].tolist() == [200.0, 0.0, False]
    twice = pd.concat([SCHEDULE.assign(hectares=SCHEDULE["hectares"] / 2)] * 2)  # two rows of one year are one start
    assert broken(made(schedule=twice)) == set()


def test_years_outside_the_plan_are_found_and_cost_nothing_is_believed():
    after = made(schedule=changed(SCHEDULE, 1, year=2027))
    assert "last_year" in broken(after)
    assert row(after, "last_year")[["asked", "found", "kept"]].tolist() == [2026.0, 2027.0, False]
    before = made(schedule=changed(SCHEDULE, 0, year=2024))
    assert row(before, "first_year")[["asked", "found", "kept"]].tolist() == [2025.0, 2024.0, False]


def test_the_budget_of_each_year_is_held_by_itself():
    assert broken(made(budget_usd=27_000.0, rules={})) == set()
    assert broken(made(budget_usd=26_900.0, rules={})) == {"budget"}
    found = recheck(made(budget_usd=26_900.0, rules={})).query("rule == 'budget'")
    assert found["kept"].tolist() == [True, False]
    assert broken(made(budget_usd=27_000 * (1 - 0.9e-6), rules={})) == set()
    assert broken(made(budget_usd=27_000 * (1 - 1.2e-6), rules={})) == {"budget"}


def test_tables_of_money_and_work_are_those_of_the_schedule():
    assert broken(made(spending=changed(SPENDING, 1, upkeep_usd=0.0))) == {"spending"}
    assert broken(made(spending=changed(SPENDING, 0, establishment_usd=26_000.0))) == {"spending"}
    assert broken(made(spending=SPENDING[:1])) == {"spending"}
    assert broken(made(allocation=changed(ALLOCATION, 1, cost_usd=9_000.0))) == {"cost"}
    assert broken(made(allocation=changed(ALLOCATION, 0, cost_usd=43_000.0))) == {"cost"}
    for phase in ("establishment", "season", "upkeep"):
        name = f"person_days_{phase}"
        more = ALLOCATION[name].iloc[0] + 50
        assert broken(made(allocation=changed(ALLOCATION, 0, **{name: more}))) == {"work"}
    for who in ("women", "youth"):
        name = f"{who}_person_days"
        plan = made(allocation=changed(ALLOCATION, 0, **{name: 0.0}))
        assert broken(plan) == {f"{who}_work"}


def test_floors_are_shares_of_the_whole_budget():
    assert broken(made(rules={"country_floor": {"NER": 0.7}})) == set()  # 42 000 of 60 000
    assert broken(made(rules={"country_floor": {"NER": 0.71}})) == {"country_floor"}
    assert broken(made(rules={"country_floor": 0.166})) == set()  # 10 000 of 60 000 is a sixth
    one = made(rules={"country_floor": 0.17})
    assert broken(one) == {"country_floor"}
    assert recheck(one).query("rule == 'country_floor'")["kept"].tolist() == [False, True]
    assert "country_floor" not in set(recheck(made(rules={}))["rule"])
    assert "country_floor" not in set(recheck(made(rules={"country_floor": {"MLI": 0.0}}))["rule"])
    # Missed by half of a ten-millionth of the whole budget, and by twice that.
    for part, kept in ((0.5, True), (12.0, False)):
        floor = 42_000 / 60_000 + part * 1e-7
        assert (broken(made(rules={"country_floor": {"NER": floor}})) == set()) is kept


def test_a_small_floor_may_be_missed_by_what_solvers_are_no_finer_than():
    # Of 600 000 USD a ten-millionth is 6 cents, of the 10 000 asked a millionth is one.
    for cents, kept in ((5, True), (7, False)):
        plan = made(budget_usd=300_000.0, rules={"country_floor": {"MLI": (10_000 + cents / 100) / 600_000}})
        assert row(plan, "country_floor")["kept"] == kept


def test_what_stands_in_one_table_only_is_held_against_nothing():
    more = made(schedule=pd.concat([SCHEDULE, SCHEDULE[:1].assign(measure="sow", hectares=1.0)]))
    assert row(more, "schedule")[["where", "asked", "found", "kept"]].tolist() == ["NER sow", 0.0, 1.0, False]
    short = made(spending=SPENDING[:1])
    assert row(short, "spending")[["where", "asked", "found", "kept"]].tolist() == ["2026", 27_000.0, 0.0, False]


def test_work_of_women_may_be_missed_by_a_millionth_of_all_work():
    # 21 000 days in all: 0.021 of them.
    for days, kept in ((0.015, True), (0.025, False)):
        more = changed(ALLOCATION, 0, women_person_days=8_500.0 + days)
        assert row(made(allocation=more), "women_work")["kept"] == kept


def test_shares_of_half_a_day_are_shares():
    little = OPTIONS.assign(**{c: OPTIONS[c] / 42_000 for c in OPTIONS if c.startswith("person_days")})
    assert {"women", "youth"} <= set(recheck(made(options=little))["rule"])


def test_a_country_with_land_and_no_plan_misses_its_floor():
    areas = pd.concat([AREAS, AREAS.iloc[[0]].assign(region_id="TD1", iso3="TCD")], ignore_index=True)
    plan = made(areas=areas, rules={"country_floor": {"TCD": 0.1}})
    assert row(plan, "country_floor")[["where", "asked", "found", "kept"]].tolist() == ["TCD", 6_000.0, 0.0, False]


def test_shares_of_women_and_youth_are_of_all_phases():
    exact = {"women": 9_500 / 21_000, "youth": 7_500 / 21_000}
    assert broken(made(rules=exact)) == set()
    for who, share in exact.items():
        assert broken(made(rules={who: share + 0.5e-6})) == set()
        assert broken(made(rules={who: share + 2e-6})) == {who}
        assert set(recheck(made(rules={who: share}))["rule"]) & {"women", "youth"} == {who}
    idle = OPTIONS.assign(**{c: 0.0 for c in OPTIONS if c.startswith("person_days")})
    assert not set(recheck(made(options=idle))["rule"]) & {"women", "youth"}  # nobody works: there is no share


def test_costs_and_days_are_those_of_the_estimate():
    high = OPTIONS.rename(columns=lambda name: name.replace("_mid", "_high") if "share" not in name else name)
    high["establishment_cost_high"] *= 2
    found = recheck(made(options=high, estimate="high", rules={}))
    assert found.loc[found["rule"] == "budget", "found"].tolist() == [50_000.0, 52_000.0]


def test_an_empty_plan_keeps_all_but_its_floors():
    nothing = {"allocation": ALLOCATION[:0], "schedule": SCHEDULE[:0]}
    free = SPENDING.assign(establishment_usd=0.0, upkeep_usd=0.0)
    found = recheck(made(**nothing, spending=free, rules={}))
    assert found["kept"].all()
    assert set(found["rule"]) == {"budget", "spending", "cost", "work", "women_work", "youth_work"}
    assert broken(made(**nothing, spending=free)) == {"country_floor"}


@pytest.mark.parametrize("field", ["land_ceiling", "even_pace"])
def test_a_plan_says_what_land_and_pace_it_was_made_by(field):
    assert getattr(replace(made(), **{field: 0.5}), field) == 0.5


def test_what_starts_in_regions_is_what_starts_in_countries():
    starts = SCHEDULE.assign(region_id=SCHEDULE["iso3"].map({"NER": "NE1", "MLI": "ML1"}))
    more = made(starts=pd.concat([starts, starts[:1].assign(measure="sow", hectares=1.0)]))
    assert row(more, "starts")[["where", "asked", "found", "kept"]].tolist() == ["NER sow", 0.0, 1.0, False]
    less = made(starts=starts[:2])
    assert row(less, "starts")[["where", "asked", "found", "kept"]].tolist() == ["MLI sow", 200.0, 0.0, False]


@pytest.mark.parametrize(("missed", "kept"), [(0.6, True), (1.5, False)])
def test_a_rule_of_days_or_water_may_be_missed_by_one_of_its_unit(missed, kept):
    # 21 000 days in all; water for 400 x 10 + 200 x 20 = 8 000 m3.
    days = made(rules=[{"kind": "floor", "of": "person_days", "amount": 21_000 + missed}])
    assert row(days, "floor person_days")["kept"] == kept
    wet = OPTIONS.assign(water_mid=[10.0, 20.0])
    water = made(options=wet, rules=[{"kind": "cap", "of": "water", "amount": 8_000 - missed}])
    assert row(water, "cap water")["kept"] == kept


def held(rule, **changes):
    """One rule as it was held against the plan."""
    plan = made(rules=[rule], **changes)
    return row(plan, plan.rules[0].name)


def test_rules_over_regions_sum_what_starts_there():
    found = held({"kind": "cap", "of": "hectares", "amount": 150.0, "over": "region_id", "where": "NE1"})
    assert found[["asked", "found", "kept"]].tolist() == [150.0, 400.0, False]


def test_a_part_of_all_hectares_may_be_missed_by_a_millionth_of_all():
    # Niger has 400 of 600 ha: 0.0006 ha.
    for missed, kept in ((0.0005, True), (0.0007, False)):
        part = (400 - missed) / 600
        found = held({"kind": "cap", "of": "hectares", "part": part, "over": "iso3", "where": "NER"})
        assert found["kept"] == kept


@pytest.mark.parametrize(
    ("of", "year", "whole"),
    [
        # 100 ha are dug in each of three years: 100 USD/ha, then 10 a year; 40 days, then 5 a year; 10 m3 once.
        ("money", 2025, 11_000.0),
        ("money", 2026, 12_000.0),
        ("person_days", 2025, 4_500.0),
        ("person_days", 2026, 5_000.0),
        ("hectares", 2025, 100.0),
        ("water", 2026, 1_000.0),
    ],
)
def test_a_rule_of_one_year_sums_what_that_year_takes(of, year, whole):
    schedule = pd.DataFrame(
        [("NER", "dig", start, 100.0) for start in (2024, 2025, 2026)], columns=["iso3", "measure", "year", "hectares"]
    )
    wet = OPTIONS.assign(water_mid=[10.0, 20.0])
    rule = {"kind": "cap", "of": of, "amount": 1.0, "year": year}
    found = held(rule, schedule=schedule, options=wet, years=(2024, 2026), even_pace=False)
    assert found["found"] == pytest.approx(whole)
