# SPDX-License-Identifier: Apache-2.0
"""Brings the catalogues up to date: `python tools/extract_messages.py` (with `--check`: only says what is not).

1. English texts of the package's tables (titles and formulas of columns, names of classes, ...) are gathered into areas
   of their own, such as `locale/tables.pot`: each text has the id of its place, such as `column.land_rain_mm.title`.
2. Every `.po` of every area gets the messages that its `.pot` has, and loses those that are gone. A message whose English
   changed loses its translation, so that the check of the catalogues asks for a new one.
"""

from __future__ import annotations

import csv
import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from homeground.language.catalogues import LOCALE, areas, file_of, tongues
from homeground.language.languages import TONGUES
from homeground.language.wording import slug

PACKAGE = Path(__file__).resolve().parent.parent / "src" / "homeground"
# Area of the catalogue, table (a pattern), id of a row from its cells (words joined by _), columns that hold text; the
# column is the end of the id, but for one that the id is made of.
TEXTS: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    ("tables", "*/columns.csv", "column.{column}", ("title", "formula", "inputs", "interval", "needs")),
    ("tables", "catalogue/legends.csv", "legend.{legend}.{code}", ("name",)),
    ("tables", "catalogue/atlas/layers.csv", "layer.{layer}", ("period", "licence")),
    ("tables", "risk/trees/land_people.csv", "tree.{node}", ("title", "why")),
    ("tables", "study/shipped/*/goals.csv", "study.goal.{indicator}", ("indicator", "unit")),
    ("tables", "study/shipped/*/trust_fund.csv", "study.fund.{name}", ("name",)),
    ("tables", "catalogue/figures/effects.csv", "place.{place}", ("place",)),
    ("tables", "catalogue/figures/cited_facts.csv", "place.{place}", ("place",)),
    ("tables", "catalogue/figures/remittances.csv", "definition.{note}", ("note",)),
    (
        "form_tables",
        "brief/prais/prais_tables.csv",
        "form.{table}",
        ("title", "denominator", "filled_from", "reason_empty"),
    ),
    ("form_tables", "catalogue/atlas/layers.csv", "layer.{layer}", ("source", "caveat")),
    (
        "effects",
        "catalogue/figures/effects.csv",
        "source.effect.{effect_id}",
        (
            *("period", "unit_of_analysis", "driver_measure", "outcome_measure", "heterogeneity", "why_not_pooled"),
            *("source_seen", "note"),
        ),
    ),
    *(
        ("cooperation", f"accelerator/cooperation/figures/{table}.csv", f"source.note.{{{key}}}", columns)
        for table, key, columns in (
            ("partnerships", "partnership", ("name", "partners", "purpose", "outcome")),
            ("requests", "request", ("title", "answered_by", "funder", "outcome")),
            ("studies", "study", ("title", "made_by", "funder", "findings")),
            ("events", "event", ("title", "place", "organisers", "funder", "outcome")),
            ("recommendations", "recommendation", ("text", "addressed_to", "outcome")),
        )
    ),
)
FROM_TABLES = {area for area, *_ in TEXTS}
NAMES = re.compile(r"^[a-z0-9_]+\|[a-z0-9_]+$")  # names of two columns, no text


def texts(area: str) -> Iterator[tuple[str, str]]:
    """Id and English text of everything that the tables of an area say to a reader."""
    for _, pattern, name, columns in (one for one in TEXTS if one[0] == area):
        for path in sorted(PACKAGE.glob(pattern)):
            with path.open(encoding="utf-8", newline="") as file:
                for row in csv.DictReader(file):
                    for column in columns:
                        text = (row.get(column) or "").strip()
                        if text and not NAMES.match(text):
                            key = name.format(
                                **{k: slug(v) if re.search("[A-Z ]", v or "") else v for k, v in row.items()}
                            )
                            yield key if f"{{{column}}}" in name else f"{key}.{column}", text


def template(area: str) -> Catalog:
    """The English catalogue of an area; that of the tables is made from them."""
    if area not in FROM_TABLES:
        return _read(file_of(area, "en"), "en")
    catalog = Catalog(locale="en", header_comment=_comment("Texts of the package's tables, in English."), fuzzy=False)
    for key, text in texts(area):
        catalog.add(text, context=key)
    return catalog


def updated(area: str, code: str, english: Catalog) -> Catalog:
    """The catalogue of a language with exactly the messages of its template; translations are kept where they fit."""
    path = file_of(area, code)
    old = {m.context: m for m in _read(path, code) if m.id} if path.is_file() else {}
    comment = _read(path, code).header_comment if path.is_file() else _comment(f"{area}, in {TONGUES[code].name}.")
    catalog = Catalog(locale=TONGUES[code].locale, header_comment=comment, fuzzy=False)
    for message in english:
        if message.id:
            before = old.get(message.context)
            same = before is not None and before.id == message.id
            catalog.add(message.id, before.string if same and before else None, context=message.context)
    return catalog


def written(catalog: Catalog, path: Path) -> str:
    """A catalogue as text, without dates or names, so that it changes only where a message does."""
    content = io.BytesIO()
    write_po(content, catalog, width=0, omit_header=True, include_lineno=False)
    plural = catalog.plural_forms if path.suffix == ".po" else "nplurals=2; plural=(n != 1);"
    head = (
        f'{catalog.header_comment}\n\nmsgid ""\nmsgstr ""\n"MIME-Version: 1.0\\n"\n'
        '"Content-Type: text/plain; charset=utf-8\\n"\n"Content-Transfer-Encoding: 8bit\\n"\n'
        f'"Language: {catalog.locale_identifier}\\n"\n"Plural-Forms: {plural}\\n"\n\n'
    )
    return head + content.getvalue().decode("utf-8").strip("\n") + "\n"


def _read(path: Path, code: str) -> Catalog:
    with path.open(encoding="utf-8") as file:
        return read_po(file, locale=TONGUES[code].locale)


def _comment(what: str) -> str:
    return (
        f"# SPDX-License-Identifier: Apache-2.0\n# {what}\n"
        "# The context (msgctxt) is the stable id of a message; placeholders stand in braces, see language/messages.py."
    )


def main() -> int:
    """Write what is out of date, or with --check only name it."""
    only_check = "--check" in sys.argv
    stale = []
    for area in sorted({*areas(), *FROM_TABLES}):
        english = template(area)
        for code in tongues(area):
            path = file_of(area, code)
            text = written(english if code == "en" else updated(area, code, english), path)
            if not path.is_file() or path.read_text(encoding="utf-8") != text:
                stale.append(path.relative_to(LOCALE).as_posix())
                if not only_check:
                    path.parent.mkdir(exist_ok=True)
                    path.write_text(text, encoding="utf-8")
    print("\n".join(stale) or "the catalogues are up to date")
    return 1 if stale and only_check else 0


if __name__ == "__main__":
    sys.exit(main())
