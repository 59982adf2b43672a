# SPDX-License-Identifier: Apache-2.0
"""House rules that no linter knows: circles of imports, crowded folders, file length, licence lines, names, paths."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "homeground"
LONGEST = 400  # lines of a module; 300 is a sign to split
LONGEST_TEST = 600
MOST_FILES = 14  # Python files in one folder of the package
FORBIDDEN_NAMES = {"utils", "helpers", "common", "core", "base", "manager"}
# Assembled, so that this file does not contain what it forbids.
MACHINE_PATH = re.compile(r"(?<![\w.])/(?:wo" + r"rk|ho" + r"me|ro" + r"ot)/\w")
LARGEST_BYTES = 5_000_000


def tracked() -> list[Path]:
    """Files that git tracks, or would: without those it ignores."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
    ).stdout
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def problems_of(path: Path) -> list[str]:
    """What is wrong with one file."""
    name = path.relative_to(ROOT).as_posix()
    found = []
    if path.stat().st_size > LARGEST_BYTES:
        found.append(f"{name}: {path.stat().st_size / 1e6:.1f} MB, at most 5 MB")
    if path.suffix not in {".py", ".pyi", ".md", ".toml", ".csv", ".j2", ".css", ".js", ".typ", ""}:
        return found
    text = path.read_text(encoding="utf-8", errors="replace")
    if path.suffix == ".py":
        lines = text.count("\n")
        longest = LONGEST if path.is_relative_to(PACKAGE) else LONGEST_TEST
        if lines > longest:
            found.append(f"{name}: {lines} lines, at most {longest}. Split it.")
        if lines and "SPDX-License-Identifier: Apache-2.0" not in text[:200]:
            found.append(f"{name}: no SPDX line")
        if path.stem in FORBIDDEN_NAMES:
            found.append(f"{name}: a module named {path.stem} says nothing. Name what is in it.")
    if path.name != "LICENSE" and (match := MACHINE_PATH.search(text)):
        found.append(f"{name}: names a machine path ({match[0]}...)")
    return found


def crowded_folders() -> list[str]:
    """Folders of the package in which nobody finds a rule by its name any more."""
    folders = {p.parent for p in PACKAGE.rglob("*.py")}
    counts = {folder: len(list(folder.glob("*.py"))) for folder in sorted(folders)}
    return [
        f"{folder.relative_to(ROOT).as_posix()}: {n} Python files, at most {MOST_FILES}. Make rooms in it."
        for folder, n in counts.items()
        if n > MOST_FILES
    ]


def modules() -> dict[str, Path]:
    """Every module of the package by its dotted name."""
    named = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
        named[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return named


def imports_of(name: str, path: Path, known: dict[str, Path]) -> set[str]:
    """Modules of the package that one imports, inside functions too; without the ``__init__`` of its own packages.

    A face (a lazy ``__init__``) hides files behind it: taking a name from another part's face is an edge to that part.
    """
    found = set()
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                full = f"{node.module}.{alias.name}"
                found.add(full if full in known else node.module)
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.startswith("homeground."):
            found.add(node.value.split(":")[0])  # what a stage file names and calls later
    own = {name.rsplit(".", up)[0] for up in range(1, name.count(".") + 1)}
    return {other for other in found if other in known and other != name and other not in own}


def circles() -> list[str]:
    """Modules that import each other, however long the way round."""
    known = modules()
    edges = {name: imports_of(name, path, known) for name, path in known.items()}
    seen: dict[str, int] = {}
    found: list[str] = []

    def follow(name: str, way: list[str]) -> None:
        seen[name] = 1
        for other in sorted(edges[name]):
            if seen.get(other) == 1:
                found.append(f"circle: {' -> '.join([*way[way.index(other) :], other])}. Move what both need below.")
            elif other not in seen:
                follow(other, [*way, other])
        seen[name] = 2

    for name in known:
        if name not in seen:
            follow(name, [name])
    return found


def main() -> int:
    """Print all problems; 1 when there are any."""
    found = [problem for path in tracked() for problem in problems_of(path)] + crowded_folders() + circles()
    print("\n".join(found) or "house rules hold")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
