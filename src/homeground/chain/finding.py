# SPDX-License-Identifier: Apache-2.0
"""The one sentence on the table that joins all stages."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq

from homeground.running.tables import REGIONS


def finding(results: Path) -> str:
    """How many regions and columns the joined table has."""
    schema = pq.read_schema(results / REGIONS)
    rows = pq.read_metadata(results / REGIONS).num_rows
    return f"{rows} regions with {len(schema.names) - 1} columns in regions.parquet."
