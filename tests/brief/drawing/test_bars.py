# SPDX-License-Identifier: Apache-2.0
"""Bars: each end of a choice is labelled, an end that changes nothing has no bar, classes of a year are stacked."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from homeground.brief.drawing.bars import stacked_years, tornado_chart
from homeground.errors import DataError
from homeground.land import tornado

NAMES = {"label": "setting", "low": "low", "low_choice": "low_value", "high": "high", "high_choice": "high_value"}


@pytest.fixture
def bars() -> pd.DataFrame:
    rows = [("base", "", 20.0), ("rules", "older", 12.0), ("rules", "newer", 31.5), ("test", "exact", 20.0)]
    return tornado(pd.DataFrame(rows, columns=["setting", "value", "result"]))


def texts(svg: str) -> list[str]:
    return [re.sub(r"<[^>]+>", "", t) for t in re.findall(r"<text\b.*?</text>", svg, flags=re.S)]


def test_both_ends_of_a_choice_are_labelled_and_what_changes_nothing_says_so(bars):
    svg = tornado_chart(bars, base=20.0, unit="%", **NAMES)
    said = " | ".join(texts(svg))
    for part in ("12.0  older", "31.5  newer", "makes no difference", "as published 20.0 %"):
        assert part in said
    assert svg == tornado_chart(bars, base=20.0, unit="%", **NAMES)


def test_a_published_value_outside_its_range_is_refused(bars):
    with pytest.raises(DataError, match="do not hold the published value"):
        tornado_chart(bars, base=40.0, **NAMES)
    with pytest.raises(DataError, match="at least one"):
        tornado_chart(bars.head(0), base=20.0, **NAMES)


def test_years_are_stacked_in_the_order_of_the_classes():
    frame = pd.DataFrame({"year": [2001, 2002], "extreme": [10.0, 0.0], "mild": [30.0, 100.0]})
    svg = stacked_years(frame, year="year", classes={"extreme": "#241d06", "mild": "#f9e384"}, unit="%")
    bars = re.findall(r'<path d="M ([^"]*?)z', svg)
    assert len(bars) >= 4
    assert svg.count("#241d06") == 3  # two years and the legend
    assert [t for t in texts(svg) if t in ("extreme", "mild")] == ["extreme", "mild"]
    with pytest.raises(DataError, match="more than once"):
        stacked_years(frame.assign(year=2001), year="year", classes={"mild": "#f9e384"})
    with pytest.raises(DataError, match="missing"):
        stacked_years(frame.assign(mild=[None, 1.0]), year="year", classes={"mild": "#f9e384"})
