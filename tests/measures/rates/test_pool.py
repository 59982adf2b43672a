# SPDX-License-Identifier: Apache-2.0
"""Whose records serve, and what they give together: worked by hand on made records."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from homeground.measures.near import Near, nearest
from homeground.measures.rates.pool import ONE, OWN, pool, pooled_at, trail_row
from homeground.measures.rates.records import read_records


def record(place, mid, low=None, high=None, quality=2, parameter="establishment_cost", measure="pits", **more):
    ends = {"low": mid if low is None else low, "mid": mid, "high": mid if high is None else high}
    same = {"unit": "USD/ha", "labour": math.nan, "price_year": "2023", "source": f"of {place}", "kind": "published"}
    same["licence"] = "own"
    return {"measure": measure, "parameter": parameter, "place": place, **ends, "quality": quality, **same, **more}


def at(iso3, *rows, parameter="establishment_cost"):
    return pooled_at(pd.DataFrame(rows), [iso3])[iso3, "pits", parameter]


def test_median_least_and_greatest_with_the_weakest_grade():
    rows = [record("NER", 10.0, 8.0, 15.0), record("NER", 40.0, quality=4), record("NER", 20.0, 5.0, 21.0)]
    one = at("NER", *rows)
    assert one.ends == (5.0, 20.0, 40.0)
    assert (one.quality, one.how, one.places, len(one.records), one.note) == (4.0, "country", ("NER",), 3, "")


def test_an_even_number_has_the_mean_of_the_middle_two():
    assert at("NER", *(record("NER", mid) for mid in (1.0, 2.0, 4.0, 100.0))).ends == (1.0, 3.0, 100.0)


def test_the_nearest_ring_serves_alone_and_what_is_borrowed_is_graded_down():
    rows = [record("BFA", 10.0, quality=1), record("SEN", 20.0, quality=1), record("TJK", 30.0, quality=1)]
    assert at("BFA", *rows)[1:4] == (1.0, "country", ("BFA",))
    assert at("NER", *rows)[1:4] == (3.0, "neighbour", ("BFA",))
    assert at("TCD", *rows)[1:4] == (3.0, "zone", ("BFA", "SEN"))
    assert at("SRB", *rows)[1:4] == (4.0, "world", ("BFA", "SEN", "TJK"))
    assert at("SRB", *rows).ends == (10.0, 20.0, 30.0)
    assert at("NER", record("BFA", 10.0, quality=4)).quality == 4.0  # borrowing makes nothing better


@pytest.mark.parametrize("parameter", ["yield_gain", "soil_carbon_rate", "biomass_carbon_rate"])
def test_a_yield_or_a_rate_of_another_zone_is_absent(parameter):
    rows = [record("NER", 10.0, parameter=parameter)]
    assert at("BFA", *rows, parameter=parameter).how == "neighbour"
    nothing = at("SRB", *rows, parameter=parameter)
    assert nothing.how == "none"
    assert all(math.isnan(end) for end in (*nothing.ends, nothing.quality))
    # A figure of the whole world is of no other zone, and a default of no zone at all.
    assert at("SRB", *rows, record("world", 5.0, parameter=parameter), parameter=parameter)[1:3] == (4.0, "world")
    default = record("world", 5.0, quality=5, kind="default", parameter=parameter)
    assert at("SRB", *rows, default, parameter=parameter)[1:3] == (5.0, "default")


def test_a_default_serves_only_where_no_record_does():
    default = record("world", 99.0, 50.0, 150.0, quality=5, kind="default")
    assert at("SRB", record("NER", 10.0), default).ends[1] == 10.0
    assert at("SRB", default).ends == (50.0, 99.0, 150.0)


def test_one_value_is_half_to_double_and_told():
    one = at("NER", record("NER", 10.0))
    assert (one.ends, one.note) == ((5.0, 10.0, 20.0), ONE)
    assert at("NER", record("NER", 10.0, 9.0, 12.0)).ends == (9.0, 10.0, 12.0)
    share = pool([record("NER", 0.8, unit="1")], nearest(["NER"], "NER"))
    assert share.ends == (0.4, 0.8, 1.0)
    assert pool([record("NER", -10.0)], nearest(["NER"], "NER")).ends == (-20.0, -10.0, -5.0)


def test_own_rows_serve_everywhere():
    rows = [record(OWN, 7.0, 6.0, 8.0, quality=5)]
    assert at("SRB", *rows)[:3] == ((6.0, 7.0, 8.0), 5.0, OWN)


def test_the_trail_says_how_many_and_that_a_year_is_not_stated():
    rows = [record("BFA", 10.0), record("BFA", 30.0, price_year="not stated")]
    told = trail_row("NER", "pits", "establishment_cost", at("NER", *rows), "USD/ha")
    assert (told["from"], told["n"], told["how"], told["price_year"]) == ("BFA", 2, "neighbour", "not stated")
    assert told["source"] == "of BFA"


@settings(deadline=None, max_examples=50)
@given(st.lists(st.floats(0.1, 1e6), min_size=2, max_size=9))
def test_order_of_records_says_nothing_and_the_middle_lies_between(values):
    rows = [record("NER", value) for value in values]
    here = Near(("NER",), "country")
    one = pool(rows, here)
    assert one.ends == pool(rows[::-1], here).ends
    assert one.ends[0] <= one.ends[1] <= one.ends[2]


def test_every_record_has_a_source_a_place_and_a_grade():
    table = read_records()
    zones = {"sahel", "horn", "east_africa", "southern_africa", "world"}
    for name in ("source", "licence", "unit", "kind", "place"):
        assert table[name].notna().all(), name
    assert all(place in zones or (len(place) == 3 and place.isupper()) for place in table["place"])
    assert ((table["quality"] == 5) == (table["kind"] == "default")).all()
    assert (table["low"] <= table["mid"]).all()
    assert (table["mid"] <= table["high"]).all()
    paid = table["labour"].notna()
    assert (table.loc[paid, "labour"] <= table.loc[paid, "mid"]).all()
    money = table["unit"].str.startswith("USD")
    assert set(table.loc[money, "price_year"]) == {"2023", "not stated"}
    assert (table.loc[money & (table["price_year"] == "not stated"), "quality"] >= 3).all()
    text = table.to_csv().lower()
    assert "drawdown" not in text
    assert "by-nc" not in text


def test_defaults_that_can_never_serve_are_not_shipped():
    table = read_records()
    seen = set(map(tuple, table.loc[table["kind"] != "default", ["measure", "parameter"]].to_numpy()))
    local = {"wage", "yield_gain", "soil_carbon_rate", "biomass_carbon_rate"}
    for row in table[table["kind"] == "default"].itertuples():
        assert (row.measure, row.parameter) not in seen or row.parameter in local
