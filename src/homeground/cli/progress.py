# SPDX-License-Identifier: Apache-2.0
"""One line per stage while studies run, under one bar: seconds, then one plain finding. No terminal: no bar."""

from __future__ import annotations

import json
import shlex
import textwrap
from pathlib import Path
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, TaskID, TextColumn
from rich.progress import Progress as Bar

from homeground.stages import Event

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

    def finish(self, study: str, folder: Path, warnings: list[str]) -> None:
        """Say what to mind, where the results are, and what to do next."""
        if self.as_json:
            done = {"study": study, "kind": "done", "results": str(folder), "warnings": warnings}
            print(json.dumps(done, ensure_ascii=False), flush=True)
            return
        out = self.console.print
        if self.many:
            out(f"Results: {folder}  ({len(warnings)} things to mind: homeground run {study})", markup=False)
            return
        if warnings:
            out("\nMind:", markup=False)
            for warning in warnings:
                text = textwrap.fill(
                    warning, WIDTH, initial_indent="- ", subsequent_indent="  ", break_on_hyphens=False
                )
                out(text, markup=False)
        study = shlex.quote(study)
        out(f"\nResults: {folder}  (open {folder / 'index.html'})", markup=False)
        out(
            f"Next:\n  homeground show {study} land --why\n  homeground brief {study} --language fr"
            f"\n  homeground new {study} my-study",
            markup=False,
        )
