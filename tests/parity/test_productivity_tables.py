# SPDX-License-Identifier: Apache-2.0
"""The published tables of land productivity, row by row, and where reference tools differ from them."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from homeground.errors import DataError
from homeground.land import (
    PROFILES,
    fold_classes,
    land_productivity,
    productivity_performance,
    productivity_trend,
    trend,
)

# trend, state, performance: five classes of the manual's Table 13 (2026), then three classes of version 1 and 2 of the
# Good Practice Guidance as SEPAL restates them.
TABLE = {
    (-1, -1, -1): (1, -1, -1),
    (-1, -1, 0): (1, -1, -1),
    (-1, 0, -1): (1, -1, -1),
    (-1, 0, 0): (1, -1, 0),
    (-1, 1, -1): (1, -1, -1),
    (-1, 1, 0): (1, -1, -1),
    (0, -1, -1): (1, -1, -1),
    (0, -1, 0): (2, 0, 0),
    (0, 0, -1): (3, 0, -1),
    (0, 0, 0): (4, 0, 0),
    (0, 1, -1): (4, 0, 0),
    (0, 1, 0): (4, 0, 0),
    (1, -1, -1): (2, -1, -1),
    (1, -1, 0): (5, 1, 1),
    (1, 0, -1): (5, 1, 1),
    (1, 0, 0): (5, 1, 1),
    (1, 1, -1): (5, 1, 1),
    (1, 1, 0): (5, 1, 1),
}
FOLD = {1: -1, 2: -1, 3: 0, 4: 0, 5: 1}
METRICS = [xr.DataArray(list(column)) for column in zip(*TABLE, strict=True)]


def test_eighteen_rows_of_the_manual():
    five = land_productivity(*METRICS)
    assert five.values.tolist() == [row[0] for row in TABLE.values()]
    three = land_productivity(*METRICS, classes=3)
    assert three.values.tolist() == fold_classes(five).values.tolist() == [FOLD[row[0]] for row in TABLE.values()]
    assert five.attrs["lookup"] == "pm2026"


@pytest.mark.parametrize(("lookup", "column"), [("gpg1", 1), ("sepal_gpg2", 2)])
def test_eighteen_rows_of_the_guidance(lookup, column):
    three = land_productivity(*METRICS, lookup=lookup, classes=3)
    assert three.values.tolist() == [row[column] for row in TABLE.values()]
    assert three.attrs["lookup"] == lookup
    with pytest.raises(DataError, match="no 5 classes"):
        land_productivity(*METRICS, lookup=lookup)


def test_where_the_tables_differ():
    maps = {
        name: land_productivity(*METRICS, lookup=name, classes=3).values for name in ("pm2026", "sepal_gpg2", "gpg1")
    }
    rows = list(TABLE)
    differ = [rows[i] for i in np.flatnonzero(maps["pm2026"] != maps["sepal_gpg2"])]
    assert differ == [(-1, 0, 0), (0, -1, 0), (0, 0, -1)]
    assert [rows[i] for i in np.flatnonzero(maps["pm2026"] != maps["gpg1"])] == [(0, -1, 0)]


# significance, state, exactly half, look-up.
RULES = {
    "prais4-2026": ("exact", "percentile", "stable", "pm2026", 0, 0),
    "gpg2": ("z", "z-score", "degraded", "sepal_gpg2", 0, 0),
    "gpg1": ("exact", "percentile", "degraded", "gpg1", 0, 0),
    "trends.earth-2.3": ("trends.earth", "percentile", "degraded", "pm2026", 0.001, 0.01),
}


def test_profiles_are_what_their_sources_say():
    assert set(PROFILES) == set(RULES)
    for name, expected in RULES.items():
        p = PROFILES[name]
        found = (p.significance, p.state_method, p.at_half, p.lookup, p.min_slope, p.state_min_change)
        assert found == expected
        assert p.source
    assert {name for name, p in PROFILES.items() if p.kind == "second-hand"} == {"gpg2", "gpg1"}
    assert "second-hand" in PROFILES["gpg2"].note


def sixteen_years(falls):
    """Sixteen values of which so many pairs fall: S = 120 - 2 falls."""
    order, rng = list(range(16)), np.random.default_rng(falls)
    while falls:
        k = int(rng.integers(15))
        if order[k] < order[k + 1]:
            order[k], order[k + 1] = order[k + 1], order[k]
            falls -= 1
    return xr.DataArray(np.array(order) / 100, {"year": range(2000, 2016)}, dims="year", attrs={"units": "1"})


def test_the_95_per_cent_of_trends_earth_is_no_95_per_cent():
    ndvi = sixteen_years(42)  # S = 36, its score for 95 %
    assert trend(ndvi).p.item() == pytest.approx(0.116, abs=5e-4)
    assert productivity_trend(ndvi, significance="trends.earth", min_slope=0.001).item() == 1
    assert productivity_trend(ndvi).item() == 0
    assert productivity_trend(sixteen_years(37)).item() == 1  # S = 46, p = 0.041
    assert productivity_trend(sixteen_years(38)).item() == 0  # S = 44


def test_the_percentile_does_not_hang_on_the_size_of_the_area():
    # Trends.Earth samples large areas: 1 cell in 225 here. The exact percentile of a repeated map is that of the map.
    rng = np.random.default_rng(2)
    cell = rng.uniform(0.05, 0.9, (12, 12))
    small = xr.DataArray(cell, dims=("y", "x"), attrs={"units": "1"})
    large = xr.DataArray(np.tile(cell, (20, 20)), dims=("y", "x"), attrs={"units": "1"})
    one = productivity_performance(small, xr.zeros_like(small, int))
    many = productivity_performance(large, xr.zeros_like(large, int))
    np.testing.assert_array_equal(many, np.tile(one.values, (20, 20)))
    # A sample of each 15th row and column has another percentile and turns cells.
    sampled = np.quantile(large.values[::15, ::15], 0.9, method="inverted_cdf")
    assert ((large.values / sampled < 0.5) != (many.values == -1)).any()
