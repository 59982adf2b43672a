# SPDX-License-Identifier: Apache-2.0
"""A trust fund's books: worked out by hand, balanced in every row, and kind about bad terms."""

from __future__ import annotations

import datetime
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from homeground.brief.money.fund_sheet import fund_sheet
from homeground.errors import DataError
from homeground.finance.trust_fund.books import balance_gap, fund_books
from homeground.finance.trust_fund.lending import Lending, loan_book
from homeground.finance.trust_fund.summary import fund_layers, fund_ratios
from homeground.finance.trust_fund.terms import fund_terms, terms_of
from homeground.finance.waterfall.ratios import tranche_irr
from homeground.study.opening import open_study

FLOWS = pd.DataFrame(
    {
        "year": [2024, 2025, 2026, 2027],
        "establishment_usd": [100.0, 90.0, 0.0, 0.0],
        "upkeep_usd": [0.0, 10.0, 20.0, 20.0],
        "benefit_usd": [0.0, 10.0, 40.0, 50.0],
        "carbon_revenue_usd": [0.0, 0.0, 0.0, 0.0],
        "price_year": 2023,
    }
)
FUND = {"name": "plan", "kind": "fund", "share": 1.0}
DONORS = {"name": "donors", "kind": "grant", "share": 0.7, "whose": "public"}
BANK = {"name": "bank", "kind": "senior", "share": 0.1, "whose": "private", "rate": 0.1}
BANK |= {"first_year": 2026, "last_year": 2027}
STATE = {"name": "state", "kind": "equity", "share": 0.2, "whose": "public"}
LOANS = {"name": "loans", "kind": "lending", "rate": 0.1, "years": 2, "default": 0.1, "recovery": 0.5}
RESERVE = {"name": "reserve", "kind": "reserve", "years": 0.5}
FEES = {"name": "fees", "kind": "fees", "rate": 0.01, "first_year": 2024, "last_year": 2025}
ROWS = (FUND, DONORS, BANK, STATE, LOANS, RESERVE, FEES)


def terms(*rows, **changed):
    """Terms of rows, the first of a kind changed: bank={"rate": 0.2}."""
    made = [row | {"source": "made"} | changed.get(row["name"], {}) for row in rows or ROWS]
    return terms_of(pd.DataFrame(made))


def test_a_fund_worked_out_by_hand():
    fund = fund_books(FLOWS, terms())
    # 200 paid in: 1 into the reserve (half of the 2 of interest due first), 4 of fees set aside, 135 and 60 to land.
    assert fund.size == fund.paid_in == 200.0
    got = fund.by_date.set_index("date")
    assert [day.isoformat() for day in got.index] == ["2024-01-01", *(f"{y}-12-31" for y in range(2024, 2028))]
    rows = {
        "paid_in": [200, 0, 0, 0, 0],
        "to_land": [0, 67.5, 67.5, 0, 0],
        "lent": [0, 30, 30, 0, 0],
        "fees": [0, 2, 2, 0, 0],
        # Of 30 lent, a tenth of 30 fails; 27 x 0.1 interest, 15 x 0.9 principal; then a tenth of 13.5 fails, and so on.
        "interest_received": [0, 0, 2.7, 1.215 + 2.7, 1.215],
        "principal_received": [0, 0, 13.5, 12.15 + 13.5, 12.15],
        "failed": [0, 0, 3, 1.35 + 3, 1.35],
        "recovered": [0, 0, 1.5, 0.675 + 1.5, 0.675],
        "loss": [0, 0, 1.5, 2.175, 0.675],
        # Of 2 due only the reserve's 1 is there: 21 is owed. Then 2.1 + 1; 2 + 10; 1 + 10.
        "senior": [0, 1, 3.1, 12, 11],
        "reserve": [1, 0, 6, 5.5, 0],
        # 17.7 - 3.1 - 6; 31.74 - 12 + 0.5; 14.04 - 11 + 5.5
        "equity": [0, 0, 8.6, 20.24, 8.54],
        "unspent": [199, 99.5, 0, 0, 0],
        "due_to_senior": [0, 2, 3.1, 12, 11],
        "available": [0, 0, 17.7, 31.74, 14.04],
    }
    for name, expected in rows.items():
        assert got[name].tolist() == pytest.approx(expected, abs=1e-9), name
    assert balance_gap(fund.by_date) < 1e-9


def test_ratios_and_layers_by_hand():
    fund = fund_books(FLOWS, terms())
    found = fund_ratios(fund)
    assert found["dscr_least"] == 0.0
    assert found["dscr_mean"] == pytest.approx((0 + 17.7 / 3.1 + 31.74 / 12 + 14.04 / 11) / 4)
    assert found["years_short"] == 1
    assert found["llcr"] == pytest.approx((17.7 / 1.1**2 + 31.74 / 1.1**3 + 14.04 / 1.1**4) / 20)
    # The bank's 20 over 140 of grants and 40 of first loss; all 200 over them.
    assert found["private_per_public"] == pytest.approx(20 / 180)
    assert found["total_per_public"] == pytest.approx(200 / 180)
    # Borrowers owe 30 + 3 + 1.5 on each of two loans; of the plan's 200, 195 reach land, which gives 10 + 40 + 50 of 200.
    assert found["owed_by_land"] == pytest.approx(2 * 34.5)
    assert found["land_gives"] == pytest.approx(100 * 195 / 200)
    assert found["owed_share"] == pytest.approx(69 / 97.5)
    table = fund_layers(fund, FLOWS).set_index("name")
    assert table["received"].to_dict() == pytest.approx({"donors": 0.0, "bank": 27.1, "state": 37.38})
    assert table.loc["state", "lost"] == pytest.approx(4.35)
    assert math.isnan(table.loc["donors", "irr"])
    # 20 lent; interest 2, 2, 2, 1 and principal 0, 0, 10, 10, at 5 %.
    worth = sum(x / 1.05**t for t, x in enumerate((2, 2, 12, 11), start=1))
    assert table.loc["bank", "grant_element_imf"] == pytest.approx(1 - worth / 20)
    assert table.loc["bank", "irr"] == pytest.approx(tranche_irr(fund.paid, "bank")[0])
    assert pytest.approx(0) == -20 + 1 / 1.1 + 3.1 / 1.21 + 12 / 1.1**3 + 11 / 1.1**4  # what was short earned 10 % too
    assert table.loc["bank", "irr"] == pytest.approx(0.1)
    assert table.loc["state", "irr_doubled"] < table.loc["state", "irr"] < 0


def test_what_land_gives_is_no_income_of_the_fund():
    rich = FLOWS.assign(benefit_usd=FLOWS["benefit_usd"] * 1000)
    pd.testing.assert_frame_equal(fund_books(rich, terms()).by_date, fund_books(FLOWS, terms()).by_date)


def test_carbon_counts_only_as_far_as_it_is_declared():
    sold = FLOWS.assign(carbon_revenue_usd=[0.0, 8.0, 8.0, 8.0])
    without = fund_books(sold, terms())
    assert without.by_date["carbon"].sum() == 0
    some = fund_books(sold, terms(*ROWS, {"name": "carbon", "kind": "carbon", "share": 0.25}))
    assert some.by_date["carbon"].tolist() == [0, 0, 2, 2, 2]
    half = fund_books(sold, terms(*ROWS, {"name": "carbon", "kind": "carbon", "share": 0.25}, plan={"share": 0.5}))
    assert half.by_date["carbon"].tolist() == [0, 0, 1, 1, 1]
    assert balance_gap(some.by_date) < 1e-9


def test_grants_alone_are_given_on_and_nobody_is_owed():
    fund = fund_books(FLOWS, terms(FUND, DONORS | {"share": 0.9}))
    assert fund.by_date["to_land"].sum() == pytest.approx(180)
    assert fund.by_date[["senior", "mezzanine", "concessional", "equity", "lent"]].to_numpy().sum() == 0
    assert fund_ratios(fund)["open"] == pytest.approx(20)
    assert balance_gap(fund.by_date) < 1e-9


def test_loans_that_all_fail_bring_back_what_is_recovered():
    book = loan_book([100.0], Lending(rate=0.1, term=3, default=1.0, recovery=0.2))
    assert book["recovered"].tolist() == [0, 20, 0, 0]
    assert book[["interest", "principal"]].to_numpy().sum() == 0
    fund = fund_books(FLOWS, terms(), default=1.0)
    assert fund.by_date["loss"].sum() == pytest.approx(30)
    assert fund_layers(fund, FLOWS).set_index("name").loc["state", "lost"] == pytest.approx(30)


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.floats(0, 500), min_size=1, max_size=6),
    st.floats(0, 0.3), st.integers(1, 6), st.floats(0, 1), st.floats(0, 1),
)  # fmt: skip
def test_what_is_lent_comes_back_or_fails(lent, rate, years, default, recovery):
    book = loan_book(lent, Lending(rate, years, 0, default, recovery))
    assert sum(lent) == pytest.approx(book["principal"].sum() + book["failed"].sum(), abs=1e-6)
    assert book["outstanding"].iloc[-1] == pytest.approx(0, abs=1e-6)
    assert (book["outstanding"] >= -1e-6).all()


@st.composite
def funds(draw):
    """Terms of any shape whose grants cover reserve and fees."""
    parts = draw(st.lists(st.floats(0.0, 0.1), min_size=4, max_size=4))
    rows = [
        FUND | {"share": draw(st.floats(0.1, 1.0))},
        DONORS | {"share": draw(st.floats(0.3, 0.6))},
        STATE | {"share": parts[0]},
    ]
    for kind, share in zip(("senior", "mezzanine", "concessional"), parts[1:], strict=True):
        first = draw(st.integers(2024, 2030))
        way = draw(st.sampled_from(("equal principal", "annuity", "bullet")))
        years = {"first_year": first, "last_year": first + draw(st.integers(0, 8))}
        rows.append(
            {
                "name": kind,
                "kind": kind,
                "share": share,
                "whose": "private",
                "rate": draw(st.floats(0, 0.2)),
                "way": way,
            }
            | years
        )
    rows.append(
        LOANS | {"rate": draw(st.floats(0, 0.2)), "years": draw(st.integers(1, 9)), "default": draw(st.floats(0, 1))}
    )
    rows += [RESERVE | {"years": draw(st.floats(0, 1))}, FEES]
    return terms(*rows)


@settings(max_examples=80, deadline=None)
@given(funds())
def test_in_less_out_is_what_stays_in_every_year(one):
    fund = fund_books(FLOWS, one)
    assert balance_gap(fund.by_date) < 1e-6
    assert (fund.by_date[["unspent", "reserve", "to_land", "equity"]] >= -1e-9).to_numpy().all()
    lost = fund.paid.periods
    np.testing.assert_allclose(lost["absorbed"] + lost["unabsorbed"], fund.by_date["loss"][1:], atol=1e-9)


def test_bad_terms_are_told_all_at_once():
    rows = [
        FUND,
        DONORS | {"share": 0.95},
        BANK | {"first_year": 2030, "last_year": 2028, "rate": 6},
        STATE | {"name": "diaspora bond"},
        LOANS | {"default": -0.02, "years": 2.5},
        FUND | {"name": "again", "share": float("nan"), "amount": 5.0, "currency": "EUR"},
        DONORS | {"name": "others", "share": float("nan"), "amount": 5.0, "currency": "XOF"},
        {"name": "gift", "kind": "present"},
    ]
    with pytest.raises(DataError) as caught:
        terms(*rows)
    told = str(caught.value)
    for words in (
        "shares add up to 1.25 of the fund, above the whole",
        "bank: it is paid back from 2030 to 2028: the last year is before the first",
        "bank: rate is 6: a fraction from 0 to 1 was expected. Write 6 % as 0.06.",
        "diaspora bond: remittances and diaspora money are households' own. Set whose to household.",
        "loans: default is -0.02: a fraction from 0 to 1 was expected.",
        "loans: years is 2.5: whole years were expected.",
        "amounts are in EUR and XOF. Convert them to one currency first.",
        'gift: kind "present" is unknown',
        "kind fund stands twice",
    ):
        assert words in told


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"donors": {"share": math.nan, "amount": 100.0, "currency": "EUR"}}, "donors is in EUR, the plan in USD"),
        (
            {"donors": {"share": math.nan, "amount": 180.0, "currency": "USD"}},
            "parts add up to 240, above the whole of 200",
        ),
        ({"bank": {"first_year": 2023}}, "bank: it is paid from 2023, the fund begins in 2024"),
        (
            {"fees": {"rate": 0.5}},
            "grants of 140 do not cover the reserve \\(1\\) and the fees of the plan's years \\(200\\)",
        ),
        ({"plan": {"share": math.nan, "amount": 900.0, "currency": "USD"}}, "the fund is 900, the plan costs 200"),
    ],
)
def test_terms_that_do_not_fit_the_plan(changed, words):
    with pytest.raises(DataError, match=words):
        fund_books(FLOWS, terms(**changed))


def test_flows_that_do_not_fit_together():
    with pytest.raises(DataError) as caught:
        fund_books(FLOWS.drop(index=1).assign(price_year=[2023, 2023, 2024], currency=["USD", "EUR", "USD"]), terms())
    told = str(caught.value)
    assert "currencies EUR and USD are mixed" in told
    assert "price years 2023 and 2024 are mixed" in told
    assert "years 2025 are missing" in told
    with pytest.raises(DataError, match="no land is begun"):
        fund_books(FLOWS.assign(establishment_usd=0.0), terms())
    with pytest.raises(DataError, match="columns upkeep_usd are missing"):
        fund_books(FLOWS.drop(columns="upkeep_usd"), terms())


def test_households_own_money_stands_apart_and_is_told():
    own = {"name": "diaspora bond", "kind": "mezzanine", "share": 0.05, "whose": "household", "rate": 0.03}
    gift = {"name": "foundation", "kind": "grant", "share": 0.05, "whose": "private"}
    fund = fund_books(FLOWS, terms(*ROWS, own | {"first_year": 2026, "last_year": 2027}, gift, donors={"share": 0.6}))
    found = fund_ratios(fund)
    # Public 120 + 40; private bank 20, foundation 10, households 10.
    assert found["private_per_public"] == pytest.approx(40 / 160)
    assert found["household_per_public"] == pytest.approx(10 / 160)
    assert found["total_per_public"] == pytest.approx(200 / 160)
    sheet = fund_sheet(
        open_study("three-s"), fund, fund_layers(fund, FLOWS), found, "en", day=datetime.date(2026, 11, 30)
    )
    assert any("may not be offered before persons have signed" in one for one in sheet.missing)
    plain = fund_books(FLOWS, terms())
    without = fund_sheet(
        open_study("three-s"),
        plain,
        fund_layers(plain, FLOWS),
        fund_ratios(plain),
        "en",
        day=datetime.date(2026, 11, 30),
    )
    assert not any("persons have signed" in one for one in without.missing)


def test_first_loss_may_wait_until_others_are_paid():
    fund = fund_books(FLOWS, terms(state={"first_year": 2027}))
    equity = fund.by_date["equity"].tolist()
    # What it would have got in 2025 and 2026 waits: 8.6 + 20.24 + 8.54, all in 2027.
    assert equity == pytest.approx([0, 0, 0, 0, 37.38])
    assert balance_gap(fund.by_date) < 1e-9


def test_a_development_bank_is_no_private_money_in_the_shipped_fund():
    """Of the shipped parts only the impact fund, 1 of 100, is private: 1 / 99 of private per public money."""
    flows = pd.DataFrame(
        {
            "year": range(2024, 2031),
            "establishment_usd": 1e6,
            "upkeep_usd": 0.0,
            "benefit_usd": 0.0,
            "carbon_revenue_usd": 0.0,
            "price_year": 2023,
        }
    )
    found = fund_ratios(fund_books(flows, fund_terms(open_study("three-s"))))
    assert found["private_per_public"] == pytest.approx(1 / 99)
    assert found["total_per_public"] == pytest.approx(100 / 99)


def test_twice_as_many_failures_are_twice_those_that_were_asked_for():
    """Books by a default of 0.05 are held beside 0.1, and books by none beside none."""
    by_the_table = fund_books(FLOWS, terms()).paid  # its tenth that fails is twice 0.05
    fund = fund_books(FLOWS, terms(), default=0.05)
    state = fund_layers(fund, FLOWS).set_index("name").loc["state"]
    assert state["irr_doubled"] == pytest.approx(tranche_irr(by_the_table, "state")[0])
    assert state["irr_doubled"] < state["irr"]
    none = fund_layers(fund_books(FLOWS, terms(), default=0.0), FLOWS).set_index("name").loc["state"]
    assert none["irr_doubled"] == none["irr"]
