# SPDX-License-Identifier: Apache-2.0
"""The study's own judgement on many draws of the same cells at once, and the shares it gives."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, cast

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from scipy.sparse import csr_array

from homeground.catalogue.classes import MISSING
from homeground.land.assessment.choices import Choices, state_field, trend_field
from homeground.land.assessment.judgement import Evidence, combined, productivity, three
from homeground.land.assessment.periods import PERIODS
from homeground.land.assessment.vegetation import trend_target
from homeground.land.neutrality.degradation import status
from homeground.land.noise.water import Water, water_drawn
from homeground.land.productivity.direction import trend_direction
from homeground.land.productivity.noise import NoSignal, drawn, orders_of
from homeground.land.productivity.profiles import PROFILES, Period
from homeground.land.productivity.state import state_class, state_statistics
from homeground.land.productivity.trend import fdr_threshold, trend

MEASURES = ("productivity_declining", "trend_falling", "state_falling", "degraded_baseline", "degraded", "improved")
BATCH = 200_000  # series that are judged at once: some 20 MB of each field of numbers
Bools = NDArray[np.bool_]
Beside = tuple[str, NDArray[np.float32]]


@dataclass
class Observed:
    """What is taken as observed of the cells in one period, arrays of one number a cell."""

    evidence: Evidence  # one dimension; the fields of trend and state are set by each draw
    cover: NDArray[np.int8] | None
    carbon: NDArray[np.int8] | None


def draw_shares(
    null: NoSignal,
    cells: Mapping[str, Observed],
    spans: Mapping[str, Period],
    choices: Choices,
    weights: NDArray[np.float64],
    draws: int,
    seed: int,
    batch: int = BATCH,
    water: Water | None = None,
) -> dict[str, NDArray[np.float64]]:
    """Share of each measure in each draw and place.

    Parameters
    ----------
    null : NoSignal
        Of the yearly index of the cells.
    cells : mapping of period to Observed
        Both periods.
    spans : mapping of period to Period
        Their years.
    choices : Choices
        Those of the published result.
    weights : array, shape (cells, places), km2
        Land that each cell stands for in each place.
    draws, seed : int
        How many orders of the years, and where the random numbers start.
    batch : int
        Series judged at once; the numbers do not depend on it.
    water : Water, optional
        Where the trend is not of the index itself.

    Returns
    -------
    dict of measure to array, shape (draws, places), %
        Only measures that can be had.
    """
    orders, size = orders_of(null, draws, seed), null.level.size
    at_once, parts = max(1, batch // max(size, 1)), []
    of_places = csr_array(weights).T  # a cell stands for land of one region, and of its country and study: most are 0
    for start in range(0, draws, at_once):
        some = orders[start : start + at_once]
        index = drawn(null, some)
        beside: Beside | None = None
        if water is not None:
            values, added = water_drawn(water, null.years, some)
            beside, index = (water.trend_of, _long(values)), index + added
        tiled = {period: _tiled(one, len(some)) for period, one in cells.items()}
        parts.append(
            {
                name: tuple((of_places @ which.reshape(len(some), size).T).T for which in (found, known))
                for name, found, known in judged_cells(
                    _long(index), null.years, tiled, spans, choices, len(some), beside
                )
            }
        )
    with np.errstate(invalid="ignore", divide="ignore"):
        return {name: np.concatenate([100 * part[name][0] / part[name][1] for part in parts]) for name in parts[0]}


def judged_cells(
    index: NDArray[np.float32],
    years: NDArray[np.int64],
    cells: Mapping[str, Observed],
    spans: Mapping[str, Period],
    choices: Choices,
    maps: int = 1,
    beside: Beside | None = None,
) -> Iterator[tuple[str, Bools, Bools]]:
    """Each measure, where it holds and where it is known at all, by the steps of the assessment.

    Parameters
    ----------
    index : array, shape (years, series), dimensionless
        Yearly vegetation index.
    years : array of int, shape (years,)
    cells : mapping of period to Observed
        Of as many series.
    spans, choices
        As in `draw_shares`.
    maps : int
        How many maps stand one behind the other: a rate of false findings is of each.
    beside : (str, array of shape (years, series), mm/year), optional
        What the trend is of where it is not of the index, and the rain or evapotranspiration of the series.

    Yields
    ------
    (measure, array of bool, array of bool, both of shape (series,))
        Of `MEASURES`; without soil carbon or cover only those of productivity.
    """
    series = _series(index, years, "1")
    water: xr.DataArray | None = None
    if beside is not None:
        some = np.isfinite(beside[1]).any(axis=1)  # a year without any is no year of the source
        water = _series(beside[1][some], years[some], "mm/year")
    verdicts = []
    for period in PERIODS:
        span, one = spans[period], cells[period]
        here = series.isel(year=np.flatnonzero((years >= span.trend[0]) & (years <= span.trend[1])))
        target = here if beside is None else trend_target(beside[0], here, water)
        metrics = _metrics(here, target, span, choices)
        known = replace(one.evidence, vegetation=one.evidence.vegetation | metrics)
        known.__dict__["ratio"] = one.evidence.ratio  # of space alone
        if choices.trend == "false-discovery":
            # An array, for each draw is a map of its own.
            known.fdr_threshold = cast(Any, _thresholds(known, maps))
        classes = productivity(known, choices)
        if classes is None:
            raise AssertionError("cells with a vegetation index have a class of productivity")
        if period == "period":
            direction = _direction(known, choices)
            falling = known.vegetation[state_field(PROFILES[choices.profile])]
            for name, values in (
                ("productivity_declining", three(classes).values),
                ("trend_falling", direction),
                ("state_falling", falling),
            ):
                yield name, values == -1, values != MISSING
        cover, carbon = (None if v is None else known.like.copy(data=v) for v in (one.cover, one.carbon))
        verdicts.append(combined((classes, cover, carbon), known, choices))
    before, now = verdicts
    if before is not None and now is not None:
        state = status(before, now).values
        judged = state != MISSING
        yield "degraded_baseline", judged & (before.values == -1), judged
        yield "degraded", (state >= 1) & (state <= 3), judged
        yield "improved", state >= 5, judged


def _series(values: NDArray[Any], years: NDArray[np.int64], units: str) -> xr.DataArray:
    return xr.DataArray(values, {"year": years}, dims=("year", "cell"), attrs={"units": units})


def _long(values: NDArray[np.float64]) -> NDArray[np.float32]:
    """Maps one behind the other."""
    return values.reshape(len(values), -1).astype(np.float32)


def _metrics(here: xr.DataArray, target: xr.DataArray, span: Period, choices: Choices) -> dict[str, NDArray[Any]]:
    """Trend and state of one period by the rules that are published."""
    rules = PROFILES[choices.profile]
    out: dict[str, NDArray[Any]] = {}
    if choices.trend in ("hamed-rao", "pre-whiten"):
        years = target["year"].values
        even = target.reindex(year=np.arange(years[0], years[-1] + 1))
        corrected = trend(even, autocorrelation=choices.trend, limits=False)  # type: ignore[arg-type]
        out[f"trend_{choices.trend}"] = trend_direction(corrected).values
    else:
        earth = rules.significance == "trends.earth" and choices.trend == "profile"
        found = trend(target, significance="trends.earth" if earth else "exact", limits=False)
        out |= {"p": found["p"].values, "score": found["s"].values}
        limits: dict[str, Any] = {"alpha": rules.alpha, "min_slope": rules.min_slope}
        if choices.trend == "profile":
            out[trend_field(rules)] = trend_direction(found, significance=rules.significance, **limits).values
    numbers = state_statistics(here, span.history, span.recent)
    state = state_class(numbers, method=rules.state_method, min_change=rules.state_min_change)
    return out | {state_field(rules): state.values}


def _direction(known: Evidence, choices: Choices) -> NDArray[Any]:
    if choices.trend == "profile":
        return known.vegetation[trend_field(PROFILES[choices.profile])]
    if choices.trend != "false-discovery":
        return known.vegetation[f"trend_{choices.trend}"]
    p = known.vegetation["p"]
    with np.errstate(invalid="ignore"):
        found = np.where(p <= known.fdr_threshold, np.sign(known.vegetation["score"]), 0)
    return np.where(np.isfinite(p), found, MISSING)


def _thresholds(known: Evidence, maps: int) -> NDArray[np.float64]:
    """The largest p that counts on each map, repeated for its cells; land alone is tested, as in the assessment."""
    if known.stratum is None:
        raise AssertionError("cells with a vegetation index have a kind of place")
    p = np.where(np.isfinite(known.stratum), known.vegetation["p"], np.nan).reshape(maps, -1)
    limits = [fdr_threshold([np.unique(row[np.isfinite(row)], return_counts=True)], 0.05) for row in p]
    return np.repeat(limits, p.shape[1])


def _tiled(one: Observed, times: int) -> Observed:
    """The same cells so many times, one map behind the other."""

    def tile(values: Any) -> Any:
        return None if values is None else np.tile(values, times)

    known = one.evidence
    long = replace(
        known,
        like=xr.DataArray(np.zeros(known.like.size * times, np.int8), dims="cell"),
        vegetation={name: tile(values) for name, values in known.vegetation.items()},
        stratum=tile(known.stratum),
        water=tile(known.water),
        abandoned=tile(known.abandoned),
        confirmed=tile(known.confirmed),
        cells=[(number, tile(inside)) for number, inside in known.cells],
    )
    return Observed(long, tile(one.cover), tile(one.carbon))
