# SPDX-License-Identifier: Apache-2.0
"""A few sites are drawn within their country: outline, neighbours, towns; a whole country is drawn as before."""

from __future__ import annotations

import re

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from homeground.brief.drawing.maps import draw_choropleth
from homeground.brief.drawing.outlines import map_shapes
from homeground.brief.drawing.surroundings import surroundings
from homeground.catalogue.regions import load_regions


def sites(*boxes, iso3="ETH", names=("Upper <b>", "Lower")):
    ids = [f"S{i}" for i in range(len(boxes))]
    shapes = [shapely.box(*b) for b in boxes]
    return gpd.GeoDataFrame({"region_id": ids, "iso3": iso3, "name": names}, geometry=shapes, crs="EPSG:4326")


FAR = ((36.6, 7.5, 37.1, 8.0), (41.8, 9.2, 42.3, 9.7))
NEAR = ((8.0, 14.0, 8.4, 14.4), (8.4, 14.0, 8.8, 14.4))


def texts(svg):
    return re.findall(r">([^<>]+)</text>", svg)


@pytest.mark.parametrize(("code", "home", "beside"), [
    ("en", "Ethiopia", "Somalia"), ("fr", "Éthiopie", "Somalie"), ("zh", "埃塞俄比亚", "索马里"),
])  # fmt: skip
def test_sites_far_apart_are_shown_on_their_country_with_neighbours_and_towns(code, home, beside):
    regions = sites(*FAR)
    around = surroundings(regions, code)
    assert not around.inset
    shapes = map_shapes(regions, around=around)
    west, _, east, _ = load_regions(["ETH"]).total_bounds
    corners = shapes.frame.place(regions.total_bounds.reshape(2, 2))
    expected = [(36.6 - west) / (east - west), (42.3 - west) / (east - west)]
    assert (corners[:, 0] / shapes.frame.width).tolist() == pytest.approx(expected, abs=1e-6)
    svg = draw_choropleth(regions, pd.Series({"S0": 1.0, "S1": 2.0}), title="x", shapes=shapes, language=code).svg
    assert {home, beside, "Addis Ababa", "Upper &lt;b&gt;", "Lower"} <= set(texts(svg))
    assert set(around.others["iso3"]) == {"DJI", "ERI", "KEN", "SDN", "SOM", "SSD", "UGA", "YEM"}
    assert svg.index('class="around"') < svg.index('fill-rule="evenodd"') < svg.index('class="labels"')


def test_sites_close_together_are_shown_large_with_the_country_in_small():
    regions = sites(*NEAR, iso3="NER")
    around = surroundings(regions)
    assert around.inset
    shapes = map_shapes(regions, around=around)
    assert 'class="inset"' in shapes.names
    (x0, _), (x1, _) = shapes.frame.place(regions.total_bounds.reshape(2, 2))
    assert (x1 - x0) / shapes.frame.width > 0.5  # the sites take most of the map
    inset = float(re.search(r'class="inset" transform="translate\(([\d.]+)', shapes.names)[1])
    assert inset > x1  # and are not under the small map


def test_labels_lie_neither_over_each_other_nor_outside_the_map():
    regions = sites(*NEAR, iso3="NER", names=("A site with a name too long for its own box by far", "Lower"))
    shapes = map_shapes(regions, around=surroundings(regions), width=300)
    found = re.findall(r'<text x="([\d.]+)" y="([\d.]+)"', shapes.names)
    assert found
    assert all(0 <= float(x) <= shapes.frame.width and 0 <= float(y) <= shapes.frame.height for x, y in found)


def test_a_whole_country_or_many_regions_have_nothing_around():
    assert surroundings(load_regions(["GMB"])) is None
    assert surroundings(load_regions(["KAZ", "UZB"])) is None
    elsewhere = sites(*FAR, iso3="AAA")
    assert surroundings(elsewhere) is None  # a country that the atlas does not hold


def test_regions_of_one_country_are_named_on_its_map():
    regions = load_regions(["NER"])
    shapes = map_shapes(regions)
    assert {"Agadez", "Zinder", "Diffa"} <= set(texts(shapes.names))
    assert map_shapes(load_regions(["GMB", "SEN"])).names == ""
