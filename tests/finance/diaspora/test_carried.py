# SPDX-License-Identifier: Apache-2.0
"""What diaspora money could carry: by hand, honest where land gives nothing, and shut where nobody has signed."""

from __future__ import annotations

import datetime
import math

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from homeground.errors import DataError
from homeground.finance.diaspora.carrying import carried, investor_return, plan_beside
from homeground.finance.diaspora.hosts import host_gates
from homeground.finance.diaspora.ways import ways_to_carry
from homeground.finance.protection.gate import protection_gate
from homeground.finance.protection.signing import Signature
from homeground.finance.remittances.corridors import corridor_matrix

ON = datetime.date(2026, 11, 30)
BALKANS = ("ALB", "BIH", "XKX", "MNE", "MKD", "SRB")
FLOWS = pd.DataFrame(
    {
        "year": [2024, 2025, 2026],
        "establishment_usd": [100.0, 0.0, 0.0],
        "upkeep_usd": [0.0, 3.0, 3.0],
        "benefit_usd": [0.0, 66.0, 72.6],
        "carbon_revenue_usd": [0.0, 0.0, 0.0],
        "price_year": 2023,
    }
)


def test_what_land_could_pay_back_by_hand():
    # Cover of 1.2: at most 66 / 1.2 = 55 and 72.6 / 1.2 = 60.5 are paid. At 10 %: 55 / 1.1 + 60.5 / 1.21 = 100.
    table = carried(FLOWS, 500.0, rates=(0.1,), dscr=1.2)
    assert table.loc[0, "from_land"] == pytest.approx(100.0)
    assert table.loc[0, "of_investable"] == pytest.approx(0.2)
    # Households that could give only 30 carry 30.
    assert carried(FLOWS, 30.0, rates=(0.1,), dscr=1.2).loc[0, "from_land"] == pytest.approx(30.0)


def test_land_that_is_valued_to_give_nothing_pays_nothing_back():
    bare = FLOWS.assign(benefit_usd=[math.nan, math.nan, math.nan])
    table = carried(bare, 500.0)
    assert table["from_land"].tolist() == [0.0] * 4
    # Yet a promise costs whoever makes it: 2 % over 10 years is 1e6 x 0.02 / (1 - 1.02^-10) a year.
    assert table.loc[1, "a_year_per_million"] == pytest.approx(1e6 * 0.02 / (1 - 1.02**-10))
    assert table.loc[0, "a_year_per_million"] == pytest.approx(1e5)


def test_what_investors_may_expect_by_hand():
    # One payment of 1.05; a fifth fails, half of it comes back: 0.8 x 1.05 + 0.2 x 0.5 = 0.94.
    assert investor_return(0.05, years=1, default=0.2, recovery=0.5) == pytest.approx((-0.06,) * 3)
    low, middle, high = investor_return(0.05, years=1, default=(0.1, 0.2, 0.4), recovery=(0.0, 0.5, 0.8))
    assert (low, middle, high) == pytest.approx((0.6 * 1.05 - 1, -0.06, 0.9 * 1.05 + 0.08 - 1))
    assert investor_return(0.05, default=1.0, recovery=0.0) == (-1.0, -1.0, -1.0)


@settings(max_examples=60, deadline=None)
@given(st.floats(0, 0.2), st.integers(1, 20), st.floats(0, 1), st.floats(0, 1))
def test_nobody_may_expect_more_than_is_promised(promised, years, default, recovery):
    found = investor_return(promised, years=years, default=default, recovery=recovery)[1]
    # What is recovered comes back early: with all of it recovered no more than the promise is expected.
    assert -1.0 <= found <= promised + 1e-9


def test_a_million_by_each_instrument_by_hand():
    table = ways_to_carry(0.04, years=10, default=0.3, recovery=0.0, cover=0.2, match=2.0).set_index("instrument")
    assert table.loc["crowd_lending", "public_money"] == 0
    # Of a loss of 300,000 the guarantor bears 200,000 after a year.
    assert table.loc["first_loss_guarantee", "public_money"] == pytest.approx(200_000 / 1.05)
    bond = sum(40_000 / 1.05**t for t in range(1, 11)) + 1e6 / 1.05**10
    assert table.loc["sovereign_bond", "public_money"] == pytest.approx(bond)
    assert table.loc["matching_grant", "public_money"] == 2e6
    # With cover, of 0.3 that fails 0.2 comes back: as a recovery of two thirds.
    expected = investor_return(0.04, years=10, default=0.3, recovery=2 / 3)[1]
    assert table.loc["first_loss_guarantee", "expected"] == pytest.approx(expected)
    assert table.loc["crowd_lending", "expected"] < expected
    assert math.isnan(table.loc["sovereign_bond", "expected"])  # nobody says how often states fail
    assert table.loc["matching_grant", "worst"] == -1.0
    assert table.loc["first_loss_guarantee", "worst"] == pytest.approx(-0.8)


def test_a_country_without_a_figure_is_left_out_and_not_nothing():
    seen = pd.DataFrame({"received": [100.0, math.nan], "investable_low": [1.0, math.nan], "investable": [2.0, math.nan],
                         "investable_high": [4.0, math.nan], "committed": [math.nan, math.nan]})  # fmt: skip
    found = plan_beside(FLOWS.assign(establishment_usd=[1e6, 0.0, 0.0]), seen)
    assert found["countries"] == 1
    assert (found["share_low"], found["share"], found["share_high"]) == (1.0, 2.0, 4.0)
    assert found["committed"] == 0.0


def test_no_host_is_ready_before_persons_sign():
    table = host_gates(corridor_matrix(BALKANS), "project_bond", on=ON, own=BALKANS).set_index("host")
    assert not table["ready"].any()
    assert not set(table.index) & set(BALKANS)
    assert table.loc["CHE", "state"] == "not_known"
    assert table.loc["DEU", "state"] == "draft"
    # Germany: 388.6 to Kosovo and more; the share is of all that the six receive, from all senders.
    matrix = corridor_matrix(BALKANS)
    assert table.loc["DEU", "share"] == pytest.approx(
        matrix.loc[matrix["sender"] == "DEU", "flow"].sum() / matrix["flow"].sum()
    )


def test_signatures_open_one_gate_and_no_other():
    gate = protection_gate("project_bond", "DEU", on=ON)
    signed = [
        Signature(
            "project_bond",
            "DEU",
            item,
            role,
            ON - datetime.timedelta(days=9 if topic != "final" else 1),
            "agreed",
            "a letter",
            None,
        )
        for topic, item, role, _ in gate.items
    ]
    table = host_gates(corridor_matrix(BALKANS), "project_bond", signed=signed, on=ON, own=BALKANS).set_index("host")
    assert table.loc["DEU", "state"] == "ready"
    assert table["ready"].sum() == 1


def test_bad_input_is_told():
    with pytest.raises(DataError, match=r"promised is 4: a fraction from 0 to 1 was expected\. Write 4 % as 0\.04\."):
        investor_return(4)
    with pytest.raises(DataError, match=r"default is -0\.1"):
        investor_return(0.04, default=-0.1)
    with pytest.raises(DataError, match="years is 0"):
        investor_return(0.04, years=0)
    with pytest.raises(DataError, match="price years 2023 and 2024 are mixed"):
        carried(FLOWS.assign(price_year=[2023, 2023, 2024]), 10.0)
    with pytest.raises(DataError, match="a sum of 0 or more"):
        carried(FLOWS, -1.0)
    with pytest.raises(DataError) as caught:
        ways_to_carry(5, cover=-0.2, match=0)
    for words in ("promised is 5", "cover is -0.2", "match is 0"):
        assert words in str(caught.value)
    with pytest.raises(DataError, match="corridors lack sender"):
        host_gates(pd.DataFrame({"flow": [1.0]}), "project_bond")
    with pytest.raises(DataError, match="instrument is"):
        host_gates(corridor_matrix(BALKANS), "lottery")
