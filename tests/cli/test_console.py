# SPDX-License-Identifier: Apache-2.0
"""Consoles and pipes of one code page, as on Windows: no command ends because of a sign, and JSON loses nothing."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from homeground.cli.console import plain

CODE_PAGES = ("cp1252", "cp850", "cp936", "ascii")
COMMANDS = (
    ("show", "gambia", "land", "--why"),
    ("show", "gambia", "people", "--by", "region"),
    ("show", "gambia", "warnings"),
    ("status", "gambia"),
    ("run", "gambia", "--only", "land", "--only", "people"),
)


def homeground(folder, *words: str, encoding: str = "utf-8") -> subprocess.CompletedProcess[bytes]:
    env = {**os.environ, "PYTHONUTF8": "0", "PYTHONIOENCODING": encoding}
    line = [sys.executable, "-m", "homeground.cli.app", *words]
    return subprocess.run(line, cwd=folder, env=env, capture_output=True, timeout=300, check=False)


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    folder = tmp_path_factory.mktemp("console")
    (folder / "gambia").mkdir()
    (folder / "gambia" / "study.toml").write_text('title = "Small"\ncountries = ["GMB"]\n', encoding="utf-8")
    done = homeground(folder, "run", "gambia", "--only", "land", "--only", "people")
    assert done.returncode == 0, done.stderr
    return folder


@pytest.mark.parametrize("language", ["en", "fr", "zh"])
@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_no_command_ends_because_of_a_sign(ran, words, language):
    done = homeground(ran, *words, "--language", language, encoding="cp1252")
    assert done.returncode == 0, done.stderr
    said = done.stdout.decode("cp1252")
    assert said.strip()
    assert b"Traceback" not in done.stderr
    if language != "zh":  # all that cannot be written has a likeness
        assert "?" not in said
        assert done.stderr == b""


@pytest.mark.parametrize("words", [("--help",), ("run", "--help"), ("data", "list"), ("schema",)], ids=" ".join)
@pytest.mark.parametrize("encoding", CODE_PAGES)
def test_light_commands_speak_in_every_code_page(ran, words, encoding):
    done = homeground(ran, *words, encoding=encoding)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()


def test_numbers_stay_readable(ran):
    words = ("show", "gambia", "land", "--language", "fr")
    whole = homeground(ran, *words).stdout.decode("utf-8")
    narrow = homeground(ran, *words, encoding="cp1252").stdout.decode("cp1252")
    assert "\u202f" in whole
    likeness = str.maketrans({"\u202f": "\u00a0", "\u2082": "2", "\u2212": "-"})
    assert narrow.splitlines() == whole.translate(likeness).splitlines()


def test_what_is_lost_is_told_once_with_what_to_do(ran):
    done = homeground(ran, "show", "gambia", "land", "--language", "zh", encoding="cp1252")
    (line,) = done.stderr.decode("ascii").splitlines()
    assert line.startswith('some signs cannot be written in cp1252 and stand as "?".')
    assert "PYTHONUTF8" in line


@pytest.mark.parametrize("words", [("show", "gambia", "warnings"), ("status", "gambia"), ("show", "gambia", "land")])
def test_json_loses_nothing(ran, words):
    line = (*words, "--json", "--language", "zh")
    narrow = homeground(ran, *line, encoding="cp1252")
    assert narrow.stderr == b""
    assert json.loads(narrow.stdout.decode("cp1252")) == json.loads(homeground(ran, *line).stdout.decode("utf-8"))


def test_an_error_names_a_folder_in_any_script(ran):
    done = homeground(ran, "run", "研究", encoding="cp1252")
    assert done.returncode == 2
    assert done.stderr.decode("cp1252").startswith("StudyError: no study ")


@pytest.mark.parametrize(
    ("sign", "encoding", "said"),
    [
        ("\u202f", "cp1252", "\u00a0"),
        ("\u202f", "ascii", " "),
        ("−", "cp1252", "-"),
        ("₂", "cp1252", "2"),
        ("≥", "cp1252", ">="),
        ("ş", "cp1252", "s"),
        ("²", "ascii", "2"),
        ("地", "cp936", "地"),
        ("地", "cp1252", "?"),
    ],
)
def test_a_sign_is_said_as_plainly_as_it_can_be(sign, encoding, said):
    assert plain(sign, encoding) == said
