# SPDX-License-Identifier: Apache-2.0
"""What is tiny is left to Python: the same digits, and nothing is compiled for it."""

import subprocess
import sys

import numpy as np
import pytest
import xarray as xr

from homeground.land import _compiled
from homeground.land.productivity import trend as trends
from homeground.land.productivity.kernels._trend import trend_pixels


@pytest.mark.parametrize("correction", ["none", "hamed-rao", "pre-whiten"])
def test_python_and_the_compiler_agree_to_the_last_digit(monkeypatch, correction):
    pytest.importorskip("numba", reason="numba is not installed")
    draw = np.random.default_rng(3)
    values = draw.normal(0.4, 0.1, (24, 150)).round(3)  # whole lanes and some beside them, with ties
    values[draw.random(values.shape) < 0.05] = np.nan
    values[:, :130] = np.nan_to_num(values[:, :130], nan=0.4)  # lanes take only pixels without a gap
    series = xr.DataArray(values, {"year": np.arange(2000, 2024)}, ("year", "cell"), attrs={"units": "1"})
    monkeypatch.setattr(_compiled, "FEW", 10**9)
    monkeypatch.delitem(vars(trend_pixels), "compiled", raising=False)
    by_python = trends.trend(series, autocorrelation=correction)
    assert "compiled" not in vars(trend_pixels)
    monkeypatch.setattr(_compiled, "FEW", 0)
    assert by_python.identical(trends.trend(series, autocorrelation=correction))
    assert "compiled" in vars(trend_pixels)


def test_float32_is_always_compiled(monkeypatch):
    pytest.importorskip("numba", reason="numba is not installed")
    monkeypatch.delitem(vars(trend_pixels), "compiled", raising=False)
    trends.trend(xr.DataArray(np.arange(9, dtype="float32"), {"year": np.arange(9)}, attrs={"units": "1"}))
    assert "compiled" in vars(trend_pixels)


def test_python_is_left_few_values_in_all(monkeypatch):
    monkeypatch.setattr(_compiled, "FEW", 100)

    @_compiled.compiled
    def kernel(x):
        return x

    assert _compiled.for_values(kernel, 60) is kernel.plain
    assert _compiled.for_values(kernel, 40) is kernel.plain
    assert _compiled.for_values(kernel, 1) is kernel


def test_numba_is_not_loaded_for_a_short_series():
    code = """
import sys, xarray as xr, homeground as hg
hg.land.trend(xr.DataArray([3., 4, 2, 6, 5, 7, 9, 8, 10], {"year": range(2001, 2010)}))
sys.exit("numba" in sys.modules)
"""
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
