# SPDX-License-Identifier: Apache-2.0
"""What the land stage found: the drylands, and the degraded land where it could be judged."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd

from homeground.catalogue.regions import COVERED
from homeground.language.messages import Saying, Word
from homeground.numbers.fact import Amount
from homeground.running.tables import (
    DEGRADATION,
    DEGRADATION_FACTS,
    DROUGHT_FACTS,
    LAND_NOISE,
    LAND_RAIN_ALONE,
    LAND_REFERENCE,
    LAND_UNITS,
)

INDICATOR = "15.3.1"  # of the Sustainable Development Goals
MOSTLY_UNKNOWN = 50.0  # per cent of the land without a verdict; above it no share stands for the whole
WHOLE = 10.0  # per cent; below it a decimal is said
FEW = 0.5  # per cent; less hyper-arid land is not worth a sentence


def finding(results: Path) -> list[Saying]:
    """Share of drylands and of hyper-arid land, and of degraded land where the study gave its own series.

    Parameters
    ----------
    results : Path
        A results folder in which the stage has run.

    Returns
    -------
    list of Saying
    """
    units = pd.read_parquet(results / LAND_UNITS)
    total = float(units["area_km2"].sum())
    dry = float(units.loc[units["aridity_class"].between(1, 3), "area_km2"].sum())
    hyper = 100 * float(units.loc[units["aridity_class"] == 0, "area_km2"].sum()) / total
    where = Saying("unit.countries", {"n": int(units["iso3"].nunique())})
    areas = {"dry": _km2(dry), "total": _km2(total)}
    share = 100 * dry / total
    drylands = Amount(share, "%", 0 if share >= WHOLE else 1)
    said = [Saying("finding.land.drylands", {"countries": where, "share": drylands, **areas})]
    if hyper > FEW:
        said.append(Saying("finding.land.hyperarid", {"share": Amount(hyper, "%")}))
    return [*said, *_degraded(results, total), *_not_reportable(results)]


def _not_reportable(results: Path) -> list[Saying]:
    """Which layers behind degraded land and drought are too coarse to be reported of; nothing where none is."""
    coarse: dict[str, None] = {}
    for file in (DEGRADATION_FACTS, DROUGHT_FACTS):
        if (results / file).is_file():
            facts = json.loads((results / file).read_text("utf-8"))
            coarse |= dict.fromkeys(facts.get("not_reportable", ()))
    return [Saying("finding.land.not_reportable", {"layers": tuple(coarse), "indicator": INDICATOR})] if coarse else []


def _degraded(results: Path, total: float) -> list[Saying]:
    """The degraded land, of the part that the user's series cover; nothing where it was not judged."""
    facts: dict[str, Any] = (
        json.loads((results / DEGRADATION_FACTS).read_text("utf-8")) if (results / DEGRADATION_FACTS).is_file() else {}
    )
    unknown = facts.get("no_verdict_share", 0.0)
    if unknown > MOSTLY_UNKNOWN and not facts.get("missing"):
        return [Saying("finding.land.no_headline", {"share": Amount(unknown, "%")})]
    if "degraded_share" not in facts:
        return []
    low, high = facts.get("degraded_low"), facts.get("degraded_high")
    words: dict[str, Word] = {"indicator": INDICATOR, "share": Amount(facts["degraded_share"], "%", low=low, high=high)}
    areas = pd.read_parquet(results / DEGRADATION, columns=["period", "area_km2"])
    seen = 100 * float(areas.loc[areas["period"] == "period", "area_km2"].sum()) / total
    if seen < COVERED:
        said = [Saying("finding.land.degraded_covered", words | {"covered": Amount(seen, "%")})]
    else:
        said = [Saying("finding.land.degraded", words)]
    said += [] if low is None else [Saying("finding.land.choices")]
    return [*said, *_without_change(results), *_by_plots(results)]


def _by_plots(results: Path) -> list[Saying]:
    """Degraded land as people saw it on plots, with its interval; nothing where that is not known."""
    if not (results / LAND_REFERENCE).is_file():
        return []
    areas = pd.read_parquet(results / LAND_REFERENCE)
    together = areas[areas["iso3"] == ""] if (areas["iso3"] == "").any() else areas
    row = together[together["state"] == "degraded"].iloc[0]
    if pd.isna(row["estimated_km2_low"]):
        return []
    low, high = float(row["estimated_km2_low"]), float(row["estimated_km2_high"])
    area = Amount(float(row["estimated_km2"]), "km2", low=low, high=high, kind="observed")
    return [
        Saying(
            "finding.land.sampled",
            {"area": area, "n": int(together["plots"].sum()), "mapped": _km2(float(row["mapped_km2"]))},
        )
    ]


def _without_change(results: Path) -> list[Saying]:
    """What series without any change and rain alone would give: no share of degraded land is said without, where known."""
    said: list[Saying] = []
    for file, message in ((LAND_NOISE, "noise.degraded"), (LAND_RAIN_ALONE, "noise.rain")):
        if not (results / file).is_file():
            continue
        table = pd.read_parquet(results / file)
        rows = table[(table["level"] == "study") & (table["measure"] == "degraded")]
        if rows.empty:
            continue
        share, low, high = (float(rows[name].iloc[0]) for name in ("observed", "low", "high"))
        read = [share, low, high]
        if file == LAND_RAIN_ALONE:  # none is "more" than an end that reads the same
            read = [round(value, 0 if value >= WHOLE else 1) for value in read]
        verdict = "more" if read[0] > read[2] else "less" if read[0] < read[1] else "within"
        words: dict[str, Word] = {"low": Amount(low, decimals=0 if low >= WHOLE else 1)}
        words["high"] = Amount(high, "%", 0 if high >= WHOLE else 1)
        if file == LAND_NOISE:
            words["share"] = Amount(share, "%", 0 if share >= WHOLE else 1)
        said.append(Saying(f"{message}.{verdict}", words))
    return said


def _km2(value: float) -> Amount:
    return Amount(value, "km2", kind="modelled")
