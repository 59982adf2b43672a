# SPDX-License-Identifier: Apache-2.0
"""Tables of the page on evidence, people and money: none without rows, years once, headings that fit what stands there."""

from __future__ import annotations

import pandas as pd

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
    table = finance._rates(pd.DataFrame([row | ends | {"price_year": 2023}]), "en")
    printed = lay_out(columns_of(table.frame, table.heads)).rows[0]
    assert {"−7.45", "0.0868"} <= {cell.text for cell in printed}
