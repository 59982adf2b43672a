# SPDX-License-Identifier: Apache-2.0
"""One measure for each unit: against every possible choice of small questions, and the linear programme of large ones."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import scipy.sparse as sp

from homeground.errors import PlanError
from homeground.measures.choice.choose import choose
from homeground.measures.planning.programme import Programme, run


def question(rng, units, measures, regions):
    """A random question; its rules may collide."""
    cost = rng.uniform(1, 10, (units, measures))
    utility = rng.uniform(-1, 5, (units, measures))
    utility[rng.random((units, measures)) < 0.15] = -np.inf
    work = cost * rng.uniform(0.1, 1.0, (units, measures))
    women = work * rng.random((units, measures))
    region = rng.integers(0, regions, units)
    budget = float(cost.mean(axis=1).sum() * rng.uniform(0.2, 1.2))
    some = [int(code) for code in np.unique(region)]
    floors = {code: float(rng.uniform(0, 0.5)) for code in some if rng.random() < 0.5}
    caps = {code: float(rng.uniform(0.2, 1.0)) for code in some if rng.random() < 0.3}
    shares = {"women": (float(rng.uniform(0.2, 0.6)), women)} if rng.random() < 0.6 else {}
    given = {"budget": budget, "region": region, "floors": floors, "caps": caps, "work": work, "shares": shares}
    return utility, cost, given


def rules_kept(choice, cost, given, near=1e-9):
    """Each rule by plain sums over the units, in Python."""
    budget = given["budget"]
    spent, by_region, work, women = 0.0, {}, 0.0, 0.0
    for unit, measure in enumerate(choice):
        if measure < 0:
            continue
        spent += cost[unit, measure]
        code = int(given["region"][unit])
        by_region[code] = by_region.get(code, 0.0) + cost[unit, measure]
        work += given["work"][unit, measure]
        if given["shares"]:
            women += given["shares"]["women"][1][unit, measure]
    kept = spent <= budget * (1 + near)
    kept &= all(by_region.get(code, 0.0) >= part * budget - near * budget for code, part in given["floors"].items())
    kept &= all(
        by_region.get(code, 0.0) <= part * budget + near * budget for code, part in given.get("caps", {}).items()
    )
    if given["shares"]:
        kept &= women >= given["shares"]["women"][0] * work - near * given["work"].max()
    return bool(kept)


def best_of_all(utility, cost, given, near=1e-12):
    """The most that any choice gives that keeps the rules, all of them tried; None where none does."""
    units, measures = utility.shape
    every = np.array(list(itertools.product(range(-1, measures), repeat=units)))
    rows = np.arange(units)

    def total(values, inside=True):
        padded = np.concatenate([values, np.zeros((units, 1))], axis=1)  # -1 takes the last column: none
        return np.where(inside, padded[rows, every], 0.0).sum(axis=1)

    value, money = total(utility), given["budget"]
    kept = (value > -np.inf) & (total(cost) <= money * (1 + near))
    for code, part in given["floors"].items():
        kept &= total(cost, given["region"] == code) >= part * money - near * money
    for code, part in given["caps"].items():
        kept &= total(cost, given["region"] == code) <= part * money + near * money
    for part, group in given["shares"].values():
        kept &= total(group) >= part * total(given["work"]) - near * given["work"].max()
    return value[kept].max() if kept.any() else None


@pytest.mark.parametrize("block", range(20))
def test_small_questions_are_solved_as_by_trying_all(block):
    """Two thousand questions of two to five units: the objective, the bound and every rule; collisions are told."""
    rng = np.random.default_rng(block)
    for _ in range(100):
        utility, cost, given = question(rng, int(rng.integers(2, 6)), int(rng.integers(1, 4)), int(rng.integers(1, 3)))
        best = best_of_all(utility, cost, given)
        if best is None:
            with pytest.raises(PlanError):
                choose(utility, cost, **given, gap=1e-6)
            continue
        found = choose(utility, cost, **given, gap=1e-6)
        assert rules_kept(found.choice, cost, given)
        by_sum = sum(utility[i, m] for i, m in enumerate(found.choice) if m >= 0)
        assert found.objective == pytest.approx(by_sum, abs=1e-9)
        assert found.bound >= best - 1e-6 * max(abs(best), 1)
        assert found.objective >= best - 1e-5 * max(abs(best), 1)


def large(units, seed=1, measures=8, regions=11):
    rng = np.random.default_rng(seed)
    cost = rng.lognormal(5, 0.5, (units, measures))
    utility = cost**0.6 * rng.lognormal(0, 0.4, (units, measures)) * rng.uniform(0.5, 1.5, (units, 1))
    work = cost * rng.uniform(0.1, 0.5, (units, measures))
    women, youth = (work * rng.uniform(low, 0.6, (units, measures)) for low in (0.2, 0.3))
    given = {
        "budget": 0.12 * float(cost.mean(axis=1).sum()),
        "region": rng.integers(0, regions, units),
        "floors": dict.fromkeys(range(regions), 0.085),
        "work": work,
        "shares": {"women": (0.41, women), "youth": (0.46, youth)},
    }
    return utility, cost, given


def programme_of(utility, cost, given):
    """The linear programme of the same question, every rule a row."""
    units, measures = utility.shape
    columns = np.arange(units * measures)
    programme = Programme(np.ones(columns.size), utility.ravel())
    unit = sp.csr_array((np.ones(columns.size), (columns // measures, columns)))
    programme.add("unit", unit, "<", 1.0)
    parts = cost.ravel() / given["budget"]
    programme.add("budget", parts[None], "<", 1.0)
    for code, part in given["floors"].items():
        programme.add(
            f"floor {code}", np.where(np.repeat(given["region"] == code, measures), parts, 0.0)[None], ">", part
        )
    for name, (part, group) in given["shares"].items():
        row = (group - part * given["work"]).ravel()
        programme.add(name, (row / np.abs(row).max())[None], ">", 0.0)
    return programme


def test_the_bound_is_that_of_the_linear_programme():
    utility, cost, given = large(10_000)
    values, prices = run(programme_of(utility, cost, given))
    optimum = float(utility.ravel() @ values)
    found = choose(utility, cost, **given)
    assert rules_kept(found.choice, cost, given)
    assert found.objective <= found.bound <= optimum * (1 + 1e-5)
    assert found.gap <= 1e-4
    assert found.objective >= optimum * (1 - 1e-4)
    assert optimum <= found.bound * (1 + 1e-9)  # of a relaxation, a bound for it too
    named = programme_of(utility, cost, given).names
    price = prices[named["budget"]][0] / given["budget"]
    assert found.prices["budget"] == pytest.approx(price, rel=1e-3)
    assert found.prices["share youth"] > 0


def test_prices_are_what_a_little_more_would_give():
    """By finite differences of the bound: money in the budget, and a part of a floor."""
    utility, cost, given = large(10_000, seed=3)
    found = choose(utility, cost, **given)
    step = 0.002 * given["budget"]
    fixed = {code: part * given["budget"] for code, part in given["floors"].items()}
    for sign in (1, -1):
        budget = given["budget"] + sign * step
        floors = {code: money / budget for code, money in fixed.items()}
        moved = choose(utility, cost, **(given | {"budget": budget, "floors": floors}))
        assert (moved.bound - found.bound) / (sign * step) == pytest.approx(found.prices["budget"], rel=0.01)
    code = max(given["floors"], key=lambda one: found.prices[f"floor {one}"])
    assert found.prices[f"floor {code}"] > 0
    ends = [
        choose(utility, cost, **(given | {"floors": given["floors"] | {code: given["floors"][code] + move}})).bound
        for move in (-0.001, 0.001)
    ]
    gained = (ends[0] - ends[1]) / (0.002 * given["budget"])
    assert gained == pytest.approx(found.prices[f"floor {code}"], rel=0.03)


def test_more_money_never_hurts_a_rule_never_helps_and_order_is_all_one():
    utility, cost, given = large(3000, seed=5)
    given |= {"gap": 1e-3}
    found = choose(utility, cost, **given)
    richer = choose(utility, cost, **(given | {"budget": 1.1 * given["budget"], "floors": {}}))
    free = choose(utility, cost, **(given | {"floors": {}, "shares": {}}))
    assert richer.bound >= found.bound
    assert free.bound >= found.bound
    order = np.random.default_rng(1).permutation(len(cost))
    shuffled = given | {"region": given["region"][order], "work": given["work"][order]}
    shuffled["shares"] = {name: (part, group[order]) for name, (part, group) in given["shares"].items()}
    again = choose(utility[order], cost[order], **shuffled)
    assert again.bound == pytest.approx(found.bound, rel=1e-6)
    assert again.objective == pytest.approx(found.objective, rel=2e-4)


def test_without_rules_the_best_that_money_buys():
    found = choose([[1.0], [5.0], [3.0]], [[1.0], [1.0], [1.0]], budget=2.0)
    assert found.choice.tolist() == [-1, 0, 0]
    nothing = choose([[-1.0], [-np.inf]], [[1.0], [1.0]], budget=2.0)
    assert nothing.choice.tolist() == [-1, -1]
    assert nothing.objective == nothing.gap == 0


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"utility": [[np.nan]]}, "utility is nan in unit 0"),
        ({"cost": [[0.0]]}, "above 0 was expected"),
        ({"cost": [[np.inf]]}, "finite number"),
        ({"cost": [[1.0, 2.0]]}, "the same for both"),
        ({"budget": 0.0}, "the budget is"),
        ({"region": [0.5]}, "whole number"),
        ({"floors": {3: 0.1}}, "there is no unit"),
        ({"floors": {0: 1.5}}, "from 0 to 1"),
        ({"shares": {"women": (0.4, [[1.0]])}}, "shares need work"),
        ({"work": [[1.0]], "shares": {"women": (0.4, [[2.0]])}}, "from 0 to all work"),
        ({"work": [[1.0]], "shares": {"women": (40, [[1.0]])}}, "a part of all work"),
        ({"work": [[np.nan]], "shares": {}}, "work has shape"),
    ],
)
def test_what_is_no_question_is_refused(change, said):
    given = {"utility": [[1.0]], "cost": [[1.0]], "budget": 1.0} | change
    with pytest.raises(PlanError, match=said):
        choose(given.pop("utility"), given.pop("cost"), **given)


def test_all_that_is_wrong_is_told_at_once():
    with pytest.raises(PlanError) as error:
        choose([[np.nan], [1.0]], [[1.0], [-2.0]], budget=-1.0, floors={7: 0.1})
    assert str(error.value).count("  - ") == 4


def test_colliding_rules_are_named_with_what_each_would_have_to_give():
    cost = np.ones((10, 1))
    region = np.repeat([0, 1], 5)
    with pytest.raises(PlanError) as error:  # 0.7 + 0.5 of a budget
        choose(cost, cost, budget=5.0, region=region, floors={0: 0.7, 1: 0.5})
    said = str(error.value)
    assert {name in said for name in ("budget", "floor 0", "floor 1")} == {True}
    assert said.count("let it give 0.2 of the budget") == 3


def test_a_floor_above_what_can_be_done_there_names_the_room():
    cost = np.ones((4, 1))
    with pytest.raises(PlanError, match=r"floor 1 asks for 0.75 of the budget.*costs 0.25: let it give 0.5"):
        choose(cost, cost, budget=4.0, region=[0, 0, 0, 1], floors={0: 0.1, 1: 0.75})


def test_a_share_that_nobody_can_work_collides_with_the_floor_that_asks_for_work():
    cost = np.ones((4, 1))
    work, women = np.full((4, 1), 10.0), np.full((4, 1), 2.0)
    given = {"budget": 4.0, "region": [0, 0, 1, 1], "floors": {0: 0.5}, "work": work, "shares": {"women": (0.4, women)}}
    with pytest.raises(PlanError) as error:
        choose(cost, cost, **given)
    said = str(error.value)
    assert "floor 0" in said
    assert "share women: let go 4 person-days" in said  # two units of 2 less 0.4 x 10
    assert "floor 1" not in said


def test_a_cap_and_a_floor_of_one_region_collide():
    cost = np.ones((4, 1))
    with pytest.raises(PlanError) as error:
        choose(cost, cost, budget=4.0, floors={0: 0.75}, caps={0: 0.25})
    assert {"floor 0" in str(error.value), "cap 0" in str(error.value)} == {True}
    assert "budget:" not in str(error.value)
