# SPDX-License-Identifier: Apache-2.0
"""When droughts began and ended, how long and how deep they were: runs of a drought index."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from homeground.errors import DataError
from homeground.land.climate.months import complete_months
from homeground.numbers.units import same_unit


def drought_events(
    index: xr.DataArray,
    *,
    threshold: float = -1.0,
    mode: Literal["threshold", "mckee"] = "threshold",
    max_gap: int = 0,
    min_duration: int = 1,
) -> pd.DataFrame:
    """Each drought as one row: when it began and ended, how long and how deep it was, how long after the one before.

    Parameters
    ----------
    index : DataArray, dims (time, ...), dimensionless
        SPI or SPEI, one value a month in order; NaN is missing.
    threshold : float
        At or below it is drought.
    mode : {"threshold", "mckee"}
        "threshold": the months at or below the threshold that follow each other. "mckee": the months below 0 that follow
        each other, if one of them reaches the threshold; it starts with the first month below 0 and ends before the
        first that is not (McKee, Doesken and Kleist 1993, with -1).
    max_gap : int
        Droughts with no more known months than this between them count as one.
    min_duration : int
        Shorter droughts, after joining, are left out.

    Returns
    -------
    DataFrame, one row a drought, ordered by place and onset
        The labels of the other dimensions, and ``onset``, ``end`` (first and last month of drought), ``duration``
        (months from onset to end, both counted), ``severity`` (sum over its months of how far the index lies below the
        threshold, in mckee mode below 0), ``intensity`` (severity / duration), ``peak`` (lowest index), ``peak_time``,
        ``interarrival`` (months from the onset before to this one, over missing months as well; missing for the first
        of a place) and ``open`` (True where the series begins, ends or has a gap at either end, so that the drought may
        have been longer). A place without drought has no row, nor has one without any value.

    Raises
    ------
    DataError
        Wrong units, no dates, months that are missing, doubled or not in order, unknown mode, negative counts, or no
        value at all: no known month is not the same as no drought.

    Notes
    -----
    A missing month ends a drought, and droughts on its two sides are never joined.
    Sources: Yevjevich (1967), An objective approach to definitions and investigations of continental hydrologic
    droughts (run theory); McKee et al. (1993).

    Examples
    --------
    >>> import pandas as pd, xarray as xr
    >>> time = pd.date_range("2001-01-01", periods=8, freq="MS")
    >>> spi3 = xr.DataArray([0.2, -0.5, -1.5, -2.0, 0.1, -0.4, -1.2, 0.3], {"time": time}, attrs={"units": "1"})
    >>> drought_events(spi3)[["duration", "severity", "peak", "interarrival"]].values.tolist()
    [[2.0, 1.5, -2.0, nan], [1.0, 0.19999999999999996, -1.2, 4.0]]
    >>> drought_events(spi3, mode="mckee")[["duration", "severity"]].values.tolist()
    [[3.0, 4.0], [2.0, 1.6]]
    """
    if mode not in ("threshold", "mckee"):
        raise DataError(f'mode is {mode!r}, "threshold" or "mckee" was expected.')
    if max_gap < 0 or min_duration < 1:
        raise DataError(f"max_gap is {max_gap} and min_duration {min_duration}; at least 0 and 1 were expected.")
    if mode == "mckee" and threshold >= 0:
        raise DataError(f"threshold is {threshold:g}, a number below 0 was expected with mode='mckee'.")
    if not same_unit(str(index.attrs.get("units")), "1"):
        raise DataError(f'{index.name or "the index"} has units {index.attrs.get("units")!r}, "1" was expected.')
    complete_months(index, "the index")
    time = pd.DatetimeIndex(index["time"].values)
    others = [str(dim) for dim in index.dims if dim != "time"]
    values = np.asarray(index.transpose(*others, "time").values, dtype=np.float64)
    if np.isnan(values).all():
        raise DataError(f"{index.name or 'the index'} has no value at all, so it can not tell droughts. Check nodata.")
    rows = values.reshape(-1, time.size)

    level = 0.0 if mode == "mckee" else threshold
    first, last = _runs(rows < 0 if mode == "mckee" else rows <= threshold)
    if max_gap:
        first, last = _join(first, last, rows, max_gap)
    depth = np.where(rows < level, level - rows, 0.0).ravel()
    flat = rows.ravel()
    starts = np.column_stack([first, last + 1]).ravel()  # sums and minima of every second piece are those of the runs
    padded, lowest = np.append(depth, 0.0), np.append(np.where(np.isnan(flat), np.inf, flat), np.inf)
    severity = np.add.reduceat(padded, starts)[::2] if first.size else np.empty(0)
    peak = np.minimum.reduceat(lowest, starts)[::2] if first.size else np.empty(0)
    kept = last - first + 1 >= min_duration
    if mode == "mckee":
        kept &= peak <= threshold
    return _table(index, others, rows, time, first[kept], last[kept], severity[kept], peak[kept])


def _runs(drought: NDArray[np.bool_]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Flat places of the first and the last month of each run; no run crosses from one row to the next."""
    edge = np.zeros((drought.shape[0], 1), dtype=np.int8)
    change = np.diff(drought.astype(np.int8), axis=1, prepend=edge, append=edge)
    steps = drought.shape[1]
    row, start = np.nonzero(change == 1)
    stop_row, stop = np.nonzero(change == -1)
    return row * steps + start, stop_row * steps + stop - 1


def _join(
    first: NDArray[np.int64], last: NDArray[np.int64], rows: NDArray[np.float64], max_gap: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Runs of one row with at most ``max_gap`` known months between them become one."""
    if not first.size:
        return first, last
    missing = np.append(0, np.cumsum(np.isnan(rows).ravel()))
    gap = first[1:] - last[:-1] - 1
    together = (
        (gap <= max_gap)
        & (first[1:] // rows.shape[1] == first[:-1] // rows.shape[1])
        & (missing[first[1:]] == missing[last[:-1]])
    )
    return first[np.append(True, ~together)], last[np.append(~together, True)]


def _table(
    index: xr.DataArray,
    others: list[str],
    rows: NDArray[np.float64],
    time: pd.DatetimeIndex,
    first: NDArray[np.int64],
    last: NDArray[np.int64],
    severity: NDArray[np.float64],
    peak: NDArray[np.float64],
) -> pd.DataFrame:
    steps = last - first + 1
    place, onset = np.divmod(first, time.size)
    end = last % time.size
    lowest = np.array(
        [a + int(np.nanargmin(rows[p, a : b + 1])) for p, a, b in zip(place, onset, end, strict=True)], int
    )
    since = np.full(first.size, np.nan)
    same = place[1:] == place[:-1]
    since[1:][same] = np.diff(onset)[same]
    padded = np.pad(rows, ((0, 0), (1, 1)), constant_values=np.nan)
    table: dict[str, Any] = {}
    for number, dim in enumerate(others):
        label = np.unravel_index(place, [index.sizes[d] for d in others])[number]
        table[dim] = index[dim].values[label] if dim in index.coords else label
    table |= {
        "onset": time[onset],
        "end": time[end],
        "duration": steps,
        "severity": severity,
        "intensity": severity / steps,
        "peak": peak,
        "peak_time": time[lowest],
        "interarrival": since,
        "open": np.isnan(padded[place, onset]) | np.isnan(padded[place, end + 2]),
    }
    return pd.DataFrame(table)
