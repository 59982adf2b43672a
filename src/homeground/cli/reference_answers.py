# SPDX-License-Identifier: Apache-2.0
"""What plots that people looked at say of the land, in the terminal."""

from __future__ import annotations

from pathlib import Path

from homeground.brief.facts.assessed.reference import LEVEL, read_reference, state_names
from homeground.cli.answer import Answer, head, number, numbers, spans
from homeground.language.messages import Saying, phrase, tell


def reference_answers(results: Path, code: str = "en") -> list[Answer]:
    """Areas by the plots with their intervals, and the error matrix; none where no plots were given."""
    found = read_reference(results)
    if found is None:
        return []
    areas, matrix = found
    names, together = state_names(code), phrase("terminal.reference.all", code)
    rows = [f"{iso3 or together} {names[state]}" for iso3, state in zip(areas["iso3"], areas["state"], strict=True)]
    columns = [(head("terminal.reference.mapped", code), numbers(areas["mapped_km2"], 0, code))]
    columns.append((head("terminal.reference.estimated", code), numbers(areas["estimated_km2"], 0, code)))
    columns.append(
        (
            head("terminal.reference.interval", code),
            spans(areas["estimated_km2_low"], areas["estimated_km2_high"], 0, code),
        )
    )
    for name in ("users", "producers"):
        values = zip(*(areas[f"{name}_accuracy{of}"] for of in ("", "_low", "_high")), strict=True)
        columns.append(
            (
                head(f"terminal.reference.{name}", code),
                [_accuracy(value, low, high, code) for value, low, high in values],
            )
        )
    columns.append((head("terminal.reference.plots", code), numbers(areas["plots"], 0, code)))
    said = [Saying("terminal.reference.mind", {"level": LEVEL})]
    reasons = dict.fromkeys(reason for reason in areas["unknown_because"].dropna() if reason)
    said += [Saying(f"terminal.reference.{reason}") for reason in reasons]
    out = [Answer(phrase("terminal.reference.title", code), rows, columns, tell(said, code))]
    counts = matrix.pivot_table("plots", ["iso3", "state"], "seen", "sum", sort=False, fill_value=0)
    counts = counts.reindex(columns=[state for state in names if state in counts])
    labels = [f"{iso3} {names[state]}" for iso3, state in counts.index]
    seen = [([names[state]], numbers(counts[state], 0, code)) for state in counts.columns]
    title, mind = (phrase(f"terminal.reference.{name}", code) for name in ("matrix", "matrix_mind"))
    return [*out, Answer(title, labels, seen, mind)]


def _accuracy(value: float, low: float, high: float, code: str) -> str:
    """An accuracy with its interval, or alone where that is not known."""
    told = number(value, 0, code)
    if low != low:  # noqa: PLR0124 (NaN is not itself)
        return told
    return phrase("terminal.reference.accuracy", code, value=told, span=spans([low], [high], 0, code)[0])
