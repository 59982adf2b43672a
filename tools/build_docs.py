# SPDX-License-Identifier: Apache-2.0
"""Fill the made tables of the pages in docs: study keys, tables, columns, data. ``--check`` only says if they are current.

A page holds ``<!-- made: NAME -->`` and ``<!-- end -->``; what stands between them comes from the code and its tables.
"""

from __future__ import annotations

import csv
import math
import re
import sys
import types
import typing
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from homeground.catalogue.columns import columns
from homeground.catalogue.datasets import datasets
from homeground.catalogue.live.sources import sources
from homeground.chain import order
from homeground.numbers.table import Column, Table
from homeground.running.tables.register import register
from homeground.study.model import Study
from homeground.study.sections import Data, LayerFile
from homeground.study.tables import given_tables

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
LAYERS = ROOT / "src" / "homeground" / "catalogue" / "atlas" / "layers.csv"
MADE = re.compile(r"(<!-- made: ([a-z-]+) -->\n).*?(<!-- end -->)", re.DOTALL)
NOTHING = "nothing yet"
WORDS = {str: "text", int: "whole number", float: "number", bool: "true or false", dict: "table"}


def _table(heads: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    lines = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    lines += ["| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def study_keys() -> str:
    """Every key of a study file with its type, default, meaning, and which steps read it."""
    rows = list(_keys(Study, ""))
    table = _table(("key", "what stands there", "left out", "meaning", "read by"), rows)
    if any(row[-1] == NOTHING for row in rows):
        table += f'\n"{NOTHING}" means that the key is checked and kept, and no step reads it so far.\n'
    return table


def _keys(model: type[BaseModel], prefix: str) -> typing.Iterator[tuple[str, ...]]:
    for name, field in model.model_fields.items():
        inner = _section(field.annotation)
        if inner is not None:
            if not field.is_required() and field.default is None:
                yield f"`{prefix}{name}`", "section", "none", (inner.__doc__ or "").strip(), _readers(prefix + name)
            yield from _keys(inner, f"{prefix}{name}.")
        else:
            key = prefix + name
            yield f"`{key}`", _kind(field.annotation, field), _default(field), field.description or "", _readers(key)


def _section(annotation: Any) -> type[BaseModel] | None:
    found = [a for a in (annotation, *typing.get_args(annotation)) if isinstance(a, type) and issubclass(a, BaseModel)]
    return found[0] if found else None


def _kind(annotation: Any, field: FieldInfo | None = None) -> str:
    origin, inner = typing.get_origin(annotation), typing.get_args(annotation)
    if annotation is LayerFile:
        return "path or table of a layer"
    if origin is typing.Annotated:
        return _kind(inner[0])
    if origin is typing.Literal:
        return " or ".join(f'"{choice}"' for choice in inner)
    if origin in (types.UnionType, typing.Union):
        return " or ".join(_kind(a) for a in inner if a is not type(None))
    if origin is list:
        return "list of " + {"table": "tables", "text": "texts"}.get(_kind(inner[0]), _kind(inner[0]))
    if origin is tuple:
        return "two years"
    limits = [f"{w} {v:g}" for m in (field.metadata if field else []) for w, v in _limits(m)]
    return ", ".join([WORDS.get(origin or annotation, "text"), *limits])


def _limits(mark: Any) -> list[tuple[str, float]]:
    named = (("ge", "at least"), ("gt", "above"), ("le", "at most"), ("lt", "below"))
    return [(word, getattr(mark, name)) for name, word in named if getattr(mark, name, None) is not None]


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "must be given"
    value = field.get_default(call_default_factory=True)
    if value is None or value is PydanticUndefined or value in ("", []):
        return "none"
    return "`" + (str(list(value)) if isinstance(value, tuple) else str(value)).replace("'", '"') + "`"


def _readers(key: str) -> str:
    """Stages whose steps name the key, or what it belongs to, among their settings."""
    found = [
        stage.name
        for stage in order.stages()
        for step in stage.steps
        for setting in step.settings
        if key == setting or key.startswith(f"{setting}.") or setting.startswith(f"{key}.")
    ]
    if key.startswith("data.") and not found:
        return "as an input file"
    return ", ".join(dict.fromkeys(found)) or {"scenario": "all, merged"}.get(key, NOTHING)


def layer_keys() -> str:
    """Keys of the table that stands for a map or series of the user."""
    rows = [
        (f"`{name}`", _kind(field.annotation, field), _default(field), field.description or "")
        for name, field in LayerFile.model_fields.items()
    ]
    return _table(("key", "what stands there", "left out", "meaning"), rows)


def study_tables() -> str:
    """Columns that each CSV beside a study must have."""
    named = [(name, given_tables().get(f"data.{name}")) for name in Data.model_fields]
    rows = [(f"`data.{n}`", g.table.always) for n, g in named if g is not None and g.format.startswith("CSV")]
    return _table(("key", "columns"), [(key, ", ".join(f"`{c}`" for c in columns)) for key, columns in rows])


def given_list() -> str:
    """The tables that people give."""
    rows = [(f"`{g.table.table}`", g.format, g.table.description) for g in given_tables().values()]
    return _table(("table", "format", "what it is"), rows)


def given_columns() -> str:
    """Columns of each table that people give."""
    return "\n".join(_declared(given.table) for given in given_tables().values())


def handed_list() -> str:
    """The tables of a results folder: who writes them, who reads them, and where they are."""
    rows = [
        (f"`{h.table.table}`", h.table.description, h.written_by, ", ".join(h.read_by), h.needs or "always")
        for h in register().values()
    ]
    return _table(("table", "what it is", "written by", "read by", "there with"), rows)


def handed_columns() -> str:
    """Columns of each table of a results folder."""
    return "\n".join(_declared(handed.table) for handed in register().values())


def _declared(table: Table) -> str:
    """A table with its key and its columns; those that a part publishes stand on the part's page."""
    said = [table.description]
    said += [f"One row for each {', '.join(f'`{one}`' for one in table.key)}."] if table.key else []
    said += [f"Without a row and a column where {table.empty}."] if table.empty else []
    rows, seen = [], set()
    for c in table.columns:
        if not c.part:
            meaning = f"{c.meaning} (there with: {c.needs})" if c.needs else c.meaning
            empty = "may be" if c.nullable else "never"
            rows.append((f"`{c.column}`", " or ".join(c.types), c.unit, c.kind, _may_hold(c), empty, meaning))
        elif c.part not in seen:
            seen.add(c.part)
            rows.append(
                (f"`{c.part}_*`", "number", "", "", "", "may be", f"[columns of {c.part}]({c.part}.md#columns)")
            )
    heads = ("column", "type", "unit", "kind", "may hold", "empty", "meaning")
    return f"### {table.table}\n\n{' '.join(said)}\n\n{_table(heads, rows)}"


def _may_hold(column: Column) -> str:
    if column.values:
        return ", ".join(value or "empty text" for value in column.values)
    low, high = column.low, column.high
    if math.isinf(low):
        return "" if math.isinf(high) else f"at most {high:g}"
    return f"{low:g} or more" if math.isinf(high) else f"{low:g} to {high:g}"


def column_table(stage: str) -> str:
    """The published columns of a stage."""
    rows = [
        (
            f"`{c.column}`",
            c.title,
            c.unit,
            c.kind,
            c.formula,
            " to ".join(f"`{b}`" for b in c.bounds) if c.bounds else c.interval,
        )
        for c in columns(stage)
    ]
    return _table(("column", "what it is", "unit", "kind", "how", "interval"), rows)


def dataset_table() -> str:
    """Every data set the catalogue knows."""
    return "\n".join(
        f"**{channel}**\n\n"
        + _table(
            ("id", "what", "unit", "period", "detail", "licence", "source", "mind"),
            [
                (
                    f"`{r['id']}`",
                    r["what"],
                    r["unit"],
                    r["period"],
                    r["resolution"],
                    r["licence"],
                    r["citation"],
                    r["note"],
                )
                for r in datasets()
                if r["channel"] == channel
            ],
        )
        for channel in dict.fromkeys(row["channel"] for row in datasets())
    )


def live_table() -> str:
    """Sources that `homeground data fetch` knows, the quick ones first said so."""
    rows = [
        (
            f"`{s.layer}`",
            f"`{s.id}`" + (" (quick)" if s.default else ""),
            s.what,
            f"{s.degrees:.3g}°" if s.degrees else "",
            "–".join(str(year) for year in (s.first, s.last or "") if year) if s.first else "",
            {"by size": "up to 1 km", "no": "no"}.get(s.reportable, "yes"),
            ", ".join(f"`{key}`" for key, _ in s.writes if key) or "a table beside",
            s.seen,
        )
        for s in sources().values()
    ]
    heads = ("layer", "source", "what", "cell", "years", "reportable", "key of `[data]`", "last seen")
    return _table(heads, rows)


def layer_table() -> str:
    """Layers of the embedded atlas with package and caveat."""
    with LAYERS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return _table(
        ("layer", "unit", "period", "cell (degrees)", "kind", "source", "built from", "mind"),
        [
            (
                r["layer"],
                r["unit"],
                r["period"],
                r["resolution_deg"],
                r["kind"],
                r["source"],
                f"{r['package']} {r['version']}".strip(),
                r["caveat"],
            )
            for r in rows
        ],
    )


def made(name: str) -> str:
    """The text between the marks of one name."""
    if name.startswith("columns-"):
        return column_table(name.removeprefix("columns-"))
    tables = {
        "study-keys": study_keys,
        "layer-keys": layer_keys,
        "study-tables": study_tables,
        "given-list": given_list,
        "given-columns": given_columns,
        "handed-list": handed_list,
        "handed-columns": handed_columns,
        "datasets": dataset_table,
        "live-sources": live_table,
        "layers": layer_table,
    }
    return tables[name]()


def page(path: Path) -> str:
    """A page with its made tables renewed."""
    return MADE.sub(lambda m: f"{m[1]}\n{made(m[2])}\n{m[3]}", path.read_text(encoding="utf-8"))


def main() -> int:
    """Write the pages, or check them."""
    pages = [*sorted(DOCS.glob("*.md")), *sorted(DOCS.glob("how-to/*.md"))]
    old = [p for p in pages if page(p) != p.read_text(encoding="utf-8")]
    if "--check" in sys.argv:
        for path in old:
            print(f"{path.relative_to(ROOT)} is old: run python tools/build_docs.py")
        return 1 if old else 0
    for path in old:
        path.write_text(page(path), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
