# SPDX-License-Identifier: Apache-2.0
"""The manual for the browser: built without a warning, with a page for each public name, asking nothing of the internet."""

from __future__ import annotations

import ast
import importlib
import inspect
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))
import build_reference  # noqa: E402

PACKAGE = ROOT / "src" / "homeground"


def listed(part: str) -> list[str]:
    """Names that a stub lists, read as text; parts of the package are no functions."""
    tree = ast.parse((PACKAGE / part / "__init__.pyi").read_text(encoding="utf-8"))
    found = [n for n in tree.body if isinstance(n, ast.ImportFrom) and n.module]
    return [alias.asname or alias.name for node in found for alias in node.names]


STUBS = sorted(path.parent.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("__init__.pyi"))
NAMES = [("" if part == "." else part, name) for part in STUBS for name in listed(part)]


@pytest.fixture(scope="module")
def manual(tmp_path_factory):
    for needed in ("sphinx", "myst_parser", "pydata_sphinx_theme"):
        pytest.importorskip(needed, reason="the manual needs the group docs: make setup")
    folder = tmp_path_factory.mktemp("manual")
    words = ["-q", "-W", "--keep-going", "-b", "html", "-d", str(folder / "trees")]
    done = subprocess.run(
        [sys.executable, "-m", "sphinx", *words, str(ROOT / "docs"), str(folder / "html")],
        capture_output=True,
        text=True,
        timeout=500,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return folder / "html"


def test_every_name_of_the_stubs_has_a_page_to_be_written():
    assert len(NAMES) > 120
    pages = build_reference.pages()
    assert {f"{part or 'package'}/{name}.rst" for part, name in NAMES} == {p for p in pages if p.endswith(".rst")}
    for part, name in NAMES:
        assert f"]({name}.rst)" in pages[f"{part or 'package'}/index.md"]


def test_what_is_public_no_more_loses_its_page(tmp_path):
    (tmp_path / "land").mkdir()
    (tmp_path / "land" / "gone.rst").touch()
    build_reference.write(tmp_path)
    assert not (tmp_path / "land" / "gone.rst").exists()
    kept = (tmp_path / "land" / "spi.rst").stat().st_mtime_ns
    build_reference.write(tmp_path)
    assert (tmp_path / "land" / "spi.rst").stat().st_mtime_ns == kept


def test_formulas_of_docstrings_are_no_markup():
    lines = ["|S| of `a|b` and x_, y_k", "Examples", "--------", ">>> a | b"]
    build_reference.escaped(lines)
    assert lines == [r"\|S\| of `a|b` and x\_, y_k", "Examples", "--------", ">>> a | b"]


@pytest.mark.slow
def test_every_public_function_has_a_page_with_what_it_takes_and_gives(manual):
    for part, name in NAMES:
        text = (manual / "reference" / (part or "package") / f"{name}.html").read_text(encoding="utf-8")
        module = f"homeground.{part}" if part else "homeground"
        assert f'id="{module}.{name}"' in text, name
        value = getattr(importlib.import_module(module), name)
        if inspect.isfunction(value):
            said = inspect.getdoc(value) or ""
            for section, head in (("Parameters\n---", "Parameters"), ("Returns\n---", "Returns"), (">>> ", "Examples")):
                assert (section in said) == (f">{head}<" in text), (name, head)


@pytest.mark.slow
def test_every_page_of_docs_is_in_the_manual(manual):
    for path in (ROOT / "docs").rglob("*.md"):
        within = path.relative_to(ROOT / "docs")
        if within.parts[0] != "_build":
            assert (manual / within.with_suffix(".html")).is_file(), within


@pytest.mark.slow
def test_a_page_asks_nothing_of_the_internet(manual):
    asks = re.compile(r"<(?:script|img|iframe|source)\b[^>]*\bsrc=\"(?:https?:)?//|<link\b[^>]*\bhref=\"(?:https?:)?//")
    pages = list(manual.rglob("*.html"))
    assert len(pages) > 150
    assert [p.name for p in pages if asks.search(p.read_text(encoding="utf-8"))] == []
    for style in manual.rglob("*.css"):
        assert not re.search(
            r"url\([\"']?(?:https?:)?//|@import [\"'](?:https?:)?//", style.read_text(encoding="utf-8")
        ), style
