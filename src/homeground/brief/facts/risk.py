# SPDX-License-Identifier: Apache-2.0
"""What is stated of the risk."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from homeground.brief.facts.results import read
from homeground.numbers.fact import Fact
from homeground.running.tables import regions_of

if TYPE_CHECKING:
    from homeground.study.model import Study
from homeground.brief.facts.plan import CLASSES, SURE


def risk_facts(results: Path, study: Study) -> Iterator[Fact]:
    table = read(results, regions_of("risk"))
    if table is None:
        return
    table = table[table["risk_rank"].notna()]
    if table.empty:
        return
    what: dict[str, Any] = {"source": "source.risk", "kind": "modelled", "period": "period.risk"}
    what["licence"] = "licence.inputs"
    sure = (table["risk_class"] == CLASSES) & (table["risk_class_probability"] >= SURE)
    yield Fact("risk_high", float(sure.sum()), "regions", no_interval="why.probability", **what)
    yield Fact("risk_regions", float(len(table)), "regions", no_interval="why.count", **what)
    rule: dict[str, Any] = {
        "source": "source.rule",
        "kind": "default",
        "period": "period.rule",
        "no_interval": "why.rule",
    }
    yield Fact("risk_sure", 100 * SURE, "%", **rule)
    n = len(table)
    middle = table[table["risk_rank"].between(n / 4, 3 * n / 4)]
    if len(middle):
        moves = float(((middle["risk_rank_high"] - middle["risk_rank_low"]) / 2).median())
        yield Fact("risk_moves", moves, "1", no_interval="why.is_interval", **what)
