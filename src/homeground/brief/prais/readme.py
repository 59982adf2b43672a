# SPDX-License-Identifier: Apache-2.0
"""The first sheet of a PRAIS workbook: what it is, how to fill it in, and where its values come from."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from importlib.metadata import version
from pathlib import Path

from openpyxl.worksheet.worksheet import Worksheet

from homeground.brief.facts.assessed.assessment import LAND_LAYERS, RAIN_LAYERS
from homeground.brief.facts.sources import (
    layer_name,
    layer_words,
    results_date,
    study_words,
    words_of,
    your_files,
)
from homeground.brief.prais.tables import Key, PraisTable, prais_tables
from homeground.brief.workbook.cells import write_lines
from homeground.catalogue import atlas
from homeground.catalogue.atlas import country_names
from homeground.language.messages import phrase
from homeground.study.model import Study


def write_readme(
    sheet: Worksheet, iso3: str, results: Path, study: Study, filled: AbstractSet[Key], *, embedded: bool
) -> None:
    """Lines of label and text.

    Parameters
    ----------
    sheet : Worksheet
        An empty one.
    iso3 : str
    results : Path
    study : Study
        The first of its languages is that of the words.
    filled : set of Key
        Cells that have a value.
    embedded : bool
        Whether land cover comes from the embedded map.
    """
    code = study.brief.languages[0]
    name = country_names(code).get(iso3, iso3)
    cells = [key for table in prais_tables() for key, _ in table.cells()]
    layers = atlas.layers()
    layers = layers[layers["layer"].isin(["population", "profile", "regions", *(["cover"] if embedded else [])])]
    own = your_files(study, (*LAND_LAYERS, *RAIN_LAYERS))

    def said(what: str, **words: str | int) -> str:
        return phrase(f"form.readme.{what}", code, **words)

    title = study_words(study.title, code)
    lines = [
        (said("title", country=name), ""),
        (said("country_code"), iso3),
        (phrase("workbook.study", code), said("study", title=title, study=study.id, scenario=study.scenario_name)),
        (phrase("workbook.date", code), results_date(results, code)),
        (phrase("workbook.made", code), f"homeground {version('homeground')}"),
        ("", ""),
        *((said(what), said(f"{what}.text")) for what in ("fill_in", "empty", "units", "areas")),
        ("SO2-3", said("degraded_people.text")),
        (said("locked"), said("locked.text")),
        (phrase("workbook.boundaries", code), phrase("workbook.boundaries.text", code)),
        *(((country_names(code)["XKX"], phrase("workbook.kosovo.text", code)),) if iso3 == "XKX" else ()),
        (phrase("workbook.not_for", code), phrase("workbook.not_for.text", code)),
        ("", ""),
        (said("tables"), ""),
        *((t.code, _state(t, filled, code)) for t in prais_tables()),
        ("", ""),
        (phrase("workbook.sources", code), ""),
        *(
            (
                layer_name(row["layer"], code),
                phrase(
                    "workbook.source.layer",
                    code,
                    citation=row["citation"],
                    licence=layer_words(row, "licence", code),
                    caveat=layer_words(row, "caveat", code),
                ),
            )
            for row in layers.to_dict("records")
        ),
        *(((said("series"), _sentence("workbook.source.own", code, files=words_of(own, code))),) if own else ()),
    ]
    what = said("what.text", n=sum(key in filled for key in cells), cells=len(cells))
    lines.insert(6, (said("what"), what))
    write_lines(sheet, lines)


def _sentence(message: str, code: str, **words: str) -> str:
    text = phrase(message, code, **words)
    return text[:1].upper() + text[1:]


def _state(table: PraisTable, filled: AbstractSet[Key], code: str) -> str:
    cells = [key for key, _ in table.cells()]
    n = sum(key in filled for key in cells)
    title = table.words("title", code)
    if n:
        source = table.words("filled_from", code)
        return phrase("form.state.filled", code, title=title, n=n, cells=len(cells), source=source)
    return phrase("form.state.country" if table.status == "country" else "form.state.empty", code, title=title)
