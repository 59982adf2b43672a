# SPDX-License-Identifier: Apache-2.0
"""What a plan says of itself beside its hectares: years, rules as they were asked, engines, draws and units."""

from __future__ import annotations

import pytest
from tests.measures.planning.test_plan_inputs import HALF_MOONS, made

from homeground.errors import DataError

CAP = {"kind": "cap", "of": "hectares", "amount": 100.0}


@pytest.mark.parametrize("year", [2025, 2026])
def test_a_rule_of_a_year_holds_in_that_year(year):
    """1 000 ha a year are paid; of the year that is capped 100 are started, and all years stand under their own."""
    result = made(years=(2025, 2026), rules=[CAP | {"year": year}], even_pace=False)
    assert result.starts["year"].min() == 2025
    assert result.starts.groupby("year")["hectares"].sum().get(year, 0.0) <= 100 + 1e-6
    assert result.objective == pytest.approx(1100, rel=1e-6)


@pytest.mark.parametrize("year", [2024, 2027])
def test_a_rule_of_a_year_outside_is_refused_with_the_years_there_are(year):
    with pytest.raises(DataError, match=f"the year {year} lies outside the plan, 2025 to 2026"):
        made(years=(2025, 2026), rules=[CAP | {"year": year}])


def test_floors_stand_as_they_were_asked_and_as_they_are_kept():
    """Mali's 500 ha at 100 USD take 50 000 of 1 000 000, where a tenth was asked."""
    result = made(budget=1e6, rules={"country_floor": {"MLI": 0.1}}, floors_up_to_capacity=True)
    assert result.problem.floors == {"MLI": 0.1}
    (kept,) = result.rules
    assert kept.part == pytest.approx(0.05, rel=1e-5)
    assert kept.part < 0.05


def test_draws_are_made_where_they_are_asked_for_and_begin_with_one():
    wide = HALF_MOONS.assign(establishment_cost_high=400.0)
    assert made(wide=wide).drawn is None
    first, same, other = (made(wide=wide, draws=3, **seed).drawn.objective for seed in ({}, {"seed": 1}, {"seed": 2}))
    assert first.tolist() == same.tolist() != other.tolist()


def test_whole_units_have_neither_draws_nor_plans_without_a_rule():
    asked = {"draws": 2, "land_ceiling": 0.5}
    parts, whole = (made(engine=engine, **asked) for engine in ("highs", "whole_units"))
    assert (parts.engine, whole.engine) == ("highs", "whole_units")
    assert len(parts.drawn.objective) == 2
    assert whole.drawn is None
    told = [result.prices.set_index("rule")["objective_without"].notna().any() for result in (parts, whole)]
    assert told == [True, False]


def test_prices_are_in_what_the_plan_has_most_of():
    assert set(made().prices["unit"].str.partition(" per ")[0]) == {"weighted ha"}
    assert set(made(objective="hectares").prices["unit"].str.partition(" per ")[0]) == {"hectares"}
