# SPDX-License-Identifier: Apache-2.0
"""Chains as studies have them: those that ship for their countries, and their own in their place."""

from __future__ import annotations

import pandas as pd
import pytest

from homeground.errors import DataError
from homeground.finance.value_chain.given import chains_of
from homeground.finance.value_chain.steps import chain
from homeground.numbers.table_check import check
from homeground.running.steps import Work
from homeground.running.tables import RURAL_INDUSTRY, VALUE_CHAIN
from homeground.running.tables.register import register
from homeground.study.opening import open_study

OWN = """chain,iso3,order,stage,parameter,low,mid,high,unit,source,licence
coffee,ETH,1,farm,loss,0.05,0.1,0.15,1,own survey,own
coffee,ETH,1,farm,price,1000,2000,3000,USD/t,own survey,own
coffee,ETH,1,farm,cost,500,1000,1500,USD/t,own survey,own
coffee,ETH,2,export,loss,0,0,0,1,own survey,own
coffee,ETH,2,export,price,3000,4000,5000,USD/t,own survey,own
coffee,ETH,2,export,cost,100,200,300,USD/t,own survey,own
"""


def study_of(folder, table=None):
    named = '[data]\nvalue_chain = "chain.csv"\n' if table else ""
    (folder / "study.toml").write_text(f'title = "T"\ncountries = ["ETH"]\n{named}', encoding="utf-8")
    if table:
        (folder / "chain.csv").write_text(table, encoding="utf-8")
    return open_study(folder)


def written(study, folder):
    (folder / "out").mkdir()
    work = Work(study, folder, folder / "out")
    chain(work)
    found = {name: pd.read_parquet(folder / "out" / name) for name in (VALUE_CHAIN, RURAL_INDUSTRY)}
    for name, table in found.items():
        assert check(table, register()[name].table) == []
    return found[VALUE_CHAIN], work


def test_studies_get_the_chains_of_their_countries():
    assert set(chains_of(open_study("ethiopia-coffee"))["chain"]) == {"coffee"}
    assert set(chains_of(open_study("great-green-wall"))["chain"]) == {"coffee", "millet"}
    assert chains_of(open_study("western-balkans")).empty


def test_the_step_writes_what_ships_and_says_that_costs_are_absent(tmp_path):
    table, work = written(study_of(tmp_path), tmp_path)
    assert set(table["chain"]) == {"coffee"}
    assert [said.message for said in work.said] == ["warning.chain_costs"]


def test_a_chain_of_ones_own_replaces_the_shipped_one_whole(tmp_path):
    """One tonne: 0.9 t leaves the farm (0.85 to 0.95); low margins with low prices, high costs and losses."""
    table, work = written(study_of(tmp_path, OWN), tmp_path)
    assert set(table["stage"]) == {"farm", "export", "whole chain"}
    ends = ["low", "mid", "high"]
    row = table.set_index(["stage", "item"])[ends]
    assert row.loc[("farm", "margin")].tolist() == pytest.approx(
        [0.85 * 1000 - 1500, 0.9 * 2000 - 1000, 0.95 * 3000 - 500]
    )
    assert row.loc[("export", "margin")].tolist() == pytest.approx(
        [0.85 * (3000 - 1000 - 300), 0.9 * (4000 - 2000 - 200), 0.95 * (5000 - 3000 - 100)]
    )
    assert row.loc[("whole chain", "farm_gate_share"), "mid"] == pytest.approx(0.5)
    assert work.said == []


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("0.05,0.1,0.15,1", "5,10,15,1", "loss from 0 to 1 was expected. Write 5 % as 0.05"),
        ("1000,2000,3000,USD/t", "1000,2000,3000,USD/kg", '"USD/t" was expected'),
        ("price,3000,4000", "price,4500,4000", "low <= mid <= high"),
        ("farm,price", "farm,prize", "no parameter is called prize"),
        ("coffee,ETH,2,export,loss,0,0,0,1,own survey,own\n", "", "coffee, export: no loss is given"),
        ("coffee,ETH,1,farm,cost", "coffee,ETH,3,farm,cost", "farm: stands at several places"),
    ],
)
def test_faulty_rows_are_told_by_name(tmp_path, old, new, told):
    assert old in OWN
    with pytest.raises(DataError, match=told):
        chains_of(study_of(tmp_path, OWN.replace(old, new)))
