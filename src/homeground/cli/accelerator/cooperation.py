# SPDX-License-Identifier: Apache-2.0
"""`homeground accelerator cop-report` and `cooperation`: the progress report, and what the tables say of requests."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from homeground.cli.options import JsonOption

GivenArgument = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[TABLES]...",
        help="A registry, or folders and files of tables such as requests.csv; left out: what the note to COP15 says.",
    ),
]
NoteOption = Annotated[
    bool, typer.Option("--with-note", help="Beside the tables given, the rows that ship of the note to COP15.")
]
DayOption = Annotated[
    str | None, typer.Option("--on", metavar="DAY", help="Seen from this day (2026-11-30); left out: today.")
]


def cop_report(
    tables: GivenArgument = None,
    language: Annotated[str, typer.Option(help="en, fr or zh.")] = "en",
    results: Annotated[
        list[Path] | None,
        typer.Option("--results", help="Results folder of a study that has run (repeat for several)."),
    ] = None,
    study: Annotated[
        list[str] | None,
        typer.Option("--study", help="The study of such results, where it is your own: a folder or a study.toml."),
    ] = None,
    to: Annotated[Path, typer.Option(help="Folder to write to; left out: here.")] = Path(),
    with_note: NoteOption = False,
    on: DayOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write the progress report to the Conference of the Parties: DOCX, PDF, and the file of its numbers."""
    from homeground.cli.accelerator.cooperation_tables import write_report

    write_report(tables, language, results or [], study or [], to, with_note=with_note, on=on, as_json=as_json)


def cooperation(
    tables: GivenArgument = None,
    with_note: NoteOption = False,
    on: DayOption = None,
    as_json: JsonOption = False,
) -> None:
    """Requests of Parties and days to the answer, what is overdue, actions without a row, policies by country."""
    from homeground.cli.accelerator.cooperation_tables import show_cooperation

    show_cooperation(tables, with_note=with_note, on=on, as_json=as_json)
