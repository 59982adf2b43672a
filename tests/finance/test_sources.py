# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import pandas as pd
import pytest

from homeground.catalogue import figures
from homeground.errors import DataError
from homeground.finance import household_money, source_stack
from homeground.numbers.money import Money

BUDGET = Money(100.0, "USD", 2023)


def row(**changed):
    given = {"who": "Ministry of Finance", "class": "public", "amount": 30.0, "currency": "USD", "price_year": "2023"}
    return given | {"status": "committed", "source": "budget law 2024", "licence": "fact", "iso3": "NER"} | changed


def test_without_a_table_nothing_is_committed():
    stack = source_stack(BUDGET)
    assert stack["class"].tolist() == ["not_committed"]
    assert stack["amount"].tolist() == [100.0]


def test_the_counted_rows_add_up_to_the_budget():
    table = pd.DataFrame(
        [row(), row(who="Green Climate Fund", **{"class": "climate funds"}, amount=20.0), row(who="EU", status="pledged", amount=500.0)]
    )  # fmt: skip
    stack = source_stack(BUDGET, table)
    counted = stack[stack["counted"]]
    assert counted["amount"].sum() == 100.0
    assert counted["share"].sum() == pytest.approx(1.0)
    assert counted.set_index("class")["amount"].to_dict() == {
        "public": 30.0,
        "climate funds": 20.0,
        "not_committed": 50.0,
    }
    assert stack.loc[stack["status"] == "pledged", "share"].isna().all()


def test_money_of_another_year_or_currency_is_not_added():
    with pytest.raises(DataError, match="cannot add USD of 2021 to USD of 2023"):
        source_stack(BUDGET, pd.DataFrame([row(price_year="2021")]))
    with pytest.raises(DataError, match="cannot add EUR of 2023"):
        source_stack(BUDGET, pd.DataFrame([row(currency="EUR")]))
    assert (
        source_stack(Money(100.0, "USD", None), pd.DataFrame([row(price_year="as published")]))["share"].iloc[0] == 0.3
    )


def test_more_than_the_budget_is_refused():
    with pytest.raises(DataError, match=r"sources commit 130 USD, the budget is 100"):
        source_stack(BUDGET, pd.DataFrame([row(amount=130.0)]))


@pytest.mark.parametrize("label", ["public", "climate funds", "private"])
@pytest.mark.parametrize("words", ["Diaspora bond", "Worker remittances", "transferts de fonds des émigrés"])
def test_household_money_under_another_name_is_refused(label, words):
    with pytest.raises(DataError, match="households' own"):
        source_stack(BUDGET, pd.DataFrame([row(who=words, **{"class": label})]))


def test_oda_is_no_class_for_anything():
    with pytest.raises(DataError, match='class "ODA" is unknown'):
        household_money(figures.load("remittances", iso3="NER"), pd.DataFrame([row(**{"class": "ODA"})]))


def test_remittances_labelled_as_public_are_refused():
    seen = figures.load("remittances", iso3="NER")
    for label in ("ODA", "public finance", "climate finance"):
        with pytest.raises(DataError, match="households' own money"):
            household_money(seen.assign(finance=label))


def test_sources_that_differ_stand_side_by_side_and_nothing_is_committed():
    table = household_money(figures.load("remittances", iso3=["XKX", "ALB"]))
    kosovo = table[(table["iso3"] == "XKX") & (table["what"] == "received_share") & (table["year"] == 2024)]
    assert sorted(kosovo["value"]) == [12.7, 17.3]  # Eurostat and World Bank, as printed
    assert kosovo["definition"].nunique() == 2
    assert table.loc[table["what"] == "committed", "value"].tolist() == [0.0, 0.0]


def test_a_commitment_counts_by_contract_or_consent_with_its_source():
    own = row(who="Association of emigrants", **{"class": "household"}, amount=2.0, basis="contract", iso3="ALB")
    table = household_money(figures.load("remittances", iso3="ALB"), pd.DataFrame([own]))
    committed = table[table["what"] == "committed"]
    assert committed["value"].tolist() == [2.0]
    assert committed["basis"].tolist() == ["contract"]
    assert committed["source"].tolist() == ["budget law 2024"]
    for change, text in (
        ({"basis": ""}, "contract or consent"),
        ({"source": ""}, "has no source"),
        ({"iso3": ""}, "country"),
    ):
        with pytest.raises(DataError, match=text):
            household_money(figures.load("remittances", iso3="ALB"), pd.DataFrame([own | change]))


def test_household_money_never_enters_the_stack():
    own = row(who="Association of emigrants", **{"class": "household"}, amount=99.0, basis="consent", iso3="ALB")
    stack = source_stack(BUDGET, pd.DataFrame([own]))
    assert stack["class"].tolist() == ["not_committed"]
    assert stack["amount"].tolist() == [100.0]


def test_a_pledged_household_sum_is_no_commitment():
    own = row(who="Emigrants", **{"class": "household"}, status="pledged", basis="consent", iso3="ALB")
    table = household_money(figures.load("remittances", iso3="ALB"), pd.DataFrame([own]))
    assert table.loc[table["what"] == "committed", "value"].tolist() == [0.0]


def test_published_pledges_are_listed_and_not_counted():
    stack = source_stack(BUDGET, pledges=figures.load("cited_facts", indicator="pledged"))
    assert stack["counted"].sum() == 1
    pledged = stack[stack["status"] == "pledged"]
    assert {14.326e9, 19e9} <= set(pledged["amount"])  # both readings stay
    assert pledged["note"].str.contains("not added up").all()
    assert set(pledged["class"]) == {"public", "climate funds", "all donors"}


def test_all_faults_of_the_table_are_told_at_once():
    bad = pd.DataFrame(
        [row(amount=-1), row(who="B", status="promised"), row(who="C", currency="dollars"), row(who="D", price_year="")]
    )
    with pytest.raises(DataError) as caught:
        source_stack(BUDGET, bad)
    for text in ("0 or more", '"promised"', "found dollars", "price_year is a year"):
        assert text in str(caught.value)
    with pytest.raises(DataError, match="columns source are missing"):
        source_stack(BUDGET, pd.DataFrame([row()]).drop(columns="source"))


def test_money_whose_year_is_not_stated_counts_as_it_is_and_says_so():
    row = {"who": "Ministry", "class": "public", "amount": 40.0, "currency": "USD", "price_year": "not stated"}
    row |= {"status": "committed", "source": "law", "licence": "own", "note": float("nan")}
    stack = source_stack(Money(100.0, "USD", 2023), pd.DataFrame([row])).set_index("class")
    assert stack["share"].to_dict() == {"public": 0.4, "not_committed": 0.6}
    assert stack.loc["public", ["price_year", "note"]].tolist() == [
        "not stated",
        "price year not stated: taken as if of the budget's",
    ]
    with pytest.raises(DataError, match='a year, "as published" or "not stated", found 1899'):
        source_stack(Money(100.0, "USD", 2023), pd.DataFrame([row | {"price_year": 1899}]))
    with pytest.raises(DataError, match="a finite amount of 0 or more"):
        source_stack(Money(100.0, "USD", 2023), pd.DataFrame([row | {"amount": float("inf")}]))
