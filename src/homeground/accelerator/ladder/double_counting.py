# SPDX-License-Identifier: Apache-2.0
"""The same money told by several projects, counted once: by links between giver and receiver, and by levels of a programme.

Of what projects tell at one step of the ladder (gross), ``linked`` came to them from another project of the registry,
which told of it already; ``levels`` is told at another level of the same programme; the rest is net. ``residual`` is the
part of the net that a project says came from others, without a link that would show whether these told of it too.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from homeground.accelerator.ladder.currencies import crossings, told_in_two_currencies
from homeground.accelerator.ladder.dollars import stated_rates
from homeground.accelerator.ladder.grouping import sum_by
from homeground.accelerator.ladder.levels import level_parts
from homeground.accelerator.ladder.rows import table_of
from homeground.accelerator.ladder.shares import in_proportion

CELL = ["project", "step", "currency"]
LINK = ["giver", "taker", "step", "currency"]


def net_of_double_counting(rows: pd.DataFrame, tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Rows of money with what of each is told elsewhere too.

    Parameters
    ----------
    rows : DataFrame
        Of `money_rows`, or sums of such rows: step, end, project, donor, donor_project, receiver_project, currency, year,
        amount_minor (int64).
    tables : mapping of DataFrame
        projects (level, reporting_organisation), project_links (parent, child) and exchange_rates are read.

    Returns
    -------
    DataFrame
        The rows that count (those told by who gets only where a project tells of that step in no other way), in the
        same order, with linked_minor, levels_minor, net_minor and residual_minor: gross = linked + levels + net, and
        residual is part of net.

    Notes
    -----
    For each project, step and currency: what is linked in is the sum over givers of the greater of what the giver and
    the receiver tell of it; up to that amount, what the project passes on is linked away, in proportion over its rows.
    Links in a circle link nothing away; their money is residual. Where both ends tell of a link in different currencies they
    are set against each other by the rates of ``exchange_rates``. Money that came in one currency and goes on in another is
    netted by the rates of ``exchange_rates`` (see `currencies`); where one is lacking, all that went on is residual.

    Examples
    --------
    >>> told = {"project": ["A", "B"], "step": ["disbursed"] * 2, "end": ["out"] * 2, "currency": ["USD"] * 2}
    >>> told |= {"donor": [None] * 2, "donor_project": [None] * 2, "receiver_project": ["B", None], "year": [2024] * 2}
    >>> rows = pd.DataFrame(told | {"amount_minor": [100, 80]})
    >>> net_of_double_counting(rows, {})[["linked_minor", "net_minor"]].values.tolist()
    [[0, 100], [80, 0]]
    """
    return net_and_crossings(rows, tables)[0]


def net_and_crossings(rows: pd.DataFrame, tables: Mapping[str, pd.DataFrame]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """What `net_of_double_counting` gives, and the money that went on in another currency than it came in.

    Parameters
    ----------
    rows : DataFrame
    tables : mapping of DataFrame
        ``exchange_rates`` is read too.

    Returns
    -------
    (DataFrame, DataFrame)
        The rows that count, and the crossings: see `currencies.crossings`.

    Examples
    --------
    >>> counted, crossed = net_and_crossings(pd.DataFrame(columns=["project", "step", "end", "donor", "currency", "year",
    ...     "donor_project", "receiver_project", "amount_minor"]).astype({"amount_minor": "int64"}), {})
    >>> len(counted), crossed.columns.tolist()[:3]
    (0, ['project', 'step', 'givers'])
    """
    counted = _that_count(rows)
    held = rows["project"].notna()
    known = set(rows.loc[held, "project"]) | set(table_of(tables, "projects")["project"])
    links, circles = _links(rows[held], known)
    links = _each_once(links, rows[held], known, tables)
    told = counted[counted["project"].notna()]
    cells = sum_by(told, CELL, ["amount_minor"])
    cells = cells.merge(_into(links, "linked_in"), on=CELL, how="left")
    cells = cells.merge(_unlinked(rows[held], known, tables, circles), on=CELL, how="left")
    for name in ("linked_in", "open_in"):
        cells[name] = cells[name].fillna(0).astype("int64")
    positive = cells["amount_minor"].clip(lower=0)
    cells["linked_minor"] = np.minimum(positive, cells["linked_in"].clip(lower=0))
    crossed = _crossed(rows[held], told, cells, links, known, tables)
    cells["linked_minor"] += _of_cells(cells, crossed, "linked_minor")
    left = positive - cells["linked_minor"]
    cells["residual_minor"] = np.minimum(left, cells["open_in"].clip(lower=0))
    # money came in a currency of which no rate is stated: all that is left may be it
    unknown = crossed[crossed["lacking"] != ""].assign(open=1)
    foreign = (_of_cells(cells, unknown, "open") > 0) & (cells["linked_in"] <= 0)
    cells["residual_minor"] = cells["residual_minor"].where(~foreign, left)
    counted["linked_minor"] = spread(counted, "amount_minor", cells, "linked_minor")
    counted["levels_minor"], below = level_parts(counted, tables, known)
    counted["net_minor"] = counted["amount_minor"] - counted["linked_minor"] - counted["levels_minor"]
    cells["residual_minor"] = np.minimum(cells["residual_minor"], _net_of(counted, cells).clip(lower=0))
    counted["residual_minor"] = np.where(
        below, counted["net_minor"].clip(lower=0), spread(counted, "net_minor", cells, "residual_minor")
    )
    return counted, crossed


def summary(counted: pd.DataFrame) -> pd.DataFrame:
    """What double counting makes of each step: gross, linked away, told at another level, net, unlinked residual.

    Parameters
    ----------
    counted : DataFrame
        Of `net_of_double_counting`.

    Returns
    -------
    DataFrame
        step, currency, gross_minor, linked_minor, levels_minor, net_minor, residual_minor, reversed_minor (what
        negative rows took back; part of gross).

    Examples
    --------
    >>> row = {"step": ["spent"], "currency": ["USD"], "amount_minor": [9], "linked_minor": [4], "levels_minor": [0]}
    >>> summary(pd.DataFrame(row | {"net_minor": [5], "residual_minor": [0], "reversed_minor": [-1]}))["net_minor"].tolist()
    [5]
    """
    sums = ["amount_minor", "linked_minor", "levels_minor", "net_minor", "residual_minor", "reversed_minor"]
    found = sum_by(counted, ["step", "currency"], sums)
    return found.rename(columns={"amount_minor": "gross_minor"})


def spread(rows: pd.DataFrame, amount: str, cells: pd.DataFrame, part: str) -> np.ndarray[Any, np.dtype[np.int64]]:
    """A part of the money of each project, step and currency, in proportion over its positive rows, exactly.

    Parameters
    ----------
    rows : DataFrame
        project, step, currency and ``amount`` (int64).
    amount : str
    cells : DataFrame
        project, step, currency and ``part`` (int64), at most the sum of the positive amounts.
    part : str

    Returns
    -------
    array of int64
        For each row.

    Examples
    --------
    >>> rows = pd.DataFrame({"project": ["P"] * 2, "step": ["spent"] * 2, "currency": ["USD"] * 2, "amount": [2, 1]})
    >>> spread(rows, "amount", pd.DataFrame({"project": ["P"], "step": ["spent"], "currency": ["USD"], "part": [2]}), "part")
    array([1, 1])
    """
    found = np.zeros(len(rows), "int64")
    wanted = cells.loc[cells[part] > 0, [*CELL, part]]
    if wanted.empty:
        return found
    ask = rows[CELL].assign(_place=np.arange(len(rows)), _amount=rows[amount].clip(lower=0).to_numpy("int64"))
    ask = ask[ask["_amount"] > 0].merge(wanted, on=CELL).sort_values("_place", kind="stable")
    whole = ask.groupby(CELL, sort=False)["_amount"].transform("sum")
    all_of_it = whole == ask[part]
    found[ask.loc[all_of_it, "_place"]] = ask.loc[all_of_it, "_amount"]
    for _, group in ask[~all_of_it].groupby(CELL, sort=False):
        found[group["_place"]] = in_proportion(int(group[part].iloc[0]), group["_amount"].tolist())
    return found


def _that_count(rows: pd.DataFrame) -> pd.DataFrame:
    """What is told by who gives; by who gets, where a project tells of that step in no other way."""
    gives = rows["end"] == "out"
    if gives.all():
        return rows.copy()
    told = pd.MultiIndex.from_frame(rows.loc[gives, ["project", "step"]].drop_duplicates())
    alone = ~gives & ~pd.MultiIndex.from_frame(rows[["project", "step"]]).isin(told)
    return rows[gives | alone].copy()


def _links(rows: pd.DataFrame, known: set[str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Money from one project to another with the greater of the two amounts told; those in circles apart."""
    ends = [sum_by(part, LINK, ["amount_minor"]) for part in _ends(rows, known)]
    both = ends[0].merge(ends[1], on=LINK, how="outer", suffixes=("_out", "_in"))
    both["amount_minor"] = both[["amount_minor_out", "amount_minor_in"]].max(axis=1).clip(lower=0).astype("int64")
    if both.empty:
        return both, both
    circle = _in_circles(both["giver"], both["taker"])
    return both[~circle], both[circle]


def _each_once(
    links: pd.DataFrame, rows: pd.DataFrame, known: set[str], tables: Mapping[str, pd.DataFrame]
) -> pd.DataFrame:
    """Links less what their other end tells of in another currency: one payment is no two."""
    if links.empty:
        return links.assign(twice_minor=0)
    rated = rows if "rate_year" in rows else rows.assign(rate_year=rows["year"])
    out, into = (sum_by(part, [*LINK, "rate_year"], ["amount_minor"]) for part in _ends(rated, known))
    twice = told_in_two_currencies(links, out, into, stated_rates(table_of(tables, "exchange_rates")))
    return links.assign(amount_minor=links["amount_minor"] - twice, twice_minor=twice)


def _ends(rows: pd.DataFrame, known: set[str]) -> list[pd.DataFrame]:
    """Rows that tell of money from one project of the registry to another: those of givers, those of takers."""
    found = []
    for end, (giver, taker) in {"out": ("project", "receiver_project"), "in": ("donor_project", "project")}.items():
        part = rows[(rows["end"] == end) & rows[giver].isin(known) & rows[taker].isin(known)]
        part = part.assign(giver=part[giver], taker=part[taker])
        found.append(part[part["giver"] != part["taker"]])
    return found


def _in_circles(givers: pd.Series[Any], takers: pd.Series[Any]) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Which links lie on a way that leads back to where it began."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    codes, names = pd.factorize(pd.concat([givers, takers], ignore_index=True))
    start, end = codes[: len(givers)], codes[len(givers) :]
    graph = coo_array((np.ones(len(start)), (start, end)), shape=(len(names), len(names)))
    _, part = connected_components(graph, directed=True, connection="strong")
    same: np.ndarray[Any, np.dtype[np.bool_]] = part[start] == part[end]
    return same


def _into(links: pd.DataFrame, name: str) -> pd.DataFrame:
    found = sum_by(links, ["taker", "step", "currency"], ["amount_minor"])
    return found.rename(columns={"taker": "project", "amount_minor": name})


def _crossed(
    rows: pd.DataFrame, told: pd.DataFrame, cells: pd.DataFrame, links: pd.DataFrame, known: set[str],
    tables: Mapping[str, pd.DataFrame],
) -> pd.DataFrame:  # fmt: skip
    """Money that takers of links passed on in another currency; only rows of takers are looked at."""
    several = cells.loc[cells["project"].isin(set(links["taker"]))]
    rates = stated_rates(table_of(tables, "exchange_rates"))
    takers = set(several["project"])
    rated = rows if "rate_year" in rows else rows.assign(rate_year=rows["year"])
    passed = told[told["project"].isin(takers)]
    passed = passed if "rate_year" in passed else passed.assign(rate_year=passed["year"])
    came = _by_year(rated[rated["receiver_project"].isin(takers) | rated["project"].isin(takers)], links, known)
    return crossings(several, came, passed, rates)


def _by_year(rows: pd.DataFrame, links: pd.DataFrame, known: set[str]) -> pd.DataFrame:
    """Links with the years of their money, as that end tells of it that tells of more."""
    keys = [*LINK, "rate_year"]
    out, into = (sum_by(part, keys, ["amount_minor"]) for part in _ends(rows, known))
    by_out = links["amount_minor_out"].fillna(0) >= links["amount_minor_in"].fillna(0)
    kept = [*LINK, "twice_minor"]
    told = [out.merge(links.loc[by_out, kept], on=LINK), into.merge(links.loc[~by_out, kept], on=LINK)]
    both = pd.concat(told, ignore_index=True).rename(columns={"taker": "project"})
    for _, part in both[both["twice_minor"] > 0].groupby(["giver", "project", "step", "currency"], sort=False):
        less = in_proportion(int(part["twice_minor"].iloc[0]), part["amount_minor"].clip(lower=0).tolist())
        both.loc[part.index, "amount_minor"] -= less
    return both.drop(columns="twice_minor")


def _of_cells(cells: pd.DataFrame, crossed: pd.DataFrame, name: str) -> np.ndarray[Any, np.dtype[np.int64]]:
    if crossed.empty:
        return np.zeros(len(cells), "int64")
    found = crossed.groupby(CELL, as_index=False)[name].sum()
    joined = cells[CELL].merge(found, on=CELL, how="left")
    return joined[name].fillna(0).to_numpy("int64")


def _unlinked(
    rows: pd.DataFrame, known: set[str], tables: Mapping[str, pd.DataFrame], circles: pd.DataFrame
) -> pd.DataFrame:
    """Money that projects say they got without a link to a project that gave it, from givers who may have told of it."""
    inward = rows[(rows["end"] == "in") & ~rows["donor_project"].isin(known)]
    inward = inward[_may_be_told(inward, rows, tables)]
    found = sum_by(inward, CELL, ["amount_minor"])
    both = pd.concat([found, _into(circles, "amount_minor")], ignore_index=True) if len(circles) else found
    return sum_by(both, CELL, ["amount_minor"]).rename(columns={"amount_minor": "open_in"})


def _may_be_told(inward: pd.DataFrame, rows: pd.DataFrame, tables: Mapping[str, pd.DataFrame]) -> pd.Series[bool]:
    """Whether the giver is unknown, or tells of another project of the registry, or is the giver in another one."""
    reported = table_of(tables, "projects")[["reporting_organisation", "project"]]
    reported = reported.rename(columns={"reporting_organisation": "donor"})
    given = rows.loc[rows["end"] == "out", ["donor", "project"]]
    tells = pd.concat([reported, given]).dropna().drop_duplicates()
    projects = tells.groupby("donor")["project"].agg(["size", "first"])
    count, first = inward["donor"].map(projects["size"]), inward["donor"].map(projects["first"])
    told: pd.Series[bool] = inward["donor"].isna() | (count > 1) | ((count == 1) & (first != inward["project"]))
    return told


def _net_of(counted: pd.DataFrame, cells: pd.DataFrame) -> pd.Series[Any]:
    net = sum_by(counted[counted["project"].notna()], CELL, ["net_minor"])
    return cells[CELL].merge(net, on=CELL, how="left")["net_minor"].fillna(0).astype("int64")
