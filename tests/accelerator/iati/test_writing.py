# SPDX-License-Identifier: Apache-2.0
"""What is written is valid, comes back as the same tables, and is written again as the same bytes."""

from __future__ import annotations

import errno
import io
import random
from pathlib import Path

import pandas as pd
import pytest
from lxml import etree
from tests.accelerator.iati.made_activities import SOUND, TODAY, read

from homeground.accelerator.iati import read_iati, write_iati, writing
from homeground.accelerator.iati.schema import children, schema
from homeground.errors import DataError

TWO = SOUND.replace("XX-9-ZAI", "XX-9-AAA")


def again(path: Path) -> dict[str, pd.DataFrame]:
    return read_iati(path, name="made.xml", today=TODAY).tables


def same(one: dict[str, pd.DataFrame], other: dict[str, pd.DataFrame]) -> None:
    assert set(one) == set(other)
    for name, frame in one.items():
        order = list(frame.columns)
        pd.testing.assert_frame_equal(
            frame.sort_values(order).reset_index(drop=True), other[name].sort_values(order).reset_index(drop=True)
        )


def from_spreadsheets() -> dict[str, pd.DataFrame]:
    """Tables as people fill them in, with what IATI has no place for."""
    return {
        "organisations": pd.DataFrame({"organisation": ["XX-9", "villages"], "name": ["Ministry", "Union of villages"],
                                       "type": ["10", None], "iso3": ["NER", None], "aliases": ["MEF;Ministère", None]}),
        "projects": pd.DataFrame({
            "project": ["XX-9-A"], "title": ["Zaï & <half-moons>"], "reporting_organisation": ["XX-9"],
            "status": ["implementation"], "portfolio": ["legacy"], "level": [2], "currency": ["XOF"],
            "start": [pd.Timestamp("2024-01-01")], "end": [pd.NaT], "description": [None], "source": ["a sheet"]}),
        "participants": pd.DataFrame({"project": ["XX-9-A"], "organisation": ["villages"], "role": ["implementing"]}),
        "project_countries": pd.DataFrame({"project": ["XX-9-A"], "iso3": ["NER"], "share": [62.5]}),
        "project_pillars": pd.DataFrame({"project": ["XX-9-A"] * 2, "pillar": [1, 2], "share": [33.3, 66.7],
                                         "method": ["declared", None]}),
        "transactions": pd.DataFrame({
            "transaction": ["t1", "t2"], "project": ["XX-9-A"] * 2, "kind": ["disbursement", "incoming pledge"],
            "date": [pd.Timestamp("2024-03-01")] * 2, "amount_minor": [-1250, 7], "currency": ["EUR", "XOF"],
            "value_date": [pd.NaT, pd.Timestamp("2024-03-02")], "donor": ["A bank", None], "receiver": [None, "XX-9"],
            "iso3": ["NER", None], "pillar": [2, None], "instrument": ["other", "guarantee"],
            "confirmed_by": ["country", None], "confirmed_on": [pd.Timestamp("2024-04-01"), pd.NaT],
            "description": ["a line\nand another", None], "source": ["sheet 2", "sheet 2"]}),
    }  # fmt: skip


def test_a_file_comes_back_as_the_same_tables_and_the_same_bytes(tmp_path):
    first, second = tmp_path / "1.xml", tmp_path / "2.xml"
    tables = read(SOUND, TWO).tables
    assert write_iati(tables, first) == 2
    same(again(first), tables)
    write_iati(again(first), second)
    assert first.read_bytes() == second.read_bytes()


def test_the_order_of_rows_does_not_matter(tmp_path):
    tables = read(SOUND, TWO).tables
    write_iati(tables, tmp_path / "1.xml")
    mixed = {name: frame.sample(frac=1, random_state=5) for name, frame in tables.items()}
    write_iati(mixed, tmp_path / "2.xml")
    assert (tmp_path / "1.xml").read_bytes() == (tmp_path / "2.xml").read_bytes()


def test_tables_of_spreadsheets_come_back_with_all_that_iati_has_no_place_for(tmp_path):
    given = from_spreadsheets()
    write_iati(given, tmp_path / "1.xml")
    tree = etree.parse(tmp_path / "1.xml")
    assert schema().validate(tree), schema().error_log
    tables = again(tmp_path / "1.xml")
    for name in ("project_pillars", "project_countries", "participants"):
        pd.testing.assert_frame_equal(tables[name], given[name], check_dtype=False)
    project = tables["projects"].iloc[0]
    assert (project["title"], project["portfolio"], project["level"]) == ("Zaï & <half-moons>", "legacy", 2)
    assert pd.isna(project["description"])  # the words that IATI asks for were not made into a description
    assert project["source"] == "a sheet"
    moneys = tables["transactions"].set_index("transaction")
    assert moneys.loc["t1", ["amount_minor", "currency", "pillar", "instrument"]].tolist() == [-1250, "EUR", 2, "other"]
    assert moneys.loc["t1", "confirmed_by"] == "country"
    assert moneys.loc["t1", "confirmed_on"] == pd.Timestamp("2024-04-01")
    assert moneys.loc["t2", ["amount_minor", "currency", "instrument"]].tolist() == [7, "XOF", "guarantee"]
    organisation = tables["organisations"].set_index("organisation").loc["XX-9"]
    assert organisation[["type", "iso3", "aliases"]].tolist() == ["10", "NER", "MEF;Ministère"]
    write_iati(tables, tmp_path / "2.xml")
    assert (tmp_path / "1.xml").read_bytes() == (tmp_path / "2.xml").read_bytes()


def test_who_was_not_named_in_a_table_is_not_named_by_reading_it_again(tmp_path):
    """The standard makes the reporting organisation the giver; a row of the registry must not change its donor by that."""
    tables = from_spreadsheets()
    tables["transactions"] = tables["transactions"].assign(donor=None, receiver=None)
    write_iati(tables, tmp_path / "1.xml")
    found = again(tmp_path / "1.xml")
    assert found["transactions"][["donor", "receiver"]].isna().all(axis=None)
    write_iati(found, tmp_path / "2.xml")
    assert (tmp_path / "1.xml").read_bytes() == (tmp_path / "2.xml").read_bytes()


def test_an_organisation_is_written_by_reference_or_by_name(tmp_path):
    tables = from_spreadsheets()
    tables["transactions"]["donor"] = ["XM-DAC-41108", "A bank"]
    write_iati(tables, tmp_path / "1.xml")
    donors = list(etree.parse(tmp_path / "1.xml").iter("provider-org"))
    assert [(one.get("ref"), one.findtext("narrative")) for one in donors] == [("XM-DAC-41108", None), (None, "A bank")]


def test_money_is_written_exactly(tmp_path):
    write_iati(from_spreadsheets(), tmp_path / "1.xml")
    values = [(v.get("currency"), v.text) for v in etree.parse(tmp_path / "1.xml").iter("value")]
    assert values == [("EUR", "-12.50"), ("XOF", "7")]


def test_children_stand_in_the_order_of_the_standard(tmp_path):
    write_iati(read(SOUND).tables, tmp_path / "1.xml")
    activity = etree.parse(tmp_path / "1.xml").getroot()[0]
    order = list(children()["iati-activity"])
    places = [order.index(child.tag) for child in activity if not child.tag.startswith("{")]
    assert places == sorted(places)
    assert len(set(places)) >= 12


def test_all_gaps_are_told_at_once_and_nothing_is_written(tmp_path):
    tables = from_spreadsheets()
    tables["projects"]["status"] = None
    tables["organisations"]["type"] = None
    del tables["participants"]
    with pytest.raises(DataError) as told:
        write_iati(tables, tmp_path / "1.xml")
    for words in ("no status", "no type of the reporting organisation XX-9", "nobody takes part"):
        assert words in str(told.value)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("place", range(0, 12, 3))
def test_a_full_disk_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch, place):
    path = tmp_path / "1.xml"
    path.write_text("before")
    real, written = writing._write, []

    class Full(io.BytesIO):
        def write(self, data: bytes) -> int:
            written.append(len(data))
            if len(written) > place:
                raise OSError(errno.ENOSPC, "No space left on device")
            return super().write(data)

    monkeypatch.setattr(writing, "_write", lambda file, *rest: real(Full(), *rest))
    many = read(*(SOUND.replace("XX-9-ZAI", f"XX-9-{n}") for n in range(20))).tables
    with pytest.raises(OSError, match="No space"):
        write_iati(many, path)
    assert [one.name for one in tmp_path.iterdir()] == ["1.xml"]
    assert path.read_text() == "before"


def test_any_shares_come_back_as_they_were(tmp_path):
    random_ = random.Random(5)  # noqa: S311 (the same every time)
    for number in range(40):
        tables = from_spreadsheets()
        cuts = sorted(random_.uniform(0, 100) for _ in range(2))
        shares = [cuts[0], cuts[1] - cuts[0]]
        tables["project_countries"] = pd.DataFrame({"project": ["XX-9-A"] * 2, "iso3": ["NER", "TCD"], "share": shares})
        path = tmp_path / f"{number}.xml"
        write_iati(tables, path)
        assert again(path)["project_countries"]["share"].tolist() == shares


@pytest.mark.parametrize(("column", "value"), [("title", "a\x00b"), ("status", "asleep"), ("currency", "QQQ")])
def test_what_cannot_be_written_is_told_with_its_project(tmp_path, column: str, value: str):
    tables = from_spreadsheets()
    tables["projects"][column] = value
    if column == "currency":
        tables["transactions"]["currency"] = value
    with pytest.raises(DataError, match="QQQ is no currency" if column == "currency" else "XX-9-A cannot be written"):
        write_iati(tables, tmp_path / "1.xml")
    assert list(tmp_path.iterdir()) == []


def test_a_row_that_would_not_be_valid_is_named(tmp_path):
    tables = from_spreadsheets()
    tables["project_countries"]["iso3"] = "QQQ"
    with pytest.raises(DataError, match="XX-9-A: QQQ is no country"):
        write_iati(tables, tmp_path / "1.xml")
    assert list(tmp_path.iterdir()) == []
