# SPDX-License-Identifier: Apache-2.0
"""What the terminal says of a difference to Trends.Earth: causes with their sum, settings by name, in every language."""

from __future__ import annotations

import pandas as pd
import pytest

from homeground.cli.against.show import against_answers
from homeground.land.against.cells import CAUSES
from homeground.land.against.totals import RULES, STATES
from homeground.language.layout import WIDTH, blocks, width

AREAS = pd.DataFrame(
    [("period", 2023, rule, state, 5.0, 7.0, 2.0) for rule in RULES for state in STATES.values()],
    columns=["period", "year", "rule", "state", "theirs_km2", "ours_km2", "difference_km2"],
)
WHY = pd.DataFrame({"period": "period", "cause": CAUSES, "area_km2": [float(n) for n in range(len(CAUSES))]})
SETTINGS = pd.DataFrame(
    [
        ("", "made_by", "", "2.1.17", "homeground 1"),
        ("period", "productivity_years", "", "2001-2023", "2008-2023"),
        ("period", "land_cover_years", "", "2015-2022", "2015-2023"),
        ("period", "transition", "2-3", "degraded", "improved|stable"),
    ],
    columns=["period", "setting", "about", "theirs", "ours"],
)


@pytest.mark.parametrize("code", ["en", "fr", "zh"])
def test_every_rule_class_cause_and_setting_has_words_and_fits_80_columns(code):
    areas, why, said = against_answers(AREAS, WHY, SETTINGS, code)
    assert len(set(areas.rows)) == len(RULES) * len(STATES)
    assert len(set(why.rows)) == len(CAUSES)  # the one of no area is left out, the sum stands at the end
    assert why.columns[0][1][-1] == "45"  # 0 + 1 + ... + 9
    assert "terminal." not in " ".join([*areas.rows, *why.rows, areas.title, why.title, said.mind])
    for answer in (areas, why):
        assert max(width(line) for text in blocks(answer.rows, answer.columns) for line in text.splitlines()) <= WIDTH


def test_a_change_of_cover_is_told_by_the_names_of_its_classes():
    said = against_answers(AREAS, None, SETTINGS)[-1].mind
    assert "2023: Grassland to Cropland is told as Degraded in the job, as Improved, Stable here." in said
    assert "2023: productivity is of 2001-2023 in the job, of 2008-2023 here." in said
    assert "The job has no rasters" in said
    assert "The job has no rasters" not in against_answers(AREAS, WHY, SETTINGS)[-1].mind
