# SPDX-License-Identifier: Apache-2.0
"""What the observed rain alone gives: its course stays in its years, and what it does not explain carries no signal."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from homeground.land.assessment.choices import Choices
from homeground.land.assessment.judgement import Evidence
from homeground.land.noise.rain import rain_alone
from homeground.land.noise.shares import Observed, draw_shares, judged_cells
from homeground.land.productivity.noise import drawn, no_signal, orders_of
from homeground.land.productivity.profiles import period_ending

YEARS = np.arange(2000, 2024)


def following(seed=1, cells=40, noise=0.01, slope=0.0004):
    """Cells that follow a rain of the whole land with some of their own, and the rain, mm/year."""
    rng = np.random.default_rng(seed)
    rain = 500 + 80 * rng.normal(size=(24, 1)) + 20 * rng.normal(size=(24, cells))
    return 0.1 + slope * rain + noise * rng.normal(size=rain.shape), rain


def same_order(null):
    return np.arange(len(null.innovations))[None]


def plain_fit(index, rain):
    """Course of one cell by a polynomial of degree one, in a loop over its years."""
    years = [t for t in range(index.size) if index[t] == index[t] and rain[t] == rain[t]]
    if len(years) < 8 or len({rain[t] for t in years}) == 1:
        return np.zeros(index.size)
    slope, _ = np.polyfit([rain[t] for t in years], [index[t] for t in years], 1)
    mean = sum(rain[t] for t in years) / len(years)
    return np.array([0.0 if np.isnan(p) else slope * (p - mean) for p in rain])


def test_by_hand_the_line_of_eight_years():
    """Rain less its mean is -350 to 350 mm, its squares 420,000; products 240, so 4/7000 per mm and r2 = 5.76 / 7.56."""
    index = np.array([0.1, 0.3, 0.2, 0.4, 0.3, 0.5, 0.4, 0.6])[:, None]
    rain = 100.0 * np.arange(1, 9)[:, None]
    found = rain_alone(index, rain, np.arange(2000, 2008), seed=1)
    np.testing.assert_allclose(found.null.course[:, 0], 4 / 7000 * (rain[:, 0] - 450))
    assert found.explained[0] == pytest.approx(5.76 / 7.56)
    assert found.null.level[0] == pytest.approx(0.35)


def test_vegetation_that_is_nothing_but_rain_is_the_same_in_every_draw():
    index, rain = following(noise=0.0)
    found = rain_alone(index, rain, YEARS, seed=1)
    for draw in drawn(found.null, orders_of(found.null, 5, 3)).swapaxes(0, 1):
        np.testing.assert_allclose(draw, index, atol=1e-12)
    np.testing.assert_allclose(found.explained, 1.0)


def test_the_line_is_that_of_a_slow_twin_with_gaps_in_both():
    index, rain = following(noise=0.02)
    rng = np.random.default_rng(4)
    index[rng.random(index.shape) < 0.2] = np.nan
    rain[rng.random(rain.shape) < 0.1] = np.nan
    rain[7:, 3] = np.nan  # seven years are too few
    rain[:, 4] = 300.0
    found = rain_alone(index, rain, YEARS, seed=1)
    twin = np.stack([plain_fit(*pair) for pair in zip(index.T, rain.T, strict=True)], axis=1)
    np.testing.assert_allclose(found.null.course, twin, atol=1e-10)
    assert (twin[:, [3, 4]] == 0).all()
    assert np.isnan(found.explained[[3, 4]]).all()
    assert np.isfinite(np.delete(found.explained, [3, 4])).all()


def test_the_years_in_their_own_order_give_back_what_rain_explains_and_the_rest_without_its_line():
    """Residuals grow by sqrt(24 / 21): two numbers of the line in time and one of the rain were fitted."""
    index, rain = following(cells=6)
    found = rain_alone(index, rain, YEARS, seed=1)
    left = index - found.null.course
    centred = YEARS - YEARS.mean()
    for cell in range(6):
        pairs = [(left[j, cell] - left[i, cell]) / (j - i) for i in range(24) for j in range(i + 1, 24)]
        rest = left[:, cell] - np.median(pairs) * centred
        rest = (rest - rest.mean()) * np.sqrt(24 / 21)
        expected = index[:, cell].mean() + found.null.course[:, cell] + rest
        np.testing.assert_allclose(drawn(found.null, same_order(found.null))[:, 0, cell], expected, atol=1e-12)


def test_a_gap_in_one_cell_changes_no_other_and_stays_where_it_is():
    index, rain = following()
    whole = rain_alone(index, rain, YEARS, seed=1)
    index[5, 2], rain[9, 3] = np.nan, np.nan
    found = rain_alone(index, rain, YEARS, seed=1)
    others = np.delete(np.arange(40), [2, 3])
    np.testing.assert_array_equal(found.null.course[:, others], whole.null.course[:, others])
    assert found.null.course[9, 3] == 0
    draws = drawn(found.null, orders_of(found.null, 4, 2))
    gaps = np.zeros(index.shape, bool)
    gaps[5, 2] = True
    for draw in draws.swapaxes(0, 1):
        np.testing.assert_array_equal(np.isnan(draw), gaps)


@pytest.mark.parametrize("rain", [np.nan, 400.0])
def test_without_rain_that_varies_it_is_the_first_range_itself(rain):
    index, _ = following(noise=0.03)
    found = rain_alone(index, np.full(index.shape, rain), YEARS, seed=5)
    first = no_signal(index, YEARS, seed=5)
    orders = orders_of(first, 3, 8)
    np.testing.assert_array_equal(drawn(found.null, orders), drawn(first, orders))
    assert np.isnan(found.explained).all()
    assert found.unknown.all() == np.isnan(rain)


def test_years_without_any_rain_are_told_and_have_the_mean():
    index, rain = following()
    rain[:4] = np.nan
    found = rain_alone(index, rain, YEARS, seed=1)
    np.testing.assert_array_equal(np.flatnonzero(found.unknown), [0, 1, 2, 3])
    assert (found.null.course[:4] == 0).all()
    np.testing.assert_allclose(found.null.course[4:].mean(axis=0), 0, atol=1e-12)


def test_the_same_seed_gives_the_same_draws():
    index, rain = following()
    index[3, 4] = np.nan
    one, two = (rain_alone(index, rain, YEARS, seed=5).null for _ in range(2))
    np.testing.assert_array_equal(drawn(one, orders_of(one, 3, 8)), drawn(two, orders_of(two, 3, 8)))
    other = rain_alone(index, rain, YEARS, seed=6).null
    assert not np.array_equal(drawn(one, orders_of(one, 3, 8)), drawn(other, orders_of(other, 3, 8)))


def test_what_neither_rain_nor_chance_brings_does_not_stay():
    """A line in time that rain does not share is no rain: the draws of a land that falls are those of one that does not."""
    noise, rain = following(cells=200, slope=0.0)
    since = YEARS - YEARS.mean()
    rain -= np.outer(since, since @ rain / (since @ since))
    index = noise + 0.0004 * rain
    flat, falling = (rain_alone(index - slope * since[:, None], rain, YEARS, seed=1) for slope in (0.0, 0.01))
    np.testing.assert_allclose(flat.null.course, falling.null.course, atol=1e-10)
    np.testing.assert_allclose(flat.null.innovations, falling.null.innovations, atol=1e-9)


def as_observed(cells):
    """Cells of stable cover and carbon, all alike in performance."""
    zero = np.zeros(cells, np.int8)
    known = Evidence(
        xr.DataArray(zero, dims="cell"), {"mean": np.full(cells, 0.4)}, np.zeros(cells), names=np.zeros(1), potential=np.full(1, 0.4)
    )  # fmt: skip
    return Observed(known, zero, zero)


def ranges(index, rain):
    """Observed share and both ranges of each measure, %."""
    index, cells = index.astype(np.float32), index.shape[1]
    given = {period: as_observed(cells) for period in ("baseline", "period")}
    spans = {"baseline": period_ending(2015), "period": period_ending(2023)}
    judged = judged_cells(index, YEARS, given, spans, Choices())
    found = {name: [100 * holds.sum() / known.sum()] for name, holds, known in judged}
    for null in (no_signal(index, YEARS, 1), rain_alone(index, rain, YEARS, 1).null):
        draws = draw_shares(null, given, spans, Choices(), np.ones((cells, 1)), 99, 1)
        for name, values in draws.items():
            found[name].append(tuple(np.percentile(values, (2.5, 97.5))))
    return found


SIGNS = ("trend_falling", "productivity_declining", "degraded")


def test_a_land_that_dries_out_is_what_rain_alone_gives_and_more_than_chance():
    rng = np.random.default_rng(2)
    rain = (800 - 20.0 * np.arange(24))[:, None] + 25 * rng.normal(size=(24, 120))
    for name, (share, chance, by_rain) in ranges(
        0.1 + 0.0005 * rain + 0.003 * rng.normal(size=rain.shape), rain
    ).items():
        if name in SIGNS:
            assert by_rain[0] <= share <= by_rain[1], name
            assert share > chance[1], name


def test_a_drought_of_the_last_three_years_stays_where_it_was():
    """Chance may put the dry years anywhere, so its range is wide; rain alone knows when they were."""
    rng = np.random.default_rng(6)
    rain = 600 + 40 * rng.normal(size=(24, 1)) + 10 * rng.normal(size=(24, 120))
    rain[-3:] -= 250
    share, chance, by_rain = ranges(0.1 + 0.0005 * rain + 0.01 * rng.normal(size=rain.shape), rain)["state_falling"]
    assert share > 90
    assert by_rain[0] <= share <= by_rain[1]
    assert by_rain[1] - by_rain[0] < 20
    assert chance[1] - chance[0] > 60


def test_a_land_that_falls_while_rain_does_not_is_more_than_both():
    rng = np.random.default_rng(3)
    rain = 600 + 60 * rng.normal(size=(24, 120))
    index = 0.3 + 0.0002 * rain - 0.008 * np.arange(24)[:, None] + 0.003 * rng.normal(size=rain.shape)
    for name, (share, chance, by_rain) in ranges(index, rain).items():
        if name in SIGNS:
            assert share > chance[1], name
            assert share > by_rain[1], name


def test_a_wetter_end_is_what_rain_alone_gives_of_improved_land():
    rng = np.random.default_rng(4)
    rain = (300 + 20.0 * np.arange(24))[:, None] + 25 * rng.normal(size=(24, 120))
    share, chance, by_rain = ranges(0.1 + 0.0005 * rain + 0.003 * rng.normal(size=rain.shape), rain)["improved"]
    assert by_rain[0] <= share <= by_rain[1]
    assert share > chance[1]


def test_the_range_covers_the_share_where_vegetation_follows_rain():
    """Forty worlds of half rain, half noise with memory: 95 % are expected; fewer than 33 of 40 come once in 1,400 times."""
    rng, inside, cells = np.random.default_rng(7), 0, 60
    for _ in range(40):
        noise = np.empty((24, cells))
        noise[0] = rng.normal(size=cells)
        for t in range(1, 24):
            noise[t] = 0.3 * noise[t - 1] + np.sqrt(1 - 0.09) * rng.normal(size=cells)
        rain = rng.normal(size=(24, 1)) + 0.2 * rng.normal(size=(24, cells))
        share, _, (low, high) = ranges(0.4 + 0.02 * rain + 0.02 * noise, 500 + 100 * rain)["degraded"]
        inside += low <= share <= high
    assert inside >= 33
