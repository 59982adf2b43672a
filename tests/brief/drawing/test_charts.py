# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from homeground.brief.drawing.charts import forest, interval_dots, series_chart, small_multiples, waterfall
from homeground.errors import DataError

SVG = "{http://www.w3.org/2000/svg}"
DOTS = {"label": "place", "value": "v", "low": "lo", "high": "hi"}
TREND = {"trend": "t", "trend_low": "tl", "trend_high": "th"}


def parsed(svg):
    return ET.fromstring(svg)  # noqa: S314 - our own drawing


@pytest.fixture
def dots():
    return pd.DataFrame(
        {
            "place": ["Aland", "N'Djamena <b> $5", "Celand", "Deland"],
            "v": [10.0, 20.0, 5.0, np.nan],
            "lo": [8.0, 15.0, np.nan, np.nan],
            "hi": [13.0, 26.0, np.nan, np.nan],
        }
    )


@pytest.fixture
def series():
    years = np.arange(2000, 2011)
    line = 100.0 - 2 * (years - 2000)
    frame = pd.DataFrame({"year": years, "v": line + 1, "t": line, "tl": line - 3, "th": line + 3})
    return frame[frame["year"] != 2005]  # a missing year


def texts(svg):
    return [t.text for t in parsed(svg).iter(f"{SVG}text")]


def test_interval_dots_write_numbers_and_say_what_is_missing(dots):
    said = texts(interval_dots(dots, **DOTS, unit="%", reference=12, reference_label="mean"))
    for word in ("10.0", "8.0 to 13.0", "N'Djamena <b> $5", "no interval", "no data", "mean", "%"):
        assert word in said
    order = [t for t in said if t in set(dots["place"])]
    assert order == ["N'Djamena <b> $5", "Aland", "Celand", "Deland"]


def test_series_keeps_a_missing_year_as_a_gap(series):
    svg = series_chart(series, year="year", value="v", **TREND, unit="mm per year", baseline=(2000, 2004))
    assert {"mm per year", "trend", "baseline"} <= set(texts(svg))
    drawn = [p.get("d") for p in parsed(svg).iter(f"{SVG}path") if "#10405f" in (p.get("style") or "")]
    line = next(d for d in drawn if d.count("L") > 5)
    assert line.count("M") == 2  # before and after 2005


def test_small_multiples_show_every_panel():
    frame = pd.DataFrame({"p": np.repeat(["A", "B", "C", "D", "E"], 3), "x": [1, 2, 3] * 5, "v": np.arange(15.0)})
    said = texts(small_multiples(frame, panel="p", x="x", value="v", unit="t C per ha", columns=3))
    assert {"A", "B", "C", "D", "E", "t C per ha"} <= set(said)


def test_forest_says_why_it_does_not_pool():
    frame = pd.DataFrame(
        {
            "study": ["S1", "S2"],
            "group": ["Drought", "Degradation"],
            "e": [0.1, 0.2],
            "lo": [0.0, 0.1],
            "hi": [0.2, 0.4],
        }
    )
    pooled = frame.iloc[[0]].assign(study="Pooled")
    note = "not pooled because the outcomes differ"
    names = {"study": "study", "estimate": "e", "low": "lo", "high": "hi", "group": "group"}
    svg = forest(frame, **names, notes={"Degradation": note}, pooled=pooled, unit="log odds")
    said = texts(svg)
    assert [t for t in said if t in {"S1", "S2", "Pooled"}] == ["S1", "Pooled", "S2"]
    assert {"Drought", "Degradation", note, "0.10", "0.00 to 0.20", "0.10 to 0.40"} <= set(said)


def test_waterfall_adds_up_or_is_refused():
    frame = pd.DataFrame({"l": ["Promised", "Unsigned", "Signed"], "a": [100.0, -40.0, 60.0], "t": [True, False, True]})
    said = texts(waterfall(frame, label="l", amount="a", total="t", unit="million USD"))
    assert {"100", "\u221240", "60", "million USD"} <= set(said)
    frame.loc[2, "a"] = 70.0
    with pytest.raises(DataError, match='total "Signed" is 70, the steps before it add up to 60'):
        waterfall(frame, label="l", amount="a", total="t")
    frame.loc[1, "a"] = np.nan
    with pytest.raises(DataError, match="1 entries of a are missing"):
        waterfall(frame, label="l", amount="a", total="t")


def test_tables_that_cannot_be_drawn_truly_are_refused(dots, series):
    with pytest.raises(DataError, match="needs column hi"):
        interval_dots(dots.drop(columns="hi"), **DOTS)
    with pytest.raises(DataError, match="no rows"):
        interval_dots(dots.iloc[:0], **DOTS)
    with pytest.raises(DataError, match="v 10 lies outside its interval 11 to 13"):
        interval_dots(dots.assign(lo=[11.0, 15, np.nan, np.nan]), **DOTS)
    with pytest.raises(DataError, match="2000 stands more than once"):
        series_chart(pd.concat([series, series.iloc[[0]]]), year="year", value="v")


def test_charts_repeat_need_nothing_and_share_no_ids(dots, series):
    first = interval_dots(dots, **DOTS, describe="Shares by place")
    second = series_chart(series, year="year", value="v", **TREND)
    assert first == interval_dots(dots, **DOTS, describe="Shares by place")
    assert 'role="img" aria-label="Shares by place"' in first
    for svg in (first, second):
        assert set(re.findall(r"https?://[^\s\"']+", svg)) == {"http://www.w3.org/2000/svg"}
        assert not re.search(r"<(script|style|metadata|foreignObject)|<\?xml|<!DOCTYPE", svg)
        assert "Noto Sans" in svg
        ids = set(re.findall(r' id="([^"]+)"', svg))
        assert set(re.findall(r'(?:url\(#|href="#)([^)"]+)', svg)) == ids
    assert not set(re.findall(r' id="([^"]+)"', first)) & set(re.findall(r' id="([^"]+)"', second))


def test_drawing_leaves_the_settings_of_the_caller_alone(dots):
    import matplotlib as mpl

    before = dict(mpl.rcParams)
    interval_dots(dots, **DOTS)
    assert dict(mpl.rcParams) == before


@settings(max_examples=10, deadline=None)
@given(st.lists(st.floats(-1e6, 1e6).map(lambda v: round(v, 2)), min_size=1, max_size=6))
def test_every_row_of_any_table_is_drawn(values):
    frame = pd.DataFrame({"place": [f"P{i}" for i in range(len(values))], "v": values, "lo": values, "hi": values})
    said = texts(interval_dots(frame, **DOTS))
    assert {f"P{i}" for i in range(len(values))} <= set(said)


def test_arabic_and_chinese_labels_are_kept_as_text():
    frame = pd.DataFrame({"place": ["النيجر", "尼日尔"], "v": [1.0, 2.0], "lo": [0.5, 1.0], "hi": [2.0, 3.0]})
    assert {"النيجر", "尼日尔"} <= set(texts(interval_dots(frame, **DOTS)))
