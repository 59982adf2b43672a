# SPDX-License-Identifier: Apache-2.0
"""What the results page says, part by part, read from the tables that the stages left, in one language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from homeground.brief.facts.assessed.assessment import LAND_LAYERS, RAIN_LAYERS, own_files
from homeground.brief.facts.sources import printed
from homeground.brief.facts.used_layers import EPOCH, embedded_alone, layer_used
from homeground.brief.page.content import Section, Source
from homeground.brief.sections import evidence, finance, land, measures, people, promises, risk
from homeground.brief.sections.beside import registry
from homeground.catalogue import atlas
from homeground.catalogue.atlas import country_names as country_names
from homeground.language.messages import STUDY, Saying, phrase, tell
from homeground.language.wording import translation, wording
from homeground.running.record import read_run
from homeground.study.model import Study

if TYPE_CHECKING:
    import pandas as pd


def all_sections(results: Path, study: Study, table: pd.DataFrame, code: str) -> tuple[Section, ...]:
    """The sections of the page, in the order of the chain."""
    run = read_run(results)["stages"]
    found = {part: finding(stage["finding"], code) for part, stage in run.items()}
    return (
        land.section(results, study, table, found["land"], code),
        people.section(results, study, table, found["people"], code),
        evidence.section(results, found["evidence"], code),
        measures.section(study, results, table, found["measures"], code),
        finance.section(results, found["finance"], code),
        risk.section(results, table, found["risk"], code),
        *promises.section(study, code),
        *registry.section(results, code),
    )


def language_of(study: Study) -> str:
    """The language of the page: the first of the study's brief."""
    return study.brief.languages[0] if study.brief.languages else "en"


def finding(stored: str | Sequence[Mapping[str, Any]], code: str) -> str:
    """What a stage found, in words: stored sayings in the language, a plain text as it stands."""
    return stored if isinstance(stored, str) else tell([Saying.read(one) for one in stored], code)


def said_by_study(text: str, code: str) -> str:
    """A title, question or limit of a study: translated where it ships with homeground, else as its author wrote it."""
    return text if code == "en" else translation(text, STUDY, code) or text


def with_names(table: pd.DataFrame, study: Study, code: str) -> pd.DataFrame:
    """The regions by their names in the language; a user's own regions are called as the user calls them."""
    if study.input("regions") is not None:
        return table
    known = atlas.regions(study.countries).set_index("region_id")["name" if code == "en" else f"name_{code}"]
    return table.assign(name=table["region_id"].map(known).fillna(table["name"]))


def limits(study: Study, code: str) -> tuple[str, ...]:
    """What the results cannot say, by the study's own words and in general."""
    return (*(said_by_study(text, code) for text in study.cannot_say), *general_limits(code))


def general_limits(code: str) -> tuple[str, ...]:
    """What no results can say, whatever the study."""
    return (phrase("page.limit.countries", code), phrase("page.limit.borders", code))


def notes(study: Study, code: str = "en") -> tuple[str, ...]:
    """Footnotes that the countries of a study need."""
    return (phrase("page.note.kosovo", code, standard="3166"),) if "XKX" in study.countries else ()


def sources(study: Study, code: str = "en") -> tuple[Source, ...]:
    """Embedded layers that the study used, and the user's own files."""
    layers = atlas.layers().set_index("layer")
    held = phrase("licence.own", code)

    def own(name: str, files: str) -> Source:
        return Source(name, files, held, held, held)

    def your(file: Path) -> str:
        return phrase("assessed.your_file", code, files=file.name)

    found = []
    for name in (*EPOCH, *embedded_alone(study)):
        row, said = layers.loc[name], phrase(f"page.source.{name}", code)
        file = study.input(name) if name in EPOCH else None
        if file is not None:
            years = printed(layer_used(study, name).period, code)
            found.append(Source(said, your(file), held, years, held))
            continue
        licence, period = (wording(f"layer.{name}.{key}", str(row[key]), code) for key in ("licence", "period"))
        kind = phrase(f"kind.{row['kind']}", code)
        found.append(Source(said, str(row["citation"]), licence, period, kind, str(row["url"])))
    for name in (*LAND_LAYERS, *RAIN_LAYERS):
        if files := own_files(study, (name,), code):
            found.append(own(name, files))
    said, file = phrase("page.source.regions", code), study.input("regions")
    if file is not None:
        return (*found, own(said, your(file)))
    natural_earth = phrase("page.natural_earth", code, scale="1:10 000 000")
    licence = wording("layer.regions.licence", str(layers.loc["regions", "licence"]), code)
    period, kind = phrase("period.regions", code), phrase("kind.published", code)
    return (*found, Source(said, natural_earth, licence, period, kind))
