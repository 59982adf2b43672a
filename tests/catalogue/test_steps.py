# SPDX-License-Identifier: Apache-2.0
"""What the study says of dates wins over bands and names, and a count that cannot be is refused with the likely cause."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from homeground.catalogue.steps import steps_of
from homeground.errors import DataError

THIS_YEAR = date.today().year


def steps(bands, first=None, every="year", files=("x.tif",)):
    """Steps of one file of some bands, or of several files of one band."""
    of_each = [bands] if len(files) == 1 else [[band] for band in bands]
    return steps_of("ndvi", every, "x.tif", first, [Path(file) for file in files], of_each)


def test_the_first_of_the_study_wins_over_descriptions_and_names():
    assert steps(["1901", "1902", "1903"], "2001")[0] == ("2001", "2002", "2003")
    assert steps(["", ""], "2001", files=("a_1990.tif", "a_1991.tif"))[0] == ("2001", "2002")
    assert steps(["2001-01", "2001-02"], "1981-11", every="month")[0] == ("1981-11", "1981-12")


def test_dates_of_the_files_that_begin_as_the_study_says_keep_their_gaps():
    found, places = steps(["2015", "2000", "2020"], "2000")
    assert found == ("2000", "2015", "2020")
    assert places == ((0, 1), (0, 0), (0, 2))
    assert steps(["", ""], "2000", files=("c_2000.tif", "c_2015.tif"))[0] == ("2000", "2015")
    assert steps(["1981-01-16", "1981-03-16"], "1981-01", every="month")[0] == ("1981-01", "1981-03")


def test_months_that_are_counted_as_years_are_refused():
    with pytest.raises(DataError, match=r'276 bands as the years 2001 to 2276.*If they are months.*first = "2001-01"'):
        steps([""] * 276, "2001")
    assert steps([""] * 276, "2001-01")[0][-1] == "2023-12"
    assert steps([""] * (THIS_YEAR - 2000), "2001")[0][-1] == str(THIS_YEAR)
    with pytest.raises(DataError, match=rf"2001 to {THIS_YEAR + 1}, beyond {THIS_YEAR}"):
        steps([""] * (THIS_YEAR - 1999), "2001")


def test_years_that_are_counted_as_months_are_refused():
    with pytest.raises(
        DataError, match=r'23 bands as the months 2001-01 to 2002-11, fewer.*years, write first = "2001"'
    ):
        steps([""] * 23, "2001-01")
    assert steps([""] * 23, "2001")[0][-1] == "2023"
    assert steps([""] * 36, "2001-01")[0][-1] == "2003-12"
    assert steps([""] * 12, "2001-01", every="month")[0][-1] == "2001-12"  # a monthly layer may be short
    assert steps([""], "2015-06")[0] == ("2015-06",)


def test_steps_of_years_to_come_are_refused():
    with pytest.raises(DataError, match=r"2 of 3 steps lie in years to come, from 2098 to 2099"):
        steps(["2001", "2099", "2098"])
    with pytest.raises(DataError, match=r"600 bands as the months 2001-01 to 2050-12, beyond"):
        steps([""] * 600, "2001-01", every="month")


def test_years_alone_name_no_month_and_what_to_write():
    with pytest.raises(DataError, match=r'dates such as 2001 name no month.*first = "2001-01"'):
        steps(["2001", "2002"], every="month")
    with pytest.raises(DataError, match=r'dates such as 2001 name no month.*first = "2001-01"'):
        steps(["", ""], "2001", every="month")
