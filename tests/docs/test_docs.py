# SPDX-License-Identifier: Apache-2.0
"""The pages say what is so: made tables are current, links lead somewhere, each command and each named test exists."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))
import build_docs  # noqa: E402

from homeground.chain import order  # noqa: E402
from homeground.chain import results as reading  # noqa: E402
from homeground.chain.folders import results_folder  # noqa: E402
from homeground.cli.app import app  # noqa: E402
from homeground.study.model import Study  # noqa: E402
from homeground.study.opening import open_study, shipped_studies  # noqa: E402

MADE = ("_build", "reference")  # of docs: the manual for the browser
WRITTEN = sorted(p for p in (ROOT / "docs").rglob("*.md") if p.relative_to(ROOT / "docs").parts[0] not in MADE)
PAGES = [*WRITTEN, ROOT / "README.md", ROOT / "CONTRIBUTING.md"]
FENCE = re.compile(r"^```[a-z{}]*\n(.*?)^```", re.DOTALL | re.MULTILINE)
STAGE_PAGES = (*order.REGION_STAGES, "brief")


def commands() -> list[str]:
    lines = (line for page in PAGES for block in FENCE.findall(page.read_text("utf-8")) for line in block.splitlines())
    return sorted({line.partition("#")[0].strip() for line in lines if line.startswith("homeground ")})


@pytest.fixture
def here(tmp_path, monkeypatch):
    """An empty folder with the studies that the pages make."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_made_tables_are_current():
    for path in PAGES:
        assert build_docs.page(path) == path.read_text("utf-8"), f"{path.name}: run python tools/build_docs.py"


def test_an_old_table_is_told(tmp_path, monkeypatch, capsys):
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "risk.md").write_text("<!-- made: columns-risk -->\nold\n<!-- end -->\n")
    monkeypatch.setattr(build_docs, "DOCS", docs)
    monkeypatch.setattr(build_docs, "ROOT", tmp_path)
    monkeypatch.setattr(sys, "argv", ["build_docs.py", "--check"])
    assert build_docs.main() == 1
    assert "risk.md is old" in capsys.readouterr().out


def test_the_study_page_has_every_key_of_the_model():
    text = (ROOT / "docs" / "study.md").read_text("utf-8")

    def keys(schema: dict, prefix: str = "") -> set[str]:
        found = set()
        for name, field in schema.get("properties", {}).items():
            inner = [field, *field.get("anyOf", []), *field.get("allOf", [])]
            named = [part["$ref"].rpartition("/")[2] for part in inner if "$ref" in part]
            if named in (["LayerFile"], ["PolygonFile"], ["RegionFile"]):  # their keys stand in one table for all
                found.add(prefix + name)
                continue
            found |= keys(definitions[named[0]], f"{prefix}{name}.") if named else {prefix + name}
        return found

    whole = Study.model_json_schema()
    definitions = whole["$defs"]
    expected = keys(whole)
    assert {"plan.budget.amount", "data.rain", "title"} <= expected
    # Of a list of sections its keys are listed.
    assert not {key for key in expected if f"| `{key}` |" not in text and f"| `{key}." not in text}
    assert not {key for key in definitions["LayerFile"]["properties"] if f"| `{key}` |" not in text}


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(path):
    for target in re.findall(r"\]\(([^)#]+)", path.read_text("utf-8")):
        if "://" not in target:
            assert (path.parent / target).is_file(), target


@pytest.mark.parametrize("stage", STAGE_PAGES)
def test_a_stage_page_says_what_it_asks_reads_and_cannot_say(stage):
    text = (ROOT / "docs" / f"{stage}.md").read_text("utf-8")
    for part in ("**Asks:**", "**Reads:**", "## Columns", "## What it cannot say", "**Expert defaults:**"):
        assert part in text


def test_every_named_comparison_exists():
    named = set(re.findall(r"`(test_\w+\.py)`", (ROOT / "docs" / "validation.md").read_text("utf-8")))
    assert len(named) > 10
    assert named <= {path.name for path in (ROOT / "tests" / "parity").glob("test_*.py")}


def test_no_page_promises_to_prevent_movement():
    for path in PAGES:
        assert not re.search(
            r"prevent\w* (migra|mobil|mov)|migrants? prevented", path.read_text("utf-8"), re.IGNORECASE
        )


def options_are_known(words: list[str], place: int) -> None:
    """Whether a command of so many words has the options that follow it."""
    shown = CliRunner().invoke(app, [*words[:place], "--help"])
    assert shown.exit_code == 0, shown.output
    assert [word for word in words if word.startswith("--") and word not in shown.output] == []


@pytest.mark.parametrize("line", commands())
def test_a_printed_command_is_understood(line, here):
    """Words and options are those of the command; cheap commands run, runs and tables of results only open their study."""
    words = shlex.split(line)[1:]
    if words == ["--version"]:
        assert CliRunner().invoke(app, words).output.startswith("homeground ")
        return
    if words[0] == "new" or "my-study" in words:
        made = CliRunner().invoke(app, ["new", "great-green-wall", "my-study"])
        assert made.exit_code == 0, made.output
    if "own-land" in words:
        made = CliRunner().invoke(app, ["new", "--example", "own-land", "own-land"])
        assert made.exit_code == 0, made.output
    if words[0] == "template" and "--to" not in words:
        words += ["--to", "table.csv"]
    if words[0] in ("accelerator", "finance"):  # their files are the reader's own
        options_are_known(words, 3 if words[1] == "survey" else 2)
        return
    apart = words[:2] in (["data", "plots"], ["data", "check"]) or (
        words[:2] == ["data", "fetch"] and "--dry-run" not in words
    )
    if (
        words[0] in ("new", "validate", "schema", "data", "template") and not apart
    ):  # plots need results, a fetch a network
        if words[0] != "new":
            done = CliRunner().invoke(app, words)
            assert done.exit_code == 0, (done.output, done.exception)
        return
    place = 2 if words[0] == "data" else 1
    options_are_known(words, place)
    if words[:2] == ["data", "check"]:  # its file is one that another command writes
        return
    if "--all" in words:
        assert set(shipped_studies()) >= {"great-green-wall", "central-asia", "western-balkans"}
        return
    scenario = words[words.index("--scenario") + 1] if "--scenario" in words else None
    study = open_study(words[place], scenario)
    if words[0] == "show" and len(words) > 2 and words[2] != "plan":
        assert reading.stage_columns(words[2])
    assert results_folder(study).parts[:2] == ("results", study.id)
    assert study.id == words[place]


def test_the_python_of_the_pages_runs(here):
    (here / "gambia").mkdir()
    (here / "gambia" / "study.toml").write_text('title = "Small"\ncountries = ["GMB"]\n', encoding="utf-8")
    blocks = [
        block for page in PAGES for block in re.findall(r"^```python\n(.*?)^```", page.read_text("utf-8"), re.S | re.M)
    ]
    assert len(blocks) > 1
    for block in blocks:
        lines = block.replace("great-green-wall", "gambia")
        done = subprocess.run([sys.executable, "-c", lines], capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, done.stderr


def test_commands_of_the_pages_run_on_one_country(here):
    (here / "gambia").mkdir()
    (here / "gambia" / "study.toml").write_text('title = "Small"\ncountries = ["GMB"]\n', encoding="utf-8")

    def homeground(*words: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "homeground.cli.app", *words], capture_output=True, text=True, timeout=300
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    homeground("run", "gambia")
    for stage in (*order.REGION_STAGES, "plan"):
        assert homeground("show", "gambia", stage, "--why").strip()
    assert homeground("status", "gambia").startswith("land ")
    assert "brief-fr.pdf" in homeground("brief", "gambia", "--language", "fr", "--to", "briefs")
    text = (ROOT / "docs" / "getting-started.md").read_text("utf-8")
    files = re.findall(r"^\| (`[^|]+) \|", text, re.MULTILINE)
    for name in (name for cell in files for name in re.findall(r"`([^`]+)`", cell)):
        assert (here / "results" / "gambia" / "base" / name).exists(), name
