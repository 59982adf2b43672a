# SPDX-License-Identifier: Apache-2.0
"""One reader for polygons: any format, any coordinate system; what is no polygon is refused, what can be mended is."""

from __future__ import annotations

import json

import geopandas as gpd
import numpy as np
import pytest
import shapely
from shapely.geometry import GeometryCollection, LineString, MultiPolygon, Point, Polygon, box

from homeground.catalogue.polygons import overlaps, read_polygons
from homeground.errors import DataError

SQUARE = box(2, 13, 4, 15)


def frame(*shapes, crs="EPSG:4326", **columns):
    content = {"name": [f"n{i}" for i in range(len(shapes))]} | columns
    return gpd.GeoDataFrame(content, geometry=list(shapes), crs=crs)


@pytest.mark.parametrize("ending", ["gpkg", "geojson", "shp", "parquet", "geoparquet", "json", "data"])
def test_every_format_is_read_whatever_its_ending(tmp_path, ending):
    path = tmp_path / f"p.{ending}"
    if "parquet" in ending or ending == "data":
        frame(SQUARE).to_parquet(path)
    elif ending == "shp":
        frame(SQUARE).to_file(path)
    else:
        frame(SQUARE).to_file(path, driver="GPKG" if ending == "gpkg" else "GeoJSON")
    found = read_polygons(path)
    assert found.geometry[0].equals(SQUARE)
    assert found["name"].tolist() == ["n0"]


@pytest.mark.parametrize("crs", ["OGC:CRS84", "EPSG:32631", "EPSG:3857", "ESRI:54009", "EPSG:4979", "EPSG:4267"])
def test_every_coordinate_system_comes_to_wgs_84(tmp_path, crs):
    dense = SQUARE.segmentize(0.02)
    frame(dense).to_crs(crs).to_parquet(tmp_path / "p.parquet")
    found = read_polygons(tmp_path / "p.parquet")
    assert found.crs.to_epsg() == 4326
    assert found.geometry[0].symmetric_difference(SQUARE).area < 1e-3 * SQUARE.area


def test_heights_are_dropped(tmp_path):
    high = {"type": "Polygon", "coordinates": [[[x, y, 100] for x, y in SQUARE.exterior.coords]]}
    features = [{"type": "Feature", "properties": {"name": "A"}, "geometry": high}]
    (tmp_path / "p.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    found = read_polygons(tmp_path / "p.geojson")
    assert not found.geometry.has_z.any()
    assert found.geometry[0].equals(SQUARE)


@pytest.mark.parametrize(
    ("shape", "area"),
    [
        (Polygon([(2, 13), (4, 13), (4, 15), (3, 15), (3, 16), (3, 15), (2, 15)]), 4.0),  # a spike
        (GeometryCollection([SQUARE, Point(3, 14), LineString([(0, 0), (1, 1)])]), 4.0),
        (Polygon([(0, 0), (2, 2), (2, 0), (0, 2)]), 2.0),  # a bow: two triangles
        (GeometryCollection([MultiPolygon([SQUARE, box(6, 13, 7, 14)]), Point(0, 0)]), 5.0),
    ],
)
def test_the_polygonal_part_is_kept(tmp_path, shape, area):
    frame(shape).to_parquet(tmp_path / "p.parquet")
    (found,) = read_polygons(tmp_path / "p.parquet").geometry
    assert found.is_valid
    assert found.geom_type in ("Polygon", "MultiPolygon")
    assert found.area == pytest.approx(area)


@pytest.mark.parametrize("shape", [Point(3, 14), LineString(SQUARE.exterior.coords), GeometryCollection([Point(1, 1)])])
def test_what_has_no_area_is_refused(tmp_path, shape):
    frame(SQUARE, shape).to_parquet(tmp_path / "p.parquet")
    with pytest.raises(DataError, match="without area; polygons were expected"):
        read_polygons(tmp_path / "p.parquet")


def test_layers_are_to_be_chosen_and_tables_beside_them_are_none(tmp_path):
    path = tmp_path / "p.gpkg"
    frame(Point(3, 14)).to_file(path, layer="a_first")
    frame(SQUARE).to_file(path, layer="regions")
    with pytest.raises(
        DataError, match=r'several layers: a_first, regions. Say which: \{ path = "p.gpkg", layer = "regions"'
    ):
        read_polygons(path)
    assert read_polygons(path, layer="regions").geometry[0].equals(SQUARE)
    with pytest.raises(DataError, match="are Point without area"):
        read_polygons(path, layer="a_first")


def test_what_lies_beyond_the_globe_or_jumps_over_its_back_is_refused(tmp_path):
    for shape, says in (
        (box(170, -20, 190, -15), "beyond longitude 180"),
        (box(2, 80, 4, 95), "beyond latitude 90"),
        (Polygon([(179, -20), (-179, -20), (-179, -15), (179, -15)]), "cross the 180th meridian"),
    ):
        frame(shape).to_parquet(tmp_path / "p.parquet")
        with pytest.raises(DataError, match=says):
            read_polygons(tmp_path / "p.parquet")
    fiji = MultiPolygon([box(178, -19, 180, -16), box(-180, -19, -179, -16)])
    frame(fiji).to_parquet(tmp_path / "p.parquet")
    assert read_polygons(tmp_path / "p.parquet").geometry[0].area == pytest.approx(9)


def test_all_that_is_wrong_is_told_at_once(tmp_path):
    frame(SQUARE, None).to_file(tmp_path / "p.gpkg", layer="p")
    with pytest.raises(DataError) as caught:
        read_polygons(tmp_path / "p.gpkg", columns={"zone": "zone"})
    for says in ("no column zone", "without a shape (first: number 2)"):
        assert says in str(caught.value)


def test_polygons_of_one_kind_may_lie_over_each_other():
    two = frame(SQUARE, box(3, 13, 4, 15))
    assert overlaps(two, ["a", "b"]) == ["a and b (100 % of the smaller)"]
    assert overlaps(two, ["a", "b"], same=two["name"].replace("n1", "n0").to_numpy()) == []


@pytest.mark.parametrize("corner", ["nan", "inf", "-inf"])
def test_corners_that_are_no_numbers_are_told_with_their_shape(tmp_path, corner):
    shape = shapely.from_wkt("POLYGON ((2 13, 4 13, 9 15, 2 15, 2 13))")
    odd = shapely.transform(shape, lambda places: np.where(places == 9, float(corner), places))
    frame(SQUARE, odd).to_parquet(tmp_path / "p.parquet")
    with pytest.raises(DataError, match=r"corners that are no numbers, or off the globe, in shape\(s\) 2\."):
        read_polygons(tmp_path / "p.parquet")
