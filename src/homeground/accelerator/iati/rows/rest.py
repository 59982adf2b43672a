# SPDX-License-Identifier: Apache-2.0
"""Rules for what an activity says and the registry has no column for."""

from __future__ import annotations

from collections import Counter
from typing import Any

from homeground.accelerator.iati.findings import Findings
from homeground.accelerator.iati.rows.shares import PATH, WHOLE
from homeground.accelerator.iati.rows.words import number


def look_at_the_rest(by: dict[str, list[Any]], findings: Findings) -> None:
    """The rules for capital spending, items of the budget of a country and default aid types."""
    add = findings.add
    for element in by.get("capital-spend", ()):
        _percentage(element, f"{PATH}/capital-spend", findings)
    if "country-budget-items" in by:
        _items(by["country-budget-items"], findings)
    kinds = by.get("default-aid-type", [])
    for vocabulary, count in Counter([aid.get("vocabulary") or "1" for aid in kinds]).items() if len(kinds) > 1 else ():
        if count > 1:
            add("107.1.2", kinds[0].sourceline, f"{PATH}/default-aid-type", vocabulary)


def _items(wholes: list[Any], findings: Findings) -> None:
    """Items of the budget of a country, which its shares divide."""
    add, path = findings.add, f"{PATH}/country-budget-items/budget-item"
    items = [item for whole in wholes for item in whole.findall("budget-item")]
    given = [item.get("percentage") for item in items]
    for item in items:
        _percentage(item, path, findings)
    if len(items) == 1 and given[0] is not None and number(given[0]) != WHOLE:
        add("7.9.4", items[0].sourceline, path, given[0])
    elif len(items) > 1 and None in given:
        add("7.9.1", items[0].sourceline, path)
    elif len(items) > 1 and (total := sum(number(text) or 0 for text in given)) != WHOLE:
        add("7.9.2", items[0].sourceline, path, f"{total:f}")


def _percentage(element: Any, path: str, findings: Findings) -> None:
    text = element.get("percentage")
    if text is not None and not ((found := number(text)) is not None and 0 <= found <= WHOLE):
        findings.add("12.2.1", element.sourceline, f"{path}/@percentage", text)
