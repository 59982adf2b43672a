# SPDX-License-Identifier: Apache-2.0
"""The brief stage: the results page, the workbook, the forms for the Convention's reporting, and the briefs."""

from __future__ import annotations

from pathlib import Path

from homeground.brief.finding import finding
from homeground.catalogue.regions import region_inputs
from homeground.running.steps import Stage, Step, Work
from homeground.study.model import Study


def _page_inputs(study: Study) -> dict[str, Path]:
    from homeground.catalogue import atlas, figures

    own = study.input("goals")
    found = {"atlas layers.csv": atlas.path("layers.csv"), "atlas countries.csv": atlas.path("countries.csv")}
    found |= {f"figures {name}": figures.path(name) for name in ("cited_facts",)}
    return found | region_inputs(study) | ({} if own is None else {own.name: own})


def _form_inputs(study: Study) -> dict[str, Path]:
    from homeground.catalogue import atlas

    return _page_inputs(study) | {f"atlas {name}": atlas.path(name) for name in ("population.parquet", "profile.csv")}


def _page(work: Work) -> None:
    from datetime import UTC, datetime
    from importlib.metadata import version

    import geopandas as gpd

    from homeground.brief import sections
    from homeground.brief.page.content import Page
    from homeground.brief.page.render import render_page

    table = gpd.read_parquet(work.results / "regions.parquet")
    table["risk_class"] = table["risk_class"].astype("Int64")  # a class is a name on the map, not a measure
    regions = table[["region_id", "iso3", "name", "geometry"]]
    study = work.study
    page = Page(
        title=study.title,
        question=study.question,
        study_id=study.id,
        scenario=study.scenario_name,
        made_on=datetime.now(UTC).date().isoformat(),
        version=version("homeground"),
        sections=sections.all_sections(work.results, study, table.drop(columns="geometry")),
        sources=sections.sources(study),
        limits=tuple(study.cannot_say) + sections.LIMITS,
        notes=sections.notes(study),
        regions=regions,
        table=table.drop(columns="geometry"),
        country_names=sections.country_names("en"),
        dashed=(("SRB", "XKX"),),
    )
    (work.out / "index.html").write_text(render_page(page), encoding="utf-8")


def _tables(work: Work) -> None:
    from homeground.brief.workbook.write import write_tables

    write_tables(work.results, work.study, work.out)


def _prais(work: Work) -> None:
    from homeground.brief.prais.answers import write_prais

    write_prais(work.results, work.study, work.out / "prais")


def _briefs(work: Work) -> None:
    from homeground.brief.policy_brief.render import write_brief

    for language in work.study.brief.languages:
        write_brief(work.results, work.study, language, work.out)


def _brief_files(study: Study) -> tuple[str, ...]:
    return tuple(f"brief-{language}.{kind}" for language in study.brief.languages for kind in ("pdf", "html"))


# All that the pages read; the joined table stands for the tables by region.
READS = (
    *("chain.regions", "land.regions", "land.series", "land.degradation", "land.drought"),
    *("people.countries", "people.flows"),
    *("evidence.effects", "evidence.countries", "measures.suitability", "measures.plan"),
    *("finance.cashflow", "finance.appraisal", "risk.regions"),
)
SAID = (
    *("title", "question", "cannot_say", "countries", "regions", "data.goals", "plan", "finance", "brief"),
    *("baseline", "period", "land.profile"),
)

STAGE = Stage(
    "brief",
    (
        Step("page", _page, ("index.html",), settings=SAID, needs=READS, inputs=_page_inputs),
        Step("tables", _tables, ("tables.xlsx",), settings=SAID, needs=READS, inputs=_page_inputs),
        Step("prais", _prais, ("prais",), settings=SAID, needs=READS, inputs=_form_inputs),
        Step("briefs", _briefs, _brief_files, settings=SAID, needs=READS, inputs=_page_inputs),
    ),
    finding,
)
