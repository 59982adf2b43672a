# SPDX-License-Identifier: Apache-2.0
"""Floors that give way at an even pace, and further rules that collide, each reckoned on paper."""

from __future__ import annotations

import numpy as np
import pytest
from tests.measures.planning.test_programme import MILLIONTH, problem

from homeground.measures.planning.model import Row
from homeground.measures.planning.rules import colliding
from homeground.measures.planning.rules.colliding import explain, lower_floors


def even(*pairs, **more):
    return problem(*(pairs or [(0, 0, 1.0, 99.0)]), even_pace=True, **more)


def lowered(of):
    return lower_floors(of)[1].get("NER")


def test_money_of_the_last_year_binds_where_there_is_land_enough():
    """2 years of 10 million, 1 a km2 and 1 of upkeep: 5 km2 a year cost 5 and 10 million, 15 of 20 in all."""
    assert lowered(even(upkeep=1.0, budget=(10.0, 10.0), floors={"NER": 0.9})) == pytest.approx(0.75 * MILLIONTH)
    assert lowered(even(upkeep=1.0, budget=(10.0, 10.0), floors={"NER": 0.74})) is None


def test_three_years_of_upkeep_by_half_a_million():
    """3 years of 10 million: x km2 a year cost x, 1.5 x and 2 x, so x is 5 and 22.5 of 30 million are spent."""
    assert lowered(even(upkeep=0.5, budget=(10.0,) * 3, floors={"NER": 1.0})) == pytest.approx(0.75 * MILLIONTH)


def test_land_binds_where_there_is_little():
    """4 km2, 2 a year: 2 and 4 million of twice 10."""
    little = even((0, 0, 1.0, 4.0), upkeep=1.0, budget=(10.0, 10.0), floors={"NER": 0.5})
    assert lowered(little) == pytest.approx(0.3 * MILLIONTH)


def test_the_poorest_year_binds():
    """6 km2, 3 a year, cost 3 and 6 million; the last year has 5: 2.5 km2 a year, 7.5 of 15 million."""
    poor = even((0, 0, 1.0, 6.0), upkeep=1.0, budget=(10.0, 5.0), floors={"NER": 0.6})
    assert lowered(poor) == pytest.approx(0.5 * MILLIONTH)


def test_the_dearest_measures_come_first_and_what_comes_last_finds_no_land():
    """Of 4 km2 the dearest takes its 3, the next the last one, the third none: 3 x 3 + 2 = 11 of 100 million."""
    pairs = [(0, 0, 1.0, 3.0), (0, 1, 1.0, 3.0), (0, 2, 1.0, 3.0)]
    groups = (("NER", "a"), ("NER", "b"), ("NER", "c"))
    asked = even(*pairs, groups=groups, land=(4.0,), cost=[3.0, 2.0, 1.0], budget=(100.0,), floors={"NER": 0.5})
    assert lowered(asked) == pytest.approx(0.11 * MILLIONTH)


def test_a_country_without_land_has_no_floor_at_an_even_pace():
    assert lowered(even(groups=(("MLI", "a"),), budget=(10.0, 10.0), floors={"NER": 0.3})) == 0.0


def test_land_that_is_asked_and_cannot_be_paid_is_told_in_its_unit():
    """2 million at 1 a km2 restore 200 ha of 300 asked."""
    asked = Row(np.ones((1, 1)), ">", 3.0, scale=100.0, unit="ha")
    text = str(explain(problem((0, 0, 1.0, 99.0), budget=(2.0,), more={"land asked": asked})))
    assert "  - land asked: 300 ha asked, short by 100 ha\n" in text
    assert "up_to_capacity" not in text  # there is no floor that could give way


def test_a_cap_that_a_floor_passes_is_told_with_the_floor():
    """Half of 4 million is 2 km2 in Niger, and 1 km2 is all that is allowed."""
    cap = Row(np.ones((1, 1)), "<", 1.0, scale=100.0, unit="ha")
    text = str(explain(problem((0, 0, 1.0, 99.0), budget=(4.0,), floors={"NER": 0.5}, more={"cap": cap})))
    assert "  - cap: 100 ha asked, passed by 100 ha\n" in text
    assert "  - country_floor NER: 2,000,000 USD asked (50.0%), short by 1,000,000 USD\n" in text


def test_a_further_rule_that_nothing_gives_is_told_without_a_number(monkeypatch):
    asked = problem((0, 0, 1.0, 9.0), more={"water": Row(np.ones((1, 1)), ">", 3.0, scale=2.0, unit="m3")})
    monkeypatch.setattr(colliding, "solve", lambda *_, **__: None)
    assert colliding._missed(asked, [], "water") == "water: 6 m3 asked, and nothing that fits gives any"


def test_a_rule_over_nothing_is_asked_without_a_number():
    """A sum of women's days less a share of all is at least 0: asked, and missed by what the others leave."""
    rows = {"balance": Row(-np.ones((1, 1)), ">", 0.0, unit="days"), "land": Row(np.ones((1, 1)), ">", 2.0, unit="km2")}
    text = str(explain(problem((0, 0, 1.0, 9.0), more=rows)))
    assert "  - balance: asked, short by 2 days\n" in text
    assert "  - land: 2 km2 asked, short by 2 km2\n" in text
