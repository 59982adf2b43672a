# SPDX-License-Identifier: Apache-2.0
"""Tables as people read them: numbers to the right, the interval beside its number, missing values said."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from homeground.language.figures import write_number
from homeground.language.messages import phrase, write_range


@dataclass(frozen=True)
class Header:
    """A column's heading; ``cell`` is the index of its first cell in a row, ``span`` is 2 where an interval follows."""

    text: str
    unit: str
    numeric: bool
    cell: int
    span: int = 1


@dataclass(frozen=True)
class Cell:
    """One printed cell; ``sort`` is what the column is ordered by ("" is missing and always comes last)."""

    text: str
    style: str  # text, number, interval or missing
    sort: str | None = None


@dataclass(frozen=True)
class TableColumn:
    """One column to print: its values and, where there is one, its interval, all in the order of the rows.

    ``grouped``: whether digits are grouped by thousands, as those of years are not.
    """

    text: str
    values: Sequence[Any]
    unit: str = ""
    decimals: int | None = None
    low: Sequence[Any] | None = None
    high: Sequence[Any] | None = None
    grouped: bool = True


@dataclass(frozen=True)
class PageTable:
    """Headings and rows ready for the page."""

    headers: tuple[Header, ...]
    rows: tuple[tuple[Cell, ...], ...]


def columns_of(
    frame: pd.DataFrame,
    heads: Mapping[str, str],
    units: Mapping[str, str] | None = None,
    decimals: Mapping[str, int] | None = None,
) -> list[TableColumn]:
    """The columns of a table that have a heading, with ``x_low`` and ``x_high`` taken as the interval of ``x``.

    Numbers are rounded once, when they are printed: with ``decimals``, or so that the largest has three digits.

    Examples
    --------
    >>> [c.text for c in columns_of(pd.DataFrame({"jobs": [3], "jobs_low": [1], "jobs_high": [5]}), {"jobs": "Jobs"})]
    ['Jobs']
    """
    held = {str(c): frame[c].tolist() for c in frame.columns}
    return [
        TableColumn(
            head,
            held[name],
            (units or {}).get(name, ""),
            (decimals or {}).get(name),
            low=held.get(f"{name}_low"),
            high=held.get(f"{name}_high"),
            grouped=name != "year",
        )
        for name, head in heads.items()
    ]


def lay_out(columns: Sequence[TableColumn], *, language: str = "en") -> PageTable:
    """Headings and cells of a table; every row has the same cells, so that one script can sort any table.

    Examples
    --------
    >>> grid = lay_out([TableColumn("jobs", [12.0, float("nan")], low=[9, None], high=[15, None])])
    >>> [cell.text for cell in grid.rows[0]], [cell.text for cell in grid.rows[1]]
    (['12', '9 to 15'], ['no data', ''])
    """
    headers: list[Header] = []
    printed: list[list[Cell]] = []
    at = 0
    for column in columns:
        numeric = all(_is_number(v) or _missing(v) for v in column.values) and not all(map(_missing, column.values))
        interval = numeric and column.low is not None and column.high is not None
        headers.append(Header(column.text, column.unit, numeric, at, 2 if interval else 1))
        at += 2 if interval else 1
        decimals = three_digits(column.values) if column.decimals is None else column.decimals
        printed.append([_cell(v, numeric, decimals, column.grouped, language) for v in column.values])
        if interval and column.low is not None and column.high is not None:
            printed.append([_interval(a, b, decimals, language) for a, b in zip(column.low, column.high, strict=True)])
    return PageTable(tuple(headers), tuple(zip(*printed, strict=True)))


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float | np.integer | np.floating) and not isinstance(value, bool | np.bool_)


def _missing(value: Any) -> bool:
    return bool(np.ndim(value) == 0 and pd.isna(value))


def three_digits(values: Sequence[Any]) -> int:
    """Decimals by which the largest number has three digits; none where all are whole.

    Examples
    --------
    >>> three_digits([12.345, 0.5]), three_digits([0.1234, None]), three_digits([3.0, 1200.0])
    (1, 3, 0)
    """
    found = [abs(float(v)) for v in values if _is_number(v) and math.isfinite(v)]
    if not found or all(v == round(v) for v in found):
        return 0
    return min(max(2 - math.floor(math.log10(max(found))), 0), 4)


def _cell(value: Any, numeric: bool, decimals: int, grouped: bool, language: str) -> Cell:
    if _missing(value):
        return Cell(phrase("map.no_data", language), "missing", "")
    if not numeric:
        return Cell(str(value), "text")
    text = write_number(float(value), decimals, language) if grouped else f"{value:.0f}"
    return Cell(text, "number", f"{float(value):.12g}")


def _interval(low: Any, high: Any, decimals: int, language: str) -> Cell:
    if _missing(low) or _missing(high):
        return Cell("", "interval")
    return Cell(write_range(low, high, decimals, language), "interval")
