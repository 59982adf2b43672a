# SPDX-License-Identifier: Apache-2.0
"""Maps of the assessment for QGIS: which fields become files, and in which colours (vik: brown is loss, blue gain)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import xarray as xr

from homeground.catalogue.classes import class_legend
from homeground.catalogue.grids.geotiff_maps import write_class_map
from homeground.catalogue.grids.tiles import each_tile
from homeground.land.assessment.choices import productivity_names
from homeground.land.assessment.files import map_names
from homeground.running.steps import Work
from homeground.study.model import Study

TITLES = {
    "productivity": "Land productivity",
    "cover_change": "Change of land cover",
    "carbon_change": "Change of soil organic carbon",
    "degradation": "Land degradation (SDG 15.3.1)",
}


@dataclass(frozen=True)
class ClassMap:
    """One map of classes: file and field are called the same."""

    name: str
    title: str
    legend: str
    shift: int = 0  # added to the codes in the file, which knows no negative ones


def class_maps(study: Study) -> Iterator[ClassMap]:
    """The maps that a study can have, from what it gives."""
    five = len(productivity_names(study)) == 5
    for name in map_names(study):
        what, _, period = name.rpartition("_")
        if name == "status":
            yield ClassMap(name, f"Status of the land in {study.period[1]} against the baseline", name)
        elif name == "response":
            yield ClassMap(name, "Avoid, reduce or reverse", name)
        else:
            first, last = study.baseline if period == "baseline" else study.period
            legend, shift = ("productivity", 0) if what == "productivity" and five else ("degradation", 2)
            yield ClassMap(name, f"{TITLES[what]}, {first}-{last}", legend, shift)


def write_maps(work: Work, store: Path, study: Study) -> None:
    """Write each map of classes with colours and names; maps beside each other, for one map keeps one core busy at most."""
    each_tile(partial(_write, store, work.out / "maps"), list(class_maps(study)))


def _write(store: Path, folder: Path, one: ClassMap) -> None:
    data = xr.open_zarr(store, zarr_format=3, consolidated=False, chunks=None, mask_and_scale=False)
    path = folder / f"{one.name}.tif"
    write_class_map(data[one.name], path, legend=class_legend(one.legend), title=one.title, shift=one.shift)
