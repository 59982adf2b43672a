# SPDX-License-Identifier: Apache-2.0
"""A page for each public name, from its docstring: written into docs/reference when the manual is built, never kept.

Public is what `import homeground as hg` gives: the names that the stubs `__init__.pyi` list.
"""

from __future__ import annotations

import importlib
import inspect
import re
from pathlib import Path
from pprint import pformat
from typing import Any

PARTS = ("land", "people", "evidence", "measures", "finance", "risk", "accelerator")
ROOT = Path(__file__).resolve().parent.parent


def public(part: str) -> dict[str, Any]:
    """The public names of a part; of the package itself, where the part is "", without its parts."""
    module = importlib.import_module(f"homeground.{part}" if part else "homeground")
    named = {name: getattr(module, name) for name in sorted(module.__all__)}
    return {name: value for name, value in named.items() if not inspect.ismodule(value) and not name.startswith("__")}


def first_line(value: Any) -> str:
    """What a name means, in the first sentence of its docstring; of a constant, its kind and length."""
    if not (inspect.isroutine(value) or inspect.isclass(value)):
        return f"{type(value).__name__}" + (f" of {len(value)}" if hasattr(value, "__len__") else "")
    return inspect.cleandoc(value.__doc__ or "").partition("\n\n")[0].replace("\n", " ")


def page(part: str, name: str, value: Any) -> str:
    """The page of one name, as reStructuredText, in which the docstrings are written; a constant is shown as it is."""
    module = f"homeground.{part}" if part else "homeground"
    called = f"hg.{part}.{name}" if part else f"hg.{name}"
    head = f"{called}\n{'=' * len(called)}\n\n"
    if inspect.isclass(value):
        return f"{head}.. autoclass:: {module}::{name}\n   :members:\n"
    if inspect.isroutine(value):
        return f"{head}.. autofunction:: {module}::{name}\n"
    shown = (str(value) if hasattr(value, "columns") else pformat(value, width=100)).splitlines()
    block = "\n".join(f"      {line}".rstrip() for line in shown)
    return f"{head}.. py:data:: {module}.{name}\n\n   .. code-block:: text\n\n{block}\n"


def escaped(lines: list[str]) -> None:
    """Formulas of a docstring as they are meant, in place: `|S|` is no substitution and `x_` no link. Examples stay."""
    last = lines.index("Examples") if "Examples" in lines else len(lines)
    for number, line in enumerate(lines[:last]):
        parts = line.split("`")  # every other part stands between backticks
        parts[::2] = [re.sub(r"(?<=\w)_(?!\w)", r"\\_", part.replace("|", r"\|")) for part in parts[::2]]
        lines[number] = "`".join(parts)


def index_of(part: str) -> str:
    """The list of a part's names."""
    called = f"hg.{part}" if part else "hg"
    names = public(part)
    rows = [
        f"| [`{called}.{name}`]({name}.rst) | {first_line(value)} |".replace("\n", " ") for name, value in names.items()
    ]
    tree = "\n".join(names)
    page_of = {"accelerator": "accelerator/ladder"}.get(part, part)  # its pages lie in a folder; the first of them
    return "\n".join(
        [
            f"# `{called}`",
            "",
            f"What it asks, reads and cannot say: [{part}](../../{page_of}.md)."
            if part
            else "`import homeground as hg`.",
            "",
            "| name | what it is |",
            "|---|---|",
            *rows,
            "",
            f"```{{toctree}}\n:hidden:\n\n{tree}\n```",
            "",
        ]
    )


def pages() -> dict[str, str]:
    """Every page with its text, by its path within the folder."""
    found = {}
    for part in ("", *PARTS):
        folder = part or "package"
        found[f"{folder}/index.md"] = index_of(part)
        for name, value in public(part).items():
            found[f"{folder}/{name}.rst"] = page(part, name, value)
    parts = "\n".join(f"{part or 'package'}/index" for part in ("", *PARTS))
    found["index.md"] = (
        "# Functions\n\nA page for each public function, from its docstring: meaning, shapes, units, errors, source, example.\n\n"
        f"```{{toctree}}\n:maxdepth: 1\n\n{parts}\n```\n"
    )
    found["data-licences.md"] = (ROOT / "DATA_LICENSES.md").read_text(encoding="utf-8")
    return found


def write(folder: Path) -> None:
    """Write the pages; what an earlier build left and is public no more goes. What is the same stays untouched."""
    wanted = pages()
    for old in (p for p in folder.rglob("*") if p.is_file()) if folder.is_dir() else ():
        if old.relative_to(folder).as_posix() not in wanted:
            old.unlink()
    for name, text in wanted.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
