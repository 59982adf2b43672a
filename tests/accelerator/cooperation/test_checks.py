# SPDX-License-Identifier: Apache-2.0
"""What is refused: persons, cards published by who submitted them, days in the wrong order, questions on nothing."""

from __future__ import annotations

import datetime

import pandas as pd
import pytest

from homeground.accelerator.cooperation.checks import check_cooperation
from homeground.accelerator.cooperation.knowledge import MOVES, move_card, published_cards
from homeground.accelerator.cooperation.persons import BY_ROLE, not_a_role, persons_in
from homeground.accelerator.cooperation.shipped import shipped_tables
from homeground.accelerator.cooperation.tables import cooperation_tables
from homeground.accelerator.registry.declared import registry_tables
from homeground.errors import DataError

DAY = datetime.date(2026, 11, 30)


def rules(tables):
    return [(issue.path, issue.line, issue.rule) for issue in check_cooperation(tables)]


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("write to amina.issa@example.org", "cooperation.mail"),
        ("amina (at) example.org", "cooperation.mail"),
        ("call +227 20 72 25 45", "cooperation.phone"),
        ("0022720722545", "cooperation.phone"),
        ("06 12 34 56 78", "cooperation.phone"),
        ("Tél. : 20722545", "cooperation.phone"),
        ("电话：010-6521 3114", "cooperation.phone"),
        ("Mrs Issa of the ministry", "cooperation.person"),
        ("M. Dupont", "cooperation.person"),
        ("Prof. Ouédraogo", "cooperation.person"),
        ("王先生", "cooperation.person"),
    ],
)
def test_persons_are_refused_with_row_and_column_and_not_repeated(text, rule):
    table = pd.DataFrame({"about": ["seeds", text]}, index=[2, 7])
    (issue,) = persons_in(table, "contacts.csv")
    assert (issue.line, issue.path, issue.rule, issue.severity) == (7, "about", rule, "error")
    assert text not in issue.message + issue.fix


@pytest.mark.parametrize(
    "text",
    [
        "XM-DAC-41108-1100001234",
        "ICCD/COP(15)/21, paragraphs 11-12",
        "2019-2021; 250 000 000 t; 1 000 000 ha; 0.05",
        "https://example.org/a@b/00227123456789",
        "doi 10.1016/j.inffus.2020.12.001",
        "from 2021-01-11 to 2021-02-28",
        "GE.22-03180",
        "+12 % in 2020",
        "Mali; M. maritima, a grass",
    ],
)
def test_identifiers_amounts_and_addresses_of_pages_are_no_persons(text):
    assert list(persons_in(pd.DataFrame({"source": [text]}), "f")) == []


@pytest.mark.parametrize("heading", ["E-mail", "courriel", "telephone", "first_name", "contact person", "姓名"])
def test_a_column_that_asks_for_persons_is_refused(heading):
    (issue,) = persons_in(pd.DataFrame({heading: ["-"]}), "f")
    assert (issue.path, issue.rule) == (heading, "cooperation.column")


def test_nobody_publishes_their_own_card_however_the_role_is_written():
    cards = {"practice": ["zai"], "title": ["Pits"], "state": ["published"], "source": ["field"]}
    own = {"submitted_by": ["focal point: BFA"], "published_by": ["Focal  Point: bfa"]}
    other = {"submitted_by": ["focal point: BFA"], "published_by": ["focal point: NER"]}
    assert rules({"practices": pd.DataFrame(cards | own)}) == [("published_by", 0, "cooperation.own")]
    assert rules({"practices": pd.DataFrame(cards | other)}) == []
    assert rules({"practices": pd.DataFrame(cards)}) == [("published_by", 0, "cooperation.unmoderated")]
    assert published_cards({"practices": pd.DataFrame(cards | own)}).empty
    assert published_cards({"practices": pd.DataFrame(cards)}).empty
    assert len(published_cards({"practices": pd.DataFrame(cards | other)})) == 1


def test_a_card_goes_through_its_states_and_its_version_rises_when_it_comes_back():
    cards = pd.DataFrame({"practice": ["zai", "bunds"], "state": ["draft", "draft"], "version": [1, 1]})
    cards = move_card(cards, "zai", "submitted", by="focal point: BFA", on=DAY)
    before = cards.copy()
    with pytest.raises(DataError, match="cannot publish"):
        move_card(cards, "zai", "published", by="focal point : bfa", on=DAY)
    pd.testing.assert_frame_equal(cards, before)
    cards = move_card(cards, "zai", "published", by="moderator: OSS", on=DAY)
    row = cards.set_index("practice").loc["zai"]
    assert (row["submitted_by"], row["published_by"], row["published"]) == ("focal point: BFA", "moderator: OSS", DAY)
    cards = move_card(move_card(cards, "zai", "withdrawn", by="moderator: OSS", on=DAY), "zai", "draft", by="x", on=DAY)
    row = cards.set_index("practice").loc["zai"]
    assert row["version"] == 2
    assert pd.isna(row["published_by"])
    assert cards.set_index("practice").loc["bunds", "state"] == "draft"


@pytest.mark.parametrize("state", list(MOVES))
def test_no_card_is_published_but_from_submitted(state):
    cards = pd.DataFrame({"practice": ["zai"], "state": [state], "submitted_by": ["focal point: BFA"]})
    if state == "submitted":
        assert move_card(cards, "zai", "published", by="moderator: OSS", on=DAY)["state"].tolist() == ["published"]
    else:
        with pytest.raises(DataError, match="cannot become published"):
            move_card(cards, "zai", "published", by="moderator: OSS", on=DAY)


def test_an_unknown_card_and_one_that_nobody_submitted_are_refused():
    cards = pd.DataFrame({"practice": ["zai"], "state": ["submitted"]})
    with pytest.raises(DataError, match="no card bunds"):
        move_card(cards, "bunds", "published", by="moderator: OSS", on=DAY)
    with pytest.raises(DataError, match="nobody is known"):
        move_card(cards, "zai", "published", by="moderator: OSS", on=DAY)


@pytest.mark.parametrize(
    "text", ["Amina Issa", "Jean-Pierre Dupont", "Amina Issa: NER", "Maria da Silva", "Fatou N'Diaye Sow"]
)
def test_what_looks_like_a_name_where_a_role_is_asked_for_is_told(text):
    found = not_a_role(text)
    if text == "Maria da Silva":  # a machine cannot tell it from "Ministry of Land": nothing is said
        assert found is None
    else:
        assert found is not None
        assert found[:2] == ("cooperation.name", "warning")


@pytest.mark.parametrize(
    "text",
    ["focal point: NER", "Focal Point", "Project Editor: Niger", "analyst", "Analyst", "World Bank", "UNCCD Secretariat", "moderator 2: OSS",
     "Directeur Technique", "ministry desk: Burkina Faso", "Green Climate Fund", "FAO NER", "联络点: NER"],
)  # fmt: skip
def test_roles_and_organisations_are_no_names(text):
    assert not_a_role(text) is None


@pytest.mark.parametrize("text", ["amina.issa@example.org", "Dr. Issa", "analyst, tel. 20 72 25 45"])
def test_who_can_be_reached_or_is_named_by_title_is_no_role(text):
    found = not_a_role(text)
    assert found is not None
    assert found[1] == "error"


def test_columns_that_ask_for_a_role_say_so():
    for table, columns in BY_ROLE.items():
        meaning = {c.column: c.meaning for c in registry_tables()[table].table.columns}
        assert all("role" in meaning[column] for column in columns)


def test_roles_are_of_the_list_and_never_names():
    asked = {"question": ["1", "2"], "text": ["why?", "how?"], "iso3": ["NER", "NER"], "state": ["open", "open"]}
    asked |= {"asked_by": ["focal point 2: NER", "Amina Issa"]}
    assert rules({"questions": pd.DataFrame(asked, index=[2, 3])}) == [("asked_by", 3, "cooperation.role")]


def test_days_follow_each_other_and_answers_have_their_day():
    asked = pd.DataFrame(
        [
            ("a", "answered", DAY, datetime.date(2026, 11, 29)),
            ("b", "declined", DAY, None),
            ("c", "answered", DAY, DAY),
        ],
        columns=["request", "state", "received", "answered"],
    )
    assert rules({"requests": asked}) == [("answered", 0, "cooperation.order"), ("answered", 1, "cooperation.undated")]


def test_references_point_to_rows():
    tables = {"request_parties": pd.DataFrame({"request": ["seeds"], "iso3": ["NER"]})}
    assert rules(tables) == [("request", 0, "cooperation.reference")]
    tables["requests"] = pd.DataFrame({"request": ["seeds"], "state": ["received"], "project": ["P1"]})
    assert rules(tables) == []  # projects were not given
    tables["projects"] = pd.DataFrame({"project": ["P2"], "title": ["Other"]})
    assert rules(tables) == [("project", 0, "cooperation.reference")]


def test_a_question_is_on_something():
    asked = pd.DataFrame(
        {"question": ["1", "2"], "text": ["why?", "how?"], "iso3": [None, "NER"], "state": ["open", "open"]}
    )
    assert rules({"questions": asked}) == [("practice", 0, "cooperation.unbound")]


def test_a_year_that_is_not_that_of_the_day_is_told():
    held = pd.DataFrame({"event": ["1"], "title": ["Forum"], "year": [2020], "start": [DAY]})
    assert rules({"events": held}) == [("year", 0, "cooperation.year")]


def test_what_ships_has_nothing_wrong_and_no_persons():
    assert check_cooperation(shipped_tables()) == []


def test_no_column_of_the_declaration_asks_for_persons():
    frames = {
        name: pd.DataFrame(columns=[c.column for c in one.table.columns]) for name, one in cooperation_tables().items()
    }
    assert [issue.path for name, frame in frames.items() for issue in persons_in(frame, name)] == []


def test_every_reference_names_a_column_that_is_there_and_comes_first():
    order = list(registry_tables())
    for name in cooperation_tables():
        for table, column in registry_tables()[name].refers.values():
            assert column in [c.column for c in registry_tables()[table].table.columns]
            assert order.index(table) < order.index(name)
