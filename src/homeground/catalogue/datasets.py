# SPDX-License-Identifier: Apache-2.0
"""The data homeground knows: embedded, published figures, and live sources for those who have internet."""

from __future__ import annotations

import csv
from pathlib import Path


def datasets() -> list[dict[str, str]]:
    """Every data set with what it is, its period, access, licence and citation.

    Returns
    -------
    list of dict of str to str
        Rows of ``datasets.csv``: id, channel (embedded, figures or live), what, unit, period, resolution, access,
        licence, citation, note.

    Examples
    --------
    >>> [d["licence"] for d in datasets() if d["id"] == "atlas-regions"]
    ['public domain']
    """
    with Path(__file__).with_name("datasets.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
