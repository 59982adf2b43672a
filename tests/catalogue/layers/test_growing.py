# SPDX-License-Identifier: Apache-2.0
"""Months of growth: of a crop at each place, or as the study says them."""

from __future__ import annotations

from typing import get_args

import numpy as np
import pytest
from tools.atlas_calendar import month_of

from homeground.catalogue.grids.grid import Grid
from homeground.catalogue.layers.growing import crops, growing_months
from homeground.errors import CatalogueError
from homeground.study.sections import Crop


def test_a_study_may_name_each_crop_and_no_other():
    assert set(crops()) == set(get_args(Crop))


@pytest.mark.parametrize(
    ("crop", "west", "north", "months"),
    [
        # By the calendar itself: millet at Niamey day 180 to 320, winter wheat at Tashkent 298 to 169, spring wheat at
        # Astana 95 to 303, maize at Nairobi 295 to 9.
        ("millet", 2.0, 13.5, (6, 11)),
        ("winter wheat", 69.0, 41.5, (10, 6)),
        ("spring wheat", 71.0, 51.5, (4, 10)),
        ("maize", 36.5, -1.0, (10, 1)),
    ],
)
def test_months_of_known_places(crop, west, north, months):
    first, last = growing_months(crop, Grid(west, north, 0.25, 2, 2))
    assert (first == months[0]).all()
    assert (last == months[1]).all()


def test_sea_has_none_and_grids_may_pass_the_antimeridian():
    assert (growing_months("maize", Grid(-140.0, 10.0, 0.5, 2, 2))[0] == 0).all()
    east, west = (growing_months("rice", Grid(start, -16.0, 0.5, 4, 3)) for start in (179.0, -181.0))
    np.testing.assert_array_equal(east, west)


def test_months_of_the_study_hold_everywhere():
    first, last = growing_months((11, 3), Grid(0, 10, 1, 2, 3))
    assert first.tolist() == [[11] * 3] * 2
    assert last.tolist() == [[3] * 3] * 2


@pytest.mark.parametrize(("season", "said"), [("teff", "it has barley"), ((0, 5), "1 to 12"), ((3, 13), "1 to 12")])
def test_what_no_calendar_has_is_refused(season, said):
    with pytest.raises(CatalogueError, match=said):
        growing_months(season, Grid(0, 10, 1, 2, 3))


def test_the_month_of_a_day():
    assert month_of(np.array([31, 32, 181, 182, 365])).tolist() == [1, 2, 6, 7, 12]
