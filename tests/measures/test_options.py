# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tools import build_options

from homeground.errors import DataError
from homeground.measures import at_prices, options, read_options, read_records, unverified_share
from homeground.measures.rates.records import MONEY, PARAMETERS

ROW = {
    "measure": "zai",
    "parameter": "establishment_cost",
    "low": 100.0,
    "mid": 120.0,
    "high": 150.0,
    "unit": "USD/ha",
    "source": "project accounts",
    "licence": "own data",
    "price_year": 2023,
    "currency": "USD",
}


def with_row(**changes):
    return pd.DataFrame([{**ROW, **changes}])


def test_every_shipped_row_names_source_licence_kind_and_quality():
    table = read_options()
    assert len(table) > 100
    for column in ("source", "licence", "kind", "unit", "place"):
        assert table[column].notna().all(), column
        assert (table[column].str.strip() != "").all(), column
    assert set(table["quality"]) <= {1, 2, 3, 4, 5}
    assert set(table["kind"]) <= {"published", "modelled", "default"}
    default = table["source"].str.startswith("expert default, unverified")
    assert ((table["quality"] == 5) == default).all()


def test_no_compiled_table_under_a_non_commercial_licence_is_shipped():
    table = read_options()
    text = table.to_csv().lower()
    assert "drawdown" not in text
    assert "by-nc" not in text
    second_hand = table["note"].fillna("").str.contains("second hand")
    assert (table.loc[second_hand, "quality"] == 4).all()
    assert table.loc[second_hand].groupby("measure").size().max() <= 4  # single facts, not a table


def test_money_has_one_currency_and_one_price_year_or_says_that_none_is_stated():
    money = read_options().query("parameter in @MONEY")
    assert set(money["currency"]) == {"USD"}
    assert set(money["price_year"]) == {"2023", "not stated"}
    assert (money["low"] > 0).all()


def test_half_moon_cost_by_hand():
    # Burkina Faso 22 000 FCFA of 2006: at the peg and 1.2556 USD/EUR, with US prices 304.702 / 201.6. WOCAT as published:
    # 218.8 (Niger), 207.9 (Ethiopia), 3 334 (Somalia, an outlier that stays). Median of four: the mean of the middle two.
    row = read_options().query("measure == 'half_moons' and parameter == 'establishment_cost'").iloc[0]
    assert row["low"] == pytest.approx(22_000 / 655.957 * 1.2556 * 304.702 / 201.6, rel=1e-3)
    assert row["mid"] == pytest.approx((207.9 + 218.8) / 2, rel=1e-3)
    assert row["high"] == 3334
    assert row["price_year"] == "not stated"  # of three of the four


def test_shipped_table_is_what_the_tool_builds(shared_data):
    built = pd.DataFrame(build_options.build(shared_data / "measures"))
    shipped = read_records()
    for name in ("measure", "parameter", "place", "source"):
        assert built[name].tolist() == shipped[name].tolist()
    for end in ("low", "mid", "high"):
        np.testing.assert_allclose(built[end].astype(float), shipped[end])


def test_the_pooled_table_is_what_the_records_give():
    built, shipped = pd.DataFrame(build_options.pooled(read_records())), read_options()
    assert built[["measure", "parameter"]].values.tolist() == shipped[["measure", "parameter"]].values.tolist()
    for end in ("low", "mid", "high"):
        np.testing.assert_allclose(built[end].astype(float), shipped[end])


def test_wide_table_holds_every_needed_parameter():
    wide = options()
    assert len(wide) == 17
    needed = [name for name, (_, is_needed) in PARAMETERS.items() if is_needed]
    for name in needed:
        assert wide[[f"{name}_low", f"{name}_mid", f"{name}_high", f"{name}_quality"]].notna().all().all()
        assert (wide[f"{name}_low"] <= wide[f"{name}_mid"]).all()
    assert (wide["quality"] == 5).all()  # youth shares are expert defaults everywhere: said, not hidden


def test_own_row_replaces_the_shipped_one_and_counts_as_unverified_without_a_grade():
    wide = options(with_row())
    assert wide.loc["zai", "establishment_cost_mid"] == 120.0
    assert wide.loc["zai", "establishment_cost_quality"] == 5
    assert wide.loc["stone_lines", "establishment_cost_mid"] == options().loc["stone_lines", "establishment_cost_mid"]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"low": 0.0}, "a cost of zero hides work"),
        ({"price_year": None}, "money without a price year"),
        ({"price_year": 2010}, "money of several years: 2010, 2023"),
        ({"currency": "XOF"}, "has currency XOF, USD was expected"),
        ({"unit": "EUR/ha"}, 'has unit "EUR/ha", "USD/ha" was expected'),
        ({"source": ""}, "has no source"),
        ({"licence": None}, "has no licence"),
        ({"mid": 500.0}, "low <= mid <= high"),
        ({"mid": float("nan")}, "low <= mid <= high"),
        ({"parameter": "establishment_costs"}, "Did you mean establishment_cost"),
        ({"quality": 9}, "quality 1 (peer-reviewed) to 5"),
        ({"parameter": "women_share", "unit": "1", "low": 0.1, "mid": 0.2, "high": 1.2}, "a share from 0 to 1"),
        ({"parameter": "person_days_season", "unit": "person-days/ha/yr", "low": -1.0}, "cannot be negative"),
        ({"measure": "dams"}, "dams lacks upkeep_cost"),
    ],
)
def test_a_faulty_row_is_refused_with_what_to_do(changes, message):
    with pytest.raises(DataError) as caught:
        options(with_row(**changes))
    assert message in str(caught.value)


def test_all_faults_are_listed_at_once():
    table = pd.DataFrame([{**ROW, "low": 0.0, "price_year": None}, {**ROW, "measure": "half_moons", "source": ""}])
    with pytest.raises(DataError) as caught:
        options(table)
    text = str(caught.value)
    assert "3 problems" in text
    assert "zai establishment_cost is 0.0" in text
    assert "without a price year" in text
    assert "half_moons establishment_cost has no source" in text


def test_missing_columns_and_double_rows_are_refused():
    with pytest.raises(DataError, match="columns unit, licence are missing"):
        options(with_row().drop(columns=["unit", "licence"]))
    with pytest.raises(DataError, match="given twice"):
        options(pd.concat([with_row(), with_row()]))


@settings(deadline=None, max_examples=25)
@given(st.floats(10, 500), st.floats(10, 500))
def test_prices_moved_there_and_back_are_the_same(first, second):
    index = {2023: first, 2015: second}
    table = read_options()
    there = at_prices(table, price_year=2015, index=index, source="test")
    back = at_prices(there, price_year=2023, index=index, source="test")
    np.testing.assert_allclose(back[["low", "mid", "high"]], table[["low", "mid", "high"]])
    money = table["parameter"].isin(MONEY) & (table["price_year"] != "not stated")  # what is not stated no index moves
    assert (there.loc[money, "price_year"] == 2015).all()
    pd.testing.assert_frame_equal(there.loc[~money, ["mid", "note"]], table.loc[~money, ["mid", "note"]])


def test_prices_need_the_year_in_the_index():
    with pytest.raises(DataError, match="the index must hold 2023 and 2030"):
        at_prices(read_options(), price_year=2030, index={2023: 100.0}, source="test")


def test_unverified_share_by_hand():
    wide = options()
    # Conservation agriculture: establishment cost seen (grade 4), upkeep a default (grade 5).
    parameters, weights = ("establishment_cost", "upkeep_cost"), {"conservation_agriculture": 7.0}
    assert unverified_share(wide, parameters=parameters, weights=weights) == 0.5
    assert np.isnan(unverified_share(wide, weights={"stone_lines": 0.0}))
    with pytest.raises(DataError, match="dams"):
        unverified_share(wide, weights={"dams": 1.0})


def test_the_function_options_is_not_hidden_by_the_file_of_its_name():
    code = "import homeground.measures.options, homeground.measures as m; assert len(m.options()) > 5"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
