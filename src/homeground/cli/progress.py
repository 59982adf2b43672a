# SPDX-License-Identifier: Apache-2.0
"""One line per stage while studies run, under one bar: seconds, then one plain finding. No terminal: no bar."""

from __future__ import annotations

import json
import textwrap
from pathlib import Path
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, TaskID, TextColumn
from rich.progress import Progress as Bar

from homeground.chain.commands import command
from homeground.chain.folders import REGION_STAGES
from homeground.chain.status import status
from homeground.running.steps import Event
from homeground.study.model import Study
from homeground.study.opening import shipped_studies

WIDTH = 80
INDENT = 21


class Progress:
    """Shows events of a run, as lines for people or as JSON lines for machines.

    Parameters
    ----------
    studies, stages : int
        How many there are: the bar is full when every stage of every study is done.
    """

    def __init__(self, *, studies: int = 1, stages: int = 1, as_json: bool = False) -> None:
        self.as_json, self.many = as_json, studies > 1
        self.console = Console(highlight=False, soft_wrap=True)
        self.bar: Bar | None = None
        self.task = TaskID(0)
        self.total = studies * stages
        self.study = ""

    def __enter__(self) -> Self:
        if not self.as_json and self.console.is_terminal:
            columns = (BarColumn(20), TextColumn("{task.completed:.0f} of {task.total:.0f}  {task.description}"))
            self.bar = Bar(*columns, console=self.console, transient=True)
            self.task = self.bar.add_task("reading the study", total=self.total)
            self.bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.bar is not None:
            self.bar.stop()

    def begin(self, study: str) -> None:
        """Say which study follows, where there are several."""
        self.study = study
        if self.many and not self.as_json:
            self.console.print(f"\n{study}", markup=False)

    def show(self, event: Event) -> None:
        """Show one event."""
        if self.as_json:
            print(json.dumps({"study": self.study, **vars(event)}, ensure_ascii=False), flush=True)
        elif event.kind == "step":
            if self.bar is not None:
                self.bar.update(self.task, description=f"{self.study}: {event.stage}: {event.step}")
        else:
            if self.bar is not None:
                self.bar.advance(self.task)
            seconds = "as before" if event.skipped else f"{event.seconds:.1f} s"
            head = f"{event.stage:<11}{seconds:>9} "
            lines = textwrap.wrap(event.finding, WIDTH - INDENT, break_on_hyphens=False) or [""]
            self.console.print(head + f"\n{' ' * INDENT}".join(lines), markup=False)

    def finish(
        self, study: str, folder: Path, warnings: list[str], *, next_steps: list[str], left: list[str] | None = None
    ) -> None:
        """Say what to mind, where the results are, which stages are left, and what to do next: commands that work."""
        if self.as_json:
            done = {"study": study, "kind": "done", "results": str(folder), "warnings": warnings}
            print(json.dumps(done, ensure_ascii=False), flush=True)
            return
        out = self.console.print
        if self.many:
            out(f"Results: {folder}  ({len(warnings)} things to mind: {next_steps[0]})", markup=False)
            return
        if warnings:
            out("\nMind:", markup=False)
            for warning in warnings:
                text = textwrap.fill(
                    warning, WIDTH, initial_indent="- ", subsequent_indent="  ", break_on_hyphens=False
                )
                out(text, markup=False)
        page = folder / "index.html"
        opens = f"  (open {page})" if page.is_file() and not left else ""  # one of an earlier run says other numbers
        out(f"\nResults: {folder}{opens}", markup=False)
        if left:
            out(f"Still to run: {', '.join(left)}", markup=False)
        out("\n  ".join(["Next:", *next_steps]), markup=False)


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
