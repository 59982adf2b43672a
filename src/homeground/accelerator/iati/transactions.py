# SPDX-License-Identifier: Apache-2.0
"""One transaction: read, held against the rules and kept, in one pass over its children."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from homeground.accelerator.iati.codes import codes, iso3_of, meanings
from homeground.accelerator.iati.findings import Findings
from homeground.accelerator.iati.gathering import NO_DAY, Gathered, attribute, digits, minor
from homeground.accelerator.iati.words import ORGANISATION, REF_BAD, first_words, organisation_faults, text_of

if TYPE_CHECKING:
    from lxml import etree

INCOMING = ("incoming funds", "incoming commitment", "incoming pledge")
PATH = "iati-activity/transaction"


@dataclass
class Given:
    """What an activity says for its transactions."""

    identifier: str
    currency: str | None
    reporting: str | None
    instrument: str | None
    kinds: Mapping[str, str]
    refs: Counter[str]
    used: Counter[str]


def given_of(identifier: str, currency: str | None, reporting: str | None, finance: str | None, refs: list[str]) -> Given:
    """What holds for all transactions of an activity."""
    instrument = meanings("FinanceType").get(finance or "")
    return Given(identifier, currency, reporting, instrument, meanings("TransactionType"), Counter(refs), Counter())


def take_transaction(element: etree._Element, given: Given, out: Gathered, findings: Findings) -> tuple[bool, bool]:
    """Keep a transaction, or tell why not; whether it names a sector and a country or region of its own."""
    add = findings.add
    parts: dict[Any, Any] = {child.tag: child for child in element}
    value, date_of = parts["value"], parts["transaction-date"]  # the schema has seen to it
    kind, day = parts["transaction-type"].get("code"), date_of.get("iso-date")
    country, sector = parts.get("recipient-country"), "sector" in parts
    place = country is not None or "recipient-region" in parts
    words = first_words(parts["description"]) if "description" in parts else None
    if "aid-type" in parts and len(parts) < len(element):
        aids = Counter(one.get("vocabulary") or "1" for one in element.findall("aid-type"))
        for vocabulary, count in aids.items():
            if count > 1:
                add("107.2.2", element.sourceline, f"{PATH}/aid-type", vocabulary)
    donor, donor_project = _side(parts.get("provider-org"), "provider", out, findings)
    taker, taker_project = _side(parts.get("receiver-org"), "receiver", out, findings)
    word = given.kinds.get(kind)
    stated = value.get("currency")
    currency = stated or given.currency
    date = out.day(day)
    value_day = out.day(value.get("value-date") or "")
    if value_day > out.today:
        add("11.2.2", value.sourceline, f"{PATH}/value/@value-date", value.get("value-date"))
    fine = True
    if word is None:
        add("read.kind", element.sourceline, f"{PATH}/transaction-type/@code", kind)
        fine = False
    if date == NO_DAY:
        add("read.date", element.sourceline, f"{PATH}/transaction-date/@iso-date", day)
        fine = False
    elif date > out.made:
        add("11.2.1", element.sourceline, f"{PATH}/transaction-date/@iso-date", day)
        fine = False
    if stated is None and given.currency is None:
        add("7.8.1", value.sourceline, f"{PATH}/value")
        return sector, place
    places = digits().get(currency or "")
    if places is None:
        add("read.currency", value.sourceline, f"{PATH}/value/@currency", currency or "empty")
        return sector, place
    text = text_of(value)
    amount, rounded = minor(text, places)
    if amount is None:
        add("read.amount", value.sourceline, f"{PATH}/value", text.strip()[:40])
        return sector, place
    if not fine:
        return sector, place
    if rounded:
        add("read.rounded", value.sourceline, f"{PATH}/value", f"{text.strip()[:40]} {currency}")
    if amount == 0:
        add("read.zero", value.sourceline, f"{PATH}/value")
    elif amount < 0:
        add("read.reversal", value.sourceline, f"{PATH}/value", f"{text.strip()} {currency}")
    instrument = given.instrument
    if (finance := parts.get("finance-type")) is not None:
        code = finance.get("code") or ""
        if code not in codes("FinanceType"):
            add("read.code", finance.sourceline, f"{PATH}/finance-type/@code", code)
        instrument = meanings("FinanceType").get(code)
    iso3 = None
    if country is not None:
        iso3 = iso3_of().get((country.get("code") or "").strip().upper())
        if iso3 is None:
            add("read.country", country.sourceline, f"{PATH}/recipient-country/@code", country.get("code"), "warning")
    assert word is not None
    if word in INCOMING:
        taker = taker or given.reporting
    else:
        donor = donor or given.reporting
    rest: tuple[Any, ...] = (given.identifier, word, out.once(currency or ""), donor, donor_project, taker, taker_project, iso3)
    if out.own:
        pillar, confirmed = attribute(element, "pillar"), out.day(attribute(element, "confirmed-on") or "")
        own_instrument = attribute(element, "instrument")
        rest += (
            int(pillar) if pillar and pillar.isdecimal() and len(pillar) == 1 else None,
            own_instrument or instrument,
            attribute(element, "confirmed-by"),
            confirmed or None,
            words,
            attribute(element, "source") or out.source,
        )
    else:
        rest += (None, instrument, None, None, words, out.source)
    out.transaction(_name(element, given, kind, day, amount, currency or "", out), amount, date, value_day, rest)
    return sector, place


def _name(element: etree._Element, given: Given, kind: str, day: str, amount: int, currency: str, out: Gathered) -> str:
    """A name that the same transaction gets again when its activity is published anew."""
    if out.own and (own := attribute(element, "transaction")) and own not in out.own_names:
        out.own_names.add(own)
        return own
    ref = (element.get("ref") or "").strip()
    own_ref = ref and given.refs[ref] == 1
    name = f"{given.identifier}#{ref}" if own_ref else f"{given.identifier}#{kind}/{day.strip()[:10]}/{amount}/{currency}"
    given.used[name] += 1
    return name if given.used[name] == 1 else f"{name}/{given.used[name]}"


def _side(element: Any, who: str, out: Gathered, findings: Findings) -> tuple[str | None, str | None]:
    """Who gives or takes, and the activity it comes from or goes to."""
    if element is None:
        return None, None
    ref, activity = element.get("ref"), element.get(f"{who}-activity-id")
    name = first_words(element) if len(element) else None
    if not name or ref is None or REF_BAD.search(ref) or ref != ref.strip() or activity:
        organisation_faults(element, who, ref, activity, f"{PATH}/{who}-org", findings)
    key = out.organisation((ref or "").strip() or None, name, element.get("type"))
    if (kind := element.get("type")) is not None and kind not in codes(ORGANISATION):
        findings.add("read.code", element.sourceline, f"{PATH}/{who}-org/@type", kind)
    return key, (activity or "").strip() or None
