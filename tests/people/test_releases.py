# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import pandas as pd
import pytest

from homeground.language.messages import tell
from homeground.numbers.disclosure import protect
from homeground.people.releases import other_regions, told_apart
from homeground.running.record import RESULTS_VERSION, write_run


@pytest.fixture
def results(tmp_path):
    return tmp_path / "study"


def written(results, name, regions, *inputs):
    folder = results / name
    (folder / "regions").mkdir(parents=True)
    pd.DataFrame({"region_id": regions}).to_parquet(folder / "regions" / "people.parquet")
    steps = {"people.regions": {"inputs": {name: {} for name in ("atlas profile.csv", *inputs)}}}
    write_run(folder, {"schema_version": RESULTS_VERSION, "steps": steps, "stages": {}})
    return folder


def test_only_an_own_table_by_other_regions_is_told(results):
    written(results, "alike", ["b", "a"], "people.csv")
    written(results, "merged", ["ab"], "people.csv")
    written(results, "more", ["a", "b", "c"], "People.XLSX")
    written(results, "modelled", ["x"], "regions.geojson")  # nobody's record, by whatever polygons
    (results / "empty").mkdir()
    base = results / "base"  # not run yet
    assert other_regions(base, ["a", "b"]) == ["merged", "more"]
    assert other_regions(base, {"ab"}) == ["alike", "more"]


def test_what_an_earlier_run_left_in_the_folder_itself_counts(results):
    base = written(results, "base", ["a", "b"], "people.csv")
    assert other_regions(base, ["ab"]) == ["base"]
    assert other_regions(base, ["a", "b"]) == []


def test_a_damaged_table_counts_as_of_other_regions(results):
    (written(results, "cut", ["a"], "people.csv") / "regions" / "people.parquet").write_bytes(b"PAR1")
    assert other_regions(results / "base", ["a"]) == ["cut"]


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
