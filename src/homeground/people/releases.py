# SPDX-License-Identifier: Apache-2.0
"""Whether other results of the same table of people stand beside these: two tables tell more than each alone."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import pandas as pd

from homeground.language.messages import Saying
from homeground.running.record import read_run
from homeground.running.tables import regions_of

TABLE = regions_of("people")
SHEETS = (".csv", ".tsv", ".txt", ".xlsx", ".ods")  # what a table of people comes as


def other_regions(results: Path, regions: Collection[str]) -> list[str]:
    """Results of the same study that count a table of the user's own by other regions than these.

    Parameters
    ----------
    results : Path
        Folder of the scenario that runs; what an earlier run left in it counts too.
    regions : collection of str
        region_id of all regions of the run.

    Returns
    -------
    list of str
        Names of the scenarios' folders, sorted.

    Examples
    --------
    >>> other_regions(Path("never-run") / "base", ["a", "b"])
    []
    """
    found = []
    for path in sorted(results.parent.glob(f"*/{TABLE}")):
        folder = path.parent.parent
        if not _of_own_table(folder):
            continue
        try:
            there = set(pd.read_parquet(path, columns=["region_id"])["region_id"])
        except (OSError, ValueError):  # a damaged table: whatever it held, it is of no regions of ours
            there = set()
        if there != set(regions):
            found.append(folder.name)
    return found


def _of_own_table(results: Path) -> bool:
    """Whether people by region came from a table of the user's, as the record of the run says."""
    inputs = read_run(results)["steps"].get("people.regions", {}).get("inputs", {})
    return any(name.lower().endswith(SHEETS) and not name.startswith("atlas ") for name in inputs)


def told_apart(beside: Collection[str]) -> Saying:
    """What the user must know before publishing both.

    Parameters
    ----------
    beside : collection of str
        The folders that `other_regions` found; one at least.

    Returns
    -------
    Saying
        A warning.

    Examples
    --------
    >>> from homeground.language.messages import tell
    >>> tell([told_apart(["base"])])[:67]
    'Results of this study with other regions stand or stood here: base.'
    """
    return Saying("warning.other_regions", {"folders": tuple(beside)})
