# SPDX-License-Identifier: Apache-2.0
"""What each rule of a plan costs, by hand: two measures or two countries on a few square kilometres."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from homeground.measures.planning.model import Problem, Row, solve_cheapest
from homeground.measures.planning.rules import prices
from homeground.measures.planning.rules.prices import ADOPTION, FLOOR, LAND, price_table, without_each


def two(
    gains: tuple[float, float],
    costs: tuple[float, float],
    *,
    countries: tuple[str, str] = ("NER", "NER"),
    ceiling: float = 4.0,
    km2: float = 4.0,
    budget: float = 100.0,
    years: int = 1,
    women: tuple[float, float] = (0.0, 1.0),
    **rules: object,
) -> Problem:
    """Two measures on one unit, or one measure on a unit of each of two countries; no upkeep, one person-day a km2."""
    apart = countries[0] != countries[1]
    return Problem(
        pairs=pd.DataFrame({"unit": [0, int(apart)], "group": [0, 1], "gain": gains, "ceiling_km2": ceiling}),
        unit_km2=np.full(1 + apart, km2),
        groups=pd.DataFrame({"iso3": countries, "measure": ["a", "a" if apart else "b"]}),
        establishment=np.array(costs),
        upkeep=np.zeros(2),
        work=np.ones((2, years)),
        shares={"women": np.array(women)},
        budget=np.full(years, budget),
        **{"share_rules": {}, "floors": {}, **rules},  # type: ignore[arg-type]
    )


def table(problem: Problem, **more: float) -> pd.DataFrame:
    solution = solve_cheapest(problem)
    assert solution is not None
    return price_table(problem, solution, 2025, **more).set_index(["rule", "where"])


def test_budgets_are_told_by_year_and_no_rule_that_nobody_asked_for():
    found = table(two((1, 1), (1, 1), years=3))
    assert list(found.index) == [("budget", "2025"), ("budget", "2026"), ("budget", "2027")]


def test_a_rule_may_cost_gain_and_no_money():
    """a gains 2 and b 1, both for nothing; half of the days must be women's, who work on b alone: 6 instead of 8."""
    row = table(two((2, 1), (0, 0), share_rules={"women": 0.5})).loc[("women", "all")]
    assert row["objective_without"] == pytest.approx(800)
    assert row["objective_lost"] == pytest.approx(200)
    assert row["lost_share"] == pytest.approx(0.25)
    assert row["money_lost"] == 0


def test_a_rule_may_cost_money_and_no_gain():
    """Both gain as much and b costs twice: 3 km2 of a and 1 of b spend the 5 million asked, where 4 would do."""
    row = table(two((1, 1), (1, 2), budget=10, floors={"NER": 0.5})).loc[(FLOOR, "all")]
    assert row["money_lost"] == pytest.approx(1e6, rel=1e-6)
    assert row["money_without"] == pytest.approx(4e6, rel=1e-6)
    assert row["objective_lost"] == 0


def test_floors_cost_together_where_one_of_them_binds():
    """Mali gains 2 and Niger 1 for a million; Niger's half of 4 million loses 2, Mali's tenth nothing."""
    countries = two(
        (2, 1), (1, 1), countries=("MLI", "NER"), ceiling=9, km2=9, budget=4, floors={"MLI": 0.1, "NER": 0.5}
    )
    found = table(countries)
    assert found.loc[(FLOOR, "all"), "objective_lost"] == pytest.approx(200)
    # One percentage point of 4 million moves 0.04 km2 from 2 to 1 a km2.
    assert found.loc[(FLOOR, "NER"), "shadow_price"] == pytest.approx(-4)
    assert found.loc[(FLOOR, "MLI"), "shadow_price"] == pytest.approx(0)
    # A million more: half of it must go to Niger.
    assert found.loc[("budget", "2025"), "shadow_price"] == pytest.approx(150)
    assert np.isnan(found.loc[(FLOOR, "all"), "shadow_price"])


def test_nothing_is_planned_again_for_a_rule_that_binds_nowhere(monkeypatch: pytest.MonkeyPatch):
    problem = two((2, 1), (1, 1), countries=("MLI", "NER"), ceiling=9, km2=9, budget=4, floors={"MLI": 0.1})
    solution = solve_cheapest(problem)
    assert solution is not None
    monkeypatch.setattr(prices, "solve", lambda *_, **__: pytest.fail("planned again"))
    row = price_table(problem, solution, 2025).set_index(["rule", "where"]).loc[(FLOOR, "all")]
    assert (row["objective_lost"], row["money_lost"], row["lost_share"]) == (0, 0, 0)


def test_ceilings_of_adoption_are_a_rule_where_they_are_below_the_land():
    """Of 9 km2 a and b may take 4 each: 8 where without ceilings a alone takes 9 of the double gain."""
    row = table(two((2, 1), (1, 1), km2=9)).loc[(ADOPTION, "all")]
    assert row["objective_lost"] == pytest.approx((2 * 9 - (2 * 4 + 4)) * 100)
    whole = two((2, 1), (1, 1), ceiling=9, km2=9)
    assert [rule for rule, _, _ in without_each(whole, 1.0)] == []
    (rule, rows, other), *_ = without_each(two((2, 1), (1, 1), km2=9), 1.0)
    assert (rule, list(rows), other.pairs["ceiling_km2"].tolist()) == (ADOPTION, [], [9, 9])


def test_a_ceiling_of_land_is_a_rule_below_all_of_it():
    """The unit of 4 km2 is the half of its land: without the ceiling it has 8, of which each measure takes 4."""
    found = table(two((2, 1), (1, 1)), land_ceiling=0.5)
    assert found.loc[(LAND, "all"), "objective_lost"] == pytest.approx(400)
    assert np.isnan(found.loc[(LAND, "all"), "shadow_price"])


def test_each_kind_of_rule_has_its_unit():
    """A cap of 3 km2 in hectares: one hectare more gains one. Women: a point more loses a hundredth of the days' gain."""
    cap = Row(np.ones((2, 1)), "<", 3.0, scale=100.0, unit="ha")
    found = table(two((1, 1), (1, 1), more={"cap": cap}))
    assert found.loc[("cap", "all"), "shadow_price"] == pytest.approx(1)
    assert found.loc[("cap", "all"), "unit"] == "weighted ha per ha more"
    women = table(two((2, 1), (0, 0), share_rules={"women": 0.5})).loc[("women", "all")]
    # At 4 days one point more moves 0.04 km2 from a gain of 2 to one of 1.
    assert women["shadow_price"] == pytest.approx(-4)
    assert women["unit"] == "weighted ha per percentage point more"


def test_each_further_rule_is_left_out_by_itself():
    rows = {name: Row(np.ones((2, 1)), "<", right) for name, right in (("first", 3.0), ("second", 2.0))}
    found = {rule: list(other.more) for rule, _, other in without_each(two((1, 1), (1, 1), more=rows), 1.0)}
    assert found == {"first": ["second"], "second": ["first"]}


def test_one_ceiling_below_the_land_is_enough():
    problem = two((2, 1), (1, 1))
    problem.pairs["ceiling_km2"] = [4.0, 1.0]
    assert [rule for rule, _, _ in without_each(problem, 1.0)] == [ADOPTION]


def test_land_of_one_unit_is_enough_for_its_ceiling_to_cost():
    """The budget of 5 takes the 4 km2 of Mali, which gain 2, and one of Niger; with all its land Mali takes all 5."""
    problem = two((2, 1), (1, 1), countries=("MLI", "NER"), ceiling=9, budget=5)
    assert table(problem, land_ceiling=0.5).loc[(LAND, "all"), "objective_lost"] == pytest.approx(100)


def test_a_cap_that_is_part_of_the_budget_grows_with_it():
    """a gains 3 and may take a quarter of 4 million, b gains 1: a million more takes 0.25 km2 of a and 0.75 of b."""
    cap = Row(np.array([[1.0], [0.0]]), "<", 1.0, part=0.25)
    found = table(two((3, 1), (1, 1), ceiling=9, km2=9, budget=4, more={"cap": cap}))
    assert found.loc[("budget", "2025"), "shadow_price"] == pytest.approx(100 * (0.25 * 3 + 0.75))


def test_where_nothing_can_be_gained_nothing_is_told():
    assert prices._lost(0.0, 0.0, 1.0, 1.0) == {}
    assert prices._lost(0.5, 0.4, 1.0, 1.0)["lost_share"] == pytest.approx(0.2)


def test_what_a_solver_rounds_is_no_gain_and_no_saving():
    lost = prices._lost(8.0, 8.0 + 1e-9, 5.0 + 1e-9, 5.0)
    assert (lost["objective_lost"], lost["money_lost"]) == (0, 0)
