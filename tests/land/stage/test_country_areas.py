# SPDX-License-Identifier: Apache-2.0
"""The area of a country is one number, whether the study takes its regions or a user's polygons."""

from __future__ import annotations

import json
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from shapely.geometry import box, mapping

from homeground.catalogue import atlas
from homeground.catalogue.grids.zonal import coverage, zonal_class_area
from homeground.catalogue.regions import load_regions
from homeground.land.cover.land_cover import UNCCD_CLASSES, to_unccd
from homeground.land.stage.regions import _countries, cells_of
from homeground.study.opening import open_study

OWN = """title = "The Gambia"
countries = ["GMB"]
regions = "custom"
[data]
regions = "own.geojson"
"""


def test_cells_of_a_region_add_up_to_its_polygon():
    regions = load_regions(["GMB"])
    cover = atlas.layer("cover", regions.total_bounds)
    drawn = regions["area_km2"].to_numpy()
    plain = coverage(regions, cover).sum(axis=1)
    assert np.abs(np.asarray(plain).ravel() / drawn - 1).max() > 1e-9  # they differ where nothing is done
    found = cells_of(regions, cover)
    np.testing.assert_allclose(np.asarray(found.sum(axis=1)).ravel(), drawn, rtol=1e-12)
    # Within a region nothing moves: the largest cell has the same share of it as before.
    row = coverage(regions, cover).tocsr()[[0]].toarray().ravel()
    np.testing.assert_allclose(found[[0]].toarray().ravel() / drawn[0], row / row.sum(), rtol=1e-12)


def test_the_country_is_the_same_with_polygons_of_the_user_as_with_its_regions(tmp_path):
    patch = {"type": "Feature", "properties": {"region_id": "x", "iso3": "GMB", "name": "x"}}
    patch["geometry"] = mapping(box(-16.0, 13.3, -15.5, 13.5))
    (tmp_path / "own.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": [patch]}))
    (tmp_path / "study.toml").write_text(OWN)
    study = open_study(tmp_path / "study.toml")
    part = _countries(SimpleNamespace(study=study), pd.DataFrame())

    regions = load_regions(["GMB"])
    assert part["area_km2"].sum() == pytest.approx(regions["area_km2"].sum(), rel=1e-12)
    # As the reporting forms add it up: share of each region in each class, times the region's area.
    cover = to_unccd(atlas.layer("cover", regions.total_bounds), "igbp")
    areas = zonal_class_area(coverage(regions, cover), cover, list(UNCCD_CLASSES))
    expected = regions["area_km2"].to_numpy() @ (areas / areas.sum(axis=1, keepdims=True))
    by_class = part.set_index("cover_class")["area_km2"].reindex([*UNCCD_CLASSES, -128], fill_value=0.0)
    np.testing.assert_allclose(by_class, expected, rtol=1e-12)
