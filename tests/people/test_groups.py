# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from homeground.errors import DataError
from homeground.people.groups import AFRICAN_UNION_YOUTH, age_bounds, age_shares

AGES = ["0-4", "5-9", "10-14", "15-19", "20-24", "25-29", "30-34", "35-39", "40-64", "65+"]


def population(women, men=None, iso3="NER", year=2020):
    men = women if men is None else men
    return pd.concat(
        pd.DataFrame({"iso3": iso3, "year": year, "sex": sex, "age": AGES, "population": values})
        for sex, values in (("female", women), ("male", men))
    )


def test_hand_computed_shares():
    women = [10.0] * 10
    men = [30.0] + [10.0] * 9
    row = age_shares(population(women, men)).iloc[0]
    assert row["population"] == 220
    assert row["youth_share"] == pytest.approx(40 / 220)
    assert row["women_share"] == pytest.approx(100 / 220)
    assert row["working_age_share"] == pytest.approx(120 / 220)
    assert row["young_women_share"] == pytest.approx(20 / 220)
    # half of 220 is 110: 40 + 20 + 20 + 20 below age 20, and 10 of the 20 who are 20-24
    assert row["median_age"] == pytest.approx(22.5)
    assert row["split"] == ""


def test_bound_inside_a_group_divides_it_evenly_and_says_so():
    row = age_shares(population([10.0] * 10), youth=AFRICAN_UNION_YOUTH).iloc[0]
    assert row["youth_share"] == pytest.approx((4 * 10 + 10 / 5) / 100)
    assert row["split"] == "35-39"


def test_median_in_the_open_group_is_missing():
    assert np.isnan(age_shares(population([1.0] * 9 + [100.0])).loc[0, "median_age"])


def test_sexes_together_have_no_share_of_women():
    both = population([10.0] * 10).query("sex == 'female'").assign(sex="both")
    row = age_shares(both).iloc[0]
    assert np.isnan(row["women_share"])
    assert row["youth_share"] == pytest.approx(0.2)


def test_faults_are_refused():
    table = population([10.0] * 10)
    with pytest.raises(DataError, match="overlap or leave a gap"):
        age_shares(table[table["age"] != "10-14"])
    with pytest.raises(DataError, match="sexes"):
        age_shares(table[table["sex"] == "female"])
    with pytest.raises(DataError, match="lacks one sex"):
        age_shares(table.iloc[1:])
    with pytest.raises(DataError, match="negative or missing"):
        age_shares(table.assign(population=np.nan))
    with pytest.raises(DataError, match="open group"):
        age_shares(table, working_age=(15, 70))
    with pytest.raises(DataError, match="twice"):
        age_shares(pd.concat([table, table]))
    with pytest.raises(DataError, match="not understood"):
        age_bounds("young")


@given(st.lists(st.floats(0, 1e6), min_size=10, max_size=10).filter(lambda v: sum(v) > 1), st.integers(1, 60))
def test_ages_cut_in_two_add_up(values, cut):
    table = population(values)
    below = age_shares(table, youth=(0, cut - 1), working_age=(cut, 64)).iloc[0]
    over_64 = values[-1] / sum(values)
    assert below["youth_share"] + below["working_age_share"] + over_64 == pytest.approx(1)
