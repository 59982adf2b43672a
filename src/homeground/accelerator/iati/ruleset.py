# SPDX-License-Identifier: Apache-2.0
"""The ruleset evaluated from its table by XPath: slow, plain, and what the fast reading is held against.

Kinds of rules, by the columns of ``standard/rules.csv`` (``condition``: an expression that must hold for the rule to be
looked at; for a loop: where its values come from, each of which is ``$each`` in the others, "1" where none is written):

- unique: the texts of ``first`` differ; startswith: ``first`` begins with a text of ``second`` and a hyphen
- atleast_one, no_more_than_one: how often ``first`` is there
- one_or_all: ``first`` is there, or else nothing that ``second`` finds
- date_order: ``first`` is not after ``second``; date_now: nor after today; time_limit: at most ``value`` days apart
- between_dates: ``first`` lies between the two that ``second`` finds
- regex_matches: ``value`` matches ``first``; no_spaces: no blanks around it; range: ``value`` are its bounds
- strict_sum: the texts of ``first`` sum to ``value``
- if_then: where ``first`` holds, so does ``second``
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from homeground.accelerator.iati.rows.words import BLANKS, number
from homeground.accelerator.iati.schema import lxml_etree
from homeground.numbers.table import read_rows

KINDS = (
    "unique", "startswith", "atleast_one", "no_more_than_one", "one_or_all", "date_order", "date_now", "between_dates",
    "regex_matches", "no_spaces", "strict_sum", "range", "if_then", "loop if_then", "loop strict_sum",
    "loop no_more_than_one", "time_limit",
)  # fmt: skip


@cache
def ruleset(context: str) -> tuple[dict[str, str], ...]:
    """Rules of the table that hold for activities or organisations, expressions only.

    Examples
    --------
    >>> sorted({rule["kind"] for rule in ruleset("activity")} - set(KINDS))
    []
    """
    rows = read_rows(Path(__file__).parent / "standard" / "rules.csv")
    return tuple(row for row in rows if row["context"].split("/")[0] == context)


def breaches(element: Any, *, today: datetime.date, made: datetime.date) -> Iterator[tuple[str, int]]:
    """Rules that an activity or organisation breaks.

    Parameters
    ----------
    element : lxml.Element
        ``iati-activity`` or ``iati-organisation``.
    today, made : date
        Day of reading, and day the file was made.

    Yields
    ------
    (str, int)
        Id of the rule and line.

    Examples
    --------
    >>> etree = lxml_etree()
    >>> activity = etree.fromstring("<iati-activity xml:lang='en'><sector code='31130'/></iati-activity>")
    >>> {"6.2.2", "6.11.1"} & {rule for rule, line in breaches(activity, today=datetime.date.max, made=datetime.date.max)}
    {'6.11.1'}
    """
    for rule in ruleset(element.tag.removeprefix("iati-")):
        below = "/".join(rule["context"].split("/")[1:])
        for node in _find(below)(element) if below else [element]:
            if rule["kind"].startswith("loop "):
                written = {str(value) or "1" for value in _find(rule["condition"])(node)} | {"1"}
                for each in sorted(written):
                    yield from _broken(rule, rule["kind"].removeprefix("loop "), node, today, made, each)
            elif not rule["condition"] or _find(rule["condition"])(node):
                yield from _broken(rule, rule["kind"], node, today, made, "")


@cache
def _find(expression: str) -> Callable[..., Any]:
    etree: Any = lxml_etree()
    found: Callable[..., Any] = etree.XPath(expression)
    return found


def _line(found: Any, node: Any) -> int:
    """Line of what was found: an element, or an attribute's or text's element; else of the node."""
    above = found if hasattr(found, "sourceline") else found.getparent() if hasattr(found, "getparent") else None
    return int((above if above is not None else node).sourceline or 0)


def _text(found: Any) -> str:
    return str(found) if isinstance(found, str) else "".join(found.itertext())


def _day(text: str, today: datetime.date, made: datetime.date) -> datetime.date | None:
    if text in ("now", "made"):
        return today if text == "now" else made
    try:
        return datetime.date.fromisoformat(text.strip()[:10])
    except ValueError:
        return None


def _broken(
    rule: dict[str, str], kind: str, node: Any, today: datetime.date, made: datetime.date, each: str
) -> Iterator[Any]:
    """Breaches of one rule at one node."""
    identity, first, second, value = rule["rule"], rule["first"], rule["second"], rule["value"]
    fixed = second in ("now", "made")
    found = _find(first)(node, each=each) if first else []
    other = _find(second)(node, each=each) if second and not fixed else []
    if kind in AT_THE_NODE:
        if AT_THE_NODE[kind](found, other, value):
            yield identity, int(node.sourceline or 0)
    elif kind == "one_or_all":
        for one in () if found else other[:1] if value == "first" else other:
            yield identity, _line(one, node)
    else:
        yield from _of_each(identity, kind, found, other, second if fixed else "", value, node, today, made)


def _repeated(found: Any, _: Any, __: str) -> bool:
    return len({_text(one) for one in found}) < len(found)


def _unsummed(found: Any, _: Any, value: str) -> bool:
    total = sum((number(_text(one)) or Decimal(0) for one in found), Decimal(0))
    return bool(found) and abs(total - Decimal(value)) > Decimal("0.01")


AT_THE_NODE: dict[str, Callable[[Any, Any, str], bool]] = {  # kinds that weigh what was found as a whole
    "atleast_one": lambda found, _, __: not found,
    "no_more_than_one": lambda found, _, __: len(found) > 1,
    "if_then": lambda found, other, __: bool(found) and not other,
    "unique": _repeated,
    "strict_sum": _unsummed,
}


def _of_each(
    identity: str, kind: str, found: Any, other: Any, fixed: str, value: str, node: Any, today: Any, made: Any
) -> Iterator[Any]:
    """Breaches of rules that look at dates and at texts one by one."""
    days: list[Any] = [_day(fixed or _text(one), today, made) for one in ([fixed] if fixed else other)]
    later = next((day for day in days if day), None)
    for one in found:
        text = _text(one)
        day = _day(text, today, made) if "date" in kind or kind == "time_limit" else None
        low, _, high = value.partition(" ")
        if (
            (kind == "regex_matches" and not re.search(value, text))
            or (kind == "startswith" and not any(text.startswith(f"{start}-") for start in map(_text, other) if start))
            or (kind == "no_spaces" and text != text.strip(BLANKS))
            or (kind == "range" and not ((n := number(text)) is not None and Decimal(low) <= n <= Decimal(high)))
            or (kind == "date_now" and day and day > today)
            or (kind == "date_order" and day and later and day > later)
            or (kind == "time_limit" and day and later and (later - day).days > int(value))
            or (kind == "between_dates" and day and len(days) > 1 and all(days) and not days[0] <= day <= days[1])
        ):
            yield identity, _line(one, node)
