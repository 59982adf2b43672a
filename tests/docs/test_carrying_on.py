# SPDX-License-Identifier: Apache-2.0
"""What whoever carries on relies on: decisions in order, one version, hooks that fetch nothing, steps that exist."""

from __future__ import annotations

import re
import tomllib
from datetime import date
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("0*.md"))
PARTS = ("Context", "Decision", "Why", "What would change it")


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.stem)
def test_a_decision_is_short_and_dated_and_says_what_would_change_it(path):
    lines = path.read_text("utf-8").splitlines()
    number = int(path.name[:4])
    assert re.match(rf"# {number}\. \S", lines[0])
    dates = [date.fromisoformat(found) for found in re.findall(r"\d{4}-\d\d-\d\d", lines[2])]
    assert dates
    assert tuple(re.findall(r"^\*\*([A-Z][a-z ]+)\.\*\*", "\n".join(lines), re.MULTILINE)) == PARTS
    assert 10 <= len(lines) <= 25


def test_decisions_are_numbered_without_gaps_and_all_in_the_index():
    assert [int(path.name[:4]) for path in DECISIONS] == list(range(1, len(DECISIONS) + 1))
    rows = re.findall(
        r"^\| \[(.+?)\]\((.+?)\) \| (\S+) \|$", (ROOT / "docs/decisions/index.md").read_text("utf-8"), re.M
    )
    said = [path.read_text("utf-8").splitlines() for path in DECISIONS]
    assert rows == [
        (lines[0].removeprefix("# "), path.name, lines[2][:10]) for path, lines in zip(DECISIONS, said, strict=True)
    ]


def test_a_decision_names_modules_and_files_that_exist():
    for path in DECISIONS:
        for name in re.findall(r"`([a-z_]+/[a-z_/]+(?:\.\w+)*)`", path.read_text("utf-8")):
            inside = ROOT / "src" / "homeground" / name  # a file, a folder, a module, or a name in a module
            found = [ROOT / name, inside, inside.with_suffix(".py")]
            assert name == "running/tables" or any(one.exists() for one in found), (path.name, name)


def test_one_version_everywhere():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    assert cited["version"] == project["version"]
    assert cited["license"] == project["license"]
    released = re.findall(rf"^## {re.escape(project['version'])}\b.*?(\d{{4}}-\d\d-\d\d)", _changelog(), re.MULTILINE)
    assert [str(cited["date-released"])] == released if "date-released" in cited else not released


def _changelog() -> str:
    return (ROOT / "CHANGELOG.md").read_text("utf-8")


def test_hooks_run_the_tools_of_make_lint_and_fetch_nothing():
    repos = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text("utf-8"))["repos"]
    assert [repo["repo"] for repo in repos] == ["local"]
    hooks = repos[0]["hooks"]
    assert {hook["language"] for hook in hooks} == {"system"}
    lint = (
        (ROOT / "Makefile")
        .read_text("utf-8")
        .partition("\nlint:")[2]
        .partition("\n\n")[0]
        .replace("$(BIN)", ".venv/bin")
    )
    for hook in hooks:
        command = hook["entry"].removesuffix(" --fix")
        assert f"@{command}" in lint, hook["id"]


def test_the_steps_of_a_release_exist():
    text = (ROOT / "docs" / "releasing.md").read_text("utf-8")
    targets = {word for line in re.findall(r"`make ([a-z ]+)`", text) for word in line.split()}
    assert targets == {"lint", "types", "docs", "test", "bench", "wheel"}
    made = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    assert targets <= made
    for tool in re.findall(r"tools/\w+\.py", text):
        assert (ROOT / tool).is_file(), tool
