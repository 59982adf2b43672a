# SPDX-License-Identifier: Apache-2.0
"""Regions of the atlas and of a user: areas on the ellipsoid, ids that are unique, a CRS that is right."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
from shapely.geometry import MultiPolygon, Polygon, box

from homeground.catalogue.countries import check_countries
from homeground.catalogue.grids.grid import cell_area
from homeground.catalogue.regions import ellipsoid_area, load_regions, reconcile_areas
from homeground.errors import DataError


def save(path, crs="EPSG:4326", **columns):
    content = {"region_id": ["a", "b"], "iso3": ["NER", "NER"], "name": ["A", "B"]} | columns
    frame = gpd.GeoDataFrame(content, geometry=[box(2, 13, 3, 14), box(3, 13, 4, 14)], crs="EPSG:4326")
    frame.to_crs(crs).to_file(path)
    return path


def test_user_regions_have_their_ellipsoid_area(tmp_path):
    regions = load_regions(["NER"], save(tmp_path / "own.gpkg"))
    assert list(regions.columns) == ["region_id", "iso3", "name", "area_km2", "geometry"]
    assert regions["area_km2"].tolist() == pytest.approx(
        [cell_area(np.array([13.0, 14.0]), 1.0)[0] / 1e6] * 2, rel=1e-6
    )


def test_doubled_and_missing_ids_and_columns_are_told_together(tmp_path):
    path = save(tmp_path / "own.gpkg", region_id=["a", "a"], name=["A", None])
    with pytest.raises(DataError) as caught:
        load_regions(["NER"], path)
    assert "name is missing in 1 region(s), first in number 2" in str(caught.value)
    assert "region_id is not unique: a" in str(caught.value)
    frame = gpd.GeoDataFrame({"id": [1]}, geometry=[Polygon()], crs="EPSG:4326")
    frame.to_parquet(tmp_path / "bare.parquet")
    with pytest.raises(DataError, match="has no column region_id; it has id") as caught:
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
    return ellipsoid_area(frame)[0]


def test_unknown_country_is_named_with_a_suggestion():
    (problem,) = check_countries(["NER", "NGR"])
    assert "NGR is not among the 249 countries" in problem
    assert "Did you mean NER (Niger), NGA (Nigeria)" in problem


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


def test_the_columns_of_a_user_are_mapped_and_the_country_of_a_study_of_one_is_known(tmp_path):
    shapes = [box(2, 13, 3, 14), box(3, 13, 4, 14)]
    frame = gpd.GeoDataFrame({"ADM2_PCODE": [101.0, 102.0], "adm2_fr ": ["Kollo", "Say"]}, geometry=shapes, crs=4326)
    frame.to_file(tmp_path / "own.gpkg", layer="adm2")
    frame.to_file(tmp_path / "own.gpkg", layer="adm3", mode="a")
    columns = {"region_id": "ADM2_PCODE", "name": "ADM2_FR"}
    regions = load_regions(["NER"], tmp_path / "own.gpkg", layer="adm2", columns=columns)
    assert regions[["region_id", "iso3", "name"]].values.tolist() == [["101", "NER", "Kollo"], ["102", "NER", "Say"]]
    with pytest.raises(DataError, match=r"has no column ADM2_PCOD; it has ADM2_PCODE, .*Did you mean ADM2_PCODE"):
        load_regions(["NER"], tmp_path / "own.gpkg", layer="adm2", columns=columns | {"region_id": "ADM2_PCOD"})
    with pytest.raises(DataError, match=r"several layers: adm2, adm3. Say which"):
        load_regions(["NER"], tmp_path / "own.gpkg", columns=columns)
    with pytest.raises(DataError, match='no layer "adm4"; it has adm2, adm3'):
        load_regions(["NER"], tmp_path / "own.gpkg", layer="adm4", columns=columns)


@pytest.mark.parametrize(("code", "says"), [("Niger", "Did you mean NER"), ("ner", "Did you mean NER"), ("QQQ", "QQQ")])
def test_a_country_that_is_none_is_refused_with_the_nearest_code(tmp_path, code, says):
    with pytest.raises(DataError, match=says):
        load_regions(["NER"], save(tmp_path / "own.gpkg", iso3=["NER", code]))


def test_a_country_without_any_region_is_told_before_a_run(tmp_path):
    with pytest.raises(DataError, match=r"has no region of DJI, which the study names\. Add its regions or drop"):
        load_regions(["NER", "DJI"], save(tmp_path / "own.gpkg"))


def test_latitude_before_longitude_is_told(tmp_path):
    swapped = Polygon([(13, 2), (13, 4), (15, 4), (15, 2)])  # Niger's corner, drawn latitude first: Cameroon and Congo
    frame = gpd.GeoDataFrame({"region_id": ["a"], "iso3": ["NER"], "name": ["A"]}, geometry=[swapped], crs=4326)
    frame.to_file(tmp_path / "own.gpkg")
    with pytest.raises(DataError, match=r"outside their country: a \(0 % of it in NER\).*longitude first"):
        load_regions(["NER"], tmp_path / "own.gpkg")


def test_area_does_not_hang_on_how_rings_are_wound():
    outer, hole = [(2, 13), (5, 13), (5, 16), (2, 16)], [(3, 14), (4, 14), (4, 15), (3, 15)]
    ways = [Polygon(o, [h]) for o in (outer, outer[::-1]) for h in (hole, hole[::-1])]
    areas = ellipsoid_area(gpd.GeoDataFrame(geometry=ways, crs=4326))
    rows = cell_area(np.array([13.0, 14.0, 15.0, 16.0]), 1.0) / 1e6
    assert areas == pytest.approx([3 * rows.sum() - rows[1]] * 4, rel=1e-6)
    two = MultiPolygon([Polygon(outer), Polygon([(x + 4, y) for x, y in outer][::-1])])
    assert ellipsoid_area(gpd.GeoDataFrame(geometry=[two], crs=4326)) == pytest.approx([6 * rows.sum()], rel=1e-6)


def test_a_border_along_a_parallel_is_that_parallel():
    # The shortest way between the corners bulges poleward: it misses 1.3 % of this strip.
    strip = gpd.GeoDataFrame(geometry=[box(0, 50, 10, 51)], crs=4326)
    assert ellipsoid_area(strip)[0] == pytest.approx(10 * cell_area(np.array([50.0, 51.0]), 1.0)[0] / 1e6, rel=1e-6)


def test_cells_that_do_not_add_up_to_a_region_are_refused():
    regions = load_regions(["GMB"])
    reconcile_areas(regions, regions["area_km2"].to_numpy() * 1.004, 0.05)
    with pytest.raises(DataError, match=r"does not add up to 6 region\(s\): GM-B: .* km2 drawn, .* in cells"):
        reconcile_areas(regions, regions["area_km2"].to_numpy() * 1.01, 0.05)
    tiny = regions.head(1).assign(area_km2=0.001)  # far smaller than a cell: a thousandth of one may go
    reconcile_areas(tiny, tiny["area_km2"].to_numpy() * 2, 0.05)
