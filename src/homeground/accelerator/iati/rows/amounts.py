# SPDX-License-Identifier: Apache-2.0
"""An amount of XML as a whole number of the smallest units of its currency, exactly; no float comes near it."""

from __future__ import annotations

import re
from functools import cache

from homeground.accelerator.iati.findings import Findings
from homeground.accelerator.iati.schema import Element
from homeground.numbers.money import currencies, minor_digits

_MOST = 2**63 - 1
_PARTS = re.compile(r"\s*([+-]?)([0-9]*)(?:\.([0-9]*))?\s*\Z")
_SHORT = 13  # digits that can be kept whatever the currency
_TENS = tuple(10**power for power in range(10))
_LONGEST = 4000  # digits: beyond them Python refuses to make a number


@cache
def digits() -> dict[str, int]:
    """Decimals of each currency.

    Examples
    --------
    >>> digits()["XOF"]
    0
    """
    return {code: minor_digits(code) for code in currencies()}


@cache
def _kept() -> dict[str, tuple[str, int]]:
    """Each currency with its decimals, so that one text of each is kept and not one for each amount."""
    return {code: (code, places) for code, places in digits().items()}


def minor(text: str, places: int) -> tuple[int | None, bool]:
    """An amount of XML in smallest units, exactly, and whether decimals beyond them were rounded away (half to even).

    None: no number, or one larger than a registry can keep.

    Examples
    --------
    >>> minor("12.5", 2), minor("-0.005", 2), minor("1200", 0), minor("+.125", 2)
    ((1250, False), (0, True), (1200, False), (12, True))
    >>> minor("1e3", 2), minor("99999999999999999999", 2)
    ((None, False), (None, False))
    """
    if len(text) < _SHORT and text.isascii():  # as most amounts are written: 1200, 1200.5
        whole, _, part = text.partition(".")
        if whole.isdecimal() and (not part or (part.isdecimal() and len(part) <= places)):
            return int(whole + part) * _TENS[places - len(part)], False
    found = _PARTS.match(text)
    if found is None or not (found[2] or found[3]) or found.end() > _LONGEST:
        return None, False
    sign, whole, part = found[1], found[2], found[3] or ""
    rest = part[places:].rstrip("0")
    value = int((whole + part[:places].ljust(places, "0")) or "0")
    if rest:
        value += value % 2 if rest == "5" else rest[0] >= "5"
    value = -value if sign == "-" else value
    return (value, bool(rest)) if -_MOST <= value <= _MOST else (None, False)


def amount_of(
    value: Element, currency: str | None, path: str, findings: Findings, *, unsaid: str = "7.8.1"
) -> tuple[int, str] | None:
    """An amount in smallest units and its currency, its own or that of the activity; None: it is told why not."""
    stated = value.get("currency")
    if stated is None and currency is None:
        findings.add(unsaid, value.sourceline, f"{path}/value")
        return None
    kept = _kept().get(stated or currency or "")
    if kept is None:
        findings.add("read.currency", value.sourceline, f"{path}/value/@currency", stated or currency or "empty")
        return None
    code, places = kept
    text = value.text or ""
    amount, rounded = minor(text, places)
    if amount is None:
        findings.add("read.amount", value.sourceline, f"{path}/value", text.strip()[:40])
        return None
    if rounded:
        findings.add("read.rounded", value.sourceline, f"{path}/value", f"{text.strip()[:40]} {code}")
    return amount, code
