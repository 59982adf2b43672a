# SPDX-License-Identifier: Apache-2.0
"""The planted land with every layer in metres (UTM 28 north): the same classes and the same areas."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import rasterio
from rasterio.transform import from_origin
from rasterio.warp import transform, transform_bounds

UTM, CELL, AROUND = "EPSG:32628", 200.0, 10_000.0


def to_metres(name, grid, folder):
    """Write a file anew in cells of 200 m, each with the value of the cell of the first grid that it lies in."""
    with rasterio.open(folder / name) as file:
        values, profile = file.read(), file.profile
    west, south, east, north = transform_bounds("EPSG:4326", UTM, *grid.bounds)
    west, north = west - AROUND, north + AROUND  # the blocks at the edge go on outside
    columns, rows = (round((b - a + AROUND) / CELL) for a, b in ((west, east), (south, north)))
    x, y = np.meshgrid(west + CELL * (np.arange(columns) + 0.5), north - CELL * (np.arange(rows) + 0.5))
    longitude, latitude = (np.reshape(one, x.shape) for one in transform(UTM, "EPSG:4326", x.ravel(), y.ravel()))
    column = np.clip(np.floor((longitude - grid.west) / grid.step), 0, values.shape[2] - 1).astype(int)
    row = np.clip(np.floor((grid.north - latitude) / grid.step), 0, values.shape[1] - 1).astype(int)
    place = from_origin(west, north, CELL, CELL)
    with rasterio.open(
        folder / name, "w", **profile | {"crs": UTM, "transform": place, "width": columns, "height": rows}
    ) as file:
        file.write(values[:, row, column])


@pytest.fixture(scope="module")
def both(tmp_path_factory, new_land, where):
    """The land in degrees, in metres on the same grid, and in metres on the grid nearest to the file's own."""
    found = {}
    for name, rule in (("degrees", ""), ("metres", "grid = 0.05"), ("own", "")):
        land = new_land(tmp_path_factory.mktemp(name) / "made")
        land.ndvi[:, *where["gap"]] = 0.5
        # A cell at the edge of a block takes a little of its neighbour: enough for a trend where nothing else moves.
        land.ndvi += 0.01 * np.sin(2.4 * np.arange(24))[:, None, None]
        if name != "degrees":
            write = land.write

            def written(file, *given, _write=write, _folder=land.folder, **named):
                _write(file, *given, **named)
                to_metres(file, where["grid"], _folder)

            land.write = written
        found[name] = land.run(f"sensitivity = false\n{rule}")
    return found


@pytest.mark.parametrize(
    "field",
    ["productivity_baseline", "productivity_period", "cover_change_baseline", "carbon_change_period", "status"],
)
def test_the_same_classes(both, field):
    np.testing.assert_array_equal(both["metres"].field(field), both["degrees"].field(field))


def test_the_same_areas(both):
    for name in ("degradation", "land_status", "ldn_balance"):
        pd.testing.assert_frame_equal(both["metres"].table(name), both["degrees"].table(name), rtol=1e-9)


def test_how_each_layer_came_to_the_grid_is_told(both):
    told = both["metres"].table("alignment").set_index("layer")
    assert set(told["crs"]) == {UTM}
    assert told["method"].to_dict() == {
        "ndvi": "average", "cover_series": "mode", "soil_carbon": "average", "climate_zone": "mode",
    }  # fmt: skip
    assert (told["step"] == CELL).all()


def test_on_its_own_grid_the_areas_are_those_of_the_land_up_to_its_edges(both):
    own, planted = (both[name].table("land_status").groupby("status")["area_km2"].sum() for name in ("own", "degrees"))
    assert own.sum() == pytest.approx(planted.sum(), rel=1e-6)  # the regions' own area, in either grid
    edges = 10 * 8 * 5.6 * 0.2  # km2: a cell of the file along both sides of each of the blocks' ten edges
    assert (own - planted).abs().max() < edges
    assert both["own"].table("alignment")["grid_step"].iloc[0] == pytest.approx(CELL / 111_000, rel=0.03)
