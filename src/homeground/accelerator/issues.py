# SPDX-License-Identifier: Apache-2.0
"""What is wrong with a file that is brought to the registry: one issue a row or element, each with what to do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass

import pandas as pd

SEVERITIES = ("critical", "error", "warning", "notice")  # critical: of the file; error: the row is left out


@dataclass(frozen=True)
class Issue:
    """One thing that is wrong.

    ``critical``: nothing of the file can be read. ``error``: this row or element is left out and the rest is taken.
    ``warning``: taken, but look at it. ``notice``: taken and told. ``line`` is the line of the file or the row of the
    sheet (0: of the whole file), ``path`` the column or the path of the element, ``rule`` the id of the rule that it breaks.
    """

    file: str
    line: int
    path: str
    rule: str
    severity: str
    message: str
    fix: str


def as_table(issues: Iterable[Issue]) -> pd.DataFrame:
    """Issues as a table, the gravest first, in the order of the file.

    Parameters
    ----------
    issues : iterable of Issue

    Returns
    -------
    DataFrame
        One row an issue: file, line, path, rule, severity, message, fix.

    Examples
    --------
    >>> late = Issue("a.csv", 3, "date", "dates", "warning", "31 December 2150 is to come", "Write the day it was paid.")
    >>> lost = Issue("a.csv", 9, "currency", "currency", "error", "no currency", "Write one, such as XOF.")
    >>> as_table([late, lost])["severity"].tolist()
    ['error', 'warning']
    """
    table = pd.DataFrame([asdict(issue) for issue in issues], columns=list(Issue.__dataclass_fields__))
    order = table["severity"].map(SEVERITIES.index) if len(table) else table["severity"]
    return table.assign(_order=order).sort_values(["_order", "file", "line"], kind="stable").drop(columns="_order")
