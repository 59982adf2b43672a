# SPDX-License-Identifier: Apache-2.0
"""`homeground accelerator report | ladder | sheet`: the money, from public figures, from spreadsheets or from a registry."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from homeground.cli.console import json_text
from homeground.cli.options import JsonOption
from homeground.errors import StudyError

FIRST = "great-green-wall"
SAID = "A registry, or folders and files of tables (CSV, Excel)"
Sources = Annotated[list[str], typer.Argument(metavar="TABLES...", help=f"{SAID}.")]
SourcesOrFirst = Annotated[
    list[str] | None, typer.Argument(metavar="[TABLES]...", help=f"{SAID}; left out: great-green-wall.")
]


def report(
    tables: SourcesOrFirst = None,
    form: Annotated[
        Path | None, typer.Option(help="Write the empty form of what nobody published to this CSV.")
    ] = None,
    json: JsonOption = False,
) -> None:
    """What is known of the money: pledges, steps, contradictions side by side, what nobody published."""
    from homeground.accelerator.answer.great_green_wall import empty_form, first_answer
    from homeground.cli.accelerator.ladder_text import first_answer_json, first_answer_text

    if given := _given(tables):
        ladder(given, by="", json=json)
        return
    answer = first_answer()
    print(json_text(first_answer_json(answer), indent=2) if json else first_answer_text(answer))
    if form is not None:
        empty_form().to_csv(form, index=False, lineterminator="\n")
        if not json:
            print(f"\nThe empty form is in {form}: 11 countries x 5 pillars, to be filled in and given to `ladder`.")


def ladder(
    tables: Sources,
    by: Annotated[
        str,
        typer.Option(help="What to keep apart: donor,iso3,pillar,instrument,year, divided by commas; empty: nothing."),
    ] = "donor,instrument",
    usd: Annotated[bool, typer.Option("--usd", help="Also in US dollars, where the rates are given.")] = False,
    rows: Annotated[bool, typer.Option("--rows", help="The rows behind each cell, with their sources.")] = False,
    language: Annotated[str, typer.Option("--language", help="Of the notices: en, fr or zh.")] = "en",
    json: JsonOption = False,
) -> None:
    """Pledged, programmed, committed, disbursed, spent: every sum counted once."""
    from homeground.accelerator.ladder.finance_ladder import finance_ladder
    from homeground.cli.accelerator.given import told_tables
    from homeground.cli.accelerator.ladder_text import ladder_json, ladder_text

    keys = tuple(part.strip() for part in by.split(",") if part.strip())
    found = finance_ladder(told_tables(tables), by=keys, usd=usd, language=language)
    print(json_text(ladder_json(found, rows=rows), indent=2) if json else ladder_text(found, rows=rows))


def sheet(
    iso3: Annotated[str, typer.Argument(help="Country (three letters), or all.")],
    tables: SourcesOrFirst = None,
    language: Annotated[list[str] | None, typer.Option("--language", help="en, fr, zh; left out: all three.")] = None,
    out: Annotated[Path, typer.Option(help="Folder to write to.")] = Path(),
) -> None:
    """One page on the money of a country, as PDF and HTML."""
    from homeground.brief.accelerator.write import write_sheet
    from homeground.brief.policy_brief.typesetting import lacks_typeface
    from homeground.cli.accelerator.given import told_tables

    given = _given(tables)
    if not given and iso3 != "all":
        raise StudyError(
            f"nobody published the money of {iso3} at the Great Green Wall: give tables or a registry, or write "
            "`homeground accelerator sheet all` for what is known of the whole."
        )
    held = told_tables(given) if given else None
    for code in language or ["en", "fr", "zh"]:
        paths = write_sheet(iso3, held, code, out)
        print("\n".join(map(str, paths)))
        if len(paths) == 1:
            print(f"no PDF in this language ({code}): {lacks_typeface(code)}")


def _given(tables: list[str] | None) -> list[str]:
    """What was named beside the first answer, which ships."""
    return [] if tables in (None, [FIRST]) else list(tables or ())
