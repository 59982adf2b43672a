# SPDX-License-Identifier: Apache-2.0
"""Budgets of activities and organisations: what is planned by period, never money committed or paid."""

from __future__ import annotations

from typing import Any

from homeground.accelerator.iati.codes import iso3_of, meanings
from homeground.accelerator.iati.findings import Findings
from homeground.accelerator.iati.rows.amounts import amount_of
from homeground.accelerator.iati.rows.gathering import NO_DAY, Gathered, attribute
from homeground.accelerator.iati.rows.words import (
    first_words,
    organisation_faults,
    spaced,
    stray,
    text_of,
    without_language,
)
from homeground.accelerator.iati.schema import LANG, Element

KINDS = {
    "budget": "project",
    "planned-disbursement": "planned disbursement",
    "total-budget": "whole",
    "recipient-org-budget": "for an organisation",
    "recipient-region-budget": "for a region",
    "recipient-country-budget": "for a country",
    "total-expenditure": "expenditure",
}
YEAR = 366  # days that a budget may be for


def take_budget(
    element: Element,
    tag: str,
    project: str | None,
    organisation: str | None,
    currency: str | None,
    out: Gathered,
    findings: Findings,
) -> None:
    """Keep one budget, or tell why not."""
    add, path = findings.add, f"{'iati-activity' if project else 'iati-organisation'}/{tag}"
    parts: dict[Any, Any] = {child.tag: child for child in element}
    first, value = parts["period-start"], parts["value"]  # the schema has seen to it
    last: Any = parts.get("period-end")
    from_day, to_day = first.get("iso-date") or "", "" if last is None else last.get("iso-date") or ""
    start, end = out.day(from_day), out.day(to_day)
    if start and end and start > end:
        add("8.6.3", element.sourceline, path, f"{from_day}, {to_day}")
    if tag != "planned-disbursement" and start and end and end - start > YEAR:
        add("7.5.3", element.sourceline, path, f"{from_day} to {to_day}")
    receiver, iso3 = (None, None) if tag == "budget" else _whom(parts, tag, path, out, findings)
    money = amount_of(value, currency, path, findings, unsaid="7.8.1" if project else "7.8.2")
    if start == NO_DAY:
        add("read.date", first.sourceline, f"{path}/period-start/@iso-date", first.get("iso-date"))
    if money is None or start == NO_DAY:
        return
    amount, code = money
    status = meanings("BudgetStatus").get(element.get("status") or "")
    days = from_day[:10] if last is None else f"{from_day[:10]}/{to_day[:10]}"
    name = f"{project or organisation}/{tag}/{days}/{iso3 or receiver or ''}"
    name = (attribute(element, "budget") if out.own else None) or name
    source = (attribute(element, "source") if out.own else None) or out.source
    used = out.budgets[name] = out.budgets.get(name, 0) + 1
    if used > 1:
        name = f"{name}/{used}"
    out.rows["budgets"].append((
        name, project, organisation, KINDS[tag], iso3, receiver, start, end, amount, code,
        out.day(value.get("value-date") or ""), status, source,
    ))  # fmt: skip


def _whom(
    parts: dict[Any, Any], tag: str, path: str, out: Gathered, findings: Findings
) -> tuple[str | None, str | None]:
    """Whom a budget is for: an organisation or region, and a country."""
    if tag == "planned-disbursement":
        for who in ("provider", "receiver"):
            side: Any = parts.get(f"{who}-org")
            if side is not None:
                organisation_faults(
                    side, who, side.get("ref"), side.get(f"{who}-activity-id"), f"{path}/{who}-org", findings
                )
        side = parts.get("receiver-org")
        if side is None:
            return None, None
        return out.organisation((side.get("ref") or "").strip() or None, first_words(side), side.get("type")), None
    if (side := parts.get("recipient-org")) is not None:
        if spaced(side.get("ref") or ""):
            findings.add("1.17.1", side.sourceline, f"{path}/recipient-org/@ref", side.get("ref"))
        return out.organisation((side.get("ref") or "").strip() or None, first_words(side), None), None
    if (side := parts.get("recipient-region")) is not None:
        return (side.get("code") or "").strip() or first_words(side), None
    if (side := parts.get("recipient-country")) is not None:
        iso3 = iso3_of().get((side.get("code") or "").strip().upper())
        if iso3 is None:
            findings.add(
                "read.country", side.sourceline, f"{path}/recipient-country/@code", side.get("code"), "warning"
            )
        return None, iso3
    return None, None


def take_organisation(element: Element, out: Gathered, findings: Findings) -> bool:
    """Keep the budgets of an organisation that the schema has passed; whether it was kept."""
    add, path = findings.add, "iati-organisation"
    node = element.find("organisation-identifier")
    raw = text_of(node)
    identifier = raw.strip()
    line = node.sourceline if node is not None else 0
    if not identifier or identifier in out.seen:
        add("read.duplicate" if identifier else "read.identifier", line, f"{path}/organisation-identifier", identifier)
        return False
    out.seen.add(identifier)
    reporting: Any = element.find("reporting-org")
    name: Any = element.find("name")
    out.organisation(identifier, first_words(name), None)
    ref = reporting.get("ref") or ""
    out.organisation(ref.strip() or None, first_words(reporting), reporting.get("type"))
    for text, blanks, characters, at, where in (
        (raw, "1.12.1", "1.12.13", line, "organisation-identifier"),
        (ref, "1.18.1", "1.18.13", reporting.sourceline, "reporting-org/@ref"),
    ):
        if spaced(text):
            add(blanks, at, f"{path}/{where}", text)
        if stray(text):
            add(characters, at, f"{path}/{where}", text)
    if out.day(element.get("last-updated-datetime") or "") > out.today:
        add("11.4.1", element.sourceline, f"{path}/@last-updated-datetime", element.get("last-updated-datetime"))
    if element.get(LANG) is None and (words := without_language(element)) is not None:
        add("4.5.1", words.sourceline, f"{path}//narrative")
    for budget in element:
        tag = str(budget.tag)
        if tag in KINDS:
            take_budget(budget, tag, None, identifier, element.get("default-currency"), out, findings)
            if tag == "recipient-country-budget":
                _lines(budget, out, findings)
    return True


def _lines(budget: Element, out: Gathered, findings: Findings) -> None:
    """Lines of a budget have their value dates within its period."""
    start, end = (out.day(budget.find(f"period-{name}").get("iso-date") or "") for name in ("start", "end"))
    for value in budget.findall("budget-line/value"):
        day = out.day(value.get("value-date") or "")
        if day and start and end and not start <= day <= end:
            path = "iati-organisation/recipient-country-budget/budget-line/value/@value-date"
            findings.add("11.3.1", value.sourceline, path, value.get("value-date"))
