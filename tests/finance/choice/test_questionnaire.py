# SPDX-License-Identifier: Apache-2.0
"""The form: consent first, three languages, nothing about a person, and a second reader of XLSForm."""

from __future__ import annotations

import json
import re

import pandas as pd
import pytest
from typer.testing import CliRunner

from homeground.cli.app import app
from homeground.errors import DataError
from homeground.finance.choice.attributes import shipped_attributes
from homeground.finance.choice.questionnaire import write_survey
from homeground.numbers.disclosure import refuse_personal

LABELS = ["label::English (en)", "label::Français (fr)", "label::中文 (zh)"]
# What XLSForm lets a form record by itself.
METADATA = {"start", "end", "today", "deviceid", "phonenumber", "username", "email", "audit", "start-geopoint"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    to = tmp_path_factory.mktemp("form") / "survey"
    write_survey(to)
    return to


@pytest.fixture(scope="module")
def sheets(folder):
    return pd.read_excel(folder / "survey.xlsx", sheet_name=None, dtype=str, keep_default_na=False)


def test_three_sheets_with_words_in_three_languages(sheets):
    assert list(sheets) == ["survey", "choices", "settings"]
    survey = sheets["survey"]
    asked = survey[~survey["type"].isin(["end_group", "calculate"])]
    assert (asked[LABELS] != "").all(axis=None)
    assert (sheets["choices"][LABELS] != "").all(axis=None)


def test_consent_stands_before_all_and_gates_all(sheets):
    survey = sheets["survey"]
    first = survey["name"].tolist()[:9]
    assert first == [
        "before", "purpose", "voluntary", "no_personal_data", "use_of_answers", "contact", "withdrawal", "adult", "consent"
    ]  # fmt: skip
    groups = survey[survey["type"] == "begin_group"].iloc[1:]
    assert groups["relevant"].unique().tolist() == ["${adult} = 'yes' and ${consent} = 'yes'"]
    depth = (survey["type"].eq("begin_group").cumsum() - survey["type"].eq("end_group").cumsum()).tolist()
    outside = [
        name
        for name, d, kind in zip(survey["name"], depth, survey["type"], strict=True)
        if d == 0 and kind != "end_group"
    ]
    assert outside == ["thanks"]
    assert survey.set_index("name").loc[["adult", "consent"], "required"].unique().tolist() == ["yes"]


def test_nothing_about_a_person_is_asked_or_recorded(sheets):
    survey = sheets["survey"]
    kinds = {kind.split()[0] for kind in survey["type"]}
    assert kinds == {
        "begin_group",
        "end_group",
        "note",
        "calculate",
        "select_one",
        "select_multiple",
    }  # no text, place or date
    assert not kinds & METADATA
    refuse_personal(pd.DataFrame(columns=survey["name"].tolist()))


def test_every_list_and_question_that_is_named_is_there(sheets):
    survey, choices = sheets["survey"], sheets["choices"]
    lists = {kind.split()[1] for kind in survey["type"] if kind.startswith("select")}
    assert lists == set(choices["list_name"])
    assert not choices.duplicated(["list_name", "name"]).any()
    named = set(survey["name"])
    for text in survey["relevant"]:
        assert set(re.findall(r"\$\{(\w+)\}", text)) <= named
    assert survey.loc[survey["type"] != "end_group", "name"].is_unique
    answers = choices.groupby("list_name")["name"].agg(set)
    for row in survey.itertuples():
        for name, value in re.findall(r"\$\{(\w+)\} !?= '(\w+)'", row.relevant):
            kind = survey.loc[survey["name"] == name, "type"].iloc[0]
            assert value in answers[kind.split()[1]]


def test_cards_of_the_form_are_those_of_the_design(folder, sheets):
    cards = pd.read_csv(folder / "cards.csv", keep_default_na=False)
    survey = sheets["survey"].set_index("name")
    words = shipped_attributes()[1].set_index(["attribute", "level"])["en"]
    assert [name for name in survey.index if re.match(r"v\d_card_\d$", name)] == [
        f"v{v}_card_{c}" for v in range(1, 5) for c in range(1, 9)
    ]
    for (version, card), part in cards.groupby(["version", "card"]):
        row = survey.loc[f"v{version}_card_{card}"]
        assert row["relevant"] == f"${{version}} = {version}"
        _, a, b = re.split(r"\*\*Offer [AB]\*\*", row[LABELS[0]])
        for text, option in ((a, "A"), (b, "B")):
            offer = part[part["option"] == option].iloc[0]
            for name in cards.columns[3:]:
                level = f"{float(offer[name]):g}" if name in ("return", "term") else offer[name]
                assert f": {words[name, level]}" in text
    assert set(cards["option"]) == {"A", "B", "none"}


def test_a_reader_of_odk_takes_the_form(folder, tmp_path):
    convert = pytest.importorskip("pyxform.xls2xform").xls2xform_convert
    assert convert(str(folder / "survey.xlsx"), str(tmp_path / "form.xml"), validate=False) == []
    assert "v4_card_8" in (tmp_path / "form.xml").read_text("utf-8")


def test_the_codebook_says_source_and_sample(folder):
    book = pd.read_csv(folder / "codebook.csv", keep_default_na=False)
    levels = book[book["part"] == "attribute"]
    assert (levels["source"] != "").all()
    assert book.loc[book["part"] == "sample", "value"].tolist() == ["125"]
    assert "consent" in book.loc[book["part"] == "question", "name"].tolist()


def test_files_are_not_overwritten_and_a_price_must_be_there(folder, tmp_path):
    with pytest.raises(DataError, match="3 problems"):
        write_survey(folder)
    with pytest.raises(DataError, match="worth has no unit"):
        write_survey(tmp_path / "new", names=["visit", "project"], versions=1)
    assert not (tmp_path / "new").exists()


def run(*words):
    return CliRunner().invoke(app, ["finance", *map(str, words)])


def test_commands_from_the_form_to_what_it_tells(tmp_path):
    written = run("survey", "new", tmp_path / "form", "--attributes", "return, visit,project", "--versions", 1)
    assert written.exit_code == 0, written.output
    assert written.output.count("wrote") == 3
    made = run("survey", "made", tmp_path / "made", "--people", 150)
    assert "Made, not real." in made.output
    answers, cards = tmp_path / "made" / "made_answers.csv", tmp_path / "made" / "made_cards.csv"
    told = json.loads(run("choice", answers, "--cards", cards, "--segment", "segment", "--json").output)
    assert (told["facts"]["people"], told["facts"]["model"], told["facts"]["factor_kind"]) == (
        150,
        "conditional",
        "default",
    )
    assert {row["term"] for row in told["worth"]} == {row["term"] for row in told["coefficients"]} - {"return"}
    for code, words in (("en", "Said on a form"), ("fr", "Dit sur un formulaire"), ("zh", "这是表单上的说法")):
        shown = run("choice", answers, "--cards", cards, "--segment", "segment", "--language", code)
        assert shown.exit_code == 0, shown.output
        assert words in shown.output.replace("\n", " ")
        assert "choice." not in shown.output
        shown = run("funnel", tmp_path / "made" / "made_funnel.csv", "--language", code)
        assert shown.exit_code == 0
        assert "choice." not in shown.output


def test_a_mixed_logit_by_command_tells_how_people_differ(tmp_path):
    run("survey", "made", tmp_path, "--people", 100, "--spread")
    words = ["choice", tmp_path / "made_answers.csv", "--cards", tmp_path / "made_cards.csv", "--draws", 50]
    shown = run(*words, "--random", "loss_protection=full, tax_receipt=yes")
    assert shown.exit_code == 0, shown.output
    assert shown.output.count("differs between people by") == 2
    assert "Fewer people answered than the 125" in shown.output.replace("\n", " ")
