# SPDX-License-Identifier: Apache-2.0
"""What is shown of work, rights and value chains: in the language, within 80 columns, the same to machines."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from homeground.catalogue.regions import study_regions
from homeground.chain import run as chain
from homeground.cli.chain.tables import show_chain
from homeground.cli.rights.tables import show_rights
from homeground.cli.work.tables import show_work
from homeground.errors import DataError
from homeground.language.layout import width
from homeground.study.model import Study
from homeground.study.opening import in_language, open_study

STUDY = """
title = "Small"
countries = ["BFA"]
[data]
rights = "rights.csv"
screening = "screening.csv"
[plan]
budget = { amount = "1e6 USD", price_year = "as published", per = "year", years = [2025, 2026] }
[work]
days_per_year = 230
training_seats = { youth = 200, returnees = 50 }
[work.public_works]
budget = 1e6
labour_share = 0.6
wage = 4
days_per_household = 60
local_wage = 5
"""
SHOWN = {"work": show_work, "rights": show_rights, "chain": show_chain}
NAMES = r"FAOSTAT|APHLIS|gcamfaostat|aphlis|Great Green Wall|Burkina Faso|Niger|3S"  # of sources and programmes, untranslated


@pytest.fixture(scope="module")
def ran(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("beside")
    (folder / "small").mkdir()
    (folder / "small" / "study.toml").write_text(STUDY, encoding="utf-8")
    rows = ["region_id,what,value,source"]
    regions = study_regions(Study.model_validate({"title": "T", "countries": ["BFA"]}))["region_id"]
    rows += [f"{region},tenure_secure,{share},made" for region, share in zip(regions, (0.2, 0.9, 0.4), strict=False)]
    rows += [f"{regions[0]},pastoral_corridor,0.1,made"]
    (folder / "small" / "rights.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    answers = ["question,answer", "protected_area,yes", "labour,unknown", "irreversible,no"]
    (folder / "small" / "screening.csv").write_text("\n".join(answers) + "\n", encoding="utf-8")
    study = open_study(folder / "small")
    chain.run(study, ["land", "people", "evidence", "measures", "finance"], root=folder / "results")
    return folder


def shown(ran, capsys, what, code=None, *, as_json=False):
    study = in_language(open_study(ran / "small"), code)
    SHOWN[what](study, root=ran / "results", as_json=as_json)
    return capsys.readouterr().out


@pytest.mark.parametrize(
    ("what", "en", "fr", "zh"),
    [
        ("work", "Days of work are not jobs", "Des jours de travail ne sont pas des emplois", "工作日不等于就业岗位"),
        ("rights", "a person decides", "une personne décide", "由人来决定"),
        ("chain", "losses are chained", "les pertes s’enchaînent", "损失逐环相乘"),
    ],
)
def test_what_is_shown_is_in_the_language_and_fits(ran, capsys, what, en, fr, zh):
    english = shown(ran, capsys, what)
    assert en in re.sub(r"\s+", " ", english)
    plain = {line.strip() for line in english.splitlines() if re.search(r"[a-z]{4,} [a-z]{2,} [a-z]{2,}", line)}
    for code, said in (("fr", fr), ("zh", zh)):
        printed = shown(ran, capsys, what, code)
        assert said in re.sub(r"\s+", " ", printed)
        lines = printed.splitlines()
        assert max(map(width, lines)) <= 80
        assert not {line for line in plain & {line.strip() for line in lines} if not re.search(NAMES, line)}
    assert shown(ran, capsys, what, as_json=True) == shown(ran, capsys, what, "fr", as_json=True)


def test_numbers_shown_are_those_of_the_tables(ran, capsys):
    work = json.loads(shown(ran, capsys, "work", as_json=True))
    assert work["facts"]["public_works"]["households"] == 2500
    assert "2,500 households, 240 USD each" in re.sub(r"\s+", " ", shown(ran, capsys, "work"))
    assert [row["group"] for row in work["facts"]["training"]] == ["youth", "returnees"]
    chains = json.loads(shown(ran, capsys, "chain", as_json=True))["chains"]
    assert {row["chain"] for row in chains} == {"millet"}
    assert "0.896" in shown(ran, capsys, "chain")
    rights = json.loads(shown(ran, capsys, "rights", as_json=True))
    assert {row["rights"] for row in rights["regions"]} == {"secure", "insecure", "not_known"}
    assert rights["facts"]["screening"]["gcf"] == "B" or rights["facts"]["screening"]["notes"]


@pytest.mark.parametrize("what", SHOWN)
def test_what_has_not_run_is_told_with_the_command(what, tmp_path, capsys):
    with pytest.raises(DataError, match="Run first: homeground run great-green-wall"):
        SHOWN[what](open_study("great-green-wall"), root=tmp_path, as_json=False)
