# SPDX-License-Identifier: Apache-2.0
"""One line per stage while a study runs: seconds, then one plain finding. No terminal: no moving parts."""

from __future__ import annotations

import json
import textwrap
from pathlib import Path
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.status import Status

from homeground.stages import Event

WIDTH = 80
INDENT = 21


class Progress:
    """Shows events of a run, as lines for people or as JSON lines for machines."""

    def __init__(self, *, as_json: bool = False) -> None:
        self.as_json = as_json
        self.console = Console(highlight=False, soft_wrap=True)
        self.status: Status | None = None

    def __enter__(self) -> Self:
        if not self.as_json and self.console.is_terminal:
            self.status = self.console.status("reading the study")
            self.status.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.status is not None:
            self.status.stop()

    def show(self, event: Event) -> None:
        """Show one event."""
        if self.as_json:
            print(json.dumps(vars(event), ensure_ascii=False), flush=True)
        elif event.kind == "step":
            if self.status is not None:
                self.status.update(f"{event.stage}: {event.step}")
        else:
            seconds = "as before" if event.skipped else f"{event.seconds:.1f} s"
            head = f"{event.stage:<11}{seconds:>9} "
            lines = textwrap.wrap(event.finding, WIDTH - INDENT) or [""]
            self.console.print(head + f"\n{' ' * INDENT}".join(lines), markup=False)

    def finish(self, study: str, folder: Path, warnings: list[str]) -> None:
        """Say what to mind, where the results are, and what to do next."""
        if self.as_json:
            print(json.dumps({"kind": "done", "results": str(folder), "warnings": warnings}, ensure_ascii=False))
            return
        out = self.console.print
        if warnings:
            out("\nMind:", markup=False)
            for warning in warnings:
                out(textwrap.fill(warning, WIDTH, initial_indent="- ", subsequent_indent="  "), markup=False)
        out(f"\nResults: {folder}  (open {folder / 'index.html'})", markup=False)
        out(
            f"Next:\n  homeground show {study} land --why\n  homeground status {study}"
            f"\n  homeground new {study} my-study",
            markup=False,
        )
