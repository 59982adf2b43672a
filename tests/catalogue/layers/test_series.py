# SPDX-License-Identifier: Apache-2.0
"""What files of a study say of their steps, units and grid, and every way in which they can be wrong."""

from __future__ import annotations

import numpy as np
import pytest
import rasterio
from rasterio.transform import Affine, from_origin

from homeground.catalogue.grids.grid import Grid
from homeground.catalogue.layers.alignment import read_map, read_months, read_steps, read_years
from homeground.catalogue.layers.series import layers, open_series, problems_of_layers
from homeground.errors import DataError, StudyError
from homeground.study.model import matching
from homeground.study.opening import open_study

GRID = Grid(-17.0, 14.0, 0.5, 2, 3)


def tiff(path, values, *, described=(), grid=GRID, **more):
    """Write bands, rows, columns; what is not a creation option is set on the bands."""
    values = np.asarray(values)
    values = values if values.ndim == 3 else values[None]
    units, scales, offsets = (more.pop(name, None) for name in ("units", "scales", "offsets"))
    place = {"crs": "EPSG:4326", "transform": from_origin(grid.west, grid.north, grid.step, grid.step)} | more
    count, height, width = values.shape
    with rasterio.open(
        path, "w", driver="GTiff", width=width, height=height, count=count, dtype=values.dtype, **place
    ) as file:
        file.write(values)
        for band, text in enumerate(described, start=1):
            file.set_band_description(band, text)
        if units:
            file.set_band_unit(1, units)
        if scales:
            file.scales = (scales,) * count
        if offsets:
            file.offsets = (offsets,) * count


@pytest.fixture
def given(tmp_path):
    """A study of one layer, as its file would say it."""

    def make(layer, said, also=""):
        text = f'title = "t"\ncountries = ["GMB"]\n[data]\n{layer} = {said}\n{also}\n'
        (tmp_path / "study.toml").write_text(text, encoding="utf-8")
        return open_study(tmp_path)

    return make


def steps_of(count, dtype="float32"):
    """Band k holds k / 10 everywhere, so that a wrong order shows."""
    return (np.arange(count)[:, None, None] / 10 + np.zeros((1, *GRID.shape))).astype(dtype)


def first_cells(series, years):
    return read_years(series, GRID, years).values[:, 0, 0].tolist()


def test_bands_by_description_are_put_in_order_of_their_years(tmp_path, given):
    tiff(tmp_path / "ndvi.tif", steps_of(3), described=["NDVI 2003", "NDVI 2001", "NDVI 2002"])
    series = open_series(given("ndvi", '"ndvi.tif"'), "ndvi")
    assert series.steps == ("2001", "2002", "2003")
    assert first_cells(series, [2001, 2002, 2003]) == pytest.approx([0.1, 0.2, 0.0])
    assert read_years(series, GRID, [2000, 2003, 2009])["year"].values.tolist() == [2003]  # never made up


def test_bands_counted_from_the_first_and_files_named_by_year(tmp_path, given):
    tiff(tmp_path / "whole.tif", steps_of(3))
    series = open_series(given("ndvi", '{ path = "whole.tif", first = "2015" }'), "ndvi")
    assert series.years == (2015, 2016, 2017)
    for year, k in ((2019, 7), (2018, 8)):
        tiff(tmp_path / f"ndvi_{year}.tif", steps_of(9)[k])
    series = open_series(given("ndvi", '"ndvi_*.tif"'), "ndvi")
    assert first_cells(series, [2018, 2019]) == pytest.approx([0.8, 0.7])


def test_files_that_a_pattern_finds_are_counted_2_before_10(tmp_path, given):
    for k in range(12):
        tiff(tmp_path / f"ndvi_{k + 1}.tif", steps_of(12)[k])
    series = open_series(given("ndvi", '{ path = "ndvi_*.tif", first = "2001" }'), "ndvi")
    assert first_cells(series, [2001, 2002, 2003, 2010]) == pytest.approx([0.0, 0.1, 0.2, 0.9])
    for name in ("b", "a2x", "a²", "a02x", "a10", "9"):  # a letter, a power and a number begin or end a name
        (tmp_path / f"{name}.csv").touch()
    assert [file.stem for file in matching(tmp_path, "*.csv")] == ["9", "a02x", "a2x", "a10", "a²", "b"]


def test_single_bands_that_say_their_year_need_no_year_in_the_name(tmp_path, given):
    for name, year in (("a", 2004), ("b", 2003)):
        tiff(tmp_path / f"{name}.tif", steps_of(1), described=[str(year)])
    assert open_series(given("ndvi", '"?.tif"'), "ndvi").steps == ("2003", "2004")


def test_months_run_over_the_year(tmp_path, given):
    tiff(tmp_path / "rain.tif", steps_of(7) * 100)
    series = open_series(given("rain_series", '{ path = "rain.tif", first = "1981-07", units = "mm" }'), "rain_series")
    months = read_months(series, GRID)
    assert months["time"].values.astype("datetime64[M]").astype(str).tolist()[5:] == ["1981-12", "1982-01"]
    assert months.values[:, 1, 2].tolist() == pytest.approx([0, 10, 20, 30, 40, 50, 60])
    assert months.dims == ("time", "latitude", "longitude")


def test_a_year_is_the_mean_of_its_half_months_where_85_percent_are_known(tmp_path, given):
    days = [f"2001-{month:02d}-{day}" for month in range(1, 13) for day in ("01", "16")]
    values = np.tile(np.arange(24.0, dtype="float32")[:, None, None] / 100, (1, *GRID.shape))
    values[[0, 1, 2], 0, 0] = -9  # 21 of 24 are 87.5 %: known
    values[[0, 1, 2, 3], 0, 1] = -9  # 20 of 24 are 83.3 %: not
    tiff(tmp_path / "ndvi.tif", values, described=days, nodata=-9)
    year = read_years(open_series(given("ndvi", '"ndvi.tif"'), "ndvi"), GRID, [2001]).values[0]
    assert year[0, 0] == pytest.approx(np.mean(np.arange(3, 24)) / 100)
    assert np.isnan(year[0, 1])
    assert year[1, 1] == pytest.approx(0.115)


def test_nodata_scale_and_offset_of_file_and_study(tmp_path, given):
    raw = np.full((2, *GRID.shape), 4000, "int16")
    raw[0, 0, 0], raw[1, 0, 0] = -32768, -3000
    tiff(tmp_path / "n.tif", raw, nodata=-32768, described=["2001", "2002"], scales=0.0001, offsets=0.05)
    own = open_series(given("ndvi", '"n.tif"'), "ndvi")
    found = read_years(own, GRID, [2001, 2002]).values[:, 0]
    assert np.isnan(found[0, 0])
    assert found[1, :2].tolist() == pytest.approx([-0.25, 0.45])
    assert found.dtype == np.float32
    said = open_series(given("ndvi", '{ path = "n.tif", scale = 0.00003, nodata = -3000 }'), "ndvi")
    with pytest.raises(DataError, match="scale and nodata"):  # -32768 is a value now; 32768 * 0.0001 - 0.05 = 3.2
        read_steps(open_series(given("ndvi", '{ path = "n.tif", scale = 0.0001, nodata = -3000 }'), "ndvi"), GRID, [0])
    assert np.isnan(read_steps(said, GRID, [1])[0, 0, 0])
    assert read_steps(said, GRID, [0])[0, 0, :2].tolist() == pytest.approx([0.05 - 32768 * 0.00003, 0.17])


@pytest.mark.parametrize(
    ("layer", "units", "stored", "read", "unit"),
    [
        ("temperature_series", "K", 300.0, 26.85, "degC"),
        ("temperature_series", "degC", 21.0, 21.0, "degC"),
        ("soil_carbon", "kg/m2", 4.5, 45.0, "t C/ha"),  # 1 kg/m2 = 10 t/ha
        ("soil_carbon", "g/m2", 4500.0, 45.0, "t C/ha"),
        ("soil_carbon", "t/ha", 45.0, 45.0, "t C/ha"),
        ("rain_series", "mm/day", 3.0, 3.0, "mm/day"),  # kept: the days of the month are known later
        ("rain_series", "kg m-2 s-1", 1e-5, 1e-5, "kg m-2 s-1"),
    ],
)
def test_units_are_converted_or_kept(tmp_path, given, layer, units, stored, read, unit):
    tiff(tmp_path / "x_2001-01.tif", np.full(GRID.shape, stored, "float64"), units=units)
    series = open_series(given(layer, '"x_2001-01.tif"'), layer)
    assert series.units == unit
    assert read_steps(series, GRID, [0])[0, 0, 0] == pytest.approx(read)


@pytest.mark.parametrize(
    ("layer", "stored", "read", "spellings"),
    [
        ("tmin_series", 21.0, 21.0, ["Celsius", "degrees Celsius", "degree_Celsius", "deg C", "DEGC", "C"]),
        ("tmin_series", 300.0, 26.85, ["Kelvin", "kelvin", "K"]),
        ("ndvi", 0.5, 0.5, ["NDVI", "unitless", "Index", "dimensionless", "-", "1"]),
    ],
)
def test_units_are_read_as_software_spells_them(tmp_path, given, layer, stored, read, spellings):
    also = 'tmax_series = "x_2001-01.tif"' if layer == "tmin_series" else ""
    for units in spellings:
        tiff(tmp_path / "x_2001-01.tif", np.full(GRID.shape, stored, "float64"), units=units)
        series = open_series(given(layer, '"x_2001-01.tif"', also), layer)
        assert read_steps(series, GRID, [0])[0, 0, 0] == pytest.approx(read), units
        with pytest.raises(DataError, match=rf'units are "{units}".*units = "UNIT" in the study'):
            open_series(given("soil_carbon", '"x_2001-01.tif"'), "soil_carbon")


@pytest.mark.parametrize("said", ["", ', units = "inches"'])
def test_units_that_are_missing_or_unknown_are_refused(tmp_path, given, said):
    tiff(tmp_path / "soc.tif", np.full(GRID.shape, 45.0))
    with pytest.raises(DataError, match=r"soil_carbon.*t C/ha"):
        open_series(given("soil_carbon", f'{{ path = "soc.tif"{said} }}'), "soil_carbon")


@pytest.mark.parametrize(
    ("layer", "said", "described", "match"),
    [
        ("ndvi", '"x.tif"', ["a", "b"], r"year of 2 of 2 bands is not known.*first ="),
        ("ndvi", '"x.tif"', ["2001", "2001"], "2001 come.*more than once"),
        ("rain_series", '{ path = "x.tif", units = "mm" }', ["2001-05-01", "2001-05-16"], "2001-05 come.*once"),
        ("rain_series", '{ path = "x.tif", units = "mm" }', ["2001", "2002"], "name no month"),
        ("climate_zone", '"x.tif"', ["", ""], "2 bands, one map was expected"),
    ],
)
def test_steps_that_are_not_known_or_doubled(tmp_path, given, layer, said, described, match):
    tiff(tmp_path / "x.tif", steps_of(2), described=described)
    with pytest.raises(DataError, match=match):
        open_series(given(layer, said), layer)


def test_files_of_a_series_must_agree_in_grid_scale_nodata_and_units(tmp_path, given):
    tiff(tmp_path / "n_2001.tif", np.full(GRID.shape, 4000, "int16"), nodata=-1, scales=0.0001)
    study = given("ndvi", '"n_*.tif"')
    tiff(tmp_path / "n_2002.tif", np.full(GRID.shape, 4000, "int16"), grid=Grid(-17.0, 14.5, 0.5, 2, 3))
    with pytest.raises(DataError, match=r"n_2002\.tif and n_2001\.tif lie on different grids"):
        open_series(study, "ndvi")
    for other in ({"nodata": -2, "scales": 0.0001}, {"nodata": -1, "scales": 0.001}, {"nodata": -1, "offsets": 1.0}):
        tiff(tmp_path / "n_2002.tif", np.full(GRID.shape, 4000, "int16"), **other)
        with pytest.raises(DataError, match=r"n_2002\.tif and n_2001\.tif differ in"):
            open_series(study, "ndvi")
    said = given("ndvi", '{ path = "n_*.tif", scale = 0.0001, nodata = -1 }')
    tiff(tmp_path / "n_2002.tif", np.full(GRID.shape, 5000, "int16"), nodata=-2)  # the study says it for all
    assert first_cells(open_series(said, "ndvi"), [2001, 2002]) == pytest.approx([0.4, 0.5])


def test_places_that_cannot_be_told(tmp_path, given):
    tiff(tmp_path / "z.tif", np.ones(GRID.shape, "uint8"))
    study = given("climate_zone", '"z.tif"')
    tiff(tmp_path / "z.tif", np.ones(GRID.shape, "uint8"), crs=None, transform=Affine.scale(2, 2))
    with pytest.raises(DataError, match=r"(?s)no coordinate system.*north to south"):  # both told at once
        open_series(study, "climate_zone")
    turned = from_origin(-17, 14, 0.5, 0.5) * Affine.rotation(20)
    tiff(tmp_path / "z.tif", np.ones(GRID.shape, "uint8"), transform=turned)
    with pytest.raises(DataError, match="gdalwarp"):
        open_series(study, "climate_zone")
    (tmp_path / "z.tif").write_text("no raster")
    with pytest.raises(DataError, match=r"cannot read z\.tif.*GeoTIFF, NetCDF or Zarr"):
        open_series(study, "climate_zone")


def test_values_beyond_what_is_possible_name_the_remedy(tmp_path, given):
    tiff(tmp_path / "n.tif", np.full((1, *GRID.shape), 4000, "int16"))
    series = open_series(given("ndvi", '{ path = "n.tif", first = "2001" }'), "ndvi")
    with pytest.raises(DataError, match=r"4000 to 4000, -1.2 to 1.2 was expected\. Say scale"):
        read_years(series, GRID, [2001])
    tiff(tmp_path / "n.tif", np.full((1, *GRID.shape), -1, "int16"), nodata=-1)
    empty = open_series(given("ndvi", '{ path = "n.tif", first = "2001" }'), "ndvi")
    assert np.isnan(read_years(empty, GRID, [2001]).values).all()  # told where the study is put together


@pytest.mark.parametrize(
    ("layer", "units", "value", "match"),
    [
        ("pet_series", "mm", -9999.0, r"pet_series reaches from -9999 .*-50 to 1500 was expected"),
        ("et_series", "mm", -9999.0, "et_series reaches"),
        ("et_series", "mm", 32_766.0, "et_series reaches"),  # a fill value of MOD16
        ("rain_series", "mm", 1e20, "rain_series reaches"),
        ("pet_series", "mm/day", 60.0, r"reaches from 60 to 60 mm/day, -1\.6"),  # 1826 mm in a mean month
        ("pet_series", "kg m-2 s-1", -9999.0, "pet_series reaches"),
        ("pet_series", "mm", -3.0, ""),  # dew
        ("pet_series", "mm/day", 20.0, ""),
        ("rain_series", "kg m-2 s-1", 3e-3, ""),  # 7889 mm in a mean month
        ("rain_series", "kg m-2 s-1", 4e-3, "rain_series reaches"),  # 10519 mm
    ],
)
def test_every_monthly_layer_has_limits_in_its_units(tmp_path, given, layer, units, value, match):
    tiff(tmp_path / "x_2001-01.tif", np.full(GRID.shape, value), units=units)
    series = open_series(given(layer, '"x_2001-01.tif"'), layer)
    if match:
        with pytest.raises(DataError, match=match):
            read_steps(series, GRID, [0])
    else:
        assert read_steps(series, GRID, [0])[0, 0, 0] == pytest.approx(value)


def test_layers_of_numbers_say_what_their_values_may_reach():
    assert [
        name for name, row in layers().items() if row["values"] == "number" and not (row["low"] and row["high"])
    ] == []


def test_problems_of_all_layers_are_told_together(tmp_path, given):
    tiff(tmp_path / "n.tif", steps_of(2))
    tiff(tmp_path / "rain.tif", steps_of(11))
    (tmp_path / "zone.tif").write_text("no raster")
    tiff(tmp_path / "soc.tif", np.full(GRID.shape, 45.0), units="t/ha")
    also = 'climate_zone = "zone.tif"\nsoil_carbon = "soc.tif"\nrain = "rain.tif"'
    found = problems_of_layers(given("ndvi", '"n.tif"', also))
    assert [text.split(":")[0] for text in found] == ["rain", "ndvi", "climate_zone"]
    assert "11 bands, twelve monthly normals" in found[0]
    assert 'Say the first: ndvi = { path = "n.tif", first = "2001" }' in found[1]
    assert "cannot read zone.tif" in found[2]
    assert problems_of_layers(given("soil_carbon", '"soc.tif"')) == []


def test_classes_keep_large_codes_and_their_nodata(tmp_path, given):
    codes = np.array([[210, 220, 255], [0, 12, 10]], "uint8")
    tiff(tmp_path / "s.tif", codes, nodata=255)
    found = read_map(open_series(given("soil_type", '"s.tif"'), "soil_type"), GRID)
    assert found.values.tolist() == [[210, 220, -128], [0, 12, 10]]


@pytest.mark.parametrize(
    ("data", "land", "expected"),
    [
        ('ndvi = { path = "n.tif", scal = 0.1 }', "", [r"data\.ndvi\.scal", 'Did you mean "scale"']),
        ('ndvi = "nowhere/*.tif"', "", [r'data\.ndvi: nothing is called "nowhere/\*\.tif"']),
        ('ndvi = { path = "n.tif", first = "05-2001" }', "", [r"data\.ndvi\.first", "05-2001"]),
        ('cover_series = "n.tif"', "", [r"data\.cover_series: say its legend"]),
        ('cover_series = { path = "n.tif", legend = "own.csv" }', "", [r'legend.*"own\.csv"']),
        ('tmin_series = "n.tif"', "", ["tmin_series and data.tmax_series belong together"]),
        ('ndvi = "n.tif"', 'trend_of = "rain-use"', [r"needs data\.rain_series"]),
        ('matrix_zones = "n.tif"', "", [r"matrix_zones needs data\.matrix"]),
        ('rain_series = "n.tif"\nndvi = "a.tif"\npet_series = "b.tif"', "", [r"a\.tif", r"b\.tif", "2 problems"]),
    ],
)
def test_faults_of_the_study_file(tmp_path, data, land, expected):
    tiff(tmp_path / "n.tif", np.ones(GRID.shape, "float32"))
    text = f'title = "t"\ncountries = ["GMB"]\n[data]\n{data}\n[land]\n{land}\n'
    (tmp_path / "study.toml").write_text(text, encoding="utf-8")
    before = sorted(tmp_path.iterdir())
    with pytest.raises(StudyError) as caught:
        open_study(tmp_path)
    for part in expected:
        assert caught.match(part)
    assert sorted(tmp_path.iterdir()) == before  # nothing is written


def test_a_layer_that_is_not_given_is_none(given, tmp_path):
    tiff(tmp_path / "n.tif", np.ones(GRID.shape, "float32"))
    assert open_series(given("ndvi", '"n.tif"'), "soil_type") is None
