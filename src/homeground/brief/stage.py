# SPDX-License-Identifier: Apache-2.0
"""The brief stage: the results page, the workbook, the forms for the Convention's reporting, and the briefs."""

from __future__ import annotations

from pathlib import Path

from homeground.catalogue.inputs import atlas_inputs, figure_inputs, region_inputs, table_inputs
from homeground.extras import advice
from homeground.language.catalogues import LOCALE
from homeground.running.later import later
from homeground.running.steps import Stage, Step
from homeground.running.tables import REGISTRY_COSTS, REGISTRY_LADDER, REGISTRY_LAND
from homeground.study.model import Study

# All that the pages read; the joined table stands for the tables by region.
READS = (
    *(
        "chain.regions",
        "land.regions",
        "land.series",
        "land.national",
        "land.degradation",
        "land.noise",
        "land.reference",
        "land.built",
    ),
    "land.drought",
    "land.against",
    "land.people",
    *("people.countries", "people.flows"),
    *("evidence.effects", "evidence.countries", "measures.rates", "measures.suitability", "measures.plan"),
    *("measures.work", "measures.rights", "finance.chain"),
    *("finance.cashflow", "finance.appraisal", "risk.regions"),
    "brief.registry",
)
SAID = (
    *("title", "question", "cannot_say", "countries", "regions", "data.goals", "plan", "finance", "brief"),
    *("baseline", "period", "land.profile"),
)


def _page_inputs(study: Study) -> dict[str, Path]:
    embedded = atlas_inputs("layers.csv", "countries.csv", "undetermined.csv") | figure_inputs("cited_facts")
    words = {"message catalogues": LOCALE}  # a mended translation is a reason to write anew
    return embedded | region_inputs(study) | table_inputs(study, "goals") | words


def _form_inputs(study: Study) -> dict[str, Path]:
    return _page_inputs(study) | atlas_inputs("population.parquet", "profile.csv") | table_inputs(study, "matrix")


def _brief_files(study: Study) -> tuple[str, ...]:
    """As HTML in every language, as PDF in those whose typeface is installed: once it is, the step is run again."""
    languages = study.brief.languages
    set_in = [language for language in languages if language != "zh" or not advice("chinese")]
    return (*(f"brief-{one}.pdf" for one in set_in), *(f"brief-{one}.html" for one in languages))


def _registry_inputs(study: Study) -> dict[str, Path]:
    path = study.input("registry")
    if path is None:
        return {}
    if path.is_dir():
        return {f"registry {one.name}": one for one in sorted(path.iterdir()) if one.is_file()}
    beside = path.with_name(f"{path.name}-wal")  # what SQLite has written and not yet put into its file
    return {f"registry {one.name}": one for one in (path, beside) if one == path or one.is_file()}


STAGE = Stage(
    "brief",
    (
        Step(
            "registry",
            later("homeground.brief.accelerator.beside_plan:beside_plan"),
            (REGISTRY_LADDER, REGISTRY_LAND, REGISTRY_COSTS),
            settings=("countries", "data.registry"),
            needs=("measures.plan", "measures.rates"),
            inputs=_registry_inputs,
        ),
        Step(
            "page",
            later("homeground.brief.steps:page"),
            ("index.html",),
            settings=SAID,
            needs=READS,
            inputs=_page_inputs,
        ),
        Step(
            "tables",
            later("homeground.brief.steps:tables"),
            ("tables.xlsx",),
            settings=SAID,
            needs=READS,
            inputs=_page_inputs,
        ),
        Step(
            "prais", later("homeground.brief.steps:prais"), ("prais",), settings=SAID, needs=READS, inputs=_form_inputs
        ),
        Step(
            "briefs",
            later("homeground.brief.steps:briefs"),
            _brief_files,
            settings=SAID,
            needs=READS,
            inputs=_page_inputs,
        ),
    ),
    later("homeground.brief.finding:finding"),
)
