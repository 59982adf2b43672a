# SPDX-License-Identifier: Apache-2.0
"""Carbon of a study's plan by where its land lies."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from homeground.catalogue import atlas
from homeground.catalogue.grids.zonal import coverage, zonal_mean
from homeground.language.messages import Saying
from homeground.measures.carbon_rates.climate import climate_zones
from homeground.measures.carbon_rates.place import (
    LAND,
    POOLS,
    carbon_by_place,
    share_without,
    unverified_share,
    with_carbon,
)
from homeground.measures.given import options_of, own_options
from homeground.numbers.fact import Amount
from homeground.running.steps import Work
from homeground.running.tables import LAND_UNITS, PLAN_CARBON, regions_of


def carbon_of(work: Work, allocation: pd.DataFrame, regions: gpd.GeoDataFrame) -> pd.DataFrame:
    """The allocation with its carbon by row; writes the rates, and says which share of the land has none."""
    placed, carbon = _placed(work, allocation, regions)
    carbon.to_parquet(work.out / PLAN_CARBON)
    lacking = share_without(carbon)
    if any(share > 0 for share in lacking.values()):
        work.warn(Saying("warning.no_rate", {pool: Amount(100 * share, "%") for pool, share in lacking.items()}))
    if (share := unverified_share(carbon)) > 0:
        work.warn(Saying("warning.carbon_unverified", {"share": Amount(100 * share, "%")}))
    return with_carbon(placed, carbon).drop(columns=[name for name in LAND if name not in allocation])


def carbon_per_hectare(work: Work, rows: pd.DataFrame, regions: gpd.GeoDataFrame) -> pd.Series[float]:
    """Carbon gain of a hectare of each row of suitable land, t CO2e a year; NaN where no rate fits."""
    placed, carbon = _placed(work, rows.assign(hectares=1.0), regions)
    return with_carbon(placed, carbon)["carbon_t_co2e_per_year"]


def _placed(work: Work, rows: pd.DataFrame, regions: gpd.GeoDataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Rows with the climate zone of their land, and the rates of all that land."""
    planned = regions[regions["region_id"].isin(rows["region_id"])]
    warmth = pd.read_parquet(work.results / regions_of("land")).set_index("region_id")["land_temperature_c"]
    units = pd.read_parquet(work.results / LAND_UNITS)
    placed = rows.assign(climate_zone=climate_zones(rows, units, warmth, _elevation(planned)))
    options = options_of(work.study, chosen=True)
    return placed, carbon_by_place(placed, options, state=work.study.plan.soil_state, own=_own(work))


def _elevation(regions: gpd.GeoDataFrame) -> pd.Series[float]:
    """Mean height of each region, m."""
    heights = atlas.layer("elevation", tuple(regions.total_bounds))
    means = zonal_mean(coverage(regions, heights), heights)
    return pd.Series(means, index=regions["region_id"].to_numpy())


def _own(work: Work) -> set[tuple[str, str]]:
    """Measures and pools whose rate the study gives itself."""
    rows = own_options(work.study)
    if rows is None:
        return set()
    return {
        (str(measure), pool)
        for pool in POOLS
        for measure in rows.loc[rows["parameter"] == f"{pool}_carbon_rate", "measure"]
    }
