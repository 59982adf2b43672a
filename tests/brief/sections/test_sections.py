# SPDX-License-Identifier: Apache-2.0
"""Tables of the page on evidence, people and money: none without rows, years once, headings that fit what stands there."""

from __future__ import annotations

import pandas as pd

from homeground.brief.sections import evidence, finance, people


def test_without_a_study_of_a_country_there_is_a_sentence_and_no_empty_table():
    row = {"iso3": "GMB", "stance": "environment", "driver": "drought", "outcome": "out-migration", "studies": 1}
    row |= {"positive": 1, "zero": 0, "negative": 0, "depends": 0, "evidence_level": 2}
    reading = pd.DataFrame([row | {"coverage": "none"}, row | {"iso3": "SEN", "coverage": "country"}])
    (table,) = evidence._countries(reading)
    assert table.frame["Country"].tolist() == ["Senegal"]
    assert evidence._without_study(reading) == ("No study of its own: Gambia.",)
    alone = reading[reading["iso3"] == "GMB"]
    assert evidence._countries(alone) == ()
    assert evidence._without_study(alone) == ("No study of its own: Gambia.",)
    assert evidence._without_study(reading[reading["iso3"] == "SEN"]) == ()


def test_a_single_year_is_written_once():
    row = {"value": 10.0, "source": "UNHCR"}
    rows = [
        row | {"iso3": "GMB", "indicator": "refugees_by_origin", "year": 2025},
        row | {"iso3": "SEN", "indicator": "refugees_by_origin", "year": 2025},
        row | {"iso3": "GMB", "indicator": "refugees_by_asylum", "year": 2024},
        row | {"iso3": "SEN", "indicator": "refugees_by_asylum", "year": 2025},
    ]
    note = people._latest(pd.DataFrame(rows), people.DISPLACED, "Displaced", "persons", 0).note
    assert note.startswith("Years: Refugees from here 2025; Refugees hosted 2024-2025. ")


def test_what_a_source_remarks_is_not_headed_as_a_definition_alone():
    row = {"iso3": "GMB", "what": "received", "year": 2024, "value": 775.6, "unit": "USD million", "source": "bank"}
    remark = "GDP was revised: shares of 2021 and 2022 do not compare with later ones"
    (table,) = finance._household(pd.DataFrame([row | {"definition": remark}]))
    assert table.frame["Definition or remark of the source"].tolist() == [remark]
    assert "Definition" not in table.frame


def test_a_plan_whose_benefits_cannot_be_valued_has_no_chart_of_them():
    import pandas as pd

    from homeground.brief.sections.finance import _charts

    plan = {"view": "financial", "rate": 0.06, "bcr_p50": [float("nan")], "bcr_p05": 0.0, "bcr_p95": 0.0, "horizon": 20}
    assert _charts(pd.DataFrame(plan)) == ()
    (figure,) = _charts(pd.DataFrame(plan | {"bcr_p50": [0.6], "bcr_p05": 0.4, "bcr_p95": 0.9}))
    assert "0.60" in figure.svg
