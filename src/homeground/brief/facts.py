# SPDX-License-Identifier: Apache-2.0
"""Every number of the brief: its value, interval or the reason why none, unit, source, kind, period and licence."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from homeground.catalogue import atlas
from homeground.errors import DataError, Problems

if TYPE_CHECKING:
    import pandas as pd

    from homeground.study import Study

KINDS = ("observed", "modelled", "published", "default")


@dataclass(frozen=True)
class Fact:
    """One number that a text may state.

    ``no_interval``, ``source`` and ``period`` may be ids of the message catalogue (``why.count``); else they are
    printed as they stand.

    Raises
    ------
    DataError
        Source, unit or period is empty, the kind is unknown, the value is missing, the interval does not hold it, or
        there is neither an interval nor a reason (or both).

    Examples
    --------
    >>> Fact("share", 58.0, "%", "a survey", "observed", "2020", low=52.0, high=63.0).high
    63.0
    >>> Fact("share", 58.0, "%", "", "observed", "2020", no_interval="a census")
    Traceback (most recent call last):
    ...
    homeground.errors.DataError: fact share: source is empty. Say where the number comes from.
    """

    key: str
    value: float
    unit: str
    source: str
    kind: str
    period: str
    low: float | None = None
    high: float | None = None
    no_interval: str | None = None
    decimals: int = 0
    licence: str = ""

    def __post_init__(self) -> None:
        problems = Problems(f"fact {self.key or '(without key)'}")
        says = {"unit": 'what one is; "1" for a plain number', "source": "where the number comes from"}
        says |= {"period": "which years it is about", "key": "what it is called"}
        for name, what in says.items():
            if not str(getattr(self, name)).strip():
                problems.add(f"{name} is empty. Say {what}.")
        if self.kind not in KINDS:
            problems.add(f'kind is "{self.kind}"; one of {", ".join(KINDS)} was expected.')
        if not math.isfinite(self.value):
            problems.add(f"the value is {self.value}. Leave out what is not known.")
        if (self.low is None) != (self.high is None):
            problems.add("only one end of the interval is given. Give both or say why there is none.")
        elif self.low is not None and self.high is not None:
            if not self.low <= self.value <= self.high:
                problems.add(f"the interval {self.low:g} to {self.high:g} does not hold {self.value:g}.")
            if self.no_interval:
                problems.add("has an interval and a reason for having none. Keep one.")
        elif not (self.no_interval or "").strip():
            problems.add("has neither an interval nor a reason why there is none. Give one.")
        problems.raise_if_any(DataError)


def collect(results: Path, study: Study) -> dict[str, Fact]:
    """All facts that the tables of a results folder hold; a table that is not there gives none.

    Parameters
    ----------
    results : Path
        Folder of a run.
    study : Study

    Returns
    -------
    dict of key to Fact

    Raises
    ------
    DataError
        Two facts have one key, or a table holds what no fact may say.
    """
    parts = (_land, _people, _mobility, _evidence, _plan)
    facts: dict[str, Fact] = {}
    for part in parts:
        for fact in part(results, study):
            if fact.key in facts:
                raise DataError(f"fact {fact.key} is stated twice. Give each its own key.")
            facts[fact.key] = fact
    return facts


def read(results: Path, name: str) -> pd.DataFrame | None:
    """A table of the results folder; None where it is not there or empty."""
    import pandas as pd

    path = results / name
    if not path.is_file():
        return None
    table = pd.read_parquet(path)
    return None if table.empty else table


def layer_facts(*names: str) -> dict[str, str]:
    """Source, licence and period of embedded layers, for a fact that was worked out from them."""
    layers = atlas.layers().set_index("layer")
    return {
        "source": "; ".join(layers.loc[n, "source"] for n in names),
        "licence": "; ".join(dict.fromkeys(str(layers.loc[n, "licence"]) for n in names)),
    }


def _own_or_atlas(study: Study, *names: str) -> dict[str, str]:
    """As `layer_facts`, with the user's own files in place of the layers that they replace."""
    own = {n: study.input(n) for n in names}
    parts = [
        layer_facts(n) if own[n] is None else {"source": f"{own[n].name}", "licence": "licence.own"} for n in names
    ]  # type: ignore[union-attr]
    return {key: "; ".join(dict.fromkeys(p[key] for p in parts)) for key in ("source", "licence")}


def _count(key: str, value: float, unit: str, **what: Any) -> Fact:
    return Fact(key, float(value), unit, **{"kind": "published", "no_interval": "why.count", **what})


def _land(results: Path, study: Study) -> Iterator[Fact]:
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
    yield Fact("land_drylands_share", share, "%", low=low, high=high, **climate)
    total = float(area.sum())
    km2 = {"low": total * low / 100, "high": total * high / 100}
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
        what = _own_or_atlas(study, "vegetation_max", "cover") | {"period": "period.vegetation"}
        yield Fact("land_gap", value, "%", kind="modelled", low=least, high=most, **what)


def _people(results: Path, study: Study) -> Iterator[Fact]:
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
        placed = layer_facts("population", "cover", "rain", "temperature") | {"period": what["period"]}
        yield Fact("people_drylands", value, "persons", low=low, high=high, kind="modelled", **placed)


def _mobility(results: Path, study: Study) -> Iterator[Fact]:
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
        span = {"low": low, "high": high} if hidden else {"no_interval": f"why.{key}"}
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
PHASES = ("establishment", "season", "upkeep")
ENDS = ("", "_low", "_high")


def _evidence(results: Path, study: Study) -> Iterator[Fact]:
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


def _plan(results: Path, study: Study) -> Iterator[Fact]:
    allocation = read(results, "plan.parquet")
    if allocation is None or not (results / "plan.json").is_file():
        return
    notes = json.loads((results / "plan.json").read_text(encoding="utf-8"))
    years = "–".join(dict.fromkeys(str(y) for y in notes["years"]))
    what: dict[str, Any] = {
        "source": "source.options",
        "kind": "modelled",
        "period": years,
        "licence": "licence.options",
    }
    given: dict[str, Any] = {"kind": "published", "period": years, "no_interval": "why.given", "source": "source.study"}
    span = notes["years"][1] - notes["years"][0] + 1
    yield Fact("plan_budget", float(notes["budget_per_year"]), notes["currency"], **given)
    yield Fact("plan_years", float(span), "years", **given)
    yield Fact("plan_hectares", float(allocation["hectares"].sum()), "ha", no_interval="why.plan", **what)
    low, high = (float(v) for v in notes["objective_interval"])
    weighted = _span(float(notes["objective"]), low, high, "why.plan_bounds")
    yield Fact("plan_objective", float(notes["objective"]), "ha", **weighted, **what)
    # The solver stops at such a distance from its proven bound that more digits would say nothing.
    yield Fact("plan_gap", max(100 * float(notes["gap"]), 0.01), "%", decimals=2, no_interval="why.proven", **what)
    carbon = read(results, "regions/measures.parquet")
    if carbon is not None and "measures_carbon_t_co2e_per_year" in carbon:
        value, least, most = (float(carbon[f"measures_carbon_t_co2e_per_year{end}"].sum()) for end in ENDS)
        yield Fact("plan_carbon", value, "t CO2e/year", **_span(value, least, most, "why.plan"), **what)
    for key, column in (("plan_cost", "cost_usd"), *((f"plan_work_{p}", f"person_days_{p}") for p in PHASES)):
        value, least, most = (float(allocation[f"{column}{end}"].sum()) for end in ENDS)
        unit = notes["currency"] if key == "plan_cost" else "person-days"
        yield Fact(key, value, unit, **_span(value, least, most, "why.plan"), **what)
    for name in ("cost", "person_days", "hectares", "women_and_youth"):
        share = notes["unverified"].get(name)
        if share is not None and math.isfinite(share):
            yield Fact(f"plan_unverified_{name}", 100 * float(share), "%", no_interval="why.share", **what)
    yield from _rules(results, study, what)


def _rules(results: Path, study: Study, what: dict[str, Any]) -> Iterator[Fact]:
    prices = read(results, "plan_prices.parquet")
    for rule in ("women", "youth", "country_floor"):
        given = getattr(study.plan.rules, rule)
        if not given:
            continue
        source = study.plan.rules.source or "source.illustrative"
        own: dict[str, Any] = {
            "source": source,
            "kind": "default",
            "period": what["period"],
            "no_interval": "why.given",
        }
        yield Fact(f"rule_{rule}", 100 * float(given), "%", **own)
        if prices is None:
            continue
        row = prices[(prices["rule"] == rule) & prices["lost_share"].notna()]
        if len(row):
            lost = 100 * float(row["lost_share"].iloc[0])
            yield Fact(f"rule_{rule}_price", lost, "%", decimals=1, no_interval="why.plan", **what)


def _span(value: float, low: float, high: float, why: str) -> dict[str, Any]:
    """The interval if it is known and holds the value, else the reason."""
    if math.isfinite(low) and math.isfinite(high) and low <= value <= high:
        return {"low": low, "high": high}
    return {"no_interval": why}


def used_sources(facts: Iterable[Fact]) -> dict[tuple[str, str, str, str, str], list[Fact]]:
    """Facts by source, kind, period, licence and the reason for having no interval."""
    found: dict[tuple[str, str, str, str, str], list[Fact]] = {}
    for fact in facts:
        key = (fact.source, fact.kind, fact.period, fact.licence, fact.no_interval or "")
        found.setdefault(key, []).append(fact)
    return found
