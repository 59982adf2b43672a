# SPDX-License-Identifier: Apache-2.0
"""The linear programme and its rules on problems of one to four numbers, each solved on paper."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from homeground.errors import PlanError
from homeground.measures.planning import model
from homeground.measures.planning.model import Problem, solve, solve_cheapest
from homeground.measures.planning.programme import Programme, bound
from homeground.measures.planning.rules import colliding as rules
from homeground.measures.planning.rules.colliding import explain, lower_floors, make_room

MILLIONTH = 1 - 1e-6  # what is lowered is lowered a hair further


def problem(*pairs, groups=(("NER", "a"),), land=(1e3,), cost=1.0, upkeep=0.0, work=None, budget=(10.0,), **more):
    """Pairs of (unit, group, gain, ceiling in km2); cost, upkeep and work by group."""
    n = len(groups)
    size = np.ones(n)
    return Problem(
        pairs=pd.DataFrame(pairs, columns=["unit", "group", "gain", "ceiling_km2"]),
        unit_km2=np.array(land, dtype=float),
        groups=pd.DataFrame(groups, columns=["iso3", "measure"]),
        establishment=np.asarray(cost, dtype=float) * size,
        upkeep=np.asarray(upkeep, dtype=float) * size,
        work=np.ones((n, len(budget))) if work is None else np.array(work, dtype=float),
        shares={name: np.array(more.pop(name, [0.0] * n), dtype=float) for name in ("women", "youth")},
        budget=np.array(budget, dtype=float),
        share_rules=more.pop("asked", {}),
        floors=more.pop("floors", {}),
        **more,
    )


def found(of, **asked):
    return solve(of, asked.pop("rules", of.rules()), **asked)


# the numbers of a problem


def test_a_square_kilometre_has_a_hundred_hectares():
    assert model.HA == 100.0


def test_cost_runs_until_the_end_of_the_plan():
    one = problem((0, 0, 1, 9), cost=2.0, upkeep=0.5, budget=(1, 1, 1))
    assert one.years == 3
    assert one.cost.tolist() == [[3.0, 2.5, 2.0]]  # two years of upkeep, one, none
    assert problem((0, 0, 1, 9), floors={"NER": 0.1, "MLI": 0.2}, asked={"women": 0.4}).rules() == [
        "country_floor NER",
        "country_floor MLI",
        "women",
    ]


def test_nothing_that_fits_is_said():
    with pytest.raises(PlanError, match="no measure fits any unit"):
        found(problem())


# land, ceilings, budget


@pytest.mark.parametrize(
    ("pairs", "land", "budget", "taken"),
    [
        ([(0, 0, 1.0, 4.0)], [9.0], 10.0, [4.0]),  # the ceiling binds
        ([(0, 0, 1.0, 9.0)], [4.0], 10.0, [4.0]),  # the land
        ([(0, 0, 1.0, 9.0)], [9.0], 3.0, [3.0]),  # the money
        ([(0, 0, 1.0, 4.0), (0, 0, 2.0, 4.0)], [5.0], 10.0, [1.0, 4.0]),  # the land of both together
        ([(0, 0, 1.0, 4.0), (1, 0, 2.0, 4.0)], [3.0, 3.0], 5.0, [2.0, 3.0]),  # each unit has its own
        ([(2, 0, 1.0, 4.0), (1, 0, 2.0, 4.0)], [0.0, 3.0, 2.0], 10.0, [2.0, 3.0]),  # units are numbers, not places
        ([(0, 0, 0.3, 0.2)], [0.9], 10.0, [0.2]),
    ],
)
def test_land_goes_where_it_gains_most(pairs, land, budget, taken):
    best = found(problem(*pairs, land=land, budget=(budget,)))
    assert best.taken == pytest.approx(np.array(taken), abs=1e-7)
    assert best.objective == pytest.approx(sum(p[2] * t for p, t in zip(pairs, taken, strict=True)), abs=1e-7)
    assert best.bound == pytest.approx(best.objective, abs=1e-6)
    assert best.slack == 0.0


def test_upkeep_is_paid_from_the_next_year_on():
    # 4 a year at 2 each: 2 in the first; then 1 of upkeep leaves 3 for 1.5; then 1.75 leaves 2.25 for 1.125.
    best = found(problem((0, 0, 1, 99), cost=2.0, upkeep=0.5, budget=(4, 4, 4)))
    assert best.started == pytest.approx(np.array([[2.0, 1.5, 1.125]]), abs=1e-7)
    assert best.taken == pytest.approx([4.625], abs=1e-7)


def test_an_even_pace_is_held_back_by_its_last_year():
    # The third year pays 2 y + 2 x 0.5 y = 3 y <= 4.
    best = found(problem((0, 0, 1, 99), cost=2.0, upkeep=0.5, budget=(4, 4, 4), even_pace=True))
    assert best.started == pytest.approx(np.full((1, 3), 4 / 3), abs=1e-7)
    assert best.taken == pytest.approx([4.0], abs=1e-7)


def test_two_groups_share_the_budget_of_a_year():
    best = found(
        problem(
            (0, 0, 1, 9), (0, 1, 3, 9), groups=(("NER", "a"), ("NER", "b")), cost=[1, 2], budget=(10.0,), land=(99,)
        )
    )
    assert best.taken == pytest.approx([0.0, 5.0], abs=1e-7) or best.objective == pytest.approx(15.0)
    assert best.objective == pytest.approx(15.0, abs=1e-7)  # 3 / 2 for a million beats 1
    assert best.prices["budget 0"] == pytest.approx([1.5])


def test_prices_are_by_year():
    best = found(problem((0, 0, 1, 99), cost=1.0, upkeep=1.0, budget=(4, 4)))
    # 4 in the first year leave nothing for the second. Half of a million more in year one costs half of the second.
    assert best.objective == pytest.approx(4.0)
    assert best.prices["budget 1"] == pytest.approx([1.0], abs=1e-7)
    assert best.prices["budget 0"] == pytest.approx([0.0], abs=1e-7)


# rules


FAIR = {"groups": (("NER", "a"), ("NER", "b")), "women": [0.6, 0.2], "land": (99.0,)}
PAIRS = ((0, 0, 1.0, 9.0), (0, 1, 3.0, 9.0))  # b gains three times as much and gives women a fifth of its work


def test_a_share_of_the_work_is_kept():
    # 0.2 of a above the asked 0.4, 0.2 of b below it: as much a as b, 5 of each for 10.
    best = found(problem(*PAIRS, **FAIR, asked={"women": 0.4}))
    assert best.taken == pytest.approx([5.0, 5.0], abs=1e-6)
    # With twice the work for a hectare of b there is half as much of it.
    twice = found(problem(*PAIRS, **FAIR, asked={"women": 0.4}, work=[[1.0], [2.0]]))
    assert twice.taken == pytest.approx([20 / 3, 10 / 3], abs=1e-6)
    assert found(problem(*PAIRS, **FAIR, asked={"women": 0.4}), rules=[]).taken == pytest.approx([1.0, 9.0], abs=1e-6)


def test_work_counts_by_the_year_of_its_start():
    # Work started in the first year counts twice. b may be started when it counts least.
    best = found(problem(*PAIRS, **FAIR, asked={"women": 0.4}, work=[[2.0, 1.0]] * 2, budget=(10.0, 10.0)))
    assert best.started[1, 0] * 2 + best.started[1, 1] <= best.started[0, 0] * 2 + best.started[0, 1] + 1e-6
    assert best.taken == pytest.approx([9.0, 9.0], abs=1e-6)


BOTH = {"groups": (("NER", "a"), ("MLI", "a")), "land": (99.0,)}


def test_a_floor_is_a_share_of_the_whole_budget():
    best = found(problem(*PAIRS, **BOTH, floors={"NER": 0.3}, budget=(5.0, 5.0)))
    assert best.taken == pytest.approx([3.0, 7.0], abs=1e-6)
    dear = found(problem(*PAIRS, **BOTH, floors={"NER": 0.3}, budget=(10.0,), cost=[2.0, 1.0]))
    assert dear.taken == pytest.approx([1.5, 7.0], abs=1e-6)  # 3 million at 2 each
    kept_up = found(problem(*PAIRS, **BOTH, floors={"NER": 0.3}, budget=(5.0, 5.0), cost=1.0, upkeep=[1.0, 0.0]))
    assert float((kept_up.started[0] * [2.0, 1.0]).sum()) == pytest.approx(3.0, abs=1e-6)  # upkeep is money too


def test_no_plan_keeps_what_cannot_be_kept():
    assert found(problem((0, 0, 1, 2.0), floors={"NER": 0.5})) is None  # 2 of 5 million
    assert found(problem((0, 0, 1, 5.0), floors={"NER": 0.5})) is not None


def test_how_far_a_floor_is_missed():
    short = found(problem((0, 0, 1, 2.0), floors={"NER": 0.5}), gives_way="country_floor NER")
    assert short.slack == pytest.approx(3.0)  # million USD
    assert np.isnan(short.bound)
    kept = found(problem((0, 0, 1, 9.0), floors={"NER": 0.5}), gives_way="country_floor NER")
    assert kept.slack == pytest.approx(0.0, abs=1e-9)
    # Only the named one gives way.
    asked = problem((0, 0, 1, 2.0), (0, 1, 1, 2.0), **BOTH, floors={"NER": 0.5, "MLI": 0.1})
    assert found(asked, gives_way="country_floor NER").slack == pytest.approx(3.0)
    assert found(asked, gives_way="country_floor MLI") is None


def test_how_much_of_floors_can_be_kept_together():
    asked = problem((0, 0, 1, 9.0), (0, 1, 1, 9.0), **BOTH, floors={"NER": 0.9, "MLI": 0.6})
    names = ["country_floor NER", "country_floor MLI"]
    part = found(asked, shrink=names)
    assert part.slack == pytest.approx(1 / 1.5)
    assert np.isnan(part.bound)
    # With one of them kept whole, 4 of the other's 9 million are left.
    assert found(asked, shrink=names[:1]).slack == pytest.approx(4 / 9)
    easy = problem((0, 0, 1, 9.0), (0, 1, 1, 9.0), **BOTH, floors={"NER": 0.2, "MLI": 0.1})
    assert found(easy, shrink=names).slack == pytest.approx(1.0)  # all of them and no more than all


def test_a_gain_is_reached_at_the_least_cost():
    asked = problem((0, 0, 1.0, 4.0), (0, 1, 1.0, 4.0), groups=FAIR["groups"], land=(99.0,), cost=[1.0, 2.0])
    cheap = found(asked, least_gain=5.0)
    assert cheap.taken == pytest.approx([4.0, 1.0], abs=1e-6)
    assert np.isnan(cheap.bound)
    assert found(asked, least_gain=99.0) is None
    late = problem((0, 0, 1.0, 9.0), cost=1.0, upkeep=0.5, budget=(9.0, 9.0))
    assert found(late, least_gain=6.0).started == pytest.approx(np.array([[0.0, 6.0]]), abs=1e-6)  # no upkeep at all


def test_of_two_plans_that_gain_as_much_the_cheaper_is_taken():
    twins = problem((0, 0, 1.0, 9.0), (0, 1, 1.0, 9.0), groups=FAIR["groups"], land=(4.0,), cost=[2.0, 1.0])
    best = solve_cheapest(twins)
    assert best.taken == pytest.approx([0.0, 4.0], abs=1e-6)
    assert best.objective == pytest.approx(4.0, rel=1e-8)
    assert best.objective >= 4.0 * (1 - 2e-9)
    assert best.bound == pytest.approx(4.0)
    assert best.prices["land"] == pytest.approx([1.0])  # of the gain, not of the cost
    assert solve_cheapest(problem((0, 0, 1, 2.0), floors={"NER": 0.5})) is None


def test_the_first_plan_stands_where_the_second_is_lost_to_rounding(monkeypatch):
    best = found(problem((0, 0, 1.0, 4.0)))
    given = []

    def stubborn(asked, names, *, least_gain=None):
        given.append(least_gain)
        return best if least_gain is None else None

    monkeypatch.setattr(model, "solve", stubborn)
    assert solve_cheapest(problem((0, 0, 1.0, 4.0))) is best
    assert given == [None, pytest.approx(4.0 * (1 - 1e-9), rel=1e-12)]


def test_what_a_solver_rounds_outside_is_put_back(monkeypatch):
    def rounded(programme):
        return np.array([-1e-9, 4.0 + 1e-9, -1e-9, 4.0 + 1e-9]), np.zeros(len(programme.b))

    monkeypatch.setattr(model, "run", rounded)
    best = found(problem((0, 0, 1.0, 4.0), (1, 0, 1.0, 4.0), land=(9.0, 9.0), budget=(5.0, 5.0)))
    assert best.taken.tolist() == [0.0, 4.0]
    assert best.started.tolist() == [[0.0, 4.0 + 1e-9]]


def test_a_solver_that_stops_is_told(monkeypatch):
    import highspy

    monkeypatch.setattr(highspy.Highs, "getModelStatus", lambda _: highspy.HighsModelStatus.kTimeLimit)
    with pytest.raises(PlanError, match="stopped without an answer"):
        found(problem((0, 0, 1.0, 4.0)))
    monkeypatch.setattr(highspy.Highs, "getModelStatus", lambda _: highspy.HighsModelStatus.kUnboundedOrInfeasible)
    assert found(problem((0, 0, 1.0, 4.0))) is None


def test_the_bound_holds_for_any_multipliers_by_weak_duality():
    # max 3 x + 2 y, x + y <= 4, x >= 1 (a rule), x - y = 0; x, y up to 5.
    programme = Programme(np.array([5.0, 5.0]), np.array([3.0, 2.0]))
    programme.add("land", np.array([[1.0, 1.0]]), "<", 4.0)
    programme.add("rule", np.array([[1.0, 0.0]]), ">", 1.0)
    programme.add("link", np.array([[1.0, -1.0]]), "=", 0.0)
    assert programme.matrix.nnz == 5  # what is 0 is not stored
    assert programme.names == {"land": slice(0, 1), "rule": slice(1, 2), "link": slice(2, 3)}
    # 4 x 2.5, and nothing is left of 3 and 2 by the third row's 0.5: the best plan, x = y = 2, gains 10.
    assert bound(programme, np.array([2.5, 0.0, 0.5])) == pytest.approx(10.0)
    # With no multipliers all the land counts at its full gain: 5 x 3 + 5 x 2.
    assert bound(programme, np.zeros(3)) == pytest.approx(25.0)
    # Multipliers of the wrong sign count as none; an equality may have either.
    assert bound(programme, np.array([-0.5, 0.5, 0.0])) == pytest.approx(25.0)
    # 4 x 3 - 1 x 1: x gains 3 - 3 + 1 = 1 above, y nothing: 5 x 1 more.
    assert bound(programme, np.array([3.0, -1.0, 0.0])) == pytest.approx(12.0 - 1.0 + 5.0)
    # 0.25 of <: x 2.75 and y 1.75 are left.
    assert bound(programme, np.array([0.25, 0.0, 0.0])) == pytest.approx(1.0 + 5 * 2.75 + 5 * 1.75)
    assert bound(programme, np.array([0.0, -0.25, 0.0])) == pytest.approx(-0.25 + 5 * 3.25 + 5 * 2.0)
    assert bound(programme, np.array([2.5, 0.0, -0.5])) == pytest.approx(10.0 + 5.0 * 1.0)


# floors that give way


def test_a_floor_is_lowered_to_what_the_land_can_take():
    asked = problem(
        (0, 0, 1, 9.0), (0, 1, 1, 2.0), (1, 2, 1, 1.5), land=(2.0, 9.0),
        groups=(("MLI", "a"), ("NER", "a"), ("NER", "b")), floors={"NER": 0.5, "MLI": 0.2}, cost=[1.0, 1.0, 2.0],
    )  # fmt: skip
    lower, told = lower_floors(asked)
    # Niger alone: 2 km2 at 1 and 1.5 at 2 are 5 of 10 million, just what was asked; Mali 2 of 2.
    assert told == {}
    assert lower.floors == asked.floors
    less, told = lower_floors(
        problem(
            (0, 0, 1, 9.0), (0, 1, 1, 2.0), (1, 2, 1, 1.0), land=(2.0, 9.0),
            groups=(("MLI", "a"), ("NER", "a"), ("NER", "b")), floors={"NER": 0.5, "MLI": 0.2}, cost=[1.0, 1.0, 2.0],
        )
    )  # fmt: skip
    assert told == {"NER": pytest.approx(0.4 * MILLIONTH, rel=1e-9)}
    assert less.floors == {"NER": told["NER"], "MLI": 0.2}
    assert told["NER"] < 0.4  # below what can be reached, never above


def test_a_floor_of_a_country_by_its_own_upkeep_and_budget():
    # One budget a year of 10: Niger can start 2 km2 once, at 1, and keep them up for one year at 0.5: 3 of 20 million.
    asked = problem((0, 0, 1, 2.0), (0, 1, 1, 99.0), **BOTH, upkeep=0.5, floors={"NER": 0.5}, budget=(10.0, 10.0))
    assert lower_floors(asked)[1] == {"NER": pytest.approx(0.15 * MILLIONTH, rel=1e-9)}


def test_a_country_without_land_has_no_floor():
    lower, told = lower_floors(problem((0, 0, 1, 9.0), groups=(("MLI", "a"),), floors={"NER": 0.5, "MLI": 0.2}))
    assert lower.floors == {"NER": 0.0, "MLI": 0.2}
    assert told == {"NER": 0.0}


def test_a_floor_that_no_solver_reaches_is_none(monkeypatch):
    monkeypatch.setattr(rules, "solve", lambda *_, **__: None)
    assert lower_floors(problem((0, 0, 1, 9.0), floors={"NER": 0.5}))[1] == {"NER": 0.0}
    assert make_room(problem((0, 0, 1, 9.0), floors={"NER": 0.5}))[1] == {"NER": 0.0}


@pytest.mark.parametrize(
    ("short", "left"), [(0.0, None), (0.9e-8, None), (1e-8, None), (1.2e-8, 0.5 - 1.2e-9), (2.0, 0.3), (9.0, 0.0)]
)
def test_how_much_of_a_floor_is_left(monkeypatch, short, left):
    monkeypatch.setattr(rules, "solve", lambda *_, **__: SimpleNamespace(slack=short))  # of 10 million
    told = lower_floors(problem((0, 0, 1, 9.0), floors={"NER": 0.5}))[1]
    assert told == ({} if left is None else {"NER": pytest.approx(left * MILLIONTH, rel=1e-12)})


def test_floors_give_way_together_and_rise_again_by_themselves():
    # Niger and Mali are promised 60 % each and can have no more than all; Chad's 10 % of another 1 km2 stay.
    asked = problem(
        (0, 0, 1, 99.0), (1, 1, 1, 99.0), (2, 2, 1, 99.0), land=(99.0, 99.0, 99.0),
        groups=(("NER", "a"), ("MLI", "a"), ("TCD", "a")), floors={"NER": 0.6, "MLI": 0.6, "TCD": 0.0},
    )  # fmt: skip
    room, told = make_room(asked)
    assert told == {"NER": pytest.approx(0.5 * MILLIONTH, rel=1e-8), "MLI": pytest.approx(0.5 * MILLIONTH, rel=1e-8)}
    assert room.floors["TCD"] == 0.0
    assert solve(room, room.rules()) is not None


def test_only_floors_that_collide_give_way():
    # Niger's work has no women, and none of its floor can be kept beside a share of them; Mali's can.
    asked = problem(
        (0, 0, 1, 99.0), (1, 1, 1, 2.0), land=(99.0, 99.0), groups=(("NER", "a"), ("MLI", "a")),
        women=[0.2, 0.6], asked={"women": 0.4}, floors={"NER": 0.4, "MLI": 0.2},
    )  # fmt: skip
    room, told = make_room(asked)
    # 2 km2 of Mali let in 2 of Niger: 2 of 10 million, of 4 asked. Mali's own 2 million are kept whole.
    assert told == {"NER": pytest.approx(0.2 * MILLIONTH, rel=1e-6)}
    assert room.floors["MLI"] == 0.2


def test_where_nothing_collides_nothing_gives_way():
    asked = problem((0, 0, 1, 99.0), floors={"NER": 0.5})
    room, told = make_room(asked)
    assert told == {}
    assert room.floors == {"NER": 0.5}


# how a collision is told


def test_a_floor_beyond_the_land_is_told_with_money():
    text = str(explain(problem((0, 0, 1, 2.0), floors={"NER": 0.5})))
    assert "  - country_floor NER: 5,000,000 USD asked (50.0%), short by 3,000,000 USD\n" in text
    assert text.endswith("(country_floor_up_to_capacity = true).")
    assert "up_to_capacity" not in str(explain(problem((0, 0, 1, 2.0), floors={"NER": 0.5}), floors_may_give_way=False))


def test_only_rules_that_collide_are_blamed_each_group_apart():
    groups = (("NER", "a"), ("MLI", "a"), ("TCD", "a"))
    asked = problem(
        (0, 0, 1, 2.0), (1, 1, 1, 1.0), (2, 2, 1, 99.0), land=(99.0,) * 3, groups=groups,
        floors={"NER": 0.5, "MLI": 0.3, "TCD": 0.1},
    )  # fmt: skip
    text = str(explain(asked))
    assert text.index("country_floor MLI") < text.index("and apart from these") < text.index("country_floor NER")
    assert "TCD" not in text
    assert "short by 2,000,000 USD" in text


def test_a_share_is_told_with_what_can_be_reached():
    # 4 million must go to Niger's work with a fifth of women, 6 at most to Mali's with three fifths: 0.44 is reached.
    asked = problem(
        (0, 0, 1, 99.0), (1, 1, 1, 99.0), land=(99.0, 99.0), groups=(("NER", "a"), ("MLI", "a")), women=[0.2, 0.6],
        asked={"women": 0.5}, floors={"NER": 0.4},
    )  # fmt: skip
    text = str(explain(asked))
    assert "women: 50.0% of person-days asked, 44.0% can be reached (6.0% missed)" in text
    # As for the floor: three quarters of Mali's for one of Niger's, so 2.5 of 4 million.
    assert "country_floor NER: 4,000,000 USD asked (40.0%), short by 1,500,000 USD" in text


def test_a_floor_that_nothing_reaches_is_short_by_all(monkeypatch):
    monkeypatch.setattr(rules, "solve", lambda *_, **__: None)
    told = rules._missed(problem((0, 0, 1, 9.0), floors={"NER": 0.25}), [], "country_floor NER")
    assert told == "country_floor NER: 2,500,000 USD asked (25.0%), short by 2,500,000 USD"


def test_the_share_that_can_be_reached_is_searched_to_a_thousandth(monkeypatch):
    tried = []

    def reached(asked, _):
        tried.append(asked.share_rules["women"])
        return True if tried[-1] <= 0.3 else None

    monkeypatch.setattr(rules, "solve", reached)
    text = rules._missed(problem((0, 0, 1, 9.0), asked={"women": 0.8, "youth": 0.1}), ["women"], "women")
    assert text == "women: 80.0% of person-days asked, 30.0% can be reached (50.0% missed)"
    assert tried[:3] == [0.4, 0.2, pytest.approx(0.3)]
    assert len(tried) == 11  # 0.8 / 2 ^ 11 is the first below 0.0005


def test_what_land_can_take_is_summed_without_a_programme_and_is_the_same():
    """Two units of 3 and 5 km2; dear measure up to 2 km2 each, cheap one up to 4: 2 x 3 + 1 x 1 and 2 x 3 + 3 x 1 = 16."""
    pairs = [(0, 0, 1.0, 2.0), (0, 1, 1.0, 4.0), (1, 0, 1.0, 2.0), (1, 1, 1.0, 4.0)]
    asked = problem(
        *pairs, groups=(("NER", "a"), ("NER", "b")), land=(3.0, 5.0), cost=[3.0, 1.0], budget=(20.0, 20.0),
        floors={"NER": 0.6}, even_pace=True,
    )  # fmt: skip
    assert lower_floors(asked)[1]["NER"] == pytest.approx(16 / 40 * MILLIONTH)
    assert lower_floors(replace(asked, floors={"NER": 0.4}))[1] == {}
    # A budget that the land outruns: then money binds, and the programme says how far.
    poor = replace(asked, budget=np.array([4.0, 4.0]), floors={"NER": 1.0})
    assert lower_floors(poor)[1] == {}
