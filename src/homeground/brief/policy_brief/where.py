# SPDX-License-Identifier: Apache-2.0
"""Where land is degraded and improved, by name, in the brief: regions, patches and the three sub-indicators."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from homeground.brief.facts.assessed.assessment import Assessment, read_assessment
from homeground.brief.facts.assessed.places import (
    MEASURES,
    SIGNS,
    places_of,
    ranked,
    region_names,
    region_shares,
    sub_indicators,
    told,
)
from homeground.brief.policy_brief.content import BriefTable, Part
from homeground.language.messages import say, stated
from homeground.language.quantities import Run, Text
from homeground.numbers.fact import Fact
from homeground.study.model import Study

FIRST = 3  # regions that a sentence names


def where_part(results: Path, study: Study, facts: Mapping[str, Fact], code: str) -> Part:
    """The part of the brief; without anything in it where no land was judged."""
    title = say("title.where", code=code).plain
    found = read_assessment(results)
    if found is None or not found.judged:
        return Part(title)
    at = places_of(found, results, study, code)
    tables = [_regions(measure, rows, at.names, facts, code) for measure, rows in at.lists.items() if len(rows)]
    parts, patches = _parts(found, facts, code), told(at.patches)
    tables += [parts] if parts.rows else []
    tables += [_patches(patches, facts, code)] if len(patches) else []
    said = [*where_found(results, study, facts, code, *MEASURES)]
    rule = "body.where_rule" if len(patches) else "body.where_no_patch"
    said.append(say(rule, facts, code))
    said += [say("body.where_weak", facts, code)] if facts["land_patches_weak"].value else []
    return Part(title, tuple(said), more=tuple(tables), notes=(say("body.where_order", code=code),))


def where_found(results: Path, study: Study, facts: Mapping[str, Fact], code: str, *measures: str) -> tuple[Text, ...]:
    """Which regions have more degraded, or improved, land than chance alone would give; none without a range."""
    found = read_assessment(results)
    if found is None or not found.judged:
        return ()
    names, shares = region_names(results, study, code), region_shares(found)
    out = []
    for measure in measures:
        if f"land_regions_{measure}_more" not in facts:
            continue
        more = shares[shares[f"{measure}_against"] == "more"]
        first = list(ranked(more.assign(**_alone(measure)), region_names(results, study), FIRST)[measure]["region_id"])
        form = "none" if more.empty else "all" if len(more) <= FIRST else "first"
        places = [names.get(str(i), str(i)) for i in first]
        out.append(say(f"body.where_{measure}_{form}", facts, code, places=places))
    return tuple(out)


def _alone(measure: str) -> dict[str, float]:
    """What leaves one measure to be ranked by itself."""
    return {other: -1.0 for other in MEASURES if other != measure}


def places_named(results: Path, study: Study, code: str) -> tuple[str, ...]:
    """Names that may hold digits, as those of districts do."""
    return tuple(region_names(results, study, code).values())


def _plain(text: str) -> Text:
    return Text((Run(text),))


def _regions(measure: str, rows: Any, names: Mapping[str, str], facts: Mapping[str, Fact], code: str) -> BriefTable:
    ranges = rows[f"{measure}_against"].ne("").any()
    heads = ("where.region", f"where.{measure}", *(("where.noise",) if ranges else ()), f"where.{measure}_ha")
    heads += ("where.against",) if ranges else ()
    cells = []
    for row in rows.to_dict("records"):
        region, verdict = str(row["region_id"]), str(row[f"{measure}_against"]) or "unknown"
        key = f"land_region_{measure}"
        chance = facts.get(f"{key}_noise_{region}")
        noise = (stated(chance, code, unit=False) if chance else say("where.no_range", code=code),) if ranges else ()
        share, hectares = (stated(facts[k], code, unit=False) for k in (f"{key}_{region}", f"{key}_ha_{region}"))
        last = (say(f"where.against.{verdict}", code=code),) if ranges else ()
        cells.append((_plain(names.get(region, region)), share, *noise, hectares, *last))
    widths = (0.22, 0.15, 0.16, 0.22, 0.25) if ranges else (0.4, 0.3, 0.3)
    numbers = (1, 2, 3) if ranges else (1, 2)
    head = tuple(say(h, code=code).plain for h in heads)
    return BriefTable(head, tuple(cells), numbers, widths, say(f"where.title.{measure}", code=code).plain)


def _parts(found: Assessment, facts: Mapping[str, Fact], code: str) -> BriefTable:
    columns = (*SIGNS, "no_data")
    rows = tuple(
        (
            say(f"where.part.{part}", code=code),
            *(stated(facts[f"land_part_{part}_{c}"], code, unit=False) for c in columns),
        )
        for part in sub_indicators(found).index
    )
    head = tuple(say(f"where.{name}", code=code).plain for name in ("part", *columns))
    return BriefTable(
        head, rows, (1, 2, 3, 4), (0.36, 0.16, 0.16, 0.16, 0.16), say("where.title.parts", code=code).plain
    )


def _patches(table: Any, facts: Mapping[str, Fact], code: str) -> BriefTable:
    rows = []
    for row in table.to_dict("records"):
        key = f"{row['kind']}_{row['patch']}_{row['region_id']}"
        numbers = (stated(facts[f"land_patch{what}_{key}"], code, unit=False) for what in ("", "_share"))
        rows.append((_plain(str(row["name"])), say(f"where.{row['kind']}.{row['told_as']}", code=code), *numbers))
    head = tuple(say(f"where.{name}", code=code).plain for name in ("region", "what", "hectares", "of_region"))
    return BriefTable(head, tuple(rows), (2, 3), (0.28, 0.32, 0.18, 0.22), say("where.title.patches", code=code).plain)
