# SPDX-License-Identifier: Apache-2.0
"""Tables of the assessment, summed over the tiles: areas, neutrality, carbon, land take, corrections, sensitivity."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from homeground.catalogue.classes import MISSING
from homeground.catalogue.layers.alignment import alignment_table
from homeground.land.assessment.sums import Sums
from homeground.land.assessment.tile_facts import TileInputs
from homeground.land.cover.take import land_take
from homeground.land.neutrality.balance import business_as_usual, ldn_balance
from homeground.land.neutrality.sensitivity import sensitivity, tornado
from homeground.land.productivity.profiles import PROFILES
from homeground.language.messages import Saying
from homeground.numbers.fact import Amount
from homeground.running.steps import Work
from homeground.running.tables import (
    ALIGNMENT,
    CARBON_STOCKS,
    DEGRADATION,
    LAND_CHANGES,
    LAND_CORRECTIONS,
    LAND_REPORTS,
    LAND_STATUS,
    LAND_TAKE,
    LDN_BALANCE,
    PROFILE_DIFFERENCE,
    SENSITIVITY,
    TORNADO,
)

MUCH_UNKNOWN = 10.0  # per cent of the land without a verdict; above it, that is said before all else
TARGET_YEAR = 2030  # of neutrality, in SDG target 15.3


def write_tables(work: Work, sources: TileInputs, sums: list[Sums], facts: dict[str, Any]) -> None:
    """Write every table, and add to ``facts`` what the whole study says."""
    regions = sources.regions[["region_id", "iso3"]]
    codes = ["period", "region", "productivity", "initial", "final", "cover_change", "carbon_change", "degradation"]
    areas = summed([one.areas for one in sums], [*codes, "abandoned", "water"], regions)
    areas.to_parquet(work.out / DEGRADATION)
    if sources.study.reports:
        reports = summed([one.reports for one in sums], [*codes, "abandoned", "water"], regions)
        reports.insert(2, "year", reports.pop("period").map(_year(sources)))
        reports.to_parquet(work.out / LAND_REPORTS)
    changes = summed(
        [one.changes for one in sums], ["period", "region", "indicator", "baseline", "now", "water"], regions
    )
    changes.insert(2, "year", changes.pop("period").map(_year(sources)).astype("int64"))
    changes.to_parquet(work.out / LAND_CHANGES)
    status = summed(
        [one.status for one in sums], ["region", "land_type", "status", "response", "baseline", "period"], regions
    )
    status.to_parquet(work.out / LAND_STATUS)
    balances(status).to_parquet(work.out / LDN_BALANCE)
    stocks = summed([one.stocks for one in sums], ["region", "year", "cover"], regions, ["area_km2", "stock_t"])
    stocks.to_parquet(work.out / CARBON_STOCKS)
    _profiles(sums).to_parquet(work.out / PROFILE_DIFFERENCE)
    table = _sensitivity(sources, sums, facts, areas, status)
    table.to_parquet(work.out / SENSITIVITY)
    tornado(table).to_parquet(work.out / TORNADO)
    _corrections(sources, sums).to_parquet(work.out / LAND_CORRECTIONS)
    takes(areas).to_parquet(work.out / LAND_TAKE)
    alignment_table(sources.series.values(), sources.grid).to_parquet(work.out / ALIGNMENT)
    _warn(work, sources, sums, facts, areas)


def _year(sources: TileInputs) -> dict[str, int]:
    """The reporting year of each period."""
    return {name: span.cover[1] for name, span in sources.periods.items()}


def summed(
    parts: list[pd.DataFrame], keys: list[str], regions: pd.DataFrame, values: list[str] | None = None
) -> pd.DataFrame:
    """Rows of all tiles with the same keys added up, with the ids of the regions."""
    values = values or ["area_km2"]
    filled = [part for part in parts if len(part)]
    if not filled:
        return pd.DataFrame(columns=["region_id", "iso3", *(k for k in keys if k != "region"), *values])
    table = pd.concat(filled, ignore_index=True).groupby(keys, as_index=False)[values].sum()
    ids = regions.iloc[table.pop("region").astype("int64")].reset_index(drop=True)
    return pd.concat([ids, table], axis=1)


def balances(status: pd.DataFrame) -> pd.DataFrame:
    """Gains against losses by land type, for each country and for the whole study (iso3 is empty)."""
    parts = []
    groups = [("", status), *status.groupby("iso3")] if len(status) else []
    for iso3, rows in groups:
        state, kind = (xr.DataArray(rows[name].to_numpy("int16"), dims="row") for name in ("status", "land_type"))
        found = ldn_balance(state, kind, xr.DataArray(rows["area_km2"].to_numpy("float64"), dims="row"))
        parts.append(found.assign(iso3=str(iso3)))
    columns = ["iso3", "land_type", "name", "land_km2", "no_data_km2", "losses_km2", "neutral_km2", "gains_km2"]
    empty = pd.DataFrame(columns=[*columns, "balance_km2", "balanced"])
    return pd.concat(parts, ignore_index=True) if parts else empty


def takes(areas: pd.DataFrame) -> pd.DataFrame:
    """Land that became artificial, and that came back, by country and period; empty without land cover."""
    known = areas[(areas["initial"] != MISSING) & (areas["final"] != MISSING)] if len(areas) else areas
    parts = []
    for (period, iso3), rows in known.groupby(["period", "iso3"]) if len(known) else []:
        first, last = (xr.DataArray(rows[name].to_numpy("int16"), dims="row") for name in ("initial", "final"))
        size = xr.DataArray(rows["area_km2"].to_numpy("float64"), dims="row")
        parts.append(land_take(first, last, size).assign(period=str(period), iso3=str(iso3)))
    columns = ["period", "iso3", "cover", "name", "take_km2", "return_km2", "net_take_km2", "take_of_artificial"]
    return pd.concat(parts, ignore_index=True)[columns] if parts else pd.DataFrame(columns=columns)


def _profiles(sums: list[Sums]) -> pd.DataFrame:
    filled = [one.profiles for one in sums if len(one.profiles)]
    columns = ["period", "profile", "class", "other_profile", "other_class"]
    if not filled:
        return pd.DataFrame(columns=[*columns, "area_km2", "lookup", "other_lookup"])
    table = pd.concat(filled, ignore_index=True).groupby(columns, as_index=False)[["area_km2"]].sum()
    lookups = {name: rules.lookup for name, rules in PROFILES.items()}
    return table.assign(lookup=table["profile"].map(lookups), other_lookup=table["other_profile"].map(lookups))


def _sensitivity(
    sources: TileInputs, sums: list[Sums], facts: dict[str, Any], areas: pd.DataFrame, status: pd.DataFrame
) -> pd.DataFrame:
    """Share of degraded land under each choice; into ``facts`` that of each region under all of them."""
    columns = ["setting", "value", "result", "change"]
    keys = list(dict.fromkeys(key for one in sums for key in one.degraded))
    if not keys:
        return pd.DataFrame(columns=columns)
    both = {key: np.sum([one.degraded[key] for one in sums if key in one.degraded], axis=0) for key in keys}
    facts |= _without_verdict(both["base", ""], _land(areas, sources))
    if not both["base", ""][1].sum():  # unknown land is unknown: neither sound nor degraded
        return pd.DataFrame(columns=columns)
    with np.errstate(invalid="ignore", divide="ignore"):
        share = {key: 100 * float(km2[0].sum()) / float(km2[1].sum()) for key, km2 in both.items()}
        by_region = {key: 100 * km2[0] / km2[1] for key, km2 in both.items()}
    stack = np.stack(list(by_region.values()))
    regions = {"region_id": sources.regions["region_id"].tolist(), "degraded": by_region["base", ""].tolist()}
    iso3 = sources.regions["iso3"].to_numpy()
    degraded, judged = (pd.DataFrame({key: km2[i] for key, km2 in both.items()}).groupby(iso3).sum() for i in (0, 1))
    countries = 100 * degraded / judged
    facts["countries"] = {
        str(code): {"degraded": row["base", ""], "low": row.min(), "high": row.max()}
        for code, row in countries.iterrows()
    }
    facts["degraded_share"] = share["base", ""]
    if len(keys) > 1:  # without other choices there is no range
        regions |= {"low": stack.min(axis=0).tolist(), "high": stack.max(axis=0).tolist()}
        facts |= {"degraded_low": min(share.values()), "degraded_high": max(share.values()), "choices": len(keys)}
    facts["regions"] = regions
    before = status[(status["baseline"] == -1) & (status["status"] != MISSING)]  # land with both verdicts, as the end's
    year = sources.study.period[1]
    target = max(TARGET_YEAR, year)
    pace = business_as_usual(
        float(before["area_km2"].sum()),
        float(both["base", ""][0].sum()),
        baseline_year=sources.study.baseline[1],
        year=year,
        target_year=target,
    )
    facts["business_as_usual"] = pace | {"target_year": target}
    settings = list(dict.fromkeys(setting for setting, _ in keys if setting != "base"))
    variants = {name: [value for setting, value in keys if setting == name] for name in settings}

    def result(**chosen: str) -> float:
        changed = [(setting, value) for setting, value in chosen.items() if value]
        return share[changed[0] if changed else ("base", "")]

    return sensitivity(result, dict.fromkeys(settings, ""), variants)


def _without_verdict(base: np.ndarray[Any, Any], land: np.ndarray[Any, Any]) -> dict[str, float]:
    """How much land has no verdict, %, and the share of degraded land if all of it were sound, or degraded."""
    degraded, judged, whole = float(base[0].sum()), float(base[1].sum()), float(land.sum())
    if not whole:
        return {}
    unknown = max(whole - judged, 0.0)
    ends = {"degraded_if_sound": degraded, "degraded_if_degraded": degraded + unknown}
    return {"no_verdict_share": 100 * unknown / whole} | {name: 100 * km2 / whole for name, km2 in ends.items()}


def _land(areas: pd.DataFrame, sources: TileInputs) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Land of each region without inland water, km2."""
    rows = areas[(areas["period"] == "period") & (areas["water"] == 0)]
    by = rows.groupby("region_id")["area_km2"].sum()
    return by.reindex(sources.regions["region_id"]).fillna(0.0).to_numpy("float64")


def _corrections(sources: TileInputs, sums: list[Sums]) -> pd.DataFrame:
    keys = ["period", "polygon", "before", "after"]
    table = summed([one.corrections for one in sums], [*keys, "region"], sources.regions[["region_id", "iso3"]])
    told = ["uuid", "location_name", "process_driving_change", "basis_for_judgement"]
    if table.empty or sources.polygons is None:
        return table.reindex(columns=[*table.columns, *told])
    beside = sources.polygons.reindex(columns=told)
    joined: pd.DataFrame = table.join(pd.DataFrame(beside), on="polygon")
    return joined


def _warn(work: Work, sources: TileInputs, sums: list[Sums], facts: dict[str, Any], areas: pd.DataFrame) -> None:
    unknown = facts.get("no_verdict_share", 0.0)
    if unknown > MUCH_UNKNOWN and not facts["missing"]:
        words = {"share": Amount(unknown, "%")}
        words |= {name: Amount(facts[f"degraded_if_{name}"], "%") for name in ("sound", "degraded")}
        work.warn(Saying("warning.no_verdict", words))
    if facts["missing"]:
        work.warn(Saying("warning.not_judged", {"sdg": "15.3.1", "layers": facts["missing"]}))
    for name in ("cover", "carbon"):
        for year, used in facts[name].items():
            if int(year) != used:
                work.warn(Saying(f"warning.other_map.{name}", {"year": str(year), "used": str(used)}))
    filled = [year for year in facts["cover_filled"] if str(year) not in facts["cover"]]
    if filled and "soil_carbon" in sources.series:
        work.warn(Saying("warning.cover_between", {"n": len(filled)}))
    for row in alignment_table(sources.series.values(), sources.grid).to_dict("records"):
        if row["bounds_covered"] < 0.99:
            share = Amount(100 * float(row["bounds_covered"]), "%")
            work.warn(Saying("warning.box", {"layer": str(row["layer"]), "share": share}))
    outside = sum(one.outside_zones for one in sums)
    if outside > 0.001 * float(areas.loc[areas["period"] == "period", "area_km2"].sum()):
        work.warn(Saying("warning.no_zone", {"area": Amount(float(outside), "km2", kind="modelled")}))
    if sources.polygons is not None:
        used = set(pd.concat([one.corrections for one in sums])["polygon"]) if sums else set()
        idle = [sources.polygons.at[n, "location_name"] for n in sources.polygons.index if n not in used]
        if idle:
            work.warn(Saying("warning.idle", {"places": list(map(str, idle))}))
