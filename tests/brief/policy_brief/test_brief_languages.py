# SPDX-License-Identifier: Apache-2.0
"""No word of a brief is left in English where it is written in another language."""

from __future__ import annotations

import pandas as pd
import pytest
from tests.brief.english import left_in_english

from homeground.brief.facts.land import land_facts
from homeground.brief.policy_brief.compose import compose


def words(report):
    """Every text of a brief, with those of its figures; those of a user's own study are left out."""
    drawings = [d for d in (report.map, *(part.drawing for part in report.parts)) if d]
    told = [text.plain for text in report.texts] + [report.kicker, report.findings_title, *report.notes]
    told += [part.title for part in (*report.parts, report.limits, report.not_for, report.sources)]
    told += [head for part in report.parts if part.grid for head in part.grid.head]
    told += [text for d in drawings for text in (d.title, d.shows, d.caption)]
    told += [label for d in drawings for _, *texts in d.legend for label in texts]
    own = {text.casefold() for text in report.said_by_study}
    return [(str(i), text) for i, text in enumerate(told) if text.casefold() not in own]


@pytest.mark.parametrize("code", ["fr", "zh"])
def test_nothing_is_left_in_english(small_results, small_study, code):
    texts = words(compose(small_results, small_study, code))
    assert len(texts) > 80
    assert left_in_english(texts, code) == []


def test_the_search_for_english_finds_it(small_results, small_study):
    assert len(left_in_english(words(compose(small_results, small_study, "en")), "fr")) > 50


def test_land_without_known_vegetation_has_no_gap(small_results, small_study, tmp_path):
    regions = pd.read_parquet(small_results / "regions.parquet")
    regions.assign(land_potential_gap=float("nan")).to_parquet(tmp_path / "regions.parquet")
    keys = {fact.key for fact in land_facts(tmp_path, small_study)}
    assert "land_drylands_share" in keys
    assert "land_gap" not in keys
