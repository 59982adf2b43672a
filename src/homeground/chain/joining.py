# SPDX-License-Identifier: Apache-2.0
"""The one table by region that joins those of all stages."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from homeground.catalogue.regions import study_regions
from homeground.chain.folders import REGION_STAGES
from homeground.errors import DataError
from homeground.running.steps import Work
from homeground.running.tables import REGIONS, regions_of


def join_regions(work: Work) -> None:
    """The regions with the columns of every stage that publishes some.

    Parameters
    ----------
    work : Work
        Read from its results, written to its folder.
    """
    joined = study_regions(work.study)
    for stage in REGION_STAGES:
        table = pd.read_parquet(work.results / regions_of(stage))
        unmatched = set(joined["region_id"]) ^ set(table["region_id"])
        if unmatched:
            raise DataError(f"regions/{stage}.parquet and the regions differ in {', '.join(sorted(unmatched)[:5])}.")
        joined = joined.merge(table, on="region_id", validate="one_to_one")
    geometry = joined.pop("geometry")
    gpd.GeoDataFrame(joined, geometry=geometry, crs="EPSG:4326").to_parquet(work.out / REGIONS)
    (work.out / REGIONS).chmod(0o444)
