# SPDX-License-Identifier: Apache-2.0
"""What weighs on a plan's return: shares are what a small change of each row does, tried by changing it."""

import numpy as np
import pandas as pd
import pytest

from homeground.finance import cash_flow, read_values, what_weighs
from homeground.measures import options

RATE, YEARS, FIRST = 0.06, 20, 2024
SCHEDULE = pd.DataFrame(
    [
        ("KAZ", "conservation_agriculture", 2024, "cropland", 100.0),
        ("NER", "half_moons", 2024, "grassland", 50.0),
        ("NER", "half_moons", 2026, "cropland", 30.0),
        ("NER", "zai", 2025, "cropland", 20.0),
        ("NER", "tree_planting", 2025, "cropland", 5.0),
        ("ETH", "exclosure", 2025, "grassland", 40.0),
    ],
    columns=["iso3", "measure", "year", "cover_class", "hectares"],
)
GIVEN = {"horizon": YEARS, "first_year": FIRST}


def worth(options_, values):
    flow = cash_flow(SCHEDULE, options_, values, **GIVEN)
    factor = (1 + RATE) ** -(flow["year"] - FIRST)
    cost = (flow[["establishment_usd", "upkeep_usd", "season_usd", "forgone_usd"]].sum(axis=1) * factor).sum()
    return {"cost": cost, "benefit": (flow["benefit_usd"] * factor).sum()}


@pytest.fixture(scope="module")
def found():
    return what_weighs(SCHEDULE, options(), read_values(), rate=RATE, **GIVEN)


def changed(row, by=1e-4):
    """The tables with the middle value of one row moved a little."""
    table, values = options().copy(), read_values().copy()
    if row["table"] == "options":
        table.loc[row["name"], f"{row['parameter']}_mid"] *= 1 + by
    else:
        one = (values["parameter"] == row["parameter"]) & (values["place"] == row["name"])
        assert one.sum() == 1
        values.loc[one, "mid"] *= 1 + by
    return table, values


def test_each_share_is_what_a_change_of_its_row_does(found):
    before = worth(options(), read_values())
    assert len(found) >= 12
    for row in found.to_dict("records"):
        after = worth(*changed(row))
        moved = (after[row["side"]] / before[row["side"]] - 1) / 1e-4
        assert moved == pytest.approx(row["share"], rel=1e-6, abs=1e-9), row


def test_costs_add_up_and_each_kind_of_factor_of_the_benefit_too(found):
    cost = found[found["side"] == "cost"]
    lines = cost["parameter"].isin(("establishment_cost", "upkeep_cost", "person_days_season", "base_yield_forage"))
    assert cost.loc[lines, "share"].sum() == pytest.approx(1)
    by = cost.groupby("parameter")["share"].sum()
    assert by["wage"] == pytest.approx(by["person_days_season"]) == pytest.approx(by["season_opportunity_share"])
    assert by["price_forage"] == pytest.approx(by["base_yield_forage"])
    benefit = found[found["side"] == "benefit"]
    kind = np.select(
        [benefit["parameter"].str.startswith(k) for k in (("base_yield", "yield_difference"), "price")],
        ["yield", "price"],
        "other",
    )
    for name in ("yield", "price"):
        assert benefit.loc[kind == name, "share"].sum() == pytest.approx(1)
    assert benefit.set_index("parameter").loc["benefit_net_share", "share"] == pytest.approx(1)


def test_a_country_of_its_own_value_is_named_and_what_cannot_be_valued_weighs_on_costs_alone(found):
    of_kazakhstan = found[(found["parameter"] == "base_yield_cereal") & (found["name"] == "KAZ")]
    assert len(of_kazakhstan) == 1
    trees = found[found["name"] == "tree_planting"]
    assert set(trees["side"]) == {"cost"}


def test_a_plan_without_rows_weighs_nothing():
    assert what_weighs(SCHEDULE.head(0), options(), read_values(), rate=RATE, **GIVEN).empty
