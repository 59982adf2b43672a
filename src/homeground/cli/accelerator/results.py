# SPDX-License-Identifier: Apache-2.0
"""Results, places and exports of the accelerator in the terminal."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from homeground.cli.options import JsonOption

Sources = Annotated[
    list[str],
    typer.Argument(metavar="TABLES...", help="A registry, or folders and files of tables such as actuals.csv."),
]


def results(
    tables: Sources,
    since: Annotated[str | None, typer.Option("--since", metavar="DAY", help="First day that is asked for.")] = None,
    until: Annotated[str | None, typer.Option("--until", metavar="DAY", help="Last day that is asked for.")] = None,
    comparison: Annotated[
        Path | None,
        typer.Option(metavar="CSV", help="Places against like places outside; without it no claim of impact."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """What was achieved: approved results, goals, published figures beside them, cost per hectare, support.

    Only what another role approved than submitted it counts. Nothing is reconciled in silence: what does not fit is told.
    """
    from homeground.accelerator.results.comparison import read_comparison
    from homeground.accelerator.results.report import results_of
    from homeground.cli.accelerator.given import told_tables
    from homeground.cli.accelerator.results_text import day, print_results

    start, end = day(since, "--since"), day(until, "--until")
    against = None if comparison is None else read_comparison(comparison)
    print_results(results_of(told_tables(tables), start=start, end=end, comparison=against), as_json=as_json)


def places(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Polygons, or a table of places.")],
    observed: Annotated[
        Path | None,
        typer.Option(
            metavar="CSV", help="Observed land by place: place, degraded, stable, improved (% of it), until, cells."
        ),
    ] = None,
    goal: Annotated[
        list[str] | None,
        typer.Option(metavar="PROJECT=HA", help="Hectares that the approved places of a project sum to."),
    ] = None,
    mend: Annotated[
        bool, typer.Option("--mend", help="Show what mending outlines would change; nothing is written.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Whether outlines of places can be right (eleven checks), and whether observed land agrees with them.

    Ends with 3 where a check finds an error, else with 0.
    """
    from homeground.cli.accelerator.results_text import goals_of, print_places

    if print_places(file, observed, goals_of(goal or []), mend=mend, as_json=as_json):
        raise typer.Exit(3)


def review(
    registry: Annotated[str, typer.Argument(metavar="REGISTRY", help="A registry, by its file or URL.")],
    table: Annotated[str, typer.Argument(metavar="TABLE", help="actuals or support.")],
    row: Annotated[str, typer.Argument(metavar="ROW", help="Its own short name.")],
    to: Annotated[str, typer.Argument(metavar="STATE", help="pending, approved or returned.")],
    by: Annotated[
        str, typer.Option("--by", metavar="ROLE", help="The role that does it; never that of a person by name.")
    ],
) -> None:
    """Move a result or support on its way: draft, pending, approved or returned. Nobody approves their own."""
    import datetime

    from homeground.accelerator.results.review_in_registry import review_in

    review_in(registry, table, row, to, by=by, on=datetime.datetime.now(datetime.UTC).date())
    print(f"{table} {row}: {to}, by {by}")


def export(
    kind: Annotated[str, typer.Argument(metavar="KIND", help="iati, so5, observatory, 3w, geojson or xlsx.")],
    tables: Sources,
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="Where to write it.")],
    country: Annotated[str, typer.Option(metavar="ISO3", help="The Party, for so5.")] = "",
    language: Annotated[
        str, typer.Option("--language", help="Of the words of so5 and observatory: en, fr or zh.")
    ] = "en",
) -> None:
    """Write what others ask for: the Convention's form on resources, the Observatory, who does what where, a map, all tables.

    A file is written whole or stays as it was. Text that a spreadsheet would take for a formula gets a quote before it.
    """
    from homeground.accelerator.exports.kinds import Asked, check_kind
    from homeground.accelerator.exports.kinds import export as write
    from homeground.accelerator.registry.given import folder_of
    from homeground.cli.accelerator.given import told_tables

    check_kind(kind, out)
    print(f"written: {write(kind, told_tables(tables), out, Asked(country.upper(), folder_of(tables), language))}")
