# SPDX-License-Identifier: Apache-2.0
"""What the brief stage does: the results page, the workbook, the forms for the Convention's reporting, and the briefs."""

from __future__ import annotations

from datetime import UTC, datetime
from importlib.metadata import version

import geopandas as gpd

from homeground.brief import sections
from homeground.brief.drawing.surroundings import surroundings
from homeground.brief.page.content import Page
from homeground.brief.page.render import render_page
from homeground.brief.policy_brief.render import write_brief
from homeground.brief.prais.answers import write_prais
from homeground.brief.transfer.write import write_transfer
from homeground.brief.workbook.write import write_tables
from homeground.catalogue.atlas_files import undetermined
from homeground.extras import command
from homeground.language.messages import Saying, phrase, tell
from homeground.running.steps import Work
from homeground.running.tables import REGIONS
from homeground.running.warnings import BEFORE_BRIEF, run_warnings


def page(work: Work) -> None:
    """The results page, one file that opens without internet."""
    study, code = work.study, work.study.language
    table = sections.with_names(gpd.read_parquet(work.results / REGIONS), study, code)
    table["risk_class"] = table["risk_class"].astype("Int64")  # a class is a name on the map, not a measure
    regions = table[["region_id", "iso3", "name", "geometry"]]
    around = surroundings(regions, code)
    content = Page(
        title=sections.said_by_study(study.title, code),
        question=sections.said_by_study(study.question, code),
        study_id=study.id,
        scenario=study.scenario_name,
        made_on=datetime.now(UTC).date().isoformat(),
        version=version("homeground"),
        sections=sections.all_sections(work.results, study, table.drop(columns="geometry"), code),
        sources=sections.sources(study, code),
        limits=sections.limits(study, code),
        mind=tuple(w if isinstance(w, str) else tell([w], code) for w in run_warnings(work.results, BEFORE_BRIEF)),
        notes=(*sections.notes(study, code), *((phrase("where.around", code),) if around else ())),
        regions=regions,
        table=table.drop(columns="geometry"),
        language=code,
        country_names=sections.country_names(code),
        dashed=undetermined(),
        around=around,
    )
    (work.out / "index.html").write_text(render_page(content), encoding="utf-8")


def tables(work: Work) -> None:
    """The workbook of all tables."""
    write_tables(work.results, work.study, work.out)


def prais(work: Work) -> None:
    """The forms for the Convention's reporting, and the same numbers as files that its platform takes."""
    write_prais(work.results, work.study, work.out / "prais")
    write_transfer(work.results, work.study, work.out / "prais")


def briefs(work: Work) -> None:
    """A brief in each language of the study; where a typeface is not installed, as HTML alone."""
    for language in work.study.brief.languages:
        written = write_brief(work.results, work.study, language, work.out, page_alone=True)
        if len(written) == 1:
            words = {"file": f"brief-{language}.pdf", "command": command("chinese")}
            work.warn(Saying("warning.no_typeface", words))
