# SPDX-License-Identifier: Apache-2.0
"""Values on another grid against slow, plain twins; a tile is the same cells of the whole."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
import rasterio
import rasterio.vrt
from hypothesis import given
from hypothesis import strategies as st
from rasterio.transform import from_origin
from rasterio.warp import transform as to_degrees

from homeground.catalogue.grids.grid import Grid, clipped
from homeground.catalogue.grids.resampling import bilinear, nearest, warped
from homeground.catalogue.grids.tiles import tiles
from homeground.catalogue.layers import alignment as aligned
from homeground.catalogue.layers.alignment import alignment, alignment_table, method, native_grid, read_steps
from homeground.catalogue.layers.series import open_series
from homeground.errors import DataError
from homeground.study.opening import open_study

SINUSOIDAL = "+proj=sinu +lon_0=0 +x_0=0 +y_0=0 +R=6371007.181 +units=m +no_defs"
RANDOM = np.random.default_rng(7)


@pytest.fixture
def layer(tmp_path):
    """A file of one or more bands: ndvi (numbers) or soil_type (classes)."""

    def make(values, name="ndvi", *, crs="EPSG:4326", west=-17.0, north=14.0, step=0.1):
        values = np.asarray(values)
        values = values if values.ndim == 3 else values[None]
        step_x, step_y = step if isinstance(step, tuple) else (step, step)
        missing = -1 if name == "soil_type" else np.nan
        with rasterio.open(
            tmp_path / f"{name}.tif", "w", driver="GTiff", width=values.shape[2], height=values.shape[1],
            count=len(values), dtype=values.dtype, crs=crs, transform=from_origin(west, north, step_x, step_y),
            nodata=missing,
        ) as file:  # fmt: skip
            file.write(values)
        said = ', first = "2001"' if name == "ndvi" else ""
        text = f'title = "t"\ncountries = ["GMB"]\n[data]\n{name} = {{ path = "{name}.tif"{said} }}\n'
        (tmp_path / "study.toml").write_text(text, encoding="utf-8")
        return open_series(open_study(tmp_path), name)

    return make


def numbers(*shape):
    return RANDOM.random(shape).astype("float32")


def codes(*shape):
    return RANDOM.integers(0, 5, shape).astype("int16")


def test_the_same_cells_are_copied_and_what_lies_outside_is_missing(layer):
    values = numbers(2, 6, 8)
    values[0, 2, 3] = np.nan
    series = layer(values)
    inner = Grid(-16.8, 13.9, 0.1, 3, 4)
    assert method(series, inner) == "as it lies"
    np.testing.assert_array_equal(read_steps(series, inner, [1, 0]), values[[1, 0], 1:4, 2:6])
    wider = read_steps(series, Grid(-17.2, 14.1, 0.1, 9, 11), [0])[0]
    np.testing.assert_array_equal(wider[1:7, 2:10], values[0])
    assert np.isnan(np.delete(wider, range(1, 7), axis=0)).all()
    assert np.isnan(read_steps(series, Grid(20.0, 5.0, 0.1, 2, 2), [0])).all()


@pytest.mark.parametrize("ratio", [2, 3, 5])
def test_finer_numbers_are_averaged_over_the_known_cells(layer, ratio):
    values = numbers(6 * ratio, 4 * ratio)
    values[: ratio // 2 + 1, : ratio // 2 + 1] = np.nan
    values[-ratio:, -ratio:] = np.nan  # a cell without any
    series, grid = layer(values, step=0.3 / ratio), Grid(-17.0, 14.0, 0.3, 6, 4)
    assert method(series, grid) == "average"
    blocks = values.astype("float64").reshape(6, ratio, 4, ratio).transpose(0, 2, 1, 3).reshape(6, 4, -1)
    expected = [[np.mean(b[np.isfinite(b)]) if np.isfinite(b).any() else np.nan for b in row] for row in blocks]
    np.testing.assert_allclose(read_steps(series, grid, [0])[0], expected, rtol=1e-6)


def test_finer_classes_give_the_most_frequent_one(layer):
    values = codes(30, 25)
    values[RANDOM.random(values.shape) < 0.2] = -1
    values[:5, :5] = -1
    series, grid = layer(values, "soil_type", step=0.02), Grid(-17.0, 14.0, 0.1, 6, 5)
    assert method(series, grid) == "mode"
    found = read_steps(series, grid, [0])[0]
    for i, j in np.ndindex(found.shape):
        counted = Counter(v for v in values[5 * i : 5 * i + 5, 5 * j : 5 * j + 5].ravel().tolist() if v >= 0)
        most = max(counted.values(), default=0)
        assert found[i, j] in {code for code, n in counted.items() if n == most} if counted else found[i, j] == -128


def test_classes_that_fit_go_to_the_mode_as_int16_and_give_the_same_as_wider_ones(monkeypatch):
    seen = []

    class Spy(rasterio.vrt.WarpedVRT):
        def __init__(self, source, **more):
            seen.append(source.dtypes[0])
            super().__init__(source, **more)

    monkeypatch.setattr("homeground.catalogue.grids.resampling.WarpedVRT", Spy)
    values = codes(1, 60, 60).astype("int32")  # five codes in cells of 16: many ties
    values[RANDOM.random(values.shape) < 0.2] = -128
    wide = values.copy()
    wide[0, :4, :4] = 100_000  # beyond int16, in the first cell alone
    grid = Grid(-17.0, 14.0, 0.04, 15, 15)
    short, long = (
        warped(each, "EPSG:4326", from_origin(-17.0, 14.0, 0.01, 0.01), grid, "mode", -128) for each in (values, wide)
    )
    assert seen == ["int16", "int32"]
    assert short.dtype == long.dtype == np.int32
    assert long[0, 0, 0] == 100_000
    np.testing.assert_array_equal(short.ravel()[1:], long.ravel()[1:])


@pytest.mark.parametrize("kind", ["ndvi", "soil_type"])
@pytest.mark.parametrize("strips", [False, True])
def test_a_file_much_finer_than_the_grid_is_read_part_by_part(layer, monkeypatch, kind, strips):
    series = layer(numbers(2, 80, 60) if kind == "ndvi" else codes(80, 60), kind, step=0.01)
    series = replace(series, look=replace(series.look, strips=strips))
    grid = Grid(-17.075, 14.075, 0.05, 20, 15)  # reaches beyond the file
    steps = range(len(series.steps))
    whole, sizes, read = read_steps(series, grid, steps), [], aligned._read

    def watched(series, chosen, rows, columns):
        sizes.append((rows.stop - rows.start) * (columns.stop - columns.start))
        return read(series, chosen, rows, columns)

    monkeypatch.setattr(aligned, "_WARP_CELLS", 1000)
    monkeypatch.setattr(aligned, "_read", watched)
    np.testing.assert_allclose(read_steps(series, grid, steps), whole, rtol=1e-6)
    assert len(sizes) > 5
    assert max(sizes) <= 1000


def plain_bilinear(values, row, column):
    """Row and column count from the first centre; missing neighbours have no weight."""
    if np.isnan(values[math.floor(row + 0.5), math.floor(column + 0.5)]):
        return math.nan
    total = weight = 0.0
    for i in (math.floor(row), math.floor(row) + 1):
        for j in (math.floor(column), math.floor(column) + 1):
            share = (1 - abs(row - i)) * (1 - abs(column - j))
            value = values[min(max(i, 0), len(values) - 1), min(max(j, 0), values.shape[1] - 1)]
            if not np.isnan(value):
                total, weight = total + share * value, weight + share
    return total / weight


def test_coarser_numbers_are_interpolated_between_centres(layer):
    values = numbers(5, 6)
    values[2, 3] = np.nan
    series, grid = layer(values), Grid(-17.0, 14.0, 0.04, 12, 15)
    assert method(series, grid) == "bilinear"
    found = read_steps(series, grid, [0])[0]
    for i, j in np.ndindex(grid.shape):
        expected = plain_bilinear(values, 0.4 * (i + 0.5) - 0.5, 0.4 * (j + 0.5) - 0.5)
        assert found[i, j] == pytest.approx(expected, rel=1e-5, nan_ok=True)


def test_one_point_by_hand():
    values = np.array([[0.0, 1.0], [10.0, 11.0]])
    # A quarter from the upper, three quarters from the left centre: 0.75 * (0.75) + 0.25 * (10.75) = 3.25
    assert bilinear(values, np.array([0.75]), np.array([1.25]))[0] == pytest.approx(3.25)
    assert np.isnan(bilinear(values, np.array([2.1, np.inf]), np.array([1.0, 1.0]))).all()
    assert nearest(values, np.array([0.999, 1.0]), np.array([1.0, 2.0]), -1).tolist() == [1.0, -1.0]


def test_half_a_cell_aside(layer):
    values = numbers(4, 5)
    series, grid = layer(values), Grid(-16.95, 13.95, 0.1, 3, 4)
    mean_of_four = (values[:-1, :-1] + values[1:, :-1] + values[:-1, 1:] + values[1:, 1:]) / 4
    np.testing.assert_allclose(read_steps(series, grid, [0])[0], mean_of_four, rtol=1e-5)
    kinds = codes(4, 5)
    series = layer(kinds, "soil_type")
    assert method(series, grid) == "nearest"
    # On the line between cells the southern and eastern one is taken, the same everywhere.
    np.testing.assert_array_equal(read_steps(series, grid, [0])[0], kinds[1:, 1:])


def by_tiles(series, grid, shape):
    steps = range(len(series.steps))
    whole = np.zeros_like(read_steps(series, grid, steps))
    for tile in tiles(grid, shape):
        whole[(slice(None), *tile.slices)] = read_steps(series, tile.of(grid), steps)
    return whole


PLACES = {
    "degrees": {"crs": "EPSG:4326", "west": -17.0, "north": 14.0},
    "utm": {"crs": "EPSG:32628", "west": 283_000.0, "north": 1_548_000.0},
    "sinusoidal": {"crs": SINUSOIDAL, "west": -1_830_000.0, "north": 1_556_000.0},
}


@pytest.mark.parametrize("ratio", [0.3, 1.6])  # the file's step over the grid's
@pytest.mark.parametrize("kind", ["ndvi", "soil_type"])
@pytest.mark.parametrize("place", list(PLACES))
def test_tiles_are_the_whole(layer, place, kind, ratio):
    step = 0.02 * ratio * (1 if place == "degrees" else 108_000)
    cells = round(1.0 / 0.02 / ratio)
    values = numbers(2, cells, cells) if kind == "ndvi" else codes(cells, cells)
    values[RANDOM.random(values.shape) < 0.1] = np.nan if kind == "ndvi" else -1
    series = layer(values, kind, step=step, **PLACES[place])
    grid = Grid(-16.9, 13.9, 0.02, 37, 41)
    whole = read_steps(series, grid, range(len(series.steps)))
    assert (whole != -128).mean() > 0.8
    for shape in ((15, 20), (36, 40), (12, 41)):  # the second leaves a row, a column and a corner alone
        found = by_tiles(series, grid, shape)
        np.testing.assert_array_equal(np.isnan(found), np.isnan(whole))
        np.testing.assert_allclose(found, whole, rtol=1e-6 if kind == "ndvi" else 0)


@pytest.mark.parametrize("kind", ["ndvi", "soil_type"])
def test_a_cell_that_only_touches_the_file_is_missing(layer, kind):
    # Five degrees by five in steps of a quarter, on a grid of one degree that reaches a cell further all around.
    values = numbers(20, 20) if kind == "ndvi" else codes(20, 20)
    series, grid = layer(values, kind, west=-15.0, north=15.0, step=0.25), Grid(-16.0, 16.0, 1.0, 7, 7)
    assert method(series, grid) == {"ndvi": "average", "soil_type": "mode"}[kind]
    found = read_steps(series, grid, [0])[0]
    known = np.isfinite(found) if kind == "ndvi" else found != -128
    expected = np.zeros((7, 7), bool)
    expected[1:6, 1:6] = True
    np.testing.assert_array_equal(known, expected)


def test_a_step_that_drifts_over_the_file_is_another_grid_for_every_tile(layer):
    # 0.01 % of a cell in each: 4 % of a cell over the file, next to nothing over a tile of ten.
    values = numbers(400, 400)
    series, grid = layer(values, step=0.01 * (1 + 1e-4)), Grid(-17.0, 14.0, 0.01, 400, 400)
    assert method(series, grid) == "bilinear"
    assert {method(series, tile.of(grid)) for tile in tiles(grid, (10, 10))} == {"bilinear"}
    found, whole = by_tiles(series, grid, (133, 200)), read_steps(series, grid, [0])
    np.testing.assert_allclose(found, whole, rtol=1e-6)


@pytest.mark.parametrize("place", ["utm", "sinusoidal"])
def test_classes_of_a_projected_file_lie_where_they_belong(layer, place):
    there, step = PLACES[place], 3000
    values = np.arange(30 * 30, dtype="int16").reshape(30, 30)
    series = layer(values, "soil_type", step=step, **there)
    rows, columns = np.meshgrid(np.arange(2, 28), np.arange(2, 28), indexing="ij")
    x, y = there["west"] + (columns.ravel() + 0.5) * step, there["north"] - (rows.ravel() + 0.5) * step
    longitude, latitude = to_degrees(there["crs"], "EPSG:4326", x, y)
    for lon, lat, code in zip(longitude[::7], latitude[::7], values[2:28, 2:28].ravel()[::7], strict=True):
        around = Grid(lon - 0.001, lat + 0.001, 0.002, 1, 1)  # its centre is the cell's
        assert read_steps(series, around, [0]).item() == code
    native = native_grid(series)
    assert native.step == pytest.approx(step / 111_000, rel=0.05)
    west, south, east, north = native.bounds
    assert west <= min(longitude)
    assert south <= min(latitude)
    assert east >= max(longitude)
    assert north >= max(latitude)


@pytest.mark.parametrize("west", [-17.0, -16.95, 0.0, 12.3, 33.1])
def test_two_by_two_cells_have_a_mode_wherever_they_lie(layer, west):
    series = layer(codes(8, 8), "soil_type", west=west, step=0.05)
    assert method(series, Grid(west, 14.0, 0.1, 4, 4)) == "mode"


def test_the_grid_of_cells_that_are_not_square_is_the_finer_step(layer):
    series = layer(numbers(4, 10), step=(0.1, 0.25))
    assert native_grid(series) == Grid(-17.0, 14.0, 0.1, 10, 10)


@pytest.mark.parametrize(
    ("unit", "metres", "told"), [("m", 1, "m"), ("km", 1000, "km"), ("us-ft", 0.3048006096, "US survey foot")]
)
def test_a_step_is_told_in_the_unit_of_the_files_own_coordinates(layer, unit, metres, told):
    crs = f"+proj=laea +lat_0=13 +lon_0=-16 +datum=WGS84 +units={unit}"
    series = layer(numbers(10, 10), crs=crs, west=-50_000 / metres, north=50_000 / metres, step=10_000 / metres)
    row = alignment(series, Grid(-16.2, 13.2, 0.05, 8, 8))
    assert row["step_unit"] == told
    assert row["step"] * metres == pytest.approx(10_000)


def test_how_a_layer_came_to_the_grid_is_told(layer):
    series, grid = layer(numbers(10, 10)), Grid(-16.5, 14.0, 0.25, 4, 4)
    told = alignment(series, grid)
    assert (told["crs"], told["step"], told["grid_step"]) == ("EPSG:4326", 0.1, 0.25)
    assert (told["method"], told["first"], told["last"]) == ("average", "2001", "2001")
    assert told["bounds_covered"] == pytest.approx(0.5)
    assert told["step_unit"] == "degrees"
    assert len(alignment_table([series, None], grid)) == 1
    with pytest.raises(DataError, match=r"between -17\.00 and -16\.00 degrees east.*do not overlap"):
        alignment(series, Grid(10.0, 14.0, 0.25, 4, 4))


degree = st.integers(-400, 400).map(lambda n: n / 16)


@given(degree, degree, st.integers(1, 40), st.integers(1, 40), degree, degree, degree, degree)
def test_clipped_is_the_smallest_part_that_covers(west, north, rows, columns, a, b, c, d):
    grid = Grid(west, north, 0.25, rows, columns)
    bounds = min(a, b), min(c, d), max(a, b), max(c, d)
    found = clipped(grid, bounds)
    edges_x, edges_y = west + 0.25 * np.arange(columns + 1), north - 0.25 * np.arange(rows + 1)
    touched_x = (edges_x[1:] > bounds[0]) & (edges_x[:-1] < bounds[2])
    touched_y = (edges_y[1:] < bounds[3]) & (edges_y[:-1] > bounds[1])
    if not (touched_x.any() and touched_y.any()):
        return  # a line or nothing is touched: whether there is a part is not said
    assert found is not None
    assert (found.columns, found.rows) == (touched_x.sum(), touched_y.sum())
    assert (found.west, found.north) == (edges_x[np.argmax(touched_x)], edges_y[np.argmax(touched_y)])
