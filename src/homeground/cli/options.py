# SPDX-License-Identifier: Apache-2.0
"""Arguments and options that several commands share."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Annotated

import typer

from homeground.errors import StudyError

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


def day_of(on: str | None) -> datetime.date:
    """The day that ``--on`` names; today where it is left out."""
    if on is None:
        return datetime.datetime.now(tz=datetime.UTC).date()
    try:
        return datetime.date.fromisoformat(on)
    except ValueError:
        raise StudyError(f'--on is "{on}"; a day such as 2026-11-30 was expected.') from None
