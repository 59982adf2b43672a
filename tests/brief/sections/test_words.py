# SPDX-License-Identifier: Apache-2.0
"""Every code and word that the package's own tables may put on the page has a message: none is shown as it is stored."""

from __future__ import annotations

import csv
from pathlib import Path

import pandas as pd
import pytest

import homeground
from homeground.brief.sections.people import AGES, DISPLACED
from homeground.catalogue import figures
from homeground.catalogue.columns import columns
from homeground.evidence.effects import METRICS
from homeground.finance.internal_rates import internal_rates
from homeground.finance.sources import CLASSES, STATUSES
from homeground.language.languages import LANGUAGES
from homeground.language.messages import known
from homeground.language.wording import named, slug, unit_name
from homeground.numbers.fact import KINDS

PACKAGE = Path(homeground.__file__).parent
AS_IT_STANDS = {"%", "1"}  # units that need no words
STAGES = ("land", "people", "evidence", "measures", "finance", "risk")


def column(path: str, name: str) -> set[str]:
    with (PACKAGE / path).open(encoding="utf-8", newline="") as file:
        return {row[name] for row in csv.DictReader(file) if row[name]}


def effects(name: str) -> set[str]:
    return column("catalogue/figures/effects.csv", name)


@pytest.mark.parametrize(
    ("prefix", "words"),
    [
        ("driver", effects("driver")),
        ("outcome", effects("outcome")),
        ("contrast", effects("contrast")),
        ("metric", set(METRICS)),
        ("moderator", effects("moderator")),
        ("place", effects("place") | column("catalogue/figures/cited_facts.csv", "place")),
        ("measure", column("measures/options.csv", "measure")),
        ("money", {*CLASSES, *STATUSES, "not committed", "all donors"}),
        ("kind", set(KINDS)),
        ("column.people", {*DISPLACED, *AGES}),
        ("rule", {"women", "youth", "country_floor", "budget"}),
        ("series", {"rain, November and December", "NDVI, yearly mean"}),
        ("method", {"as it lies", "mode", "nearest", "average", "bilinear"}),
    ],
)
def test_words_of_tables_are_messages(prefix, words):
    assert [word for word in sorted(words) if not known(f"{prefix}.{slug(word)}")] == []


def test_units_of_columns_and_of_figures_have_words():
    units = {c.unit for stage in STAGES for c in columns(stage)}
    large = {c.unit for stage in STAGES for c in columns(stage) if c.total == "sum" and c.decimals == 0}
    wall = figures.load("cited_facts")
    wall = wall[
        (wall["place"] == "Great Green Wall") & wall["indicator"].str.startswith(("restored", "target", "carbon"))
    ]
    units |= {f"million {unit}" for unit in large} - {"million places"} | set(wall["unit"])
    units |= set(figures.load("remittances")["unit"])
    assert [unit for unit in sorted(units - AS_IT_STANDS) if not known(f"unit.name.{slug(unit)}")] == []
    assert [i for i in sorted(set(wall["indicator"])) if not known(f"indicator.{i}")] == []
    assert unit_name("%", "fr") == "%"


def test_definitions_of_remittances_are_messages():
    rows = pd.concat([figures.load("remittances"), figures.load("cited_facts")])
    rows = rows[rows["indicator"].str.startswith("remittances_received")]
    assert [note for note in rows["note"].unique() if note and not known(f"definition.{slug(note)}")] == []


@pytest.mark.parametrize("flows", [[-1.0, -1.0], [1.0, 1.0], [0.0, 0.0], [1.0, -1.0, 1.0], [-1.0, 1.0, -1.0]])
def test_why_there_is_no_internal_rate_is_said_in_the_language(flows):
    reason = internal_rates(flows).reason
    assert reason
    assert known(f"irr.{slug(reason)}")


@pytest.mark.parametrize("code", list(LANGUAGES))
def test_a_users_own_word_stands_as_it_is(code):
    assert named("driver", "locusts of the south", code) == "locusts of the south"
    assert unit_name("bushel", code) == "bushel"
