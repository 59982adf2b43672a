# SPDX-License-Identifier: Apache-2.0
"""Practice cards and their moderation, and questions with their answers."""

from __future__ import annotations

import datetime
from typing import Any

import pandas as pd

from homeground.accelerator.cooperation.tables import Tables, gone, table_of
from homeground.errors import DataError

# State of a card, and the states that it may be moved to.
MOVES = {
    "draft": ("submitted", "withdrawn"),
    "submitted": ("draft", "published", "withdrawn"),
    "published": ("withdrawn",),
    "withdrawn": ("draft",),
}


def same_role(one: object, other: object) -> bool:
    """Whether two roles are one, however they are spaced and capitalised.

    Parameters
    ----------
    one, other : object
        Such as "focal point: NER"; missing is nobody.

    Returns
    -------
    bool

    Examples
    --------
    >>> same_role("Focal point:  NER", "focal point: NER"), same_role("moderator 1", "moderator 2"), same_role(None, None)
    (True, False, False)
    """
    if gone(one) or gone(other):
        return False
    return _bare(one) == _bare(other)


def _bare(role: object) -> str:
    return "".join(c for c in str(role).casefold() if c.isalnum())


def move_card(practices: pd.DataFrame, practice: str, state: str, *, by: str, on: datetime.date) -> pd.DataFrame:
    """Practice cards with one of them moved to another state; nobody publishes a card that they submitted.

    Parameters
    ----------
    practices : DataFrame
        ``practices`` of the registry; it stays as it is.
    practice : str
        The card.
    state : {"draft", "submitted", "published", "withdrawn"}
    by : str
        The role that moves it, such as "moderator: UNCCD".
    on : date

    Returns
    -------
    DataFrame
        A copy; a card that is submitted or published has by whom and when, one that goes back to draft has neither and its
        version is one higher.

    Raises
    ------
    DataError
        No such card, a move that is not allowed, or who publishes is who submitted (or nobody is known to have submitted).

    Examples
    --------
    >>> cards = pd.DataFrame({"practice": ["zai"], "state": ["submitted"], "submitted_by": ["focal point: BFA"]})
    >>> day = datetime.date(2026, 11, 30)
    >>> move_card(cards, "zai", "published", by="moderator: OSS", on=day)["state"].tolist()
    ['published']
    >>> move_card(cards, "zai", "published", by="Focal point: BFA", on=day)
    Traceback (most recent call last):
    ...
    homeground.errors.DataError: the card zai was submitted by focal point: BFA, who cannot publish it. Let another role do so.
    """
    table = table_of({"practices": practices}, "practices").copy()
    at = table.index[table["practice"] == practice]
    if len(at) != 1:
        raise DataError(f"there is no card {practice}. Known: {', '.join(map(str, table['practice'].head(8)))}.")
    row = at[0]
    now = str(table.at[row, "state"])
    if state not in MOVES.get(now, ()):
        raise DataError(
            f"the card {practice} is {now} and cannot become {state}. Next: {', '.join(MOVES.get(now, ()))}."
        )
    submitted_by: Any = table.at[row, "submitted_by"]
    if state == "published" and gone(submitted_by):
        raise DataError(f"nobody is known to have submitted the card {practice}. Submit it first, by role.")
    if state == "published" and same_role(submitted_by, by):
        raise DataError(
            f"the card {practice} was submitted by {submitted_by}, who cannot publish it. Let another role do so."
        )
    table = table.astype(dict.fromkeys(("submitted", "submitted_by", "published", "published_by", "version"), "object"))
    table.at[row, "state"] = state
    if state in ("submitted", "published"):
        table.at[row, f"{state}_by"], table.at[row, state] = by, on
    if state == "draft":
        table.loc[row, ["submitted_by", "submitted", "published_by", "published"]] = None
        version: Any = table.at[row, "version"]
        table.at[row, "version"] = (1 if gone(version) else int(version)) + 1
    return table


def published_cards(tables: Tables) -> pd.DataFrame:
    """The practice cards that may be shown: those that another than who submitted them has published.

    Parameters
    ----------
    tables : mapping of name to DataFrame
        ``practices`` of the registry.

    Returns
    -------
    DataFrame

    Examples
    --------
    >>> own = {"practice": ["zai"], "state": ["published"], "submitted_by": ["OSS"], "published_by": ["OSS"]}
    >>> published_cards({"practices": pd.DataFrame(own)}).empty
    True
    """
    cards = table_of(tables, "practices")
    pairs = zip(cards["submitted_by"], cards["published_by"], strict=True)
    fair = [not gone(by) and not gone(who) and not same_role(who, by) for who, by in pairs]
    return cards[cards["state"].eq("published") & pd.Series(fair, cards.index, dtype="bool")]


def unanswered(tables: Tables) -> pd.DataFrame:
    """Questions that are open and have no answer.

    Parameters
    ----------
    tables : mapping of name to DataFrame
        ``questions`` and ``answers`` of the registry.

    Returns
    -------
    DataFrame
        Columns of questions.

    Examples
    --------
    >>> asked = pd.DataFrame({"question": ["1", "2"], "state": ["open", "open"]})
    >>> unanswered({"questions": asked, "answers": pd.DataFrame({"question": ["1"]})})["question"].tolist()
    ['2']
    """
    asked, given = table_of(tables, "questions"), table_of(tables, "answers")
    return asked[asked["state"].eq("open") & ~asked["question"].isin(given["question"])]
