# SPDX-License-Identifier: Apache-2.0
"""Mixed logit: a plain loop over people and draws, peers, and spreads that made surveys were drawn from."""

from __future__ import annotations

import numpy as np
import pytest

from homeground.errors import DataError
from homeground.finance.choice import mixed
from homeground.finance.choice.logit import fit_conditional
from homeground.finance.choice.mixed import fit_mixed, halton_normal
from homeground.finance.choice.model import _coefficients

SURE = 1.959963984540054
TERMS = ["a", "b", "c"]


def survey(seed, *, people=200, cards=8, mean=(0.8, -0.5, 0.4), spread=(0.7, 0.9, 0.0)):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(people * cards, 3, 3))
    person = np.repeat(np.arange(people), cards)
    weights = np.array(mean) + np.array(spread) * rng.normal(size=(people, 3))
    utility = np.einsum("njk,nk->nj", x, weights[person]) + rng.gumbel(size=x.shape[:2])
    return x, utility.argmax(axis=1), person


def slow_likelihood(x, chosen, person, theta, error):
    """Person by person, draw by draw, card by card: the mean over draws of the product over a person's cards."""
    total = 0.0
    for n in range(error.shape[0]):
        products = []
        for draw in range(error.shape[2]):
            weights = theta[:3].copy()
            weights[:2] += theta[3:] * error[n, :, draw]
            product = 1.0
            for card in np.flatnonzero(person == n):
                odds = np.exp(x[card] @ weights)
                product *= odds[chosen[card]] / odds.sum()
            products.append(product)
        total += np.log(np.mean(products))
    return total


def ours(x, chosen, person, theta, error, *, curved=False):
    gaps, answered = mixed._by_person(x, chosen, person)
    return mixed._simulated(gaps, answered, error, np.array([0, 1]), theta, curved=curved)


THETA = np.array([0.7, -0.4, 0.3, 0.6, 0.8])


def test_the_simulated_likelihood_is_that_of_a_plain_loop():
    x, chosen, person = survey(1, people=20, cards=4)
    error = halton_normal(20, 25, 2, seed=3)
    assert ours(x, chosen, person, THETA, error)[0] == pytest.approx(
        slow_likelihood(x, chosen, person, THETA, error), rel=1e-10
    )


def test_who_broke_off_counts_with_the_cards_that_were_answered():
    x, chosen, person = survey(2, people=20, cards=4)
    kept = np.ones(len(chosen), dtype=bool)
    kept[[3, 6, 7, 41]] = False
    x, chosen, person = x[kept], chosen[kept], person[kept]
    error = halton_normal(20, 25, 2, seed=3)
    assert ours(x, chosen, person, THETA, error)[0] == pytest.approx(
        slow_likelihood(x, chosen, person, THETA, error), rel=1e-10
    )


def test_score_and_curvature_are_those_of_finite_differences():
    x, chosen, person = survey(3, people=37, cards=5)  # more than two blocks of people, the last one not full
    error = halton_normal(37, 40, 2, seed=1)
    _, score, information = ours(x, chosen, person, THETA, error, curved=True)
    h = 1e-5
    for at in range(5):
        step = np.eye(5)[at] * h
        up, down = (ours(x, chosen, person, THETA + s * step, error) for s in (1, -1))
        assert score.sum(axis=0)[at] == pytest.approx((up[0] - down[0]) / (2 * h), rel=1e-5, abs=1e-5)
        slope = (up[1].sum(axis=0) - down[1].sum(axis=0)) / (2 * h)
        assert information[at] == pytest.approx(-slope, rel=1e-4, abs=1e-4)


def test_means_and_spreads_of_a_made_survey_come_back():
    """40 surveys of 5 coefficients: 200 intervals. 180 to 199 of 200 are within 1 in 500 of 95 %."""
    truth = np.array([0.8, -0.5, 0.4, 0.7, 0.9])
    held = []
    for seed in range(40):
        fit = fit_mixed(*survey(100 + seed), terms=TERMS, random=["a", "b"], draws=100, seed=seed)
        held.append(np.abs(fit.coefficients - truth) < SURE * np.sqrt(np.diag(fit.covariance)))
    assert 180 <= np.sum(held) <= 199


def test_without_spread_it_is_the_conditional_logit():
    data = survey(5, people=400, spread=(0.0, 0.0, 0.0))
    fit, plain = fit_mixed(*data, terms=TERMS, random=["a"], draws=100), fit_conditional(*data, terms=TERMS)
    assert fit.coefficients[3] < 0.35
    assert fit.coefficients[:3] == pytest.approx(plain.coefficients, abs=0.06)
    assert fit.log_likelihood >= plain.log_likelihood - 0.5


def test_people_who_differ_are_told_better_than_by_one_weight_for_all():
    data = survey(6, people=400)
    fit, plain = fit_mixed(*data, terms=TERMS, random=["a", "b"], draws=100), fit_conditional(*data, terms=TERMS)
    assert fit.log_likelihood > plain.log_likelihood + 50
    assert abs(plain.coefficients[0]) < abs(fit.coefficients[0])  # one weight for all is drawn towards 0


def test_spreads_are_positive_and_the_same_seed_gives_the_same():
    data = survey(7, people=100)
    first, again = (fit_mixed(*data, terms=TERMS, random=["a", "b"], draws=60, seed=9) for _ in range(2))
    assert (first.coefficients[3:] > 0).all()
    assert first.coefficients.tolist() == again.coefficients.tolist()
    assert first.terms == ("a", "b", "c", "sd of a", "sd of b")


def test_a_small_spread_that_is_not_found_is_not_ruled_out():
    """People whose weight differs by 0.1: often none of it is found, and the interval must hold it all the same."""
    held, nothing = [], 0
    for seed in range(12):
        rng = np.random.default_rng(1000 + seed)
        x, person = rng.normal(size=(1600, 3, 1)), np.repeat(np.arange(200), 8)
        weight = (0.5 + 0.1 * rng.normal(size=200))[person]
        chosen = (x[..., 0] * weight[:, None] + rng.gumbel(size=(1600, 3))).argmax(axis=1)
        row = _coefficients(fit_mixed(x, chosen, person, terms=["a"], random=["a"], draws=60)).iloc[1]
        held.append(0 <= row["low"] <= 0.1 <= row["high"])
        nothing += row["mean"] < 0.02
    assert nothing >= 2
    assert sum(held) >= 11  # nineteen of twenty


def test_the_order_of_rows_changes_nothing():
    x, chosen, person = survey(8, people=60)
    order = np.random.default_rng(0).permutation(len(chosen))
    one = fit_mixed(x, chosen, person, terms=TERMS, random=["b"], draws=60)
    other = fit_mixed(x[order], chosen[order], person[order], terms=TERMS, random=["b"], draws=60)
    assert other.coefficients == pytest.approx(one.coefficients, abs=1e-4)


def test_xlogit_finds_the_same():
    xlogit = pytest.importorskip("xlogit")
    x, chosen, person = survey(9, people=300)
    fit = fit_mixed(x, chosen, person, terms=TERMS, random=["a", "b"], draws=500)
    taken = np.zeros(x.shape[:2])
    taken[np.arange(len(chosen)), chosen] = 1
    cards = len(chosen)
    model = xlogit.MixedLogit()
    model.fit(
        X=x.reshape(-1, 3), y=taken.ravel(), varnames=TERMS, alts=np.tile(np.arange(3), cards), ids=np.repeat(np.arange(cards), 3),
        panels=np.repeat(person, 3), randvars={"a": "n", "b": "n"}, n_draws=500, verbose=0,
    )  # fmt: skip
    assert fit.log_likelihood == pytest.approx(model.loglikelihood, abs=1.5)  # other draws
    assert fit.coefficients == pytest.approx(np.concatenate([model.coeff_[:3], np.abs(model.coeff_[3:])]), abs=0.03)


def test_halton_draws_are_even_normal_and_each_persons_own():
    draws = halton_normal(50, 200, 3, seed=2)
    flat = draws.transpose(1, 0, 2).reshape(3, -1)
    assert np.abs(flat.mean(axis=1)).max() < 0.005  # 10 000 random ones would have 0.01
    assert np.abs(np.corrcoef(flat) - np.eye(3)).max() < 0.02
    assert not np.array_equal(draws[0], draws[1])


def test_what_is_random_must_be_a_term_once():
    data = survey(10, people=40)
    for wrong in (["d"], [], ["a", "a"]):
        with pytest.raises(DataError, match="random terms among"):
            fit_mixed(*data, terms=TERMS, random=wrong, draws=20)
    with pytest.raises(DataError, match="2 or more draws"):
        fit_mixed(*data, terms=TERMS, random=["a"], draws=1)
