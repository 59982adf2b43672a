# SPDX-License-Identifier: Apache-2.0
"""The people stage: who lives where (modelled), who moves and who is displaced (published), by age and sex."""

from __future__ import annotations

from pathlib import Path

from homeground.catalogue.inputs import atlas_inputs, figure_inputs, region_inputs, table_inputs
from homeground.running.later import later
from homeground.running.steps import Stage, Step
from homeground.running.tables import FLOWS, PEOPLE_COUNTRIES, regions_of
from homeground.study.model import Study


def _country_inputs(_: Study) -> dict[str, Path]:
    return atlas_inputs("population.parquet", "profile.csv") | figure_inputs("net_migration", "displacement")


def _flow_inputs(_: Study) -> dict[str, Path]:
    return figure_inputs("refugee_flows")


def _region_inputs(study: Study) -> dict[str, Path]:
    atlas = atlas_inputs("population.parquet", "cities.parquet", "profile.csv", "region_people.csv")
    return atlas | region_inputs(study) | table_inputs(study, "population")


STAGE = Stage(
    "people",
    (
        Step(
            "countries",
            later("homeground.people.steps.countries:countries"),
            (PEOPLE_COUNTRIES,),
            settings=("countries",),
            inputs=_country_inputs,
        ),
        Step(
            "flows",
            later("homeground.people.steps.flows:flows"),
            (FLOWS,),
            settings=("countries",),
            inputs=_flow_inputs,
        ),
        Step(
            "regions",
            later("homeground.people.steps.regions:regions"),
            (regions_of("people"),),
            settings=("countries", "regions", "data.population"),
            needs=("land.regions",),
            inputs=_region_inputs,
        ),
    ),
    later("homeground.people.finding:finding"),
)
