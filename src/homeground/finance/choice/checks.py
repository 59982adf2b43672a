# SPDX-License-Identifier: Apache-2.0
"""Answered choice cards held against what a model needs; everything that is wrong is told at once."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from homeground.errors import DataError, Problems
from homeground.finance.choice.attributes import (
    NONE,
    RESERVED,
    Attribute,
    attributes_found,
    attributes_on_cards,
    coded,
    shipped_attributes,
    terms_of,
)
from homeground.numbers.disclosure import refuse_personal

if TYPE_CHECKING:
    from numpy.typing import NDArray

FEWEST = 30  # people below whom no weights are told; expert default
SHOWN = 5  # examples in a message
# What forms collect by themselves about the one who answers and the device.
_DEVICE = re.compile(
    r"device_?id|user_?name|submitted_?by|geo_?location|phone_?number|sim_?serial|subscriber_?id|^_?start_?geopoint|^name$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Answers:
    """Cards as arrays; people are numbers without any key to who they are."""

    x: NDArray[np.float64]  # (cards, options, terms)
    chosen: NDArray[np.intp]
    person: NDArray[np.intp]
    terms: tuple[str, ...]
    attributes: tuple[Attribute, ...]
    segment: NDArray[np.object_]  # of each card; "" where none was asked
    took: NDArray[np.bool_]  # whether an offer was taken
    with_none: bool


def check_cards(
    cards: pd.DataFrame,
    *,
    price: str,
    attributes: Sequence[Attribute] | None = None,
    segment: str | None = None,
    fewest: int = FEWEST,
) -> Answers:
    """Answered cards as arrays, or every reason why they cannot be used.

    Parameters
    ----------
    cards : DataFrame
        One row for each option of each card: answer (number of the questionnaire), card, option ("none" takes no offer),
        chosen (1 or 0), a column for each attribute, empty for "none"; ``version`` may stand there.
    price : str
        The attribute in which the others are told.
    attributes : sequence of Attribute, optional
        If left out: those that ship, where all columns are such, else as the table shows them.
    segment : str, optional
        A column with a group of people.
    fewest : int
        People below whom the cards are refused.

    Returns
    -------
    Answers

    Raises
    ------
    DataError
        All at once: columns about persons, missing columns, cards without a choice or with several, options of different
        number or twice, missing or unknown levels, a return that looks like percent, a price or another attribute that
        never varies within a card, too few people.

    Examples
    --------
    >>> table = pd.DataFrame({"answer": 1, "card": 1, "option": ["A", "B", "none"], "chosen": [1, 1, 0], "fee": [2, 2, None]})
    >>> check_cards(table, price="fee")
    Traceback (most recent call last):
    ...
    homeground.errors.DataError: answered cards has 3 problems:
      - 1 card with two choices or more: answer 1 card 1. One chosen = 1 a card was expected
      - the price fee never varies between the offers of a card, so nothing can be told in it
      - 1 person answered, 30 or more were expected: fewer tell no weights and could be recognised
    """
    problems = Problems("answered cards")
    persons = of_persons(cards)
    keys = [*(name for name in RESERVED if name != "version"), *([segment] if segment else [])]
    if missing := [name for name in keys if name not in cards.columns]:
        problems.add(f"columns {missing} are missing; found {list(map(str, cards.columns))}")
    names = [name for name in map(str, cards.columns) if name not in (*RESERVED, "segment", segment)]
    if attributes is not None:
        names = [one.name for one in attributes]
        if missing := [name for name in names if name not in cards.columns]:
            problems.add(f"attributes {missing} of the design are not among the columns")
    if price not in names:
        problems.add(f"the price {price!r} is none of the attributes {names}")
    stop = bool(problems.messages)  # what follows reads these columns
    problems.messages[:0] = persons
    if stop:
        problems.raise_if_any(DataError)
    names = [name for name in names if not of_persons(cards[[name]])]
    if attributes is None:
        known = set(shipped_attributes()[0]["attribute"])
        attributes = attributes_on_cards(names) if set(names) <= known else attributes_found(cards, names)
    table = cards.reset_index(drop=True)
    table["option"] = table["option"].astype(str).str.strip()
    _problems_of_cards(table, problems)
    _problems_of_levels(table, attributes, problems)
    _problems_of_variation(table, attributes, price, problems)
    people = table["answer"].nunique()
    if people < fewest:
        who = "person" if people == 1 else "people"
        problems.add(
            f"{people} {who} answered, {fewest} or more were expected: fewer tell no weights and could be recognised"
        )
    problems.raise_if_any(DataError)
    return _arrays(table, tuple(attributes), segment)


def of_persons(table: pd.DataFrame) -> list[str]:
    """Problems of columns that tell of a person or of the device somebody answered on.

    Parameters
    ----------
    table : DataFrame
        The names of its columns are read.

    Returns
    -------
    list of str

    Examples
    --------
    >>> of_persons(pd.DataFrame(columns=["card", "deviceid"]))
    ["columns about who answered or the device: ['deviceid']. Drop them before the file is given to anybody"]
    """
    found = []
    try:
        refuse_personal(table)
    except DataError as error:
        found.append(str(error).rstrip("."))
    if devices := [name for name in map(str, table.columns) if _DEVICE.search(name.rsplit("/", 1)[-1])]:
        found.append(
            f"columns about who answered or the device: {devices}. Drop them before the file is given to anybody"
        )
    return found


def _where(cards: pd.DataFrame) -> str:
    shown = [f"answer {row.answer} card {row.card}" for row in cards.head(SHOWN).itertuples()]
    return ", ".join(shown) + (", ..." if len(cards) > SHOWN else "")


def _problems_of_cards(table: pd.DataFrame, problems: Problems) -> None:
    marks = pd.to_numeric(table["chosen"], errors="coerce")
    if not marks.isin([0, 1]).all():
        problems.add(
            f"chosen must be 0 or 1; found {sorted(set(table['chosen'][~marks.isin([0, 1])].astype(str)))[:SHOWN]}"
        )
    for name in ("answer", "card"):
        if table[name].isna().any():
            problems.add(f"{int(table[name].isna().sum())} rows have no {name}")
    grouped = table.assign(_mark=marks.eq(1)).groupby(["answer", "card"], sort=True)
    cards = grouped.agg(
        options=("option", "size"), different=("option", "nunique"), marks=("_mark", "sum")
    ).reset_index()
    usual = int(cards["options"].mode().iloc[0]) if len(cards) else 0
    for wrong, words in (
        (cards["marks"] == 0, "without a choice: {}. Mark one, or leave out the card"),
        (cards["marks"] > 1, "with two choices or more: {}. One chosen = 1 a card was expected"),
        (cards["different"] < cards["options"], "with an option twice: {}. Did one person answer twice?"),
        (cards["options"] != usual, f"with another number of options than {usual}: {{}}"),
    ):
        count = int(wrong.sum())
        if count:
            problems.add(f"{count} {'card' if count == 1 else 'cards'} " + words.format(_where(cards[wrong])))
    none = table.assign(_none=table["option"].eq(NONE)).groupby(["answer", "card"])["_none"].any()
    if none.any() and not none.all():
        problems.add(f"{int((~none).sum())} of {len(none)} cards have no option {NONE!r}, the others do")


def _problems_of_levels(table: pd.DataFrame, attributes: Sequence[Attribute], problems: Problems) -> None:
    offers = table[table["option"] != NONE]
    for one in attributes:
        given = offers[one.name]
        text = given.astype(object).where(given.notna(), "").astype(str).str.strip()
        empty = text == ""
        if empty.any():
            problems.add(
                f"{one.name} is missing on {int(empty.sum())} offers: {_where(offers[empty])}. All offers need all attributes"
            )
        if one.numeric:
            numbers = pd.to_numeric(given, errors="coerce")
            wrong = ~np.isfinite(numbers) & ~empty
            if wrong.any():
                problems.add(f"{one.name}: numbers were expected, found {sorted(set(text[wrong]))[:SHOWN]}")
            if one.factor != 1.0 and (numbers.abs() > 1).any():
                problems.add(
                    f"{one.name}: {numbers[numbers.abs() > 1].iloc[0]:g} looks like percent. Write 6 % as 0.06"
                )
        elif unknown := sorted(set(text[~empty]) - set(one.levels)):
            problems.add(f"{one.name}: unknown levels {unknown}; known: {list(one.levels)}")


def _problems_of_variation(
    table: pd.DataFrame, attributes: Sequence[Attribute], price: str, problems: Problems
) -> None:
    offers = table[table["option"] != NONE]
    for one in attributes:
        if (offers.groupby(["answer", "card"])[one.name].nunique() <= 1).all():
            if one.name == price:
                problems.add(
                    f"the price {price} never varies between the offers of a card, so nothing can be told in it"
                )
            else:
                problems.add(f"{one.name} never varies between the offers of a card. Leave out the column")


def _arrays(table: pd.DataFrame, attributes: tuple[Attribute, ...], segment: str | None) -> Answers:
    table = table.sort_values(["answer", "card", "option"], kind="stable")
    options = int(table.groupby(["answer", "card"]).size().iloc[0])
    terms = terms_of(attributes)
    x = coded(table, attributes).reshape(-1, options, len(terms))
    with_none = bool(table["option"].eq(NONE).any())
    if not with_none:
        x, terms = x[..., :-1], terms[:-1]
    marks = pd.to_numeric(table["chosen"]).to_numpy().reshape(-1, options)
    chosen = marks.argmax(axis=1)
    first = table.iloc[::options]
    taken = table["option"].to_numpy().reshape(-1, options)[np.arange(len(chosen)), chosen]
    groups = np.full(len(first), "", dtype=object)
    if segment:
        groups = first[segment].astype(object).where(first[segment].notna(), "not said").astype(str).to_numpy(object)
    person = np.unique(first["answer"].astype(str), return_inverse=True)[1]
    return Answers(x, chosen, person, tuple(terms), attributes, groups, taken != NONE, with_none)
