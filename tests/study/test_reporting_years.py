# SPDX-License-Identifier: Apache-2.0
"""Reporting years of a study: which windows they are, and what is refused before anything runs."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from homeground.land.assessment.periods import periods_of
from homeground.study.model import Study


def study(**land):
    return Study.model_validate({"title": "T", "countries": ["NER"], "land": land})


def test_the_manuals_three_columns_overlap_and_keep_baseline_and_period():
    plain, several = study(), study(reporting=[[2000, 2015], [2004, 2019], [2008, 2023]])
    both = periods_of(several)
    assert {name: both[name] for name in ("baseline", "period")} == periods_of(plain)
    third = both["report_2019"]
    assert (third.trend, third.history, third.recent) == ((2004, 2019), (2004, 2016), (2017, 2019))
    assert third.cover == (2015, 2019)


def test_a_window_that_ends_with_the_baseline_is_what_its_productivity_is_read_from():
    spans = periods_of(study(reporting=[[2001, 2015]]))
    assert spans["baseline"].trend == (2001, 2015)
    assert spans["baseline"].cover == (2000, 2015)
    assert study(reporting=[[2001, 2015]]).reports == ()


@pytest.mark.parametrize(
    ("windows", "told"),
    [
        ([[2019, 2004]], "ends before it starts: [2019, 2004]"),
        ([[2012, 2019]], "fewer than 11 years"),
        ([[2008, 2023], [2004, 2019]], "a later year was expected"),
        ([[1995, 2010]], "the baseline in 2015: let none end before it"),
    ],
)
def test_windows_that_cannot_be_are_refused(windows, told):
    with pytest.raises(ValidationError) as error:
        study(reporting=windows)
    assert told in str(error.value)


def test_classes_of_another_tool_are_of_two_periods_alone():
    maps = {"productivity_baseline": "a.tif", "productivity_period": "b.tif"}
    given = {"title": "T", "countries": ["NER"], "data": maps}
    with pytest.raises(ValidationError, match="classes of baseline and period alone"):
        Study.model_validate(given | {"land": {"reporting": [[2004, 2019]]}})
