# SPDX-License-Identifier: Apache-2.0
"""Tables as people read them: numbers to the right, the interval beside its number, missing values said."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from homeground.brief.drawing.maps import pretty_unit
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
    """One column to print: its values and, where there is one, its interval, all in the order of the rows."""

    text: str
    values: Sequence[Any]
    unit: str = ""
    decimals: int | None = None
    low: Sequence[Any] | None = None
    high: Sequence[Any] | None = None


@dataclass(frozen=True)
class PageTable:
    """Headings and rows ready for the page."""

    headers: tuple[Header, ...]
    rows: tuple[tuple[Cell, ...], ...]


def columns_of(
    frame: pd.DataFrame, units: Mapping[str, str], decimals: Mapping[str, int] | None = None
) -> list[TableColumn]:
    """The columns of a table, with ``x_low`` and ``x_high`` (or "x low", "x high") taken as the interval of ``x``.

    Numbers are rounded once, when they are printed: with ``decimals``, or so that the largest has three digits.

    Examples
    --------
    >>> [c.text for c in columns_of(pd.DataFrame({"jobs": [3], "jobs_low": [1], "jobs_high": [5]}), {})]
    ['jobs']
    """
    names = [str(c) for c in frame.columns]
    held = dict(zip(names, (frame[c].tolist() for c in frame.columns), strict=True))
    bounds: dict[str, tuple[str, str]] = {}
    for name in names:
        for mark in ("_", " "):
            pair = (f"{name}{mark}low", f"{name}{mark}high")
            if pair[0] in held and pair[1] in held:
                bounds[name] = pair
    inside = {n for pair in bounds.values() for n in pair}
    return [
        TableColumn(
            name.replace("_", " "),
            held[name],
            units.get(name, ""),
            (decimals or {}).get(name),
            low=held[bounds[name][0]] if name in bounds else None,
            high=held[bounds[name][1]] if name in bounds else None,
        )
        for name in names
        if name not in inside
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
        headers.append(Header(column.text, pretty_unit(column.unit), numeric, at, 2 if interval else 1))
        at += 2 if interval else 1
        decimals = _decimals(column)
        year = not column.unit and column.text.lower().split(" ")[-1] in {"year", "years"}  # years are not grouped
        printed.append([_cell(v, numeric, decimals, year=year, language=language) for v in column.values])
        if interval and column.low is not None and column.high is not None:
            printed.append([_interval(a, b, decimals, language) for a, b in zip(column.low, column.high, strict=True)])
    return PageTable(tuple(headers), tuple(zip(*printed, strict=True)))


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float | np.integer | np.floating) and not isinstance(value, bool | np.bool_)


def _missing(value: Any) -> bool:
    return bool(np.ndim(value) == 0 and pd.isna(value))


def _decimals(column: TableColumn) -> int:
    """Decimals of a column: as given, none for whole numbers, else so that its largest number has three digits."""
    if column.decimals is not None:
        return column.decimals
    found = [abs(float(v)) for v in column.values if _is_number(v) and math.isfinite(v)]
    if not found or all(v == round(v) for v in found):
        return 0
    return min(max(2 - math.floor(math.log10(max(found))), 0), 4)


def _cell(value: Any, numeric: bool, decimals: int, *, year: bool, language: str) -> Cell:
    if _missing(value):
        return Cell(phrase("map.no_data", language), "missing", "")
    if not numeric:
        return Cell(str(value), "text")
    text = f"{value:.0f}" if year else write_number(float(value), decimals, language)
    return Cell(text, "number", f"{float(value):.12g}")


def _interval(low: Any, high: Any, decimals: int, language: str) -> Cell:
    if _missing(low) or _missing(high):
        return Cell("", "interval")
    return Cell(write_range(low, high, decimals, language), "interval")
