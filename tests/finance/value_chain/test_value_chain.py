# SPDX-License-Identifier: Apache-2.0
"""Chains by hand, FAO's percentage of Ethiopia's basket, and rural industry as a business."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from homeground.errors import DataError
from homeground.finance import (
    business_case,
    chain_rows,
    chain_table,
    equipment_rows,
    equipment_table,
    food_loss_percentage,
    loss_left_to,
    npv,
    shares_implied,
    value_chain,
    yearly_need,
)

# Ten tonnes of cherries: a tenth is lost on the farm, a fifth in pulping, which leaves a fifth of the mass; none in export.
STAGES = pd.DataFrame(
    {
        "stage": ["farm", "pulping", "export"],
        "loss": [0.1, 0.2, 0.0],
        "yield": [1.0, 0.2, 1.0],
        "price": [400.0, 3000.0, 4000.0],
        "cost": [200.0, 50.0, 100.0],
        "energy_kwh": [0.0, 10.0, 5.0],
        "water_m3": [0.0, 4.0, None],
        "person_days": [30.0, 2.0, 1.0],
        "person_days_women": [12.0, 1.5, 0.2],
    }
)


def test_mass_is_chained_and_money_balances_by_hand():
    chain = value_chain(STAGES, quantity=10)
    table = chain.stages.set_index("stage")
    assert table["t_in"].tolist() == pytest.approx([10.0, 9.0, 1.44])
    assert table["t_lost"].tolist() == pytest.approx([1.0, 1.8, 0.0])
    assert table["t_out"].tolist() == pytest.approx([9.0, 1.44, 1.44])
    assert table["remaining"].tolist() == pytest.approx([0.9, 0.72, 0.72])
    assert chain.loss == pytest.approx(0.28)  # not 0.3: percentages of a chain are never added
    assert table["value"].tolist() == pytest.approx([3600.0, 4320.0, 5760.0])
    assert table["bought"].tolist() == pytest.approx([0.0, 3600.0, 4320.0])
    assert table["cost"].tolist() == pytest.approx([2000.0, 450.0, 144.0])
    assert table["margin"].tolist() == pytest.approx([1600.0, 270.0, 1296.0])
    assert table["cost"].sum() + table["margin"].sum() == pytest.approx(5760.0)
    assert (chain.mass_gap, chain.money_gap) == pytest.approx((0.0, 0.0), abs=1e-9)
    assert chain.farm_gate_share == pytest.approx(0.1)
    assert table["energy_kwh"].tolist() == pytest.approx([0.0, 90.0, 7.2])
    assert table["person_days_women"].tolist() == pytest.approx([120.0, 13.5, 0.288])


def test_what_nobody_gave_is_absent_and_never_zero():
    chain = value_chain(STAGES.assign(cost=[200.0, None, 100.0], price=[400.0, 3000.0, None]))
    table = chain.stages.set_index("stage")
    assert math.isnan(table.loc["pulping", "margin"])
    assert not math.isnan(table.loc["farm", "margin"])
    assert math.isnan(chain.farm_gate_share)
    assert math.isnan(chain.money_gap)
    assert set(chain.absent) == {"price of export", "cost of pulping", "water_m3 of export"}


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"loss": [5.0, 0.1, 0.1]}, r"farm: a loss from 0 to below 1 was expected, found 5. Write 5 % as 0.05"),
        ({"loss": [None, 0.1, 0.1]}, "farm: a loss from 0"),
        ({"stage": ["farm", "farm", "export"]}, "the stage farm stands twice"),
        ({"price": [-1.0, 1.0, 1.0]}, "farm: price of 0 or more"),
        ({"cost": [float("inf"), 1.0, 1.0]}, "farm: cost of 0 or more, finite"),
        ({"yield": [0.0, 1.0, 1.0]}, "farm: yield of 0 or more"),
        ({"person_days_women": [31.0, 0.0, 0.0]}, "farm: person_days_women is more than all person_days"),
    ],
)
def test_faulty_chains_are_refused_by_name(change, told):
    with pytest.raises(DataError, match=told):
        value_chain(STAGES.assign(**change))


def test_a_chain_without_losses_or_quantity_is_refused():
    with pytest.raises(DataError, match="lacks loss"):
        value_chain(STAGES.drop(columns="loss"))
    with pytest.raises(DataError, match="quantity above 0"):
        value_chain(STAGES, quantity=0)
    with pytest.raises(DataError, match="has no stages"):
        value_chain(STAGES.iloc[:0])


def test_food_lost_of_ethiopias_basket_as_fao_prints_it():
    """Basket of 2015: 890,629,289.40 lost of 8,418,008,320.94; coffee is 463,092 t at 1,966.9237, of which 5 % are lost.

    Of the other nine commodities only the sum is at hand, so they stand as one line that is worth what is left.
    """
    lost, worth = 890_629_289.40, 8_418_008_320.94
    coffee = 463_092 * 1_966.9237
    others = (lost - 0.05 * coffee) / (worth - coffee)
    found = food_loss_percentage([0.05, others], [463_092, 1.0], [1_966.9237, worth - coffee])
    assert found == pytest.approx(10.580048, abs=5e-7)
    assert 0.1 < others < 0.12


@pytest.mark.parametrize(
    "basket",
    [([0.1], [1.0, 2.0], [1.0]), ([1.5], [1.0], [1.0]), ([0.1], [-1.0], [1.0]), ([0.1], [0.0], [1.0]), ([], [], [])],
)
def test_faulty_baskets_are_refused(basket):
    with pytest.raises(DataError, match=r"expected|worth nothing"):
        food_loss_percentage(*basket)


def test_losses_of_millet_in_burkina_faso_chain_to_the_published_whole():
    """3.5 % in the field, 2 % of what is left in threshing, 10.4 % of production in all: 100,522 t of 966,015 t."""
    assert round(100_522 / 966_015, 3) == 0.104
    left = loss_left_to(0.104, [0.035, 0.02])
    assert (1 - 0.035) * (1 - 0.02) * (1 - left) == pytest.approx(1 - 0.104)
    assert left == pytest.approx(0.052554, abs=1e-6)  # 1 - 0.896 / 0.9457
    rows = chain_rows()
    table = chain_table(rows[rows["chain"] == "millet"])
    remaining = table[table["item"] == "remaining"].set_index("stage")["mid"]
    assert remaining.round(4).tolist() == [1.0, 0.965, 0.9457, 0.896, 0.896]
    price = table[(table["stage"] == "farm") & (table["item"] == "price")].iloc[0]
    assert [price[end] for end in ("low", "mid", "high")] == [326.6, 418.2, 524.2]
    absent = table[(table["stage"] == "threshing") & (table["item"] == "cost")].iloc[0]
    assert math.isnan(absent["mid"])
    assert "no published figure" in absent["absent"]
    with pytest.raises(DataError, match=r"whole loss of 0\.1"):
        loss_left_to(0.1, [0.2])


def test_coffee_of_ethiopia_is_what_its_sources_say():
    rows = chain_rows()
    table = chain_table(rows[rows["chain"] == "coffee"]).set_index(["stage", "item"])
    whole = table.loc["whole chain"]
    assert whole.loc["farm_gate_share", ["low", "mid", "high"]].tolist() == [0.5, 0.55, 0.6]
    final = [1606 / 0.6, 1899 / 0.55, 2233 / 0.5]
    assert whole.loc["final_price", ["low", "mid", "high"]].tolist() == pytest.approx(final)
    assert whole.loc["final_price", "source"] == "worked out"
    assert whole.loc["remaining", "mid"] == pytest.approx(0.95)
    assert table.loc[("farm", "price"), "quality"] == 4  # gap-filled: no observation of Ethiopia
    # 0.55 = 0.6 c + 0.33 (1 - c): c = 0.22 / 0.27
    assert whole.loc["chain_cost_over_price", "mid"] == pytest.approx(0.22 / 0.27)


def test_shares_that_are_not_of_one_chain_give_nothing():
    assert all(math.isnan(one) for one in shares_implied(0.7, 0.6, 0.33))
    assert all(math.isnan(one) for one in shares_implied(0.5, 0.4, 0.4))
    with pytest.raises(DataError, match="shares from 0 to 1"):
        shares_implied(55, 0.6, 0.33)


def test_every_shipped_number_has_its_source():
    for table in (chain_rows(), equipment_rows()):
        assert (table["source"] != "").all()
        assert table["quality"].between(1, 5).all()
        assert ((table["low"] <= table["mid"]) & (table["mid"] <= table["high"])).all()
    assert not chain_rows().duplicated(["chain", "iso3", "stage", "parameter"]).any()


CASE = {
    "capital": 3376.0, "capacity": 4000.0, "utilisation": 0.5, "price": 1.2, "running_cost": 0.6, "energy": 0.5,
    "energy_price": 0.35, "life": 8, "rate": 0.06, "upkeep": 100.0, "person_days": 0.05,
}  # fmt: skip


def test_a_business_case_by_hand():
    """2000 kg: 2000 x (1.2 - 0.6 - 0.175) - 100 = 750 a year; the annuity of 8 years at 6 % is 6.209794."""
    case = business_case(**CASE)
    assert case.margin == pytest.approx(750.0)
    assert case.npv == pytest.approx(750 * 6.209794 - 3376, abs=0.01)
    assert case.needed_a_year == pytest.approx(3376 / 6.209794 + 100, abs=0.001)
    assert (case.output, case.energy_kwh, case.person_days) == (2000.0, 1000.0, 100.0)
    assert case.payback == pytest.approx(3376 / 750)


def test_at_break_even_it_is_worth_nothing():
    case = business_case(**CASE)
    at_price = business_case(**CASE | {"price": case.break_even_price})
    at_use = business_case(**CASE | {"utilisation": case.break_even_utilisation})
    assert at_price.npv == pytest.approx(0.0, abs=1e-8)
    assert at_use.npv == pytest.approx(0.0, abs=1e-8)
    assert case.break_even_utilisation < CASE["utilisation"]  # it earned more than it had to
    dear = business_case(**CASE | {"energy_price": 0.66})  # the dearest of West Africa
    assert dear.break_even_price - case.break_even_price == pytest.approx(0.5 * 0.31)
    assert math.isnan(business_case(**CASE | {"price": 0.5}).break_even_utilisation)
    assert math.isnan(business_case(**CASE | {"price": 0.5}).payback)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"utilisation": 80}, "utilisation above 0 and at most 1"),
        ({"capacity": 0}, "capacity above 0"),
        ({"life": 0.5}, "life in whole years"),
        ({"rate": 6}, "Write 6 % as 0.06"),
        ({"price": float("nan")}, "price of 0 or more"),
        ({"capital": -1}, "capital of 0 or more"),
    ],
)
def test_faulty_cases_are_refused_by_name(change, told):
    with pytest.raises(DataError, match=told):
        business_case(**CASE | change)


def test_equipment_says_what_it_must_earn_and_what_is_not_published():
    table = equipment_table(0.06).set_index("equipment")
    for name, end, life in (("solar dryer", "low", 15), ("solar dryer", "mid", 10), ("solar dryer", "high", 5)):
        annuity = sum(1.06**-t for t in range(1, life + 1))
        assert table.loc[name, f"needed_{end}"] == pytest.approx(85.49 / annuity + 27.67)
    assert math.isnan(table.loc["gas dryer", "upkeep"])
    assert "upkeep" in table.loc["gas dryer", "absent"]
    assert math.isnan(table.loc["mill", "needed_mid"])
    assert "capital" in table.loc["mill", "absent"]
    need = yearly_need(1000, 10, 0.06)
    assert npv(0.06, [-1000.0, *[need] * 10]) == pytest.approx(0.0, abs=1e-9)
