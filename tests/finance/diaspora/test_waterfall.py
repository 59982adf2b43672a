# SPDX-License-Identifier: Apache-2.0
"""The waterfall: nothing is lost on the way down, losses go up, twice the money gives twice the payments."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from homeground.errors import DataError
from homeground.finance.waterfall.paying import waterfall
from homeground.finance.waterfall.ratios import (
    debt_cover,
    extra_hectares,
    in_other_money,
    leverage,
    loan_life_cover,
    tranche_flows,
    tranche_irr,
)
from homeground.finance.waterfall.tranches import ORDER, Tranche

money = st.floats(0, 1000).map(lambda x: round(x, 2))


@st.composite
def structures(draw):
    kinds = draw(st.lists(st.sampled_from(ORDER), min_size=1, max_size=4, unique=True))
    layers = []
    for kind in kinds:
        periods = draw(st.integers(1, 6))
        layers.append(
            Tranche(
                kind, kind, draw(money), rate=draw(st.floats(0, 0.3)), periods=periods,
                grace=draw(st.integers(0, periods - 1)),
                way=draw(st.sampled_from(("equal principal", "annuity", "bullet"))),
            )
        )  # fmt: skip
    size = draw(st.integers(1, 8))
    rows = [draw(st.lists(money, min_size=size, max_size=size)) for _ in range(2)]
    losses = draw(st.lists(st.floats(0, 300), min_size=size, max_size=size))
    return {
        "cash": rows[0],
        "tranches": layers,
        "fees": [x / 20 for x in rows[1]],
        "losses": losses,
        "reserve_periods": draw(st.sampled_from((0.0, 0.5, 1.0))),
        "reserve_start": draw(money),
        "lock_up": draw(st.sampled_from((0.0, 1.3))),
    }


@settings(max_examples=150, deadline=None)
@given(structures())
def test_cash_in_is_cash_out_and_reserve_change(one):
    paid = waterfall(**one)
    rows = paid.periods
    out = rows["fees"] + rows["paid"] + rows["reserve"] - rows["reserve_before"]
    np.testing.assert_allclose(rows["cash"], out, atol=1e-8)
    by_layer = paid.payments[["interest", "principal", "distribution"]].sum(axis=1)
    np.testing.assert_allclose(by_layer.groupby(paid.payments["period"]).sum(), rows["paid"], atol=1e-8)
    assert (paid.payments[["interest", "principal", "distribution", "outstanding"]] >= -1e-9).all(axis=None)
    assert (rows["reserve"] >= -1e-9).all()
    assert rows["reserve_before"].tolist()[1:] == rows["reserve"].tolist()[:-1]


@settings(max_examples=150, deadline=None)
@given(structures())
def test_losses_are_borne_once_and_never_beyond_what_is_owed(one):
    paid = waterfall(**one)
    lost = paid.payments["lost"].groupby(paid.payments["period"]).sum()
    np.testing.assert_allclose(lost, paid.periods["absorbed"], atol=1e-8)
    np.testing.assert_allclose(paid.periods["absorbed"] + paid.periods["unabsorbed"], one["losses"], atol=1e-8)
    # Who is paid first loses only where everybody below has nothing left.
    order = {kind: number for number, kind in enumerate(ORDER)}
    for _, rows in paid.payments.groupby("period"):
        hit = rows[rows["lost"] > 1e-9]
        for kind in hit["kind"]:
            below = rows[rows["kind"].map(order) > order[kind]]
            assert (below["outstanding"] <= 1e-7).all()


@settings(max_examples=80, deadline=None)
@given(structures(), st.floats(0.1, 50))
def test_twice_the_money_pays_twice(one, factor):
    paid = waterfall(**one)
    many = {name: [x * factor for x in one[name]] for name in ("cash", "fees", "losses")}
    many |= {"tranches": [x._replace(amount=x.amount * factor) for x in one["tranches"]]}
    many |= {
        "reserve_periods": one["reserve_periods"],
        "lock_up": one["lock_up"],
        "reserve_start": one["reserve_start"] * factor,
    }
    again = waterfall(**many)
    for name in ("interest", "principal", "distribution", "outstanding", "lost"):
        np.testing.assert_allclose(again.payments[name], paid.payments[name] * factor, rtol=1e-6, atol=1e-6 * factor)


LAYERS = [
    Tranche("bank", "senior", 100.0, rate=0.10, periods=2),
    Tranche("impact fund", "mezzanine", 40.0, rate=0.10, periods=2, way="bullet"),
    Tranche("state", "concessional", 50.0, rate=0.02, periods=3, way="bullet", public=True),
    Tranche("migrants", "equity", 30.0, household=True),
]


def test_a_structure_worked_out_by_hand():
    paid = waterfall([90.0, 90.0, 80.0], LAYERS, fees=5.0, reserve_periods=0.5)
    rows = paid.payments.set_index(["period", "kind"])
    # Period 1: 90 - 5 = 85; senior 10 + 50, 25 left; reserve half of the 55 due next, 27.5: takes all 25.
    assert rows.loc[(1, "senior"), ["interest", "principal"]].tolist() == [10.0, 50.0]
    assert paid.periods["reserve"].tolist()[0] == 25.0
    assert rows.loc[(1, "mezzanine"), ["interest", "outstanding"]].tolist() == [0.0, pytest.approx(44.0)]
    # Period 2: 85 - 55 = 30, the reserve's 25 are free: 55; mezzanine owes 44 + 4.4 = 48.4; 6.6 is left for equity.
    assert rows.loc[(2, "mezzanine"), ["interest", "principal"]].tolist() == pytest.approx([4.4, 44.0])
    assert rows.loc[(2, "equity"), "distribution"] == pytest.approx(6.6)
    assert paid.periods["reserve"].tolist()[1] == 0.0
    # Period 3: concessional 50 x 1.02^3 = 53.0604, of it the interest of the last period 1.0404; 75 - 53.0604 = 21.9396.
    assert rows.loc[(3, "concessional"), "interest"] == pytest.approx(50 * 1.02**2 * 0.02)
    assert rows.loc[(3, "concessional"), "principal"] == pytest.approx(50 * 1.02**2)
    assert rows.loc[(3, "equity"), "distribution"] == pytest.approx(75 - 50 * 1.02**3)
    assert tranche_irr(paid, "state") == pytest.approx((0.02,))
    assert tranche_irr(paid, "bank") == pytest.approx((0.10,))
    assert tranche_flows(paid, "migrants") == pytest.approx([-30.0, 0.0, 6.6, 21.9396])


def test_equity_waits_while_cover_is_thin():
    # Due 60 and 55; cover of 1.5 asks for 90 and 82.5 after fees: period 1 has 85, period 2 has 85.
    paid = waterfall([90.0, 90.0], [LAYERS[0], LAYERS[3]], fees=5.0, lock_up=1.5)
    equity = paid.payments[paid.payments["kind"] == "equity"]["distribution"].tolist()
    assert equity == pytest.approx([0.0, 55.0])
    assert paid.periods["reserve"].tolist() == pytest.approx([25.0, 0.0])


def test_losses_go_up_the_layers():
    paid = waterfall([0.0, 0.0], LAYERS, losses=[60.0, 200.0])
    lost = paid.payments.pivot_table(index="period", columns="kind", values="lost")
    # 60: equity 30, then 30 of the concessional 50.
    assert lost.loc[1, ["equity", "concessional", "mezzanine", "senior"]].tolist() == [30.0, 30.0, 0.0, 0.0]
    # Before the second: concessional 20 x 1.02, mezzanine 44, senior 110 = 174.4; 25.6 of the 200 nobody can bear.
    assert lost.loc[2, ["concessional", "mezzanine", "senior"]].tolist() == pytest.approx([20.4, 44.0, 110.0])
    assert paid.periods["unabsorbed"].tolist() == pytest.approx([0.0, 25.6])
    assert tranche_irr(paid, "bank") == ()


def test_ratios_by_hand():
    paid = waterfall([90.0, 90.0, 80.0], LAYERS, fees=5.0)
    assert debt_cover(paid)["dscr"].tolist()[:2] == pytest.approx([85 / 60, 85 / 55])
    assert np.isnan(debt_cover(paid)["dscr"].tolist()[2])
    assert loan_life_cover(paid) == pytest.approx((85 / 1.1 + 85 / 1.21) / 100)
    found = leverage(LAYERS, grants=10.0)
    assert found == pytest.approx(
        {"private_per_public": 170 / 60, "household_per_public": 0.5, "total_per_public": 230 / 60}
    )
    assert np.isnan(leverage(LAYERS[:2])["private_per_public"])
    assert in_other_money([-655.0, 720.5], [655.0, 655.0]) == pytest.approx([-1.0, 1.1])
    assert extra_hectares([0.0, 550.0], 0.10, 250.0) == pytest.approx(2.0)


def test_bad_layers_are_told_all_at_once():
    bad = [
        Tranche("a", "senior", -1.0),
        Tranche("a", "junior", 10.0, rate=8),
        Tranche("c", "equity", 200.0, periods=2, grace=2, way="later"),
    ]
    with pytest.raises(DataError) as told:
        waterfall([1.0], bad, whole=100.0)
    for words in (
        "amount of 0 or more",
        "'junior'",
        "Write 8 % as 0.08",
        "way is 'later'",
        "grace is 2 of 2",
        "stands twice",
        "the whole is 100",
    ):
        assert words in str(told.value)


def test_bad_cash_is_told():
    with pytest.raises(DataError, match=r"cash of period 2 is -3"):
        waterfall([1.0, -3.0], LAYERS)
    with pytest.raises(DataError, match=r"losses of period 1 is -1"):
        waterfall([1.0], LAYERS, losses=-1.0)
    with pytest.raises(DataError, match=r"fees has 2 periods, cash 1"):
        waterfall([1.0], LAYERS, fees=[1.0, 1.0])
    with pytest.raises(DataError, match="is no tranche"):
        tranche_flows(waterfall([1.0], LAYERS), "bonds")
    with pytest.raises(DataError, match="none is named"):
        waterfall([1.0], [])
