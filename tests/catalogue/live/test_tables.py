# SPDX-License-Identifier: Apache-2.0
"""Each provider of tables, and borders: rows of the study alone, page after page; a changed form and a key are told."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from tests.catalogue.live import shapes
from tests.catalogue.live.providers import Answer

from homeground.catalogue.live import fetch as live
from homeground.catalogue.live.plan import wishes
from homeground.catalogue.live.tables.star import parsed
from homeground.catalogue.live.transfer import Transfer
from homeground.catalogue.live.troubles import DamagedError
from homeground.catalogue.regions import study_regions
from homeground.study.opening import open_study


def study_of(folder: Path, countries: str = '["DJI"]'):
    folder.mkdir(parents=True)
    (folder / "study.toml").write_text(f'title = "T"\ncountries = {countries}\n', encoding="utf-8")
    return open_study(folder)


def fetched(study, layers):
    wanted = [wish for wish in wishes(study, layers) if wish.state == "fetch"]
    assert wanted
    outcome = live.fetch(study, wanted, Transfer(sleep=lambda _: None))
    return outcome, open_study(study.file)


def rows_of(study, name: str) -> list[dict[str, str]]:
    with (study.folder / "data" / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_both_sides_of_the_border_come_page_by_page(providers, tmp_path):
    shapes.serve_unhcr(providers, "DJI")
    outcome, study = fetched(study_of(tmp_path / "s"), ["unhcr"])
    assert outcome.failed == {}
    rows = rows_of(study, "unhcr.csv")
    assert providers.asked["/api.unhcr.org/population/v1/population/"] == 6  # three pages for each side
    refugees = {
        (row["iso3_origin"], row["year"]): float(row["value"]) for row in rows if row["indicator"] == "refugees"
    }
    assert refugees == {(side, str(2019 + page)): 100.0 * page for side in ("DJI", "TCD") for page in (1, 2, 3)}
    assert {row["value"] for row in rows if row["indicator"] == "idps"} == {"0.0"}  # none is a count
    assert not [row for row in rows if row["indicator"] == "ooc"]  # "-" is no count


def test_a_changed_form_of_unhcr_is_told(providers, tmp_path):
    providers.json("https://api.unhcr.org/population/v1/population/", {"data": [], "maxPages": 1})
    outcome, _ = fetched(study_of(tmp_path / "s"), ["unhcr"])
    assert "items and maxPages were expected" in outcome.failed["unhcr"]


HEAD = "Mean data for UKR  Province= 1: Cherkasy,  from 1981 to 2018<br>The data below were extracted from weekly files<br>"


@pytest.mark.parametrize(
    "body",
    [
        "<tt><pre>year,week,, provinceID, SMN,SMT,VCI,TCI,VHI\n1982 01  0.053,260.31, 45.01, 39.46, 42.23\n1982 02 -1.000,-1.0, -1.00, -1.00, -1.00",
        "<tt><pre>year,week, SMN,SMT,VCI,TCI,VHI<br>\n1982,1, 0.053,260.31, 45.01, 39.46, 42.23,\n1982,2, -1.000,-1.0,-1.00,-1.00,-1.00,\n</pre></tt>",
    ],
    ids=["as seen in 2018", "as seen in 2024"],
)
def test_both_forms_that_star_was_seen_in_are_read(body):
    found = parsed(HEAD + body, "x")
    assert (found.number, found.name, found.weeks) == (1, "Cherkasy", {(1982, 1): 0.053})


def test_star_in_another_form_is_told():
    assert parsed("<html>No data for this province</html>", "x") is None
    with pytest.raises(DamagedError, match="the form changed"):
        parsed(HEAD + "<table><tr><td>1982</td></tr></table>", "https://x")
    with pytest.raises(DamagedError, match="the form changed"):
        parsed("<html>Welcome to our new site</html>", "https://x")


def test_provinces_are_matched_by_name_and_the_rest_is_told(providers, tmp_path):
    study = study_of(tmp_path / "s")
    names = study_regions(study)["name"].tolist()
    ours = [names[2].upper(), f"{names[0]} Region", "Atlantis"]
    shapes.serve_star(providers, "DJI", ours, range(2000, 2024), lambda number, year: number / 10)
    outcome, study = fetched(study, ["vegetation"])
    assert outcome.failed == {}
    ids = dict(zip(study_regions(study)["name"], study_regions(study)["region_id"], strict=True))
    table = pd.read_csv(study.folder / "data/vegetation_star.csv")
    means = table.groupby("region_id")["value"].mean().round(6).to_dict()
    assert means == {ids[names[2]]: 0.1, ids[names[0]]: 0.2}
    listing = pd.read_csv(study.folder / "data/SOURCES.csv").set_index("file")
    note = listing.loc["vegetation_star.tif", "note"]
    assert all(name in note for name in names if name not in (names[0], names[2]))


def test_no_province_of_that_name_is_no_map(providers, tmp_path):
    shapes.serve_star(providers, "DJI", ["Atlantis"], range(2000, 2024), lambda *_: 0.4)
    outcome, study = fetched(study_of(tmp_path / "s"), ["vegetation"])
    assert "no province of NOAA's is called as a region" in outcome.failed["noaa-star"]
    assert study.data.ndvi is None


SDG = "/unstats.un.org/SDGAPI/v1/sdg/Series/Data"


def test_reported_values_come_by_country_and_page(providers, tmp_path):
    def answer(path, asked, body):
        page = int(asked["page"][0])
        assert asked["areaCode"] == ["262"]
        rows = [
            {
                "geoAreaCode": "262",
                "timePeriodStart": 2014.0 + page,
                "value": "12.5",
                "dimensions": {"Location": "ALLAREA"},
            },
            {"geoAreaCode": "262", "timePeriodStart": 2010.0, "value": "NaN", "dimensions": {}},
            {"geoAreaCode": "1", "timePeriodStart": 2015.0, "value": "20"},
        ]
        return Answer(json.dumps({"totalElements": 6, "totalPages": 2, "pageNumber": page, "data": rows}).encode())

    providers.routes[SDG] = answer
    outcome, study = fetched(study_of(tmp_path / "s"), ["un_sdg"])
    assert outcome.failed == {}
    rows = rows_of(study, "un_sdg.csv")
    assert [(row["year"], row["value"], row["dimensions"]) for row in rows] == [
        ("2015", "12.5", "Location: ALLAREA"),
        ("2016", "12.5", "Location: ALLAREA"),
    ]


def test_a_changed_form_of_the_sdg_database_is_told(providers, tmp_path):
    providers.routes[SDG] = Answer(b'{"totalPages": 1, "data": [{"area": "262"}]}')
    outcome, _ = fetched(study_of(tmp_path / "s"), ["un_sdg"])
    assert "columns geoAreaCode, timePeriodStart, value were expected" in outcome.failed["un-sdg"]


FAO = "/bulks-faostat.fao.org/production/Environment_LandCover_E_All_Data_(Normalized).zip"


def faostat(header: str) -> bytes:
    text = f'{header}\n"\'262","Djibouti","Tree-covered areas","Area from CCI_LC","2015","1000 ha","3.5"\n'
    text += '"\'004","Afghanistan","Tree-covered areas","Area from CCI_LC","2015","1000 ha","9"\n'
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        file.writestr("Environment_LandCover_E_All_Data_(Normalized).csv", text)
    return packed.getvalue()


def test_faostat_keeps_the_rows_of_the_study(providers, tmp_path):
    providers.routes[FAO] = Answer(faostat('"Area Code (M49)","Area","Item","Element","Year","Unit","Value"'))
    outcome, study = fetched(study_of(tmp_path / "s"), ["faostat"])
    assert outcome.failed == {}
    (row,) = rows_of(study, "faostat.csv")
    assert (row["iso3"], row["value"], row["unit"], row["year"]) == ("DJI", "3.5", "1000 ha", "2015")
    providers.routes[FAO] = Answer(faostat('"Code","Area","Item","Element","Year","Unit","Value"'))
    outcome, _ = fetched(study_of(tmp_path / "t"), ["faostat"])
    assert "columns Area Code (M49) were expected" in outcome.failed["faostat"]


def test_hdx_lists_files_with_their_terms(providers, tmp_path):
    files = [
        {"name": "dji.gpkg", "format": "GPKG", "url": "https://data.humdata.org/x", "last_modified": "2026-03-01T00"}
    ]
    one = {"title": "Djibouti - Subnational Boundaries", "license_title": "CC BY-IGO", "resources": files}
    providers.json(
        "https://data.humdata.org/api/3/action/package_search",
        {"success": True, "result": {"count": 1, "results": [one]}},
    )
    outcome, study = fetched(study_of(tmp_path / "s"), ["hdx"])
    assert outcome.failed == {}
    (row,) = rows_of(study, "hdx_listing.csv")
    assert (row["terms"], row["address"], row["changed"]) == ("CC BY-IGO", "https://data.humdata.org/x", "2026-03-01")


def test_the_key_of_idmc_goes_out_and_is_not_kept(providers, tmp_path, monkeypatch):
    monkeypatch.setenv("HOMEGROUND_IDMC_KEY", "secret-key")
    figures = {"conflict_total_displacement": None, "conflict_new_displacement": 5, "disaster_total_displacement": 7, "disaster_new_displacement": 0}  # fmt: skip

    def answer(path, asked, body):
        if asked["client_id"] != ["secret-key"]:
            return Answer(b"", 401)
        start = int(asked["offset"][0])
        more = "https://helix-tools-api.idmcdb.org/next" if not start else None
        return Answer(
            json.dumps({"next": more, "results": [{"iso3": "DJI", "year": 2015 + start // 1000, **figures}]}).encode()
        )

    providers.routes["/helix-tools-api.idmcdb.org/external-api/gidd/displacements/"] = answer
    outcome, study = fetched(study_of(tmp_path / "s"), ["idmc"])
    assert outcome.failed == {}
    rows = rows_of(study, "idmc.csv")
    assert {(row["year"], row["indicator"], row["value"]) for row in rows if row["year"] == "2016"} == {
        ("2016", "conflict_new_displacement", "5.0"),
        ("2016", "disaster_total_displacement", "7.0"),
        ("2016", "disaster_new_displacement", "0.0"),
    }
    assert all(b"secret-key" not in path.read_bytes() for path in study.folder.rglob("*") if path.is_file())


def test_a_changed_form_of_idmc_is_told(providers, tmp_path, monkeypatch):
    monkeypatch.setenv("HOMEGROUND_IDMC_KEY", "secret-key")
    answer = {"next": None, "results": [{"iso3": "DJI", "year": 2015, "disaster_new_displacement": 3}]}
    address = "https://helix-tools-api.idmcdb.org/external-api/gidd/displacements/"
    providers.json(address, answer)  # as seen: figures that there are none of are absent
    outcome, study = fetched(study_of(tmp_path / "s"), ["idmc"])
    assert outcome.failed == {}
    assert [row["value"] for row in rows_of(study, "idmc.csv")] == ["3.0"]
    answer["results"][0] = {"iso3": "DJI", "year": 2015, "people": 3}
    providers.json(address, answer)
    outcome, _ = fetched(study_of(tmp_path / "t"), ["idmc"])
    assert "the form changed" in outcome.failed["idmc"]


def test_a_key_that_the_provider_does_not_know_is_told_without_it(providers, tmp_path, monkeypatch):
    monkeypatch.setenv("HOMEGROUND_IDMC_KEY", "wrong-key")
    providers.routes["/helix-tools-api.idmcdb.org/external-api/gidd/displacements/"] = Answer(b"", 401)
    outcome, _ = fetched(study_of(tmp_path / "s"), ["idmc"])
    assert "does not know the one that was given" in outcome.failed["idmc"]
    assert "wrong-key" not in outcome.failed["idmc"]


def test_dtm_is_asked_by_name_with_its_header(providers, tmp_path, monkeypatch):
    monkeypatch.setenv("HOMEGROUND_DTM_KEY", "secret-key")

    def answer(path, asked, body):
        assert asked["CountryName"] == ["Djibouti"]
        row = {"admin1Name": "Obock", "admin1Pcode": "DJ05", "reportingDate": "2021-03-31T00:00:00", "operation": "Flow",
               "roundNumber": 3, "numPresentIdpInd": 120}  # fmt: skip
        return Answer(json.dumps({"isSuccess": True, "result": [row, row | {"numPresentIdpInd": None}]}).encode())

    providers.routes["/dtmapi.iom.int/v3/displacement/admin1"] = answer
    outcome, study = fetched(study_of(tmp_path / "s"), ["dtm"])
    assert outcome.failed == {}
    assert providers.heads[-1]["ocp-apim-subscription-key"] == "secret-key"
    (row,) = rows_of(study, "dtm.csv")
    assert (row["unit_name"], row["date"], row["value"], row["kind"]) == ("Obock", "2021-03-31", "120.0", "observed")


def test_events_are_summed_by_unit_never_kept_as_points(providers, tmp_path, monkeypatch):
    monkeypatch.setenv("HOMEGROUND_UCDP_KEY", "secret-key")

    def answer(path, asked, body):
        page = int(asked["page"][0])
        event = {"year": 2010, "country": "Djibouti", "adm_1": "Tadjourah", "latitude": 11.9, "longitude": 42.4, "best": 3,
                 "type_of_violence": 1}  # fmt: skip
        far = event | {"latitude": 50.0}
        return Answer(
            json.dumps(
                {"TotalCount": 4, "TotalPages": 2, "NextPageUrl": "", "Result": [event | {"best": 3 + page}, far]}
            ).encode()
        )

    providers.routes["/ucdpapi.pcr.uu.se/api/gedevents/26.1"] = answer
    outcome, study = fetched(study_of(tmp_path / "s"), ["ucdp"])
    assert outcome.failed == {}
    assert providers.heads[-1]["x-ucdp-access-token"] == "secret-key"
    rows = rows_of(study, "ucdp.csv")
    assert {(row["indicator"], row["value"]) for row in rows} == {("events", "2.0"), ("deaths, best estimate", "7.0")}
    assert "latitude" not in rows[0]


def test_borders_over_each_other_are_no_regions(providers, tmp_path):
    study = study_of(tmp_path / "s")
    whole = shapely.union_all(shapely.make_valid(study_regions(study).geometry.to_numpy()))
    frame = gpd.GeoDataFrame({"shapeName": ["A", "B"], "shapeID": ["1", "2"]}, geometry=[whole, whole], crs="EPSG:4326")
    link = "https://github.com/wmgeolab/x.geojson"
    providers.json("https://www.geoboundaries.org/api/current/gbOpen/DJI/ADM1/", {"simplifiedGeometryGeoJSON": link})
    providers.put(link, Answer(frame.to_json().encode()))
    outcome, study = fetched(study, ["borders"])
    assert "lie over each other" in outcome.failed["geoboundaries"]
    assert study.regions == "admin1"
    assert not (study.folder / "data/regions_geoboundaries.geojson").exists()


def test_borders_become_the_regions_of_the_study(providers, tmp_path):
    study = study_of(tmp_path / "s")
    own = study_regions(study)
    whole = shapely.union_all(shapely.make_valid(own.geometry.to_numpy()))
    west, south, east, north = whole.bounds
    middle = (west + east) / 2
    halves = [
        shapely.intersection(whole, shapely.box(*box))
        for box in ((west, south, middle, north), (middle, south, east, north))
    ]
    frame = gpd.GeoDataFrame({"shapeName": ["West", "East"], "shapeID": ["A1", "A2"]}, geometry=halves, crs="EPSG:4326")
    link = "https://github.com/wmgeolab/geoBoundaries/raw/x/geoBoundaries-DJI-ADM1_simplified.geojson"
    told = {
        "boundaryISO": "DJI",
        "boundaryLicense": "CC BY 4.0",
        "boundarySource": "INSD",
        "boundaryYearRepresented": "2019",
    }
    providers.json(
        "https://www.geoboundaries.org/api/current/gbOpen/DJI/ADM1/", told | {"simplifiedGeometryGeoJSON": link}
    )
    providers.put(link, Answer(frame.to_json().encode()))
    outcome, study = fetched(study, ["borders"])
    assert outcome.failed == {}
    assert study.regions == "custom"
    assert study_regions(study)["name"].tolist() == ["West", "East"]
    listing = pd.read_csv(study.folder / "data/SOURCES.csv")
    assert "DJI: CC BY 4.0 (INSD)" in listing.loc[0, "note"]
