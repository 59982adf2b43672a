# SPDX-License-Identifier: Apache-2.0
"""What comes out of the gate, by hand; `test_disclosure_attack.py` tries to work out what does not."""

import time

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import MultiPoint, Point, box

from homeground.errors import DataError
from homeground.numbers.disclosure import PERSONAL, protect, protect_part, refuse_personal
from homeground.people import protect as protect_of_people


def test_small_total_is_withheld_with_another():
    table = pd.DataFrame({"iso3": ["a", "a", "b", "b", "c"], "people": [3, 4, 50, 60, 900]})
    shown, record = protect(table, counts="people", groups="iso3")
    assert shown["people"].isna().tolist() == [True, True, True, False, False]
    assert record.totals_withheld == ("people of iso3 a", "people of iso3 b")
    assert "of 5 counts of people are hidden: below 10" in record.warning
    assert "larger areas" in record.warning


def test_rounding_and_ranges_and_missing():
    table = pd.DataFrame(
        {"people": [12.0, 12.5, 1003.0, np.nan, 0.0], "low": [11.0, 9, 1001, np.nan, 0], "high": [13.0, 14, 1006, 2, 0]}
    )
    shown, record = protect(table, counts="people", intervals={"people": ("low", "high")})
    assert shown["people"].tolist() == [10, 15, 1005, pd.NA, 0]
    assert shown["people_hidden"].tolist() == [False] * 5
    assert shown["low"].tolist()[:3] == [10, 5, 1000]
    assert shown["high"].tolist()[:3] == [15, 15, 1010]
    assert (record.cells, record.share_hidden, record.warning) == (3, 0, "")


def test_range_of_a_hidden_count_is_hidden():
    table = pd.DataFrame({"people": [4, 30, 50], "low": [3.0, 20, 40], "high": [5.0, 40, 60]})
    shown, _ = protect(table, counts="people", intervals={"people": ("low", "high")})
    assert shown["low"].isna().tolist() == shown["high"].isna().tolist() == [True, True, False]


def test_input_is_left_as_it_was():
    table = pd.DataFrame({"people": [4, 30, 50]}, index=["x", "y", "z"])
    before = table.copy()
    shown, _ = protect(table, counts="people")
    pd.testing.assert_frame_equal(table, before)
    assert shown.index.tolist() == ["x", "y", "z"]


@pytest.mark.parametrize(
    "name", ["name_of_person", "Phone", "motherPhone", "beneficiary name", "household_id", "GPS", "e-mail", "Latitude"]
)
def test_personal_columns_are_refused(name):
    with pytest.raises(DataError, match="persons or households"):
        protect(pd.DataFrame({"people": [50], name: ["x"]}), counts="people")


def test_names_of_places_and_polygons_pass():
    table = gpd.GeoDataFrame({"name": ["Diffa"], "mobile_money": [0.2], "people": [50]}, geometry=[box(0, 0, 1, 1)])
    refuse_personal(table)
    with pytest.raises(DataError, match="points"):
        refuse_personal(table.set_geometry([Point(0, 0)]))
    assert all(name == name.lower() for name in PERSONAL)


def test_faults_are_refused():
    table = pd.DataFrame({"iso3": ["a", "b"], "net": [-5, 20], "women": [20, 30], "people": [40, 50]})
    with pytest.raises(DataError, match="negative"):
        protect(table, counts="net")
    with pytest.raises(DataError, match="men"):
        protect(table, counts=["people", "women"], sums={"people": ["women", "men"]})
    with pytest.raises(DataError, match="add up"):
        protect(table, counts=["people", "women"], sums={"people": ["women"]})
    with pytest.raises(DataError, match="region"):
        protect(table, counts="people", groups="region")


def test_the_gate_of_people_is_this_gate():
    assert protect_of_people is protect


def test_defaults_are_threshold_ten_and_base_five():
    shown, record = protect(pd.DataFrame({"people": [9, 10, 11, 12, 13, 500]}), counts="people")
    assert shown["people"].tolist() == [pd.NA, pd.NA, 10, 10, 15, 500]
    assert (record.threshold, record.round_to) == (10, 5)
    assert str(shown["people"].dtype) == "Int64"


def test_another_base_and_threshold():
    table = pd.DataFrame({"people": [4, 5, 14, 15, 16, 999]})
    shown, _ = protect(table, counts="people", threshold=5, round_to=1)
    assert shown["people"].tolist() == [pd.NA, pd.NA, 14, 15, 16, 999]
    shown, _ = protect(table[2:], counts="people", threshold=1, round_to=10)
    assert shown["people"].tolist() == [10, 20, 20, 1000]


def test_the_record_counts_what_was_hidden():
    table = pd.DataFrame({"people": [3, 14, 0, 522, 700, 900, 40, 50, 60, 70, np.nan]})
    shown, record = protect(table, counts="people")
    assert shown["people_hidden"].tolist() == [True, True, *[False] * 9]
    assert (record.cells, record.hidden_small, record.hidden_beside) == (9, 1, 1)
    assert record.share_hidden == pytest.approx(2 / 9)
    assert record.warning == (
        "2 of 9 counts of people are hidden: below 10, or so that those cannot be worked out. Totals leave them out. "
        "Publish larger areas or groups."
    )
    _, record = protect(pd.DataFrame({"people": [3, 14, *range(100, 900, 100)]}), counts="people")
    assert record.share_hidden == 0.2  # a fifth is borne
    assert record.warning.endswith("Totals leave them out.")
    _, record = protect(pd.DataFrame({"people": [1, 9, 500, 600, 700, 800, 900, 950, 960]}), counts="people")
    assert record.hidden_small == 2
    assert record.hidden_beside == 0


def test_a_table_of_nobody():
    shown, record = protect(pd.DataFrame({"people": [0, 0]}), counts="people")
    assert shown["people"].tolist() == [0, 0]
    assert (record.cells, record.share_hidden, record.warning) == (0, 0.0, "")


def test_ends_that_repeat_the_count_tell_no_more_than_rounding():
    table = pd.DataFrame({"people": [1003.0, 1007, 0, 4, 12, 40], "low": [1003.0, 1007, 0, 4, 11, 40]})
    table["high"] = table["people"]
    shown, _ = protect(table, counts="people", intervals={"people": ("low", "high")})
    # 1003 and 1007 both stand for 1003 to 1007, so their ends are the same too; 12 has a range of its own.
    assert shown["people"].tolist() == [1005, 1005, 0, pd.NA, pd.NA, 40]
    assert shown["low"].tolist()[:3] == [1000, 1000, 0]
    assert shown["high"].tolist()[:3] == [1010, 1010, 0]
    assert (shown["low"].iloc[5], shown["high"].iloc[5]) == (35, 45)
    half = table.assign(high=table["people"] + 1)  # an interval of which one end alone is the count
    shown, _ = protect(half, counts="people", intervals={"people": ("low", "high")})
    assert (shown["low"].iloc[0], shown["high"].iloc[0]) == (1000, 1005)
    low = table.assign(low=table["people"] - 1)
    shown, _ = protect(low, counts="people", intervals={"people": ("low", "high")})
    assert (shown["low"].iloc[0], shown["high"].iloc[0]) == (1000, 1005)


def test_published_counts_keep_their_ends():
    table = pd.DataFrame({"people": [5, 731, 1003], "low": [1, 731, 1003], "high": [5, 731, 1003]})
    shown, _ = protect(table, counts="people", intervals={"people": ("low", "high")}, threshold=5, round_to=1)
    assert shown["people"].tolist() == [5, 731, 1003]
    assert shown["low"].tolist() == [1, 731, 1003]
    assert shown["high"].tolist() == [5, 731, 1003]


def test_an_interval_goes_to_its_own_count():
    table = pd.DataFrame({"a": [3, 14, 522], "b": [40, 41, 42], "low": [38, 39, 40], "high": [44, 45, 46]})
    shown, _ = protect(table, counts=["a", "b"], intervals={"b": ("low", "high")})
    assert shown["low"].tolist() == [35, 35, 40]
    assert shown["high"].tolist() == [45, 45, 50]


def test_a_part_is_not_left_to_subtraction():
    # 3 women of 53 people: the men, or the people, must go too. No total of another table helps.
    table = pd.DataFrame({"people": [53, 500], "women": [3, 200], "men": [50, 300]})
    alone, _ = protect(table, counts=["people", "women", "men"])
    shown, _ = protect(table, counts=["people", "women", "men"], sums={"people": ["women", "men"]})
    assert not alone["men_hidden"].iloc[0] or not alone["people_hidden"].iloc[0]
    assert shown["women_hidden"].iloc[0]
    assert shown["men_hidden"].iloc[0]


def test_totals_of_a_part_add_up_to_those_of_the_whole():
    # Women 4 + 300 of two countries. Were the totals of women, men and people not tied, 4 would follow from them:
    # women of b are hidden beside 4, but people of b less men of b would give them.
    table = pd.DataFrame({"iso3": ["a", "b"], "women": [4, 300], "men": [40, 400]})
    table["people"] = table["women"] + table["men"]
    shown, record = protect(table, counts=["people", "women", "men"], sums={"people": ["women", "men"]}, groups="iso3")
    assert shown["women_hidden"].tolist() == [True, True]
    for row in (0, 1):
        assert shown["men_hidden"].iloc[row] or shown["people_hidden"].iloc[row]
    assert record.totals_withheld.count("women of iso3 a") == 1  # of one region: the total is the count


def test_a_group_of_its_own_is_its_total():
    table = pd.DataFrame({"iso3": ["a", "b", "b"], "people": [3, 50, 60]})
    shown, record = protect(table, counts="people", groups="iso3")
    assert shown["people_hidden"].tolist() == [True, True, False]
    assert record.totals_withheld == ("people of iso3 a", "people of iso3 b")


def test_counts_of_places_without_a_group_count_in_the_whole():
    table = pd.DataFrame({"iso3": ["a", None, "a"], "people": [3, 50, 60]})
    shown, record = protect(table, counts="people", groups="iso3")
    assert shown["people_hidden"].tolist() == [True, False, True]
    assert record.totals_withheld == ()


def test_missing_parts_are_no_sum():
    table = pd.DataFrame({"people": [53, 60], "women": [3, np.nan], "men": [50, np.nan]})
    shown, _ = protect(table, counts=["people", "women", "men"], sums={"people": ["women", "men"]})
    assert shown["women_hidden"].tolist() == [True, False]
    assert shown["men_hidden"].tolist() == [True, False]
    assert shown["people"].tolist() == [55, 60]


def test_parts_may_miss_the_whole_by_rounding_only():
    table = pd.DataFrame({"people": [100.0 + 5e-7], "women": [60.0], "men": [40.0]})
    protect(table, counts=["people", "women", "men"], sums={"people": ["women", "men"]})
    for gap in (2e-6, -2e-6, 1):
        with pytest.raises(DataError, match=r"\['women', 'men'\] do not add up to 'people' in 1 rows"):
            protect(
                table.assign(people=100.0 + gap), counts=["people", "women", "men"], sums={"people": ["women", "men"]}
            )


def test_all_of_a_name_counts_and_all_missing_ones_are_told():
    table = pd.DataFrame({"people": [50], "low": [40]})
    with pytest.raises(DataError, match=r"\['high'\] were expected"):
        protect(table, counts="people", intervals={"people": ("low", "high")})
    with pytest.raises(DataError, match=r"\['low'\] were expected among the counts \['people'\]"):
        protect(table, counts="people", intervals={"low": ("people", "people")})
    with pytest.raises(DataError, match=r"\['a', 'b'\] were expected"):
        protect(table, counts="people", groups=["a", "b"])
    with pytest.raises(DataError, match="expected"):
        protect(table, counts=[])
    with pytest.raises(DataError, match=r"\['old'\] were expected"):
        protect(table.assign(women=1, men=49, young=50), counts=["people", "women", "men", "young"],
                sums={"people": [["women", "men"], ["young", "old"]]})  # fmt: skip


@pytest.mark.parametrize("name", ["phonetic", "simple", "latent", "named_place", "village", "emailed", "gpsx"])
def test_words_that_only_begin_like_personal_ones_pass(name):
    refuse_personal(pd.DataFrame({name: ["x"]}))


@pytest.mark.parametrize("name", PERSONAL)
def test_each_personal_name_is_refused_alone_and_in_others(name):
    for found in (name, f"my_{name}", f"{name}_2", name.upper(), name.replace("_", " "), f"-{name}-"):
        with pytest.raises(DataError, match="persons or households"):
            refuse_personal(pd.DataFrame({found: ["x"]}))


def test_all_personal_columns_are_told_at_once_and_points_deep_in_a_column_too():
    table = pd.DataFrame({"phone": ["x"] * 3, "where": [None, None, MultiPoint([(0, 0)])], "hhid": 1})
    with pytest.raises(DataError, match=r"\['phone', 'where \(points\)', 'hhid'\]"):
        refuse_personal(table)
    late = pd.DataFrame({"where": [None] * 999 + [Point(0, 0)]})
    with pytest.raises(DataError, match="points"):
        refuse_personal(late)


# a number worked out from published counts


@pytest.mark.parametrize(
    ("part", "whole", "nearest", "down", "up"),
    [
        (0, 100, 0, 0, 0),
        (4.9, 100, 0, 0, 10),  # nearer to nobody than to ten
        (5, 100, 10, 0, 10),
        (10, 100, 10, 10, 10),
        (12.4, 100, 10, 10, 15),
        (12.5, 100, 15, 10, 15),  # halves up, as in the gate
        (88, 100, 90, 85, 90),
        (94.9, 100, 90, 90, 100),
        (95, 100, 100, 90, 100),
        (100, 100, 100, 100, 100),
        (7, 15, 0, 0, 15),  # of 15 people nothing between leaves ten on both sides
        (7.5, 15, 15, 0, 15),
        (9, 20, 10, 0, 10),
        (0, 0, 0, 0, 0),
        (float("nan"), 100, None, None, None),
        (5, float("nan"), None, None, None),
    ],
)
def test_a_part_beside_its_whole(part, whole, nearest, down, up):
    for towards, expected in (("nearest", nearest), ("down", down), ("up", up)):
        (found,) = protect_part([part], [whole], towards=towards)
        assert np.isnan(found) if expected is None else found == expected, towards


def test_a_part_with_another_base_and_threshold():
    assert protect_part([6, 8, 44, 97], [100] * 4, threshold=15, round_to=10).tolist() == [0, 0, 40, 100]
    assert protect_part([11], [100], threshold=15, round_to=10).tolist() == [20]
    assert protect_part([2, 3, 17], [20] * 3, threshold=3, round_to=1).tolist() == [3, 3, 17]


def test_a_part_outside_its_whole_is_refused():
    for part, whole in ((-1, 5), (6, 5)):
        with pytest.raises(DataError, match="below 0 or above its whole"):
            protect_part([part, 3], [whole, 5])
    with pytest.raises(DataError, match='"nearest", "down" or "up"'):
        protect_part([1], [5], towards="sideways")


@given(st.integers(0, 60).map(lambda n: 5 * n), st.floats(0, 1), st.integers(0, 4), st.integers(0, 4))
def test_no_small_number_is_read_off_a_part_or_the_rest(whole, share, less, more):
    low, high = max(whole - 5 * less, 0), whole + 5 * more
    value = protect_part([whole * share], [whole])[0]
    ends = (
        protect_part([low * share], [low], towards="down")[0],
        protect_part([high * share], [high], towards="up")[0],
    )
    assert ends[0] <= value <= ends[1]
    assert ends[0] <= low * share
    assert high * share <= ends[1]
    for number, of in ((value, whole), (ends[0], low), (ends[1], high)):
        assert number == 0 or number >= min(10, of)
        assert of - number == 0 or of - number >= min(10, of)
        assert number % 5 == 0
    if 10 <= value <= whole - 10:
        assert abs(value - whole * share) <= 5


def test_limits_themselves():
    """Each number of the gate at its very limit."""
    spare, _ = protect(pd.DataFrame({"p": [31], "low": [31], "high": [31]}), counts="p", intervals={"p": ("low", "high")},
                       round_to=2)  # fmt: skip
    assert spare[["p", "low", "high"]].values.tolist() == [[32, 30, 34]]
    _, record = protect(pd.DataFrame({"p": [1, 0, 400, 60]}), counts="p")
    assert (record.cells, record.hidden_small) == (3, 1)
    assert protect_part([10], [19]).tolist() == [19]  # 10 would leave 9
    assert protect_part([20.5], [100], round_to=1).tolist() == [21]  # of two alike the larger
    shapes = [box(0, 0, 1, 1)] * 1000
    refuse_personal(gpd.GeoDataFrame({"region_id": range(1001)}, geometry=[*shapes, Point(0, 0)]))
    for negative in (-1, -0.5):
        with pytest.raises(DataError, match="negative numbers"):
            protect(pd.DataFrame({"p": [40, negative]}), counts="p")


def test_rows_that_do_not_add_up_are_counted_and_a_millionth_is_rounding():
    table = pd.DataFrame({"people": [50, 40, 1e-6], "women": [49, 40, 0.0]})
    with pytest.raises(DataError, match=r"\['women'\] do not add up to 'people' in 1 rows"):
        protect(table, counts=["people", "women"], sums={"people": ["women"]})
    shown, _ = protect(table[1:], counts=["people", "women"], sums={"people": ["women"]}, threshold=0)
    assert shown["people"].tolist()[0] == 40
    with pytest.raises(DataError, match=r"\[\] do not add up"):
        protect(table, counts="people", sums={"people": []})


@pytest.mark.slow
def test_large_table_is_audited_in_seconds():
    rng = np.random.default_rng(0)
    values = np.where(rng.random(3600) < 0.5, np.floor(rng.lognormal(3, 2, 3600)), 0)
    table = pd.DataFrame({"origin": np.repeat(range(60), 60), "destination": np.tile(range(60), 60), "people": values})
    start = time.perf_counter()
    shown, record = protect(table, counts="people", groups=["origin", "destination"])
    assert time.perf_counter() - start < 20
    assert record.hidden_small == ((values > 0) & (values < 10)).sum()
    # every row with a hidden cell has another, in both directions
    for margin in ("origin", "destination"):
        assert not shown.groupby(margin)["people_hidden"].sum().eq(1).any()
