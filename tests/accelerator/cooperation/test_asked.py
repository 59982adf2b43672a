# SPDX-License-Identifier: Apache-2.0
"""Requests of Parties: counts, days and what is late, on rows whose answers are worked out by hand."""

from __future__ import annotations

import datetime

import pandas as pd
import pytest

from homeground.accelerator.cooperation.asked import (
    actions_by_party,
    actions_without_row,
    cooperation_summary,
    overdue,
    requests_by_party,
    undated,
)
from homeground.accelerator.cooperation.policies import policies_by_country

D = datetime.date


@pytest.fixture
def tables():
    requests = pd.DataFrame(
        [
            ("seeds", "a", "answered", D(2025, 1, 10), D(2025, 3, 31), D(2025, 3, 1)),  # 21 + 28 + 1 = 50 days
            ("wells", "a", "answered", D(2024, 2, 28), None, D(2024, 3, 1)),  # of a leap year: 2 days
            ("solar", "c", "accepted", D(2025, 5, 1), D(2025, 6, 30), None),
            ("law", "b", "received", D(2026, 11, 1), None, None),
            ("old", None, "withdrawn", D(2020, 1, 1), D(2020, 2, 1), None),
        ],
        columns=["request", "action", "state", "received", "due", "answered"],
    )
    parties = pd.DataFrame(
        [("seeds", "NER"), ("seeds", "MLI"), ("wells", "NER"), ("solar", "NER"), ("law", "BFA")],
        columns=["request", "iso3"],
    )
    return {"requests": requests, "request_parties": parties}


def test_a_request_counts_for_each_party_and_days_run_from_receipt_to_answer(tables):
    summary = cooperation_summary(tables).set_index(["iso3", "action", "state"])
    row = summary.loc[("NER", "a", "answered")]
    assert (row["requests"], row["with_days"], row["days_least"], row["days_median"], row["days_most"]) == (
        2,
        2,
        2,
        26,
        50,
    )
    assert summary.loc[("MLI", "a", "answered"), "requests"] == 1
    open_one = summary.loc[("NER", "c", "accepted")]
    assert open_one["with_days"] == 0
    assert pd.isna(open_one["days_median"])


def test_a_request_without_a_party_is_not_lost(tables):
    rows = requests_by_party(tables)
    assert rows[rows["iso3"].isna()]["request"].tolist() == ["old"]
    assert cooperation_summary(tables)["requests"].sum() == 6


@pytest.mark.parametrize(("day", "late"), [(D(2025, 6, 30), []), (D(2025, 7, 1), [("solar", 1)])])
def test_late_is_after_the_promised_day_and_never_what_has_ended(tables, day, late):
    found = overdue(tables, day)
    assert list(zip(found["request"], found["days_late"], strict=True)) == late


def test_an_open_request_without_a_promised_day_is_told_apart(tables):
    assert undated(tables)["request"].tolist() == ["law"]


def test_actions_count_rows_of_parties_requests_and_for_b_policies(tables):
    tables["party_actions"] = pd.DataFrame({"record": ["1"], "iso3": ["NER"], "action": ["e"]})
    tables["policies"] = pd.DataFrame({"policy": ["1"], "iso3": ["NER"], "title": ["Code rural"]})
    counts = actions_by_party(tables)
    assert counts.loc["NER"].tolist() == [2, 1, 1, 0, 1]
    assert actions_without_row(tables) == {"BFA": list("acde"), "MLI": list("bcde"), "NER": ["d"]}


def test_no_tables_at_all_give_nothing_and_no_error():
    assert cooperation_summary({}).empty
    assert overdue({}, D(2026, 1, 1)).empty
    assert actions_by_party({}).empty
    assert actions_without_row({}) == {}
    assert policies_by_country({}).empty


def test_policies_by_country_count_what_stands_in_the_way_and_what_nobody_knows():
    laws = pd.DataFrame(
        [
            ("1", "NER", "helps", "mixed", "hinders", "interviews", "open corridors", "change proposed"),
            ("2", "NER", "hinders", "none", "not known", None, None, "change adopted"),
            ("3", "BFA", "helps", "helps", None, "study", None, "reviewed"),
        ],
        columns=["policy", "iso3", "restoration", "tenure", "mobility", "evidence", "proposed_change", "state"],
    )
    found = policies_by_country({"policies": laws})
    # policies, restoration, tenure, mobility in the way, unknown, proposed, adopted, without evidence
    assert found.loc["NER"].tolist() == [2, 1, 1, 1, 1, 1, 1, 1]
    assert found.loc["BFA"].tolist() == [1, 0, 0, 0, 1, 0, 0, 0]
