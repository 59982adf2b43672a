# SPDX-License-Identifier: Apache-2.0
"""The money of a registry rolled up once: netted, divided among countries and pillars, ready to be summed in any way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from homeground.accelerator.ladder.double_counting import net_and_crossings
from homeground.accelerator.ladder.grouping import sum_by
from homeground.accelerator.ladder.rows import CANCELLED, SUSPENDED, money_rows, table_of
from homeground.accelerator.ladder.shares import (
    UNALLOCATED,
    WHOLE,
    country_shares,
    largest_remainder,
    pillar_shares,
)

NOT_SAID = "not said"  # of a donor or an instrument
SPLIT = ("donor", "iso3", "pillar", "instrument", "year")
KEYS = ("step", "currency", "rate_year", *SPLIT)
# What became of the money that rows tell of: their sum is gross.
PARTS = ("amount_minor", "linked_minor", "levels_minor", "overlap_minor", "suspended_minor", "cancelled_minor")
# Of amount_minor: what may be told twice, who confirmed it, and whose pillar a crosswalk chose. Of gross: taken back.
OF_IT = ("residual_minor", "by_donor_minor", "by_country_minor", "crosswalk_minor", "reversed_minor")
SUMS = (*PARTS, *OF_IT, "rows")
_GROUP = (
    *("table", "step", "end", "project", "donor", "iso3", "pillar", "instrument", "year", "rate_year", "currency"),
    *("donor_project", "receiver_project", "confirmed_by", "standing"),
)


def rollup(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """All money of a registry on the five steps, summed as far as no way of looking at it needs it apart.

    Parameters
    ----------
    tables : mapping of DataFrame
        Of the registry, by name; money as int64 in ``amount_minor``. Those that are missing are empty.

    Returns
    -------
    DataFrame
        `KEYS`, then `SUMS` (int64, smallest units of the currency) and confirmed_on (the latest). Country and pillar are
        "unallocated", donor and instrument "not said", year 0 where nobody says.

    Notes
    -----
    Rows are summed before they are divided: one transaction or the same money in two gives the same parts.

    Examples
    --------
    >>> paid = {"transaction": ["T1"], "project": ["P"], "kind": ["disbursement"], "date": ["2024-03-01"]}
    >>> paid = pd.DataFrame(paid | {"amount_minor": [101], "currency": ["XOF"]})
    >>> halves = pd.DataFrame({"project": ["P", "P"], "iso3": ["MLI", "NER"], "share": [50.0, 50.0]})
    >>> rollup({"transactions": paid, "project_countries": halves})[["iso3", "amount_minor"]].values.tolist()
    [['MLI', 51], ['NER', 50]]
    """
    return rollup_and_crossings(tables)[0]


def rollup_and_crossings(tables: Mapping[str, pd.DataFrame]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The rollup, and what in it went on in another currency than it came in.

    Parameters
    ----------
    tables : mapping of DataFrame

    Returns
    -------
    (DataFrame, DataFrame)
        Of `rollup`, and of `currencies.crossings`.

    Examples
    --------
    >>> [len(table) for table in rollup_and_crossings({})]
    [0, 0]
    """
    rows = money_rows(tables).assign(rows=1)
    groups = sum_by(rows, _GROUP, ["amount_minor", "reversed_minor", "rows"], latest=["confirmed_on"])
    counted, crossed = net_and_crossings(groups, tables)
    parts = _by_standing(counted)
    if "overlaps" in tables:  # taken off where the money of their project stands
        parts = pd.concat([parts, _overlaps(tables, rows)], ignore_index=True)
    divided = _divided(parts, tables)
    said = {"donor": NOT_SAID, "instrument": NOT_SAID, "iso3": UNALLOCATED, "pillar": UNALLOCATED}
    divided = divided.assign(**{name: divided[name].fillna(word) for name, word in said.items()})
    found = sum_by(divided, KEYS, SUMS, latest=["confirmed_on"])
    found = found.sort_values(list(KEYS), kind="stable", ignore_index=True)
    words = dict.fromkeys(("step", "currency", "donor", "iso3", "pillar", "instrument"), "category")
    return found.astype(words), crossed


def _by_standing(counted: pd.DataFrame) -> pd.DataFrame:
    """What counts, what is suspended and what is cancelled of the net; who confirmed what counts."""
    net = counted["net_minor"]
    going = ~counted["standing"].isin([SUSPENDED, CANCELLED])
    confirmed = going & counted["confirmed_by"].isin(["donor", "country"]) & (net != 0)
    return counted.assign(
        confirmed_on=counted["confirmed_on"].where(confirmed),
        amount_minor=net.where(going, 0),
        suspended_minor=net.where(counted["standing"] == SUSPENDED, 0),
        cancelled_minor=net.where(counted["standing"] == CANCELLED, 0),
        overlap_minor=0,
        residual_minor=counted["residual_minor"].where(going, 0),
        by_donor_minor=net.where(going & (counted["confirmed_by"] == "donor"), 0),
        by_country_minor=net.where(going & (counted["confirmed_by"] == "country"), 0),
        crosswalk_minor=0,
    )


def _divided(parts: pd.DataFrame, tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Money whose country or pillar no row says, by the shares of its project."""
    given = dict(tables)
    by_country = _by_shares(parts, country_shares(given), "iso3")
    pillars = pillar_shares(given)
    by_pillar = _by_shares(by_country, pillars, "pillar")
    if "crosswalk" in by_pillar:
        chosen = by_pillar["crosswalk"].eq(other=True) & (by_pillar["pillar"] != UNALLOCATED)
        by_pillar["crosswalk_minor"] = by_pillar["amount_minor"].where(chosen, 0)
    return by_pillar


def _by_shares(parts: pd.DataFrame, shares: pd.DataFrame, name: str) -> pd.DataFrame:
    silent = parts[name].isna() & parts["project"].isin(set(shares["project"]))
    if not silent.any():
        return parts
    ask = parts[silent].drop(columns=name).reset_index(drop=True)
    wide = (
        ask.assign(_row=np.arange(len(ask)))
        .merge(shares, on="project", how="left")
        .sort_values("_row", kind="stable", ignore_index=True)
    )
    places, weights = wide["_row"].to_numpy("int64"), wide["weight"].to_numpy("int64")
    for column in (*PARTS, *OF_IT):
        amounts = ask[column].to_numpy("int64")
        if amounts.any():
            wide[column] = largest_remainder(amounts, places, weights)
    return pd.concat([parts[~silent], wide.drop(columns=["_row", "weight"])], ignore_index=True)


def _overlaps(tables: Mapping[str, pd.DataFrame], rows: pd.DataFrame) -> pd.DataFrame:
    """Money that a person took off with a reason: off what counts, shown as overlap, gross as it was."""
    table = table_of(tables, "overlaps")
    kinds = [_only_instrument(rows, one) for one in table.to_dict("records")]
    amount = table["amount_minor"].astype("int64")
    year = pd.to_numeric(table["year"]).fillna(0).astype("int64")
    columns: dict[str, Any] = dict.fromkeys(SUMS, 0) | {
        "step": table["step"], "currency": table["currency"], "rate_year": year, "year": year,
        "project": table["project"], "donor": table["donor"], "iso3": table["iso3"], "pillar": None,
        "instrument": pd.Series(kinds, table.index, dtype="object"), "amount_minor": -amount, "overlap_minor": amount,
        "confirmed_on": pd.Series(pd.NaT, index=table.index, dtype="datetime64[ns]"),
    }  # fmt: skip
    return pd.DataFrame(columns, index=table.index)


def _only_instrument(rows: pd.DataFrame, overlap: Mapping[Any, Any]) -> str | None:
    """The instrument of the money that an overlap is of, where it is one: else a grant would stand in full beside a debt of it."""
    own = pd.Series(data=True, index=rows.index)
    for name in ("step", "currency", "project", "donor"):
        if not pd.isna(overlap[name]):
            own &= rows[name] == overlap[name]
    kinds = rows.loc[own, "instrument"].unique()
    return kinds[0] if len(kinds) == 1 and not pd.isna(kinds[0]) else None


def rows_of(tables: Mapping[str, pd.DataFrame], by: Sequence[str] = SPLIT) -> pd.DataFrame:
    """Which rows of the registry stand behind each cell of the ladder, with their sources.

    Parameters
    ----------
    tables : mapping of DataFrame
    by : sequence of str
        As the ladder was asked: of donor, iso3, pillar, instrument, year.

    Returns
    -------
    DataFrame
        ``by``, step and currency (the cell), then table and key (the row), end ("out": told by who gives, "in": by who
        gets), project, amount_minor (of the whole row, before any division or netting), share (of the row that falls to
        the cell, in millionths), standing, confirmed_by, confirmed_on and source.

    Examples
    --------
    >>> paid = {"transaction": ["T1"], "project": ["P"], "kind": ["disbursement"], "date": ["2024-03-01"]}
    >>> paid = pd.DataFrame(paid | {"amount_minor": [101], "currency": ["XOF"], "source": ["annual report"]})
    >>> rows_of({"transactions": paid}, ["year"])[["year", "step", "key", "source"]].values.tolist()
    [[2024, 'disbursed', 'T1', 'annual report']]
    """
    rows = money_rows(tables).assign(share=WHOLE)
    for name, shares in (("iso3", country_shares(dict(tables))), ("pillar", pillar_shares(dict(tables)))):
        silent = rows[name].isna() & rows["project"].isin(set(shares["project"]))
        if silent.any():
            wide = rows[silent].drop(columns=name).merge(shares, on="project", how="left")
            wide["share"] = wide["share"] * wide["weight"] // WHOLE
            rows = pd.concat([rows[~silent], wide[rows.columns]], ignore_index=True)
    said = {"donor": NOT_SAID, "instrument": NOT_SAID, "iso3": UNALLOCATED, "pillar": UNALLOCATED}
    rows = rows.assign(**{name: rows[name].fillna(word) for name, word in said.items()})
    cell = [*by, "step", "currency"]
    row = [
        "table",
        "key",
        "end",
        "project",
        "amount_minor",
        "share",
        "standing",
        "confirmed_by",
        "confirmed_on",
        "source",
    ]
    found = rows.groupby([*cell, "table", "key"], as_index=False, sort=True, dropna=False).agg(
        {**{name: "first" for name in row[2:] if name != "share"}, "share": "sum"}
    )
    return found[[*cell, *row]]
