# SPDX-License-Identifier: Apache-2.0
"""The page's section on evidence: what published studies say about land and mobility, and how sure that is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from homeground.brief.drawing.charts import forest
from homeground.brief.facts.evidence import why_not_pooled
from homeground.brief.page.content import Figure, Section, Table
from homeground.brief.sections.tables import country_names, map_layers
from homeground.running.tables import EFFECTS, EFFECTS_MODERATORS, EFFECTS_POOLED, EVIDENCE_COUNTRIES

if TYPE_CHECKING:
    import pandas as pd

Z95 = 1.959964  # two-sided 95 % of the normal distribution
LEVELS = {1: "described", 2: "associated", 3: "consistent with a causal effect", 4: "randomised programme"}


def section(results: Path, finding: str) -> Section:
    """Signs and levels by country, a forest of the effects with an error, and why none is pooled."""
    import pandas as pd

    effects = pd.read_parquet(results / EFFECTS)
    groups = pd.read_parquet(results / EFFECTS_POOLED)
    reading = pd.read_parquet(results / EVIDENCE_COUNTRIES)
    moderators = pd.read_parquet(results / EFFECTS_MODERATORS)
    return Section(
        "evidence",
        "Evidence: how much of the movement goes with the land?",
        finding,
        body=(
            "Published studies disagree in sign: drought raises some moves and holds others back, for want of money. "
            "So a country gets the sign, the range and the level of evidence, never a number of people.",
            "Claims climb a ladder: described, associated, consistent with a causal effect, attributed. Land "
            "degradation stays at associated, for people who leave change the land too. Nothing here is attributed "
            "to climate change.",
            "Restoration has no single sign either: work on the land can hold people, pay for a journey, or neither.",
            *_without_study(reading),
        ),
        maps=map_layers("evidence"),
        charts=(_forest(effects, groups), _moderator_forest(moderators)),
        tables=_countries(reading),
    )


def _of_the_country(reading: pd.DataFrame) -> pd.DataFrame:
    return reading[(reading["coverage"] == "country") & (reading["stance"] != "reverse")]


def _without_study(reading: pd.DataFrame) -> tuple[str, ...]:
    """Countries that no study is about."""
    names = country_names("en")
    without = sorted(names[c] for c in set(reading["iso3"]) - set(_of_the_country(reading)["iso3"]))
    return (f"No study of its own: {', '.join(without)}.",) if without else ()


def _countries(reading: pd.DataFrame) -> tuple[Table, ...]:
    import pandas as pd

    names = country_names("en")
    rows = _of_the_country(reading)
    if rows.empty:
        return ()
    frame = pd.DataFrame(
        {
            "Country": rows["iso3"].map(names),
            "More of": rows["driver"],
            "Outcome": rows["outcome"],
            "Studies": rows["studies"],
            "Up": rows["positive"],
            "None": rows["zero"],
            "Down": rows["negative"],
            "It depends": rows["depends"],
            "Evidence": rows["evidence_level"].map(LEVELS),
        }
    )
    note = "Studies by the sign of mobility when there is more of the driver; one study can count twice."
    ordered = frame.sort_values(["Country", "More of"], ignore_index=True)
    return (Table("What studies of each country found", ordered, {}, note),)


def _moderator_forest(moderators: pd.DataFrame) -> Figure:
    frame = moderators.assign(
        low=moderators["estimate"] - Z95 * moderators["standard_error"],
        high=moderators["estimate"] + Z95 * moderators["standard_error"],
    )
    svg = forest(
        frame, study="moderator", estimate="estimate", low="low", high="high", unit="difference of standardised effects"
    )
    return Figure(
        svg,
        "For whom effects differ",
        "Moderators of a published meta-analysis with their 95 % intervals: shown, never applied to a country.",
        "studies published to 2019",
        str(moderators["source"].iloc[0]),
        "published",
        "single facts, cited",
    )


def _forest(effects: pd.DataFrame, groups: pd.DataFrame) -> Figure:
    """Effects in the metric that most studies of the environment print, one group for each driver and outcome."""
    rows = effects[effects["estimate"].notna() & (effects["stance"] == "environment") & (effects["moderator"] == "")]
    metric = str(rows["metric"].mode()[0])
    rows = rows[rows["metric"] == metric].copy()
    rows["low"] = rows["ci_low"].fillna(rows["estimate"] - Z95 * rows["standard_error"])
    rows["high"] = rows["ci_high"].fillna(rows["estimate"] + Z95 * rows["standard_error"])
    rows["what"] = rows["study"] + ", " + rows["place"]
    keys = ["driver", "driver_direction", "outcome", "contrast"]
    told = groups[groups["metric"] == metric].drop_duplicates(keys).set_index(keys)
    headings = {
        key: why_not_pooled(reason, n, "en")
        for key, reason, n in zip(told.index, told["reason"], told["studies_with_error"].tolist(), strict=True)
    }
    rows["group"] = [
        " ".join(w for w in (k[1], k[0]) if w) + f", {k[2]} ({k[3]})" for k in rows[keys].itertuples(index=False)
    ]
    notes = {
        g: str(headings.get(tuple(k), ""))
        for g, k in zip(rows["group"], rows[keys].itertuples(index=False), strict=True)
    }
    unit = metric.replace("_", " ")
    svg = forest(
        rows,
        study="what",
        estimate="estimate",
        low="low",
        high="high",
        group="group",
        notes=notes,
        unit=unit,
        decimals=1,
    )
    return Figure(
        svg,
        "Published effects, not pooled",
        f"Estimates in {unit}, by driver and outcome. A point without a line: the text seen prints no interval.",
        "each study its own",
        "published studies, each in effects.parquet",
        "published",
        "single facts, cited",
    )
