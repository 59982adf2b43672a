# SPDX-License-Identifier: Apache-2.0
"""Arguments and options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

StudyArgument = Annotated[
    str, typer.Argument(metavar="STUDY", help="Id of a shipped study, a folder, or a study.toml.")
]
ScenarioOption = Annotated[str | None, typer.Option(help="A scenario that the study declares; base if left out.")]
RootOption = Annotated[Path, typer.Option("--results", help="Folder for results.")]
LanguageOption = Annotated[
    str | None,
    typer.Option("--language", help="en, fr or zh, before the others of [brief].languages; left out: their first."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]
