# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import itertools

import pytest

from homeground.errors import DataError
from homeground.evidence import CLAIMS, highest_claim, published_level

CAUSAL = {
    "conditional": True,
    "within_unit": True,
    "exogenous": True,
    "placebo_passed": True,
    "spatial_errors": True,
    "out_of_sample_gain": True,
}


def test_the_steps_have_their_order():
    assert CLAIMS == ("described", "associated", "consistent with a causal effect", "attributed")


def test_each_step_asks_for_all_of_its_checks():
    assert highest_claim("drought").level == 1
    assert highest_claim("drought", conditional=True).level == 2
    assert highest_claim("drought", **CAUSAL).level == 3
    for check in ("within_unit", "exogenous", "placebo_passed", "spatial_errors", "out_of_sample_gain"):
        claim = highest_claim("drought", **(CAUSAL | {check: False}))
        assert (claim.level, len(claim.held_by)) == (2, 1), check


def test_a_step_is_not_skipped():
    assert highest_claim("drought", **(CAUSAL | {"conditional": False})).level == 1
    assert highest_claim("drought", conditional=True, counterfactual_climate=True).level == 2


def test_attributed_needs_a_counterfactual_climate():
    assert highest_claim("drought", **CAUSAL).held_by == ("a counterfactual climate",)
    claim = highest_claim("drought", **CAUSAL, counterfactual_climate=True)
    assert (claim.level, claim.name, claim.held_by) == (4, "attributed", ())


@pytest.mark.parametrize("flags", list(itertools.product([False, True], repeat=7)))
def test_degradation_without_identification_is_never_above_associated(flags):
    checks = dict(zip([*CAUSAL, "counterfactual_climate"], flags, strict=True))
    assert highest_claim("land degradation", **checks).level <= 2
    # Naming a design without saying why it holds changes nothing.
    assert highest_claim("land degradation", identification="instrument", **checks).level <= 2


@pytest.mark.parametrize("design", ["instrument", "policy break", "rain residual"])
def test_degradation_with_a_stated_argument_may_go_on(design):
    claim = highest_claim("land degradation", **CAUSAL, identification=design, argument="rain shocks abroad")
    assert claim.name == "consistent with a causal effect"


@pytest.mark.parametrize("drivers", ["drought and land degradation", ["drought", "land degradation"], []])
def test_drought_and_degradation_never_share_a_coefficient(drivers):
    with pytest.raises(DataError, match="one driver"):
        highest_claim(drivers, conditional=True)


def test_an_unknown_identification_is_refused():
    with pytest.raises(DataError, match="'matching', expected one of instrument"):
        highest_claim("land degradation", identification="matching", argument="similar villages")


def test_published_degradation_is_held_at_associated():
    assert published_level("land degradation", "panel_fe", 3) == 2
    assert published_level("land degradation", "survey_logit", 1) == 1
    assert published_level("land degradation", "iv", 3) == 3
    assert published_level("cash-for-work", "randomised", 4) == 4
