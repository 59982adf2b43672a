# SPDX-License-Identifier: Apache-2.0
"""Workers that a run must not have are refused by name, within a bounded time."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from homeground.errors import DataError, StudyError
from homeground.running import cluster
from homeground.running.cluster import what_differs, workers_for

ROOT = Path(__file__).resolve().parents[2]
no_dask = "dask.distributed (extra cluster) is not installed"


@pytest.mark.parametrize("count", [0, -1, 100_000])
def test_a_number_of_workers_that_no_machine_has_is_refused(tmp_path, count):
    with (
        pytest.raises(StudyError, match=f"--workers is {count}; a whole number from 1 to"),
        workers_for(count, None, results=tmp_path, inputs=()),
    ):
        pass


def test_workers_of_here_and_of_elsewhere_are_not_taken_at_once(tmp_path):
    with (
        pytest.raises(StudyError, match="not both"),
        workers_for(2, "tcp://127.0.0.1:8786", results=tmp_path, inputs=()),
    ):
        pass


def test_without_the_extra_the_command_that_installs_it_is_told(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with (
        pytest.raises(DataError, match=r'hand tiles to workers, distributed is not .*"homeground\[cluster\]"'),
        workers_for(2, None, results=tmp_path, inputs=()),
    ):
        pass


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:{port}", "no scheme at all:x", "tcp://nowhere.invalid:1"])
def test_a_scheduler_that_does_not_answer_is_told_within_a_bounded_time(tmp_path, monkeypatch, address):
    pytest.importorskip("distributed", reason=no_dask)
    monkeypatch.setattr(cluster, "ANSWER", 2.0)
    with socket.socket() as free:  # bound, but nobody listens
        free.bind(("127.0.0.1", 0))
        began = time.monotonic()
        at = address.format(port=free.getsockname()[1])
        with (
            pytest.raises(DataError, match=r"no dask scheduler answers at .* within 2 seconds"),
            workers_for(None, at, results=tmp_path, inputs=()),
        ):
            pass
    assert time.monotonic() - began < 20


STRANGER = """
import socket, sys, threading
from pathlib import Path
from homeground.errors import DataError
from homeground.running import cluster

cluster.ANSWER = 5.0
server = socket.create_server(("127.0.0.1", 0))

def answer():
    while True:
        with server.accept()[0] as line:
            line.sendall(b"HTTP/1.1 400 Bad Request\\r\\nContent-Length: 0\\r\\n\\r\\n" * 9)

threading.Thread(target=answer, daemon=True).start()
address = f"tcp://127.0.0.1:{server.getsockname()[1]}"
try:
    with cluster.workers_for(None, address, results=Path(sys.argv[1]), inputs=()):
        print("taken")
except DataError as error:
    print(error, flush=True)
"""


def test_what_answers_but_is_no_scheduler_is_told(tmp_path):
    """In a process of its own: a client that never came up leaves its loop to all that come after it."""
    pytest.importorskip("distributed", reason=no_dask)
    command = [sys.executable, "-c", STRANGER, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert "no dask scheduler answers at tcp://127.0.0.1:" in done.stdout
    assert "taken" not in done.stdout


@pytest.fixture(scope="module")
def scheduler():
    """A scheduler with one worker, both on this machine."""
    pytest.importorskip("distributed", reason=no_dask)
    from distributed import LocalCluster

    with LocalCluster(n_workers=1, threads_per_worker=1, host="127.0.0.1", dashboard_address="127.0.0.1:0") as started:
        yield started


@pytest.mark.slow
def test_workers_of_a_scheduler_are_used_where_they_see_the_same(scheduler, tmp_path):
    from homeground.catalogue.grids.tiles import each_tile

    layer = tmp_path / "layer.tif"
    layer.write_bytes(b"1234")
    out = tmp_path / "results"
    with workers_for(None, scheduler.scheduler_address, results=out, inputs=[layer]):
        (pid,) = set(each_tile(lambda _: os.getpid(), [1, 2]))
    assert pid != os.getpid()
    assert list(out.iterdir()) == []  # the probe is gone
    assert len(scheduler.scheduler_info["workers"]) == 1  # and the workers are not


@pytest.mark.slow
def test_a_layer_that_a_worker_sees_otherwise_is_told_with_path_and_worker(scheduler, tmp_path, monkeypatch):
    layer = tmp_path / "layer.tif"
    layer.write_bytes(b"1234")
    monkeypatch.setattr(cluster, "_size", lambda _: 7)  # as the run sees it
    with (
        pytest.raises(DataError, match=rf"tcp://127.* sees another {layer}: 4 bytes, here 7\. .*shared|same path"),
        workers_for(None, scheduler.scheduler_address, results=tmp_path / "results", inputs=[layer]),
    ):
        pass


def test_what_a_worker_does_not_see_is_told(tmp_path):
    probe, layer = tmp_path / "results" / "probe", tmp_path / "layer.tif"
    probe.parent.mkdir()
    layer.write_bytes(b"1234")
    assert what_differs(str(probe), {str(layer): 4}) == [f"does not see the results folder {probe.parent}."]
    probe.touch()
    assert what_differs(str(probe), {str(layer): 4}) == []
    layer.unlink()
    assert what_differs(str(probe), {str(layer): 4}) == [f"does not see {layer}."]


@pytest.mark.slow
def test_a_worker_of_another_homeground_is_refused_with_both_versions(tmp_path):
    pytest.importorskip("distributed", reason=no_dask)
    from importlib.metadata import version

    from distributed import LocalCluster

    told = tmp_path / "other" / "homeground-0.0.9.dist-info"
    told.mkdir(parents=True)
    (told / "METADATA").write_text("Metadata-Version: 2.1\nName: homeground\nVersion: 0.0.9\n", encoding="utf-8")
    with LocalCluster(n_workers=0, host="127.0.0.1", dashboard_address="127.0.0.1:0") as started:
        address = started.scheduler_address
        with (
            pytest.raises(DataError, match="has no workers"),
            workers_for(None, address, results=tmp_path / "results", inputs=()),
        ):
            pass
        path = os.pathsep.join([str(told.parent), str(ROOT / "src"), os.environ.get("PYTHONPATH", "")])
        words = ["-m", "distributed.cli.dask_worker", address, "--nthreads", "1", "--no-nanny", "--no-dashboard"]
        words += ["--death-timeout", "60", "--host", "127.0.0.1", "--local-directory", str(tmp_path)]
        worker = subprocess.Popen(
            [sys.executable, *words], env=os.environ | {"PYTHONPATH": path}, stderr=subprocess.PIPE, text=True
        )
        try:
            until = time.monotonic() + 60
            while not started.scheduler_info["workers"] and time.monotonic() < until and worker.poll() is None:
                time.sleep(0.2)
            with (
                pytest.raises(
                    DataError, match=rf"tcp://127.* has homeground 0\.0\.9, this run is of {version('homeground')}"
                ),
                workers_for(None, address, results=tmp_path / "results", inputs=()),
            ):
                pass
        finally:
            worker.terminate()
            worker.communicate(timeout=30)


def test_after_a_scheduler_that_never_answered_dask_works_as_before(tmp_path, monkeypatch):
    pytest.importorskip("distributed", reason=no_dask)
    import dask

    monkeypatch.setattr(cluster, "ANSWER", 1.0)
    before = dask.config.get("scheduler", None)
    with (
        pytest.raises(DataError, match="no dask scheduler answers"),
        workers_for(None, "no scheme at all:x", results=tmp_path, inputs=()),
    ):
        pass
    assert dask.config.get("scheduler", None) == before
    assert dask.compute(dask.delayed(abs)(-1)) == (1,)
