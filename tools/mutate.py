# SPDX-License-Identifier: Apache-2.0
"""Changes one thing of a file at a time and runs its tests: a change that no test notices is printed as alive.

`python tools/mutate.py FILE TESTS...` turns a comparison, moves a constant by one, swaps an operator, `and` for `or`, min
for max, or drops a `not`: each in a copy of the package, in a process of its own, with the tests of this checkout. A mutant is
dead when its tests fail or take longer than the limit. Those that `tools/mutants_equal.csv` lists with a reason are not
run: no result can tell them from the file. They are found by the text of their line, so that lines may move. Ends with 1 when
one lives that is not listed, or a listed one is not there. Needs a system that branches processes (Linux, macOS).
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import copy
import csv
import gc
import importlib
import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ROOT / "src"
EQUAL = ROOT / "tools" / "mutants_equal.csv"
# Loaded once, before each mutant gets a process of its own that branches off: homeground itself is never among them.
WARM = (
    "pytest",
    "hypothesis.extra.numpy",
    "numpy",
    "pandas",
    "scipy.optimize",
    "scipy.sparse",
    "geopandas",
    "highspy",
)

TURNED: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.In: (ast.NotIn,),  # codespell:ignore
    ast.NotIn: (ast.In,),  # codespell:ignore
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
}
SWAPPED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.Pow: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}
OTHER_END = {
    one: other
    for pair in (
        ("min", "max"),
        ("minimum", "maximum"),
        ("argmin", "argmax"),
        ("floor", "ceil"),
        ("any", "all"),
        ("nlargest", "nsmallest"),
    )
    for one, other in (pair, pair[::-1])
}


@dataclass(frozen=True)
class Mutant:
    """One change: where, what, and the whole text with it."""

    line: int
    what: str
    text: str


def mutants(source: str) -> Iterator[Mutant]:
    """Every change of a module, in the order of its lines; annotations and imports are left alone."""
    tree = ast.parse(source)
    count = sum(1 for _ in _changes(tree))
    found = []
    for number in range(count):
        changed = copy.deepcopy(tree)
        for place, (line, what, apply) in enumerate(_changes(changed)):
            if place == number:
                apply()
                found.append(Mutant(line, what, ast.unparse(ast.fix_missing_locations(changed))))
                break
    seen: dict[tuple[int, str], int] = {}
    for mutant in sorted(found, key=lambda one: one.line):
        seen[mutant.line, mutant.what] = again = seen.get((mutant.line, mutant.what), 0) + 1
        yield mutant if again == 1 else Mutant(mutant.line, f"{mutant.what} ({again})", mutant.text)


def _changes(tree: ast.AST) -> Iterator[tuple[int, str, Callable[[], object]]]:
    """Each change as its line, what it is, and a function that makes it."""
    for node in _code(tree):
        for what, apply in _of(node):
            yield getattr(node, "lineno", 0), what, apply


def _of(node: ast.AST) -> Iterator[tuple[str, Callable[[], object]]]:
    if isinstance(node, ast.Compare):
        for at, operator in enumerate(node.ops):
            for turned in TURNED[type(operator)]:
                yield f"{_sign(operator)} to {_sign(turned())}", partial(_put, node.ops, at, turned())
    elif isinstance(node, ast.BinOp | ast.AugAssign) and type(node.op) in SWAPPED:
        swapped = SWAPPED[type(node.op)]
        yield f"{_sign(node.op)} to {_sign(swapped())}", partial(setattr, node, "op", swapped())
    elif isinstance(node, ast.BoolOp):
        other: ast.boolop = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        yield "and to or" if isinstance(other, ast.Or) else "or to and", partial(setattr, node, "op", other)
    elif isinstance(node, ast.UnaryOp):
        what = f"{ast.unparse(node)[:40]} without {_sign(node.op)}"
        yield what, partial(setattr, node, "operand", ast.UnaryOp(node.op, node.operand))
    elif isinstance(node, ast.Constant) and type(node.value) in (int, float):
        for value in (node.value + 1, node.value - 1):  # type: ignore[operator]
            yield f"{node.value!r} to {value!r}", partial(setattr, node, "value", value)
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in OTHER_END:
        other_end = OTHER_END[node.func.id]
        yield f"{node.func.id} to {other_end}", partial(setattr, node.func, "id", other_end)
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in OTHER_END:
        other_end = OTHER_END[node.func.attr]
        yield f"{node.func.attr} to {other_end}", partial(setattr, node.func, "attr", other_end)


def _put(items: list[ast.cmpop], at: int, item: ast.cmpop) -> None:
    items[at] = item


def _sign(operator: ast.AST) -> str:
    if isinstance(operator, ast.cmpop):
        return ast.unparse(ast.Compare(ast.Name("a"), [operator], [ast.Name("b")]))[2:-2]
    if isinstance(operator, ast.unaryop):
        return ast.unparse(ast.UnaryOp(operator, ast.Name("a")))[:-1].strip()
    return ast.unparse(ast.BinOp(ast.Name("a"), operator, ast.Name("b")))[2:-2]  # type: ignore[arg-type]


def _code(node: ast.AST) -> Iterator[ast.AST]:
    """All nodes but those of annotations, docstrings, imports and blocks that only a type checker reads."""
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "type_params"):
            continue
        for child in value if isinstance(value, list) else [value]:
            if not isinstance(child, ast.AST) or isinstance(child, ast.Import | ast.ImportFrom):
                continue
            if isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING":
                continue
            yield child
            yield from _code(child)


def equal_ones(file: str) -> set[tuple[str, str]]:
    """Code and mutation of those that no result can tell from the file; lines move, so they are only told."""
    with EQUAL.open(encoding="utf-8", newline="") as rows:
        return {(row["code"], row["mutation"]) for row in csv.DictReader(rows) if row["file"] == file}


@dataclass
class Place:
    """A copy of the package in which one mutant at a time is tried, and the process that tries it."""

    sources: Path
    mutant: Mutant | None = None
    child: int = 0
    until: float = 0.0

    def begin(self, mutant: Mutant, file: Path, tests: list[str], limit: float) -> None:
        target = self.sources / file.relative_to(SOURCES)
        target.unlink()
        target.write_text(mutant.text, encoding="utf-8")
        self.mutant, self.until = mutant, time.monotonic() + limit
        self.child = os.fork()
        if not self.child:
            code = 1
            try:
                code = _tested(self.sources, tests)
            finally:
                os._exit(code)

    def ended(self) -> bool | None:
        """Whether all tests passed; None while they run. Whoever takes too long is stopped."""
        done, status = os.waitpid(self.child, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status) == 0
        if time.monotonic() < self.until:
            return None
        os.kill(self.child, signal.SIGKILL)
        os.waitpid(self.child, 0)
        return False


def _tested(sources: Path, tests: list[str]) -> int:
    """Run the tests in this process, which is one of its own; 0 where all pass."""
    silent = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silent, 1), os.dup2(silent, 2)
    sys.dont_write_bytecode = True
    sys.path.insert(0, str(sources))
    # CI: hypothesis takes the same examples each time.
    os.environ |= {"PYTHONPATH": str(sources), "PYTHONDONTWRITEBYTECODE": "1", "CI": "1"}
    import pytest

    # Plain asserts and no doctests of the tests: most of the time goes into gathering them.
    plain = ["-o", "addopts=--import-mode=importlib", "--assert=plain"]
    return int(pytest.main(["-x", "-q", *plain, "-p", "no:cacheprovider", *tests]))


def lives(run: list[Mutant], file: Path, tests: list[str], limit: float, jobs: int) -> Iterator[Mutant]:
    """The mutants with which all tests pass, as they are found."""
    with tempfile.TemporaryDirectory() as folder:
        places = [Place(Path(folder) / str(number) / "src") for number in range(jobs)]
        for place in places:
            shutil.copytree(SOURCES, place.sources, ignore=shutil.ignore_patterns("__pycache__"))
        waiting, free, busy = list(run[::-1]), list(places), list[Place]()
        while waiting or busy:
            while waiting and free:
                place = free.pop()
                place.begin(waiting.pop(), file, tests, limit)
                busy.append(place)
            time.sleep(0.05)
            for place in list(busy):
                if (passed := place.ended()) is not None:
                    busy.remove(place)
                    free.append(place)
                    if passed and place.mutant is not None:
                        yield place.mutant


def main() -> int:
    """Print what lives; 1 if something does that is not listed as equal."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("tests", nargs="+")
    parser.add_argument(
        "--limit", type=float, help="seconds for one mutant; left out: 10 times those of the file as it is"
    )
    parser.add_argument("--lines", default="", help="only mutants of these lines, such as 20-45")
    parser.add_argument("--jobs", type=int, default=1)
    asked = parser.parse_args()
    file = asked.file.resolve()
    name = file.relative_to(ROOT).as_posix()
    source = file.read_text(encoding="utf-8")
    lines = source.splitlines()

    def key(mutant: Mutant) -> tuple[str, str]:
        return lines[mutant.line - 1].strip(), mutant.what

    first, _, last = asked.lines.partition("-")
    chosen = [m for m in mutants(source) if not first or int(first) <= m.line <= int(last or first)]
    equal = equal_ones(name)
    unmatched = sorted(equal - {key(m) for m in mutants(source)})
    run = [m for m in chosen if key(m) not in equal]
    for name_of_module in WARM:
        with contextlib.suppress(ImportError):
            importlib.import_module(name_of_module)
    gc.freeze()  # what is loaded stays: no process need look through it
    began = time.monotonic()
    if not list(lives([Mutant(0, "nothing", source)], file, asked.tests, asked.limit or 3600, 1)):
        print("The tests fail without any change, or take longer than the limit.")
        return 2
    limit = asked.limit or 10 * (time.monotonic() - began)
    alive = 0
    for mutant in lives(run, file, asked.tests, limit, asked.jobs):
        alive += 1
        print(f"alive  {name}:{mutant.line}  {mutant.what}    {key(mutant)[0]}", flush=True)
    for code, what in unmatched:
        print(f"listed as equal but not there  {name}  {what}    {code}")
    print(f"{name}: {len(run)} run, {alive} alive, {len(chosen) - len(run)} equal by the list")
    return 1 if alive or unmatched else 0


if __name__ == "__main__":
    sys.exit(main())
