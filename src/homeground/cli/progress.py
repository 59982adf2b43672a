# SPDX-License-Identifier: Apache-2.0
"""One line per stage while studies run, under one bar: seconds, then one plain finding. No terminal: no bar."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from rich.console import Console
from rich.progress import BarColumn, TaskID, TextColumn
from rich.progress import Progress as Bar

from homeground.chain.commands import command
from homeground.chain.folders import REGION_STAGES
from homeground.chain.status import status
from homeground.cli.console import json_text
from homeground.language.figures import write_number
from homeground.language.layout import fill, items, ljust, rjust
from homeground.language.messages import phrase
from homeground.running.findings import stored, told
from homeground.running.steps import Event
from homeground.running.warnings import SHOWN
from homeground.study.model import Study
from homeground.study.opening import shipped_studies

STAGE, SECONDS = 11, 9  # columns of the terminal
INDENT = STAGE + SECONDS + 1


class Progress:
    """Shows events of a run, as lines for people or as JSON lines for machines.

    Parameters
    ----------
    studies, stages : int
        How many there are: the bar is full when every stage of every study is done.
    as_json : bool
        JSON is for machines: findings in English, and beside them their messages with the numbers.
    code : str
        Language of the first study; `begin` sets that of the next.
    """

    def __init__(self, *, studies: int = 1, stages: int = 1, as_json: bool = False, code: str = "en") -> None:
        self.as_json, self.many, self.code = as_json, studies > 1, code
        self.console = Console(highlight=False, soft_wrap=True)
        self.bar: Bar | None = None
        self.task = TaskID(0)
        self.total = studies * stages
        self.study = ""

    def __enter__(self) -> Self:
        if not self.as_json and self.console.is_terminal:
            count = phrase("terminal.bar", self.code, done="{task.completed:.0f}", total="{task.total:.0f}")
            columns = (BarColumn(20), TextColumn(count + "  {task.description}"))
            self.bar = Bar(*columns, console=self.console, transient=True)
            self.task = self.bar.add_task(phrase("terminal.reading", self.code), total=self.total)
            self.bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.bar is not None:
            self.bar.stop()

    def begin(self, study: str, code: str = "en") -> None:
        """Say which study follows, where there are several, and speak its language."""
        self.study, self.code = study, code
        if self.many and not self.as_json:
            self.console.print(f"\n{study}", markup=False)

    def show(self, event: Event) -> None:
        """Show one event."""
        if self.as_json:
            said = {"finding": told(event.finding), "said": stored(event.finding)}
            print(json_text({"study": self.study, **vars(event), **said}), flush=True)
        elif event.kind == "step":
            if self.bar is not None:
                self.bar.update(self.task, description=f"{self.study}: {event.stage}: {event.step}")
        else:
            if self.bar is not None:
                self.bar.advance(self.task)
            seconds = phrase("terminal.as_before", self.code) if event.skipped else in_seconds(event.seconds, self.code)
            head = f"{ljust(event.stage, STAGE)}{rjust(seconds, SECONDS)} "
            self.console.print(fill(told(event.finding, self.code), first=head, rest=" " * INDENT), markup=False)

    def finish(
        self,
        study: str,
        folder: Path,
        warnings: list[str],
        listing: str,
        *,
        next_steps: Sequence[str] = (),
        left: list[str] | None = None,
    ) -> None:
        """Say what to mind, where the results are, which stages are left, and what to do next: commands that work.

        ``listing`` is the command that lists all warnings; after a run of several studies it stands for them.
        """
        if self.as_json:
            done = {"study": study, "kind": "done", "results": str(folder), "warnings": warnings}
            print(json_text(done), flush=True)
            return
        where = str(folder)
        if self.many:
            n = len(warnings)
            self._say(phrase("terminal.results_many", self.code, folder=where, n=n, command=listing))
            return
        if warnings:
            self._say("\n" + phrase("terminal.mind", self.code))
            self._say(items(warnings[:SHOWN]))
        if (more := len(warnings) - SHOWN) > 0:
            self._say(phrase("terminal.mind_more", self.code, n=more, command=listing))
        page = folder / "index.html"
        if page.is_file() and not left:  # one of an earlier run says other numbers
            self._say("\n" + phrase("terminal.results_open", self.code, folder=where, page=str(page)))
        else:
            self._say("\n" + phrase("terminal.results", self.code, folder=where))
        if left:
            self._say(phrase("terminal.left", self.code, stages=", ".join(left)))
        self._say("\n  ".join([phrase("terminal.next", self.code), *next_steps]))

    def _say(self, text: str) -> None:
        self.console.print(text, markup=False)


def in_seconds(seconds: float, code: str) -> str:
    """How long something took, as a language writes it."""
    return phrase("terminal.seconds", code, n=write_number(seconds, 1, code))


def left_to_run(study: Study, root: Path) -> list[str]:
    """Stages of which a step has not run or is outdated."""
    return list(dict.fromkeys(stage for stage, _, state, _ in status(study, root) if state != "done"))


def next_steps(study: Study, left: list[str], root: Path) -> list[str]:
    """Commands that make sense after a run and work; ``left`` are the stages left to run."""
    shown = [stage for stage in REGION_STAGES if stage not in left][:1]
    steps = [command("show", study, stage, "--why", root=root) for stage in shown]
    if left:
        return [*steps, command("run", study, root=root)]
    steps.append(command("brief", study, "--language", "fr", root=root))
    if study.id in shipped_studies() and not Path("my-study").exists():  # one's own is edited, not copied
        steps.append(f"homeground new {study.id} my-study")
    return steps


def state_line(stage: str, step: str, state: str, record: dict[str, Any], code: str) -> str:
    """One step of ``status``: its state, when it ended and how long it took."""
    said = phrase(f"terminal.state.{state.replace(' ', '_')}", code)
    line = ljust(stage, STAGE) + ljust(step, 14) + ljust(said, 13)
    if state == "not run":
        return line.rstrip()
    when = record["finished"][:16].replace("T", " ")
    return line + phrase("terminal.finished", code, time=when, seconds=in_seconds(record["seconds"], code))
