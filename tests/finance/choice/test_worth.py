# SPDX-License-Identifier: Apache-2.0
"""What features are worth, what people do of what they say, and the client funnel; small groups stay hidden."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import beta

from homeground.errors import DataError
from homeground.finance import calibrate, choice_model, client_funnel, factor_seen, made_survey, share_taking
from homeground.finance.choice.attributes import attributes_on_cards
from homeground.finance.choice.logit import Fit
from homeground.finance.choice.made import made_weights
from homeground.finance.choice.stated import STEPS
from homeground.finance.choice.worth import worth

PLAIN = {one.name: one.reference or one.levels[0] for one in attributes_on_cards()}


def fit_of(b, v, terms=("price", "visit"), random=()):
    return Fit(terms, np.array(b), np.array(v), np.array(v), -1.0, -2.0, 100, 50, random)


def test_worth_and_its_delta_error_by_hand():
    # r = 1.2 / 0.4 = 3; var = (0.04 - 2 x 3 x 0.002 + 9 x 0.0004) / 0.16 = 0.0316 / 0.16 = 0.1975
    row = worth(fit_of([0.4, 1.2], [[0.0004, 0.002], [0.002, 0.04]]), price="price", gain=True).iloc[0]
    assert row["worth"] == pytest.approx(3.0)
    assert row["se"] == pytest.approx(math.sqrt(0.1975))
    assert row["low_delta"] == pytest.approx(3 - 1.959964 * math.sqrt(0.1975), abs=1e-6)


def test_of_a_fee_worth_is_willingness_to_pay():
    row = worth(fit_of([-0.4, 1.2], np.diag([0.0004, 0.04])), price="price", gain=False).iloc[0]
    assert row["worth"] == pytest.approx(3.0)
    assert row["low"] < 3.0 < row["high"]


def test_krinsky_and_robb_meet_the_delta_method_where_the_price_is_sure():
    row = worth(fit_of([2.0, 1.0], np.diag([1e-8, 0.01])), price="price", gain=True, draws=200_000).iloc[0]
    assert row["se"] == pytest.approx(0.05, rel=1e-4)
    assert [row["low"], row["high"]] == pytest.approx([row["low_delta"], row["high_delta"]], abs=0.002)


def test_krinsky_and_robb_are_skewed_where_it_is_not():
    # P(ratio < t) = P(b - t p < 0) while p > 0: quantiles by Fieller's roots.
    b, p, vb, vp, z = 1.0, 0.5, 0.01, 0.01, 1.959964
    row = worth(fit_of([p, b], np.diag([vp, vb])), price="price", gain=True, draws=400_000).iloc[0]
    roots = np.roots([p**2 - z**2 * vp, -2 * b * p, b**2 - z**2 * vb])
    assert [row["low"], row["high"]] == pytest.approx(sorted(roots), rel=0.02)
    assert row["high"] - row["worth"] > row["worth"] - row["low"]


def test_a_price_that_may_weigh_nothing_bounds_nothing():
    row = worth(fit_of([0.1, 1.0], np.diag([0.01, 0.01])), price="price", gain=True).iloc[0]
    assert row["reason"] == "not_from_zero"
    assert row["worth"] == pytest.approx(10.0)
    assert math.isnan(row["low"])
    row = worth(fit_of([-0.5, 1.0], np.diag([0.001, 0.01])), price="price", gain=True).iloc[0]
    assert row["reason"] == "other_sign"
    assert math.isnan(row["worth"])


def test_a_random_or_unknown_price_is_refused():
    with pytest.raises(DataError, match="is random"):
        worth(fit_of([0.5, 1.0], np.eye(2), random=("price",)), price="price", gain=True)
    with pytest.raises(DataError, match="none of the terms"):
        worth(fit_of([0.5, 1.0], np.eye(2)), price="fee", gain=True)


def test_worth_of_made_people_comes_back():
    """15 surveys x 14 features: 210 intervals; 189 to 209 hold within 1 in 500 of 95 %."""
    truth = made_weights().set_index("term")["mean"]
    held = 0
    for seed in range(15):
        told = choice_model(made_survey(200, seed=seed), worth_draws=4000).worth.set_index("term")
        expected = truth[told.index] / truth["return"]
        held += int(((told["low"] < expected) & (expected < told["high"])).sum())
    assert 189 <= held <= 209


@settings(max_examples=50, deadline=None)
@given(st.floats(0, 1), st.floats(0.01, 1), st.floats(0, 1))
def test_what_is_done_and_said_are_brought_into_each_other(share, low, more):
    factor = (low, low + (1 - low) * more)
    there = calibrate(share, factor=factor).iloc[0]
    assert there["actual_low"] <= there["actual"] <= there["actual_high"] <= there["stated"] == share
    back = calibrate(there["actual"], factor=factor, stated=False).iloc[0]
    assert back["stated"] == pytest.approx(share)


def test_a_share_that_more_than_all_would_have_to_say_is_missing():
    row = calibrate(0.4, stated=False).iloc[0]
    assert (row["stated_low"], row["stated"]) == (0.8, 1.0)
    assert math.isnan(row["stated_high"])
    with pytest.raises(DataError, match="2 problems"):
        calibrate([1.2, 0.1], factor=(0.5, 0.3))


def test_a_pilot_tells_its_own_factor():
    # Shares 0.4 and 0.1 of 10 000 each: ratio 0.25, relative error sqrt(0.6/4000 + 0.9/1000).
    mid, low, high = factor_seen(said=(4000, 10_000), did=(1000, 10_000), draws=200_000)
    error = 0.25 * math.sqrt(0.6 / 4000 + 0.9 / 1000)
    assert mid == pytest.approx(0.25, rel=0.01)
    assert (high - low) / 2 == pytest.approx(1.96 * error, rel=0.02)
    with pytest.raises(DataError, match="did"):
        factor_seen(said=(4, 10), did=(11, 10))


def funnel_of(*rows):
    return pd.DataFrame([list(row) for row in rows], columns=["segment", *STEPS])


def test_steps_of_the_funnel_have_beta_intervals():
    found, record = client_funnel(funnel_of(("owners", 400, 200, 100, 80, 40, 25, 15)))
    assert record.hidden_small == 0
    row = found[found["step"] == "committed"].iloc[0]
    assert (row["people"], row["of"], row["share"], row["through"]) == (40, 80, 0.5, 0.1)
    assert [row["share_low"], row["share_high"]] == pytest.approx(beta.ppf([0.025, 0.975], 40.5, 40.5), rel=1e-9)
    assert row["through_low"] < 0.1 < row["through_high"]
    # The product of shares is surer than its least sure step tells of it, and less sure than 40 of 400 at once.
    at_once = beta.ppf([0.025, 0.975], 40.5, 360.5)
    assert row["through_high"] - row["through_low"] == pytest.approx(at_once[1] - at_once[0], rel=0.1)


def test_few_people_are_hidden_and_so_is_what_would_tell_of_them():
    found, _ = client_funnel(funnel_of(("owners", 400, 200, 100, 80, 40, 31, 4)))
    steps = found.set_index("step")
    assert pd.isna(steps.at["repeat", "people"])
    assert pd.isna(steps.at["paid", "people"])  # 40 less 31 would tell of 9
    assert steps.at["paid", "reason"] == "hidden"
    assert steps.at["committed", "people"] == 40


def test_nobody_and_everybody_are_shown():
    found, _ = client_funnel(funnel_of(("owners", 200, 200, 100, 0, 0, 0, 0)))
    steps = found.set_index("step")
    assert (steps.at["aware", "share"], steps.at["aware", "share_high"]) == (1.0, 1.0)
    assert (steps.at["eligible", "share"], steps.at["eligible", "share_low"]) == (0.0, 0.0)
    assert steps.at["committed", "reason"] == "nobody"


def test_counts_that_cannot_be_are_told_together():
    with pytest.raises(DataError) as caught:
        client_funnel(funnel_of(("a", 10, 20, 5, 5, 2.5, 1, 1), ("a", -1, 0, 0, 0, 0, 0, 0)))
    for words in (
        "['a'] stand there twice",
        "committed: whole numbers",
        "reached: whole numbers",
        "more people aware than reached",
    ):
        assert words in str(caught.value)
    with pytest.raises(DataError, match="missing"):
        client_funnel(pd.DataFrame({"segment": ["a"]}))
    with pytest.raises(DataError, match="phone"):
        client_funnel(funnel_of(("a", 40, 20, 20, 20, 20, 20, 20)).assign(phone="1"))


def test_small_segments_are_taken_together_or_hidden():
    survey = made_survey(120)
    sizes = {"large": range(1, 91), "eight": range(91, 99), "six": range(99, 105)}
    named = {n: name for name, numbers in sizes.items() for n in numbers}
    survey["segment"] = survey["answer"].map(named).fillna("middle")
    found = choice_model(survey, segment="segment").segments.set_index("segment")
    assert set(found.index) == {"large", "middle", "others"}
    assert found.at["others", "people"] == 15  # 8 and 6, rounded to 5
    assert found.at["others", "reason"] == "few"
    assert math.isnan(found.at["others", "weight"])
    assert found.at["large", "weight_low"] < 0.25 < found.at["large", "weight_high"]


def test_one_small_segment_alone_takes_the_next_in():
    survey = made_survey(120)
    survey["segment"] = np.where(survey["answer"] <= 4, "four", np.where(survey["answer"] <= 40, "next", "large"))
    found = choice_model(survey, segment="segment").segments.set_index("segment")
    assert set(found.index) == {"large", "others"}
    assert found["people"].tolist() == [80, 40]


def test_shares_are_of_the_counts_that_may_be_shown():
    survey = made_survey(101)
    found = choice_model(survey)
    taken = survey[survey["chosen"] == 1]["option"].ne("none")
    rounded = [5 * math.floor(n / 5 + 0.5) for n in (taken.sum(), len(taken))]
    assert found.uptake.at[0, "stated"] == pytest.approx(rounded[0] / rounded[1])
    assert found.facts["people"] == 100


def test_who_takes_an_offer_by_the_formula_and_with_its_features():
    found = choice_model(made_survey(300))
    b = dict(zip(found.fit.terms, found.fit.coefficients, strict=True))
    offer = PLAIN | {"return": 0.04, "term": 7, "loss_protection": "full"}
    utility = 4 * b["return"] + 7 * b["term"] + b["loss_protection=full"] - b["none"]
    row = share_taking(found, offer).iloc[0]
    assert row["stated"] == pytest.approx(1 / (1 + math.exp(-utility)))
    assert row["stated_low"] < row["stated"] < row["stated_high"]
    assert row["actual_low"] == pytest.approx(0.3 * row["stated_low"])
    assert row["actual_high"] == pytest.approx(0.5 * row["stated_high"])
    with pytest.raises(DataError, match="unknown levels"):
        share_taking(found, offer | {"visit": "yearly"})
    with pytest.raises(DataError, match="an offer with"):
        share_taking(found, {"return": 0.04})


def test_mixed_people_are_averaged_over():
    found = choice_model(made_survey(200, spread=True), random=["loss_protection=full"], draws=100)
    fit, at = found.fit, found.fit.terms.index("loss_protection=full")
    row = share_taking(found, PLAIN | {"loss_protection": "full"}, draws=1000).iloc[0]
    fixed = fit.coefficients[at] - fit.coefficients[fit.terms.index("none")] + 5 * fit.coefficients[1]
    rng = np.random.default_rng(0)
    people = 1 / (1 + np.exp(-(fixed + fit.coefficients[-1] * rng.standard_normal(200_000))))
    assert row["stated"] == pytest.approx(people.mean(), abs=0.01)


def test_what_a_model_cannot_do_is_told():
    survey = made_survey(60)
    assert "below_rule" in choice_model(survey).warnings
    with pytest.raises(DataError, match="cannot be random"):
        choice_model(survey, random=["return"])
    with pytest.raises(DataError, match='"all" was expected'):
        choice_model(survey, random="some")
    forced = survey[survey["option"] != "none"]
    kept = forced.groupby(["answer", "card"])["chosen"].transform("sum") == 1
    found = choice_model(forced[kept])
    assert found.uptake.empty
    with pytest.raises(DataError, match="no option none"):
        share_taking(found, PLAIN)


def test_people_who_want_less_return_are_said_so():
    weights = made_weights().assign(mean=lambda t: t["mean"].where(t["term"] != "return", -0.3))
    found = choice_model(made_survey(200, weights=weights))
    assert found.warnings[0] == "other_sign"
    assert found.worth["worth"].isna().all()


def test_other_attributes_and_a_fee_as_price():
    """Cards of one's own: worth in money, by the same weights as the numbers were made from."""
    rng = np.random.default_rng(3)
    rows = []
    for answer in range(200):
        for card in range(6):
            fee, bank = rng.choice([5.0, 10.0, 20.0], 2), rng.choice(["yes", "no"], 2)
            utility = np.append(-0.1 * fee + 1.0 * (bank == "yes"), -1.0) + rng.gumbel(size=3)
            for at, option in enumerate(("A", "B", "none")):
                features = {"fee": fee[at], "bank": bank[at]} if at < 2 else {"fee": np.nan, "bank": None}
                rows.append(
                    {
                        "answer": answer,
                        "card": card,
                        "option": option,
                        "chosen": int(utility.argmax() == at),
                        **features,
                    }
                )
    row = choice_model(pd.DataFrame(rows), price="fee").worth.set_index("term").loc["bank=yes"]
    assert row["low"] < 10.0 < row["high"]
    assert row["high"] - row["low"] < 8.0
