# SPDX-License-Identifier: Apache-2.0
"""What an offer on a choice card is made of: attributes and their levels, and how they become numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from homeground.errors import DataError, Problems

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

NONE = "none"  # the option that takes no offer, and its constant
PRICE = "return"  # the shipped price of an offer; a fraction a year
POINTS = 100.0  # a return of 0.04 enters as 4 percentage points, so that all coefficients are of one size
RESERVED = ("answer", "version", "card", "option", "chosen")
LANGUAGES = ("en", "fr", "zh")
_ROOM = Path(__file__).parent


@dataclass(frozen=True)
class Attribute:
    """One thing in which offers differ.

    A number enters as it is (a return in percentage points); a category enters as one 0/1 term for each level but the
    reference. ``better`` is "later" where each level of the list is at least as good as those before it, else empty.
    """

    name: str
    numeric: bool
    unit: str
    levels: tuple[str, ...]
    reference: str  # "" of a number
    better: str = ""

    @property
    def factor(self) -> float:
        return POINTS if self.unit.startswith("fraction") else 1.0


def shipped_attributes() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Attributes and levels that ship with homeground, each with its source or called an expert default.

    Returns
    -------
    attributes : DataFrame
        attribute, coding (number or category), unit, better, on_card, names in three languages.
    levels : DataFrame
        attribute, level, reference (1 of one level of each category), words on the card, source, quality, kind.

    Examples
    --------
    >>> attributes, levels = shipped_attributes()
    >>> attributes.loc[attributes["on_card"] == "1", "attribute"].tolist()[:3], len(levels) > 30
    (['return', 'term', 'project'], True)
    """
    attributes, levels = _shipped()
    return attributes.copy(), levels.copy()


@lru_cache(maxsize=1)
def _shipped() -> tuple[pd.DataFrame, pd.DataFrame]:
    attributes, levels = (
        pd.read_csv(_ROOM / f"{name}.csv", dtype=str, keep_default_na=False) for name in ("attributes", "levels")
    )
    return attributes, levels


def attributes_on_cards(
    names: Sequence[str] | None = None, *, attributes: pd.DataFrame | None = None, levels: pd.DataFrame | None = None
) -> tuple[Attribute, ...]:
    """The attributes of the cards, in the order of the table.

    Parameters
    ----------
    names : sequence of str, optional
        Which; those marked ``on_card`` if left out.
    attributes, levels : DataFrame, optional
        Of your own, as `shipped_attributes` gives them.

    Returns
    -------
    tuple of Attribute

    Raises
    ------
    DataError
        An attribute is unknown, has one level only, a category without exactly one reference, or a number that is none.

    Examples
    --------
    >>> price, visit = attributes_on_cards(["return", "visit"])
    >>> price.levels, visit.reference
    (('0', '0.02', '0.04', '0.06'), 'none')
    """
    if (attributes is None) != (levels is None):
        raise DataError("attributes and levels of your own go together; only one of the two tables was given.")
    if attributes is None or levels is None:
        attributes, levels = shipped_attributes()
    table = attributes.set_index("attribute")
    chosen = list(table.index[table["on_card"].astype(str) == "1"]) if names is None else list(names)
    problems = Problems("attributes of the cards")
    unknown = [name for name in chosen if name not in table.index]
    if unknown:
        problems.add(f"unknown: {unknown}. Known: {list(table.index)}")
    if len(chosen) != len(set(chosen)) or not chosen:
        problems.add(f"each attribute once was expected, at least one; found {chosen}")
    problems.extend(f"{name!r} has another meaning on cards. Rename it" for name in chosen if name in (*RESERVED, NONE))
    found = []
    for name in (one for one in table.index if one in chosen):
        rows = levels[levels["attribute"] == name]
        numeric = str(table.at[name, "coding"]) == "number"
        listed = tuple(rows["level"].astype(str))
        if len(listed) < 2 or len(set(listed)) < len(listed):
            problems.add(f"{name}: two or more different levels were expected, found {list(listed)}")
        references = list(rows.loc[rows["reference"].astype(str) == "1", "level"].astype(str))
        if numeric and not _numbers(pd.Series(listed)).notna().all():
            problems.add(f"{name}: numbers were expected as levels, found {list(listed)}")
        if not numeric and len(references) != 1:
            problems.add(f"{name}: one level with reference = 1 was expected, found {references}")
        reference = "" if numeric else references[0] if references else ""
        unit, better = (str(table.at[name, column]) for column in ("unit", "better"))
        found.append(Attribute(name, numeric, unit, listed, reference, better))
    problems.raise_if_any(DataError)
    return tuple(found)


def attributes_found(cards: pd.DataFrame, names: Sequence[str]) -> tuple[Attribute, ...]:
    """Attributes as a table of cards shows them, where they are not those that ship.

    Parameters
    ----------
    cards : DataFrame
        One row for each option of each card.
    names : sequence of str
        Columns that are attributes. Numbers enter as numbers; of words the first in the alphabet is the reference.

    Returns
    -------
    tuple of Attribute

    Examples
    --------
    >>> table = pd.DataFrame({"fee": [1, 2, None], "bank": ["b", "a", None]})
    >>> [(one.name, one.numeric, one.reference) for one in attributes_found(table, ["fee", "bank"])]
    [('fee', True, ''), ('bank', False, 'a')]
    """
    found = []
    for name in names:
        given = cards[name].dropna()
        given = given[given.astype(str).str.strip() != ""]
        numbers = _numbers(given)
        if len(given) and numbers.notna().all():
            found.append(Attribute(name, True, "", tuple(f"{value:g}" for value in np.unique(numbers)), ""))
        else:
            words = tuple(sorted(set(given.astype(str))))
            found.append(Attribute(name, False, "", words, words[0] if words else ""))
    return tuple(found)


def terms_of(attributes: Sequence[Attribute]) -> list[str]:
    """Names of the terms of a model: a number's own name, "attribute=level" of a category, last the constant of none.

    Parameters
    ----------
    attributes : sequence of Attribute
        In the order of the model.

    Returns
    -------
    list of str

    Examples
    --------
    >>> terms_of(attributes_on_cards(["return", "loss_protection"]))
    ['return', 'loss_protection=half', 'loss_protection=full', 'none']
    """
    found = []
    for one in attributes:
        found += (
            [one.name] if one.numeric else [f"{one.name}={level}" for level in one.levels if level != one.reference]
        )
    return [*found, NONE]


def coded(options: pd.DataFrame, attributes: Sequence[Attribute]) -> Floats:
    """Options as rows of numbers, in the order of `terms_of`; the option that takes none is 0 but for its constant.

    Parameters
    ----------
    options : DataFrame
        Column ``option`` and one for each attribute. What cannot be read becomes NaN.
    attributes : sequence of Attribute
        In the order of the model.

    Returns
    -------
    ndarray, (options, terms)

    Examples
    --------
    >>> offers = pd.DataFrame({"option": ["A", "none"], "return": [0.04, None], "visit": ["family_day", None]})
    >>> coded(offers, attributes_on_cards(["return", "visit"])).tolist()
    [[4.0, 1.0, 0.0], [0.0, 0.0, 1.0]]
    """
    none = (options["option"].astype(str) == NONE).to_numpy()
    columns = []
    for one in attributes:
        if one.numeric:
            columns.append(_numbers(options[one.name]).to_numpy(float) * one.factor)
            continue
        words = options[one.name].astype(object).where(options[one.name].notna(), "").astype(str).to_numpy()
        known = np.isin(words, one.levels)
        columns += [np.where(known, words == level, np.nan) for level in one.levels if level != one.reference]
    rows = np.column_stack([*columns, none.astype(float)])
    rows[none, :-1] = 0.0
    return np.asarray(rows, dtype=float)


def _numbers(values: pd.Series) -> pd.Series:
    return pd.to_numeric(values, errors="coerce")
