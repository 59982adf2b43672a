# SPDX-License-Identifier: Apache-2.0
"""How an activity is divided among sectors and countries: percentages that sum to 100, or no shares at all."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from homeground.accelerator.iati.codes import codes, iso3_of
from homeground.accelerator.iati.findings import Findings
from homeground.accelerator.iati.rows.gathering import Gathered
from homeground.accelerator.iati.rows.words import named, number
from homeground.accelerator.iati.schema import Element

WHOLE = Decimal(100)
TOLERANCE = Decimal("0.01")  # decimal thirds: three times 33.33
OWN_VOCABULARIES = ("98", "99")
PATH = "iati-activity"
Group = list[tuple[Element, str | None]]  # elements with their percentages


def take_sectors(project: str, sectors: Sequence[Element], out: Gathered, findings: Findings) -> None:
    """Rows of project_sectors; where shares are not known the codes are kept without them."""
    if not sectors:
        return
    add, line = findings.add, sectors[0].sourceline
    groups: dict[str, Group] = {}
    for sector in sectors:
        groups.setdefault(sector.get("vocabulary") or "1", []).append((sector, sector.get("percentage")))
    if any(not named(sector) for name in OWN_VOCABULARIES for sector, _ in groups.get(name, ())):
        add("2.2.1", line, f"{PATH}/sector")
    if "1" not in groups:
        add("102.1.1", line, f"{PATH}/sector")
    inside = _inside("12.3.1", [one for group in groups.values() for one in group], line, f"{PATH}/sector", findings)
    for vocabulary, group in groups.items():
        rules = "2.1.4", "2.1.1", "2.1.2"
        known = _divides(rules, group, line, f"{PATH}/sector", findings, vocabulary) and inside
        totals: dict[str, Decimal | None] = {}
        for sector, text in group:
            code = out.once((sector.get("code") or "").strip())
            share = number(text) if text is not None and known else None
            held = totals.get(code)
            totals[code] = share if held is None else held + (share or 0)
            if vocabulary == "1":
                _check_code(code, sector, findings)
        name = out.once(vocabulary)
        out.rows["project_sectors"] += [
            (project, name, code, None if share is None else float(share)) for code, share in totals.items()
        ]


def take_countries(
    project: str,
    countries: Sequence[Element],
    regions: Sequence[Element],
    out: Gathered,
    findings: Findings,
) -> None:
    """Rows of project_countries: none where it is not known which part of the money is whose."""
    line, path = (countries or regions)[0].sourceline, f"{PATH}/recipient-country"
    given: Group = [(country, country.get("percentage")) for country in countries]
    groups: dict[str, Group] = {}
    for region in regions:
        groups.setdefault(region.get("vocabulary") or "1", []).append((region, region.get("percentage")))
    known = _inside("12.1.1", [*given, *(one for group in groups.values() for one in group)], line, path, findings)
    if not groups:
        known &= _divides(("3.1.4", "3.1.1", "3.1.2"), given, line, path, findings)
    for group in groups.values():
        rules = "3.4.4", "3.4.1", "3.4.2"
        known &= _divides(rules, [*group, *given], group[0][0].sourceline, f"{PATH}/recipient-region", findings)
    totals: dict[str, Decimal] = {}
    for country, text in given if known else ():
        iso3 = iso3_of().get((country.get("code") or "").strip().upper())
        if iso3 is None:
            findings.add("read.country", country.sourceline, f"{path}/@code", country.get("code"))
        else:
            share = WHOLE if text is None else number(text)
            totals[iso3] = totals.get(iso3, Decimal(0)) + (share or 0)
    out.rows["project_countries"] += [(project, iso3, float(share)) for iso3, share in totals.items()]


def _check_code(code: str, sector: Element, findings: Findings) -> None:
    listed = codes("Sector")
    if code not in listed or listed[code]["status"] != "active":
        rule = "read.withdrawn" if code in listed else "read.code"
        findings.add(rule, sector.sourceline, f"{PATH}/sector/@code", code)


def _inside(rule: str, group: Group, line: int | None, path: str, findings: Findings) -> bool:
    """Whether all percentages are such, each that is not is told."""
    outside = [
        text
        for _, text in group
        if text is not None and text != "100" and not ((n := number(text)) is not None and 0 <= n <= WHOLE)
    ]
    for text in outside:
        findings.add(rule, line, f"{path}/@percentage", text)
    return not outside


def _divides(
    rules: tuple[str, str, str], group: Group, line: int | None, path: str, findings: Findings, vocabulary: str = ""
) -> bool:
    """Whether money can be divided by percentages: one alone, or several that sum to 100; what is wrong is told.

    The rules are those for one alone, for several without percentages, and for their sum.
    """
    alone, without, summing = rules
    given = [text for _, text in group]
    if len(given) == 1:
        if given[0] not in (None, "100") and number(given[0] or "") != WHOLE:
            findings.add(alone, line, f"{path}/@percentage", given[0])
        return True
    if None in given:
        findings.add(without, line, path, vocabulary)
        return False
    total = sum((number(text) or Decimal(0) for text in given if text is not None), Decimal(0))
    if total == WHOLE:
        return True
    near = abs(total - WHOLE) <= TOLERANCE
    where = f" in vocabulary {vocabulary}" if vocabulary else ""
    findings.add("read.near-100" if near else summing, line, f"{path}/@percentage", f"{total:f}{where}")
    return near
