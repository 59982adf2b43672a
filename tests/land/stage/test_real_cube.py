# SPDX-License-Identifier: Apache-2.0
"""Real vegetation from files to tables: 34 years of half-months of the Bale Mountains, cell by cell against SciPy."""

from __future__ import annotations

import json

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import xarray as xr
from scipy.stats import kendalltau, theilslopes
from shapely.geometry import box

from homeground.chain import run as chain
from homeground.study.opening import open_study

WEST, NORTH, STEP = 39.5, 7.25, 1 / 12  # where the cube is laid; its own place is not in the file
STUDY = """title = "Bale"
countries = ["ETH"]
regions = "custom"
baseline = [1982, 1997]
period = [1998, 2015]
[data]
regions = "bale.geojson"
ndvi = { path = "bale.nc", variable = "ndvi" }
[land]
sensitivity = false
"""


@pytest.fixture(scope="module")
def half_months(shared_data):
    return np.load(shared_data / "land/ndvi/bale3g_v1.npz")["raw"].reshape(-1, 6, 6)


@pytest.fixture(scope="module")
def results(half_months, tmp_path_factory):
    folder = tmp_path_factory.mktemp("study") / "bale"
    folder.mkdir()
    first = np.datetime64("1981-07")
    months = first + np.arange(half_months.shape[0] // 2)
    days = np.stack([months.astype("datetime64[D]"), months.astype("datetime64[D]") + 15], axis=1).ravel()
    place = np.arange(6) + 0.5
    coords = {"time": days.astype("datetime64[ns]"), "latitude": NORTH - place * STEP, "longitude": WEST + place * STEP}
    cube = xr.DataArray(half_months, coords, ("time", "latitude", "longitude"), "ndvi", {"units": "1"})
    cube.to_netcdf(folder / "bale.nc")
    shape = box(WEST, NORTH - 6 * STEP, WEST + 6 * STEP, NORTH)
    regions = gpd.GeoDataFrame({"region_id": ["bale"], "iso3": ["ETH"], "name": ["Bale"]}, geometry=[shape], crs=4326)
    regions.to_file(folder / "bale.geojson")
    (folder / "study.toml").write_text(STUDY, encoding="utf-8")
    return chain.run(open_study(folder), only=["land"], root=tmp_path_factory.mktemp("results"))


def fields(results, store="vegetation"):
    return xr.open_zarr(results / "land.zarr" / store, zarr_format=3, consolidated=False, mask_and_scale=False).load()


def test_slopes_and_chances_of_every_cell_are_scipys(half_months, results):
    yearly = half_months[12:].reshape(34, 24, 6, 6).mean(axis=1, dtype=float)
    found, compared = fields(results), 0
    for period, first in (("baseline", 1982), ("period", 2000)):
        window = yearly[first - 1982 : first - 1982 + 16]
        for row, column in np.ndindex(6, 6):
            series = window[:, row, column]
            slope = theilslopes(series, np.arange(16)).slope
            # The store holds float32 of float32 means: a yearly mean is known to some 3e-8.
            assert found[f"slope_{period}"].values[row, column] == pytest.approx(slope, abs=2e-8)
            if np.unique(series.astype("float32")).size == 16:
                tau = kendalltau(np.arange(16), series, method="exact")
                assert found[f"p_{period}"].values[row, column] == pytest.approx(tau.pvalue, rel=1e-6)
                expected = int(np.sign(tau.statistic)) if tau.pvalue <= 0.05 else 0
                assert found[f"trend_exact_{period}"].values[row, column] == expected
                compared += 1
    assert compared > 60


def test_the_tables_hold_the_classes_of_the_cells_by_area(results):
    table = pd.read_parquet(results / "degradation.parquet")
    classes = fields(results, "degradation")["productivity_period"].values
    assert set(np.unique(classes)) <= {1, 2, 3, 4, 5}
    # A cell of a twelfth of a degree: 110.6 km a degree of latitude, 111.32 cos(latitude) a degree of longitude.
    middle = np.deg2rad(NORTH - (np.arange(6) + 0.5) * STEP)
    area = np.repeat((110.6 * STEP * 111.32 * np.cos(middle) * STEP)[:, None], 6, axis=1)
    now = table[table["period"] == "period"]
    for code in np.unique(classes):
        km2 = now.loc[now["productivity"] == code, "area_km2"].sum()
        assert km2 == pytest.approx(area[classes == code].sum(), rel=2e-3)
    declining = pd.read_parquet(results / "regions" / "land.parquet")["land_productivity_declining"].item()
    assert declining == pytest.approx(100 * np.isin(classes, (1, 2)).mean(), abs=0.3)


def test_what_is_missing_for_a_verdict_is_said(results):
    facts = json.loads((results / "degradation.json").read_text("utf-8"))
    assert facts["missing"] == ["cover_series", "soil_carbon"]
    assert "degraded_share" not in facts
    assert "land_degraded" not in pd.read_parquet(results / "regions" / "land.parquet")
