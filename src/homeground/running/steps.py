# SPDX-License-Identifier: Apache-2.0
"""The mechanism of a run: steps, fingerprints, resume. It knows no stage.

A step reads, calls, writes and is recorded. Its fingerprint is made of its own settings, the hashes of its inputs,
the fingerprints upstream, and the code of its part. A step whose fingerprint and outputs stand is skipped. A step
writes into a folder beside; its old record is struck out, its outputs are renamed into place one by one, and it is recorded
anew: a run that is killed leaves no half-written output under its final name, and the next run does that step again. A
step that works tile by tile keeps what its finished tiles gave in that folder, whose name holds the fingerprint: then the
next run of the same step goes on in it.
One run at a time works in a results folder; a second is refused, for it would clear away the first one's work.
"""

from __future__ import annotations

import errno
import os
import re
import shutil
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from homeground.errors import DataError
from homeground.language.messages import Saying, tell
from homeground.running.findings import Finding, read_finding, stored
from homeground.running.fingerprints import code_hash, text_hash
from homeground.running.keyed import digest_of, input_facts
from homeground.running.outputs import stamped, unlike
from homeground.running.record import read_run, write_run
from homeground.running.tries import KEPT, begin, clear_other_tries, clear_remains, leave, place_of, remove
from homeground.running.writing import writes_to
from homeground.study.model import Study

if TYPE_CHECKING:
    from homeground.numbers.disclosure import Protection

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl
    import resource

LOCK_FILE = ".run.lock"
HELD = (5, 32, 33)  # winerror: denied, open elsewhere, locked
PAUSES = (0.05, 0.1, 0.2, 0.4, 0.8)  # seconds between tries to rename
MANY_HIDDEN = 0.2  # of the counts of people; above it, larger areas or groups are advised
REPORTED = "15.3.1"  # indicator of the Sustainable Development Goals that coarse layers are no basis for
CHECK_TABLES = "HOMEGROUND_CHECK_TABLES"  # set to 1 in tests: each table is held against its declaration once written


@dataclass
class Work:
    """What a step is given: the study, finished results to read from, and the folder to write to."""

    study: Study
    results: Path
    out: Path
    said: list[str | Saying] = field(default_factory=list)

    @property
    def kept(self) -> Path:
        """Folder of what finished tiles gave: it outlives a run that is stopped, and goes when the step is done."""
        return self.out / KEPT

    def warn(self, message: str | Saying) -> None:
        """Say something the reader of the results must know; kept in ``run.json`` and told after the run in a language."""
        if message not in self.said:
            self.said.append(message)

    def warn_of_coarse(self, layers: Iterable[str]) -> list[str]:
        """Say which of some layers are too coarse to be reported of, and return them; nothing where none is."""
        coarse = [name for name in layers if name in self.study.not_reportable]
        if coarse:
            self.warn(Saying("warning.not_reportable", {"layers": self.study.not_reportable, "sdg": REPORTED}))
        return coarse

    def warn_of_hidden(self, record: Protection) -> None:
        """Say how many counts of people the gate hid; nothing where it hid none."""
        hidden = record.hidden_small + record.hidden_beside
        if hidden:
            many = "_many" if record.share_hidden > MANY_HIDDEN else ""
            words = {"hidden": hidden, "n": record.cells, "threshold": record.threshold}
            self.warn(Saying(f"warning.hidden{many}", words))

    @property
    def warnings(self) -> list[str]:
        """What was warned of, in English."""
        return [one if isinstance(one, str) else tell([one]) for one in self.said]


@dataclass(frozen=True)
class Step:
    """One read-call-write unit.

    ``inputs`` names the files read (name, path): names are shown and recorded, paths are hashed. ``settings`` are the
    keys of the study that matter, dotted. ``needs`` are steps before it, as ``stage.step``. ``outputs`` are paths in
    the results folder, or a function of the study where they depend on it.
    """

    name: str
    run: Callable[[Work], None]
    outputs: tuple[str, ...] | Callable[[Study], tuple[str, ...]]
    settings: tuple[str, ...] = ("countries", "regions")
    needs: tuple[str, ...] = ()
    inputs: Callable[[Study], dict[str, Path]] = lambda _: {}

    def writes(self, study: Study) -> tuple[str, ...]:
        """Paths in the results folder that the step writes for a study."""
        return self.outputs(study) if callable(self.outputs) else self.outputs


@dataclass(frozen=True)
class Stage:
    """One part's steps, and what it found in a few plain sentences, read from the finished results."""

    name: str
    steps: tuple[Step, ...]
    finding: Callable[[Path], Sequence[Saying]]


@dataclass(frozen=True)
class Event:
    """What happened, for whoever shows progress."""

    kind: str  # "step" before a step runs, "stage" when a stage is done
    stage: str
    step: str = ""
    seconds: float = 0.0
    skipped: bool = False
    finding: Finding = ()


def run_stages(
    study: Study,
    stages: Iterable[Stage],
    results: Path,
    *,
    only: Iterable[str] = (),
    force: Iterable[str] = (),
    facts: dict[str, Any] | None = None,
) -> Iterator[Event]:
    """Run the stages in order, skipping what stands, and yield an event for each step begun and stage finished.

    Raises
    ------
    DataError
        The results folder cannot be written, another run works in it, or an input cannot be read.
    """
    _prepare(results)
    with alone(results):
        yield from _run_all(study, stages, results, set(only), set(force), facts or {})


def _run_all(
    study: Study, stages: Iterable[Stage], results: Path, chosen: set[str], force: set[str], facts: dict[str, Any]
) -> Iterator[Event]:
    clear_remains(results)
    record = read_run(results) | facts
    fingerprints: dict[str, str] = {}
    read: dict[Path, dict[str, Any]] = {}
    left_out: set[str] = set()
    for stage in stages:
        began = time.perf_counter()
        ran = False
        for step in stage.steps:
            key = f"{stage.name}.{step.name}"
            before = record["steps"].get(key, {})
            inputs = _inputs(study, step, before, results, draw=True, read=read)
            fingerprint = _fingerprint(study, stage, step, inputs, fingerprints)
            fingerprints[key] = fingerprint
            clear_other_tries(results, key, fingerprint)
            stands = before.get("fingerprint") == fingerprint and not _unlike(results, step.writes(study), before)
            if chosen and stage.name not in chosen:
                left_out |= set() if stands else {key}
                continue
            if stands and stage.name not in force:
                continue
            if lacking := sorted(left_out & set(step.needs)):
                raise DataError(
                    f"{key} needs {', '.join(lacking)}, not run or outdated. Run without --only and --from."
                )
            yield Event("step", stage.name, step.name)
            ran = True
            with writes_to(results, key):
                done = _run_step(study, step, results, key, record, fingerprint)
            record["steps"][key] = done | {"fingerprint": fingerprint, "inputs": inputs}
            write_run(results, record)
        if chosen and stage.name not in chosen:
            continue
        seconds = time.perf_counter() - began
        if ran or stage.name not in record["stages"]:
            record["stages"][stage.name] = {"finding": stored(stage.finding(results))}
            write_run(results, record)
        found = read_finding(record["stages"][stage.name]["finding"])
        yield Event("stage", stage.name, "", seconds, not ran, found)


def state_of(study: Study, stages: Iterable[Stage], results: Path) -> Iterator[tuple[str, str, str, dict[str, Any]]]:
    """For each step: stage, step, state (``done``, ``outdated`` or ``not run``) and its record."""
    record = read_run(results)
    fingerprints: dict[str, str] = {}
    for stage in stages:
        for step in stage.steps:
            key = f"{stage.name}.{step.name}"
            before = record["steps"].get(key, {})
            fingerprint = _fingerprint(study, stage, step, _inputs(study, step, before, results), fingerprints)
            fingerprints[key] = fingerprint
            there = all((results / o).exists() for o in step.writes(study))
            state = "not run" if not before or not there else "done"
            if state == "done" and (
                before.get("fingerprint") != fingerprint or _unlike(results, step.writes(study), before)
            ):
                state = "outdated"
            yield stage.name, step.name, state, before


def _unlike(results: Path, outputs: tuple[str, ...], before: dict[str, Any]) -> list[str]:
    recorded = before.get("outputs")
    return unlike(results, outputs, recorded if isinstance(recorded, dict) else {})


def _prepare(results: Path) -> None:
    with writes_to(results, "the run"):
        results.mkdir(parents=True, exist_ok=True)
        probe = results / f".probe.{os.getpid()}"
        probe.touch()
        probe.unlink()


@contextmanager
def alone(results: Path) -> Iterator[None]:
    """Hold a results folder; the system lets go of it when the process ends, however it ends.

    Parameters
    ----------
    results : Path
        It is there.

    Raises
    ------
    DataError
        Another process works in it.
    """
    with (results / LOCK_FILE).open("a+b") as file:
        try:
            _lock(file)
        except OSError as error:
            if error.errno not in (errno.EAGAIN, errno.EACCES, errno.EDEADLK):
                yield  # some network drives know no locks: then nobody is kept out
                return
            raise DataError(
                f"another run works in {results}. Wait until it ends, or give another folder with --results."
            ) from error
        yield


def _lock(file: IO[bytes]) -> None:
    if sys.platform == "win32":
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _inputs(
    study: Study,
    step: Step,
    before: dict[str, Any],
    results: Path,
    *,
    draw: bool = False,
    read: dict[Path, dict[str, Any]] | None = None,
) -> dict[str, dict[str, Any]]:
    """Facts of each input; one that another step of this run ``read`` as a whole is known by size, time and sample."""
    remembered = before.get("inputs", {})
    read = {} if read is None else read
    found = {}
    for name, path in step.inputs(study).items():
        if not path.exists():
            raise DataError(
                f"input {name} is missing: no {path.name}. Run `homeground validate` to see what is expected."
            )
        found[name] = input_facts(path, read.get(path) or remembered.get(name, {}), results, draw=draw)
        read[path] = found[name]
    return found


def _fingerprint(
    study: Study, stage: Stage, step: Step, inputs: dict[str, dict[str, Any]], fingerprints: dict[str, str]
) -> str:
    content = study.model_dump(mode="json")
    return text_hash(
        {key: _setting(content, key) for key in step.settings},
        {name: digest_of(facts) for name, facts in inputs.items()},
        {key: fingerprints[key] for key in step.needs},
        code_hash(stage.name),
    )


def _setting(content: dict[str, Any], key: str) -> Any:
    value: Any = content
    for part in key.split("."):
        value = value[part]
    return value


def _run_step(
    study: Study, step: Step, results: Path, key: str, record: dict[str, Any], fingerprint: str
) -> dict[str, Any]:
    began = time.perf_counter()
    out = place_of(results, key, fingerprint)
    begin(out)
    work = Work(study, results, out)
    try:
        step.run(work)
        shutil.rmtree(work.kept, ignore_errors=True)
        missing = [o for o in step.writes(study) if not (out / o).exists()]
        if missing:
            raise RuntimeError(f"step {key} did not write {', '.join(missing)}")
        if os.environ.get(CHECK_TABLES) == "1":
            _check_tables(key, out, step.writes(study))
        stamps = stamped(out, step.writes(study))
        # From here on the old outputs go: were their record left, a stopped run would pass off a mixture as finished.
        before = record["steps"].pop(key, {})
        write_run(results, record)
        for output in step.writes(study):
            move(out / output, results / output)
        for output in set(before.get("outputs", ())) - set(
            step.writes(study)
        ):  # such as a brief in a language left out
            if (results / output).resolve().is_relative_to(results.resolve()):
                remove(results / output)
    finally:
        leave(out)
    return {
        "seconds": round(time.perf_counter() - began, 3),
        "finished": datetime.now(UTC).isoformat(timespec="seconds"),
        "peak_mb": _peak_mb(),
        "outputs": stamps,
        "warnings": [one if isinstance(one, str) else one.plain() for one in work.said],
    }


def _check_tables(key: str, out: Path, outputs: tuple[str, ...]) -> None:
    from homeground.running.tables.register import output_problems

    if problems := output_problems(key, out, outputs):
        raise RuntimeError("\n  ".join([f"step {key} wrote tables that are not as declared:", *problems]))


def move(source: Path, target: Path) -> None:
    """Put a finished file or folder in its place; what stood there is replaced whole.

    Parameters
    ----------
    source : Path
        On the same disk.
    target : Path
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.is_dir():  # a folder cannot be replaced in one call: set the old one aside first
        aside = target.with_name(f".{target.name}.{os.getpid()}.partial")
        _patiently(target.rename, aside)
        _patiently(source.rename, target)
        shutil.rmtree(aside, ignore_errors=True)  # what Windows holds is cleared by the next run
    else:
        _patiently(source.replace, target)


def _patiently(rename: Callable[[Path], object], target: Path) -> None:
    """Rename, again after a moment where Windows refuses: scanners open what was just written for a blink."""
    for pause in PAUSES:
        try:
            rename(target)
        except OSError as error:
            if getattr(error, "winerror", None) not in HELD:
                raise
            time.sleep(pause)
        else:
            return
    rename(target)


def _peak_mb() -> int | None:
    """Highest memory of this process so far; None where the system does not tell (Windows)."""
    status = Path("/proc/self/status")  # Linux hands ru_maxrss down from parent to child; here is the process's own
    if status.exists() and (told := re.search(r"VmHWM:\s*(\d+) kB", status.read_text(encoding="ascii"))):
        return round(int(told[1]) / 1024)
    if sys.platform == "win32":
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(peak / (1 << 20) if sys.platform == "darwin" else peak / 1024)
