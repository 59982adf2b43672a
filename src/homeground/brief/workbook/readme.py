# SPDX-License-Identifier: Apache-2.0
"""The first sheet of the workbook: what it is, what to mind, and on what terms."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

from openpyxl.worksheet.worksheet import Worksheet

from homeground.brief.facts.assessed.assessment import LAND_LAYERS, RAIN_LAYERS
from homeground.brief.facts.sources import (
    file_name,
    layer_name,
    layer_words,
    results_date,
    study_words,
    words_of,
    your_files,
)
from homeground.brief.facts.used_layers import EPOCH, embedded_alone
from homeground.brief.workbook.cells import write_lines
from homeground.brief.workbook.fill import column_words
from homeground.brief.workbook.sheets import sheet_name
from homeground.brief.workbook.words import cell_words
from homeground.catalogue import atlas
from homeground.catalogue.atlas import country_names
from homeground.catalogue.columns import Column
from homeground.language.messages import Saying, phrase, tell
from homeground.running.warnings import BEFORE_BRIEF, run_warnings
from homeground.study.model import Study


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
        (said("not_for"), said("not_for.text")),
        ("", ""),
        (said("how"), ""),
        (said("headers"), said("headers.text")),
        (said("empty"), said("empty.text")),
        (said("ends"), said("ends.text", columns=sheet_name("columns", code))),
        (said("kinds"), said("kinds.text")),
        (said("people"), said("people.text")),
        *(((said("withheld"), phrase("ui.semicolon", code).join(withheld)),) if withheld else ()),
        *(((said("lacking"), tell((_lack(one, code) for one in told.lacking), code)),) if told.lacking else ()),
        ("", ""),
        (said("sheets"), ""),
        *((name, phrase("sheet.rows", code, n=rows, about=about)) for name, rows, about in told.sheets),
        ("", ""),
        (said("sources"), ""),
        *_sources(study, code),
        *(
            (cell_words("source", source, code), _licence(licence, code))
            for source, licence in sorted(told.licences.items())
        ),
        ("", ""),
        (said("limits"), ""),
        *(("", said("cannot_say", what=study_words(text, code))) for text in study.cannot_say),
        *(("", words_of(text, code)) for text in run_warnings(results, BEFORE_BRIEF)),
        ("", said("totals.text")),
        ("", said("boundaries.text")),
        *((("", f"* {said('kosovo.text')}"),) if "XKX" in study.countries else ()),
    ]
    write_lines(sheet, lines)


def _lack(some: tuple[Column, ...], code: str) -> Saying:
    """What columns that are not there would need."""
    titles = phrase("ui.comma", code).join(column_words(c, "title", code) for c in some)
    return Saying("workbook.lacking.text", {"titles": titles, "needs": column_words(some[0], "needs", code)})


def _licence(licence: str, code: str) -> str:
    words = cell_words("licence", licence, code)
    return phrase("workbook.licence", code, licence=words) if licence else phrase("workbook.no_licence", code)


def _sources(study: Study, code: str) -> Iterator[tuple[str, str]]:
    """Embedded layers that the study used, and the user's own files."""
    layers = atlas.layers().set_index("layer", drop=False)
    for name in (*EPOCH, *embedded_alone(study)):
        own = study.input(name) if name in EPOCH else None
        if own is not None:
            yield layer_name(name, code), _files(file_name(own), code)
            continue
        row = layers.loc[name].to_dict()
        words = {what: layer_words(row, what, code) for what in ("licence", "period")}
        kind = phrase(f"kind.{row['kind']}", code)
        yield (
            layer_name(name, code),
            phrase("workbook.source.all", code, citation=str(row["citation"]), kind=kind, **words),
        )
    for name in (*LAND_LAYERS, *RAIN_LAYERS):
        if files := your_files(study, (name,)):
            yield layer_name(name, code), _files(files, code)
    own = study.input("regions")
    source = phrase("workbook.regions.source", code) if own is None else _files(file_name(own), code)
    yield layer_name("regions", code), source


def _files(files: Saying, code: str) -> str:
    text = phrase("workbook.source.files", code, files=files)
    return text[:1].upper() + text[1:]
