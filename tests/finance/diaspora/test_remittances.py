# SPDX-License-Identifier: Apache-2.0
"""Remittances: corridors, price of sending, shocks, what could be invested, both definitions; hand-worked numbers."""

import math

import pandas as pd
import pytest

from homeground.catalogue import figures
from homeground.errors import DataError
from homeground.finance.remittances.corridors import corridor_matrix, corridor_shock, saving_pool
from homeground.finance.remittances.given import assumptions, range_of
from homeground.finance.remittances.investable import household_risk, investable, two_definitions
from homeground.finance.remittances.summary import national_totals, remittance_summary

ALL = sorted(set(figures.load("remittance_corridors")["iso3"]))


def corridors(*rows):
    return pd.DataFrame(rows, columns=["iso3", "sender", "flow", "cost"])


def test_corridors_add_up_to_the_totals_of_the_same_matrix():
    seen = figures.load("remittances", indicator="remittances_received")
    totals = seen[seen["source"].str.contains("Bilateral")].set_index("iso3")["value"]
    flows = corridor_matrix(ALL).groupby("iso3")["flow"].sum()
    for iso3, total in totals.items():
        # 0.05 million USD is left out of each of some 200 corridors at most, and what is left is rounded to 0.1.
        assert flows[iso3] == pytest.approx(total, abs=0.05 * 213)
        assert flows[iso3] == pytest.approx(total, rel=0.07)


def test_a_corridor_has_its_own_price_and_others_that_of_the_region():
    table = corridor_matrix(["MLI", "XKX"]).set_index(["iso3", "sender"])
    assert table.loc[("MLI", "FRA"), ["cost", "cost_of"]].tolist() == [pytest.approx(0.0394), "corridor"]
    assert table.loc[("MLI", "GAB"), ["cost", "cost_of", "cost_year"]].tolist() == [0.0739, "Sub-Saharan Africa", 2023]
    assert table.loc[("XKX", "DEU"), ["cost", "cost_of"]].tolist() == [0.0618, "world"]


def test_the_saving_pool_is_flow_times_cost_above_three_percent():
    # 200 x (0.08 - 0.03) + 100 x (0.13 - 0.03); the cheap corridor saves nothing and does not make up for the others.
    rows = corridors(("A", "X", 200.0, 0.08), ("A", "Y", 100.0, 0.13), ("A", "Z", 100.0, 0.01), ("B", "X", 50.0, 0.03))
    pool = saving_pool(rows).set_index("iso3")
    assert pool.loc["A", "pool"] == pytest.approx(20.0)
    assert pool.loc["A", "paid"] == pytest.approx(16 + 13 + 1)
    assert pool.loc["A", "at_target"] == pytest.approx(0.25)
    assert pool.loc["B", ["pool", "at_target"]].tolist() == [0.0, 1.0]
    assert saving_pool(rows, target=0.08).set_index("iso3").loc["A", "pool"] == pytest.approx(5.0)


def test_a_shock_lowers_what_arrives_and_what_is_eaten():
    rows = corridors(("A", "RUS", 900.0, 0.02), ("A", "DEU", 100.0, 0.06), ("B", "DEU", 50.0, 0.06))
    found = corridor_shock(rows, {"RUS": 0.3}).set_index("iso3")
    assert found.loc["A", ["before", "after", "lost", "lost_share"]].tolist() == pytest.approx([1000, 730, 270, 0.27])
    # 75 to 79 % of remittances are consumed (IFAD: 21 to 25 % are left over).
    eaten = found.loc["A", ["consumption_lost_low", "consumption_lost", "consumption_lost_high"]].tolist()
    assert eaten == pytest.approx([202.5, 202.5, 213.3])
    assert found.loc["A", ["largest_sender", "largest_share"]].tolist() == ["RUS", 0.9]
    assert found.loc["B", "lost"] == 0.0


def test_bad_corridors_are_told():
    rows = corridors(("A", "RUS", 900.0, 0.02))
    with pytest.raises(DataError) as told:
        corridor_shock(rows, {"RUS": 30, "USA": 0.1})
    assert "Write 30 % as 0.3" in str(told.value)
    assert "USA sends to none" in str(told.value)
    with pytest.raises(DataError, match="Write 6 % as"):
        saving_pool(corridors(("A", "B", 1.0, 6.2)))
    with pytest.raises(DataError) as told:
        saving_pool(corridors(("A", "B", -1.0, 0.1), ("A", "B", 2.0, 0.1)))
    assert "below 0" in str(told.value)
    assert "stand twice" in str(told.value)
    with pytest.raises(DataError, match="columns cost are missing"):
        saving_pool(rows.drop(columns="cost"))
    with pytest.raises(DataError, match="cannot be added"):
        saving_pool(corridors(("A", "B", 1.0, 0.1), ("A", "C", 1.0, 0.1)).assign(unit=["USD million", "EUR million"]))
    with pytest.raises(DataError, match="nothing is guessed"):
        saving_pool(corridors(("A", "B", math.nan, 0.1)))


def test_what_could_be_invested():
    assert investable(800.0, rural=0.5, left_over=0.25, uptake=0.02) == pytest.approx((2.0, 2.0, 2.0))
    low, middle, high = investable(800.0)
    # Shipped shares: rural 0.4, 0.5, 0.6; left over 0.21, 0.25, 0.25; uptake 0.0094, 0.027, 0.078.
    assert (low, middle, high) == pytest.approx((800 * 0.4 * 0.21 * 0.0094, 800 * 0.125 * 0.027, 800 * 0.15 * 0.078))
    assert investable(0.0) == (0.0, 0.0, 0.0)
    for bad in (-1.0, math.nan, math.inf):
        with pytest.raises(DataError):
            investable(bad)
    with pytest.raises(DataError, match="Write 5 % as"):
        investable(1.0, uptake=2)
    with pytest.raises(DataError, match="low to high"):
        investable(1.0, uptake=(0.3, 0.2, 0.1))


def test_the_shipped_uptake_is_what_two_programmes_reached():
    low, middle, high = range_of("uptake")
    assert low == pytest.approx(36 / (30600 * 0.5 * 0.25), rel=0.005)
    received = figures.load("remittances", iso3="ETH", indicator="remittances_received")["value"].item()
    assert high == pytest.approx(56 / 7 / (received * 0.5 * 0.25), rel=0.01)
    assert middle == pytest.approx(math.sqrt(low * high), rel=0.01)


def test_every_assumption_has_source_quality_and_ends_in_order():
    table = assumptions()
    assert (table["source"] != "").all()
    assert table["quality"].between(1, 5).all()
    assert set(table.loc[table["kind"] == "default", "quality"]) == {5}
    for name in table["parameter"]:
        low, middle, high = range_of(name)
        assert low <= middle <= high


def test_risk_of_who_invests_and_what_households_give_up():
    risk = household_risk(40.0, 1000.0, default=(0.1, 0.2, 0.5), recovery=(0.0, 0.25, 0.5), consumed=0.3)
    assert risk["expected_loss"] == pytest.approx(40 * 0.2 * 0.75)
    assert risk["expected_loss_low"] == pytest.approx(40 * 0.1 * 0.5)
    assert risk["expected_loss_high"] == pytest.approx(40 * 0.5)
    assert (risk["consumption_lost"], risk["consumption_lost_share"]) == pytest.approx((12.0, 0.012))
    with pytest.raises(DataError, match="more than was received"):
        household_risk(2.0, 1.0)
    with pytest.raises(DataError):
        household_risk(1.0, 10.0, default=-0.1)


def test_two_definitions_stand_side_by_side_and_are_never_subtracted_across_currencies():
    table = two_definitions(figures.load("remittances", iso3=["XKX", "MKD", "MNE"]))
    kosovo = table[(table.iso3 == "XKX") & (table.year == 2024) & (table.indicator.str.endswith("share"))].iloc[0]
    assert kosovo["gap"] == pytest.approx(17.3 - 12.7)
    assert kosovo["personal_transfers_source"].startswith("Eurostat")
    mne = table[(table.iso3 == "MNE") & (table.year == 2024) & (table.indicator == "remittances_received")].iloc[0]
    assert (mne["personal_transfers"], mne["personal_remittances"]) == (345.0, 829.0)
    assert math.isnan(mne["gap"])
    assert "two currencies" in mne["note"]
    assert not table["personal_transfers_source"].str.contains("Bilateral").any()


def test_one_row_a_country_and_nothing_where_nothing_is_known():
    table = remittance_summary(["SRB", "XKX", "ERI"], uptake=0.02, rural=0.5).set_index("iso3")
    assert table.loc["SRB", ["year", "received", "definition"]].tolist() == [2024, 5840.0, "personal remittances"]
    assert table.loc["XKX", ["year", "definition"]].tolist() == [2017, "bilateral matrix"]
    assert table.loc["SRB", "investable"] == pytest.approx(5840 * 0.5 * 0.25 * 0.02)
    assert table.loc["SRB", "consumption_lost_high"] == table.loc["SRB", "investable"]
    assert table.loc["ERI", ["received", "investable", "pool"]].isna().all()
    gambia = remittance_summary(["GMB"]).iloc[0]  # its central bank does not say by which definition
    assert gambia[["year", "received", "definition"]].tolist() == [2024, 775.6, "national source"]
    totals = national_totals(["ALB", "GMB"])
    assert set(totals["definition"]) == {"bilateral matrix", "national source", "personal transfers"}
    assert (totals["source"] != "").all()
    bound = pd.DataFrame({"iso3": ["SRB"], "what": ["committed"], "unit": ["USD of 2024"], "value": [3e6]})
    assert remittance_summary(["SRB"], committed=bound)["committed"].item() == 3.0


def test_what_is_bound_in_other_money_is_told_and_not_left_out():
    bound = pd.DataFrame(
        {
            "iso3": ["SRB", "MKD", "MKD", "ALB"],
            "what": "committed",
            "unit": ["USD of 2024", "EUR of 2023", "EUR as published", "USD"],
            "value": [3e6, 2e6, 5e5, 0.0],
        }
    )
    table = remittance_summary(["SRB", "MKD", "ALB"], committed=bound).set_index("iso3")
    assert table["committed_other"].to_dict() == {"SRB": "", "MKD": "2500000 EUR", "ALB": ""}
    assert table.loc["SRB", "committed"] == 3.0
