# SPDX-License-Identifier: Apache-2.0
"""Dates of the files and of the study: neither overrules the other, and what cannot be is refused with its cause."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from homeground.catalogue.layers.dates import steps_of
from homeground.errors import DataError

THIS_YEAR = date.today().year


def steps(bands, first=None, every="year", files=("x.tif",)):
    """Steps of one file of some bands, or of several files of one band."""
    of_each = [bands] if len(files) == 1 else [[band] for band in bands]
    return steps_of("ndvi", every, "x.tif", first, [Path(file) for file in files], of_each)


@pytest.mark.parametrize(
    ("bands", "first", "every", "files", "found"),
    [
        (["2001", ""], "2001", "year", ("x.tif",), ("2001", "2002")),  # incomplete
        (["1990", "1990"], "2001", "year", ("x.tif",), ("2001", "2002")),  # doubled
        (["", ""], "2001", "year", ("a_1990.tif", "b_1990.tif"), ("2001", "2002")),
        (["1990", "1991"], "1981-11", "month", ("x.tif",), ("1981-11", "1981-12")),  # too coarse
        (["1990-05-01", "1990-05-16"], "1981-11", "month", ("x.tif",), ("1981-11", "1981-12")),
    ],
)
def test_the_first_of_the_study_counts_where_the_files_do_not_say_each_date(bands, first, every, files, found):
    assert steps(bands, first, every, files)[0] == found


@pytest.mark.parametrize(
    ("bands", "first", "every", "files", "match"),
    [
        (["", ""], "2000", "year", ("ndvi_2001.tif", "ndvi_2002.tif"), r'ndvi.*first = "2000".*say 2001 to 2002'),
        (["1901", "1903", "1902"], "2001", "year", ("x.tif",), r"say 1901 to 1903\. If .*leave first out; else mend"),
        (["2001-01", "2001-02"], "1981-11", "month", ("x.tif",), r'first = "1981-11".*2001-01 to 2001-02'),
        (["2001-05-01", "2001-05-16"], "2001-04", "year", ("x.tif",), r'first = "2001-04".*2001-05-01 to 2001-05-16'),
    ],
)
def test_a_first_that_contradicts_the_files_is_refused(bands, first, every, files, match):
    with pytest.raises(DataError, match=match):
        steps(bands, first, every, files)


@pytest.mark.parametrize(
    ("labels", "january"),
    [
        (["2000-12", *(f"2001-{month:02d}" for month in range(1, 12))], 1),
        ([f"2000-{month:02d}-15" for month in range(12, 0, -1)], 11),
        ([f"{1990 + month}-{month:02d}" for month in range(1, 13)], 0),
        ([f"{1990 + month}" for month in range(1, 13)], 0),  # years say nothing of the month
    ],
)
def test_dated_normals_begin_with_january(labels, january):
    found, places = steps(labels, every="normal")
    assert found == ("",) * 12
    assert places[0] == (0, january)
    assert places[11] == (0, (january - 1) % 12 if january < 11 else 0)
    by_name = steps([""] * 12, every="normal", files=[f"rain_{label}.tif" for label in labels])[1]
    assert by_name == tuple((band, 0) for _, band in places)


def test_normals_of_months_that_are_not_each_of_twelve_once_are_refused():
    with pytest.raises(DataError, match=r"bands are of 2000-01, 2000-02, .*2000-11, 2000-11; each month .*once"):
        steps([*(f"2000-{month:02d}" for month in range(1, 12)), "2000-11"], every="normal")
    with pytest.raises(DataError, match=r"2000-11, 2000; each month from January to December"):
        steps([*(f"2000-{month:02d}" for month in range(1, 12)), "2000"], every="normal")


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


def test_projections_that_the_file_dates_itself_are_left_out():
    assert steps(["2098", "2002", "2001", "2099"]) == (("2001", "2002"), ((0, 2), (0, 1)))
    assert steps(["2002", "2001", "2099"], "2001")[0] == ("2001", "2002")
    assert steps([str(THIS_YEAR), str(THIS_YEAR + 1)])[0] == (str(THIS_YEAR),)
    assert steps(["2001-01", "2098-01", "2098-01"], every="month")[0] == ("2001-01",)


def test_counts_into_years_to_come_and_files_of_these_alone_are_refused():
    with pytest.raises(DataError, match=r"all 2 steps lie in years to come, from 2098 to 2099"):
        steps(["2099", "2098"])
    with pytest.raises(DataError, match=r"600 bands as the months 2001-01 to 2050-12, beyond"):
        steps([""] * 600, "2001-01", every="month")


def test_a_first_that_is_finer_or_coarser_than_the_dates_agrees_with_them():
    assert steps(["2001", "2005"], "2001-01")[0] == ("2001", "2005")
    assert steps(["2001-03", "2005-03"], "2001")[0] == ("2001-03", "2005-03")


def test_years_alone_name_no_month_and_what_to_write():
    with pytest.raises(DataError, match=r'dates such as 2001 name no month.*first = "2001-01"'):
        steps(["2001", "2002"], every="month")
    with pytest.raises(DataError, match=r'dates such as 2001 name no month.*first = "2001-01"'):
        steps(["", ""], "2001", every="month")
