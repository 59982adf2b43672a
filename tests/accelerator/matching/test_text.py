# SPDX-License-Identifier: Apache-2.0
"""Likeness of texts: against another's TF-IDF, across languages by terms alone, and left out where none is shared."""

from __future__ import annotations

import numpy as np
import pytest
from tests.accelerator.matching import made

from homeground.accelerator.matching.match import match
from homeground.accelerator.matching.text import counted, language_of, likeness, weighted

TEXTS = ["zai pits hold water", "trees hold sand and trees hold soil", "water for herders", ""]


def test_weights_of_words_are_those_of_scikit_learn():
    theirs = pytest.importorskip("sklearn.feature_extraction.text", reason="scikit-learn is no part of homeground")
    ours = counted(TEXTS)
    # The same counts are given to both, so that only the weighting is compared.
    expected = theirs.TfidfTransformer().fit_transform(ours.counts).toarray()
    assert np.allclose(weighted(ours.counts).toarray(), expected, atol=1e-12)


def test_a_need_in_french_meets_an_offer_in_english():
    french = "Restauration des terres et reboisement avec les femmes de la commune"
    english = [
        "Land restoration and afforestation with the women of the district",
        "Roads and bridges for the transport of cereals",
    ]
    found, skipped = likeness(counted([french, *english]), 1)
    assert found[0, 0] > 0.5
    assert np.isnan(found[0, 1])  # roads and bridges are no terms of land: not compared, and told
    assert skipped.tolist() == [[False, True]]


def test_a_comparison_left_out_for_language_is_told_and_not_counted():
    offers = made.table({"title": "The roads of the north", "practices": None})
    needs = made.table({"title": "Les routes et les ponts du nord", "practices": None})
    row = match(offers, needs)["matches"].iloc[0]
    assert np.isnan(row["text_need"])
    assert row["score"] == 1.0
    assert "their languages differ" in row["reasons"]


def test_two_short_titles_are_not_held_against_each_other():
    row = match(made.table({"title": "Fund"}), made.table({"title": "Half-moons"}))["matches"].iloc[0]
    assert np.isnan(row["text_need"])
    assert row["score"] == 1.0


@pytest.mark.parametrize(
    ("text", "code"),
    [("the land of herders", "en"), ("les terres des éleveurs", "fr"), ("las tierras de los pastores", "es"),
     ("восстановление земель", "ru"), ("土地恢复", "zh"), ("Zaï", ""), ("", "")],
)  # fmt: skip
def test_the_language_of_a_text(text, code):
    assert language_of(text) == code


def test_the_same_text_is_alike_at_one_whatever_stands_around_it():
    found, _ = likeness(counted([TEXTS[1], TEXTS[0], TEXTS[1], TEXTS[2]]), 1)
    assert found[0, 1] == pytest.approx(1.0)
    assert found[0, 2] == 0.0  # no word in common with "water for herders"
