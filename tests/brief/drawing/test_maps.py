# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import base64
import io
import re
import xml.etree.ElementTree as ET

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from PIL import Image

from homeground.brief.drawing.classes import NO_DATA
from homeground.brief.drawing.maps import choropleth_svg, draw_choropleth, raster_svg, scale_bar
from homeground.brief.drawing.outlines import map_frame, map_shapes
from homeground.errors import DataError

SVG = "{http://www.w3.org/2000/svg}"


def parsed(svg):
    return ET.fromstring(svg)  # noqa: S314 - our own drawing


def values(**given):
    return pd.Series(given, dtype=float)


def areas(svg):
    """Fill by tooltip of every region."""
    return {p.find(f"{SVG}title").text: p.get("fill") for p in parsed(svg).iter(f"{SVG}path") if len(p)}


def test_tooltip_says_name_value_unit_and_interval(three_regions):
    svg = choropleth_svg(
        three_regions, values(a=12.5, b=37.5), title="Degraded", unit="%", low=values(a=10), high=values(a=15)
    )
    tips = list(areas(svg))
    assert tips[0] == "West: 12.5 % (10.0 to 15.0)"
    assert tips[1] == "N'Djamena <script>alert(1)</script>: 37.5 %"
    assert "<script" not in svg


def test_region_without_value_is_grey_and_counted_in_the_legend(three_regions):
    svg = choropleth_svg(three_regions, values(a=1, b=np.nan), title="x")
    fills = areas(svg)
    assert fills["East: no data"] == NO_DATA  # not named by the values
    assert fills["N'Djamena <script>alert(1)</script>: no data"] == NO_DATA  # named without a number
    assert fills["West: 1.0"] != NO_DATA
    text = " ".join(t.text for t in parsed(svg).iter(f"{SVG}text"))
    assert "no data 2 regions" in text


def test_legend_states_regions_and_what_they_hold(three_regions):
    drawn = draw_choropleth(
        three_regions, values(a=1, b=3, c=3), title="x", edges=[0, 2, 4], amounts=values(a=100, b=200, c=400)
    )
    assert [(e.regions, e.amount) for e in drawn.entries] == [(1, 100.0), (2, 600.0)]


def test_scale_bar_on_the_equator():
    # One degree of longitude on the equator is 2 pi 6378.137 km / 360 = 111.3195 km. The map is 20 degrees wide in
    # 200 units, so 10 units are 111.3195 km. At most 28 % of the width, 623 km, gives the round 500 km: 44.916 units.
    frame = map_frame((0, -5, 20, 5), width=200)
    bar = parsed(scale_bar(frame, y=0))
    assert bar.get("data-km") == "500"
    assert float(re.search(r"h([\d.]+)v-5", bar.find("path").get("d"))[1]) == pytest.approx(5000 / 111.3195, abs=0.01)
    assert bar.find("text").text == "500 km at 0° N"


def test_scale_follows_the_latitude():
    # A degree of longitude at 60° on WGS 84 is 55.80 km (tables of the length of a degree); it is drawn cos 60° = 1/2
    # as wide as a degree of latitude.
    frame = map_frame((0, 55, 20, 65), width=400)
    assert frame.scale == pytest.approx(40)
    assert frame.km_per_unit == pytest.approx(55.80 / 20, rel=1e-4)


def test_shapes_are_stretched_by_the_middle_latitude():
    regions = gpd.GeoDataFrame(
        {"region_id": ["n"], "iso3": ["NNN"], "name": ["North"], "geometry": [shapely.box(0, 55, 20, 65)]}, crs=4326
    )
    shapes = map_shapes(regions, width=400)
    assert (shapes.frame.width, shapes.frame.height) == (pytest.approx(400), pytest.approx(400))


def test_neighbours_share_their_border_and_the_disputed_one_is_dashed(three_regions):
    plain = map_shapes(three_regions, width=200)
    assert plain.dashed == ""
    dashed = map_shapes(three_regions, width=200, dashed=[("AAA", "BBB")])
    # The common border of the two countries lies at 10° E, half of the 200 units, over the whole height of 100.
    assert dashed.dashed in {"M100 0l0 100", "M100 100l0 -100"}
    assert len(dashed.borders) < len(plain.borders)
    by_line = map_shapes(three_regions, width=200, dashed=shapely.LineString([(10, -5), (10, 5)]))
    assert by_line.dashed == "M100 100l0 -100"
    assert 'class="disputed"' in choropleth_svg(three_regions, values(a=1), title="x", dashed=[("AAA", "BBB")])


def test_a_region_too_small_to_see_becomes_a_dot(three_regions):
    city = three_regions.iloc[[0]].assign(region_id="d", name="City", geometry=[shapely.box(2, 0, 2.01, 0.01)])
    shapes = map_shapes(pd.concat([three_regions, city], ignore_index=True), width=200)
    assert shapes.paths[3].count("a2.6 2.6") == 2
    assert all(shapes.paths)


def test_regions_on_both_sides_of_the_date_line_stand_together():
    boxes = [shapely.box(177, -18, 180, -16), shapely.box(-180, -18, -178, -16)]
    regions = gpd.GeoDataFrame(
        {"region_id": ["w", "e"], "iso3": ["FJI"] * 2, "name": ["W", "E"], "geometry": boxes}, crs=4326
    )
    shapes = map_shapes(regions, width=500, max_height=900)
    assert shapes.frame.width / shapes.frame.height == pytest.approx(5 * np.cos(np.radians(17)) / 2)


def test_hatching_only_where_the_class_is_unsure(three_regions):
    given = {"title": "x", "kind": "classes", "classes": {"arid": "", "humid": ""}}
    named = pd.Series({"a": "arid", "b": "humid", "c": None})
    sure = draw_choropleth(three_regions, named, probability=values(a=0.6, b=0.9), **given)
    assert "hatch" not in sure.svg
    unsure = draw_choropleth(three_regions, named, probability=values(a=0.59, b=0.9, c=0.1), **given)
    assert unsure.svg.count('fill="url(#map-hatch)"') == 1  # the region without a class is grey, not hatched
    assert (unsure.entries[-1].hatched, unsure.entries[-1].regions) == (True, 1)
    assert "West: arid, class probability 59 %" in unsure.svg


def test_probability_in_percent_is_refused(three_regions):
    with pytest.raises(DataError, match="fractions from 0 to 1"):
        draw_choropleth(three_regions, values(a=1), title="x", probability=values(a=95))


def test_values_of_unknown_or_repeated_regions_are_refused(three_regions):
    with pytest.raises(DataError, match=r"not on the map \(first: z\)"):
        choropleth_svg(three_regions, values(a=1, z=2), title="x")
    with pytest.raises(DataError, match="more than once"):
        choropleth_svg(three_regions, pd.Series([1.0, 2.0], index=["a", "a"]), title="x")


def test_geometry_that_cannot_be_drawn_is_refused(three_regions):
    with pytest.raises(DataError, match="not degrees"):
        map_shapes(three_regions.to_crs(6933))
    with pytest.raises(DataError, match="no column iso3"):
        map_shapes(three_regions.drop(columns="iso3"))
    with pytest.raises(DataError, match="stands more than once"):
        map_shapes(three_regions.assign(region_id="a"))
    with pytest.raises(DataError, match="empty"):
        map_shapes(three_regions.iloc[:0])


def test_map_needs_nothing_from_outside_and_repeats(three_regions):
    svg = choropleth_svg(three_regions, values(a=1, b=2, c=3), title="x", country_names={"AAA": "Aland"})
    assert svg == choropleth_svg(three_regions, values(a=1, b=2, c=3), title="x", country_names={"AAA": "Aland"})
    assert ">Aland</text>" in svg
    assert set(re.findall(r"https?://[^\s\"']+", svg)) == {"http://www.w3.org/2000/svg"}
    assert not re.search(r"<(script|style|foreignObject)|var\(|@import", svg)


def test_raster_is_drawn_in_its_colours_at_its_place(three_regions):
    shapes = map_shapes(three_regions, width=200)
    grid = np.array([[1, 2], [-128, 1]], dtype=np.int8)
    svg = raster_svg(grid, (0, -5, 20, 5), {1: "#112233", 2: "#445566"}, title="Cover", shapes=shapes)
    image = next(parsed(svg).iter(f"{SVG}image"))
    assert [float(image.get(k)) for k in ("x", "y", "width", "height")] == [0, 0, 200, 100]
    picture = Image.open(io.BytesIO(base64.b64decode(image.get("href").split(",")[1]))).convert("RGB")
    seen = ["#" + bytes(picture.getpixel((x, y))).hex() for y in (0, 1) for x in (0, 1)]
    assert seen == ["#112233", "#445566", NO_DATA, "#112233"]
    with pytest.raises(DataError, match=r"classes \[2\] have no colour"):
        raster_svg(grid, (0, -5, 20, 5), {1: "#112233"}, title="Cover", shapes=shapes)
    with pytest.raises(DataError, match="2-D integer"):
        raster_svg(grid.astype(float), (0, -5, 20, 5), {1: "#112233"}, title="Cover", shapes=shapes)


def test_real_regions_keep_their_number_and_stay_light(shared_data):
    found = gpd.read_file(shared_data / "atlas" / "admin1_ne10m.geojson")
    found = found[found["adm0_a3"].isin(["KOS", "SRB", "MKD"])]
    regions = gpd.GeoDataFrame(
        {"region_id": found["adm1_code"], "iso3": found["adm0_a3"], "name": found["name"], "geometry": found.geometry},
        crs=4326,
    )
    shapes = map_shapes(regions, dashed=[("KOS", "SRB")])
    assert all(shapes.paths)
    assert len(shapes.paths) == len(found)
    assert shapes.dashed
    assert sum(map(len, shapes.paths)) < 2000 * len(found)
