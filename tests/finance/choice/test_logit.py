# SPDX-License-Identifier: Apache-2.0
"""Conditional logit: closed forms, a plain likelihood, peers, and weights that made surveys were drawn from."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize
from scipy.stats import binom

from homeground.errors import DataError
from homeground.finance.choice.attributes import attributes_on_cards, coded, terms_of
from homeground.finance.choice.design import choice_design, none_rows
from homeground.finance.choice.logit import fit_conditional, sandwich
from homeground.finance.choice.made import made_weights

SURE = 1.959963984540054


def survey(seed, *, people=150, cards=6, options=3, weights=(0.8, -0.5, 0.3)):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(people * cards, options, len(weights)))
    utility = x @ np.array(weights) + rng.gumbel(size=x.shape[:2])
    return x, utility.argmax(axis=1), np.repeat(np.arange(people), cards)


def slow_likelihood(x, chosen, beta):
    """Card by card, as the formula is written."""
    total = 0.0
    for card, taken in zip(x, chosen, strict=True):
        odds = [math.exp(float(np.dot(option, beta))) for option in card]
        total += math.log(odds[taken] / sum(odds))
    return total


def test_one_term_has_the_log_odds_and_their_error():
    # 30 of 40 take the option with the term: b = ln 3, information = n p (1 - p) = 7.5.
    fit = fit_conditional([[[1.0], [0.0]]] * 40, [0] * 30 + [1] * 10, np.arange(40))
    assert fit.coefficients[0] == pytest.approx(math.log(3), abs=1e-9)
    assert fit.covariance_plain[0, 0] == pytest.approx(1 / 7.5, rel=1e-9)
    # Scores are 1/4 thirty times and -3/4 ten times: meat 30/16 + 90/16 = 7.5, with 40/39 of so few groups.
    assert fit.covariance[0, 0] == pytest.approx(40 / 39 / 7.5, rel=1e-9)
    assert fit.log_likelihood == pytest.approx(30 * math.log(0.75) + 10 * math.log(0.25))
    assert fit.log_likelihood_null == pytest.approx(40 * math.log(0.5))


def test_a_card_answered_alike_by_one_person_counts_once_for_robust_errors():
    # Each person answers the same card twice in the same way: information doubles, knowledge does not.
    once = fit_conditional([[[1.0], [0.0]]] * 40, [0] * 30 + [1] * 10, np.arange(40))
    twice = fit_conditional([[[1.0], [0.0]]] * 80, np.repeat([0] * 30 + [1] * 10, 2), np.repeat(np.arange(40), 2))
    assert twice.covariance_plain[0, 0] == pytest.approx(once.covariance_plain[0, 0] / 2)
    assert twice.covariance[0, 0] == pytest.approx(once.covariance[0, 0])


def test_the_maximum_is_that_of_a_plain_likelihood():
    x, chosen, person = survey(3, people=60)
    fit = fit_conditional(x, chosen, person)
    found = minimize(
        lambda b: -slow_likelihood(x, chosen, b),
        np.zeros(3),
        method="Nelder-Mead",
        options={"xatol": 1e-7, "fatol": 1e-9},
    )
    assert fit.coefficients == pytest.approx(found.x, abs=1e-5)
    assert fit.log_likelihood == pytest.approx(-found.fun, abs=1e-7)


def test_errors_are_those_of_the_curvature_of_a_plain_likelihood():
    x, chosen, person = survey(4, people=40, weights=(0.8, -0.5))
    fit = fit_conditional(x, chosen, person)
    h, b = 1e-4, fit.coefficients
    steps = np.eye(2) * h
    curvature = [
        [
            sum(s * t * slow_likelihood(x, chosen, b + s * one + t * other) for s in (1, -1) for t in (1, -1))
            / (4 * h * h)
            for other in steps
        ]
        for one in steps
    ]
    assert fit.covariance_plain == pytest.approx(np.linalg.inv(-np.array(curvature)), rel=1e-4)


def test_statsmodels_finds_the_same():
    models = pytest.importorskip("statsmodels.discrete.conditional_models")
    x, chosen, person = survey(5)
    fit = fit_conditional(x, chosen, person)
    taken = np.zeros(x.shape[:2])
    taken[np.arange(len(chosen)), chosen] = 1
    groups = np.repeat(np.arange(len(chosen)), 3)
    peer = models.ConditionalLogit(taken.ravel(), x.reshape(-1, 3), groups=groups).fit(disp=0, method="newton")
    assert fit.coefficients == pytest.approx(peer.params, abs=1e-4)
    assert np.sqrt(np.diag(fit.covariance_plain)) == pytest.approx(peer.bse, rel=1e-3)


def test_made_surveys_hold_their_weights_in_95_of_100_intervals():
    """200 surveys of the shipped cards; 15 weights each. Cards of one person are independent here, weights are not quite."""
    shown = attributes_on_cards()
    design = choice_design(shown, starts=1).cards
    numbers = coded(none_rows(design, shown), shown).reshape(-1, 3, len(terms_of(shown)))
    truth = made_weights().set_index("term").loc[terms_of(shown), "mean"].to_numpy()
    x, person = np.tile(numbers, (50, 1, 1)), np.repeat(np.arange(200), 8)  # 4 versions of 8 cards, 50 people each
    rng = np.random.default_rng(20)
    held = []
    for _ in range(200):
        chosen = (x @ truth + rng.gumbel(size=x.shape[:2])).argmax(axis=1)
        fit = fit_conditional(x, chosen, person)
        held.append(np.abs(fit.coefficients - truth) < SURE * np.sqrt(np.diag(fit.covariance)))
    kept = np.array(held)
    assert 0.93 <= kept.mean() <= 0.97
    # Of each weight alone 200 intervals: 95 % within chance of 1 in 10 000 for all 15 together.
    assert kept.sum(axis=0).min() >= binom.ppf(1e-5, 200, 0.95)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.floats(-5, 5), st.floats(0.01, 100))
def test_nothing_hangs_on_where_numbers_begin_or_on_their_unit(seed, shift, scale):
    x, chosen, person = survey(seed, people=30)
    fit, moved = fit_conditional(x, chosen, person), fit_conditional(x * scale + shift, chosen, person)
    assert moved.coefficients * scale == pytest.approx(fit.coefficients, rel=1e-5, abs=1e-7)
    assert moved.log_likelihood == pytest.approx(fit.log_likelihood, rel=1e-9)
    assert moved.covariance * scale**2 == pytest.approx(fit.covariance, rel=1e-4, abs=1e-9)


def test_more_answers_narrow_the_interval_by_the_root_of_their_number():
    narrow, wide = (fit_conditional(*survey(6, people=n)).covariance[0, 0] for n in (4000, 250))
    assert math.sqrt(wide / narrow) == pytest.approx(4.0, rel=0.15)


def test_large_utilities_do_not_overflow():
    x, chosen, person = survey(7)
    fit = fit_conditional(x * 1e8, chosen, person)
    assert np.isfinite(fit.covariance).all()
    assert fit.coefficients * 1e8 == pytest.approx(fit_conditional(x, chosen, person).coefficients)


def test_perfect_separation_is_told_by_name_and_does_not_diverge():
    x, _, person = survey(8)
    with pytest.raises(DataError, match=r"x1 foretell choices without an error \(perfect separation\)"):
        fit_conditional(x, x[..., 1].argmax(axis=1), person)


def test_a_level_that_nobody_took_is_separation_in_part():
    x, chosen, person = survey(9, weights=(0.5,))
    level = np.zeros((*x.shape[:2], 1))
    offered = np.arange(len(chosen)) % 5 == 0
    level[offered, (chosen[offered] + 1) % 3] = 1.0  # always on an option that was not taken
    with pytest.raises(DataError, match="level foretell choices"):
        fit_conditional(np.concatenate([x, level], axis=2), chosen, person, terms=["x", "level"])


def test_choices_that_are_almost_certain_are_no_separation():
    x, chosen, person = survey(10, people=800, weights=(6.0, -4.0))
    fit = fit_conditional(x, chosen, person)
    assert np.abs(fit.coefficients - [6.0, -4.0]).max() < 4 * np.sqrt(np.diag(fit.covariance)).max()


def test_terms_that_say_the_same_are_named():
    x, chosen, person = survey(11)
    double = np.concatenate([x, x[..., :1] - 2 * x[..., 1:2]], axis=2)
    with pytest.raises(DataError, match="a, b, d follow from each other"):
        fit_conditional(double, chosen, person, terms=["a", "b", "c", "d"])
    x[..., 2] = 1.0
    with pytest.raises(DataError, match="c never varies"):
        fit_conditional(x, chosen, person, terms=["a", "b", "c"])


def test_shapes_and_numbers_that_do_not_fit_are_refused():
    x, chosen, person = survey(12)
    with pytest.raises(DataError, match="shape"):
        fit_conditional(x, chosen[1:], person)
    with pytest.raises(DataError, match="choices from 0 to 2"):
        fit_conditional(x, chosen + 1, person)
    x[0, 0, 0] = np.nan
    with pytest.raises(DataError, match="missing number"):
        fit_conditional(x, chosen, person)


def test_the_sandwich_of_one_group_has_no_correction():
    assert sandwich(np.eye(1), np.array([[1.0], [2.0]]), np.array([0, 0]))[0, 0] == pytest.approx(9.0)
