# SPDX-License-Identifier: Apache-2.0
"""The stages in the order in which they run, and the table that joins them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from homeground.catalogue.regions import region_inputs
from homeground.errors import DataError
from homeground.running.steps import Stage, Step, Work

if TYPE_CHECKING:
    pass


# Stages that publish columns by region, in the order in which they run.
REGION_STAGES = ("land", "people", "evidence", "measures", "finance", "risk")


def stages() -> tuple[Stage, ...]:
    """All stages in the order in which they run; their modules are light, heavy libraries wait inside the steps.

    Returns
    -------
    tuple of Stage
        Those of `REGION_STAGES`, then ``chain``, which joins their tables, then ``brief``.
    """
    from homeground.brief.stage import STAGE as BRIEF
    from homeground.evidence.stage import STAGE as EVIDENCE
    from homeground.finance.stage import STAGE as FINANCE
    from homeground.land.stage import STAGE as LAND
    from homeground.measures.stage import STAGE as MEASURES
    from homeground.people.stage import STAGE as PEOPLE
    from homeground.risk.stage import STAGE as RISK

    return (LAND, PEOPLE, EVIDENCE, MEASURES, FINANCE, RISK, TABLES, BRIEF)


def _join_regions(work: Work) -> None:
    import geopandas as gpd
    import pandas as pd

    from homeground.catalogue.regions import regions_of

    joined = regions_of(work.study)
    for stage in REGION_STAGES:
        table = pd.read_parquet(work.results / "regions" / f"{stage}.parquet")
        unmatched = set(joined["region_id"]) ^ set(table["region_id"])
        if unmatched:
            raise DataError(f"regions/{stage}.parquet and the regions differ in {', '.join(sorted(unmatched)[:5])}.")
        joined = joined.merge(table, on="region_id", validate="one_to_one")
    geometry = joined.pop("geometry")
    gpd.GeoDataFrame(joined, geometry=geometry, crs="EPSG:4326").to_parquet(work.out / "regions.parquet")
    (work.out / "regions.parquet").chmod(0o444)


def _joined(results: Path) -> str:
    import pyarrow.parquet as pq

    schema = pq.read_schema(results / "regions.parquet")
    rows = pq.read_metadata(results / "regions.parquet").num_rows
    return f"{rows} regions with {len(schema.names) - 1} columns in regions.parquet."


TABLES = Stage(
    "chain",
    (
        Step(
            "regions",
            _join_regions,
            outputs=("regions.parquet",),
            needs=tuple(f"{stage}.regions" for stage in REGION_STAGES),
            inputs=region_inputs,
        ),
    ),
    _joined,
)
