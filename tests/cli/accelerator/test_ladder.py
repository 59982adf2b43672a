# SPDX-License-Identifier: Apache-2.0
"""The commands on money, as a user types them."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from homeground.accelerator.registry.given import read_tables
from homeground.cli.app import app, main


def run(*words: str) -> str:
    done = CliRunner().invoke(app, ["accelerator", *words])
    assert done.exit_code == 0, done.output
    return done.output


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "transactions.csv").write_text(
        "transaction,project,kind,date,amount,currency,donor,instrument,iso3,source\n"
        "T1,P,commitment,2023-01-01,100,USD,Bank,loan,NER,report\n"
        "T2,P,commitment,2023-01-01,50,USD,Bank,grant,NER,report\n"
        "T3,P,disbursement,2024-01-01,40.5,USD,Bank,loan,NER,report\n"
        "T4,P,guarantee,2024-01-01,9,USD,Bank,guarantee,NER,report\n"
    )
    return tmp_path


def test_the_ladder_of_a_folder(folder):
    said = run("ladder", str(folder), "--by", "instrument", "--rows")
    assert max(map(len, said.splitlines())) <= 80
    for text in ("150.00", "40.50", "nobody told", "guarantee 9.00 USD", "transactions T3, 100 % of 40.50 USD, report"):
        assert text in said
    assert "sums grant, loan" in run("ladder", str(folder), "--by", "donor")


def test_the_ladder_for_machines(folder):
    found = json.loads(run("ladder", str(folder), "--by", "year", "--json", "--rows"))
    assert [(c["year"], c["step"], c["amount_minor"]) for c in found["cells"]] == [
        (2023, "committed", 15_000), (2024, "disbursed", 4_050),
    ]  # fmt: skip
    assert found["cells"][0]["instruments"] == "grant, loan"
    assert [row["key"] for row in found["rows"]] == ["T1", "T2", "T3"]


def test_the_first_answer_and_its_empty_form_come_back_as_a_table(tmp_path):
    assert json.loads(run("report", "--json"))["steps"][0]["value"] == 19e9
    form = tmp_path / "allocations.csv"
    assert str(form.name) in run("report", "great-green-wall", "--form", str(form)).replace("\n", "")
    text = form.read_text(encoding="utf-8").splitlines()
    filled = text[1].split(",")
    filled[6], filled[7] = "1000", "XOF"
    form.write_text("\n".join([text[0], ",".join(filled)]), encoding="utf-8")
    assert read_tables([form])["allocations"]["amount_minor"].tolist() == [1000]


def test_a_sheet_is_written(folder, tmp_path):
    said = run("sheet", "NER", str(folder), "--language", "fr", "--out", str(tmp_path / "out"))
    assert "money-NER-fr.pdf" in said
    assert (tmp_path / "out" / "money-NER-fr.html").is_file()


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("ladder", "nowhere"), 3, "nowhere is not there. Give a registry, a folder of tables"),
        (("sheet", "NER"), 2, "nobody published the money of NER"),
    ],
)
def test_what_cannot_be_done_is_said_with_its_code(words, code, said, monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["homeground", "accelerator", *words])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == code
    assert said in capsys.readouterr().err
