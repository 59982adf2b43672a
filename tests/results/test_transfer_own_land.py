# SPDX-License-Identifier: Apache-2.0
"""A whole run of own land with three reporting years: what stands in the files for PRAIS stands in the tables."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from homeground.catalogue.examples.own_land import write_own_land
from homeground.chain.run import run

YEARS = {"report_1": 2019, "report_2": 2023}
CODES = {"Improved": 1, "Stable": 0, "Degraded": -1, "No data": -128}
INDICATORS = {
    "sdg": "degradation",
    "productivity": "productivity",
    "land_cover": "cover_change",
    "soil_organic_carbon": "carbon_change",
}


@pytest.fixture(scope="module")
def results(tmp_path_factory) -> Path:
    root = tmp_path_factory.mktemp("transfer")
    write_own_land(root / "own-land")
    study = root / "own-land" / "study.toml"
    text = study.read_text(encoding="utf-8")
    assert "[land]\n" in text
    given = "[land]\nreporting = [[2000, 2015], [2004, 2019], [2008, 2023]]\n"
    study.write_text(text.replace("[land]\n", given), encoding="utf-8")
    return run(str(root / "own-land"), root=root)


@pytest.fixture(scope="module")
def land(results):
    return json.loads((results / "prais" / "land-condition-NER.json").read_text(encoding="utf-8"))


def areas(listed):
    return {one["name"]: one["area"] for one in listed["areas"]}


def test_verdicts_changes_and_cover_are_sums_of_the_tables(results, land):
    assert list(land["land_condition"]) == ["baseline", *YEARS]
    spans = pd.read_parquet(results / "degradation.parquet")
    tables = {"baseline": spans[spans["period"] == "baseline"], "report_2": spans[spans["period"] == "period"]}
    tables["report_1"] = pd.read_parquet(results / "land_reports.parquet").query("year == 2019")
    for name, table in tables.items():
        period = land["land_condition"][name]["period_assessment"]
        dry = table[table["water"] == 0]
        told = {
            "degradation": (dry, period["sdg"]["summary"]),
            "cover_change": (table, period["land_cover"]["summary"]),
        }
        told["carbon_change"] = (dry, period["soil_organic_carbon"]["summaries"]["non_water"])
        for column, (rows, listed) in told.items():
            for label, km2 in areas(listed).items():
                assert km2 == pytest.approx(rows.loc[rows[column] == CODES[label], "area_km2"].sum(), abs=1e-6)
        (moved,) = period["land_cover"]["crosstabs_by_land_cover_class"]
        known = table[(table["initial"] != -128) & (table["final"] != -128)]
        assert sum(one["value"] for one in moved["values"]) == pytest.approx(known["area_km2"].sum())
    changes = pd.read_parquet(results / "land_changes.parquet")
    for name, year in YEARS.items():
        for key, indicator in INDICATORS.items():
            rows = changes[(changes["year"] == year) & (changes["indicator"] == indicator)]
            rows = rows if key == "land_cover" else rows[rows["water"] == 0]
            by = rows.groupby(["baseline", "now"])["area_km2"].sum()
            table = land["land_condition"][name]["change_assessment"][key]
            assert (table["initial_year"], table["final_year"]) == (2000, year)
            for one in table["values"]:
                pair = (CODES[one["initial_label"]], CODES[one["final_label"]])
                assert one["value"] == pytest.approx(float(by.get(pair, 0.0)), abs=1e-6)


def test_the_last_status_is_that_of_the_map_of_status(results, land):
    status = pd.read_parquet(results / "land_status.parquet").groupby("status")["area_km2"].sum()
    told = areas(land["land_condition"]["report_2"]["status_assessment"]["sdg"])
    assert told["Degraded"] == pytest.approx(status.reindex([1, 2, 3]).sum())
    assert told["Stable"] == pytest.approx(status[4])
    assert told["Improved"] == pytest.approx(status.reindex([5, 6, 7]).sum())


def test_people_and_drought_of_every_year_are_sums_of_the_tables(results, land):
    people = pd.read_parquet(results / "land_people.parquet").groupby("year")["people_degraded"].sum()
    for name, year in {"baseline": 2015, **YEARS}.items():
        listed = land["affected_population"][name]["summary"]["Total population"]["values"]
        assert {one["name"]: one["population"] for one in listed}["Degraded"] == people[year]
    drought = json.loads((results / "prais" / "drought-NER.json").read_text(encoding="utf-8"))["drought"]
    table = pd.read_parquet(results / "drought.parquet")
    assert sorted(map(int, drought["tier_one"])) == sorted(table["year"].unique())
    mild = table[table["drought_class"] == 1].groupby("year")["area_km2"].sum()
    for year, listed in drought["tier_one"].items():
        assert areas(listed)["Mild drought"] == pytest.approx(float(mild.get(int(year), 0.0)))
    people = pd.read_parquet(results / "drought_people.parquet")
    hidden = 0
    for year, kinds in drought["tier_two"].items():
        found = {one["name"]: one["population"] for one in kinds["Total population"]["values"]}
        rows = people[people["year"] == int(year)]
        if rows["people_severe_hidden"].any():
            assert "Severe drought" not in found
            hidden += 1
        else:
            assert found["Severe drought"] == rows["people_severe"].sum()
    assert 0 < hidden < len(drought["tier_two"])


def test_a_made_part_of_niger_is_not_called_niger(land):
    assert land["metadata"]["area_of_interest"]["name"].startswith("Part of Niger (")


def test_districts_that_were_planted_to_lose_are_restored_first(results):
    """OL-02 and OL-11 lose vegetation every year (truth.csv); all others are stable, dry, noisy, abandoned or recover."""
    plan = pd.read_parquet(results / "plan.parquet")
    degraded = plan[plan["state"] == "degraded"]
    assert set(degraded["region_id"]) == {"OL-02", "OL-11"}
    assert degraded["hectares"].sum() > 0.75 * plan["hectares"].sum()
    drawn = pd.read_parquet(results / "plan_drawn.parquet").set_index("region_id")["chosen"]
    assert set(drawn[drawn == 1].index) == {"OL-02", "OL-11"}
