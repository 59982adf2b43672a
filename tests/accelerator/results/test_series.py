# SPDX-License-Identifier: Apache-2.0
"""Periods that lie over each other: no day counts twice, no row is lost unsaid, and a count of single days agrees."""

from __future__ import annotations

import datetime
import math
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from homeground.accelerator.results.series import Told, every, latest, summed

FIRST = datetime.date(2020, 1, 1)


@st.composite
def rows(draw: st.DrawFn) -> list[Told]:
    found = []
    for at in range(draw(st.integers(1, 10))):
        begin, length = draw(st.integers(0, 40)), draw(st.integers(0, 30))
        cumulative = draw(st.booleans())
        start = FIRST + datetime.timedelta(days=draw(st.sampled_from([0, 10])) if cumulative else begin)
        value = draw(st.one_of(st.integers(0, 1000).map(float), st.just(math.nan)))
        found.append(Told(f"r{at}", start, start + datetime.timedelta(days=length), cumulative, value))
    return found


@given(rows())
def test_no_day_counts_twice_and_no_row_is_lost_unsaid(told: list[Told]) -> None:
    series = summed(told)
    for one, other in combinations(series.items, 2):
        assert one.end < other.start or other.end < one.start
    names = {one.actual for one in series.items}
    words = " ".join(series.notes).replace(",", " ").split()
    for one in told:
        later = any(o.cumulative and o.start == one.start and o.end > one.end and not math.isnan(o.value) for o in told)
        superseded = one.cumulative and later
        assert one.actual in names or one.actual in words or superseded or math.isnan(one.value)
    if any(math.isnan(one.value) for one in told):
        assert f"{sum(math.isnan(one.value) for one in told)} row(s) without a number" in series.notes


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(1, 9)), min_size=1, max_size=8))
def test_rows_one_after_the_other_sum_and_their_gaps_are_told(steps: list[tuple[int, int]]) -> None:
    day, told, gaps = FIRST, [], 0
    for at, (gap, length) in enumerate(steps):
        day += datetime.timedelta(days=gap)
        gaps += at > 0 and gap > 0
        told.append(Told(f"r{at}", day, day + datetime.timedelta(days=length - 1), False, float(length)))
        day += datetime.timedelta(days=length)
    series = summed(told)
    assert series.total == sum(length for _, length in steps)
    assert sum(note.startswith("nothing told") for note in series.notes) == gaps


@given(rows(), st.integers(0, 60), st.integers(0, 60))
def test_within_days_nothing_reaches_beyond_them(told: list[Told], begin: int, length: int) -> None:
    start = FIRST + datetime.timedelta(days=begin)
    end = start + datetime.timedelta(days=length)
    for one in summed(told, start=start, end=end).items:
        assert start <= one.start <= one.end <= end
    for one in (*latest(told, start=start, end=end).items, *every(told, start=start, end=end).items):
        assert start <= one.end <= end


@given(rows(), st.integers(1, 69))
def test_a_cumulative_number_parts_into_before_and_after(told: list[Told], cut: int) -> None:
    """What is counted up to a day and what is counted after it are the whole, where a row ends on that very day."""
    spans = [one for one in told if one.cumulative and one.start == FIRST and not math.isnan(one.value)]
    ends = sorted({one.end for one in spans})
    if len(ends) < 2 or len(ends) != len(spans):
        return
    at = ends[cut % (len(ends) - 1)]
    before, after = summed(spans, end=at).total, summed(spans, start=at + datetime.timedelta(days=1)).total
    assert before + after == pytest.approx(summed(spans).total)
