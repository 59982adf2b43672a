# SPDX-License-Identifier: Apache-2.0
"""Who moved from where to where: flows worked out from two counts of people by place of birth, and a null model."""

from __future__ import annotations

from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from homeground.errors import DataError

Floats = npt.NDArray[np.float64]
Method = Literal["minimum", "independence", "pseudo-bayesian", "stock-difference-drop", "stock-difference-reverse"]
Match = Literal["rescale", "open", "open-proportional"]
Parts = tuple[Floats, Floats, Floats, Floats]  # flow, outward, returning, transit; rows origin, columns destination


def flows_from_stocks(
    stocks_start: pd.DataFrame,
    stocks_end: pd.DataFrame,
    births: pd.Series[float],
    deaths: pd.Series[float],
    *,
    method: Method = "minimum",
    match: Match = "rescale",
    weight: float = 0.87,
) -> pd.DataFrame:
    """People who lived in one place at the start of a period and in another at its end, estimated from stocks.

    Parameters
    ----------
    stocks_start, stocks_end : DataFrame, (n, n), persons
        Index place of birth, columns place of residence, the same n places in one order. The diagonal holds those
        who live where they were born: population less those born elsewhere.
    births, deaths : Series, (n,), persons
        In each place of residence over the period. The stock-difference methods do not use them.
    method : str
        ``minimum``: the fewest moves that explain the change (Abel 2013). ``independence``: where people live at
        the end does not depend on where they lived at the start, given where they were born.
        ``pseudo-bayesian``: ``weight`` x minimum + (1 - weight) x independence (Azose and Raftery 2019).
        ``stock-difference-drop``: growth of a migrant stock is a move from the birthplace, decline is dropped.
        ``stock-difference-reverse``: decline is a move back to the birthplace.
    match : str
        How the numbers born in each place are made equal at both times, after births and deaths. ``rescale``: both
        tables meet half way, and the net migration of each place stays what population, births and deaths say
        (Abel and Sander 2014). ``open``: the surplus left the system or joined it from outside, in proportion to where
        they live in the other table; ``open-proportional``: in proportion to the table itself (Abel 2013).
    weight : float
        Weight of the minimum in ``pseudo-bayesian``; 0.87 reproduces the totals published by Abel and Cohen.

    Returns
    -------
    DataFrame, n (n - 1) rows, persons per period
        ``origin, destination, flow``, and its parts: ``outward`` (from the birthplace), ``returning`` (to it),
        ``transit`` (neither); ``method``; ``kind`` ("modelled").

    Raises
    ------
    DataError
        Places differ, a number is missing or negative, more die or are born than there are people, or the tables
        cannot be brought to the same birthplace totals.

    Notes
    -----
    Deaths are taken from each place in proportion to birthplaces, births from those born where they live (in
    proportion to birthplaces where these are too few). With x0_ik at the start and x1_jk at the end, both less
    the stayers min(x0_ik, x1_ik), flow_ij = sum over k of x0_ik x1_jk / x_.k, computed as matrix products.
    Transitions over the whole period: not arrivals, not yearly moves. Totals differ by about a factor of two between
    minimum and pseudo-bayesian: show more than one method.
    Sources: Abel (2013) Demographic Research 28:505-546; Abel (2018) International Migration Review 52:809-852;
    Abel and Cohen (2019) Scientific Data 6:82; Azose and Raftery (2019) PNAS 116:116-122.

    Examples
    --------
    >>> places = ["A", "B"]
    >>> start = pd.DataFrame([[100.0, 10.0], [5.0, 50.0]], places, places)
    >>> end = pd.DataFrame([[90.0, 20.0], [5.0, 50.0]], places, places)
    >>> none = pd.Series(0.0, places)
    >>> found = flows_from_stocks(start, end, none, none)
    >>> found[["origin", "destination", "flow", "outward"]].values.tolist()
    [['A', 'B', 10.0, 10.0], ['B', 'A', 0.0, 0.0]]
    """
    s1, s2, b, d = _checked(stocks_start, stocks_end, births, deaths)
    if method in {"stock-difference-drop", "stock-difference-reverse"}:
        parts = _stock_difference(s1, s2, reverse=method.endswith("reverse"))
    elif method in {"minimum", "independence", "pseudo-bayesian"}:
        x0, x1 = _matched(stocks_start.columns, s1, s2, b, d, match)
        if method == "pseudo-bayesian":
            both = zip(_moves(x0, x1, stayers=True), _moves(x0, x1, stayers=False), strict=True)
            flow, outward, returning, transit = (weight * least + (1 - weight) * most for least, most in both)
            parts = flow, outward, returning, transit
        else:
            parts = _moves(x0, x1, stayers=method == "minimum")
    else:
        raise DataError(f"method {method!r} is not known; expected one of {Method.__args__}.")  # type: ignore[attr-defined]
    return _pairs(
        stocks_start.columns, dict(zip(("flow", "outward", "returning", "transit"), parts, strict=True))
    ).assign(method=method, kind="modelled")


def radiation(origin_out: pd.Series[float], mass: pd.Series[float], distance: pd.DataFrame) -> pd.DataFrame:
    """People who would move between each two places if each took the nearest chance better than those at home.

    Parameters
    ----------
    origin_out : Series, (n,), persons
        All who leave each place.
    mass : Series, (n,)
        Chances at each place, mostly its population.
    distance : DataFrame, (n, n)
        Distance or travel time between places, in any one unit; the diagonal is not used.

    Returns
    -------
    DataFrame, n (n - 1) rows
        ``origin, destination, flow`` (persons), ``kind`` ("modelled"). An origin's flows add up to those who leave.

    Raises
    ------
    DataError
        Places differ, a number is missing or negative, or an origin that people leave has no mass.

    Notes
    -----
    T_od = O_o / (1 - m_o / M) * m_o n_d / ((m_o + s)(m_o + n_d + s)), s the mass nearer to o than d is, without o.
    Places equally far share the flow to their distance by mass. It has no parameter: use it as the null model that
    others must beat.
    Sources: Simini and others (2012) Nature 484:96-100; finite size: Masucci and others (2013) Phys. Rev. E 88:022812.

    Examples
    --------
    >>> places = ["A", "B", "C"]
    >>> far = pd.DataFrame([[0.0, 1.0, 2.0], [1.0, 0.0, 1.5], [2.0, 1.5, 0.0]], places, places)
    >>> leave, people = pd.Series([60.0, 0.0, 0.0], places), pd.Series([10.0, 10.0, 20.0], places)
    >>> radiation(leave, people, far)["flow"].head(2).tolist()
    [40.0, 20.0]
    """
    places = mass.index
    if not all(axis.equals(places) for axis in (origin_out.index, distance.index, distance.columns)):
        raise DataError("origin_out, mass, and both axes of distance must name the same places in one order.")
    out, m, far = (table.to_numpy(dtype=float) for table in (origin_out, mass, distance))
    off = ~np.eye(len(m), dtype=bool)
    if not ((out >= 0).all() and (m >= 0).all() and (far[off] >= 0).all()):
        raise DataError("origin_out, mass or distance is missing or negative somewhere; 0 or more was expected.")
    stuck = (out > 0) & ((m == 0) | (m == m.sum()))
    if stuck.any():
        raise DataError(f"people leave {list(places[stuck])}, which hold no mass or all of it. Correct mass.")
    flow = np.zeros_like(far)
    for o in np.flatnonzero(out):
        others = np.flatnonzero(off[o] & (m > 0))
        _, ring = np.unique(far[o, others], return_inverse=True)
        in_ring = np.bincount(ring, m[others])
        beyond = m[o] + np.cumsum(in_ring)  # mass of the origin and of all up to and with the ring
        share = m[o] * in_ring / ((beyond - in_ring) * beyond)
        flow[o, others] = out[o] / (1 - m[o] / m.sum()) * (share / in_ring)[ring] * m[others]
    return _pairs(places, {"flow": flow}).assign(kind="modelled")


def fit_margins(
    seed: npt.ArrayLike, rows: npt.ArrayLike, columns: npt.ArrayLike, *, sweeps: int = 500, tolerance: float = 1e-9
) -> Floats:
    """The table nearest to the seed that has these row and column totals (iterative proportional fitting).

    Parameters
    ----------
    seed : array-like, (n, m)
        Not negative; zeros stay zero.
    rows, columns : array-like, (n,) and (m,)
        Totals, with one sum.
    sweeps : int
        Most sweeps over rows and columns.
    tolerance : float
        Largest gap of a row, relative to the sum of all.

    Returns
    -------
    ndarray, (n, m)

    Raises
    ------
    DataError
        The totals cannot be reached with the zeros of the seed.

    Notes
    -----
    Deming and Stephan (1940); minimises the Kullback-Leibler divergence from the seed. Sweeps are helped by steps of
    Newton on the row factors, which lead to the same table.

    Examples
    --------
    >>> fit_margins([[5, 2], [1, 7]], [18, 20], [16, 22]).round(2).tolist()
    [[13.25, 4.75], [2.75, 17.25]]
    """
    table = np.array(seed, dtype=float)
    row, column = np.asarray(rows, dtype=float), np.asarray(columns, dtype=float)
    gap = np.inf
    for sweep in range(sweeps):
        table *= _ratio(row, table.sum(axis=1))[:, None]
        table *= _ratio(column, table.sum(axis=0))
        if sweep > 5:
            table = _newton_step(table, row, column)
        gap = float(np.abs(table.sum(axis=1) - row).max())
        if gap <= tolerance * row.sum():
            return table
    raise DataError(
        f"row totals (sum {row.sum():.6g}) and column totals (sum {column.sum():.6g}) cannot both be reached: a row is "
        f"still {gap:.3g} off. Totals must have one sum, and rows with people need a place in the seed."
    )


def _newton_step(table: Floats, row: Floats, column: Floats) -> Floats:
    """One step of Newton on the row factors, kept if it helps: sweeps alone crawl where most stay at home."""
    sums = table.sum(axis=1)
    slope = np.diag(sums) - (table * _ratio(np.ones_like(column), column)) @ table.T
    slope += np.eye(len(sums)) * (1e-12 * sums.max() + (sums == 0))  # a common factor of all rows is free
    factors = np.exp(np.clip(np.linalg.solve(slope, row - sums), -2.0, 2.0))
    moved = table * factors[:, None]
    moved *= _ratio(column, moved.sum(axis=0))
    closer = np.abs(moved.sum(axis=1) - row).max() < np.abs(sums - row).max()
    return moved if closer else table


def _ratio(top: Floats, bottom: Floats) -> Floats:
    return np.divide(top, bottom, out=np.zeros_like(top), where=bottom > 0)


def _checked(
    stocks_start: pd.DataFrame, stocks_end: pd.DataFrame, births: pd.Series[float], deaths: pd.Series[float]
) -> tuple[Floats, Floats, Floats, Floats]:
    places = stocks_start.columns
    tables: dict[str, pd.DataFrame | pd.Series[float]] = {
        "stocks_start": stocks_start,
        "stocks_end": stocks_end,
        "births": births,
        "deaths": deaths,
    }
    for name, table in tables.items():
        axes = [table.index, table.columns] if isinstance(table, pd.DataFrame) else [table.index]
        if not all(axis.equals(places) for axis in axes):
            raise DataError(f"{name} names other places than the columns of stocks_start, or in another order.")
        if not (table.to_numpy(dtype=float) >= 0).all():  # missing compares false
            raise DataError(f"{name} holds missing or negative numbers; counts of persons were expected.")
    s1, s2 = np.asarray(stocks_start, dtype=np.float64), np.asarray(stocks_end, dtype=np.float64)
    b, d = np.asarray(births, dtype=np.float64), np.asarray(deaths, dtype=np.float64)
    for name, moved, people in (("die", d, s1.sum(axis=0)), ("are born", b, s2.sum(axis=0))):
        if (moved > people).any():
            raise DataError(f"more people {name} than live in {list(places[moved > people])}. Check the units.")
    return s1, s2, b, d


def _matched(places: pd.Index, s1: Floats, s2: Floats, b: Floats, d: Floats, match: Match) -> tuple[Floats, Floats]:
    """Both tables without births and deaths, and with the same number born in each place; rows are residences."""
    if match == "rescale":
        gap = (b.sum() - d.sum()) - (s2.sum() - s1.sum())  # the world neither gains nor loses by migration
        s1, s2 = _native_changed(s1, -gap / 2), _native_changed(s2, gap / 2)
    s1 = s1 * (1 - _ratio(d, s1.sum(axis=0)))
    too_few = np.diag(s2) < b
    s2 = np.where(too_few, s2 * (1 - _ratio(b, s2.sum(axis=0))), s2 - np.diag(b))

    born1, born2 = s1.sum(axis=1), s2.sum(axis=1)
    surplus = born1 - born2
    if match == "rescale":
        _rescalable(places, s1, s2)
        s1 = fit_margins(s1, born1 - surplus / 2, s1.sum(axis=0))
        s2 = fit_margins(s2, born2 + surplus / 2, s2.sum(axis=0))
    elif match in {"open", "open-proportional"}:
        left, joined = np.maximum(surplus, 0.0), np.maximum(-surplus, 0.0)
        first = match == "open-proportional"
        s1, s2 = _less(s1, s1 if first else s2, left), _less(s2, s2 if first else s1, joined)
    else:
        raise DataError(f"match {match!r} is not known; expected one of {Match.__args__}.")  # type: ignore[attr-defined]
    return s1.T, s2.T


def _rescalable(places: pd.Index, s1: Floats, s2: Floats) -> None:
    """Where nobody was born elsewhere, all who live there were born there: fewer cannot have been."""
    born = (s1.sum(axis=1) + s2.sum(axis=1)) / 2
    alone = [
        (np.count_nonzero(s, axis=0) == 1) & (np.diag(s) > 0) & (np.diag(s) > born * (1 + 1e-12)) for s in (s1, s2)
    ]
    if np.any(alone):
        raise DataError(
            f"{list(places[np.any(alone, axis=0)])} hold nobody born elsewhere at one time, and then more people than "
            f"were born there by the other table: the tables cannot meet half way. Leave these places out, join them "
            f'with another, or use match="open".'
        )


def _native_changed(stocks: Floats, change: float) -> Floats:
    native = np.diag(stocks)
    if native.sum() + change < 0:
        raise DataError("births, deaths and populations disagree by more than all who live where they were born.")
    return stocks + np.diag(native * _ratio(np.array([change]), native.sum(keepdims=True)))


def _less(stocks: Floats, weights: Floats, people: Floats) -> Floats:
    """Stocks less so many born in each place, by the weights; by the stocks themselves where these would not do."""
    taken = weights * _ratio(people, weights.sum(axis=1))[:, None]
    too_much = (taken > stocks).any(axis=1) | (weights.sum(axis=1) == 0)
    taken[too_much] = (stocks * _ratio(people, stocks.sum(axis=1))[:, None])[too_much]
    return stocks - taken


def _moves(x0: Floats, x1: Floats, *, stayers: bool) -> Parts:
    """Moves from residence at the start (rows of x0) to that at the end (rows of x1), by birthplace (columns)."""
    if stayers:
        stay = np.minimum(x0, x1)
        x0, x1 = x0 - stay, x1 - stay
    total = x0.sum(axis=0)
    x1 = x1 * _ratio(total, x1.sum(axis=0))
    per = _ratio(np.ones_like(total), total)
    flow = (x0 * per) @ x1.T
    outward = (np.diag(x0) * per)[:, None] * x1.T  # born at the origin
    returning = x0 * (np.diag(x1) * per)  # born at the destination
    for table in (flow, outward, returning):
        np.fill_diagonal(table, 0.0)
    return flow, outward, returning, np.maximum(flow - outward - returning, 0.0)


def _stock_difference(s1: Floats, s2: Floats, *, reverse: bool) -> Parts:
    change = s2 - s1
    np.fill_diagonal(change, 0.0)
    outward = np.maximum(change, 0.0)
    returning = np.maximum(-change, 0.0).T if reverse else np.zeros_like(change)
    return outward + returning, outward, returning, np.zeros_like(change)


def _pairs(places: pd.Index, tables: dict[str, Floats]) -> pd.DataFrame:
    """One row for each ordered pair of two places."""
    n = len(places)
    off = ~np.eye(n, dtype=bool).ravel()
    origin, destination = np.repeat(np.arange(n), n)[off], np.tile(np.arange(n), n)[off]
    values = {name: table.ravel()[off] for name, table in tables.items()}
    return pd.DataFrame({"origin": places[origin], "destination": places[destination], **values})
