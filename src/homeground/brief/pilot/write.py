# SPDX-License-Identifier: Apache-2.0
"""The pack of a pilot as files: DOCX to be completed, PDF to be read, and the workbook."""

from __future__ import annotations

import datetime
from pathlib import Path

import pandas as pd

from homeground.brief.accelerator.cop_report.word_file import word_file
from homeground.brief.accelerator.cop_report.write import left_out, render_report
from homeground.brief.pilot.book import pilot_book
from homeground.brief.pilot.compose import compose_pack, open_pack
from homeground.brief.workbook.cells import save_workbook
from homeground.extras import absent
from homeground.study.model import Study


def write_pack(
    study: Study,
    language: str,
    out: Path,
    *,
    on: datetime.date,
    projects: Path | pd.DataFrame | None = None,
    design: Path | None = None,
) -> list[Path]:
    """Write the pack.

    Raises
    ------
    StudyError
        The language is unknown.
    DataError
        What is wrong with the projects or the design.
    """
    pack = open_pack(study, language, projects=projects, design=design)
    report = compose_pack(pack, on=on)
    out.mkdir(parents=True, exist_ok=True)
    name = f"pilot-{study.id}-{language}"
    written = []
    if not absent("docx"):
        written.append(out / f"{name}.docx")
        written[-1].write_bytes(word_file(report))
    if "no PDF" not in " ".join(left_out(language)):
        written.append(out / f"{name}.pdf")
        written[-1].write_bytes(render_report(report))
    written.append(save_workbook(pilot_book(pack, report), out / f"{name}.xlsx"))
    return written
