# SPDX-License-Identifier: Apache-2.0
"""Sentences beside a plan and its worth, of made tables."""

from __future__ import annotations

import json
import re

import pandas as pd
import pytest

from homeground.brief.sections.beside.said import beside_plan, beside_worth
from homeground.finance import chain_rows, chain_table
from homeground.language.messages import phrase
from homeground.measures import job_density
from homeground.running.tables import RIGHTS_FACTS, VALUE_CHAIN, WORK_DENSITY, WORK_FACTS, WORK_REGIONS


def made(folder, *, planned=True, days_per_year=200.0, given=True):
    table = pd.DataFrame({"region_id": ["a", "b", "c"], "held": ["within", "above_mid", "not_known"]})
    for n, end in enumerate(("low", "mid", "high"), start=1):
        table[f"person_days_off_{end}"] = 1000.0 * n
        table[f"full_time_years_{end}"] = 5.0 * n
    table.to_parquet(folder / WORK_REGIONS)
    facts = {"planned": planned, "days_per_year": days_per_year}
    (folder / WORK_FACTS).write_text(json.dumps(facts), encoding="utf-8")
    density = job_density((15.0, 30.0, 45.0), 300.0, kind="full_time_years") if days_per_year else pd.DataFrame()
    density.to_parquet(folder / WORK_DENSITY)
    rights = {"given": given, "hectares": {"secure": 100.0, "insecure": 200.0, "not_known": 0.0}}
    (folder / RIGHTS_FACTS).write_text(json.dumps(rights), encoding="utf-8")


def told(sayings, code="en"):
    texts = (phrase(said.message, code, **said.words) for said in sayings)
    return [re.sub(r"\s", " ", text) for text in texts]


def test_work_is_told_beside_the_days_that_people_have(tmp_path):
    made(tmp_path)
    labour, density, rights = told(beside_plan(tmp_path))
    assert labour.startswith(
        "Outside the main season the plan takes 6,000 person-days (3,000 to 9,000) in all its years. In 1 of 2 regions"
    )
    assert density.startswith(
        "At 200 days a year this is 30 (15 to 45) full-time years of work, 0.100 (0.050 to 0.150) a hectare."
    )
    assert "200 hectares lie in regions where fewer than half" in rights


def test_what_is_not_known_is_said_or_left_out(tmp_path):
    assert beside_plan(tmp_path) == []
    made(tmp_path, days_per_year=None, given=False)
    assert [said.message for said in beside_plan(tmp_path)] == [
        "section.measures.labour",
        "section.measures.rights_not_known",
    ]
    made(tmp_path, planned=False)
    assert [said.message for said in beside_plan(tmp_path)] == ["section.measures.rights"]


@pytest.mark.parametrize("code", ["en", "fr", "zh"])
def test_growers_pay_and_what_remains_stand_with_their_grade(tmp_path, code):
    rows = chain_rows()
    parts = [
        chain_table(one).assign(chain=name, iso3=iso3)
        for (name, iso3), one in rows.groupby(["chain", "iso3"], sort=False)
    ]
    pd.concat(parts, ignore_index=True).to_parquet(tmp_path / VALUE_CHAIN)
    coffee, millet = beside_worth(tmp_path, code)
    assert (coffee.message, millet.message) == ("section.finance.chain_share", "section.finance.chain")
    assert (coffee.words["grade"], millet.words["grade"]) == (4, 2)
    text = told([coffee, millet], code)
    assert "95" in text[0]
    assert "55" in text[0]
    assert "89" in text[1]  # 89.6 % of the millet remains
    assert beside_worth(tmp_path / "none", code) == []
