# SPDX-License-Identifier: Apache-2.0
"""Which published columns count people, how each passes the gate, and which are published elsewhere and pass unrounded."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypedDict

from homeground.errors import DataError

LIST = Path(__file__).parent / "counts_of_people.csv"
WAYS = ("gate", "part", "published", "worked out")


class Limits(TypedDict):
    """What `homeground.numbers.disclosure.protect` and `protect_part` take."""

    threshold: int
    round_to: int


@dataclass(frozen=True)
class Count:
    """A column of a results table that counts people, or from which a count can be worked out.

    ``what``: only the rows of this indicator; empty: all others. ``way``: "gate" (`protect`), "part" (`protect_part`),
    "published" (public already: the publisher's own threshold, unrounded) or "worked out" (only from columns that passed).
    """

    table: str
    column: str
    what: str
    way: str
    limits: Limits | None
    publisher: str
    why: str


@cache
def counts_of_people() -> tuple[Count, ...]:
    """Every column that counts people, as listed in ``counts_of_people.csv``.

    Returns
    -------
    tuple of Count

    Examples
    --------
    >>> [count.publisher for count in counts_of_people() if count.table == "flows.parquet"]
    ['UNHCR', '']
    """
    with LIST.open(encoding="utf-8", newline="") as file:
        return tuple(
            Count(
                row["table"],
                row["column"],
                row["what"],
                row["way"],
                None
                if row["way"] == "worked out"
                else Limits(threshold=int(row["threshold"]), round_to=int(row["round_to"])),
                row["publisher"],
                row["why"],
            )
            for row in csv.DictReader(file)
        )


def count_of(table: str, column: str, what: str = "", source: str = "") -> Count:
    """How a count passes the gate.

    Parameters
    ----------
    table, column : str
        Path in the results folder, and a column of it.
    what : str
        The indicator, where a column holds several.
    source : str
        Who the row says published it: a count passes as published only under the name of its publisher.

    Returns
    -------
    Count
        Of the indicator, else that of the rest of the column.

    Raises
    ------
    DataError
        The column is not in the list.

    Examples
    --------
    >>> count_of("people_countries.parquet", "value", "idps_unhcr", "UNHCR Refugee Data Finder").limits
    {'threshold': 5, 'round_to': 1}
    >>> count_of("people_countries.parquet", "value", "idps_unhcr", "own survey").limits
    {'threshold': 10, 'round_to': 5}
    """
    of_column = [count for count in counts_of_people() if (count.table, count.column) == (table, column)]
    for count in sorted(of_column, key=lambda one: (one.what == "", one.publisher == "")):
        if count.what in ("", what) and count.publisher in source:
            return count
    raise DataError(f"{column} of {table} is in no list of counts of people. Add it to {LIST.name}, with its reason.")


def limits_of(table: str, column: str, what: str = "", source: str = "") -> Limits:
    """Threshold and base of a count; arguments, errors and example as `count_of`.

    Parameters
    ----------
    table, column, what, source : str
        As in `count_of`.

    Returns
    -------
    Limits

    Raises
    ------
    DataError
        The column is in no list, or is only worked out from others.

    Examples
    --------
    >>> limits_of("regions/people.parquet", "people_population")
    {'threshold': 10, 'round_to': 5}
    """
    limits = count_of(table, column, what, source).limits
    if limits is None:
        raise DataError(f"{column} of {table} is worked out from counts that passed the gate, and passes none itself.")
    return limits
