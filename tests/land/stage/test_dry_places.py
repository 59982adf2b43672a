# SPDX-License-Identifier: Apache-2.0
"""Drought in a study of two halves: one where the index means something, one hyper-arid."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from homeground.catalogue.grids.grid import Grid
from homeground.land.stage.drought import drought
from homeground.land.stage.one_epoch import climate
from homeground.running.steps import Work

RAIN_GRID = Grid(-17.0, 14.0, 0.1, 4, 8)
EAST = slice(4, 8)


@pytest.fixture(scope="module")
def dry(tmp_path_factory, new_land, where):
    """Forty years of rain; in the east a two-hundredth of the demand falls."""
    land = new_land(tmp_path_factory.mktemp("dry") / "made")
    land.folder.mkdir()
    land.layers = {}
    land.shapes = [where["columns"](0, 6), where["columns"](10, 14)]  # apart: maps of the climate are smooth
    random = np.random.default_rng(4)
    rain = random.gamma(1.0, 60.0, (480, 1, 1)) * np.ones((480, *RAIN_GRID.shape))
    rain[..., EAST] *= 0.01
    normals = np.full((12, *RAIN_GRID.shape), 60.0)
    normals[..., EAST] = 0.6
    land.write("rain.tif", rain.astype("float32"), grid=RAIN_GRID)
    land.write("rain12.tif", normals.astype("float32"), grid=RAIN_GRID)
    land.write("warm12.tif", np.full((12, *RAIN_GRID.shape), 28.0, "float32"), grid=RAIN_GRID)
    study = land.study(
        "",
        rain='"rain12.tif"',
        temperature='"warm12.tif"',
        rain_series='{ path = "rain.tif", first = "1981-01", units = "mm" }',
    )
    out = land.folder.parent / "out"
    out.mkdir()
    work = Work(study, out, out)
    climate(work)
    drought(work)
    return out


def test_hyper_arid_land_is_not_applicable_and_has_no_droughts(dry):
    areas = pd.read_parquet(dry / "drought.parquet")
    assert set(areas.loc[areas["region_id"] == "B", "drought_class"]) == {-1}
    assert -1 not in set(areas.loc[areas["region_id"] == "A", "drought_class"])
    events = pd.read_parquet(dry / "drought_events.parquet")
    assert set(events["region_id"]) == {"A"}
    assert set(events["mode"]) == {"threshold", "mckee"}
