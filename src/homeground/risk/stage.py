# SPDX-License-Identifier: Apache-2.0
"""The risk stage: the land and people index by region, with rank intervals, class probability and what it rests on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from homeground.catalogue.regions import region_inputs
from homeground.numbers.units import counted
from homeground.running.steps import Stage, Step, Work

if TYPE_CHECKING:
    import pandas as pd

    from homeground.risk.inputs import Indicators

TREE = "land_people"
DRAWS = 1000
SEED = 20221  # any number; kept, so that a run can be repeated
CLASSES = 5
SURE = 0.6  # a class below this probability is hatched on maps and not counted as a finding
NORMALISATIONS = ("mixed", "rank", "zscore")


def _regions(work: Work) -> None:
    """Index, rank and class by region with their intervals; the tree used, every part, and the kinds of the inputs."""
    from homeground.catalogue.regions import load_regions
    from homeground.risk.index import composite_index
    from homeground.risk.reliance import reliability
    from homeground.risk.robustness import rank_robustness
    from homeground.risk.tree import read_tree

    regions = load_regions(work.study.countries, work.study.input("regions"))
    country = regions.set_index("region_id")["iso3"]
    tree = read_tree(TREE)
    inputs = _inputs(work.results, country)
    values = inputs.values
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
    _published(found).to_parquet(work.out / "regions" / "risk.parquet")
    scores = composite_index(values, tree, normalise=NORMALISATIONS[0])
    _parts(inputs, scores, tree).to_parquet(work.out / "risk_parts.parquet")
    _weights(inputs, tree).to_parquet(work.out / "risk_weights.parquet")
    basis.rename_axis("region_id").reset_index().to_parquet(work.out / "risk_reliability.parquet")
    _warn(work, inputs, country, tree, basis)


def _inputs(results: Path, country: pd.Series) -> Indicators:
    import pandas as pd

    from homeground.risk.inputs import Indicators, country_indicators, region_indicators, spread

    land = pd.read_parquet(results / "regions" / "land.parquet").set_index("region_id").reindex(country.index)
    people = pd.read_parquet(results / "regions" / "people.parquet").set_index("region_id").reindex(country.index)
    figures = pd.read_parquet(results / "people_countries.parquet")
    own = region_indicators(land, people)
    wide = spread(country_indicators(figures, list(dict.fromkeys(country))), country)
    pairs = ((own.values, wide.values), (own.low, wide.low), (own.high, wide.high), (own.years, wide.years))
    return Indicators(*(pd.concat(pair, axis=1) for pair in pairs))


def _published(found: pd.DataFrame) -> pd.DataFrame:
    """The columns by region. Index and rank are medians of the draws, so that their intervals hold them."""
    import pandas as pd

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
    import pandas as pd

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
    from homeground.risk.tree import effective_weights

    share = effective_weights(tree)
    known = inputs.values.notna().sum()
    return tree.assign(
        effective_weight=tree["node"].map(share).astype("float64"),
        regions_known=tree["node"].map(known).astype("Int64"),
        first_year=tree["node"].map(inputs.years.min()).astype("Int64"),
        last_year=tree["node"].map(inputs.years.max()).astype("Int64"),
    )


def _warn(work: Work, inputs: Indicators, country: pd.Series, tree: pd.DataFrame, basis: pd.DataFrame) -> None:
    from homeground.risk.inputs import COUNTRY, REGION

    compared = (
        "classes are fifths of its regions, so some regions are always in the highest"
        if len(country) >= CLASSES
        else f"{len(country)} are too few for {CLASSES} classes, so read ranks, not classes"
    )
    work.warn(
        f"The risk index compares the regions of this study only: {compared}. Weights are expert defaults, unverified; "
        "the intervals vary them."
    )
    work.warn(
        "The index holds displacement, not migration. Lack of coping capacity and immobility are absent: no embedded "
        "source holds them. Land enters by its state in one epoch; no trend and no SDG 15.3.1 status is in it."
    )
    work.warn(
        f"{100 * basis['shared'].mean():.0f} % of the index's weight is known by country only and is the same in all "
        "regions of a country. Youth unemployment is left out: it mirrors how countries ask for it (Niger reports 0.3 %, "
        "Djibouti 76 %)."
    )
    titles = tree.set_index("node")["title"]
    for name in (*REGION, *COUNTRY):
        absent = inputs.values[name].isna()
        if absent.any():
            where = ", ".join(sorted(set(country[absent])))
            drawn = " Where there is an index, the draws take it from other regions, so that the intervals widen."
            work.warn(
                f"{titles[name]}: unknown in {counted(int(absent.sum()), 'region', 'regions')} ({where})."
                + (drawn if (absent & (basis["no_index"] == "")).any() else "")
            )
    for reason, group in basis[basis["no_index"] != ""].groupby("no_index"):
        where = ", ".join(sorted(set(country[group.index])))
        parts = [part.partition(":") for part in str(reason).split("; ")]
        words = "; ".join(f"{titles[node]}{colon}{rest}" for node, colon, rest in parts)
        work.warn(
            f"{counted(len(group), 'region has', 'regions have')} no risk index and no rank ({where}): their risk is not "
            f"known, not low. {words}."
        )


def _finding(results: Path) -> str:
    import pandas as pd

    whole = pd.read_parquet(results / "regions" / "risk.parquet")
    table = whole.dropna(subset="risk_rank")
    n, unknown = len(table), len(whole) - len(table)
    if n == 0:
        return "No region has enough known indicators for a risk index."
    without = f" Of {counted(unknown, 'more region', 'more regions')} too little is known." if unknown else ""
    parts = pd.read_parquet(results / "risk_parts.parquet", filters=[("node", "==", "people_in_drylands")])
    if parts["value"].max() == 0:
        return f"Nobody lives in drylands in these {n} regions: the risk index is nil by its own definition.{without}"
    if n < CLASSES:
        return (
            f"{n} regions are too few for classes: they are ranked among themselves only, by the medians of {DRAWS} "
            f"draws.{without}"
        )
    sure = ((table["risk_class"] == CLASSES) & (table["risk_class_probability"] >= SURE)).sum()
    middle = table[table["risk_rank"].between(n / 4, 3 * n / 4)]
    moves = ((middle["risk_rank_high"] - middle["risk_rank_low"]) / 2).median() if len(middle) else 0.0
    return (
        f"{counted(int(sure), 'region is', 'regions are')} in the highest class with at least {100 * SURE:.0f} % probability "
        f"(of {n}, compared with each other only); ranks of the middle half move by ±{moves:.0f} places.{without}"
    )


STAGE = Stage(
    "risk",
    (
        Step(
            "regions",
            _regions,
            ("regions/risk.parquet", "risk_parts.parquet", "risk_weights.parquet", "risk_reliability.parquet"),
            needs=("land.regions", "people.countries", "people.regions"),
            inputs=region_inputs,
        ),
    ),
    _finding,
)
