# SPDX-License-Identifier: Apache-2.0
"""Years of rain come in the order of the draw: a year keeps its rain and its vegetation, and only time is lost."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from homeground.land.assessment.choices import Choices
from homeground.land.assessment.judgement import Evidence
from homeground.land.noise.rain import rain_alone
from homeground.land.noise.shares import Observed, draw_shares, judged_cells
from homeground.land.noise.water import as_it_was, bound, water_drawn
from homeground.land.productivity.noise import drawn, orders_of
from homeground.land.productivity.profiles import period_ending

YEARS = np.arange(2000, 2024)


def following(seed=1, cells=60, noise=0.01, slope=0.0004, wetting=0.0):
    rng = np.random.default_rng(seed)
    rain = 500 + 80 * rng.normal(size=(24, 1)) + 20 * rng.normal(size=(24, cells))
    rain = rain + wetting * np.arange(24)[:, None]
    return 0.1 + slope * rain + noise * rng.normal(size=rain.shape), rain


def evidence(cells):
    known = Evidence(
        like=xr.DataArray(np.zeros(cells, np.int8), dims="cell"),
        vegetation={"mean": np.full(cells, 0.5)},
        stratum=np.zeros(cells),
        names=np.array([0.0]),
        potential=np.array([0.5]),
        water=np.zeros(cells, bool),
    )
    return dict.fromkeys(("baseline", "period"), Observed(known, None, None))


SPANS = {"baseline": period_ending(2015), "period": period_ending(2023)}
CHOICES = Choices()


def shares(null, water, cells, draws=60):
    weights = np.ones((cells, 1))
    return draw_shares(null, evidence(cells), SPANS, CHOICES, weights, draws, 7, water=water)


def observed_share(index, rain, trend_of, measure="trend_falling"):
    given = (index.astype(np.float32), YEARS, evidence(index.shape[1]), SPANS, CHOICES, 1)
    found = {name: (holds, known) for name, holds, known in judged_cells(*given, (trend_of, rain.astype(np.float32)))}
    holds, known = found[measure]
    return 100 * holds.sum() / known.sum()


def test_rain_of_a_draw_is_that_of_a_slow_twin():
    index, rain = following(cells=5)
    index[3, 1], rain[4, 2], rain[10] = np.nan, np.nan, np.nan
    null, water = bound(index, rain, YEARS, "rain-residual", seed=1)
    orders = orders_of(null, 3, seed=2)
    values, added = water_drawn(water, YEARS, orders)
    for d, order in enumerate(orders):
        for t in range(24):
            for k in range(5):
                source = rain[order[t], k]
                if np.isnan(rain[t, k]):
                    assert np.isnan(values[t, d, k])
                elif not np.isnan(source):
                    assert values[t, d, k] == source
                    mean = np.mean(water.steps[:, k])
                    assert added[t, d, k] == pytest.approx(water.slope[k] * (source - mean))
                else:
                    assert np.isfinite(values[t, d, k])
                    assert values[t, d, k] >= 0


def test_vegetation_that_is_nothing_but_rain_stays_on_its_line_in_every_draw():
    """The index of a draw less a + b P of the same draw is nothing, whatever the order of the years."""
    index, rain = following(noise=0.0)
    null, water = bound(index, rain, YEARS, "rain-residual", seed=1)
    orders = orders_of(null, 7, seed=3)
    values, added = water_drawn(water, YEARS, orders)
    np.testing.assert_allclose(drawn(null, orders) + added, 0.1 + 0.0004 * values, atol=1e-12)


def test_rain_that_never_varies_and_cells_without_rain_add_nothing():
    index, rain = following(cells=4)
    rain[:, 0], rain[:, 1] = 480.0, np.nan
    null, water = bound(index, rain, YEARS, "rain-use", seed=1)
    values, added = water_drawn(water, YEARS, orders_of(null, 2, seed=3))
    assert (added[..., :2] == 0).all()
    assert np.isnan(values[..., 1]).all()
    assert (values[..., 0] == 480).all()


@pytest.mark.parametrize("trend_of", ["rain-residual", "rain-use", "water-use"])
def test_series_without_signal_lie_in_their_own_range(trend_of):
    """Forty worlds without any change: the share lies in the range nearly always, and not always at its ends."""
    inside = 0
    for seed in range(40):
        index, rain = following(seed, cells=80)
        null, water = bound(index, rain, YEARS, trend_of, seed)
        drawn_shares = shares(null, water, 80)["trend_falling"][:, 0]
        low, high = np.percentile(drawn_shares, [2.5, 97.5])
        inside += low <= observed_share(index, rain, trend_of) <= high
    assert 34 <= inside <= 40  # 38 were expected; P(fewer than 34) is below 0.01 for a right range


def test_use_of_rain_that_falls_because_it_grew_wetter_is_more_than_chance():
    """NDVI / P = a / P + b falls where P rises: a signal of time, which the orders of the years take away."""
    index, rain = following(noise=0.001, slope=0.0002, wetting=25.0)
    null, water = bound(index, rain, YEARS, "rain-use", seed=1)
    found = shares(null, water, index.shape[1])["trend_falling"][:, 0]
    assert observed_share(index, rain, "rain-use") > np.percentile(found, 97.5)
    assert np.median(found) < 10


def test_rain_as_it_was_keeps_what_it_does_to_the_use_of_rain():
    index, rain = following(noise=0.001, slope=0.0002, wetting=25.0)
    alone = rain_alone(index, rain, YEARS, seed=1)
    found = shares(alone.null, as_it_was(alone, rain, "rain-use"), index.shape[1])["trend_falling"][:, 0]
    assert np.median(found) > 90


def test_loss_beyond_rain_is_more_than_chance_and_rain_alone_does_not_give_it():
    index, rain = following(noise=0.005)
    index = index - 0.004 * np.arange(24)[:, None]
    seen = observed_share(index, rain, "rain-residual")
    null, water = bound(index, rain, YEARS, "rain-residual", seed=1)
    alone = rain_alone(index, rain, YEARS, seed=1)
    for given in ((null, water), (alone.null, as_it_was(alone, rain, "rain-residual"))):
        assert seen > np.percentile(shares(*given, index.shape[1])["trend_falling"], 97.5)


def test_batches_do_not_change_the_draws():
    index, rain = following(cells=30)
    null, water = bound(index, rain, YEARS, "rain-residual", seed=1)
    args = (null, evidence(30), SPANS, CHOICES, np.ones((30, 1)), 5, 3)
    one, many = draw_shares(*args, batch=1, water=water), draw_shares(*args, water=water)
    for name, values in one.items():
        np.testing.assert_allclose(values, many[name], atol=1e-9)
