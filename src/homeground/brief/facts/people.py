# SPDX-License-Identifier: Apache-2.0
"""What is stated of the people and of those who move."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from homeground.brief.facts.results import read
from homeground.brief.facts.used_layers import layers_said, people_layers
from homeground.evidence.exposure import dryland_columns, total_exposed
from homeground.numbers.fact import Fact, counted_fact
from homeground.running.tables import PEOPLE_COUNTRIES, REGIONS

if TYPE_CHECKING:
    from homeground.study.model import Study
from homeground.brief.facts.land import layer_facts


def people_facts(results: Path, study: Study) -> Iterator[Fact]:
    table = read(results, REGIONS)
    if table is None or "people_population" not in table or table["people_population"].isna().all():
        return
    own = study.input("population")
    if own is None:
        what: dict[str, Any] = layer_facts("population") | {"kind": "modelled", "no_interval": "why.projection"}
        people = layer_facts(*people_layers(study))
        what["period"] = "2025"
    else:
        what = {"source": own.name, "licence": "licence.own", "kind": "published", "no_interval": "why.own"}
        people = {"source": own.name, "licence": "licence.own"}
        what["period"] = "period.own"
    yield Fact("people_total", float(table["people_population"].sum()), "persons", **what)
    ends = ("evidence_people_dryland", "evidence_people_dryland_low", "evidence_people_dryland_high")
    if {*ends, "people_population_low", "people_population_high"} <= set(table.columns):
        value, low, high = total_exposed(dryland_columns(table))
        land = layers_said(study, ("cover", "rain", "temperature"))
        placed: dict[str, Any] = {key: "; ".join(dict.fromkeys((people[key], land[key]))) for key in people}
        placed["period"] = what["period"]
        yield Fact("people_drylands", value, "persons", low=low, high=high, kind="modelled", **placed)


def mobility_facts(results: Path, study: Study) -> Iterator[Fact]:
    table = read(results, PEOPLE_COUNTRIES)
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
            yield counted_fact(f"{key}_countries", rows["iso3"].nunique(), "countries", **what)
