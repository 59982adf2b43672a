# SPDX-License-Identifier: Apache-2.0
"""The yearly index of the months of growth, and drought told by another month than December."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from homeground.brief.facts.assessed.season import season
from homeground.catalogue.grids.grid import Grid
from homeground.errors import DataError, StudyError
from homeground.land.drought.spi_spei import spi
from homeground.land.stage.drought import drought
from homeground.land.stage.one_epoch import climate
from homeground.language.languages import LANGUAGES
from homeground.language.messages import tell
from homeground.running.steps import Work

SEASON = np.isin(np.arange(12), range(5, 10))  # June to October
MONTHLY = '{ path = "months.tif", first = "2000-01", scale = 0.0001 }'


def write_months(land, where, growing, resting):
    """Months of growth and of rest by year, with a little noise."""
    rng, shape = np.random.default_rng(2), where["grid"].shape
    of_year = np.where(SEASON, np.asarray(growing)[:, None], np.asarray(resting)[:, None]).reshape(-1)
    values = of_year[:, None, None] + rng.normal(0, 0.003, (of_year.size, *shape))
    land.folder.mkdir(exist_ok=True)
    land.write("months.tif", np.round(values * 10_000).astype("int16"), -32768)


def test_a_loss_in_the_months_of_growth_is_seen_in_them_and_hidden_by_the_others(land, where):
    """Growth falls by a third while weeds of the dry months rise by as much: the mean of the year stands still."""
    fall = np.linspace(0.6, 0.4, 24)
    write_months(land, where, fall, 0.3 + (0.6 - fall) * 5 / 7)
    whole = land.run(ndvi=MONTHLY, out="whole")
    growing = land.run("sensitivity = false\ngrowing_season = [6, 10]", ndvi=MONTHLY, out="growing")
    crop = land.run('sensitivity = false\ngrowing_season = "millet"', ndvi=MONTHLY, out="crop")
    known = growing.field("trend_period") != -128
    assert known.mean() > 0.9
    assert (growing.field("trend_period")[known] == -1).all()
    assert (whole.field("trend_period")[known] == -1).mean() < 0.2
    # Millet grows from June or July to October or November here: one month of rest takes little.
    assert (crop.field("trend_period")[known] == -1).all()


def test_a_series_of_one_value_a_year_has_no_months(land):
    with pytest.raises(DataError, match="growing_season takes the mean of some months"):
        land.run("growing_season = [6, 10]")


@pytest.mark.parametrize("said", ['"teff"', "[0, 5]", "[6, 13]", "[6]", "6"])
def test_months_that_are_none_are_refused(land, said):
    with pytest.raises(StudyError, match="growing_season"):
        land.study(f"growing_season = {said}")


@pytest.mark.parametrize("code", list(LANGUAGES))
@pytest.mark.parametrize("said", ["[11, 3]", '"winter wheat"'])
def test_the_text_says_of_which_months(land, said, code):
    assert said in tell(season(land.study(f"growing_season = {said}")), code).replace("\u00a0", " ")
    assert season(land.study()) == []


def test_drought_of_five_months_to_october_is_the_index_of_october(new_land, where, tmp_path):
    """Class and index by the function itself, for a month of its own and a year that ends in November."""
    land, wide = new_land(tmp_path / "made"), Grid(-17.1, 14.1, 0.1, 10, 17)
    land.folder.mkdir()
    land.layers = {}
    rng = np.random.default_rng(4)
    rain = rng.gamma(1.0, 60.0, (12 * 40 - 1, *wide.shape)).astype("float32")  # to November 2020
    for name, values in (("rain.tif", rain), ("n.tif", np.full((12, *wide.shape), 60.0, "float32"))):
        land.write(name, values, grid=wide)
    land.write("t.tif", np.full((12, *wide.shape), 25.0, "float32"), grid=wide)
    series = '{ path = "rain.tif", first = "1981-01", units = "mm" }'
    study = land.study(
        "drought_window = 5\ndrought_month = 10", rain='"n.tif"', temperature='"t.tif"', rain_series=series
    )
    out = tmp_path / "out"
    out.mkdir()
    work = Work(study, out, out)
    climate(work)
    drought(work)
    facts = json.loads((out / "drought.json").read_text("utf-8"))
    assert (facts["index"], facts["month"], facts["years"][1]) == ("SPI-5", 10, 2020)
    import xarray as xr

    store = xr.open_zarr(out / "land.zarr/drought", zarr_format=3, consolidated=False, chunks=None)
    time = pd.date_range("1981-01-01", periods=len(rain), freq="MS")
    dims = ("time", "latitude", "longitude")
    at = {"latitude": wide.latitude, "longitude": wide.longitude}
    expected = spi(xr.DataArray(rain, {"time": time} | at, dims, attrs={"units": "mm/month"}), 5).sel(time="2020-10-01")
    found = store["spi_5_2020"].dropna("latitude", how="all")
    same = expected.sel(latitude=found.latitude, longitude=found.longitude, method="nearest").values
    inside = np.isfinite(found.values)
    assert inside.any()
    np.testing.assert_allclose(found.values[inside], same[inside], atol=1e-5)
