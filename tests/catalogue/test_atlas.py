# SPDX-License-Identifier: Apache-2.0
"""The embedded atlas: what it weighs, where it lies, and that its numbers are those of its sources."""

import hashlib
import json
import subprocess
import sys
import unicodedata
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import rasterio
import shapely
from pyproj import Geod

from homeground.catalogue import atlas, atlas_files
from homeground.catalogue.atlas.outlines import read_outlines
from homeground.errors import CatalogueError

ROOT = Path(__file__).resolve().parents[2]
COUNTRIES = [
    "BFA", "TCD", "DJI", "ERI", "ETH", "MLI", "MRT", "NER", "NGA", "SEN", "SDN", "KAZ", "KGZ",
    "TJK", "TKM", "UZB", "ALB", "BIH", "XKX", "MNE", "MKD", "SRB", "GMB", "GHA", "SOM",
]  # fmt: skip
WORLD = (-179.9, -60, 179.9, 84)
RASTERS = ["rain", "temperature", "cover", "vegetation_max", "vegetation_min", "elevation"]
GEOD = Geod(ellps="WGS84")


@pytest.fixture(scope="module")
def regions():
    return atlas.regions(COUNTRIES)


@pytest.fixture(scope="module")
def world():
    return read_outlines(atlas.path("regions.parquet"))


@pytest.fixture(scope="module")
def profile():
    return atlas.profile(COUNTRIES).set_index(["iso3", "indicator", "year"])["value"].sort_index()


def at(name, latitude, longitude):
    around = (longitude - 1, latitude - 1, longitude + 1, latitude + 1)
    return atlas.layer(name, around).sel(latitude=latitude, longitude=longitude, method="nearest")


# --- weight, records, licences -----------------------------------------------------------------------------------


def test_the_atlas_stays_small():
    sizes = {file.name: file.stat().st_size for file in atlas_files.FOLDER.iterdir() if file.is_file()}
    assert sum(sizes.values()) < 19.5e6  # the wheel stays under 20 MB: 5 of the 25 that it may have are free
    assert max(sizes.values()) < 5e6


def test_every_built_file_is_the_one_that_was_recorded():
    ledger = json.loads(atlas.path("provenance.json").read_text(encoding="utf-8"))
    built = {file.name for file in atlas_files.FOLDER.iterdir() if file.suffix in {".tif", ".parquet"}} | {
        "profile.csv",
        "region_people.csv",
    }
    assert set(ledger) == built
    for name, entry in ledger.items():
        assert hashlib.sha256(atlas.path(name).read_bytes()).hexdigest() == entry["sha256"], name


def test_every_layer_states_source_licence_kind_and_pin():
    layers = atlas.layers()
    for column in ("unit", "scale", "resolution_deg"):
        assert (layers.set_index("layer").loc[RASTERS, column] != "").all()
    for column in ("period", "kind", "source", "licence", "citation", "url", "caveat"):
        assert (layers[column] != "").all(), column
    assert set(layers["kind"]) <= {"observed", "modelled", "published", "default"}
    pinned = layers[layers["layer"] != "countries"]  # typed by hand, from no package
    assert pinned["sha256"].str.fullmatch("[0-9a-f]{64}").all()
    ledger = json.loads(atlas.path("provenance.json").read_text(encoding="utf-8"))
    for row in pinned.itertuples():
        assert ledger[row.file]["package_sha256"] == row.sha256


def test_the_licence_file_names_every_layer_and_what_is_not_settled():
    text = (ROOT / "DATA_LICENSES.md").read_text(encoding="utf-8")
    for layer in atlas.layers()["layer"]:
        assert f"`{layer}`" in text
    for must in ("10.5067/MODIS/MCD12C1.006", "CC BY 4.0", "CC BY 3.0 IGO", "not verified", "Copernicus", "1244"):
        assert must in text


# --- rasters -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", RASTERS)
def test_rasters_are_tiled_geographic_and_cover_the_land_of_the_globe(name):
    with rasterio.open(atlas.path(f"{name}.tif")) as source:
        assert source.crs.to_epsg() == 4326
        assert source.profile["tiled"]
        assert source.profile["compress"] == "zstd"
        left, bottom, _, top = source.bounds
        assert source.width * source.transform.a == pytest.approx(360)  # once around, so that a window may run on
    assert left <= -180
    assert bottom <= -60
    assert top >= 83.7  # the north of Greenland
    data = atlas.layer(name, (-18, -2, 52, 28))
    assert (np.diff(data["latitude"]) < 0).all()
    assert (np.diff(data["longitude"]) > 0).all()
    assert data["longitude"].min() < -18
    assert data["longitude"].max() > 52
    assert data.dims == (("month",) if name in {"rain", "temperature"} else ()) + ("latitude", "longitude")
    row = atlas.layers().set_index("layer").loc[name]
    assert data.attrs["units"] == row["unit"]
    for key in ("source", "licence", "period", "kind", "caveat", "long_name"):
        assert data.attrs[key]


@pytest.mark.parametrize("name", RASTERS)
def test_a_window_over_the_180th_meridian_is_the_two_sides_of_it(name):
    across = atlas.layer(name, (176.0, -20.0, 184.0, -12.0))
    west, east = atlas.layer(name, (176.0, -20.0, 179.0, -12.0)), atlas.layer(name, (-179.0, -20.0, -176.0, -12.0))
    for side, turn in ((west, 0.0), (east, 360.0)):
        moved = side.assign_coords(longitude=np.round(side["longitude"] + turn, 7))
        held = moved.sel(longitude=slice(turn and 181.0, turn and 184.0) if turn else slice(176.0, 179.0))
        same = across.sel(longitude=held["longitude"], method="nearest", tolerance=1e-6)
        np.testing.assert_array_equal(same.values, held.values)
        assert held.size > 100


def test_a_small_window_is_read_without_the_rest():
    assert atlas.layer("cover", (2.0, 13.0, 2.1, 13.1)).shape == (6, 6)  # two cells, and two on every side
    with pytest.raises(CatalogueError, match=r"from latitude -60 to 84.*-80 to -70"):
        atlas.layer("cover", (2.0, -80.0, 2.1, -70.0))


# Yearly rain read at these towns from the same maps before the atlas was built: the value must stand in one of the four
# cells around the town, so a shift of one cell, a flip or a wrong scale fails.
@pytest.mark.parametrize(
    ("latitude", "longitude", "rain"),
    [
        (13.51, 2.11, 556),  # Niamey
        (9.03, 38.74, 1061),  # Addis Ababa
        (13.80, 8.99, 355),  # Zinder
        (41.30, 69.24, 334),  # Tashkent
    ],
)
def test_yearly_rain_at_known_towns(latitude, longitude, rain):
    around = (longitude - 1, latitude - 1, longitude + 1, latitude + 1)
    yearly = atlas.layer("rain", around).sum("month")
    window = yearly.sel(
        latitude=slice(latitude + 0.25, latitude - 0.25), longitude=slice(longitude - 0.25, longitude + 0.25)
    )
    assert window.shape == (2, 2)
    assert np.abs(window.values - rain).min() < 2  # twelve months, each a multiple of 0.4 mm


def test_rain_months_are_in_order():
    niamey = at("rain", 13.51, 2.11)
    assert int(niamey.idxmax("month")) == 8  # the West African monsoon peaks in August
    assert float(niamey.sel(month=[12, 1, 2]).max()) < 2


# Published surface levels of lakes wider than a cell of 18 km: flat, so smoothing does not move them; a shift does.
@pytest.mark.parametrize(
    ("latitude", "longitude", "level"),
    [
        (42.40, 77.20, 1607),  # Issyk-Kul
        (12.00, 37.30, 1788),  # Tana
        (-1.00, 33.00, 1134),  # Victoria
        (-15.80, -69.40, 3812),  # Titicaca
    ],
)
def test_elevation_at_known_lakes(latitude, longitude, level):
    assert abs(float(at("elevation", latitude, longitude)) - level) < 10


def test_temperature_is_celsius_and_seasonal():
    # World Meteorological Organization normals: Niamey about 29 degC, Tashkent about 15 degC in the year.
    assert abs(float(at("temperature", 13.51, 2.11).mean()) - 29) < 1.5
    tashkent = at("temperature", 41.30, 69.24)
    assert abs(float(tashkent.mean()) - 15) < 1.5
    assert int(tashkent.idxmax("month")) == 7
    assert int(tashkent.idxmin("month")) == 1


@pytest.mark.parametrize(
    ("latitude", "longitude", "igbp"),
    [
        (42.4, 77.2, 0),  # Issyk-Kul: water
        (20.0, 10.0, 16),  # Tenere: barren
        (9.01, 38.75, 13),  # Addis Ababa: urban
        (44.81, 20.46, 13),  # Belgrade: urban
    ],
)
def test_land_cover_at_known_places(latitude, longitude, igbp):
    assert int(at("cover", latitude, longitude)) == igbp


def test_land_cover_holds_igbp_classes_only():
    cover = atlas.layer("cover", WORLD)
    assert cover.dtype == np.int8
    assert cover.attrs["_FillValue"] == -128
    assert set(np.unique(cover)) <= {*range(17), -128}


def test_vegetation_minimum_never_exceeds_its_maximum():
    high, low = atlas.layer("vegetation_max", WORLD), atlas.layer("vegetation_min", WORLD)
    both = high.notnull() & low.notnull()
    assert both.mean() > 0.25  # land
    assert bool((low <= high).where(both, True).all())
    assert float(high.max()) <= 1
    assert float(low.min()) >= -0.2


def test_missing_is_nan_over_the_sea():
    assert np.isnan(float(at("vegetation_max", 0.0, 0.0)))  # Gulf of Guinea
    assert float(at("vegetation_max", 20.0, 10.0)) < 0.15  # Tenere
    assert float(at("vegetation_max", 6.2, -2.0)) > 0.6  # south-west Ghana


# --- regions -----------------------------------------------------------------------------------------------------


def test_regions_are_unique_valid_and_share_their_borders(regions):
    assert regions.crs.to_epsg() == 4326
    assert regions["region_id"].is_unique
    assert not regions.duplicated(["iso3", "name"]).any()
    assert regions.geometry.is_valid.all()
    assert shapely.coverage_is_valid(regions.geometry.to_numpy())
    corners = shapely.get_coordinates(regions.geometry.to_numpy())
    assert np.allclose(corners, np.round(corners, 4), atol=1e-9)
    for column in ("name", "name_fr", "name_es", "name_ru", "name_zh", "name_ar"):
        assert (regions[column] != "").all()


def test_region_ids_follow_iso_3166_2_or_say_not(regions):
    iso2 = atlas.countries().set_index("iso3")["iso2"]
    coded = regions["id_source"].str.startswith("ISO 3166-2")
    assert (regions.loc[coded, "region_id"].str[:2] == regions.loc[coded, "iso3"].map(iso2)).all()
    assert (regions.loc[~coded, "region_id"].str[:3] == regions.loc[~coded, "iso3"]).all()
    # ISO 3166-2: these three were mixed up in the source.
    named = regions.set_index("region_id")["name"]
    assert named["SD-DC"] == "Central Darfur"
    assert named["SD-DE"] == "Eastern Darfur"
    assert named["SD-DS"] == "Southern Darfur"


def test_counts_of_units_are_those_of_the_source(regions):
    # Natural Earth 1:10m; Kazakhstan 16 and the Baikonur lease, Somalia 13 and Somaliland.
    known = {"BFA": 45, "NER": 8, "TCD": 22, "KAZ": 17, "SOM": 14, "MKD": 84, "XKX": 30, "SDN": 17, "GHA": 10}
    counts = regions["iso3"].value_counts()
    assert {iso3: int(counts[iso3]) for iso3 in known} == known


@pytest.mark.parametrize(
    ("latitude", "longitude", "iso3"),
    [
        (9.56, 44.06, "SOM"),  # Hargeisa
        (45.62, 63.32, "KAZ"),  # Baikonur
        (42.66, 21.17, "XKX"),  # Pristina
        (24.50, -13.00, "ESH"),  # Western Sahara
        (4.85, 31.60, "SSD"),  # Juba
        (44.95, 34.10, "UKR"),  # Simferopol
        (35.33, 33.32, "CYP"),  # Kyrenia
        (31.90, 35.20, "PSE"),  # Ramallah
        (5.16, -52.65, "GUF"),  # Kourou
        (79.00, 16.50, "SJM"),  # Spitsbergen, inland
        (12.15, -68.27, "BES"),  # Kralendijk
        (25.03, 121.56, "TWN"),  # Taipei
        (-80.0, 0.0, None),  # Antarctica
    ],
)
def test_places_belong_where_united_nations_practice_puts_them(world, latitude, longitude, iso3):
    holding = world[world.contains(shapely.Point(longitude, latitude))]["iso3"].tolist()
    assert holding == ([iso3] if iso3 else [])


def test_every_country_has_regions_with_ids_and_latin_names(world):
    assert set(world["iso3"]) == set(atlas.countries()["iso3"])
    assert world["region_id"].is_unique
    assert not world.duplicated(["iso3", "name"]).any()
    assert world.geometry.is_valid.all()
    assert world["name"].map(lambda name: all("LATIN" in unicodedata.name(c) for c in name if c.isalpha())).all()


@pytest.mark.parametrize(
    ("iso3", "west", "east"),
    [
        ("FJI", 174.0, 183.0),
        ("NZL", 165.0, 185.0),
        ("RUS", 19.0, 192.0),
        ("USA", -189.0, -66.0),
        ("KIR", -191.0, -151.0),
    ],
)
def test_a_country_on_both_sides_of_the_180th_meridian_lies_together(iso3, west, east):
    left, _, right, _ = atlas.regions([iso3]).total_bounds
    assert west < left < right < east


# Where the published area and the map differ by more than 2 %: Djibouti, Niger and Eritrea are published larger or
# smaller than any map of them, Ethiopia's border with Somalia is undefined, the Gambia's river is counted or not.
APART = {"DJI": 0.06, "NER": 0.07, "ERI": 0.045, "ETH": 0.025, "GMB": 0.04}


@pytest.mark.parametrize("iso3", COUNTRIES)
def test_areas_of_countries_match_published_areas(iso3, regions, profile):
    union = regions[regions["iso3"] == iso3].union_all()
    found = abs(GEOD.geometry_area_perimeter(union)[0]) / 1e6
    published = [float(profile[iso3, f"area_{which}", 2025]) for which in ("total", "land")]
    assert min(abs(found / area - 1) for area in published) < APART.get(iso3, 0.02)


# --- tables ------------------------------------------------------------------------------------------------------


def test_countries_keep_codes_as_text_in_six_languages():
    countries = atlas.countries().set_index("iso3")
    assert set(COUNTRIES) < set(countries.index)
    assert countries.loc["ALB", "m49"] == "008"
    assert countries["m49"].is_unique
    assert countries.loc[countries["gec"] != "", "gec"].is_unique
    assert set(countries.index[countries["gec"] == ""]) == {"ALA", "BES", "UMI"}  # no code of their own
    names = countries[[f"name_{language}" for language in ("en", "fr", "es", "ru", "zh", "ar")]]
    assert (names != "").all().all()
    assert countries.loc["MKD", "name_en"] == "North Macedonia"
    assert countries.loc["NGA", "name_fr"] == "Nigéria"  # United Nations spelling
    assert countries.loc["NER", "gec"] == "NG"  # not Nigeria's ISO code
    assert countries["note_key"].to_dict() == {iso3: "kosovo_1244" if iso3 == "XKX" else "" for iso3 in countries.index}


def test_the_code_na_stays_text(monkeypatch, tmp_path):
    (tmp_path / "countries.csv").write_text("iso3,iso2\nNAM,NA\n", encoding="utf-8")
    monkeypatch.setattr(atlas_files, "FOLDER", tmp_path)
    assert atlas.countries()["iso2"].tolist() == ["NA"]


def test_cities_lie_in_a_region_of_their_country(regions):
    cities = atlas.cities(COUNTRIES)
    assert len(cities) == 4529  # counted in the source for these countries
    assert cities["geoname_id"].is_unique
    home = cities["region_id"].map(regions.set_index("region_id")["iso3"])
    assert (home == cities["iso3"]).all()
    # GeoNames' own admin-1 code must say the same where both codings are of one age.
    niger = cities[cities["iso3"] == "NER"].merge(regions[["region_id", "gn_a1_code"]], on="region_id")
    assert ("NE." + niger["admin1_code"] == niger["gn_a1_code"]).all()


def test_population_is_whole_and_agrees_with_the_united_nations(shared_data):
    people = atlas.population(COUNTRIES)
    assert len(people) == 25 * 31 * 2 * 21
    assert sorted(people["year"].unique()) == list(range(1950, 2101, 5))
    assert (people["persons"] >= 0).all()
    assert set(people["sex"]) == {"female", "male"}
    # Outside reference: population at mid-year = births / crude birth rate, both from the WPP 2024 tables.
    folder = shared_data / "people" / "wpp2024"
    births, rate = (pd.read_csv(folder / f"{name}.txt.gz", sep="\t", index_col=0) for name in ("births", "cbr"))
    m49 = atlas.countries().set_index("iso3")["m49"].astype("int64")
    totals = people.groupby(["iso3", "year"])["persons"].sum()
    for iso3, code in m49[COUNTRIES].items():
        for year in ("1950", "1990", "2020"):
            expected = 1e6 * births.loc[code, year] / rate.loc[code, year]
            assert totals[iso3, int(year)] == pytest.approx(expected, rel=2e-3), (iso3, year)


def test_published_figures_are_read_with_their_year(profile):
    assert profile["ALB", "net_migration_rate", 2025] == -11.37
    assert profile["ALB", "remittances_share", 2024] == 8.4
    assert profile["ALB", "remittances_share", 2022] == 9.2
    assert profile["UZB", "remittances_share", 2024] == 14.4
    assert profile["UZB", "remittances_share", 2022] == 17.2
    assert profile["NER", "net_migration_rate", 2025] == -0.57
    assert profile["NER", "agriculture_share", 2024] == 33.8
    assert profile["ALB", "youth_unemployment", 2024] == 25.1
    assert profile["NER", "area_total", 2025] == 1_267_000  # written "1.267 million sq km"
    assert profile.index.is_unique


def test_published_figures_state_unit_source_and_caution():
    table = atlas.profile(COUNTRIES)
    for column in ("unit", "source", "licence", "kind"):
        assert (table[column] != "").all()
    shares = table[table["unit"].str.startswith("%")]
    assert shares["value"].between(0, 100).all()
    assert "XKX" not in set(table[table["indicator"] == "irrigated_land"]["iso3"])  # published as NA
    zero = table[(table["indicator"] == "remittances_share") & (table["value"] == 0)]
    assert set(zero["iso3"]) == {"TCD", "TKM"}
    assert zero["note"].str.contains("may mean not recorded").all()
    dollars = table[table["indicator"] == "gdp_per_capita"].groupby("iso3")["unit"].first()
    assert dollars["ERI"].startswith("USD of 2015")
    assert dollars["NER"].startswith("USD of 2021")


# --- errors ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("read", [atlas.regions, atlas.cities, atlas.population, atlas.profile])
def test_a_country_outside_the_atlas_is_named(read):
    with pytest.raises(CatalogueError, match="has no QQQ; it holds 249 countries"):
        read(["NER", "QQQ"])


def test_unknown_layers_and_files_are_named():
    with pytest.raises(CatalogueError, match="no layer 'snow'; layers are rain, temperature"):
        atlas.layer("snow", (0, 0, 1, 1))
    with pytest.raises(CatalogueError, match=r"no file 'rain\.nc'"):
        atlas.path("rain.nc")
    with pytest.raises(CatalogueError, match="no country to look up"):
        atlas.regions([])


# --- building ----------------------------------------------------------------------------------------------------


def test_the_smallest_layer_can_be_built_again_from_its_package(tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    command = [sys.executable, "-m", "tools.build_atlas", "--cache", str(tmp_path / "cache"), "--only", "cover"]
    try:
        done = subprocess.run(
            [*command, "--out", str(out), "--timeout", "5"],
            cwd=ROOT, check=False, capture_output=True, text=True, timeout=90,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        pytest.skip("the package registry did not answer within 90 seconds")
    if not list((tmp_path / "cache").glob("*/*")):
        pytest.skip(f"the package could not be downloaded: {done.stderr.strip().splitlines()[-1]}")
    assert done.returncode == 0, done.stderr
    with rasterio.open(out / "cover.tif") as again, rasterio.open(atlas.path("cover.tif")) as shipped:
        assert again.transform == shipped.transform
        assert np.array_equal(again.read(), shipped.read())
