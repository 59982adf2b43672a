# SPDX-License-Identifier: Apache-2.0
"""House rules that no linter knows: file length, licence lines, forbidden module names, paths and hosts in the tree."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LONGEST = 600  # lines; 400 is a sign to split
FORBIDDEN_NAMES = {"utils", "helpers", "common", "core", "base", "manager"}
# Assembled, so that this file does not contain what it forbids.
MACHINE_PATH = re.compile(r"(?<![\w.])/(?:wo" + r"rk|ho" + r"me|ro" + r"ot)/\w")
LARGEST_BYTES = 3_000_000


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
        found.append(f"{name}: {path.stat().st_size / 1e6:.1f} MB, at most 3 MB")
    if path.suffix not in {".py", ".pyi", ".md", ".toml", ".csv", ".j2", ".css", ".js", ".typ", ""}:
        return found
    text = path.read_text(encoding="utf-8", errors="replace")
    if path.suffix == ".py":
        lines = text.count("\n")
        if lines > LONGEST:
            found.append(f"{name}: {lines} lines, at most {LONGEST}. Split it.")
        if lines and "SPDX-License-Identifier: Apache-2.0" not in text[:200]:
            found.append(f"{name}: no SPDX line")
        if path.stem in FORBIDDEN_NAMES:
            found.append(f"{name}: a module named {path.stem} says nothing. Name what is in it.")
    if path.name != "LICENSE" and (match := MACHINE_PATH.search(text)):
        found.append(f"{name}: names a machine path ({match[0]}...)")
    return found


def main() -> int:
    """Print all problems; 1 when there are any."""
    found = [problem for path in tracked() for problem in problems_of(path)]
    print("\n".join(found) or "house rules hold")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
