# SPDX-License-Identifier: Apache-2.0
"""What is told before anything runs: names that no folder may have, and letters that no typeface has."""

from __future__ import annotations

import json

import pytest
from shapely.geometry import box, mapping

from homeground.chain.checks import validate
from homeground.errors import DataError, StudyError
from homeground.study.opening import open_study

pytest.importorskip("typst", reason="without the typesetter there is no brief to be set")


def study(folder, title="T", more=""):
    (folder / "study.toml").write_text(f'title = "{title}"\ncountries = ["GMB"]\n{more}', encoding="utf-8")
    return open_study(folder)


@pytest.mark.parametrize("title", ["The Gambia", "Sénégal, ŋ ɓ Ɗ", "冈比亚", "غامبيا", "Гамбия", "देश", "Ελλάδα"])
def test_titles_that_the_brief_can_set_pass(tmp_path, title):
    validate(study(tmp_path, title))


def test_all_letters_that_the_brief_cannot_set_are_told_at_once(tmp_path):
    broken = study(tmp_path, "ትግ", 'question = "Where \U0001f600?"\ncannot_say = ["a", "bell \\u0007"]\n')
    with pytest.raises(StudyError) as told:
        validate(broken)
    for said in (
        "title: no typeface",
        "ት (U+1275), ግ (U+130D)",
        "question:",
        "(U+1F600)",
        "cannot_say, sentence 2:",
        "U+0007",
    ):
        assert said in str(told.value)


def test_names_of_regions_are_set_too(tmp_path):
    feature = {"type": "Feature", "geometry": mapping(box(-16.0, 13.3, -15.5, 13.5))}
    feature["properties"] = {"region_id": "x", "iso3": "GMB", "name": "ትግራይ"}
    collection = {"type": "FeatureCollection", "features": [feature]}
    (tmp_path / "own.geojson").write_text(json.dumps(collection), encoding="utf-8")
    own = study(tmp_path, more='regions = "custom"\n[data]\nregions = "own.geojson"\n')
    with pytest.raises(DataError, match=r"own\.geojson: of the names, no typeface .* ት \(U\+1275\)"):
        validate(own)


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("../base", "no folder may be called"),
        ("a/b", "no folder may be called"),
        ("a\\\\b", "no folder may be called"),
        ("a\\u0000", "no folder may be called"),
        ("..", "begins or ends with a dot"),
        (" half ", "begins or ends with a dot or space"),
        ("x" * 101, "longer than 100 bytes"),
        ("con", "Windows"),
        ("LPT1.old", "Windows"),
    ],
)
def test_a_scenario_is_called_as_a_folder_can_be(tmp_path, name, why):
    with pytest.raises(StudyError, match=why):
        study(tmp_path, more=f'[[scenario]]\nname = "{name}"\n')


def test_a_scenario_in_any_script_is_taken(tmp_path):
    assert study(tmp_path, more='[[scenario]]\nname = "倍增 2.5"\n').scenario_names == ["倍增 2.5"]
