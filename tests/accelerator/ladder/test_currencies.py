# SPDX-License-Identifier: Apache-2.0
"""Money that goes on in another currency than it came in: netted by stated rates, worked by hand; without a rate only told."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from homeground.accelerator.ladder.finance_ladder import Ladder, finance_ladder
from homeground.accelerator.ladder.rollup import rollup_and_crossings
from homeground.language.languages import NBSP

COLUMNS = (
    "transaction",
    "project",
    "kind",
    "date",
    "value_date",
    "amount_minor",
    "currency",
    "donor_project",
    "receiver_project",
)
NARROW = "\u202f"


def tables(rows: list[dict], rates: dict[tuple[str, int], float]) -> dict[str, pd.DataFrame]:
    numbered = [
        {"transaction": f"T{i}", "kind": "disbursement", "date": "2023-05-31"} | row for i, row in enumerate(rows)
    ]
    told = pd.DataFrame(numbered).reindex(columns=list(COLUMNS)).astype({"amount_minor": "int64"})
    stated = [{"currency": c, "year": y, "usd": usd, "source": "made"} for (c, y), usd in rates.items()]
    return {"transactions": told, "exchange_rates": pd.DataFrame(stated, columns=["currency", "year", "usd", "source"])}


def steps(ladder: Ladder) -> pd.DataFrame:
    found = ladder.steps[ladder.steps["step"] == "disbursed"].set_index("currency")
    assert (found["gross_minor"] == found["amount_minor"] + found["linked_minor"]).all()
    return found


IN_EUROS = {"project": "A", "amount_minor": 1000_00, "currency": "EUR", "receiver_project": "B"}
RATES = {("EUR", 2023): 1.1, ("XOF", 2023): 0.0016}  # one euro is worth 1.1 / 0.0016 = 687.5 francs


def in_francs(amount: int, **more: object) -> dict:
    return {"project": "B", "amount_minor": amount, "currency": "XOF"} | more


def test_money_that_goes_on_in_another_currency_is_netted_by_the_stated_rates():
    ladder = finance_ladder(tables([IN_EUROS, in_francs(600_000)], RATES), by=[])
    found = steps(ladder)
    assert found["amount_minor"].to_dict() == {"EUR": 1000_00, "XOF": 0}
    assert found["linked_minor"].to_dict() == {"EUR": 0, "XOF": 600_000}
    assert found["residual_minor"].sum() == 0
    (row,) = ladder.crossings.to_dict("records")
    # 600 000 / 687.5 = 872.727... euros
    assert (row["project"], row["givers"], row["from_currency"], row["from_minor"]) == ("B", "A", "EUR", 872_73)
    assert (row["currency"], row["linked_minor"], row["rate"], row["lacking"]) == ("XOF", 600_000, 687.5, "")


def test_what_goes_on_beyond_what_came_counts():
    found = steps(finance_ladder(tables([IN_EUROS, in_francs(700_000)], RATES), by=[]))
    assert found.loc["XOF", ["amount_minor", "linked_minor", "residual_minor"]].tolist() == [12_500, 687_500, 0]


@pytest.mark.parametrize("missing", [("EUR", 2023), ("XOF", 2023)])
def test_without_a_rate_nothing_is_netted_and_it_is_told(missing):
    known = {pair: usd for pair, usd in RATES.items() if pair != missing}
    ladder = finance_ladder(tables([IN_EUROS, in_francs(600_000)], known), by=[])
    assert steps(ladder).loc["XOF", ["amount_minor", "linked_minor", "residual_minor"]].tolist() == [
        600_000,
        0,
        600_000,
    ]
    (row,) = ladder.crossings.to_dict("records")
    assert (row["from_minor"], row["linked_minor"], row["lacking"]) == (1000_00, 0, f"{missing[0]} {missing[1]}")
    assert pd.isna(row["rate"])
    (told,) = [n.message for n in ladder.notices if n.rule == "crossing"]
    assert f"no rate is stated: {missing[0]} 2023" in told


def test_a_rate_of_nothing_is_no_rate():
    ladder = finance_ladder(tables([IN_EUROS, in_francs(600_000)], RATES | {("XOF", 2023): 0.0}), by=[])
    assert ladder.crossings["lacking"].tolist() == ["XOF 2023"]


def test_the_currency_it_came_in_is_netted_first():
    rows = [IN_EUROS, {"project": "B", "amount_minor": 400_00, "currency": "EUR"}, in_francs(500_000)]
    found = steps(finance_ladder(tables(rows, RATES), by=[]))
    # 600 euros are left: 600 x 687.5 = 412 500 francs
    assert found["linked_minor"].to_dict() == {"EUR": 400_00, "XOF": 412_500}
    assert found["amount_minor"].to_dict() == {"EUR": 1000_00, "XOF": 87_500}


def test_money_that_was_passed_on_whole_makes_no_other_currency_uncertain():
    rows = [IN_EUROS, {"project": "B", "amount_minor": 1000_00, "currency": "EUR"}, in_francs(500_000)]
    ladder = finance_ladder(tables(rows, {}), by=[])
    assert steps(ladder)["residual_minor"].sum() == 0
    assert ladder.crossings.empty


def test_money_of_several_years_has_their_mean_rate_and_a_value_date_its_own():
    half = IN_EUROS | {"amount_minor": 500_00}
    rows = [half | {"date": "2022-03-01"}, half | {"date": "2022-12-30", "value_date": "2023-01-02"}, in_francs(10**6)]
    rates = {("EUR", 2022): 1.0, ("EUR", 2023): 1.2, ("XOF", 2023): 0.0016}  # mean 1.1, as above
    ladder = finance_ladder(tables(rows, rates), by=[])
    assert ladder.crossings[["linked_minor", "rate", "years"]].values.tolist() == [[687_500, 687.5, "2022, 2023"]]


def test_dollars_need_no_rate_and_the_receivers_word_links_too():
    rows = [
        {"project": "A", "amount_minor": 160_00, "currency": "USD"},
        {"project": "B", "kind": "incoming funds", "amount_minor": 160_00, "currency": "USD", "donor_project": "A"},
        in_francs(60_000), in_francs(90_000),
    ]  # fmt: skip
    ladder = finance_ladder(tables(rows, {("XOF", 2023): 0.0016}), by=[])
    # 160 dollars are 100 000 francs
    assert steps(ladder)["linked_minor"].to_dict() == {"USD": 0, "XOF": 100_000}


def test_a_currency_of_thousandths():
    rates = {("TND", 2023): 0.32, ("EUR", 2023): 1.12}
    rows = [IN_EUROS, {"project": "B", "amount_minor": 5_000_000, "currency": "TND"}]
    ladder = finance_ladder(tables(rows, rates), by=[])
    # 1000 euros x 1.12 / 0.32 = 3500 dinars, in thousandths
    assert ladder.crossings[["linked_minor", "rate"]].values.tolist() == [[3_500_000, 3.5]]


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("en", "disbursed, B: 600,000 XOF is taken off: it is 872.73 EUR that came from A, at 687.5 XOF for one EUR"),
        ("fr", "B (décaissé) : 600 000 XOF est retranché : ce sont 872,73 EUR venus de A, à 687,5 XOF pour un EUR"),
        ("zh", "B（已拨付）：扣除600,000 XOF，即来自A的872.73 EUR，按一EUR兑687.5 XOF计"),
    ],
)
def test_the_rate_is_told_in_the_language(code, said):
    ladder = finance_ladder(tables([IN_EUROS, in_francs(600_000)], RATES), by=[], language=code)
    (told,) = [n for n in ladder.notices if n.rule == "crossing"]
    assert told.message.replace(NBSP, " ").replace(NARROW, " ").startswith(said)
    assert (told.file, told.severity) == ("exchange_rates", "notice")


def test_a_rollup_that_is_kept_tells_the_same():
    given_tables = tables([IN_EUROS, in_francs(600_000)], RATES)
    rolled, crossed = rollup_and_crossings(given_tables)
    kept = finance_ladder(given_tables | {"rollup": rolled, "crossings": crossed}, by=["year"])
    whole = finance_ladder(given_tables, by=["year"])
    assert kept.notices == whole.notices
    pd.testing.assert_frame_equal(kept.cells, whole.cells)
    assert len(kept.crossings) == 1


amounts = st.integers(0, 10**12)
digits = {"EUR": 2, "XOF": 0, "TND": 3, "USD": 2}


@settings(max_examples=80)
@given(
    st.lists(st.tuples(st.sampled_from(sorted(digits)), amounts), min_size=1, max_size=4),
    st.lists(st.tuples(st.sampled_from(sorted(digits)), amounts), min_size=1, max_size=4),
    st.fixed_dictionaries({c: st.integers(1, 5000).map(lambda n: n / 1000) for c in ("EUR", "XOF", "TND")}),
)
def test_what_is_netted_is_worth_no_more_than_what_came(came, gone, usd):
    """Whatever comes and goes on: in dollars the netted is the lesser of both, but for a unit of rounding each."""
    rows = [{"project": "A", "amount_minor": a, "currency": c, "receiver_project": "B"} for c, a in came]
    rows += [{"project": "B", "amount_minor": a, "currency": c} for c, a in gone]
    ladder = finance_ladder(tables(rows, {(c, 2023): rate for c, rate in usd.items()}), by=[])
    unit = {c: Fraction(Decimal(str(usd.get(c, 1.0)))) / 10 ** digits[c] for c in digits}
    linked = sum(
        int(row["linked_minor"]) * unit[str(row["currency"])] for row in steps(ladder).reset_index().to_dict("records")
    )
    worth_in, worth_out = (sum(a * unit[c] for c, a in rows) for rows in (came, gone))
    assert abs(linked - min(worth_in, worth_out)) <= 16 * max(unit.values())
    assert steps(ladder)["residual_minor"].sum() == 0


@pytest.mark.parametrize(
    ("received", "passed_on", "linked"),
    [
        # 1000 euros are 687 500 francs (550 000 are 800): the giver tells of more than the taker, that counts
        (550_000, 1_500_000, 687_500),
        (700_000, 1_500_000, 700_000),  # the taker tells of more
        (600_000, 650_000, 650_000),
    ],
)
def test_one_payment_that_its_two_ends_tell_of_in_two_currencies_is_taken_off_once(received, passed_on, linked):
    got = in_francs(received, kind="incoming funds", donor_project="A")
    found = steps(finance_ladder(tables([IN_EUROS, got, in_francs(passed_on)], RATES), by=[]))
    assert found["amount_minor"].to_dict() == {"EUR": 1000_00, "XOF": passed_on - linked}


def test_what_its_taker_tells_of_in_francs_is_not_taken_off_its_euros_again():
    """1000 euros came, told as 687 500 francs by who got them; 100 euros and 700 000 francs went on."""
    got = in_francs(687_500, kind="incoming funds", donor_project="A")
    euros = {"project": "B", "amount_minor": 100_00, "currency": "EUR"}
    found = steps(finance_ladder(tables([IN_EUROS, got, euros, in_francs(700_000)], RATES), by=[]))
    assert found["amount_minor"].to_dict() == {"EUR": 1100_00, "XOF": 12_500}


def test_two_ends_in_two_currencies_without_a_rate_take_off_what_the_taker_tells_of():
    got = in_francs(600_000, kind="incoming funds", donor_project="A")
    ladder = finance_ladder(tables([IN_EUROS, got, in_francs(700_000)], {}), by=[])
    assert steps(ladder)["linked_minor"].to_dict() == {"EUR": 0, "XOF": 600_000}
    assert ladder.crossings["lacking"].tolist() == ["EUR 2023, XOF 2023"]
