# SPDX-License-Identifier: Apache-2.0
"""The stage on hand-made tables of the stages before it, for the real regions of two countries."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest

from homeground.catalogue.columns import columns
from homeground.catalogue.regions import load_regions
from homeground.language.languages import NBSP
from homeground.language.messages import Saying, tell
from homeground.risk import finding, steps
from homeground.risk.stage import STAGE
from homeground.running.record import read_run
from homeground.running.steps import Stage, Step, run_stages
from homeground.running.tables.register import register
from homeground.study.opening import open_study

COUNTRIES = ["DJI", "SEN"]


def _tables(regions, dry=True, farming=True):
    """Aridity and people that rise from region to region; Djibouti's displaced people inside are unknown."""
    n = len(regions)
    step = np.linspace(0, 1, n)
    land = pd.DataFrame({"region_id": regions["region_id"]})
    for name, values, width in (
        ("aridity_index", 0.6 - 0.5 * step, 0.1),
        ("share_dryland", (20 + 80 * step) * dry, 0.0),
        ("potential_gap", 40 * step, 0.2),
    ):
        land[f"land_{name}"] = values
        land[f"land_{name}_low"], land[f"land_{name}_high"] = values * (1 - width), values * (1 + width)
    people = pd.DataFrame({"region_id": regions["region_id"], "people_density": 10 + 100 * step})
    people["people_density_low"], people["people_density_high"] = (
        people["people_density"] * 0.8,
        people["people_density"] * 1.2,
    )
    rows = [
        ("SEN", 2023, "population_midyear", 18e6),
        ("DJI", 2023, "population_midyear", 1e6),
        ("SEN", 2024, "idps_idmc", 6000.0),
        ("SEN", 2024, "refugees_by_asylum", 17000.0),
        ("DJI", 2024, "refugees_by_asylum", 25000.0),
        ("SEN", 2024, "agriculture_share", 15.5),
        ("DJI", 2024, "agriculture_share", 2.6),
        ("DJI", 2024, "net_migration", 1e5),
    ]
    figures = pd.DataFrame(rows, columns=["iso3", "year", "indicator", "value"])
    if not farming:
        figures = figures[(figures["iso3"] != "DJI") | (figures["indicator"] != "agriculture_share")]
    said = {"unit": "as made", "source": "made", "licence": "CC0-1.0", "kind": "published", "note": ""}
    return land, people, figures.assign(low=np.nan, high=np.nan, **said)


def _before(regions, **given):
    land, people, figures = _tables(regions, **given)

    def write(name, table):
        def run(work):
            (work.out / name).parent.mkdir(exist_ok=True)
            always = register()[name].table.always  # what the risk does not read is unknown
            table.reindex(columns=always).to_parquet(work.out / name)

        return run

    # This study gives neither rain nor a population grid: these two steps leave nothing.
    drought_step, people_step = (Step(name, lambda _: None, ()) for name in ("drought", "people"))
    land_step = Step("regions", write("regions/land.parquet", land), ("regions/land.parquet",))
    steps = (
        Step("countries", write("people_countries.parquet", figures), ("people_countries.parquet",)),
        Step("regions", write("regions/people.parquet", people), ("regions/people.parquet",)),
    )
    return (
        Stage("land", (land_step, drought_step, people_step), lambda _: ()),
        Stage("people", steps, lambda _: ()),
    )


def _run(folder, **given):
    (folder / "study.toml").write_text(
        f'title = "Two countries"\ncountries = {COUNTRIES}\nregions = "admin1"\nbaseline = [2000, 2015]\n'
        "period = [2016, 2023]\n".replace("'", '"'),
        encoding="utf-8",
    )
    study = open_study(folder / "study.toml")
    regions = load_regions(study.countries)
    results = folder / "results"
    chain = (*_before(regions, **given), STAGE)
    events = list(run_stages(study, chain, results))
    return study, regions, results, chain, events


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    return _run(tmp_path_factory.mktemp("risk"))


def test_every_described_column_is_there_and_its_interval_holds_it(finished):
    _, regions, results, _, _ = finished
    table = pd.read_parquet(results / "regions" / "risk.parquet")
    assert table["region_id"].tolist() == regions["region_id"].tolist()
    described = columns("risk")
    names = {c.column for c in described} | {end for c in described for end in c.bounds or ()}
    assert set(table) == names | {"region_id"}
    assert table.notna().all().all()
    for c in described:
        assert c.bounds or c.interval.startswith("no interval: ")
        if c.bounds:
            assert (table[c.bounds[0]] <= table[c.column]).all()
            assert (table[c.column] <= table[c.bounds[1]]).all()
    assert table["risk_class"].between(1, 5).all()
    assert table["risk_class_probability"].between(0.2, 1).all()
    assert table["risk_rank_high"].max() <= len(regions)


def test_the_driest_and_fullest_region_of_each_country_is_its_highest(finished):
    _, regions, results, _, _ = finished
    table = pd.read_parquet(results / "regions" / "risk.parquet").assign(iso3=regions["iso3"])
    for _, group in table.groupby("iso3"):
        assert group["risk_index"].idxmax() == group.index[-1]


def test_what_is_unknown_is_said_and_shown(finished):
    _, regions, results, _, _ = finished
    found = read_run(results)["steps"]["risk.regions"]["warnings"]
    warnings = tell(map(Saying.read, found)).replace(NBSP, " ")
    assert tell(map(Saying.read, found), "fr") != warnings
    n = int((regions["iso3"] == "DJI").sum())
    assert f"unknown in {n} regions (DJI)" in warnings
    for phrase in ("regions of this study only", "not migration", "Lack of coping capacity", "known by country only"):
        assert phrase in warnings
    table = pd.read_parquet(results / "regions" / "risk.parquet").assign(iso3=regions["iso3"])
    assert table.loc[table["iso3"] == "SEN", "risk_known_share"].tolist() == pytest.approx([100] * (len(table) - n))
    # One of two parts of displacement, itself half of vulnerability, itself a third.
    assert table.loc[table["iso3"] == "DJI", "risk_known_share"].unique() == pytest.approx([100 * (1 - 0.5 / 2 / 3)])
    basis = pd.read_parquet(results / "risk_reliability.parquet")
    assert basis.loc[regions["iso3"] == "DJI", "missing"].unique() == pytest.approx([0.5 / 2 / 3])
    assert basis["label"].str.contains("known by country only").all()


def test_the_tree_used_and_every_part_are_kept(finished):
    _, regions, results, _, _ = finished
    tree = pd.read_parquet(results / "risk_weights.parquet").set_index("node")
    assert tree["effective_weight"].sum() == pytest.approx(1)
    assert tree.loc["displaced_inside", "regions_known"] == (regions["iso3"] == "SEN").sum()
    assert tree.loc["agriculture", "last_year"] == 2024
    parts = pd.read_parquet(results / "risk_parts.parquet")
    assert len(parts) == len(regions) * len(tree)
    dry = parts[parts["node"] == "aridity"].set_index("region_id")
    first = regions["region_id"].iloc[0]
    assert dry.loc[first, "value"] == pytest.approx(0.6)
    assert dry.loc[first, "score"] == pytest.approx(100 * (0.65 - 0.6) / 0.6)  # UNEP's goalposts 0.05 and 0.65
    assert parts.loc[parts["node"] == "risk", "value"].isna().all()


def test_the_finding_counts_what_is_sure(finished):
    _, regions, results, _, _ = finished
    table = pd.read_parquet(results / "regions" / "risk.parquet")
    sure = ((table["risk_class"] == 5) & (table["risk_class_probability"] >= 0.6)).sum()
    said = tell(STAGE.finding(results)).replace("\u00a0", " ")
    found = re.match(r"(\d+) (?:region is|regions are) in the highest class .* of (\d+) .* ±(\d+) places?\.", said)
    assert found is not None
    assert (int(found[1]), int(found[2])) == (sure, len(regions))
    same = ("CLASSES", "DRAWS", "SURE")
    assert [getattr(finding, name) for name in same] == [getattr(steps, name) for name in same]


def test_a_second_run_has_nothing_to_do(finished):
    study, _, results, chain, _ = finished
    assert all(event.skipped for event in run_stages(study, chain, results) if event.kind == "stage")


def test_without_dry_land_the_risk_is_nil_and_said_so(tmp_path):
    _, regions, results, _, events = _run(tmp_path, dry=False)
    parts = pd.read_parquet(results / "risk_parts.parquet")
    assert (parts.loc[parts["node"].isin(["risk", "exposure"]), "score"] == 0).all()
    assert pd.read_parquet(results / "regions" / "risk.parquet")["risk_index_low"].max() == 0
    assert tell(events[-1].finding).startswith(f"Nobody lives in drylands in these {len(regions)} regions")


def test_a_country_of_whose_vulnerability_too_little_is_known_has_no_index_and_is_named(tmp_path):
    _, regions, results, _, events = _run(tmp_path, farming=False)
    table = pd.read_parquet(results / "regions" / "risk.parquet").set_index("region_id")
    of_djibouti = (regions["iso3"] == "DJI").to_numpy()
    n = int(of_djibouti.sum())
    assert table.drop(columns="risk_known_share").isna().all(axis=1).tolist() == of_djibouti.tolist()
    assert table.loc[of_djibouti, "risk_known_share"].unique() == pytest.approx([100 * 2 / 3])  # land and exposure
    found = read_run(results)["steps"]["risk.regions"]["warnings"]
    warnings = [tell([Saying.read(one)]).replace(NBSP, " ") for one in found]
    told = [w for w in warnings if "no risk index" in w]
    assert told == [
        f"{n} regions have no risk index and no rank (DJI): their risk is not known, not low. "
        "Vulnerability: 25 per cent of its weight is known; at least 50 per cent is needed."
    ]
    assert not any("Agriculture" in w and "draws take it" in w for w in warnings)  # nothing is drawn for them
    assert tell(events[-1].finding).endswith(f"Of {n} more regions too little is known for an index.")
    parts = pd.read_parquet(results / "risk_parts.parquet").set_index(["node", "region_id"])["score"]
    assert parts["vulnerability"][of_djibouti].isna().all()
    assert parts["land"].notna().all()
