# SPDX-License-Identifier: Apache-2.0
"""Steps on maps of one epoch: climate and aridity, land cover, and the potential gap of vegetation."""

from __future__ import annotations

import numpy as np
import xarray as xr

from homeground.catalogue.classes import MISSING, class_legend
from homeground.catalogue.grids.geotiff_maps import write_class_map, write_value_map
from homeground.catalogue.grids.grid import cell_areas
from homeground.land.climate.aridity import ARIDITY_CLASSES, aridity_class, aridity_index, pet_thornthwaite
from homeground.land.cover.land_cover import to_unccd
from homeground.land.productivity.performance import potential_gap
from homeground.land.stage.fields import open_fields, read_layer, save_fields, study_grid
from homeground.land.stage.from_series import newest_cover, series_for
from homeground.language.messages import Saying, Word
from homeground.numbers.fact import Amount
from homeground.running.steps import Work

RAIN_SPREAD = 0.10  # chosen range of the sensitivity, not an error estimate
PERCENTILES = (85, 90, 95)
NORMAL = 30  # years of a climatological normal, WMO-No. 1203

# From dry to wet: batlow at five places.
ARIDITY_COLOURS = ("#f9ccf9", "#eea78b", "#a29137", "#3b6c55", "#011959")


def climate(work: Work) -> None:
    """Rain, temperature, PET, aridity index with its sensitivity range, and aridity class on the study's grid."""
    grid = study_grid(work.study)
    rain = read_layer(work.study, "rain", grid, method="linear")
    temperature = read_layer(work.study, "temperature", grid, method="linear")
    pet = pet_thornthwaite(temperature, hot="willmott")
    index = aridity_index(rain, pet)
    plain = aridity_index(rain, pet_thornthwaite(temperature, hot="thornthwaite"))
    low = plain.where(plain < index, index) * (1 - RAIN_SPREAD)
    high = plain.where(plain > index, index) * (1 + RAIN_SPREAD)
    classes = aridity_class(index)
    save_fields(
        work,
        "climate",
        rain=rain.sum("month", min_count=12).astype("float32").assign_attrs(units="mm/year", long_name="rain"),
        temperature=temperature.mean("month", skipna=False).astype("float32").assign_attrs(units="degC"),
        pet=pet.sum("month", min_count=12).astype("float32").assign_attrs(units="mm/year"),
        aridity_index=index.astype("float32"),
        aridity_index_low=low.astype("float32").assign_attrs(units="1"),
        aridity_index_high=high.astype("float32").assign_attrs(units="1"),
        aridity_class=classes,
    )
    legend = {i: (name, ARIDITY_COLOURS[i]) for i, (name, _, _) in enumerate(ARIDITY_CLASSES)}
    maps = work.out / "maps"
    write_class_map(classes, maps / "aridity_class.tif", legend=legend, title="Aridity class (UNEP 1997)")
    write_value_map(
        index, maps / "aridity_index.tif", colours=list(ARIDITY_COLOURS), limits=(0.0, 0.8), title="Aridity index"
    )
    work.warn(Saying("warning.thornthwaite"))
    own = {name: series_for(work.study, name) for name in ("rain", "temperature")}
    for series in own.values():
        if series is not None:
            years = series.calendar_years
            words: dict[str, Word] = {
                "layer": series.name,
                "n": len(years),
                "first": str(years[0]),
                "last": str(years[-1]),
                "normal": NORMAL,
            }
            work.warn(Saying("warning.mean_of_series", words))
    if work.study.input("rain") is None and own["rain"] is None:
        work.warn(Saying("warning.rain_years", {"source": "ITU-R P.837-7"}))


def cover(work: Work) -> None:
    """Seven-class land cover of the Convention on the study's grid."""
    source = read_layer(work.study, "cover", study_grid(work.study), method="nearest")
    classes = to_unccd(source, work.study.data.cover_legend)
    if (series := series_for(work.study, "cover")) is not None:
        own = newest_cover(work.study, series, study_grid(work.study))
        classes = own.where(own != MISSING, classes).astype("int8").assign_attrs(classes.attrs)
    save_fields(work, "cover", cover=classes)
    write_class_map(
        classes, work.out / "maps" / "land_cover.tif", legend=class_legend("cover"), title="Land cover, seven classes"
    )
    if work.study.input("cover") is None and series is None:
        work.warn(Saying("warning.cover_coarse", {"step": Amount(0.05, "1", 2), "km": 5}))


def productivity(work: Work) -> None:
    """Vegetation against the 90th percentile of its aridity and cover stratum, with 85th and 95th as a range."""
    aridity = open_fields(work, "climate")["aridity_class"]
    cover = open_fields(work, "cover")["cover"]
    vegetation = read_layer(work.study, "vegetation_max", study_grid(work.study), method="nearest")
    # Water and artificial surfaces have no potential to compare with; hyper-arid sand has next to no plants.
    comparable = (aridity >= 0) & cover.isin([1, 2, 3, 4, 6])
    stratum = (aridity.astype("int16") * 10 + cover).where(comparable, -128).astype("int16")
    areas = xr.DataArray(np.broadcast_to(cell_areas(vegetation)[:, None], vegetation.shape), vegetation.coords)
    gaps = {p: 100 * potential_gap(vegetation, stratum, percentile=p, weights=areas) for p in PERCENTILES}
    low, middle, high = (gaps[p].astype("float32").assign_attrs(units="%") for p in PERCENTILES)
    save_fields(work, "productivity", potential_gap=middle, potential_gap_low=low, potential_gap_high=high)
    write_value_map(
        middle,
        work.out / "maps" / "potential_gap.tif",
        colours=["#ffffcc", "#e0b45c", "#c5684a", "#6b3a35", "#191900"],
        limits=(0, 80),
        title="Potential gap of vegetation (%): one epoch, not degradation",
    )
    work.warn(Saying("warning.gap"))
