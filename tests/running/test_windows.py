# SPDX-License-Identifier: Apache-2.0
"""What Windows refuses and Linux allows, tried on Linux: renames of open files, other encodings, processes without fork."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from homeground.errors import DataError
from homeground.running import steps
from homeground.running.steps import move
from homeground.running.writing import OPEN, writes_to

# Notes each file that this process has open, or in its memory, while it or a folder above it is renamed or removed.
WATCH = """
import os, sys
from pathlib import Path

held = []

def in_use():
    for number in os.listdir("/proc/self/fd"):
        try:
            yield os.readlink(f"/proc/self/fd/{number}")
        except OSError:
            pass
    with open("/proc/self/maps", encoding="utf-8") as maps:
        for line in maps:
            yield line.split(maxsplit=5)[-1].strip()

def watch(event, args):
    if event not in ("os.rename", "os.remove", "shutil.rmtree") or (event == "os.remove" and args[1] != -1):
        return
    for path in args[: 2 if event == "os.rename" else 1]:
        touched = os.path.abspath(os.fsdecode(path))
        held.extend(f"{event} {touched}: {one}" for one in set(in_use()) if one == touched or one.startswith(touched + "/"))
        seen.append(event)

seen = []
sys.addaudithook(watch)
"""
RUN = """
import warnings
warnings.filterwarnings("error", category=EncodingWarning, module="homeground")
import homeground as hg
hg.run(sys.argv[1], root=sys.argv[2], only=sys.argv[3].split(",") if len(sys.argv) > 3 else None)
hg.run(sys.argv[1], root=sys.argv[2], only=["people"], force=True)  # what stands is replaced
print(len(seen))
print(*sorted(set(held)), sep="\\n")
"""
needs_proc = pytest.mark.skipif(not Path("/proc/self/maps").exists(), reason="open files are read from /proc")


def python(script: str, *words: str, options: tuple[str, ...] = ()) -> str:
    done = subprocess.run(
        [sys.executable, *options, "-c", script, *words], capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def gambia(tmp_path):
    (tmp_path / "gambia").mkdir()
    (tmp_path / "gambia" / "study.toml").write_text('title = "Small"\ncountries = ["GMB"]\n', encoding="utf-8")
    return tmp_path / "gambia"


@needs_proc
def test_the_watch_sees_a_file_that_is_open_while_it_is_renamed(tmp_path):
    script = WATCH + "file = open(sys.argv[1] + '/a', 'w'); os.rename(sys.argv[1], sys.argv[1] + '2'); print(*held)"
    (tmp_path / "out").mkdir()
    assert f"os.rename {tmp_path / 'out'}: {tmp_path / 'out' / 'a'}" in python(script, str(tmp_path / "out"))


@needs_proc
def test_no_file_is_open_while_it_is_renamed_or_removed_and_texts_name_their_encoding(gambia, tmp_path):
    options = ("-X", "warn_default_encoding")
    seen, *held = python(WATCH + RUN, str(gambia), str(tmp_path / "results"), options=options).splitlines()
    assert int(seen) > 50
    assert [line for line in held if line] == []


@needs_proc
@pytest.mark.slow
def test_no_series_is_open_while_it_is_renamed_or_removed(tmp_path):
    from homeground.catalogue.examples.own_land import write_example

    write_example("own-land", tmp_path / "own-land")
    file = tmp_path / "own-land" / "study.toml"  # draws of noise take long and open nothing
    file.write_text(file.read_text(encoding="utf-8").replace("[land]\n", "[land]\nnoise_draws = 0\n"), encoding="utf-8")
    words = (str(tmp_path / "own-land"), str(tmp_path / "results"), "land,people")
    seen, *held = python(WATCH + RUN, *words).splitlines()
    assert int(seen) > 50
    assert [line for line in held if line] == []


def refusing(monkeypatch, name: str, winerror: int, times: int) -> list[float]:
    """Let Windows refuse a rename so many times; what was waited is listed."""
    real, waited, left = getattr(Path, name), [], [times]

    def refuse(path, target):
        if left[0]:
            left[0] -= 1
            error = PermissionError(13, "The process cannot access the file", str(path))
            error.winerror = winerror
            raise error
        return real(path, target)

    monkeypatch.setattr(Path, name, refuse)
    monkeypatch.setattr(steps.time, "sleep", waited.append)
    return waited


@pytest.mark.parametrize("winerror", [5, 32, 33])
def test_a_file_that_a_scanner_holds_for_a_blink_is_moved_after_it(tmp_path, monkeypatch, winerror):
    (tmp_path / "new").write_text("new", encoding="utf-8")
    (tmp_path / "old").write_text("old", encoding="utf-8")
    waited = refusing(monkeypatch, "replace", winerror, 3)
    move(tmp_path / "new", tmp_path / "old")
    assert (tmp_path / "old").read_text(encoding="utf-8") == "new"
    assert len(waited) == 3
    assert sum(steps.PAUSES) < 2


def test_a_folder_that_is_held_is_moved_after_it(tmp_path, monkeypatch):
    for name in ("new", "old"):
        (tmp_path / name).mkdir()
        (tmp_path / name / name).touch()
    refusing(monkeypatch, "rename", 32, 2)
    move(tmp_path / "new", tmp_path / "old")
    assert [path.name for path in (tmp_path / "old").iterdir()] == ["new"]
    assert [path.name for path in tmp_path.iterdir()] == ["old"]


def test_a_file_that_stays_open_elsewhere_is_told_with_what_to_do(tmp_path, monkeypatch):
    (tmp_path / "new").touch()
    refusing(monkeypatch, "replace", 32, 99)
    with pytest.raises(DataError, match=OPEN), writes_to(tmp_path, "step brief.page"):
        move(tmp_path / "new", tmp_path / "tables.xlsx")


# A script of a user, as it must be where processes do not fork: a child reads it anew.
SPAWN = """
import multiprocessing, sys
import dask
import numpy as np
import xarray as xr
import homeground as hg

def slope_of(values):
    return float(hg.land.trend(xr.DataArray(values, {"year": np.arange(values.size)}, ("year",)))["slope"])

def people(words):
    study, root = words
    return list(hg.run(study, root=root, only=["land", "people"]).findings)

if __name__ == "__main__":
    multiprocessing.set_start_method("spawn")
    values = np.random.default_rng(1).normal(0.4, 0.05, (12, 8, 8))
    series = xr.DataArray(values, {"year": np.arange(2000, 2012)}, ("year", "y", "x"))
    plain = hg.land.trend(series)["slope"]
    rows = [values[:, 0, x] for x in range(4)]
    with multiprocessing.Pool(2) as pool:
        assert pool.map(slope_of, rows) == [slope_of(row) for row in rows]
        assert pool.map(people, [sys.argv[1:]]) == [["land", "people"]]
    with dask.config.set(scheduler="processes", num_workers=2):
        tiled = hg.land.trend(series.chunk({"y": 4, "x": 8}))["slope"].compute()
    np.testing.assert_array_equal(tiled, plain)
    print("the same")
"""


def test_spawned_processes_give_the_same_numbers_and_run_studies(gambia, tmp_path):
    script = tmp_path / "script.py"
    script.write_text(SPAWN, encoding="utf-8")
    words = [sys.executable, str(script), str(gambia), str(tmp_path / "results")]
    done = subprocess.run(words, capture_output=True, text=True, timeout=200, check=False)
    assert done.stdout.strip() == "the same", done.stderr
    assert (tmp_path / "results" / "gambia" / "base" / "run.json").is_file()
