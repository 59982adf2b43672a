# SPDX-License-Identifier: Apache-2.0
"""The progress report as files: DOCX to be completed, PDF to be read, and the file of its numbers."""

from __future__ import annotations

import csv
import datetime
import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from homeground.brief.accelerator.cop_report.annex import all_numbers
from homeground.brief.accelerator.cop_report.compose import compose_report
from homeground.brief.accelerator.cop_report.content import CopReport
from homeground.brief.accelerator.cop_report.word_file import word_file
from homeground.brief.policy_brief.typesetting import lacks_typeface, set_pdf
from homeground.errors import DataError
from homeground.extras import absent, command
from homeground.language.languages import language as setting_of
from homeground.language.quantities import Text
from homeground.study.model import Study

TEMPLATE = Path(__file__).parent / "cop_report.typ"
COLUMNS = ("paragraphs", "number", "value", "unit", "kind", "period", "table", "row", "source")


def write_cop_report(
    tables: Mapping[str, pd.DataFrame],
    language: str,
    out: Path,
    *,
    on: datetime.date,
    made_from: str = "",
    runs: Sequence[tuple[Path, Study]] = (),
) -> list[Path]:
    """Write ``cop-report-<language>.docx``, ``.pdf`` and ``-numbers.csv``.

    Parameters
    ----------
    tables : mapping of name to DataFrame
        Tables of the registry.
    language : str
        en, fr or zh.
    out : Path
        Folder to write to.
    on : date
        The day that the report is made on.
    made_from : str
        What the tables are called; empty: the starting set that ships.
    runs : sequence of (results folder, study)
        Studies that have run.

    Returns
    -------
    list of Path

    Raises
    ------
    StudyError
        The language is unknown.
    DataError
        Neither DOCX nor PDF can be written, or a character is in no typeface.

    Notes
    -----
    What cannot be written for want of a package is left out: `left_out` says what, and what to install.
    """
    missing = left_out(language)
    if len(missing) == 2:
        raise DataError(f"the report can be written neither as DOCX nor as PDF: {'; '.join(missing)}")
    report, book = compose_report(tables, language, on=on, made_from=made_from, runs=runs)
    out.mkdir(parents=True, exist_ok=True)
    contents = {}
    if not absent("docx"):
        contents[f"cop-report-{language}.docx"] = word_file(report)
    if not lacks_typeface(language):
        contents[f"cop-report-{language}.pdf"] = render_report(report)
    stream = io.StringIO()
    writer = csv.DictWriter(stream, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(all_numbers(book, report.paragraphs))
    contents[f"cop-report-{language}-numbers.csv"] = stream.getvalue().encode("utf-8")
    for name, content in contents.items():
        (out / name).write_bytes(content)
    return [out / name for name in contents]


def left_out(language: str) -> list[str]:
    """Which files cannot be written here, and what to install; empty where all can.

    Parameters
    ----------
    language : str

    Returns
    -------
    list of str

    Examples
    --------
    >>> left_out("fr")
    []
    """
    docx = f"no DOCX: python-docx is not installed. Install: {command('accelerator')}" if absent("docx") else ""
    typeface = lacks_typeface(language)
    return [one for one in (docx, f"no PDF: {typeface}" if typeface else "") if one]


def render_report(report: CopReport) -> bytes:
    """The report as PDF/A; a warning of the typesetter or a missing glyph is an error."""
    setting = setting_of(report.language)
    content = {
        name: _plain(getattr(report, name))
        for name in ("title", "subtitle", "made", "date", "sections", "annexes", "notes")
    }
    content |= {
        "fonts": list(setting.fonts),
        "lang": setting.typst[0],
        "region": setting.typst[1],
        "bold": setting.spaced,
    }
    data = json.dumps(content, ensure_ascii=False, default=str)
    return set_pdf(TEMPLATE.read_text(encoding="utf-8"), {"report": data})


def _plain(value: Any) -> Any:
    if isinstance(value, Text):
        return [[run.style, run.text] for run in value.runs]
    if hasattr(value, "__dataclass_fields__"):
        return {name: _plain(getattr(value, name)) for name in value.__dataclass_fields__}
    return [_plain(one) for one in value] if isinstance(value, tuple | list) else value
