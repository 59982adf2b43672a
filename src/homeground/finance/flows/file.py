# SPDX-License-Identifier: Apache-2.0
"""Flows that people keep in a table, by year or by date, with the money that the table says they are in."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from homeground.catalogue.tables import read_given
from homeground.errors import DataError, Problems
from homeground.finance.farm.given import declared
from homeground.finance.flows.money import MoneyRow

Floats = NDArray[np.float64]


class GivenFlows(NamedTuple):
    """Flows of a file: ``when`` holds years or days as text; benefits and costs are None where only net flows are given."""

    when: tuple[str, ...]
    dated: bool
    flows: Floats
    benefits: Floats | None
    costs: Floats | None
    money: MoneyRow | None


def read_flows(path: Path) -> GivenFlows:
    r"""Flows of a CSV or workbook, by year or by date.

    Parameters
    ----------
    path : Path
        Columns year (each once, none left out) or date; flow, or benefit and cost; currency, price_year and terms where
        the money is named.

    Returns
    -------
    GivenFlows

    Raises
    ------
    DataError
        Neither or both of year and date, or of flow and benefit with cost; a cell is missing; years are left out, come
        twice or out of order; more than one currency, price year or terms: all problems at once. Days are checked where
        they are used (`xnpv`).

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder, "flows.csv")
    ...     _ = file.write_text("year,benefit,cost\n2025,0,100\n2026,110,0\n", encoding="utf-8")
    ...     read_flows(file).flows.tolist()
    [-100.0, 110.0]
    """
    table = read_given(path, declared()["flows"])
    problems = Problems(path.name)
    dated = "date" in table
    if dated == ("year" in table):
        problems.add('has both columns "year" and "date". Keep one.' if dated else 'lacks a column "year" or "date".')
    apart = [name for name in ("benefit", "cost") if name in table]
    if ("flow" in table) == bool(apart):
        problems.add('needs either a column "flow", or "benefit" and "cost".')
    elif len(apart) == 1:
        problems.add(f'has "{apart[0]}" alone. Give both "benefit" and "cost", 0 where there is none.')
    needed = [name for name in ("year", "date", "flow", "benefit", "cost") if name in table]
    for name in needed:
        if len(rows := table.index[table[name].isna()]):
            problems.add(f"{name}: empty in row {', '.join(map(str, rows))}. Fill it; nothing is guessed.")
    for name in ("currency", "price_year", "terms"):
        if name in table and table[name].nunique(dropna=False) > 1:
            found = ", ".join(sorted({str(one) for one in table[name]}))
            problems.add(f"{name}: one for all rows was expected, found {found}. Bring the flows to one money.")
    if "year" in table and not table["year"].isna().any():
        problems.extend(_gaps(table["year"]))
    if len(table) < 2:
        problems.add("at least two flows were expected, found one.")
    problems.raise_if_any(DataError)
    benefits, costs = (table[name].to_numpy(float) if apart else None for name in ("benefit", "cost"))
    flows = table["flow"].to_numpy(float) if benefits is None or costs is None else benefits - costs
    when = tuple(str(one) for one in table["date" if dated else "year"])
    return GivenFlows(when, dated, flows, benefits, costs, _money(table, flows))


def _gaps(years: pd.Series[int]) -> list[str]:
    found = years.astype(int).tolist()
    told = []
    if len(set(found)) < len(found):
        told.append(f"year: {', '.join(map(str, sorted({y for y in found if found.count(y) > 1})))} stands twice.")
    elif found != sorted(found):
        told.append("year: out of order. Sort the rows by year.")
    if lost := sorted(set(range(min(found), max(found) + 1)) - set(found)):
        told.append(f"year: {', '.join(map(str, lost))} is left out. Give every year, with 0 where nothing flows.")
    return told


def _money(table: pd.DataFrame, flows: Floats) -> MoneyRow | None:
    if "currency" not in table or table["currency"].isna().any():
        return None
    year = table["price_year"].iloc[0] if "price_year" in table else None
    known = None if year is None or pd.isna(year) else int(year)
    terms = table["terms"].iloc[0] if "terms" in table else None
    said = str(terms) if terms is not None and not pd.isna(terms) else ("real" if known is not None else "nominal")
    return MoneyRow(flows.tolist(), str(table["currency"].iloc[0]), said, known)
