# SPDX-License-Identifier: Apache-2.0
"""The list of counts of people is whole: whatever a results table counts in persons stands in it with its reason."""

from __future__ import annotations

import re

import pytest

from homeground.catalogue.columns import columns
from homeground.errors import DataError
from homeground.numbers.counts import WAYS, count_of, counts_of_people, limits_of
from homeground.running.tables import REGIONS
from homeground.running.tables.register import register

LISTED = {(count.table, count.column) for count in counts_of_people()}


def test_every_row_has_a_way_and_a_reason():
    for count in counts_of_people():
        assert count.way in WAYS
        assert len(count.why) > 10
        assert (count.limits is None) == (count.way == "worked out")
        assert (count.publisher != "") == (count.way == "published")
        if count.way in ("gate", "part"):
            assert count.limits == {"threshold": 10, "round_to": 5}
        if count.way == "published":
            assert count.limits["round_to"] == 1  # unrounded
    keys = [(count.table, count.column, count.what, count.publisher) for count in counts_of_people()]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize("part", ["people", "evidence"])
def test_every_published_column_of_persons_by_region_is_listed(part):
    persons = {c.column for c in columns(part) if c.unit in ("persons", "people", "persons/km2")}
    persons |= {c.column for c in columns(part) if c.unit == "%" and "people" in c.title.lower()}
    assert persons
    assert {(f"regions/{part}.parquet", name) for name in persons} <= LISTED


def test_no_other_part_publishes_persons_by_region():
    for part in ("land", "measures", "finance", "risk"):
        assert not [c.column for c in columns(part) if re.search(r"\bpersons?\b(?!-days)|\bpeople\b", c.unit)]


def test_every_column_of_persons_that_steps_hand_each_other_is_listed():
    persons = {
        (path, column.column)
        for path, handed in register().items()
        if path != REGIONS  # the tables by region joined
        for column in handed.table.columns
        if column.unit in ("persons", "people", "persons/km2") and column.column not in ("low", "high")
    }
    ends = {(path, end) for path, name in persons for end in (f"{name}_low", f"{name}_high")}  # pass with their count
    assert ("flows.parquet", "people") in persons
    assert persons - ends <= LISTED


def test_every_indicator_of_persons_in_the_figures_is_listed_with_its_publisher():
    from homeground.catalogue import figures

    listed = {count.what: count for count in counts_of_people() if count.table == "people_countries.parquet"}
    for name in ("net_migration", "displacement"):
        rows = figures.load(name)
        for indicator, source in set(zip(rows["indicator"], rows["source"], strict=True)):
            if (rows.loc[rows["indicator"] == indicator, "unit"] == "persons").all():
                assert listed[indicator].way == "published"
                assert listed[indicator].publisher in source


def test_a_count_is_public_only_under_the_name_of_who_publishes_it():
    assert count_of("flows.parquet", "people", source="UNHCR Refugee Data Finder").way == "published"
    assert count_of("flows.parquet", "people", source="own survey").way == "gate"
    assert count_of("flows.parquet", "people").way == "gate"
    assert count_of("people_countries.parquet", "value", "idps_idmc", "IDMC via UNHCR").way == "published"
    assert count_of("people_countries.parquet", "value", "idps_idmc", "ministry").way == "gate"
    assert count_of("people_countries.parquet", "value", "nomads", "UN WPP 2024").way == "gate"


def test_a_column_in_no_list_is_refused():
    with pytest.raises(DataError, match=r"herders of regions/people.parquet is in no list"):
        count_of("regions/people.parquet", "herders")
    with pytest.raises(DataError, match="worked out from counts that passed the gate"):
        limits_of("regions/people.parquet", "people_density")
