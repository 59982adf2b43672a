# SPDX-License-Identifier: Apache-2.0
"""A copy of a study is valid wherever it lies: small inputs go with it, large ones are read where they are."""

from __future__ import annotations

import filecmp
import tomllib
from pathlib import Path

import pytest

from homeground.cli.own import copies
from homeground.cli.own.copies import copy_study
from homeground.errors import StudyError
from homeground.study.opening import find_study, open_study

PEOPLE = "region_id,population,year,source\nGM-B,1,2020,census\n"
LEGEND = "code,unccd_class\n1,cropland\n"
TOML = """\
# Gambia's own; 'ndvi/*.tif' would be a comment here
title = "Mine"   # the path "ndvi/*.tif" is written below
countries = ["GMB"]
[data]
population = "tables/people.csv"
ndvi = { path = 'ndvi/*.tif', first = "2001", scale = 0.0001 }
cover_series = { path = "cover/*.tif", legend = "cover/legend.csv" }
[[scenario]]
name = "other"
data.population = "../shared/people.csv"
"""


@pytest.fixture
def study(tmp_path, monkeypatch) -> Path:
    monkeypatch.setattr(copies, "SMALL_BYTES", 1000)
    home = tmp_path / "gmb"
    for name, content in (
        ("study.toml", TOML),
        ("tables/people.csv", PEOPLE),
        ("../shared/people.csv", PEOPLE),
        ("cover/2001.tif", "x" * 100),
        ("cover/2002.tif", "x" * 100),
        ("cover/legend.csv", LEGEND),
        ("ndvi/2001.tif", "y" * 600),
        ("ndvi/2002.tif", "y" * 600),  # 1200 bytes together
        ("notes.txt", "mine"),
    ):
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_text(content, encoding="utf-8")
    return home


def written(folder: Path) -> set[str]:
    return {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}


def test_small_inputs_keep_their_folders_and_large_ones_stay_where_they_are(study, tmp_path):
    said = "\n".join(copy_study(study, tmp_path / "deep" / "copy"))
    copy = open_study(tmp_path / "deep" / "copy")
    here = {"study.toml", "tables/people.csv", "cover/2001.tif", "cover/2002.tif", "cover/legend.csv"}
    assert written(copy.folder) == here
    assert copy.layer_files("ndvi") == [study / "ndvi" / "2001.tif", study / "ndvi" / "2002.tif"]
    assert copy.layer_files("cover_series")[0].is_relative_to(copy.folder)
    assert open_study(copy.folder, "other").input("population") == tmp_path / "shared" / "people.csv"
    assert f"study.toml says where: {(study / 'ndvi').as_posix()}/*.tif (2 files, 0.0 MB)" in said
    assert "not copied, study.toml does not name it: notes.txt" in said


def test_nothing_but_paths_changes_in_the_study_file(study, tmp_path):
    copy_study(study, tmp_path / "copy")
    text = (tmp_path / "copy" / "study.toml").read_text(encoding="utf-8")
    assert text.splitlines()[:2] == TOML.splitlines()[:2]
    content, before = tomllib.loads(text), tomllib.loads(TOML)
    assert content["data"]["ndvi"].pop("path") == f"{study.as_posix()}/ndvi/*.tif"
    before["data"]["ndvi"].pop("path")
    assert content["scenario"][0].pop("data") != before["scenario"][0].pop("data")
    assert content == before


def test_a_shipped_study_is_copied_byte_for_byte(tmp_path):
    said = copy_study("great-green-wall", tmp_path / "mine")
    source = find_study("great-green-wall").parent
    assert said == [f"wrote {tmp_path / 'mine' / name}" for name in ("study.toml", "goals.csv")]
    assert filecmp.cmpfiles(source, tmp_path / "mine", ["study.toml", "goals.csv"], shallow=False)[0] == [
        "study.toml",
        "goals.csv",
    ]


def test_a_study_file_of_another_name_becomes_study_toml(study, tmp_path):
    (study / "study.toml").rename(study / "dry.toml")
    copy_study(study / "dry.toml", tmp_path / "copy")
    assert open_study(tmp_path / "copy").title == "Mine"


def test_no_file_is_written_over_and_nothing_is_left_behind(study, tmp_path):
    own = tmp_path / "copy" / "tables" / "people.csv"
    own.parent.mkdir(parents=True)
    own.write_text("mine")
    with pytest.raises(StudyError, match=r"people\.csv would be written over"):
        copy_study(study, tmp_path / "copy")
    assert own.read_text() == "mine"
    assert written(tmp_path / "copy") == {"tables/people.csv"}


def test_a_study_that_is_not_valid_is_not_copied(study, tmp_path):
    (study / "tables" / "people.csv").unlink()
    with pytest.raises(StudyError, match=r'data\.population: no file "tables/people\.csv"'):
        copy_study(study, tmp_path / "copy")
    assert not (tmp_path / "copy").exists()


def test_what_is_read_with_a_raster_is_copied_with_it(tmp_path):
    import numpy as np
    import rasterio
    from rasterio.transform import from_origin

    from homeground.catalogue.layers.series import open_series
    from homeground.cli.own.copies import copy_study
    from homeground.study.opening import open_study

    home = tmp_path / "home"
    home.mkdir()
    place = {"width": 3, "height": 2, "crs": "EPSG:4326", "transform": from_origin(-17, 14, 0.5, 0.5)}
    with rasterio.open(home / "n.tif", "w", driver="GTiff", count=2, dtype="int16", **place) as file:
        file.write(np.full((2, 2, 3), 1, "int16"))
    bands = "".join(f'<PAMRasterBand band="{n}"><Scale>0.5</Scale></PAMRasterBand>' for n in (1, 2))
    (home / "n.tif.aux.xml").write_text(f"<PAMDataset>{bands}</PAMDataset>")
    text = 'title = "T"\ncountries = ["GMB"]\n[data]\nndvi = { path = "n.tif", first = "2001" }\n'
    (home / "study.toml").write_text(text, encoding="utf-8")
    copy_study(home, tmp_path / "copy")
    scales = [open_series(open_study(folder), "ndvi").scale for folder in (home, tmp_path / "copy")]
    assert scales == [0.5, 0.5]


def test_a_command_names_the_file_of_a_study_beside_another(tmp_path, monkeypatch):
    from homeground.chain.commands import command
    from homeground.study.opening import open_study

    monkeypatch.chdir(tmp_path)
    for name, code in (("study", "SEN"), ("variant", "MLI")):
        (tmp_path / "two").mkdir(exist_ok=True)
        (tmp_path / "two" / f"{name}.toml").write_text(f'title = "T"\ncountries = ["{code}"]\n', encoding="utf-8")
    assert command("run", open_study("two")) == "homeground run two"
    assert command("run", open_study("two/variant.toml")) == "homeground run two/variant.toml"


def test_tables_that_are_read_by_their_name_come_along(study, tmp_path):
    (study / "trust_fund.csv").write_text("name,kind,share,source\nPlan,fund,1,made\n", encoding="utf-8")
    (study / "sources.csv").write_text("who\n", encoding="utf-8")
    said = "\n".join(copy_study(study, tmp_path / "copy"))
    assert {"trust_fund.csv", "sources.csv"} <= written(tmp_path / "copy")
    assert "trust_fund.csv" not in said.partition("not copied")[2]
