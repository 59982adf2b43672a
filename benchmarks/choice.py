# SPDX-License-Identifier: Apache-2.0
"""Logits of choice cards: made surveys whose weights are known, and how long a large mixed logit takes, against seconds asked."""

from __future__ import annotations

import resource
import time

import numpy as np

from benchmarks import Row
from homeground.finance.choice.attributes import attributes_on_cards, terms_of
from homeground.finance.choice.checks import check_cards
from homeground.finance.choice.design import choice_design
from homeground.finance.choice.logit import fit_conditional
from homeground.finance.choice.made import made_survey, made_weights
from homeground.finance.choice.mixed import fit_mixed

SECONDS = 60.0  # asked of 2000 people x 8 cards x 500 draws
SURVEYS, PEOPLE = 200, 300
SURE = 1.959963984540054


def _held() -> Row:
    """Share of intervals of 95 % that hold the weight the surveys were made from."""
    shown = attributes_on_cards()
    cards = choice_design(shown, starts=2).cards
    truth = made_weights().set_index("term").loc[terms_of(shown), "mean"].to_numpy()
    held = []
    began = time.process_time()
    for seed in range(SURVEYS):
        answers = check_cards(made_survey(PEOPLE, cards=cards, seed=1000 + seed), price="return")
        fit = fit_conditional(answers.x, answers.chosen, answers.person, terms=answers.terms)
        held.append(np.abs(fit.coefficients - truth) < SURE * np.sqrt(np.diag(fit.covariance)))
    rate = SURVEYS / (time.process_time() - began)
    kept = np.array(held)
    said = (
        f"{kept.mean():.1%} of {kept.size} intervals hold the weight they were made from; least {kept.mean(axis=0).min():.1%}, "
        f"most {kept.mean(axis=0).max():.1%} of one weight"
    )
    what = f"conditional logit of {SURVEYS} made surveys of {PEOPLE} people with their making and checks"
    return Row(what, rate, None, None, None, None, "surveys/CPU-s", said)


def _mixed() -> Row:
    shown = attributes_on_cards()
    survey = made_survey(2000, cards=choice_design(shown, starts=2).cards, spread=True, seed=7)
    answers = check_cards(survey, price="return")
    random = [term for term in answers.terms if term not in ("return", "none")]
    began, busy = time.perf_counter(), time.process_time()
    fit = fit_mixed(answers.x, answers.chosen, answers.person, terms=answers.terms, random=random, draws=500)
    took, used = time.perf_counter() - began, time.process_time() - busy
    given = made_weights().set_index("term")
    truth = np.concatenate([given.loc[list(answers.terms), "mean"], given.loc[random, "spread"]])
    far = np.abs(fit.coefficients - truth) / np.sqrt(np.diag(fit.covariance))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    said = f"{took:.1f} s, {used:.1f} CPU-s, peak {peak:.0f} MB; {int((far < SURE).sum())} of {far.size} intervals hold their weight"
    what = f"mixed logit, 2000 people x 8 cards x 500 draws, {len(random)} random weights; peer: {SECONDS:g} seconds"
    return Row(what, 1 / used, 1 / SECONDS, SECONDS / used, 1.0, None, "models/CPU-s", said)


def run() -> list[Row]:
    """Both rows."""
    return [_held(), _mixed()]
