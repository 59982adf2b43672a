# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from homeground.errors import DataError, PlanError
from homeground.language.languages import NBSP
from homeground.language.messages import tell
from homeground.measures import Rule, options, plan, recheck, suitable_areas
from homeground.numbers.money import Money

OPTIONS = options()
YEARS = (2025, 2027)


def unit(region="NE1", **changes):
    row = {"region_id": region, "iso3": region[:2] + "X", "aridity_class": "arid", "cover_class": "grassland"}
    return {**row, "area_km2": 100.0, "rain_mm": 400.0, **changes}


UNITS = pd.DataFrame(
    [
        unit("NE1", need=0.8),
        unit("NE1", cover_class="cropland", aridity_class="semi-arid", rain_mm=550.0, area_km2=60.0, need=0.5),
        unit("ML1", need=0.3, area_km2=250.0),
        unit("ML2", cover_class="barren", need=1.0, area_km2=40.0),
        unit("BF1", cover_class="cropland", aridity_class="dry sub-humid", rain_mm=750.0, area_km2=90.0, need=0.6),
    ]
)
BUDGET = Money(300_000.0, "USD", 2023)


def make(units=UNITS, wide=OPTIONS, budget=BUDGET, years=YEARS, **more):
    return plan(units, wide, budget=budget, years=years, **more)


def slow_twin(units, wide, budget, years, rules):
    """The same question asked in the plainest way: hectares by unit, measure and year, solved by SciPy."""
    from scipy.optimize import linprog

    areas = suitable_areas(units, wide)
    n_years = years[1] - years[0] + 1
    columns = []
    for u, row in units.reset_index(drop=True).iterrows():
        for measure in wide.index:
            here = areas.iloc[u * len(wide) + list(wide.index).index(measure)]
            columns += [(u, row, measure, start, here["ceiling_km2"] * 100) for start in range(n_years)]
    gain = [row["need"] for _, row, _, _, _ in columns]
    rows, limits = [], []
    for t in range(n_years):
        rows.append(
            [
                wide.at[m, "establishment_cost_mid"] * (s == t) + wide.at[m, "upkeep_cost_mid"] * (s < t)
                for _, _, m, s, _ in columns
            ]
        )
        limits.append(budget)
    for u, row in units.reset_index(drop=True).iterrows():
        rows.append([float(v == u) for v, *_ in columns])
        limits.append(row["area_km2"] * 100)
        for measure in wide.index:
            most = next(c[4] for c in columns if c[0] == u and c[2] == measure)
            rows.append([float(v == u and m == measure) for v, _, m, _, _ in columns])
            limits.append(most)

    def cost(m, s):
        return wide.at[m, "establishment_cost_mid"] + wide.at[m, "upkeep_cost_mid"] * (n_years - 1 - s)

    def work(m, s):
        yearly = wide.at[m, "person_days_season_mid"] + wide.at[m, "person_days_upkeep_mid"]
        return wide.at[m, "person_days_establishment_mid"] + yearly * (n_years - 1 - s)

    for who in ("women", "youth"):
        if who in rules:
            rows.append([(rules[who] - wide.at[m, f"{who}_share_mid"]) * work(m, s) for _, _, m, s, _ in columns])
            limits.append(0.0)
    for iso3 in sorted(set(units["iso3"])) if "country_floor" in rules else []:
        rows.append([-cost(m, s) * (r["iso3"] == iso3) for _, r, m, s, _ in columns])
        limits.append(-rules["country_floor"] * budget * n_years)
    finer = {"dual_feasibility_tolerance": 1e-10}  # some lands need next to nothing: their gain is below SciPy's 1e-7
    found = linprog(-np.array(gain), A_ub=np.array(rows), b_ub=limits, method="highs", options=finer)
    return -found.fun if found.status == 0 else None


def test_one_measure_by_hand():
    # One hectare of half-moons: 213.4 USD as shipped. Two years: 13.84 USD upkeep in the second for the first's, 1.496 days.
    wide = OPTIONS.loc[["half_moons"]]
    cost, upkeep = wide["establishment_cost_mid"].iloc[0], wide["upkeep_cost_mid"].iloc[0]
    result = make(pd.DataFrame([unit(area_km2=1e4)]), wide, Money(21_340.0, "USD", 2023), (2025, 2026))
    first = 21_340.0 / cost
    second = (21_340.0 - upkeep * first) / cost
    assert result.objective == pytest.approx(first + second)
    assert result.schedule.sort_values("year")["hectares"].tolist() == [pytest.approx(first), pytest.approx(second)]
    assert result.spending["upkeep_usd"].tolist() == [0.0, pytest.approx(upkeep * first)]
    row = result.allocation.iloc[0]
    assert row["person_days_establishment"] == pytest.approx(100.0 * (first + second))
    assert row["person_days_upkeep"] == pytest.approx(1.496 * first)
    assert row["cost_usd"] == pytest.approx(2 * 21_340.0)
    assert row["cost_usd_low"] < row["cost_usd"] < row["cost_usd_high"]


def test_ceiling_holds_however_much_money():
    result = make(pd.DataFrame([unit()]), OPTIONS.loc[["half_moons"]], Money(1e9, "USD", 2023))
    assert result.objective == pytest.approx(1000.0)  # a tenth of 100 km2


@pytest.mark.parametrize(
    "rules",
    [
        {},
        {"women": 0.42},
        {"youth": 0.46},
        {"country_floor": 0.2},
        {"women": 0.42, "youth": 0.40, "country_floor": 0.25},
    ],
)
def test_matches_the_slow_twin(rules):
    result = make(rules=rules, with_interval=False)
    assert result.objective == pytest.approx(slow_twin(UNITS, OPTIONS, BUDGET.amount, YEARS, rules), rel=1e-7)
    assert result.bound == pytest.approx(result.objective, rel=1e-7)
    assert result.gap < 1e-7
    assert result.checks["kept"].all()


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.tuples(st.floats(1, 500), st.floats(0, 1)), min_size=5, max_size=5),
    st.floats(1e4, 5e6),
    st.floats(0, 0.5),
    st.floats(0, 0.3),
)
@example([(1.0, 0.1542), (52.3, 0.0), (1.0, 0.0), (166.7, 1.2e-7), (95.0, 0.0)], 35051.0, 0.0, 0.25)  # next to no need
@example([(1.0, 0.0)] * 4 + [(1.0, 1.0)], 1e4, 0.0, 1e-9)  # a floor finer than a solver is
def test_any_plan_is_proven_rechecked_and_the_twins(lands, money, women, floor):
    units = UNITS.assign(area_km2=[area for area, _ in lands], need=[need for _, need in lands])
    rules = {"women": women, "country_floor": floor}
    twin = slow_twin(units, OPTIONS, money, (2025, 2026), rules)
    try:
        result = make(units, budget=Money(money, "USD", 2023), years=(2025, 2026), rules=rules, with_interval=False)
    except PlanError:
        assert twin is None or twin <= 1e-6  # shares that nothing can meet leave nothing to plan
        return
    assert result.objective == pytest.approx(twin, rel=1e-6, abs=1e-6)
    assert result.bound >= result.objective * (1 - 1e-9)
    assert recheck(result)["kept"].all()


def test_no_tree_is_planned_on_open_land():
    units = pd.DataFrame([unit(cover_class="savanna", aridity_class="semi-arid", rain_mm=700.0)])
    rich = Money(1e9, "USD", 2023)
    assert "tree_planting" not in set(make(units, budget=rich, with_interval=False).allocation["measure"])
    asked = make(units, budget=rich, trees_on_open_land=True, with_interval=False)
    assert "tree_planting" in set(asked.allocation["measure"])


def test_price_of_a_rule_is_what_dropping_it_gains():
    ruled, free = make(rules={"women": 0.45}, with_interval=False), make(with_interval=False)
    price = ruled.prices.set_index("rule").loc["women"]
    assert price["objective_lost"] == pytest.approx(free.objective - ruled.objective)
    assert price["objective_without"] == pytest.approx(free.objective)
    assert price["objective_lost"] > 0


def test_shadow_prices_are_slopes():
    base = make(rules={"women": 0.45, "country_floor": 0.2}, with_interval=False)
    prices = base.prices.set_index(["rule", "where"])["shadow_price"]
    budget = prices.loc["budget"]
    richer = make(
        budget=Money(BUDGET.amount + 1.0, "USD", 2023),
        rules={"women": 0.45, "country_floor": 0.2},  # a fifth of the larger budget
        with_interval=False,
    )
    assert (richer.objective - base.objective) * 1e6 == pytest.approx(budget.sum(), rel=1e-3)
    stricter = make(rules={"women": 0.45 + 1e-6, "country_floor": 0.2}, with_interval=False)
    assert (stricter.objective - base.objective) * 1e4 == pytest.approx(prices["women", "all"], rel=1e-3)


def test_interval_holds_the_plan():
    result = make(rules={"women": 0.4})
    low, high = result.objective_interval
    assert low < result.objective < high


def test_unverified_shares_are_said():
    shares = make(with_interval=False).unverified
    assert set(shares) == {"cost", "person_days", "benefit", "carbon", "hectares", "women_and_youth"}
    assert all(0 <= share <= 1 for share in shares.values())
    alone = make(pd.DataFrame([unit()]), OPTIONS.loc[["half_moons"]], with_interval=False).unverified
    assert alone["cost"] == 0.0  # its establishment cost was seen in sources
    assert alone["hectares"] == 1.0  # its adoption ceiling is a default
    assert alone["women_and_youth"] == 0.5  # women's share seen, youth's not


def test_recheck_finds_a_tampered_plan():
    good = make(rules={"women": 0.42, "country_floor": 0.2}, with_interval=False)
    more = good.allocation.assign(area_km2=good.allocation["area_km2"] * 2)
    assert recheck(replace(good, allocation=more)).query("not kept")["rule"].tolist() == ["area"]
    more = more.assign(hectares=more["hectares"] * 2)
    assert "adoption_ceiling" in recheck(replace(good, allocation=more)).query("not kept")["rule"].tolist()
    dear = replace(good, schedule=good.schedule.assign(hectares=good.schedule["hectares"] * 1.1))
    assert {"budget", "schedule"} <= set(recheck(dear).query("not kept")["rule"])
    harder = [Rule("share", part=0.9, group="women"), *(replace(r, part=0.9) for r in good.rules if r.over)]
    unfair = replace(good, rules=tuple(harder))
    assert {"women", "country_floor"} <= set(recheck(unfair).query("not kept")["rule"])


def test_a_floor_too_high_for_the_land_is_named_with_its_shortfall():
    units = pd.DataFrame([unit("NE1", area_km2=1000.0), unit("ML1", area_km2=1.0)])
    wide = OPTIONS.loc[["half_moons"]]
    with pytest.raises(PlanError) as caught:
        make(units, wide, Money(1e5, "USD", 2023), (2025, 2025), rules={"country_floor": 0.3})
    # Mali: at most 10 ha x 213.4 USD = 2 134 of 30 000 USD.
    assert "country_floor MLX: 30,000 USD asked (30.0%), short by 27,866 USD" in str(caught.value)
    assert "NEX" not in str(caught.value)


def test_colliding_rules_are_named_together():
    with pytest.raises(PlanError) as caught:
        make(pd.DataFrame([unit()]), rules={"women": 0.6, "youth": 0.1, "country_floor": 0.1})
    text = str(caught.value)
    assert "women: 60.0% of person-days asked, 53.0% can be reached" in text
    assert "country_floor NEX" in text
    assert "youth" not in text  # it can be kept and is not blamed


def test_floors_above_the_budget_say_by_how_much():
    with pytest.raises(PlanError, match=r"add up to 120.0% of the budget, 20.0% more"):
        make(rules={"country_floor": 0.4})


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"budget": Money(1e5, "EUR", 2023)}, "the budget is in EUR, costs are in USD"),
        ({"budget": Money(1e5, "USD", 2019)}, "the budget is in prices of 2019, costs in prices of 2023"),
        ({"budget": Money(0.0, "USD", 2023)}, "a budget above 0"),
        ({"years": (2030, 2025)}, "years end before they start"),
        ({"rules": {"woman": 0.4}}, 'rule "woman" is unknown'),
        ({"rules": {"women": 40}}, "women: a share from 0 to 1"),
        ({"rules": {"country_floor": {"FRA": 0.1}}}, "names FRA, which have no units"),
        ({"estimate": "best"}, "low, mid or high"),
        ({"value": {"dams": 1.0}}, "value names dams"),
        ({"units": UNITS.assign(need=[0.5, np.nan, 1, 1, 1])}, "need from 0 to 4"),
        ({"wide": OPTIONS.assign(price_year=[2020] + [2023] * (len(OPTIONS) - 1))}, "one was expected"),
    ],
)
def test_faulty_input_is_refused(more, message):
    with pytest.raises(DataError, match=message):
        make(**more)


def test_a_budget_without_price_year_is_noted():
    result = make(budget=Money(1e5, "USD", None), with_interval=False)
    told = "The budget is taken as published, without a price year; costs are in prices of 2023."
    assert tell(result.notes) == told


def test_nothing_suitable_is_said():
    with pytest.raises(PlanError, match="no measure fits any unit"):
        make(pd.DataFrame([unit(cover_class="water")]))


def test_solving_prints_nothing(capfd):
    make(with_interval=False)
    assert capfd.readouterr() == ("", "")


def test_a_country_without_suitable_land_cannot_have_a_floor():
    units = pd.DataFrame([unit("NE1"), unit("ML1", cover_class="water")])
    with pytest.raises(PlanError, match=r"country_floor MLX: 2,000 USD asked \(20.0%\), short by 2,000 USD"):
        make(units, budget=Money(1e4, "USD", 2023), years=(2025, 2025), rules={"country_floor": 0.2})


def test_separate_collisions_are_all_named():
    units = pd.DataFrame([unit("NE1"), unit("ML1", cover_class="water"), unit("BF1", cover_class="artificial")])
    with pytest.raises(PlanError) as caught:
        make(units, budget=Money(1e4, "USD", 2023), years=(2025, 2025), rules={"country_floor": 0.2})
    text = str(caught.value)
    assert "country_floor MLX" in text
    assert "and apart from these" in text
    assert "country_floor BFX" in text


def test_no_need_no_plan_and_no_false_figures():
    result = make(UNITS.assign(need=0.0), with_interval=False)
    assert result.objective == 0.0
    assert result.gap == 0.0
    assert result.checks["kept"].all()


def most_spent(units, wide, budget, years, women, country):
    """Most USD that can go to one country while the share of women holds, in the plainest way, by SciPy."""
    from scipy.optimize import linprog

    areas, n = suitable_areas(units, wide), years[1] - years[0] + 1
    columns = [(i, m, s) for i, m in enumerate(areas["measure"]) for s in range(n)]
    cost, yearly = wide["establishment_cost_mid"], wide["upkeep_cost_mid"]
    again = wide["person_days_season_mid"] + wide["person_days_upkeep_mid"]
    days = wide["person_days_establishment_mid"]
    spent = [cost[m] + yearly[m] * (n - 1 - s) for _, m, s in columns]
    rows = [[cost[m] * (s == t) + yearly[m] * (s < t) for _, m, s in columns] for t in range(n)]
    limits = [budget] * n
    for i, area in enumerate(areas.itertuples()):
        rows.append([float(j == i) for j, *_ in columns])
        limits.append(area.ceiling_km2 * 100)
    for u, land in enumerate(units["area_km2"]):
        rows.append([float(i // len(wide) == u) for i, *_ in columns])
        limits.append(land * 100)
    share = wide["women_share_mid"]
    rows.append([(women - share[m]) * (days[m] + again[m] * (n - 1 - s)) for _, m, s in columns])
    limits.append(0.0)
    aim = [-c * (areas["iso3"].iloc[i] == country) for c, (i, *_) in zip(spent, columns, strict=True)]
    return -linprog(np.array(aim), A_ub=np.array(rows), b_ub=limits, method="highs").fun


def test_a_floor_up_to_capacity_leaves_room_for_the_share_of_women():
    # Were the floor lowered only to what the land can take, it would ask for work that few women have.
    units, rich = UNITS[UNITS["iso3"] == "BFX"].reset_index(drop=True), Money(1e7, "USD", 2023)
    rules = {"women": 0.45, "country_floor": 0.5}
    asked = {"units": units, "budget": rich, "years": (2025, 2026), "rules": rules}
    result = make(**asked, floors_up_to_capacity=True)
    most = most_spent(units, OPTIONS, 1e7, (2025, 2026), 0.45, "BFX")
    free = most_spent(units, OPTIONS, 1e7, (2025, 2026), 0.0, "BFX")
    assert most < 0.999 * free  # else the share of women does not bind and nothing is tested
    assert result.floors["BFX"] * 2e7 == pytest.approx(most, rel=1e-5)
    assert result.allocation["cost_usd"].sum() == pytest.approx(most, rel=1e-5)
    assert result.checks["kept"].all()
    told = f"Country floors lowered to what the other rules leave room for: BFX {most / 2e5:.2f} per cent."
    assert tell(result.notes).replace(NBSP, " ") == told
    assert all(np.isfinite(result.objective_interval))


def test_only_the_floors_that_collide_give_way_and_each_as_little_as_it_must():
    # Twins get the same floor: neither is sacrificed for the other. The third can keep its own and does.
    wide = OPTIONS.loc[["half_moons", "tree_planting"]].copy()
    wide["women_share_mid"] = [0.5, 0.2]
    for name in ("establishment_cost_mid", "person_days_establishment_mid"):
        wide[name] = 100.0
    for name in ("upkeep_cost_mid", "person_days_season_mid", "person_days_upkeep_mid"):
        wide[name] = 0.0
    wide["adoption_ceiling_mid"] = 1.0
    trees = {"cover_class": "cropland", "aridity_class": "dry sub-humid", "rain_mm": 900.0, "area_km2": 10.0}
    units = pd.DataFrame([unit("ML1", **trees), unit("TD1", **trees), unit("NE1", area_km2=10.0)])
    fits = suitable_areas(units, wide).query("ceiling_km2 > 0")[["iso3", "measure"]].to_numpy().tolist()
    assert fits == [["MLX", "tree_planting"], ["TDX", "tree_planting"], ["NEX", "half_moons"]]
    result = make(
        units,
        wide,
        Money(2e5, "USD", 2023),
        (2025, 2025),
        rules={"women": 0.4, "country_floor": {"MLX": 0.4, "TDX": 0.4, "NEX": 0.2}},
        floors_up_to_capacity=True,
        with_interval=False,
    )
    # By hand: 1000 ha of half-moons give 0.1 x 100 000 days above 40 %; trees lack 0.2, so 500 ha of them fit in:
    # 25 000 USD for each twin, an eighth of 200 000 USD. Niger's 40 000 of 100 000 USD are no trouble.
    floors = result.floors
    assert floors["MLX"] == pytest.approx(0.125, rel=1e-5)
    assert floors["TDX"] == pytest.approx(0.125, rel=1e-5)
    assert floors["NEX"] == 0.2
    assert result.checks["kept"].all()


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.floats(1, 500), min_size=5, max_size=5),
    st.floats(1e4, 5e7),
    st.floats(0, 0.47),
    st.floats(0, 0.33),
    st.booleans(),
)
def test_floors_up_to_capacity_never_leave_a_study_without_a_plan(lands, money, women, floor, even):
    result = make(
        UNITS.assign(area_km2=lands),
        budget=Money(money, "USD", 2023),
        rules={"women": women, "country_floor": floor},
        floors_up_to_capacity=True,
        even_pace=even,
        with_interval=False,
    )
    assert recheck(result)["kept"].all()


def test_what_is_switched_on_already_is_not_advised():
    with pytest.raises(PlanError) as caught:
        make(pd.DataFrame([unit()]), rules={"women": 0.6, "country_floor": 0.1}, floors_up_to_capacity=True)
    assert "the rules leave nothing to plan" in str(caught.value)
    assert "country_floor_up_to_capacity" not in str(caught.value)
