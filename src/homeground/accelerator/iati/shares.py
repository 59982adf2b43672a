# SPDX-License-Identifier: Apache-2.0
"""How an activity is divided among sectors and countries: percentages that sum to 100, or no shares at all."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from homeground.accelerator.iati.codes import codes, iso3_of
from homeground.accelerator.iati.findings import Findings
from homeground.accelerator.iati.gathering import Gathered
from homeground.accelerator.iati.words import number

if TYPE_CHECKING:
    from lxml import etree

WHOLE = Decimal(100)
TOLERANCE = Decimal("0.01")  # decimal thirds: three times 33.33
OWN_VOCABULARIES = ("98", "99")
PATH = "iati-activity"


def take_sectors(project: str, sectors: Sequence[etree._Element], out: Gathered, findings: Findings) -> None:
    """Rows of project_sectors; where shares are not known the codes are kept without them."""
    add = findings.add
    if not sectors:
        return
    groups: dict[str, list[tuple[etree._Element, str | None]]] = {}
    nameless, inside = False, []
    for sector in sectors:
        vocabulary, text = sector.get("vocabulary") or "1", sector.get("percentage")
        groups.setdefault(vocabulary, []).append((sector, text))
        if text is not None and text != "100" and not ((n := number(text)) is not None and 0 <= n <= WHOLE):
            inside.append(text)
        if vocabulary in OWN_VOCABULARIES and sector.find("narrative") is None:
            nameless = True
    line = sectors[0].sourceline
    if nameless:
        add("2.2.1", line, f"{PATH}/sector")
    if "1" not in groups:
        add("102.1.1", line, f"{PATH}/sector")
    for text in inside:
        add("12.3.1", line, f"{PATH}/sector/@percentage", text)
    listed, rows = codes("Sector"), out.rows["project_sectors"]
    for vocabulary, group in groups.items():
        given = [text for _, text in group]
        known = not inside
        if len(group) == 1:
            if given[0] not in (None, "100") and number(given[0]) != WHOLE:
                add("2.1.4", line, f"{PATH}/sector/@percentage", given[0])
        elif None in given:
            add("2.1.1", line, f"{PATH}/sector", vocabulary)
            known = False
        else:
            known &= _sums("2.1.2", given, line, f"{PATH}/sector/@percentage", findings, f" in vocabulary {vocabulary}")
        totals: dict[str, Decimal | None] = {}
        for sector, text in group:
            code = out.once((sector.get("code") or "").strip())
            share = number(text) if text is not None and known else None
            held = totals.get(code)
            totals[code] = share if held is None else held + (share or 0)
            if vocabulary == "1" and (code not in listed or listed[code]["status"] != "active"):
                rule = "read.withdrawn" if code in listed else "read.code"
                add(rule, sector.sourceline, f"{PATH}/sector/@code", code)
        vocabulary = out.once(vocabulary)
        rows += [(project, vocabulary, code, None if share is None else float(share)) for code, share in totals.items()]


def take_countries(
    project: str,
    countries: Sequence[etree._Element],
    regions: Sequence[etree._Element],
    out: Gathered,
    findings: Findings,
) -> None:
    """Rows of project_countries: none where it is not known which part of the money is whose."""
    add = findings.add
    given = [country.get("percentage") for country in countries]
    line = (countries or regions)[0].sourceline
    faults = _inside([*given, *(region.get("percentage") for region in regions)])
    for text in faults:
        add("12.1.1", line, f"{PATH}/recipient-country/@percentage", text)
    known = not faults
    path = f"{PATH}/recipient-country/@percentage"
    if not regions:
        if len(countries) == 1:
            if given[0] is not None and number(given[0]) != WHOLE:
                add("3.1.4", line, path, given[0])
        elif None in given:
            add("3.1.1", line, f"{PATH}/recipient-country")
            known = False
        else:
            known &= _sums("3.1.2", given, line, path, findings)
    groups: dict[str, list[etree._Element]] = {}
    for region in regions:
        groups.setdefault(region.get("vocabulary") or "1", []).append(region)
    for group in groups.values():
        all_given = [*(region.get("percentage") for region in group), *given]
        first, path = group[0].sourceline, f"{PATH}/recipient-region/@percentage"
        if len(all_given) == 1:
            if all_given[0] is not None and number(all_given[0]) != WHOLE:
                add("3.4.4", first, path, all_given[0])
        elif None in all_given:
            add("3.4.1", first, f"{PATH}/recipient-region")
            known = False
        else:
            known &= _sums("3.4.2", all_given, first, path, findings)
    if not known:
        return
    totals: dict[str, Decimal] = {}
    for country, text in zip(countries, given, strict=True):
        code = (country.get("code") or "").strip().upper()
        iso3 = iso3_of().get(code)
        if iso3 is None:
            add("read.country", country.sourceline, f"{PATH}/recipient-country/@code", country.get("code"))
            continue
        share = WHOLE if text is None else number(text)
        totals[iso3] = totals.get(iso3, Decimal(0)) + (share or 0)
    out.rows["project_countries"] += [(project, iso3, float(share)) for iso3, share in totals.items()]


def _inside(texts: Sequence[str | None]) -> list[str]:
    """Percentages that are none."""
    return [t for t in texts if t is not None and not ((n := number(t)) is not None and 0 <= n <= WHOLE)]


def _sums(rule: str, texts: Sequence[str | None], line: int | None, path: str, findings: Findings, where: str = "") -> bool:
    """Whether percentages sum to 100 closely enough to divide money by them; else, or if not exactly, it is told."""
    total = sum((number(text) or Decimal(0) for text in texts if text is not None), Decimal(0))
    if total == WHOLE:
        return True
    near = abs(total - WHOLE) <= TOLERANCE
    findings.add("read.near-100" if near else rule, line, path, f"{total:f}{where}")
    return near
