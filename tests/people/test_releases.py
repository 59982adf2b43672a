# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import json

import pandas as pd
import pytest

from homeground.language.messages import tell
from homeground.numbers.disclosure import protect
from homeground.people.releases import other_regions, told_apart


@pytest.fixture
def results(tmp_path):
    return tmp_path / "study"


def written(results, name, regions, *inputs):
    folder = results / name
    (folder / "regions").mkdir(parents=True)
    pd.DataFrame({"region_id": regions}).to_parquet(folder / "regions" / "people.parquet")
    steps = {"people.regions": {"inputs": {name: {} for name in ("atlas profile.csv", *inputs)}}}
    (folder / "run.json").write_text(json.dumps({"schema_version": 2, "steps": steps, "stages": {}}))
    return folder


def test_only_an_own_table_by_other_regions_is_told(results):
    written(results, "alike", ["b", "a"], "people.csv")
    written(results, "merged", ["ab"], "people.csv")
    written(results, "more", ["a", "b", "c"], "people.csv")
    written(results, "modelled", ["x"], "regions.geojson")  # nobody's record, by whatever polygons
    (results / "empty").mkdir()
    base = results / "base"  # not run yet
    assert other_regions(base, ["a", "b"]) == ["merged", "more"]
    assert other_regions(base, {"ab"}) == ["alike", "more"]


def test_what_an_earlier_run_left_in_the_folder_itself_counts(results):
    base = written(results, "base", ["a", "b"], "people.csv")
    assert other_regions(base, ["ab"]) == ["base"]
    assert other_regions(base, ["a", "b"]) == []


def test_a_folder_without_record_is_none_of_an_own_table(results):
    (written(results, "merged", ["ab"], "people.csv") / "run.json").unlink()
    assert other_regions(results / "base", ["a"]) == []


def test_the_risk_is_told_with_the_folders():
    text = tell([told_apart(["base", "merged"])])
    assert "base and merged" in text
    assert "Publish one of them only." in text


def test_two_safe_tables_give_a_count_away_together():
    """The risk that is told: merged regions of a second run, less the parts of the first."""
    first, _ = protect(pd.DataFrame({"people": [4, 40, 3000]}, index=list("abc")), counts="people", round_to=1)
    second, _ = protect(pd.DataFrame({"people": [3004, 40]}, index=["ac", "b"]), counts="people", round_to=1)
    assert pd.isna(first.loc["a", "people"])
    assert second.loc["ac", "people"] - first.loc["c", "people"] == 4
