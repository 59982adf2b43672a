# SPDX-License-Identifier: Apache-2.0
"""The step that says what shares of declining, degraded and improved land series without any change would give."""

from __future__ import annotations

import json
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from homeground.catalogue.grids.tile_store import stored
from homeground.catalogue.grids.tiles import each_tile, tiles
from homeground.land.assessment.choices import base_choices
from homeground.land.assessment.degradation import sources_of
from homeground.land.assessment.tile_facts import TileInputs
from homeground.land.assessment.vegetation import BESIDE, VegetationInputs
from homeground.land.noise.files import noise_given, rain_given
from homeground.land.noise.rain import RainAlone, rain_alone
from homeground.land.noise.sample import REGION_CELLS, SEED, Picked, observed_cells, pick, spacing
from homeground.land.noise.shares import draw_shares
from homeground.land.noise.water import as_it_was, bound
from homeground.land.productivity.noise import no_signal
from homeground.running.steps import Work
from homeground.running.tables import DEGRADATION_FACTS, LAND_NOISE, LAND_NOISE_FACTS, LAND_RAIN_ALONE

ENDS = (2.5, 50.0, 97.5)
ROUNDING = 1e-9  # %


def noise(work: Work) -> None:
    """Shares of each country and larger region beside those of draws without signal, and of the observed rain alone."""
    study = work.study
    if not noise_given(study):
        return
    sources = sources_of(work, work.results)
    if sources.vegetation is None:
        raise AssertionError("a study with a vegetation index has its walk")
    index = VegetationInputs(study, sources.grid, sources.regions, sources.series, sources.vegetation)
    chosen = list(tiles(sources.grid, stored(sources.vegetation)[1]))
    found = each_tile(partial(pick, sources, index, spacing(sources)), chosen)
    parts = [one for one in found if one is not None]
    judged = "degraded_share" in json.loads((work.results / DEGRADATION_FACTS).read_text("utf-8"))
    years, trend_of = parts[0].years, study.land.trend_of
    observed = np.concatenate([one.index for one in parts], axis=1)
    water = _water(parts, BESIDE[trend_of]) if trend_of in BESIDE else None
    null, moved = (
        (no_signal(observed, years, SEED), None) if water is None else bound(observed, water, years, trend_of, SEED)
    )
    places = _places(sources, parts)
    cells, weights = observed_cells(sources, parts, judged=judged), _weights(places, parts)
    given = (cells, sources.periods, base_choices(study), weights, study.land.noise_draws, SEED)
    _table(places, draw_shares(null, *given, water=moved), parts).to_parquet(work.out / LAND_NOISE)
    beside: dict[str, Any] = dict.fromkeys(("rain_cells", "rain_memory", "rain_common", "years_without_rain"))
    if rain_given(study):
        rain = rain_alone(observed, _water(parts, "rain_series"), years, SEED)
        followed = np.isfinite(rain.explained)
        kept = None if water is None else as_it_was(rain, water, trend_of)
        table = _table(places, draw_shares(rain.null, *given, water=kept), parts)
        table = table.assign(**_by_place(places, weights, rain, len(table)))
        (table if followed.any() else table.iloc[:0]).to_parquet(work.out / LAND_RAIN_ALONE)
        beside |= {"rain_cells": int(followed.sum()), "rain_memory": rain.null.memory, "rain_common": rain.null.common}
        beside |= {"years_without_rain": years[rain.unknown].tolist()}
    facts = {
        "draws": study.land.noise_draws,
        "seed": SEED,
        "cells": int(null.level.size),
        "years": null.years.tolist(),
        "memory": null.memory,
        "common": null.common,
        **beside,
    }
    (work.out / LAND_NOISE_FACTS).write_text(json.dumps(facts, indent=1), encoding="utf-8")


def _places(sources: TileInputs, parts: list[Picked]) -> list[tuple[str, str, str, NDArray[np.int64]]]:
    """Level, name, country and rows of the regions of each place: all, countries, and regions of 200 cells, with land."""
    cells, land = (np.sum([getattr(one, name) for one in parts], axis=0) for name in ("cells", "land"))
    ids, iso3 = (sources.regions[name].astype(str).to_numpy() for name in ("region_id", "iso3"))
    whole = ("study", "", "", np.arange(len(ids)))
    countries = [("country", code, code, np.flatnonzero(iso3 == code)) for code in dict.fromkeys(iso3.tolist())]
    regions = [("region", ids[k], iso3[k], np.array([k])) for k in np.flatnonzero(cells >= REGION_CELLS)]
    return [place for place in (whole, *countries, *regions) if land[place[3]].sum() > 0]


def _water(parts: list[Picked], layer: str) -> NDArray[np.float32]:
    return np.concatenate([part.water[layer] for part in parts], axis=1)


def _by_place(
    places: list[tuple[str, str, str, NDArray[np.int64]]], weights: NDArray[np.float64], rain: RainAlone, rows: int
) -> dict[str, NDArray[Any]]:
    """How many cells of each place follow their rain, how well in the mean of their land, and the years without rain."""
    known = np.isfinite(rain.explained)
    km2 = weights * known[:, None]
    with np.errstate(invalid="ignore", divide="ignore"):
        explained = 100 * (np.where(known, rain.explained, 0.0) @ km2) / km2.sum(axis=0)
    found = {"followed": (km2 > 0).sum(axis=0), "explained": explained}
    each = rows // len(places)  # measures of each place
    return {name: np.repeat(values, each) for name, values in found.items()} | {
        "years_without_rain": np.full(rows, int(rain.unknown.sum()))
    }


def _weights(places: list[tuple[str, str, str, NDArray[np.int64]]], parts: list[Picked]) -> NDArray[np.float64]:
    region, km2 = (np.concatenate([getattr(one, name) for one in parts]) for name in ("region", "km2"))
    return np.stack([np.where(np.isin(region, rows), km2, 0.0) for *_, rows in places], axis=1)


def _table(
    places: list[tuple[str, str, str, NDArray[np.int64]]], shares: dict[str, NDArray[np.float64]], parts: list[Picked]
) -> pd.DataFrame:
    region = np.concatenate([one.region for one in parts])
    rows = []
    for k, (level, place, iso3, at) in enumerate(places):
        for measure, drawn in shares.items():
            km2, known = (np.sum([getattr(one, of)[measure] for one in parts], axis=0) for of in ("observed", "known"))
            observed = 100 * km2[at].sum() / known[at].sum() if known[at].sum() else np.nan
            ends = np.percentile(drawn[:, k], ENDS)
            # An end that is the share itself but for the last digits of a sum makes it neither more nor less.
            low, median, high = np.where(np.isclose(ends, observed, rtol=0, atol=ROUNDING), observed, ends)
            rows.append(
                {
                    "level": level,
                    "place": place,
                    "iso3": iso3,
                    "measure": measure,
                    "observed": observed,
                    "median": median,
                    "low": low,
                    "high": high,
                    "cells": int(np.isin(region, at).sum()),
                    "draws": len(drawn),
                }
            )
    return pd.DataFrame(rows)
