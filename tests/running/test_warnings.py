# SPDX-License-Identifier: Apache-2.0
"""What a run warned of, in the order in which it should be read."""

import re
from pathlib import Path

import homeground
from homeground.language.catalogues import catalogue
from homeground.language.messages import Saying
from homeground.running.record import write_run
from homeground.running.warnings import CONCERNS, ranks, run_warnings

SOURCE = Path(homeground.__file__).parent
# Parts of other warnings, and the four that a word of its own is put into.
PARTS = re.compile(r"warning\.(share\.|period\.|area_apart\.|floor$|risk_known$|risk_unknown_part)")


def record(folder, steps):
    folder.mkdir(parents=True, exist_ok=True)
    written = {step: {"outputs": {}, "inputs": {}, "warnings": said} for step, said in steps.items()}
    write_run(folder, {"schema_version": 3, "steps": written, "stages": {}})
    return folder


def test_every_warning_has_a_rank_and_a_reason():
    messages = {key for key in catalogue("en") if key.startswith("warning.") and not PARTS.match(key)}
    assert set(ranks()) == messages
    rows = (SOURCE / "running" / "warnings.csv").read_text(encoding="utf-8").splitlines()[1:]
    assert len(rows) == len(messages)
    assert all(row.split(",")[2] in CONCERNS and row.split(",")[3] for row in rows)


def test_what_can_turn_an_answer_comes_first_and_each_is_told_once(tmp_path):
    said = {name: Saying(f"warning.{name}").plain() for name in ("gap", "plan_by_gap", "illustrative", "no_verdict")}
    results = record(
        tmp_path / "out",
        {
            "land.regions": [said["gap"], said["no_verdict"], said["gap"]],
            "measures.plan": [said["illustrative"], said["plan_by_gap"], "a text of an older version"],
        },
    )
    found = [w if isinstance(w, str) else w.message.removeprefix("warning.") for w in run_warnings(results)]
    assert found == ["no_verdict", "plan_by_gap", "illustrative", "a text of an older version", "gap"]


def test_stages_that_are_named_tell_theirs_alone(tmp_path):
    said = [Saying("warning.gap").plain()], [Saying("warning.illustrative").plain()]
    results = record(tmp_path / "out", {"land.regions": said[0], "measures.plan": said[1]})
    assert [w.message for w in run_warnings(results, ["measures"])] == ["warning.illustrative"]
