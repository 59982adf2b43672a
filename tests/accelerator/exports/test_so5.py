# SPDX-License-Identifier: Apache-2.0
"""SO5: every payment of a country in exactly one place, to the last unit; no dollar without a rate."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from homeground.accelerator.exports.so5.form import DECISIONS, so5, write_so5
from homeground.accelerator.exports.so5.placing import passed_on, placed_payments, split_exactly
from homeground.accelerator.registry.given import empty_tables
from homeground.errors import DataError

ORGANISATIONS = pd.DataFrame(
    [("bank", "A bank", "40", None), ("fra", "France", "10", "FRA"), ("ner", "Ministry", "10", "NER"), ("co", "A company", "70", None),
     ("ngo", "A charity", "21", "USA"), ("ppp", "Both", "30", None), ("gov", "Somewhere", "10", None)],
    columns=["organisation", "name", "type", "iso3"],
)  # fmt: skip
MARKED = pd.DataFrame({"project": ["P", "Q"], "marker": "8", "significance": [2, 1]})  # both serve the Convention
RATES = pd.DataFrame({"currency": ["XOF", "XOF"], "year": [2021, 2022], "usd": [0.0018, 0.0016], "source": "made"})


def payment(name: str, donor: str | None, amount: int, **more: Any) -> dict[str, Any]:
    plain: dict[str, Any] = {
        "transaction": name, "project": "P", "kind": "disbursement", "date": datetime.date(2022, 5, 1), "amount_minor": amount,
        "currency": "USD", "value_date": None, "donor": donor, "donor_project": None, "receiver": None, "receiver_project": None,
        "iso3": "NER", "instrument": "grant", "confirmed_by": None, "source": None,
    }  # fmt: skip
    return plain | more


def tables(*rows: dict[str, Any], **more: pd.DataFrame) -> dict[str, pd.DataFrame]:
    projects = pd.DataFrame({"project": ["P", "Q"], "title": ["Land", "Water"], "currency": ["USD", "XOF"]})
    return empty_tables() | {"projects": projects, "organisations": ORGANISATIONS, "transactions": pd.DataFrame(rows),
                             "exchange_rates": RATES, "project_markers": MARKED} | more  # fmt: skip


@pytest.mark.parametrize(
    ("donor", "place", "why"),
    [("bank", "SO5-1", "multilateral"), ("fra", "SO5-1", "another country"), ("ner", "SO5-2", "own public"), ("co", "SO5-3", "private"),
     ("ngo", "SO5-3", "private"), ("A BANK", "SO5-1", "multilateral"), ("ppp", "not placed", "neither public nor private"),
     ("gov", "not placed", "country of the government"), ("nobody", "not placed", "what kind"), (None, "not placed", "who gave it")],
)  # fmt: skip
def test_who_gave_it_says_where_it_stands(donor: str | None, place: str, why: str) -> None:
    row = placed_payments(tables(payment("t", donor, 100)), "NER").iloc[0]
    assert row["place"] == place
    assert why in row["why"]


def test_other_kinds_and_countries_are_not_the_countrys() -> None:
    rows = [
        payment("c", "bank", 100, kind="commitment"),
        payment("m", "bank", 100, iso3="MLI"),
        payment("n", "bank", 7),
    ]
    assert placed_payments(tables(*rows), "NER")["transaction"].tolist() == ["n"]


def test_several_countries_by_shares_to_the_last_unit() -> None:
    shares = pd.DataFrame({"project": ["P"] * 3, "iso3": ["BFA", "MLI", "NER"], "share": [33.33, 33.33, 33.33]})
    given = tables(payment("t", "bank", 100, iso3=None), project_countries=shares)
    parts = {code: int(placed_payments(given, code)["amount_minor"].sum()) for code in ("BFA", "MLI", "NER")}
    assert parts == {"BFA": 34, "MLI": 33, "NER": 33}
    nowhere = placed_payments(tables(payment("t", "bank", 100, iso3=None)), "NER").iloc[0]
    assert (nowhere["place"], nowhere["amount_minor"]) == ("not placed", 100)


@given(
    st.integers(-(10**15), 10**15),
    st.dictionaries(st.sampled_from("ABCDE"), st.floats(0, 100).map(lambda v: round(v, 4)), max_size=5),
)
def test_parts_sum_exactly(amount: int, shares: dict[str, float]) -> None:
    parts = split_exactly(amount, shares)
    assert sum(parts.values()) == amount
    assert {name: -part for name, part in split_exactly(-amount, shares).items()} == parts
    whole = max(100.0, sum(shares.values()))
    for name, share in shares.items():
        if sum(shares.values()) > 0:
            assert abs(parts[name] - amount * share / whole) <= 1 + abs(amount) * 1e-3  # 99.95 % counts as all


def test_money_passed_on_is_counted_where_it_came_in() -> None:
    rows = [payment("in", "bank", 100, receiver_project="Q"), payment("on", "ner", 90, project="Q")]
    placed = placed_payments(tables(*rows), "NER").set_index("transaction")
    assert placed["place"].to_dict() == {"in": "SO5-1", "on": "passed on"}
    sheets = so5(tables(*rows), "NER")
    assert sheets["SO5-1"]["Amount USD (disbursed)"].tolist() == [1.0]
    assert sheets["SO5-2"].empty
    assert sheets["Left out"]["Row of the registry"].tolist() == ["on"]


def test_projects_that_feed_each_other_are_not_lost() -> None:
    circle = [payment("a", "bank", 1, receiver_project="Q"), payment("b", "bank", 1, project="Q", receiver_project="P")]
    assert passed_on(tables(*circle)) == {}
    fed = [payment("x", "bank", 1, project="Q", kind="incoming funds", donor_project="P")]
    assert passed_on(tables(*fed)) == {"Q": {"P"}}
    assert passed_on(tables(payment("o", "bank", 1, receiver_project="elsewhere"))) == {}


def test_dollars_stand_only_where_a_rate_is_stated() -> None:
    rows = [payment("a", "bank", 1000, currency="XOF"), payment("b", "fra", 1000, currency="EUR"),
            payment("c", "co", 1000, currency="XOF", value_date=datetime.date(2021, 12, 31))]  # fmt: skip
    sheets = so5(tables(*rows), "NER")
    by = sheets["SO5-1"].set_index("Provider")
    assert by.loc["A bank", "Amount USD (disbursed)"] == 1.6
    assert by.loc["France", "Amount USD (disbursed)"] is None
    assert by.loc["France", "Amount as told"] == "10.00 EUR"
    assert sheets["SO5-3"]["Amount USD (disbursed)"].tolist() == [1.8]  # by the year of the value date
    told = sheets["Documentation"].set_index("What")["How"]
    assert told["Without dollars"] == "No rate: EUR 2022."


def test_grants_and_loans_stand_apart_and_a_reversal_takes_away() -> None:
    rows = [payment("g", "bank", 500), payment("r", "bank", -200), payment("l", "bank", 900, instrument="loan")]
    sheets = so5(tables(*rows), "NER")
    assert sheets["SO5-1"].set_index("Financial instrument")["Amount USD (disbursed)"].to_dict() == {
        "grant": 3.0,
        "loan": 9.0,
    }
    assert sheets["Totals"][["Financial instrument", "Amount USD (disbursed)"]].values.tolist() == [
        ["grant", 3.0],
        ["loan", 9.0],
    ]


def test_technology_is_told_again_and_what_is_not_known_is_empty() -> None:
    facts = pd.DataFrame({"project": ["P"], "technology_transfer": ["yes"], "support": ["principal"]})
    sheets = so5(tables(payment("t", "bank", 500), project_reporting=facts), "NER")
    assert sheets["SO5-4"][["Also in", "Amount USD (disbursed)"]].values.tolist() == [["SO5-1", 5.0]]
    assert sheets["SO5-1"]["Type of support"].tolist() == ["principal"]
    assert sheets["SO5-1"]["Sector"].tolist() == [None]


def test_future_support_and_what_was_told_twice() -> None:
    needs = pd.DataFrame({"need": ["n", "m", "o"], "iso3": ["NER", "MLI", "NER"], "amount_minor": pd.array([10**9, 1, None], "Int64"),
                          "currency": ["XOF", "USD", None], "start": [2022, 2022, None], "end": [2030, 2030, None]})  # fmt: skip
    twice = pd.DataFrame({"overlap": ["x"], "step": ["disbursed"], "iso3": ["NER"], "donor": [None], "year": [2022],
                          "amount_minor": [100], "currency": ["USD"], "reason": ["told twice"], "approved_by": ["focal point"]})  # fmt: skip
    sheets = so5(tables(payment("t", "bank", 500), future_support=needs, overlaps=twice), "NER")
    assert sheets["SO5-5"]["Financing gap USD"].tolist() == [1_600_000.0, None]
    assert sheets["Told twice"]["Reason"].tolist() == ["told twice"]


def test_the_workbook_asks_the_party(tmp_path: Path) -> None:
    path = write_so5(tables(payment("t", "bank", 500)), tmp_path / "so5.xlsx", "NER")
    book = openpyxl.load_workbook(path)
    sheet = book["SO5-1"]
    heads = [cell.value for cell in sheet[3]]
    assert heads[-3:] == ["Decision", "Corrected amount USD", "Comment"]
    (rule,) = sheet.data_validations.dataValidation
    assert rule.formula1 == f'"{",".join(DECISIONS)}"'
    assert [cell.value for cell in sheet[4]][-3:] == [None, None, None]  # nobody has confirmed anything yet
    assert {f"SO5-{n}" for n in range(1, 6)} <= set(book.sheetnames)


def test_no_such_country() -> None:
    with pytest.raises(DataError, match="XXX is no country"):
        so5(tables(payment("t", "bank", 500)), "XXX")


@st.composite
def worlds(draw: Any) -> list[dict[str, Any]]:
    return [
        payment(
            f"t{at}", draw(st.sampled_from([*ORGANISATIONS["organisation"], None])), draw(st.integers(-(10**9), 10**9)),
            project=draw(st.sampled_from(["P", "Q"])), currency=draw(st.sampled_from(["USD", "XOF", "EUR", None])),
            iso3=draw(st.sampled_from(["NER", "MLI", None])), receiver_project=draw(st.sampled_from([None, None, "Q", "P"])),
            instrument=draw(st.sampled_from(["grant", "loan", None])), kind=draw(st.sampled_from(["disbursement", "expenditure"])),
        )
        for at in range(draw(st.integers(1, 10)))
    ]  # fmt: skip


@settings(max_examples=60)
@given(worlds(), st.dictionaries(st.sampled_from(["NER", "MLI", "TCD"]), st.integers(1, 33), min_size=1))
def test_nothing_is_lost_and_nothing_stands_twice(rows: list[dict[str, Any]], shares: dict[str, int]) -> None:
    """Whatever the payments: over all countries and places each stands once, to the last unit; the sheets hold the same sums."""
    split = pd.DataFrame(
        [("P", code, 100 * n / sum(shares.values())) for code, n in shares.items()],
        columns=["project", "iso3", "share"],
    )
    given_tables = tables(*rows, project_countries=split)
    found = {code: placed_payments(given_tables, code) for code in ("NER", "MLI", "TCD")}
    for row in rows:
        parts = {code: placed[placed["transaction"] == row["transaction"]] for code, placed in found.items()}
        assert all(len(part) <= 1 for part in parts.values())
        sums = {code: int(part["amount_minor"].sum()) for code, part in parts.items() if len(part)}
        if row["kind"] != "disbursement":
            assert not sums
        elif row["iso3"]:
            assert sums == {row["iso3"]: row["amount_minor"]}
        elif row["project"] == "P":
            assert sum(sums.values()) == row["amount_minor"]
        else:  # no country is known: told in full to each, and placed nowhere
            assert set(sums.values()) == {row["amount_minor"]}
            assert {part["place"].item() for part in parts.values()} <= {"not placed", "passed on"}
    sheets = so5(given_tables, "NER")
    held = [
        name
        for table in ("SO5-1", "SO5-2", "SO5-3")
        for names in sheets[table]["Rows of the registry"]
        for name in names.split()
    ]
    everywhere = sorted([*held, *sheets["Left out"]["Row of the registry"]])
    assert everywhere == sorted(found["NER"]["transaction"])
