# SPDX-License-Identifier: Apache-2.0
"""The seven land cover classes of the Convention, by code, as the tables between the parts name them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

COVER_NAMES: Mapping[int, str] = MappingProxyType(
    {
        1: "tree_covered",
        2: "grassland",
        3: "cropland",
        4: "wetland",
        5: "artificial",
        6: "other_land",
        7: "water",
    }
)
