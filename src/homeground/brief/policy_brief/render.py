# SPDX-License-Identifier: Apache-2.0
"""The brief as files: two to four pages as PDF, and the same as HTML."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from homeground.brief.policy_brief.compose import compose
from homeground.brief.policy_brief.content import Report
from homeground.brief.policy_brief.figures import INK_STACK, Drawing
from homeground.brief.policy_brief.typesetting import lacks_typeface, page_count, set_pdf
from homeground.errors import DataError
from homeground.language.languages import language as setting_of
from homeground.language.quantities import Text
from homeground.study.model import Study

TEMPLATES = Path(__file__).parent
PAGES, TIGHTEST = 4, 5  # a longer brief is set smaller, in up to five steps


def write_brief(results: Path, study: Study, language: str, out: Path, *, page_alone: bool = False) -> list[Path]:
    """Write ``brief-<language>.pdf`` and ``.html`` from a results folder.

    Parameters
    ----------
    results : Path
        Folder of a run; parts whose tables are not there are left out and named.
    study : Study
    language : str
        One of `LANGUAGES`.
    out : Path
        Folder to write to.
    page_alone : bool
        Write no PDF where the typeface of the language is not installed; else that is an error.

    Returns
    -------
    list of Path

    Raises
    ------
    StudyError
        The language is unknown; the known ones are listed.
    DataError
        There are no regions, a fact cannot be stated, the typeface of the language is not installed, or a character is in
        none.
    CatalogueError
        A message or term is missing.
    """
    missing = lacks_typeface(language)
    if missing and not page_alone:
        raise DataError(f"to set the brief in this language ({language}) as PDF, {missing}")
    report = compose(results, study, language)
    out.mkdir(parents=True, exist_ok=True)
    pdf, html = out / f"brief-{language}.pdf", out / f"brief-{language}.html"
    if not missing:
        pdf.write_bytes(render_pdf(report))
    html.write_text(render_html(report), encoding="utf-8")
    return [html] if missing else [pdf, html]


def render_pdf(report: Report) -> bytes:
    """The brief as PDF/A on at most four pages, unless a study says so much that smaller type does not help.

    A warning of the typesetter or a missing glyph is an error.
    """
    setting = setting_of(report.language)
    stack = ", ".join(f"'{font}'" for font in setting.fonts)

    def plain(value: Any) -> Any:
        if isinstance(value, Text):
            return [[run.style, run.text] for run in value.runs]
        if isinstance(value, Drawing):
            return {**vars(value), "svg": value.svg.replace(INK_STACK, stack)}
        if hasattr(value, "__dataclass_fields__"):
            return {name: plain(getattr(value, name)) for name in value.__dataclass_fields__}
        if isinstance(value, tuple | list):
            return [plain(v) for v in value]
        return value

    content = plain(report) | {"fonts": list(setting.fonts), "lang": setting.typst[0], "region": setting.typst[1]}
    content["bold"] = setting.spaced  # the Chinese typeface comes in one weight
    source = (TEMPLATES / "brief.typ").read_text(encoding="utf-8")
    for tight in range(TIGHTEST + 1):
        data = json.dumps(content | {"tight": tight}, ensure_ascii=False, default=str)
        pdf = set_pdf(source, {"brief": data})
        if page_count(pdf) <= PAGES:
            break
    return pdf


def render_html(report: Report) -> str:
    """The brief as one HTML file without outside parts."""
    import jinja2
    from markupsafe import Markup, escape

    def marked(text: Text) -> Markup:
        spans = {"number": "<b>{}</b>", "interval": '<span class="i">{}</span>', "": "{}"}
        return Markup("").join(Markup(spans[r.style]).format(escape(r.text)) for r in text.runs)  # noqa: S704

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES), autoescape=True, trim_blocks=True, lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )  # fmt: skip
    environment.filters |= {"marked": marked, "drawn": Markup}
    return environment.get_template("brief.html.j2").render(r=report, lang=setting_of(report.language).typst[0])
