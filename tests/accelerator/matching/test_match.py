# SPDX-License-Identifier: Apache-2.0
"""Scores worked out by hand, each filter alone, and what must hold of any offers and needs."""

from __future__ import annotations

import datetime
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.accelerator.matching import made

from homeground.accelerator.matching.features import FEATURES
from homeground.accelerator.matching.match import match
from homeground.accelerator.registry.declared import registry_tables
from homeground.errors import DataError
from homeground.numbers.table_check import check

RATES = pd.DataFrame({"currency": ["EUR", "XOF"], "year": [2025, 2025], "usd": [1.1, 0.0017], "source": ["made"] * 2})
NO_WORDS = {name: 1.0 for name in FEATURES if name not in ("text", "record")}


def test_a_score_worked_out_by_hand():
    offers, needs = made.files()
    weights = {"geography": 0.25, "pillars": 0.15, "practices": 0.15, "size": 0.15, "beneficiaries": 0.10}
    found = match(offers, needs, weights=weights)["matches"]
    row = found[(found["need"] == "N1") & (found["offer"] == "O1")].iloc[0]
    # The region NE-5 lies in the Niger, all of which the fund serves.
    geography = 1.0
    # Weights (2: 70, 5: 30) against (2: 1): the cosine is 70 / sqrt(70^2 + 30^2).
    pillars = 70 / math.sqrt(70**2 + 30**2)
    # Zai and half-moons both hang on the branch water harvesting, which the fund names.
    practices = 0.6
    # Both agree on 100,000 to 400,000, the middle on the log scale is 200,000: the middle of what the need asks for.
    # The fund gives 50,000 to 500,000: half of ln 10 wide on either side of sqrt(50,000 x 500,000).
    size = 1 - (math.log(200_000) - math.log(math.sqrt(50_000 * 500_000))) / (math.log(10) / 2)
    beneficiaries = 1 / 3  # women, of women, herders and youth
    rest = 0.25 * geography + 0.15 * pillars + 0.15 * practices + 0.10 * beneficiaries
    need, offer = (rest + 0.15 * 1.0) / 0.80, (rest + 0.15 * size) / 0.80
    assert row["need_view"] == pytest.approx(need, abs=1e-8)
    assert row["offer_view"] == pytest.approx(offer, abs=1e-8)
    assert row["score"] == pytest.approx(2 * need * offer / (need + offer), abs=1e-8)
    assert row["completeness"] == pytest.approx(1.0, abs=1e-8)


def test_what_is_not_known_is_left_out_and_told_and_is_not_zero():
    whole = match(made.table({}), made.table({}), weights=NO_WORDS)["matches"].iloc[0]
    assert (whole["score"], whole["completeness"]) == (1.0, 1.0)
    lacking = match(made.table({"pillars": None}), made.table({}), weights=NO_WORDS)["matches"].iloc[0]
    assert lacking["score"] == 1.0
    assert lacking["completeness"] == pytest.approx(4 / 5)  # one of five features that count alike
    assert math.isnan(lacking["pillars_need"])
    assert "Not known on one side or both, and not counted: pillars." in lacking["reasons"]


def test_one_side_that_is_not_content_pulls_the_score_down():
    offers = made.table({"countries": "NER"})
    found = match(offers, made.table({"countries": "NER; SEN"}), weights={"geography": 1.0})["matches"].iloc[0]
    assert (found["need_view"], found["offer_view"]) == (
        0.5,
        1.0,
    )  # half of the need's places; the offer has one of its own
    assert found["score"] == pytest.approx(2 * 0.5 * 1.0 / 1.5)


APART = {
    "active": ({"active": "no"}, {}, "no longer stands"),
    "country": ({"countries": "MLI"}, {}, "The need is in NER, the offer is for MLI"),
    "period": ({"start": datetime.date(2028, 1, 1), "end": None}, {}, "ends on 31 December 2027, the other begins on 1 January 2028"),
    "unit": ({"currency": "GBP"}, {}, "EUR and GBP cannot be compared"),
    "size": ({"smallest_minor": 2000_00, "largest_minor": 3000_00}, {}, "at least 2,000 EUR, the need takes at most 1,000 EUR"),
    "instrument": ({"instrument": "loan; equity"}, {}, "The need takes grant, the offer gives loan and equity"),
    "exclusion": ({"exclusions": "water_harvesting"}, {}, "shuts out what the other brings: water harvesting"),
}  # fmt: skip


@pytest.mark.parametrize("name", APART)
def test_one_filter_alone_makes_a_near_miss_that_says_what_would_have_to_change(name):
    offer, need, said = APART[name]
    tables = match(made.table(offer), made.table(need))
    assert not len(tables["matches"])
    near = tables["near_misses"].iloc[0]
    assert near["filter"] == name
    assert said in near["change"].replace("\u00a0", " ")
    assert tables["left_out"].to_dict("records") == [{"need": "A", "filter": name, "offers": 1}]


def test_two_failed_filters_are_no_near_miss():
    tables = match(made.table({"active": "no", "countries": "MLI"}), made.table({}))
    assert not len(tables["near_misses"])
    assert not len(tables["matches"])


def test_too_small_an_offer_is_told_from_too_large_a_one_in_two_currencies():
    # 655,957 XOF at 0.0017 are 1,115 dollars; the offer's 100 euros at 1.1 are 110.
    needs = made.table({"currency": "XOF", "smallest_minor": 655_957, "largest_minor": 6_559_570})
    offers = made.table({"smallest_minor": 10_00, "largest_minor": 100_00})
    change = match(offers, needs, exchange_rates=RATES)["near_misses"]["change"].iloc[0]
    assert "gives at most 100 EUR, the need takes at least 655,957 XOF" in change.replace("\u00a0", " ")


def test_nobody_without_consent_is_named_to_another():
    tables = match(made.table({"profile": "SHY", "consent": "no"}), made.table({}))
    told = " ".join(tables[name].to_json() for name in ("matches", "near_misses", "log", "allocation"))
    assert "SHY" not in told
    assert tables["left_out"].to_dict("records") == [{"need": "A", "filter": "consent", "offers": 1}]


def test_an_organisation_is_not_matched_with_itself():
    both = made.table({"organisation": "X"})
    tables = match(both, both)
    assert not len(tables["matches"])
    assert not len(tables["near_misses"])


def test_what_nobody_said_keeps_nothing_apart():
    silent = dict.fromkeys(
        ("countries", "pillars", "practices", "instrument", "start", "end", "beneficiaries", *made.MONEY)
    )
    assert len(match(made.table(silent), made.table({}))["matches"]) == 1


def test_currencies_are_compared_by_the_rates_of_one_year_only():
    needs = made.table({"currency": "XOF", "smallest_minor": 50_000, "largest_minor": 500_000})  # 85 to 850 dollars
    assert match(made.table({}), needs)["near_misses"]["filter"].tolist() == ["unit"]
    tables = match(made.table({}), needs, exchange_rates=RATES)  # the offer: 110 to 1,100 dollars
    assert len(tables["matches"]) == 1
    assert tables["run"]["rate_year"].tolist() == [2025]
    other_year = RATES.assign(year=[2024, 2025])
    assert match(made.table({}), needs, exchange_rates=other_year)["near_misses"]["filter"].tolist() == ["unit"]
    # Shared out in dollars: the need's 500,000 XOF are 850.00, the offer's 1,000 euros are 1,100.00.
    given = tables["allocation"].iloc[0]
    assert (given["amount_minor"], given["currency"]) == (850_00, "USD")


def test_a_registry_without_projects_is_the_same_run_as_no_registry():
    nothing = pd.DataFrame(columns=["organisation", "iso3", "finished"])
    one, other = (match(made.table({}), made.table({}), finished=some) for some in (None, nothing))
    assert one["run"]["run"].tolist() == other["run"]["run"].tolist()


def test_the_record_counts_finished_projects_up_to_five():
    finished = pd.DataFrame({"organisation": ["X", "Y", "Y"], "iso3": ["NER", "NER", "MLI"], "finished": [2, 9, 1]})
    offers = made.table({"profile": "X", "organisation": "X"}, {"profile": "Y", "organisation": "Y"}, {"profile": "Z"})
    found = match(offers, made.table({}), finished=finished)["matches"].set_index("offer")["record_need"]
    assert found["X"] == pytest.approx(2 / 5)
    assert found["Y"] == 1.0
    assert math.isnan(found["Z"])


def test_what_one_side_knows_less_of_is_what_is_told_as_known():
    finished = pd.DataFrame({"organisation": ["X"], "iso3": ["NER"], "finished": [5]})
    offers, needs = made.table({"organisation": "X"}), made.table({"organisation": "NEW"})
    row = match(offers, needs, finished=finished, weights={"geography": 1, "record": 1})["matches"].iloc[0]
    # The need knows the offer's record and the offer does not know that of the need.
    assert (row["record_need"], row["completeness"]) == (1.0, 0.5)
    assert math.isnan(row["record_offer"])
    row = match(needs.assign(organisation="NEW"), offers, finished=finished, weights={"geography": 1, "record": 1})[
        "matches"
    ].iloc[0]
    assert (row["record_offer"], row["completeness"]) == (1.0, 0.5)


def test_of_two_lists_one_is_the_most_that_an_offer_fills_while_another_stands_in_none():
    offers = made.table({"profile": "O1"}, {"profile": "O2", "beneficiaries": "women; youth"})
    needs = made.table({"profile": "N1"}, {"profile": "N2", "beneficiaries": "women; youth; herders"})
    # Likeness of beneficiaries: N1 with O1 1, with O2 1/2; N2 with O1 1/3, with O2 2/3. O3 fits N2 less than O2 does.
    weights = {"beneficiaries": 1.0}
    assert match(offers, needs, top=1, weights=weights)["matches"]["offer"].tolist() == ["O1", "O2"]
    more = pd.concat([offers, made.table({"profile": "O3", "beneficiaries": "herders"})])
    found = match(more, made.table({"profile": "N1"}, {"profile": "N2"}), top=1, exposure=0.5, weights=weights)[
        "matches"
    ]
    # O1 is the best of both (1), O2 (1/2) comes before O3 (0): it takes the first place of those that lose alike.
    assert found[["need", "offer"]].values.tolist() == [["N1", "O2"], ["N2", "O1"]]


def test_no_offer_fills_the_lists_while_another_stands_in_none():
    offers = made.table(*({"profile": f"O{i}", "beneficiaries": "women" if i == 0 else "youth"} for i in range(3)))
    needs = made.table(*({"profile": f"N{i}"} for i in range(10)))
    found = match(offers, needs, top=1, exposure=0.2)["matches"]
    counts = found["offer"].value_counts()
    assert set(counts.index) == {"O0", "O1", "O2"}  # the best one gives way until each of the others stands in one list
    assert counts["O0"] == 8
    assert found["by_exposure"].sum() == 2
    assert not match(offers, needs, top=1, exposure=1.0)["matches"]["by_exposure"].any()


def test_tables_are_as_the_registry_declares_them():
    declared = registry_tables()
    same = [
        [(c.column, c.types, c.unit, c.values) for c in declared[side].table.columns] for side in ("offers", "needs")
    ]
    assert same[0] == same[1]
    tables = match(*made.files(), day=datetime.date(2026, 11, 30))
    assert check(tables["run"], declared["match_runs"].table) == []
    assert check(tables["log"], declared["match_log"].table) == []
    assert len(tables["log"]) == len(tables["matches"]) > 0


def test_faults_of_both_tables_are_told_at_once():
    offers = made.table(
        {"profile": "A", "countries": "NER; XXX", "smallest_minor": 900, "largest_minor": 100},
        {"profile": "A", "currency": "EURO", "practices": "zay", "consent": None},
    )
    needs = made.table(
        {"pillars": "2: 70; 6: 30", "start": datetime.date(2028, 1, 1), "admin_units": "ML-1", "active": "perhaps"}
    )
    with pytest.raises(DataError) as caught:
        match(offers, needs)
    said = str(caught.value)
    for fault in (
        "offers, A: stands twice", '"XXX" is not known', "smallest is more than largest", "currency is EURO",
        '"zay" is not known. Did you mean zai?', "consent is missing", '"6: 30" is no pillar',
        "start (2028-01-01) comes after end (2027-12-31)", '"ML-1" is of none of its countries', 'active is "perhaps"',
    ):  # fmt: skip
        assert fault in said
    assert said.count("\n  - ") == 10


@pytest.mark.parametrize("weights", [{"luck": 1.0}, {"size": -1.0}, {"size": math.nan}, {"size": 0.0}])
def test_weights_that_cannot_be_are_refused(weights):
    with pytest.raises(DataError, match="weights"):
        match(made.table({}), made.table({}), weights=weights)


@pytest.mark.parametrize(("top", "exposure"), [(0, 0.2), (5, 1.5), (5, -0.1), (5, math.nan)])
def test_settings_that_cannot_be_are_refused(top, exposure):
    with pytest.raises(DataError, match="top is"):
        match(made.table({}), made.table({}), top=top, exposure=exposure)


def same(one: dict[str, pd.DataFrame], other: dict[str, pd.DataFrame], *without: str) -> None:
    assert one.keys() == other.keys()
    for name, table in one.items():
        if name not in without:
            tables = (found.drop(columns="run", errors="ignore") for found in (table, other[name]))
            pd.testing.assert_frame_equal(*tables)


@settings(max_examples=25)
@given(made.tables(), made.tables(), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(offers, needs, random):
    turned = [some.iloc[random.sample(range(len(some)), len(some))] for some in (offers, needs)]
    one, other = match(offers, needs), match(*turned)
    same(one, other)
    assert one["run"]["run"].tolist() == other["run"]["run"].tolist()


@settings(max_examples=30)
@given(made.tables(), made.tables(), st.floats(0.001, 1000))
def test_only_proportions_of_weights_matter(offers, needs, scale):
    weights = {"geography": 0.4, "pillars": 0.3, "size": 0.2, "text": 0.1}
    one = match(offers, needs, weights=weights)
    other = match(offers, needs, weights={name: value * scale for name, value in weights.items()})
    columns = ["need", "offer", "rank"]
    pd.testing.assert_frame_equal(one["matches"][columns], other["matches"][columns])
    assert np.allclose(
        one["matches"]["score"].astype(float), other["matches"]["score"].astype(float), equal_nan=True, atol=1e-8
    )


@settings(max_examples=25)
@given(made.tables(), made.tables(), st.sampled_from([{"consent": "no"}, {"active": "no", "countries": "TCD"}]))
def test_an_offer_that_no_need_can_have_changes_nothing(offers, needs, change):
    more = pd.concat(
        [
            offers,
            made.table({"profile": "P99", "title": "The herders, the trees and the seedlings of the north", **change}),
        ],
        ignore_index=True,
    )
    same(match(offers, needs), match(more, needs), "near_misses", "left_out", "run")


@settings(max_examples=30)
@given(made.tables(), made.tables(), st.sampled_from([0.0, 0.2, 0.5]), st.integers(1, 3))
def test_lists_hold_at_most_top_and_the_cap_holds_while_others_have_none(offers, needs, exposure, top):
    tables = match(offers, needs, exposure=exposure, top=top)
    found = tables["matches"]
    full = match(offers, needs, exposure=1.0, top=len(offers))["matches"]  # all eligible pairs
    eligible = full.groupby("need")["offer"].agg(set).to_dict()
    lists = found.groupby("need")["offer"].agg(list).to_dict()
    assert {need: min(top, len(some)) for need, some in eligible.items()} == {
        need: len(some) for need, some in lists.items()
    }
    counts = found["offer"].value_counts().to_dict()
    cap = max(1, math.floor(exposure * len(lists)))
    for need, shown in lists.items():
        assert set(shown) <= eligible[need]
        if any(counts[offer] > cap for offer in shown):
            assert all(counts.get(offer, 0) for offer in eligible[need])
    for name in ("score", "need_view", "offer_view", "completeness"):
        values = found[name].dropna()
        assert ((values >= 0) & (values <= 1)).all()
    for _, rows in found.groupby("need"):
        assert rows["rank"].tolist() == list(range(1, len(rows) + 1))
        assert (rows["score"].astype(float).fillna(-1).diff().dropna() <= 1e-9).all()
