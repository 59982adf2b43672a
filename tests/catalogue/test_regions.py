# SPDX-License-Identifier: Apache-2.0
"""Regions of the atlas and of a user: areas on the ellipsoid, ids that are unique, a CRS that is right."""

from __future__ import annotations

import geopandas as gpd
import pytest
from shapely.geometry import Polygon, box

from homeground.catalogue.countries import check_countries
from homeground.catalogue.grids.grid import cell_area
from homeground.catalogue.regions import load_regions
from homeground.errors import DataError


def save(path, crs="EPSG:4326", **columns):
    content = {"region_id": ["a", "b"], "iso3": ["NER", "NER"], "name": ["A", "B"]} | columns
    frame = gpd.GeoDataFrame(content, geometry=[box(2, 13, 3, 14), box(3, 13, 4, 14)], crs="EPSG:4326")
    frame.to_crs(crs).to_file(path)
    return path


def test_user_regions_have_their_ellipsoid_area(tmp_path):
    regions = load_regions(["NER"], save(tmp_path / "own.gpkg"))
    assert list(regions.columns) == ["region_id", "iso3", "name", "area_km2", "geometry"]
    # A one degree cell; geodesic edges differ from parallels by far less than 0.1 %.
    assert regions["area_km2"].tolist() == pytest.approx([cell_area([13, 14], 1.0)[0] / 1e6] * 2, rel=1e-3)


def test_another_crs_doubled_ids_and_missing_columns_are_told_together(tmp_path):
    path = save(tmp_path / "own.gpkg", crs="EPSG:32631", region_id=["a", "a"])
    with pytest.raises(DataError) as caught:
        load_regions(["NER"], path)
    assert "EPSG:4326 (WGS 84) was expected" in str(caught.value)
    assert "region_id is not unique: a" in str(caught.value)
    frame = gpd.GeoDataFrame({"id": [1]}, geometry=[Polygon()], crs="EPSG:4326")
    frame.to_parquet(tmp_path / "bare.parquet")
    with pytest.raises(DataError, match="lacks the column") as caught:
        load_regions(["NER"], tmp_path / "bare.parquet")
    assert "without a shape" in str(caught.value)


def test_a_file_that_is_no_map_is_one_clear_message(tmp_path):
    (tmp_path / "own.gpkg").write_text("not a map")
    with pytest.raises(DataError, match=r"cannot read polygons from own\.gpkg"):
        load_regions(["NER"], tmp_path / "own.gpkg")


def test_atlas_regions_sum_to_the_country_within_a_thousandth():
    regions = load_regions(["NER", "SEN", "ETH"])
    whole = regions.dissolve("iso3")
    for iso3, parts in regions.groupby("iso3"):
        country = load_area(whole.loc[[iso3]])
        assert parts["area_km2"].sum() == pytest.approx(country, rel=1e-3)


def load_area(frame):
    from homeground.catalogue.regions import ellipsoid_area

    return ellipsoid_area(frame)[0]


def test_unknown_country_is_named_with_a_suggestion():
    (problem,) = check_countries(["NER", "NGR"])
    assert "NGR is not among the 25 countries" in problem
    assert "Did you mean NER (Niger)?" in problem or "Did you mean NGA (Nigeria)?" in problem


def test_regions_over_each_other_are_refused_and_named(tmp_path):
    shapes = [box(2, 13, 3, 14), box(3, 13, 4, 14), box(2, 13, 4, 14)]
    frame = gpd.GeoDataFrame(
        {"region_id": ["a", "b", "whole"], "iso3": "NER", "name": "x"}, geometry=shapes, crs="EPSG:4326"
    )
    frame.to_file(tmp_path / "own.gpkg")
    with pytest.raises(DataError, match=r"a and whole \(100 % of the smaller\); b and whole .*count twice"):
        load_regions(["NER"], tmp_path / "own.gpkg")
    frame.iloc[:2].assign(geometry=[box(2, 13, 3.005, 14), shapes[1]]).to_file(tmp_path / "sliver.gpkg")
    assert len(load_regions(["NER"], tmp_path / "sliver.gpkg")) == 2
