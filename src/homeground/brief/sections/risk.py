# SPDX-License-Identifier: Apache-2.0
"""The page's section on risk: which regions stand high whatever the weights, and how far ranks move."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from homeground.brief.drawing.classes import SURE_ENOUGH
from homeground.brief.page.content import MapLayer, Section, Table
from homeground.brief.sections.tables import country_head
from homeground.catalogue.atlas import country_names
from homeground.language.messages import phrase
from homeground.language.wording import wording
from homeground.numbers.fact import Amount
from homeground.running.tables import RISK_WEIGHTS

if TYPE_CHECKING:
    import pandas as pd

TOP = 12
# lajolla at five places, from light to dark
FIFTHS = {"1": "#fae992", "2": "#eba653", "3": "#e0704f", "4": "#9f4342", "5": "#4a2a1d"}


def section(results: Path, table: pd.DataFrame, finding: str, code: str) -> Section:
    """Risk class with its probability, the highest regions with rank intervals, and the tree behind them."""
    import pandas as pd

    weights = pd.read_parquet(results / RISK_WEIGHTS)
    sure = Amount(100 * SURE_ENOUGH, "%")
    few = len(table) < len(FIFTHS)
    return Section(
        "risk",
        phrase("section.risk.title", code),
        finding,
        body=(
            phrase("section.risk.holds", code),
            phrase("section.risk.few", code, n=len(table), sure=sure)
            if few
            else phrase("section.risk.fifths", code, sure=sure),
        ),
        maps=(
            MapLayer(
                "risk_class",
                phrase("section.risk.classes", code),
                phrase("section.risk.fifth", code, most=str(len(FIFTHS))),
                "classes",
                source=phrase("section.risk.source", code),
                period=phrase("section.risk.period", code),
                data_kind="modelled",
                licence=phrase("section.risk.licence", code),
                decimals=0,
                classes=FIFTHS,
                probability_column="risk_class_probability",
                shows=phrase("section.risk.shows", code, sure=sure),
            ),
        ),
        tables=(_highest(table, code), _tree(weights, code)),
    )


def _highest(table: pd.DataFrame, code: str) -> Table:
    top = table.dropna(subset=["risk_rank"]).nsmallest(TOP, "risk_rank")
    frame = top.assign(
        country=top["iso3"].map(country_names(code)), probability=100 * top["risk_class_probability"]
    ).reset_index(drop=True)
    heads = {"name": phrase("page.region", code), **country_head(code)}
    numbers = ("risk_rank", "risk_index", "risk_class", "probability")
    heads |= {name: phrase(f"column.risk.{name}", code) for name in numbers}
    note, title = phrase("section.risk.highest_note", code), phrase("section.risk.highest", code, n=len(frame))
    return Table(title, frame, heads, {"probability": "%"}, note, dict.fromkeys(numbers, 0))


def _tree(weights: pd.DataFrame, code: str) -> Table:
    leaves = weights[weights["effective_weight"].notna()]
    told = {
        field: [
            wording(f"tree.{node}.{field}", text, code)
            for node, text in zip(leaves["node"], leaves[field], strict=True)
        ]
        for field in ("title", "why")
    }
    frame = leaves.assign(
        weight=100 * leaves["effective_weight"],
        kind=[phrase(f"kind.{kind}", code) for kind in leaves["kind"]],
        level=[phrase(f"section.risk.{level}", code) for level in leaves["level"]],
        **told,
    ).reset_index(drop=True)
    heads = {name: phrase(f"column.risk.{name}", code) for name in ("title", "weight", "kind", "level", "why")}
    note = phrase("section.risk.tree_note", code)
    return Table(phrase("section.risk.tree", code), frame, heads, {"weight": "%"}, note, {"weight": 0})
