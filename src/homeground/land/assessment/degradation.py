# SPDX-License-Identifier: Apache-2.0
"""Second walk over the tiles: sub-indicators, SDG 15.3.1 of both periods, the status, and every table as sums of them."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import scipy.sparse as sp
import xarray as xr
from numpy.typing import NDArray

from homeground.catalogue.classes import MISSING
from homeground.catalogue.grids.tile_store import Field, class_field, create_store, stored, value_field, write_tile
from homeground.catalogue.grids.tiles import Tile, each_tile, tile_shape, tiles
from homeground.catalogue.grids.zonal import coverage
from homeground.catalogue.layers.alignment import alignment_table
from homeground.catalogue.layers.series import open_series
from homeground.catalogue.regions import study_regions
from homeground.errors import DataError
from homeground.land.assessment import judgement
from homeground.land.assessment import sums as add
from homeground.land.assessment.choices import Choices, base_choices, other_choices, productivity_names
from homeground.land.assessment.covers import water_known
from homeground.land.assessment.files import (
    DEGRADATION_STORE,
    LAYERS,
    POTENTIALS,
    PRODUCTIVITY_LAYERS,
    VEGETATION_STORE,
    assessed,
    reference_layer,
)
from homeground.land.assessment.judgement import Evidence, judged
from homeground.land.assessment.maps import write_maps
from homeground.land.assessment.matrices import matrices_of, polygons_of, read_confirmed, read_errors, read_zones
from homeground.land.assessment.patches import find_patches, patch_fields
from homeground.land.assessment.periods import PERIODS, assessment_grid, periods_of, report_name
from homeground.land.assessment.sums import Sums
from homeground.land.assessment.tables import write_tables
from homeground.land.assessment.tile_facts import TileFacts, TileInputs, tile_facts, told_years
from homeground.land.cover.land_cover import UNCCD_CLASSES
from homeground.land.neutrality.balance import RESPONSE_CLASSES, response_map
from homeground.land.neutrality.degradation import DEGRADATION_CLASSES, STATUS_CLASSES, fold_status, status
from homeground.language.messages import Saying
from homeground.running.steps import Work
from homeground.running.tables import DEGRADATION_FACTS, HOTSPOTS, VEGETATION_FACTS
from homeground.study.model import Study

PARTS = ("productivity", "initial", "final", "cover_change", "carbon_change", "degradation", "abandoned")


def degradation(work: Work) -> None:
    """Judge the land of both periods tile by tile, then write tables and maps."""
    study = work.study
    if not assessed(study):
        work.warn(Saying("warning.no_series", {"sdg": "15.3.1"}))
        return
    sources = sources_of(work, work.out)
    if sources.vegetation is not None:
        _, shape = stored(sources.vegetation)
    else:
        first = sources.series[reference_layer(study) or ""]
        shape = tile_shape(sources.grid, strips=first.look.strips)
    kept = work.kept / "degradation"
    if not kept.exists():  # else a run that was stopped made it, and has tiles in it
        create_store(sources.store, sources.grid, shape, _fields(sources))
    chosen = list(tiles(sources.grid, shape))
    sums = [one for one in each_tile(partial(_walk, sources), chosen, keep=kept) if one is not None]
    facts = told_years(sources) | {
        "water_known": water_known(study),
        "missing": _lacking(study, sources),
        "productivity": productivity_names(study),
    }
    if coarse := work.warn_of_coarse(sources.series):
        facts["not_reportable"] = coarse
    write_tables(work, sources, sums, facts)
    patches = find_patches(sources.store, sources.grid, chosen, sources.regions, study.land.hotspot_km2)
    patches.to_parquet(work.out / HOTSPOTS)
    (work.out / DEGRADATION_FACTS).write_text(json.dumps(facts, indent=1, default=float), encoding="utf-8")
    write_maps(work, sources.store, study)


def sources_of(work: Work, out: Path) -> TileInputs:
    """All that the walk reads, opened and checked before anything is worked out; its store lies in ``out``."""
    study = work.study
    found = {name: open_series(study, name) for name in LAYERS}
    series = {name: one for name, one in found.items() if one is not None}
    reference = reference_layer(study)
    if reference is None:
        raise DataError("no series in time is given. Set [data].ndvi.")
    walked = study.layer("ndvi") is not None
    store = work.results / VEGETATION_STORE
    grid = stored(store)[0] if walked else assessment_grid(study, series[reference], study.land.grid)
    alignment_table(series.values(), grid)  # refuses layers that do not overlap
    facts = json.loads((work.results / VEGETATION_FACTS).read_text("utf-8")) if walked else {}
    return TileInputs(
        study=study,
        grid=grid,
        periods=periods_of(study),
        regions=study_regions(study),
        series=series,
        store=out / DEGRADATION_STORE,
        vegetation=store if walked else None,
        potentials=pd.read_parquet(work.results / POTENTIALS) if walked else None,
        fdr=_thresholds(facts) if walked else {},
        matrices=matrices_of(study),
        zones=polygons_of(study, "matrix_zones", read_zones),
        polygons=polygons_of(study, "error_polygons", read_errors),
        confirmed=polygons_of(study, "abandonment_confirmed", read_confirmed),
    )


def _thresholds(facts: dict[str, Any]) -> dict[str, float]:
    """The largest p that a false-discovery rate lets count, in each period."""
    told = {period: facts[period] for period in PERIODS} | facts.get("reports", {})
    return {period: one["fdr_threshold"] or float("nan") for period, one in told.items()}


def _lacking(study: Study, sources: TileInputs) -> list[str]:
    """Which inputs a full assessment lacks."""
    have = sources.series
    lacking = []
    if "ndvi" not in have and not all(name in have for name in PRODUCTIVITY_LAYERS):
        lacking.append("ndvi (or productivity_baseline and productivity_period)")
    if "cover_series" not in have:
        lacking.append("cover_series")
    if "soil_carbon" not in have:
        lacking.append("soil_carbon")
    elif len(have["soil_carbon"].years) < 2 and "climate_zone" not in have and study.land.cropland_factor is None:
        lacking.append("climate_zone (or [land].cropland_factor)")
    return lacking


def _fields(sources: TileInputs) -> dict[str, Field]:
    signs, fields = DEGRADATION_CLASSES, {}
    for period, span in sources.periods.items():
        years: dict[str, Any] = {"first_year": span.trend[0], "last_year": span.trend[1]}
        for metric in ("trend", "state", "performance"):
            fields[f"{metric}_{period}"] = class_field(f"{metric} of land productivity", signs, **years)
        fields[f"productivity_{period}"] = class_field("land productivity", productivity_names(sources.study), **years)
        cover: dict[str, Any] = {"first_year": span.cover[0], "last_year": span.cover[1]}
        fields[f"cover_change_{period}"] = class_field("change of land cover", signs, **cover)
        fields[f"carbon_change_{period}"] = class_field("change of soil organic carbon", signs, **cover)
        fields[f"carbon_percent_{period}"] = value_field("change of soil organic carbon", "%", **cover)
        fields[f"abandoned_{period}"] = class_field("abandoned cropland", {0: "no", 1: "yes"}, **cover)
        fields[f"degradation_{period}"] = class_field("land degradation (SDG 15.3.1)", signs, **years)
    for year in sorted({year for span in sources.periods.values() for year in span.cover}):
        fields[f"cover_{year}"] = class_field("land cover, seven classes", UNCCD_CLASSES, year=year)
    for year in sources.study.reports:
        fields[f"status_{year}"] = class_field("status of the land against the baseline", STATUS_CLASSES, year=year)
    fields["status"] = class_field("status of the land against the baseline", STATUS_CLASSES)
    fields["response"] = class_field("avoid, reduce or reverse", RESPONSE_CLASSES)
    fields |= patch_fields()
    return fields


def _walk(sources: TileInputs, tile: Tile) -> Sums | None:
    weights = coverage(sources.regions, tile.of(sources.grid), partly=True)
    if not weights.nnz:
        return None
    area = np.asarray(weights.sum(axis=0)).reshape(tile.rows, tile.columns)
    facts = tile_facts(sources, tile, area > 0)
    base = base_choices(sources.study)
    out: dict[str, NDArray[Any]] = {f"cover_{year}": values for year, values in facts.covers.items()}
    results: dict[str, dict[str, Any]] = {}
    for period, known in facts.evidence.items():
        results[period] = _one_period(known, base)
        out |= {f"{name}_{period}": values for name, values in results[period].items()}
    like = facts.evidence["period"].like
    for year in sources.study.reports:
        if (state := _status(results, report_name(year), like)) is not None:
            out[f"status_{year}"] = state.values
    if (state := _status(results, "period", like)) is not None:
        five = like.copy(data=add.five_codes(results["period"]["productivity"], sources.study))
        out["status"], out["response"] = state.values, response_map(fold_status(state), five).values
    write_tile(sources.store, tile, out)
    return Sums(
        areas=add.areas(weights, {period: results[period] for period in PERIODS}, facts),
        reports=add.areas(weights, {p: one for p, one in results.items() if p not in PERIODS}, facts),
        changes=add.changes(weights, results, facts, len(productivity_names(sources.study)) == 5),
        status=add.statuses(weights, out, facts, sources.study.baseline[0]),
        stocks=add.stocks(weights, facts),
        degraded=_under_other_choices(weights, sources, facts, out.get("status")),
        profiles=add.profiles(weights, sources, facts),
        corrections=add.corrections(weights, facts, base),
        outside_zones=add.outside_zones(area, facts),
    )


def _status(results: dict[str, dict[str, Any]], period: str, like: xr.DataArray) -> xr.DataArray | None:
    """Status of a reporting year against the baseline; None where either has no verdict."""
    verdicts = [results[one].get("degradation") for one in ("baseline", period)]
    if verdicts[0] is None or verdicts[1] is None:
        return None
    return status(*(like.copy(data=one) for one in verdicts))


def _one_period(known: Evidence, choices: Choices) -> dict[str, NDArray[Any]]:
    """Every field of a period that its evidence allows."""
    found: dict[str, NDArray[Any]] = {n: one.values for n, one in judgement.metrics(known, choices).items()}
    classes = judgement.productivity(known, choices)
    parts = (classes, judgement.cover_change(known, choices), judgement.carbon_change(known, choices))
    for name, one in zip(("productivity", "cover_change", "carbon_change"), parts, strict=True):
        if one is not None:
            found[name] = one.values
    if known.carbon_percent is not None:
        found["carbon_percent"] = known.carbon_percent.astype("float32")
    if known.abandoned is not None:
        found["abandoned"] = known.abandoned
    verdict = judgement.combined(parts, known, choices)
    if verdict is not None:
        found["degradation"] = verdict.values
    return found


def _under_other_choices(
    weights: sp.csr_array, sources: TileInputs, facts: TileFacts, published: NDArray[np.int8] | None
) -> dict[tuple[str, str], NDArray[np.float64]]:
    """Degraded km2 of each region by status, and km2 with a verdict, under the published choices and each of the others."""
    if published is None:
        return {}

    def degraded(state: NDArray[np.int8]) -> NDArray[np.float64]:
        judged = state.ravel() != MISSING
        return np.asarray([weights @ (one & judged).astype("float64") for one in (state.ravel() <= 3, judged)])

    found = {("base", ""): degraded(published)}
    if not sources.study.land.sensitivity:
        return found
    for setting, value, choices in other_choices(sources.study, list(sources.matrices)):
        verdicts = [judged(facts.evidence[period], choices) for period in PERIODS]
        if verdicts[0] is not None and verdicts[1] is not None:
            found[setting, value] = degraded(status(verdicts[0], verdicts[1]).values)
    return found
