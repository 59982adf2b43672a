# SPDX-License-Identifier: Apache-2.0
"""Land: two real series in time, aggregated here from the grids."""

from __future__ import annotations

import warnings
from importlib import import_module
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import xarray as xr

from homeground.catalogue.grids.zonal import coverage, zonal_mean
from homeground.catalogue.regions import ellipsoid_area
from homeground.land.climate.aridity import pet_thornthwaite
from homeground.land.drought.spi_spei import spei, spi

HORN = ["ETH", "SOM", "DJI", "ERI"]
NDVI_YEARS = range(1982, 2016)


def horn_rain(shared: Path, regions: gpd.GeoDataFrame) -> pd.DataFrame:
    """Rain of November and December by region, mm, as mean over the area of the region that the grid covers.

    The manual of the R package SeaVal says mm/day for this object; its numbers are mm per month (maximum 946, Nairobi
    143 in November), as in the CHIRPS monthly files they come from.
    """
    cells = _read_rda(shared / "land/misc/chirps_horn_of_africa_nov_dec.rda")
    two_months = cells.groupby(["lat", "lon", "year"])["prec"].agg(["sum", "size"])
    if not (two_months["size"] == 2).all():
        raise SystemExit("A cell of the rain grid lacks November or December.")
    # The longitudes and latitudes of the file are the middles of its cells of half a degree; the sea has no cells.
    rain = two_months["sum"].rename_axis(["latitude", "longitude", "year"]).to_xarray()
    rain = rain.sortby("latitude", ascending=False).transpose("year", "latitude", "longitude")

    regions = regions[regions["iso3"].isin(HORN)].sort_values("region_id").reset_index(drop=True)
    area = coverage(regions, rain)
    known = area @ rain.isel(year=0).notnull().to_numpy().ravel().astype(float)
    share = known / np.asarray(area.sum(axis=1)).ravel()
    parts = [
        pd.DataFrame({
            "iso3": regions["iso3"],
            "place": regions["region_id"],
            "year": int(year),
            "value": zonal_mean(area, rain.sel(year=year)).round(1),
            "note": [f"grid covers {part:.0%} of the area" if part < 0.99 else "" for part in share],
        })
        for year in rain["year"].values
    ]  # fmt: skip
    return pd.concat(parts, ignore_index=True).assign(
        indicator="rain_november_december", unit="mm", source="UCSB CHIRPS 2.0", licence="public domain",
        kind="observed",
    )  # fmt: skip


def _read_rda(path: Path) -> pd.DataFrame:
    rdata = import_module("rdata")  # needed by this tool only; it is not a dependency of the product

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # an R data.table is read as the data.frame that it also is
        table = next(iter(rdata.read_rda(str(path)).values()))
    if not isinstance(table, pd.DataFrame):
        msg = f"{path.name} holds {type(table).__name__}, a data frame was expected."
        raise SystemExit(msg)
    return table


def bale_ndvi(shared: Path) -> pd.DataFrame:
    """Mean of the 24 half-months of each year, for each of the 36 pixels; the half year 1981 is left out."""
    half_months = np.load(shared / "land/ndvi/bale3g_v1.npz")["raw"]
    yearly = half_months[12:].reshape(len(NDVI_YEARS), 24, 36).mean(axis=1, dtype=float)
    places = [f"bale-{pixel:02d}" for pixel in range(1, 37)]
    index = pd.MultiIndex.from_product([NDVI_YEARS, places], names=["year", "place"])
    return pd.DataFrame({"value": yearly.round(4).ravel()}, index=index).reset_index().assign(
        iso3="ETH", indicator="ndvi_yearly_mean", unit="1", source="NASA GIMMS NDVI3g.v1", licence="public domain",
        kind="observed", note="",
    )  # fmt: skip


REPEATED, WET, OFTEN = 4, 2.0, 6  # months of a year, mm, years: see `country_climate`


def country_climate(shared: Path, regions: gpd.GeoDataFrame) -> pd.DataFrame:
    """Rain and temperature of whole countries by year since 1951, and how unusual each December's last twelve months were.

    Where few stations report, CRU repeats its climatology, to the digit: a year in which four months wetter than 2 mm have a
    value that the same month has in six years or more says nothing of that year and is left out. Demand for water is
    Thornthwaite's at the middle latitude of the country's regions.
    """
    months = [f"m{month:02d}" for month in range(1, 13)]
    table = pd.read_csv(shared / "climate/cru_cy_4.07_country_months_1951_2022.csv.gz")
    table = table[table["iso3"].isin(set(regions["iso3"]))]
    parts = []
    for iso3, of in table.groupby("iso3"):
        rain, heat = (of[of["variable"] == name].set_index("year")[months] for name in ("pre", "tmp"))
        same = pd.DataFrame({m: rain[m].map(rain[m].value_counts()) for m in months})
        told = ((same >= OFTEN) & (rain > WET)).sum(axis=1) >= REPEATED
        own = regions[regions["iso3"] == iso3]
        middle = float(np.average(own.geometry.representative_point().y, weights=ellipsoid_area(own)))
        wet, dry = _december(rain.where(~told), heat, middle)
        for name, unit, values in (
            ("rain_year", "mm/year", rain.sum(axis=1).where(~told).round(1)),
            ("temperature_year", "degC", heat.mean(axis=1).round(2)),
            ("spi12_december", "1", wet.round(2)),
            ("spei12_december", "1", dry.round(2)),
        ):
            kept = values.dropna()
            parts.append(
                pd.DataFrame({"iso3": iso3, "year": kept.index, "value": kept.values, "indicator": name, "unit": unit})
            )
    return pd.concat(parts, ignore_index=True).assign(
        place="", source="CRU CY 4.07", licence="Open Government Licence v3", kind="modelled", note="",
    )  # fmt: skip


def _december(rain: pd.DataFrame, heat: pd.DataFrame, latitude: float) -> tuple[pd.Series, pd.Series]:
    """SPI-12 and SPEI-12 of each December: the calendar year."""
    months = np.arange(f"{rain.index[0]}-01", f"{rain.index[-1] + 1}-01", dtype="datetime64[M]").astype(
        "datetime64[ns]"
    )
    series = {
        name: xr.DataArray(one.to_numpy().ravel(), {"time": months}, ("time",), name, {"units": unit})
        for name, one, unit in (("rain", rain, "mm/month"), ("temperature", heat, "degC"))
    }
    pet = pet_thornthwaite(series["temperature"], latitude, hot="willmott")
    found = spi(series["rain"], 12), spei((series["rain"] - pet).assign_attrs(units="mm/month"), 12)
    wet, dry = (pd.Series(one.isel(time=slice(11, None, 12)).to_numpy(), rain.index) for one in found)
    return wet, dry
