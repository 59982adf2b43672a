# SPDX-License-Identifier: Apache-2.0
"""The brief stage: the results page now, from the tables that the other stages left."""

from __future__ import annotations

from pathlib import Path

from homeground.catalogue.regions import region_inputs
from homeground.stages import Stage, Step, Work
from homeground.study import Study


def _page_inputs(study: Study) -> dict[str, Path]:
    from homeground.catalogue import atlas, figures

    own = study.input("goals")
    found = {"atlas layers.csv": atlas.path("layers.csv"), "atlas countries.csv": atlas.path("countries.csv")}
    found |= {f"figures {name}": figures.path(name) for name in ("cited_facts",)}
    return found | region_inputs(study) | ({} if own is None else {own.name: own})


def _page(work: Work) -> None:
    from datetime import UTC, datetime
    from importlib.metadata import version

    import geopandas as gpd

    from homeground.brief import sections
    from homeground.brief.page import Page, render_page

    table = gpd.read_parquet(work.results / "regions.parquet")
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


def _finding(results: Path) -> str:
    size = (results / "index.html").stat().st_size / 1e6
    return f"index.html holds map, tables and sources in one file of {size:.1f} MB; it opens without internet."


STAGE = Stage(
    "brief",
    (
        Step(
            "page",
            _page,
            ("index.html",),
            settings=("title", "question", "cannot_say", "countries", "regions", "data.goals", "brief"),
            needs=("chain.regions",),
            inputs=_page_inputs,
        ),
    ),
    _finding,
)
