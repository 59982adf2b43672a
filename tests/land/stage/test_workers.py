# SPDX-License-Identifier: Apache-2.0
"""Tiles worked through by processes, and runs that are killed: the same bytes as of one run in one process."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import threading
from functools import partial
from pathlib import Path

import pytest

from homeground.land.assessment import degradation as second
from homeground.land.assessment import vegetation as first
from homeground.land.stage import STAGE
from homeground.running.cluster import workers_for
from homeground.running.steps import Stage, run_stages

STEPS = ("vegetation", "degradation")
WALKS = (Stage("land", tuple(step for step in STAGE.steps if step.name in STEPS), lambda _: ()),)
REAL = first._walk
SHAPE = (2, 4)  # 16 tiles of the made land
DEADLY = (4, 4)  # top and left of the one in which somebody is killed
no_kill = pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no SIGKILL")


@pytest.fixture(autouse=True)
def _many_tiles(monkeypatch):
    for walk in (first, second):
        monkeypatch.setattr(walk, "tile_shape", lambda *_, **__: SHAPE)


def ran(study, out):
    out.mkdir(exist_ok=True)
    return [event.step for event in run_stages(study, WALKS, out) if event.kind == "step"]


def content(out):
    """Every file of the results with its bytes, but the record and the lock."""
    names = [path for path in sorted(out.rglob("*")) if path.is_file() and path.name not in ("run.json", ".run.lock")]
    return {str(path.relative_to(out)): path.read_bytes() for path in names}


@pytest.fixture(scope="module")
def by_one(new_land, tmp_path_factory):
    """A land, and the results of one process."""
    made = new_land(tmp_path_factory.mktemp("workers") / "made")
    out = made.folder.parent / "one"
    with pytest.MonkeyPatch.context() as patch:
        for walk in (first, second):
            patch.setattr(walk, "tile_shape", lambda *_, **__: SHAPE)
        assert ran(made.study(), out) == list(STEPS)
    return made, content(out)


def deadly(marker, sources, tile):
    """The first walk; whoever first comes to one of the tiles is killed in the middle, with all it had done."""
    found = REAL(sources, tile)
    if (tile.top, tile.left) == DEADLY and not marker.exists():
        marker.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return found


@pytest.mark.slow
@no_kill
def test_two_workers_write_the_same_bytes_as_one_process_though_one_is_killed(by_one, tmp_path, monkeypatch):
    pytest.importorskip("distributed", reason="dask.distributed (extra cluster) is not installed")
    import cloudpickle

    land, expected = by_one
    cloudpickle.register_pickle_by_value(sys.modules[__name__])
    with workers_for(2, None, results=tmp_path, inputs=()):
        assert ran(land.study(), tmp_path / "two") == list(STEPS)
        monkeypatch.setattr(first, "_walk", partial(deadly, tmp_path / "killed"))
        assert ran(land.study(), tmp_path / "one-killed") == list(STEPS)
    assert (tmp_path / "killed").exists()
    for out in (tmp_path / "two", tmp_path / "one-killed"):
        found = content(out)
        assert found.keys() == expected.keys()
        assert [name for name in expected if found[name] != expected[name]] == []


KILLED = """
import sys
from functools import partial
from pathlib import Path
folder, out, root, deadly_at = sys.argv[1:]
import os, signal, dask
from homeground.catalogue import regions
from homeground.land.assessment import vegetation as first, degradation as second
from homeground.land.stage import STAGE
from homeground.running.steps import Stage, run_stages
from homeground.study.opening import open_study
regions._outside_country = lambda _: []
real = first._walk
def walk(sources, tile):
    if tile.top >= int(deadly_at):
        os.kill(os.getpid(), signal.SIGKILL)
    return real(sources, tile)
first._walk = walk
for module in (first, second):
    module.tile_shape = lambda *_, **__: (2, 4)
dask.config.set(scheduler="synchronous")
steps = tuple(step for step in STAGE.steps if step.name in ("vegetation", "degradation"))
list(run_stages(open_study(Path(folder)), (Stage("land", steps, lambda _: ()),), Path(out)))
"""


@no_kill
def test_a_run_that_is_killed_goes_on_with_the_tile_that_it_was_at(by_one, tmp_path, monkeypatch):
    land, expected = by_one
    study, out = land.study(), tmp_path / "out"
    out.mkdir()
    words = [sys.executable, "-c", KILLED, str(land.folder), str(out), "", "4"]
    done = subprocess.run(words, capture_output=True, text=True, timeout=300)
    assert done.returncode == -signal.SIGKILL, done.stderr
    (left,) = out.glob(".land.vegetation.*.partial")
    finished = len(list((left / ".tiles" / "vegetation").glob("*.pickle")))
    assert finished == 8  # two rows of four tiles
    assert not (out / "land.zarr").exists()
    walked, lock = [], threading.Lock()

    def counted(sources, tile):
        with lock:
            walked.append((tile.top, tile.left))
        return REAL(sources, tile)

    monkeypatch.setattr(first, "_walk", counted)
    assert ran(study, out) == list(STEPS)
    assert sorted(walked) == [(top, left) for top in (4, 6) for left in (0, 4, 8, 12)]
    assert content(out) == expected
    assert not list(out.rglob("*.partial"))


@no_kill
def test_finished_tiles_of_another_study_are_not_gone_on_with(by_one, tmp_path):
    land, expected = by_one
    out = tmp_path / "out"
    out.mkdir()
    land.study('sensitivity = false\ntrend_of = "index"\nautocorrelation = "hamed-rao"')
    words = [sys.executable, "-c", KILLED, str(land.folder), str(out), "", "4"]
    subprocess.run(words, capture_output=True, timeout=300)
    assert len(list(out.glob(".land.vegetation.*.partial"))) == 1
    assert ran(land.study(), out) == list(STEPS)
    assert content(out) == expected
    assert not list(out.rglob("*.partial"))


class Evil:
    """What makes a file, if it is unpickled as Python would."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return Path.touch, (self.path,)


def test_a_kept_tile_that_holds_anything_but_tables_is_not_made_and_done_again(tmp_path):
    from homeground.catalogue.grids.kept_tiles import kept_or_done

    (tmp_path / "0.pickle").write_bytes(pickle.dumps((Evil(tmp_path / "touched"),)))
    assert kept_or_done(tmp_path, abs, (0, -3)) == 3
    assert not (tmp_path / "touched").exists()
    (tmp_path / "0.pickle").write_bytes((tmp_path / "0.pickle").read_bytes()[:-3])  # cut short
    assert kept_or_done(tmp_path, abs, (0, -4)) == 4
