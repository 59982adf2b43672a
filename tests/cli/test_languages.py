# SPDX-License-Identifier: Apache-2.0
"""A run, its status and what is shown of it in the language that was asked for; machines read codes and English."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from homeground.cli.tables import show
from homeground.errors import StudyError
from homeground.language.layout import width
from homeground.running.findings import findings
from homeground.study.opening import in_language, open_study

STUDY = """
title = "Small"
countries = ["GMB"]
[plan]
budget = { amount = "1e6 USD", price_year = "as published", per = "year", years = [2025, 2026] }
[brief]
languages = ["en"]
"""
# What no language translates: stages, steps, files, names of countries and of what is installed.
CODES = r"brief-\w+\.pdf|[a-z_]+\.[a-z_.]+|PRAIS|IDMC|GMB|[A-Z]{2}-[A-Z]+|--?\w+|homeground|results|UTC"
SHARED = ("plan", "dollar", "dollars", "hectares", "million", "places")  # by English and French
STAGES = ("land", "people", "evidence", "measures", "finance", "risk", "chain", "brief")


def homeground(*words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "homeground.cli.app", *words], capture_output=True, text=True, cwd=cwd, timeout=300
    )


@pytest.fixture(scope="module")
def ran(tmp_path_factory) -> tuple[Path, str]:
    folder = tmp_path_factory.mktemp("languages")
    (folder / "gambia").mkdir()
    (folder / "gambia" / "study.toml").write_text(STUDY, encoding="utf-8")
    done = homeground("run", "gambia", "--language", "zh", cwd=folder)
    assert done.returncode == 0, done.stderr
    return folder, done.stdout


def told(printed: str) -> str:
    """What stands beside the stages, above what to mind."""
    return printed.partition("\n\n")[0]


def latin(text: str) -> set[str]:
    return set(re.findall(r"[A-Za-z]{3,}", re.sub(CODES, " ", text))) - set(STAGES)


def test_findings_are_chinese_and_fit_80_columns(ran):
    printed = told(ran[1])
    assert [line.split()[0] for line in printed.splitlines() if line[0] != " "] == list(STAGES)
    assert "冈比亚" not in printed  # a study names its countries by code
    assert "在1个国家所考察的土地中，旱地占" in re.sub(r"\s", "", printed)
    assert latin(printed) == set()
    assert max(map(width, printed.splitlines())) <= 80
    assert max(map(width, printed.splitlines())) > 70  # and lines are used


def test_what_comes_next_keeps_the_language_and_works(ran):
    folder, printed = ran
    steps = [shlex.split(line) for line in printed.partition("下一步：\n")[2].splitlines()]
    assert steps[0] == ["homeground", "show", "gambia", "land", "--why", "--language", "zh"]
    shown = homeground(*steps[0][1:], cwd=folder)
    assert shown.returncode == 0, shown.stderr
    assert "所读输入（名称、SHA-256、字节数；您自己的表格不列" in shown.stdout


def test_the_run_speaks_another_language_without_running_again(ran):
    folder, _ = ran
    only = [word for stage in STAGES[:-1] for word in ("--only", stage)]
    french = homeground("run", "gambia", "--language", "fr", *only, cwd=folder).stdout
    assert "inchangé Dans 1 pays, les zones sèches couvrent" in french
    assert re.search(r"solde|départs|arrivées", french)
    english = homeground("run", "gambia", *only, cwd=folder).stdout
    assert "as before Of the land looked at in 1 country, drylands cover" in english
    assert all(width(line) <= 80 for text in (french, english) for line in told(text).splitlines())
    words = [set(re.findall(r"[a-z]{4,}", re.sub(CODES, " ", told(text)))) for text in (english, french)]
    assert words[0] & words[1] <= {*STAGES, *SHARED}


def test_the_record_holds_numbers_and_machines_read_english(ran):
    folder, _ = ran
    record = json.loads((folder / "results" / "gambia" / "base" / "run.json").read_text(encoding="utf-8"))
    first = record["stages"]["land"]["finding"][0]
    assert first["message"] == "finding.land.drylands"
    assert first["words"]["total"]["unit"] == "km2"
    assert first["words"]["total"]["value"] == pytest.approx(11_000, rel=0.1)  # the Gambia has some 11,000 km2
    only = [word for stage in STAGES[:-1] for word in ("--only", stage)]
    lines = homeground("run", "gambia", "--language", "zh", "--json", *only, cwd=folder).stdout.splitlines()
    events = [json.loads(line) for line in lines]
    land = next(event for event in events if event["stage"] == "land")
    assert land["finding"] == findings(folder / "results" / "gambia" / "base")["land"]
    assert land["finding"].startswith("Of the land looked at in 1 country")
    assert land["said"] == record["stages"]["land"]["finding"]


def test_status_says_what_the_language_changes(ran):
    folder, _ = ran
    asked = homeground("status", "gambia", "--language", "zh", cwd=folder).stdout
    assert asked.count("完成") == len(asked.splitlines())
    assert latin(asked) <= {word for line in asked.splitlines() for word in line.split()[:2]}
    plain = homeground("status", "gambia", cwd=folder).stdout.splitlines()
    states = {line.split()[0]: line.split()[2] for line in plain}
    assert states == {stage: "outdated" if stage == "brief" else "done" for stage in STAGES}


@pytest.mark.parametrize(("stage", "fr", "zh"), [
    ("people", "Qui s’est déplacé et qui a fui", "谁迁移、谁逃离"),
    ("evidence", "Sens de la mobilité quand le facteur augmente", "驱动因素增强时人口流动的方向"),
    ("measures", "Terres qui conviennent à chaque mesure", "适合各项措施的土地"),
    ("finance", "Valeur de l’ensemble du plan", "整个方案按市场价格的价值"),
    ("plan", "Ce que coûte chaque règle, en hectares pondérés", "各项规则的代价（加权公顷）"),
    ("risk", "les chiffres n’existent que par région", "risk只有按地区列出的数字"),
])  # fmt: skip
def test_what_is_shown_is_in_the_language_and_fits(ran, capsys, stage, fr, zh):
    folder, _ = ran
    study = open_study(folder / "gambia")

    def shown(code: str | None, *, as_json: bool = False) -> str:
        asked = in_language(study, code)
        show(asked, stage, why=False, by="country", root=folder / "results", as_json=as_json)
        return capsys.readouterr().out

    english = shown(None)
    sentences = {line.strip() for line in english.splitlines() if re.search(r"[a-z]{4,} [a-z]{2,} [a-z]{2,}", line)}
    for code, said in (("fr", fr), ("zh", zh)):
        printed = shown(code)
        assert said in printed
        lines = [line for line in printed.splitlines() if "homeground " not in line]
        assert max(map(width, lines)) <= 80
        assert not sentences & {line.strip() for line in lines}
    assert shown(None, as_json=True) == shown("fr", as_json=True)


def test_a_language_nobody_speaks_here_is_refused_with_the_known_ones(ran):
    folder, _ = ran
    for verb in ("run", "status", "show"):
        done = homeground(verb, "gambia", "--language", "es", cwd=folder)
        assert done.returncode == 2
        assert "en (English), fr (français), zh (简体中文)" in done.stderr


def test_a_language_is_put_first_and_kept_if_it_is_there():
    study = open_study("great-green-wall")
    assert study.language == "en"
    assert in_language(study, "zh").brief.languages == ["zh", "en", "fr"]
    assert in_language(in_language(study, "zh"), "en").brief.languages == ["en", "zh", "fr"]
    assert in_language(study, None) is study
    assert study.brief.languages == ["en", "fr", "zh"]
    with pytest.raises(StudyError, match="homeground does not write in"):
        in_language(study, "")
