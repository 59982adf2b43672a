# SPDX-License-Identifier: Apache-2.0
"""Profiles and periods: what each run says of itself, real vegetation end to end, areas that add up."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr
from scipy.stats import kendalltau

from homeground.errors import DataError
from homeground.land import (
    PERIODS,
    PROFILES,
    period_ending,
    productivity_assessment,
    profile_classes,
    profile_difference,
    trend_tests,
)

YEARS = np.arange(2000, 2016)


def random_cube(seed=1, shape=(6, 8)):
    rng = np.random.default_rng(seed)
    values = rng.uniform(0.2, 0.6, shape) + rng.normal(0, 0.01, shape) * (YEARS - 2000)[:, None, None]
    values = values + rng.normal(0, 0.03, values.shape)
    values[:, 0, 0] = np.nan
    ndvi = xr.DataArray(values, {"year": YEARS}, dims=("year", "y", "x"), attrs={"units": "1"})
    stratum = xr.DataArray(rng.integers(0, 3, shape), dims=("y", "x"))
    area = xr.DataArray(rng.uniform(0.5, 2, shape), dims=("y", "x"), attrs={"units": "km2"})
    return ndvi, stratum, area


def bale(shared_data):
    """Yearly NDVI of 36 pixels of the Bale Mountains from 1982."""
    with np.load(shared_data / "land" / "ndvi" / "bale3g_v1.npz") as archive:
        raw = archive["raw"][12:]
    years = raw.shape[0] // 24
    values = raw[: 24 * years].reshape(years, 24, 6, 6).mean(axis=1)
    return xr.DataArray(values, {"year": 1982 + np.arange(years)}, dims=("year", "y", "x"), attrs={"units": "1"})


def test_periods_of_the_manual():
    assert {name: (p.trend, p.history, p.recent, p.cover) for name, p in PERIODS.items()} == {
        "baseline": ((2000, 2015), (2000, 2012), (2013, 2015), (2000, 2015)),
        "report_1": ((2004, 2019), (2004, 2016), (2017, 2019), (2015, 2019)),
        "report_2": ((2008, 2023), (2008, 2020), (2021, 2023), (2015, 2023)),
    }
    for period in PERIODS.values():
        other = period_ending(period.trend[1])
        assert (other.trend, other.history, other.recent) == (period.trend, period.history, period.recent)


@pytest.mark.parametrize("profile", PROFILES)
def test_a_result_names_its_rules(profile):
    ndvi, stratum, _ = random_cube()
    result = productivity_assessment(ndvi, stratum, profile=profile)
    assert result.attrs["profile"] == profile
    assert result.attrs["lookup"] == PROFILES[profile].lookup == result.productivity3.attrs["lookup"]
    assert result.attrs["source"]
    assert result.attrs["period_history"] == [2000, 2012]
    assert ("productivity5" in result) == (PROFILES[profile].lookup == "pm2026")
    assert (result.productivity3.values[0, 0], result.trend.values[0, 0]) == (-128, -128)
    assert set(np.unique(result.productivity3)) <= {-128, -1, 0, 1}


def test_years_outside_the_period_do_not_count_and_missing_ones_are_told():
    ndvi, stratum, _ = random_cube()
    wider = xr.concat([ndvi, (ndvi * 0).assign_coords(year=YEARS + 16)], dim="year").assign_attrs(units="1")
    xr.testing.assert_equal(productivity_assessment(wider, stratum), productivity_assessment(ndvi, stratum))
    late = productivity_assessment(ndvi.sel(year=slice(2001, None)), stratum)  # MODIS starts in 2001
    assert (late.attrs["years"], late.attrs["years_missing"]) == (15, [2000])


def test_real_vegetation_end_to_end(shared_data):
    ndvi = bale(shared_data)
    stratum = xr.zeros_like(ndvi.isel(year=0), int)
    result = productivity_assessment(ndvi, stratum)
    window = ndvi.sel(year=slice(2000, 2015)).astype(float)
    assert result.attrs["years"] == window.sizes["year"] == 16
    best = np.sort(window.mean("year").values.ravel())[int(np.ceil(0.9 * 36)) - 1]
    compared = 0
    for y, x in np.ndindex(6, 6):
        column = window.values[:, y, x]
        if np.unique(column).size == 16:  # scipy has no exact p with ties
            tau = kendalltau(np.arange(16), column, method="exact")
            assert result.trend.values[y, x] == (np.sign(tau.statistic) if tau.pvalue <= 0.05 else 0)
            compared += 1
        assert result.performance.values[y, x] == (-1 if column.mean() < 0.5 * best else 0)
        reach = np.ptp(column[:13])
        cuts = np.percentile(
            [*column[:13], column[:13].min() - 0.05 * reach, column[:13].max() + 0.05 * reach], range(10, 100, 10)
        )
        moved = (column[13:].mean() > cuts).sum() - (column[:13].mean() > cuts).sum()
        assert result.state.values[y, x] == (np.sign(moved) if abs(moved) >= 2 else 0)
    assert compared > 30


def test_what_the_other_profiles_give_adds_up_to_the_land():
    ndvi, stratum, area = random_cube(3, (30, 30))
    area[2, 2] = np.nan
    area[5, 5] = 0
    classes = profile_classes(ndvi, stratum)
    table = profile_difference(classes, area)
    assert set(table["other_profile"]) == set(PROFILES) - {"prais4-2026"}
    land = float(area.where(area > 0).sum())
    for _, part in table.groupby("other_profile"):
        assert part["area_km2"].sum() == pytest.approx(land, rel=1e-12)
    own, other = classes.sel(profile="prais4-2026"), classes.sel(profile="gpg2")
    expected = float(area.where((own == -1) & (other == 0)).sum())
    row = table.query("other_profile == 'gpg2' and `class` == -1 and other_class == 0")["area_km2"]
    assert expected > 0
    assert row.item() == pytest.approx(expected)
    assert (table["class"] == -128).any()  # missing is shown, not dropped
    back = profile_difference(classes, area, profile="gpg2").query("other_profile == 'prais4-2026'")
    assert back["area_km2"].sum() == pytest.approx(land)


def test_share_under_each_test():
    ndvi, _, area = random_cube(4, (20, 20))
    table = trend_tests(ndvi, area)
    assert table[["autocorrelation", "false_discovery"]].values.tolist() == [
        [way, fdr] for way in ("none", "hamed-rao", "pre-whiten") for fdr in (False, True)
    ]
    # Cells without p (Hamed and Rao with a factor not above 0) are missing and shown as such.
    assert (table["area_km2"] + table["missing_km2"]).values == pytest.approx([float(area.sum())] * 6)
    cell, by_map = table[~table["false_discovery"]], table[table["false_discovery"]]
    assert (by_map[["falling", "rising"]].values <= cell[["falling", "rising"]].values).all()
    assert cell["falling"].min() > 0


def test_chunks_give_the_same():
    ndvi, stratum, _ = random_cube(5)
    whole = productivity_assessment(ndvi, stratum)
    xr.testing.assert_identical(productivity_assessment(ndvi.chunk({"y": 2, "x": 3}), stratum).compute(), whole)


def test_wrong_input_is_refused():
    ndvi, stratum, area = random_cube()
    for message, call in {
        "one of prais4-2026": lambda: productivity_assessment(ndvi, stratum, profile="gpg3"),
        "one of baseline": lambda: productivity_assessment(ndvi, stratum, period="2019"),
        "at least 8": lambda: productivity_assessment(ndvi.sel(year=slice(2009, None)), stratum),
        "No cell": lambda: productivity_assessment(ndvi.where(False).assign_attrs(units="1"), stratum),
        "Divide NDVI x 10000": lambda: productivity_assessment((ndvi * 10_000).assign_attrs(units="1"), stratum),
        '"1" was expected': lambda: productivity_assessment(ndvi.assign_attrs(units="1e-4"), stratum),
        "0 recent years": lambda: productivity_assessment(ndvi.sel(year=slice(None, 2012)), stratum),
        '"km2" was expected': lambda: profile_difference(profile_classes(ndvi, stratum), area.assign_attrs(units="m2")),
        "not among the classes": lambda: profile_difference(profile_classes(ndvi, stratum), area, profile="x"),
        '"profile" was expected': lambda: profile_difference(stratum, area),
    }.items():
        with pytest.raises(DataError, match=message):
            call()
