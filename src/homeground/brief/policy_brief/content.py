# SPDX-License-Identifier: Apache-2.0
"""What a brief holds: findings, a map, parts with sentences, tables and drawings, limits and sources."""

from __future__ import annotations

from dataclasses import dataclass

from homeground.brief.policy_brief.figures import Drawing, drawn_texts
from homeground.language.quantities import Text
from homeground.numbers.fact import Fact


@dataclass(frozen=True)
class BriefTable:
    """A table: head, rows, and columns that hold numbers."""

    head: tuple[str, ...]
    rows: tuple[tuple[Text, ...], ...]
    numbers: tuple[int, ...] = ()
    shares: tuple[float, ...] = ()  # widths of the columns, as fractions
    title: str = ""


@dataclass(frozen=True)
class Part:
    """One section: a title and what stands under it."""

    title: str
    paragraphs: tuple[Text, ...] = ()
    drawing: Drawing | None = None
    grid: BriefTable | None = None
    notes: tuple[Text, ...] = ()
    more: tuple[BriefTable, ...] = ()  # tables that stand one after the other, below ``grid``

    @property
    def grids(self) -> tuple[BriefTable, ...]:
        """All tables."""
        return (*((self.grid,) if self.grid else ()), *self.more)


@dataclass(frozen=True)
class Report:
    """All that a brief says, apart from how it is set."""

    language: str
    title: str
    question: str
    kicker: str
    made: str
    date: str  # ISO
    findings_title: str
    findings: tuple[tuple[str, Text], ...]
    map: Drawing | None
    parts: tuple[Part, ...]
    limits: Part
    not_for: Part
    sources: Part
    notes: tuple[str, ...]

    @property
    def facts(self) -> tuple[Fact, ...]:
        """The facts that the text states, each once, in order."""
        return tuple(dict.fromkeys(fact for text in self.texts for fact in text.facts))

    @property
    def texts(self) -> tuple[Text, ...]:
        """Every sentence and table cell."""
        blocks = (*self.parts, self.limits, self.not_for, self.sources)
        cells = [cell for b in blocks for grid in b.grids for row in grid.rows for cell in row]
        inside = [text for b in blocks for text in (*b.paragraphs, *b.notes)]
        return tuple([text for _, text in self.findings] + inside + cells)

    @property
    def quoted(self) -> tuple[str, ...]:
        """Texts whose numbers are no facts: titles of the study, citations, dates, axes and legends of the figures."""
        drawings = [d for d in (self.map, *(p.drawing for p in self.parts)) if d]
        drawn = [text for d in drawings for text in (*drawn_texts(d.svg), d.title, d.shows, d.caption)]
        drawn += [text for d in drawings for _, *texts in d.legend for text in texts]
        quoted = [text.plain for text in self.sources.paragraphs]
        return (self.title, self.question, self.made, *self.notes, *drawn, *quoted, *self.said_by_study)

    said_by_study: tuple[str, ...] = ()
