# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from homeground.risk.inputs import COUNTRY, country_indicators, region_indicators, spread


def land(**columns):
    base = {
        "land_aridity_index": [0.3, 0.8],
        "land_aridity_index_low": [0.2, 0.7],
        "land_aridity_index_high": [0.4, 0.9],
        "land_share_dryland": [80.0, 0.0],
        "land_share_dryland_low": [60.0, 0.0],
        "land_share_dryland_high": [90.0, 0.0],
        "land_potential_gap": [20.0, np.nan],
        "land_potential_gap_low": [10.0, np.nan],
        "land_potential_gap_high": [30.0, np.nan],
    }
    return pd.DataFrame(base | columns, index=["a", "b"])


def people():
    table = {"people_density": [50.0, 200.0], "people_density_low": [40.0, 150.0], "people_density_high": [70.0, 210.0]}
    return pd.DataFrame(table, index=["a", "b"])


def figures(*rows):
    table = pd.DataFrame(rows, columns=["iso3", "year", "indicator", "value", "low", "high"])
    return table.astype({"low": "float64", "high": "float64"})


def test_people_in_drylands_by_hand():
    found = region_indicators(land(), people())
    assert found.values["people_in_drylands"].tolist() == [40, 0]
    assert found.low["people_in_drylands"].tolist() == [24, 0]
    assert found.high["people_in_drylands"].tolist() == [63, 0]
    assert found.values["vegetation_gap"].isna().tolist() == [False, True]
    assert found.years.isna().all().all()


def test_a_region_without_people_is_unknown_and_not_empty():
    assert region_indicators(land(), people().loc[["b"]]).values["people_in_drylands"].isna().tolist() == [True, False]


def test_ends_hold_their_value():
    found = region_indicators(land(land_aridity_index_low=[0.3000001, 0.7]), people())
    assert found.low.loc["a", "aridity"] == 0.3


def test_displaced_people_by_hand():
    found = country_indicators(
        figures(
            ("AAA", 2020, "population_midyear", 900_000, None, None),
            ("AAA", 2023, "population_midyear", 1_000_000, None, None),
            ("AAA", 2025, "population_midyear", 4_000_000, None, None),
            ("AAA", 2024, "idps_idmc", 20_000, None, None),
            ("AAA", 2024, "idps_unhcr", 30_000, None, None),
            ("AAA", 2021, "idps_idmc", 99_000, None, None),
            ("AAA", 2024, "refugees_by_asylum", 5_000, 4_992, 5_000),
            ("AAA", 2024, "asylum_seekers_by_asylum", 1_000, None, None),
            ("BBB", 2023, "population_midyear", 500_000, None, None),
            ("BBB", 2022, "idps_unhcr", 1_000, None, None),
            ("BBB", 2023, "refugees_by_asylum", 500, None, None),
            ("CCC", 2023, "idps_idmc", 1_000, None, None),
        ),
        ["BBB", "AAA", "CCC", "DDD"],
    )
    inside, hosted = found.values["displaced_inside"], found.values["refugees_hosted"]
    assert inside["AAA"] == 20  # over the population of 2023, the latest not after 2024
    assert (found.low.loc["AAA", "displaced_inside"], found.high.loc["AAA", "displaced_inside"]) == (20, 30)
    assert found.years.loc["AAA", "displaced_inside"] == 2024
    assert inside["BBB"] == 2  # UNHCR's alone, over the earliest population there is
    assert np.isnan(found.low.loc["BBB", "displaced_inside"])
    assert inside[["CCC", "DDD"]].isna().all()  # no population, no figure: unknown, not zero
    assert hosted["AAA"] == 6
    assert found.low.loc["AAA", "refugees_hosted"] == pytest.approx(5.992)
    assert hosted["BBB"] == 1


def test_old_figures_are_left_out():
    rows = [(c, y, "agriculture_share", 10, None, None) for c, y in (("AAA", 2024), ("BBB", 2021), ("CCC", 2020))]
    found = country_indicators(figures(*rows), ["AAA", "BBB", "CCC"])
    assert found.values["agriculture"].isna().tolist() == [False, False, True]


def test_migration_is_never_read():
    rows = [("AAA", 2023, "population_midyear", 1e6, None, None), ("AAA", 2023, "net_migration", -5e5, None, None)]
    found = country_indicators(figures(*rows), ["AAA"])
    assert set(found.values) == set(COUNTRY)
    assert found.values.isna().all().all()


def test_regions_take_the_value_of_their_country():
    rows = [("AAA", 2024, "agriculture_share", 10, None, None), ("BBB", 2024, "agriculture_share", 30, None, None)]
    units = pd.Series({"r1": "BBB", "r2": "AAA", "r3": "BBB"})
    found = spread(country_indicators(figures(*rows), ["AAA", "BBB"]), units)
    assert found.values["agriculture"].to_dict() == {"r1": 30, "r2": 10, "r3": 30}
    assert found.years["agriculture"].tolist() == [2024] * 3
