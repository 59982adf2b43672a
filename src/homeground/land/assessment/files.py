# SPDX-License-Identifier: Apache-2.0
"""What the two walks of the assessment read and write, by name, and what of it a study gives; no file is opened here."""

from __future__ import annotations

from pathlib import Path

from homeground.catalogue.inputs import atlas_inputs, layer_inputs, region_inputs
from homeground.running.tables import (
    ALIGNMENT,
    CARBON_STOCKS,
    DEGRADATION,
    DEGRADATION_FACTS,
    HOTSPOTS,
    LAND_CHANGES,
    LAND_CORRECTIONS,
    LAND_REPORTS,
    LAND_STATUS,
    LAND_TAKE,
    LDN_BALANCE,
    PROFILE_DIFFERENCE,
    SENSITIVITY,
    TORNADO,
    VEGETATION_FACTS,
    VEGETATION_POTENTIALS,
)
from homeground.study.model import Study

SETTINGS = ("countries", "regions", "baseline", "period", "land.grid", "land.reporting", "data.regions")
VEGETATION_LAYERS = ("ndvi", "rain_series", "et_series", "cover_series", "soil_type")
PRODUCTIVITY_LAYERS = ("productivity_baseline", "productivity_period")
LAYERS = (*VEGETATION_LAYERS, *PRODUCTIVITY_LAYERS, "soil_carbon", "climate_zone")
TABLES_GIVEN = ("matrix", "matrix_zones", "error_polygons", "abandonment_confirmed")

VEGETATION_STORE = "land.zarr/vegetation"
POTENTIALS = VEGETATION_POTENTIALS
DEGRADATION_STORE = "land.zarr/degradation"
TABLES_OUT = (
    DEGRADATION,
    LAND_CHANGES,
    LAND_STATUS,
    LDN_BALANCE,
    CARBON_STOCKS,
    PROFILE_DIFFERENCE,
    SENSITIVITY,
    TORNADO,
    LAND_CORRECTIONS,
    LAND_TAKE,
    ALIGNMENT,
)


def assessed(study: Study) -> bool:
    """Whether the study gives a series in time from which the land can be judged at all."""
    return reference_layer(study) is not None


def reference_layer(study: Study) -> str | None:
    """The layer whose grid is that of the assessment: the vegetation index, else another tool's classes, else cover."""
    names = ("ndvi", *PRODUCTIVITY_LAYERS, "cover_series")
    return next((name for name in names if study.layer(name) is not None), None)


def vegetation_inputs(study: Study) -> dict[str, Path]:
    """Files that the step vegetation reads."""
    if study.layer("ndvi") is None:
        return {}
    calendar = atlas_inputs("growing_season.tif") if isinstance(study.land.growing_season, str) else {}
    return region_inputs(study) | layer_inputs(study, *VEGETATION_LAYERS) | calendar


def vegetation_outputs(study: Study) -> tuple[str, ...]:
    """Paths of the step; none without a vegetation index."""
    return (VEGETATION_STORE, VEGETATION_FACTS, POTENTIALS) if study.layer("ndvi") is not None else ()


def degradation_inputs(study: Study) -> dict[str, Path]:
    """Files that the step reads."""
    if not assessed(study):
        return {}
    tables = {f"{name}: {path.name}": path for name in TABLES_GIVEN if (path := study.input(name)) is not None}
    calendar = vegetation_inputs(study) if study.layer("ndvi") is not None else {}
    return region_inputs(study) | layer_inputs(study, *LAYERS) | tables | calendar


def degradation_outputs(study: Study) -> tuple[str, ...]:
    """Paths of the step; none where nothing is given to assess."""
    if not assessed(study):
        return ()
    reports = (LAND_REPORTS,) if study.reports else ()
    return (DEGRADATION_STORE, DEGRADATION_FACTS, *TABLES_OUT, *reports, HOTSPOTS, *map_files(study))


def carbon_given(study: Study) -> bool:
    """Whether soil carbon can be followed: a stock with climate zones or a factor, or stocks of several years."""
    data = study.data
    if data.soil_carbon is None or data.cover_series is None:
        return False
    years = data.soil_carbon.first is not None or len(study.layer_files("soil_carbon")) > 1
    return data.climate_zone is not None or study.land.cropland_factor is not None or years


def map_names(study: Study) -> tuple[str, ...]:
    """The maps of classes that a study can have, from what it gives; file and field are called so."""
    data, carbon = study.data, carbon_given(study)
    vegetation = data.ndvi is not None or (data.productivity_baseline and data.productivity_period)
    found: list[str] = []
    for period in ("baseline", "period"):
        if data.ndvi is not None or getattr(data, f"productivity_{period}") is not None:
            found.append(f"productivity_{period}")
        if data.cover_series is not None:
            found.append(f"cover_change_{period}")
        if carbon:
            found.append(f"carbon_change_{period}")
        if vegetation and carbon:
            found.append(f"degradation_{period}")
    return (*found, "status", "response") if vegetation and carbon else tuple(found)


def map_files(study: Study) -> tuple[str, ...]:
    """Paths of the maps in the results folder, with their styles."""
    endings = (".tif", ".qml", ".tif.aux.xml")
    return tuple(f"maps/{name}{ending}" for name in map_names(study) for ending in endings)
