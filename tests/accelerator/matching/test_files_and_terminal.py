# SPDX-License-Identifier: Apache-2.0
"""Offers and needs of spreadsheets, and what the terminal shows of them."""

from __future__ import annotations

import csv
import datetime
import json
import types

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.accelerator.matching import made
from typer.testing import CliRunner

from homeground import accelerator
from homeground.accelerator.matching.given import read_profiles
from homeground.accelerator.matching.match import finished_projects, match
from homeground.accelerator.registry.given import empty_tables
from homeground.cli.app import app
from homeground.errors import DataError
from homeground.language.layout import width

OFFERS, NEEDS = made.HERE / "offers.csv", made.HERE / "needs.csv"


def run(*words: object):
    return CliRunner().invoke(app, ["accelerator", "match", *map(str, words)])


def test_money_and_days_are_read_as_the_registry_keeps_them(tmp_path):
    file = tmp_path / "offers.csv"
    file.write_text(
        "Profile;Title;Kind;Smallest;Largest;Currency;Start;Consent;Active\n"
        "A;Fonds;money;1 000,5;2 000;TND;2026-02-01;Yes;yes\nB;Fonds;money;;600;XOF;;yes;no\n",
        encoding="cp1252",
    )
    table = read_profiles(file, "offers")
    assert table["smallest_minor"].tolist() == [1_000_500, pd.NA]  # the dinar has three decimals
    assert table["largest_minor"].tolist() == [2_000_000, 600]
    assert table["start"].tolist() == [datetime.date(2026, 2, 1), None]
    assert table["consent"].tolist() == ["yes", "yes"]


def test_offers_are_read_by_the_rules_of_the_import_whatever_the_file_is_called(tmp_path):
    """03/04/2026 can be read in two ways unless 28/04/2026 stands beside it, and a comma in 1,234 unless 1,5 does."""
    head = "profile;title;kind;smallest;largest;currency;start;consent;active\n"
    file = tmp_path / "handed in.csv"
    file.write_text(head + "A;Fund;money;1,234;;EUR;03/04/2026;yes;yes\n")
    with pytest.raises(DataError) as caught:
        read_profiles(file, "offers")
    assert "row 2, smallest" in str(caught.value)
    assert "row 2, start" in str(caught.value)
    file.write_text(head + "A;Fund;money;1.234;1.234,5;EUR;03/04/2026;yes;yes\nB;Fund;money;;9;EUR;28/04/2026;no;yes\n")
    table = read_profiles(file, "offers")
    assert table[["smallest_minor", "largest_minor"]].iloc[0].tolist() == [123_400, 123_450]
    assert table["start"].tolist() == [datetime.date(2026, 4, 3), datetime.date(2026, 4, 28)]
    assert list(table.index) == [2, 3]


def test_what_must_be_looked_at_stands_on_the_second_channel(tmp_path):
    lines = OFFERS.read_text(encoding="utf-8").splitlines()
    lines = [
        f"{line},{'colour' if line.startswith('profile') else 'green'}" for line in lines if not line.startswith("#")
    ]
    (tmp_path / "offers.csv").write_text("\n".join(lines), encoding="utf-8")
    found = run(tmp_path / "offers.csv", NEEDS)
    assert found.exit_code == 0
    assert 'the column "colour" is not known' in " ".join(found.stderr.split())
    assert "colour" not in found.stdout


def test_rates_beside_two_files_are_read_so_too(tmp_path):
    rates = tmp_path / "bank.csv"
    rates.write_text("currency;year;usd;source\nEUR;2025;1,10;made\nXXY;2025;1;made\n")
    found = run(OFFERS, NEEDS, "--rates", rates)
    assert "row 3, currency" in str(found.exception)
    rates.write_text("currency;year;usd;source\nEUR;2025;1,10;made\n")
    assert run(OFFERS, NEEDS, "--rates", rates).exit_code == 0


def test_all_faults_of_a_file_are_told_at_once(tmp_path):
    file = tmp_path / "needs.csv"
    file.write_text(
        "profile,title,kind,countries,smallest,largest,currency,start,consent,active\n"
        "A,t,money,NGR,9,1,XOF,2026-13-01,yes,yes\nA,t,love,NER,,1.5,XOF,,,yes\n",
    )
    with pytest.raises(DataError) as caught:
        read_profiles(file, "needs")
    said = str(caught.value)
    for fault in (
        '"NGR" is not known. Did you mean NER', "smallest is more than largest", '"2026-13-01" is no day', "consent",
        "Write one of: money, know-how", "1.5 XOF has more decimals", "A stands 2 times",
    ):  # fmt: skip
        assert fault in said, fault


NASTY = ["", "-", "yes", "no", "NER", "NER;;", "NE-5", "2: 70; 5: 30", "2: x", "9", "-1", "0", "1e30", "1e308", "nan", "inf", "1,5",
         "2026-05-31", "31.5.2026", "0001-01-01", "9999-12-31", "money", "land", "EUR", "XOF", "XXX", "zai", "grant; loan", "fr", "=1+1",
         "a\u0301\u0000".replace("\u0000", ""), "؛", "٢", "women", "ha", "x" * 500]  # fmt: skip


@settings(max_examples=60)
@given(data=st.data())
def test_whatever_stands_in_the_cells_is_matched_or_told(data, tmp_path_factory):
    columns = ["profile", "title", "kind", "countries", "admin_units", "pillars", "practices", "instrument", "smallest", "largest",
               "total", "currency", "least", "most", "unit", "start", "end", "beneficiaries", "languages", "exclusions", "consent",
               "active", "text"]  # fmt: skip
    sane = {"profile": "A", "title": "t", "kind": "money", "consent": "yes", "active": "yes"}
    changed = data.draw(st.dictionaries(st.sampled_from(columns), st.sampled_from(NASTY), max_size=5))
    row = {c: changed.get(c, sane.get(c, "")) for c in columns}
    file = tmp_path_factory.mktemp("cells") / "table.csv"
    with file.open("w", encoding="utf-8", newline="") as opened:
        write = csv.DictWriter(opened, columns)
        write.writeheader()
        write.writerow(row)
    try:
        table = read_profiles(file, "offers")
    except DataError as error:
        assert "table.csv" in str(error)  # noqa: PT017 (either is right)
        return
    tables = match(table, table.assign(organisation=None))
    assert len(tables["matches"]) == (table["consent"].iloc[0] == "yes" == table["active"].iloc[0])


@pytest.mark.parametrize("code", ["en", "fr", "zh"])
def test_the_terminal_shows_offers_reasons_and_near_misses_in_80_columns(code):
    found = run(OFFERS, NEEDS, "--language", code)
    assert found.exit_code == 0
    assert max(width(line) for line in found.output.splitlines()) <= 80
    assert "accelerator.match" not in found.output
    for word in ("N1", "O1", "O4", "400", "EUR"):
        assert word in found.output


def test_the_same_as_json():
    told = json.loads(run(OFFERS, NEEDS, "--json", "--weight", "geography=3", "--weight", "pillars=1").stdout)
    assert told["run"][0]["weights"].startswith("geography: 0.75; pillars: 0.25")
    assert [row["offer"] for row in told["matches"]] == ["O1", "O2", "O3"]
    assert isinstance(told["matches"][0]["reasons"], list)
    assert {row["filter"] for row in told["near_misses"]} == {"period", "instrument", "country"}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((OFFERS,), "two are needed"),
        ((OFFERS, NEEDS, "--weight", "luck=1"), "luck is no feature"),
        ((OFFERS, NEEDS, "--weight", "size"), "no feature with a number"),
        ((OFFERS, NEEDS, "--keep", "coordinator"), "--keep writes into a registry"),
        ((OFFERS, OFFERS.with_name("none.csv")), "none.csv"),
    ],
)
def test_what_cannot_be_is_refused_with_what_to_do(words, said):
    found = run(*words)
    assert isinstance(found.exception, DataError)
    assert found.exception.exit_code == 3
    assert said in str(found.exception)


def test_faults_of_both_files_are_told_together(tmp_path):
    for name in ("offers.csv", "needs.csv"):
        (tmp_path / name).write_text("profile,title,kind,consent,active\nA,t,land,maybe,yes\n")
    found = run(tmp_path / "offers.csv", tmp_path / "needs.csv")
    assert {"offers.csv", "needs.csv"} <= {word.strip(":") for word in str(found.exception).split()}


def test_a_registry_gives_offers_needs_rates_and_the_record(tmp_path, monkeypatch):
    offers, needs = made.files()
    projects = pd.DataFrame({"project": ["P", "Q"], "status": ["closed", "cancelled"]})
    tables = {
        "offers": offers, "needs": needs, "projects": projects,
        "participants": pd.DataFrame({"project": ["P", "Q"], "organisation": ["FUND-1", "FUND-1"]}),
        "project_countries": pd.DataFrame({"project": ["P", "Q"], "iso3": ["NER", "NER"]}),
        "exchange_rates": pd.DataFrame({"currency": ["EUR"], "year": [2025], "usd": [1.1], "source": ["made"]}),
    }  # fmt: skip
    assert finished_projects(tables).values.tolist() == [["FUND-1", "NER", 1]]
    kept = {}
    held = empty_tables() | tables
    opened = types.SimpleNamespace(
        tables=lambda: held,
        close=lambda: None,
        write=lambda name, frame, *, actor, source: kept.update({name: (frame, actor)}),
    )
    monkeypatch.setattr(accelerator, "open_registry", lambda where: opened, raising=False)
    (tmp_path / "wall.db").write_bytes(b"SQLite format 3\x00")
    told = json.loads(run(tmp_path / "wall.db", "--json").stdout)
    first = next(row for row in told["matches"] if row["need"] == "N1")
    assert (first["offer"], first["record_need"]) == ("O1", 0.2)  # one finished project of five
    assert not kept
    run(tmp_path / "wall.db", "--keep", "coordinator")
    assert kept["match_runs"][0]["run"].tolist() == [told["run"][0]["run"]]
    log, actor = kept["match_log"]
    assert (actor, log["role"].unique().tolist(), log["state"].unique().tolist()) == (
        "coordinator",
        ["coordinator"],
        ["shown"],
    )
