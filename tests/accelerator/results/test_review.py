# SPDX-License-Identifier: Apache-2.0
"""The way of a number: no step but those there are, and nobody approves their own."""

from __future__ import annotations

import datetime

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from homeground.accelerator.results.review import MOVES, counted, review, review_issues
from homeground.errors import DataError

ROLES = ("project editor", "country focal point", "donor officer")


def told(state: str = "draft", by: str | None = None, approved: str | None = None) -> pd.DataFrame:
    return pd.DataFrame({"actual": ["a", "b"], "state": [state, "draft"], "submitted_by": [by, None],
                         "approved_by": [approved, None], "approved_on": [None, None]})  # fmt: skip


def test_draft_pending_approved() -> None:
    on = datetime.date(2024, 5, 1)
    table = review(told(), "actual", "a", "pending", by="Project  Editor")
    table = review(table, "actual", "a", "approved", by="country focal point", on=on)
    assert table.iloc[0].tolist() == ["a", "approved", "project editor", "country focal point", on]
    assert table.iloc[1].tolist()[:2] == ["b", "draft"]
    assert counted(table)["actual"].tolist() == ["a"]


def test_nobody_approves_their_own() -> None:
    table = review(told(), "actual", "a", "pending", by="project editor")
    with pytest.raises(DataError, match="cannot approve it"):
        review(table, "actual", "a", "approved", by=" PROJECT editor ")


def test_returning_takes_the_approval_away() -> None:
    table = review(
        told("approved", "project editor", "country focal point"), "actual", "a", "returned", by="donor officer"
    )
    assert table.loc[0, "approved_by"] is None
    assert counted(table).empty


@pytest.mark.parametrize(
    ("state", "to"), [("draft", "approved"), ("approved", "pending"), ("returned", "approved"), ("draft", "x")]
)
def test_there_is_no_other_way(state: str, to: str) -> None:
    with pytest.raises(DataError, match=f"is {state} and cannot become {to}"):
        review(told(state, "project editor"), "actual", "a", to, by="country focal point")


def test_who_does_it_and_what_it_is_must_be_known() -> None:
    with pytest.raises(DataError, match="found 0 times"):
        review(told(), "actual", "c", "pending", by="x")
    with pytest.raises(DataError, match="Name the role"):
        review(told(), "actual", "a", "pending", by=" ")
    with pytest.raises(DataError, match="who submitted it is not known"):
        review(told("pending"), "actual", "a", "approved", by="x")


def test_what_does_not_count_is_told() -> None:
    table = told("approved", "project editor", "project editor")
    assert [(one.rule, one.severity, one.line) for one in review_issues(table, "actual", "f")] == [
        ("own-approval", "warning", 0), ("not-approved", "notice", 1)
    ]  # fmt: skip


@given(st.lists(st.tuples(st.sampled_from(["pending", "approved", "returned"]), st.sampled_from(ROLES)), max_size=12))
def test_whatever_is_tried_no_role_approves_what_it_submitted(steps: list[tuple[str, str]]) -> None:
    table, state, submitted = told(), "draft", None
    for to, by in steps:
        fits = to in MOVES[state] and not (to == "approved" and by == submitted)
        if not fits:
            with pytest.raises(DataError):
                review(table, "actual", "a", to, by=by)
            continue
        table = review(table, "actual", "a", to, by=by)
        state, submitted = to, by if to == "pending" else submitted
    assert table.loc[0, "state"] == state
    assert len(counted(table)) == (state == "approved")
    if state == "approved":
        assert table.loc[0, "approved_by"] != table.loc[0, "submitted_by"]
