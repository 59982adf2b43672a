# SPDX-License-Identifier: Apache-2.0
"""The one sentence that the brief stage says of itself."""

from __future__ import annotations

from pathlib import Path

from homeground.numbers.units import counted


def finding(results: Path) -> str:
    """Which files a reader can open."""
    briefs = ", ".join(p.name for p in sorted(results.glob("brief-*.pdf")))
    forms = len(list((results / "prais").glob("*.xlsx")))
    filled = counted(forms, "PRAIS form", "PRAIS forms")
    return f"index.html opens without internet; {briefs}; tables.xlsx; {filled} to confirm or correct."
