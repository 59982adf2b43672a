# SPDX-License-Identifier: Apache-2.0
"""Which projects SO5 counts: the first rule that says something, the Party before all; what is left out stands with its reason."""

from __future__ import annotations

import datetime
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from homeground.accelerator.exports.so5.form import so5, write_so5
from homeground.accelerator.exports.so5.placing import passed_on, placed_payments
from homeground.accelerator.exports.so5.relevance import ANY, CROSSWALK, relevance, relevance_rules
from homeground.accelerator.registry.declared import registry_tables
from homeground.accelerator.registry.given import empty_tables

PROJECT = {"projects": pd.DataFrame({"project": ["p"], "title": ["Land"], "portfolio": [None]})}


def table(**columns: object) -> pd.DataFrame:
    return pd.DataFrame({"project": ["p"], **{name: [value] for name, value in columns.items()}})


def reporting(**columns: object) -> pd.DataFrame:
    return table(**({"relevant": None, "support": None} | columns))


MARKER = {n: {"project_markers": table(marker="8", significance=n)} for n in range(4)}
PURPOSE = {"project_sectors": table(vocabulary="1", code="31130", share=None)}  # agricultural land resources
LAND = {"project_pillars": table(pillar=2, share=20.0)}
SOLAR = {"project_pillars": table(pillar=3, share=100.0)}
WALL = {"projects": pd.DataFrame({"project": ["p"], "title": ["Land"], "portfolio": ["one-planet-summit"]})}


@pytest.mark.parametrize(
    ("known", "relevant", "rule", "support"),
    [
        (MARKER[2], True, "desertification marker", "principal"),
        (MARKER[3], True, "desertification marker", "principal"),
        (MARKER[1], True, "desertification marker", "significant"),
        (MARKER[0], False, "desertification marker", ""),
        ({"project_markers": table(marker="5", significance=2)}, False, "nothing said", ""),  # biodiversity says nothing of it
        ({"project_reporting": reporting(support="significant")}, True, "stated support", "significant"),
        ({"project_sectors": table(vocabulary="8", code="15.3", share=100.0)}, True, "goal 15.3", ""),
        ({"project_sectors": table(vocabulary="7", code="15.3", share=100.0)}, False, "nothing said", ""),
        (LAND, True, "land pillar", ""),
        ({"project_pillars": table(pillar=2, share=0.0)}, False, "nothing said", ""),
        (PURPOSE, True, "land purpose", ""),
        ({"project_sectors": table(vocabulary="1", code="21020", share=100.0)}, False, "nothing said", ""),  # roads
        (SOLAR, False, "other pillars", ""),
        (WALL, True, "Great Green Wall", ""),
        ({}, False, "nothing said", ""),
        # what is known better goes before
        (MARKER[0] | LAND | WALL, False, "desertification marker", ""),
        (SOLAR | WALL, False, "other pillars", ""),
        (SOLAR | PURPOSE, True, "land purpose", ""),
        (MARKER[2] | {"project_reporting": reporting(relevant="no")}, False, "party", ""),
        (MARKER[0] | {"project_reporting": reporting(relevant="yes")}, True, "party", ""),
        (MARKER[1] | {"project_reporting": reporting(relevant="yes")}, True, "party", "significant"),
    ],
)  # fmt: skip
def test_the_first_rule_that_says_something(
    known: dict[str, pd.DataFrame], relevant: bool, rule: str, support: str
) -> None:
    row = relevance(PROJECT | known).iloc[0]
    assert (row["relevant"], row["rule"], row["support"]) == (relevant, rule, support)


def test_the_share_that_a_rule_rests_on_is_told() -> None:
    assert relevance(PROJECT | LAND)["why"].item().endswith(": 20 % of it")
    both = pd.DataFrame({"project": ["p", "p"], "vocabulary": "1", "code": ["41081", "31220"], "share": [50.0, 10.0]})
    # environmental education is half of pillar 2 by the crosswalk, forestry whole: 25 + 10
    assert relevance(PROJECT | {"project_sectors": both})["why"].item().endswith(": 35 % of it")
    assert "%" not in relevance(PROJECT | PURPOSE)["why"].item()


def test_rules_read_what_is_declared_and_the_last_is_for_all() -> None:
    rules = relevance_rules()
    assert rules["order"].tolist() == list(range(1, len(rules) + 1))
    for rule in rules.to_dict("records"):
        columns = {column.column: column for column in registry_tables()[rule["table"]].table.columns}
        read = [rule["column"], *filter(None, [rule["where"].partition("=")[0], rule["share"]])]
        assert set(read) <= set(columns)
        allowed = columns[rule["column"]].values
        if allowed and rule["values"] not in (ANY, CROSSWALK):
            assert set(rule["values"].split("|")) <= set(allowed)
        assert rule["relevant"] in ("yes", "no")
        assert rule["quality"] in range(1, 6)
        assert rule["source"]
    assert rules["values"].tolist().index(ANY) == len(rules) - 1


def world(*projects: str, links: dict[str, str]) -> dict[str, pd.DataFrame]:
    """Projects that each pay 1.00 USD, some to another project; those named in capitals serve the Convention."""
    rows = [
        {"transaction": f"t{name}", "project": name, "kind": "disbursement", "date": datetime.date(2022, 5, 1), "amount_minor": 100,
         "currency": "USD", "donor": "bank", "iso3": "NER", "instrument": "grant", "receiver_project": links.get(name)}
        for name in projects
    ]  # fmt: skip
    given = [name for name in projects if name.isupper()]
    return empty_tables() | {
        "projects": pd.DataFrame({"project": list(projects), "title": list(projects), "currency": "USD", "portfolio": None}),
        "project_markers": pd.DataFrame({"project": given, "marker": "8", "significance": 1}),
        "organisations": pd.DataFrame({"organisation": ["bank"], "name": "A bank", "type": "40", "iso3": None}),
        "transactions": pd.DataFrame(rows),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("projects", "links", "places"),
    [
        # what does not serve the Convention passes money on to what does: it is counted where it serves
        (("a", "B"), {"a": "B"}, ["not relevant", "SO5-1"]),
        # the other way round it was counted already, and what does not serve is told as such
        (("A", "b"), {"A": "b"}, ["SO5-1", "not relevant"]),
        # by way of one that does not serve: once, where it came in
        (("A", "b", "C"), {"A": "b", "b": "C"}, ["SO5-1", "not relevant", "passed on"]),
        (("a", "b", "C", "D"), {"a": "b", "b": "C", "C": "D"}, ["not relevant", "not relevant", "SO5-1", "passed on"]),
        (("A", "b"), {"A": "b", "b": "A"}, ["SO5-1", "not relevant"]),  # a circle by way of one that does not serve
    ],
)
def test_money_passed_on_by_projects_that_do_not_serve(
    projects: tuple[str, ...], links: dict[str, str], places: list[str]
) -> None:
    assert placed_payments(world(*projects, links=links), "NER")["place"].tolist() == places


def test_a_project_that_no_table_describes_is_left_out_and_told() -> None:
    tables = world("A", links={}) | {
        "projects": empty_tables()["projects"],
        "project_markers": empty_tables()["project_markers"],
    }
    assert placed_payments(tables, "NER")["rule"].tolist() == ["nothing said"]
    assert passed_on(tables) == {}


def test_each_row_tells_its_rule_and_the_party_may_correct_it(tmp_path: Path) -> None:
    tables = world("A", "b", links={})
    sheets = so5(tables, "NER")
    assert sheets["SO5-1"][["Title", "Relevant by", "Type of support"]].values.tolist() == [
        ["A", "desertification marker", "significant"]
    ]
    left = sheets["Left out"]
    assert left[["Place", "Title", "Amount as told"]].values.tolist() == [["not relevant", "b", "1.00 USD"]]
    assert "nothing in the registry" in left["Why"].item()
    assert sheets["Relevance"][["Project", "Relevant", "Payments"]].values.tolist() == [["A", "yes", 1], ["b", "no", 1]]
    corrected = tables | {"project_reporting": pd.DataFrame({"project": ["A", "b"], "relevant": ["no", "yes"]})}
    assert so5(corrected, "NER")["SO5-1"]["Title"].tolist() == ["b"]
    book = openpyxl.load_workbook(write_so5(tables, tmp_path / "so5.xlsx", "NER"))
    heads = [cell.value for cell in book["Relevance"][3]]
    assert heads[-2:] == ["Decision", "Comment"]
    assert len(book["Relevance"].data_validations.dataValidation) == 1
    assert book["Rules"].max_row == 3 + len(relevance_rules())
