# SPDX-License-Identifier: Apache-2.0
"""Rights to land, screening and targeting by hand; the ten people of the World Bank."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from homeground.errors import DataError
from homeground.language.messages import known
from homeground.language.wording import slug
from homeground.measures import (
    gap_between_groups,
    geographic_targeting,
    land_and_rights,
    screen,
    screening_questions,
    self_selected,
    targeting_errors,
)
from homeground.measures.rights.overlays import OVERLAYS

PLAN = pd.DataFrame({"region_id": ["a", "b", "c"], "hectares": [100.0, 40.0, 10.0]})
RIGHTS = pd.DataFrame(
    [
        ("a", "tenure_secure", 0.3, 0.2, 0.6),
        ("a", "tenure_secure_women", 0.1, None, None),
        ("a", "pastoral_corridor", 0.05, None, None),
        ("b", "tenure_secure", 0.75, None, None),
        ("b", "conflict", 0.0, None, None),
        ("c", "inheritance", 0.4, None, None),
    ],
    columns=["region_id", "what", "value", "low", "high"],
)


def test_land_is_flagged_where_rights_are_insecure_or_not_known():
    table = land_and_rights(PLAN, RIGHTS).set_index("region_id")
    assert table["rights"].tolist() == ["insecure", "secure", "not_known"]
    assert table["flags"].tolist() == ["tenure_secure tenure_secure_women pastoral_corridor", "", "inheritance"]
    assert table.loc["a", [f"insecure_hectares_{end}" for end in ("low", "mid", "high")]].tolist() == pytest.approx(
        [40, 70, 80]
    )
    assert table.loc["b", "insecure_hectares_mid"] == pytest.approx(10.0)
    assert math.isnan(table.loc["c", "insecure_hectares_mid"])  # not known is no zero
    assert land_and_rights(PLAN, RIGHTS, least=0.8)["rights"].tolist() == ["insecure", "insecure", "not_known"]
    nothing = land_and_rights(PLAN, None)
    assert set(nothing["rights"]) == {"not_known"}
    assert nothing[list(OVERLAYS)].isna().all().all()


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        (RIGHTS.assign(what="tenure"), "tenure is unknown. Known: tenure_secure"),
        (pd.concat([RIGHTS, RIGHTS.head(1)]), "tenure_secure of a stands twice"),
        (RIGHTS.assign(value=30.0), "tenure_secure of a: 0 <= low <= value"),
        (RIGHTS.assign(low=0.9, high=1.0), "tenure_secure of a: 0 <= low <= value"),
        (RIGHTS.drop(columns="value"), "lacks value"),
    ],
)
def test_faulty_rights_are_refused(rows, told):
    with pytest.raises(DataError, match=told):
        land_and_rights(PLAN, rows)


NONE = dict.fromkeys(screening_questions(), "no")


def test_nothing_asked_for_is_the_lowest_category():
    found = screen(NONE)
    assert (found.gcf, found.secap_environment, found.secap_climate) == ("C", "low", "low")
    assert (found.reasons, found.instruments, found.disclosure) == ((), (), False)
    assert found.decides == "a person decides"


@pytest.mark.parametrize("question", ["resettlement", "protected_area", "fpic"])
def test_resettlement_protected_area_and_consent_ask_for_at_least_b_with_a_note(question):
    found = screen(NONE | {question: "yes"})
    assert found.gcf in ("B", "A")
    assert found.notes == (f"{question}: at least B",)
    assert len(found.instruments) == 1


def test_the_highest_answer_counts_and_climate_stands_apart():
    found = screen(NONE | {"pesticides": "yes", "irreversible": "yes", "climate": "yes"})
    assert (found.gcf, found.secap_environment, found.secap_climate) == ("A", "high", "moderate")
    assert found.disclosure
    assert "environmental and social impact assessment (ESIA)" in found.instruments
    assert "its disclosure before approval" in found.instruments
    assert [reason[0] for reason in found.reasons] == ["irreversible", "pesticides", "climate"]
    assert screen(NONE | {"pesticides": "yes"}).secap_environment == "moderate"
    assert not screen(NONE | {"pesticides": "yes"}).disclosure
    assert screen(NONE | {"climate": "yes"}).gcf == "C"


def test_what_is_not_answered_counts_as_yes_and_is_said():
    found = screen({})
    assert found.gcf == "A"
    assert len(found.notes) == len(screening_questions())
    assert "labour: not answered, taken as yes" in found.notes


def test_faulty_answers_are_told_together():
    with pytest.raises(DataError, match=r'(?s)no question "war".*labour: the answer is "maybe"'):
        screen({"war": "yes", "labour": "maybe"})


def test_every_question_and_instrument_has_words_in_the_catalogue():
    for name, row in screening_questions().items():
        assert known(f"terminal.rights.question.{name}")
        for one in row["instruments"].split(";"):
            assert known(f"terminal.rights.instrument.{slug(one.strip())}"), one
        assert row["source"]


# Ten people of the World Bank's test: the line is 20, so four are poor, and the poorest fifth are the first two.
INCOMES = np.array([6, 8, 11, 15, 21, 25, 30, 40, 50, 100])
POOR, POOREST = INCOMES < 20, np.arange(10) < 2


@pytest.mark.parametrize(
    ("served", "poor", "poorest"),
    [
        ([6, 8], (50, 0), (0, 0)),  # scenario 1
        ([6, 11], (50, 0), (50, 50)),  # scenario 2
        ([11, 15], (50, 0), (100, 100)),  # scenario 3
        (list(INCOMES), (0, 60), (0, 80)),  # everybody
    ],
)
def test_errors_of_the_ten_people_of_the_world_bank(served, poor, poorest):
    for target, errors in ((POOR, poor), (POOREST, poorest)):
        row = targeting_errors(target, np.isin(INCOMES, served), draws=0, withhold_below=0).iloc[0]
        assert (100 * row["exclusion"], 100 * row["inclusion"]) == pytest.approx(errors)


def test_errors_of_few_people_are_withheld():
    row = targeting_errors(POOR, INCOMES < 25, draws=50).iloc[0]
    assert row["withheld"]
    assert math.isnan(row["exclusion"])
    assert math.isnan(row["exclusion_low"])


def made(people=400, seed=7):
    rng = np.random.default_rng(seed)
    sex = np.where(np.arange(people) % 2 == 0, "women", "men")
    poor = rng.random(people) < 0.4
    served = np.where(
        sex == "women", rng.random(people) < np.where(poor, 0.5, 0.1), rng.random(people) < np.where(poor, 0.8, 0.1)
    )
    return poor, served, sex


def test_errors_by_group_are_plain_counts_with_an_interval_around_them():
    poor, served, sex = made()
    table = targeting_errors(poor, served, groups=sex, draws=500).set_index("group")
    assert list(table.index) == ["all", "men", "women"]
    for group in ("men", "women"):
        inside = sex == group
        assert table.loc[group, "exclusion"] == (inside & poor & ~served).sum() / (inside & poor).sum()
        assert table.loc[group, "inclusion"] == (inside & served & ~poor).sum() / (inside & served).sum()
    assert (table["exclusion_low"] < table["exclusion"]).all()
    assert (table["exclusion"] < table["exclusion_high"]).all()
    gap = gap_between_groups(table.reset_index())["exclusion"]
    assert gap == pytest.approx(abs(table.loc["women", "exclusion"] - table.loc["men", "exclusion"]))
    again = targeting_errors(poor, served, groups=sex, draws=500)
    assert again.equals(table.reset_index())


def test_the_interval_is_that_of_a_share():
    """Of n poor people a share p is not served: its standard error is sqrt(p (1 - p) / n), nine of ten within 1.645 of it."""
    poor = np.ones(400, dtype=bool)
    served = np.arange(400) >= 100
    row = targeting_errors(poor, served, draws=4000).iloc[0]
    half = 1.645 * math.sqrt(0.25 * 0.75 / 400)
    assert row["exclusion"] == 0.25
    assert [row["exclusion_low"], row["exclusion_high"]] == pytest.approx([0.25 - half, 0.25 + half], abs=0.006)


@pytest.mark.parametrize(
    ("poor", "served", "groups", "told"),
    [
        ([True], [True, False], None, "same people were expected, found 1, 2"),
        ([], [], None, "same people"),
        ([0.3, 1.0], [0, 1], None, "poor: yes or no"),
        ([True, False], [True, False], ["a"], "found 2, 2, 1"),
    ],
)
def test_faulty_people_are_refused(poor, served, groups, told):
    with pytest.raises(DataError, match=told):
        targeting_errors(poor, served, groups=groups)


def test_a_wage_below_other_work_selects_those_without():
    pay = np.array([0.0, 1.0, 3.0, 5.0])
    assert self_selected(pay, 2.0).tolist() == [True, True, False, False]
    assert self_selected(pay, 9.0).all()
    with pytest.raises(DataError, match="wage above 0"):
        self_selected(pay, 0)
    with pytest.raises(DataError, match="other_pay of 0 or more"):
        self_selected([-1.0], 1.0)


def test_a_wage_chooses_the_poor_as_far_as_pay_tells_them_apart():
    """Of the ten people those who earn below 16 are the four poor; at 26 two come who are not poor, a third of those who come."""
    at_low, at_high = (
        targeting_errors(POOR, self_selected(INCOMES, wage), draws=0, withhold_below=0).iloc[0] for wage in (16, 26)
    )
    assert (at_low["exclusion"], at_low["inclusion"]) == (0, 0)
    assert (at_high["exclusion"], at_high["inclusion"]) == pytest.approx((0, 2 / 6))


def test_poorest_regions_first_by_hand():
    """150 of 250 poor people live in a and b; of the 300 people there 150 are not poor."""
    regions = pd.DataFrame({"region_id": ["a", "c", "b"], "people": [100, 700, 200], "poor_share": [0.9, 1 / 7, 0.3]})
    found = geographic_targeting(regions, share=0.3)
    assert found["chosen"].tolist() == [True, False, True]
    assert found.attrs == pytest.approx({"exclusion": 100 / 250, "inclusion": 150 / 300, "reached": 0.3})
    with pytest.raises(DataError, match=r"poorest region holds more than 0\.05"):
        geographic_targeting(regions, share=0.05)
    with pytest.raises(DataError, match="poor_share from 0 to 1"):
        geographic_targeting(regions.assign(poor_share=30), share=0.5)
    with pytest.raises(DataError, match="lack people"):
        geographic_targeting(regions.drop(columns="people"), share=0.5)
