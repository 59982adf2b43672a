# SPDX-License-Identifier: Apache-2.0
"""The example of docs/finance/appraisal.md, worked by hand in fractions: from one hectare to the programme."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from homeground.finance import irr
from homeground.finance.farm._streams import streams
from homeground.finance.farm.case import EXAMPLE, farm_case
from homeground.finance.farm.given import read_farm_tables
from homeground.finance.farm.model import farm_flows, farm_model
from homeground.finance.farm.sensitivity import farm_sensitivity, farm_switching_values
from homeground.finance.farm.worth import appraise_farms

V = 1 / Fraction(11, 10)  # a year at 10 %


def example(**options):
    prices = {"shadow_wage": 0.6, "shadow_exchange": 1.2}
    return farm_case(**read_farm_tables(EXAMPLE), first_year=2025, horizon=5, **{**prices, **options})


def worth(flows, by=V):
    return sum(flow * by**t for t, flow in enumerate(flows))


# One hectare with stone lines less one without, by years since they were laid. Grain: nothing more, a quarter tonne, half
# a tonne, at 200. Costs: half a set of seed and fertiliser at 20; 60 days of laying stones; 10 days more in the field; 5
# days of mending from the next year on; a day at 1.5; a fee of 4 from the next year on.
GAIN = [Fraction(0), Fraction(50), Fraction(100), Fraction(100), Fraction(100), Fraction(100)]
COST = [Fraction(10) + 90 + 15, *[Fraction(10) + 15 + Fraction(15, 2) + 4] * 5]
# To society a day is worth 0.9, half of the price of the set is worth 1.2 of itself, and the fee is nothing.
TRUE = [Fraction(11) + 54 + 9, *[Fraction(11) + 9 + Fraction(9, 2)] * 5]
ADVICE, ADVICE_TRUE = [Fraction(150), Fraction(100), 0, 0, 0, 0], [Fraction(130), Fraction(90), 0, 0, 0, 0]


def over_farms(of_one):
    """10 farms in the first year, 20 in the second."""
    return [10 * of_one[t] + (20 * of_one[t - 1] if t else 0) for t in range(6)]


BENEFITS = over_farms(GAIN)
COSTS = [a + b for a, b in zip(over_farms(COST), ADVICE, strict=True)]
TRUE_COSTS = [a + b for a, b in zip(over_farms(TRUE), ADVICE_TRUE, strict=True)]


def test_one_farm_with_and_without():
    table = farm_model(example()).set_index(["situation", "age"])
    assert table.loc["without", "net"].tolist() == [40.0] * 6  # 200 of grain, 40 of inputs, 80 days at 1.5
    assert table.loc["without", "return_per_day"].tolist() == [2.0] * 6  # (200 - 40) / 80 days
    more = table.loc["difference"]
    assert more["net"].tolist() == [float(a - b) for a, b in zip(GAIN, COST, strict=True)]
    assert more["return_per_day"][2] == pytest.approx(float((Fraction(100) - 10 - 4) / 15))
    assert more["family_days"].tolist() == [10.0, 15.0, 15.0, 15.0, 15.0, 15.0]
    assert more["carbon_contract"].tolist() == [0.0] * 6


def test_the_programme_by_year_in_both_views():
    for view, costs in (("financial", COSTS), ("economic", TRUE_COSTS)):
        benefits, spent = streams(example(), view)
        assert benefits.tolist() == pytest.approx([float(b) for b in BENEFITS])
        assert spent.tolist() == pytest.approx([float(c) for c in costs])
    flows = farm_flows(example())
    assert set(flows["line"]) == {"output", "input", "hired", "family", "upkeep", "transfer", "carbon", "programme"}
    by_year = flows.groupby(["view", "year"], sort=False)["amount"].sum()
    assert by_year["economic"].tolist() == pytest.approx(
        [float(b - c) for b, c in zip(BENEFITS, TRUE_COSTS, strict=True)]
    )


def test_the_worth_of_the_programme():
    table = appraise_farms(example(), rates=[0.10]).set_index(["scope", "view"])
    for view, costs in (("financial", COSTS), ("economic", TRUE_COSTS)):
        row = table.loc["programme", view]
        net = [b - c for b, c in zip(BENEFITS, costs, strict=True)]
        assert row["npv"] == pytest.approx(float(worth(net)))
        assert row["bcr"] == pytest.approx(float(worth(BENEFITS) / worth(costs)))
        assert (row["irr"],) == pytest.approx(irr([float(flow) for flow in net]))
        assert float(worth(net, 1 / (1 + Fraction(row["irr"])))) == pytest.approx(0.0, abs=1e-6)
    printed = table.loc["programme"][["npv", "bcr", "irr"]].round(4)
    assert printed.loc["financial"].tolist() == [1304.0934, 1.1871, 0.2286]  # as the page prints them
    assert printed.loc["economic"].tolist() == [3635.1403, 1.7838, 0.5704]
    small = table.loc["small", "financial"]
    assert small["npv"] == pytest.approx(float(worth(BENEFITS) - worth(over_farms(COST))))
    # What is left for own days: grain less stones, inputs and fee, over those days, both in present value.
    own_days = over_farms([Fraction(10), *[Fraction(15)] * 5])
    left = worth(BENEFITS) - worth(over_farms(COST)) + worth(own_days) * Fraction(3, 2)
    assert small["return_per_day"] == pytest.approx(float(left / worth(own_days)))
    assert np.isnan(table.loc["programme", "financial"]["return_per_day"])


def test_upkeep_after_the_programme_and_who_pays_it():
    # Mending, 5 days at 1.5, on 30 hectares from 2027 on; the programme's last farms begin in 2026.
    mending = [Fraction(0), Fraction(0), *[30 * Fraction(15, 2)] * 4]
    row = appraise_farms(example(upkeep_payer="land users"), rates=[0.10]).iloc[0]
    assert row["upkeep_after"] == pytest.approx(float(worth(mending)))
    assert row["upkeep_payer"] == "land users"
    assert appraise_farms(example(), rates=[0.10])["upkeep_payer"].unique().tolist() == ["not said"]
    longer = appraise_farms(example(last_year=2029), rates=[0.10]).iloc[0]
    assert longer["upkeep_after"] == pytest.approx(float(30 * Fraction(15, 2) * V**5))


def test_carbon_is_nothing_unless_a_contract_pays_it_and_its_worth_to_society_is_apart():
    tonnes = over_farms([Fraction(0), *[Fraction(1, 2)] * 5])
    plain, paid = example(), example(carbon_contract=4.0)
    before, after = (appraise_farms(case, rates=[0.10]).set_index(["scope", "view"]) for case in (plain, paid))
    more = after["npv"] - before["npv"]
    assert more["programme", "financial"] == pytest.approx(float(4 * worth(tonnes)))
    assert more["programme", "economic"] == pytest.approx(0.0, abs=1e-9)
    assert before["carbon_t"].unique().tolist() == [float(sum(tonnes))]
    own = appraise_farms(example(shadow_carbon=(40.0, 80.0)), rates=[0.10]).iloc[1]
    grown = [t * 40 * Fraction("1.0225") ** i for i, t in enumerate(tonnes)]
    assert own["carbon_shadow_low"] == pytest.approx(float(worth(grown)))
    assert own["carbon_shadow_high"] == pytest.approx(2 * float(worth(grown)))
    assert own["npv"] == pytest.approx(before["npv"]["programme", "economic"])


def test_half_the_farms_where_conflict_bars_the_rest():
    half = appraise_farms(example(access=0.5), rates=[0.10]).set_index(["scope", "view"])
    net = [b / 2 - c / 2 for b, c in zip(BENEFITS, over_farms(COST), strict=True)]
    assert half["npv"]["small", "financial"] == pytest.approx(float(worth(net)))
    spent = worth(ADVICE)  # is spent all the same
    assert half["npv"]["programme", "financial"] == pytest.approx(float(worth(net) - spent))


def test_standard_tests_by_hand():
    table = farm_sensitivity(example(), rate=0.10).set_index(["view", "test"])["npv"]
    gain, cost, true = worth(BENEFITS), worth(COSTS), worth(TRUE_COSTS)
    expected = {
        "as expected": gain - cost,
        "costs + 10 %": gain - cost * Fraction(11, 10),
        "costs + 20 %": gain - cost * Fraction(6, 5),
        "benefits - 10 %": gain * Fraction(9, 10) - cost,
        "benefits - 20 %": gain * Fraction(4, 5) - cost,
        "benefits a year late": worth([0, *BENEFITS[:5]]) - cost,
        "benefits two years late": worth([0, 0, *BENEFITS[:4]]) - cost,
        "costs + 10 % and benefits - 10 %": gain * Fraction(9, 10) - cost * Fraction(11, 10),
        "costs + 20 % and benefits - 20 %": gain * Fraction(4, 5) - cost * Fraction(6, 5),
        "adoption - 20 %": Fraction(4, 5) * (gain - worth(over_farms(COST))) - worth(ADVICE),
    }
    assert table["financial"].to_dict() == pytest.approx({name: float(value) for name, value in expected.items()})
    assert table["economic"]["costs + 20 %"] == pytest.approx(float(gain - true * Fraction(6, 5)))
    assert {"carbon at its low shadow price", "carbon at its high shadow price"} <= set(table["economic"].index)


def test_at_each_switching_value_the_worth_is_nothing():
    table = farm_switching_values(example(), rate=0.10).set_index(["view", "part"])["switching"]
    fin, eco = table["financial"], table["economic"]
    assert fin["benefits"] == pytest.approx(float(worth(COSTS) / worth(BENEFITS)))
    assert fin["costs"] == pytest.approx(float(worth(BENEFITS) / worth(COSTS)))
    assert fin["adoption"] == pytest.approx(float(worth(ADVICE) / (worth(BENEFITS) - worth(over_farms(COST)))))
    dear = example(shadow_exchange=float(eco["shadow exchange"]))
    assert appraise_farms(dear, rates=[0.10])["npv"][1] == pytest.approx(0.0, abs=1e-6)
    work = worth(over_farms([Fraction(105), *[Fraction(45, 2)] * 5]))  # 70 days at 1.5, then 15
    other = worth(over_farms([Fraction(11)] * 6)) + worth(ADVICE_TRUE)
    assert eco["shadow wage"] == pytest.approx(float((worth(BENEFITS) - other) / work))
    late, whole = float(fin["years late"]), int(fin["years late"])
    around = [worth([*[0] * d, *BENEFITS[: 6 - d]]) - worth(COSTS) for d in (whole, whole + 1)]
    assert float(around[0] + Fraction(late - whole) * (around[1] - around[0])) == pytest.approx(0.0, abs=1e-6)
