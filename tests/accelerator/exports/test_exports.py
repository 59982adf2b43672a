# SPDX-License-Identifier: Apache-2.0
"""Who does what where, the map, the Observatory's sheets, all tables: contents by hand, and back again."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from homeground.accelerator.exports.kinds import KINDS, Asked, export
from homeground.accelerator.exports.maps import geojson
from homeground.accelerator.exports.who_what_where import TAGS, who_what_where
from homeground.accelerator.registry.declared import registry_tables
from homeground.accelerator.registry.given import empty_tables, read_tables
from homeground.accelerator.results.goals import with_observatory
from homeground.cli.accelerator.app import accelerator_app
from homeground.errors import DataError

SQUARE = "POLYGON ((2.1 13.5, 2.1 13.51, 2.11 13.51, 2.11 13.5, 2.1 13.5))"  # wound clockwise
FILES = {
    "projects.csv": "project;title;portfolio;currency;start\nP;Land;legacy;XOF;2020-01-01\nQ;=1+1;;USD;\n",
    "organisations.csv": "organisation,name,type\nbank,A bank,40\nvillage,village,\n",
    "participants.csv": "project,organisation,role\nP,bank,funding\nP,village,implementing\n",
    "project_countries.csv": "project,iso3,share\nP,NER,100\n",
    "transactions.csv": "transaction;project;kind;date;amount;currency;donor;instrument\n"
                        "t1;P;disbursement;2022-03-01;1 000 000;;bank;loan\nt2;Q;disbursement;2022-03-01;-12,50;USD;bank;\n",
    "exchange_rates.csv": "currency,year,usd,source\nXOF,2022,0.0016,made\n",
    "places.csv": f'place,project,iso3,geometry,practice,declared_ha,planted_on,state\nnorth,P,NER,"{SQUARE}",zai,100,2021-06-01,approved\n',
    "actuals.csv": "actual,indicator,project,start,end,counting,value,disaggregation,state,submitted_by,approved_by\n"
                   "a,ggw.people_trained,P,2021-01-01,2021-12-31,per period,100,,approved,editor,focal point\n"
                   "b,ggw.people_trained,P,2021-01-01,2021-12-31,per period,60,sex=women,approved,editor,focal point\n"
                   "c,ggw.people_trained,P,2021-01-01,2021-12-31,per period,40,sex=men,approved,editor,focal point\n"
                   "d,ggw.restored,P,2021-01-01,2021-12-31,per period,50,,approved,editor,focal point\n"
                   "e,ggw.restored,P,2022-01-01,2022-12-31,per period,70,,pending,editor,\n",
}  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    held = tmp_path / "given"
    held.mkdir()
    for name, text in FILES.items():
        (held / name).write_text(text, encoding="utf-8")
    return held


def test_who_does_what_where(folder: Path, tmp_path: Path) -> None:
    path = export("3w", read_tables([folder]), tmp_path / "3w.csv")
    heads, tags, *rows = csv.reader(io.StringIO(path.read_text(encoding="utf-8"), newline=""))
    assert heads == list(TAGS)
    assert tags == list(TAGS.values())
    assert all(tag.startswith("#") for tag in tags)
    table = [dict(zip(heads, row, strict=True)) for row in rows]
    assert [(r["Organisation"], r["Activity"], r["Admin 1"], r["People reached"], r["Women reached"]) for r in table] == [
        ("A bank", "Land", "Niamey", "100", "60"), ("village", "Land", "Niamey", "", ""), ("", "'=1+1", "", "", ""),
    ]  # fmt: skip
    assert sum(int(r["People reached"] or 0) for r in table) == 100  # a sum over rows counts nobody twice


def test_few_people_are_not_shown(folder: Path) -> None:
    text = (
        FILES["actuals.csv"]
        .replace("100,,", "7,,")
        .replace("60,sex=women", "4,sex=women")
        .replace("40,sex=men", "3,sex=men")
    )
    (folder / "actuals.csv").write_text(text, encoding="utf-8")
    table = who_what_where(read_tables([folder]))
    assert table["People reached"].tolist()[0] == 7
    assert table["Women reached"].isna().all()
    assert table["Men reached"].isna().all()
    assert "counts below 5 are not shown" in table["Remarks"].tolist()[0]


def test_a_workbook_of_who_does_what_where(folder: Path, tmp_path: Path) -> None:
    path = export("3w", read_tables([folder]), tmp_path / "3w.xlsx")
    assert openpyxl.load_workbook(path).worksheets[0]["A4"].value == "A bank"


def test_the_map_is_rfc_7946(folder: Path, tmp_path: Path) -> None:
    path = export("geojson", read_tables([folder]), tmp_path / "m.geojson")
    content = json.loads(path.read_text(encoding="utf-8"))
    (feature,) = content["features"]
    assert "crs" not in content
    ring = feature["geometry"]["coordinates"][0]
    assert ring[0] == ring[-1]
    assert shapely.is_ccw(shapely.LinearRing(ring))  # counter-clockwise, though it was drawn clockwise
    assert feature["properties"]["declared_ha"] == 100.0
    assert feature["properties"]["area_ha"] == pytest.approx(119.77, abs=0.01)
    assert feature["properties"]["planted_on"] == "2021-06-01"


def test_what_cannot_be_drawn_has_no_shape_and_says_why() -> None:
    bow = "POLYGON ((2 13, 2.2 13.2, 2.2 13, 2 13.2, 2 13))"
    places = pd.DataFrame({"place": ["b", "a", "c"], "geometry": [bow, "nonsense", None]})
    features = geojson({"places": places})["features"]
    assert [f["id"] for f in features] == ["a", "b", "c"]
    assert [f["geometry"] for f in features] == [None, None, None]
    assert [f["properties"]["issue"] for f in features] == [
        "a: its outline is no WKT", "Self-intersection at 2.1, 13.1", "c: has no outline"
    ]  # fmt: skip


@settings(max_examples=30)
@given(st.lists(st.tuples(st.floats(-179, 178), st.floats(-89, 88), st.booleans(), st.text(max_size=10)), max_size=4))
def test_any_text_and_square_is_json_and_wound_right(squares: list[tuple[float, float, bool, str]]) -> None:
    shapes = [shapely.box(x, y, x + 1, y + 1, ccw=ccw) for x, y, ccw, _ in squares]
    places = pd.DataFrame({"place": [str(n) for n in range(len(squares))], "geometry": [shapely.to_wkt(s) for s in shapes],
                           "name": [name for *_, name in squares]}, dtype="object")  # fmt: skip
    for feature in json.loads(json.dumps(geojson({"places": places}), allow_nan=False))["features"]:
        assert shapely.is_ccw(shapely.LinearRing(feature["geometry"]["coordinates"][0]))


def test_the_observatory_by_portfolio(folder: Path, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(export("observatory", read_tables([folder]), tmp_path / "o.xlsx"))
    rows = {name: [[cell.value for cell in row] for row in book[name].iter_rows(min_row=4)] for name in book.sheetnames}
    assert [count for _, count in rows["Portfolios"]] == [1, 0, 0, 0, 1]
    assert [[r[0], r[1], r[2], r[3], r[4], r[5]] for r in rows["Finance"]] == [
        ["P", "disbursed", "loan", "XOF", 1_000_000, 1600], ["Q", "disbursed", "not said", "USD", -12.5, -12.5]
    ]  # fmt: skip
    restored = next(r for r in rows["Results"] if r[1] == "ggw.restored")
    assert restored[6] == 50  # the pending 70 ha do not count


def test_all_tables_come_back_as_they_were(folder: Path, tmp_path: Path) -> None:
    tables = read_tables([folder])
    path = export("xlsx", tables, tmp_path / "all.xlsx")
    again = read_tables([path])
    assert again["projects"]["title"].tolist() == ["Land", "=1+1"]  # the mark of the cell is none of the text
    for name, table in tables.items():
        key = list(registry_tables()[name].table.key)
        ours, theirs = (t.astype("object").where(t.notna(), None).sort_values(key) for t in (table, again[name]))
        pd.testing.assert_frame_equal(
            ours.reset_index(drop=True), theirs.reset_index(drop=True), check_dtype=False, obj=name
        )
    assert export("xlsx", again, tmp_path / "again.xlsx").read_bytes() == path.read_bytes()


def test_kinds_are_refused_before_anything_is_read(tmp_path: Path) -> None:
    for kind, path, said in (("pdf", "a.pdf", "there is no export pdf"), ("so5", "a.csv", "ends in .xlsx")):
        with pytest.raises(DataError, match=said):
            export(kind, {}, tmp_path / path)
    with pytest.raises(DataError, match="report of one Party"):
        export("so5", empty_tables(), tmp_path / "a.xlsx")


def test_a_file_of_iati_holds_an_activity(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no project is there to write"):
        export("iati", with_observatory(empty_tables()), tmp_path / "x.xml")
    assert not (tmp_path / "x.xml").exists()


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "iati"])
def test_of_nothing_there_is_an_empty_export(kind: str, tmp_path: Path) -> None:
    path = tmp_path / f"x{KINDS[kind].suffixes[0]}"
    assert export(kind, with_observatory(empty_tables()), path, Asked("NER")).stat().st_size > 0


def run(*arguments: object) -> tuple[int, str]:
    result = CliRunner().invoke(accelerator_app, [str(one) for one in arguments])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.stdout  # warnings stand beside it


def test_commands(folder: Path, tmp_path: Path) -> None:
    code, text = run("results", folder)
    assert code == 0
    assert "4 of 5 rows count" in text
    assert "40 USD/ha" not in text
    assert "32 USD/ha" in text  # 1 000 000 XOF x 0.0016 = 1 600 USD on 50 ha
    assert max(len(line) for line in text.splitlines()) <= 80
    content = json.loads(run("results", folder, "--json")[1])
    assert {row["indicator"]: row["value"] for row in content["results"]} == {
        "ggw.people_trained": 100.0,
        "ggw.restored": 50.0,
    }
    assert content["costs"]["restored"]["coverage"] == 100.0
    assert json.loads(run("results", folder, "--json", "--since", "2022-01-01")[1])["results"] == []
    assert "written" in run("export", "so5", folder, "--out", tmp_path / "s.xlsx", "--country", "ner")[1]


def test_places_end_with_three_where_one_is_wrong(folder: Path, tmp_path: Path) -> None:
    assert run("places", folder / "places.csv")[0] == 0
    land = tmp_path / "land.csv"
    land.write_text("place,degraded,stable,improved\nnorth,80,10,10\n", encoding="utf-8")
    code, text = run("places", folder / "places.csv", "--observed", land, "--goal", "P=1000", "--json")
    content = json.loads(text)
    assert code == 0
    assert content["observed"][0]["verdict"] == "contradict"
    assert [issue["rule"] for issue in content["issues"]] == ["estimated area"]
    bow = SQUARE.replace("2.1 13.51, 2.11 13.51", "2.11 13.51, 2.1 13.51")
    (folder / "places.csv").write_text(FILES["places.csv"].replace(SQUARE, bow), encoding="utf-8")
    code, text = run("places", folder / "places.csv", "--mend")
    assert code == 3
    assert "self-intersection" in text
    assert "nothing was changed" in text


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["results", "nowhere"], "is not there"),
        (["places", "x.csv", "--goal", "P"], "PROJECT=HA|project and hectares"),
        (["results", "nowhere", "--since", "1/2/2024"], "is no day"),
    ],
)
def test_what_is_wrong_is_one_message(arguments: list[str], said: str) -> None:
    with pytest.raises(DataError, match=said):
        run(*arguments)
