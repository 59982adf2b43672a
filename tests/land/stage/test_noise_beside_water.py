# SPDX-License-Identifier: Apache-2.0
"""Ranges of chance where the trend is of rain residuals, rain-use or water-use efficiency: the step beside its rain."""

from __future__ import annotations

import numpy as np
import pytest

from homeground.brief.facts.assessed.noise import against_chance, read_noise
from homeground.catalogue.grids.tile_store import stored
from homeground.catalogue.grids.tiles import tiles
from homeground.land.assessment.choices import base_choices
from homeground.land.assessment.degradation import sources_of
from homeground.land.assessment.vegetation import BESIDE, VegetationInputs
from homeground.land.noise import step
from homeground.land.noise.files import noise_outputs
from homeground.land.noise.sample import observed_cells, pick, spacing
from homeground.land.noise.shares import MEASURES, judged_cells
from homeground.language.languages import LANGUAGES, NBSP
from homeground.language.messages import tell
from homeground.numbers.table_check import check
from homeground.running.steps import Work
from homeground.running.tables.register import read_output, register
from homeground.study.opening import open_study

DRAWS = "sensitivity = false\nnoise_draws = 39"
USES = sorted(BESIDE)


def write_months(land, where, seed=1, missing=()):
    """Monthly water of the land's own grid: common years and each cell's own, twelve equal months."""
    rng = np.random.default_rng(seed)
    yearly = 600 + 60 * rng.normal(size=(24, 1, 1)) + 15 * rng.normal(size=(24, *where["grid"].shape))
    months = np.repeat(yearly / 12, 12, axis=0).astype("float32")
    for month in missing:
        months[month] = -9999
    land.folder.mkdir(exist_ok=True)
    land.write("water.tif", months, -9999, "mm")
    gap = np.isnan(land.ndvi)
    land.ndvi = 0.2 + 0.0004 * yearly + 0.02 * rng.normal(size=land.ndvi.shape)
    land.ndvi[gap] = np.nan
    return '{ path = "water.tif", first = "2000-01", units = "mm" }'


def run(land, rules, **data):
    results = land.run(land=f"{DRAWS}\n{rules}", **data)
    work = Work(open_study(land.folder), results.out, results.out)
    step.noise(work)
    for path in results.out.glob("land_*"):
        assert check(read_output(path), register()[path.name].table) == [], path.name
    return results, work


@pytest.mark.parametrize("trend_of", USES)
@pytest.mark.parametrize(
    "rules", ['profile = "prais4-2026"', 'autocorrelation = "hamed-rao"', "false_discovery = true"]
)
def test_the_years_as_they_are_give_the_assessment_itself(land, where, trend_of, rules):
    """With a month lost, so that a year has no rain: the step's own lines give the classes that the run has published."""
    said = write_months(land, where, missing=[12 * 6 + 3])
    _, work = run(land, f'trend_of = "{trend_of}"\n{rules}', **{BESIDE[trend_of]: said})
    sources = sources_of(work, work.results)
    index = VegetationInputs(work.study, sources.grid, sources.regions, sources.series, sources.vegetation)
    chosen = tiles(sources.grid, stored(sources.vegetation)[1])
    parts = [one for tile in chosen if (one := pick(sources, index, spacing(sources), tile)) is not None]
    cells = observed_cells(sources, parts, judged=True)
    observed = np.concatenate([one.index for one in parts], axis=1)
    water = np.concatenate([one.water[BESIDE[trend_of]] for one in parts], axis=1)
    given = (observed, parts[0].years, cells, sources.periods, base_choices(work.study), 1, (trend_of, water))
    found = {name: (holds, known) for name, holds, known in judged_cells(*given)}
    km2, land_km2 = (np.concatenate([one.km2 for one in parts]), sum(one.land for one in parts).sum())
    assert tuple(found) == MEASURES
    for name, both in found.items():
        for cells_of, of in zip(both, ("observed", "known"), strict=True):
            whole = sum(getattr(one, of)[name].sum() for one in parts)
            assert km2[cells_of].sum() == pytest.approx(whole, abs=1e-9 * land_km2), name


@pytest.mark.parametrize("trend_of", USES)
def test_each_share_has_its_range_and_the_text_says_how(land, where, trend_of):
    said = write_months(land, where)
    results, work = run(land, f'trend_of = "{trend_of}"', **{BESIDE[trend_of]: said})
    table = results.table("land_noise")
    assert (table["low"] <= table["median"]).all()
    assert (table["median"] <= table["high"]).all()
    country = table.query("level == 'country' and measure == 'trend_falling'")
    assert country["observed"].between(country["low"], country["high"]).all()  # nothing was planted in time
    second = "land_rain_alone.parquet"
    assert (second in noise_outputs(work.study)) == (results.out / second).exists() == (trend_of != "water-use")
    for code in LANGUAGES:
        text = tell(against_chance(read_noise(results.out), code, trend_of), code).replace(NBSP, " ")
        assert f'[land].trend_of = "{trend_of}"' in text
        assert tell(against_chance(read_noise(results.out), code), code).replace(NBSP, " ") != text
    last = against_chance(read_noise(results.out), "en", trend_of)[-1].message
    assert last == ("noise.rain.water_use" if trend_of == "water-use" else "noise.rain.how")


def test_rain_given_beside_water_use_makes_no_second_range(land, where):
    said = write_months(land, where)
    results, work = run(land, 'trend_of = "water-use"', et_series=said, rain_series=said)
    assert "land_rain_alone.parquet" not in noise_outputs(work.study)
    assert not (results.out / "land_rain_alone.parquet").exists()


def test_the_range_is_of_the_trend_that_is_judged(land, where):
    """Wetter years lift the index and lower the use of rain: of the index nothing falls, of its use nearly all does."""
    said = write_months(land, where)
    shape = where["grid"].shape
    rng = np.random.default_rng(4)
    wetter = np.arange(24)[:, None, None] * 25.0 + 400 + 20 * rng.normal(size=(24, *shape))
    land.write("water.tif", np.repeat(wetter / 12, 12, axis=0).astype("float32"), -9999, "mm")
    land.ndvi = 0.3 + 0.0001 * wetter + 0.002 * rng.normal(size=land.ndvi.shape)
    results, _ = run(land, 'trend_of = "rain-use"', rain_series=said)
    first, second = (results.table(name) for name in ("land_noise", "land_rain_alone"))
    rows, alone = (table.query("level == 'study'").set_index("measure") for table in (first, second))
    assert rows.loc["trend_falling", "observed"] > rows.loc["trend_falling", "high"]
    assert (
        alone.loc["trend_falling", "low"]
        <= alone.loc["trend_falling", "observed"]
        <= alone.loc["trend_falling", "high"]
    )
