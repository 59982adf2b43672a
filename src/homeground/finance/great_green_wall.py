# SPDX-License-Identifier: Apache-2.0
"""Countries of the Great Green Wall: its pledges and returns are shown beside the plan of a study with one of them."""

from __future__ import annotations

GREAT_GREEN_WALL = ("BFA", "TCD", "DJI", "ERI", "ETH", "MLI", "MRT", "NER", "NGA", "SEN", "SDN")
