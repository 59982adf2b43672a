# SPDX-License-Identifier: Apache-2.0
"""A study with a registry: money, land and cost per hectare beside its plan, worked out by hand."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from homeground.brief.accelerator.beside_plan import beside_plan, registry_of
from homeground.brief.facts.registry import registry_facts
from homeground.brief.sections.beside.registry import section
from homeground.errors import DataError, StudyError
from homeground.running.steps import Work
from homeground.study.opening import open_study

TABLES = {
    "projects": "project,title,status,currency\nA,Half-moons,implementation,USD\nB,Pits,suspended,EUR\n",
    # One million committed and a quarter of it paid; the suspended loan and money of Mali stand apart.
    "transactions": """transaction,project,kind,date,amount,currency,iso3,instrument,confirmed_by
T1,A,commitment,2021-03-01,1000000.00,USD,NER,grant,donor
T2,A,disbursement,2022-03-01,250000.00,USD,NER,grant,
T3,B,commitment,2022-03-01,300000.00,EUR,NER,loan,
T4,A,commitment,2022-05-01,5000.00,USD,MLI,grant,
""",
    "places": "place,project,name,practice,declared_ha,iso3,state\nP,A,north,half_moons,500,NER,approved\n",
    # 400 ha are approved, 100 wait.
    "actuals": """actual,indicator,project,iso3,place,start,end,counting,value,state,submitted_by,approved_by
R1,ggw.restored,A,NER,P,2022-01-01,2022-12-31,per period,400,approved,project editor,focal point
R2,ggw.restored,A,NER,P,2023-01-01,2023-12-31,per period,100,pending,project editor,
""",
}


def study_in(folder: Path, registry: str = "registry"):
    (folder / "registry").mkdir(exist_ok=True)
    for name, text in TABLES.items():
        (folder / "registry" / f"{name}.csv").write_text(text, encoding="utf-8")
    (folder / "study.toml").write_text(
        'title = "Made"\ncountries = ["NER"]\nregions = "admin1"\nbaseline = [2000, 2015]\nperiod = [2016, 2023]\n'
        f'[data]\nregistry = "{registry}"\n',
        encoding="utf-8",
    )
    return open_study(folder)


@pytest.fixture
def work(tmp_path):
    made = Work(study_in(tmp_path), tmp_path, tmp_path)
    plan = {"iso3": ["NER", "NER"], "measure": ["half_moons", "zai"], "hectares": [1600.0, 50.0]}
    pd.DataFrame(plan).to_parquet(tmp_path / "plan.parquet")
    rate = {"iso3": ["NER"], "measure": "half_moons", "parameter": "establishment_cost", "unit": "USD/ha"}
    rate |= {"low": 100.0, "mid": 200.0, "high": 700.0, "price_year": "not stated"}
    pd.DataFrame(rate).to_parquet(tmp_path / "measure_rates.parquet")
    beside_plan(made)
    return made


def test_money_counts_once_by_country_and_kind(work):
    table = pd.read_parquet(work.out / "registry_ladder.parquet").set_index(
        ["iso3", "money_step", "instrument", "currency"]
    )
    committed = table.loc["NER", "committed", "grant", "USD"]
    assert committed[["amount", "confirmed", "first_year", "last_year"]].tolist() == [
        1_000_000.0,
        1_000_000.0,
        2021,
        2021,
    ]
    assert table.loc[("NER", "disbursed", "grant", "USD"), "amount"] == 250_000.0
    assert table.loc[("NER", "committed", "loan", "EUR"), ["amount", "suspended"]].tolist() == [0.0, 300_000.0]
    assert "MLI" not in table.index.get_level_values("iso3")
    assert [said.message for said in work.said] == ["warning.registry_elsewhere"]


def test_land_of_the_plan_stands_beside_what_was_approved(work):
    land = pd.read_parquet(work.out / "registry_land.parquet").set_index("measure")
    assert land.loc["half_moons", ["planned_ha", "reported_ha", "share"]].tolist() == [1600.0, 400.0, 25.0]
    assert land.loc["zai", "said"] == "planned, nothing reported"
    costs = pd.read_parquet(work.out / "registry_costs.parquet").iloc[0]
    assert costs[["usd_per_ha", "low", "high", "verdict"]].tolist() == [625.0, 100.0, 700.0, "within"]  # 250 000 / 400


def test_page_and_brief_say_it(work):
    facts = {fact.key: fact for fact in registry_facts(work.results, work.study)}
    assert {key: fact.value for key, fact in facts.items()} == {
        "registry_committed": 1_000_000.0, "registry_disbursed": 250_000.0, "registry_restored": 400.0,
    }  # fmt: skip
    assert facts["registry_disbursed"].period == "2022"
    for code in ("en", "fr", "zh"):
        (shown,) = section(work.results, code)
        assert len(shown.tables) == 3
        assert "400" in shown.finding


def test_a_study_without_one_has_empty_tables_and_no_section(tmp_path):
    plain = Work(open_study("great-green-wall"), tmp_path, tmp_path)
    beside_plan(plain)
    assert section(tmp_path, "en") == ()
    assert registry_of(plain.study) is None


def test_a_registry_that_is_not_there_or_faulty_is_told_before_the_run(tmp_path):
    with pytest.raises(StudyError, match=r"data\.registry: no file"):
        study_in(tmp_path, "elsewhere")
    study = study_in(tmp_path)
    (tmp_path / "registry" / "places.csv").write_text("place,project,name\nP,A,north\n", encoding="utf-8")
    with pytest.raises(DataError, match='the column "state" is missing'):
        registry_of(study)
