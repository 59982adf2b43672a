# SPDX-License-Identifier: Apache-2.0
"""What is stated of the land."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import isnan, nan
from pathlib import Path
from typing import TYPE_CHECKING, Any

from homeground.brief.facts.assessed.assessment import (
    LAND_LAYERS,
    RAIN_LAYERS,
    Assessment,
    Drought,
    covered_in_part,
    degraded_by_country,
    driest_year,
    drought_shares,
    drought_years,
    own_names,
    read_assessment,
    read_drought,
)
from homeground.brief.facts.assessed.noise import NULLS
from homeground.brief.facts.results import read
from homeground.brief.facts.used_layers import layers_said, own_among
from homeground.catalogue import atlas
from homeground.catalogue.regions import COVERED
from homeground.language.messages import known
from homeground.numbers.fact import Fact, counted_fact
from homeground.running.tables import REGIONS

if TYPE_CHECKING:
    from homeground.study.model import Study


def layer_facts(*names: str) -> dict[str, str]:
    """Source and licence of embedded layers, for a fact that was worked out from them: ids of messages where there are."""
    rows = {str(row["layer"]): row for row in atlas.layers().to_dict("records")}
    return {key: "; ".join(_of_layer(rows[name], key) for name in names) for key in ("source", "licence")}


def _of_layer(row: Mapping[Any, Any], key: str) -> str:
    message = f"layer.{row['layer']}.{key}"
    return message if known(message) else str(row[key])


def _own_or_atlas(study: Study, period: str, *names: str) -> dict[str, str]:
    """As `layer_facts`, with the user's own files and their years in place of the layers that they replace.

    ``period`` is said where all are the atlas's.
    """
    said = layers_said(study, names)
    return said if own_among(study, names) else said | {"period": period}


def land_facts(results: Path, study: Study) -> Iterator[Fact]:
    table = read(results, REGIONS)
    if table is None:
        return
    regions = layer_facts("regions") | {"period": "period.regions"}
    yield counted_fact("study_countries", table["iso3"].nunique(), "countries", **regions)
    yield counted_fact("study_regions", len(table), "regions", **regions)
    if "land_share_dryland" not in table:
        return
    climate: dict[str, Any] = _own_or_atlas(study, "period.normals", "rain", "temperature") | {"kind": "modelled"}
    area = table["area_km2"]
    ends = ("land_share_dryland", "land_share_dryland_low", "land_share_dryland_high")
    share, low, high = (float((table[c] * area).sum() / area[table[c].notna()].sum()) for c in ends)
    yield Fact("land_drylands_share", share, "%", low=low, high=high, decimals=0 if share >= 10 else 1, **climate)
    total = float(area.sum())
    km2: dict[str, Any] = {"low": total * low / 100, "high": total * high / 100}
    yield Fact("land_drylands_area", total * share / 100, "km2", **km2, **climate)
    hyper = float((table["land_share_hyperarid"] * area).sum() / total)
    yield Fact("land_hyperarid_share", hyper, "%", no_interval="why.hyperarid", **climate)
    dry, least, most = (float((table[c] > 50).sum()) for c in ends)
    yield Fact("land_dry_regions", dry, "regions", low=least, high=most, **climate)
    gap = ("land_potential_gap", "land_potential_gap_low", "land_potential_gap_high")
    if set(gap) <= set(table.columns):
        known_gap = table[list(gap)].notna().all(axis=1)
        weight = area.where(known_gap)
        if not known_gap.any():
            return
        value, least, most = (float((table[c] * weight).sum() / weight.sum()) for c in gap)
        what: dict[str, Any] = _own_or_atlas(study, "period.vegetation", "vegetation_max", "cover")
        yield Fact("land_gap", value, "%", kind="modelled", low=least, high=most, **what)


def assessed_facts(results: Path, study: Study) -> Iterator[Fact]:
    """SDG 15.3.1 and droughts, where the study gave its own series."""
    found, drought = read_assessment(results), read_drought(results)
    if found is not None and found.judged:
        own: dict[str, Any] = {"source": own_names(study, LAND_LAYERS), "licence": "licence.own", "kind": "modelled"}
        before = f"{study.baseline[0]}–{study.baseline[1]}"
        own["period"] = f"{before}, {study.period[1]}"
        share = float(found.facts["degraded_share"])
        tried = int(found.choices["result"].notna().sum())
        span: dict[str, Any] = {"no_interval": "why.choices"}
        if tried > 1:
            span = {end: float(found.facts[f"degraded_{end}"]) for end in ("low", "high")}
        yield Fact("land_degraded", share, "%", decimals=0 if share >= 10 else 1, **span, **own)
        by_country = degraded_by_country(found)
        km2 = float(by_country["judged_km2"].sum()) / 100  # of one per cent
        ends = {end: km2 * value for end, value in span.items() if end in ("low", "high")}
        yield Fact("land_degraded_area", km2 * share, "km2", **(ends or span), **own)
        yield from _covered("land_covered", found, results, own)
        if found.noise is not None:
            row = found.noise.query("level == 'study' and measure == 'degraded'").iloc[0]
            for null, first in NULLS.items():
                ends_of: dict[str, Any] = {end: float(row.get(f"{first}{end}", nan)) for end in ("low", "high")}
                if not isnan(ends_of["low"]):
                    decimals, middle = 0 if ends_of["high"] >= 10 else 1, float(row[f"{first}median"])
                    layers = LAND_LAYERS if null == "noise" else (*LAND_LAYERS, "rain_series")
                    from_own = own | {"source": own_names(study, layers)}
                    yield Fact(f"land_degraded_{null}", middle, "%", decimals=decimals, **ends_of, **from_own)
        if tried > 1:
            yield Fact("land_degraded_choices", tried, "1", no_interval="why.count", **own)
        earlier = (by_country["baseline"] * by_country["judged_km2"]).sum() / by_country["judged_km2"].sum()
        what = own | {"period": before, "no_interval": "why.published_choices"}
        yield Fact("land_degraded_before", float(earlier), "%", decimals=0 if share >= 10 else 1, **what)
    if drought is not None:
        shares = drought_shares(drought_years(drought)).dropna()
        now = shares[(shares.index >= study.period[0]) & (shares.index <= study.period[1])]
        if len(now):
            rain: dict[str, Any] = {"source": f"{own_names(study, RAIN_LAYERS)} ({drought.known})", "kind": "modelled"}
            rain |= {"licence": "licence.own", "no_interval": "why.rain"}
            years = f"{now.index.min()}–{now.index.max()}"
            yield Fact("land_drought", float(now.mean()), "%", period=years, **rain)
            year = driest_year(drought_years(drought))
            if year is not None:
                yield Fact("land_drought_most", float(shares[year]), "%", period=str(year), **rain)
            yield from _covered("land_drought_covered", drought, results, rain | {"period": years})


def _covered(key: str, found: Assessment | Drought, results: Path, what: Mapping[str, Any]) -> Iterator[Fact]:
    """The share of the study's area that the series cover, where that is not all of it."""
    share = covered_in_part(found, results)
    if share is not None:
        decimals = 0 if share < COVERED else 1  # of several countries a small one can be the one that lacks
        yield Fact(key, share, "%", decimals=decimals, **{**what, "no_interval": "why.count"})
