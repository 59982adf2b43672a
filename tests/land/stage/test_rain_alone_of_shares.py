# SPDX-License-Identifier: Apache-2.0
"""The step beside monthly rain: a second table, the first as it was, and a reason where there is none."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from homeground.brief.facts.assessed.noise import against_chance, read_noise
from homeground.catalogue.grids.grid import Grid
from homeground.catalogue.layers.alignment import read_months
from homeground.catalogue.layers.series import need_series
from homeground.land.assessment.vegetation import yearly_water
from homeground.land.noise import rain as rain_module
from homeground.land.noise import step
from homeground.land.noise.files import noise_outputs
from homeground.land.noise.rain import rain_of
from homeground.language.messages import tell
from homeground.numbers.table_check import check
from homeground.running.steps import Work
from homeground.running.tables.register import read_output, register
from homeground.study.opening import open_study

DRAWS = "sensitivity = false\nnoise_draws = 39"
COARSE = Grid(-17.1, 14.1, 0.2, 5, 6)  # of the rain: covers the land in cells of four by four


def yearly_rain(seed=1, drying=0.0):
    rng = np.random.default_rng(seed)
    rain = 600 + 60 * rng.normal(size=(24, 1, 1)) + 15 * rng.normal(size=(24, *COARSE.shape))
    return rain - drying * np.arange(24)[:, None, None]


def write_rain(land, yearly, first=2000, missing=()):
    """Twelve equal months whose sum is that of the year."""
    land.folder.mkdir(exist_ok=True)
    months = np.repeat(yearly / 12, 12, axis=0).astype("float32")
    for step_number in missing:
        months[step_number] = -9999
    land.write("rain.tif", months, -9999, "mm", grid=COARSE)
    return f'{{ path = "rain.tif", first = "{first}-01", units = "mm" }}'


def noisy(land, seed=1):
    rng, gap = np.random.default_rng(seed), np.isnan(land.ndvi)
    land.ndvi = 0.5 + 0.02 * rng.normal(size=(24, 1, 1)) + 0.02 * rng.normal(size=land.ndvi.shape)
    land.ndvi[gap] = np.nan
    return land


def run(land, text=DRAWS, **data):
    results = land.run(land=text, **data)
    work = Work(open_study(land.folder), results.out, results.out)
    step.noise(work)
    for path in results.out.glob("land_*"):
        assert check(read_output(path), register()[path.name].table) == [], path.name
    return results, work


def test_rain_changes_no_number_of_the_first_range_and_adds_a_table(land, new_land, tmp_path):
    plain, _ = run(noisy(land))
    with_rain = noisy(new_land(tmp_path / "rain"))
    results, work = run(with_rain, rain_series=write_rain(with_rain, yearly_rain()))
    pd.testing.assert_frame_equal(results.table("land_noise"), plain.table("land_noise"), check_exact=True)
    assert not (plain.out / "land_rain_alone.parquet").exists()
    assert "land_rain_alone.parquet" in noise_outputs(work.study)
    first, second = results.table("land_noise"), results.table("land_rain_alone")
    pd.testing.assert_frame_equal(
        second[["place", "measure", "observed", "cells"]], first[["place", "measure", "observed", "cells"]]
    )
    assert (second["low"] <= second["median"]).all()
    assert (second["median"] <= second["high"]).all()
    assert second["explained"].between(0, 100).all()
    assert (second["followed"] <= second["cells"]).all()
    facts, before = (json.loads((one.out / "land_noise.json").read_text("utf-8")) for one in (results, plain))
    assert {name: facts[name] for name in ("memory", "common", "cells")} == {
        name: before[name] for name in ("memory", "common", "cells")
    }
    assert before["rain_cells"] is None
    assert facts["rain_cells"] > 0
    assert facts["years_without_rain"] == []
    step.noise(work)
    pd.testing.assert_frame_equal(results.table("land_rain_alone"), second)


def test_a_land_that_dries_out_lies_in_the_range_of_rain_alone(land, where):
    """The index is a line of the rain that its cell gets, by the reading of the step itself."""
    said = write_rain(land, yearly_rain(drying=12.0))
    study = land.study(rain_series=said)
    grid, rng = where["grid"], np.random.default_rng(3)
    mm = rain_of(need_series(study, "rain_series"), grid, where["years"], np.arange(grid.rows * grid.columns))
    land.ndvi = 0.1 + 0.0006 * mm.reshape(land.ndvi.shape) + 0.002 * rng.normal(size=land.ndvi.shape)
    results, _ = run(land, rain_series=said)
    keys = ["level", "place"]
    for measure in ("trend_falling", "productivity_declining"):
        tables = (results.table(name) for name in ("land_noise", "land_rain_alone"))
        first, second = (table[table["measure"] == measure].set_index(keys) for table in tables)
        # Chance puts years in which all the land is dry at either end, so that a lower state is in its range too.
        assert measure != "trend_falling" or (second["observed"] > first["high"]).all()
        assert (second["observed"] <= second["high"] + 1e-9).all(), measure
        assert (second["observed"] >= second["low"] - 1e-9).all(), measure
    assert (second["explained"] > 95).all()


def test_rain_that_begins_late_is_told_and_a_year_with_a_lost_month_has_none(land, where):
    said = write_rain(land, yearly_rain()[5:], first=2005, missing=[12 * 3 + 6])
    results, _ = run(noisy(land), rain_series=said)
    facts = json.loads((results.out / "land_noise.json").read_text("utf-8"))
    assert facts["years_without_rain"] == [2000, 2001, 2002, 2003, 2004, 2008]
    assert set(results.table("land_rain_alone")["years_without_rain"]) == {6}
    said = against_chance(read_noise(results.out))
    assert said[-1].message == "noise.rain.years"
    assert "6 years" in tell(said[-1:], "en").replace("\u00a0", " ")


def test_blocks_of_years_do_not_change_the_rain(land, where, monkeypatch):
    said = write_rain(land, yearly_rain(), missing=[30])
    series = need_series(land.study(rain_series=said), "rain_series")
    cells = np.array([0, 17, 30, 111])
    whole = rain_of(series, where["grid"], np.arange(1998, 2026), cells)
    monkeypatch.setattr(rain_module, "AT_ONCE", 1)
    np.testing.assert_array_equal(rain_of(series, where["grid"], np.arange(1998, 2026), cells), whole)
    assert np.isnan(whole).all(axis=1).nonzero()[0].tolist() == [0, 1, 4, 26, 27]


@pytest.mark.parametrize("grid", [COARSE, Grid(-17.0, 14.0, 0.05, 8, 14), Grid(-17.0, 14.0, 0.02, 20, 35)])
def test_rain_at_some_cells_is_that_of_the_whole_tile(land, where, grid):
    """Coarse, as it lies and finer than the land: with a lost cell, and cells of the land beyond the file."""
    rng = np.random.default_rng(5)
    months = rng.uniform(0, 90, (36, *grid.shape)).astype("float32")
    months[7, 2, 3] = -9999
    land.folder.mkdir(exist_ok=True)
    land.write("rain.tif", months[:, :, :-1], -9999, "mm", grid=grid)
    series = need_series(
        land.study(rain_series='{ path = "rain.tif", first = "2000-01", units = "mm" }'), "rain_series"
    )
    years, every = np.array([2000, 2001, 2002]), np.arange(where["grid"].rows * where["grid"].columns)
    whole = yearly_water(read_months(series, where["grid"])).values.reshape(3, -1)
    some = every[3::7]
    np.testing.assert_array_equal(rain_of(series, where["grid"], years, some), whole[:, some].astype("float32"))
    np.testing.assert_array_equal(rain_of(series, where["grid"], years, every), whole.astype("float32"))
    assert rain_of(series, where["grid"], years, every[:0]).shape == (3, 0)


def test_daily_rates_are_summed_over_the_days_of_the_year(land, where):
    land.folder.mkdir(exist_ok=True)
    land.write("rain.tif", np.full((24, *COARSE.shape), 2.0, "float32"), -9999, grid=COARSE)
    said = '{ path = "rain.tif", first = "2000-01", units = "mm/day" }'
    series = need_series(land.study(rain_series=said), "rain_series")
    found = rain_of(series, where["grid"], np.array([2000, 2001, 2002]), np.array([5]))
    np.testing.assert_allclose(found[:, 0], [732, 730, np.nan])


def test_rain_that_never_varies_gives_no_range_and_says_so(land):
    said = write_rain(land, np.full((24, *COARSE.shape), 480.0))
    results, _ = run(noisy(land), rain_series=said)
    assert results.table("land_rain_alone").empty
    assert json.loads((results.out / "land_noise.json").read_text("utf-8"))["rain_cells"] == 0
    noise = read_noise(results.out)
    assert against_chance(noise)[-1].message == "noise.rain.none"


def test_without_rain_the_reason_is_told(land):
    results, _ = run(noisy(land))
    assert against_chance(read_noise(results.out))[-1].message == "noise.rain.not_given"
