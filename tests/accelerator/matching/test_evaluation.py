# SPDX-License-Identifier: Apache-2.0
"""Who funds or implements a hidden activity: on a made world, by hand, and on real files beside popularity and chance."""

from __future__ import annotations

import gzip
import io

import pandas as pd
import pytest
from benchmarks.matching import made, read_activities

from homeground.accelerator.matching.evaluation import hide_one, summary

FILES = {
    "accelerator/activities/dportal_covid.xml.gz": ("funding", "implementing"),
    "accelerator/activities/okfn_CAF-ActivityFile-2025-10-10.xml.gz": ("implementing",),
}
FLAT = "accelerator/activities/UNHCR-Activities-2023.xml.gz"


def world(*rows: tuple[str, str, str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    activities = [
        {"activity": name, "countries": [country], "purposes": [], "text": "", "amount": 0.0, "currency": ""}
        for name, country, _ in rows
    ]
    return pd.DataFrame(activities).drop_duplicates("activity"), pd.DataFrame(
        {"activity": [name for name, _, _ in rows], "organisation": [org for _, _, org in rows]}
    )


def test_ranks_worked_out_by_hand():
    # X works in the Niger twice and Z once; Y in Senegal three times.
    found = hide_one(
        *world(("a", "NER", "X"), ("b", "NER", "X"), ("c", "SEN", "Y"), ("d", "SEN", "Y"), ("e", "SEN", "Y"), ("f", "NER", "Z")),
        weights={"geography": 1.0},
    )  # fmt: skip
    row = found.set_index(["activity", "organisation"]).loc[("a", "X")]
    assert row["candidates"] == 3
    # X without a still works in the Niger, and so does Z: two are alike, Y is behind.
    assert row["fit_reciprocal"] == pytest.approx((1 + 1 / 2) / 2)
    # By number of activities Y (3) is ahead; X without a (1) and Z (1) are alike.
    assert row["popularity_reciprocal"] == pytest.approx((1 / 2 + 1 / 3) / 2)
    assert row["random_reciprocal"] == pytest.approx((1 + 1 / 2 + 1 / 3) / 3)
    assert "f" not in set(found["activity"])  # Z has no other activity to be described by


def test_the_hidden_activity_itself_tells_nothing():
    # X works in the Niger only in the hidden activity: without it nothing says so, and Y, which works there, is ahead.
    found = hide_one(
        *world(("a", "NER", "X"), ("b", "SEN", "X"), ("c", "NER", "Y"), ("d", "NER", "Y")), weights={"geography": 1.0}
    )
    row = found.set_index(["activity", "organisation"]).loc[("a", "X")]
    assert row["fit_reciprocal"] == 0.5


def test_fits_find_links_of_a_made_world_that_chance_does_not():
    told = summary(hide_one(*made()))
    assert told["fit_hit"] > 5 * told["random_hit"]
    assert told["fit_reciprocal"] > told["popularity_reciprocal"]


def test_links_without_any_pattern_are_found_no_better_than_by_chance():
    activities, links = made()
    shuffled = links.assign(organisation=links["organisation"].sample(frac=1.0, random_state=7).to_numpy())
    told = summary(hide_one(activities, shuffled))
    assert told["fit_hit"] < 2 * told["random_hit"]


def test_the_small_reader_takes_what_the_fits_need():
    said = b"""<iati-activities version="2.03"><iati-activity default-currency="EUR">
    <iati-identifier> A-1 </iati-identifier><reporting-org ref="A"><narrative>Aid</narrative></reporting-org>
    <title><narrative>Trees</narrative></title><participating-org ref="A" role="1"/><participating-org ref="B" role="1"/>
    <participating-org role="4"><narrative>Union of  Herders</narrative></participating-org>
    <recipient-country code="NE"/><sector vocabulary="1" code="31220"/><sector vocabulary="99" code="7"/>
    <transaction><transaction-type code="2"/><value>100</value></transaction>
    <transaction><transaction-type code="3"/><value>40</value></transaction></iati-activity></iati-activities>"""
    activities, links = read_activities(io.BytesIO(said))
    assert activities.to_dict("records") == [
        {
            "activity": "A-1",
            "countries": ["NER"],
            "purposes": ["31220"],
            "text": "Trees",
            "amount": 100.0,
            "currency": "EUR",
        }
    ]
    assert links.values.tolist() == [["A-1", "B", "funding"], ["A-1", "union of herders", "implementing"]]


@pytest.mark.parametrize(("file", "role"), [(file, role) for file, roles in FILES.items() for role in roles])
def test_fits_find_more_hidden_links_of_real_files_than_popularity(file, role, shared_data):
    with gzip.open(shared_data / file) as opened:
        activities, links = read_activities(opened)
    told = summary(hide_one(activities, links[links["role"] == role]))
    assert told["links"] > 200
    assert told["fit_hit"] > told["popularity_hit"] > told["random_hit"]
    assert told["fit_reciprocal"] > told["popularity_reciprocal"]


def test_where_everybody_funds_everything_popularity_is_far_ahead(shared_data):
    with gzip.open(shared_data / FLAT) as opened:
        activities, links = read_activities(opened)
    funding = links[links["role"] == "funding"]
    told = summary(hide_one(activities, funding))
    assert told["popularity_hit"] > 0.5 > told["fit_hit"]
    # Why: ten or more organisations pay into nearly all activities, and no country stands in two of them.
    assert (funding.groupby("organisation").size() > 0.9 * len(activities)).sum() >= 10
    assert activities["countries"].explode().dropna().is_unique
