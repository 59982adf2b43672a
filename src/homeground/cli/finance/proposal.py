# SPDX-License-Identifier: Apache-2.0
"""`homeground proposal`, `finance protection` and `finance pilot`: what is written for a fund, and what guards investors."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from homeground.cli.options import JsonOption, RootOption, ScenarioOption, StudyArgument

WordsOption = Annotated[str, typer.Option("--language", help="en, fr or zh.")]
FolderOption = Annotated[Path, typer.Option("--to", help="Folder to write to; left out: here.")]
DayOption = Annotated[
    str | None, typer.Option("--on", metavar="DAY", help="Seen from this day (2026-11-30); left out: today.")
]


def proposal(
    study: StudyArgument,
    fund: Annotated[str, typer.Option(help="gcf-concept or three-s.")] = "gcf-concept",
    given: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Folder with institutions.csv or projections.csv of yours.")
    ] = None,
    language: WordsOption = "en",
    to: FolderOption = Path(),
    on: DayOption = None,
    scenario: ScenarioOption = None,
    results: RootOption = Path("results"),
    as_json: JsonOption = False,
) -> None:
    """Write a proposal from a study that has run: what is missing first, a live economic annex, numbers with their rows."""
    from homeground.cli.finance.proposal_files import write_files

    write_files(study, fund, given, language, to, on=on, scenario=scenario, root=results, as_json=as_json)


def protection(
    instrument: Annotated[str, typer.Argument(metavar="INSTRUMENT", help="Such as sovereign_bond or crowd_lending.")],
    host: Annotated[str, typer.Option(metavar="ISO3", help="Country where the investors live, such as USA.")],
    signed: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Table of what persons have signed, by role and day.")
    ] = None,
    form: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write an empty table of signatures to this new file.")
    ] = None,
    language: WordsOption = "en",
    on: DayOption = None,
    as_json: JsonOption = False,
) -> None:
    """Whether an instrument may be offered to people in a host country: what is known, and what a person must sign."""
    from homeground.cli.finance.protection_tables import show_protection

    show_protection(instrument, host, signed, form, language=language, on=on, as_json=as_json)


def pilot(
    study: StudyArgument,
    projects: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="Existing projects to screen: a CSV, or a registry; left out: none."),
    ] = None,
    design: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Your design (CSV: setting, value, source); left out: what ships."),
    ] = None,
    language: WordsOption = "en",
    to: FolderOption = Path(),
    on: DayOption = None,
    scenario: ScenarioOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write the pack of a pilot: screened projects, segments, arms, sample size and power, stop rule, what would refute it."""
    from homeground.cli.finance.proposal_files import write_pilot

    write_pilot(study, projects, design, language, to, on=on, scenario=scenario, as_json=as_json)
