# SPDX-License-Identifier: Apache-2.0
"""Series without signal keep what is not time: levels, gaps, memory and the climate that all cells share."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from homeground.errors import DataError
from homeground.land.productivity.noise import drawn, no_signal, orders_of
from homeground.land.productivity.trend import trend

YEARS = np.arange(2000, 2024)


def made(rng, cells=400, years=YEARS.size, common=0.0, memory=0.0, slope=0.0):
    """Noise of one common and one own part, both with the same memory, on a line."""

    def chain(columns):
        out = np.empty((years, columns))
        out[0] = rng.normal(size=columns)
        for t in range(1, years):
            out[t] = memory * out[t - 1] + np.sqrt(1 - memory**2) * rng.normal(size=columns)
        return out

    noise = np.sqrt(common) * chain(1) + np.sqrt(1 - common) * chain(cells)
    return 0.4 + 0.03 * noise + slope * np.arange(years)[:, None]


def same_order(null):
    return np.arange(len(null.innovations))[None]


def test_the_years_in_their_own_order_give_back_the_series_without_its_line():
    rng = np.random.default_rng(3)
    values = made(rng, cells=5, memory=0.3)
    null = no_signal(values, YEARS, seed=1)
    line = trend(xr.DataArray(values, {"year": YEARS}, dims=("year", "cell")))["slope"].values
    rest = values - line * (YEARS - YEARS.mean())[:, None]
    rest = values.mean(axis=0) + (rest - rest.mean(axis=0)) * np.sqrt(24 / 22)
    np.testing.assert_allclose(drawn(null, same_order(null))[:, 0], rest, rtol=1e-12)


def test_by_hand_without_memory_a_draw_is_the_residuals_in_the_new_order():
    """Ten years 0 1 0 1 ... have the Sen slope 0 and a mean of 0.5; residuals of half a unit grow by sqrt(10 / 8)."""
    null = no_signal(np.tile([0.0, 1.0], 5)[:, None], np.arange(10), seed=1)
    without = type(null)(null.years, null.level, null.innovations * 0 + np.arange(10.0)[:, None], null.known, 0.0, 0.0)
    order = np.array([[9, 0, 8, 1, 7, 2, 6, 3, 5, 4]])
    np.testing.assert_allclose(drawn(without, order)[:, 0, 0], 0.5 + order[0])
    assert null.level[0] == 0.5
    np.testing.assert_allclose(drawn(null, same_order(null))[:, 0, 0], 0.5 + np.tile([-0.5, 0.5], 5) * np.sqrt(10 / 8))


def test_by_hand_memory_carries_half_of_the_year_before():
    null = no_signal(np.arange(8.0)[:, None] % 3, np.arange(8), seed=1)
    half = type(null)(null.years, np.zeros(1), np.eye(8)[0][:, None], null.known, 0.5, 0.0)
    np.testing.assert_allclose(drawn(half, same_order(half))[:, 0, 0], 0.5 ** np.arange(8) / np.sqrt(0.75))


def test_the_same_seed_gives_the_same_draws_and_another_does_not():
    values = made(np.random.default_rng(1), cells=20)
    values[3, 4] = np.nan
    first, again = (no_signal(values, YEARS, seed=5) for _ in range(2))
    np.testing.assert_array_equal(drawn(first, orders_of(first, 3, 8)), drawn(again, orders_of(again, 3, 8)))
    assert not np.array_equal(orders_of(first, 3, 8), orders_of(first, 3, 9))
    assert (np.sort(orders_of(first, 3, 8), axis=1) == np.arange(24)).all()


def test_gaps_stay_where_they_are_and_nothing_else_is_missing():
    rng = np.random.default_rng(2)
    values = made(rng, cells=50)
    values[rng.random(values.shape) < 0.15] = np.nan
    values[:, 7] = np.nan
    null = no_signal(values, YEARS, seed=1)
    for draw in drawn(null, orders_of(null, 4, 2)).swapaxes(0, 1):
        np.testing.assert_array_equal(np.isnan(draw), np.isnan(values))


def test_years_left_out_of_the_series_are_left_out_of_the_draws():
    kept = np.delete(YEARS, [4, 5, 11])
    null = no_signal(made(np.random.default_rng(2), years=kept.size), kept, seed=1)
    assert len(null.innovations) == 24
    assert drawn(null, orders_of(null, 2, 1)).shape == (21, 2, 400)
    assert np.isfinite(null.innovations).all()


def test_no_two_values_of_a_cell_are_the_same():
    """Ties would change the test of Mann and Kendall; a cell filled from others and a year filled whole bring none."""
    rng = np.random.default_rng(4)
    values = made(rng, cells=30)
    values[rng.random(values.shape) < 0.2] = np.nan
    null = no_signal(np.delete(values, 9, axis=0), np.delete(YEARS, 9), seed=1)
    for draw in drawn(null, orders_of(null, 20, 2)).swapaxes(0, 1):
        for cell in draw.T:
            known = cell[np.isfinite(cell)]
            assert np.unique(known).size == known.size


def test_the_common_climate_stays():
    rng = np.random.default_rng(6)
    values = made(rng, cells=300, common=0.6)
    null = no_signal(values, YEARS, seed=1)
    assert null.common == pytest.approx(0.6, abs=0.15)
    before = np.corrcoef(values.T - values.T.mean(axis=1, keepdims=True))[np.triu_indices(300, 1)].mean()
    for draw in drawn(null, orders_of(null, 5, 1)).swapaxes(0, 1):
        assert np.corrcoef(draw.T)[np.triu_indices(300, 1)].mean() == pytest.approx(before, abs=0.1)
    alone = no_signal(made(rng, cells=300), YEARS, seed=1)
    assert abs(alone.common) < 0.01


def test_the_line_does_not_count_as_noise():
    rng = np.random.default_rng(8)
    flat = made(rng, cells=200)
    tilted = flat + 0.02 * np.arange(24)[:, None]
    a, b = (no_signal(values, YEARS, seed=1) for values in (flat, tilted))
    np.testing.assert_allclose(a.innovations, b.innovations, atol=1e-9)
    assert a.memory == pytest.approx(b.memory, abs=1e-9)


@pytest.mark.parametrize("memory", [0.0, 0.2, 0.4, 0.6])
@pytest.mark.parametrize("years", [16, 24])
def test_the_memory_is_found_without_bias(memory, years):
    """4,000 cells of their own: the mean of many short series errs by its bias alone, which is corrected to 0.04."""
    found = no_signal(made(np.random.default_rng(9), 4000, years, memory=memory), np.arange(years), seed=1)
    assert found.memory == pytest.approx(memory, abs=0.04 if memory < 0.5 else 0.08)


def test_draws_have_no_trend_on_average_and_the_spread_of_the_series():
    values = made(np.random.default_rng(10), cells=300, slope=0.004)
    null = no_signal(values, YEARS, seed=1)
    draws = drawn(null, orders_of(null, 60, 3))
    slope = trend(xr.DataArray(draws, {"year": YEARS}, dims=("year", "draw", "cell")), limits=False)["slope"]
    assert abs(float(slope.mean())) < 1e-4
    assert float(draws.std(axis=0, ddof=1).mean()) == pytest.approx(0.03, rel=0.05)


def test_constant_and_empty_cells_have_draws_too():
    values = np.full((24, 3), 0.5)
    values[:, 1] = np.nan
    values[:, 2] = np.linspace(0, 1, 24)
    null = no_signal(values, YEARS, seed=1)
    draw = drawn(null, orders_of(null, 1, 1))[:, 0]
    np.testing.assert_allclose(draw[:, [0, 2]], 0.5, atol=1e-9)
    assert np.isnan(draw[:, 1]).all()


def test_too_few_or_mixed_years_are_refused():
    with pytest.raises(DataError, match="7 years"):
        no_signal(np.zeros((7, 2)), np.arange(7), seed=1)
    with pytest.raises(DataError, match="rising"):
        no_signal(np.zeros((9, 2)), np.arange(9)[::-1], seed=1)
