# SPDX-License-Identifier: Apache-2.0
"""What the results page says, part by part, read from the tables that the stages left."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from homeground.brief.facts.assessment import LAND_LAYERS, RAIN_LAYERS, own_files
from homeground.brief.page.content import Section, Source
from homeground.brief.sections import evidence, finance, land, measures, people, promises, risk
from homeground.brief.sections.tables import country_names as country_names
from homeground.catalogue import atlas
from homeground.running.findings import findings
from homeground.study.model import Study

if TYPE_CHECKING:
    import pandas as pd

LIMITS = (
    "Country figures of the region table are sums or weighted means of regions; an interval beside a number is a "
    "sensitivity range unless it says otherwise.",
    "Names, borders and designations do not imply any opinion on the legal status of any country, territory, city or "
    "area, or on the delimitation of its frontiers.",
)
KOSOVO = (
    "References to Kosovo shall be understood in the context of Security Council resolution 1244 (1999). "
    "XKX is a data key, not an ISO 3166 code."
)


def all_sections(results: Path, study: Study, table: pd.DataFrame) -> tuple[Section, ...]:
    """The sections of the page, in the order of the chain."""
    found = findings(results, "en")
    return (
        land.section(results, study, table, found["land"]),
        people.section(results, study, table, found["people"]),
        evidence.section(results, found["evidence"]),
        measures.section(results, table, found["measures"]),
        finance.section(results, found["finance"]),
        risk.section(results, table, found["risk"]),
        *promises.section(study),
    )


def notes(study: Study) -> tuple[str, ...]:
    """Footnotes that the countries of a study need."""
    return (f"* {KOSOVO}",) if "XKX" in study.countries else ()


def sources(study: Study) -> tuple[Source, ...]:
    """Embedded layers that the study used, and the user's own files."""
    layers = atlas.layers().set_index("layer")
    found = []
    for name in ("rain", "temperature", "cover", "vegetation_max"):
        row, own = layers.loc[name], study.input(name)
        if own is None:
            facts = [str(row[key]) for key in ("citation", "licence", "period", "kind", "url")]
            found.append(Source(name, *facts))
        else:
            found.append(Source(name, f"your file {own.name}", "as you hold it", "as you hold it", "as you hold it"))
    for name in (*LAND_LAYERS, *RAIN_LAYERS):
        files = own_files(study, (name,))
        if files:
            found.append(Source(name, files, "as you hold it", "as you hold it", "as you hold it"))
    own = study.input("regions")
    if own is None:
        regions = Source(
            "regions", "Natural Earth, admin-1 at 1:10 million", "public domain", "as packaged", "published"
        )
    else:
        regions = Source("regions", f"your file {own.name}", "as you hold it", "as you hold it", "as you hold it")
    return (*found, regions)
