# SPDX-License-Identifier: Apache-2.0
"""II.A: the Great Green Wall, its targets and its Accelerator."""

from __future__ import annotations

from homeground.brief.accelerator.cop_report.book import Book
from homeground.brief.accelerator.cop_report.content import Paragraph
from homeground.brief.accelerator.cop_report.rows import items, part_of
from homeground.brief.accelerator.cop_report.sections.support import told_of
from homeground.brief.accelerator.cop_report.words import cop, lacking, missing

TARGETS = ("ggw_hectares", "ggw_carbon", "ggw_jobs", "ggw_pillars")


def great_green_wall(book: Book) -> Paragraph:
    """The initiative, its targets and its Accelerator."""
    frames = {n: part_of(book, n, "support") for n in ("partnerships", "studies", "events")}
    frames = {n: rows[rows["topic"] == "restoration"] for n, rows in frames.items()}
    said = (cop("wall", book, [book.stated(k) for k in TARGETS]), *told_of(book, "wall", frames))
    gaps = [cop("wall_gap", book), *lacking(book, "partnerships", frames["partnerships"], ("outcome",), "wall_")]
    return Paragraph(said, missing(gaps, book), items(book, **frames))
