# SPDX-License-Identifier: Apache-2.0
"""Tables in the terminal: 80 columns, readable without colour."""

from __future__ import annotations

import json
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING

from homeground import chain
from homeground.catalogue.columns import Column
from homeground.provenance import read_run
from homeground.study import Study

if TYPE_CHECKING:
    import pandas as pd


def show(study: Study, stage: str, *, why: bool, by: str, root: Path, as_json: bool) -> None:
    """Print a stage's columns by country or region, and with ``why`` where each comes from."""
    described = chain.stage_columns(stage)
    table = chain.show(study, stage, by=by, root=root)
    results = chain.results_folder(study, root)
    if as_json:
        reasons = [vars(c) for c in described] if why else []
        content = {"rows": json.loads(table.to_json(orient="records")), "columns": reasons}
        print(json.dumps(content, indent=1, ensure_ascii=False))
        return
    keys = ["iso3"] if by == "country" else ["region_id", "name"]
    shown = [c for c in described if c.column in table.columns]
    for start in range(0, len(shown), 6):
        print(_block(table, keys, shown[start : start + 6]))
    if why:
        _why(shown, results, stage)
    else:
        print(f"Where each number comes from: homeground show {study.id} {stage} --why")


def _block(table: pd.DataFrame, keys: list[str], columns: list[Column]) -> str:
    heads = [[*textwrap.wrap(c.title, 10), f"({c.unit})"] for c in columns]
    depth = max(len(h) for h in heads)
    widths = [max(9, *(len(line) for line in head)) for head in heads]
    key_width = 24 if len(keys) > 1 else 5
    lines = []
    for row in range(depth):
        cells = [
            (head[row - depth + len(head)] if row >= depth - len(head) else "").rjust(w)
            for head, w in zip(heads, widths, strict=True)
        ]
        lines.append(" " * key_width + " " + " ".join(cells))
    for _, record in table.iterrows():
        key = " ".join(str(record[k]) for k in keys)[:key_width].ljust(key_width)
        cells = [_number(record[c.column], c.decimals).rjust(w) for c, w in zip(columns, widths, strict=True)]
        lines.append(key + " " + " ".join(cells))
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _number(value: object, decimals: int) -> str:
    if isinstance(value, str):
        return value
    number = float(value)  # type: ignore[arg-type]
    return "no data" if number != number else f"{number:,.{decimals}f}"  # noqa: PLR0124


def _why(columns: list[Column], results: Path, stage: str) -> None:
    for c in columns:
        print(f"{c.column}: {c.title} ({c.unit})")
        bounds = f"{c.bounds[0]} to {c.bounds[1]}" if c.bounds else c.interval
        facts = {
            "formula": c.formula,
            "function": c.function,
            "inputs": c.inputs,
            "kind": c.kind,
            "interval": bounds,
        }
        for name, text in facts.items():
            print(textwrap.fill(text, 78, initial_indent=f"  {name:<9} ", subsequent_indent=" " * 12))
    print("\nInputs read (name, SHA-256, bytes):")
    for key, step in read_run(results)["steps"].items():
        if key.startswith(f"{stage}."):
            for name, facts in step["inputs"].items():
                print(f"  {key:<20} {name:<32} {facts['sha256'][:12]} {facts['bytes']:>10,}")


def show_data(*, as_json: bool) -> None:
    """Print the catalogue of data sets."""
    from homeground.catalogue.datasets import datasets

    rows = datasets()
    if as_json:
        print(json.dumps(rows, indent=1, ensure_ascii=False))
        return
    for channel in dict.fromkeys(row["channel"] for row in rows):
        print(f"{channel}:")
        for row in (r for r in rows if r["channel"] == channel):
            print(f"  {row['id']:<24} {row['licence']}")
            print(textwrap.fill(row["what"], 78, initial_indent=" " * 4, subsequent_indent=" " * 4))
