# SPDX-License-Identifier: Apache-2.0
"""The land stage: its steps in order."""

from __future__ import annotations

from homeground.catalogue.inputs import map_inputs
from homeground.land.against import files as against_files
from homeground.land.assessment import files as walks
from homeground.land.noise import files as noise_files
from homeground.land.reference import files as reference_files
from homeground.land.stage import files
from homeground.running.later import later
from homeground.running.steps import Stage, Step
from homeground.running.tables import COUNTRY_CLIMATE, LAND_COUNTRIES, LAND_UNITS, SERIES, regions_of

STAGE = Stage(
    "land",
    (
        Step(
            "climate",
            later("homeground.land.stage.one_epoch:climate"),
            (
                "land.zarr/climate",
                "maps/aridity_class.tif",
                "maps/aridity_class.qml",
                "maps/aridity_class.tif.aux.xml",
                "maps/aridity_index.tif",
                "maps/aridity_index.qml",
            ),
            settings=(
                *("countries", "regions", "data.rain", "data.temperature"),
                *("data.rain_series", "data.temperature_series"),
            ),
            inputs=map_inputs("rain", "temperature", regions=True),
        ),
        Step(
            "cover",
            later("homeground.land.stage.one_epoch:cover"),
            ("land.zarr/cover", "maps/land_cover.tif", "maps/land_cover.qml", "maps/land_cover.tif.aux.xml"),
            settings=("countries", "regions", "data.cover", "data.cover_legend", "data.cover_series"),
            inputs=map_inputs("cover", regions=True),
        ),
        Step(
            "productivity",
            later("homeground.land.stage.one_epoch:productivity"),
            ("land.zarr/productivity", "maps/potential_gap.tif", "maps/potential_gap.qml"),
            settings=("countries", "regions", "data.vegetation_max"),
            needs=("land.climate", "land.cover"),
            inputs=map_inputs("vegetation_max", regions=True),
        ),
        Step(
            "series",
            later("homeground.land.stage.known_series:series"),
            (SERIES,),
            settings=("countries",),
            inputs=files.series_inputs,
        ),
        Step(
            "national",
            later("homeground.land.stage.national:national"),
            (COUNTRY_CLIMATE,),
            settings=("countries",),
            inputs=files.national_inputs,
        ),
        Step(
            "vegetation",
            later("homeground.land.assessment.vegetation:vegetation"),
            walks.vegetation_outputs,
            settings=(
                *walks.SETTINGS,
                *(f"data.{name}" for name in walks.VEGETATION_LAYERS),
                "land.trend_of",
                "land.growing_season",
                "land.sensitivity",
                "land.autocorrelation",
            ),
            inputs=walks.vegetation_inputs,
        ),
        Step(
            "degradation",
            later("homeground.land.assessment.degradation:degradation"),
            walks.degradation_outputs,
            settings=(
                *walks.SETTINGS,
                *(f"data.{name}" for name in (*walks.LAYERS, *walks.TABLES_GIVEN)),
                "land",
            ),
            needs=("land.vegetation",),
            inputs=walks.degradation_inputs,
        ),
        Step(
            "noise",
            later("homeground.land.noise.step:noise"),
            noise_files.noise_outputs,
            settings=(
                *walks.SETTINGS,
                *(f"data.{name}" for name in (*walks.LAYERS, *walks.TABLES_GIVEN)),
                "land",
            ),
            needs=("land.vegetation", "land.degradation"),
            inputs=noise_files.noise_inputs,
        ),
        Step(
            "reference",
            later("homeground.land.reference.step:reference"),
            reference_files.reference_outputs,
            settings=("countries", "regions", "period", "data.regions", "data.reference_plots"),
            needs=("land.degradation",),
            inputs=reference_files.reference_inputs,
        ),
        Step(
            "against",
            later("homeground.land.against.step:against"),
            against_files.against_outputs,
            settings=(*walks.SETTINGS, "data.trends_earth", "data.matrix"),
            needs=("land.degradation",),
            inputs=against_files.against_inputs,
        ),
        Step(
            "built",
            later("homeground.land.stage.built:built"),
            files.built_outputs,
            settings=(
                *walks.SETTINGS,
                "data.city_people",
                "data.population",
                "data.imperviousness",
                "data.cover_series",
            ),
            needs=("land.degradation",),
            inputs=files.built_inputs,
        ),
        Step(
            "drought",
            later("homeground.land.stage.drought:drought"),
            files.drought_outputs,
            settings=(
                "countries",
                "regions",
                "baseline",
                "data.regions",
                *(f"data.{name}" for name in files.DROUGHT_LAYERS),
                *(f"land.drought_{name}" for name in ("window", "month", "calibration", "min_years", "zeros")),
            ),
            needs=("land.climate",),
            inputs=files.drought_inputs,
        ),
        Step(
            "people",
            later("homeground.land.stage.people:people"),
            files.people_outputs,
            settings=(*walks.SETTINGS, "data.population_grid", "data.rain_series"),
            needs=("land.degradation", "land.drought"),
            inputs=files.people_inputs,
        ),
        Step(
            "regions",
            later("homeground.land.stage.regions:regions"),
            (regions_of("land"), LAND_UNITS, LAND_COUNTRIES),
            settings=("countries", "regions", "period", "data.cover_series", "data.degraded_register"),
            needs=("land.climate", "land.cover", "land.productivity", "land.degradation", "land.noise", "land.drought"),
            inputs=files.region_step_inputs,
        ),
    ),
    later("homeground.land.stage.finding:finding"),
)
