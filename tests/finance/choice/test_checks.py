# SPDX-License-Identifier: Apache-2.0
"""Answered cards that cannot be used are refused with every reason at once; people stay unknown."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from homeground.errors import DataError
from homeground.finance.choice.answers import answered_cards, read_answers
from homeground.finance.choice.attributes import attributes_on_cards
from homeground.finance.choice.checks import check_cards
from homeground.finance.choice.made import _shipped_cards as shipped_cards
from homeground.finance.choice.made import made_survey, wide_answers


@pytest.fixture(scope="module")
def good():
    return made_survey(40)


def refused(table, **options):
    with pytest.raises(DataError) as caught:
        check_cards(table, **{"price": "return", **options})
    return str(caught.value)


def test_good_answers_become_arrays(good):
    answers = check_cards(good, price="return", segment="segment")
    assert answers.x.shape == (320, 3, 15)
    assert answers.with_none
    assert answers.x[:, 2, -1].tolist() == [1.0] * 320  # none stands last
    taken = good[good["chosen"] == 1].sort_values(["answer", "card"])["option"]
    assert [("A", "B", "none")[at] for at in answers.chosen] == taken.tolist()
    assert (answers.took == (taken != "none").to_numpy()).all()


def test_all_problems_are_told_at_once(good):
    bad = good.copy()
    bad.loc[bad["answer"].eq(1) & bad["card"].eq(1), "chosen"] = 0
    bad.loc[bad["answer"].eq(2) & bad["card"].eq(2), "chosen"] = 1
    bad = bad.drop(index=bad.index[bad["answer"].eq(3) & bad["card"].eq(3)][0])
    offers = bad.index[bad["option"].eq("A")]
    bad.loc[offers[30], "project"] = "gold mine"
    bad.loc[offers[31], "visit"] = None
    bad["return"] = bad["return"] * 100
    bad["term"] = 5.0
    said = refused(bad[bad["answer"] <= 20].assign(deviceid="x"))
    for words in (
        "['deviceid']",
        "2 cards without a choice: answer 1 card 1, answer 3 card 3",  # of the third the option taken is gone
        "1 card with two choices or more: answer 2 card 2",
        "with another number of options than 3: answer 3 card 3",
        "project: unknown levels ['gold mine']",
        "visit is missing on 1 offers",
        "looks like percent. Write 6 % as 0.06",
        "term never varies",
        "20 people answered, 30 or more were expected",
    ):
        assert words in said


def test_a_price_that_never_varies_is_told(good):
    assert "the price return never varies" in refused(
        good.assign(**{"return": good["return"].where(good["return"].isna(), 0.02)})
    )


def test_a_price_that_varies_only_from_card_to_card_tells_nothing(good):
    same = good.copy()
    offers = same["option"].ne("none")
    same.loc[offers, "return"] = 0.02 * (same.loc[offers, "card"] % 3)
    assert "the price return never varies between the offers of a card" in refused(same)


def test_one_person_who_answers_twice_is_seen(good):
    assert "with an option twice" in refused(pd.concat([good, good[good["answer"] == 1]]))


def test_cards_with_and_without_none_do_not_go_together(good):
    mixed = good.drop(index=good.index[good["answer"].eq(1) & good["option"].eq("none")])
    assert "have no option 'none', the others do" in refused(mixed)


def test_cards_without_none_have_no_constant(good):
    taken = good[good["chosen"].eq(1) & good["option"].ne("none")][["answer", "card"]]
    forced = good[good["option"] != "none"].merge(taken, on=["answer", "card"])
    answers = check_cards(forced, price="return")
    assert answers.x.shape[1:] == (2, 14)
    assert "none" not in answers.terms


@pytest.mark.parametrize(
    "name",
    [
        "name",
        "e-mail",
        "phone_number",
        "respondent_id",
        "deviceid",
        "_submitted_by",
        "username",
        "_geolocation",
        "meta/deviceid",
    ],
)
def test_columns_about_persons_and_devices_are_refused(good, name):
    said = refused(good.assign(**{name: "x"}))
    assert name in said
    assert "Drop" in said or "drop" in said


def test_personal_and_missing_columns_are_told_together(good):
    said = refused(good.assign(email="x").drop(columns="chosen"), price="fee")
    for words in ("email", "['chosen'] are missing", "the price 'fee' is none of"):
        assert words in said


def test_marks_other_than_0_and_1_are_refused(good):
    assert "chosen must be 0 or 1; found ['2'" in refused(good.assign(chosen=good["chosen"] * 2))


def test_levels_of_ones_own_design_are_known(good):
    own = good.assign(project=good["project"].replace({"water": "dam"}))
    assert "unknown levels ['dam']" in refused(own, attributes=attributes_on_cards())


def test_words_where_numbers_belong_are_refused(good):
    table = good.astype({"term": object})
    table.loc[table.index[table["option"].eq("A")][0], "term"] = "long"
    assert "term: numbers were expected, found ['long']" in refused(table)


def test_the_order_of_rows_changes_nothing(good):
    one, other = (check_cards(table, price="return") for table in (good, good.sample(frac=1, random_state=1)))
    assert np.array_equal(one.x, other.x)
    assert np.array_equal(one.chosen, other.chosen)


def test_answers_of_the_form_are_laid_beside_the_cards(good):
    table = answered_cards(wide_answers(good), shipped_cards(), segment="segment")
    one, other = (check_cards(each, price="return", segment="segment") for each in (table, good))
    assert np.array_equal(one.x, other.x)
    assert np.array_equal(one.chosen, other.chosen)
    assert one.segment.tolist() == other.segment.tolist()


def test_only_adults_who_agreed_are_used(good):
    wide = wide_answers(good).rename(columns={"v1_card_1": "cards/v1_card_1", "consent": "before/consent"})
    wide.loc[0, "before/consent"], wide.loc[1, "adult"], wide.loc[2, "adult"] = "no", "no", np.nan
    assert answered_cards(wide, shipped_cards())["answer"].nunique() == 37
    wide["adult"] = "no"
    with pytest.raises(DataError, match="no card was answered by an adult who agreed"):
        answered_cards(wide, shipped_cards())
    with pytest.raises(DataError, match="without consent of an adult"):
        answered_cards(wide.drop(columns="adult"), shipped_cards())


def test_answers_of_another_form_are_refused_with_all_reasons(good):
    wide = wide_answers(good).assign(v9_card_1="A")
    wide.loc[0, "v1_card_2"], wide.loc[0, "v2_card_1"] = "C", "A"
    wide["_submitted_by"] = "somebody"
    with pytest.raises(DataError) as caught:
        answered_cards(wide, shipped_cards())
    for words in (
        "['v9_card_1'] are no cards of the design",
        "chosen 'C'",
        "answer 1 has cards of several versions",
        "_submitted_by",
    ):
        assert words in str(caught.value)


def test_the_word_none_is_read_as_a_word(tmp_path, good):
    path = tmp_path / "answers.csv"
    good.to_csv(path, index=False)
    assert set(read_answers(path)["option"]) == {"A", "B", "none"}
    wide_answers(good).to_excel(tmp_path / "form.xlsx", index=False)
    assert len(read_answers(tmp_path / "form.xlsx")) == 40
    (tmp_path / "empty.csv").write_text("a,b\n")
    (tmp_path / "no.xlsx").write_text("no workbook")
    for name, words in (("empty.csv", "no rows"), ("gone.csv", "no such file"), ("no.xlsx", "cannot be read")):
        with pytest.raises(DataError, match=words):
            read_answers(tmp_path / name)
