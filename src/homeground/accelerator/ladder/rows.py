# SPDX-License-Identifier: Apache-2.0
"""Rows of money of all tables in one form: which step of the ladder, whose, where, what kind, and what stands behind it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from homeground.accelerator.registry.declared import registry_tables

STEPS = ("pledged", "programmed", "committed", "disbursed", "spent")
# Kinds of transactions: the step, and whether they are told by who gives (out) or who gets (in).
KINDS: Mapping[str, tuple[str, str]] = {
    "pledge": ("pledged", "out"), "incoming pledge": ("pledged", "in"),
    "commitment": ("committed", "out"), "incoming commitment": ("committed", "in"),
    "disbursement": ("disbursed", "out"), "incoming funds": ("disbursed", "in"),
    "expenditure": ("spent", "out"),
}  # fmt: skip
SUSPENDED, CANCELLED = "suspended", "cancelled"
OFFICIAL = "all donors"  # in place of a donor: the total of an event as its host prints it; compared, never counted
COLUMNS = (
    *("table", "key", "step", "end", "project", "donor", "iso3", "pillar", "instrument", "year", "rate_year"),
    *("currency", "donor_project", "receiver_project", "confirmed_by", "confirmed_on", "standing", "source"),
    *("amount_minor", "reversed_minor"),
)


def table_of(tables: Mapping[str, pd.DataFrame], name: str) -> pd.DataFrame:
    """A table of the registry with all its columns; without rows where it is not there.

    Parameters
    ----------
    tables : mapping of DataFrame
        By name; columns that may be empty may be missing.
    name : str

    Returns
    -------
    DataFrame

    Examples
    --------
    >>> table_of({}, "exchange_rates").columns.tolist()
    ['currency', 'year', 'usd', 'source']
    """
    declared = registry_tables()[name].table
    names = [f"{c.column}_minor" if c.unit == "of currency" else c.column for c in declared.columns]
    found = tables.get(name)
    if found is None:
        return pd.DataFrame({column: pd.Series(dtype="object") for column in names})
    missing = {column: None for column in names if column not in found}
    table = found.assign(**missing)[names].reset_index(drop=True)
    texts = {c.column: "object" for c in declared.columns if c.types == ("text",)}  # an empty column is no number
    return table.astype(texts)


def money_rows(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Everything that stands on a step of the ladder, one row each as it was given.

    Parameters
    ----------
    tables : mapping of DataFrame
        pledges, allocations, transactions, and projects and participants for what these do not say themselves.

    Returns
    -------
    DataFrame
        `COLUMNS`. An empty currency is that of the project, an empty donor its only funding participant. ``year`` is 0
        where no date is known. ``standing`` is "", "suspended" or "cancelled" (of the project; a withdrawn pledge is
        cancelled). Kinds of transactions that are no step are not here: see `beside_rows`.

    Examples
    --------
    >>> paid = {"transaction": ["T1"], "project": ["P"], "kind": ["disbursement"], "date": ["2024-03-01"]}
    >>> rows = money_rows({"transactions": pd.DataFrame(paid | {"amount_minor": [250], "currency": ["USD"]})})
    >>> rows[["step", "end", "year", "amount_minor"]].values.tolist()
    [['disbursed', 'out', 2024, 250]]
    """
    parts = [_pledges(tables), _allocations(tables), _transactions(tables)]
    rows = pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)
    return rows[list(COLUMNS)]


def beside_rows(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Transactions that are no step of the ladder (interest, repayments, equity, guarantees): shown beside, never added in.

    Parameters
    ----------
    tables : mapping of DataFrame

    Returns
    -------
    DataFrame
        kind, currency, amount_minor, rows.

    Examples
    --------
    >>> given = {"transaction": ["T1"], "project": ["P"], "kind": ["guarantee"], "date": ["2024-03-01"]}
    >>> beside_rows({"transactions": pd.DataFrame(given | {"amount_minor": [9], "currency": ["EUR"]})}).values.tolist()
    [['guarantee', 'EUR', 9, 1]]
    """
    table = with_currency(table_of(tables, "transactions"), tables)
    table = table[~table["kind"].isin(list(KINDS))]
    if table.empty:
        return pd.DataFrame({"kind": [], "currency": [], "amount_minor": [], "rows": []})
    table = table.assign(amount_minor=table["amount_minor"].astype("int64"), rows=1)
    return table.groupby(["kind", "currency"], as_index=False, dropna=False)[["amount_minor", "rows"]].sum()


def _pledges(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    table = table_of(tables, "pledges")
    table = table[table["donor"] != OFFICIAL].reset_index(drop=True)
    year = table["start"].where(table["start"].notna(), _years(table["source_date"]).replace(0, None))
    standing = np.where(table["state"] == "withdrawn", CANCELLED, "")
    return _formed(table, "pledges", "pledge", step="pledged", end="out", year=_whole(year), standing=standing)


def _allocations(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    table = table_of(tables, "allocations")
    told: dict[str, Any] = {"step": "programmed", "end": "out", "standing": _standing(table["project"], tables)}
    return _formed(table, "allocations", "allocation", year=_years(table["date"]), **told)


def _transactions(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    table = with_currency(table_of(tables, "transactions"), tables)
    table = table[table["kind"].isin(list(KINDS))].reset_index(drop=True)
    steps = {kind: step for kind, (step, _) in KINDS.items()}
    ends = {kind: end for kind, (_, end) in KINDS.items()}
    donor = table["donor"].where(table["donor"].notna(), table["project"].map(_only_funder(tables)))
    rated = table["value_date"].where(table["value_date"].notna(), table["date"])
    return _formed(
        table.assign(donor=donor), "transactions", "transaction", step=table["kind"].map(steps),
        end=table["kind"].map(ends), year=_years(table["date"]), rate_year=_years(rated),
        standing=_standing(table["project"], tables),
    )  # fmt: skip


def _formed(table: pd.DataFrame, name: str, key: str, **told: Any) -> pd.DataFrame:
    amount = pd.to_numeric(table["amount_minor"]).astype("int64")
    columns: dict[str, Any] = {"table": name, "key": table[key], **told}
    columns |= {"amount_minor": amount, "reversed_minor": amount.clip(upper=0)}
    columns.setdefault("rate_year", columns["year"])
    given = {column: table.get(column) for column in COLUMNS if column not in columns}
    rows = pd.DataFrame({**columns, **given}, index=table.index)
    pillar = pd.to_numeric(rows["pillar"]).astype("Int64")
    rows["pillar"] = pillar.astype("str").astype("object").where(pillar.notna(), None)
    rows["confirmed_on"] = pd.to_datetime(rows["confirmed_on"]).astype("datetime64[ns]")
    for column in ("year", "rate_year"):
        rows[column] = rows[column].astype("int64")
    return rows


def with_currency(table: pd.DataFrame, tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Transactions with the currency of their project where they say none.

    Parameters
    ----------
    table : DataFrame
        project, currency.
    tables : mapping of DataFrame
        ``projects`` is read.

    Returns
    -------
    DataFrame

    Examples
    --------
    >>> projects = pd.DataFrame({"project": ["P"], "currency": ["XOF"]})
    >>> told = pd.DataFrame({"project": ["P", "P"], "currency": ["EUR", None]})
    >>> with_currency(told, {"projects": projects})["currency"].tolist()
    ['EUR', 'XOF']
    """
    if table["currency"].notna().all():
        return table
    of = table_of(tables, "projects").drop_duplicates("project").set_index("project")["currency"]
    return table.assign(currency=table["currency"].where(table["currency"].notna(), table["project"].map(of)))


def _standing(projects: pd.Series[Any], tables: Mapping[str, pd.DataFrame]) -> pd.Series[Any]:
    status = table_of(tables, "projects").drop_duplicates("project").set_index("project")["status"]
    kept = status[status.isin([SUSPENDED, CANCELLED])]
    if kept.empty:
        return pd.Series("", projects.index, dtype="object")
    return projects.map(kept).astype("object").fillna("")


def _only_funder(tables: Mapping[str, pd.DataFrame]) -> pd.Series[Any]:
    """The organisation that funds a project, where it is one alone."""
    table = table_of(tables, "participants")
    funders = table[table["role"] == "funding"].drop_duplicates(["project", "organisation"])
    return funders.drop_duplicates("project", keep=False).set_index("project")["organisation"]


def _years(days: pd.Series[Any]) -> pd.Series[Any]:
    return _whole(pd.to_datetime(days).dt.year)


def _whole(years: pd.Series[Any]) -> pd.Series[Any]:
    return pd.to_numeric(years).fillna(0).astype("int64")
