# SPDX-License-Identifier: Apache-2.0
"""Maps of the assessment for QGIS: which fields become files, and in which colours (vik: brown is loss, blue gain)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from homeground.stages import Work
from homeground.study import Study

if TYPE_CHECKING:
    import xarray as xr

THREE = ("#7c1b06", "#ece5e0", "#023175")
FIVE = ("#7c1b06", "#cb835a", "#ecd1c3", "#cfe0e8", "#023175")
SEVEN = ("#7c1b06", "#bd6431", "#d9a486", "#ece5e0", "#87b6cd", "#1c6d9c", "#023175")
RESPONSE = ("#cfe0e8", "#d9a486", "#7c1b06")


@dataclass(frozen=True)
class ClassMap:
    """One map of classes: file and field are called the same."""

    name: str
    title: str
    colours: tuple[str, ...]
    shift: int = 0  # added to the codes in the file, which knows no negative ones


def class_maps(study: Study) -> tuple[ClassMap, ...]:
    """The maps that a study can have, from what it gives."""
    from homeground.land.stage.degradation import productivity_names

    data = study.data
    five = len(productivity_names(study)) == 5
    carbon = data.soil_carbon is not None and data.cover_series is not None
    vegetation = data.ndvi is not None or (data.productivity_baseline and data.productivity_period)
    found: list[ClassMap] = []
    for period, (first, last) in (("baseline", study.baseline), ("period", study.period)):
        years = f"{first}-{last}"
        if data.ndvi is not None or getattr(data, f"productivity_{period}") is not None:
            colours, shift = (FIVE, 0) if five else (THREE, 2)
            found.append(ClassMap(f"productivity_{period}", f"Land productivity, {years}", colours, shift))
        if data.cover_series is not None:
            found.append(ClassMap(f"cover_change_{period}", f"Change of land cover, {years}", THREE, 2))
        if carbon:
            found.append(ClassMap(f"carbon_change_{period}", f"Change of soil organic carbon, {years}", THREE, 2))
        if vegetation and carbon:
            found.append(ClassMap(f"degradation_{period}", f"Land degradation (SDG 15.3.1), {years}", THREE, 2))
    if vegetation and carbon:
        found.append(ClassMap("status", f"Status of the land in {study.period[1]} against the baseline", SEVEN))
        found.append(ClassMap("response", "Avoid, reduce or reverse", RESPONSE))
    return tuple(found)


def map_files(study: Study) -> tuple[str, ...]:
    """Paths of the maps in the results folder, with their styles."""
    names = [one.name for one in class_maps(study)]
    endings = (".tif", ".qml", ".tif.aux.xml")
    return tuple(f"maps/{name}{ending}" for name in names for ending in endings)


def write_maps(work: Work, store: Path, study: Study) -> None:
    """Write each map of classes with colours and names."""
    import xarray as xr

    from homeground.catalogue.rasters import write_class_map

    data = xr.open_zarr(store, zarr_format=3, consolidated=False, chunks=None, mask_and_scale=False)
    for one in class_maps(study):
        field = data[one.name]
        legend = {code: (name, colour) for (code, name), colour in zip(_names(field).items(), one.colours, strict=True)}
        write_class_map(field, work.out / "maps" / f"{one.name}.tif", legend=legend, title=one.title, shift=one.shift)


def _names(field: xr.DataArray) -> dict[int, str]:
    words = [word.replace("_", " ") for word in str(field.attrs["flag_meanings"]).split()]
    return dict(zip((int(code) for code in field.attrs["flag_values"]), words, strict=True))
