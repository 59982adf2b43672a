# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from homeground.errors import DataError
from homeground.people.population import RURAL_WEIGHTS, largest_remainder, regional_population
from homeground.people.steps.regions import as_surveyed


@pytest.fixture
def land():
    return pd.DataFrame(
        {
            "region_id": ["NE-1", "NE-2", "NE-3", "ML-1"],
            "iso3": ["NER", "NER", "NER", "MLI"],
            "cropland": [40.0, 10.0, 0.0, 5.0],
            "grassland": [0.0, 100.0, 0.0, 5.0],
            "other_land": [0.0, 0.0, 500.0, 0.0],
            "water": [5.0, 0.0, 0.0, 900.0],
        }
    )


@pytest.fixture
def cities():
    return pd.DataFrame({"region_id": ["NE-1", "NE-1", "NE-3"], "population": [60.0, 20.0, 20.0]})


SHARES = {"NER": 0.25, "MLI": 0.4}
TOTALS = {"NER": 9_000, "MLI": 777, "FRA": 68_000_000}


def test_hand_computed_split(land, cities):
    # rural weights: 40, 10 + 30, 10 of 90; urban: 80, 0, 20 of 100
    found = regional_population(TOTALS, cities, land, urban_share=SHARES).set_index("region_id")
    assert found.loc["NE-1", "population"] == round(9000 * (0.25 * 0.8 + 0.75 * 40 / 90))
    assert found.loc["NE-2", "population"] == round(9000 * (0.75 * 40 / 90))
    assert found.loc["NE-3", "population"] == round(9000 * (0.25 * 0.2 + 0.75 * 10 / 90))
    assert found["cities"].tolist() == [2, 0, 1, 0]
    assert (found["kind"] == "modelled").all()
    assert found["note"].str.contains("not a confidence interval").all()


def test_country_without_cities_falls_to_the_land_and_says_so(land, cities):
    found = regional_population(TOTALS, cities, land, urban_share=SHARES).set_index("region_id")
    assert found.loc["ML-1", "population"] == 777
    assert found.loc["ML-1", "method"] == "land cover only: no city of MLI has a population"
    assert found.loc["NE-1", "method"] == "cities and land cover"


def test_country_without_habitable_land_falls_to_its_cities_and_says_so(land, cities):
    bare = land.assign(cropland=0.0, grassland=0.0, other_land=0.0).iloc[:3]
    found = regional_population(TOTALS, cities, bare, urban_share=SHARES)
    assert found["population"].tolist() == [7200, 0, 1800]
    assert found["method"].unique().tolist() == ["cities only: NER has no habitable land cover"]


def test_range_holds_the_variants_computed_by_hand(land, cities):
    found = regional_population(TOTALS, cities, land, urban_share=SHARES).set_index("region_id")
    # NE-2 has no city: least at the urban share of 0.35, most at 0.15, over weights to the power 1, 1/2 and 2
    rural = [np.array([40, 10 + 100 * w, 500 * d]) for w, d in [(0.3, 0.02), (0.3**0.5, 0.02**0.5), (0.3**2, 0.02**2)]]
    parts = [float(r[1] / r.sum()) for r in rural]
    assert found.loc["NE-2", "low"] == np.floor(9000 * 0.65 * min(parts))
    assert found.loc["NE-2", "high"] == np.ceil(9000 * 0.85 * max(parts))


def test_all_faults_are_named_at_once(land, cities):
    land.loc[0, "cropland"] = np.nan
    land["moon"] = 1.0
    cities.loc[0, "region_id"] = "XX"
    with pytest.raises(DataError) as caught:
        regional_population(TOTALS, cities, land, urban_share=SHARES)
    for word in ["moon", "NE-1", "XX"]:
        assert word in str(caught.value)


def test_countries_without_a_total_are_named(land, cities):
    with pytest.raises(DataError) as caught:
        regional_population({"MLI": np.nan}, cities, land, urban_share={"NER": 17.0, "MLI": 0.4})
    for word in ["NER has no national population", "MLI has no national population", "not per cent"]:
        assert word in str(caught.value)


def test_missing_city_population_is_left_out_not_filled(land, cities):
    cities.loc[1, "population"] = np.nan
    found = regional_population(TOTALS, cities, land, urban_share=SHARES).set_index("region_id")
    assert found.loc["NE-1", "cities"] == 1
    # 9000 * (0.25 * 60 / 80 + 0.75 * 40 / 90) = 4687.5 ties with NE-3: the earlier gets the person
    assert found.loc["NE-1", "population"] == 4688


def test_nothing_to_place_people_by_is_refused(land):
    empty = pd.DataFrame({"region_id": pd.Series(dtype=str), "population": pd.Series(dtype=float)})
    sea = land.assign(cropland=0.0, grassland=0.0, other_land=0.0)
    with pytest.raises(DataError, match="cannot be placed"):
        regional_population(TOTALS, empty, sea, urban_share=SHARES)


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=40).filter(lambda w: sum(w) > 1e-6), st.integers(0, 10**10))
def test_largest_remainder_keeps_total_and_stays_within_one(weights, total):
    whole = largest_remainder(weights, total)
    exact = np.array(weights) / np.sum(weights) * total
    assert whole.sum() == total
    assert (whole >= 0).all()
    assert np.abs(whole - exact).max() < 1 + 1e-6 * max(total, 1) * 1e-6


@given(
    st.integers(1, 10**9),
    st.floats(0, 1),
    st.lists(st.tuples(st.floats(0, 1e5), st.floats(0, 1e5), st.floats(0, 1e7)), min_size=1, max_size=12),
)
def test_regions_add_up_exactly_and_lie_in_their_range(total, share, rows):
    frame = pd.DataFrame(rows, columns=["cropland", "grassland", "population"])
    frame["region_id"] = [f"r{i}" for i in range(len(frame))]
    frame["iso3"] = "NER"
    frame.loc[0, "cropland"] = 1.0
    found = regional_population(
        {"NER": total},
        frame[["region_id", "population"]],
        frame[["region_id", "iso3", "cropland", "grassland"]],
        urban_share={"NER": share},
    )
    assert found["population"].sum() == total
    assert (found["low"] <= found["population"]).all()
    assert (found["population"] <= found["high"]).all()


def test_weights_say_water_holds_nobody():
    assert RURAL_WEIGHTS["water"] == 0.0


TWO_GROUPS = pd.DataFrame(
    {"region_id": ["a", "b", "c"], "group": ["a b", "a b", "c"], "persons": [300.0, 300.0, 100.0]}
)
THREE = pd.DataFrame({"region_id": ["a", "b", "c"], "iso3": "NER", "cropland": [30.0, 10.0, 60.0]})


def grouped(groups, land=THREE, towns=(("a", 20.0), ("b", 60.0), ("c", 20.0)), **options):
    cities = pd.DataFrame(list(towns), columns=["region_id", "population"])
    found = regional_population({"NER": 4000}, cities, land, urban_share={"NER": 0.5}, groups=groups, **options)
    return found.set_index("region_id")


def test_by_hand_groups_share_the_country_and_the_model_places_inside_them():
    """a and b hold three quarters; of 0.25 and 0.35 of the model they have 5 and 7 of twelve parts: 1250 and 1750."""
    found = grouped(TWO_GROUPS)
    assert found["population"].to_dict() == {"a": 1250, "b": 1750, "c": 1000}
    assert found["method"].unique().tolist() == ["people of groups of regions; inside them cities and land cover"]
    assert (found.loc["c", ["low", "high"]] == 1000).all()  # nothing is placed in it
    assert found.loc["a", "low"] < 1250 < found.loc["a", "high"]


def test_a_country_with_a_region_in_no_group_is_placed_without_them():
    plain = grouped(None)
    pd.testing.assert_frame_equal(grouped(TWO_GROUPS.iloc[:2]), plain)
    assert plain["method"].unique().tolist() == ["cities and land cover"]


def test_a_group_without_towns_and_habitable_land_is_shared_by_area():
    land = pd.DataFrame({"region_id": ["a", "b", "c"], "iso3": "NER", "cropland": [0.0, 0, 9], "water": [30.0, 10, 0]})
    found = grouped(TWO_GROUPS, land, towns=(("c", 5.0),))
    assert found["population"].to_dict() == {"a": 2250, "b": 750, "c": 1000}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"region_id": ["a", "b", "b"]}, "in two groups"),
        ({"persons": [300.0, 299.0, 100.0]}, "one number of persons"),
        ({"persons": [300.0, 300.0, 0.0]}, "above 0"),
        ({"persons": [np.nan, np.nan, 100.0]}, "above 0"),
    ],
)
def test_groups_that_contradict_themselves_are_refused(change, said):
    with pytest.raises(DataError, match=said):
        grouped(TWO_GROUPS.assign(**change))


def test_intervals_are_those_that_surveys_showed():
    modelled = pd.DataFrame(
        {"region_id": ["a", "b", "c", "d"], "iso3": ["X", "X", "X", "Y"], "population": [1800, 100, 100, 50]}
    )
    modelled = modelled.assign(low=[1800, 90, 20, 50], high=[1800, 400, 110, 50])
    groups = pd.DataFrame({"region_id": ["a", "b", "c"], "group": ["a", "b c", "b c"]})
    found = as_surveyed(modelled, groups)
    assert found["low"].tolist() == [1000, 40, 20, 50]  # 1800 / 1.8; 100 / 2.5; the wider range stays; a whole country
    assert found["high"].tolist() == [2000, 400, 250, 50]  # never more than the country
    assert as_surveyed(modelled, None)["low"].tolist() == [720, 40, 20, 50]
