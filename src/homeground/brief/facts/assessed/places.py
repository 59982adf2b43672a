# SPDX-License-Identifier: Apache-2.0
"""Where land is degraded and improved, by name: regions in order, patches, and the three sub-indicators."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from homeground.brief.facts.assessed.assessment import (
    DEGRADED,
    IMPROVED,
    LAND_LAYERS,
    Assessment,
    own_names,
    read_assessment,
)
from homeground.brief.facts.assessed.noise import ENDS, NULLS
from homeground.catalogue import atlas
from homeground.catalogue.classes import MISSING
from homeground.numbers.fact import Fact, counted_fact, known_interval
from homeground.running.tables import REGIONS

if TYPE_CHECKING:
    import pandas as pd

    from homeground.study.model import Study

MOST = 10  # regions and patches that a list names
TIE = 9  # decimals of a share beyond which two differ by the last digits of a sum only
MEASURES = {"degraded": DEGRADED, "improved": IMPROVED}
KINDS = {"hotspot": "degraded", "brightspot": "improved"}
PARTS = ("productivity", "cover_change", "carbon_change")
SIGNS = {"declining": -1, "stable": 0, "improving": 1}
FIVE = {1: -1, 2: -1, 3: 0, 4: 0, 5: 1}  # classes of productivity in three, as SO1-2.T3 has them


class Places(NamedTuple):
    """Where land is degraded and improved: names by id, shares of all regions, the most of each, patches."""

    names: dict[str, str]
    shares: pd.DataFrame
    lists: dict[str, pd.DataFrame]
    patches: pd.DataFrame


def places_of(found: Assessment, results: Path, study: Study, code: str = "en") -> Places:
    """What terminal, page, brief and facts say of places; equal shares are in the order of English names in every language."""
    names, shares = region_names(results, study, code), region_shares(found)
    return Places(names, shares, ranked(shares, region_names(results, study)), spots(found, shares, names))


def region_names(results: Path, study: Study, code: str = "en") -> dict[str, str]:
    """Names of regions by id: the atlas's in the language, a user's own as the user calls them."""
    import pandas as pd

    path = results / REGIONS
    if not path.is_file():
        return {}
    table = pd.read_parquet(path)
    if "name" not in table:
        return {}
    names = dict(zip(table["region_id"].astype(str), table["name"].astype(str), strict=True))
    if study.input("regions") is None and code != "en":
        units = atlas.regions(study.countries)
        names |= {i: n for i, n in zip(units["region_id"], units[f"name_{code}"], strict=True) if i in names and n}
    return names


def region_shares(found: Assessment) -> pd.DataFrame:
    """Degraded and improved land of each region with a verdict, beside what series without any change would give.

    Returns
    -------
    DataFrame indexed by region_id
        iso3, and for degraded and improved: the share (% of the land with a verdict), ``_km2``, ``_low`` and ``_high`` (over
        choices of method; of degraded land only), ``_noise``, ``_noise_low``, ``_noise_high``, ``_rain`` with the same ends
        (what rain alone would give) and ``_against``: "more" than chance, "within" its range or "" where no range was worked out.
    """
    import numpy as np
    import pandas as pd

    judged = found.status[found.status["status"] != MISSING]
    by = judged.groupby("region_id")
    out = pd.DataFrame({"iso3": by["iso3"].first(), "judged_km2": by["area_km2"].sum()})
    ends = pd.DataFrame(found.facts.get("regions", {"region_id": []})).set_index("region_id").reindex(out.index)
    noise = found.noise
    for measure, classes in MEASURES.items():
        km2 = judged[judged["status"].isin(classes)].groupby("region_id")["area_km2"].sum().reindex(out.index)
        out[f"{measure}_km2"] = km2.fillna(0.0)
        out[measure] = 100 * out[f"{measure}_km2"] / out["judged_km2"]
        for end in ("low", "high"):
            here = measure == "degraded" and end in ends
            out[f"{measure}_{end}"] = ends[end].astype("float64") if here else np.nan
        for (null, first), (end, column) in product(NULLS.items(), ENDS.items()):
            out[f"{measure}_{null}{end}"] = np.nan
            if noise is not None and f"{first}{column}" in noise:
                rows = noise[(noise["level"] == "region") & (noise["measure"] == measure)].set_index("place")
                out[f"{measure}_{null}{end}"] = rows[f"{first}{column}"].reindex(out.index).astype("float64")
        out[f"{measure}_against"] = [
            against(*pair) for pair in zip(out[measure], out[f"{measure}_noise_high"], strict=True)
        ]
    return out


def against(share: float, high: float) -> str:
    """How a share stands against chance: "more" than it, "within" its range, "" where the range is not known.

    Examples
    --------
    >>> against(52.0, 14.0), against(14.0, 14.0), against(52.0, float("nan"))
    ('more', 'within', '')
    """
    return "" if high != high else "more" if share > high else "within"  # noqa: PLR0124 - NaN


def ranked(shares: pd.DataFrame, names: dict[str, str], most: int = MOST) -> dict[str, pd.DataFrame]:
    """The most degraded and the most improved regions, none in both lists.

    Parameters
    ----------
    shares : DataFrame
        As of `region_shares`.
    names : dict of region_id to name
        Equal shares are in the order of the names.
    most : int
        Regions in a list.

    Returns
    -------
    dict of "degraded", "improved" to DataFrame
        Rows of ``shares`` with ``region_id``, ``name`` and ``share``, the largest first. A region without degraded land is not
        among the degraded, one without improved land not among the improved. A region stands where it has more land; one
        that has more degraded land stands among the improved only where the first list has no room for it.
    """
    table = shares.rename_axis("region_id").reset_index()
    table["name"] = [names.get(str(i), str(i)) for i in table["region_id"]]
    table["order"] = [name.casefold() for name in table["name"]]
    more = table["degraded"].round(TIE) >= table["improved"].round(TIE)
    degraded = _first(table[more], "degraded", most)
    improved = _first(table[~table["region_id"].isin(degraded["region_id"])], "improved", most)
    return {"degraded": degraded, "improved": improved}


def _first(table: pd.DataFrame, measure: str, most: int) -> pd.DataFrame:
    rows = table[table[measure] > 0]
    rows = rows.assign(share=rows[measure], size=-rows[measure].round(TIE))
    return rows.sort_values(["size", "order", "region_id"]).head(most).drop(columns="size").reset_index(drop=True)


def spots(found: Assessment, shares: pd.DataFrame, names: dict[str, str]) -> pd.DataFrame:
    """Hotspots and brightspots that are told, each by its region, those told apart from chance first, then by size.

    Returns
    -------
    DataFrame
        Rows of ``hotspots.parquet`` that are a place or a region, with ``name`` and ``against`` (as of `region_shares`, of the
        region's degraded or improved land).
    """
    table = found.patches[found.patches["told_as"] != "rest"].copy()
    table["name"] = [names.get(str(i), str(i)) for i in table["region_id"]]
    measure = table["kind"].map(KINDS)
    table["against"] = [
        str(shares[f"{name}_against"].get(region, "")) for name, region in zip(measure, table["region_id"], strict=True)
    ]
    table["weak"] = table["against"] == "within"
    by = ["kind", "weak", "area_km2", "name"]
    return table.sort_values(by, ascending=[False, True, False, True], ignore_index=True)


def sub_indicators(found: Assessment) -> pd.DataFrame:
    """Productivity, cover and carbon: declining, stable and improving land.

    Returns
    -------
    DataFrame indexed by "productivity", "cover_change", "carbon_change"
        declining, stable, improving (% of the land that has a class), no_data (% of land); only what could be had.
    """
    import pandas as pd

    now = found.land[found.land["period"] == "period"]
    land = float(now["area_km2"].sum())
    rows = {}
    for part in PARTS:
        codes = now[part].replace(FIVE) if part == "productivity" and len(_classes(found)) == 5 else now[part]
        by = now.groupby(codes)["area_km2"].sum()
        known = {name: float(by.get(code, 0.0)) for name, code in SIGNS.items()}
        total = sum(known.values())
        if total > 0:
            rows[part] = {name: 100 * km2 / total for name, km2 in known.items()}
            rows[part]["no_data"] = 100 * float(by.get(MISSING, 0.0)) / land
    return pd.DataFrame.from_dict(rows, orient="index", columns=[*SIGNS, "no_data"])


def _classes(found: Assessment) -> dict[str, Any]:
    classes: dict[str, Any] = found.facts.get("productivity", {})
    return classes


def place_facts(results: Path, study: Study) -> Iterator[Fact]:
    """Facts of the regions and patches that the brief names, and of the sub-indicators."""
    found = read_assessment(results)
    if found is None or not found.judged:
        return
    own: dict[str, Any] = {"source": own_names(study, LAND_LAYERS), "licence": "licence.own", "kind": "modelled"}
    own["period"] = f"{study.baseline[0]}–{study.baseline[1]}, {study.period[1]}"
    at = places_of(found, results, study)
    shares = at.shares
    for measure, rows in at.lists.items():
        why = "why.choices" if measure == "degraded" else "why.published_choices"
        for row in rows.to_dict("records"):
            yield from _region_facts(measure, row, why, own)
    for measure in MEASURES:
        known = shares[f"{measure}_against"] != ""
        if known.any():
            more = int((shares[f"{measure}_against"] == "more").sum())
            yield counted_fact(f"land_regions_{measure}_more", more, "regions", **own)
            yield counted_fact(f"land_regions_{measure}_ranged", int(known.sum()), "regions", **own)
    patches = at.patches
    yield counted_fact("land_patches_weak", int(patches["weak"].sum()), "1", **own)
    rule: dict[str, Any] = {
        "source": "source.rule",
        "kind": "default",
        "period": "period.rule",
        "no_interval": "why.rule",
    }
    least = study.land.hotspot_km2
    yield Fact("land_patch_least", least, "km2", decimals=0 if least % 1 == 0 else 1, **rule)
    for row in told(patches).to_dict("records"):
        key = f"{row['kind']}_{row['patch']}_{row['region_id']}"
        yield Fact(f"land_patch_{key}", 100 * row["area_km2"], "ha", no_interval="why.published_choices", **own)
        share = float(row["region_share"])
        yield Fact(
            f"land_patch_share_{key}", share, "%", decimals=_decimals(share), no_interval="why.published_choices", **own
        )
    for part, values in sub_indicators(found).iterrows():
        for name, value in values.items():
            what = own | {"no_interval": "why.published_choices"}
            yield Fact(f"land_part_{part}_{name}", float(value), "%", decimals=_decimals(value), **what)


def told(table: pd.DataFrame) -> pd.DataFrame:
    """The patches that the brief names: the ten largest of each kind that chance alone would not give."""
    return table[~table["weak"]].groupby("kind", sort=False).head(MOST).reset_index(drop=True)


def _region_facts(measure: str, row: dict[Any, Any], why: str, own: dict[str, Any]) -> Iterator[Fact]:
    share, region = float(row["share"]), row["region_id"]
    span = known_interval(share, float(row[f"{measure}_low"]), float(row[f"{measure}_high"]), why)
    yield Fact(f"land_region_{measure}_{region}", share, "%", decimals=_decimals(share), **span, **own)
    hectares = 100 * float(row[f"{measure}_km2"])
    ends = {end: float(row["judged_km2"]) * value for end, value in span.items() if end in ("low", "high")}
    yield Fact(f"land_region_{measure}_ha_{region}", hectares, "ha", **(_around(hectares, ends) or span), **own)
    low, high = float(row[f"{measure}_noise_low"]), float(row[f"{measure}_noise_high"])
    if low == low:  # noqa: PLR0124 - not NaN
        middle = float(row[f"{measure}_noise"])
        decimals = _decimals(high)
        yield Fact(f"land_region_{measure}_noise_{region}", middle, "%", low=low, high=high, decimals=decimals, **own)


def _around(value: float, ends: dict[str, float]) -> dict[str, Any]:
    """Ends that hold a value; one that misses it by the last digits of a product is moved onto it."""
    return {"low": min(ends["low"], value), "high": max(ends["high"], value)} if ends else {}


def _decimals(share: float) -> int:
    return 0 if share >= 10 else 1
