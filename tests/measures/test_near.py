# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import csv
from importlib import resources

import pytest

from homeground.errors import DataError
from homeground.measures.near import nearest, zone_of


def rows():
    with resources.files("homeground.measures").joinpath("zones.csv").open(encoding="utf-8") as file:
        return {row["iso3"]: row for row in csv.DictReader(file)}


def test_neighbours_are_neighbours_of_each_other():
    table = rows()
    for iso3, row in table.items():
        for other in row["neighbours"].split():
            assert iso3 in table[other]["neighbours"].split(), (iso3, other)


def test_the_nearest_ring_that_holds_a_figure_serves():
    assert nearest(["NER", "BFA"], "NER") == (("NER",), "country")
    assert nearest(["MLI", "BFA", "SEN"], "NER") == (("BFA", "MLI"), "neighbour")
    assert nearest(["SEN", "GMB"], "TCD") == (("GMB", "SEN"), "zone")
    assert nearest(["sahel", "TJK"], "TCD") == (("sahel",), "zone")
    assert nearest(["TJK", "world"], "TCD") == (("TJK", "world"), "world")


def test_a_border_with_another_zone_makes_no_neighbour():
    assert "SDN" in rows()["ETH"]["neighbours"]
    assert zone_of("SDN") != zone_of("ETH")
    assert nearest(["SDN"], "ETH", furthest="zone").how == "none"


def test_nothing_of_niger_serves_serbia_but_as_the_world():
    assert nearest(["NER", "BFA", "sahel"], "SRB", furthest="zone") == ((), "none")
    assert nearest(["NER"], "SRB") == (("NER",), "world")


def test_a_country_in_no_zone_has_only_itself_and_the_world():
    assert nearest(["FRA", "NER"], "ISL").how == "world"
    assert nearest(["NER"], "ISL", furthest="zone").how == "none"


def test_an_unknown_ring_is_named():
    with pytest.raises(DataError, match="continent"):
        nearest(["NER"], "NER", furthest="continent")
