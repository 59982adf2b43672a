# SPDX-License-Identifier: Apache-2.0
"""The progress report as DOCX, to be completed by hand: styles for headings, numbered paragraphs, tables with a head."""

from __future__ import annotations

import datetime
import io
import zipfile
from typing import Any

from homeground.brief.accelerator.cop_report.content import CopReport, Paragraph
from homeground.brief.policy_brief.content import BriefTable
from homeground.language.quantities import Text

FONTS = {"en": "Noto Sans", "fr": "Noto Sans", "zh": "Noto Sans"}
ASIAN = "Noto Sans CJK SC"
LANGUAGES = {"en": "en-GB", "fr": "fr-FR", "zh": "zh-CN"}
INK, SOFT, ACCENT = "222222", "6B6B6B", "10405F"
INDENT, WIDE = 1.0, 17.0  # cm: of the text beside the numbers, of the text on the page
AFTER_BORDERS = ("shd", "tblLayout", "tblCellMar", "tblLook", "tblCaption")  # the order of the schema
FIRST = (1980, 1, 1, 0, 0, 0)  # date of the parts: the same report gives the same bytes


def word_file(report: CopReport) -> bytes:
    """The report as DOCX.

    Parameters
    ----------
    report : CopReport

    Returns
    -------
    bytes
    """
    from docx import Document

    document = Document()
    _set_up(document, report)
    document.add_paragraph(report.title, style="Title")
    _soft(document.add_paragraph(report.subtitle))
    number = 0
    for section in report.sections:
        document.add_heading(section.title, level=section.level)
        for one in section.paragraphs:
            number += 1
            _paragraph(document, number, one)
    for title, shows, table in report.annexes:
        document.add_heading(title, level=1)
        _soft(document.add_paragraph(shows))
        _table(document, table, 8)
    for note in (*report.notes, report.made):
        _soft(document.add_paragraph(note))
    stream = io.BytesIO()
    document.save(stream)
    return _same_bytes(stream.getvalue())


def _set_up(document: Any, report: CopReport) -> None:
    from docx.shared import Cm, Pt, RGBColor

    page = document.sections[0]
    page.page_width, page.page_height = Cm(21.0), Cm(29.7)
    page.left_margin = page.right_margin = Cm(2.0)
    page.top_margin = page.bottom_margin = Cm(2.0)
    sizes = {"Normal": 10, "Title": 20, "Heading 1": 14, "Heading 2": 12, "Heading 3": 10.5}
    for name, size in sizes.items():
        style = document.styles[name]
        style.font.size = Pt(size)
        style.font.name = FONTS[report.language]
        style.font.color.rgb = RGBColor.from_string(INK if name == "Normal" else ACCENT)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(_named(theme), None)
        fonts.set(_named("eastAsia"), ASIAN)
        fonts.set(_named("hAnsi"), FONTS[report.language])
        _language(style.element.get_or_add_rPr(), report.language)
    document.styles["Normal"].paragraph_format.space_after = Pt(6)
    document.styles["Title"].paragraph_format.space_after = Pt(4)
    day = datetime.datetime.fromisoformat(report.date)
    about = document.core_properties
    about.title, about.author, about.language = report.title, "homeground", LANGUAGES[report.language]
    about.created = about.modified = day
    about.last_modified_by, about.comments = "homeground", report.subtitle
    _page_number(page.footer.paragraphs[0], report.title)


def _named(name: str) -> str:
    from docx.oxml.ns import qn

    return str(qn(f"w:{name}"))


def _language(properties: Any, code: str) -> None:
    from docx.oxml import OxmlElement

    for old in properties.findall(_named("lang")):
        properties.remove(old)
    element = OxmlElement("w:lang")
    element.set(_named("val"), LANGUAGES[code])
    element.set(_named("eastAsia"), LANGUAGES["zh"])
    properties.append(element)


def _page_number(paragraph: Any, title: str) -> None:
    """The title, and the number of the page as a field."""
    from docx.oxml import OxmlElement
    from docx.shared import Pt

    paragraph.add_run(f"{title}  ·  ").font.size = Pt(7.5)
    run = paragraph.add_run()
    run.font.size = Pt(7.5)
    for kind, text in (("begin", None), (None, "PAGE"), ("end", None)):
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(_named("fldCharType"), kind)
        else:
            element.text = text
        run._r.append(element)


def _paragraph(document: Any, number: int, one: Paragraph) -> None:
    from docx.shared import Cm

    first = document.add_paragraph()
    first.paragraph_format.left_indent, first.paragraph_format.first_line_indent = Cm(INDENT), Cm(-INDENT)
    first.paragraph_format.tab_stops.add_tab_stop(Cm(INDENT))
    first.add_run(f"{number}.\t")
    _sentences(first, one.said)
    if not (one.items or one.tables):
        _missing(first, one.missing, apart=True)
        return
    for item in one.items:
        line = document.add_paragraph()
        line.paragraph_format.left_indent = Cm(INDENT + 0.5)
        line.paragraph_format.first_line_indent = Cm(-0.5)
        line.paragraph_format.tab_stops.add_tab_stop(Cm(INDENT + 0.5))
        line.add_run("–\t")
        _runs(line, item)
    for table in one.tables:
        _table(document, table, 8.5)
    last = document.add_paragraph()
    last.paragraph_format.left_indent = Cm(INDENT)
    _missing(last, one.missing, apart=False)


def _sentences(paragraph: Any, texts: tuple[Text, ...]) -> None:
    for i, text in enumerate(texts):
        if i and not text.plain[:1] > "\u2fff":  # Chinese sentences stand without a space
            paragraph.add_run(" ")
        _runs(paragraph, text)


def _missing(paragraph: Any, text: Text, *, apart: bool) -> None:
    from docx.shared import RGBColor

    if apart and not text.plain[:1] > "\u2fff":
        paragraph.add_run(" ")
    for run in text.runs:
        part = paragraph.add_run(run.text)
        part.italic, part.font.color.rgb = True, RGBColor.from_string(SOFT)


def _runs(paragraph: Any, text: Text) -> None:
    from docx.shared import RGBColor

    for run in text.runs:
        part = paragraph.add_run(run.text)
        part.bold = run.style == "number" or None
        if run.style == "interval":
            part.font.color.rgb = RGBColor.from_string(SOFT)


def _soft(paragraph: Any) -> None:
    from docx.shared import Pt, RGBColor

    for run in paragraph.runs:
        run.font.size, run.font.color.rgb = Pt(9), RGBColor.from_string(SOFT)


def _table(document: Any, table: BriefTable, size: float) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import OxmlElement
    from docx.shared import Cm, Pt

    made = document.add_table(rows=1, cols=len(table.head), style="Normal Table")
    made.autofit = False
    for column, share in zip(made.columns, table.shares, strict=True):
        column.width = Cm(WIDE * share)
    lines: list[tuple[Any, ...]] = [table.head, *table.rows]
    for at, line in enumerate(lines):
        cells = (made.rows[0] if at == 0 else made.add_row()).cells
        for column, (cell, said) in enumerate(zip(cells, line, strict=True)):
            cell.width = Cm(WIDE * table.shares[column])
            paragraph = cell.paragraphs[0]
            paragraph.paragraph_format.space_after = Pt(1)
            if column in table.numbers:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            if isinstance(said, Text):
                _runs(paragraph, said)
            else:
                paragraph.add_run(said).bold = True
            for run in paragraph.runs:
                run.font.size = Pt(size)
    head = OxmlElement("w:tblHeader")
    head.set(_named("val"), "true")
    made.rows[0]._tr.get_or_add_trPr().append(head)
    _lines(made)
    document.add_paragraph().paragraph_format.space_after = Pt(0)


def _lines(made: Any) -> None:
    """Thin lines between rows, none between columns; no colour of the style."""
    from docx.oxml import OxmlElement

    borders = OxmlElement("w:tblBorders")
    for side in ("top", "bottom", "insideH"):
        line = OxmlElement(f"w:{side}")
        for name, value in (("val", "single"), ("sz", "4"), ("space", "0"), ("color", "BFBFBF")):
            line.set(_named(name), value)
        borders.append(line)
    properties = made._tbl.tblPr
    after = [child for child in properties if child.tag in {_named(n) for n in AFTER_BORDERS}]
    (after[0].addprevious if after else properties.append)(borders)


def _same_bytes(content: bytes) -> bytes:
    """The same parts, none of them with the time of writing."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            info = zipfile.ZipInfo(name, FIRST)
            info.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(info, old.read(name))
    return stream.getvalue()
