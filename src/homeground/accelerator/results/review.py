# SPDX-License-Identifier: Apache-2.0
"""The way of a number from draft to approved: nobody approves their own, and only what another approved counts."""

from __future__ import annotations

import datetime
from typing import Any

import numpy as np
import pandas as pd

from homeground.accelerator.issues import Issue
from homeground.errors import DataError

MOVES = {  # from: where it may go
    "draft": ("pending",),
    "pending": ("approved", "returned"),
    "returned": ("pending",),
    "approved": ("returned",),
}


def review(
    table: pd.DataFrame, key: str, row: str, to: str, *, by: str, on: datetime.date | None = None
) -> pd.DataFrame:
    """The table with one row moved on its way.

    Parameters
    ----------
    table : DataFrame
        With ``state``, ``submitted_by`` and ``approved_by``, and ``approved_on`` where it has one.
    key : str
        Column that names rows, such as ``actual``.
    row : str
        Which one.
    to : str
        pending, approved or returned.
    by : str
        The role that moves it.
    on : date, optional
        When it was approved.

    Returns
    -------
    DataFrame
        A copy. A row that is submitted anew or returned has no approver.

    Raises
    ------
    DataError
        No such row, a step that there is not, or a role that approves what it submitted.

    Examples
    --------
    >>> told = pd.DataFrame({"actual": ["a"], "state": "draft", "submitted_by": None, "approved_by": None})
    >>> told = review(told, "actual", "a", "pending", by="project editor")
    >>> review(told, "actual", "a", "approved", by="country focal point")["state"].item()
    'approved'
    """
    at = table.index[table[key] == row]
    if len(at) != 1:
        raise DataError(f"{key} {row}: found {len(at)} times; once was expected.")
    role = _role(by)
    if not role:
        raise DataError(f"{key} {row}: who moves it to {to} is not said. Name the role.")
    state, submitted = str(table.loc[at[0], "state"]), _role(table.loc[at[0], "submitted_by"])
    if to not in MOVES.get(state, ()):
        ways = ", ".join(MOVES.get(state, ())) or "no other state"
        raise DataError(f"{key} {row} is {state} and cannot become {to}. From there it may become {ways}.")
    if to == "approved" and role == submitted:
        raise DataError(f"{key} {row} was submitted by {submitted}, who cannot approve it. Let another role do so.")
    if to == "approved" and not submitted:
        raise DataError(f"{key} {row}: who submitted it is not known, so nobody can approve it. Return it first.")
    changed = table.astype({c: "object" for c in ("state", "submitted_by", "approved_by", "approved_on") if c in table})
    changed.loc[at[0], "state"] = to
    changed.loc[at[0], "approved_by"] = role if to == "approved" else None
    if to == "pending":
        changed.loc[at[0], "submitted_by"] = role
    if "approved_on" in changed:
        changed.loc[at[0], "approved_on"] = on if to == "approved" else None
    return changed


def counted(table: pd.DataFrame) -> pd.DataFrame:
    """The rows that count: approved, by another role than the one that submitted them.

    Parameters
    ----------
    table : DataFrame
        With ``state``; where it has ``submitted_by`` and ``approved_by``, both must be known and differ.

    Returns
    -------
    DataFrame

    Examples
    --------
    >>> told = pd.DataFrame({"state": ["approved", "approved", "pending"], "submitted_by": ["editor"] * 3})
    >>> counted(told.assign(approved_by=["focal point", "Editor ", None])).index.tolist()
    [0]
    """
    return table[np.array([why == "" for why in _reasons(table)], dtype=bool)]


def review_issues(table: pd.DataFrame, key: str, file: str) -> list[Issue]:
    """Rows that are called approved and do not count, and those that wait.

    Parameters
    ----------
    table : DataFrame
        Its index is the row of the file.
    key : str
        Column that names rows.
    file : str
        What it is called.

    Returns
    -------
    list of Issue
        ``own-approval`` and ``no-approver`` are warnings, ``not-approved`` is a notice.

    Examples
    --------
    >>> own = pd.DataFrame({"actual": ["a"], "state": "approved", "submitted_by": "editor", "approved_by": "editor"})
    >>> review_issues(own, "actual", "actuals.csv")[0].rule
    'own-approval'
    """
    found = []
    for (line, row), why in zip(table.iterrows(), _reasons(table), strict=True):
        if why:
            rule, severity, fix = RULES[why]
            number = int(line) if isinstance(line, int) else 0
            found.append(Issue(file, number, "state", rule, severity, f"{row[key]}: {why}, not counted", fix))
    return found


RULES = {
    "approved by who submitted it": ("own-approval", "warning", "Let another role approve it."),
    "approved, and by whom is not told": ("no-approver", "warning", "Say which role approved it."),
    "approved, and who submitted it is not told": ("no-approver", "warning", "Say which role submitted it."),
    "not yet approved": ("not-approved", "notice", "Let another role than the one that submitted it approve it."),
}


def _reasons(table: pd.DataFrame) -> list[str]:
    """Why each row does not count; empty where it does."""
    told = {"submitted_by", "approved_by"} <= set(table.columns)
    return [_reason(row, told=told) for row in table.to_dict("records")]


def _reason(row: dict[Any, Any], *, told: bool) -> str:
    if row["state"] != "approved":
        return "not yet approved"
    if not told:
        return ""
    by, of = _role(row["approved_by"]), _role(row["submitted_by"])
    if not by:
        return "approved, and by whom is not told"
    if not of:
        return "approved, and who submitted it is not told"
    return "approved by who submitted it" if by == of else ""


def _role(value: Any) -> str:
    return "" if value is None or pd.isna(value) else " ".join(str(value).lower().split())
