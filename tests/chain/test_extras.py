# SPDX-License-Identifier: Apache-2.0
"""A plain install does the main job; what an extra brings and is not there is told in one line with the command."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from homeground import extras

ROOT = Path(__file__).resolve().parents[2]
STUDY = 'title = "Small"\ncountries = ["GMB"]\n'


def homeground(cwd: Path, *words: str, absent: tuple[str, ...]) -> subprocess.CompletedProcess[str]:
    """The command line as in an environment without some packages."""
    code = (
        f"import sys\nsys.modules.update(dict.fromkeys({absent!r}))\n"
        f"from homeground.cli import app\nsys.argv = ['homeground', *{list(words)!r}]\napp.main()"
    )
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=cwd, timeout=300)


def told(done: subprocess.CompletedProcess[str]) -> str:
    """The one line that an error is."""
    assert "Traceback" not in done.stderr
    (line,) = done.stderr.splitlines()
    return line


@pytest.fixture
def gambia(tmp_path) -> Path:
    folder = tmp_path / "gambia"
    folder.mkdir()
    (folder / "study.toml").write_text(STUDY, encoding="utf-8")
    return folder


def give(folder: Path, line: str) -> None:
    (folder / "study.toml").write_text(f"{STUDY}[data]\n{line}\n", encoding="utf-8")


def test_extras_are_those_of_the_project():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    given = project["optional-dependencies"]
    assert given.pop("all") == [f"homeground[{','.join(extras.EXTRAS)}]"]
    as_imported = {"python-docx": "docx"}
    found = {name: tuple(as_imported.get(one, one.replace("-", "_")) for one in held) for name, held in given.items()}
    assert found == extras.EXTRAS
    assert not {one for held in given.values() for one in held} & set(project["dependencies"])


def test_the_version_that_builds_the_wheel_is_one_everywhere():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    (hatchling,) = project["build-system"]["requires"]
    assert hatchling in project["dependency-groups"]["build"]
    lock = (ROOT / "requirements-build.lock").read_text("utf-8")
    for pinned in project["dependency-groups"]["build"]:
        assert f"\n{pinned} \\\n    --hash=sha256:" in f"\n{lock}"
    assert "://" not in lock


def test_series_without_a_compiler_are_told_before_anything_runs(gambia):
    xr.DataArray(np.ones((2, 2))).to_netcdf(gambia / "ndvi.nc")
    give(gambia, 'ndvi = "ndvi.nc"')
    done = homeground(gambia.parent, "run", "gambia", absent=("numba",))
    assert done.returncode == 3
    found = 'to work out ndvi cell by cell, numba is not installed. Install: pip install "homeground[kernels]"'
    assert found in done.stderr
    assert "Traceback" not in done.stderr
    assert not (gambia.parent / "results").exists()


def test_tiles_are_worked_through_without_dask():
    code = (
        "import sys; sys.modules['dask'] = None\n"
        "from homeground.catalogue.grids.tiles import Grid, each_tile, tiles\n"
        "assert each_tile(lambda tile: tile.rows * tile.columns, list(tiles(Grid(0.0, 10.0, 1.0, 2, 5), (2, 3)))) == [6, 4]\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("absent", [("h5netcdf",), ("h5py",), ("h5netcdf", "h5py")], ids="+".join)
def test_netcdf_without_its_readers_is_told(gambia, absent):
    axes = {"latitude": np.arange(14.0, 13.0, -0.25), "longitude": np.arange(-17.0, -13.0, 0.25)}
    field = xr.DataArray(np.ones((4, 16)), axes, tuple(axes), name="people", attrs={"units": "1"})
    field.to_netcdf(gambia / "people.nc", engine="h5netcdf")
    give(gambia, 'population_grid = { path = "people.nc", first = "2015" }')
    done = homeground(gambia.parent, "validate", "gambia", absent=absent)
    assert done.returncode == 3
    line = told(done)
    assert "to read people.nc, NetCDF, " in line
    assert line.endswith('not installed. Install: pip install "homeground[netcdf]"')
    assert all(package in line for package in absent)


def test_a_file_that_is_no_netcdf_is_not_put_down_to_an_extra(gambia):
    (gambia / "people.nc").write_text("no map", encoding="utf-8")
    give(gambia, 'population_grid = { path = "people.nc", first = "2015" }')
    done = homeground(gambia.parent, "validate", "gambia", absent=("h5netcdf", "h5py"))
    assert done.returncode == 3
    assert "homeground[" not in told(done)


def test_chinese_without_its_typeface_is_written_as_html_and_the_rest_as_ever(gambia):
    (gambia / "study.toml").write_text(f'{STUDY}[brief]\nlanguages = ["en", "zh"]\n', encoding="utf-8")
    command = 'pip install "homeground[chinese]"'
    done = homeground(gambia.parent, "run", "gambia", absent=("noto_cjk_sans_otc",))
    assert done.returncode == 0, done.stderr
    text = " ".join(done.stdout.split())
    assert f"brief-zh.pdf is not written: the typeface of the language is not installed. For it: {command}" in text
    results = gambia.parent / "results" / "gambia" / "base"
    held = {path.name for path in results.glob("brief-*")}
    assert held == {"brief-en.pdf", "brief-en.html", "brief-zh.html"}
    asked = homeground(gambia.parent, "brief", "gambia", "--language", "zh", absent=("noto_cjk_sans_otc",))
    assert asked.returncode == 3
    assert told(asked).endswith(f"noto_cjk_sans_otc is not installed. Install: {command}")
    # Once it is there, the brief is written anew and nothing else is.
    again = homeground(gambia.parent, "run", "gambia", absent=())
    assert again.returncode == 0, again.stderr
    assert (results / "brief-zh.pdf").is_file()
    assert "brief-zh.pdf is not written" not in again.stdout


def test_chinese_words_of_a_study_without_the_typeface_say_how_they_can_be_set(gambia):
    (gambia / "study.toml").write_text(STUDY.replace("Small", "土地"), encoding="utf-8")
    done = homeground(gambia.parent, "validate", "gambia", absent=("noto_cjk_sans_otc",))
    assert done.returncode == 2
    assert 'pip install "homeground[chinese]"' in told(done)
    assert homeground(gambia.parent, "validate", "gambia", absent=()).returncode == 0
