# SPDX-License-Identifier: Apache-2.0
"""Further reporting years of one run give what a run of their own gives; years that the series lacks are refused."""

from __future__ import annotations

import pandas as pd
import pytest

from homeground.errors import DataError

BESIDE = "sensitivity = false\nreporting = [[2000, 2015], [2004, 2019], [2008, 2023]]"
CLASSES = ["region_id", "productivity", "initial", "final", "carbon_change", "degradation"]


def of_year(results, table, **where):
    rows = results.table(table)
    for name, value in where.items():
        rows = rows[rows[name] == value]
    return rows.groupby(CLASSES)["area_km2"].sum()


def test_a_reporting_year_is_what_a_run_of_its_own_gives(land, monkeypatch):
    beside = land.run(BESIDE)
    plain = land.run(out="plain")
    pd.testing.assert_series_equal(  # the period does not see it
        of_year(beside, "degradation", period="period"), of_year(plain, "degradation", period="period")
    )
    study = land.study
    monkeypatch.setattr(land, "study", lambda *a, **k: study(*a, **k).model_copy(update={"period": (2016, 2019)}))
    alone = land.run(out="alone")
    one, other = of_year(beside, "land_reports", year=2019), of_year(alone, "degradation", period="period")
    assert not one.equals(of_year(plain, "degradation", period="period"))  # the years differ, so do the classes
    pd.testing.assert_series_equal(one.sort_index(), other.sort_index(), rtol=1e-9)


def test_a_reporting_year_outside_the_series_is_refused_with_its_years(land):
    with pytest.raises(DataError, match=r"\[land\]\.reporting to 2030, 2028 to 2030, the series has none"):
        land.run("sensitivity = false\nreporting = [[2015, 2030]]")
