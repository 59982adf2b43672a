# SPDX-License-Identifier: Apache-2.0
"""Steps are skipped when they stand, redone when anything changed, and a killed run leaves nothing half-written."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from homeground.errors import DataError
from homeground.language.messages import Saying
from homeground.running.findings import told
from homeground.running.fingerprints import code_hash
from homeground.running.record import read_run
from homeground.running.steps import Stage, Step, run_stages, state_of
from homeground.study.model import Study
from homeground.study.opening import open_study


@pytest.fixture
def study(tmp_path) -> Study:
    folder = tmp_path / "one"
    folder.mkdir()
    (folder / "study.toml").write_text('title = "T"\ncountries = ["NER"]\n', encoding="utf-8")
    return open_study(folder)


def found(results: Path) -> list[Saying]:
    return [Saying("unit.plain", {"n": (results / "deep" / "b.txt").read_text()})]


def sentence(events) -> str:
    return told(events[-1].finding)


def chain(source: Path, ran: list[str], settings: tuple[str, ...] = ("countries",)) -> tuple[Stage, ...]:
    def first(work):
        ran.append("first")
        (work.out / "a.txt").write_text(source.read_text() + "1")

    def second(work):
        ran.append("second")
        (work.out / "deep").mkdir()
        (work.out / "deep" / "b.txt").write_text((work.results / "a.txt").read_text() + "2")
        work.warn("mind this")

    steps = (
        Step("first", first, ("a.txt",), settings=settings, inputs=lambda _: {"source": source}),
        Step("second", second, ("deep/b.txt",), needs=("land.first",)),
    )
    return (Stage("land", steps, found),)


def run(study, stages, results, **options):
    return list(run_stages(study, stages, results, **options))


def test_steps_run_once_and_again_when_the_input_changes(study, tmp_path):
    source, results, ran = tmp_path / "in.txt", tmp_path / "out", []
    source.write_text("x")
    events = run(study, chain(source, ran), results)
    assert ran == ["first", "second"]
    assert (events[-1].kind, sentence(events), events[-1].skipped) == ("stage", "x12", False)
    assert run(study, chain(source, ran), results)[-1].skipped
    assert ran == ["first", "second"]
    source.write_text("y")
    assert sentence(run(study, chain(source, ran), results)) == "y12"
    assert ran == ["first", "second"] * 2


def test_a_changed_setting_or_a_lost_output_runs_the_step_again(study, tmp_path):
    source, results, ran = tmp_path / "in.txt", tmp_path / "out", []
    source.write_text("x")
    run(study, chain(source, ran), results)
    (results / "deep" / "b.txt").unlink()
    run(study, chain(source, ran), results)
    assert ran == ["first", "second", "second"]
    changed = study.model_copy(update={"countries": ["TCD"]})
    changed._folder = study.folder
    run(changed, chain(source, ran), results)
    assert ran[3:] == ["first", "second"]


def test_record_holds_inputs_seconds_and_warnings(study, tmp_path):
    source, results = tmp_path / "in.txt", tmp_path / "out"
    source.write_text("x")
    run(study, chain(source, []), results, facts={"study": "one"})
    record = read_run(results)
    assert record["study"] == "one"
    # SHA-256 of the letter x
    expected = "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"
    assert record["steps"]["land.first"]["inputs"]["source"]["sha256"] == expected
    assert record["steps"]["land.second"]["warnings"] == ["mind this"]


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="only Linux tells a process's own peak")
def test_the_peak_is_not_that_of_the_process_that_began_the_run():
    child = "from homeground.running.steps import _peak_mb; print(_peak_mb())"
    parent = f"""
    import subprocess, sys
    held = b"x" * (600 << 20)
    print(subprocess.run([sys.executable, "-c", {child!r}], check=True, capture_output=True, text=True).stdout)
    """
    told = subprocess.run([sys.executable, "-c", textwrap.dedent(parent)], check=True, capture_output=True, text=True)
    assert 5 < int(told.stdout) < 400


def test_a_system_that_tells_no_peak_of_its_own_is_asked_the_other_way(monkeypatch):
    pytest.importorskip("resource", reason="Windows tells no peak")
    from homeground.running import steps as stages

    monkeypatch.setattr(stages.Path, "read_text", lambda *_, **__: "Name:\tpython\n")  # no VmHWM, as in some sandboxes
    assert stages._peak_mb() > 5


def test_a_failing_step_leaves_the_old_output_and_no_remains(study, tmp_path):
    source, results = tmp_path / "in.txt", tmp_path / "out"
    source.write_text("x")
    run(study, chain(source, []), results)

    def broken(work):
        (work.out / "a.txt").write_text("half")
        raise DataError("the raster has no CRS")

    step = Step("first", broken, ("a.txt",), settings=("title",))
    with pytest.raises(DataError, match="no CRS"):
        run(study, (Stage("land", (step,), lambda _: ()),), results)
    assert (results / "a.txt").read_text() == "x1"
    assert not list(results.glob(".*.partial"))


def test_kill_in_the_middle_of_a_step_leaves_nothing_half_written(study, tmp_path):
    results = tmp_path / "out"
    script = textwrap.dedent(
        """
        import sys, time
        from pathlib import Path
        from homeground.running.steps import Stage, Step, run_stages
        from homeground.study.opening import open_study

        def slow(work):
            (work.out / "a.txt").write_text("half")
            print("started", flush=True)
            time.sleep(60)

        stage = Stage("land", (Step("first", slow, ("a.txt",)),), lambda _: ())
        list(run_stages(open_study(sys.argv[1]), (stage,), Path(sys.argv[2])))
        """
    )
    process = subprocess.Popen(
        [sys.executable, "-c", script, str(study.folder), str(results)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "started\n"
    os.kill(process.pid, signal.SIGKILL)
    process.wait(10)
    process.stdout.close()
    assert not (results / "a.txt").exists()
    assert read_run(results)["steps"] == {}
    source = tmp_path / "in.txt"
    source.write_text("x")
    assert sentence(run(study, chain(source, []), results)) == "x12"
    assert not list(results.glob(".*.partial"))


def test_only_a_later_stage_is_refused_while_the_earlier_has_not_run(study, tmp_path):
    source = tmp_path / "in.txt"
    source.write_text("x")
    first, second = chain(source, [])[0].steps
    stages = (
        Stage("land", (first,), lambda _: ()),
        Stage("people", (Step("second", second.run, second.outputs, needs=("land.first",)),), lambda _: ()),
    )
    with pytest.raises(DataError, match=r"land\.first, not run or outdated"):
        run(study, stages, tmp_path / "out", only=["people"])
    run(study, stages, tmp_path / "out")
    assert [e.stage for e in run(study, stages, tmp_path / "out", only=["people"])] == ["people"]


def test_status_tells_done_outdated_and_not_run(study, tmp_path):
    source, results = tmp_path / "in.txt", tmp_path / "out"
    source.write_text("x")
    stages = chain(source, [])
    assert [s[2] for s in state_of(study, stages, results)] == ["not run", "not run"]
    run(study, stages, results)
    assert [s[2] for s in state_of(study, stages, results)] == ["done", "done"]
    source.write_text("y")
    assert [s[2] for s in state_of(study, stages, results)] == ["outdated", "outdated"]


@pytest.mark.skipif(os.name != "posix", reason="needs a file in the place of a folder, posix errors")
def test_results_folder_that_cannot_be_written_is_one_clear_message(study, tmp_path):
    (tmp_path / "out").write_text("a file, not a folder")
    with pytest.raises(DataError, match="give a folder you may write with --results"):
        run(study, (), tmp_path / "out")


@pytest.mark.parametrize(
    ("code", "said"),
    [(errno.EROFS, "is read-only"), (errno.EACCES, "is not writable"), (errno.EPERM, "is not writable")],
)
def test_a_read_only_results_folder_is_refused_before_any_step(study, tmp_path, monkeypatch, code, said):
    # Injected, because the user who runs these tests may be one whom no permission stops.
    def refuse(path, *_, **__):
        raise OSError(code, os.strerror(code), str(path))

    monkeypatch.setattr(Path, "touch", refuse)
    ran = []
    (tmp_path / "in.txt").write_text("x", encoding="utf-8")
    with pytest.raises(DataError, match=said) as caught:
        run(study, chain(tmp_path / "in.txt", ran), tmp_path / "out")
    assert caught.value.exit_code == 3
    assert ran == []
    assert list((tmp_path / "out").iterdir()) == []


def test_code_hash_covers_what_a_part_imports():
    assert code_hash("land") != code_hash("chain")
    assert len(code_hash("land")) == 64


def test_a_second_run_in_the_same_folder_is_refused_and_harms_nothing(study, tmp_path):
    source, results = tmp_path / "in.txt", tmp_path / "out"
    source.write_text("x")
    first = run_stages(study, chain(source, []), results)
    next(first)  # the first step is about to run
    script = (
        "import sys; from pathlib import Path; from homeground.errors import DataError\n"
        "from homeground.running.steps import run_stages; from homeground.study.opening import open_study\n"
        "try:\n    list(run_stages(open_study(sys.argv[1]), (), Path(sys.argv[2])))\n"
        "except DataError as error:\n    print(error)\n"
    )
    words = [sys.executable, "-c", script, str(study.folder), str(results)]
    said = subprocess.run(words, capture_output=True, text=True, check=True, timeout=60).stdout
    assert "another run works in" in said
    assert "Wait until it ends" in said
    assert sentence(list(first)) == "x12"
    assert not subprocess.run(words, capture_output=True, text=True, check=True, timeout=60).stdout  # it let go


def test_outputs_half_exchanged_are_never_taken_for_the_old_ones(study, tmp_path, monkeypatch):
    """Run with x, then with y but stopped between two renames, then with x again."""
    source, results = tmp_path / "in.txt", tmp_path / "out"

    def write(work):
        for name in ("a.txt", "b.txt"):
            (work.out / name).write_text(source.read_text())

    step = Step("first", write, ("a.txt", "b.txt"), inputs=lambda _: {"source": source})
    stages = (Stage("land", (step,), lambda _: ()),)
    source.write_text("x")
    run(study, stages, results)
    source.write_text("y")
    move = Path.replace

    def stopped(path, target):
        if path.name == "b.txt":
            raise KeyboardInterrupt
        return move(path, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", stopped)
        with pytest.raises(KeyboardInterrupt):
            run(study, stages, results)
    assert ((results / "a.txt").read_text(), (results / "b.txt").read_text()) == ("y", "x")
    source.write_text("x")
    run(study, stages, results)
    assert ((results / "a.txt").read_text(), (results / "b.txt").read_text()) == ("x", "x")


def test_an_output_that_is_no_longer_asked_for_goes(study, tmp_path):
    results = tmp_path / "out"

    def write(work):
        for name in ("en.txt", "fr.txt"):
            (work.out / name).write_text(name)

    for outputs in (("en.txt", "fr.txt"), ("en.txt",)):
        step = Step("first", write, outputs, settings=("title",) if len(outputs) == 1 else ())
        run(study, (Stage("land", (step,), lambda _: ()),), results)
    assert [p.name for p in results.glob("*.txt")] == ["en.txt"]


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b'{"steps": 3, "stages": {}}', b"\xff\xfe{}"])
def test_a_damaged_record_means_run_again(study, tmp_path, damage):
    source, results, ran = tmp_path / "in.txt", tmp_path / "out", []
    source.write_text("x")
    run(study, chain(source, ran), results)
    (results / "run.json").write_bytes(damage)
    assert sentence(run(study, chain(source, ran), results)) == "x12"
    assert ran == ["first", "second"] * 2


def test_a_large_folder_of_arrays_is_read_again_only_when_a_file_in_it_changed(tmp_path, monkeypatch):
    from homeground.running import fingerprints as provenance

    monkeypatch.setattr(provenance, "READ_WHOLE", 2)

    store = tmp_path / "rain.zarr"
    (store / "c").mkdir(parents=True)
    (store / "c" / "0").write_bytes(b"one")
    first = provenance.input_hash(store, {})
    monkeypatch.setattr(provenance, "file_hash", lambda _: "read again")
    assert provenance.input_hash(store, first) == first
    (store / "c" / "1").write_bytes(b"two")
    assert provenance.input_hash(store, first)["sha256"] == "read again"
