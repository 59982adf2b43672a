# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import itertools

import pandas as pd
import pytest

from homeground.catalogue import figures
from homeground.errors import DataError
from homeground.evidence import CLAIMS, highest_claim, published_level
from homeground.evidence.drivers import KINDS, drivers, drivers_named
from homeground.evidence.ladder import one_driver

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


@pytest.mark.parametrize(
    "driver",
    ["desertification", "soil erosion", "Soil erosion", "salinisation", "salinization", "gully erosion", "crop yield"],
)
def test_what_people_who_leave_change_needs_an_instrument(driver):
    assert highest_claim(driver, **CAUSAL, counterfactual_climate=True).level == 2
    assert highest_claim(driver, **CAUSAL, identification="instrument", argument="rain shocks abroad").level == 3
    assert (published_level(driver, "panel_fe", 3), published_level(driver, "iv", 3)) == (2, 3)


@pytest.mark.parametrize("driver", ["rain", "temperature", "soil moisture", "extreme winter", "cash-for-work"])
def test_weather_and_programmes_need_none(driver):
    assert highest_claim(driver, **CAUSAL).level == 3


@pytest.mark.parametrize(
    ("words", "terms"),
    [
        ("drought and desertification", ["drought", "desertification"]),
        ("Drought / soil erosion", ["drought", "soil erosion"]),
        ("rain, temperature & drought", ["rain", "temperature", "drought"]),
        ("migration and remittances", ["migration and remittances"]),  # one term of the vocabulary
        ("safety net with public works", ["safety net with public works"]),
        (" land   degradation", ["land degradation"]),
        ("rain and rain", ["rain"]),
    ],
)
def test_the_drivers_that_words_name(words, terms):
    assert [driver.term for driver in drivers_named(words)] == terms
    if len(terms) > 1:
        with pytest.raises(DataError, match=f"one driver, found: {', '.join(terms)}"):
            highest_claim(words, conditional=True)


@pytest.mark.parametrize(
    ("words", "near"),
    [
        ("land " + "degr" + "edation", "land degradation"),
        ("undrought", "drought"),  # no part of a word is a driver
        ("degradationless", "degradation"),
        ("drought and soil errosion", "soil erosion"),
        ("", ""),
        ("bank credit", ""),
    ],
)
def test_an_unknown_driver_is_refused_with_the_nearest(words, near):
    for function in (one_driver, highest_claim, lambda w: published_level(w, "iv", 3)):
        with pytest.raises(DataError, match=f"there is no driver .* Did you mean {near}"):
            function(words)


def test_every_driver_of_the_library_is_known():
    library = pd.read_csv(figures.path("effects"), dtype=str, keep_default_na=False)
    for row in library.itertuples():
        assert one_driver(row.driver)
        assert int(row.evidence_level) <= published_level(row.driver, row.design, 4), row.effect_id


def test_the_vocabulary_holds_kinds_and_the_three_of_the_convention():
    known = drivers()
    assert {driver.kind for driver in known.values()} == set(KINDS)
    assert [known[term].kind for term in ("drought", "land degradation", "desertification")] == [
        "drought", "degradation", "desertification",
    ]  # fmt: skip
    for driver in known.values():
        assert driver.endogenous or driver.kind not in ("degradation", "desertification")
        assert not (driver.endogenous and driver.kind in ("drought", "climate"))


def test_an_unknown_identification_is_refused():
    with pytest.raises(DataError, match="'matching', expected one of instrument"):
        highest_claim("land degradation", identification="matching", argument="similar villages")


def test_published_degradation_is_held_at_associated():
    assert published_level("land degradation", "panel_fe", 3) == 2
    assert published_level("land degradation", "survey_logit", 1) == 1
    assert published_level("land degradation", "iv", 3) == 3
    assert published_level("cash-for-work", "randomised", 4) == 4
