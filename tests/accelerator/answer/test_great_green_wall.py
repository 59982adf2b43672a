# SPDX-License-Identifier: Apache-2.0
"""The first answer says what was published and nothing else."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from homeground.accelerator.answer.great_green_wall import empty_form, first_answer
from homeground.accelerator.registry.declared import registry_tables
from homeground.catalogue import figures
from homeground.cli.accelerator.ladder_text import first_answer_json, first_answer_text


@pytest.fixture(scope="module")
def answer():
    return first_answer()


def test_every_published_number_is_a_shipped_figure_with_its_source(answer):
    known = {(v, u, s) for v, u, s in figures.load("cited_facts")[["value", "unit", "source"]].itertuples(index=False)}
    for table in (answer.pledges, answer.steps, answer.claims):
        rows = table[table["kind"] == "published"] if "kind" in table else table
        assert {(r.value, r.unit, r.source) for r in rows.itertuples()} <= known
        assert len(rows)


def test_the_contradictions_stand_side_by_side(answer):
    claims = {(r.claim, r.value, r.unit) for r in answer.claims.itertuples()}
    for value, unit in ((14.326e9, "USD"), (14.236e9, "USD"), (15e9, "USD"), (19e9, "USD"), (16e9, "EUR")):
        assert ("pledged in all", value, unit) in claims
    assert {
        ("carbon target", 250e6, "t C"),
        ("carbon target", 250e6, "t CO2"),
        ("carbon target", 250e6, "t CO2e"),
    } <= claims
    worked_out = answer.claims[answer.claims["kind"] == "worked out"].set_index("claim")["value"]
    assert worked_out["carbon target"] == pytest.approx(916_666_666.67)  # 250 Mt x 44/12
    assert {("part of the target restored", 4, "%"), ("part of the target restored", 18, "%")} <= claims
    need = answer.claims[answer.claims["claim"] == "need to 2030"]
    assert sorted(need.loc[need["value"] == 33e9, "reading"]) == [
        "at least; the press release counts the pledges as part of it", "on top of the initial 14 bn USD",
    ]  # fmt: skip


def test_each_step_says_what_is_known_or_that_nobody_published_it(answer):
    steps = answer.steps.groupby("step", sort=False)["kind"].agg(list)
    assert list(steps.index) == ["pledged", "programmed", "committed", "disbursed", "spent"]
    assert steps["spent"] == ["not published"]
    assert "not published" in steps["committed"]
    money = answer.steps[answer.steps["unit"] == "USD"].set_index(["step", "kind"])["value"]
    assert money["programmed", "worked out"] == 15.2e9  # 80 % of 19 bn
    assert money["disbursed", "published"] == 2.5e9


def test_what_does_not_fit_is_told_and_not_normalised(answer):
    said = {notice.rule: notice.message for notice in answer.notices}
    assert set(said) == {"overlap", "disbursed", "need", "carbon"}
    assert "sum to 15 bn USD" in said["overlap"]
    assert "official 14.326 bn" in said["overlap"]
    assert "43 % of 33 bn, and 30 % of 33 bn on top" in said["need"]  # 14.326/33 and 14.326/47.326
    assert "9.5 bn USD of 19 bn" in said["disbursed"]
    assert "917 Mt CO2" in said["carbon"]
    assert answer.pledges["value"].tolist() == [6.5e9, 5e9, 2.5e9, 1e9]


def test_the_empty_form_holds_no_number_and_is_a_table_of_the_registry():
    form = empty_form()
    assert form["amount"].isna().all()
    assert form["source"].str.startswith("to be filled in from").all()
    assert list(form.columns) == [c.column for c in registry_tables()["allocations"].table.columns]
    assert set(zip(form["iso3"], form["pillar"], strict=True)) == {
        (c, p)
        for c in ("BFA", "TCD", "DJI", "ERI", "ETH", "MLI", "MRT", "NER", "NGA", "SEN", "SDN")
        for p in range(1, 6)
    }


def test_the_text_fits_eighty_columns_and_json_has_no_nan(answer):
    assert max(map(len, first_answer_text(answer).splitlines())) <= 80
    assert "NaN" not in json.dumps(first_answer_json(answer), default=str)


def test_no_database_and_no_xml_library_is_needed():
    code = (
        "import sys\nfor name in ('sqlalchemy', 'alembic', 'lxml'): sys.modules[name] = None\n"
        "from homeground.cli import app\nsys.argv = ['homeground', 'accelerator', 'report', 'great-green-wall']\n"
        "try:\n    app.main()\nexcept SystemExit as ended:\n    assert not ended.code\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert "What nobody published" in done.stdout
