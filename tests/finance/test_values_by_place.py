# SPDX-License-Identifier: Apache-2.0
"""Whose price, yield, loss and wage serves a country; losses along a chain."""

from __future__ import annotations

import importlib.util
import math
from pathlib import Path

import pandas as pd
import pytest

from homeground.errors import DataError
from homeground.finance import food_loss_percentage, reaching_use, read_values, trail
from homeground.finance.valuation import check_values
from homeground.finance.valued.places import DERIVED, finder

VALUES = read_values()
find = finder(VALUES)


def test_the_shipped_table_stands():
    check_values(VALUES)


@pytest.mark.parametrize(
    ("parameter", "iso3", "how", "places"),
    [
        ("price_millet", "NER", "country", ("NER",)),
        ("price_cereal", "SDN", "neighbour", ("TCD",)),  # Ethiopia is a neighbour of another zone
        ("wage", "SRB", "neighbour", ("BIH",)),
        ("wage", "ALB", "zone", ("BIH",)),
        ("price_cereal", "MAR", "none", ()),
        ("price_coffee", "KEN", "none", ()),  # Ethiopia lies in the Horn, Kenya does not
        ("loss_after_harvest_cereal", "SRB", "world", ("world",)),
        ("carbon_price_growth", "SRB", "general", ("general",)),
    ],
)
def test_how_near(parameter, iso3, how, places):
    found = find(parameter, iso3)
    assert (found.how, found.places) == (how, places)


def test_no_yield_price_or_wage_of_niger_beyond_its_zone():
    for iso3 in ("SRB", "KAZ", "MAR", "IND", "ISL"):
        for parameter in ("wage", "price_cereal", "base_yield_cereal", "price_forage", "base_yield_cereal_degraded"):
            assert not {"NER", "sahel", "sub_saharan_africa"} & set(find(parameter, iso3).places)


def test_several_places_are_their_median_with_the_furthest_ends():
    # Nigeria has none of its own: Niger (median of 215.7 and 200.4) and Chad (of 436.1 and 318.5)
    found = find("price_cereal", "NGA")
    assert found.places == ("NER", "TCD")
    assert found.mid == pytest.approx(((215.7 + 200.4) / 2 + (436.1 + 318.5) / 2) / 2)
    assert found.low == pytest.approx((210.3 + 196.0) / 2)
    assert found.high == pytest.approx((520.0 + 391.5) / 2)
    assert sum(part.share for part in found.parts) == pytest.approx(1)


def test_ethiopia_weighs_its_four_cereals_alike():
    assert find("price_cereal", "ETH").mid == pytest.approx((460.1 + 479.6) / 2)  # of 418.1, 460.1, 479.6, 518.2


def test_a_planted_hole_is_absent_and_not_zero():
    bare = VALUES[~VALUES["parameter"].isin(["price_cereal", *DERIVED["price_cereal"]])]
    found = finder(bare)("price_cereal", "NER")
    assert found.absent
    assert math.isnan(found.mid)
    table = trail(bare, [("price_cereal", "NER")])
    assert table["how"].tolist() == ["none"]
    assert table["mid"].isna().all()


def test_a_study_s_own_row_for_all_serves_where_none_is_named():
    own = (
        VALUES[VALUES["parameter"] == "price_millet"]
        .head(1)
        .assign(parameter="price_cereal", place="general", mid=500.0)
    )
    assert finder(pd.concat([VALUES, own]))("price_cereal", "NER")[3:5] == (2, "general")


def test_the_trail_names_whose_figures_and_sources():
    row = trail(VALUES, [("wage", "NER")]).iloc[0]
    assert (row["low"], row["mid"], row["high"], row["unit"]) == (1.818, 2.33, 3.0, "USD/person-day")
    assert "WOCAT" in row["source"]
    assert "Enabel" in row["source"]


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"unit": "USD"}, r'wage \(NER\) has unit "USD", "USD/person-day" was expected'),
        ({"mid": math.nan}, r"wage \(NER\): low <= mid <= high was expected"),
        ({"low": -1.0}, r"wage \(NER\): a value of 0 or more was expected"),
        ({"currency": "XOF"}, r"wage \(NER\) has currency XOF, USD was expected"),
        ({"licence": ""}, r"wage \(NER\) has no licence"),
    ],
)
def test_a_wrong_row_is_refused_by_name(change, text):
    row = VALUES[(VALUES["parameter"] == "wage") & (VALUES["place"] == "NER")].assign(**change)
    with pytest.raises(DataError, match=text):
        check_values(pd.concat([VALUES.drop(row.index), row]))


def test_a_difference_of_yields_may_be_a_loss_and_a_loss_is_a_share():
    row = VALUES[VALUES["parameter"] == "loss_after_harvest_coffee"].assign(low=2.5, mid=5.0, high=10.0)
    with pytest.raises(DataError, match=r"loss_after_harvest_coffee \(ETH\).*a share of at most 1"):
        check_values(pd.concat([VALUES.drop(row.index), row]))
    assert (VALUES.loc[VALUES["parameter"] == "yield_difference_parkland_trees_sorghum", "mid"] < 0).all()


def test_losses_are_chained_and_never_added():
    # FAO: of 1000 kg that lose 5, 4 and 10 % in turn 820.8 are left; adding would say 810
    assert 1000 * reaching_use([0.05, 0.04, 0.10]) == pytest.approx(820.8)
    assert reaching_use([]) == 1
    with pytest.raises(DataError, match=r"Write 12.5 % as 0\.125"):
        reaching_use([0.1, 12.5])
    with pytest.raises(DataError, match="found nan"):
        reaching_use([math.nan])


def test_the_basket_of_the_fao():
    """Ethiopia 2015: coffee, green, 463 092 t at 1966.9237 and 5 % lost; all ten foods lose 10.580048 % of their worth."""
    coffee = 463_092 * 1966.9237
    rest = 8_418_008_320.94 - coffee
    lost = (890_629_289.40 - 0.05 * coffee) / rest
    assert food_loss_percentage([0.05, lost], [463_092, rest], [1966.9237, 1.0]) == pytest.approx(10.580048, abs=5e-7)
    assert find("loss_after_harvest_coffee", "ETH").mid == 0.05
    with pytest.raises(DataError, match="found other or missing ones"):
        food_loss_percentage([0.05, math.nan], [1, 1], [1, 1])
    with pytest.raises(DataError, match="worth nothing"):
        food_loss_percentage([0.05], [0], [1])


def test_the_shipped_rows_are_what_the_tool_builds(shared_data):
    path = Path(__file__).resolve().parents[2] / "tools" / "build_values.py"
    spec = importlib.util.spec_from_file_location("build_values", path)
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    built = pd.DataFrame(tool.build(shared_data / "measures")).set_index(["parameter", "place"])
    shipped = VALUES.set_index(["parameter", "place"])
    assert built.index.is_unique
    for end in ("low", "mid", "high"):
        assert shipped.loc[built.index, end].tolist() == built[end].astype(float).tolist()


def test_prices_and_wages_by_hand():
    # Niger's millet: 194.1 nominal USD, mean of 2020 to 2022, at US consumer prices of 258.811, 270.97, 292.655 and 304.702
    assert find("price_millet", "NER").mid == pytest.approx(
        194.1 * 304.702 / ((258.811 + 270.97 + 292.655) / 3), rel=1e-3
    )
    # Uzbekistan: records of 4 and 10 USD a day; Kazakhstan has one, so its ends are half and double
    assert find("wage", "UZB")[:3] == (4.0, 7.0, 10.0)
    assert find("wage", "KAZ")[:3] == (11.0, 22.0, 44.0)
    # coffee: 407 million USD for 150 000 t in 2020, of which growers get 0.55
    assert find("price_coffee", "ETH").mid == pytest.approx(407e6 / 150e3 * 0.55 * 304.702 / 258.811, rel=1e-3)
