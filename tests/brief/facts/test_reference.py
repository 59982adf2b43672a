# SPDX-License-Identifier: Apache-2.0
"""Areas by reference plots in facts, terminal, page and brief: the same numbers, their intervals, and why there is none."""

from __future__ import annotations

import pandas as pd
import pytest

from homeground.brief.facts.assessed.reference import read_reference, reference_facts, whole
from homeground.brief.sections.reference import tables
from homeground.cli.reference_answers import reference_answers
from homeground.language.catalogues import LANGUAGES
from homeground.language.messages import say
from homeground.numbers.fact import Fact
from homeground.numbers.table_check import check
from homeground.running.tables.register import register
from homeground.study.opening import open_study

STATES = ("degraded", "stable", "improved")


def written(folder, *, single=False, together=False):
    """60, 30 and 10 thousand km2 mapped in the Gambia; by the plots 52 (48 to 56) thousand are degraded."""
    km2 = {"mapped_km2": [60e3, 30e3, 10e3], "estimated_km2": [52e3, 38e3, 10e3], "standard_error_km2": [2e3, 2e3, 1e3]}
    km2 |= {"estimated_km2_low": [48e3, 34e3, 8e3], "estimated_km2_high": [56e3, 42e3, 12e3]}
    shares = {"users_accuracy": [80.0, 90.0, 70.0], "producers_accuracy": [92.0, 71.0, 70.0]}
    shares |= {
        f"{name}_{end}": [v + d for v in values]
        for name, values in shares.items()
        for end, d in (("low", -7), ("high", 7))
    }
    counts = {"plots": [120, 60, 20], "seen_plots": [104, 76, 20]}
    areas = pd.DataFrame({"iso3": "GMB", "state": STATES, **km2, **shares, **counts, "unknown_because": None})
    if single:
        areas[[name for name in areas if name.endswith(("_low", "_high")) or "standard" in name]] = float("nan")
        areas["unknown_because"] = "one_plot"
    if together:
        areas = pd.concat([areas, areas.assign(iso3="", estimated_km2=areas["estimated_km2"] + 1e3)], ignore_index=True)
    areas = areas.astype({"unknown_because": "str"})
    matrix = pd.DataFrame(
        [
            ("GMB", a, b, n, n * 500.0)
            for a, b, n in (("degraded", "degraded", 96), ("degraded", "stable", 24), ("stable", "stable", 60))
        ],
        columns=["iso3", "state", "seen", "plots", "area_km2"],
    )
    for name, table in (("land_reference", areas), ("land_reference_matrix", matrix)):
        assert check(table, register()[f"{name}.parquet"].table) == []
        table.to_parquet(folder / f"{name}.parquet")
    return areas


@pytest.fixture
def study(tmp_path):
    (tmp_path / "plots.csv").write_text("longitude,latitude,year,seen\n", encoding="utf-8")
    text = 'title = "Made"\ncountries = ["GMB"]\n[data]\nreference_plots = "plots.csv"\n'
    (tmp_path / "study.toml").write_text(text, encoding="utf-8")
    return open_study(tmp_path)


def test_the_fact_is_what_was_estimated_with_its_interval(tmp_path, study):
    written(tmp_path)
    facts = {fact.key: fact for fact in reference_facts(tmp_path, study)}
    fact = facts["land_degraded_sampled"]
    assert (fact.value, fact.low, fact.high, fact.unit, fact.kind) == (52e3, 48e3, 56e3, "km2", "observed")
    assert fact.source == "plots.csv"
    assert facts["land_plots"].value == 200


def test_of_several_countries_the_sum_is_said(tmp_path, study):
    areas = written(tmp_path, together=True)
    assert whole(areas)["iso3"].tolist() == ["", "", ""]
    assert next(iter(reference_facts(tmp_path, study))).value == 53e3


def test_without_an_interval_the_fact_says_why_and_without_an_area_there_is_none(tmp_path, study):
    areas = written(tmp_path, single=True)
    fact = next(iter(reference_facts(tmp_path, study)))
    assert (fact.low, fact.no_interval) == (None, "why.one_plot")
    areas.assign(estimated_km2=float("nan"), unknown_because="no_plots").to_parquet(tmp_path / "land_reference.parquet")
    assert list(reference_facts(tmp_path, study)) == []


def test_without_plots_nothing_is_said(tmp_path, study):
    assert read_reference(tmp_path) is None
    assert list(reference_facts(tmp_path, study)) == []
    assert reference_answers(tmp_path) == []
    assert tables(tmp_path, study, "en") == ()


def test_the_terminal_prints_areas_accuracies_and_the_matrix(tmp_path):
    written(tmp_path)
    areas, matrix = reference_answers(tmp_path)
    shown = {" ".join(head): cells for head, cells in areas.columns}
    assert areas.rows == ["GMB Degraded", "GMB Stable", "GMB Improved"]
    assert shown["By the plots (km²)"] == ["52,000", "38,000", "10,000"]
    assert shown["confidence interval"] == ["48,000 to 56,000", "34,000 to 42,000", "8,000 to 12,000"]
    assert next(cells for head, cells in shown.items() if head.startswith("User"))[0] == "80 (73 to 87)"
    assert "95" in areas.mind
    assert matrix.rows == ["GMB Degraded", "GMB Stable"]
    assert {head[0]: cells for head, cells in matrix.columns} == {"Degraded": ["96", "0"], "Stable": ["24", "60"]}


def test_why_there_is_no_interval_stands_below(tmp_path):
    written(tmp_path, single=True)
    areas = reference_answers(tmp_path)[0]
    shown = {" ".join(head): cells for head, cells in areas.columns}
    assert shown["confidence interval"] == ["no data"] * 3
    assert "single plot" in areas.mind


@pytest.mark.parametrize("code", list(LANGUAGES))
def test_page_and_brief_say_it_in_every_language(tmp_path, study, code):
    written(tmp_path)
    areas, matrix = tables(tmp_path, study, code)
    assert areas.frame["estimated_km2"].tolist() == [52e3, 38e3, 10e3]
    assert areas.frame[["estimated_km2_low", "estimated_km2_high"]].iloc[0].tolist() == [48e3, 56e3]
    assert "95" in areas.note
    assert "plots.csv" in areas.note
    assert matrix.frame["plots"].sum() == 180
    facts = {fact.key: fact for fact in reference_facts(tmp_path, study)}
    mapped = Fact("land_degraded_area", 60e3, "km2", "a map", "modelled", "2023", low=30e3, high=61e3)
    text = say("body.land_sampled", facts | {"land_degraded_area": mapped}, code)
    assert {fact.key for fact in text.facts} == {"land_plots", "land_degraded_sampled", "land_degraded_area"}
