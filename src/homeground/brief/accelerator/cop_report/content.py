# SPDX-License-Identifier: Apache-2.0
"""What the progress report holds: sections of numbered paragraphs, each with what is missing, and tables."""

from __future__ import annotations

from dataclasses import dataclass

from homeground.brief.policy_brief.content import BriefTable
from homeground.language.quantities import Text
from homeground.numbers.fact import Fact


@dataclass(frozen=True)
class Paragraph:
    """One numbered paragraph: what is said, items, tables, and at its end what is missing."""

    said: tuple[Text, ...]  # sentences, one after the other
    missing: Text
    items: tuple[Text, ...] = ()
    tables: tuple[BriefTable, ...] = ()


@dataclass(frozen=True)
class Section:
    """A heading and what stands under it; ``level`` 1 to 3."""

    level: int
    title: str
    paragraphs: tuple[Paragraph, ...] = ()


@dataclass(frozen=True)
class Origin:
    """The rows that a number was made from: table and key of each."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class CopReport:
    """All that the report says, apart from how it is set."""

    language: str
    title: str
    subtitle: str
    made: str
    date: str  # ISO
    sections: tuple[Section, ...]
    annexes: tuple[tuple[str, str, BriefTable], ...]  # title, what it shows, table
    notes: tuple[str, ...]
    origins: tuple[tuple[Fact, Origin], ...]  # every number that is stated, once, with its rows
    quoted: tuple[str, ...] = ()  # words of rows, whose numbers are theirs

    @property
    def paragraphs(self) -> tuple[Paragraph, ...]:
        """All paragraphs in the order of their numbers."""
        return tuple(one for section in self.sections for one in section.paragraphs)

    @property
    def texts(self) -> tuple[Text, ...]:
        """Every sentence, item and cell, without the annexes."""
        found: list[Text] = []
        for one in self.paragraphs:
            found += [*one.said, one.missing, *one.items]
            found += [cell for table in one.tables for row in table.rows for cell in row]
        return tuple(found)

    @property
    def facts(self) -> tuple[Fact, ...]:
        """The numbers that the text states, each once, in order."""
        return tuple(dict.fromkeys(fact for text in self.texts for fact in text.facts))
