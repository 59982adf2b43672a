# SPDX-License-Identifier: Apache-2.0
"""Columns of the regions: the range of degraded and improved land without any change."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
from numpy.typing import NDArray

from homeground.land.noise.files import noise_given
from homeground.running.tables import LAND_NOISE
from homeground.study.model import Study

ENDS = {"": "median", "_low": "low", "_high": "high"}


def noise_columns(results: Path, study: Study, region_ids: pd.Series[str]) -> dict[str, NDArray[Any]]:
    """degraded_noise and improved_noise with their ends, %; NaN in regions of fewer than 200 cells, none where all are."""
    if not noise_given(study):
        return {}
    table = pd.read_parquet(results / LAND_NOISE).query("level == 'region'")
    found: dict[str, NDArray[Any]] = {}
    for measure in ("degraded", "improved"):
        rows = table[table["measure"] == measure].set_index("place").reindex(region_ids)
        if rows["median"].notna().any():
            found |= {f"{measure}_noise{end}": rows[name].to_numpy("float64") for end, name in ENDS.items()}
    return found
