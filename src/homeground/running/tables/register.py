# SPDX-License-Identifier: Apache-2.0
"""The register of the tables that steps hand each other, and what is wrong with those that a step wrote."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from homeground.numbers.table import Table, declare, read_rows
from homeground.numbers.table_check import check

if TYPE_CHECKING:
    import pandas as pd

# No list is named in full here, so that none counts as code: a better word for a column makes no finished step outdated.
HERE = Path(__file__).parent
PACKAGE = HERE.parent.parent
LISTS = ("tables", "units")  # beside the lists of columns, one a part
ENDINGS = (".parquet", ".json")
FOR_OTHERS = ("prais",)  # folders of files whose form others set: no step reads them


@dataclass(frozen=True)
class Handed:
    """A table that one step writes and others read.

    ``written_by`` and ``read_by`` name steps (``land.regions``) or, where no step does it, modules (``chain.results``).
    ``needs`` says what a study must give for the table to be there; empty: it always is.
    """

    table: Table
    written_by: str
    read_by: tuple[str, ...]
    needs: str


@cache
def register() -> dict[str, Handed]:
    """All tables of a results folder by their path in it.

    Returns
    -------
    dict of Handed
        In the order in which they are written.

    Raises
    ------
    DataError
        All faults of the declarations at once.
    """
    rows = _list("tables")
    lists = [path for path in sorted(HERE.glob("*.csv")) if path.stem not in LISTS]
    columns = [column for path in lists for row in read_rows(path) for column in _described(row)]
    tables = declare(rows, columns)
    return {
        row["table"]: Handed(tables[row["table"]], row["written_by"], tuple(row["read_by"].split()), row["needs"])
        for row in rows
    }


def _list(name: str) -> list[dict[str, str]]:
    return read_rows(HERE / f"{name}.csv")


def _described(row: dict[str, str]) -> Iterator[dict[str, str]]:
    """A column as declared here; one such as ``land_*`` as the part's own ``columns.csv`` describes those it publishes."""
    if row["type"] != "published":
        yield row
        return
    part = row["column"].removesuffix("_*")
    bounds = {unit["unit"]: unit for unit in _list("units")}
    for own in read_rows(PACKAGE / part / "columns.csv"):
        unit = bounds[own["unit"]]
        said = row | {"type": "number", "nullable": "yes", "part": part, "low": unit["low"], "high": unit["high"]}
        said |= {"unit": own["unit"], "kind": own["kind"], "needs": own.get("needs", "")}
        yield said | {"column": own["column"], "meaning": own["title"]}
        low, bar, high = own["interval"].partition("|")
        for name, end in ((low, "low"), (high, "high")) if bar else ():
            yield said | {"column": name, "meaning": f"{own['title']}, {end} end"}


def output_problems(step: str, out: Path, outputs: Collection[str]) -> list[str]:
    """What is wrong with the tables that a step wrote, one sentence each.

    Parameters
    ----------
    step : str
        Such as ``land.regions``.
    out : Path
        The folder that it wrote to; what lies in a Zarr store or in ``prais`` is no table.
    outputs : collection of str
        Paths that it says it writes.

    Returns
    -------
    list of str
        Tables that are not declared, are another step's, or are no output of the step, and what `check` finds in each.
    """
    found = (path for path in sorted(out.rglob("*")) if path.suffix in ENDINGS)
    names = [path.relative_to(out) for path in found if not any(part.endswith(".zarr") for part in path.parts)]
    names = [name for name in names if name.parts[0] not in FOR_OTHERS]
    return [problem for name in names for problem in _problems(step, out, name.as_posix(), outputs)]


def _problems(step: str, out: Path, name: str, outputs: Collection[str]) -> Iterator[str]:
    known = register().get(name)
    if known is None:
        yield f"{name}: is not declared in running/tables."
        return
    if name not in outputs:
        yield f"{name}: {step} writes it and does not name it among its outputs."
    if known.written_by != step:
        yield f"{name}: {step} writes it; {known.written_by} is declared to."
    yield from (f"{name}: {problem}" for problem in check(read_output(out / name), known.table))


def read_output(path: Path) -> pd.DataFrame:
    """A table of a results folder; a record of JSON as one row.

    Parameters
    ----------
    path : Path
        Parquet or JSON.

    Returns
    -------
    DataFrame
    """
    import pandas as pd

    if path.suffix == ".json":
        return pd.DataFrame([json.loads(path.read_text(encoding="utf-8"))])
    return pd.read_parquet(path)
