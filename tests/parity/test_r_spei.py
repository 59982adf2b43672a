# SPDX-License-Identifier: Apache-2.0
"""The same numbers as the R package SPEI 1.8.1 (sbegueria/SPEI, data-raw and tests/testthat/data)."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from homeground.land import pet_hargreaves, pet_thornthwaite
from homeground.land.climate import _thornthwaite

WICHITA = 37.6475  # degrees north


@pytest.fixture(scope="module")
def folder(shared_data):
    return shared_data / "land" / "r_spei"


@pytest.fixture(scope="module")
def wichita(folder):
    table = pd.read_csv(folder / "wichita.txt", sep=" ")
    time = pd.to_datetime({"year": table["YEAR"], "month": table["MONTH"], "day": 1})
    return table.set_index(pd.DatetimeIndex(time, name="time"))


def published(folder, name):
    return pd.read_csv(folder / f"{name}.csv").drop(columns="i").to_numpy().squeeze()


def series(table, column, units):
    return xr.DataArray(table[column], attrs={"units": units})


def test_thornthwaite_of_a_dated_series(folder, wichita):
    pet = pet_thornthwaite(series(wichita, "TMED", "degC"), WICHITA)
    np.testing.assert_allclose(pet, published(folder, "thornthwaite_out_ts"), rtol=1e-10, atol=0)


def test_thornthwaite_in_the_year_of_365_days(folder, wichita):
    # R gives an undated vector the year that our normals have: the ratio to the standard month is the day length.
    temperature = series(wichita, "TMED", "degC")
    normals = temperature.groupby("time.month").mean().assign_attrs(units="degC")
    heat = ((normals.clip(min=0) / 5) ** 1.514).sum()
    factor = (pet_thornthwaite(normals, WICHITA) / _thornthwaite(normals, heat)).fillna(0)
    pet = _thornthwaite(temperature, heat) * factor.sel(month=temperature["time.month"])
    expected = published(folder, "thornthwaite_out")
    known = factor.sel(month=temperature["time.month"]).values > 0
    assert known.sum() > 300
    np.testing.assert_allclose(pet.values[known], expected[known], rtol=1e-10, atol=0)


def test_hargreaves_of_a_dated_series(folder, wichita):
    pet = pet_hargreaves(series(wichita, "TMIN", "degC"), series(wichita, "TMAX", "degC"), WICHITA)
    np.testing.assert_allclose(pet, published(folder, "hargreaves_out_ts"), rtol=0, atol=1e-7)
