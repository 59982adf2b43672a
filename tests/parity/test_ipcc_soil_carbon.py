# SPDX-License-Identifier: Apache-2.0
"""Soil carbon against the IPCC's tables and its worked example, both by way of hestia-earth-models 0.74.17 (MIT)."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from homeground.measures import soil_carbon_factors, soil_carbon_path

YEARS = [1990, 1995, 2000, 2005, 2010, 2015, 2020]
FOREST, GRASS, CROP = 77.0, 80.85, 70.84  # reference stock 77 t C/ha times 1.00, 1.05 and 0.92
# Six land units in seven inventories, IPCC (2019) vol. 4 ch. 2; expected stocks as hestia-earth-models tests them.
EXAMPLE = [
    ("F C C C C C C", [77.000, 75.460, 73.920, 72.380, 70.840, 70.840, 70.840]),
    ("F C C C G G G", [77.000, 75.460, 73.920, 72.380, 74.498, 76.615, 78.733]),
    ("G C C C C G G", [80.850, 78.348, 75.845, 73.343, 70.840, 73.343, 75.845]),
    ("G G F F F F F", [80.850, 80.850, 79.888, 78.925, 77.963, 77.000, 77.000]),
    ("C C C C G G G", [70.840, 70.840, 70.840, 70.840, 73.343, 75.845, 78.348]),
    ("C C G G G C G", [70.840, 70.840, 73.343, 75.845, 78.348, 76.471, 77.565]),
]


@pytest.mark.parametrize(("uses", "expected"), EXAMPLE)
def test_worked_example_of_land_units(uses, expected):
    settled = [{"F": FOREST, "G": GRASS, "C": CROP}[use] for use in uses.split()]
    np.testing.assert_allclose(soil_carbon_path(settled, YEARS), expected, atol=1e-3)


def test_shipped_factors_are_the_shared_table(shared_data):
    shared = pd.read_csv(shared_data / "measures" / "ipcc2019" / "soc_tier1_factors.csv")
    assert len(shared) == 196
    for zone, rows in shared.groupby("climate_zone"):
        ours = soil_carbon_factors(zone)
        assert len(ours) == len(rows)
        for row in rows.itertuples():
            assert ours.loc[(row.parameter, row.category), "value"] == row.value
