# SPDX-License-Identifier: Apache-2.0
"""Tables as they land: one value a row, with its unit, source, licence and kind."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

from homeground.catalogue.live.job import Job
from homeground.catalogue.live.register import write_beside
from homeground.catalogue.live.transfer import LATER
from homeground.catalogue.live.troubles import DamagedError

Rows = list[dict[str, Any]]


def write_table(path: Path, rows: Rows, job: Job, *, where: str, kind: str = "published") -> Path:
    """Write rows as CSV, in the order of their columns, with source, licence and kind at the end of each.

    Parameters
    ----------
    path : Path
    rows : list of dict
        Of the same columns.
    job : Job
    where : str
        Address that is named where there are no rows.
    kind : str
        Of the values: observed, published, modelled or default.

    Raises
    ------
    DamagedError
        There are no rows.
    """
    if not rows:
        raise DamagedError(f"{where}: no row for {', '.join(job.study.countries)} came. {LATER}")
    beside = {"source": job.source.citation, "licence": job.source.licence, "kind": kind}
    heads = [head for head in rows[0] if head not in ("value", "unit")]
    text = io.StringIO()
    writer = csv.DictWriter(text, [*rows[0], *beside], lineterminator="\n", restval="", extrasaction="ignore")
    writer.writeheader()
    writer.writerows(row | beside for row in sorted(rows, key=lambda row: [str(row.get(head, "")) for head in heads]))
    write_beside(path, text.getvalue())
    return path
