# SPDX-License-Identifier: Apache-2.0
"""The gate of investor protection: nothing signs by itself, unknown hosts stay shut, no person stands in a table."""

from __future__ import annotations

import csv
import datetime
import itertools
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import homeground
from homeground.errors import DataError
from homeground.finance.protection.gate import given_back, protection_gate
from homeground.finance.protection.reading import ROLES, checklist, facts_of, host_facts, instruments
from homeground.finance.protection.signing import COLUMNS, Signature, moves, read_signatures, state_of
from homeground.language.messages import known
from homeground.numbers.table import read_rows

PACKAGE = Path(homeground.__file__).parent
ON = datetime.date(2026, 11, 30)
DAY = datetime.date(2026, 3, 1)


def signatures(instrument="crowd_lending", host="USA", *, day=DAY, outcome="agreed", final=True):
    found = [
        Signature(instrument, host, row["item"], row["role"], day, outcome, "file 7") for row in checklist(instrument)
    ]
    return found + ([Signature(instrument, host, "final", "board", day, outcome, "minutes 3")] if final else [])


def test_the_ethiopian_case_is_told_as_it_was_published():
    facts = {fact.key: fact for fact in host_facts()}
    assert facts["eep_disgorged"].value == 5_847_804
    assert facts["eep_interest"].value == 601_050.87
    assert facts["eep_buyers"].value == 3_100
    assert given_back() == pytest.approx(6_448_854.87, abs=0.001)  # 5,847,804 + 601,050.87 by hand
    assert {facts[f"eep_{k}"].year for k in ("disgorged", "interest", "buyers")} == {2016}


def test_every_fact_has_source_year_and_quality_and_none_counts_as_checked():
    for fact in host_facts():
        assert fact.source
        assert fact.address.startswith("http")
        assert 2000 < fact.year <= 2026
        assert 1 <= fact.quality <= 5
        assert fact.checked == ""
        assert known(f"protection.fact.{fact.key}")


def test_a_host_that_no_source_tells_of_stays_shut_whatever_is_signed():
    for host in ("CHE", "SAU", "ARE"):
        gate = protection_gate("crowd_lending", host, signed=signatures(host=host), on=ON)
        assert (gate.state, gate.ready, gate.unknown) == ("not_known", False, ("registration",))


def test_rules_of_the_union_hold_in_its_countries_only():
    assert {f.key for f in facts_of("ITA")} >= {"eu_no_prospectus", "eu_changed", "fatf_diligence"}
    assert not [f for f in facts_of("GBR") if f.host == "EU"]


def test_nothing_is_ready_until_every_item_and_the_board_are_signed():
    whole = signatures()
    assert protection_gate("crowd_lending", "USA", on=ON).state == "draft"
    assert protection_gate("crowd_lending", "USA", signed=whole, on=ON).ready
    for left_out in whole:
        gate = protection_gate("crowd_lending", "USA", signed=[s for s in whole if s is not left_out], on=ON)
        assert not gate.ready
        assert left_out.item in gate.open_items
    assert protection_gate("crowd_lending", "USA", signed=signatures(final=False), on=ON).state == "signed"


def test_a_refusal_an_older_final_signature_and_one_that_ran_out_shut_the_gate():
    refused = [
        *signatures(),
        Signature("crowd_lending", "USA", "advertising", "legal_counsel", DAY.replace(month=4), "refused", "letter"),
    ]
    assert protection_gate("crowd_lending", "USA", signed=refused, on=ON).state == "refused"
    later = [
        *signatures(),
        Signature("crowd_lending", "USA", "advertising", "legal_counsel", DAY.replace(month=4), "agreed", "letter"),
    ]
    assert protection_gate("crowd_lending", "USA", signed=later, on=ON).state == "signed"  # the board has not seen it
    ended = [
        Signature(s.instrument, s.host, s.item, s.role, s.date, s.outcome, s.evidence, datetime.date(2026, 10, 1))
        if s.item == "counsel_opinion"
        else s
        for s in signatures()
    ]
    assert protection_gate("crowd_lending", "USA", signed=ended, on=ON).state == "in_review"
    assert protection_gate("crowd_lending", "USA", signed=ended, on=datetime.date(2026, 9, 30)).ready


def test_a_signature_for_one_host_or_instrument_opens_no_other():
    assert protection_gate("crowd_lending", "GBR", signed=signatures(), on=ON).state == "draft"
    assert protection_gate("project_bond", "USA", signed=signatures(), on=ON).state == "draft"


ITEMS = [row["item"] for row in checklist("matching_grant")] + ["final"]


@given(
    st.lists(st.tuples(st.sampled_from(ITEMS), st.sampled_from(["agreed", "refused"]), st.integers(1, 28)), max_size=25)
)
def test_ready_means_the_last_word_on_every_item_is_yes(words):
    roles = {row["item"]: row["role"] for row in checklist("matching_grant")} | {"final": "board"}
    signed = [Signature("matching_grant", "USA", i, roles[i], datetime.date(2026, 2, d), o, "x") for i, o, d in words]
    state, _ = state_of("matching_grant", "USA", host_known=True, signed=signed, on=ON)
    last = {}
    for one in sorted(signed, key=lambda s: s.date):
        last[one.item] = one
    yes = all(item in last and last[item].outcome == "agreed" for item in ITEMS)
    newest = max((one.date for one in last.values()), default=None)
    assert (state == "ready") == (yes and last["final"].date == newest)
    assert state in {*moves(), "ready", "refused"}


def write(path, rows, heads=COLUMNS):
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([heads, *rows])
    return path


def test_all_problems_of_a_table_of_signatures_are_told_at_once(tmp_path):
    good = ["crowd_lending", "USA", "advertising", "legal_counsel", "2026-03-01", "agreed", "letter", ""]
    bad = ["bond", "usa", "advertising", "issuer", "1 March", "maybe", "", ""]
    person = ["crowd_lending", "USA", "advertising", "a.b@example.org", "2027-03-01", "agreed", "letter", "2026-01-01"]
    with pytest.raises(DataError) as caught:
        read_signatures(write(tmp_path / "s.csv", [good, bad, person]), on=ON)
    said = str(caught.value)
    for part in (
        "bond",
        "three letters",
        "maybe",
        "1 March",
        "evidence is empty",
        "future",
        "role, not a person",
        "address of a person",
        "valid_until",
    ):
        assert part in said, part
    assert len(read_signatures(write(tmp_path / "t.csv", [good]), on=ON)) == 1


def test_columns_that_could_hold_persons_are_refused(tmp_path):
    for head in ("investor_name", "email", "iban"):
        with pytest.raises(DataError, match="personal data"):
            read_signatures(write(tmp_path / "s.csv", [["x"] * 9], [*COLUMNS, head]), on=ON)


def test_unknown_instruments_and_hosts_name_the_known():
    with pytest.raises(DataError, match="matching_grant"):
        protection_gate("lottery", "USA")
    with pytest.raises(DataError, match="ISO 3166"):
        protection_gate("crowd_lending", "XXQ")


def test_every_word_that_a_reader_may_see_is_there():
    items = {row["item"] for name in instruments() for row in checklist(name)} | {"final"}
    states = {*moves(), *(after for one in moves().values() for after, _ in one)}
    names = itertools.chain(
        (f"item.{i}" for i in items), (f"role.{r}" for r in ROLES), (f"state.{s}" for s in states),
        (f"instrument.{i}" for i in instruments()),
    )  # fmt: skip
    assert [n for n in names if not known(f"protection.{n}")] == []


def test_every_tried_instrument_that_takes_migrants_money_has_a_gate():
    tried = {row["instrument"] for row in read_rows(PACKAGE / "finance" / "instruments" / "presets.csv")}
    assert tried - set(instruments()) == {"first_loss_guarantee"}  # its giver is no migrant
