# SPDX-License-Identifier: Apache-2.0
"""A sheet on money as files: PDF and HTML in the house's look, and its tables as CSV."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from homeground.brief.accelerator.sheet import Sheet
from homeground.brief.accelerator.write import render_html, render_pdf
from homeground.brief.policy_brief.typesetting import lacks_typeface

PAGES = 2  # as many as a sheet on money may have


def write_money_sheet(sheet: Sheet, tables: Mapping[str, pd.DataFrame], name: str, out: Path) -> list[Path]:
    """Write ``<name>-<language>.pdf`` and ``.html``, and each table as ``<name>-<table>.csv``.

    Parameters
    ----------
    sheet : Sheet
    tables : mapping of DataFrame
        By the end of their file's name.
    name : str
        Start of the names of files.
    out : Path
        Folder to write to.

    Returns
    -------
    list of Path
        Without the PDF where the typeface of the language is not installed.

    Raises
    ------
    DataError
        The sheet cannot be set.
    """
    out.mkdir(parents=True, exist_ok=True)
    html = out / f"{name}-{sheet.language}.html"
    html.write_text(render_html(sheet), encoding="utf-8")
    written = [html]
    if not lacks_typeface(sheet.language):
        pdf = html.with_suffix(".pdf")
        pdf.write_bytes(render_pdf(sheet, pages=PAGES))
        written.insert(0, pdf)
    for end, table in tables.items():
        path = out / f"{name}-{end}.csv"
        table.to_csv(path, index=False, lineterminator="\n")
        written.append(path)
    return written
