# SPDX-License-Identifier: Apache-2.0
"""What farm tables may not be, told at once; and laws that any case keeps."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from homeground.errors import DataError
from homeground.finance.farm.adoption import adoption_curve
from homeground.finance.farm.case import EXAMPLE, farm_case
from homeground.finance.farm.given import declared, read_farm_tables
from homeground.finance.farm.model import farm_flows
from homeground.finance.farm.sensitivity import standard_tests
from homeground.finance.farm.worth import appraise_farms
from homeground.finance.flows.money import MoneyRow

SPAN = {"first_year": 2025, "horizon": 5}


def tables():
    return read_farm_tables(EXAMPLE)


def test_all_that_is_wrong_between_tables_is_told_at_once():
    given = tables()
    budgets, farms, adoption, programme = (given[name] for name in ("budgets", "farms", "adoption", "programme"))
    budgets.loc[budgets.index[0], "currency"] = "XOF"
    budgets.loc[budgets.index[1], "price_year"] = 2020
    budgets.loc[budgets.index[2], "price_low"] = 9.0
    budgets.loc[budgets.index[3], "price"] = 201.0
    budgets.loc[budgets.index[10], "price"] = 5.0
    farms.loc[farms.index[0], "activity"] = "sorghum"
    adoption.loc[adoption.index[0], "farm"] = "large"
    adoption.loc[adoption.index[1], "year"] = 2050
    with pytest.raises(DataError) as told:
        farm_case(budgets, farms, adoption, programme=programme, **SPAN)
    text = str(told.value)
    for part in (
        "money of USD, XOF", "prices of 2020, 2023", "no budget for sorghum", "large stands not among the farms",
        "adoption: 2050 is outside 2025 to 2030", "low <= price <= high", "carbon has no price here",
        "grain: one item has one price",
    ):  # fmt: skip
        assert part in text


def test_rows_and_options_out_of_bounds_are_told_at_once():
    given = tables()
    given["farms"].loc[given["farms"].index[0], "hectares"] = -1.0
    given["budgets"] = given["budgets"].drop(columns="quantity").astype({"price_low": object})
    given["budgets"].loc[given["budgets"].index[1], "price_low"] = "cheap"
    with pytest.raises(DataError) as told:
        farm_case(
            **given, first_year=2025, horizon=0, shadow_wage=60, access=-0.1, shadow_exchange=0, carbon_contract=-1
        )
    text = str(told.value)
    for part in (
        "0 or more was expected; row 1 (-1.0)",
        "lacks the column quantity",
        "horizon of 1 year",
        "price_low: a number was expected; row 2 (cheap)",
    ):
        assert part in text
    for part in (
        "shadow_wage is 60",
        "Write 60 % as 0.6",
        "access is -0.1",
        "shadow_exchange is 0",
        "carbon_contract of 0",
    ):
        assert part in text


def test_the_page_names_every_column_with_its_meaning():
    page = (Path(__file__).parents[3] / "docs" / "finance" / "appraisal.md").read_text(encoding="utf-8")
    for name in ("budgets", "farms", "adoption", "programme"):
        part = page.partition(f"`{name}.csv`\n")[2]
        for column in declared()[name].columns:
            line = next(line for line in part.splitlines() if line.startswith(f"| `{column.column}` |"))
            assert column.meaning[1:] in line


def test_a_farm_needs_both_situations_and_may_do_nothing_in_one():
    given = tables()
    farms = given["farms"]
    with pytest.raises(DataError, match="small lacks its land without the programme"):
        farm_case(given["budgets"], farms[farms["situation"] == "with"], given["adoption"], **SPAN)
    idle = farms.assign(activity=farms["activity"].where(farms["situation"] == "with", "none"))
    case = farm_case(given["budgets"], idle, given["adoption"], **SPAN)
    assert set(case.lines["situation"]) == {"with"}


def test_carbon_without_a_price_in_the_money_says_so():
    given = tables()
    for name in ("budgets", "programme"):
        given[name]["price_year"] = 2020
    row = appraise_farms(farm_case(**given, **SPAN), rates=[0.06]).iloc[1]
    assert np.isnan(row["carbon_shadow_low"])
    assert "known in USD of 2023, and the budgets are in USD of 2020" in row["note"]


def test_a_table_is_read_as_spreadsheets_write_it(tmp_path):
    for name in ("budgets", "farms", "adoption", "programme"):
        text = (EXAMPLE / f"{name}.csv").read_text(encoding="utf-8")
        (tmp_path / f"{name}.csv").write_text(text.replace(",", ";").replace(".", ","), encoding="utf-16")
    one, other = (appraise_farms(farm_case(**t, **SPAN), rates=[0.1]) for t in (tables(), read_farm_tables(tmp_path)))
    assert one["npv"].tolist() == other["npv"].tolist()


@settings(deadline=None, max_examples=8)
@given(st.floats(0.1, 50.0), st.floats(0.0, 1.0), st.floats(0.0, 0.3))
def test_worth_grows_with_the_farms_and_with_access(times, access, rate):
    small, large = tables(), tables()
    large["adoption"]["farms"] = times * large["adoption"]["farms"]
    worth = [
        appraise_farms(farm_case(**t, **SPAN, access=a), rates=[rate]).set_index(["scope", "view"])["npv"]["small"]
        for t, a in ((small, 1.0), (large, access))
    ]
    assert worth[1].tolist() == pytest.approx((times * access * worth[0]).tolist(), abs=1e-6)


def test_what_is_the_same_with_and_without_makes_nothing():
    given = tables()
    farms = given["farms"]
    same = farms[farms["situation"] == "without"]
    given["farms"] = pd.concat([same.assign(situation="with"), same])
    flows = farm_flows(farm_case(given["budgets"], given["farms"], given["adoption"], **SPAN))
    assert flows["amount"].abs().max() == pytest.approx(0.0, abs=1e-9)


def test_land_that_degrades_without_the_programme_by_the_calendar():
    """200 of grain less a tenth a year without; with it the same but without the loss: the difference by hand."""
    given = tables()
    budgets = given["budgets"].query("item == 'grain' and activity == 'millet'")
    steady = budgets.assign(activity="kept")
    given["budgets"] = pd.concat([budgets.assign(trend=-0.1), steady])
    given["farms"] = given["farms"].iloc[:2].assign(activity=["millet", "kept"], hectares=1.0)
    case = farm_case(given["budgets"], given["farms"], given["adoption"], **SPAN)
    flows = farm_flows(case).query("view == 'financial' and line == 'output'")["amount"].tolist()
    taken = [10, 30, 30, 30, 30, 30]  # 10 farms in 2025, 20 more in 2026: theirs had lost a year by then
    assert flows == pytest.approx([n * 100 * (1 - 0.9**t) for t, n in enumerate(taken)])


def test_land_that_stays_as_it_was_is_worth_nothing_to_the_programme_however_it_degrades():
    """Two hectares that lose a tenth a year, with and without: late adoption does not make them young again."""
    given = tables()
    given["budgets"] = given["budgets"].assign(trend=-0.1)
    same = given["farms"].query("situation == 'without'")
    given["farms"] = pd.concat([same.assign(situation="with"), same])
    flows = farm_flows(farm_case(given["budgets"], given["farms"], given["adoption"], **SPAN))
    assert flows["amount"].abs().max() == pytest.approx(0.0, abs=1e-9)
    # A third hectare is new: 100 of grain in the farm's own first year, 0.9 of it in the next; 10 farms begin in 2025, 20
    # in 2026. The two old ones drop out of the difference as before.
    grain = given["budgets"].query("item == 'grain' and activity == 'millet'")
    given["farms"] = pd.concat([same.assign(situation="with", hectares=3.0), same])
    case = farm_case(grain, given["farms"], given["adoption"], **SPAN)
    made = farm_flows(case).query("view == 'financial' and line == 'output'")["amount"].tolist()
    assert made == pytest.approx([100 * (10 * 0.9**t + (20 * 0.9 ** (t - 1) if t else 0)) for t in range(6)])


@settings(deadline=None)
@given(
    st.floats(1, 1e4),
    st.integers(1, 30),
    st.floats(1, 15),
    st.sampled_from([0.0, 0.3, 1.0]),
    st.sampled_from(["ramp", "logistic"]),
)
def test_adoption_never_passes_its_ceiling(farms, years, over, ceiling, shape):
    table = adoption_curve("f", farms, first_year=2025, years=years, shape=shape, over=over, ceiling=ceiling)
    assert (table["farms"] >= 0).all()
    assert table["farms"].sum() <= farms * ceiling * (1 + 1e-12)
    if shape == "ramp" and years >= over:
        assert table["farms"].sum() == pytest.approx(farms * ceiling)


def test_adoption_by_hand_and_its_faults():
    # A logistic curve from a tenth to nine tenths in 4 years, half of it at year 3: ninths of odds, 3 a year.
    table = adoption_curve("f", 80.0, first_year=2025, years=6, shape="logistic", over=4, middle=3)
    odds = [3.0 ** (t - 3) for t in range(1, 7)]
    taken = [80 * o / (1 + o) for o in odds]
    assert table["farms"].cumsum().tolist() == pytest.approx(taken)
    assert taken[0] == 8.0  # a tenth at 1, nine tenths at 5
    assert taken[4] == 72.0
    with pytest.raises(DataError) as told:
        adoption_curve("f", -1.0, first_year=2025, years=0, shape="s", over=0, ceiling=60)
    for part in (
        'shape "s" is unknown',
        "farms of 0 or more",
        "over of more than 0",
        "Write 60 % as 0.6",
        "1 year or more",
    ):
        assert part in str(told.value)
    with pytest.raises(DataError, match="a ramp has no middle"):
        adoption_curve("f", 1.0, first_year=2025, years=3, middle=2)


def test_standard_tests_refuse_two_kinds_of_money():
    with pytest.raises(DataError, match="currencies EUR and USD"):
        standard_tests(MoneyRow([0, 1], "USD", "real", 2023), MoneyRow([1, 0], "EUR", "real", 2023), rate=0.1)
    with pytest.raises(DataError, match="2 years and costs 3"):
        standard_tests([0.0, 1.0], [1.0, 0.0, 0.0], rate=0.1)
