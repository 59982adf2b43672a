# SPDX-License-Identifier: Apache-2.0
"""A study of one's own from the codes of countries: every line of it works, and no other country stands in it."""

import re
import tomllib

import geopandas as gpd
import pytest
import shapely

from homeground.catalogue import atlas_files
from homeground.catalogue.regions import load_regions
from homeground.cli.own.from_codes import new_study
from homeground.errors import DataError, StudyError
from homeground.study.model import Study
from homeground.study.opening import open_study


@pytest.fixture
def districts(tmp_path):
    """Two halves of a region of Niger, with columns of another name."""
    whole = load_regions(["NER"]).geometry.iloc[0]
    west, south, east, north = whole.bounds
    middle = (west + east) / 2
    halves = [shapely.box(west, south, middle, north), shapely.box(middle, south, east, north)]
    shapes = [whole.intersection(half) for half in halves]
    path = tmp_path / "districts.gpkg"
    gpd.GeoDataFrame({"ADM2_PCODE": ["a", "b"], "ADM2_FR": ["Ouest", "Est"]}, geometry=shapes, crs="EPSG:4326").to_file(
        path
    )
    return path


@pytest.mark.parametrize("codes", [["NER"], ["NER", "MLI"], ["xkx"]])
def test_only_the_named_countries_stand_in_it(codes, tmp_path):
    new_study(codes, tmp_path / "mine")
    text = (tmp_path / "mine" / "study.toml").read_text(encoding="utf-8")
    upper = [code.upper() for code in codes]
    assert open_study(tmp_path / "mine").countries == upper
    rows = atlas_files.rows("countries.csv")
    others = {word for row in rows if row["iso3"] not in upper for word in (row["iso3"], row["name_en"])}
    assert not [word for word in others if re.search(rf"\b{re.escape(word)}\b", text)]
    assert "great-green-wall" not in text


def test_every_line_that_is_commented_out_works_when_it_is_taken_in(tmp_path):
    new_study(["NER"], tmp_path / "mine")
    text = (tmp_path / "mine" / "study.toml").read_text(encoding="utf-8")
    taken_in = re.sub(r"^# (?=[a-z_.]+ = |\[\[)", "", text, flags=re.M)
    assert taken_in.count("\n#") < 10
    content = tomllib.loads(taken_in)
    content["regions"] = "custom"
    study = Study.model_validate(content)
    assert study.plan.budget is not None
    assert study.data.ndvi.first == "2001"
    assert study.scenario_names == ["double-budget"]
    assert len(re.findall(r"^# [a-z_.]+ = ", text, flags=re.M)) > 20


def test_own_polygons_are_copied_and_their_columns_named(districts, tmp_path):
    said = new_study(["NER"], tmp_path / "mine", districts, "ADM2_PCODE", "ADM2_FR")
    study = open_study(tmp_path / "mine")
    assert study.regions == "custom"
    assert (study.data.regions.path, study.data.regions.id, study.data.regions.name) == (
        "districts.gpkg", "ADM2_PCODE", "ADM2_FR",
    )  # fmt: skip
    assert (tmp_path / "mine" / "districts.gpkg").read_bytes() == districts.read_bytes()
    assert said[-1] == "2 regions of districts.gpkg"


def test_a_column_that_is_not_there_is_named_with_the_nearest(districts, tmp_path):
    with pytest.raises(DataError, match=r"ADM2_PCOD.*ADM2_PCODE"):
        new_study(["NER"], tmp_path / "mine", districts, "ADM2_PCOD", "ADM2_FR")
    assert not (tmp_path / "mine").exists()


@pytest.mark.parametrize(
    ("codes", "regions", "column", "told"),
    [
        (["QQQ"], None, None, "QQQ is not among"),
        (["Niger"], None, None, r"Did you mean NER \(Niger\)"),
        (["NER"], "none.gpkg", None, "there is no file"),
        (["NER"], None, "ADM2_PCODE", "name columns of --regions"),
    ],
)
def test_what_cannot_be_is_told_and_nothing_is_written(codes, regions, column, told, tmp_path):
    with pytest.raises(StudyError, match=told):
        new_study(codes, tmp_path / "mine", regions and tmp_path / regions, column)
    assert not (tmp_path / "mine").exists()


def test_a_folder_that_holds_a_study_is_left_alone(tmp_path):
    new_study(["NER"], tmp_path / "mine")
    with pytest.raises(StudyError, match="exists already"):
        new_study(["MLI"], tmp_path / "mine")
    assert open_study(tmp_path / "mine").countries == ["NER"]


def test_polygons_that_lie_in_the_folder_already_stay_there(districts, tmp_path):
    said = new_study(["NER"], tmp_path, districts, "ADM2_PCODE", "ADM2_FR")
    assert open_study(tmp_path).data.regions.path == "districts.gpkg"
    assert said == [f"wrote {tmp_path / 'study.toml'}", "2 regions of districts.gpkg"]


def test_polygons_of_several_countries_say_theirs_in_a_column(tmp_path):
    shapes = [load_regions([code]).geometry.iloc[0] for code in ("NER", "MLI")]
    table = {"code": ["a", "b"], "nm": ["A", "B"], "land": ["NER", "MLI"]}
    gpd.GeoDataFrame(table, geometry=shapes, crs="EPSG:4326").to_file(tmp_path / "d.gpkg")
    new_study(["NER", "MLI"], tmp_path / "two", tmp_path / "d.gpkg", "code", "nm", "land")
    assert open_study(tmp_path / "two").data.regions.iso3 == "land"
