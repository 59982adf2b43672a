# SPDX-License-Identifier: Apache-2.0
"""One activity: read, held against the rules and kept, in one pass over its children.

The rules are the same as those of ``standard/rules.csv``, written out because XPath takes several times as long as all
the rest; `ruleset` evaluates the table itself, and the tests hold one against the other.
"""

from __future__ import annotations

from typing import Any

from homeground.accelerator.iati.codes import codes, meanings
from homeground.accelerator.iati.findings import Findings
from homeground.accelerator.iati.results import check_result
from homeground.accelerator.iati.rows.amounts import digits
from homeground.accelerator.iati.rows.budgets import take_budget
from homeground.accelerator.iati.rows.gathering import NO_DAY, OWN, PILLARS, Gathered, attribute, keep_facts, listed
from homeground.accelerator.iati.rows.rest import look_at_the_rest
from homeground.accelerator.iati.rows.shares import take_countries, take_sectors
from homeground.accelerator.iati.rows.transactions import given_of, take_transaction
from homeground.accelerator.iati.rows.words import (
    ORGANISATION,
    first_words,
    has_words,
    named,
    number,
    organisation_faults,
    spaced,
    stray,
    text_of,
    without_language,
)
from homeground.accelerator.iati.schema import LANG, Element

PATH = "iati-activity"
SIGNIFICANCES = {"8": "0123", "9": "0124"}  # of desertification and of maternal health; the other markers: 0 to 2
OTHERS = {"B1": "1.16.1", "A3": "1.6.1"}  # kinds of other identifiers, and the rules for blanks around them
GENERAL = (None, "1")  # types of a description that is about the whole
METHODS = ("declared", "purpose codes")
_NONE: tuple[Any, ...] = ()


def take_activity(element: Element, out: Gathered, findings: Findings) -> bool:
    """Keep an activity that the schema has passed; whether it was kept."""
    by: dict[Any, list[Element]] = {}
    for child in element:
        tag = child.tag
        if tag in by:
            by[tag].append(child)
        else:
            by[tag] = [child]
    identifier = _identifier(element, by, out, findings)
    if identifier is None:
        return False
    reporter, currency = _project(element, identifier, by, out, findings), element.get("default-currency")
    _participants(identifier, by["participating-org"], out, findings)
    take_sectors(identifier, by.get("sector", _NONE), out, findings)
    countries, regions = by.get("recipient-country", _NONE), by.get("recipient-region", _NONE)
    if countries or regions:
        take_countries(identifier, countries, regions, out, findings)
    _markers(identifier, by.get("policy-marker", _NONE), out, findings)
    if "related-activity" in by:
        _related(identifier, by["related-activity"], out, findings)
    for name in ("budget", "planned-disbursement"):
        for budget in by.get(name, _NONE):
            take_budget(budget, name, identifier, reporter, currency, out, findings)
    look_at_the_rest(by, findings)
    transactions = by.get("transaction", _NONE)
    given = given_of(identifier, currency, reporter, _finance(by, findings), transactions)
    told = [take_transaction(one, given, out, findings) for one in transactions]
    _once(element.sourceline, by, transactions, told, findings)
    for result in by.get("result", _NONE):
        check_result(result, out, findings)
    if out.own:
        _pillars(identifier, by, out)
    return True


def _identifier(element: Any, by: dict[str, list[Any]], out: Gathered, findings: Findings) -> str | None:
    """The identifier of an activity that is to be kept."""
    raw, path = text_of(by["iati-identifier"][0]), f"{PATH}/iati-identifier"
    identifier = raw.strip()
    if not identifier or identifier in out.seen:
        findings.add(
            "1.1.2" if identifier else "read.identifier", by["iati-identifier"][0].sourceline, path, identifier
        )
        return None
    out.seen.add(identifier)
    _identifiers(raw, by["reporting-org"][0], by, out, findings)
    return identifier


def _project(element: Any, identifier: str, by: dict[str, list[Any]], out: Gathered, findings: Findings) -> str | None:
    """The row of the project; who reports it."""
    line, reporting, status = element.sourceline, by["reporting-org"][0], by["activity-status"][0]
    ref, currency, updated = reporting.get("ref"), element.get("default-currency"), element.get("last-updated-datetime")
    reporter = out.organisation(ref.strip() or None, first_words(reporting), reporting.get("type"))
    if out.own:
        keep_facts(reporting, reporter, out)
    _code(ORGANISATION, reporting, "type", f"{PATH}/reporting-org", findings)
    start, end = _dates(by["activity-date"], line, out, findings)
    if updated is not None and out.day(updated) > out.today:
        findings.add("11.1.1", line, f"{PATH}/@last-updated-datetime", updated)
    if element.get(LANG) is None and (words := without_language(element)) is not None:
        findings.add("4.1.1", words.sourceline, f"{PATH}//narrative")
    if status.get("code") not in meanings("ActivityStatus"):
        findings.add("read.status", status.sourceline, f"{PATH}/activity-status/@code", status.get("code"))
    portfolio = listed(element, "portfolio", "projects", "portfolio") if out.own else None
    source = attribute(element, "source") if out.own else None
    title = first_words(by["title"][0])
    if title is None and not has_words(by["title"][0]):
        findings.add("4.3.1", by["title"][0].sourceline, f"{PATH}/title")
    description = _description(by["description"], findings)
    out.projects.append((
        identifier, title or identifier, reporter, meanings("ActivityStatus").get(status.get("code")),
        portfolio, _level(element.get("hierarchy")), currency if currency in digits() else None, start, end, description,
        source or out.source,
    ))  # fmt: skip
    return reporter


def _finance(by: dict[str, list[Any]], findings: Findings) -> str | None:
    """The finance type of transactions that name none."""
    if "default-finance-type" not in by:
        return None
    _code("FinanceType", by["default-finance-type"][0], "code", f"{PATH}/default-finance-type", findings)
    found: str = by["default-finance-type"][0].get("code")
    return found


def _identifiers(raw: str, reporting: Any, by: dict[str, list[Any]], out: Gathered, findings: Findings) -> None:
    add, line = findings.add, by["iati-identifier"][0].sourceline
    ref = reporting.get("ref") or ""
    if raw == ref:
        add("1.1.3", line, f"{PATH}/iati-identifier", raw)
    others = by.get("other-identifier", _NONE)
    starts = (ref, *(other.get("ref") for other in others if other.get("type") == "B1")) if others else (ref,)
    if not any(start and raw.startswith(f"{start}-") for start in starts):
        add("1.1.21", line, f"{PATH}/iati-identifier", raw.strip())
    if spaced(raw):
        add("1.3.1", line, f"{PATH}/iati-identifier", raw)
    if stray(raw):
        add("1.3.13", line, f"{PATH}/iati-identifier", raw)
    if not out.is_sound(ref):
        if spaced(ref):
            add("1.14.1", reporting.sourceline, f"{PATH}/reporting-org/@ref", ref)
        if stray(ref):
            add("1.14.13", reporting.sourceline, f"{PATH}/reporting-org/@ref", ref)
    for other in others:
        rule = OTHERS.get(other.get("type"))
        if rule and spaced(other.get("ref") or ""):
            add(rule, other.sourceline, f"{PATH}/other-identifier/@ref", other.get("ref"))
        for owner in other:
            if owner.tag == "owner-org" and owner.get("ref") is None and not named(owner):
                add("6.8.1", owner.sourceline, f"{PATH}/other-identifier/owner-org")


def _dates(elements: list[Any], line: int | None, out: Gathered, findings: Findings) -> tuple[int, int]:
    """First and last day: the actual ones where given, else those planned."""
    first: dict[str, Any] = {}
    days: dict[str, int] = {}
    path = f"{PATH}/activity-date/@iso-date"
    for element in elements:
        kind = element.get("type")
        if kind not in first:
            first[kind], text = element, element.get("iso-date")
            days[kind] = day = out.days.get(text) or out.day(text)
            if day == NO_DAY:
                findings.add("read.date", element.sourceline, path, text)
    if "1" not in first and "2" not in first:
        findings.add("6.11.1", line, f"{PATH}/activity-date")
    for rule, start, end in (("11.1.2", "1", "3"), ("11.1.3", "2", "4")):
        if days.get(start, NO_DAY) > days.get(end, NO_DAY) > NO_DAY:
            told = f"{first[start].get('iso-date')}, {first[end].get('iso-date')}"
            findings.add(rule, first[start].sourceline, path, told)
    for rule, kind in (("11.1.4", "2"), ("11.1.5", "4")):
        if days.get(kind, NO_DAY) > out.today:
            findings.add(rule, first[kind].sourceline, path, first[kind].get("iso-date"))
    return days.get("2") or days.get("1", NO_DAY), days.get("4") or days.get("3", NO_DAY)


def _description(told: list[Any], findings: Findings) -> str | None:
    """The general description, else the first; those without words are told."""
    chosen = words = None
    for description in told:
        said = first_words(description)
        if said is None and not has_words(description):
            findings.add("4.4.1", description.sourceline, f"{PATH}/description")
        if chosen is None or (description.get("type") in GENERAL and chosen.get("type") not in GENERAL):
            chosen, words = description, said
    return None if chosen is None or chosen.get(f"{{{OWN}}}made") else words


def _participants(identifier: str, elements: list[Any], out: Gathered, findings: Findings) -> None:
    kept: dict[tuple[Any, ...], None] = {}
    roles, types, path = meanings("OrganisationRole"), codes(ORGANISATION), f"{PATH}/participating-org"
    for element in elements:
        ref, kind, activity = element.get("ref"), element.get("type"), element.get("activity-id")
        key = out.sides.get((ref, kind)) if activity is None else None
        if key is None:  # else it was named without a fault before
            name = first_words(element)
            fine = name if ref is None else out.is_sound(ref)
            if activity is not None or not fine:
                organisation_faults(element, "participant", ref, activity, path, findings)
            key = out.organisation((ref or "").strip() or None, name, kind)
            if kind is not None and kind not in types:
                findings.add("read.code", element.sourceline, f"{path}/@type", kind)
            elif name and fine and ref is not None and key is not None:
                out.sides[ref, kind] = key
        role = roles.get(element.get("role"))
        if role is None:
            findings.add("read.role", element.sourceline, f"{path}/@role", element.get("role"))
        elif key is not None:
            kept[identifier, key, role] = None
        elif ref is not None or named(element):
            findings.add("read.nobody", element.sourceline, path)  # both there, and empty
        if out.own:
            keep_facts(element, key, out)
    out.rows["participants"] += kept


def _markers(identifier: str, elements: Any, out: Gathered, findings: Findings) -> None:
    kept: dict[tuple[str, str], int] = {}
    for element in elements:
        vocabulary, code, path = element.get("vocabulary") or "1", element.get("code"), f"{PATH}/policy-marker"
        if vocabulary == "99" and not named(element):
            findings.add("6.13.1", element.sourceline, path)
        if vocabulary != "1":
            continue
        significance = element.get("significance")
        if significance is None:
            findings.add("6.14.1", element.sourceline, path)
        elif len(significance) != 1 or significance not in SIGNIFICANCES.get(code, "012"):
            findings.add("read.marker", element.sourceline, f"{path}/@significance", significance)
        elif code not in codes("PolicyMarker"):
            findings.add("read.code", element.sourceline, f"{path}/@code", code)
        else:
            kept.setdefault((identifier, out.once(code)), int(significance))
    out.rows["project_markers"] += [(*key, value) for key, value in kept.items()]


def _related(identifier: str, elements: list[Any], out: Gathered, findings: Findings) -> None:
    kept: dict[tuple[str, str, str], str | None] = {}
    for element in elements:
        ref, path = element.get("ref"), f"{PATH}/related-activity"
        if spaced(ref):
            findings.add("1.7.1", element.sourceline, f"{path}/@ref", ref)
        relation = meanings("RelatedActivityType").get(element.get("type"))
        if relation is None:
            findings.add("read.relation", element.sourceline, f"{path}/@type", element.get("type"))
        elif ref.strip():
            evidence = element.findtext(f"{{{OWN}}}evidence") if out.own else None
            kept.setdefault((identifier, relation, ref.strip()), evidence or None)
    out.rows["project_links"] += [(*key, value) for key, value in kept.items()]


def _once(
    line: int | None, by: dict[str, list[Any]], transactions: Any, told: list[tuple[bool, bool]], findings: Findings
) -> None:
    """Sectors and countries stand either at the activity or at each transaction."""
    add = findings.add
    for at_activity, place, nothing, both, some, what in (
        ("sector" in by, 0, "6.2.2", "6.6.2", "6.7.2", "sector"),
        ("recipient-country" in by or "recipient-region" in by, 1, "3.7.1", "3.6.2", "3.7.2", "recipient-country"),
    ):
        having = len([one for one in told if one[place]])
        if at_activity:
            if having:
                add(both, line, f"{PATH}/transaction/{what}")
        elif not having:
            add(nothing, line, f"{PATH}/{what}")
        elif having < len(told):
            for element, one in zip(transactions, told, strict=True):
                if not one[place]:
                    add(some, element.sourceline, f"{PATH}/transaction/{what}")


def _pillars(identifier: str, by: dict[str, list[Any]], out: Gathered) -> None:
    """Shares of the pillars, which the registry writes in its own namespace."""
    kept: dict[int, tuple[float, str | None]] = {}
    for element in by.get(f"{{{OWN}}}pillar", _NONE):
        name, share = element.get("number") or "", number(element.get("share") or "")
        method = element.get("method")
        if name in PILLARS and share is not None:
            kept.setdefault(int(name), (float(share), method if method in METHODS else None))
    out.rows["project_pillars"] += [(identifier, pillar, *values) for pillar, values in sorted(kept.items())]


def _code(name: str, element: Any, attribute_: str, path: str, findings: Findings) -> None:
    value = element.get(attribute_)
    if value is not None and value not in codes(name):
        findings.add("read.code", element.sourceline, f"{path}/@{attribute_}", value)


def _level(text: str | None) -> int | None:
    """The level in a programme; None where it is not one of 1 to 9."""
    text = (text or "").strip()
    return int(text) if len(text) == 1 and text in "123456789" else None
