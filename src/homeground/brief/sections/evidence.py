# SPDX-License-Identifier: Apache-2.0
"""The page's section on evidence: what published studies say about land and mobility, and how sure that is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from homeground.brief.drawing.charts import forest
from homeground.brief.facts.evidence import why_not_pooled
from homeground.brief.page.content import Figure, Section, Table
from homeground.brief.sections.tables import by_country, country_head, map_layers
from homeground.catalogue.atlas import country_names
from homeground.language.figures import in_order
from homeground.language.messages import phrase
from homeground.language.wording import named
from homeground.numbers.fact import Amount
from homeground.running.tables import EFFECTS, EFFECTS_MODERATORS, EFFECTS_POOLED, EVIDENCE_COUNTRIES

if TYPE_CHECKING:
    import pandas as pd

Z95 = 1.959964  # two-sided 95 % of the normal distribution
LEVELS = {1: "described", 2: "associated", 3: "consistent", 4: "trial"}
COUNTS = ("studies", "positive", "zero", "negative", "depends")
GROUP = ("driver", "driver_direction", "outcome", "contrast")


def section(results: Path, finding: str, code: str) -> Section:
    """Signs and levels by country, a forest of the effects with an error, and why none is pooled."""
    import pandas as pd

    effects = pd.read_parquet(results / EFFECTS)
    groups = pd.read_parquet(results / EFFECTS_POOLED)
    reading = pd.read_parquet(results / EVIDENCE_COUNTRIES)
    moderators = pd.read_parquet(results / EFFECTS_MODERATORS)
    return Section(
        "evidence",
        phrase("section.evidence.title", code),
        finding,
        body=(
            *(phrase(f"section.evidence.{said}", code) for said in ("signs", "ladder", "restoration")),
            *without_study(reading, code),
        ),
        maps=map_layers("evidence", code),
        charts=(_forest(effects, groups, code), _moderator_forest(moderators, code)),
        tables=countries(reading, code),
    )


def _of_the_country(reading: pd.DataFrame) -> pd.DataFrame:
    return reading[(reading["coverage"] == "country") & (reading["stance"] != "reverse")]


def without_study(reading: pd.DataFrame, code: str) -> tuple[str, ...]:
    """Countries that no study is about, in one sentence."""
    names = country_names(code)
    without = sorted((names[c] for c in set(reading["iso3"]) - set(_of_the_country(reading)["iso3"])), key=in_order)
    return (phrase("section.evidence.without", code, countries=without),) if without else ()


def countries(reading: pd.DataFrame, code: str) -> tuple[Table, ...]:
    """What the studies of each country found; no table where there are none."""
    rows = _of_the_country(reading)
    if rows.empty:
        return ()
    frame = rows.assign(
        driver=[named("driver", word, code) for word in rows["driver"]],
        outcome=[named("outcome", word, code) for word in rows["outcome"]],
        level=[phrase(f"level.{LEVELS[int(level)]}", code) for level in rows["evidence_level"]],
    )
    ordered = by_country(frame.sort_values("driver", key=lambda names: names.map(in_order), kind="stable"), code)
    heads = country_head(code)
    heads |= {name: phrase(f"column.evidence.{name}", code) for name in ("driver", "outcome", *COUNTS, "level")}
    note = phrase("section.evidence.countries_note", code)
    return (Table(phrase("section.evidence.countries", code), ordered, heads, {}, note),)


def _moderator_forest(moderators: pd.DataFrame, code: str) -> Figure:
    half = Z95 * moderators["standard_error"]
    frame = moderators.assign(
        low=moderators["estimate"] - half,
        high=moderators["estimate"] + half,
        moderator=[named("moderator", name, code) for name in moderators["moderator"]],
    )
    title = phrase("section.evidence.moderators", code)
    svg = forest(
        frame, study="moderator", estimate="estimate", low="low", high="high",
        unit=named("metric", str(moderators["metric"].iloc[0]), code), language=code, describe=title,
    )  # fmt: skip
    return Figure(
        svg,
        title,
        phrase("section.evidence.moderators_shows", code, share=Amount(95, "%")),
        phrase("section.evidence.moderators_period", code, year="2019"),
        str(moderators["source"].iloc[0]),
        "published",
        phrase("licence.cited", code),
    )


def _forest(effects: pd.DataFrame, groups: pd.DataFrame, code: str) -> Figure:
    """Effects in the metric that most studies of the environment print, one group for each driver and outcome."""
    rows = effects[effects["estimate"].notna() & (effects["stance"] == "environment") & (effects["moderator"] == "")]
    metric = str(rows["metric"].mode()[0])
    rows = rows[rows["metric"] == metric].copy()
    rows["low"] = rows["ci_low"].fillna(rows["estimate"] - Z95 * rows["standard_error"])
    rows["high"] = rows["ci_high"].fillna(rows["estimate"] + Z95 * rows["standard_error"])
    rows["what"] = [
        phrase("section.evidence.study_place", code, study=study, place=named("place", place, code))
        for study, place in zip(rows["study"], rows["place"], strict=True)
    ]
    keys = list(GROUP)
    known = groups[groups["metric"] == metric].drop_duplicates(keys).set_index(keys)
    said = zip(known.index, known["reason"].fillna(""), known["studies_with_error"], strict=True)
    why = {key: why_not_pooled(reason, int(count), code) for key, reason, count in said}
    every = [tuple(row) for row in rows[keys].itertuples(index=False)]
    rows["group"] = [_group(key, code) for key in every]
    notes = {group: why.get(key, "") for group, key in zip(rows["group"], every, strict=True)}
    unit, title = named("metric", metric, code), phrase("section.evidence.effects", code)
    svg = forest(
        rows, study="what", estimate="estimate", low="low", high="high", group="group", notes=notes, unit=unit,
        decimals=1, language=code, describe=title,
    )  # fmt: skip
    return Figure(
        svg,
        title,
        phrase("section.evidence.effects_shows", code, unit=unit),
        phrase("section.evidence.effects_period", code),
        phrase("source.effects", code),
        "published",
        phrase("licence.cited", code),
    )


def _group(key: tuple[str, ...], code: str) -> str:
    """The heading of a group of like effects."""
    driver, direction, outcome, contrast = key
    words = {"driver": named("driver", driver, code), "outcome": named("outcome", outcome, code)}
    return phrase(f"section.evidence.group_{direction}", code, **words, contrast=named("contrast", contrast, code))
