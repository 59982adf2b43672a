# SPDX-License-Identifier: Apache-2.0
"""Requests for support by Parties: how many, where they stand, how long the answer took, which are late, which actions none tells of."""

from __future__ import annotations

import datetime

import pandas as pd

from homeground.accelerator.cooperation.tables import Tables, table_of

ACTIONS = ("a", "b", "c", "d", "e")  # of paragraph 4 of the note: decision 22/COP.14
ENDED = ("answered", "declined", "withdrawn")
BY = ["iso3", "action", "state"]


def requests_by_party(tables: Tables) -> pd.DataFrame:
    """Requests once for each Party that asked, with the days to the answer.

    Parameters
    ----------
    tables : mapping of name to DataFrame
        ``requests`` and ``request_parties`` of the registry.

    Returns
    -------
    DataFrame
        Columns of requests, iso3 (missing where no Party is named) and days (Int64): from the day of receipt to the day of
        the answer, missing where either is not known.

    Examples
    --------
    >>> import datetime
    >>> asked = pd.DataFrame({"request": ["seeds"], "state": ["answered"], "received": [datetime.date(2026, 1, 10)],
    ...                       "answered": [datetime.date(2026, 3, 1)]})
    >>> parties = pd.DataFrame({"request": ["seeds", "seeds"], "iso3": ["NER", "MLI"]})
    >>> requests_by_party({"requests": asked, "request_parties": parties})[["iso3", "days"]].values.tolist()
    [['NER', 50], ['MLI', 50]]
    """
    asked = with_days(table_of(tables, "requests"))
    return asked.merge(table_of(tables, "request_parties")[["request", "iso3"]], on="request", how="left")


def with_days(asked: pd.DataFrame) -> pd.DataFrame:
    """Requests with the days from receipt to answer.

    Parameters
    ----------
    asked : DataFrame
        With received and answered.

    Returns
    -------
    DataFrame
        The same with days (Int64), missing where a day is.

    Examples
    --------
    >>> import datetime
    >>> one = {"received": [datetime.date(2026, 1, 1)], "answered": [None]}
    >>> with_days(pd.DataFrame(one))["days"].isna().tolist()
    [True]
    """
    between = pd.to_datetime(asked["answered"]) - pd.to_datetime(asked["received"])
    return asked.assign(days=between.dt.days.astype("Int64"))


def cooperation_summary(tables: Tables) -> pd.DataFrame:
    """Requests counted by Party, action and state, with the days that answers took.

    Parameters
    ----------
    tables : mapping of name to DataFrame
        ``requests`` and ``request_parties`` of the registry. A request of several Parties counts once for each: the rows of
        this table are not to be added up over Parties.

    Returns
    -------
    DataFrame
        iso3, action and state (missing where not said), requests (count), with_days (those whose days are known), days_least,
        days_median, days_most (days; missing where none is known).

    Examples
    --------
    >>> asked = pd.DataFrame({"request": ["a", "b"], "action": ["a", "a"], "state": ["received", "received"]})
    >>> parties = pd.DataFrame({"request": ["a", "b"], "iso3": ["NER", "NER"]})
    >>> cooperation_summary({"requests": asked, "request_parties": parties})["requests"].tolist()
    [2]
    """
    rows = requests_by_party(tables)
    columns = [*BY, "requests", "with_days", "days_least", "days_median", "days_most"]
    if rows.empty:
        return pd.DataFrame(columns=columns)
    found = rows.groupby(BY, dropna=False, sort=True)["days"]
    told = pd.DataFrame({"requests": found.size(), "with_days": found.count()})
    told["days_least"], told["days_most"] = found.min(), found.max()
    told["days_median"] = found.median().astype("Float64")
    return told.reset_index()[columns]


def overdue(tables: Tables, on: datetime.date) -> pd.DataFrame:
    """Requests that are not answered, declined or withdrawn though the day by which an answer was promised has passed.

    Parameters
    ----------
    tables : mapping of name to DataFrame
        ``requests`` of the registry.
    on : date
        The day that it is seen from.

    Returns
    -------
    DataFrame
        Columns of requests and days_late, the latest first. One without a promised day is never overdue: it is told in
        `undated`.

    Examples
    --------
    >>> late = {"request": ["seeds"], "state": ["accepted"], "due": [datetime.date(2026, 1, 31)]}
    >>> overdue({"requests": pd.DataFrame(late)}, datetime.date(2026, 2, 3))["days_late"].tolist()
    [3]
    """
    asked = table_of(tables, "requests")
    late = (pd.Timestamp(on) - pd.to_datetime(asked["due"])).dt.days.astype("Int64")
    asked = asked.assign(days_late=late)
    open_ones = ~asked["state"].isin(ENDED) & (late > 0).fillna(value=False)
    return asked[open_ones].sort_values(["days_late", "request"], ascending=[False, True], kind="stable")


def undated(tables: Tables) -> pd.DataFrame:
    """Requests still open for which no day of an answer was promised: nobody can say whether they are late.

    Parameters
    ----------
    tables : mapping of name to DataFrame
        ``requests`` of the registry.

    Returns
    -------
    DataFrame
        Columns of requests.

    Examples
    --------
    >>> open_one = {"request": ["seeds"], "state": ["accepted"], "due": [None]}
    >>> undated({"requests": pd.DataFrame(open_one)})["request"].tolist()
    ['seeds']
    """
    asked = table_of(tables, "requests")
    return asked[~asked["state"].isin(ENDED) & asked["due"].isna()]


def actions_by_party(tables: Tables) -> pd.DataFrame:
    """How many rows tell of each of the actions (a) to (e), by Party.

    Parameters
    ----------
    tables : mapping of name to DataFrame
        ``party_actions``, ``requests`` and ``request_parties`` of the registry; the Parties are those of any of them, and
        of ``policies`` (which is action b).

    Returns
    -------
    DataFrame
        Index iso3; columns a to e: rows of party_actions, requests and, for b, policies of it. Zero: no row.

    Examples
    --------
    >>> done = pd.DataFrame({"record": ["1"], "iso3": ["NER"], "action": ["c"]})
    >>> actions_by_party({"party_actions": done}).loc["NER"].tolist()
    [0, 0, 1, 0, 0]
    """
    policies = table_of(tables, "policies")[["iso3"]].assign(action="b")
    asked, done = requests_by_party(tables)[["iso3", "action"]], table_of(tables, "party_actions")[["iso3", "action"]]
    rows = pd.concat([frame.astype("object") for frame in (done, asked, policies)])
    rows = rows[rows["iso3"].notna()]
    counts = pd.crosstab(rows["iso3"], rows["action"].fillna("")) if len(rows) else pd.DataFrame()
    return counts.reindex(index=sorted(rows["iso3"].unique()), columns=list(ACTIONS), fill_value=0).rename_axis("iso3")


def actions_without_row(tables: Tables) -> dict[str, list[str]]:
    """Which of the actions (a) to (e) no row tells of, for each Party that stands in the tables.

    Parameters
    ----------
    tables : mapping of name to DataFrame
        As of `actions_by_party`.

    Returns
    -------
    dict of iso3 to list of str
        Actions; a Party that has rows for all is left out.

    Examples
    --------
    >>> done = pd.DataFrame({"record": ["1"], "iso3": ["NER"], "action": ["c"]})
    >>> actions_without_row({"party_actions": done})
    {'NER': ['a', 'b', 'd', 'e']}
    """
    counts = actions_by_party(tables)
    lost = {str(party): [a for a in ACTIONS if not row[a]] for party, row in counts.iterrows()}
    return {party: actions for party, actions in lost.items() if actions}
