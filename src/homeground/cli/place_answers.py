# SPDX-License-Identifier: Apache-2.0
"""Where land is degraded and improved, by name: regions, patches and sub-indicators."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from homeground.brief.facts.assessed.assessment import Assessment
from homeground.brief.facts.assessed.places import MOST, SIGNS, places_of, sub_indicators
from homeground.cli.answer import Answer, head, numbers, spans
from homeground.language.layout import clip
from homeground.language.messages import phrase
from homeground.numbers.fact import Amount
from homeground.study.model import Study

if TYPE_CHECKING:
    import pandas as pd

WIDEST = 24  # letters of a name of a region


def places(found: Assessment, results: Path, study: Study, code: str = "en") -> list[Answer]:
    """The most degraded and most improved regions, hotspots and brightspots, and the three sub-indicators."""
    at = places_of(found, results, study, code)
    out = [_regions(measure, rows, at.names, code) for measure, rows in at.lists.items() if len(rows)]
    table = at.patches.groupby("kind", sort=False).head(MOST)
    return [*out, *([_patches(table, study, code)] if len(table) else []), *_parts(found, code)]


def _regions(measure: str, rows: pd.DataFrame, names: dict[str, str], code: str) -> Answer:
    columns = [
        (head(f"where.{measure}", code), numbers(rows["share"], 1, code)),
        (head(f"where.{measure}_ha", code), numbers(100 * rows[f"{measure}_km2"], 0, code)),
    ]
    if rows[f"{measure}_noise"].notna().any():
        ends = spans(rows[f"{measure}_noise_low"], rows[f"{measure}_noise_high"], 1, code)
        columns += [(head("where.noise", code), ends)]
    if rows[f"{measure}_rain"].notna().any():
        ends = spans(rows[f"{measure}_rain_low"], rows[f"{measure}_rain_high"], 1, code)
        columns += [(head("where.rain", code), ends)]
    if rows[f"{measure}_noise"].notna().any():
        columns += [(head("where.against", code), [_against(v, code) for v in rows[f"{measure}_against"]])]
    called = [clip(names.get(str(i), str(i)), WIDEST) for i in rows["region_id"]]
    return Answer(phrase(f"where.title.{measure}", code), called, columns, phrase("where.mind.regions", code))


def _against(verdict: str, code: str) -> str:
    return phrase(f"where.against.{verdict or 'unknown'}", code)


def _patches(table: pd.DataFrame, study: Study, code: str) -> Answer:
    what = [phrase(f"where.{kind}.{part}", code) for kind, part in zip(table["kind"], table["told_as"], strict=True)]
    columns = [
        (head("where.what", code), what),
        (head("where.hectares", code), numbers(100 * table["area_km2"], 0, code)),
        (head("where.against", code), [_against(v, code) for v in table["against"]]),
    ]
    least = Amount(study.land.hotspot_km2, "km2", 0 if study.land.hotspot_km2 % 1 == 0 else 1)
    rule = phrase("where.rule", code, least=least)
    called = [clip(str(name), WIDEST) for name in table["name"]]
    return Answer(phrase("where.title.patches", code), called, columns, rule)


def _parts(found: Assessment, code: str) -> list[Answer]:
    table = sub_indicators(found)
    if table.empty:
        return []
    columns = [(head(f"where.{name}", code), numbers(table[name], 1, code)) for name in (*SIGNS, "no_data")]
    called = [phrase(f"where.part.{part}", code) for part in table.index]
    return [Answer(phrase("where.title.parts", code), called, columns, phrase("where.mind.parts", code))]
