# SPDX-License-Identifier: Apache-2.0
"""What the risk stage does: the index by region with its intervals, its parts, weights, and what it rests on."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd

from homeground.catalogue.regions import study_regions
from homeground.language.messages import Saying, Word, known
from homeground.numbers.fact import Amount
from homeground.risk.index import composite_index, leaf_values, why_missing
from homeground.risk.inputs import (
    COUNTRY,
    OWN,
    REGION,
    Indicators,
    country_indicators,
    own_indicators,
    region_indicators,
    spread,
)
from homeground.risk.reliance import reliability
from homeground.risk.robustness import rank_robustness
from homeground.risk.tree import build_tree, effective_weights, read_tree
from homeground.running.steps import Work
from homeground.running.tables import (
    DROUGHT,
    DROUGHT_FACTS,
    LAND_PEOPLE,
    PEOPLE_COUNTRIES,
    RISK_PARTS,
    RISK_RELIABILITY,
    RISK_WEIGHTS,
    regions_of,
)

TREE = "land_people"
DRAWS = 1000
KNOWN_SHARE = 0.5  # of the weight below a node, as the index asks for
SEED = 20221  # any number; kept, so that a run can be repeated
CLASSES = 5
SURE = 0.6  # a class below this probability is hatched on maps and not counted as a finding
NORMALISATIONS = ("mixed", "rank", "zscore")


def regions(work: Work) -> None:
    """Index, rank and class by region with their intervals; the tree used, every part, and the kinds of the inputs."""
    regions = study_regions(work.study)
    country = regions.set_index("region_id")["iso3"]
    inputs = _inputs(work, regions)
    values = inputs.values
    whole = read_tree(TREE)
    # Without series of its own a study's index is made of what is embedded: what it leaves out is told, not missing.
    tree = whole[~whole["node"].isin(set(OWN) - set(values.columns))]
    found = rank_robustness(
        values,
        tree,
        draws=DRAWS,
        seed=SEED,
        normalisations=NORMALISATIONS,
        indicator_intervals=(inputs.low, inputs.high),
        groups=country,
        classes=CLASSES,
    )
    leaves = tree[tree["direction"].notna()].set_index("node")
    by_country = leaves.index[leaves["level"] == "country"]
    basis = reliability(
        values,
        tree,
        kinds={str(name): str(kind) for name, kind in leaves["kind"].items()},
        shared=dict.fromkeys(by_country, "country"),
    )
    (work.out / "regions").mkdir()
    _published(found).to_parquet(work.out / regions_of("risk"))
    scores = composite_index(values, tree, normalise=NORMALISATIONS[0])
    _parts(inputs, scores, tree).to_parquet(work.out / RISK_PARTS)
    _weights(inputs, tree).to_parquet(work.out / RISK_WEIGHTS)
    basis.rename_axis("region_id").reset_index().to_parquet(work.out / RISK_RELIABILITY)
    _warn(work, inputs, country, whole, basis)


def _inputs(work: Work, regions: pd.DataFrame) -> Indicators:
    results, country = work.results, regions.set_index("region_id")["iso3"]
    land = pd.read_parquet(results / regions_of("land")).set_index("region_id").reindex(country.index)
    people = pd.read_parquet(results / regions_of("people")).set_index("region_id").reindex(country.index)
    figures = pd.read_parquet(results / PEOPLE_COUNTRIES)
    embedded, own = region_indicators(land, people), own_indicators(land, _drought(results), _on_land(work, regions))
    wide = spread(country_indicators(figures, list(dict.fromkeys(country))), country)
    tables = ("values", "low", "high", "years")
    return Indicators(*(pd.concat([getattr(part, t) for part in (embedded, own, wide)], axis=1) for t in tables))


def _drought(results: Path) -> pd.DataFrame | None:
    """Drought classes by region and year, by the index that stands for the study; None without a series of rain."""
    if not (results / DROUGHT_FACTS).is_file():
        return None
    main = json.loads((results / DROUGHT_FACTS).read_text("utf-8"))["index"]
    return pd.read_parquet(results / DROUGHT, filters=[("index", "==", main)])


def _on_land(work: Work, regions: pd.DataFrame) -> pd.DataFrame | None:
    """People by the state of the land they live on, at the end of the period; None without a population grid."""
    if not (work.results / LAND_PEOPLE).is_file():
        return None
    table = pd.read_parquet(work.results / LAND_PEOPLE, filters=[("year", "==", work.study.period[1])])
    return table.merge(regions[["region_id", "area_km2"]], on="region_id").set_index("region_id")


def _published(found: pd.DataFrame) -> pd.DataFrame:
    """The columns by region. Index and rank are medians of the draws, so that their intervals hold them."""
    table = pd.DataFrame({"region_id": found.index})
    names = {"risk_index": "index_median", "risk_index_low": "index_low", "risk_index_high": "index_high"}
    names |= {"risk_rank": "rank_median", "risk_rank_low": "rank_low", "risk_rank_high": "rank_high"}
    names |= {"risk_class": "class", "risk_class_probability": "class_probability"}
    for column, source in names.items():
        table[column] = found[source].to_numpy(dtype="float64")
    table["risk_known_share"] = 100 * found["known_share"].to_numpy()
    return table


def _parts(inputs: Indicators, scores: pd.DataFrame, tree: pd.DataFrame) -> pd.DataFrame:
    """Every node of every region: value with interval and year for indicators, score (0 to 100) for all."""
    tables = []
    for row in tree.to_dict(orient="records"):
        name = row["node"]
        part = pd.DataFrame({"region_id": scores.index, "node": name})
        ends = (("value", inputs.values), ("low", inputs.low), ("high", inputs.high), ("year", inputs.years))
        for column, table in ends:
            part[column] = table[name].to_numpy() if name in table else float("nan")
        part["score"] = scores[name].to_numpy()
        tables.append(part.assign(title=row["title"], unit=row["unit"], kind=row["kind"], level=row["level"]))
    return pd.concat(tables, ignore_index=True).astype({"year": "Int64"})


def _weights(inputs: Indicators, tree: pd.DataFrame) -> pd.DataFrame:
    share = effective_weights(tree)
    known = inputs.values.notna().sum()
    return tree.assign(
        effective_weight=tree["node"].map(share).astype("float64"),
        regions_known=tree["node"].map(known).astype("Int64"),
        first_year=tree["node"].map(inputs.years.min()).astype("Int64"),
        last_year=tree["node"].map(inputs.years.max()).astype("Int64"),
    )


def _warn(work: Work, inputs: Indicators, country: pd.Series, tree: pd.DataFrame, basis: pd.DataFrame) -> None:
    few = Saying("warning.risk_few", {"n": len(country), "classes": CLASSES})
    work.warn(Saying("warning.risk_fifths") if len(country) >= CLASSES else few)
    work.warn(Saying("warning.risk_absent"))
    if left_out := [_title(name, tree) for name in OWN if name not in inputs.values]:
        work.warn(Saying("warning.risk_own_absent", {"titles": left_out}))
    shared = Amount(100 * float(basis["shared"].mean()), "%")
    reported = {"low": Amount(0.3, "%", 1), "high": Amount(76.0, "%")}
    work.warn(Saying("warning.risk_shared", {"share": shared, **reported}))
    for name in (n for n in (*REGION, *OWN, *COUNTRY) if n in inputs.values):
        absent = inputs.values[name].isna()
        if absent.any():
            where = ", ".join(sorted(set(country[absent])))
            words: dict[str, Word] = {"title": _title(name, tree), "n": int(absent.sum()), "where": where}
            drawn = (absent & (basis["no_index"] == "")).any()  # no index, no draws
            work.warn(Saying("warning.risk_unknown" if drawn else "warning.risk_unknown_all", words))
    _warn_of_no_index(work, inputs.values, country, tree[~tree["node"].isin(set(OWN) - set(inputs.values.columns))])


def _warn_of_no_index(work: Work, values: pd.DataFrame, country: pd.Series, tree: pd.DataFrame) -> None:
    """Regions whose risk is not known, by the dimension of which too little is."""
    built = build_tree(tree)
    _, given = leaf_values(values, built)
    regions: dict[tuple[tuple[str, float], ...], list[str]] = {}
    for region, short in zip(country.index, why_missing(given, built, KNOWN_SHARE), strict=True):
        if short:
            regions.setdefault(tuple(short.items()), []).append(region)
    for nodes, without in regions.items():
        parts = [
            Saying("warning.risk_known", {"title": _title(n, tree), "share": Amount(100 * s, "%")}) for n, s in nodes
        ]
        least = Amount(100 * KNOWN_SHARE, "%")
        where = ", ".join(sorted(set(country[without])))
        work.warn(Saying("warning.risk_no_index", {"n": len(without), "where": where, "parts": parts, "least": least}))


def _title(node: str, tree: pd.DataFrame) -> str | Saying:
    """What a node of the tree is called, in the reader's language where the catalogues have it."""
    return Saying(f"tree.{node}.title") if known(f"tree.{node}.title") else str(tree.set_index("node")["title"][node])
