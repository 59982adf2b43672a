# SPDX-License-Identifier: Apache-2.0
"""Soil carbon under land cover: the recursion against a slow twin, factor sets apart, gaps and bad input."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st

from homeground.errors import DataError
from homeground.land import carbon_factors, soil_carbon, soil_carbon_change, soil_carbon_percent

# Trends.Earth algorithms 35b2b7d, soc.py: f by climate class, and its 7 x 7 factors, as read.
F = {1: 0.69, 2: 0.8, 3: 0.69, 4: 0.8, 5: 0.69, 6: 0.8, 7: 0.69, 8: 0.8, 9: 0.64, 10: 0.48, 11: 0.48, 12: 0.58}
FLU = [
    [1, 1, "f", 1, 0.1, 0.1, 1],
    [1, 1, "f", 1, 0.1, 0.1, 1],
    ["1/f", "1/f", 1, 1 / 0.71, 0.1, 0.1, 1],
    [1, 1, 0.71, 1, 0.1, 0.1, 1],
    [2, 2, 2, 2, 1, 1, 1],
    [2, 2, 2, 2, 1, 1, 1],
    [1, 1, 1, 1, 1, 1, 1],
]


def t_c(values):
    return xr.DataArray(np.asarray(values, float), dims="x", attrs={"units": "t C/ha"})


def series(*by_year, first=2000):
    return xr.DataArray(np.array(by_year), {"year": first + np.arange(len(by_year))}, ("year", "x"))


def zone(*codes):
    return xr.DataArray(np.array(codes), dims="x")


def theirs(start, cover, code):
    """The published recursion for one cell, step by step."""
    soc, change, time, path = start, 0.0, 0, [start]
    for k in range(len(cover) - 1):
        a, b = cover[k], cover[k + 1]
        factor = FLU[a - 1][b - 1]
        factor = {"f": F[code], "1/f": 1 / F[code]}.get(factor, factor)
        if k == 0:
            change, time = ((soc - soc * factor) / 20, 1) if a != b else (0.0, 2)
        elif a != b:
            change, time = (soc - soc * factor) / 20, 1
        else:
            time += 1
            if time > 20:
                change = 0.0
        soc -= change
        path.append(soc)
    return path


@given(st.lists(st.integers(1, 7), min_size=2, max_size=30), st.integers(1, 12), st.floats(1, 300))
def test_the_recursion_of_the_reference(cover, code, start):
    found = soil_carbon(t_c([start]), series(*[[c] for c in cover]), zone(code))
    np.testing.assert_allclose(found.values[:, 0], theirs(start, cover, code), rtol=1e-12)


def test_twenty_years_and_no_more():
    cover = series(*[[1]] + [[3]] * 30)
    found = soil_carbon(t_c([100]), cover, zone(12)).values[:, 0]
    assert found[20] == pytest.approx(58)
    assert found[30] == found[20]
    assert found[10] == pytest.approx(79)


def test_a_new_transition_replaces_the_running_one():
    # Ten years towards 58 % leave 79; then built up: a twentieth of 79 x 0.9 is lost each year.
    cover = series(*[[1]] + [[3]] * 10 + [[5]] * 5)
    found = soil_carbon(t_c([100]), cover, zone(12)).values[:, 0]
    np.testing.assert_allclose(found[10:13], [79, 79 - 3.555, 79 - 7.11])


def test_sets_are_named_and_never_mixed():
    to_crop = series([1], [3])
    loss = {name: 100 - float(soil_carbon(t_c([100]), to_crop, zone(12), factor_set=name)[1, 0]) for name in
            ("trends_earth", "ipcc2006", "ipcc2019")}  # fmt: skip
    assert loss == pytest.approx({"trends_earth": 2.1, "ipcc2006": 2.1, "ipcc2019": 0.4})
    assert soil_carbon(t_c([1]), to_crop, zone(12), factor_set="ipcc2019").attrs["factor_set"] == "ipcc2019"
    # The IPCC sets have no factor for wetlands; nothing is borrowed from another set.
    wet = series([4, 1], [3, 1])
    assert np.isnan(soil_carbon(t_c([100, 100]), wet, zone(12, 12), factor_set="ipcc2006").values[1]).tolist() == [
        True,
        False,
    ]
    with pytest.raises(DataError, match="never mixed"):
        carbon_factors("ipcc")


def test_each_row_says_where_it_is_from():
    for name in ("trends_earth", "ipcc2006", "ipcc2019"):
        rows = carbon_factors(name)
        assert rows[["source", "kind", "licence"]].notna().all().all()
    remembered = carbon_factors("ipcc2006").query("source.str.contains('memory')")
    assert set(remembered["kind"]) == {"expert default, unverified"}


def test_cropland_of_2019_is_the_shared_table(shared_data):
    import pandas as pd

    shared = pd.read_csv(shared_data / "measures" / "ipcc2019" / "soc_tier1_factors.csv").query(
        "category == 'annual_crops'"
    )
    ours = carbon_factors("ipcc2019").query("table == 'cropland'").set_index("climate")["factor"].astype(float)
    assert ours.to_dict() == shared.set_index("climate_zone")["value"].to_dict()


def test_codes_of_the_zone_raster_are_known(shared_data):
    rasterio = pytest.importorskip("rasterio")
    with rasterio.open(shared_data / "land" / "trends_earth" / "ipcc_climate_zones.tif") as raster:
        west = [raster.read(1, window=((r, r + 1), (c, c + 1)))[0, 0] for r, c in ((924, 2160), (1075, 2760))]
    # 13 N 0 E (Burkina Faso) is tropical dry, 0.4 N 50 E... sea or coast: any known code.
    assert west[0] == 12
    found = soil_carbon(t_c([50]), series([2], [3]), zone(int(west[0])))
    assert float(found[1, 0]) == pytest.approx(50 - 50 * 0.42 / 20)
    assert 0 <= west[1] <= 12


def test_gaps_stay_gaps():
    cover = series([1, 1, 1, -128], [3, -128, 1, 1], [3, 3, 1, 1])
    found = soil_carbon(t_c([100, 100, np.nan, 100]), cover, zone(12, 12, 12, 12))
    np.testing.assert_array_equal(np.isnan(found.values), [[0, 0, 1, 1], [0, 1, 1, 1], [0, 1, 1, 1]])
    # No climate zone: only transitions that need it are unknown.
    found = soil_carbon(t_c([100, 100]), series([1, 1], [3, 5]), zone(0, 0))
    assert np.isnan(found.values[1]).tolist() == [True, False]
    own = soil_carbon(t_c([100]), series([1], [3]), zone(0), cropland_factor=0.5)
    assert float(own[1, 0]) == 97.5


def test_the_threshold_is_a_parameter_and_counts_itself():
    a, b = t_c([100] * 5), t_c([90, 90.1, 110, 95, np.nan])
    assert soil_carbon_change(a, b).values.tolist() == [-1, 0, 1, 0, -128]
    assert soil_carbon_change(a, b, threshold=5).values.tolist() == [-1, -1, 1, -1, -128]
    water = xr.DataArray([True, False, False, False, False], dims="x")
    assert soil_carbon_change(a, b, water=water).values[0] == -128
    assert np.isnan(soil_carbon_percent(t_c([0]), t_c([1])).values[0])
    with pytest.raises(DataError, match="above 0"):
        soil_carbon_change(a, b, threshold=0)


def test_bad_input_is_refused():
    good, cover = t_c([100]), series([1], [3])
    with pytest.raises(DataError, match="t CO2/ha"):
        soil_carbon(good.assign_attrs(units="t CO2/ha"), cover, zone(1))
    with pytest.raises(DataError, match="without gaps"):
        soil_carbon(good, cover.assign_coords(year=[2000, 2015]), zone(1))
    with pytest.raises(DataError, match="'year' was expected"):
        soil_carbon(good, cover.rename(year="time"), zone(1))
    with pytest.raises(DataError, match="cover holds 9"):
        soil_carbon(good, series([9], [3]), zone(1))
    with pytest.raises(DataError, match="climate_zone holds 15"):
        soil_carbon(good, cover, zone(15))
    with pytest.raises(DataError, match="one grid"):
        soil_carbon(t_c([1, 2]), cover, zone(1))
    with pytest.raises(DataError, match="cropland_factor"):
        soil_carbon(good, cover, zone(1), cropland_factor=-1.0)
    with pytest.raises(DataError, match="no units"):
        soil_carbon_change(good.drop_attrs(), good)


def test_in_chunks_as_in_one_piece():
    pytest.importorskip("dask")
    draw = np.random.default_rng(9)
    cover = xr.DataArray(draw.integers(1, 8, (6, 12, 9)), {"year": range(2000, 2006)}, ("year", "y", "x"))
    stock = xr.DataArray(draw.uniform(20, 90, (12, 9)), dims=("y", "x"), attrs={"units": "t C/ha"})
    zones = xr.DataArray(draw.integers(0, 13, (12, 9)), dims=("y", "x"))
    whole = soil_carbon(stock, cover, zones)
    parts = soil_carbon(stock.chunk(y=5), cover.chunk(y=5, year=2), zones.chunk(y=5))
    assert parts.chunks is not None
    xr.testing.assert_identical(whole, parts.compute())
