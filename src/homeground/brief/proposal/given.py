# SPDX-License-Identifier: Apache-2.0
"""Tables that a user may add to a proposal: organisations for the roles, and projections of the climate to come."""

from __future__ import annotations

import math
from pathlib import Path

import pandas as pd

from homeground.brief.proposal.ledger import HERE
from homeground.errors import DataError, Problems
from homeground.finance.protection.signing import PERSONAL
from homeground.language.quantities import UNITS
from homeground.numbers.table import read_rows

TABLES = {
    "institutions": ("role", "organisation", "agreed", "source"),
    "projections": ("variable", "scenario", "period", "low", "mid", "high", "unit", "source"),
}


def read_given(folder: Path | None) -> dict[str, pd.DataFrame]:
    """The tables of a folder, each held against its columns.

    Raises
    ------
    DataError
        All problems of one table at once; a folder that is not there.
    """
    if folder is None:
        return {}
    if not folder.is_dir():
        raise DataError(f"there is no folder {folder}. Expected one with {' or '.join(f'{n}.csv' for n in TABLES)}.")
    found = {}
    for name, columns in TABLES.items():
        path = folder / f"{name}.csv"
        if not path.is_file():
            continue
        rows = read_rows(path)
        problems = Problems(path.name)
        heads = list(rows[0]) if rows else list(columns)
        missing = [one for one in columns if one not in heads]
        if missing:
            problems.add(f"columns {', '.join(missing)} are missing. Expected {', '.join(columns)}.")
        for head in heads:
            if head not in columns and any(word in head.lower() for word in PERSONAL):
                problems.add(f'column "{head}" may hold personal data, which has no place here. Leave it out.')
        problems.raise_if_any(DataError)
        for line, row in enumerate(rows, start=2):
            _check(name, row, f"row {line}", problems)
        problems.raise_if_any(DataError)
        if rows:
            found[name] = pd.DataFrame(rows)[list(columns)]
    if not found:
        raise DataError(f"{folder} holds none of {', '.join(f'{n}.csv' for n in TABLES)} with rows.")
    return found


def _check(name: str, row: dict[str, str], where: str, problems: Problems) -> None:
    if not row["source"].strip():
        problems.add(f"{where}: source is empty. Say where this is published or agreed.")
    if name == "institutions":
        roles = [one["role"] for one in read_rows(HERE / "roles.csv")]
        if row["role"] not in roles:
            problems.add(f'{where}: role is "{row["role"]}"; one of {", ".join(roles)} was expected.')
        if row["agreed"] not in ("yes", "no"):
            problems.add(f'{where}: agreed is "{row["agreed"]}"; yes or no was expected.')
        if not row["organisation"].strip():
            problems.add(f"{where}: organisation is empty. Name an organisation, or leave the row out.")
        return
    ends = []
    for end in ("low", "mid", "high"):
        try:
            ends.append(float(row[end]))
        except ValueError:
            problems.add(f'{where}: {end} is "{row[end]}"; a number was expected.')
    if len(ends) == 3 and not (all(map(math.isfinite, ends)) and ends[0] <= ends[1] <= ends[2]):
        problems.add(f"{where}: low, mid and high are {ends}; they must rise, and be known.")
    if row["unit"] not in UNITS:
        problems.add(f'{where}: unit is "{row["unit"]}"; one of {", ".join(UNITS)} was expected.')
    for text in ("variable", "scenario", "period"):
        if not row[text].strip():
            problems.add(f"{where}: {text} is empty.")
