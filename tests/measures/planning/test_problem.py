# SPDX-License-Identifier: Apache-2.0
"""The numbers of the programme, made from the tables that people read, each worked out on paper."""

from __future__ import annotations

import pandas as pd
import pytest

from homeground.measures import options, suitable_areas
from homeground.measures.planning.tables import build_problem

LAND = {"region_id": "NE1", "iso3": "NER", "aridity_class": "arid", "cover_class": "grassland"}
ASKED = {"budget_usd": 3e6, "years": 2, "rules": {}, "value": {}, "estimate": "mid"}


@pytest.fixture(scope="module")
def units():
    return pd.DataFrame([LAND | {"area_km2": 50.0, "rain_mm": 350.0}])


@pytest.fixture(scope="module")
def bunds():
    chosen = options().loc[["half_moons"]].copy()
    work = {"person_days_establishment_mid": 40.0, "person_days_season_mid": 3.0, "person_days_upkeep_mid": 2.0}
    return chosen.assign(**work, establishment_cost_mid=250.0, upkeep_cost_mid=12.0)


def built(units, bunds, **more):
    return build_problem(units, bunds, suitable_areas(units, bunds), **ASKED | more)


def test_money_is_in_millions_and_costs_are_of_a_square_kilometre(units, bunds):
    """3 million USD a year; 250 USD/ha are 25,000 USD/km2, 12 USD/ha 1,200."""
    problem = built(units, bunds)
    assert problem.budget.tolist() == [3.0, 3.0]
    assert problem.establishment.tolist() == pytest.approx([0.025], rel=1e-12)
    assert problem.upkeep.tolist() == pytest.approx([0.0012], rel=1e-12)


def test_work_is_in_thousands_of_person_days_of_a_square_kilometre(units, bunds):
    """Started in the first of two years: 40 days a hectare and 3 + 2 in the year after; in the last year 40."""
    assert built(units, bunds).work.tolist() == [pytest.approx([4.5, 4.0], rel=1e-12)]


def test_all_of_the_land_may_be_taken_where_no_ceiling_is_said(units, bunds):
    assert built(units, bunds).unit_km2.tolist() == [50.0]
    assert built(units, bunds, land_ceiling=0.25).unit_km2.tolist() == [12.5]
