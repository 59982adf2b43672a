# SPDX-License-Identifier: Apache-2.0
"""What the page says of where land is degraded and improved: regions and patches by name, and the three sub-indicators."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from homeground.brief.facts.assessed.assessment import Assessment
from homeground.brief.facts.assessed.places import MOST, SIGNS, places_of, sub_indicators
from homeground.brief.page.content import Table
from homeground.language.messages import Saying, phrase
from homeground.numbers.fact import Amount
from homeground.study.model import Study

if TYPE_CHECKING:
    import pandas as pd


def where_tables(found: Assessment, results: Path, study: Study, code: str, caption: str) -> tuple[Table, ...]:
    """The most degraded and most improved regions, patches, and the sub-indicators; none where no land was judged.

    ``caption`` says source, licence, kind and years.
    """
    if not found.judged:
        return ()
    at = places_of(found, results, study, code)
    made = [_regions(measure, rows, at.names, code, caption) for measure, rows in at.lists.items()]
    made += [_patches(at.patches, study, code, caption), _parts(found, code, caption)]
    return tuple(table for table in made if table is not None)


def _regions(measure: str, rows: pd.DataFrame, names: dict[str, str], code: str, caption: str) -> Table | None:
    if rows.empty:
        return None
    frame = rows.assign(
        name=[names.get(str(i), str(i)) for i in rows["region_id"]],
        hectares=100 * rows[f"{measure}_km2"],
        share=rows["share"],
        noise=rows[f"{measure}_noise"],
        rain=rows[f"{measure}_rain"],
        against=verdicts(rows[f"{measure}_against"], code),
    )
    ends = {f"{name}{end}": rows[f"{measure}{part}{end}"] for name, part in PARTS.items() for end in ("_low", "_high")}
    frame = frame.assign(**ends)
    if measure == "improved" or not frame["share_low"].notna().any():
        frame = frame.drop(columns=["share_low", "share_high"])
    heads = {"name": "where.region", "share": f"where.{measure}", "noise": "where.noise", "rain": "where.rain"}
    heads |= {"hectares": f"where.{measure}_ha", "against": "where.against"}
    if not frame["noise"].notna().any():
        heads = {name: head for name, head in heads.items() if name not in ("noise", "against")}
    if not frame["rain"].notna().any():
        heads.pop("rain", None)
    note = phrase("where.note.regions", code, caption=caption)
    title = phrase(f"where.title.{measure}", code)
    told = {name: phrase(head, code) for name, head in heads.items()}
    return Table(title, frame, told, {}, note, {"share": 1, "noise": 1, "rain": 1, "hectares": 0})


PARTS = {"share": "", "noise": "_noise", "rain": "_rain"}


def verdicts(against: pd.Series[str], code: str) -> list[str]:
    """How shares stand against chance, in words."""
    return [phrase(f"where.against.{verdict or 'unknown'}", code) for verdict in against]


def _patches(table: pd.DataFrame, study: Study, code: str, caption: str) -> Table | None:
    if table.empty:
        return None
    first = table.groupby("kind", sort=False).head(MOST).reset_index(drop=True)
    what = [phrase(f"where.{kind}.{part}", code) for kind, part in zip(first["kind"], first["told_as"], strict=True)]
    frame = first.assign(
        what=what,
        hectares=100 * first["area_km2"],
        of_region=first["region_share"],
        against=verdicts(first["against"], code),
    )
    heads = {"name": "where.region", "what": "where.what", "hectares": "where.hectares"}
    heads |= {"of_region": "where.of_region", "against": "where.against"}
    least = Amount(study.land.hotspot_km2, "km2", 0 if study.land.hotspot_km2 % 1 == 0 else 1)
    words: dict[str, Any] = {"least": least, "caption": caption}
    note = phrase("where.note.patches", code, **words)
    if len(first) < len(table):
        note = phrase(
            "where.note.patches_some", code, most=MOST, n=len(table), note=Saying("where.note.patches", words)
        )
    told = {name: phrase(head, code) for name, head in heads.items()}
    return Table(phrase("where.title.patches", code), frame, told, {}, note, {"hectares": 0, "of_region": 1})


def _parts(found: Assessment, code: str, caption: str) -> Table | None:
    table = sub_indicators(found)
    if table.empty:
        return None
    frame = table.reset_index(names="part")
    frame = frame.assign(part=[phrase(f"where.part.{part}", code) for part in frame["part"]])
    columns = (*SIGNS, "no_data")
    heads = {name: phrase(f"where.{name}", code) for name in ("part", *columns)}
    note = phrase("where.note.parts", code, caption=caption)
    return Table(phrase("where.title.parts", code), frame, heads, {}, note, dict.fromkeys(columns, 1))
