# SPDX-License-Identifier: Apache-2.0
"""Rules that no plan can keep: which floors give way and how far, and how a collision is told."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from homeground.errors import PlanError
from homeground.measures.planning.model import Problem, solve

HALF = 0.5  # with the same budget each year: spending grows evenly, from that of land begun in one year


def lower_floors(problem: Problem) -> tuple[Problem, dict[str, float]]:
    """Country floors lowered to what the suitable land of the country can take.

    Parameters
    ----------
    problem : Problem
        With floors: least shares of the whole budget by country.

    Returns
    -------
    (Problem, dict of iso3 to float)
        The problem with its lower floors; by country that gives way the share that is left, a millionth below what can
        be reached, for solvers round.

    Examples
    --------
    Niger has 4 km2 at 1 million USD each: of a budget of 10 million it can take 40 %.

    >>> import pandas as pd
    >>> pairs = pd.DataFrame({"unit": [0], "group": [0], "gain": [1.0], "ceiling_km2": [4.0]})
    >>> groups, one = pd.DataFrame({"iso3": ["NER"], "measure": ["a"]}), np.ones(1)
    >>> budget, floors = np.array([10.0]), {"NER": 0.5}
    >>> problem = Problem(pairs, np.array([4.0]), groups, one, one, np.ones((1, 1)), {}, budget, {}, floors)
    >>> round(lower_floors(problem)[1]["NER"], 5)
    0.4
    """
    floors = dict(problem.floors)
    most = _most_by_land(problem) if problem.even_pace else {}
    for iso3, share in problem.floors.items():
        if iso3 in most:
            reached = most[iso3] / float(problem.budget.sum())
            floors[iso3] = share if reached >= share - 1e-9 else reached * (1 - 1e-6)
            continue
        if problem.even_pace and share <= HALF:
            continue  # at an even pace the last year's budget pays for half of all budgets at the least
        groups = np.flatnonzero((problem.groups["iso3"] == iso3).to_numpy())
        place = {old: new for new, old in enumerate(groups)}
        pairs = problem.pairs[problem.pairs["group"].isin(groups)]
        if pairs.empty:
            floors[iso3] = 0.0
            continue
        alone = replace(
            problem,
            pairs=pairs.assign(group=pairs["group"].map(place)).reset_index(drop=True),
            groups=problem.groups.iloc[groups].reset_index(drop=True),
            establishment=problem.establishment[groups],
            upkeep=problem.upkeep[groups],
            work=problem.work[groups],
            shares={name: of_group[groups] for name, of_group in problem.shares.items()},
            share_rules={},
            floors={iso3: share},
        )
        rule = f"country_floor {iso3}"
        found = solve(alone, [rule], gives_way=rule)
        short = share if found is None else found.slack / float(problem.budget.sum())
        # A hair below what can be reached, so that rounding does not make it out of reach.
        floors[iso3] = share if short <= 1e-9 else max(0.0, (share - short) * (1 - 1e-6))
    lowered = {iso3: floors[iso3] for iso3, share in problem.floors.items() if floors[iso3] < share}
    return replace(problem, floors=floors), lowered


def _most_by_land(problem: Problem) -> dict[str, float]:
    """Million USD that the land of a country can take at an even pace, where its own budget would pay for that.

    Each unit takes its dearest measures first, up to their ceilings and its land: no other choice costs more. Countries
    whose land takes more than the budget of the last year are left out: what binds there is money, and a programme tells.
    """
    pairs, years = problem.pairs, problem.years
    unit, group = pairs["unit"].to_numpy(int), pairs["group"].to_numpy(int)
    cost = problem.cost.mean(axis=1)
    order = np.lexsort((-cost[group], unit))
    unit, group, ceiling = unit[order], group[order], pairs["ceiling_km2"].to_numpy(float)[order]
    before = np.cumsum(ceiling) - ceiling
    _, first = np.unique(unit, return_index=True)
    before -= np.repeat(before[first], np.diff(np.append(first, unit.size)))
    taken = np.clip(problem.unit_km2[unit] - before, 0.0, ceiling)
    country = problem.groups["iso3"].to_numpy()[group]
    last = (problem.establishment + problem.upkeep * (years - 1)) / years
    found = {}
    for iso3 in problem.floors:
        inside = country == iso3
        if float((last[group] * taken)[inside].sum()) <= float(problem.budget.min()):
            found[iso3] = float((cost[group] * taken)[inside].sum())
    return found


def make_room(problem: Problem) -> tuple[Problem, dict[str, float]]:
    """Country floors lowered to what all other rules leave room for.

    All floors are lowered by one factor, as little as can be. Those that bind there stay; the rest is raised again as
    far as it goes, and so on: no country gives way further than it must, nor to spare another. Without floors a plan
    that plans nothing keeps all rules, so that with these there always is one.

    Parameters
    ----------
    problem : Problem
        With floors: least shares of the whole budget by country.

    Returns
    -------
    (Problem, dict of iso3 to float)
        The problem with its lower floors; by country that gives way the share that is left, a millionth below what can
        be reached, for solvers round.

    Examples
    --------
    Two countries are promised 60 % of one budget each: five sixths of both can be kept.

    >>> import pandas as pd
    >>> pairs = pd.DataFrame({"unit": [0, 1], "group": [0, 1], "gain": 1.0, "ceiling_km2": 9.0})
    >>> groups, one = pd.DataFrame({"iso3": ["MLI", "NER"], "measure": "a"}), np.ones(2)
    >>> budget, floors = np.array([10.0]), {"MLI": 0.6, "NER": 0.6}
    >>> problem = Problem(pairs, 9 * one, groups, one, one, np.ones((2, 1)), {}, budget, {}, floors)
    >>> {iso3: round(share, 5) for iso3, share in make_room(problem)[1].items()}
    {'MLI': 0.5, 'NER': 0.5}
    """
    asked = {f"country_floor {iso3}": share for iso3, share in problem.floors.items() if share > 0}
    kept: dict[str, float] = {}
    while waiting := [rule for rule in asked if rule not in kept]:
        floors = {iso3: share * kept.get(f"country_floor {iso3}", 1.0) for iso3, share in problem.floors.items()}
        found = solve(replace(problem, floors=floors), problem.rules(), shrink=waiting)
        part = 0.0 if found is None else found.slack
        if found is None or part > 1 - 1e-9:
            kept |= dict.fromkeys(waiting, part if found is None else 1.0)
            break
        # The price of a floor is what the common part gains if that floor alone eases; weighed, they add up to 1.
        weight = {rule: asked[rule] * float(abs(found.prices[rule][0])) for rule in waiting}
        binding = [rule for rule in waiting if weight[rule] >= 1e-6]
        # A hair below what can be reached, so that rounding does not make it out of reach.
        kept |= dict.fromkeys(binding, part * (1 - 1e-6))
    floors = {iso3: share * kept.get(f"country_floor {iso3}", 0.0) for iso3, share in problem.floors.items()}
    lowered = {iso3: floors[iso3] for iso3, share in problem.floors.items() if floors[iso3] < share}
    return replace(problem, floors=floors), lowered


def explain(problem: Problem, *, floors_may_give_way: bool = True) -> PlanError:
    """Which rules collide, each group of them apart, and by how much each is missed if it alone gives way.

    Parameters
    ----------
    problem : Problem
        One whose rules no plan keeps.
    floors_may_give_way : bool
        Whether to advise that floors may give way; False where they already do.

    Returns
    -------
    PlanError
        To be raised: a line for each rule that collides.

    Examples
    --------
    Two countries are promised 60 % of 10 million USD each: if one gets its 6 million, the other is 2 million short.

    >>> import pandas as pd
    >>> pairs = pd.DataFrame({"unit": [0, 1], "group": [0, 1], "gain": 1.0, "ceiling_km2": 9.0})
    >>> groups, one = pd.DataFrame({"iso3": ["MLI", "NER"], "measure": "a"}), np.ones(2)
    >>> budget, floors = np.array([10.0]), {"MLI": 0.6, "NER": 0.6}
    >>> problem = Problem(pairs, 9 * one, groups, one, one, np.ones((2, 1)), {}, budget, {}, floors)
    >>> str(explain(problem)).splitlines()[1]
    '  - country_floor MLI: 6,000,000 USD asked (60.0%), short by 2,000,000 USD'
    """
    rest = problem.rules()
    groups = []
    while solve(problem, rest) is None:
        core = list(rest)
        for rule in rest:  # deletion filter: what is left cannot lose one rule more and stay infeasible
            fewer = [name for name in core if name != rule]
            if solve(problem, fewer) is None:
                core = fewer
        groups.append("\n".join(f"  - {_missed(problem, core, rule)}" for rule in core))
        rest = [rule for rule in rest if rule not in core]
    listed = "\nand apart from these\n".join(groups)
    advice = (
        " Or let floors give way to what the suitable land of a country can take (country_floor_up_to_capacity = true)."
        if floors_may_give_way and problem.floors
        else ""
    )
    return PlanError(
        "no plan keeps all rules. Under this budget and this suitable land these collide "
        f"(one rule of each group must give way, by what it says):\n{listed}\n"
        f"Lower a rule, raise the adoption ceilings, or change the budget.{advice}"
    )


def _missed(problem: Problem, core: list[str], rule: str) -> str:
    """How far one rule is missed, at the least, if the others of its group are kept."""
    if rule in problem.share_rules:
        asked = problem.share_rules[rule]
        reached, beyond = 0.0, asked
        while beyond - reached > 5e-4:  # halving: a share is no linear sum, so its highest level is searched
            middle = (reached + beyond) / 2
            tried = replace(problem, share_rules={**problem.share_rules, rule: middle})
            reached, beyond = (middle, beyond) if solve(tried, core) is not None else (reached, middle)
        return f"{rule}: {asked:.1%} of person-days asked, {reached:.1%} can be reached ({asked - reached:.1%} missed)"
    if rule in problem.more:
        row, found = problem.more[rule], solve(problem, core, gives_way=rule)
        wanted = f"{row.right * row.scale:,.0f} {row.unit} asked" if row.right else "asked"
        if found is None:
            return f"{rule}: {wanted}, and nothing that fits gives any"
        what = "short by" if row.sign == ">" else "passed by"
        return f"{rule}: {wanted}, {what} {found.slack * row.scale:,.0f} {row.unit}"
    iso3 = rule.removeprefix("country_floor ")
    money = problem.floors[iso3] * float(problem.budget.sum()) * 1e6
    found = solve(problem, core, gives_way=rule)
    short = money if found is None else found.slack * 1e6
    return f"{rule}: {money:,.0f} USD asked ({problem.floors[iso3]:.1%}), short by {short:,.0f} USD"
