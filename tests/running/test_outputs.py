# SPDX-License-Identifier: Apache-2.0
"""Results are trusted for their content: what was changed, cut or lost is made again, and nothing outside is touched."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import textwrap

import pytest

from homeground.errors import DataError
from homeground.running import fingerprints
from homeground.running.outputs import stamped, unlike
from homeground.running.record import RESULTS_VERSION, read_run
from homeground.running.steps import Stage, Step, run_stages, state_of
from homeground.study.opening import open_study


@pytest.fixture
def study(tmp_path):
    folder = tmp_path / "small"
    folder.mkdir()
    (folder / "study.toml").write_text('title = "T"\ncountries = ["NER"]\n', encoding="utf-8")
    return open_study(folder)


def stages(ran):
    def table(work):
        ran.append("table")
        (work.out / "a.txt").write_text("abc" * 100)

    def store(work):
        ran.append("store")
        (work.out / "b.zarr" / "c").mkdir(parents=True)
        for name in ("0", "1"):
            (work.out / "b.zarr" / "c" / name).write_text(f"chunk {name}")

    steps = (Step("table", table, ("a.txt",)), Step("store", store, ("b.zarr",)))
    return (Stage("land", steps, lambda _: ()),)


def keep_times(path, content):
    """Write other content under the same time of change."""
    stat = path.stat()
    path.write_text(content)
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))


HARM = {
    "a value changed, size and time the same": (lambda r: keep_times(r / "a.txt", "abx" * 100), "table"),
    "cut": (lambda r: (r / "a.txt").write_text("abc"), "table"),
    "emptied": (lambda r: (r / "a.txt").write_bytes(b""), "table"),
    "missing": (lambda r: (r / "a.txt").unlink(), "table"),
    "a folder in its place": (lambda r: ((r / "a.txt").unlink(), (r / "a.txt").mkdir()), "table"),
    "a chunk lost": (lambda r: (r / "b.zarr" / "c" / "1").unlink(), "store"),
    "a chunk changed": (lambda r: keep_times(r / "b.zarr" / "c" / "1", "chunk 2"), "store"),
    "a chunk more": (lambda r: (r / "b.zarr" / "c" / "2").write_text("x"), "store"),
    "a chunk renamed": (lambda r: (r / "b.zarr" / "c" / "1").rename(r / "b.zarr" / "c" / "3"), "store"),
}


@pytest.mark.parametrize("harm", HARM)
def test_an_output_that_is_not_as_written_is_outdated_and_made_again(study, tmp_path, harm):
    results, ran = tmp_path / "out", []
    list(run_stages(study, stages(ran), results))
    assert [state for _, _, state, _ in state_of(study, stages(ran), results)] == ["done", "done"]
    do, step = HARM[harm]
    do(results)
    states = {name: state for _, name, state, _ in state_of(study, stages(ran), results)}
    assert states.pop(step) == ("not run" if harm == "missing" else "outdated")
    assert list(states.values()) == ["done"]
    list(run_stages(study, stages(ran), results))
    assert ran == ["table", "store", step]
    assert (results / "a.txt").read_text() == "abc" * 100
    assert sorted(p.name for p in (results / "b.zarr" / "c").iterdir()) == ["0", "1"]
    assert (results / "b.zarr" / "c" / "1").read_text() == "chunk 1"


def test_a_copy_of_a_results_folder_stands(study, tmp_path):
    results, ran = tmp_path / "out", []
    list(run_stages(study, stages(ran), results))
    copy = tmp_path / "copy"
    shutil.copytree(results, copy, copy_function=shutil.copyfile)  # other times
    list(run_stages(study, stages(ran), copy))
    assert ran == ["table", "store"]


def test_of_a_large_file_some_blocks_are_read_where_size_and_time_are_the_same(tmp_path, monkeypatch):
    monkeypatch.setattr(fingerprints, "READ_WHOLE", 1000)
    monkeypatch.setattr(fingerprints, "BLOCK", 16)
    large = tmp_path / "a.bin"
    large.write_text("x" * 5000)
    stamp = stamped(tmp_path, ["a.bin"])
    assert set(stamp["a.bin"]) == {"bytes", "modified_ns", "sample", "sha256"}
    whole = []
    monkeypatch.setattr(fingerprints, "file_hash", lambda path: whole.append(path) or "another")
    assert unlike(tmp_path, ["a.bin"], stamp) == []
    assert whole == []
    for place in (0, (5000 - 16) * 31 // 63, 4999):  # the first, one in the middle, the last block
        content = ["x"] * 5000
        content[place] = "y"
        keep_times(large, "".join(content))
        assert unlike(tmp_path, ["a.bin"], stamp) == ["a.bin"]


@pytest.mark.parametrize(
    "edit",
    [
        lambda r: r | {"title": "another"},
        lambda r: r | {"steps": r["steps"] | {"land.table": 5}},
        lambda r: r | {"steps": {}, "check": 5},
        lambda r: r | {"steps": r["steps"] | {"land.table": {"fingerprint": None, "outputs": 3, "inputs": []}}},
        lambda r: r | {"stages": {"land": {"finding": 7}}},
        lambda r: r | {"schema_version": "x"},
        lambda r: r | {"schema_version": 2, "steps": {"land.table": {"outputs": 7}}},
        lambda r: {"steps": {"land.table": {"outputs": [1, {}, None]}}, "stages": {}},
        lambda r: [r],
        lambda _: None,
    ],
)
def test_an_edited_or_damaged_record_means_run_again(study, tmp_path, edit):
    results, ran = tmp_path / "out", []
    list(run_stages(study, stages(ran), results))
    record = json.loads((results / "run.json").read_text("utf-8"))
    (results / "run.json").write_text(json.dumps(edit(record)), "utf-8")
    assert {state for _, _, state, _ in state_of(study, stages(ran), results)} <= {"not run", "outdated"}
    list(run_stages(study, stages(ran), results))
    assert ran == ["table", "store"] * 2
    assert read_run(results)["schema_version"] == RESULTS_VERSION


def test_a_record_never_removes_what_lies_outside(study, tmp_path):
    results = tmp_path / "deep" / "out"
    results.mkdir(parents=True)
    outside = tmp_path / "deep" / "mine.txt"
    outside.write_text("keep")
    old = {"steps": {"land.table": {"outputs": ["../mine.txt", "old.txt", str(outside)]}}, "stages": {}}
    (results / "old.txt").write_text("of an older version")
    (results / "run.json").write_text(json.dumps(old), "utf-8")
    list(run_stages(study, stages([]), results))
    assert outside.read_text() == "keep"
    assert not (results / "old.txt").exists()


def test_a_folder_removed_midway_is_one_message(study, tmp_path):
    results = tmp_path / "out"
    with pytest.raises(DataError, match=r"cannot write to .*removed while the run worked in it"):
        remove_midway(study, results)


def remove_midway(study, results):
    for event in run_stages(study, stages([]), results):
        if event.step == "store":
            shutil.rmtree(results)


@pytest.mark.skipif(sys.platform == "win32", reason="limits of posix")
def test_a_file_larger_than_is_allowed_is_one_message_and_nothing_half_written(study, tmp_path):
    script = """
        import resource, sys
        from pathlib import Path
        from homeground.errors import DataError
        from homeground.running.steps import Stage, Step, run_stages
        from homeground.study.opening import open_study

        def write(work):
            (work.out / "a.txt").write_bytes(b"x" * 100_000)

        stage = Stage("land", (Step("first", write, ("a.txt",)),), lambda _: ())
        study = open_study(sys.argv[1])
        resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))
        try:
            list(run_stages(study, (stage,), Path(sys.argv[2])))
        except DataError as error:
            print(error)
    """
    command = [sys.executable, "-c", textwrap.dedent(script), str(study.folder), str(tmp_path / "out")]
    told = subprocess.run(command, check=True, capture_output=True, text=True, timeout=60)
    assert "cannot write to" in told.stdout
    assert "larger than is allowed" in told.stdout
    assert told.stderr == ""
    assert not list((tmp_path / "out").glob("*.txt"))
    assert not list((tmp_path / "out").glob(".*.partial"))
