# SPDX-License-Identifier: Apache-2.0
"""Maps of the assessment for QGIS: which fields become files, and in which colours (vik: brown is loss, blue gain)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from homeground.running.steps import Work
from homeground.study.model import Study


@dataclass(frozen=True)
class ClassMap:
    """One map of classes: file and field are called the same."""

    name: str
    title: str
    legend: str
    shift: int = 0  # added to the codes in the file, which knows no negative ones


def carbon_given(study: Study) -> bool:
    """Whether soil carbon can be followed: a stock with climate zones or a factor, or stocks of several years."""
    data = study.data
    if data.soil_carbon is None or data.cover_series is None:
        return False
    years = data.soil_carbon.first is not None or len(study.layer_files("soil_carbon")) > 1
    return data.climate_zone is not None or study.land.cropland_factor is not None or years


def class_maps(study: Study) -> tuple[ClassMap, ...]:
    """The maps that a study can have, from what it gives."""
    from homeground.land.assessment.choices import productivity_names

    data = study.data
    five = len(productivity_names(study)) == 5
    carbon = carbon_given(study)
    vegetation = data.ndvi is not None or (data.productivity_baseline and data.productivity_period)
    found: list[ClassMap] = []
    for period, (first, last) in (("baseline", study.baseline), ("period", study.period)):
        years = f"{first}-{last}"
        if data.ndvi is not None or getattr(data, f"productivity_{period}") is not None:
            legend, shift = ("productivity", 0) if five else ("degradation", 2)
            found.append(ClassMap(f"productivity_{period}", f"Land productivity, {years}", legend, shift))
        if data.cover_series is not None:
            found.append(ClassMap(f"cover_change_{period}", f"Change of land cover, {years}", "degradation", 2))
        if carbon:
            found.append(
                ClassMap(f"carbon_change_{period}", f"Change of soil organic carbon, {years}", "degradation", 2)
            )
        if vegetation and carbon:
            found.append(ClassMap(f"degradation_{period}", f"Land degradation (SDG 15.3.1), {years}", "degradation", 2))
    if vegetation and carbon:
        found.append(ClassMap("status", f"Status of the land in {study.period[1]} against the baseline", "status"))
        found.append(ClassMap("response", "Avoid, reduce or reverse", "response"))
    return tuple(found)


def map_files(study: Study) -> tuple[str, ...]:
    """Paths of the maps in the results folder, with their styles."""
    names = [one.name for one in class_maps(study)]
    endings = (".tif", ".qml", ".tif.aux.xml")
    return tuple(f"maps/{name}{ending}" for name in names for ending in endings)


def write_maps(work: Work, store: Path, study: Study) -> None:
    """Write each map of classes with colours and names."""
    import xarray as xr

    from homeground.catalogue.classes import class_legend
    from homeground.catalogue.grids.geotiff_maps import write_class_map

    data = xr.open_zarr(store, zarr_format=3, consolidated=False, chunks=None, mask_and_scale=False)
    for one in class_maps(study):
        path = work.out / "maps" / f"{one.name}.tif"
        write_class_map(data[one.name], path, legend=class_legend(one.legend), title=one.title, shift=one.shift)
