# SPDX-License-Identifier: Apache-2.0
"""Whether every public function says what it takes, what it gives, and shows it: `python tools/check_docstrings.py`.

Public is a function without a leading underscore in a module without one. Each parameter stands in "Parameters" with its
type (and shape and unit, where it has them); what is returned stands in "Returns"; an example that the tests run shows
numbers. Left out are the rooms that compose outputs or walk over files: they are reached by commands and tested whole.
"""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "homeground"
# Rooms without public functions of their own: commands, compositions, and steps.
COMPOSE = (
    "cli",
    "web",
    "brief",
    "accelerator",
    "land/stage",
    "land/assessment",
    "land/noise",
    "land/reference",
    "land/against",
    "catalogue/layers",
    "catalogue/live",
    "catalogue/trends_earth",
    "people/steps",
    "finance/steps",
    "measures/steps",
)
STEPS = {"stage.py", "steps.py", "finding.py"}
# Functions that need a folder of results, a store or a running process: documented, shown by tests instead of an example.
NO_EXAMPLE = ("running", "chain", "catalogue/grids/tile_store.py", "catalogue/grids/geotiff_maps.py")


def problems_of(path: Path) -> list[str]:
    """What the public functions of one module leave unsaid."""
    name = path.relative_to(PACKAGE).as_posix()
    found = []
    for node in ast.parse(path.read_bytes()).body:
        if not isinstance(node, ast.FunctionDef) or node.name.startswith("_"):
            continue
        said = ast.get_docstring(node) or ""
        where = f"{name}: {node.name}"
        if not said:
            found.append(f"{where} has no docstring")
            continue
        given = [a.arg for a in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)]
        section = re.search(r"^Parameters\n-+\n(.*?)(?=^\w[^\n]*\n-+\n|\Z)", said, re.M | re.S)
        told = re.findall(r"^([\w*, ]+) : \S", section[1], re.M) if section else []
        listed = {one.strip("* ") for line in told for one in line.split(",")}
        found += [f"{where} does not say what {one} is" for one in given if one not in listed]
        nothing = isinstance(node.returns, ast.Constant) and node.returns.value is None
        if not nothing and not re.search(r"^(Returns|Yields)\n-+\n", said, re.M):
            found.append(f"{where} does not say what it returns")
        if ">>> " not in said and not name.startswith(NO_EXAMPLE):
            found.append(f"{where} has no example")
    return found


def modules(rooms: list[str]) -> list[Path]:
    """Public modules of the package, or of some of its rooms."""
    chosen = []
    for path in sorted(PACKAGE.rglob("*.py")):
        name = path.relative_to(PACKAGE).as_posix()
        if name.startswith(COMPOSE) or path.name in STEPS or path.stem.startswith("_"):
            continue
        if not rooms or name.startswith(tuple(rooms)):
            chosen.append(path)
    return chosen


def main() -> int:
    """Print all problems; 1 when there are any. Rooms such as `land/cover` narrow the look."""
    found = [problem for path in modules(sys.argv[1:]) for problem in problems_of(path)]
    print("\n".join(found) or "docstrings hold")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
