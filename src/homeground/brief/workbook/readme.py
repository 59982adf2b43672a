# SPDX-License-Identifier: Apache-2.0
"""The first sheet of the workbook: what it is, what to mind, and on what terms."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
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

LAYERS = ("rain", "temperature", "cover", "vegetation_max")  # embedded ones that a study may replace


@dataclass
class Explained:
    """What the sheet says of the others.

    ``sheets``: name, rows and what it holds; ``licences`` by source; ``withheld``: totals that would give small counts away,
    as column and country; ``lacking``: columns that are not there, together where they need the same.
    """

    withheld: list[tuple[Column, str]] = field(default_factory=list)
    lacking: list[tuple[Column, ...]] = field(default_factory=list)
    sheets: list[tuple[str, int, str]] = field(default_factory=list)
    licences: dict[str, str] = field(default_factory=dict)


def write_readme(sheet: Worksheet, results: Path, study: Study, told: Explained) -> None:
    """Lines of label and text, in the first language of the study."""
    code = study.brief.languages[0]

    def said(message: str, **words: str | int) -> str:
        return phrase(f"workbook.{message}", code, **words)

    names = country_names(code)
    withheld = [
        said("withheld.text", column=column_words(c, "title", code), country=names.get(iso3, iso3))
        for c, iso3 in told.withheld
    ]
    lines: list[tuple[str, str]] = [
        (study_words(study.title, code), ""),
        (said("question"), study_words(study.question, code)),
        (said("study"), study.id),
        (said("scenario"), study.scenario_name),
        (said("date"), results_date(results, code)),
        (said("made"), f"homeground {version('homeground')}"),
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
        (said("sheets"), ""),
        *((name, phrase("sheet.rows", code, n=rows, about=about)) for name, rows, about in told.sheets),
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
    told: list[Said] = [Saying.read(w) if isinstance(w, dict) else str(w) for w in found]
    return list({str(one): one for one in told}.values())
