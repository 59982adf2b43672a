# SPDX-License-Identifier: Apache-2.0
"""Tile by tile is the same as at once, and as the functions on whole arrays, under every choice of method."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from homeground.errors import StudyError
from homeground.land.assessment import degradation as second_walk
from homeground.land.assessment import vegetation as first_walk
from homeground.land.carbon.soil_carbon import soil_carbon, soil_carbon_change
from homeground.land.cover.land_cover import land_cover_change
from homeground.land.neutrality.degradation import degradation, status
from homeground.land.productivity.classes import fold_classes
from homeground.land.productivity.direction import productivity_trend
from homeground.land.productivity.profiles import PERIODS, productivity_assessment

SPANS = {"baseline": PERIODS["baseline"], "period": PERIODS["report_2"]}


def noise(land, where):
    """The planted land with noise everywhere, years that resemble each other, gaps, and covers that change."""
    random = np.random.default_rng(11)
    shape = land.ndvi.shape
    steps = random.normal(0, 0.02, shape)
    for year in range(1, shape[0]):
        steps[year] += 0.4 * steps[year - 1]
    base = random.uniform(0.1, 0.6, shape[1:])
    land.ndvi = np.clip(base + random.normal(0, 0.004, shape[1:]) * np.arange(24)[:, None, None] + steps, 0.01, 0.95)
    land.ndvi[random.random(shape) < 0.03] = np.nan
    land.cover = np.repeat(random.integers(1, 8, (6, *shape[1:])), 4, axis=0).astype("uint8")
    land.carbon = random.uniform(20, 80, shape[1:]).astype("float32")
    land.zone = random.integers(1, 13, shape[1:]).astype("uint8")
    return land


def cut(land, where):
    """All layers as arrays on the grid of the study (13 columns), missing outside it, with the cells' areas."""
    grid = where["grid"].window(0, 0, 8, 13)
    inside = np.ones(grid.shape, bool)
    inside[6:, 12] = False
    area = np.where(inside, grid.row_areas[:, None] * np.ones(13), 0)
    area[:, 12] /= 2
    raw = np.where(np.isnan(land.ndvi), -32768, np.round(land.ndvi * 10_000)).astype("int16")[..., :13]
    ndvi = np.where((raw == -32768) | ~inside, np.nan, raw.astype("float32") * np.float32(0.0001)).astype("float32")
    cover = np.where(inside, land.cover[..., :13], -128).astype("int8")
    stock = np.where(inside, land.carbon[:, :13], np.nan).astype("float64")
    years = {"year": where["years"]}
    return {
        "ndvi": grid.array(ndvi, "ndvi", units="1").assign_coords(years),
        "cover": grid.array(cover, "cover").assign_coords(years),
        "stock": grid.array(stock, "stock", units="t C/ha"),
        "zone": grid.array(land.zone[:, :13].astype("int8"), "zone"),
        "area": grid.array(area, "area", units="km2"),
    }


def whole(land, where, profile="prais4-2026", **choices):
    """Every field of both periods by the functions on whole arrays."""
    known = cut(land, where)
    cover, first = known["cover"], known["cover"].sel(year=2000, drop=True)
    stratum = first.where((first != -128) & (first != 7)).astype("float64")
    stocks = soil_carbon(known["stock"], cover, known["zone"])
    water = first == 7
    out = {}
    for period, span in SPANS.items():
        classes = productivity_assessment(
            known["ndvi"], stratum, profile=profile, period=span, weights=known["area"], **choices
        )
        productivity = classes["productivity5"] if "productivity5" in classes else classes["productivity3"]
        pair = [one.sel(year=year, drop=True) for one in (cover, stocks) for year in span.cover]
        change = land_cover_change(pair[0], pair[1])
        carbon = soil_carbon_change(pair[2], pair[3], water=water)
        three = fold_classes(productivity) if "productivity5" in classes else productivity
        verdict = degradation(three, change, carbon).where(~water, -128).astype("int8")
        fields = {name: classes[name] for name in ("trend", "state", "performance")}
        fields |= {
            "productivity": productivity,
            "cover_change": change,
            "carbon_change": carbon,
            "degradation": verdict,
        }
        out |= {f"{name}_{period}": values for name, values in fields.items()}
    return out | {"status": status(out["degradation_baseline"], out["degradation_period"])}


def assert_same_fields(found, expected):
    for name, values in expected.items():
        np.testing.assert_array_equal(found.field(name), values.values, err_msg=name)


@pytest.fixture
def never_abandoned(land, where):
    """Noise of cover would be read as abandoned cropland; in these tests nothing is."""
    land = noise(land, where)
    land.cover = np.where(np.maximum.accumulate(land.cover == 3, axis=0), 3, land.cover).astype("uint8")
    return land


@pytest.mark.parametrize("profile", ["prais4-2026", "gpg2", "gpg1", "trends.earth-2.3"])
def test_fields_are_those_of_the_functions_on_whole_arrays(never_abandoned, where, profile):
    found = never_abandoned.run(f'sensitivity = false\nprofile = "{profile}"')
    expected = whole(never_abandoned, where, profile)
    assert_same_fields(found, expected)
    kinds = {name: set(np.unique(values)) for name, values in expected.items()}
    assert kinds["degradation_period"] >= {-128, -1, 0}
    assert len(kinds["status"]) >= 5  # the land is varied enough for the comparison to mean something


@pytest.mark.parametrize(
    ("said", "choice"),
    [("false_discovery = true", {"false_discovery": True}), *(
        (f'autocorrelation = "{name}"', {"autocorrelation": name}) for name in ("hamed-rao", "pre-whiten"))],
)  # fmt: skip
def test_other_tests_of_the_trend(never_abandoned, where, said, choice):
    never_abandoned.cover[0, :, 4:10] = 7  # a lake, whose level index would move the false-discovery rate of the land
    never_abandoned.ndvi[..., 4:10] = 0.5
    first = cut(never_abandoned, where)["cover"].sel(year=2000, drop=True)
    land = ((first != 7) & (first != -128)).values
    found = never_abandoned.run(f"sensitivity = false\n{said}")
    never_abandoned.ndvi[:, :, :13][:, ~land] = np.nan
    expected = whole(never_abandoned, where, **choice)
    for name, values in expected.items():
        np.testing.assert_array_equal(found.field(name)[land], values.values[land], err_msg=name)
    for period in SPANS if "false_discovery" in choice else ():  # Benjamini and Hochberg over the land alone
        p = np.sort(found.field(f"p_{period}", "vegetation")[land])
        p = p[np.isfinite(p)]
        least = p[p <= 0.05 * np.arange(1, p.size + 1) / p.size].max()
        assert found.facts("vegetation")[period]["fdr_threshold"] == least
    plain = whole(never_abandoned, where)
    assert any((plain[f"trend_{p}"] != expected[f"trend_{p}"]).any() for p in SPANS)


@pytest.fixture(scope="module")
def once(tmp_path_factory, new_land, where):
    """Noise, with all tables, in one tile."""
    found = noise(new_land(tmp_path_factory.mktemp("tiles") / "made"), where)
    return found, found.run(land="", out="once")


@pytest.mark.parametrize("shape", [(5, 7), (7, 12)])  # the second leaves a row, a column and a corner alone
def test_small_tiles_give_the_same_tables_fields_and_maps(once, monkeypatch, shape):
    land, once = once
    for walk in (first_walk, second_walk):
        monkeypatch.setattr(walk, "tile_shape", lambda *_, **__: shape)
    found = land.run(land="", out=f"tiles{shape[0]}")
    assert set(found.tables) == set(once.tables)
    for name, table in once.tables.items():
        pd.testing.assert_frame_equal(found.tables[name], table, check_exact=False, rtol=1e-9, obj=name)
    for store in ("vegetation", "degradation"):
        with xr.open_zarr(once.out / "land.zarr" / store, consolidated=False, mask_and_scale=False) as data:
            for name, values in data.data_vars.items():
                other, close = found.field(name, store), 1e-12 if values.dtype == "float64" else 0
                np.testing.assert_allclose(other, values.values, rtol=close, err_msg=str(name))
    for path in (once.out / "maps").glob("*.tif"):
        np.testing.assert_array_equal(found.map(path.stem), once.map(path.stem))
    assert found.warnings == once.warnings
    told, expected = found.facts("degradation"), once.facts("degradation")
    for name in ("degraded", "low", "high"):
        assert told["regions"].pop(name) == pytest.approx(expected["regions"][name], rel=1e-9)
    for name in ("degraded_share", "degraded_low", "degraded_high"):
        assert told[name] == pytest.approx(expected[name], rel=1e-9)


def rain_series(land, yearly):
    """Twelve equal months whose sum is that of the year; shape (years, rows, columns)."""
    land.folder.mkdir(exist_ok=True)
    land.write("rain.tif", np.repeat(yearly / 12, 12, axis=0).astype("float32"), -9999, "mm")
    return '{ path = "rain.tif", first = "2000-01", units = "mm" }'


def test_decline_that_follows_the_rain_is_none_of_the_land(land, where):
    since = np.arange(24)[:, None, None]
    wobble = 0.004 * np.array([1, -1, -1, 1] * 6)[:, None, None]  # no trend: S of four such years is 0
    rain = (900 - 20.0 * since) * np.ones(where["grid"].shape)
    land.ndvi = 0.1 + 0.0004 * rain + wobble
    land.ndvi[..., :4] -= 0.01 * since  # beyond what the rain explains
    land.ndvi[..., :4] += 0.01 * 23 * (rain[..., :4] > 0)
    rain[12, :, :] = 700  # one year apart from the line, so that rain is not time
    said = rain_series(land, rain)
    plain = land.run(out="plain")
    found = land.run('sensitivity = false\ntrend_of = "rain-residual"', rain_series=said, out="residual")
    assert (plain.field("trend_baseline")[:6] == -1).all()
    assert (found.field("trend_baseline")[:6, 4:] == 0).all()
    # State and performance stay those of the index itself.
    np.testing.assert_array_equal(found.field("state_baseline"), plain.field("state_baseline"))
    np.testing.assert_array_equal(found.field("performance_baseline"), plain.field("performance_baseline"))


@pytest.mark.parametrize(("use", "layer"), [("rain-use", "rain_series"), ("water-use", "et_series")])
def test_the_same_green_from_more_water_is_less_use_of_it(land, where, use, layer):
    land.ndvi = np.full(land.ndvi.shape, 0.5)
    rain = (400 + 20.0 * np.arange(24)[:, None, None]) * np.ones(where["grid"].shape)
    rain[..., 6:] = 500.0
    found = land.run(f'sensitivity = false\ntrend_of = "{use}"', **{layer: rain_series(land, rain)})
    assert (found.field("trend_period")[:6, :6] == -1).all()
    assert (found.field("trend_period")[:6, 6:] == 0).all()
    slope = found.field("slope_baseline", "vegetation")[0, 0]
    years = 400 + 20.0 * np.arange(16)
    pairs = [
        (0.5 / years[j] - 0.5 / years[i]) / (j - i) * 1000 for i in range(16) for j in range(i + 1, 16)
    ]  # per metre of water
    assert slope == pytest.approx(np.median(pairs), rel=1e-4)


def test_choices_that_contradict_each_other_are_refused(land):
    land.folder.mkdir()
    said = rain_series(land, np.full(land.ndvi.shape, 500.0))
    for text in (
        'profile = "trends.earth-2.3"\ntrend_of = "rain-use"',
        'false_discovery = true\nautocorrelation = "hamed-rao"',
        'profile = "gpg2"\nfalse_discovery = true',
        'profile = "trends.earth-2.3"\nautocorrelation = "hamed-rao"',
    ):
        with pytest.raises(StudyError, match=r"land\."):
            land.study(text, rain_series=said)


def test_direction_by_the_function_alone(land, where):
    """The stored p and score give the classes again: a second look that does not pass through the stage."""
    found = noise(land, where).run()
    trend = productivity_trend(cut(land, where)["ndvi"].sel(year=slice(2008, 2023)))
    p, score = found.field("p_period", "vegetation"), found.field("score_period", "vegetation")
    again = np.where(np.isnan(p), -128, np.where(p <= 0.05, np.sign(score), 0))
    np.testing.assert_array_equal(again, trend.values)
