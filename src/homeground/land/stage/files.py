# SPDX-License-Identifier: Apache-2.0
"""What the steps of the land read and write, by name, beside the two walks of the assessment; no file is opened here."""

from __future__ import annotations

from pathlib import Path

from homeground.catalogue.inputs import atlas_inputs, figure_inputs, layer_inputs, map_inputs, region_inputs
from homeground.land.assessment.files import map_names
from homeground.running.tables import (
    DROUGHT,
    DROUGHT_ALIGNMENT,
    DROUGHT_EVENTS,
    DROUGHT_FACTS,
    DROUGHT_PEOPLE,
    DROUGHT_PERIODS,
    LAND_CONSUMPTION,
    LAND_PEOPLE,
    SOIL_SEALING,
)
from homeground.study.model import Study

# The two real series in time among the published figures: table and name.
NATIONAL = "country_climate"
KNOWN_SERIES = (("horn_rain", "rain, November and December"), ("bale_ndvi", "NDVI, yearly mean"))

CONSUMPTION = LAND_CONSUMPTION
SEALING = SOIL_SEALING

DROUGHT_STORE = "land.zarr/drought"
DROUGHT_LAYERS = ("rain_series", "pet_series", "temperature_series", "tmin_series", "tmax_series")
DROUGHT_TABLES = (DROUGHT, DROUGHT_PERIODS, DROUGHT_EVENTS, DROUGHT_ALIGNMENT)


def series_inputs(_: Study) -> dict[str, Path]:
    """Files that the step series reads."""
    return figure_inputs(*(table for table, _ in KNOWN_SERIES))


def national_inputs(_: Study) -> dict[str, Path]:
    """Files that the step national reads."""
    return figure_inputs(NATIONAL)


def region_step_inputs(study: Study) -> dict[str, Path]:
    """Files that the step regions reads beside the stores of the steps before it."""
    register = study.input("degraded_register")
    own = {} if register is None else {f"degraded_register: {register.name}": register}
    published = atlas_inputs("profile.csv") if study.input("regions") is None else {}
    return map_inputs("cover", regions=True)(study) | published | own


def built_inputs(study: Study) -> dict[str, Path]:
    """Files that the step built reads beside the table of the assessment."""
    people, census = study.input("city_people"), study.input("population")
    own = {} if people is None else {f"city_people: {people.name}": people}
    own |= {f"population: {census.name}": census} if own and census is not None else {}
    layers = layer_inputs(study, "imperviousness")
    return region_inputs(study) | own | layers if own or layers else {}


def built_outputs(study: Study) -> tuple[str, ...]:
    """Paths of the step built: what can be had from what is given."""
    consumption = study.input("city_people") is not None and study.layer("cover_series") is not None
    sealing = study.layer("imperviousness") is not None
    return (*((CONSUMPTION,) if consumption else ()), *((SEALING,) if sealing else ()))


def people_inputs(study: Study) -> dict[str, Path]:
    """Files that the step people reads beside the stores of the assessment and the droughts."""
    return region_inputs(study) | layer_inputs(study, "population_grid") if people_outputs(study) else {}


def people_outputs(study: Study) -> tuple[str, ...]:
    """Paths of the step people: on what a population grid can be laid."""
    if study.layer("population_grid") is None:
        return ()
    judged = "status" in map_names(study)
    dry = study.layer("rain_series") is not None
    return (*((LAND_PEOPLE,) if judged else ()), *((DROUGHT_PEOPLE,) if dry else ()))


def drought_inputs(study: Study) -> dict[str, Path]:
    """Files that the step drought reads."""
    return {} if study.layer("rain_series") is None else region_inputs(study) | layer_inputs(study, *DROUGHT_LAYERS)


def drought_outputs(study: Study) -> tuple[str, ...]:
    """Paths of the step drought; none without a series of rain."""
    if study.layer("rain_series") is None:
        return ()
    maps = tuple(f"maps/drought_worst{ending}" for ending in (".tif", ".qml", ".tif.aux.xml"))
    return (DROUGHT_STORE, DROUGHT_FACTS, *DROUGHT_TABLES, *maps)
