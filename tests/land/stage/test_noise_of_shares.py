# SPDX-License-Identifier: Apache-2.0
"""Shares beside those of series without signal: the same judgement, the same land, and only time put in another order."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
import scipy.sparse as sp

from homeground.catalogue.grids.tile_store import stored
from homeground.catalogue.grids.tiles import tiles
from homeground.land.assessment.choices import base_choices
from homeground.land.assessment.degradation import sources_of
from homeground.land.assessment.vegetation import VegetationInputs
from homeground.land.noise import step
from homeground.land.noise.columns import noise_columns
from homeground.land.noise.files import noise_given, noise_outputs
from homeground.land.noise.sample import observed_cells, pick, spacing, spread
from homeground.land.noise.shares import MEASURES, draw_shares, judged_cells
from homeground.land.productivity.noise import no_signal
from homeground.numbers.table_check import check
from homeground.running.steps import Work
from homeground.running.tables.register import read_output, register
from homeground.study.opening import open_study

DRAWS = "sensitivity = false\nnoise_draws = 39"


def noisy(land, seed=1, common=0.5, slope=0.0):
    """Noise of the whole land and of each cell about half, with the gap and the water of the planted land."""
    rng = np.random.default_rng(seed)
    years, *shape = land.ndvi.shape
    noise = np.sqrt(common) * rng.normal(size=(years, 1, 1)) + np.sqrt(1 - common) * rng.normal(size=(years, *shape))
    gap = np.isnan(land.ndvi)
    land.ndvi = 0.5 + 0.03 * noise + slope * np.arange(years)[:, None, None]
    land.ndvi[gap] = np.nan
    return land


def run(land, text=DRAWS, **data):
    results = land.run(land=text, **data)
    work = Work(open_study(land.folder), results.out, results.out)
    step.noise(work)
    for name in ("land_noise.parquet", "land_noise.json"):
        assert check(read_output(results.out / name), register()[name].table) == []
    return results, work


def picked(work):
    sources = sources_of(work, work.results)
    index = VegetationInputs(work.study, sources.grid, sources.regions, sources.series, sources.vegetation)
    chosen = tiles(sources.grid, stored(sources.vegetation)[1])
    return sources, [one for tile in chosen if (one := pick(sources, index, spacing(sources), tile)) is not None]


@pytest.mark.parametrize(
    "rules",
    [
        'profile = "prais4-2026"', 'profile = "gpg2"', 'profile = "gpg1"', 'profile = "trends.earth-2.3"',
        'autocorrelation = "hamed-rao"', 'autocorrelation = "pre-whiten"', "false_discovery = true",
    ],
)  # fmt: skip
def test_the_years_as_they_are_give_the_assessment_itself(land, where, rules):
    """The cells judged by the step's own lines, with the observed index, have the classes that the run has published."""
    noisy(land, slope=-0.001)
    land.cover[:, :, where["blocks"]["rising"]] = 3
    land.cover[10:, :4, where["blocks"]["rising"]] = 2  # fields left
    land.ndvi[:, :4, where["blocks"]["rising"]] += 0.01 * np.arange(len(land.ndvi))[:, None, None]
    land.folder.mkdir()
    land.polygons(
        "e.geojson", [where["columns"](6, 10, 2, 6)], uuid=["u"], location_name=["here"], recode_deg_to=[1],
        periods_affected=[["baseline", "report_2"]], recode_stable_to=[-1], recode_imp_to=[None],
        process_driving_change=["harvest"], basis_for_judgement=["visit"],
    )  # fmt: skip
    land.polygons("c.geojson", [where["columns"](2, 4, 0, 2)], note=["planted"])
    files = {"error_polygons": '"e.geojson"', "abandonment_confirmed": '"c.geojson"'}
    _, work = run(land, f"{DRAWS}\n{rules}", **files)
    sources, parts = picked(work)
    cells = observed_cells(sources, parts, judged=True)
    index = np.concatenate([one.index for one in parts], axis=1)
    judged = judged_cells(index, parts[0].years, cells, sources.periods, base_choices(work.study))
    found = {name: (holds, known) for name, holds, known in judged}
    km2, land_km2 = (np.concatenate([one.km2 for one in parts]), sum(one.land for one in parts).sum())
    assert tuple(found) == MEASURES
    for name, both in found.items():
        for cells_of, of in zip(both, ("observed", "known"), strict=True):
            whole = sum(getattr(one, of)[name].sum() for one in parts)
            assert km2[cells_of].sum() == pytest.approx(whole, abs=1e-9 * land_km2), name
    assert km2.sum() == pytest.approx(land_km2)


def test_the_observed_shares_are_the_published_ones(land):
    results, _ = run(noisy(land))
    table = results.table("land_noise")
    countries = results.facts("degradation")["countries"]
    own = table[(table["level"] == "country")].set_index(["place", "measure"])["observed"]
    for iso3, published in countries.items():
        assert own[iso3, "degraded"] == pytest.approx(published["degraded"])
    whole = table[table["level"] == "study"].set_index("measure")["observed"]
    assert whole["degraded"] == pytest.approx(results.facts("degradation")["degraded_share"])
    status = results.table("land_status")
    areas = status[status["status"] != -128].groupby("iso3")["area_km2"].sum()  # land with a verdict
    improved = status[status["status"] >= 5].groupby("iso3")["area_km2"].sum().reindex(areas.index).fillna(0)
    for iso3, share in (100 * improved / areas).items():
        assert own[iso3, "improved"] == pytest.approx(share)


def test_ranges_lie_about_their_median_and_are_the_same_twice(land, tmp_path):
    results, work = run(noisy(land))
    first = results.table("land_noise")
    assert (first["low"] <= first["median"]).all()
    assert (first["median"] <= first["high"]).all()
    assert (first.loc[first["measure"] == "trend_falling", "high"] > 0).all()
    step.noise(work)
    pd.testing.assert_frame_equal(results.table("land_noise"), first)


def test_a_land_that_falls_everywhere_is_more_than_chance(land):
    noisy(land, common=0.0, slope=-0.01)
    results, _ = run(land)
    rows = results.table("land_noise").query("level == 'country' and measure == 'trend_falling'")
    assert (rows["observed"] > rows["high"]).all()


def test_cover_and_carbon_stay_as_they_are(land):
    """Trees that were cut lose carbon under any order of the years: no draw falls below what they take alone."""
    land.ndvi[:] = 0.5
    results, _ = run(land)
    table = results.table("land_noise").set_index(["place", "measure"])
    lost = results.table("land_status").query("1 <= status <= 3").groupby("iso3")["area_km2"].sum()
    assert lost["SEN"] > 0
    shares = table.loc[("SEN", "degraded"), ["observed", "low", "high"]].to_numpy("float64")
    np.testing.assert_allclose(shares, shares[0])
    assert (table.xs("trend_falling", level="measure")[["observed", "low", "high"]] == 0).all(axis=None)


def test_batches_do_not_change_the_draws(land):
    _, work = run(noisy(land))
    sources, parts = picked(work)
    null = no_signal(np.concatenate([one.index for one in parts], axis=1), parts[0].years, 1)
    cells = observed_cells(sources, parts, judged=True)
    weights = np.concatenate([one.km2 for one in parts])[:, None]
    args = (null, cells, sources.periods, base_choices(work.study), weights, 7, 3)
    one, many = draw_shares(*args, batch=1), draw_shares(*args)
    for name in MEASURES:
        np.testing.assert_allclose(one[name], many[name], atol=1e-9)


def test_without_carbon_only_productivity_has_a_range(land):
    results, _ = run(noisy(land), soil_carbon="", climate_zone="")
    assert set(results.table("land_noise")["measure"]) == {"productivity_declining", "trend_falling", "state_falling"}


def test_regions_of_200_cells_have_a_row(land, monkeypatch):
    results, _ = run(noisy(land))
    assert set(results.table("land_noise")["level"]) == {
        "study",
        "country",
    }  # A has 44 cells of land, B 48 and 6 halves
    study = open_study(land.folder)
    assert noise_columns(results.out, study, pd.Series(["A", "B"])) == {}
    monkeypatch.setattr("homeground.land.noise.step.REGION_CELLS", 50)
    step.noise(Work(study, results.out, results.out))
    table = results.table("land_noise").query("level == 'region'")
    assert set(table["place"]) == {"B"}
    columns = noise_columns(results.out, study, pd.Series(["A", "B"]))
    assert list(columns) == [f"{m}_noise{end}" for m in ("degraded", "improved") for end in ("", "_low", "_high")]
    high = table.loc[table["measure"] == "degraded", "high"].item()
    np.testing.assert_array_equal(columns["degraded_noise_high"], [np.nan, high])


@pytest.mark.parametrize(
    ("text", "data"),
    [("noise_draws = 0", {}), ("", {"ndvi": ""})],
)
def test_nothing_is_written_where_there_are_no_draws(land, text, data):
    study = land.study(land=text, **data)
    assert not noise_given(study)
    assert noise_outputs(study) == ()
    out = land.folder / "out"
    out.mkdir()
    step.noise(Work(study, out, out))
    assert list(out.iterdir()) == []


def test_facts_tell_what_was_drawn_from(land):
    results, _ = run(noisy(land, common=0.7))
    facts = json.loads((results.out / "land_noise.json").read_text("utf-8"))
    assert facts["draws"] == 39
    assert facts["years"] == list(range(2000, 2024))
    assert facts["common"] == pytest.approx(0.7, abs=0.2)


def test_a_sample_is_spread_by_area_and_stands_for_all_of_it():
    rng = np.random.default_rng(1)
    land = sp.csr_array(rng.uniform(0.5, 1.5, (1, 10_000)))
    sizes = []
    for seed in range(20):
        region, cell, km2 = spread(land, np.array([7.3]), [seed])
        assert np.unique(cell).size == cell.size
        assert np.diff(cell).max() <= 15
        assert (region == 0).all()
        sizes.append(km2.sum())
    assert np.mean(sizes) == pytest.approx(land.sum(), rel=1e-3)


def test_a_thinned_sample_gives_the_ranges_of_all_cells(land, monkeypatch):
    """About half of the cells: medians differ by the error of a sample, and every measure has a row."""
    results, work = run(noisy(land))
    whole = results.table("land_noise").query("level == 'study'").set_index("measure")
    monkeypatch.setattr("homeground.land.noise.sample.COUNTRY_CELLS", 22)
    monkeypatch.setattr("homeground.land.noise.sample.REGION_CELLS", 22)
    step.noise(work)
    thin = results.table("land_noise").query("level == 'study'").set_index("measure")
    assert thin["cells"].max() < 0.6 * whole["cells"].max()
    pd.testing.assert_series_equal(thin["observed"], whole["observed"])  # of all cells, whatever was sampled
    assert ((thin["median"] - whole["median"]).abs() < 20).all()
