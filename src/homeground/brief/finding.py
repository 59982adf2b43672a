# SPDX-License-Identifier: Apache-2.0
"""What the brief stage wrote, and what of it asks for a second look."""

from __future__ import annotations

from pathlib import Path

from homeground.language.messages import Saying


def finding(results: Path) -> list[Saying]:
    """The page, the briefs and the workbook by name, and how many forms wait to be confirmed.

    Parameters
    ----------
    results : Path
        A results folder in which the stage has run.

    Returns
    -------
    list of Saying
    """
    files = [*(path.name for path in sorted(results.glob("brief-*.pdf"))), "tables.xlsx"]
    forms = len(list((results / "prais").glob("*.xlsx")))
    return [
        Saying("finding.brief.files", {"page": "index.html", "files": files}),
        Saying("finding.brief.forms", {"n": forms}),
    ]
