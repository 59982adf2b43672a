# SPDX-License-Identifier: Apache-2.0
"""Tables that answer a stage's question: newest figures with their year, studies by sign, worth of the plan."""

from __future__ import annotations

import pandas as pd

from homeground.cli.answers import answers, fitting, moved, studied, worth
from homeground.study.opening import open_study


def figures(*rows):
    return pd.DataFrame(rows, columns=["iso3", "year", "indicator", "value", "low", "high"])


def column(answer, *head):
    return next(cells for lines, cells in answer.columns if " ".join(lines).startswith(" ".join(head)))


def test_the_newest_known_figure_is_shown_with_its_year_and_an_old_one_is_no_data():
    nan = float("nan")
    answer = moved(
        figures(
            ("NER", 2023, "net_migration", 900.0, nan, nan),
            ("NER", 2022, "idps_idmc", 300_000.0, nan, nan),
            ("NER", 2024, "idps_idmc", nan, nan, nan),
            ("NER", 2021, "idps_idmc", 250_000.0, nan, nan),
            ("ERI", 2000, "idps_idmc", 1_100_000.0, nan, nan),
            ("ERI", 2025, "refugees_by_asylum", 5.0, 1.0, 5.0),
            ("NER", 2025, "refugees_by_asylum", 40.0, 36.0, 40.0),
        )
    )
    assert answer.rows == ["ERI", "NER"]
    assert column(answer, "Displaced", "inside,", "IDMC") == ["no data", "300,000"]
    assert answer.columns[7] == (["year"], ["", "2022"])
    assert column(answer, "Refugees", "hosted") == ["1 to 5", "40"]  # the published 5 hides 1 to 4
    assert column(answer, "Refugees", "from") == ["no data", "no data"]
    assert "before 2022" in answer.mind


def test_only_studies_of_the_country_on_its_environment_are_counted():
    rows = [
        ("NER", "environment", "drought", "any", "country", 2, 2, 1, 0, 0, 2),
        ("NER", "response", "safety net", "any", "country", 1, 1, 0, 0, 0, 2),
        ("TCD", "environment", "drought", "any", "region", 3, 3, 0, 0, 0, 2),
    ]
    names = [
        "iso3",
        "stance",
        "driver",
        "outcome",
        "coverage",
        "studies",
        "positive",
        "zero",
        "negative",
        "depends",
        "evidence_level",
    ]
    answer = studied(pd.DataFrame(rows, columns=names))
    assert answer.rows == ["NER Drought: any migration"]
    assert [cells[0] for _, cells in answer.columns] == ["2", "2", "1", "0", "0", "associated"]
    assert "No study of its own: TCD." in answer.mind


def test_worth_is_of_the_whole_plan_with_its_envelope():
    names = [
        "scope",
        "view",
        "rate",
        "npv_usd_low",
        "npv_usd",
        "npv_usd_high",
        "bcr_low",
        "bcr",
        "bcr_high",
        "price_year",
    ]
    rows = [
        ("plan", "financial", 0.06, -2e6, -1e6, 3.4e6, 0.1, 0.5, 1.25, 2023),
        ("zai", "financial", 0.06, 1e6, 2e6, 3e6, 1.0, 2.0, 3.0, 2023),
    ]
    answer = worth(pd.DataFrame(rows, columns=names))
    assert answer.rows == ["financial, 6\u00a0per cent"]
    assert [cells for _, cells in answer.columns] == [["−1"], ["−2 to 3"], ["0.50"], ["0.10 to 1.25"]]
    assert "Prices of 2023" in answer.mind
    assert "carbon" not in answer.title + answer.mind


def test_shadow_carbon_never_stands_in_the_first_table(tmp_path):
    row = {"scope": "plan", "rate": 0.06, "price_year": 2023}
    row |= {f"{name}{end}": 1.0 for name in ("npv_usd", "bcr") for end in ("", "_low", "_high")}
    table = pd.DataFrame([row | {"view": view} for view in ("economic", "financial")])
    table.to_parquet(tmp_path / "finance_appraisal.parquet")
    first, second = answers("finance", tmp_path, open_study("three-s"))
    assert first.rows == ["financial, 6\u00a0per cent"]
    assert second.rows == ["economic, 6\u00a0per cent"]
    assert second.title == "Apart, with a shadow price of carbon:"


def test_land_that_fits_is_summed_by_country_and_what_fits_nowhere_is_left_out():
    rows = [("zai", "NER", 10.0), ("zai", "NER", 5.5), ("zai", "MLI", 0.0), ("tree_planting", "NER", 0.0)]
    answer = fitting(pd.DataFrame(rows, columns=["measure", "iso3", "suitable_km2"]))
    assert answer.rows == ["Zaï pits"]
    assert answer.columns == [(["MLI", "(km²)"], ["0"]), (["NER", "(km²)"], ["16"])]
    nowhere = fitting(pd.DataFrame(rows[2:], columns=["measure", "iso3", "suitable_km2"]))
    assert nowhere.rows == []
    assert nowhere.mind.startswith("No measure fits any land here")
