# SPDX-License-Identifier: Apache-2.0
"""The least public money: worked out by hand, hurdles reached, covenants kept, limits priced, bad input told."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from homeground.errors import DataError, PlanError
from homeground.finance.internal_rates import irr
from homeground.finance.structure.incentives import incentives, what_incentives_buy
from homeground.finance.structure.least_public import structure
from homeground.finance.structure.sources_of_money import Source, plan_flows
from homeground.finance.structure.stress import under_stress
from homeground.finance.structure.words import limits_in_words

GRANT = Source("grant", "grant", 1e6)


def plan_of(cost, income, upkeep=0.0):
    table = pd.DataFrame({"year": range(len(cost)), "cost": cost, "upkeep": upkeep, "income": income})
    return table.assign(currency="USD", price_year=2023)


def flows_of(found, name):
    rows = found.schedule[found.schedule["source"] == name].sort_values("year")
    return (rows["paid"] - rows["drawn"]).tolist()


def roots(flows):
    found = irr(flows)
    return tuple(getattr(found, "roots", found))


def test_a_bond_carries_what_income_can_pay_back_and_a_grant_the_rest():
    # Income 60.5 in years 1 and 2 at a hurdle of 10 %: 60.5 / 1.1 + 60.5 / 1.21 = 105 can be borrowed; 200 - 105 = 95.
    plan = plan_of([200.0, 0.0, 0.0], [0.0, 60.5, 60.5])
    bond = Source("bond", "household", 500.0, hurdle=0.10, until=2)
    found = structure(plan, [GRANT, bond], public_rate=0.05, dscr=1.0)
    assert found.public_money.amount == pytest.approx(95.0)
    assert found.mix.set_index("source").loc["bond", "drawn"] == pytest.approx(105.0)
    # With cover of 1.25 only 48.4 a year may be paid: 84 borrowed.
    tight = structure(plan, [GRANT, bond], public_rate=0.05, dscr=1.25)
    assert tight.public_money.amount == pytest.approx(116.0)
    # From 1.25 to 1.15: 105 / 1.15 - 105 / 1.25 = 7.3043 saved.
    limits = tight.limits.set_index("limit")
    assert limits.loc["dscr", "saves"] == pytest.approx(105 / 1.15 - 84.0)
    # At 9 %: 48.4 / 1.09 + 48.4 / 1.09^2 = 85.1402 instead of 84.
    assert limits.loc["hurdle", "saves"] == pytest.approx(48.4 / 1.09 + 48.4 / 1.09**2 - 84)
    assert limits.loc["most", "saves"] == 0.0


def test_a_cap_has_the_price_of_the_grant_it_saves():
    plan = plan_of([200.0, 0.0], [0.0, 300.0])
    bond = Source("bond", "household", 50.0, hurdle=0.04, until=1)
    found = structure(plan, [GRANT, bond], public_rate=0.05, dscr=1.2)
    assert found.public_money.amount == pytest.approx(150.0)
    assert found.limits.set_index("limit").loc["most", "saves"] == pytest.approx(1.0)
    said = limits_in_words(found)
    assert said[0] == "One USD more from bond would save 1.00 USD of public money."
    assert "no public money" in said[1]
    for code in ("fr", "zh"):
        assert len(limits_in_words(found, code)) == len(said)
        assert limits_in_words(found, code) != said


def test_a_concessional_loan_costs_the_public_its_grant_equivalent():
    # 100 lent at 1 %, paid back in year 2: 102.01; the public counts at 5 %: 100 - 102.01 / 1.1025 = 7.4739.
    plan = plan_of([100.0, 0.0, 0.0], [0.0, 0.0, 150.0])
    loan = Source("loan", "concessional", 500.0, hurdle=0.01, until=2)
    found = structure(plan, [GRANT, loan], public_rate=0.05)
    assert found.public_money.amount == pytest.approx(100 - 102.01 / 1.1025)
    assert found.mix.set_index("source").loc["loan", "drawn"] == pytest.approx(100.0)


def test_the_year_that_is_told_is_the_first_that_cannot_be_paid():
    # 30 a year for five years; grants of 75 pay years 0 and 1 and half of year 2: 75 are missing, from year 2 on.
    plan = plan_of([30.0] * 5, [0.0] * 5)
    grant = Source("grant", "grant", 75.0, last=4)
    with pytest.raises(PlanError, match="75 USD are missing, first in year 2 "):
        structure(plan, [grant], public_rate=0.05)


def test_private_money_per_public_can_be_asked_for():
    plan = plan_of([100.0, 0.0], [0.0, 60.0])
    bond = Source("bond", "debt", 500.0, hurdle=0.2, until=1)
    rule = structure(plan, [GRANT, bond], public_rate=0.05, dscr=0, private_per_public=1.0)
    drawn = rule.mix.set_index("source")["drawn"]
    assert drawn["bond"] == pytest.approx(50.0)
    with pytest.raises(PlanError, match="no mix"):
        structure(plan, [GRANT, bond], public_rate=0.05, dscr=0, private_per_public=2.0)


money = st.floats(0, 1000).map(lambda x: round(x, 1))


@st.composite
def plans(draw):
    years = draw(st.integers(3, 7))
    cost = [draw(money) + 10, *draw(st.lists(money, min_size=years - 1, max_size=years - 1))]
    income = [0.0, *draw(st.lists(money, min_size=years - 1, max_size=years - 1))]
    sources = [GRANT._replace(last=years - 1)]
    for kind in draw(
        st.lists(st.sampled_from(("concessional", "debt", "household", "equity")), max_size=3, unique=True)
    ):
        until = draw(st.integers(1, years - 1))
        sources.append(Source(kind, kind, draw(money), hurdle=draw(st.floats(0, 0.3)), until=until,
                              grace=draw(st.integers(0, until - 1)), last=0))  # fmt: skip
    return plan_of(cost, income, upkeep=draw(st.floats(0, 20))), sources


@settings(max_examples=60, deadline=None)
@given(plans(), st.sampled_from((0.0, 1.2)))
def test_hurdles_are_reached_covenants_held_and_every_year_paid(one, dscr):
    plan, sources = one
    found = structure(plan, sources, public_rate=0.05, dscr=dscr, shadow=False)
    size = float((plan["cost"] + plan["upkeep"]).sum())
    rows = found.schedule.pivot_table(index="year", columns="source", values=["drawn", "paid"])
    net = plan["income"] - plan["cost"] - plan["upkeep"]
    balance = (net + rows["drawn"].sum(axis=1) - rows["paid"].sum(axis=1)).cumsum()
    assert (balance >= -1e-6 * size).all()
    for source in sources:
        drawn = rows["drawn"][source.name].sum()
        assert drawn <= source.most * (1 + 1e-9) + 1e-6 * size
        if source.kind != "grant" and drawn > 1e-4 * size:
            flows = np.array(flows_of(found, source.name))
            worth = flows @ (1 + source.hurdle) ** -np.arange(float(len(flows)))
            assert worth == pytest.approx(0.0, abs=1e-5 * size)
    if dscr:
        debt = [one.name for one in sources if one.kind in ("debt", "household")]
        service = rows["paid"][debt].sum(axis=1) if debt else 0.0
        assert (dscr * service <= (plan["income"] - plan["upkeep"]).clip(lower=0) + 1e-5 * size).all()
    # Grants alone would pay too: nothing costs the public more than that.
    alone = structure(plan, sources[:1], public_rate=0.05, shadow=False)
    assert found.public_money.amount <= alone.public_money.amount + 1e-5 * size


def test_twice_the_plan_needs_twice_the_public_money():
    plan = plan_of([200.0, 20.0, 0.0], [0.0, 60.5, 80.0], upkeep=5.0)
    sources = [GRANT, Source("bond", "household", 60.0, hurdle=0.06, until=2)]
    sources[0] = GRANT._replace(last=2)
    one = structure(plan, sources, public_rate=0.05)
    twice = plan.assign(**{name: plan[name] * 2 for name in ("cost", "upkeep", "income")})
    two = structure(twice, [x._replace(most=x.most * 2) for x in sources], public_rate=0.05)
    assert two.public_money.amount == pytest.approx(2 * one.public_money.amount)


def test_no_mix_says_what_is_missing_and_when():
    with pytest.raises(PlanError, match=r"80 USD are missing, first in year 0 \(grant at most 20\)"):
        structure(plan_of([100.0, 0.0], [0.0, 0.0]), [Source("grant", "grant", 20.0)], public_rate=0.05)


def test_bad_sources_and_plans_are_told_all_at_once():
    bad = [
        Source("a", "bank", -1.0, hurdle=6, until=1),
        Source("a", "debt", 1.0, until=9),
        Source("b", "grant", 1.0, hurdle=0.1),
        Source("c", "debt", 1.0, until=1, first=1, last=5),
    ]
    with pytest.raises(DataError) as told:
        structure(plan_of([1.0, 0.0], [0.0, 1.0]), bad, public_rate=0.05)
    for words in ("stands twice", "'bank'", "finite sum", "Write 6 % as 0.06", "is not paid back", "within 0 to 1"):
        assert words in str(told.value)
    plan = plan_of([1.0, -1.0], [0.0, 1.0]).assign(currency=["USD", "EUR"])
    with pytest.raises(DataError) as told:
        structure(plan, [GRANT], public_rate=0.05)
    assert "cost: sums of 0 or more" in str(told.value)
    assert "several kinds of currency" in str(told.value)
    with pytest.raises(DataError, match="Write 5 % as"):
        structure(plan_of([1.0, 0.0], [0.0, 1.0]), [GRANT], public_rate=5)
    with pytest.raises(DataError, match="dscr is -1"):
        structure(plan_of([1.0, 0.0], [0.0, 1.0]), [GRANT], public_rate=0.05, dscr=-1)


def test_a_plan_of_a_study_becomes_costs_and_income():
    rows = pd.DataFrame(
        {
            "iso3": ["MLI", "MLI", "NER"], "measure": ["zai"] * 3, "year": [2024, 2026, 2024],
            "establishment_usd": [100.0, 0.0, 50.0], "upkeep_usd": [0.0, 8.0, 0.0],
            "benefit_usd": [0.0, 60.0, np.nan], "carbon_revenue_usd": [0.0, 2.0, 0.0], "price_year": 2023,
        }
    )  # fmt: skip
    table = plan_flows(rows, captured=0.25)
    assert table[["year", "cost", "upkeep", "income"]].values.tolist() == [[0, 150, 0, 0], [1, 0, 0, 0], [2, 0, 8, 17]]
    assert plan_flows(rows, captured=0.25, upkeep=0.5)["upkeep"].tolist() == [0.0, 0.0, 4.0]
    with pytest.raises(DataError) as told:
        plan_flows(rows.assign(price_year=[2023, 2023, 2020]), captured=50)
    assert "2020 and 2023" in str(told.value)
    assert "Write 50 % as 0.5" in str(told.value)
    with pytest.raises(DataError, match="upkeep_usd"):
        plan_flows(rows.drop(columns="upkeep_usd"), captured=0.5)


def test_incentives_from_a_survey_stand_before_expert_defaults():
    shipped = incentives()
    assert set(shipped["basis"]) == {"expert default"}
    assert set(shipped["quality"]) == {5}
    told = pd.DataFrame({"incentive": ["title", "own garden"], "points_low": [0.0, 0.01], "points": [0.02, 0.02],
                         "points_high": [0.03, 0.04], "source": "own survey 2026"})  # fmt: skip
    table = incentives(told).set_index("incentive")
    assert table.loc["title", ["points", "basis", "kind"]].tolist() == [0.02, "survey", "not monetary"]
    assert table.loc["own garden", "basis"] == "survey"
    assert table.loc["loss_protection", "kind"] == "monetary"
    with pytest.raises(DataError, match=r"one point as 0\.01"):
        incentives(told.assign(points_high=2.0))
    with pytest.raises(DataError, match="columns source are missing"):
        incentives(told.drop(columns="source"))


def test_what_an_incentive_buys():
    # Income 110 in year 1: at 10 % 100 can be borrowed; at 8 % 101.8519, at 6 % 103.7736.
    plan, bond = plan_of([200.0, 0.0], [0.0, 110.0]), Source("bond", "household", 500.0, hurdle=0.10, until=1)
    told = pd.DataFrame({"incentive": ["loss_protection"], "points_low": [0.0], "points": [0.02], "points_high": [0.04],
                         "source": "own survey 2026"})  # fmt: skip
    bought = what_incentives_buy(plan, [GRANT, bond], to="bond", public_rate=0.05, dscr=1.0, answers=told)
    row = bought.set_index("incentive").loc["loss_protection"]
    assert row[["saves_low", "saves", "saves_high"]].tolist() == pytest.approx(
        [0.0, 110 / 1.08 - 100, 110 / 1.06 - 100]
    )
    # It costs the public 5 % of what is invested (expert default): more than it saves here.
    assert row["costs"] == pytest.approx(0.05 * 110 / 1.08)
    assert row["net"] < 0
    assert np.isnan(bought.set_index("incentive").loc["title", "net"])  # what a title costs is not known: not nothing
    with pytest.raises(DataError, match="is no source"):
        what_incentives_buy(plan, [GRANT], to="bond", public_rate=0.05)


def test_what_investors_get_when_less_is_earned():
    # Bond 105 at 10 %: by hand 60.5 in years 1 and 2. At 80 % of income 48.4 comes each year, at 0.7: 42.35.
    plan = plan_of([200.0, 0.0, 0.0], [0.0, 60.5, 60.5])
    sources = [GRANT, Source("bond", "household", 500.0, hurdle=0.10, until=2)]
    found = structure(plan, sources, public_rate=0.05, dscr=1.0, shadow=False)
    whole = under_stress(found, plan, sources, income=1.0).iloc[0]
    assert (whole["short"], whole["return"]) == (pytest.approx(0.0, abs=1e-6), pytest.approx(0.10))
    less = under_stress(found, plan, sources, income=0.8).iloc[0]
    assert less[["due", "paid", "short"]].tolist() == pytest.approx([121.0, 96.8, 24.2])
    assert less["return"] == pytest.approx(roots([-105.0, 48.4, 48.4])[0])
    # Lenders before migrants, and upkeep before both.
    both = [
        GRANT,
        Source("bank", "debt", 50.0, hurdle=0.0, until=1),
        Source("bond", "household", 50.0, hurdle=0.0, until=1),
    ]
    plan = plan_of([100.0, 0.0], [0.0, 120.0], upkeep=0.0).assign(upkeep=[0.0, 20.0])
    found = structure(plan, both, public_rate=0.05, dscr=1.0, shadow=False)
    rows = under_stress(found, plan, both, income=0.75).set_index("kind")
    assert rows["short"].to_dict() == pytest.approx({"debt": 0.0, "household": 30.0, "upkeep": 0.0}, abs=1e-6)
    nothing = under_stress(found, plan, both, income=0.0).set_index("kind")
    assert nothing["short"].to_dict() == pytest.approx({"debt": 50.0, "household": 50.0, "upkeep": 20.0}, abs=1e-6)
    assert np.isnan(nothing.loc["debt", "return"])
    with pytest.raises(DataError, match="Write 80 % as"):
        under_stress(found, plan, both, income=80)
