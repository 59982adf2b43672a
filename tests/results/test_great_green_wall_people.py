# SPDX-License-Identifier: Apache-2.0
"""People, evidence and measures on the Great Green Wall: exact sums, rules that hold, sources on every row."""

from __future__ import annotations

import csv
import hashlib
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from homeground.catalogue import atlas, figures
from homeground.chain import run as chain
from homeground.chain.status import warnings_of
from homeground.errors import DataError, PlanError
from homeground.evidence.synthesis import REASONS
from homeground.measures.options import read_options
from homeground.study.opening import open_study


@pytest.fixture(scope="module")
def results(tmp_path_factory) -> Path:
    return chain.run("great-green-wall", root=tmp_path_factory.mktemp("results"))


@pytest.fixture(scope="module")
def table(results) -> pd.DataFrame:
    return pd.read_parquet(results / "regions.parquet")


def small_study(folder: Path, more: str = "") -> Path:
    folder.mkdir(parents=True)
    (folder / "study.toml").write_text('title = "Small"\ncountries = ["GMB"]\n' + more, encoding="utf-8")
    return folder


# people


def test_population_of_regions_sums_to_the_national_figure_but_for_rounding(table):
    national = atlas.population(["NER", "SDN", "ETH"])
    national = national[national["year"] == 2025].groupby("iso3")["persons"].sum()
    for iso3, total in national.items():
        regions = table.loc[table["iso3"] == iso3, "people_population"]
        assert abs(regions.sum() - total) <= 2.5 * len(regions)
    assert (table["people_population"] % 5 == 0).all()


def test_population_lies_in_its_range_and_towns_are_dense(table):
    assert (table["people_population_low"] <= table["people_population"]).all()
    assert (table["people_population"] <= table["people_population_high"]).all()
    density = table.set_index("region_id")["people_density"]
    assert density["NE-8"] > 100 * density["NE-1"]  # Niamey and Agadez


def test_published_net_migration_and_its_residual_differ_by_rounding_only(results):
    figures_ = pd.read_parquet(results / "people_countries.parquet")
    wide = figures_.pivot_table(index=["iso3", "year"], columns="indicator", values="value")
    difference = (wide["net_migration"] - wide["net_migration_implied"]).abs()
    assert difference.max() <= 50  # the source rounds births, deaths and change to whole persons of thousands
    note = figures_.loc[figures_["indicator"] == "net_migration_implied", "note"].unique().tolist()
    assert note == ["implied by the UN's own accounting, not independent"]


def test_displacement_names_its_cause_and_a_hidden_five_is_one_to_five(results):
    table = pd.read_parquet(results / "people_countries.parquet")
    idps = table[(table["indicator"] == "idps_idmc") & (table["iso3"] == "ETH") & (table["year"] == 2024)]
    assert idps["value"].tolist() == [2_378_000.0]
    assert idps["note"].str.contains("conflict").all()
    flows = pd.read_parquet(results / "flows.parquet")
    five = flows[flows["people"] == 5]
    assert len(five) > 0
    assert five["low"].min() == 1
    assert (five["high"] == 5).all()
    assert (flows["low"] <= flows["people"]).all()
    assert (flows["people"] <= flows["high"]).all()


def test_a_country_without_population_is_named(tmp_path, monkeypatch):
    whole = atlas.population(["GMB", "SEN"])
    monkeypatch.setattr(atlas, "population", lambda _: whole[whole["iso3"] != "GMB"])
    results = chain.run(small_study(tmp_path / "gambia"), root=tmp_path / "results", only=["land", "people"])
    shown = pd.read_parquet(results / "regions" / "people.parquet")
    assert shown["people_population"].isna().all()  # neither people nor nobody
    assert "no share of those in towns, for GMB: nobody is placed there" in " ".join(warnings_of(results))


def test_a_users_population_replaces_the_modelled_one_or_is_refused(tmp_path):
    ids = atlas.regions(["GMB"])["region_id"].tolist()
    folder = small_study(tmp_path / "gambia", '[data]\npopulation = "people.csv"\n')
    rows = [{"region_id": i, "population": 1000 + n, "year": 2024, "source": "census"} for n, i in enumerate(ids)]
    pd.DataFrame(rows).to_csv(folder / "people.csv", index=False)
    results = chain.run(folder, root=tmp_path / "results")
    found = pd.read_parquet(results / "regions" / "people.parquet").set_index("region_id")["people_population"]
    assert found.loc[ids].tolist() == [(1000 + n + 2) // 5 * 5 for n in range(len(ids))]  # the gate rounds to 5
    shown = pd.read_parquet(results / "regions" / "people.parquet").set_index("region_id").loc[ids]
    assert (shown["people_population_high"] - shown["people_population_low"] == 10).all()  # not the count itself
    pd.DataFrame([*rows[1:], {**rows[1], "region_id": "XX"}]).to_csv(folder / "people.csv", index=False)
    with pytest.raises(DataError, match=r'region_id: "XX" \(row 7\) is not known'):
        chain.run(folder, root=tmp_path / "results")


def test_a_few_people_in_a_region_show_nowhere_and_cannot_be_worked_out(tmp_path):
    """Three people in one of Djibouti's six regions; what is left of the total must not tell."""
    ids = atlas.regions(["DJI"])["region_id"].tolist()
    folder = tmp_path / "djibouti"
    folder.mkdir()
    text = 'title = "T"\ncountries = ["DJI"]\n[data]\npopulation = "people.csv"\n'
    (folder / "study.toml").write_text(text, encoding="utf-8")
    people = [3, *(40_000 + n for n in range(1, len(ids)))]
    rows = pd.DataFrame({"region_id": ids, "population": people, "year": 2024, "source": "census"})
    rows.to_csv(folder / "people.csv", index=False)
    results = chain.run(folder, root=tmp_path / "results", only=["land", "people", "evidence"])
    assert "2 of 6 counts of people are hidden" in " ".join(warnings_of(results))
    shown = pd.read_parquet(results / "regions" / "people.parquet").set_index("region_id")
    assert shown["people_population"].isna().sum() == 2  # the three, and one more against subtraction
    told = shown.loc[ids[0]].drop("people_cities")
    told = pd.concat(
        [told, pd.read_parquet(results / "regions" / "evidence.parquet").set_index("region_id").loc[ids[0]]]
    )
    assert told.drop(["evidence_studies", "evidence_level"]).isna().all()
    record = (results / "run.json").read_text()
    for tried in range(1, 10):  # a hash is no way round either
        rows.assign(population=[tried, *people[1:]]).to_csv(tmp_path / "tried.csv", index=False)
        assert hashlib.sha256((tmp_path / "tried.csv").read_bytes()).hexdigest() not in record
    assert "with other regions" not in " ".join(warnings_of(results))

    # The same study with more countries, in the same folder: what stood there before may be out in the world.
    more = atlas.regions(["ERI"])["region_id"].tolist()
    wider = pd.concat([rows, pd.DataFrame({"region_id": more, "population": 5000, "year": 2024, "source": "census"})])
    wider.to_csv(folder / "people.csv", index=False)
    (folder / "study.toml").write_text(text.replace('"DJI"', '"DJI", "ERI"'), encoding="utf-8")
    results = chain.run(folder, root=tmp_path / "results", only=["land", "people"])
    assert "Results of this study with other regions stand or stood here: base." in " ".join(warnings_of(results))


# evidence


def test_a_country_gets_sign_range_and_level_but_no_people(results):
    reading = pd.read_parquet(results / "evidence_countries.parquet")
    assert set(reading["iso3"]) == set(open_study("great-green-wall").countries)
    assert not [c for c in reading.columns if "people" in c or "migrants" in c]
    drought = reading[(reading["driver"] == "drought") & (reading["coverage"] == "country")]
    assert {"NER", "ETH"} <= set(drought["iso3"])
    assert reading["evidence_level"].max() <= 4


def test_nothing_is_pooled_without_five_studies_and_each_group_says_why(results):
    groups = pd.read_parquet(results / "effects_pooled.parquet")
    assert not groups.loc[groups["studies_with_error"] < 5, "pooled"].any()
    assert groups.loc[~groups["pooled"], "reason"].isin(REASONS).all()


def test_people_in_drylands_never_exceed_the_people(table):
    exposed = table["evidence_people_dryland"]
    assert (exposed <= table["people_population"]).all()
    assert (exposed % 5 == 0).all()
    rest = table["people_population"] - exposed
    assert not exposed.between(1, 9).any()
    assert not rest.between(1, 9).any()
    assert (table["evidence_people_dryland_low"] <= exposed).all()
    assert (exposed <= table["evidence_people_dryland_high"]).all()
    dry = table.loc[table["land_share_dryland"] > 99.99]
    assert (dry["evidence_people_dryland"] / dry["people_population"]).to_numpy() == pytest.approx(1.0, abs=1e-3)
    share, low, high = (table[f"evidence_share_dryland{end}"] for end in ("", "_low", "_high"))
    assert (low <= share).all()
    assert (share <= high).all()
    assert low[dry.index].to_numpy() == pytest.approx(100, abs=0.1)  # all of the land is dry, however many live on it


def test_people_stand_where_censuses_counted_them(table):
    """Not a fifth of Niger's people in the desert: Agadez had 487,620 in the census of 2012, 2.8 % of the country."""
    niger = table[table["region_id"].str.startswith("NE-")].set_index("region_id")["people_population"]
    assert niger["NE-1"] / niger.sum() == pytest.approx(0.028, abs=0.01)


# measures


def test_plan_keeps_budget_and_every_rule_on_recheck(results):
    spending = pd.read_parquet(results / "plan_spending.parquet")
    assert (spending["establishment_usd"] + spending["upkeep_usd"] <= spending["budget_usd"] * (1 + 1e-6)).all()
    checks = pd.read_parquet(results / "plan_checks.parquet")
    assert checks["kept"].all()
    assert {"budget", "women", "youth", "country_floor"} <= set(checks["rule"])
    facts = json.loads((results / "plan.json").read_text())
    assert facts["objective"] <= facts["bound"] * (1 + 1e-9)
    assert facts["gap"] < 1e-5


def test_plan_stays_on_suitable_land_under_both_ceilings(results, table):
    plan = pd.read_parquet(results / "plan.parquet")
    areas = pd.read_parquet(results / "suitable_areas.parquet")
    key = ["region_id", "aridity_class", "cover_class", "state", "restore", "measure"]
    joined = plan.merge(areas[[*key, "ceiling_km2"]], on=key, validate="one_to_one")
    assert len(joined) == len(plan)
    assert (joined["area_km2"] <= joined["ceiling_km2"] * (1 + 1e-6) + 1e-6).all()
    assert table["measures_share_of_region"].max() <= 25.01
    trees = plan[plan["measure"] == "tree_planting"]
    assert not set(trees["cover_class"]) & {"grassland"}


def test_work_is_kept_in_three_phases(table):
    names = [c for c in table.columns if c.startswith("measures_person_days")]
    assert {n.removesuffix("_low").removesuffix("_high").rsplit("_", 1)[1] for n in names} == {
        "establishment",
        "season",
        "upkeep",
    }
    assert not [c for c in table.columns if "jobs" in c]


def test_rules_that_cannot_be_kept_end_with_exit_code_4_and_names(tmp_path):
    budget = '[plan]\nbudget = { amount = "1e6 USD", price_year = 2023, years = [2024, 2025] }\n'
    folder = small_study(tmp_path / "gambia", budget + "rules = { women = 0.99 }\n")
    with pytest.raises(PlanError, match=r"women: 99\.0% of person-days asked") as caught:
        chain.run(folder, root=tmp_path / "results")
    assert caught.value.exit_code == 4
    assert not (tmp_path / "results" / "gambia" / "base" / "plan.parquet").exists()
    djibouti = 'title = "Small"\ncountries = ["DJI", "NER"]\n' + budget.replace("1e6", "4e9")
    (folder / "study.toml").write_text(djibouti + "rules = { country_floor = 0.4 }\n", encoding="utf-8")
    with pytest.raises(PlanError, match=r"country_floor DJI: 3,200,000,000 USD asked \(40\.0%\), short by"):
        chain.run(folder, root=tmp_path / "results")


def test_without_a_budget_nothing_is_planned_and_the_reason_stands(tmp_path):
    results = chain.run(small_study(tmp_path / "gambia"), root=tmp_path / "results")
    assert json.loads((results / "plan.json").read_text())["planned"] is False
    regions = pd.read_parquet(results / "regions" / "measures.parquet")
    assert np.isnan(regions["measures_hectares"]).all()


def test_every_row_of_options_effects_and_figures_has_source_and_licence():
    for rows in (read_options(), *(figures.load(name) for name in figures.tables())):
        assert (rows["source"].astype(str).str.len() > 0).all()
        assert (rows["licence"].astype(str).str.len() > 0).all()
    with figures.path("effects").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            assert row["source"], row["effect_id"]
            assert row["licence"], row["effect_id"]


def test_central_asia_runs(tmp_path):
    results = chain.run("central-asia", root=tmp_path)
    table = pd.read_parquet(results / "regions.parquet")
    assert set(table["iso3"]) == {"KAZ", "KGZ", "TJK", "TKM", "UZB"}
    # The separate computation of test_great_green_wall: rain of Kazakhstan 193 mm, of Turkmenistan 144 mm.
    rain = (table["land_rain_mm"] * table["area_km2"]).groupby(table["iso3"]).sum()
    rain = rain / table.groupby("iso3")["area_km2"].sum()
    assert rain["KAZ"] == pytest.approx(193, rel=0.02)
    assert rain["TKM"] == pytest.approx(144, rel=0.02)
    # The ice of the Pamir is frozen all year: no class, and said so.
    units = pd.read_parquet(results / "land_units.parquet")
    frozen = units[units["aridity_class"] < 0].groupby("region_id")["area_km2"].sum()
    assert frozen.idxmax() == "TJ-GB"
    assert any("Aridity is unknown" in w and "TJ-GB" in w for w in warnings_of(results))
