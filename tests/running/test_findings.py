# SPDX-License-Identifier: Apache-2.0
"""A finding is stored without a language and told in any; the record of an older version is told as it stands."""

from __future__ import annotations

import json

import pytest

from homeground.language.languages import NBSP
from homeground.language.messages import Saying
from homeground.numbers.fact import Amount
from homeground.running.findings import findings, read_finding, reason, stored, told
from homeground.running.record import read_run, write_run
from homeground.running.steps import Stage, Step, run_stages
from homeground.study.opening import open_study

FOUND = (
    Saying("finding.people.population", {"n": Amount(1_250_000.0, "persons", kind="modelled")}),
    Saying("finding.people.displaced_counted", {"n": Amount(1.0, "persons"), "year": "2024", "counted": 2, "all": 3}),
)
OLD = "1.2 million people live here."


@pytest.fixture
def study(tmp_path):
    folder = tmp_path / "one"
    folder.mkdir()
    (folder / "study.toml").write_text('title = "T"\ncountries = ["NER"]\n', encoding="utf-8")
    return open_study(folder)


def stage(found=FOUND, text="x"):
    step = Step("first", lambda work: (work.out / "a.txt").write_text(text), ("a.txt",))
    return (Stage("people", (step,), lambda _: found),)


def test_a_run_stores_sayings_and_hands_them_on(study, tmp_path):
    results = tmp_path / "out"
    (_, event) = run_stages(study, stage(), results)
    assert tuple(event.finding) == FOUND
    content = json.loads((results / "run.json").read_text(encoding="utf-8"))["stages"]["people"]["finding"]
    assert content[1]["words"] == {"n": {**vars(FOUND[1].words["n"])}, "year": "2024", "counted": 2, "all": 3}
    (again,) = run_stages(study, stage(), results)
    assert (again.skipped, tuple(again.finding)) == (True, FOUND)


def test_it_is_told_in_each_language_with_its_plural(study, tmp_path):
    results = tmp_path / "out"
    list(run_stages(study, stage(), results))
    said = {code: findings(results, code)["people"].replace(NBSP, " ") for code in ("en", "fr", "zh")}
    assert said == {
        "en": "1.25 million people live here. 1 person was displaced inside the country at the end of 2024, counted in 2 "
        "of 3 countries.",
        "fr": "1,25 million de personnes vivent ici. Fin 2024, 1 personne était déplacée à l’intérieur de son propre pays "
        "(pays ayant un chiffre : 2 sur 3).",
        "zh": "这里居住着125万人。2024年底，有1人在本国境内流离失所（3个国家中有2个有统计数字）。",
    }


def test_a_record_of_an_older_version_is_told_as_it_stands(study, tmp_path):
    results = tmp_path / "out"
    list(run_stages(study, stage(), results))
    record = read_run(results)
    record["stages"]["people"]["finding"] = OLD
    write_run(results, record)
    (event,) = run_stages(study, stage(), results)
    assert (event.skipped, event.finding) == (True, OLD)
    assert [told(event.finding, code) for code in ("en", "zh")] == [OLD, OLD]
    assert findings(results, "fr") == {"people": OLD}
    assert read_finding(stored(OLD)) == OLD


def test_a_reason_is_a_code_or_an_older_text():
    old = "the study has no [plan].budget, so nothing is planned"
    none = Saying("finding.measures.none", {"reason": reason("no_budget")})
    assert told([none], "zh") == "没有方案：研究没有设定预算（[plan].budget），因此未作规划；适宜面积已列出。"
    assert told([Saying("finding.measures.none", {"reason": reason(old)})]) == f"There is no plan: {old}."
    assert reason(f"{old}; suitable areas are given") == Saying("reason.no_budget")  # as plan.json had it before
