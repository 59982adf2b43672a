# SPDX-License-Identifier: Apache-2.0
"""How money is divided: by shares, in whole smallest units, so that the parts sum exactly to the whole."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from homeground.accelerator.ladder.grouping import sum_by
from homeground.accelerator.vocabularies.reading import purpose_codes

Ints = NDArray[np.int64]
UNALLOCATED = "unallocated"  # what no row and no project says the country or pillar of
WHOLE = 1_000_000  # shares are counted in ten-thousandths of a per cent
DUST = 500  # of these a sum may miss the whole by: thirds are written 33.33
PURPOSES = "1"  # code of the vocabulary of the purposes of the DAC
BY_PURPOSE = "purpose codes"


def largest_remainder(amounts: Ints, rows: Ints, weights: Ints) -> Ints:
    """Whole amounts divided by weights: parts that sum exactly to the whole.

    Parameters
    ----------
    amounts : array of int64
        What is divided, in smallest units; below zero too.
    rows : array of int64
        For each part the place in ``amounts`` of the whole that it is of, in ascending order.
    weights : array of int64, 0 or more
        Of each part. The weights of one whole sum to more than 0 and less than 1e9.

    Returns
    -------
    array of int64
        One for each part. Every part is rounded down; units that are left go one by one to the parts with the largest
        remainder, the first of equals first.

    Notes
    -----
    Method of Hare and Niemeyer, on absolute amounts, with the sign put back: a reversal is divided as what it reverses.

    Examples
    --------
    >>> largest_remainder(np.array([100, -1]), np.array([0, 0, 0, 1, 1]), np.array([1, 1, 1, 3, 1])).tolist()
    [34, 33, 33, -1, 0]
    """
    whole = np.bincount(rows, weights=weights, minlength=len(amounts)).astype("int64")[rows]
    size = np.abs(amounts)[rows]
    often, rest = np.divmod(size, whole)
    parts, remainder = np.divmod(rest * weights, whole)  # in two steps, so that no product leaves 64 bits
    parts += often * weights
    given = np.zeros(len(amounts), "int64")
    np.add.at(given, rows, parts)
    left = (np.abs(amounts) - given)[rows]
    order = np.lexsort((np.arange(len(rows)), -remainder, rows))
    first = np.searchsorted(rows, rows[order])  # where the parts of the same whole begin
    rank = np.arange(len(rows)) - first
    parts[order] += rank < left[order]
    signed: Ints = parts * np.sign(amounts)[rows]
    return signed


def in_proportion(total: int, amounts: Sequence[int]) -> list[int]:
    """Whole parts of a total in proportion to amounts, by largest remainder, in whole numbers of any size.

    Parameters
    ----------
    total : int
    amounts : sequence of int
        0 or more, with a sum above 0.

    Returns
    -------
    list of int
        One part for each amount; they sum to the total.

    Examples
    --------
    >>> in_proportion(2, [2, 1])
    [1, 1]
    """
    whole = sum(amounts)
    parts = [total * amount // whole for amount in amounts]
    rest = sorted(range(len(amounts)), key=lambda i: -(total * amounts[i] % whole))
    for i in rest[: total - sum(parts)]:
        parts[i] += 1
    return parts


def country_shares(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """How the money of each project is divided among countries.

    Parameters
    ----------
    tables : dict of DataFrame
        ``project_countries`` is read.

    Returns
    -------
    DataFrame
        project, iso3, weight (int64, of a million), in the order of both. What the shares leave of the whole is
        "unallocated"; shares that sum to more than the whole say nothing, and all is "unallocated".

    Examples
    --------
    >>> told = pd.DataFrame({"project": ["P", "P"], "iso3": ["NER", "MLI"], "share": [50.0, 25.0]})
    >>> country_shares({"project_countries": told})[["iso3", "weight"]].values.tolist()
    [['MLI', 250000], ['NER', 500000], ['unallocated', 250000]]
    """
    told = tables.get("project_countries")
    if told is None or told.empty:
        nothing: dict[str, list[Any]] = {"project": [], "iso3": [], "weight": []}
        return pd.DataFrame(nothing).astype({"project": "object", "iso3": "object", "weight": "int64"})
    return _whole(told, "iso3")


def pillar_shares(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """How the money of each project is divided among pillars.

    Parameters
    ----------
    tables : dict of DataFrame
        ``project_pillars`` and, for projects that are not in it, ``project_sectors`` are read.

    Returns
    -------
    DataFrame
        project, pillar ("1" to "5" or "unallocated"), weight (int64, of a million), crosswalk (whether the pillar was
        taken from purpose codes and not declared).

    Examples
    --------
    >>> purposes = pd.DataFrame({"project": ["P"], "vocabulary": ["1"], "code": ["41081"], "share": [100.0]})
    >>> pillar_shares({"project_sectors": purposes})[["pillar", "weight", "crosswalk"]].values.tolist()
    [['2', 500000, True], ['5', 500000, True]]
    """
    told, purposes = tables.get("project_pillars"), tables.get("project_sectors")
    parts: list[pd.DataFrame] = []
    declared: set[str] = set()
    if told is not None and len(told):
        declared = set(told["project"])
        chosen = set(told.loc[told["method"] == BY_PURPOSE, "project"]) if "method" in told else set()
        one = _whole(told.assign(pillar=told["pillar"].astype("int64").astype("str")), "pillar")
        parts.append(one.assign(crosswalk=one["project"].isin(chosen)))
    if purposes is not None and len(purposes):
        silent = purposes[~purposes["project"].isin(declared) & (purposes["vocabulary"].astype("str") == PURPOSES)]
        if len(silent):
            parts.append(_by_purpose(silent).assign(crosswalk=True))
    if not parts:
        nothing: dict[str, list[Any]] = {"project": [], "pillar": [], "weight": [], "crosswalk": []}
        types = {"project": "object", "pillar": "object", "weight": "int64", "crosswalk": "bool"}
        return pd.DataFrame(nothing).astype(types)
    return pd.concat(parts, ignore_index=True).sort_values(["project", "pillar"], kind="stable", ignore_index=True)


def sums_of_shares(told: pd.DataFrame, *, low: float = 99.95, high: float = 100.05) -> pd.DataFrame:
    """Projects whose shares do not sum to the whole.

    Parameters
    ----------
    told : DataFrame
        project, share in per cent.
    low, high : float
        Between these a sum is the whole.

    Returns
    -------
    DataFrame
        project, share: the sum.

    Examples
    --------
    >>> sums_of_shares(pd.DataFrame({"project": ["P", "P"], "share": [60.0, 60.0]})).values.tolist()
    [['P', 120.0]]
    """
    sums = told.groupby("project")["share"].sum().reset_index()
    return sums[(sums["share"] < low) | (sums["share"] > high)].reset_index(drop=True)


def _whole(told: pd.DataFrame, by: str) -> pd.DataFrame:
    """Shares in millionths, with what they leave of the whole as its own part; none where they exceed it."""
    table = pd.DataFrame({
        "project": told["project"].astype("object"), by: told[by].fillna(UNALLOCATED).astype("object"),
        "weight": (told["share"].astype("float64").fillna(0.0) * (WHOLE / 100)).round().astype("int64"),
    })  # fmt: skip
    return _completed(sum_by(table, ["project", by], ["weight"]), by)


def _completed(table: pd.DataFrame, by: str) -> pd.DataFrame:
    sums = table.groupby("project")["weight"].sum()
    over = set(sums.index[sums > WHOLE + DUST])
    table = table[~table["project"].isin(over) & (table["weight"] > 0)]
    left = (WHOLE - sums).where(sums <= WHOLE + DUST, WHOLE)
    left = left[left > DUST]
    rest = pd.DataFrame({"project": left.index, by: UNALLOCATED, "weight": left.to_numpy("int64")})
    both = sum_by(pd.concat([table, rest], ignore_index=True), ["project", by], ["weight"])
    return both.sort_values(["project", by], kind="stable", ignore_index=True)


def _by_purpose(purposes: pd.DataFrame) -> pd.DataFrame:
    """Pillars of projects by their purposes; a purpose that is in no crosswalk is "unallocated"."""
    share = purposes["share"].astype("float64")
    alone = purposes.groupby("project")["code"].transform("size") == 1
    share = share.fillna(alone * 100.0)  # a purpose that stands alone is all of it
    table = pd.DataFrame({"project": purposes["project"], "code": purposes["code"].astype("str"), "share": share})
    known = purpose_codes()[["code", "pillar", "share"]].rename(columns={"share": "part"})
    found = table.merge(known, on="code", how="left")
    found["pillar"] = found["pillar"].astype("Int64").astype("str").where(found["pillar"].notna(), UNALLOCATED)
    found["share"] *= found["part"].fillna(100) / 100
    return _whole(found, "pillar")
