# SPDX-License-Identifier: Apache-2.0
"""One row of a registry moved on its way; the registry's log keeps which role did it."""

from __future__ import annotations

import datetime
from contextlib import closing

from homeground.accelerator.registry.declared import registry_tables
from homeground.accelerator.registry.given import is_registry, opened
from homeground.accelerator.results.review import review
from homeground.errors import DataError


def review_in(source: str, table: str, row: str, to: str, *, by: str, on: datetime.date | None = None) -> None:
    """Move a row of a registry from one state to the next.

    Parameters
    ----------
    source : str
        A registry, by its file or URL.
    table : str
        One whose rows are submitted and approved: actuals or support.
    row : str
        Which one.
    to : str
        pending, approved or returned.
    by : str
        The role that moves it.
    on : date, optional
        When it was approved.

    Raises
    ------
    DataError
        No registry or table of reviews, no such row, a step that there is not, a role that approves what it submitted, or
        a row that another changed meanwhile.
    """
    reviewed = [
        name
        for name, one in registry_tables().items()
        if {"state", "approved_by"} <= {c.column for c in one.table.columns}
    ]
    if table not in reviewed:
        raise DataError(f"rows of {table} are not reviewed. Name one of {', '.join(reviewed)}.")
    if not is_registry(source):
        raise DataError(f"{source} is no registry. Spreadsheets are reviewed in a registry: import them first.")
    (key,) = registry_tables()[table].table.key
    with closing(opened(source)) as registry:
        moved = review(registry.table(table, traces=True), key, row, to, by=by, on=on)
        registry.write(table, moved[moved[key] == row], actor=by, source="review")
