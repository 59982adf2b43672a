# SPDX-License-Identifier: Apache-2.0
"""Write docs/coverage.md from the table src/homeground/coverage.csv; ``--check`` only says whether it is current."""

from __future__ import annotations

import csv
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TABLE = ROOT / "src" / "homeground" / "coverage.csv"
PAGE = ROOT / "docs" / "coverage.md"
HEAD = """# Coverage: what the note to the fifteenth Conference asks, and where homeground answers

Made from `src/homeground/coverage.csv` by `tools/build_coverage.py`; a test holds it true. States: works, partly, not yet.
Paragraphs are those of the secretariat's note on the positive role that measures under the Convention can play where
desertification, land degradation and drought drive migration.

| paragraph | asks | command | study | output | state | what is missing |
|---|---|---|---|---|---|---|
"""


def rows() -> list[dict[str, str]]:
    """The rows of the table, by paragraph."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def page() -> str:
    """The page's text."""
    lines = []
    for row in rows():
        command = f"`{row['command']}`" if row["state"] != "not yet" else "-"
        study, output = row["study"] or "-", f"`{row['output']}`" if row["output"] else "-"
        missing = row["missing"] or "-"
        lines.append(
            f"| {row['paragraph']} | {row['asks']} | {command} | {study} | {output} | {row['state']} | {missing} |"
        )
    return HEAD + "\n".join(lines) + "\n"


def main() -> int:
    """Write the page, or check it."""
    if "--check" in sys.argv:
        current = PAGE.is_file() and PAGE.read_text(encoding="utf-8") == page()
        print(
            "docs/coverage.md is current" if current else "docs/coverage.md is old: run python tools/build_coverage.py"
        )
        return 0 if current else 1
    PAGE.write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
