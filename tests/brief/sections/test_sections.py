# SPDX-License-Identifier: Apache-2.0
"""Tables of the page on evidence, people and money: none without rows, years once, headings that fit what stands there."""

from __future__ import annotations

import pandas as pd
import pytest

from homeground.brief.sections import evidence, finance, people


def test_without_a_study_of_a_country_there_is_a_sentence_and_no_empty_table():
    row = {"iso3": "GMB", "stance": "environment", "driver": "drought", "outcome": "internal", "studies": 1}
    row |= {"positive": 1, "zero": 0, "negative": 0, "depends": 0, "evidence_level": 2}
    reading = pd.DataFrame([row | {"coverage": "none"}, row | {"iso3": "SEN", "coverage": "country"}])
    (table,) = evidence.countries(reading, "en")
    assert table.frame[["country", "driver", "outcome", "level"]].to_numpy().tolist() == [
        ["Senegal", "Drought", "internal migration", "associated"]
    ]
    (table,) = evidence.countries(reading, "fr")
    assert table.frame[["country", "driver", "outcome", "level"]].to_numpy().tolist() == [
        ["Sénégal", "Sécheresse", "migration interne", "association"]
    ]
    assert table.heads["depends"] == "Variable"
    assert evidence.without_study(reading, "en") == ("No study of its own: Gambia.",)
    alone = reading[reading["iso3"] == "GMB"]
    assert evidence.countries(alone, "en") == ()
    assert evidence.without_study(alone, "zh") == ("没有专门研究的国家：冈比亚。",)
    assert evidence.without_study(reading[reading["iso3"] == "SEN"], "en") == ()


def test_a_single_year_is_written_once():
    row = {"value": 10.0, "source": "UNHCR"}
    rows = [
        row | {"iso3": "GMB", "indicator": "refugees_by_origin", "year": 2025},
        row | {"iso3": "SEN", "indicator": "refugees_by_origin", "year": 2025},
        row | {"iso3": "GMB", "indicator": "refugees_by_asylum", "year": 2024},
        row | {"iso3": "SEN", "indicator": "refugees_by_asylum", "year": 2025},
    ]
    note = people.latest(pd.DataFrame(rows), people.DISPLACED, "displaced", "persons", 0, "en")[0].note
    assert note.startswith("Years: Refugees from here 2025 and Refugees hosted 2024–2025. ")


def test_what_a_source_remarks_is_not_headed_as_a_definition_alone():
    row = {"iso3": "GMB", "what": "received", "year": 2024, "value": 775.6, "unit": "USD million", "source": "bank"}
    remark = "households said so themselves"  # of a table of the user's own: it stands as it is
    (table,) = finance.household(pd.DataFrame([row | {"definition": remark}]), "fr")
    assert table.frame["definition"].tolist() == [remark]
    assert table.heads["definition"] == "Définition ou remarque de la source"
    assert table.frame["received"].str.replace("\u00a0", " ").tolist() == ["775,6 millions de dollars É.-U."]


def test_a_plan_whose_benefits_cannot_be_valued_has_no_chart_of_them():
    plan = {"view": "financial", "rate": 0.06, "bcr": [float("nan")], "bcr_p05": 0.0, "bcr_p95": 0.0, "horizon": 20}
    assert finance.charts(pd.DataFrame(plan), "en") == ()
    (figure,) = finance.charts(pd.DataFrame(plan | {"bcr": [0.6], "bcr_p05": 0.4, "bcr_p95": 0.9}), "fr")
    assert "0,60" in figure.svg
    assert figure.period.replace("\u00a0", " ") == "20 ans"


def test_a_number_is_rounded_once_when_it_is_printed():
    """0.0868 was printed as 0.0900: rounded to two decimals, then printed with four."""
    from homeground.brief.page.tables import columns_of, lay_out

    row = {"view": "financial", "rate": 0.06, "irr": float("nan"), "irr_reason": "", "payback_years": float("nan")}
    ends = {
        f"{name}{end}": value
        for name, value in (("npv_usd", -7.449e6), ("bcr", 0.0868))
        for end in ("_p05", "", "_p95")
    }
    table = finance._rates(pd.DataFrame([row | ends | {"price_year": 2023}]), "worth", "en")
    printed = lay_out(columns_of(table.frame, table.heads)).rows[0]
    assert {"−7.45", "0.0868"} <= {cell.text for cell in printed}


def test_what_land_users_gain_and_bear_adds_up_and_carbon_stands_in_a_table_of_its_own(tmp_path):
    from homeground.finance import against_published, appraise, cash_flow, read_values, upkeep_after
    from homeground.measures import options

    land = {"iso3": ["ETH"], "measure": ["exclosure"], "year": [2024], "hectares": [1e6]}
    flows = cash_flow(pd.DataFrame(land), options(), read_values(), horizon=20, first_year=2024)
    table = appraise(flows, read_values(), rates=[0.06]).assign(study_rate=True, horizon=20)
    for column in ("npv_usd", "bcr"):
        table[f"{column}_p05"], table[f"{column}_p95"] = table[f"{column}_low"], table[f"{column}_high"]
    table.to_parquet(tmp_path / "finance_appraisal.parquet")
    columns = ["what", "iso3", "year", "value", "unit", "definition", "source"]
    pd.DataFrame(columns=columns).to_parquet(tmp_path / "finance_household.parquet")
    stack = {"class": ["not_committed"], "who": "", "status": "not_committed", "counted": True, "amount": 1.0}
    pd.DataFrame(stack | {"currency": "USD", "source": ""}).to_parquet(tmp_path / "finance_sources.parquet")
    pd.DataFrame().to_parquet(tmp_path / "finance_published.parquet")
    against_published(flows, table, rate=0.06, horizon=20).to_parquet(tmp_path / "finance_against.parquet")
    upkeep_after(flows, last=2024, rate=0.06).to_parquet(tmp_path / "finance_upkeep.parquet")
    tables = finance.section(tmp_path, "", "en").tables
    lines, market, shadow, against = tables[:4]
    after = lines.frame.iloc[2]  # a part of what is paid: all upkeep there is, of 2025 to 2044
    amounts = lines.frame["amount"].drop(2).tolist()
    assert sum(amounts[:4]) == pytest.approx(amounts[4])  # benefit less the three costs is what is left
    assert amounts[3] == pytest.approx(-(10 + 10 / 1.06))  # 1 Mha x 0.25 t x 40 USD in each of two years, million USD
    assert "carbon" not in (market.title + lines.title).lower()
    assert "carbon" in shadow.title
    assert market.frame["worth"].item() < shadow.frame["worth"].item()
    assert len(against.frame) == 7
    assert against.frame["published"].tolist()[:2] == ["1.20 (1.10 to 4.40)", "1,577 (645 to 2,509)"]
    assert against.frame.set_index("line").loc["Non-market benefits counted", ["published", "ours"]].tolist() == [
        "yes",
        "no",
    ]
    assert against.frame["why"].str.len().min() > 20
    assert after["line"] == "Part of it: upkeep from 2025, after the plan; who pays: not said"
    upkeep = options().loc["exclosure", "upkeep_cost_mid"]
    assert after["amount"] == pytest.approx(-upkeep * (1 - 1.06**-20) / 0.06)  # 1 Mha for 20 years, million USD
