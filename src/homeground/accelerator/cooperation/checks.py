# SPDX-License-Identifier: Apache-2.0
"""What is wrong with tables of cooperation that no declaration of a column can say."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from homeground.accelerator.cooperation.knowledge import same_role
from homeground.accelerator.cooperation.persons import persons_in
from homeground.accelerator.cooperation.tables import Tables, cooperation_tables, table_of
from homeground.accelerator.issues import Issue

# Days of a table that follow each other.
ORDER = {
    "requests": (("received", "due"), ("received", "answered")),
    "partnerships": (("start", "end"),),
    "events": (("start", "end"),),
    "party_actions": (("start", "end"),),
    "practices": (("submitted", "published"),),
}
ROLES = {"practices": ("submitted_by", "published_by"), "questions": ("asked_by",), "answers": ("given_by",)}


def check_cooperation(tables: Tables) -> list[Issue]:
    """All that is wrong with the tables of cooperation.

    Parameters
    ----------
    tables : mapping of name to DataFrame
        Of the registry; the index is the row of the file. Tables of other parts are left alone.

    Returns
    -------
    list of Issue
        ``error``: persons named, roles that are none, days in the wrong order, a card published by who submitted it, a question on
        nothing, a reference to no row. ``warning``: an answer without its day, a year that is not that of the day.

    Examples
    --------
    >>> own = {"practice": ["zai"], "title": ["Planting pits"], "state": ["published"],
    ...        "submitted_by": ["focal point: BFA"], "published_by": ["Focal point: BFA"]}
    >>> [issue.rule for issue in check_cooperation({"practices": pd.DataFrame(own)})]
    ['cooperation.own']
    """
    found: list[Issue] = []
    for name in cooperation_tables():
        given = tables.get(name)
        if given is None or given.empty:
            continue
        table = table_of(tables, name)
        found += check_rows(given, table, name)
        found += _references(tables, table, name, name)
    return found


def check_rows(given: pd.DataFrame, table: pd.DataFrame, name: str) -> Iterator[Issue]:
    """What is wrong with rows of one table of cooperation by themselves.

    Parameters
    ----------
    given, table : DataFrame
        The rows as given (their headings are read too), and with all declared columns; the index is the row of the file.
    name : str
        Of the table.

    Yields
    ------
    Issue
        As `check_cooperation`, but for references.

    Examples
    --------
    >>> asked = pd.DataFrame({"question": ["q1"], "text": ["Ask Mme Diallo"]}, index=[2])
    >>> full = table_of({"questions": asked}, "questions")
    >>> [(issue.line, issue.rule) for issue in check_rows(asked, full, "questions")][0]
    (2, 'cooperation.person')
    """
    yield from persons_in(given, name)
    yield from _roles(table, name, name)
    yield from _days(table, name, name)
    own = {"practices": _cards, "questions": _questions, "requests": _answers}
    if name in own:
        yield from own[name](table)


def _rows(mask: pd.Series[Any]) -> list[int]:
    return [int(str(row)) for row in mask.index[mask.to_numpy("bool")]]


def _roles(table: pd.DataFrame, name: str, file: str) -> Iterator[Issue]:
    """Who did something is a role of the list, with a country or an organisation after a colon."""
    known = _known_roles()
    for column in ROLES.get(name, ()):
        told = table[column].map(lambda role: " ".join(str(role).partition(":")[0].split()).casefold()).astype("str")
        bare = told.str.replace(r"\s*\d+$", "", regex=True)
        wrong = table[column].notna() & ~bare.isin(known)
        for row in _rows(wrong):
            yield Issue(file, row, column, "cooperation.role", "error", f"{column} is no role of the list.",
                        f"Write one of {', '.join(known)}, then a colon and the country or organisation.")  # fmt: skip


def _known_roles() -> tuple[str, ...]:
    columns = cooperation_tables()["contacts"].table.columns
    return next(c.values for c in columns if c.column == "role")


def _days(table: pd.DataFrame, name: str, file: str) -> Iterator[Issue]:
    for first, then in ORDER.get(name, ()):
        wrong = pd.to_datetime(table[then]) < pd.to_datetime(table[first])
        for row in _rows(wrong.fillna(value=False)):
            days: dict[Any, Any] = table.loc[row, [first, then]].to_dict()
            said = f"{then} ({days[then]}) is before {first} ({days[first]})."
            yield Issue(file, row, then, "cooperation.order", "error", said, "Look which of the two days is right.")
    if {"start", "year"} <= set(table.columns):
        year = pd.to_datetime(table["start"]).dt.year
        other = table["start"].notna() & table["year"].notna() & (year != table["year"].astype("Float64"))
        for row in _rows(other.fillna(value=False)):
            yield Issue(
                file, row, "year", "cooperation.year", "warning", "year is not that of start.", "Mend one of them."
            )


def _references(tables: Tables, table: pd.DataFrame, name: str, file: str) -> Iterator[Issue]:
    """References among the tables of cooperation; those to projects are checked where projects are given."""
    for column, (other, key) in cooperation_tables()[name].refers.items():
        if other not in cooperation_tables() and other not in tables:
            continue
        lost = table[column].notna() & ~table[column].isin(table_of(tables, other)[key])
        for row in _rows(lost):
            value: Any = table.at[row, column]
            said = f'{column} is "{value}", which is no row of {other}.'
            yield Issue(file, row, column, "cooperation.reference", "error", said, f"Add it to {other}, or mend it.")


def _cards(cards: pd.DataFrame) -> Iterator[Issue]:
    fix = "Let another role than the one that submitted it publish the card."
    for row, card in zip(cards.index, cards.to_dict("records"), strict=True):
        if card["state"] != "published":
            continue
        if pd.isna(card["published_by"]) or pd.isna(card["submitted_by"]):
            said = "the card is published, and it is not told who submitted and who published it."
            yield Issue("practices", int(row), "published_by", "cooperation.unmoderated", "error", said, fix)
        elif same_role(card["submitted_by"], card["published_by"]):
            said = f"{card['submitted_by']} submitted the card and published it."
            yield Issue("practices", int(row), "published_by", "cooperation.own", "error", said, fix)


def _questions(asked: pd.DataFrame) -> Iterator[Issue]:
    lost = asked[["practice", "project", "iso3"]].isna().all(axis=1)
    for row in _rows(lost):
        yield Issue("questions", row, "practice", "cooperation.unbound", "error", "the question is on nothing.",
                    "Name a practice, a project or a country that it is on.")  # fmt: skip


def _answers(asked: pd.DataFrame) -> Iterator[Issue]:
    undated = asked["state"].isin(["answered", "declined"]) & asked["answered"].isna()
    for row in _rows(undated):
        yield Issue("requests", row, "answered", "cooperation.undated", "warning",
                    "the request is answered, and its day is not told.", "Write the day; else no days can be counted.")  # fmt: skip
