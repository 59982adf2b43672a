# SPDX-License-Identifier: Apache-2.0
"""Rows that a provider hands out page by page, each in its own JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from homeground.catalogue.live.job import Job
from homeground.catalogue.live.transfer import LATER
from homeground.catalogue.live.troubles import DamagedError

MOST_PAGES = 300


def pages(
    job: Job, address_of: Callable[[int], str], rows_at: str, more: Callable[[dict[str, Any], int], bool],
    *, first: int = 1, headers: Mapping[str, str] | None = None,
) -> Iterator[tuple[str, list[dict[str, Any]]]]:  # fmt: skip
    """Address and rows of each page.

    Parameters
    ----------
    job : Job
    address_of : function of the number of a page
    rows_at : str
        Key of an answer that holds its rows.
    more : function of an answer and its number
        Whether another page follows.
    first : int
        Number of the first page.
    headers : mapping, optional
        Such as a key.

    Raises
    ------
    UnreachableError, RefusedError, DamagedError
        No answer, no data, another form, or pages without end.
    """
    for number in range(first, first + MOST_PAGES):
        address = address_of(number)
        answer = job.get.json(address, headers=headers)
        if not isinstance(answer, dict) or not isinstance(answer.get(rows_at), list):
            told = f"keys {', '.join(list(answer)[:8])}" if isinstance(answer, dict) else type(answer).__name__
            raise DamagedError(f"{_bare(job, address)}: rows under {rows_at} were expected, found {told}. {LATER}")
        yield _bare(job, address), answer[rows_at]
        if not answer[rows_at] or not more(answer, number):
            return
    raise DamagedError(f"{_bare(job, address_of(first))}: more than {MOST_PAGES} pages; ask for fewer years.")


def value_of(row: Mapping[str, Any], names: tuple[str, ...], address: str) -> list[Any]:
    """Values of a row by their names.

    Raises
    ------
    DamagedError
        A name is absent: the form changed.
    """
    if absent := [name for name in names if name not in row]:
        raise DamagedError(f"{address}: columns {', '.join(absent)} were expected; the form changed. {LATER}")
    return [row[name] for name in names]


def number(value: Any, name: str, address: str) -> float | None:
    """A number of a row; None where it has none.

    Raises
    ------
    DamagedError
        It is no number.
    """
    if value in (None, "", "NaN", "N", "-"):
        return None
    try:
        return float(value)
    except (TypeError, ValueError) as error:
        raise DamagedError(
            f"{address}: {name} is {value!r}; a number was expected; the form changed. {LATER}"
        ) from error


def _bare(job: Job, address: str) -> str:
    """An address without its key: it is told and kept."""
    return address.replace(job.key, "YOUR-KEY") if job.key else address
