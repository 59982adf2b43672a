# SPDX-License-Identifier: Apache-2.0
"""The ladder against a plain-Python scan of all rows, and the ways in which money is divided, converted and told."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from homeground.accelerator.ladder.finance_ladder import finance_ladder
from homeground.accelerator.ladder.rollup import rollup
from homeground.accelerator.ladder.shares import largest_remainder
from homeground.errors import DataError
from homeground.language.languages import NBSP

KIND_STEPS = {"commitment": "committed", "disbursement": "disbursed", "expenditure": "spent", "pledge": "pledged"}


def transactions(*rows: dict) -> pd.DataFrame:
    whole = [
        {"transaction": f"T{i}", "project": "P", "kind": "disbursement", "date": "2024-05-01", "currency": "USD"} | row
        for i, row in enumerate(rows)
    ]
    return pd.DataFrame(whole)


def shares(name: str, **parts: float) -> pd.DataFrame:
    return pd.DataFrame({"project": "P", name: list(parts), "share": list(parts.values())})


def by(tables: dict, *keys: str) -> dict:
    cells = finance_ladder(tables, by=list(keys)).cells
    return {tuple(map(str, row[:-1])): row[-1] for row in cells[[*keys, "step", "amount_minor"]].values.tolist()}


# division


@given(st.integers(-(10**15), 10**15), st.lists(st.integers(0, 1_000_000), min_size=1, max_size=12))
def test_parts_sum_to_the_whole_and_miss_their_quota_by_less_than_a_unit(amount, weights):
    weights = [*weights, 1]
    parts = largest_remainder(np.array([amount]), np.zeros(len(weights), "int64"), np.array(weights))
    assert parts.sum() == amount
    quotas = [Fraction(amount * w, sum(weights)) for w in weights]
    assert all(abs(part - quota) < 1 for part, quota in zip(parts.tolist(), quotas, strict=True))


def test_a_row_without_country_and_pillar_follows_its_project():
    tables = {
        "transactions": transactions({"amount_minor": 100}),
        "project_countries": shares("iso3", MLI=50.0, NER=50.0),
    }
    assert by(tables, "iso3") == {("MLI", "disbursed"): 50, ("NER", "disbursed"): 50}
    pillars = pd.DataFrame({"project": "P", "pillar": [1, 2, 3], "share": [33.33, 33.33, 33.34]})
    tables = {"transactions": tables["transactions"], "project_pillars": pillars}
    assert by(tables, "pillar") == {("1", "disbursed"): 33, ("2", "disbursed"): 33, ("3", "disbursed"): 34}


def test_a_row_that_says_its_own_country_and_pillar_is_not_divided():
    tables = {"transactions": transactions({"amount_minor": 7, "iso3": "TCD", "pillar": 4})}
    tables["project_countries"] = shares("iso3", MLI=50.0, NER=50.0)
    assert by(tables, "iso3", "pillar") == {("TCD", "4", "disbursed"): 7}


def test_what_shares_leave_is_unallocated_and_never_dropped():
    tables = {"transactions": transactions({"amount_minor": 100}), "project_countries": shares("iso3", MLI=60.0)}
    assert by(tables, "iso3") == {("MLI", "disbursed"): 60, ("unallocated", "disbursed"): 40}
    assert by(tables, "pillar") == {("unallocated", "disbursed"): 100}
    assert [n.rule for n in finance_ladder(tables).notices] == ["shares", "country"]


def test_shares_of_more_than_the_whole_divide_nothing_and_warn():
    tables = {
        "transactions": transactions({"amount_minor": 100}),
        "project_countries": shares("iso3", MLI=60.0, NER=60.0),
    }
    assert by(tables, "iso3") == {("unallocated", "disbursed"): 100}
    assert "warning" in [n.severity for n in finance_ladder(tables).notices]


def test_thirds_written_with_two_decimals_are_the_whole():
    tables = {"transactions": transactions({"amount_minor": 300})}
    tables["project_countries"] = shares("iso3", MLI=33.33, NER=33.33, TCD=33.33)
    assert by(tables, "iso3") == {(c, "disbursed"): 100 for c in ("MLI", "NER", "TCD")}


def test_purposes_stand_in_where_no_pillar_is_declared_and_are_marked():
    tables = {"transactions": transactions({"amount_minor": 100})}
    tables["project_sectors"] = pd.DataFrame(
        {"project": "P", "vocabulary": "1", "code": ["31130", "99810"], "share": [75.0, 25.0]}
    )
    cells = finance_ladder(tables, by=["pillar"]).cells.set_index("pillar")
    assert cells["amount_minor"].to_dict() == {"2": 75, "unallocated": 25}
    assert cells["crosswalk_minor"].to_dict() == {"2": 75, "unallocated": 0}
    tables["project_pillars"] = pd.DataFrame({"project": ["P"], "pillar": [5], "share": [100.0]})
    assert by(tables, "pillar") == {("5", "disbursed"): 100}


@given(st.data())
@settings(max_examples=25, deadline=None)
def test_a_transaction_in_two_gives_the_same_ladder(data):
    amount = data.draw(st.integers(-(10**9), 10**9))
    first = data.draw(st.integers(-(10**9), 10**9))
    one = transactions({"amount_minor": amount})
    two = transactions({"amount_minor": first}, {"amount_minor": amount - first})
    tables = {"project_countries": shares("iso3", MLI=33.3, NER=33.3, TCD=33.4)}
    tables["project_pillars"] = pd.DataFrame({"project": "P", "pillar": [1, 2], "share": [12.5, 87.5]})
    found = [finance_ladder(tables | {"transactions": t}).cells for t in (one, two)]
    columns = ["iso3", "pillar", "step", "amount_minor", "gross_minor"]
    assert found[0][columns].values.tolist() == found[1][columns].values.tolist()
    assert found[0]["amount_minor"].sum() == amount


# against a scan in plain Python


def made_world(rng: np.random.Generator, size: int) -> dict[str, pd.DataFrame]:
    projects = [f"P{i}" for i in range(12)]
    pick = rng.choice
    table = pd.DataFrame({
        "transaction": [f"T{i}" for i in range(size)], "project": pick(projects, size),
        "kind": pick([*KIND_STEPS, "interest"], size), "currency": pick(["USD", "XOF"], size),
        "date": pick(np.arange("2019-01-01", "2026-01-01", dtype="datetime64[D]"), size),
        "amount_minor": rng.integers(-1000, 10**7, size), "donor": pick(["A", "B", None], size),
        "instrument": pick(["grant", "loan", None], size), "iso3": pick(["MLI", "NER", None], size),
        "pillar": pick([1, 2, None], size), "confirmed_by": pick(["donor", "country", None], size),
    })  # fmt: skip
    countries = pd.DataFrame(
        {"project": ["P0", "P0", "P1"], "iso3": ["SEN", "TCD", "SEN"], "share": [40.0, 60.0, 100.0]}
    )
    statuses = ["suspended", "cancelled"] + ["implementation"] * 10
    return {
        "transactions": table, "project_countries": countries,
        "projects": pd.DataFrame({"project": projects, "title": "t", "status": statuses}),
    }  # fmt: skip


@pytest.mark.parametrize("seed", range(3))
def test_the_ladder_from_the_rollup_is_the_full_scan(seed):
    tables = made_world(np.random.default_rng(seed), 3000)
    going, held = defaultdict(int), defaultdict(int)
    for row in tables["transactions"].to_dict("records"):
        if row["kind"] not in KIND_STEPS:
            continue
        said = ["not said" if pd.isna(row[name]) else row[name] for name in ("donor", "instrument")]
        key = (*said, row["date"].year, row["currency"], KIND_STEPS[row["kind"]])
        (held if row["project"] in {"P0", "P1"} else going)[key] += row["amount_minor"]
    rolled = rollup(tables)
    for given_tables in (tables, {"rollup": rolled}):
        cells = finance_ladder(given_tables, by=["donor", "instrument", "year"]).cells
        keys = [(r["donor"], r["instrument"], r["year"], r["currency"], r["step"]) for r in cells.to_dict("records")]
        assert set(keys) == set(going) | set(held)
        assert dict(zip(keys, cells["amount_minor"], strict=True)) == {k: going[k] for k in keys}
        apart = cells["suspended_minor"] + cells["cancelled_minor"]
        assert dict(zip(keys, apart, strict=True)) == {k: held[k] for k in keys}
        assert (cells["gross_minor"] == cells["amount_minor"] + apart).all()
    assert finance_ladder(tables, by=[]).beside["kind"].tolist() == ["interest"] * 2


def test_any_way_of_looking_gives_the_same_totals():
    tables = made_world(np.random.default_rng(7), 1000)
    whole = finance_ladder(tables, by=[]).cells[["step", "currency", "amount_minor", "gross_minor"]]
    for keys in (["pillar"], ["iso3", "year"], ["donor", "iso3", "pillar", "instrument", "year"]):
        cells = finance_ladder(tables, by=keys).cells
        sums = cells.groupby(["currency", "step"], observed=True, sort=False)[["amount_minor", "gross_minor"]].sum()
        expected = whole.set_index(["currency", "step"])[["amount_minor", "gross_minor"]]
        assert sums.to_dict() == expected.to_dict()


# what is told with it


def test_each_cell_has_its_rows_with_sources():
    tables = {"transactions": transactions({"amount_minor": 100, "source": "report of 2024"}, {"amount_minor": 5})}
    tables["project_countries"] = shares("iso3", MLI=60.0, NER=40.0)
    rows = finance_ladder(tables, by=["iso3"]).rows
    assert rows[["iso3", "key", "share"]].values.tolist() == [
        ["MLI", "T0", 600_000], ["MLI", "T1", 600_000], ["NER", "T0", 400_000], ["NER", "T1", 400_000],
    ]  # fmt: skip
    assert rows["source"].tolist()[0] == "report of 2024"


def test_confirmed_money_names_who_and_the_latest_day():
    told = [{"amount_minor": 10, "confirmed_by": "donor", "confirmed_on": "2024-06-01"}, {"amount_minor": 1}]
    told.append({"amount_minor": 20, "confirmed_by": "country", "confirmed_on": "2024-07-01"})
    cell = finance_ladder({"transactions": transactions(*told)}, by=[]).cells.iloc[0]
    assert (cell["amount_minor"], cell["by_donor_minor"], cell["by_country_minor"]) == (31, 10, 20)
    assert cell["confirmed_on"] == pd.Timestamp("2024-07-01")


def test_a_total_names_the_instruments_that_it_sums():
    told = [{"amount_minor": 1, "instrument": "loan"}, {"amount_minor": 1, "instrument": "grant"}, {"amount_minor": 1}]
    tables = {"transactions": transactions(*told)}
    assert finance_ladder(tables, by=["year"]).cells["instruments"].tolist() == ["grant, loan, not said"]
    assert len(finance_ladder(tables, by=["instrument"]).cells) == 3


def test_dollars_only_where_the_rate_of_the_year_is_known():
    told = [{"amount_minor": 1_000_000, "currency": "XOF"}, {"amount_minor": 7}]
    told.append({"amount_minor": 500, "currency": "XOF", "date": "2023-12-31", "value_date": "2024-01-02"})
    told.append({"amount_minor": 900, "currency": "EUR"})
    rates = pd.DataFrame({"currency": ["XOF"], "year": [2024], "usd": [0.0016504], "source": ["made"]})
    ladder = finance_ladder({"transactions": transactions(*told), "exchange_rates": rates}, by=[], usd=True)
    cells = ladder.cells.set_index("currency")["amount_usd_minor"]
    # 1 000 000 XOF x 0.0016504 = 1650.40 USD; 500 XOF x 0.0016504 = 0.8252 USD = 83 cents, at the rate of its value date
    assert cells["XOF"] == 165_040 + 83
    assert cells["USD"] == 7
    assert pd.isna(cells["EUR"])
    assert ladder.not_converted.values.tolist() == [["EUR", 2024, 900]]
    assert any("9.00 EUR of 2024 is not converted" in n.message.replace(NBSP, " ") for n in ladder.notices)


def test_programmed_money_comes_from_allocations():
    allocations = pd.DataFrame({
        "allocation": ["L1", "L2"], "project": ["P", None], "amount_minor": [100, 40], "currency": "USD",
        "date": ["2022-01-01", None], "pillar": [None, 3],
    })  # fmt: skip
    tables = {
        "allocations": allocations,
        "project_pillars": pd.DataFrame({"project": ["P"], "pillar": [2], "share": [100.0]}),
    }
    assert by(tables, "pillar", "year") == {("2", "2022", "programmed"): 100, ("3", "0", "programmed"): 40}


def test_a_withdrawn_pledge_is_shown_as_cancelled():
    pledges = pd.DataFrame({
        "pledge": ["A", "B"], "event": "summit", "donor": "Bank", "amount_minor": [100, 30], "currency": "EUR",
        "state": [None, "withdrawn"], "source": "web", "source_date": ["2021-01-11"] * 2,
    })  # fmt: skip
    cell = finance_ladder({"pledges": pledges}, by=["year"]).cells.iloc[0]
    assert (cell["year"], cell["amount_minor"], cell["cancelled_minor"], cell["gross_minor"]) == (2021, 100, 30, 130)


def test_a_later_step_above_an_earlier_one_is_told():
    told = transactions({"amount_minor": 50, "kind": "commitment"}, {"amount_minor": 60, "kind": "disbursement"})
    assert "order of steps" in [n.rule for n in finance_ladder({"transactions": told}).notices]


def test_an_empty_currency_and_donor_are_those_of_the_project():
    tables = {
        "transactions": transactions({"amount_minor": 5, "currency": None}),
        "projects": pd.DataFrame({"project": ["P"], "title": ["t"], "currency": ["XOF"]}),
        "participants": pd.DataFrame({"project": ["P"], "organisation": ["AFD"], "role": ["funding"]}),
    }
    cell = finance_ladder(tables).cells.iloc[0]
    assert (cell["currency"], cell["donor"]) == ("XOF", "AFD")


def test_the_ladder_of_nothing_is_empty():
    ladder = finance_ladder({})
    assert ladder.cells.empty
    assert ladder.wide().empty
    assert ladder.rows.empty


def test_only_what_the_ladder_is_kept_by_can_be_asked():
    with pytest.raises(DataError, match="region"):
        finance_ladder({}, by=["region"])


def test_named_pledges_that_miss_the_official_total_are_told_and_nothing_is_changed():
    pledges = pd.DataFrame({
        "pledge": ["A", "B", "T"], "event": "summit", "donor": ["Bank", "Union", "all donors"], "currency": "USD",
        "amount_minor": [650, 850, 1433], "start": 2021, "source": "web",
    })  # fmt: skip
    ladder = finance_ladder({"pledges": pledges}, by=["donor"])
    assert ladder.steps["amount_minor"].tolist() == [1500]
    assert "named pledges sum to 15.00 USD, the official total is 14.33 USD" in ladder.notices[0].message.replace(
        NBSP, " "
    )
    pledges.loc[2, "amount_minor"] = 1500
    assert [n.rule for n in finance_ladder({"pledges": pledges}).notices] == ["country"]


def test_a_payment_of_a_sheet_and_of_the_donors_file_is_told_as_perhaps_one():
    rows = transactions(
        {"transaction": "sheet 1", "amount_minor": 500, "source": "sheet"},
        {"transaction": "P#1", "amount_minor": 500, "source": "donor.xml"},
        {"transaction": "P#2", "amount_minor": 70, "source": "donor.xml"},
        {"transaction": "P#3", "amount_minor": 70, "source": "donor.xml"},  # two tranches of one source are two
        {"transaction": "sheet 4", "amount_minor": 0, "source": "sheet"},
        {"transaction": "P#4", "amount_minor": 0, "source": "donor.xml"},
    )
    ladder = finance_ladder({"transactions": rows}, by=[])
    (told,) = (notice.message for notice in ladder.notices if notice.rule == "alike")
    assert told.startswith(f"disbursed: 5.00{NBSP}USD may be told twice: sheet 1, P#1 are alike")
    assert ladder.cells["amount_minor"].tolist() == [1140]  # told, and not taken off: a person decides
