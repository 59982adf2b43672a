# SPDX-License-Identifier: Apache-2.0
"""Published figures: the schema and licences hold for every row, and values match what the originals print."""

from __future__ import annotations

import csv
import gzip
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from homeground.catalogue import figure_files, figures
from homeground.errors import CatalogueError

FOLDER = Path(figures.__file__).parent
HEADER = "iso3,place,year,indicator,value,unit,low,high,source,licence,kind,note"
TABLES = [
    "bale_ndvi",
    "cited_facts",
    "country_climate",
    "displacement",
    "horn_rain",
    "net_migration",
    "refugee_flows",
    "remittance_corridors",
    "remittances",
]
COUNTRIES = {
    "BFA", "TCD", "DJI", "ERI", "ETH", "MLI", "MRT", "NER", "NGA", "SEN", "SDN", "KAZ", "KGZ", "TJK", "TKM", "UZB",
    "ALB", "BIH", "XKX", "MNE", "MKD", "SRB", "GMB", "GHA", "SOM",
}  # fmt: skip
OPEN = re.compile(r"public domain|CC0( 1\.0)?|CC BY( \d\.\d)?( IGO)?|CC BY-IGO|Open Government Licence v3")


def atlas_countries():
    from homeground.catalogue.atlas_files import rows

    return [row["iso3"] for row in rows("countries.csv")]


@pytest.fixture(scope="module", params=TABLES)
def table(request):
    return request.param, figures.load(request.param)


def value(name, indicator, year, iso3="", **where):
    rows = figures.load(name, iso3=iso3, indicator=indicator)
    rows = rows[rows.year == year]
    for column, wanted in where.items():
        rows = rows[rows[column].str.contains(wanted, regex=False)]
    assert len(rows) == 1
    return rows.value.item()


# every row of every table


def test_every_table_is_there_with_exactly_the_columns():
    assert figures.tables() == TABLES
    for name in TABLES:
        assert (FOLDER / f"{name}.csv").read_text(encoding="utf-8").startswith(f"{HEADER}\n")


def test_tables_stay_small():
    sizes = [(FOLDER / f"{name}.csv").stat().st_size for name in TABLES]
    assert max(sizes) < 5_000_000
    assert sum(sizes) < 14_000_000  # packed in a wheel a tenth of it


def test_licence_is_open_or_the_fact_is_cited_singly(table):
    name, rows = table
    if name == "cited_facts":
        assert set(rows.licence) == {"single fact, cited"}
    else:
        assert all(OPEN.fullmatch(part) for licence in rows.licence.unique() for part in licence.split("; "))


def test_a_licence_that_forbids_commercial_use_would_be_caught():
    assert not any(OPEN.fullmatch(bad) for bad in ("CC BY-NC 4.0", "CC BY-SA 4.0", "single fact, cited", "", "ODbL"))


def test_cited_facts_are_few_and_each_names_where_it_was_printed():
    rows = figures.load("cited_facts")
    assert len(rows) <= 120
    assert rows.source.str.contains(r"\w[\w-]*\.[a-z]{2,}|doi 10\.", regex=True).all()
    assert rows.source.value_counts().max() <= 25  # nobody's table is copied whole


def test_no_figure_twice(table):
    _, rows = table
    assert not rows.duplicated(["iso3", "place", "year", "indicator", "source"]).any()


def test_value_lies_inside_its_interval(table):
    _, rows = table
    assert np.isfinite(rows.value).all()
    assert (rows.low.isna() == rows.high.isna()).all()
    known = rows.dropna(subset=["low"])
    assert ((known.low <= known.value) & (known.value <= known.high)).all()


def test_every_figure_says_where_what_unit_source_and_kind(table):
    name, rows = table
    for column in ("indicator", "unit", "source", "licence", "kind"):
        assert (rows[column] != "").all(), column
    assert set(rows.kind) <= {"observed", "modelled", "published"}
    if name in {"displacement", "net_migration", "refugee_flows", "country_climate"}:
        stateless_and_unknown = {"STA", "UKN"} if name == "refugee_flows" else set()
        assert set(rows.iso3) <= {*atlas_countries(), *stateless_and_unknown}
        assert len(set(rows.iso3)) > 190
    else:
        assert set(rows.iso3) - {""} <= COUNTRIES
    assert (rows.place[rows.iso3 == ""] != "").all()
    assert rows.note[rows.year.isna()].ne("").all()


# against numbers printed elsewhere


def test_displaced_people_as_idmc_prints_them():
    printed = {"ETH": 2_378_000, "NER": 379_000, "SOM": 3_136_000}  # IDMC, end of 2024
    assert {iso3: value("displacement", "idps_idmc", 2024, iso3) for iso3 in printed} == printed


def test_land_degradation_as_the_sdg_database_prints_it():
    printed = {"TJK": 97, "KAZ": 36, "ERI": 35, "TCD": 34, "NGA": 32, "ETH": 29, "UZB": 29, "KGZ": 24, "SOM": 23,
               "TKM": 22, "BFA": 19, "GMB": 14, "GHA": 14, "SDN": 12, "ALB": 8, "NER": 7, "SEN": 6, "MNE": 6, "SRB": 6,
               "BIH": 4, "MLI": 3, "MRT": 3}  # fmt: skip
    rows = figures.load("cited_facts", indicator="sdg_15_3_1")
    assert dict(zip(rows.iso3, rows.value, strict=True)) == printed
    assert rows.note.str.contains("never to rank, average or feed onward").all()


def test_rain_of_whole_countries_is_the_sum_of_the_published_months(shared_data):
    months = pd.read_csv(shared_data / "climate/cru_cy_4.07_country_months_1951_2022.csv.gz").set_index(
        ["iso3", "variable", "year"]
    )
    assert months.loc[("NER", "pre", 2022), ["m01", "m08"]].tolist() == [0.1, 88.4]  # as the source prints it
    for iso3, year in (("NER", 1984), ("NER", 2022), ("KAZ", 1951), ("XKX", 2000)):
        rain, heat = (months.loc[(iso3, variable, year)] for variable in ("pre", "tmp"))
        assert value("country_climate", "rain_year", year, iso3) == pytest.approx(rain.sum(), abs=0.051)
        assert value("country_climate", "temperature_year", year, iso3) == pytest.approx(heat.mean(), abs=0.0051)


def test_years_in_which_the_source_repeats_its_climatology_are_left_out():
    years = {i: set(figures.load("country_climate", iso3=i, indicator="rain_year").year) for i in ("DJI", "NER")}
    assert set(range(1951, 2023)) - years["DJI"] == {2010, 2011, 2012, 2018}
    assert years["NER"] == set(range(1951, 2023))


def test_the_driest_years_of_the_sahel_are_those_of_its_great_droughts():
    rows = figures.load("country_climate", iso3="NER", indicator="spi12_december").set_index("year").value
    rain = figures.load("country_climate", iso3="NER", indicator="rain_year").set_index("year").value
    assert set(rows.nsmallest(3).index) <= set(range(1968, 1988))  # 1968-1973 and 1982-1987
    assert rows.corr(rain, method="spearman") > 0.999
    assert abs(rows.mean()) < 0.1
    assert rows.std() == pytest.approx(1, abs=0.1)


def test_the_carbon_target_keeps_its_three_units():
    rows = figures.load("cited_facts", indicator="target_carbon")
    assert set(rows.unit) == {"t C", "t CO2", "t CO2e"}
    assert set(rows.value) == {250e6}


def test_restored_so_far_keeps_its_four_readings():
    rows = figures.load("cited_facts", indicator=["restored_area", "restored_area_strict_zone"])
    assert set(rows.value[rows.place == "Great Green Wall"]) == {18e6, 20e6, 15.92e6, 4e6}


def test_acres_became_hectares_with_the_published_number_kept():
    # 990,000 acres x 0.40468564 = 400,638.8
    rows = figures.load("cited_facts", iso3="NER", indicator="restored_area")
    row = rows[rows.note.str.contains("990,000 acres")].iloc[0]
    assert (row.value, row.unit) == (400_639, "ha")


def test_remittances_differ_by_definition_and_both_stand():
    assert value("remittances", "remittances_received_share", 2024, "XKX", source="Eurostat") == 12.7
    assert value("remittances", "remittances_received_share", 2024, "XKX", source="World Bank") == 17.3
    printed = {"ALB": 1382, "UZB": 2839, "SRB": 3588, "NER": 198}  # USD million, the matrix of 2017 rounded
    matrix = {iso3: value("remittances", "remittances_received", 2017, iso3) for iso3 in printed}
    assert {iso3: round(usd) for iso3, usd in matrix.items()} == printed


# against the originals


def _cells(path, column, key, iso3, year):
    with gzip.open(path, "rt", encoding="utf-8") as text:
        rows = [row for row in csv.DictReader(text) if row[key] == iso3 and float(row["year"]) == year]
    return [float(row[column]) for row in rows if row[column]]


@pytest.mark.parametrize(
    ("indicator", "column", "key", "iso3", "year"),
    [
        ("refugees_by_origin", "refugees", "coo_iso", "TKM", 2024),
        ("asylum_seekers_by_origin", "asylum_seekers", "coo_iso", "ETH", 2025),
        ("refugees_by_asylum", "refugees", "coa_iso", "TCD", 2023),
        ("returned_idps", "returned_idps", "coo_iso", "ETH", 2024),
    ],
)
def test_displacement_sums_the_cells_and_a_five_stands_for_one_to_five(shared_data, indicator, column, key, iso3, year):
    cells = _cells(shared_data / "people/unhcr_refugees/population.csv.gz", column, key, iso3, year)
    rows = figures.load("displacement", iso3=iso3, indicator=indicator)
    row = rows[rows.year == year].iloc[0]
    assert row.value == sum(cells)
    if 5 in cells:
        assert row.low == sum(1 if cell == 5 else cell for cell in cells)
        assert row.high == sum(cells)
    else:
        assert np.isnan(row.low)


def test_net_migration_is_the_original_in_persons(shared_data):
    original = pd.read_csv(shared_data / "people/wpp2024/migration.txt.gz", sep="\t").set_index("country_code")
    # M49 codes: 562 Niger, 412 Kosovo (under UNSC resolution 1244), 8 Albania, 762 Tajikistan
    for iso3, code in {"NER": 562, "XKX": 412, "ALB": 8, "TJK": 762}.items():
        for year in (1990, 2015, 2023):
            thousand = original.loc[code, str(year)]
            assert value("net_migration", "net_migration", year, iso3) == pytest.approx(1000 * thousand, abs=0.5)


def test_births_less_deaths_plus_net_migration_is_the_change_of_population():
    rows = figures.load("net_migration")
    wide = rows.pivot(index=["iso3", "year"], columns="indicator", values="value")
    gap = wide.births - wide.deaths + wide.net_migration - wide.population_change
    assert len(wide) == 236 * 34
    assert set(COUNTRIES) < set(rows.iso3)
    assert gap.abs().max() < 250  # persons; the source rounds each series on its own
    assert gap.loc[sorted(COUNTRIES)].abs().max() < 50


def test_population_matches_the_world_bank(shared_data):
    # It carries the same UN revision, but for the Western Balkans and the Kyrgyz Republic national estimates.
    bank = pd.read_csv(shared_data / "people/wdi_hdr_2025-10-13.csv.gz")
    bank = bank[bank.year == 2023].set_index("Country Code").population.dropna()
    ours = figures.load("net_migration", indicator="population_midyear")
    ours = ours[ours.year == 2023].set_index("iso3").value
    both = ours.index.intersection(bank.index)
    studied = both.intersection(list(COUNTRIES)).difference(["ALB", "KGZ", "MKD", "MNE", "SRB", "XKX"])
    assert len(studied) == 19
    np.testing.assert_allclose(ours[studied], bank[studied], rtol=5e-4)
    # Elsewhere too; the others are mostly countries of Europe and the Gulf, where the Bank takes national estimates.
    assert len(both) > 210
    assert ((ours[both] / bank[both] - 1).abs() < 5e-4).sum() > 130


def test_rain_of_addis_ababa_is_the_area_weighted_mean_of_its_two_cells():
    from shapely.geometry import box

    from homeground.catalogue import atlas

    # CHIRPS 1997, November + December, mm, of the cells centred on 38.5 E and 39.0 E, 9.0 N.
    west, east = 73.74 + 3.42, 36.99 + 2.31
    regions = atlas.regions(["ETH"]).set_index("region_id")
    shape = regions.geometry["ET-AA"]
    areas = [shape.intersection(box(lon - 0.25, 8.75, lon + 0.25, 9.25)).area for lon in (38.5, 39.0)]
    expected = (west * areas[0] + east * areas[1]) / sum(areas)  # both cells lie on one parallel: equal areas
    assert value("horn_rain", "rain_november_december", 1997, "ETH", place="ET-AA") == pytest.approx(expected, abs=0.05)


def test_rain_of_a_region_inside_one_cell_is_the_cell():
    # Djibouti town lies in the cell 43.0 E 11.5 N, Mogadishu in 45.5 E 2.0 N.
    assert value("horn_rain", "rain_november_december", 1997, "DJI", place="DJ-DJ") == round(58.89 + 28.77, 1)
    assert value("horn_rain", "rain_november_december", 1997, "SOM", place="SO-BN") == round(260.82 + 55.05, 1)


def test_rain_covers_thirty_years_of_every_region_of_the_atlas():
    from homeground.catalogue import atlas

    rows = figures.load("horn_rain")
    assert set(rows.place) == set(atlas.regions(["ETH", "SOM", "DJI", "ERI"]).region_id)
    assert (rows.groupby("place").year.nunique() == 30).all()
    assert (rows.value >= 0).all()


def test_ndvi_of_a_pixel_is_the_mean_of_its_half_months(shared_data):
    half_months = np.load(shared_data / "land/ndvi/bale3g_v1.npz")["raw"]  # from July 1981
    first = 12 + 24 * (1997 - 1982)
    by_hand = sum(float(half_months[first + step, 6]) for step in range(24)) / 24
    assert value("bale_ndvi", "ndvi_yearly_mean", 1997, "ETH", place="bale-07") == pytest.approx(by_hand, abs=5e-5)
    rows = figures.load("bale_ndvi")
    assert (rows.year.min(), rows.year.max(), rows.place.nunique()) == (1982, 2015, 36)


# the reader


def test_unknown_table_names_those_that_exist():
    with pytest.raises(CatalogueError, match=r"called 'rain'.*horn_rain"):
        figures.load("rain")


def test_unknown_indicator_names_those_that_exist():
    with pytest.raises(CatalogueError, match=r"no indicator idp.*idps_unhcr"):
        figures.load("displacement", indicator="idp")


def test_a_country_without_a_figure_gives_no_row_and_no_error():
    assert figures.load("displacement", iso3="XKX").empty


def test_text_such_as_na_is_not_missing(tmp_path, monkeypatch):
    (tmp_path / "odd.csv").write_text(f"{HEADER}\nNA,null,,nan,1,None,,,NULL,NA,n/a,\n", encoding="utf-8")
    (tmp_path / "other.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    monkeypatch.setattr(figure_files, "FOLDER", tmp_path)
    assert figures.tables() == ["odd"]
    row = figures.load("odd").iloc[0]
    assert [row.iso3, row.place, row.indicator, row.unit, row.source, row.licence, row.kind] == [
        "NA", "null", "nan", "None", "NULL", "NA", "n/a",
    ]  # fmt: skip
    assert row.note == ""
    assert pd.isna(row.year)
    assert pd.isna(row.low)


@given(st.sets(st.sampled_from(sorted(COUNTRIES))), st.sets(st.sampled_from(["idps_idmc", "returned_idps"])))
def test_filters_only_take_away(countries, indicators):
    rows = figures.load("displacement", iso3=countries, indicator=indicators)
    full = figures.load("displacement")
    kept = full[full.iso3.isin(list(countries)) & full.indicator.isin(list(indicators))].reset_index(drop=True)
    pd.testing.assert_frame_equal(rows, kept)


def test_the_overview_counts_every_row():
    known = figures.indicators()
    assert known.rows.sum() == sum(len(figures.load(name)) for name in TABLES)
    rain = known[known.table == "horn_rain"].iloc[0]
    assert (rain.indicator, rain.unit, rain.countries, rain.first_year) == ("rain_november_december", "mm", 4, 1991)


def test_asking_where_a_table_lies_loads_no_pandas():
    code = "import sys; from homeground.catalogue.figure_files import path; path('displacement')\n"
    code += "sys.exit('pandas' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
