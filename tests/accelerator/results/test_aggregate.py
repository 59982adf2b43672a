# SPDX-License-Identifier: Apache-2.0
"""One way in which results become one number: hand-computed cases, and what must hold of any rows."""

from __future__ import annotations

import datetime
import math
import random
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from homeground.accelerator.results.aggregate import aggregate, indicator_issues
from homeground.errors import DataError

INDICATORS = pd.DataFrame(
    [
        ("restored", "restored", "ha", "unit", "sum", "restored", "outcome"),
        ("managed", "under management", "ha", "unit", "sum", "under management", "output"),
        ("survival", "plants alive", "%", "percentage", "weighted mean", "other", "outcome"),
        ("share", "share of women", "%", "percentage", "sum", "other", "output"),
        ("workers", "most workers at once", "people", "unit", "max", "people", "output"),
        ("sustained", "jobs sustained", "jobs", "unit", "latest", "other", "outcome"),
        ("mood", "what people say", "words", "qualitative", "not aggregable", "other", "outcome"),
    ],
    columns=["indicator", "title", "unit", "measure", "aggregation", "quantity", "reach"],
)


def row(name: str, value: float | None = None, **more: Any) -> dict[str, Any]:
    year = more.pop("year", 2020)
    plain: dict[str, Any] = {
        "actual": name, "indicator": "restored", "project": "P", "iso3": "NER", "place": None,
        "start": datetime.date(year, 1, 1), "end": datetime.date(year, 12, 31), "counting": "per period", "value": value,
        "weight": None, "words": None, "disaggregation": None, "state": "approved", "submitted_by": "editor",
        "approved_by": "focal point",
    }  # fmt: skip
    return plain | more


def one(rows: list[dict[str, Any]], **asked: Any) -> Any:
    table = aggregate(pd.DataFrame(rows), INDICATORS, **asked)
    assert len(table) == 1
    return table.iloc[0]


def test_periods_add_and_a_gap_is_told() -> None:
    found = one([row("a", 10.0, year=2018), row("b", 5.5, year=2020)])
    assert found["value"] == 15.5
    assert found["notes"] == "nothing told from 2019-01-01 to 2019-12-31"


def test_a_cumulative_number_is_its_last_and_not_the_sum() -> None:
    since = datetime.date(2018, 1, 1)
    rows = [
        row(str(y), v, year=y, counting="cumulative", start=since)
        for y, v in ((2018, 10.0), (2019, 25.0), (2020, 40.0))
    ]
    assert one(rows)["value"] == 40.0


def test_a_period_after_a_cumulative_number_is_added_one_within_is_not() -> None:
    since = datetime.date(2018, 1, 1)
    rows = [
        row("all", 40.0, year=2020, counting="cumulative", start=since),
        row("within", 7.0, year=2019),
        row("after", 3.0, year=2021),
    ]
    found = one(rows)
    assert found["value"] == 43.0
    assert found["notes"] == "within lies within all: not added"


def test_a_cumulative_number_that_falls_is_told() -> None:
    since = datetime.date(2018, 1, 1)
    rows = [
        row("x", 40.0, year=2019, counting="cumulative", start=since),
        row("y", 30.0, year=2020, counting="cumulative", start=since),
    ]
    found = one(rows)
    assert (found["value"], found["notes"]) == (30.0, "y falls from 40 to 30")


def test_within_days_a_cumulative_number_is_less_what_there_was_before() -> None:
    since = datetime.date(2018, 1, 1)
    rows = [
        row("x", 40.0, year=2019, counting="cumulative", start=since),
        row("y", 55.0, year=2020, counting="cumulative", start=since),
    ]
    asked = {"start": datetime.date(2020, 1, 1), "end": datetime.date(2020, 12, 31)}
    assert one(rows, **asked)["value"] == 15.0
    unknown = one(rows[1:], **asked)
    assert math.isnan(unknown["value"])
    assert "what there was by the day before 2020-01-01 is not told" in unknown["notes"]


def test_a_period_that_reaches_beyond_the_days_asked_for_is_not_cut() -> None:
    long = row("long", 24.0, start=datetime.date(2019, 7, 1), end=datetime.date(2020, 6, 30))
    found = one([long, row("short", 2.0)], start=datetime.date(2020, 1, 1), end=datetime.date(2020, 12, 31))
    assert (found["value"], found["notes"]) == (2.0, "long reaches beyond the days asked for: not added")


def test_the_same_days_twice_count_once_and_the_lower_where_they_differ() -> None:
    assert one([row("a", 10.0), row("b", 10.0)])["notes"] == "a, b tell of 2020-01-01 to 2020-12-31: counted once"
    found = one([row("a", 10.0), row("b", 12.0)])
    assert (found["value"], found["notes"]) == (10.0, "a, b tell of 2020-01-01 to 2020-12-31: the lower is taken")


def test_percentages_are_never_summed() -> None:
    rows = [row("a", 60.0, indicator="share"), row("b", 30.0, indicator="share", project="Q")]
    found = one(rows)
    assert math.isnan(found["value"])
    assert found["aggregation"] == "not aggregable"
    assert found["notes"].startswith("2 values of share of women cannot be made one")
    assert [issue.rule for issue in indicator_issues(INDICATORS)] == ["sum-of-percentages"]


def test_a_weighted_mean_weighs_and_has_none_without_weights() -> None:
    rows = [
        row("a", 60.0, indicator="survival", weight=1000.0),
        row("b", 30.0, indicator="survival", weight=500.0, project="Q"),
    ]
    assert one(rows)["value"] == 50.0  # (60 x 1000 + 30 x 500) / 1500
    rows[1]["weight"] = None
    found = one(rows)
    assert math.isnan(found["value"])
    assert found["notes"].startswith("no weight of b: no mean")


def test_max_latest_and_words() -> None:
    assert one([row("a", 60.0, indicator="workers"), row("b", 80.0, indicator="workers", project="Q")])["value"] == 80.0
    late = [row("a", 5.0, indicator="sustained"), row("b", 3.0, indicator="sustained", year=2021)]
    assert one(late)["value"] == 3.0
    assert math.isnan(one([*late, row("c", 9.0, indicator="sustained", project="Q")])["value"])
    assert math.isnan(one([row("a", None, indicator="mood", words="good")])["value"])


def test_parts_that_do_not_sum_are_flagged_and_not_made_to_fit() -> None:
    rows = [row("all", 100.0), row("w", 40.0, disaggregation="sex=women"), row("m", 50.0, disaggregation="sex=men")]
    found = one(rows)
    assert found["value"] == 100.0
    assert found["notes"] == "by sex men 50 + women 40 = 90 of 100: shown as told, not made to fit"
    by = aggregate(pd.DataFrame(rows), INDICATORS, by=("disaggregation",)).set_index("disaggregation")["value"]
    assert by.to_dict() == {"": 100.0, "sex=men": 50.0, "sex=women": 40.0}


def test_parts_without_a_whole_are_told_and_not_counted() -> None:
    found = one([row("w", 40.0, disaggregation="sex=women")])
    assert math.isnan(found["value"])
    assert found["notes"] == "told by sex only for 2020-01-01 to 2020-12-31, without a whole: not counted"


def test_places_are_part_of_their_project() -> None:
    rows = [row("all", 100.0), row("n", 60.0, place="north"), row("s", 30.0, place="south")]
    found = one(rows)
    assert (found["value"], found["notes"]) == (
        100.0,
        "by place north 60 + south 30 = 90 of 100: shown as told, not made to fit",
    )
    by = aggregate(pd.DataFrame(rows), INDICATORS, by=("place",)).set_index("place")["value"]
    assert by.to_dict() == {"north": 60.0, "south": 30.0}
    assert one(rows[1:])["value"] == 90.0


def test_a_part_counts_for_days_that_its_whole_does_not_tell_of() -> None:
    rows = [row("all", 100.0), row("n", 60.0, place="north"), row("later", 7.0, place="north", year=2021)]
    found = one(rows)
    assert (found["value"], found["actuals"]) == (107.0, "all later")
    assert "by place north 60 = 60 of 100" in found["notes"]
    by = aggregate(pd.DataFrame([*rows, row("before", 3.0, year=2019)]), INDICATORS, by=("place",)).set_index("place")[
        "value"
    ]
    assert by.to_dict() == {"": 3.0, "north": 67.0}
    links = pd.DataFrame({"project": ["C"], "relation": ["parent"], "other": ["P"]})
    child = [row("c", 30.0, project="C"), row("c2", 5.0, project="C", year=2021)]
    assert one([row("p", 100.0), *child], project_links=links)["value"] == 105.0
    own = [row("o", 900.0, project=None), row("o2", 11.0, project=None, year=2018)]
    found = one([row("p", 100.0), *own])
    assert found["value"] == 111.0
    assert "a country's own number, of no project" in found["notes"]


def test_countries_of_a_project_are_part_of_its_whole() -> None:
    rows = [row("all", 100.0, iso3=None), row("n", 60.0), row("m", 40.0, iso3="MLI")]
    assert one(rows)["value"] == 100.0
    by = aggregate(pd.DataFrame(rows), INDICATORS, by=("iso3",)).set_index("iso3")["value"]
    assert by.to_dict() == {"MLI": 40.0, "NER": 60.0}


def test_a_row_takes_its_country_from_its_place_or_its_project() -> None:
    rows = [
        row("a", 1.0, iso3=None, place="north"),
        row("b", 2.0, iso3=None, project="Q"),
        row("c", 4.0, iso3=None, project="R"),
    ]
    table = aggregate(
        pd.DataFrame(rows), INDICATORS, by=("iso3",), places=pd.DataFrame({"place": ["north"], "iso3": ["TCD"]}),
        project_countries=pd.DataFrame({"project": ["Q", "R", "R"], "iso3": ["SEN", "NER", "MLI"]}),
    )  # fmt: skip
    assert table.set_index("iso3")["value"].to_dict() == {"": 4.0, "SEN": 2.0, "TCD": 1.0}


def test_a_child_is_part_of_its_parent_also_across_a_level_and_in_a_circle() -> None:
    rows = [row("p", 100.0), row("c", 30.0, project="C"), row("g", 10.0, project="G")]
    links = pd.DataFrame({"project": ["C", "G"], "relation": ["parent", "parent"], "other": ["P", "C"]})
    found = one(rows, project_links=links)
    assert found["value"] == 100.0
    assert "C is part of it and tells 30 of its own: not added" in found["notes"]
    circle = pd.DataFrame({"project": ["P", "C"], "relation": ["parent", "parent"], "other": ["C", "P"]})
    assert one(rows[:2], project_links=circle)["value"] in (100.0, 30.0)


def test_by_country_a_child_counts_in_its_country_where_the_parent_names_none() -> None:
    """The 30 ha of C lie in Niger: Niger must not stand without them because a programme of several countries holds them."""
    rows = [
        row("a", 5.0, project="A", iso3="NER"),
        row("p", 100.0, iso3=None),
        row("m", 60.0, project="M", iso3=None),
        row("c", 30.0, project="C", iso3="NER"),
        row("d", 8.0, project="D", iso3="MLI"),
    ]
    links = pd.DataFrame({"project": ["M", "C", "D"], "relation": ["parent"] * 3, "other": ["P", "M", "P"]})
    table = aggregate(pd.DataFrame(rows), INDICATORS, by=("iso3",), project_links=links)
    assert table.set_index("iso3")["value"].to_dict() == {"NER": 35.0, "MLI": 8.0}
    assert one(rows, project_links=links)["value"] == 105.0
    stays = [
        row("p", 100.0, iso3="NER"),
        row("c", 30.0, project="C", iso3="NER"),
        row("d", 8.0, project="D", iso3="MLI"),
    ]
    table = aggregate(pd.DataFrame(stays), INDICATORS, by=("iso3",), project_links=links)
    assert table.set_index("iso3")["value"].to_dict() == {"NER": 70.0 + 30.0, "MLI": 8.0}


def test_a_countrys_own_number_does_not_join_those_of_projects() -> None:
    own = row("own", 5000.0, project=None)
    found = one([own, row("p", 100.0)])
    assert (found["value"], found["notes"]) == (100.0, "NER tells 5,000 as its own number: not added")
    alone = one([own])
    assert (alone["value"], alone["notes"]) == (5000.0, "a country's own number, of no project")


def test_restored_and_under_management_are_never_one_number() -> None:
    rows = [row("a", 10.0), row("b", 90.0, indicator="managed")]
    table = aggregate(pd.DataFrame(rows), INDICATORS)
    assert table.set_index("quantity")["value"].to_dict() == {"restored": 10.0, "under management": 90.0}


@pytest.mark.parametrize(
    ("change", "counts"),
    [({"state": "pending"}, 0), ({"state": "draft"}, 0), ({"state": "returned"}, 0), ({"approved_by": " Editor"}, 0),
     ({"approved_by": None}, 0), ({"submitted_by": None}, 0), ({}, 1)],
)  # fmt: skip
def test_only_what_another_role_approved_counts(change: dict[str, Any], counts: int) -> None:
    assert len(aggregate(pd.DataFrame([row("a", 10.0) | change]), INDICATORS)) == counts


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(DataError, match="not declared: trees"):
        aggregate(pd.DataFrame([row("a", 1.0, indicator="trees")]), INDICATORS)
    with pytest.raises(DataError, match="cannot be parted by colour"):
        aggregate(pd.DataFrame([row("a", 1.0)]), INDICATORS, by=("colour",))


def test_of_nothing_there_is_nothing() -> None:
    assert aggregate(pd.DataFrame(columns=list(row("a"))), INDICATORS).empty


YEARS = st.integers(2015, 2024)
VALUES = st.floats(0, 1e7, allow_nan=False).map(lambda v: round(v, 3))


@st.composite
def told(draw: Any) -> list[dict[str, Any]]:
    rows = []
    for at in range(draw(st.integers(1, 14))):
        year = draw(YEARS)
        cumulative = draw(st.booleans())
        rows.append(row(
            f"r{at}", draw(VALUES), year=year, project=draw(st.sampled_from(["P", "Q", None])),
            iso3=draw(st.sampled_from(["NER", "MLI", None])), place=draw(st.sampled_from([None, None, "north"])),
            counting="cumulative" if cumulative else "per period",
            start=datetime.date(2015 if cumulative else year, 1, 1),
            disaggregation=draw(st.sampled_from([None, None, "sex=women", "sex=men"])),
            indicator=draw(st.sampled_from(list(INDICATORS["indicator"]))), weight=draw(st.sampled_from([None, 1.0, 3.0])),
            state=draw(st.sampled_from(["approved", "approved", "pending"])),
        ))  # fmt: skip
    return rows


@settings(max_examples=40)
@given(told(), st.sampled_from([(), ("iso3",), ("project",), ("iso3", "place"), ("disaggregation",)]), st.randoms())
def test_the_order_of_rows_changes_nothing(
    rows: list[dict[str, Any]], by: tuple[str, ...], chance: random.Random
) -> None:
    links = pd.DataFrame({"project": ["Q"], "relation": ["parent"], "other": ["P"]})
    first = aggregate(pd.DataFrame(rows), INDICATORS, by=by, project_links=links)
    mixed = rows.copy()
    chance.shuffle(mixed)
    again = aggregate(pd.DataFrame(mixed), INDICATORS, by=by, project_links=links)
    pd.testing.assert_frame_equal(first, again, check_exact=True)


@settings(max_examples=40)
@given(told())
def test_rows_that_do_not_count_change_nothing(rows: list[dict[str, Any]]) -> None:
    alone = aggregate(pd.DataFrame(rows), INDICATORS)
    more = [
        row(f"x{at}", 1e6, year=2015 + at, state=state) for at, state in enumerate(("draft", "pending", "returned"))
    ]
    pd.testing.assert_frame_equal(alone, aggregate(pd.DataFrame([*rows, *more]), INDICATORS), check_exact=True)


@given(st.lists(VALUES, min_size=1, max_size=10), st.lists(VALUES, min_size=1, max_size=10))
def test_countries_sum_to_the_whole(ours: list[float], theirs: list[float]) -> None:
    rows = [row(f"n{y}", v, year=2000 + y) for y, v in enumerate(ours)]
    rows += [row(f"m{y}", v, year=2000 + y, project="Q", iso3="MLI") for y, v in enumerate(theirs)]
    by = aggregate(pd.DataFrame(rows), INDICATORS, by=("iso3",)).set_index("iso3")["value"]
    assert by["NER"] == pytest.approx(math.fsum(ours))
    assert one(rows)["value"] == pytest.approx(math.fsum(by), rel=1e-12)


@given(st.lists(st.tuples(VALUES, st.floats(0.001, 1e6)), min_size=1, max_size=8))
def test_a_mean_lies_between_its_values(pairs: list[tuple[float, float]]) -> None:
    rows = [row(f"s{at}", v, indicator="survival", weight=w, project=f"P{at}") for at, (v, w) in enumerate(pairs)]
    value = one(rows)["value"]
    values = [v for v, _ in pairs]
    assert min(values) - 1e-6 <= value <= max(values) + 1e-6
