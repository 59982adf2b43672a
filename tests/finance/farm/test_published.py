# SPDX-License-Identifier: Apache-2.0
"""The published economics of the Great Green Wall, and the table of biomes, held against their own printed numbers."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from homeground.errors import DataError
from homeground.finance.farm.biomes import FILE, restoration_returns
from homeground.finance.farm.published import great_green_wall_again, great_green_wall_axes, plot_returns


def test_what_follows_from_the_printed_numbers():
    """Need 44 (18 to 70) thousand million USD, 27.9 Mha, 14.1 Mha under conflict, 1.2 USD a USD (1.1 to 4.4)."""
    table = great_green_wall_again().set_index("line")
    assert table.loc["cost of a hectare", ["low", "ours", "high"]].astype(float).round().tolist() == [645, 1577, 2509]
    assert table["ours"]["access under conflict"] == pytest.approx(0.505376, abs=1e-6)
    assert table["ours"]["land that conflict leaves"] == pytest.approx(14.1e6)
    assert table["ours"]["cost of the land that conflict leaves"] == pytest.approx(22.237e9, rel=1e-4)
    assert table["ours"]["return"] == pytest.approx(table["published"]["return"])
    assert table["ours"]["benefit of a hectare"] == pytest.approx(52.8e9 / 27.9e6)
    assert table["ours"]["net worth of all land"] == pytest.approx(8.8e9)
    assert table["published"]["span of returns"] == pytest.approx(4.0)
    # Annuities by their sums: 30 years at 3 % beside 10 years at 12 %.
    long, short = (sum((1 + r) ** -t for t in range(1, n + 1)) for r, n in ((0.03, 30), (0.12, 10)))
    assert table["ours"]["span of returns"] == pytest.approx(long / short)
    assert set(table["kind"]) == {"derived", "restated", "open"}
    assert np.isnan(table["ours"]["years until it pays back"])


def test_no_line_leaves_out_why_it_differs():
    assert (great_green_wall_again()["differs"].str.len() > 10).all()


def test_axes_tell_which_base_cases_go_with_ten_years():
    table = great_green_wall_axes().set_index(["horizon", "rate"])
    # At 20 years and 6 %: 1.2 x 1577.06 / 11.4699 = 165.0 a year; 1577.06 / 165.0 = 9.558 years.
    row = table.loc[(20, 0.06)]
    assert row["benefit"] == pytest.approx(165.0, abs=0.01)
    assert row["payback_years"] == pytest.approx(1577.061 / 164.9944, rel=1e-5)
    assert table["fits"].loc[10].all()
    assert table["fits_discounted"].loc[10].all()
    assert not table["fits_discounted"].loc[[15, 20, 30]].any()
    assert not table["fits"][(30, 0.06)]
    assert (great_green_wall_axes(returned=4.4)["payback_years"] < great_green_wall_axes()["payback_years"]).all()


def test_the_horizon_and_the_rate_change_which_measure_is_best():
    """A slow measure with much, a fast one with little (made numbers): trees win late, or where later years count."""
    same = {"hectares": 25.0, "upkeep": 0.0, "market": 0.0, "lag": 0.0, "survival": 1.0, "accessible": 1.0}
    plots = pd.DataFrame(
        [
            same | {"measure": "trees", "establishment": 1000.0, "non_market": 200.0, "lag": 8.0, "full": 20.0},
            same | {"measure": "half-moons", "establishment": 500.0, "non_market": 70.0, "full": 1.0},
        ]
    )

    def best(horizon, rate):
        table = plot_returns(plots, horizon=horizon, rate=rate)
        return table.loc[table["npv"].idxmax(), "measure"]

    assert best(10, 0.03) == "half-moons"
    assert best(40, 0.03) == "trees"
    assert best(40, 0.12) == "half-moons"


def test_plots_by_hand():
    """100 to establish, 5 a year to keep, 40 in full after two years, 0.8 of it survives; three years at 10 %."""
    one = {"hectares": 25.0, "establishment": 100.0, "upkeep": 5.0, "market": 30.0, "non_market": 10.0}
    one |= {"lag": 0.0, "full": 2.0, "survival": 0.8, "accessible": 0.4}
    row = plot_returns(pd.DataFrame([one]), horizon=3, rate=0.1).iloc[0]
    v = 1 / 1.1
    cost = 100 + 5 * (v + v**2 + v**3)
    benefit = 0.8 * 40 * (0.5 * v + v**2 + v**3)
    assert row["npv"] == pytest.approx(benefit - cost)
    assert row["bcr"] == pytest.approx(benefit / cost)
    assert row["market_share"] == pytest.approx(0.75)
    assert row["reached_hectares"] == 10.0
    assert row["reached_cost"] == pytest.approx(10 * cost)


def test_plots_refuse_all_that_is_wrong_at_once():
    bad = {"hectares": -1.0, "establishment": 1.0, "upkeep": 1.0, "market": 1.0, "non_market": 1.0}
    bad |= {"lag": 0.0, "full": 1.0, "survival": 80.0, "accessible": 1.0}
    with pytest.raises(DataError) as told:
        plot_returns(pd.DataFrame([bad]), horizon=3, rate=0.1)
    assert "hectares of 0 or more" in str(told.value)
    assert "survival from 0 to 1" in str(told.value)
    with pytest.raises(DataError, match="columns accessible are missing"):
        plot_returns(pd.DataFrame([bad]).drop(columns="accessible"), horizon=3, rate=0.1)


def test_columns_of_biomes_bind_each_other():
    table = restoration_returns().set_index("biome")
    assert len(table) == 9
    # Two rows by hand: 1 166 000 / 1.8 = 647 778 beside 542 500; 22 600 / 74.1 = 305 beside 260.
    assert table["cost_present"]["coral reefs"] == pytest.approx(647_778, abs=1)
    share = table["cost_present"] / table["cost_usd_ha"]
    assert share["grasslands"] == pytest.approx(22_600 / 74.1 / 260)
    assert share.mean() == pytest.approx(1.186, abs=0.001)
    assert share.between(1.17, 1.203).all()
    assert (table["source"].str.contains("UNEP 2010")).all()


def test_biomes_whose_numbers_do_not_go_together_are_refused(tmp_path):
    table = pd.read_csv(FILE)
    table.loc[0, "npv_usd_ha"] = 1_616_000
    table.loc[8, "bcr"] = 57.1
    table.to_csv(tmp_path / "b.csv", index=False)
    with pytest.raises(DataError) as told:
        restoration_returns(tmp_path / "b.csv")
    assert "row 2, coral reefs" in str(told.value)
    assert "row 10, grasslands" in str(told.value)
