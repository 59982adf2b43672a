# SPDX-License-Identifier: Apache-2.0
"""Area-weighted statistics by region, and planning units."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import scipy.sparse as sp
import xarray as xr
from numpy.typing import NDArray

from homeground.catalogue import atlas
from homeground.catalogue.classes import MISSING
from homeground.catalogue.grids.grid import grid_step
from homeground.catalogue.grids.zonal import coverage, zonal_class_area, zonal_mean
from homeground.catalogue.regions import load_regions, reconcile_areas, study_regions
from homeground.land.assessment.choices import productivity_names
from homeground.land.assessment.files import DEGRADATION_STORE, assessed
from homeground.land.assessment.matrices import polygons_of, read_register
from homeground.land.climate.aridity import ARIDITY_CLASSES, aridity_class
from homeground.land.cover.land_cover import UNCCD_CLASSES, to_unccd
from homeground.land.noise.columns import noise_columns
from homeground.land.stage.drought import region_shares
from homeground.land.stage.fields import open_fields
from homeground.land.stage.units import land_units
from homeground.language.messages import Saying
from homeground.numbers.fact import Amount
from homeground.running.steps import Work
from homeground.running.tables import (
    DEGRADATION,
    DEGRADATION_FACTS,
    LAND_COUNTRIES,
    LAND_STATUS,
    LAND_UNITS,
    regions_of,
)
from homeground.study.model import Study

DUST = 1e-9  # of a region; two sums of floats differ by as much
APART = 2.0  # per cent; where published areas differ by more, both are told


def regions(work: Work) -> None:
    """Area-weighted statistics by region, and areas by region, aridity class and cover class."""
    regions = study_regions(work.study)
    climate, cover, gap = (
        open_fields(work, "climate"),
        open_fields(work, "cover")["cover"],
        open_fields(work, "productivity"),
    )
    weights = cells_of(regions, climate["rain"])
    area = np.asarray(weights.sum(axis=1)).ravel()[:, None]
    table = pd.DataFrame({"region_id": regions["region_id"]})
    for column, field in (("rain_mm", "rain"), ("temperature_c", "temperature"), ("pet_mm", "pet")):
        table[f"land_{column}"] = zonal_mean(weights, climate[field])
    for column in ("aridity_index", "aridity_index_low", "aridity_index_high"):
        table[f"land_{column}"] = zonal_mean(weights, climate[column])
    names = [name.replace("-", "").replace(" ", "") for name, _, _ in ARIDITY_CLASSES]
    shares = 100 * zonal_class_area(weights, climate["aridity_class"], list(range(len(names)))) / area
    for i, name in enumerate(names):
        table[f"land_share_{name}"] = shares[:, i]
    table["land_share_dryland"] = shares[:, 1:4].sum(axis=1)
    for end in ("low", "high"):
        dry = aridity_class(climate[f"aridity_index_{end}"]).isin((1, 2, 3)).astype("int8")
        table[f"land_share_dryland_{end}"] = 100 * zonal_class_area(weights, dry, [1])[:, 0] / area[:, 0]
    # Wetter or drier readings can move land in or out at both limits, so the range is sorted.
    ends = ["land_share_dryland", "land_share_dryland_low", "land_share_dryland_high"]
    table["land_share_dryland_low"], table["land_share_dryland_high"] = table[ends].min(axis=1), table[ends].max(axis=1)
    cover_shares = 100 * zonal_class_area(weights, cover, list(UNCCD_CLASSES)) / area
    for i, name in enumerate((*(n.split()[0].split("-")[0].lower() for n in UNCCD_CLASSES.values()), "nodata")):
        table[f"land_share_{name}"] = cover_shares[:, i]
    for column in ("potential_gap", "potential_gap_low", "potential_gap_high"):
        table[f"land_{column}"] = zonal_mean(weights, gap[column])
    for name, values in assessed_columns(work.results, work.study, regions["region_id"]).items():
        table[f"land_{name}"] = values
    (work.out / "regions").mkdir()
    table.to_parquet(work.out / regions_of("land"))
    units = _units(work, regions, climate, cover, gap)
    _warn_of_unknown(work, units)
    _warn_of_areas(work, regions)
    units.to_parquet(work.out / LAND_UNITS)
    _countries(work, units).to_parquet(work.out / LAND_COUNTRIES)


def cells_of(regions: pd.DataFrame, grid: xr.DataArray) -> sp.csr_array:
    """The part of each cell that lies in each region, in km2, such that a region's cells add up to its own area.

    Cells and polygon differ by rounding and by how borders bend; the polygon's area is the one number for a region.

    Parameters
    ----------
    regions : GeoDataFrame
        Of `homeground.catalogue.regions.study_regions`.
    grid : DataArray
        Any field on the grid.

    Returns
    -------
    sparse array, regions x cells, km2
        A region without any cell has an empty row.

    Raises
    ------
    DataError
        Cells and polygons differ by more than `reconcile_areas` allows.
    """
    weights = sp.csr_array(coverage(regions, grid))
    counted = np.asarray(weights.sum(axis=1)).ravel()
    reconcile_areas(regions, counted, grid_step(grid))
    own = regions["area_km2"].to_numpy("float64")
    factor = np.divide(own, counted, out=np.ones_like(own), where=counted > 0)
    return sp.csr_array(sp.diags_array(factor) @ weights)


def assessed_columns(results: Path, study: Study, region_ids: pd.Series[str]) -> dict[str, NDArray[Any]]:
    """Columns that need the user's series, in % of the land that has a verdict; only those that can be had."""
    found: dict[str, NDArray[Any]] = {}
    if assessed(study):
        facts = json.loads((results / DEGRADATION_FACTS).read_text("utf-8"))
        areas = pd.read_parquet(results / DEGRADATION).query("water == 0")
        now = areas[areas["period"] == "period"]

        def km2(rows: pd.DataFrame) -> pd.Series[float]:
            return rows.groupby("region_id")["area_km2"].sum().reindex(region_ids).fillna(0.0)

        def share(rows: pd.DataFrame, of: pd.DataFrame) -> NDArray[Any]:
            known = km2(of)
            return (100 * km2(rows) / known.where(known > 0)).to_numpy("float64")

        classed = now[now["productivity"] != MISSING]
        if len(classed):
            declining = (1, 2) if len(productivity_names(study)) == 5 else (-1,)
            found["productivity_declining"] = share(classed[classed["productivity"].isin(declining)], classed)
        if "regions" in facts:
            status = pd.read_parquet(results / LAND_STATUS)
            judged = status[status["status"] != MISSING]
            ends = pd.DataFrame(facts["regions"]).set_index("region_id").reindex(region_ids)
            found["degraded"] = ends["degraded"].to_numpy("float64")
            if "low" in ends:
                found["degraded_low"] = ends["low"].to_numpy("float64")
                found["degraded_high"] = ends["high"].to_numpy("float64")
            found["degraded_baseline"] = share(judged[judged["baseline"] == -1], judged)
            found["improved"] = share(judged[judged["status"] >= 5], judged)
            unknown = 1 - km2(judged) / km2(now).where(km2(now) > 0)
            found["no_verdict"] = (100 * unknown.mask(unknown < DUST, 0.0)).to_numpy("float64")
            found |= noise_columns(results, study, region_ids)
    return found | region_shares(results, study, region_ids)


def _warn_of_unknown(work: Work, units: pd.DataFrame) -> None:
    """Land without an aridity class counts in no share, so the classes of such a region add up to less than all."""
    unknown = units[units["aridity_class"] < 0]
    if unknown.empty:
        return
    km2, where = float(unknown["area_km2"].sum()), ", ".join(sorted(unknown["region_id"].unique())[:8])
    share = Amount(100 * km2 / float(units["area_km2"].sum()), "%", 2)
    area = Amount(km2, "km2", kind="modelled")
    work.warn(Saying("warning.aridity_unknown", {"area": area, "share": share, "where": where}))


def _warn_of_areas(work: Work, regions: gpd.GeoDataFrame) -> None:
    """Countries whose polygons are larger or smaller than their published area: of the atlas, for one's own may be a part."""
    if work.study.input("regions") is not None:
        return
    published = atlas.profile(work.study.countries).query("indicator == 'area_total'").set_index("iso3")["value"]
    drawn = regions.groupby("iso3")["area_km2"].sum()
    off = (100 * (drawn / published.where(published > 0) - 1)).dropna()
    parts: list[str | Saying] = []
    for iso3, percent in off[off.abs() > APART].items():
        areas = {"drawn": Amount(float(drawn[iso3]), "km2"), "official": Amount(float(published[iso3]), "km2")}
        share = Amount(abs(float(percent)), "%", 1)
        which = "more" if percent > 0 else "less"
        parts.append(Saying(f"warning.area_apart.{which}", {"country": str(iso3), "share": share, **areas}))
    if parts:
        work.warn(Saying("warning.area_apart", {"parts": parts}))


def _countries(work: Work, units: pd.DataFrame) -> pd.DataFrame:
    """Area by cover class of whole countries: a user's polygons may be a part of one only."""
    if work.study.input("regions") is None:
        return units.groupby(["iso3", "cover_class"], as_index=False)[["area_km2"]].sum()
    whole = load_regions(work.study.countries)
    cover = to_unccd(atlas.layer("cover", whole.total_bounds), "igbp")
    codes = list(UNCCD_CLASSES)
    areas = zonal_class_area(cells_of(whole, cover), cover, codes)
    table = pd.DataFrame(areas, columns=[*codes, MISSING]).assign(iso3=whole["iso3"])
    table = table.melt("iso3", var_name="cover_class", value_name="area_km2").astype({"cover_class": "int64"})
    return table.groupby(["iso3", "cover_class"], as_index=False)[["area_km2"]].sum()


def _units(
    work: Work, regions: gpd.GeoDataFrame, climate: xr.Dataset, cover: xr.DataArray, gap: xr.Dataset
) -> pd.DataFrame:
    """Planning units, of the cells of SDG 15.3.1 where the study gives series."""
    study, maps = work.study, climate[["aridity_class", "aridity_index"]]
    maps = maps.assign(cover_class=cover, rain_mm=climate["rain"], potential_gap=gap["potential_gap"])
    register = polygons_of(study, "degraded_register", read_register)
    if not assessed(study):
        return land_units(regions, maps, register=register)
    years = json.loads((work.results / DEGRADATION_FACTS).read_text("utf-8"))["cover"]
    newest = f"cover_{study.period[1]}" if years and study.layer("cover_series") is not None else ""
    return land_units(regions, maps, assessment=work.results / DEGRADATION_STORE, cover=newest, register=register)
