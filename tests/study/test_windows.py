# SPDX-License-Identifier: Apache-2.0
"""Studies that cross between Windows and other systems: paths with a backslash, names that Windows keeps for itself."""

from __future__ import annotations

from pathlib import PureWindowsPath

import pytest

from homeground.catalogue.examples.own_land import write_example
from homeground.cli.own.copies import copy_study
from homeground.errors import StudyError
from homeground.study.model import RESERVED, unfit_name
from homeground.study.opening import open_study
from homeground.study.sections import slashes


@pytest.fixture
def own_land(tmp_path):
    write_example("own-land", tmp_path / "own-land")
    return tmp_path / "own-land"


def written(folder, old, new):
    file = folder / "study.toml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


@pytest.mark.parametrize(
    "path", [r"data\ndvi.tif", r"data\ndvi\*.tif", r"C:\data\ndvi.tif", r"\\server\share\ndvi.tif", "data/ndvi.tif"]
)
def test_a_path_means_the_same_to_windows(path):
    assert PureWindowsPath(slashes(path)) == PureWindowsPath(path)
    assert slashes(path) == PureWindowsPath(path).as_posix()


def test_a_study_written_on_windows_finds_its_files(own_land):
    before = open_study(own_land)
    written(own_land, '"cover/cover_*.tif"', r"'cover\cover_*.tif'")
    written(own_land, 'path = "ndvi.tif"', r"path = '.\ndvi.tif'")
    written(own_land, '"population.csv"', r"'.\population.csv'")
    after = open_study(own_land)
    assert after.layer_files("cover_series") == before.layer_files("cover_series")
    assert len(after.layer_files("cover_series")) == 22
    assert after.layer_files("ndvi") == before.layer_files("ndvi")
    assert after.input("population") == before.input("population")


def test_a_copy_of_such_a_study_is_whole(own_land, tmp_path, monkeypatch):
    written(own_land, '"cover/cover_*.tif"', r"'cover\cover_*.tif'")
    copy_study(own_land, tmp_path / "copy")
    assert len(open_study(tmp_path / "copy").layer_files("cover_series")) == 22
    monkeypatch.setattr("homeground.cli.own.copies.SMALL_BYTES", 10)  # now it is read where it lies
    copy_study(own_land, tmp_path / "lean")
    assert open_study(tmp_path / "lean").layer_files("cover_series") == open_study(own_land).layer_files("cover_series")


def test_a_backslash_that_toml_reads_as_a_sign_is_told(own_land):
    written(own_land, 'path = "ndvi.tif"', r'path = "data\ndvi.tif"')
    written(own_land, '"population.csv"', r'"data\tables.csv"')
    with pytest.raises(StudyError) as caught:
        open_study(own_land)
    assert r"data.ndvi: 'data\ndvi.tif' holds a \ that TOML reads as part of a sign" in str(caught.value)
    assert r"data.population: 'data\tables.csv' holds" in str(caught.value)
    assert str(caught.value).count("Write the path with / instead.") == 2


@pytest.mark.parametrize("name", [*sorted(RESERVED), "nul.2024", "Con", "study.", "study ", "a:b", "a\\b", "who?"])
def test_names_that_windows_cannot_file_are_refused_everywhere(name):
    assert PureWindowsPath(name).is_reserved() or unfit_name(name)
    assert unfit_name(name)
