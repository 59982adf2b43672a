# SPDX-License-Identifier: Apache-2.0
"""A sheet as files: one page as PDF, and the same as HTML."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

import pandas as pd

from homeground.brief.accelerator.country_sheet import country_sheet
from homeground.brief.accelerator.sheet import Sheet
from homeground.brief.accelerator.wall_sheet import wall_sheet
from homeground.brief.policy_brief.figures import INK_STACK
from homeground.brief.policy_brief.typesetting import lacks_typeface, page_count, set_pdf
from homeground.errors import DataError
from homeground.language.languages import language as setting_of

TEMPLATES = Path(__file__).parent
TIGHTEST = 9  # a full sheet is set smaller, in so many steps, until it is one page
SMALLER = 3  # steps that are tried before a sheet that may have more pages gets them


def write_sheet(
    iso3: str, tables: Mapping[str, pd.DataFrame] | None, code: str, out: Path, *, day: datetime.date | None = None
) -> list[Path]:
    """Write ``money-<country>-<language>.pdf`` and ``.html``.

    Parameters
    ----------
    iso3 : str
        Three letters, or "all".
    tables : mapping of DataFrame or None
        Tables of the registry; None: what public figures say of the Great Green Wall.
    code : str
        en, fr or zh.
    out : Path
        Folder to write to.
    day : date, optional
        The day that it bears; today if left out.

    Returns
    -------
    list of Path
        HTML alone where the typeface of the language is not installed.

    Raises
    ------
    DataError
        There is no such country, or the sheet cannot be set.
    StudyError
        There is no such language.
    """
    day = day or datetime.datetime.now(tz=datetime.UTC).date()
    sheet = wall_sheet(code, day=day) if tables is None else country_sheet(iso3, tables, code, day=day)
    out.mkdir(parents=True, exist_ok=True)
    pdf, html = (out / f"money-{iso3}-{code}{end}" for end in (".pdf", ".html"))
    html.write_text(render_html(sheet), encoding="utf-8")
    if lacks_typeface(code):
        return [html]
    pdf.write_bytes(render_pdf(sheet))
    return [pdf, html]


def render_pdf(sheet: Sheet, *, pages: int = 1) -> bytes:
    """The sheet as PDF/A on one page, or on a few.

    Parameters
    ----------
    sheet : Sheet
    pages : int
        As many pages as it may have; it is set smaller until it fits.

    Returns
    -------
    bytes

    Raises
    ------
    DataError
        It does not fit in the smallest type, a character is in no typeface, or the typesetter warned.
    """
    setting = setting_of(sheet.language)
    stack = ", ".join(f"'{font}'" for font in setting.fonts)
    content = asdict(sheet)
    for chart in content["charts"]:
        chart["svg"] = chart["svg"].replace(INK_STACK, stack)
    content |= {
        "fonts": list(setting.fonts),
        "lang": setting.typst[0],
        "region": setting.typst[1],
        "bold": setting.spaced,
    }
    source = (TEMPLATES / "sheet.typ").read_text(encoding="utf-8")
    # One page where a little smaller type does it; else as many as there may be.
    tries = [(tight, 1) for tight in range(TIGHTEST + 1 if pages == 1 else SMALLER + 1)]
    for tight, most in tries + [(tight, pages) for tight in range(TIGHTEST + 1 if pages > 1 else 0)]:
        pdf = set_pdf(source, {"sheet": json.dumps(content | {"tight": tight}, ensure_ascii=False)})
        if page_count(pdf) <= most:
            return pdf
    raise DataError(
        f"the sheet of {sheet.title} does not fit on {pages} page(s). Give fewer sources, or shorter names of donors."
    )


def render_html(sheet: Sheet) -> str:
    """The sheet as one HTML file without outside parts.

    Parameters
    ----------
    sheet : Sheet

    Returns
    -------
    str
    """
    import jinja2
    from markupsafe import Markup

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES), autoescape=True, trim_blocks=True, lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )  # fmt: skip
    environment.filters |= {"drawn": Markup}
    return environment.get_template("sheet.html.j2").render(s=sheet, lang=setting_of(sheet.language).typst[0])
