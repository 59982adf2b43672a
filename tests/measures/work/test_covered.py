# SPDX-License-Identifier: Apache-2.0
"""Regions under polygons: shares by plain boxes of one latitude band, whose areas are in proportion to their width."""

from __future__ import annotations

import geopandas as gpd
import pytest
import shapely

from homeground.errors import DataError
from homeground.measures import access_under, shares_covered

REGIONS = gpd.GeoDataFrame(
    {"region_id": ["a", "b"]}, geometry=[shapely.box(0, 10, 4, 11), shapely.box(4, 10, 8, 11)], crs="EPSG:4326"
)


def boxes(*spans, **columns):
    return gpd.GeoDataFrame(columns, geometry=[shapely.box(w, 10, e, 11) for w, e in spans], crs="EPSG:4326")


def test_land_under_two_polygons_counts_once():
    found = shares_covered(boxes((1, 3), (2, 5)), REGIONS)
    assert found.tolist() == pytest.approx([0.75, 0.25])
    assert shares_covered(boxes((9, 10)), REGIONS).tolist() == [0.0, 0.0]
    assert shares_covered(boxes((1, 3)).to_crs("EPSG:32631"), REGIONS)["a"] == pytest.approx(0.5, abs=1e-4)


def test_barred_land_cannot_be_reached_and_the_rest_can():
    assert access_under(boxes((0, 1)), REGIONS)[["low", "mid", "high"]].values.tolist() == [
        pytest.approx([0.75] * 3),
        pytest.approx([1.0] * 3),
    ]


def test_where_polygons_overlap_the_lower_chance_holds():
    """In a: one degree at 0.2, one more at 0.5, two free: (0.2 + 0.5 + 2) / 4."""
    given = boxes((0, 2), (0, 1), low=[0.5, 0.0], mid=[0.5, 0.2], high=[1.0, 0.2])
    found = access_under(given, REGIONS).set_index("region_id").loc["a"]
    assert found.tolist() == pytest.approx([(0 + 0.5 + 2) / 4, (0.2 + 0.5 + 2) / 4, (0.2 + 1 + 2) / 4])


def test_faulty_chances_are_told_by_polygon():
    with pytest.raises(DataError, match="found mid alone"):
        access_under(boxes((0, 1), mid=[0.5]), REGIONS)
    with pytest.raises(DataError, match="polygon 1: 0 <= low"):
        access_under(boxes((0, 1), low=[0.6], mid=[0.5], high=[1.0]), REGIONS)
    with pytest.raises(DataError, match="polygon 1: 0 <= low"):
        access_under(boxes((0, 1), low=["x"], mid=[0.5], high=[1.0]), REGIONS)
