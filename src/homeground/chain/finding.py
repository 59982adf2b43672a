# SPDX-License-Identifier: Apache-2.0
"""What the joined table of regions holds."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq

from homeground.language.messages import Saying
from homeground.running.tables import REGIONS

FILE = REGIONS


def finding(results: Path) -> list[Saying]:
    """Regions and columns of the joined table.

    Parameters
    ----------
    results : Path
        A results folder in which the table was written.

    Returns
    -------
    list of Saying
    """
    regions = Saying("unit.regions", {"n": pq.read_metadata(results / FILE).num_rows})
    columns = len(pq.read_schema(results / FILE).names) - 1  # without the geometry
    return [Saying("finding.chain.regions", {"regions": regions, "n": columns, "file": FILE})]
