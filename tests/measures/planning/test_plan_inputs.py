# SPDX-License-Identifier: Apache-2.0
"""What a plan refuses before anything is solved, and what it makes of what it is given, by hand."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from homeground.errors import DataError, PlanError
from homeground.language.languages import NBSP
from homeground.language.messages import tell
from homeground.measures import options, plan
from homeground.measures.planning import plan as planning
from homeground.measures.planning.plan import _check_floors, _check_numbers, _nothing_left, check_money
from homeground.measures.planning.rules.asked import for_each, read_rules
from homeground.numbers.money import Money

HALF_MOONS = options().loc[["half_moons"]].assign(
    establishment_cost_low=50.0, establishment_cost_mid=100.0, establishment_cost_high=200.0,
    upkeep_cost_low=0.0, upkeep_cost_mid=0.0, upkeep_cost_high=0.0,
    adoption_ceiling_low=0.5, adoption_ceiling_mid=0.5, adoption_ceiling_high=0.5,
)  # fmt: skip
UNITS = pd.DataFrame(
    [
        {"region_id": "NE1", "iso3": "NER", "aridity_class": "arid", "cover_class": "grassland", "area_km2": 100.0,
         "rain_mm": 400.0},
        {"region_id": "ML1", "iso3": "MLI", "aridity_class": "arid", "cover_class": "grassland", "area_km2": 10.0,
         "rain_mm": 400.0},
    ]
)  # fmt: skip


def made(budget=1e5, years=(2025, 2025), units=UNITS, wide=HALF_MOONS, **more):
    return plan(units, wide, budget=Money(budget, "USD", 2023), years=years, **more)


# rules


def _checked_rules(given, units):
    rules = for_each(read_rules(given), {"iso3": units["iso3"]})
    _check_floors(rules)
    return {rule.group or rule.where: rule.part for rule in rules}


@pytest.mark.parametrize("share", [0, 0.0, 0.25, 1, 1.0])
def test_shares_from_nothing_to_all_are_rules(share):
    for rule in ("women", "youth"):
        assert _checked_rules({rule: share}, UNITS) == ({rule: share} if share else {})  # nothing is asked for
    assert _checked_rules({"country_floor": {"NER": share}}, UNITS) == ({"NER": share} if share else {})


@pytest.mark.parametrize("share", [-0.01, 1.01, 40, -1])
def test_shares_beyond_are_refused_with_where_they_stand(share):
    for rule in ("women", "youth"):
        with pytest.raises(DataError, match=f"{rule}: a share from 0 to 1 was expected, found {share}"):
            _checked_rules({rule: share}, UNITS)
    with pytest.raises(DataError, match=f"MLI: a share from 0 to 1 was expected, found {share}"):
        _checked_rules({"country_floor": {"MLI": share}}, UNITS)
    with pytest.raises(DataError, match=f"a share from 0 to 1 was expected, found {share}"):
        _checked_rules({"country_floor": share}, UNITS)


def test_all_faults_of_rules_are_told_at_once():
    with pytest.raises(DataError) as caught:
        _checked_rules({"woman": 0.4, "youth": 2, "country_floor": {"FRA": 0.1, "NER": 0.1}}, UNITS)
    for told in ('rule "woman" is unknown', "youth: a share"):
        assert told in str(caught.value)
    with pytest.raises(DataError, match="floor over iso3 names FRA, which have no units"):
        _checked_rules({"country_floor": {"FRA": 0.1, "NER": 0.1}}, UNITS)
    assert _checked_rules({}, UNITS) == {}


def test_floors_may_be_all_of_the_budget_and_no_more():
    assert _checked_rules({"country_floor": 0.5}, UNITS) == {"MLI": 0.5, "NER": 0.5}
    assert _checked_rules({"country_floor": {"NER": 0.7, "MLI": 0.3}}, UNITS)
    thirds = pd.DataFrame({"iso3": list("abcdefghij")})
    assert _checked_rules({"country_floor": 0.1}, thirds)  # ten tenths are 1 but for rounding
    with pytest.raises(PlanError) as caught:
        _checked_rules({"country_floor": 0.6}, UNITS)
    assert str(caught.value) == (
        "the country floors of 2 countries add up to 120.0% of the budget, 20.0% more than all of it. "
        "Lower country_floor to 0.5000 or less."
    )
    with pytest.raises(PlanError, match=r"add up to 100\.0%"):
        _checked_rules({"country_floor": {"NER": 0.7, "MLI": 0.3 + 1e-11}}, UNITS)


# money


def test_money_of_one_currency_and_year_passes():
    assert check_money(Money(1.0, "USD", 2023), HALF_MOONS) == []
    told = "The budget is taken as published, without a price year; costs are in prices of 2023."
    assert tell(check_money(Money(0.5, "USD", None), HALF_MOONS)) == told


@pytest.mark.parametrize(
    ("budget", "change", "told"),
    [
        (Money(0.0, "USD", 2023), {}, "a budget above 0 was expected, found 0.0"),
        (Money(-5.0, "USD", 2023), {}, "a budget above 0 was expected, found -5.0"),
        (Money(float("nan"), "USD", 2023), {}, "a budget above 0 was expected, found nan"),
        (Money(1.0, "EUR", 2023), {}, "the budget is in EUR, costs are in USD"),
        (Money(1.0, "USD", 2019), {}, "the budget is in prices of 2019, costs in prices of 2023"),
        (Money(1.0, "USD", 2023), {"price_year": [2023, 2020]}, "options are in USD of 2020, 2023; one was expected"),
        (Money(1.0, "USD", 2023), {"currency": ["USD", "EUR"]}, "options are in EUR, USD of 2023; one was expected"),
    ],
)
def test_money_that_does_not_fit_is_refused(budget, change, told):
    with pytest.raises(DataError) as caught:
        check_money(budget, pd.concat([HALF_MOONS] * 2).assign(**change))
    assert told in str(caught.value)
    assert (
        str(caught.value).count("expected") + str(caught.value).count("Convert") + str(caught.value).count("moves") == 1
    )


# numbers


def checked(units=UNITS, value=None, years=(2025, 2026), estimate="mid"):
    _check_numbers(units, HALF_MOONS, value or {}, years, estimate)


def test_numbers_at_their_limits_pass():
    checked(years=(2025, 2025))
    checked(units=UNITS.assign(need=[0.0, 1.0]), value={"half_moons": 0.0})
    for estimate in ("low", "mid", "high"):
        checked(estimate=estimate)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"years": (2026, 2025)}, r"years end before they start: \[2026, 2025\]. Write \[2025, 2026\]."),
        ({"estimate": "best"}, 'estimate "best" is unknown'),
        ({"units": UNITS.assign(need=[0.5, 4.01])}, "need from 0 to 4"),
        ({"units": UNITS.assign(need=[-0.01, 0.5])}, "need from 0 to 4"),
        ({"units": UNITS.assign(need=[0.5, np.nan])}, "need from 0 to 4"),
        ({"value": {"dams": 1.0}}, "value names dams, which are not among the options"),
        ({"value": {"half_moons": -0.1}}, "value of 0 or more"),
        ({"value": {"half_moons": float("nan")}}, "value of 0 or more"),
    ],
)
def test_numbers_beyond_are_refused(given, told):
    with pytest.raises(DataError, match=told):
        checked(**given)


def test_one_bad_value_among_good_ones_is_enough():
    wide = pd.concat([HALF_MOONS, HALF_MOONS.rename(index={"half_moons": "zai"})])
    with pytest.raises(DataError, match="value of 0 or more"):
        _check_numbers(UNITS, wide, {"half_moons": 1.0, "zai": -1.0}, (2025, 2025), "mid")


@pytest.mark.parametrize("ceiling", [0, -0.1, 1.01, 25])
def test_a_land_ceiling_beyond_is_refused(ceiling):
    with pytest.raises(DataError, match="not per cent"):
        made(land_ceiling=ceiling)


# what is made of it: 100 USD a hectare, half of 100 and of 10 km2 at most


def test_a_plan_with_all_its_numbers():
    result = made()
    # 100 000 USD at 100 USD/ha; at 200 the half, at 50 the double. No interval of the bound, no gap.
    assert result.objective == pytest.approx(1000.0)
    assert result.objective_interval == (pytest.approx(500.0), pytest.approx(2000.0))
    assert result.bound == pytest.approx(1000.0, rel=1e-7)
    assert 0 <= result.gap < 1e-7
    assert result.schedule["year"].tolist() == [2025] * len(result.schedule)
    assert result.spending[["year", "establishment_usd"]].values.tolist() == [[2025, pytest.approx(1e5)]]
    assert result.prices["where"].tolist() == ["2025", "all"]  # and the adoption ceilings
    assert (result.years, result.estimate, result.land_ceiling, result.even_pace) == ((2025, 2025), "mid", 1.0, False)
    assert result.checks["kept"].all()
    assert result.rules == ()
    assert result.notes == []
    assert made(with_interval=False).objective_interval == (pytest.approx(np.nan, nan_ok=True),) * 2


def test_each_year_has_the_budget():
    result = made(years=(2025, 2027))
    assert result.objective == pytest.approx(3000.0)
    assert result.spending["year"].tolist() == [2025, 2026, 2027]
    assert result.prices["where"].tolist() == ["2025", "2026", "2027", "all"]
    assert sorted(set(result.schedule["year"])) == [2025, 2026, 2027]


def test_a_land_ceiling_holds_for_all_measures_together():
    # 0.5 of 110 km2 may be dug, 0.1 of them may be taken in all.
    assert made(1e9).objective == pytest.approx(5500.0)
    assert made(1e9, land_ceiling=0.1).objective == pytest.approx(1100.0)
    assert made(1e9, land_ceiling=1.0).objective == pytest.approx(5500.0)
    assert made(1e9, land_ceiling=0.1).land_ceiling == 0.1


def test_need_and_value_weigh_the_land():
    assert made(1e9, units=UNITS.assign(need=[0.5, 1.0])).objective == pytest.approx(0.5 * 5000 + 500)
    assert made(1e9, value={"half_moons": 3.0}).objective == pytest.approx(16_500.0)
    nothing = made(units=UNITS.assign(need=0.0))
    assert nothing.objective == 0.0
    assert nothing.gap == 0.0


def test_an_even_pace_is_handed_on():
    wide = HALF_MOONS.assign(upkeep_cost_mid=100.0)
    result = made(1e5, years=(2025, 2026), wide=wide, even_pace=True, with_interval=False)
    assert result.schedule.groupby("year")["hectares"].sum().tolist() == [pytest.approx(500.0)] * 2
    assert result.even_pace
    uneven = made(1e5, years=(2025, 2026), wide=wide, with_interval=False)
    assert "pace" not in set(uneven.checks["rule"])


def test_floors_that_the_land_cannot_take_give_way_only_if_asked():
    # Mali has 5 km2 for 50 000 of 1 000 000 USD: 5 %.
    asked = {"budget": 1e6, "rules": {"country_floor": {"MLI": 0.2}}, "with_interval": False}
    with pytest.raises(PlanError, match=r"country_floor_up_to_capacity = true"):
        made(**asked)
    result = made(**asked, floors_up_to_capacity=True)
    assert result.floors == {"MLI": pytest.approx(0.05, rel=1e-5)}
    told = "Country floors lowered to what the suitable land of the country can take: MLI 5.00 per cent."
    assert tell(result.notes).replace(NBSP, " ") == told
    kept = made(budget=1e6, rules={"country_floor": {"MLI": 0.04}}, with_interval=False, floors_up_to_capacity=True)
    assert kept.floors == {"MLI": 0.04}
    assert kept.notes == []


def test_a_floor_that_the_rules_leave_no_room_for_is_told_apart_from_one_of_the_land():
    women = HALF_MOONS.assign(women_share_mid=0.5)
    trees = options().loc[["tree_planting"]].assign(women_share_mid=0.2, adoption_ceiling_mid=1.0)
    for name in ("establishment_cost_mid", "person_days_establishment_mid"):
        women, trees = women.assign(**{name: 100.0}), trees.assign(**{name: 100.0})
    for name in ("upkeep_cost_mid", "person_days_season_mid", "person_days_upkeep_mid"):
        women, trees = women.assign(**{name: 0.0}), trees.assign(**{name: 0.0})
    crops = {"aridity_class": "dry sub-humid", "cover_class": "cropland", "rain_mm": 900.0, "area_km2": 10.0}
    units = pd.DataFrame([UNITS.iloc[0].to_dict() | {"area_km2": 20.0}, UNITS.iloc[1].to_dict() | crops,
                          UNITS.iloc[1].to_dict() | {"region_id": "TD1", "iso3": "TCD", "area_km2": 2.0}])  # fmt: skip
    result = made(
        2e5, units=units, wide=pd.concat([women, trees]), with_interval=False, floors_up_to_capacity=True,
        rules={"women": 0.4, "country_floor": {"MLI": 0.4, "TCD": 0.2}},
    )  # fmt: skip
    # Chad has 1 km2 to dig: 10 000 of 200 000 USD, 5 %. Mali's trees lack 0.2 of women, half-moons have 0.1 to spare:
    # 1 100 ha of half-moons (110 000 USD) make room for 550 ha of trees, 55 000 USD: 27.5 %.
    floors = result.floors
    assert floors == {"MLI": pytest.approx(0.275, rel=1e-4), "TCD": pytest.approx(0.05, rel=1e-4)}
    assert len(result.notes) >= 1
    assert "the other rules leave room for: MLI 27.50 per cent" in tell(result.notes).replace(NBSP, " ")


def test_shares_that_no_measure_has_leave_nothing():
    with pytest.raises(PlanError) as caught:
        made(rules={"women": 0.99})
    most = HALF_MOONS["women_share_mid"].iloc[0]
    assert f"  - women: 99.0% of person-days asked, the measure with most gives {most:.1%}" in str(caught.value)
    assert made(rules={"women": most}).objective == pytest.approx(1000.0)


def test_the_measure_with_most_is_named():
    problem = SimpleNamespace(share_rules={"youth": 0.9}, shares={"youth": np.array([0.1, 0.4, 0.3])})
    assert "youth: 90.0% of person-days asked, the measure with most gives 40.0%" in str(_nothing_left(problem))


def test_a_plan_that_breaks_a_rule_on_recheck_is_not_given(monkeypatch):
    def broken(result):
        return pd.DataFrame({"rule": ["budget", "women"], "kept": [True, False]})

    monkeypatch.setattr(planning, "recheck", broken)
    with pytest.raises(PlanError, match="breaks women when checked again"):
        made()


def test_the_gap_is_what_the_bound_leaves_open(monkeypatch):
    best = planning.solve_cheapest

    def loose(problem):
        found = best(problem)
        return SimpleNamespace(**{**vars(found), "bound": found.objective * 1.25})

    monkeypatch.setattr(planning, "solve_cheapest", loose)
    result = made(with_interval=False)
    assert result.gap == pytest.approx(0.25)
    assert result.bound == pytest.approx(1250.0)


def test_a_bound_a_hair_below_is_no_gap(monkeypatch):
    best = planning.solve_cheapest

    def tight(problem):
        found = best(problem)
        return SimpleNamespace(**{**vars(found), "bound": found.objective * (1 - 1e-9)})

    monkeypatch.setattr(planning, "solve_cheapest", tight)
    assert made(with_interval=False).gap == 0.0


def test_an_end_that_keeps_no_rule_has_no_number():
    # At 200 USD/ha Mali's 5 km2 cost 100 000 USD, at 50 but 25 000: a floor of 40 000 cannot be kept there.
    result = made(1e5, rules={"country_floor": {"MLI": 0.4}})
    assert result.objective_interval[0] == pytest.approx(500.0)
    assert np.isnan(result.objective_interval[1])
    kept = made(1e5, rules={"country_floor": {"MLI": 0.4}}, floors_up_to_capacity=True)
    assert kept.objective_interval == (pytest.approx(500.0), pytest.approx(2000.0))


def test_an_end_where_the_other_rules_leave_no_room_gets_room(monkeypatch):
    asked = []
    room = planning.make_room
    monkeypatch.setattr(planning, "make_room", lambda problem: asked.append(problem) or room(problem))
    solve = planning.solve

    def no_plan_at_first(problem, names, **more):
        if not asked and "least_gain" not in more and problem.establishment[0] == pytest.approx(0.02):  # the dear end
            return None
        return solve(problem, names, **more)

    monkeypatch.setattr(planning, "solve", no_plan_at_first)
    result = made(1e5, rules={"country_floor": {"MLI": 0.1}}, floors_up_to_capacity=True)
    assert len(asked) == 1
    assert result.objective_interval[0] == pytest.approx(500.0)
    asked.clear()
    assert np.isnan(made(1e5, rules={"country_floor": {"MLI": 0.1}}).objective_interval[0])
    assert asked == []


def test_a_plan_of_less_than_a_km2_is_a_plan_and_its_gap_is_of_its_own_gain():
    """Half a km2 of half-moons: 50 ha at 213.4 USD, all worth 1; the bound proves it to a part of the gain itself."""
    wide = options().loc[["half_moons"]]
    share = float(wide["women_share_mid"].iloc[0])
    found = plan(
        UNITS.assign(need=1.0),
        wide,
        budget=Money(50 * 213.4, "USD", 2023),
        years=(2025, 2025),
        rules={"women": share / 2},
    )
    assert found.objective == pytest.approx(50.0, rel=1e-6)
    assert found.gap == pytest.approx((found.bound - found.objective) / found.objective, abs=1e-12)
