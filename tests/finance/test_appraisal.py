# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from homeground.errors import DataError
from homeground.finance import appraise, carbon_price, cash_flow, present_values, read_values, share_by_region
from homeground.measures import options

VALUES = read_values()
PLAN = pd.DataFrame(
    [
        {"iso3": "BFA", "measure": "zai", "year": 2024, "hectares": 10.0},
        {"iso3": "NER", "measure": "zai", "year": 2026, "hectares": 5.0},
        {"iso3": "NER", "measure": "tree_planting", "year": 2025, "hectares": 2.0},
    ]
)


def zai(parameter, value, unit):
    made = {"measure": "zai", "parameter": parameter, "low": value / 2, "mid": value, "high": 2 * value, "unit": unit}
    return made | {"source": "made up", "licence": "own", "price_year": 2023, "currency": "USD", "quality": 5}


# A zai worth digging: 160 USD/ha, 35 a year, 133.3 % more; all else as it ships.
OPTIONS = options(
    pd.DataFrame(
        [
            zai("establishment_cost", 160, "USD/ha"),
            zai("upkeep_cost", 35, "USD/ha/yr"),
            zai("yield_gain", 133.3, "% of yield without"),
        ]
    )
)


@pytest.fixture(scope="module")
def flows():
    return cash_flow(PLAN, OPTIONS, VALUES, horizon=20, first_year=2024)


@pytest.fixture(scope="module")
def table(flows):
    return appraise(flows, VALUES).set_index(["scope", "view", "rate"])


def annuity(rate, years):
    return (1 - (1 + rate) ** -years) / rate


def test_a_measure_by_hand(flows):
    only = flows[(flows["iso3"] == "BFA") & (flows["measure"] == "zai")]
    row = appraise(only, VALUES, rates=[0.06]).set_index(["scope", "view"]).loc[("zai", "financial")]
    # 10 ha: 160 + 35 a year and half of 15 days at 2.917 USD; from year 1 on the median of 0.2931 and 0.5173 t of millet
    # and sorghum at that of 464.8 and 356.3 USD/t, of which 10.4 % are lost and 0.7 of the worth is left
    yearly = 10 * (0.2931 + 0.5173) / 2 * (464.8 + 356.3) / 2 * (1 - 0.104) * 0.7
    running = 350 + 10 * 15 * 2.917 / 2
    gain = yearly * annuity(0.06, 20)
    cost = 1600 + running * annuity(0.06, 20)
    assert row["cost_usd"] == pytest.approx(cost)
    assert row["benefit_usd"] == pytest.approx(gain)
    assert row["npv_usd"] == pytest.approx(gain - cost)
    assert row["bcr"] == pytest.approx(gain / cost)
    assert row["season_usd"] == pytest.approx(10 * 15 * 2.917 / 2 * annuity(0.06, 20))
    assert row["season_usd_low"] == 0  # where the land user's day has no other use
    assert row["season_usd_high"] == pytest.approx(10 * 30 * 4.89 * annuity(0.06, 20))
    assert row["payback_years"] == pytest.approx(1600 / (yearly - running))
    assert pytest.approx((yearly - running) * annuity(row["irr"], 20)) == 1600


def test_land_started_later_is_discounted_from_the_first_year_of_the_plan(flows):
    both = present_values(flows, 0.10)
    per_hectare = 160 + (35 + 15 * 2.33 / 2) * annuity(0.10, 18)  # Niger's own wage
    assert both.loc[("NER", "zai"), "cost_usd"] == pytest.approx(5 * per_hectare / 1.1**2)


def test_low_is_benefits_low_and_costs_high(table):
    row = table.loc[("plan", "financial", 0.06)]
    assert row["npv_usd_low"] == pytest.approx(row["benefit_usd_low"] - row["cost_usd_high"])
    assert row["npv_usd_high"] == pytest.approx(row["benefit_usd_high"] - row["cost_usd_low"])
    assert row["bcr_low"] == pytest.approx(row["benefit_usd_low"] / row["cost_usd_high"])
    assert row["npv_usd_low"] <= row["npv_usd"] <= row["npv_usd_high"]


def test_cost_only_has_no_ratio_and_says_why(table):
    row = table.loc[("tree_planting", "financial", 0.06)]
    assert math.isnan(row["bcr"])
    assert math.isnan(row["benefit_usd"])
    assert row["npv_usd"] == -row["cost_usd"]
    assert row["benefit_cover"] == 0
    assert "cost only, no rate and price of wood" in row["note"]
    assert row["irr_reason"].startswith("no year has a net benefit")


def test_the_plan_counts_all_costs_and_the_valued_measures_only_theirs(table):
    plan, valued = table.loc[("plan", "financial", 0.06)], table.loc[("valued measures", "financial", 0.06)]
    trees, zai = table.loc[("tree_planting", "financial", 0.06)], table.loc[("zai", "financial", 0.06)]
    assert plan["cost_usd"] == pytest.approx(trees["cost_usd"] + zai["cost_usd"])
    assert valued["cost_usd"] == pytest.approx(zai["cost_usd"])
    assert plan["benefit_cover"] == pytest.approx(zai["cost_usd"] / plan["cost_usd"])
    assert plan["unverified_benefit"] == pytest.approx(1.0)  # the net share is an expert default
    # The costs of zai are made up; those of trees were seen.
    paid = [row["cost_usd"] - row[["season_usd", "forgone_usd"]].fillna(0).sum() for row in (zai, plan)]
    assert plan["unverified_cost"] == pytest.approx(paid[0] / paid[1])


def test_the_shadow_price_of_carbon_is_in_the_economic_view_only(flows, table):
    dearer = VALUES.copy()
    which = dearer["parameter"] == "carbon_shadow_price_2020"
    dearer.loc[which, ["low", "mid", "high"]] *= 3
    other = appraise(flows, dearer).set_index(["scope", "view", "rate"])
    for rate in (0.03, 0.06, 0.10, 0.12):
        assert other.loc[("plan", "financial", rate), "npv_usd"] == table.loc[("plan", "financial", rate), "npv_usd"]
    economic = table.loc[("zai", "economic", 0.06)]
    tonnes = flows[flows["measure"] == "zai"].groupby("year")["carbon_t_co2e"].sum()
    worth = sum(t * carbon_price(y, VALUES).mid / 1.06 ** (y - 2024) for y, t in tonnes.items())
    assert economic["npv_usd"] - table.loc[("zai", "financial", 0.06), "npv_usd"] == pytest.approx(worth)
    assert other.loc[("zai", "economic", 0.06), "npv_usd"] - economic["npv_usd"] == pytest.approx(2 * worth)


def test_transfers_count_for_land_users_and_not_for_society(flows, table):
    helped = flows.assign(transfers_usd=np.where(flows["year"] == 2024, 100.0, 0.0))
    other = appraise(helped, VALUES).set_index(["scope", "view", "rate"])
    more = other.loc[("plan", "financial", 0.06), "npv_usd"] - table.loc[("plan", "financial", 0.06), "npv_usd"]
    assert more == pytest.approx(300.0)  # three rows of 2024
    assert other.loc[("plan", "economic", 0.06), "npv_usd"] == table.loc[("plan", "economic", 0.06), "npv_usd"]


def test_sold_carbon_is_not_added_to_its_shadow_value(flows, table):
    sold = VALUES.copy()
    sold.loc[sold["parameter"] == "carbon_sold_share", ["low", "mid", "high"]] = 1.0
    with_sale = cash_flow(PLAN, OPTIONS, sold, horizon=20, first_year=2024)
    other = appraise(with_sale, sold).set_index(["scope", "view", "rate"])
    assert other.loc[("plan", "economic", 0.06), "npv_usd"] == table.loc[("plan", "economic", 0.06), "npv_usd"]
    assert other.loc[("plan", "financial", 0.06), "npv_usd"] > table.loc[("plan", "financial", 0.06), "npv_usd"]
    assert other.loc[("tree_planting", "financial", 0.06), "benefit_usd"] > 0


def test_a_planted_hole_and_percent_are_refused(flows):
    with pytest.raises(DataError, match="every year of one horizon"):
        appraise(flows.drop(index=3), VALUES)
    broken = flows.copy()
    broken.loc[2, "upkeep_usd"] = np.nan
    with pytest.raises(DataError, match="negative or missing"):
        appraise(broken, VALUES)
    with pytest.raises(DataError, match=r"Write 6 % as 0\.06"):
        appraise(flows, VALUES, rates=[6.0])
    with pytest.raises(DataError, match="prices of 2023, 2024"):
        appraise(flows.assign(price_year=2024), VALUES)
    with pytest.raises(DataError, match="columns year are missing"):
        appraise(flows.drop(columns="year"), VALUES)


def test_regions_add_up_to_the_plan(flows, table):
    land = pd.DataFrame(
        [
            {"region_id": "BF1", "iso3": "BFA", "measure": "zai", "hectares": 10.0},
            {"region_id": "NE1", "iso3": "NER", "measure": "zai", "hectares": 1.0},
            {"region_id": "NE2", "iso3": "NER", "measure": "zai", "hectares": 4.0},
            {"region_id": "NE3", "iso3": "NER", "measure": "tree_planting", "hectares": 2.0},
        ]
    )
    out = share_by_region(flows, land, rate=0.06)
    plan = table.loc[("plan", "financial", 0.06)]
    for name in ("cost_usd", "cost_usd_low", "benefit_usd", "npv_usd", "npv_usd_low", "npv_usd_high"):
        assert out[name].sum() == pytest.approx(plan[name])
    assert out.loc["NE2", "cost_usd"] == pytest.approx(4 * out.loc["NE1", "cost_usd"])
    assert math.isnan(out.loc["NE3", "benefit_usd"])
    assert out.loc["NE3", "npv_usd"] == -out.loc["NE3", "cost_usd"]
    assert out["benefit_cover"].tolist() == [100, 100, 100, 0]
    with pytest.raises(DataError, match="NER tree_planting has land or money, not both"):
        share_by_region(flows, land.iloc[:3], rate=0.06)


def test_carbon_price_path_of_the_commission():
    """High-Level Commission on Carbon Prices (2017): 40-80 USD in 2020, 50-100 in 2030, as published."""
    start, later = carbon_price(2020, VALUES), carbon_price(2030, VALUES)
    assert start.high / start.low == pytest.approx(2.0, abs=1e-3)
    assert 40 * later.low / start.low == pytest.approx(50, abs=0.1)
    assert 80 * later.high / start.high == pytest.approx(100, abs=0.1)
