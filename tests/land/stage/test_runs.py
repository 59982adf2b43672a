# SPDX-License-Identifier: Apache-2.0
"""What runs again after a change, and what a run that fails or is stopped leaves behind."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from homeground.errors import DataError
from homeground.land.assessment import degradation as second
from homeground.land.stage import STAGE
from homeground.language.messages import Saying, tell
from homeground.running.record import read_run
from homeground.running.steps import Stage, run_stages

STEPS = ("vegetation", "degradation")
# The two walks alone: the steps of the atlas have tests of their own.
WALKS = (Stage("land", tuple(step for step in STAGE.steps if step.name in STEPS), lambda _: ()),)


def ran(study, out):
    return [event.step for event in run_stages(study, WALKS, out) if event.kind == "step"]


def content(out):
    """Every file of the results with its bytes, but the record and the lock."""
    names = [path for path in sorted(out.rglob("*")) if path.is_file() and path.name not in ("run.json", ".run.lock")]
    return {str(path.relative_to(out)): path.read_bytes() for path in names}


@pytest.fixture(scope="module")
def finished(tmp_path_factory, new_land):
    """A land whose two walks were run once."""
    land = new_land(tmp_path_factory.mktemp("runs") / "made")
    out = land.folder.parent / "results"
    assert ran(land.study(), out) == list(STEPS)
    return land, out


def test_a_finished_run_is_skipped_and_another_threshold_runs_the_second_walk_alone(finished, where):
    land, out = finished
    assert ran(land.study(), out) == []
    before = content(out)
    strict = land.study("sensitivity = false\ncarbon_threshold = 8.0")
    assert ran(strict, out) == ["degradation"]
    after = content(out)
    first_walk = {name for name in before if "vegetation" in name}
    assert first_walk
    assert all(after[name] == before[name] for name in first_walk)
    assert ran(land.study(), out) == ["degradation"]
    assert content(out) == before  # the same study gives the same bytes


def test_another_file_of_the_index_runs_both(finished):
    land, out = finished
    ran(land.study(), out)
    land.ndvi[3, 5, 0] += 0.01
    assert ran(land.study(), out) == list(STEPS)
    land.zone[0, 0] = 11  # a layer of the second walk only
    assert ran(land.study(), out) == ["degradation"]
    (land.folder / "cover.tif").rename(land.folder / "moved.tif")
    said = '{ path = "moved.tif", first = "2000", legend = "unccd" }'
    assert ran(land.study(cover_series=said), out) == list(STEPS)  # strata come from the cover


def test_another_legend_runs_both(tmp_path, new_land):
    land, out = new_land(tmp_path / "made"), tmp_path / "results"
    land.folder.mkdir()
    for trees, runs in ((1, list(STEPS)), (1, []), (2, list(STEPS))):  # the cut forest is grassland at last
        text = f"code,unccd_class\n1,{trees}\n2,2\n3,3\n7,7\n"
        (land.folder / "own.csv").write_text(text, encoding="utf-8")
        said = '{ path = "cover.tif", first = "2000", legend = "own.csv" }'
        assert ran(land.study(cover_series=said), out) == runs
    cut = pd.read_parquet(out / "degradation.parquet").query("final == 3")
    assert set(cut["initial"]) == {2, 3}


def remains(out):
    return [path for path in out.rglob("*") if ".partial" in path.name or ".probe" in path.name]


def test_a_run_that_fails_leaves_the_results_that_stood(finished, where):
    land, out = finished
    ran(land.study(), out)
    before, record = content(out), read_run(out)["steps"]
    (land.folder / "own.csv").write_text("code,unccd_class\n1,1\n2,2\n", encoding="utf-8")
    wrong = land.study(cover_series='{ path = "cover.tif", first = "2000", legend = "own.csv" }')
    with pytest.raises(DataError, match="codes that legend"):
        ran(wrong, out)
    assert content(out) == before
    assert read_run(out)["steps"] == record
    assert remains(out) == []
    assert ran(land.study(), out) == []  # what stood is still known to stand


def test_a_run_that_is_stopped_in_the_middle_leaves_no_half_written_output(finished, monkeypatch):
    land, out = finished
    ran(land.study(), out)
    before = content(out)

    def stopped(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(second, "_walk", stopped)
    with pytest.raises(KeyboardInterrupt):
        ran(land.study("sensitivity = false\ncarbon_threshold = 7.0"), out)
    assert content(out) == before
    assert remains(out) == []
    monkeypatch.undo()
    assert ran(land.study("sensitivity = false\ncarbon_threshold = 7.0"), out) == ["degradation"]


def test_a_study_that_gives_less_takes_its_outputs_away(tmp_path, new_land, where):
    land = new_land(tmp_path / "made")
    out = tmp_path / "results"
    ran(land.study(), out)
    assert (out / "maps" / "status.tif").exists()
    assert ran(land.study(soil_carbon=None), out) == ["degradation"]
    maps = {path.stem for path in (out / "maps").glob("*.tif")}
    assert "status" not in maps
    assert "cover_change_baseline" in maps
    land.layers = {}
    assert ran(land.study(), out) == list(STEPS)
    assert not [name for name in content(out) if name.endswith((".tif", ".parquet"))]
    (warning,) = read_run(out)["steps"]["land.degradation"]["warnings"]
    assert "needs a series in time; none is given" in tell([Saying.read(warning)])


def test_layers_that_do_not_overlap_are_refused(tmp_path, new_land, where):
    land = new_land(tmp_path / "made")
    far = where["grid"].__class__(40.0, 5.0, 0.05, 8, 14)
    land.folder.mkdir()
    land.write("far.tif", np.ones(far.shape, "float32"), grid=far)
    study = land.study(soil_carbon='{ path = "far.tif", units = "t/ha" }')
    with pytest.raises(DataError, match=r"soil_carbon lies between 40\.00.*do not overlap"):
        ran(study, tmp_path / "results")
    land.write("far.tif", np.zeros((24, *far.shape), "int16"), grid=far)
    study = land.study(ndvi='{ path = "far.tif", first = "2000", scale = 0.0001 }')
    with pytest.raises(DataError, match=r"ndvi lies between 40\.00.*regions of the study.*do not overlap"):
        ran(study, tmp_path / "results")


def test_an_island_smaller_than_a_cell_has_maps_and_its_own_area(tmp_path, new_land, where):
    land = new_land(tmp_path / "made")
    land.shapes = [where["columns"](0.2, 0.6, 0.2, 0.8)]  # falling
    found = land.run()
    status = found.table("land_status")
    assert status["status"].tolist() == [1]
    assert status["area_km2"].sum() == pytest.approx(0.4 * 0.6 * where["grid"].row_areas[0], rel=1e-3)
    np.testing.assert_array_equal(found.map("status"), [[1, 255], [255, 255]])


def test_the_sentence_says_how_much_of_the_land_the_series_cover(made, tmp_path):
    import shutil

    from homeground.land.stage.finding import finding
    from homeground.language.messages import tell

    out = tmp_path / "results"
    shutil.copytree(made.out, out)
    whole = made.table("land_status")["area_km2"].sum()
    for total, said in (
        (whole, "of the land is degraded. The range is over other choices"),
        (whole / 0.54, "of the land that your series cover is degraded; they cover 54 per cent of the land"),
    ):
        units = {"iso3": "GMB", "aridity_class": 2, "area_km2": [total]}
        pd.DataFrame(units).to_parquet(out / "land_units.parquet")
        assert said in tell(finding(out)).replace("\u00a0", " ")
