# SPDX-License-Identifier: Apache-2.0
"""What one project tells of one indicator over time, as one value: periods that lie over each other count once, gaps are told."""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import pandas as pd

DAY = datetime.timedelta(days=1)
DUST = 1e-9  # of a value: parts may miss their whole by so much


@dataclass(frozen=True)
class Told:
    """One approved row: what it is called, its days, its value (NaN: no number), and what a mean weighs it by."""

    actual: str
    start: datetime.date
    end: datetime.date
    cumulative: bool
    value: float
    weight: float = math.nan
    words: str = ""


@dataclass
class Series:
    """The rows of a series that count, and what must be told of it."""

    items: list[Told] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def total(self) -> float:
        """Sum of its items, exact to the last digit whatever their order."""
        return math.fsum(one.value for one in self.items)


def summed(rows: Iterable[Told], *, start: datetime.date | None = None, end: datetime.date | None = None) -> Series:
    """The rows that add up without telling the same days twice.

    Cumulative rows counted from the same day are one span, of the last of them. Spans are laid down first, the longest
    first where two begin on one day, then rows per period; what lies over a day that is laid already is left out and told.

    Parameters
    ----------
    rows : iterable of Told
        Of one series.
    start, end : date, optional
        The days that are asked for; left out, all. A cumulative row counted from before is less what there was by then.

    Returns
    -------
    Series

    Examples
    --------
    >>> day = datetime.date
    >>> rows = [Told("y20", day(2020, 1, 1), day(2020, 12, 31), True, 100.0)]
    >>> rows += [Told("y21", day(2020, 1, 1), day(2021, 12, 31), True, 150.0)]
    >>> rows += [Told("q1", day(2022, 1, 1), day(2022, 3, 31), False, 10.0)]
    >>> summed(rows).total
    160.0
    """
    series = Series()
    known = [one for one in rows if not math.isnan(one.value)]
    if lost := len([one for one in rows if math.isnan(one.value)]):
        series.notes.append(f"{lost} row(s) without a number")
    spans = _spans([one for one in known if one.cumulative], start, end, series.notes)
    parts = _inside([one for one in known if not one.cumulative], start, end, series.notes)
    for one in [*_once(spans, series.notes), *_once(parts, series.notes)]:
        over = next((k for k in series.items if one.start <= k.end and k.start <= one.end), None)
        if over is None:
            series.items.append(one)
        else:
            how = "within" if over.start <= one.start and one.end <= over.end else "partly over"
            series.notes.append(f"{one.actual} lies {how} {over.actual}: not added")
    series.items.sort(key=lambda one: one.start)
    for before, after in pairwise(series.items):
        if after.start - before.end > DAY:
            series.notes.append(f"nothing told from {before.end + DAY} to {after.start - DAY}")
    return series


def latest(rows: Iterable[Told], *, start: datetime.date | None = None, end: datetime.date | None = None) -> Series:
    """The row that ends last.

    Parameters
    ----------
    rows : iterable of Told
        Of one series.
    start, end : date, optional
        The days that it must end in.

    Returns
    -------
    Series
        Empty where two rows of the last day differ; that is told.

    Examples
    --------
    >>> day = datetime.date
    >>> rows = [Told(str(y), day(y, 1, 1), day(y, 12, 31), False, float(y)) for y in (2021, 2020)]
    >>> latest(rows).items[0].value
    2021.0
    """
    series = Series()
    known = _within([one for one in rows if not math.isnan(one.value)], start, end)
    if not known:
        return series
    last = max(one.end for one in known)
    held = sorted((one for one in known if one.end == last), key=lambda one: one.actual)
    if len({one.value for one in held}) > 1:
        series.notes.append(f"{', '.join(one.actual for one in held)} differ for {last}: none taken")
    else:
        series.items.append(held[0])
    return series


def every(rows: Iterable[Told], *, start: datetime.date | None = None, end: datetime.date | None = None) -> Series:
    """All rows that end within the days that are asked for.

    Parameters
    ----------
    rows : iterable of Told
        Of one series.
    start, end : date, optional

    Returns
    -------
    Series

    Examples
    --------
    >>> day = datetime.date
    >>> len(every([Told("a", day(2020, 1, 1), day(2020, 6, 30), False, 1.0)], end=day(2019, 12, 31)).items)
    0
    """
    return Series(sorted(_within(rows, start, end), key=lambda one: (one.start, one.end, one.actual)))


def parts_of(whole: float, parts: Sequence[tuple[str, float]], what: str) -> str:
    """What to tell where parts do not sum to their whole; empty where they do. Nothing is made to fit.

    Parameters
    ----------
    whole : float
    parts : sequence of (str, float)
    what : str
        By what the whole is divided.

    Returns
    -------
    str

    Examples
    --------
    >>> parts_of(100.0, [("women", 40.0), ("men", 50.0)], "sex")
    'by sex women 40 + men 50 = 90 of 100: shown as told, not made to fit'
    """
    total = math.fsum(value for _, value in parts)
    if abs(total - whole) <= DUST * max(1.0, abs(whole), abs(total)):
        return ""
    told = " + ".join(f"{name} {value:,.12g}" for name, value in parts)
    return f"by {what} {told} = {total:,.12g} of {whole:,.12g}: shown as told, not made to fit"


def day_of(value: Any) -> datetime.date | None:
    """A day, however a table keeps it.

    Parameters
    ----------
    value : date, Timestamp, str or missing

    Returns
    -------
    date or None

    Examples
    --------
    >>> day_of("2021-03-04"), day_of(pd.Timestamp(2021, 3, 4)), day_of(None)
    (datetime.date(2021, 3, 4), datetime.date(2021, 3, 4), None)
    """
    if value is None or pd.isna(value):
        return None
    if isinstance(value, datetime.datetime):
        return value.date()
    return value if isinstance(value, datetime.date) else datetime.date.fromisoformat(str(value)[:10])


def text_of(value: Any) -> str:
    """A text, empty where it is missing.

    Parameters
    ----------
    value : object

    Returns
    -------
    str

    Examples
    --------
    >>> text_of(None), text_of(float("nan")), text_of(" NER ")
    ('', '', 'NER')
    """
    return "" if value is None or pd.isna(value) else str(value).strip()


def _within(rows: Iterable[Told], start: datetime.date | None, end: datetime.date | None) -> list[Told]:
    return [one for one in rows if (start is None or one.end >= start) and (end is None or one.end <= end)]


def _inside(
    rows: Iterable[Told], start: datetime.date | None, end: datetime.date | None, notes: list[str]
) -> list[Told]:
    """Rows per period that lie in the days asked for; those that reach beyond are told, not cut."""
    found = []
    for one in rows:
        before, after = start is not None and one.start < start, end is not None and one.end > end
        if not before and not after:
            found.append(one)
        elif (start is None or one.end >= start) and (end is None or one.start <= end):
            notes.append(f"{one.actual} reaches beyond the days asked for: not added")
    return found


def _spans(
    rows: Iterable[Told], start: datetime.date | None, end: datetime.date | None, notes: list[str]
) -> list[Told]:
    """Cumulative rows as spans: of those counted from one day the last, less what there was before the days asked for."""
    by_start: dict[datetime.date, list[Told]] = {}
    for one in rows:
        if end is None or one.end <= end:
            by_start.setdefault(one.start, []).append(one)
    found = []
    for first, group in by_start.items():
        held = sorted(_once(group, notes), key=lambda one: one.end)
        for before, after in pairwise(held):
            if after.value < before.value:
                notes.append(f"{after.actual} falls from {before.value:,.12g} to {after.value:,.12g}")
        last = held[-1]
        if start is None or first >= start:
            found.append(last)
        elif last.end >= start:
            earlier = [one for one in held if one.end < start]
            if not earlier or earlier[-1].end + DAY < start:  # a gain that began before cannot be cut
                notes.append(
                    f"{last.actual} counts from {first}, and what there was by the day before {start} is not told: not added"
                )
                continue
            since = earlier[-1]
            gained = last.value - since.value
            found.append(Told(last.actual, since.end + DAY, last.end, True, gained, last.weight, last.words))
    return found


def _once(rows: Iterable[Told], notes: list[str]) -> list[Told]:
    """Rows of the same days once, the lower where they differ; in order of their days, the longest first."""
    by_days: dict[tuple[datetime.date, datetime.date], list[Told]] = {}
    for one in rows:
        by_days.setdefault((one.start, one.end), []).append(one)
    found = []
    for (first, last), group in sorted(by_days.items(), key=lambda item: (item[0][0], -item[0][1].toordinal())):
        group.sort(key=lambda one: (one.value, one.actual))
        found.append(group[0])
        if len(group) > 1:
            names = ", ".join(sorted(one.actual for one in group))
            differ = len({one.value for one in group}) > 1
            notes.append(f"{names} tell of {first} to {last}{': the lower is taken' if differ else ': counted once'}")
    return found
