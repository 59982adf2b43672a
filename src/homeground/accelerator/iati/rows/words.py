# SPDX-License-Identifier: Apache-2.0
"""Words, references and numbers of elements, and the rules for them that many elements share."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from homeground.accelerator.iati.findings import Findings
from homeground.accelerator.iati.schema import LANG, Element

ORGANISATION = "OrganisationType"
_BAD = re.compile("[/&|?]")
NUMBER = re.compile(r"\s*-?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)\s*\Z")
_SHORT = 40  # letters of a number that is remembered; percentages come again and again
BLANKS = " \t\r\n"
_RULES = {  # which rules hold for the reference and the activity of the two sides of money, and of who takes part
    "provider": ("6.9.1", "1.10.1", "1.10.13", "1.4.1", "provider-activity-id"),
    "receiver": ("6.9.2", "1.15.1", "1.15.13", "1.5.1", "receiver-activity-id"),
    "participant": ("6.10.1", "1.8.1", "1.8.13", "1.9.1", "activity-id"),
}


def text_of(element: Element | None) -> str:
    """All text of an element, as it stands."""
    if element is None:
        return ""
    return "".join(element.itertext()) if len(element) else element.text or ""


def first_words(element: Element) -> str | None:
    """The first narrative of an element that says something: that in the default language, as files are written."""
    for child in element:
        if child.tag == "narrative" and (text := child.text):
            words: str = text.strip(BLANKS)
            if words:
                return words
    return None


def has_words(element: Element) -> bool:
    """Whether a narrative of the element holds any text, blanks included."""
    narratives = (child for child in element if child.tag == "narrative")
    return any(child.text or any(part.tail for part in child) for child in narratives)


def named(element: Element) -> bool:
    """Whether an element has a narrative, be it empty."""
    for child in element:  # noqa: SIM110 (any() and find() take two and five times as long)
        if child.tag == "narrative":
            return True
    return False


def without_language(element: Element) -> Element | None:
    """The first narrative that does not say its language."""
    return next((words for words in element.iter("narrative") if words.get(LANG) is None), None)


def spaced(text: str) -> bool:
    """Whether a text begins or ends with blanks."""
    return text != text.strip(BLANKS)


def stray(ref: str) -> bool:
    """Whether a reference holds characters that none may hold, or nothing at all."""
    return not ref or _BAD.search(ref) is not None


def number(text: str) -> Decimal | None:
    """A decimal of XML; None: none that can be reckoned with."""
    return _number(text) if len(text) < _SHORT else _number.__wrapped__(text)


@lru_cache(maxsize=4096)
def _number(text: str) -> Decimal | None:
    try:
        found = Decimal(text.strip(BLANKS))
    except InvalidOperation:
        return None
    return found if found.is_finite() and abs(found.adjusted()) < 30 else None


def organisation_faults(
    element: Element, who: str, ref: str | None, activity: str | None, path: str, findings: Findings
) -> None:
    """The rules for an organisation named by reference or words: it is named, and written without stray characters."""
    nobody, blanks, characters, blanks_activity, attribute = _RULES[who]
    if ref is None and not named(element):
        findings.add(nobody, element.sourceline, path)
    if ref is not None:
        if spaced(ref):
            findings.add(blanks, element.sourceline, f"{path}/@ref", ref)
        if stray(ref):
            findings.add(characters, element.sourceline, f"{path}/@ref", ref)
    if activity is not None and spaced(activity):
        findings.add(blanks_activity, element.sourceline, f"{path}/@{attribute}", activity)
