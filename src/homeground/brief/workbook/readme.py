# SPDX-License-Identifier: Apache-2.0
"""The first sheet of the workbook: what it is, what to mind, and on what terms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path

from openpyxl.worksheet.worksheet import Worksheet

from homeground.brief import sections
from homeground.brief.workbook.cells import (
    write_lines,
)
from homeground.language.messages import phrase
from homeground.numbers.fact import KINDS
from homeground.running.record import read_run
from homeground.study.model import Study


def results_date(results: Path) -> str:
    """The day on which the last stage before the brief finished; empty where nothing was recorded."""
    steps = read_run(results)["steps"]
    finished = [str(s.get("finished", "")) for key, s in steps.items() if not key.startswith("brief.")]
    return max(finished, default="")[:10]


def _readme(
    sheet: Worksheet,
    results: Path,
    study: Study,
    written: list[tuple[str, int, str]],
    licences: Mapping[str, str],
    left_out: tuple[list[str], Sequence[str]],
) -> None:
    withheld, lacking = left_out
    lines: list[tuple[str, str]] = [
        (study.title, ""),
        ("Question", study.question),
        ("Study", study.id),
        ("Scenario", study.scenario_name),
        ("Date of the results", results_date(results) or "not recorded"),
        ("Made with", f"homeground {version('homeground')}"),
        ("", ""),
        ("What this is not for", phrase("page.use")),
        ("", ""),
        ("How to read", ""),
        ("Header rows", "First the title, then the unit, then the name of the column in the results folder."),
        ("Empty cell", "No data. Never zero: a zero is written as 0."),
        ("Low and high", "The interval of the number beside it: the range that the data and the method allow. Two "
         "places whose intervals overlap may not differ. Sheet Columns says why a number has none; sums of "
         "regions have none, because ends do not add."),
        ("Kinds", "; ".join(_kinds()) + "."),
        ("Counts of people", "1 to 9 persons are hidden, and other counts where a total would give them away; "
         "a column ending in _hidden marks these. UNHCR prints 5 for 1 to 5: the interval says so."),
        *((("Totals left out", "; ".join(withheld)),) if withheld else ()),
        *((("Not in this workbook", " ".join(lacking)),) if lacking else ()),
        ("", ""),
        ("Sheets", ""),
        *((name, f"{rows:,} rows. {about}") for name, rows, about in written),
        ("", ""),
        ("Sources and licences", ""),
        *((s.name, f"{s.citation} Licence: {s.licence}. Period: {s.period}. Kind: {s.kind}.")
          for s in sections.sources(study)),
        *((source, f"Licence: {licence}." if licence else "No licence is given.") for source, licence in
          sorted(licences.items())),
        ("", ""),
        ("Limits", ""),
        *(("", f"This study cannot say {text}.") for text in study.cannot_say),
        *(("", text) for text in (*_warnings(results), *sections.general_limits("en"), *sections.notes(study))),
    ]  # fmt: skip
    write_lines(sheet, lines)


def _kinds() -> list[str]:
    """What each kind of figure is called, where its code does not say so itself."""
    words = {kind: phrase(f"kind.{kind}") for kind in KINDS}
    return [kind if kind == said else f"{kind}: {said}" for kind, said in words.items()]


def _warnings(results: Path) -> list[str]:
    steps = read_run(results)["steps"]
    found = [w for key in sorted(steps) if not key.startswith("brief.") for w in steps[key].get("warnings", [])]
    return list(dict.fromkeys(found))
