# SPDX-License-Identifier: Apache-2.0
"""Results of activities: rules for them, and their values as plain rows for the part that keeps results."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from homeground.accelerator.iati.codes import codes, meanings
from homeground.accelerator.iati.findings import Findings
from homeground.accelerator.iati.opening import Root, stream
from homeground.accelerator.iati.rows.gathering import Gathered
from homeground.accelerator.iati.rows.words import NUMBER, first_words, text_of
from homeground.accelerator.iati.schema import Element, schema

QUALITATIVE = "5"
PATH = "iati-activity/result/indicator"


def check_result(result: Element, out: Gathered, findings: Findings) -> None:
    """The rules for one result that the schema has passed."""
    add = findings.add
    if (result.get("type") or "") not in codes("ResultType"):
        add("read.code", result.sourceline, "iati-activity/result/@type", result.get("type"))
    referred = False
    for indicator in result:
        if indicator.tag != "indicator":
            referred |= indicator.tag == "reference"  # which stands before all indicators
            continue
        measure = indicator.get("measure") or ""
        if measure not in codes("IndicatorMeasure"):
            add("read.code", indicator.sourceline, f"{PATH}/@measure", measure)
        told = False
        for part in indicator:  # in the order of the standard: reference, baseline, period
            if part.tag == "baseline":
                _value(part, measure, "8.8", f"{PATH}/baseline", findings)
            elif part.tag == "period":
                _period(part, measure, out, findings)
            elif part.tag == "reference" and referred and not told:
                told = True
                add("8.11.1", indicator.sourceline, f"{PATH}/reference")


def _period(period: Any, measure: str, out: Gathered, findings: Findings) -> None:
    start = end = ""
    for part in period:
        if part.tag == "target":
            _value(part, measure, "8.9", f"{PATH}/period/target", findings)
        elif part.tag == "actual":
            _value(part, measure, "8.10", f"{PATH}/period/actual", findings)
        elif part.tag == "period-start":
            start = part.get("iso-date") or ""
        elif part.tag == "period-end":  # which stands before target and actual
            end = part.get("iso-date") or ""
            if (first := out.day(start)) and (last := out.day(end)) and first > last:
                findings.add("8.6.1", period.sourceline, f"{PATH}/period", f"{start}, {end}")


def _value(element: Any, measure: str, rule: str, path: str, findings: Findings) -> None:
    value = element.get("value")
    if measure == QUALITATIVE:
        if value is not None:
            findings.add(f"{rule}.3", element.sourceline, f"{path}/@value", value)
    elif measure in "1234" and measure:
        if value is None:
            findings.add(f"{rule}.1", element.sourceline, f"{path}/@value")
        elif not ((value.isascii() and value.isdigit()) or NUMBER.match(value)):
            findings.add(f"{rule}.2", element.sourceline, f"{path}/@value", value)


def _text(period: Any, name: str) -> str:
    node = period.find(f"period-{name}")
    return node.get("iso-date") or "" if node is not None else ""


def results_of(source: str | Path | BinaryIO) -> Iterator[dict[str, Any]]:
    """Values of results in an IATI file, one row each, activities that the schema refuses left out.

    Parameters
    ----------
    source : str, Path or binary file
        IATI 2 activities.

    Yields
    ------
    dict
        ``project``; ``result_kind`` (output, outcome, impact, other) and ``result``; ``indicator``, ``measure`` (unit,
        percentage, nominal, ordinal, qualitative), ``ascending`` and ``may_sum`` (True, False or None: not said; a
        percentage may never be summed); ``framework`` and ``code`` of the indicator's reference, in the form
        ``vocabulary`` or ``99 uri``; ``kind`` (baseline, target, actual); ``start`` and ``end`` (text of days; a
        baseline has its day, or its year); ``value`` (text as written; None: none), ``comment``, ``dimensions`` (dict),
        ``locations`` (list) and ``line``.

    Examples
    --------
    >>> import io
    >>> list(results_of(io.BytesIO(b"<iati-activities version='2.03'><iati-activity/></iati-activities>")))
    []
    """
    if isinstance(source, str):
        source = Path(source)
    known = schema()
    findings = Findings("")
    for activity in stream(source, findings, Root()):
        if activity.tag != "iati-activity" or not known.validate(activity):
            continue
        project = text_of(activity.find("iati-identifier")).strip()
        for result in activity.findall("result"):
            of_result = {
                "project": project,
                "result_kind": meanings("ResultType").get(result.get("type") or "", "other"),
                "result": _title(result),
            }
            for indicator in result.findall("indicator"):
                for row in _rows(indicator, result, of_result):
                    yield row | {"line": findings.line(row["line"])}


def _rows(indicator: Any, result: Any, of_result: dict[str, Any]) -> Iterator[dict[str, Any]]:
    reference = indicator.find("reference")
    reference = result.find("reference") if reference is None else reference
    measure = meanings("IndicatorMeasure").get(indicator.get("measure") or "")
    sums = _truth(indicator.get("aggregation-status") or result.get("aggregation-status"))
    of_indicator = of_result | {
        "indicator": _title(indicator),
        "measure": measure,
        "ascending": _truth(indicator.get("ascending")),
        "may_sum": False if measure == "percentage" else sums,
        "framework": _framework(reference),
        "code": reference.get("code") if reference is not None else None,
    }
    for baseline in indicator.findall("baseline"):
        day = baseline.get("iso-date") or baseline.get("year")
        yield of_indicator | _one(baseline, "baseline", day, day)
    for period in indicator.findall("period"):
        for kind in ("target", "actual"):
            for element in period.findall(kind):
                yield of_indicator | _one(element, kind, _text(period, "start"), _text(period, "end"))


def _one(element: Any, kind: str, start: str | None, end: str | None) -> dict[str, Any]:
    comment = element.find("comment")
    return {
        "kind": kind,
        "start": start,
        "end": end,
        "value": element.get("value"),
        "comment": first_words(comment) if comment is not None else None,
        "dimensions": {one.get("name"): one.get("value") for one in element.findall("dimension")},
        "locations": [one.get("ref") for one in element.findall("location")],
        "line": element.sourceline,
    }


def _title(element: Any) -> str | None:
    title = element.find("title")
    return first_words(title) if title is not None else None


def _framework(reference: Any) -> str | None:
    if reference is None:
        return None
    uri = reference.get("indicator-uri") or reference.get("vocabulary-uri")
    return " ".join(part for part in (reference.get("vocabulary"), uri) if part)


def _truth(text: str | None) -> bool | None:
    return None if text is None else text.strip() in ("1", "true")
