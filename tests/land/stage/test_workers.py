# SPDX-License-Identifier: Apache-2.0
"""Tiles worked through by processes: the same bytes as in one, whatever dies meanwhile."""

from __future__ import annotations

import os
import signal
import sys
from functools import partial

import pytest

from homeground.land.assessment import degradation as second
from homeground.land.assessment import vegetation as first
from homeground.land.stage import STAGE
from homeground.running.cluster import workers_for
from homeground.running.steps import Stage, run_stages

pytest.importorskip("distributed", reason="dask.distributed (extra cluster) is not installed")

STEPS = ("vegetation", "degradation")
WALKS = (Stage("land", tuple(step for step in STAGE.steps if step.name in STEPS), lambda _: ()),)
REAL = first._walk


@pytest.fixture(autouse=True)
def _many_tiles(monkeypatch):
    for walk in (first, second):
        monkeypatch.setattr(walk, "tile_shape", lambda *_, **__: (2, 4))


def ran(study, out, workers=None):
    out.mkdir(exist_ok=True)
    with workers_for(workers, None, results=out, inputs=()):
        return [event.step for event in run_stages(study, WALKS, out) if event.kind == "step"]


def content(out):
    """Every file of the results with its bytes, but the record and the lock."""
    names = [path for path in sorted(out.rglob("*")) if path.is_file() and path.name not in ("run.json", ".run.lock")]
    return {str(path.relative_to(out)): path.read_bytes() for path in names}


def deadly(marker, sources, tile):
    """The first walk; whoever first comes to one of the tiles is killed in the middle, with what it had done."""
    found = REAL(sources, tile)
    if (tile.top, tile.left) == (2, 4) and not marker.exists():
        marker.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return found


@pytest.fixture(scope="module")
def by_one(new_land, tmp_path_factory):
    """A land, and the results of one process."""
    made = new_land(tmp_path_factory.mktemp("workers") / "made")
    out = made.folder.parent / "one"
    with pytest.MonkeyPatch.context() as patch:
        for walk in (first, second):
            patch.setattr(walk, "tile_shape", lambda *_, **__: (2, 4))
        assert ran(made.study(), out) == list(STEPS)
    return made, content(out)


@pytest.mark.slow
def test_two_workers_write_the_same_bytes_as_one_process(by_one, tmp_path):
    land, expected = by_one
    assert ran(land.study(), tmp_path / "two", 2) == list(STEPS)
    found = content(tmp_path / "two")
    assert found.keys() == expected.keys()
    assert [name for name in expected if found[name] != expected[name]] == []
    assert sum("land.zarr/vegetation/c" in name or "/c/" in name for name in expected) > 100  # tiles were many


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no SIGKILL")
def test_a_worker_that_is_killed_costs_its_tiles_alone(by_one, tmp_path, monkeypatch):
    import cloudpickle

    land, expected = by_one
    cloudpickle.register_pickle_by_value(sys.modules[__name__])
    monkeypatch.setattr(first, "_walk", partial(deadly, tmp_path / "killed"))
    assert ran(land.study(), tmp_path / "two", 2) == list(STEPS)
    assert (tmp_path / "killed").exists()
    assert content(tmp_path / "two") == expected
