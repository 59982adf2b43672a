# SPDX-License-Identifier: Apache-2.0
"""Imports are found in the text of a module; here they are held against what Python's own parser finds."""

import ast

import pytest

from homeground.running import fingerprints
from homeground.running.fingerprints import PACKAGE

MODULES = sorted(PACKAGE.rglob("*.py"))


def parsed(path):
    names = set()
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.startswith("homeground."):
            names.add(node.value.partition(":")[0])
    places = [PACKAGE.joinpath(*name.split(".")[1:]) for name in names if name.startswith("homeground.")]
    return {f for place in places for f in (place.with_suffix(".py"), place / "__init__.py") if f.is_file()}


def test_every_import_of_the_package_is_found():
    assert len(MODULES) > 100
    found = {path: set(fingerprints._imports(path)) for path in MODULES}
    assert {path: parsed(path) - files for path, files in found.items() if parsed(path) - files} == {}


def test_hardly_anything_else_is():
    # A text may name a module without loading it: that makes a step run once more, never once too few.
    more = {path: fingerprints._imports(path) - parsed(path) for path in MODULES}
    assert sum(map(len, more.values())) <= len(MODULES) // 50


@pytest.mark.parametrize(
    "line",
    [
        "from homeground.errors import DataError",
        "from homeground import errors",
        "    from homeground import errors as wrong  # noqa: PLC0415",
        "import homeground.errors",
        "import json, homeground.errors as wrong",
        "from homeground import (\n    catalogue,  # a comment (of it)\n    errors,\n)",
        "later('homeground.errors:DataError')",
    ],
)
def test_ways_to_import(tmp_path, line):
    (tmp_path / "one.py").write_text(f"{line}\n", encoding="utf-8")
    assert PACKAGE / "errors.py" in fingerprints._imports(tmp_path / "one.py")
