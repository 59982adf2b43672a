# SPDX-License-Identifier: Apache-2.0
"""How an activity is divided among sectors and countries: percentages that sum to 100, or no shares at all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
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
SECTOR, COUNTRY, REGION = (f"{PATH}/{name}" for name in ("sector", "recipient-country", "recipient-region"))
SECTORS, COUNTRIES = ("2.1.4", "2.1.1", "2.1.2"), ("3.1.4", "3.1.1", "3.1.2")  # rules for how they divide
REGIONS = ("3.4.4", "3.4.1", "3.4.2")
Group = list[tuple[Element, str | None, Decimal | None]]  # elements with their percentages, as written and as numbers


def take_sectors(project: str, sectors: Sequence[Element], out: Gathered, findings: Findings) -> None:
    """Rows of project_sectors; where shares are not known the codes are kept without them."""
    if not sectors:
        return
    add, line, listed, once = findings.add, sectors[0].sourceline, codes("Sector"), out.texts.setdefault
    groups = _groups(sectors)
    for name in OWN_VOCABULARIES:
        if name in groups and not all(named(sector) for sector, _, _ in groups[name]):
            add("2.2.1", line, SECTOR)
            break
    if "1" not in groups:
        add("102.1.1", line, SECTOR)
    inside = _inside("12.3.1", groups.values(), line, SECTOR, findings)
    rows = out.rows["project_sectors"]
    for vocabulary, group in groups.items():
        known = _divides(SECTORS, group, line, SECTOR, findings, vocabulary) and inside
        name = once(vocabulary, vocabulary)
        totals: dict[str, Decimal | None] = {}
        for sector, _, share in group:
            code = (sector.get("code") or "").strip()
            if not known:
                totals[code] = None
            elif (held := totals.get(code)) is None:
                totals[code] = share
            else:
                totals[code] = held + (share or 0)
            if vocabulary == "1" and (code not in listed or listed[code]["status"] != "active"):
                rule = "read.withdrawn" if code in listed else "read.code"
                add(rule, sector.sourceline, f"{PATH}/sector/@code", code)
        for code, share in totals.items():
            rows.append((project, name, once(code, code), None if share is None else float(share)))


def take_countries(
    project: str,
    countries: Sequence[Element],
    regions: Sequence[Element],
    out: Gathered,
    findings: Findings,
) -> None:
    """Rows of project_countries: none where it is not known which part of the money is whose."""
    line, path = (countries or regions)[0].sourceline, COUNTRY
    given = _groups(countries).get("1", [])
    groups = _groups(regions) if regions else {}
    known = _inside("12.1.1", [given, *groups.values()], line, path, findings)
    if not groups:
        known &= _divides(COUNTRIES, given, line, path, findings)
    for group in groups.values():
        where = REGION
        known &= _divides(REGIONS, [*group, *given], group[0][0].sourceline, where, findings)
    totals: dict[str, Decimal] = {}
    for country, text, share in given if known else ():
        iso3 = iso3_of().get((country.get("code") or "").strip().upper())
        if iso3 is None:
            findings.add("read.country", country.sourceline, f"{path}/@code", country.get("code"))
        else:
            part = WHOLE if text is None else share or Decimal(0)
            totals[iso3] = totals[iso3] + part if iso3 in totals else part
    for iso3, total in totals.items():
        out.rows["project_countries"].append((project, iso3, float(total)))


def _groups(elements: Sequence[Element]) -> dict[str, Group]:
    """Elements by vocabulary (countries have none), with their percentages."""
    groups: dict[str, Group] = {}
    for element in elements:
        text = element.get("percentage")
        one = element, text, None if text is None else number(text)
        vocabulary = element.get("vocabulary") or "1"
        if vocabulary in groups:
            groups[vocabulary].append(one)
        else:
            groups[vocabulary] = [one]
    return groups


def _inside(rule: str, groups: Iterable[Group], line: int | None, path: str, findings: Findings) -> bool:
    """Whether all percentages are such, each that is not is told."""
    inside = True
    for group in groups:
        for _, text, share in group:
            if text is not None and (share is None or not 0 <= share <= WHOLE):
                findings.add(rule, line, f"{path}/@percentage", text)
                inside = False
    return inside


def _divides(
    rules: tuple[str, str, str], group: Group, line: int | None, path: str, findings: Findings, vocabulary: str = ""
) -> bool:
    """Whether money can be divided by percentages: one alone, or several that sum to 100; what is wrong is told.

    The rules are those for one alone, for several without percentages, and for their sum.
    """
    alone, without, summing = rules
    if len(group) == 1:
        _, text, share = group[0]
        if text is not None and share != WHOLE:
            findings.add(alone, line, f"{path}/@percentage", text)
        return True
    total = Decimal(0)
    for _, text, share in group:
        if text is None:
            findings.add(without, line, path, vocabulary)
            return False
        total += share or 0
    if total == WHOLE:
        return True
    near = abs(total - WHOLE) <= TOLERANCE
    where = f" in vocabulary {vocabulary}" if vocabulary else ""
    findings.add("read.near-100" if near else summing, line, f"{path}/@percentage", f"{total:f}{where}")
    return near
