# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from homeground.errors import DataError
from homeground.finance import appraise, cash_flow, draw_returns, read_values
from homeground.measures import options
from homeground.numbers.chance import triangular

VALUES = read_values()
PLAN = pd.DataFrame(
    [
        {"iso3": "BFA", "measure": "zai", "year": 2024, "hectares": 10.0, "cover_class": "cropland"},
        {
            "iso3": "KAZ",
            "measure": "conservation_agriculture",
            "year": 2026,
            "hectares": 5.0,
            "cover_class": "cropland",
        },
        {"iso3": "NER", "measure": "tree_planting", "year": 2025, "hectares": 2.0, "cover_class": "grassland"},
        {"iso3": "NER", "measure": "half_moons", "year": 2027, "hectares": 4.0, "cover_class": "grassland"},
        {"iso3": "ETH", "measure": "exclosure", "year": 2025, "hectares": 3.0, "cover_class": "grassland"},
        {"iso3": "SRB", "measure": "zai", "year": 2025, "hectares": 3.0, "cover_class": "cropland"},
    ]
)
SPAN = {"horizon": 25, "first_year": 2024}


def middles_only():
    table = options()
    values = VALUES.copy()
    for end in ("low", "high"):
        for name in [c for c in table.columns if c.endswith("_mid")]:
            table[name.replace("_mid", f"_{end}")] = table[name]
        values[end] = values["mid"]
    return table, values


def test_a_benefit_that_comes_at_once_comes_in_the_same_year_in_the_draws():
    """Nothing until year 1, all of it from year 1 on: three harvests of three years, in both ways through the plan."""
    table, values = middles_only()
    for end in ("low", "mid", "high"):
        table[f"benefit_lag_{end}"] = table[f"benefit_full_{end}"] = 1.0
    flows = cash_flow(PLAN.iloc[:1], table, values, horizon=3, first_year=2024)
    harvests = flows["benefit_usd"].tolist()
    assert harvests[0] == 0
    assert harvests[1] == harvests[2] == harvests[3] > 0
    worth = sum(harvests) - flows[["establishment_usd", "upkeep_usd", "season_usd", "forgone_usd"]].sum().sum()
    drawn = draw_returns(PLAN.iloc[:1], table, values, horizon=3, first_year=2024, rates=[0.0], draws=100)
    assert drawn.set_index(["scope", "view"]).at[("plan", "financial"), "npv_usd_p50"] == pytest.approx(worth)


def test_without_ranges_the_draws_are_the_appraisal():
    """Another way through the same plan: closed sums here, year by year there; with carbon sold, early and late land."""
    table, values = middles_only()
    values.loc[values["parameter"] == "carbon_sold_share", ["low", "mid", "high"]] = 0.25
    flows = cash_flow(PLAN, table, values, **SPAN)
    by_year = appraise(flows, values, rates=[0.0, 0.06]).set_index(["scope", "view", "rate"])
    drawn = draw_returns(PLAN, table, values, **SPAN, rates=[0.0, 0.06], draws=100).set_index(["scope", "view", "rate"])
    assert set(drawn.index) == set(by_year.index)
    for share in ("p05", "p50", "p95"):
        assert drawn[f"npv_usd_{share}"].to_dict() == pytest.approx(by_year["npv_usd"].to_dict())
        pd.testing.assert_series_equal(
            drawn[f"bcr_{share}"].sort_index(), by_year["bcr"].sort_index(), check_names=False, rtol=1e-9
        )
    assert (drawn["share_above_zero"] == (by_year["npv_usd"] > 0).reindex(drawn.index)).all()


def test_draws_lie_within_the_envelope():
    flows = cash_flow(PLAN, options(), VALUES, **SPAN)
    by_year = appraise(flows, VALUES, rates=[0.06]).set_index(["scope", "view"])
    drawn = draw_returns(PLAN, options(), VALUES, **SPAN, rates=[0.06], draws=400).set_index(["scope", "view"])
    by_year = by_year.reindex(drawn.index)
    assert (drawn["npv_usd_p05"] >= by_year["npv_usd_low"]).all()
    assert (drawn["npv_usd_p95"] <= by_year["npv_usd_high"]).all()
    assert (drawn["npv_usd_p05"] <= drawn["npv_usd_p95"]).all()


def test_the_order_of_rows_does_not_matter_and_the_seed_does():
    one = draw_returns(PLAN, options(), VALUES, **SPAN, draws=200)
    other = draw_returns(PLAN.iloc[::-1], options(), VALUES.iloc[::-1], **SPAN, draws=200)
    keys = ["scope", "view", "rate"]
    pd.testing.assert_frame_equal(
        one.sort_values(keys, ignore_index=True), other.sort_values(keys, ignore_index=True), rtol=1e-9
    )
    assert not one["npv_usd_p05"].equals(
        draw_returns(PLAN, options(), VALUES, **SPAN, draws=200, seed=2)["npv_usd_p05"]
    )


def test_cost_only_stays_without_ratio():
    drawn = draw_returns(PLAN, options(), VALUES, **SPAN, draws=100).set_index(["scope", "view", "rate"])
    row = drawn.loc[("tree_planting", "financial", 0.06)]
    assert math.isnan(row["bcr_p50"])
    assert row["share_above_zero"] == 0


def test_triangular_has_its_moments():
    chance = (np.arange(100_000) + 0.5) / 100_000
    drawn = triangular(chance, 1.0, 2.0, 6.0)
    # The mean is a third of the sum of the three ends, the variance 1/18 of their squares less their products.
    assert drawn.mean() == pytest.approx(3.0, abs=1e-4)
    assert drawn.var() == pytest.approx((1 + 4 + 36 - 2 - 6 - 12) / 18, rel=1e-3)
    assert (np.diff(drawn) >= 0).all()
    assert (triangular(chance[:5], 3.0, 3.0, 3.0) == 3.0).all()
    assert triangular(np.array([0.0, 1.0]), 2.0, 2.0, 4.0).tolist() == [2.0, 4.0]


def test_too_few_draws_and_percent_are_refused():
    with pytest.raises(DataError, match="at least 100 draws"):
        draw_returns(PLAN, options(), VALUES, **SPAN, draws=10)
    with pytest.raises(DataError, match=r"Write 6 % as 0\.06"):
        draw_returns(PLAN, options(), VALUES, **SPAN, rates=[6])
    with pytest.raises(DataError, match="no options for dams"):
        draw_returns(PLAN.assign(measure="dams"), options(), VALUES, **SPAN)
