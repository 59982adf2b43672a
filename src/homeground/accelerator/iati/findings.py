# SPDX-License-Identifier: Apache-2.0
"""What is wrong with a file, kept small while it streams and told in full afterwards.

The rules stand in ``standard/rules.csv``. Those with a number are rules of the official ruleset 2.03 in the words and
expressions of this project; ``schema.*`` come from the schema, ``file.*`` and ``read.*`` from reading. The ruleset's
errors are warnings here and its warnings notices, since the data are taken all the same; ``error`` means left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from homeground.accelerator.issues import Issue
from homeground.numbers.table import read_rows


@cache
def rules() -> dict[str, dict[str, str]]:
    """The rules by id: severity, message and fix; where an id has several rows, they differ only in where it holds.

    Examples
    --------
    >>> rules()["6.11.1"]["message"]
    'No start is given'
    """
    found: dict[str, dict[str, str]] = {}
    for row in read_rows(Path(__file__).parent / "standard" / "rules.csv"):
        found.setdefault(row["rule"], row)
    return found


@dataclass
class Findings:
    """Breaches of rules in one file, in the order they were met."""

    file: str
    rows: list[tuple[str, int, str, str, str]] = field(default_factory=list)  # rule, line, path, found, severity

    above: int = 0  # lines of the file above the part in which lines are counted

    def add(self, rule: str, line: int | None = 0, path: str = "", found: object = "", severity: str = "") -> None:
        self.rows.append((rule, self.above + line if line else 0, path, str(found), severity))

    def line(self, of_part: int | None) -> int:
        """Line of the file, from that of the part which is read; 0: it is not known, or the whole file is meant."""
        return self.above + of_part if of_part else 0

    def count(self) -> Counter[str]:
        known = rules()
        return Counter(severity or known[rule]["severity"] for rule, _, _, _, severity in self.rows)

    def issues(self) -> Iterator[Issue]:
        known = rules()
        for rule, line, path, found, severity in self.rows:
            row = known[rule]
            words = row["message"].replace("{found}", found.removesuffix("."))
            yield Issue(self.file, line, path, rule, severity or row["severity"], words, row["fix"])
