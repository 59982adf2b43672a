# SPDX-License-Identifier: Apache-2.0
"""Which part of a patch is a place to act on, and which is a region that is degraded, or recovering, as a whole."""

from __future__ import annotations

import numpy as np
import pandas as pd

MOST = 50.0  # per cent of a region's land with a verdict; a part that fills more is no place in the region: it is the region
TOLD_AS = ("place", "region", "rest")


def told_as(parts: pd.DataFrame, least_km2: float) -> pd.Series[str]:
    """How each part of a patch that region borders cut is told: as a place, as its whole region, or not on its own.

    Parameters
    ----------
    parts : DataFrame
        A row for each patch and region: kind, patch, area_km2 (of the part), region_share (% of the region's land with a
        verdict that the part fills).
    least_km2 : float, km2
        Smallest place.

    Returns
    -------
    Series of str, index of ``parts``
        "region": the part fills more than half of its region's land. "place": at least ``least_km2`` of a region; of a patch
        on a border without any such part, the largest part. "rest": what borders cut off.

    Notes
    -----
    Cells that touch by a side or a corner join into one patch through the whole map as soon as some 41 % of them are chosen,
    wherever they lie: the site percolation threshold of the square lattice with eight neighbours is 0.407 (Malarz and Galam
    2005, Physical Review E 71, 016125). A patch of half a country is no place, so borders cut it to what somebody
    governs. That half of a region is the limit is an expert default, unverified.

    Examples
    --------
    >>> rows = [("hotspot", 1, 900.0, 90.0), ("hotspot", 1, 300.0, 20.0), ("hotspot", 1, 5.0, 0.1), ("hotspot", 2, 60.0, 4.0)]
    >>> parts = pd.DataFrame(rows, columns=["kind", "patch", "area_km2", "region_share"])
    >>> told_as(parts, 100.0).tolist()
    ['region', 'place', 'rest', 'place']
    """
    whole, large = parts["region_share"] > MOST, parts["area_km2"] >= least_km2
    told = pd.Series(np.where(whole, "region", np.where(large, "place", "rest")), index=parts.index, dtype="str")
    if parts.empty:
        return told
    patches = parts.assign(told=whole | large).groupby(["kind", "patch"], sort=False)
    lost = patches["told"].transform("any").eq(other=False)
    largest = patches["area_km2"].transform("max").eq(parts["area_km2"]) & lost
    doubled = parts[largest].duplicated(["kind", "patch"]).reindex(parts.index, fill_value=False)
    return told.mask(largest & ~doubled, "place")
