# SPDX-License-Identifier: Apache-2.0
"""One transaction: read, held against the rules and kept, in one pass over its children."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from homeground.accelerator.iati.codes import codes, iso3_of, meanings
from homeground.accelerator.iati.findings import Findings
from homeground.accelerator.iati.rows.amounts import amount_of
from homeground.accelerator.iati.rows.gathering import NO_DAY, PILLARS, Gathered, attribute, keep_facts, listed
from homeground.accelerator.iati.rows.words import (
    ORGANISATION,
    first_words,
    organisation_faults,
    text_of,
)
from homeground.accelerator.iati.schema import Element

INCOMING = ("incoming funds", "incoming commitment", "incoming pledge")
GIVEN_FROM, GIVEN_TO = "provider-activity-id", "receiver-activity-id"
PATH = "iati-activity/transaction"


@dataclass
class Given:
    """What an activity says for its transactions."""

    identifier: str
    currency: str | None
    reporting: str | None
    instrument: str | None
    kinds: Mapping[str, str]
    refs: set[str]  # references that one transaction has and no other
    used: dict[str, int]


def given_of(
    identifier: str, currency: str | None, reporting: str | None, finance: str | None, transactions: Sequence[Element]
) -> Given:
    """What holds for all transactions of an activity."""
    instrument = meanings("FinanceType").get(finance or "")
    refs = [ref.strip() for one in transactions if (ref := one.get("ref"))]
    alone = set(refs)
    if len(alone) < len(refs):
        alone = {ref for ref, count in Counter(refs).items() if count == 1}
    return Given(identifier, currency, reporting, instrument, meanings("TransactionType"), alone, {})


def take_transaction(element: Element, given: Given, out: Gathered, findings: Findings) -> tuple[bool, bool]:
    """Keep a transaction, or tell why not; whether it names a sector and a country or region of its own."""
    kind_of, day_of, value, *others = element  # the schema has seen to these three and their order
    parts: dict[Any, Any] = {part.tag: part for part in others}
    country = parts.get("recipient-country")
    places = "sector" in parts, country is not None or "recipient-region" in parts
    if len(parts) < len(others) and "aid-type" in parts:
        _aids(element, others, findings)
    donor = donor_project = taker = taker_project = None
    if "provider-org" in parts:
        donor, donor_project = _side(parts["provider-org"], "provider", GIVEN_FROM, out, findings)
    if "receiver-org" in parts:
        taker, taker_project = _side(parts["receiver-org"], "receiver", GIVEN_TO, out, findings)
    kind = kind_of.get("code")
    word = given.kinds.get(kind)
    if word is None:
        findings.add("read.kind", element.sourceline, f"{PATH}/transaction-type/@code", kind)
    day, value_day = day_of.get("iso-date"), value.get("value-date")
    date, of_value = out.days.get(day) or out.day(day), out.days.get(value_day) or out.day(value_day)
    if date == NO_DAY or date > out.made or of_value > out.today:
        date = _late(element, date, value, out, findings)
    money = amount_of(value, given.currency, PATH, findings)
    if word is None or date == NO_DAY or money is None:
        return places
    amount, currency = money
    if amount <= 0:
        _remark(amount, value, currency, findings)
    instrument = _instrument(parts["finance-type"], findings) if "finance-type" in parts else given.instrument
    iso3 = None if country is None else _country(country, findings)
    words = first_words(parts["description"]) if "description" in parts else None
    own: tuple[Any, ...] = (None, instrument, None, None)
    name, source = None, out.source
    if out.own:
        own, name = _own(element, instrument, out), _own_name(element, out)
        source = attribute(element, "source") or source
    if name is None:  # in a row of the registry whom nobody named stays unnamed
        if word in INCOMING:
            taker = taker or given.reporting
        else:
            donor = donor or given.reporting
    rest = (word, currency, donor, donor_project, taker, taker_project, iso3, *own, words, source)
    out.transaction(name or _name(element, given, kind, day, amount, currency), amount, date, of_value, rest)
    return places


def _aids(element: Element, parts: list[Any], findings: Findings) -> None:
    vocabularies = [part.get("vocabulary") or "1" for part in parts if part.tag == "aid-type"]
    differing = dict.fromkeys(vocabularies)
    for vocabulary in differing if len(differing) < len(vocabularies) else ():
        if vocabularies.count(vocabulary) > 1:
            findings.add("107.2.2", element.sourceline, f"{PATH}/aid-type", vocabulary)


def _late(element: Any, date: int, value: Any, out: Gathered, findings: Findings) -> int:
    """Tell of days to come, or of none; the day of the transaction if it may be kept."""
    if out.day(value.get("value-date")) > out.today:
        findings.add("11.2.2", value.sourceline, f"{PATH}/value/@value-date", value.get("value-date"))
    if date == NO_DAY or date > out.made:
        rule, day = "read.date" if date == NO_DAY else "11.2.1", element.find("transaction-date").get("iso-date")
        findings.add(rule, element.sourceline, f"{PATH}/transaction-date/@iso-date", day)
        return NO_DAY
    return date


def _remark(amount: int, value: Any, currency: str, findings: Findings) -> None:
    if amount == 0:
        findings.add("read.zero", value.sourceline, f"{PATH}/value")
    else:
        findings.add("read.reversal", value.sourceline, f"{PATH}/value", f"{text_of(value).strip()[:40]} {currency}")


def _instrument(finance: Any, findings: Findings) -> str | None:
    code = finance.get("code")
    if code not in codes("FinanceType"):
        findings.add("read.code", finance.sourceline, f"{PATH}/finance-type/@code", code)
    return meanings("FinanceType").get(code)


def _country(country: Any, findings: Findings) -> str | None:
    iso3 = iso3_of().get(country.get("code").strip().upper())
    if iso3 is None:
        path = f"{PATH}/recipient-country/@code"
        findings.add("read.country", country.sourceline, path, country.get("code"), "warning")
    return iso3


def _own(element: Any, instrument: str | None, out: Gathered) -> tuple[Any, ...]:
    """Pillar, instrument, and who confirmed it when, as the registry wrote them."""
    pillar = attribute(element, "pillar")
    return (
        int(pillar) if pillar in PILLARS else None,
        listed(element, "instrument", "transactions", "instrument") or instrument,
        listed(element, "confirmed-by", "transactions", "confirmed_by"),
        out.day(attribute(element, "confirmed-on") or "") or None,
    )


def _own_name(element: Any, out: Gathered) -> str | None:
    """The name the registry wrote, at its first transaction."""
    own = attribute(element, "transaction")
    if own is None or own in out.own_names:
        return None
    out.own_names.add(own)
    return own


def _name(element: Element, given: Given, kind: str, day: str, amount: int, currency: str) -> str:
    """A name that the same transaction gets again when its activity is published anew."""
    ref = (element.get("ref") or "").strip() if given.refs else ""
    if ref and ref in given.refs:
        name = f"{given.identifier}#{ref}"
    else:
        name = f"{given.identifier}#{kind}/{day.strip()[:10]}/{amount}/{currency}"
    used = given.used[name] = given.used.get(name, 0) + 1
    return name if used == 1 else f"{name}/{used}"


def _side(element: Any, who: str, activity_id: str, out: Gathered, findings: Findings) -> tuple[str | None, str | None]:
    """Who gives or takes, and the activity it comes from or goes to."""
    ref, kind, activity = element.get("ref"), element.get("type"), element.get(activity_id)
    if activity is None and (key := out.sides.get((ref, kind))) is not None:
        return key, None  # named without a fault before
    name = first_words(element)
    fine = bool(name) and ref is not None and out.is_sound(ref)
    if (not fine and (ref is not None or not name)) or activity:
        organisation_faults(element, who, ref, activity, f"{PATH}/{who}-org", findings)
    key = out.organisation((ref or "").strip() or None, name, kind)
    if out.own:
        keep_facts(element, key, out)
    if kind is not None and kind not in codes(ORGANISATION):
        findings.add("read.code", element.sourceline, f"{PATH}/{who}-org/@type", kind)
    elif fine and key is not None:
        out.sides[ref, kind] = key
    return key, (activity or "").strip() or None
