# SPDX-License-Identifier: Apache-2.0
"""The land stage: its steps in order. Heavy libraries are imported inside the steps."""

from __future__ import annotations

from homeground.land.assessment import degradation, vegetation
from homeground.land.assessment import periods as assessment
from homeground.land.stage import built, drought, known_series, one_epoch, regions
from homeground.land.stage.fields import atlas_inputs
from homeground.land.stage.finding import finding
from homeground.running.steps import Stage, Step

STAGE = Stage(
    "land",
    (
        Step(
            "climate",
            one_epoch.climate,
            (
                "land.zarr/climate",
                "maps/aridity_class.tif",
                "maps/aridity_class.qml",
                "maps/aridity_class.tif.aux.xml",
                "maps/aridity_index.tif",
                "maps/aridity_index.qml",
            ),
            settings=("countries", "regions", "data.rain", "data.temperature"),
            inputs=atlas_inputs("rain", "temperature", regions=True),
        ),
        Step(
            "cover",
            one_epoch.cover,
            ("land.zarr/cover", "maps/land_cover.tif", "maps/land_cover.qml", "maps/land_cover.tif.aux.xml"),
            settings=("countries", "regions", "data.cover", "data.cover_legend"),
            inputs=atlas_inputs("cover", regions=True),
        ),
        Step(
            "productivity",
            one_epoch.productivity,
            ("land.zarr/productivity", "maps/potential_gap.tif", "maps/potential_gap.qml"),
            settings=("countries", "regions", "data.vegetation_max"),
            needs=("land.climate", "land.cover"),
            inputs=atlas_inputs("vegetation_max", regions=True),
        ),
        Step(
            "series",
            known_series.series,
            ("series.parquet",),
            settings=("countries",),
            inputs=known_series.series_inputs,
        ),
        Step(
            "vegetation",
            vegetation.vegetation,
            vegetation.vegetation_outputs,
            settings=(
                *assessment.SETTINGS,
                *(f"data.{name}" for name in assessment.VEGETATION_LAYERS),
                "land.trend_of",
                "land.sensitivity",
                "land.autocorrelation",
            ),
            inputs=assessment.vegetation_inputs,
        ),
        Step(
            "degradation",
            degradation.degradation,
            degradation.degradation_outputs,
            settings=(
                *assessment.SETTINGS,
                *(f"data.{name}" for name in (*assessment.LAYERS, *degradation.TABLES)),
                "land",
            ),
            needs=("land.vegetation",),
            inputs=degradation.degradation_inputs,
        ),
        Step(
            "built",
            built.built,
            built.built_outputs,
            settings=(*assessment.SETTINGS, "data.city_people", "data.imperviousness", "data.cover_series"),
            needs=("land.degradation",),
            inputs=built.built_inputs,
        ),
        Step(
            "drought",
            drought.drought,
            drought.drought_outputs,
            settings=(
                "countries",
                "regions",
                "baseline",
                "data.regions",
                *(f"data.{name}" for name in drought.LAYERS),
                *(f"land.drought_{name}" for name in ("window", "calibration", "min_years", "zeros")),
            ),
            needs=("land.climate",),
            inputs=drought.drought_inputs,
        ),
        Step(
            "regions",
            regions.regions,
            ("regions/land.parquet", "land_units.parquet", "land_countries.parquet"),
            settings=("countries", "regions", "period"),
            needs=("land.climate", "land.cover", "land.productivity", "land.degradation", "land.drought"),
            inputs=atlas_inputs("cover", regions=True),
        ),
    ),
    finding,
)
