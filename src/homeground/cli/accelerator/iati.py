# SPDX-License-Identifier: Apache-2.0
"""`homeground accelerator iati`: what stands in IATI files, and what is wrong with them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from homeground.cli.options import JsonOption

if TYPE_CHECKING:
    from homeground.accelerator.iati.reading import IatiFile

TOLD = 30  # issues of a file that the terminal shows; --json shows all


def iati(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="IATI 2 files: XML, also packed with gzip.")],
    as_json: JsonOption = False,
) -> None:
    """Read IATI files and say what stands in them: transactions by country and kind, issues by line, activities told twice.

    Ends with 3 where a file cannot be read or anything of it is left out, else with 0. Nothing is kept: `import` does that.
    """
    from homeground.accelerator.iati import duplicates, read_iati
    from homeground.cli.console import json_text

    read = [read_iati(path) for path in files]
    twice = duplicates(files) if len(files) > 1 else None
    if as_json:
        told = {
            "files": [_as_json(file) for file in read],
            "duplicates": [] if twice is None else twice.to_dict("records"),
        }
        print(json_text(told))
    else:
        for file in read:
            print("\n".join(_lines(file)), end="\n\n")
        if twice is not None and len(twice):
            print(f"{twice['identifier'].nunique()} activities stand in more than one place; proposed to keep:")
            for row in twice[twice["proposed"]].head(TOLD).to_dict("records"):
                place = f"{Path(row['file']).name}, line {row['line']}, {row['updated'] or 'no date'}"
                print(_shown(f"  {row['identifier']}: {place}"))
    if any(file.findings.count()[severity] for file in read for severity in ("critical", "error")):
        raise typer.Exit(3)


def _as_json(file: IatiFile) -> dict[str, object]:
    from dataclasses import asdict

    from homeground.accelerator.iati.counting import by_country

    return {
        "file": file.path,
        "kind": file.kind,
        "version": file.version,
        **file.counts(),
        "by_country": by_country(file.tables).to_dict("records"),
        "issues": [asdict(issue) for issue in file.issues],
    }


def _lines(file: IatiFile) -> list[str]:
    """What one file holds, within 80 columns."""
    from homeground.accelerator.iati.counting import by_country
    from homeground.accelerator.issues import as_table
    from homeground.language.layout import fill

    counts = file.counts()
    what = "organisations" if file.kind == "iati-organisations" else "activities"
    lines = [f"{file.path}: {file.accepted} of {file.read} {what} taken, {file.refused} refused"]
    rows = ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in counts["rows"].items() if count)
    if rows:
        lines.append(fill(f"rows: {rows}", first="  ", rest="    "))
    table = by_country(file.tables)
    if len(table):
        lines += ["", f"  {'country':<10}{'kind':<22}{'rows':>8}{'zero':>8}{'reversals':>11}"]
        for row in table.itertuples():
            lines.append(f"  {row.country:<10}{row.kind:<22}{row.transactions:>8}{row.zero:>8}{row.reversals:>11}")
    issues = as_table(file.issues)
    if len(issues):
        said = ", ".join(f"{count} {severity}" for severity, count in issues["severity"].value_counts().items())
        lines += ["", f"  issues: {said}"]
        for row in issues.head(TOLD).itertuples():
            lines.append(
                fill(_shown(f"line {row.line}  {row.severity}  {row.rule}  {row.path}"), first="  ", rest="    ")
            )
            lines.append(fill(_shown(f"{row.message}. {row.fix}"), first="    ", rest="    "))
        if len(issues) > TOLD:
            lines.append(f"  and {len(issues) - TOLD} more; --json shows all")
    return lines


def _shown(text: str) -> str:
    """A text of a stranger as a terminal may take it: without signs that move the cursor or change colours."""
    return "".join(sign if sign.isprintable() else " " for sign in text)
