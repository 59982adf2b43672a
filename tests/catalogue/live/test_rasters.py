# SPDX-License-Identifier: Apache-2.0
"""Each provider of maps: its values, dates and missing cells reach the layer; its errors and changes are told."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import rasterio
import xarray as xr
from tests.catalogue.live import shapes
from tests.catalogue.live.providers import Answer, raster

from homeground.catalogue.layers.series import need_series
from homeground.catalogue.live import fetch as live
from homeground.catalogue.live.plan import wishes
from homeground.catalogue.live.rasters import ghsl, soilgrids
from homeground.catalogue.live.rasters.months import yearly_mean
from homeground.catalogue.live.transfer import Transfer
from homeground.catalogue.regions import study_regions
from homeground.study.opening import open_study

SHORT = "baseline = [2000, 2011]\nperiod = [2012, 2014]\n"


def study_of(folder: Path, countries: str = '["DJI"]', years: str = SHORT):
    folder.mkdir(parents=True)
    (folder / "study.toml").write_text(f'title = "T"\ncountries = {countries}\n{years}', encoding="utf-8")
    return open_study(folder)


def fetched(study, layers, degrees=None):
    wanted = [wish for wish in wishes(study, layers, degrees) if wish.state == "fetch"]
    assert wanted
    outcome = live.fetch(study, wanted, Transfer(sleep=lambda _: None))
    return outcome, open_study(study.file)


def at(study, key: str, label: str, longitude: float, latitude: float) -> float:
    """The value of a layer's band at a place; NaN where it is missing."""
    (path,) = study.layer_files(key)
    with rasterio.open(path) as file:
        band = file.descriptions.index(label) + 1
        value = file.read(band, masked=True)[file.index(longitude, latitude)]
        return float("nan") if np.ma.is_masked(value) else float(value) * file.scales[band - 1]


def serve_terraclimate(providers, units: str = "mm") -> dict[str, shapes.Thredds]:
    names, step = shapes.months(1985, 2014), 1 / 24
    lats, lons = 14 - step * (np.arange(108) + 0.5), 40 + step * (np.arange(120) + 0.5)
    made = {}
    for n, variable in enumerate(("ppt", "pet")):
        month = np.array([int(name[5:]) for name in names], "i2")
        values = np.broadcast_to((100 * month + 1000 * n)[:, None, None], (len(names), 108, 120)).astype("i2").copy()
        values[:, 50, 60] = -32768
        made[variable] = shapes.Thredds(
            variable, values, shapes.days_since(1900, names), "days since 1900-01-01", lats, lons,
            units=units, scale_factor=0.1, add_offset=0.0, _FillValue=-32768,
        )  # fmt: skip
        host = "thredds.northwestknowledge.net:8080/thredds/dodsC"
        providers.routes[f"/{host}/agg_terraclimate_{variable}_1958_CurrentYear_GLOBE.nc*"] = made[variable]
    return made


def test_terraclimate_is_unpacked_and_gives_rain_and_demand(providers, tmp_path):
    made = serve_terraclimate(providers)
    outcome, study = fetched(study_of(tmp_path / "s"), ["rain=terraclimate"])
    assert outcome.failed == {}
    assert need_series(study, "rain_series").steps[0] == "1985-01"  # thirty years
    assert at(study, "rain_series", "2001-07", 42.5, 11.5) == pytest.approx(70.0)
    assert at(study, "pet_series", "2001-07", 42.5, 11.5) == pytest.approx(170.0)
    missing = 40 + 60.5 / 24, 14 - 50.5 / 24
    assert np.isnan(at(study, "rain_series", "2001-07", *missing))
    assert study.not_reportable == ()
    windows = [window for window in made["ppt"].windows if len(window) == 3]
    assert max(rows * columns for _, rows, columns in windows) < 60 * 60  # the box alone travels


def test_terraclimate_in_other_units_is_refused(providers, tmp_path):
    serve_terraclimate(providers, units="m")
    outcome, _ = fetched(study_of(tmp_path / "s"), ["rain=terraclimate"])
    assert 'mm of the month was expected, found "m"' in outcome.failed["terraclimate"]


def test_gpcp_of_years_that_it_lacks_is_told(providers, tmp_path):
    shapes.serve_gpcp(providers, last=2010)
    outcome, study = fetched(study_of(tmp_path / "s"), ["rain"])
    assert "2011-01 is absent" in outcome.failed["gpcp"]
    assert study.data.rain_series is None


GPCC = "/downloads.psl.noaa.gov/Datasets/gpcc/full_v2022/precip.mon.total.1x1.v2022.nc"


def gpcc_file(tmp_path: Path) -> bytes:
    times = pd.date_range("1980-01-01", "2014-12-01", freq="MS")
    lats, lons = np.arange(89.5, -90, -1.0), np.arange(0.5, 360, 1.0)
    values = np.zeros((len(times), 180, 360), "f4")
    values += times.month.to_numpy(dtype="f4")[:, None, None] + (lons / 1000).astype("f4")[None, None, :]
    values[:, 78, 42] = -9.96921e36
    data = xr.Dataset({"precip": (("time", "lat", "lon"), values)}, {"time": times, "lat": lats, "lon": lons})
    path = tmp_path / "made.nc"
    data.to_netcdf(path, engine="h5netcdf", encoding={"precip": {"_FillValue": np.float32(-9.96921e36), "zlib": True}})
    return path.read_bytes()


def test_gpcc_is_cut_from_the_globe(providers, tmp_path):
    pytest.importorskip("h5netcdf")
    providers.routes[GPCC] = Answer(gpcc_file(tmp_path))
    outcome, study = fetched(study_of(tmp_path / "s"), ["rain=gpcc"])
    assert outcome.failed == {}
    assert at(study, "rain_series", "2001-07", 43.4, 12.5) == pytest.approx(7 + 43.5 / 1000, abs=1e-4)
    assert np.isnan(at(study, "rain_series", "2001-07", 42.5, 11.5))


def test_gpcc_that_is_no_netcdf_is_thrown_away(providers, tmp_path):
    pytest.importorskip("h5netcdf")
    providers.routes[GPCC] = Answer(b"<html>moved</html>" * 100)
    outcome, study = fetched(study_of(tmp_path / "s"), ["rain=gpcc"])
    assert "NetCDF was expected, a page of text" in outcome.failed["gpcc"]
    assert list(study.folder.rglob("*.nc")) == []


def test_neo_gives_means_of_whole_years(providers, tmp_path):
    for year in range(2000, 2015):
        for month in range(1, 13):
            values = np.full((60, 60), 0.1 + month / 100, "f4")
            values[:30] = 99999.0 if month < 4 else values[:30]  # the north has nine months
            if (year, month) in ((2000, 1), (2005, 6)):  # never made
                continue
            address = (
                f"https://neo.gsfc.nasa.gov/archive/geotiff.float/MOD_NDVI_M/MOD_NDVI_M_{year}-{month:02d}.FLOAT.TIFF"
            )
            providers.put(address, Answer(raster(values, 40.0, 15.0, 0.1)))
    outcome, study = fetched(study_of(tmp_path / "s"), ["vegetation=neo-ndvi"])
    assert outcome.failed == {}
    assert at(study, "ndvi", "2001", 42.5, 11.5) == pytest.approx(0.1 + 6.5 / 100, abs=1e-4)
    without_june = np.mean([0.1 + month / 100 for month in range(1, 13) if month != 6])
    assert at(study, "ndvi", "2005", 42.5, 11.5) == pytest.approx(without_june, abs=1e-4)  # eleven of twelve are enough
    assert np.isnan(at(study, "ndvi", "2001", 42.5, 12.5))  # nine are not
    assert study.not_reportable == ("ndvi",)


def test_a_mean_of_the_steps_that_happen_to_be_known_is_none():
    values = np.array([[0.2, np.nan, 0.2], [0.4, 0.4, 0.4], [0.6, 0.6, np.nan]])[:, :, None]
    np.testing.assert_allclose(yearly_mean(values, 3)[:, 0], [0.4, np.nan, np.nan])


SINUSOIDAL = "+proj=sinu +lon_0=0 +x_0=0 +y_0=0 +R=6371007.181 +units=m +no_defs"


def serve_modis(providers, years=range(2000, 2015), composites: int = 23) -> shapes.Stac:
    catalogue = shapes.Stac(providers, page=100)
    step = 926.6254330555
    for year in years:
        values = np.full((512, 768), round(10_000 * (0.2 + (year - 2000) / 100)), "int16")
        values[:, :80] = -3000
        content = raster(values, 4_450_000, 1_450_000, step, crs=SINUSOIDAL, nodata=-3000, cog=True)
        for n in range(composites):
            day = (pd.Timestamp(f"{year}-01-01") + pd.Timedelta(days=16 * n)).date().isoformat()
            name = f"MOD13A1.A{year}{16 * n + 1:03d}.h22v07.061"
            catalogue.add("modis-13A1-061", "500m_16_days_NDVI", name, day, content, [40, 8, 48, 14])
        catalogue.add(
            "modis-13A1-061", "500m_16_days_NDVI", f"MYD13A1.A{year}009.h22v07.061", f"{year}-01-09",
            raster(values - 5000, 4_450_000, 1_450_000, step, crs=SINUSOIDAL, nodata=-3000), [40, 8, 48, 14],
        )  # fmt: skip
    return catalogue


def test_modis_is_warped_from_its_overviews(providers, tmp_path):
    serve_modis(providers)
    outcome, study = fetched(study_of(tmp_path / "s"), ["vegetation=modis-ndvi"])
    assert outcome.failed == {}
    series = need_series(study, "ndvi")
    assert series.years == tuple(range(2000, 2015))
    assert at(study, "ndvi", "2007", 42.5, 11.5) == pytest.approx(0.27, abs=1e-4)  # of Terra alone
    assert study.not_reportable == ("ndvi",)


def test_modis_as_fine_as_asked_may_be_reported(providers, tmp_path):
    serve_modis(providers, composites=20)
    outcome, study = fetched(study_of(tmp_path / "s"), ["vegetation=modis-ndvi"], degrees=0.01)
    assert outcome.failed == {}
    assert study.not_reportable == ()
    with rasterio.open(study.layer_files("ndvi")[0]) as file:
        assert file.transform.a == pytest.approx(0.01)


def test_modis_without_composites_of_a_year_is_told(providers, tmp_path):
    serve_modis(providers, years=range(2000, 2013))
    outcome, _ = fetched(study_of(tmp_path / "s"), ["vegetation=modis-ndvi"])
    assert "no composites of 2013, 2014" in outcome.failed["modis-ndvi"]


def test_cover_of_two_tiles_is_whole_and_a_spent_token_is_renewed(providers, tmp_path):
    catalogue = shapes.Stac(providers)
    for west in (40.0, 42.0):
        for year in (2000, 2011, 2014):
            values = np.full((1440, 720), 10 if west < 41 else 130, "uint8") + (year == 2014)
            content = raster(values.astype("uint8"), west, 14.0, 1 / 360, tiled=True, blockxsize=256, blockysize=256)
            catalogue.add(
                "esa-cci-lc", "lccs_class", f"C3S-{year}-{west}", f"{year}-01-01", content, [west, 10, west + 2, 14]
            )
    asked = catalogue.search

    def search(path, query, body):
        catalogue.token = f"new-after-{providers.asked[shapes.STAC]}=1"
        return asked(path, query, body)

    providers.routes[shapes.STAC] = search
    outcome, study = fetched(study_of(tmp_path / "s"), ["cover"])
    assert outcome.failed == {}
    assert need_series(study, "cover_series").years == (2000, 2011, 2014)
    assert at(study, "cover_series", "2000", 41.9, 11.5) == 10
    assert at(study, "cover_series", "2014", 42.5, 11.5) == 131
    assert study.not_reportable == ()


def test_a_token_that_never_holds_is_told(providers, tmp_path):
    catalogue = shapes.Stac(providers)
    values = np.full((1440, 1440), 10, "uint8")
    for year in (2000, 2011, 2014):
        catalogue.add(
            "esa-cci-lc",
            "lccs_class",
            f"C3S-{year}",
            f"{year}-01-01",
            raster(values, 40, 14, 1 / 360),
            [40, 10, 44, 14],
        )
    sign = catalogue.sign

    def spent(path, query, body):
        answer = sign(path, query, body)
        catalogue.token = f"another={catalogue.tokens}"
        return answer

    providers.routes["/planetarycomputer.microsoft.com/api/sas/v1/token/*"] = spent
    outcome, _ = fetched(study_of(tmp_path / "s"), ["cover"])
    assert "answered 403" in outcome.failed["esa-cci-lc"]


def test_soil_carbon_comes_in_parts_where_it_is_large(providers, tmp_path, monkeypatch):
    monkeypatch.setattr(soilgrids, "MOST_CELLS", 20)
    seen = shapes.serve_soil(providers, 42)
    outcome, study = fetched(study_of(tmp_path / "s"), ["soil_carbon"])
    assert outcome.failed == {}
    assert len(seen) == 6  # 44 by 38 cells in parts of 20 by 20
    assert at(study, "soil_carbon", "SoilGrids 2.0", 42.5, 11.5) == 42
    assert need_series(study, "soil_carbon").units == "t C/ha"


def test_an_exception_in_xml_is_no_soil(providers, tmp_path):
    xml = b"<?xml version='1.0'?><ows:ExceptionReport><ows:ExceptionText>msWCSGetCoverage()</ows:ExceptionText></ows:ExceptionReport>"
    providers.routes["/maps.isric.org/mapserv"] = Answer(xml)
    outcome, study = fetched(study_of(tmp_path / "s"), ["soil_carbon"])
    assert "msWCSGetCoverage" in outcome.failed["soilgrids"]
    assert list(study.folder.rglob("*.tif")) == []


def test_people_of_two_countries_add_up_on_their_border(providers, tmp_path):
    rows, columns = 1200, 1200  # 36 to 46 E, 9 to 19 N
    for iso3, west in (("DJI", 600), ("ERI", 0)):
        values = np.full((rows, columns), -99999.0)
        values[:, west : west + 601] = 2.0  # one column of cells is of both
        shapes.serve_people(providers, iso3, (2015, 2023), values, 36.0, 19.0)
    study = study_of(tmp_path / "s", '["DJI", "ERI"]', "")
    outcome, study = fetched(study, ["population"])
    assert outcome.failed == {}
    assert at(study, "population_grid", "2023", 41 + 0.5 / 120, 12.5) == 4.0
    assert at(study, "population_grid", "2023", 40.5, 14.5) == 2.0
    table = pd.read_csv(study.folder / "data/population_worldpop.csv")
    cell = 1 / 120
    regions = study_regions(study).set_index("region_id")
    for row in table.itertuples():  # two people a cell, by how many cells the region covers
        expected = 2.0 * regions.loc[row.region_id].geometry.area / cell**2
        assert row.population == pytest.approx(expected, rel=0.08)


def test_built_up_surface_becomes_a_share_of_the_cell(providers, tmp_path):
    row, column = ghsl.tiles_of((42.5, 11.5, 42.6, 11.6))[0]
    west, north = ghsl.WEST + 10 * (column - 1), ghsl.NORTH - 10 * (row - 1)
    values = np.full((1200, 1200), 85_000, "uint32")  # square metres
    for year in range(2000, 2016, 5):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as file:
            file.writestr(f"GHS_BUILT_S_E{year}.tif", raster(values, west, north, 1 / 120, nodata=2**32 - 1))
            file.writestr("readme.pdf", b"x")
        name = f"GHS_BUILT_S_E{year}_GLOBE_R2023A_4326_30ss"
        base = f"https://jeodpp.jrc.ec.europa.eu/ftp/jrc-opendata/GHSL/GHS_BUILT_S_GLOBE_R2023A/{name}/V1-0/tiles"
        providers.put(f"{base}/{name}_V1_0_R{row}_C{column}.zip", Answer(packed.getvalue()))
    outcome, study = fetched(study_of(tmp_path / "s"), ["built_up"])
    assert outcome.failed == {}
    assert need_series(study, "imperviousness").years == (2000, 2005, 2010, 2015)
    side = 6_371_007 * np.pi / 180 / 120  # a sphere is near enough
    expected = 100 * 85_000 / (side**2 * np.cos(np.radians(11.5)))
    assert at(study, "imperviousness", "2010", 42.5, 11.5) == pytest.approx(expected, rel=0.01)


def test_a_zip_that_is_a_page_is_thrown_away(providers, tmp_path):
    providers.routes["/jeodpp.jrc.ec.europa.eu/*"] = Answer(b"<!DOCTYPE html><html>login</html>")
    outcome, study = fetched(study_of(tmp_path / "s"), ["built_up"])
    assert "a zipped raster was expected, a page of text" in outcome.failed["ghsl"]
    assert list(study.folder.rglob("*.zip")) == []
