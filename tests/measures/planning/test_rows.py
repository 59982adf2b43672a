# SPDX-License-Identifier: Apache-2.0
"""Rules as data, what plans want most of, what binds, and what rules cost: on land whose answers are worked out on paper."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from homeground.errors import DataError, PlanError
from homeground.measures import Rule, options, plan, recheck
from homeground.measures.planning.again.frontier import frontier
from homeground.measures.planning.model import Problem
from homeground.measures.planning.rules.asked import for_each, read_rules
from homeground.numbers.money import Money

LAND = {"aridity_class": "arid", "cover_class": "grassland", "rain_mm": 400.0}
# Niger and Mali, two regions each, 100 km2 a unit.
UNITS = pd.DataFrame(
    [
        {"region_id": region, "iso3": iso3, "area_km2": 100.0, "need": need, "donor": donor, **LAND}
        for region, iso3, need, donor in (
            ("NE1", "NER", 1.0, "A"), ("NE2", "NER", 0.5, "B"), ("ML1", "MLI", 0.8, "A"), ("ML2", "MLI", 0.2, "B"),
        )
    ]
)  # fmt: skip


def wide(*measures, **columns):
    """Measures that cost 100 USD/ha and nothing after, take 10 person-days/ha and may be taken up on all land."""
    table = options().loc[list(measures or ("half_moons",))].copy()
    for end in ("low", "mid", "high"):
        table[f"establishment_cost_{end}"], table[f"upkeep_cost_{end}"] = 100.0, 0.0
        table[f"person_days_establishment_{end}"] = 10.0
        table[f"person_days_season_{end}"] = table[f"person_days_upkeep_{end}"] = 0.0
        table[f"adoption_ceiling_{end}"] = 1.0
    for name, values in columns.items():
        table[name] = values
    return table


def made(budget=1e6, rules=None, table=None, units=UNITS, **more):
    asked = {"years": (2025, 2025), "with_interval": False, **more}
    table = wide() if table is None else table
    return plan(units, table, budget=Money(budget, "USD", 2023), rules=rules, **asked)


def hectares(result, by="region_id"):
    return result.allocation.groupby(by)["hectares"].sum().round(3).to_dict()


def test_without_rules_money_goes_where_the_need_is_most():
    # 1 000 000 USD buy 10 000 ha: all of NE1's 10 000 ha.
    assert hectares(made()) == {"NE1": 10_000.0}


@pytest.mark.parametrize(
    ("rule", "found"),
    [
        ({"kind": "cap", "of": "hectares", "amount": 4000.0, "over": "iso3", "where": "NER"}, {"NE1": 4e3, "ML1": 6e3}),
        ({"kind": "cap", "of": "hectares", "amount": 2500.0, "over": "region_id"}, dict.fromkeys(UNITS["region_id"], 2500.0)),
        ({"kind": "cap", "of": "money", "part": 0.3, "over": "donor", "where": "A"}, {"NE1": 3e3, "NE2": 7e3}),
        ({"kind": "floor", "of": "money", "amount": 2e5, "over": "region_id", "where": "ML2"}, {"NE1": 8e3, "ML2": 2e3}),
        ({"kind": "floor", "of": "person_days", "part": 0.5, "over": "donor", "where": "B"}, {"NE1": 5e3, "NE2": 5e3}),
        ({"kind": "cap", "of": "person_days", "amount": 3e4, "over": "iso3", "where": "NER"}, {"NE1": 3e3, "ML1": 7e3}),
    ],
)  # fmt: skip
def test_a_rule_over_any_column_holds(rule, found):
    result = made(rules=[rule])
    assert hectares(result) == pytest.approx(found)
    assert result.checks["kept"].all()


def test_a_cap_of_one_year_and_water():
    two = {"years": (2025, 2026)}
    rules = [{"kind": "cap", "of": "hectares", "amount": 1000.0, "year": 2025}]
    result = made(rules=rules, **two)  # 10 000 ha a year are paid for
    assert result.schedule.set_index("year")["hectares"].to_dict() == pytest.approx({2025: 1000.0, 2026: 10_000.0})
    dry = made(rules=[{"kind": "cap", "of": "water", "amount": 5e5}], table=wide(water_mid=100.0))
    assert dry.objective == pytest.approx(5000.0)  # m3 / (m3/ha)


def test_shares_within_each_country():
    table = wide("half_moons", "stone_lines", women_share_mid=[0.2, 0.6])
    units = UNITS.assign(cover_class="cropland", aridity_class="semi-arid", rain_mm=500.0)
    everywhere = made(rules=[Rule("share", part=0.4, group="women")], table=table, units=units)
    each = made(rules=[Rule("share", part=0.4, group="women", over="iso3")], table=table, units=units)
    assert everywhere.objective == pytest.approx(each.objective)
    by = each.allocation.groupby("iso3")[["women_person_days", "person_days_establishment"]].sum()
    assert (by["women_person_days"] >= 0.4 * by["person_days_establishment"] - 1e-6).all()
    assert each.checks["rule"].str.startswith("women iso3=").any()


def test_objectives_by_name_and_by_weights():
    table = wide("half_moons", "stone_lines")
    table["person_days_establishment_mid"] = [10.0, 30.0]
    units = UNITS.assign(cover_class="cropland", aridity_class="semi-arid", rain_mm=500.0)
    work = made(objective="work", table=table, units=units)
    assert work.objective == pytest.approx(10_000 * 30.0)
    assert set(work.allocation["measure"]) == {"stone_lines"}
    assert work.objective_unit == "person-days"
    people = made(objective="people", units=UNITS.assign(people_per_km2=[1.0, 5.0, 50.0, 2.0]))
    assert hectares(people) == {"ML1": 10_000.0}
    assert people.objective == pytest.approx(5000.0)  # 100 km2 of 50
    both = made(objective={"restored": 1.0, "hectares": 1.0})
    assert both.objective == pytest.approx(10_000 * 2.0)
    with pytest.raises(DataError, match="needs the column people_per_km2"):
        made(objective="people")
    with pytest.raises(DataError, match="Known: restored"):
        made(objective={"resored": 1.0})
    with pytest.raises(DataError, match="0 or more"):
        made(objective={"restored": -1.0})


def test_what_binds_is_told_for_each_region():
    rich = made(1e9, land_ceiling=0.25)
    assert rich.binding.set_index("region_id")["binds"].to_dict() == dict.fromkeys(UNITS["region_id"], "land")
    few = made(1e9, table=wide(adoption_ceiling_mid=0.1))
    assert set(few.binding["binds"]) == {"adoption"}
    poor = made(1e5)
    assert set(poor.binding["binds"]) == {"money_or_rules"}
    wet = UNITS.assign(cover_class=["grassland", "water", "grassland", "grassland"])
    assert made(units=wet).binding.set_index("region_id").loc["NE2", ["binds", "could_ha"]].tolist() == [
        "nothing_fits",
        0.0,
    ]


def test_a_rule_is_priced_in_hectares_and_in_money():
    # Mali must get a fifth of a million: 2 000 ha of need 0.8 in place of 2 000 of need 1.
    rules = {"country_floor": {"MLI": 0.2}}
    row = made(rules=rules).prices.set_index(["rule", "where"]).loc[("country_floor", "all")]
    assert row["objective_without"] == pytest.approx(10_000.0)
    assert row["objective_lost"] == pytest.approx(400.0)
    # The same 9 600 weighted hectares cost 960 000 without it.
    assert row["money_without"] == pytest.approx(960_000.0)
    assert row["money_lost"] == pytest.approx(40_000.0)
    ceiling = made(2e6, land_ceiling=0.5).prices.set_index("rule").loc["land_ceiling"]
    # 20 000 ha are paid for: half of each unit gives 5 000 x 2.5, all of NE1 and ML1 10 000 x 1.8.
    assert ceiling["objective_without"] == pytest.approx(18_000.0)
    assert ceiling["objective_lost"] == pytest.approx(18_000.0 - 12_500.0)


def test_a_price_is_the_finite_difference_in_the_objective_and_in_money():
    rules = {"country_floor": {"MLI": 0.2}}
    less, more = (made(rules={"country_floor": {"MLI": 0.2 + by}}) for by in (-0.005, 0.005))
    price = made(rules=rules).prices.set_index(["rule", "where"]).loc[("country_floor", "MLI"), "shadow_price"]
    assert abs(price) == pytest.approx(less.objective - more.objective, rel=0.01)
    lost = [
        result.prices.set_index(["rule", "where"]).loc[("country_floor", "all"), "money_lost"]
        for result in (less, more)
    ]
    assert lost[1] - lost[0] == pytest.approx(0.01 * 1e6 * 0.2, rel=0.01)  # each USD in Mali does 0.8 of one in Niger


@pytest.mark.parametrize(("of", "amount"), [("money", 5e5), ("hectares", 5e3), ("person_days", 5e4), ("water", 1e5)])
def test_a_cap_is_reached_to_the_last_digit(of, amount):
    # 100 USD, 10 days and 20 m3 a hectare: half of what a million buys, whatever is capped.
    rule = {"kind": "cap", "of": of, "amount": amount}
    assert made(rules=[rule], table=wide(water_mid=20.0)).objective == pytest.approx(5000.0, rel=1e-8)


def test_what_a_rule_costs_in_money_has_a_range_over_draws():
    table = wide()
    table["establishment_cost_low"], table["establishment_cost_high"] = 50.0, 200.0
    # A fifth of the money must go to Mali, where a dollar gains 0.8 of one in Niger: without the rule a plan of 1 x 0.8 +
    # 0.8 x 0.2 of a million costs 960 000 at whatever a hectare costs. But below 80 USD Niger is full, and Mali gets its
    # fifth without a rule: that is so in one of ten draws, for 12 % of the triangle lie below.
    held = made(rules={"country_floor": {"MLI": 0.2}}, table=table, draws=40).drawn.money.set_index("rule")
    assert held.loc["country_floor", ["money_lost_p50", "money_lost_p95"]].tolist() == pytest.approx([40_000.0] * 2)
    # A cap of 2 000 ha in Niger: 8 000 ha of Mali in place of 6 400 of Niger where a hectare costs 100 USD; at any cost c
    # half a million buys 500 000 / c hectares, of which those above 2 000 lie in Mali, and a fifth of their money is lost.
    cap = {"kind": "cap", "of": "hectares", "amount": 2000.0, "over": "iso3", "where": "NER"}
    capped = made(5e5, rules=[cap], table=table, draws=40).drawn
    cost = 5e5 / (2000.0 + (capped.objective[:10] - 2000.0) / 0.8)  # USD/ha of each draw, from what it gains
    lost = 0.2 * (5e5 - 2000.0 * cost)
    ends = capped.money.set_index("rule").loc["cap hectares iso3=NER", ["money_lost_p05", "money_lost_p95"]]
    assert ends.tolist() == pytest.approx(np.quantile(lost, [0.05, 0.95]).tolist(), rel=1e-6)
    # Without rules nothing is priced.
    assert made(table=table, draws=5).drawn.money.empty


@settings(max_examples=15, deadline=None)
@given(st.floats(1e4, 4e6), st.floats(1.01, 3), st.floats(0, 0.4), st.permutations(range(4)))
def test_more_money_never_hurts_a_rule_never_helps_and_order_is_irrelevant(budget, times, floor, order):
    free, more = made(budget), made(budget * times)
    assert more.objective >= free.objective * (1 - 1e-9)
    held = made(budget, rules={"country_floor": floor}, floors_up_to_capacity=True)
    assert held.objective <= free.objective * (1 + 1e-9)
    assert made(budget, units=UNITS.iloc[list(order)]).objective == pytest.approx(free.objective, rel=1e-9)


def test_a_plan_at_four_times_the_cap_is_found():
    rule = {"kind": "cap", "of": "hectares", "amount": 2000.0, "over": "iso3", "where": "NER"}
    good = made(rules=[rule])
    names = ["hectares", "area_km2"]
    tampered = replace(
        good,
        allocation=good.allocation.assign(**{n: good.allocation[n] * 4 for n in names}),
        schedule=good.schedule.assign(hectares=good.schedule["hectares"] * 4),
        starts=good.starts.assign(hectares=good.starts["hectares"] * 4),
    )
    assert "cap hectares iso3=NER" in recheck(tampered).query("not kept")["rule"].tolist()


def test_draws_hold_the_plan_and_say_how_often_a_region_is_chosen():
    table = wide()
    table["establishment_cost_low"], table["establishment_cost_high"] = 50.0, 200.0
    drawn = made(table=table, draws=60).drawn
    # Between what 200 and 50 USD/ha buy: 5 000 ha of NE1; all of NE1 and 10 000 ha of ML1.
    assert 5000.0 <= drawn.objective.min() < drawn.objective.max() <= 18_000.0
    chosen = drawn.regions.set_index("region_id")["chosen"]
    assert chosen["NE1"] == 1.0
    assert chosen["ML2"] == 0.0
    # ML1 is reached where a hectare costs less than 100 USD: (100 - 50) / (200 - 50) of the draws, as the mode is 100.
    assert chosen["ML1"] == pytest.approx(1 / 3, abs=0.02)
    again = made(table=table, draws=60).drawn
    assert again.objective.tolist() == drawn.objective.tolist()
    assert made(table=table).drawn is None


def test_draws_that_keep_no_rule_are_no_number():
    table = wide()
    table["adoption_ceiling_low"] = 0.01  # 100 USD x 2 x 10 000 ha x 0.01 are no fifth of a million
    held = made(table=table, rules={"country_floor": {"MLI": 0.6}}, draws=60)
    assert np.isnan(held.drawn.objective).any()
    eased = made(table=table, rules={"country_floor": {"MLI": 0.6}}, draws=60, floors_up_to_capacity=True)
    assert np.isfinite(eased.drawn.objective).all()


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        ({"kind": "ceiling", "amount": 1.0}, 'the kind "ceiling" is unknown'),
        ({"of": "money", "amount": 1.0}, "has no kind"),
        ({"kind": "cap", "of": "trees", "amount": 1.0}, '"trees" is no amount'),
        ({"kind": "cap"}, "either amount or part"),
        ({"kind": "cap", "amount": 1.0, "part": 0.1}, "either amount or part"),
        ({"kind": "cap", "amount": -1.0}, "an amount of 0 or more"),
        ({"kind": "cap", "amount": float("nan")}, "an amount of 0 or more"),
        ({"kind": "share", "part": 0.1}, "names its group"),
        ({"kind": "cap", "part": 0.1, "group": "women"}, "names its group"),
        ({"kind": "share", "group": "women", "amount": 5.0}, "gives its part"),
        ({"kind": "cap", "amount": 1.0, "where": "NER"}, "no column is named"),
        ({"kind": "cap", "amount": 1.0, "place": "iso3"}, "place are no keys"),
        ({"kind": "cap", "amount": 1.0, "over": "province"}, 'no.* column "province"|have a column "province"'),
        ({"kind": "cap", "amount": 1.0, "over": "iso3", "where": "FRA"}, "names FRA, which have no units"),
    ],
)
def test_faulty_rules_are_refused_by_name(rule, told):
    with pytest.raises(DataError, match=told):
        for_each(read_rules([rule]), {"iso3": ["NER"], "measure": ["half_moons"]})


def test_rules_come_from_a_table_too():
    table = pd.DataFrame(
        [{"kind": "cap", "of": "hectares", "amount": 4000.0, "over": "iso3", "where": "NER", "year": np.nan}]
    )
    assert hectares(made(rules=table)) == pytest.approx({"NE1": 4e3, "ML1": 6e3})


def test_a_floor_that_cannot_be_reached_is_named_with_what_is_short():
    rule = {"kind": "floor", "of": "hectares", "amount": 12_000.0, "over": "region_id", "where": "ML2"}
    with pytest.raises(PlanError, match=r"floor hectares region_id=ML2: 12,000 ha asked, short by 2,000 ha"):
        made(2e6, rules=[rule])


def cells(units=UNITS, parts=400):
    """The same land in cells: each region's unit cut into parts."""
    out = pd.concat([units.assign(area_km2=units["area_km2"] / parts)] * parts, ignore_index=True)
    return out.assign(region_id=out["region_id"] + "-" + (out.index // len(units)).astype(str))


def test_whole_cells_gain_what_regions_do_within_the_loss_of_resolution():
    # 1 333 333 USD buy 13 333 ha: by regions NE1 and a third of ML1; by cells of 25 ha, 533 of them.
    rules = {"women": 0.3, "country_floor": {"MLI": 0.3}}
    table = wide(women_share_mid=0.4)
    by_region = made(4e6 / 3, rules=rules, table=table)
    by_cell = made(4e6 / 3, rules=rules, table=table, units=cells(), engine="whole_units")
    assert by_cell.engine == "whole_units"
    assert by_cell.checks["kept"].all()
    assert by_cell.objective <= by_region.objective * (1 + 1e-9)
    assert by_cell.objective >= by_region.objective - 25.0 * 2  # at most a cell of each side is lost
    assert by_cell.bound >= by_cell.objective
    assert set(by_cell.allocation["hectares"].round(6)) == {25.0}


def test_whole_units_over_years_hold_each_year():
    table = wide(upkeep_cost_mid=20.0)
    units = cells(parts=50)
    whole = made(3e5, table=table, units=units, engine="whole_units", years=(2025, 2027), even_pace=True)
    parts = made(3e5, table=table, units=units, engine="highs", years=(2025, 2027), even_pace=True)
    assert whole.checks["kept"].all()
    assert parts.objective - 200.0 <= whole.objective <= parts.objective * (1 + 1e-9)
    # In the last year a hectare of the plan costs 100 / 3 to start and, as two thirds stand by then, 20 x 2 / 3 to keep up.
    assert whole.allocation["hectares"].sum() == pytest.approx(3e5 / (100 / 3 + 40 / 3), rel=0.04)


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"rules": [{"kind": "cap", "of": "hectares", "amount": 1.0}]}, "cannot keep cap hectares"),
        ({"years": (2025, 2026)}, "even pace"),
        ({"years": (2025, 2026), "even_pace": True, "rules": {"country_floor": 0.1}}, "plan of one year"),
        ({"engine": "simplex"}, 'engine is "simplex"'),
    ],
)
def test_what_whole_units_cannot_do_is_refused(more, told):
    with pytest.raises(PlanError, match=told):
        made(**{"engine": "whole_units", **more})


def test_the_frontier_by_hand_and_nested_plans():
    # Per km2: a gains 1 for 1 million, b 3 for 4. One unit of 4 km2; both may have all of it.
    pairs = pd.DataFrame({"unit": 0, "group": [0, 1], "region_id": "r", "gain": [1.0, 3.0], "ceiling_km2": 4.0})
    groups, cost = pd.DataFrame({"iso3": "NER", "measure": ["a", "b"]}), np.array([1.0, 4.0])
    problem = Problem(pairs, np.array([4.0]), groups, cost, 0 * cost, np.ones((2, 1)), {}, np.array([16.0]), {}, {})
    found = frontier(problem, land_ceiling=1.0, factors=[1.0, 0.25, 2.0], of_pair={"carbon": np.array([10.0, np.nan])})
    told = found.set_index("budget_factor")
    # 4 million: 4 km2 of a. 16 million: 4 km2 of b. Who has planted a cannot put b in its place.
    assert told["objective"].to_dict() == pytest.approx({0.25: 400.0, 1.0: 1200.0, 2.0: 1200.0})
    assert told["nested_objective"].to_dict() == pytest.approx({0.25: 400.0, 1.0: 400.0, 2.0: 400.0})
    assert told["cost_usd"].to_dict() == pytest.approx({0.25: 4e6, 1.0: 16e6, 2.0: 16e6})
    assert told.loc[0.25, "carbon"] == pytest.approx(40.0)
    assert told["budget_usd_per_year"].tolist() == [4e6, 16e6, 32e6]


def test_a_budget_that_keeps_no_floor_has_no_numbers():
    pairs = pd.DataFrame({"unit": [0, 1], "group": [0, 1], "region_id": "r", "gain": 1.0, "ceiling_km2": [1.0, 9.0]})
    groups, one = pd.DataFrame({"iso3": ["MLI", "NER"], "measure": "a"}), np.ones(2)
    problem = Problem(pairs, 9 * one, groups, one, 0 * one, np.ones((2, 1)), {}, np.array([4.0]), {}, {"MLI": 0.25})
    held = frontier(problem, land_ceiling=1.0, factors=[1.0, 2.0])
    assert held["objective"].tolist()[0] == pytest.approx(400.0)
    assert np.isnan(held["objective"].tolist()[1])  # Mali's 1 km2 are an eighth of 8 million
    eased = frontier(problem, land_ceiling=1.0, factors=[1.0, 2.0], floors_give_way=True)
    assert eased["objective"].tolist() == pytest.approx([400.0, 800.0], rel=1e-5)


# what a reader of the code found


def test_a_year_outside_the_plan_is_refused_and_a_table_with_gaps_holds_whole_years():
    two = {"years": (2025, 2026)}
    for year in (2024, 2027):
        with pytest.raises(DataError, match=f"the year {year} lies outside the plan, 2025 to 2026"):
            made(rules=[{"kind": "cap", "of": "hectares", "amount": 1000.0, "year": year}], **two)
    table = pd.DataFrame(
        [
            {"kind": "cap", "of": "hectares", "amount": 1000.0, "year": 2025.0},
            {"kind": "cap", "of": "hectares", "amount": 9e9, "year": np.nan},
        ]
    )
    assert made(rules=table, **two).schedule.set_index("year")["hectares"][2025] == pytest.approx(1000.0)


@pytest.mark.parametrize(
    "rules",
    [
        [{"kind": "cap", "of": "hectares", "amount": 1.0, "over": "iso3", "where": "NER"},
         {"kind": "cap", "of": "hectares", "part": 0.5, "over": "iso3", "where": "NER"}],
        [{"kind": "floor", "part": 0.2, "over": "iso3"}, {"kind": "floor", "part": 0.01, "over": "iso3", "where": "MLI"}],
        [{"kind": "share", "group": "women", "part": 0.4}, {"kind": "share", "group": "women", "part": 0.3}],
    ],
)  # fmt: skip
def test_a_rule_that_is_given_twice_is_refused(rules):
    with pytest.raises(DataError, match="is asked for twice"):
        made(rules=rules)


def test_a_country_floor_in_dollars_is_no_part_of_the_budget():
    result = made(rules=[{"kind": "floor", "amount": 2e5, "over": "iso3", "where": "MLI"}])
    assert hectares(result) == pytest.approx({"NE1": 8e3, "ML1": 2e3})
    assert result.floors == {}


def test_parts_of_the_budget_follow_the_budget_on_the_frontier():
    rules = [{"kind": "cap", "of": "money", "part": 0.3, "over": "donor", "where": "A"}]
    result = made(rules=rules)
    found = frontier(result.problem, land_ceiling=1.0, factors=[0.5, 1.0, 2.0]).set_index("budget_factor")["objective"]
    for factor, gain in found.items():
        assert gain == pytest.approx(made(1e6 * factor, rules=rules).objective), factor


def test_prices_are_finite_differences_in_the_unit_of_the_rule():
    def cap(hectares):
        return [{"kind": "cap", "of": "hectares", "amount": hectares, "over": "iso3", "where": "NER"}]

    row = made(rules=cap(4000.0)).prices.set_index("rule").loc["cap hectares iso3=NER"]
    assert row["unit"] == "weighted ha per ha more"
    # One hectare more in Niger (need 1) is one less in Mali (0.8).
    assert row["shadow_price"] == pytest.approx(0.2)
    assert made(rules=cap(4001.0)).objective - made(rules=cap(4000.0)).objective == pytest.approx(0.2, rel=0.01)
    floors = {"country_floor": {"MLI": 0.2}}
    price = made(rules=floors).prices.set_index("rule").loc["budget", "shadow_price"]
    less, more = (made(1e6 + by, rules=floors).objective for by in (-500.0, 500.0))
    assert price == pytest.approx((more - less) * 1000, rel=0.01)  # a floor of a fifth grows with the budget


def test_land_that_gains_nothing_holds_no_plan_back():
    units = pd.DataFrame(
        [
            {"region_id": "NE1", "iso3": "NER", "area_km2": 100.0, "need": 1.0, "state": "degraded", **LAND},
            {"region_id": "NE1", "iso3": "NER", "area_km2": 50.0, "need": 0.0, "state": "stable", **LAND},
        ]
    )
    assert made(1e9, units=units, land_ceiling=0.25).binding["binds"].tolist() == ["land"]


def test_rules_hold_at_the_drawn_costs():
    table = wide()
    table["establishment_cost_low"], table["establishment_cost_high"] = 50.0, 200.0
    rule = {"kind": "cap", "of": "money", "amount": 2e5, "over": "iso3", "where": "NER"}
    regions = made(4e5, rules=[rule], table=table, draws=60).drawn.regions.set_index("region_id")
    # 200 000 USD at 200 and at 50 USD a hectare: 1 000 to 4 000 ha.
    assert 1000.0 <= regions.loc["NE1", "hectares_p05"] < 1900.0
    assert 2100.0 < regions.loc["NE1", "hectares_p95"] <= 4000.0


def test_a_small_cap_is_held_to_by_itself():
    many = pd.concat([UNITS, UNITS.assign(region_id=UNITS["region_id"] + "x", area_km2=1e6)], ignore_index=True)
    rule = {"kind": "cap", "of": "hectares", "amount": 1.0, "over": "region_id", "where": "NE1"}
    good = made(1e11, rules=[rule], units=many)
    more = good.starts.assign(hectares=good.starts["hectares"].where(good.starts["region_id"] != "NE1", 20.0))
    assert "cap hectares region_id=NE1" in recheck(replace(good, starts=more)).query("not kept")["rule"].tolist()


def test_what_options_do_not_say_is_refused_by_name():
    with pytest.raises(DataError, match="no share of men"):
        made(rules=[{"kind": "share", "group": "men", "part": 0.1}])
    with pytest.raises(DataError, match="no water_mid"):
        made(rules=[{"kind": "cap", "of": "water", "amount": 1.0}])
    with pytest.raises(PlanError, match="there are no units"):
        made(units=UNITS.iloc[:0])


def test_a_plan_that_gains_nothing_can_be_rechecked_with_rules_over_any_column():
    nothing = made(units=UNITS.assign(need=0.0), rules=[{"kind": "cap", "part": 0.5, "over": "aridity_class"}])
    assert nothing.objective == 0.0
    assert nothing.checks["kept"].all()


def test_prices_are_in_the_unit_of_the_objective():
    units = made(objective="work").prices["unit"]
    assert units.str.startswith("person-days per ").all()
