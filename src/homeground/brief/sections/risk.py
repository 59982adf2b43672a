# SPDX-License-Identifier: Apache-2.0
"""The page's section on risk: which regions stand high whatever the weights, and how far ranks move."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from homeground.brief.page.content import MapLayer, Section, Table
from homeground.brief.sections.tables import country_names
from homeground.running.tables import RISK_WEIGHTS

if TYPE_CHECKING:
    import pandas as pd

TOP = 12
# lajolla at five places, from light to dark
FIFTHS = {"1": "#fae992", "2": "#eba653", "3": "#e0704f", "4": "#9f4342", "5": "#4a2a1d"}


def section(results: Path, table: pd.DataFrame, finding: str) -> Section:
    """Risk class with its probability, the highest regions with rank intervals, and the tree behind them."""
    import pandas as pd

    weights = pd.read_parquet(results / RISK_WEIGHTS)
    return Section(
        "risk",
        "Risk: how bad, how sure?",
        finding,
        body=(
            "The index joins dry and less green land, people in drylands, and vulnerability: dependence on farming and "
            "displacement. Voluntary migration is no risk and is not in it.",
            f"It compares the regions of this study with each other: {_fifths(len(table))}. Weights, "
            "scales, ways of adding up and the errors of the indicators are varied a thousand times; hatched regions "
            "keep their class in fewer than six draws of ten.",
        ),
        maps=(
            MapLayer(
                "risk_class",
                "Risk class within this study",
                "fifth, 5 is highest",
                "classes",
                source="land and people columns of this study; risk_weights.parquet",
                period="state of one epoch; displacement of the latest year",
                data_kind="modelled",
                licence="by indicator, see risk_weights.parquet",
                decimals=0,
                classes=FIFTHS,
                probability_column="risk_class_probability",
                shows="Fifth of the risk index; hatched where the class holds in fewer than 60 % of draws.",
            ),
        ),
        tables=(_highest(table), _tree(weights)),
    )


def _fifths(regions: int) -> str:
    if regions < len(FIFTHS):
        return f"{regions} are too few for fifths, so read their ranks"
    return "some are always in the highest fifth"


def _highest(table: pd.DataFrame) -> Table:
    names = country_names("en")
    top = table.dropna(subset=["risk_rank"]).nsmallest(TOP, "risk_rank")
    frame = top.assign(Country=top["iso3"].map(names), Probability=(100 * top["risk_class_probability"]).round(0))
    frame = frame.rename(
        columns={
            "name": "Region",
            "risk_index": "Index",
            "risk_index_low": "Index_low",
            "risk_index_high": "Index_high",
        }
    ).rename(
        columns={"risk_rank": "Rank", "risk_rank_low": "Rank_low", "risk_rank_high": "Rank_high", "risk_class": "Class"}
    )
    columns = [
        "Region",
        "Country",
        "Rank",
        "Rank_low",
        "Rank_high",
        "Index",
        "Index_low",
        "Index_high",
        "Class",
        "Probability",
    ]
    frame = frame[columns].round(0).reset_index(drop=True)
    note = "Ranks whose ranges overlap are not told apart. Population by region is modelled, so towns stand out."
    return Table(
        f"The {len(frame)} regions that rank highest, with the range of their rank", frame, {"Probability": "%"}, note
    )


def _tree(weights: pd.DataFrame) -> Table:
    leaves = weights[weights["effective_weight"].notna()]
    frame = leaves.assign(Weight=(100 * leaves["effective_weight"]).round(0))
    frame = frame[["title", "Weight", "kind", "level", "why"]].rename(columns=str.capitalize)
    note = "Weights are expert defaults, unverified. No share of degraded land that countries report is used."
    return Table("What the index is made of", frame.reset_index(drop=True), {"Weight": "%"}, note)
