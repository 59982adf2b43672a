# SPDX-License-Identifier: Apache-2.0
"""Climate zones by rule beside the IPCC's own map, as Trends.Earth ships it: on how much of the area both say the same."""

from __future__ import annotations

import numpy as np
import pytest
import rasterio

from homeground import land
from homeground.catalogue import atlas
from homeground.catalogue.grids.grid import regrid

# A box of degrees; the least share of the area with the same zone, and with the same belt (tropical, warm, cool,
# polar, boreal). Its climate is of other years and sources than the map's, its PET of temperature alone, frost is not judged:
# moist and dry part where rain is about PET, cold belts where cells hold mountains and valleys. Sea near coasts is counted.
BOUNDS = {"sahel": (-18, -2, 52, 28), "centralasia": (46, 35, 88, 56), "westbalkans": (13, 39, 24, 47)}
BOXES = {"sahel": (0.95, 0.99), "centralasia": (0.74, 0.83), "westbalkans": (0.71, 0.79)}
BELT = np.array([0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 5, 5])


@pytest.fixture(scope="module")
def both(shared_data):
    path = shared_data / "land" / "trends_earth" / "ipcc_climate_zones.tif"
    found = {}
    with rasterio.open(path) as file:
        whole, transform = file.read(1), file.transform
    for box in BOXES:
        temperature, rain, height = (atlas.layer(name, BOUNDS[box]) for name in ("temperature", "rain", "elevation"))
        temperature, rain = (regrid(one, height, method="linear") for one in (temperature, rain))
        pet = land.pet_thornthwaite(temperature, hot="willmott")
        ours = land.ipcc_climate_zone(temperature, rain, pet, height).values
        columns = np.floor((height["longitude"].values - transform.c) / transform.a).astype(int)
        rows = np.floor((height["latitude"].values - transform.f) / transform.e).astype(int)
        weight = np.broadcast_to(np.cos(np.radians(height["latitude"].values))[:, None], ours.shape)
        found[box] = ours, whole[np.ix_(rows, columns)], weight
    return found


@pytest.mark.parametrize("box", BOXES)
def test_share_of_the_area_with_the_same_zone_and_belt(both, box):
    ours, theirs, weight = both[box]
    known = (ours > 0) & (theirs > 0)
    zone = weight[known & (ours == theirs)].sum() / weight[known].sum()
    belt = weight[known & (BELT[np.maximum(ours, 0)] == BELT[theirs])].sum() / weight[known].sum()
    assert zone > BOXES[box][0]
    assert belt > BOXES[box][1]


def test_dry_and_montane_tropics_are_nearly_those_of_the_map(both):
    ours, theirs, weight = both["sahel"]
    for code, least in ((12, 0.97), (11, 0.90), (9, 0.90)):
        here = (theirs == code) & (ours > 0)
        assert weight[here & (ours == code)].sum() / weight[here].sum() > least
