# SPDX-License-Identifier: Apache-2.0
"""Facts of land, people, mobility and evidence, read from the tables of a results folder."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from homeground.brief.facts.assessment import (
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
from homeground.catalogue import atlas
from homeground.catalogue.regions import COVERED
from homeground.errors import DataError
from homeground.numbers.fact import Fact, read

if TYPE_CHECKING:
    import pandas as pd

    from homeground.study.opening import Study


def layer_facts(*names: str) -> dict[str, str]:
    """Source and licence of embedded layers, for a fact that was worked out from them."""
    rows = {str(row["layer"]): row for row in atlas.layers().to_dict("records")}
    return {key: "; ".join(dict.fromkeys(str(rows[name][key]) for name in names)) for key in ("source", "licence")}


def _own_or_atlas(study: Study, *names: str) -> dict[str, str]:
    """As `layer_facts`, with the user's own files in place of the layers that they replace."""
    parts = []
    for name in names:
        own = study.input(name)
        parts.append(layer_facts(name) if own is None else {"source": own.name, "licence": "licence.own"})
    return {key: "; ".join(dict.fromkeys(part[key] for part in parts)) for key in ("source", "licence")}


def _count(key: str, value: float, unit: str, **what: Any) -> Fact:
    return Fact(key, float(value), unit, **{"kind": "published", "no_interval": "why.count", **what})


def land_facts(results: Path, study: Study) -> Iterator[Fact]:
    table = read(results, "regions.parquet")
    if table is None:
        return
    regions = layer_facts("regions") | {"period": "period.regions"}
    yield _count("study_countries", table["iso3"].nunique(), "countries", **regions)
    yield _count("study_regions", len(table), "regions", **regions)
    if "land_share_dryland" not in table:
        return
    climate: dict[str, Any] = _own_or_atlas(study, "rain", "temperature")
    climate |= {"kind": "modelled", "period": "period.normals"}
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
        known = table[list(gap)].notna().all(axis=1)
        weight = area.where(known)
        value, least, most = (float((table[c] * weight).sum() / weight.sum()) for c in gap)
        what: dict[str, Any] = _own_or_atlas(study, "vegetation_max", "cover") | {"period": "period.vegetation"}
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
        km2 = float(degraded_by_country(found)["land_km2"].sum()) / 100  # of one per cent
        ends = {end: km2 * value for end, value in span.items() if end in ("low", "high")}
        yield Fact("land_degraded_area", km2 * share, "km2", **(ends or span), **own)
        yield from _covered("land_covered", found, results, own)
        if tried > 1:
            yield Fact("land_degraded_choices", tried, "1", no_interval="why.count", **own)
        land = found.land[found.land["period"] == "baseline"]
        earlier = 100 * land.loc[land["degradation"] == -1, "area_km2"].sum() / land["area_km2"].sum()
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


def people_facts(results: Path, study: Study) -> Iterator[Fact]:
    table = read(results, "regions.parquet")
    if table is None or "people_population" not in table:
        return
    own = study.input("population")
    if own is None:
        what: dict[str, Any] = layer_facts("population") | {"kind": "modelled", "no_interval": "why.projection"}
        what["period"] = "2025"
    else:
        what = {"source": own.name, "licence": "licence.own", "kind": "published", "no_interval": "why.own"}
        what["period"] = "period.own"
    yield Fact("people_total", float(table["people_population"].sum()), "persons", **what)
    ends = ("evidence_people_dryland", "evidence_people_dryland_low", "evidence_people_dryland_high")
    if set(ends) <= set(table.columns):
        value, low, high = (float(table[c].sum()) for c in ends)
        placed: dict[str, Any] = layer_facts("population", "cover", "rain", "temperature") | {"period": what["period"]}
        yield Fact("people_drylands", value, "persons", low=low, high=high, kind="modelled", **placed)


def mobility_facts(results: Path, study: Study) -> Iterator[Fact]:
    table = read(results, "people_countries.parquet")
    if table is None:
        return
    named = {
        "net_migration": "net_migration",
        "idps": "idps_idmc",
        "refugees": "refugees_by_origin",
    }
    for key, indicator in named.items():
        rows = table[table["indicator"] == indicator]
        if rows.empty:
            continue
        year = int(rows["year"].max())
        rows = rows[rows["year"] == year]
        what: dict[str, Any] = {n: "; ".join(dict.fromkeys(rows[n])) for n in ("source", "licence", "kind")}
        what["period"] = str(year)
        low, high = (rows[end].fillna(rows["value"]).sum() for end in ("low", "high"))
        hidden = rows["low"].notna().any()
        span: dict[str, Any] = {"low": low, "high": high} if hidden else {"no_interval": f"why.{key}"}
        yield Fact(key, float(rows["value"].sum()), "persons", **what, **span)
        if key in ("idps", "refugees"):
            yield _count(f"{key}_countries", rows["iso3"].nunique(), "countries", **what)


# What a heading of `effects_pooled` says on why there is no mean, as a key of the facts and of the messages.
REASONS = {
    "print no coefficient": "no_coefficient",
    "amount of its own": "own_amount",
    "publish a standard error": "few_errors",
    "publishes a standard error": "few_errors",
    "logarithms": "ratios",
}
SIGNS = {"positive": "+", "zero": "0", "negative": "-", "depends": "depends"}
FEWEST = 5  # independent studies asked for a mean, as in the evidence part


def evidence_facts(results: Path, study: Study) -> Iterator[Fact]:
    effects, groups = read(results, "effects.parquet"), read(results, "effects_pooled.parquet")
    if effects is None or groups is None:
        return
    what: dict[str, Any] = {"source": "source.effects", "period": "period.effects", "licence": "licence.cited"}
    yield _count("evidence_studies", effects["cluster"].nunique(), "studies", **what)
    groups = groups[groups["stance"] == "environment"]
    yield _count("evidence_groups", len(groups), "groups", **what)
    yield _count("evidence_groups_pooled", int(groups["pooled"].sum()), "groups", **what)
    reasons = groups.loc[~groups["pooled"], "heading"].map(reason_of).value_counts()
    for reason, n in reasons.items():
        yield _count(f"evidence_groups_{reason}", int(n), "groups", **what)
    rule: dict[str, Any] = {
        "source": "source.rule",
        "kind": "default",
        "period": "period.rule",
        "no_interval": "why.rule",
    }
    yield _count("evidence_fewest", FEWEST, "studies", **rule)
    for driver, row in sign_table(effects).iterrows():
        for name in ("studies", *SIGNS):
            yield _count(f"evidence_{slug(str(driver))}_{name}", int(row[name]), "studies", **what)
    reading = read(results, "evidence_countries.parquet")
    if reading is not None:
        own = reading[(reading["stance"] == "environment") & (reading["coverage"] == "this country")]
        without = reading["iso3"].nunique() - own["iso3"].nunique()
        yield _count("evidence_countries_without", without, "countries", **what)


def reason_of(heading: str) -> str:
    """Key of the reason that a heading of `effects_pooled` gives for not pooling.

    Examples
    --------
    >>> reason_of("not pooled because the texts seen print no coefficient")
    'no_coefficient'
    """
    for words, reason in REASONS.items():
        if words in heading:
            return reason
    raise DataError(
        f'the reason for not pooling is not known to the brief: "{heading}". Add it to brief.facts.REASONS.'
    )


def slug(text: str) -> str:
    """A text as a part of a key.

    Examples
    --------
    >>> slug("land degradation")
    'land_degradation'
    """
    return re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")


def sign_table(effects: pd.DataFrame) -> pd.DataFrame:
    """Independent studies by driver and by the sign of the effect of more of the driver on mobility.

    A study that finds different signs for different groups counts in each: rows may add to more than the studies.

    Returns
    -------
    DataFrame indexed by driver
        studies, positive, zero, negative, depends (counts of clusters), level (highest step of the ladder, 1 to 4).
        Drivers with fewer than three studies are left out; in the order of studies, then of names.
    """
    import pandas as pd

    rows = effects[(effects["stance"] == "environment") & (effects["moderator"] == "")]
    turned = rows["sign"].replace({"+": "-", "-": "+"})
    sign = rows["sign"].where(rows["driver_direction"] != "less", turned)
    by = rows.groupby("driver")
    table = pd.DataFrame({"studies": by["cluster"].nunique(), "level": by["evidence_level"].max()})
    for name, mark in SIGNS.items():
        found = rows[sign == mark].groupby("driver")["cluster"].nunique()
        table[name] = found.reindex(table.index, fill_value=0)
    table = table[table["studies"] >= 3].reset_index().sort_values(["studies", "driver"], ascending=[False, True])
    return table.set_index("driver")
