# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from homeground.brief.drawing.classes import NO_DATA, class_edges, classify, palette, refuse_traffic_light
from homeground.errors import DataError
from homeground.language.figures import write_number

NUMBERS = st.lists(st.floats(-1e6, 1e6).map(lambda v: round(v, 3)), min_size=1, max_size=60)


@pytest.mark.parametrize(
    ("value", "decimals", "language", "written"),
    [
        (1234567.0, 0, "en", "1,234,567"),
        (1234567.0, 0, "fr", "1\u202f234\u202f567"),
        (-0.04, 1, "en", "0.0"),
        (-3.25, 2, "ru", "\u22123,25"),
        (0.5, 1, "ar", "0.5"),
    ],
)
def test_numbers_are_written_as_people_read_them(value, decimals, language, written):
    assert write_number(value, decimals, language) == written


@given(NUMBERS, st.booleans())
def test_edges_rise_and_hold_every_value(values, diverging):
    edges, _ = class_edges(np.array(values), diverging=diverging)
    assert edges[0] <= min(values)
    assert max(values) <= edges[-1]
    rising = np.diff(edges)
    assert (rising > 0).all() or len(set(values)) == 1
    assert len(edges) <= 12


@settings(deadline=None)  # the first call imports the palettes
@given(NUMBERS, st.integers(0, 5))
def test_legend_counts_every_region_once(values, gaps):
    made = classify(pd.Series([*values, *[np.nan] * gaps]))
    assert sum(entry.regions for entry in made.entries) == len(values) + gaps
    assert len(made.fills) == len(values) + gaps
    assert [entry.regions for entry in made.entries if entry.colour == NO_DATA] == ([gaps] if gaps else [])


def test_one_far_value_does_not_swallow_the_rest():
    values = np.array([1.0, 2, 3, 4, 5, 6, 7, 8, 9, 1000])
    edges, method = class_edges(values)
    assert method == "equal_counts"
    assert np.histogram(values, edges)[0].max() <= 3


def test_diverging_classes_are_symmetric_about_the_centre():
    edges, _ = class_edges(np.array([0.4, 1.3, 1.9]), diverging=True, centre=1.0)
    assert np.allclose(np.array(edges) - 1.0, -(np.array(edges) - 1.0)[::-1])
    assert 1.0 in edges


def test_amounts_are_summed_by_class():
    made = classify(pd.Series([1.0, 3.0, np.nan]), edges=[0, 2, 4], amounts=pd.Series([10.0, 20.0, 40.0]))
    assert [(e.label, e.regions, e.amount) for e in made.entries] == [
        ("0 to 2", 1, 10.0), ("2 to 4", 1, 20.0), ("no data", 1, 40.0)
    ]  # fmt: skip


def test_a_value_on_the_border_of_two_classes_belongs_to_the_upper_and_the_top_to_the_last():
    made = classify(pd.Series([2.0, 4.0, 0.0]), edges=[0, 2, 4])
    assert [e.regions for e in made.entries] == [1, 2]


def test_values_outside_given_borders_are_refused():
    with pytest.raises(DataError, match="outside the class borders 0 to 4"):
        classify(pd.Series([5.0]), edges=[0, 2, 4])


def test_unknown_class_unknown_kind_and_missing_classes_are_refused():
    with pytest.raises(DataError, match="humid"):
        classify(pd.Series(["humid"]), kind="classes", classes={"arid": ""})
    with pytest.raises(DataError, match="ordered mapping"):
        classify(pd.Series(["humid"]), kind="classes")
    with pytest.raises(DataError, match="rainbow"):
        classify(pd.Series([1.0]), kind="rainbow")


def test_red_and_green_together_are_refused_but_not_alone():
    with pytest.raises(DataError, match="red and green"):
        classify(pd.Series(["bad"]), kind="classes", classes={"good": "#1a9641", "bad": "#d7191c"})
    refuse_traffic_light(["#d7191c", "#2c7bb6"])


# The ends and middles of ColorBrewer RdYlGn and of common traffic lights: no palette of ours may come near them.
TRAFFIC = ("#d7191c", "#fdae61", "#ffffbf", "#a6d96a", "#1a9641", "#ff0000", "#ffbf00", "#ffa500", "#008000", "#00ff00")


@pytest.mark.parametrize("name", ["lajolla", "batlow", "vik"])
@pytest.mark.parametrize("n", range(1, 10))
def test_palettes_are_never_red_amber_green(name, n):
    colours = palette(name, n)
    assert len(set(colours)) == n
    assert not set(colours) & set(TRAFFIC)
    refuse_traffic_light(colours)


def test_sequential_palettes_darken_all_the_way():
    for name in ("lajolla", "batlow"):
        light = [np.dot([int(c[i : i + 2], 16) for i in (1, 3, 5)], [0.2126, 0.7152, 0.0722]) for c in palette(name, 7)]
        assert (np.diff(light) < 0).all()


def test_everything_missing_is_all_grey():
    made = classify(pd.Series([np.nan, np.nan]))
    assert made.fills == (NO_DATA, NO_DATA)
    assert made.method == "no values"


def test_values_that_differ_by_rounding_alone_are_one_class():
    made = classify(pd.Series([100.0, 100.00000000000001, 100.0]))
    assert [(e.label, e.regions) for e in made.entries] == [("100", 3)]


@given(st.lists(st.integers(0, 10**6), min_size=60, max_size=200, unique=True))
def test_classes_hold_about_equal_numbers_of_regions_that_differ(values):
    edges, method = class_edges(np.array(values, dtype=float))
    assert method == "equal_counts"
    assert np.histogram(values, edges)[0].max() <= 0.4 * len(
        values
    )  # a sixth, and what the rounding of both borders adds


def test_a_map_whose_values_are_mostly_the_same_keeps_its_differences():
    edges, _ = class_edges(np.array([0.0] * 50 + [3.0, 8.0, 20.0, 44.0, 60.0, 71.0]))
    assert edges == [0.0, 20.0, 40.0, 60.0, 80.0]
