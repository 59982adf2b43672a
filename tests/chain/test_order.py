# SPDX-License-Identifier: Apache-2.0
"""Stages only declare: whatever they name is there, belongs to their part, and is imported when it is called."""

from __future__ import annotations

import ast
import subprocess
import sys
from functools import partial
from importlib import import_module
from pathlib import Path

import pytest

import homeground
from homeground.chain.order import stages
from homeground.running import fingerprints

PACKAGE = Path(homeground.__file__).parent
HEAVY = (
    *(
        "numpy",
        "pandas",
        "xarray",
        "geopandas",
        "rasterio",
        "scipy",
        "pyarrow",
        "shapely",
        "pyproj",
        "zarr",
        "openpyxl",
    ),
    *("numba", "dask", "highspy", "typst", "matplotlib"),
)
FILES = sorted(
    path for path in PACKAGE.rglob("*.py") if path.name == "stage.py" or path.parts[-2:] == ("stage", "__init__.py")
)


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__")


def named(path: Path) -> list[str]:
    """What a module names for `later`."""
    calls = [node for node in ast.walk(ast.parse(path.read_bytes())) if isinstance(node, ast.Call)]
    return [c.args[0].value for c in calls if isinstance(c.func, ast.Name) and c.func.id == "later"]


def test_every_part_of_the_chain_has_its_stage_file():
    assert len(FILES) == 7
    assert len(stages()) == len(FILES) + 1  # and the table that joins them


@pytest.mark.parametrize("stage", stages(), ids=lambda stage: stage.name)
def test_steps_and_sentences_are_named_and_the_names_are_there(stage):
    functions = [*(step.run for step in stage.steps), stage.finding]
    assert all(isinstance(function, partial) for function in functions)
    names = [function.args[0] for function in functions]
    assert len(set(names)) == len(names)
    for name in names:
        module, _, function = name.partition(":")
        assert module.startswith(f"homeground.{stage.name}."), f"{name} is another part's"
        assert callable(getattr(import_module(module), function))


def test_every_name_for_later_stands_in_a_stage_and_leads_somewhere():
    found = {path: names for path in PACKAGE.rglob("*.py") if (names := named(path))}
    assert set(found) <= {*FILES, PACKAGE / "chain" / "order.py"}
    assert sum(map(len, found.values())) == sum(len(stage.steps) + 1 for stage in stages())


@pytest.mark.parametrize("path", FILES, ids=module_of)
def test_the_fingerprint_reaches_each_step_from_the_stage(path):
    reached = fingerprints._imports(path)
    for name in named(path):
        place = PACKAGE.parent.joinpath(*name.partition(":")[0].split("."))
        assert place.with_suffix(".py") in reached, name


@pytest.mark.parametrize("module", [*map(module_of, FILES), "homeground.chain.order", "homeground.chain.status"])
def test_a_stage_loads_no_heavy_library(module):
    code = f"import sys, {module}; print(*sorted({set(HEAVY)!r} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == []


def test_the_brief_is_written_again_after_any_step_before_it():
    steps = {f"{stage.name}.{step.name}": step for stage in stages() for step in stage.steps}

    def before(key):
        return set(steps[key].needs).union(*(before(need) for need in steps[key].needs))

    earlier = {key for key in steps if not key.startswith("brief.")}
    registry = "brief.registry"  # what projects told, from which the others are written
    for key in set(steps) - earlier - {registry}:  # all of them tell what earlier steps warned of, or could
        assert before(key) == {*earlier, registry}, key
