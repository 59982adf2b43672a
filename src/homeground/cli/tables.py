# SPDX-License-Identifier: Apache-2.0
"""Tables in the terminal: 80 columns, readable without colour."""

from __future__ import annotations

import json
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Any

from homeground import chain
from homeground.catalogue.columns import Column
from homeground.provenance import read_run
from homeground.study import Study

if TYPE_CHECKING:
    import pandas as pd


def show(study: Study, stage: str, *, why: bool, by: str, root: Path, as_json: bool) -> None:
    """Print a stage's columns by country or region, and with ``why`` where each comes from."""
    if stage == "plan":
        _plan(study, why=why, root=root, as_json=as_json)
        return
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


def _plan(study: Study, *, why: bool, root: Path, as_json: bool) -> None:
    found = chain.show_plan(study, root)
    facts = found.pop("facts")
    if as_json:
        tables = {name: json.loads(table.to_json(orient="records")) for name, table in found.items()}
        print(json.dumps({"facts": facts, **tables}, indent=1, ensure_ascii=False))
        return
    if not facts["planned"]:
        print(f"No plan: {facts['reason']}.")
        return
    for key, name in (("measure", "by_measure"), ("iso3", "by_country")):
        print(f"{key:<38}{'hectares':>14}{'million USD':>14}{'low to high':>14}")
        for row in found[name].itertuples():
            span = f"{row.cost_usd_low / 1e6:,.0f} to {row.cost_usd_high / 1e6:,.0f}"
            print(f"{getattr(row, key):<38}{row.hectares:>14,.0f}{row.cost_usd / 1e6:>12,.1f}{span:>16}")
        print()
    print(f"objective {facts['objective']:,.0f} {facts['objective_unit']}")
    print(f"bound     {facts['bound']:,.0f} (gap {facts['gap']:.1e})")
    print("\nWhat each rule costs, in weighted hectares:")
    for row in found["prices"].dropna(subset=["objective_lost"]).itertuples():
        print(f"  {row.rule} {row.where}: {row.objective_lost:,.0f} ({100 * row.lost_share:.2f} %)")
    print("\nRecheck of every rule, apart from the solver:")
    for row in found["checks"].itertuples():
        print(f"  {'kept  ' if row.kept else 'BROKEN'} {row.rule} {row.where}")
    if why:
        _why_plan(study, found["by_measure"]["measure"].tolist(), facts)
    else:
        print(f"\nWhat it rests on: homeground show {study.id} plan --why")


def _why_plan(study: Study, measures: list[str], facts: dict[str, Any]) -> None:
    from homeground.measures.options import read_options

    print("\nNotes:")
    for note in facts["notes"]:
        print(textwrap.fill(note, 78, initial_indent="  - ", subsequent_indent="    "))
    for name in ("budget", "rules"):
        print(textwrap.fill(f"{name}: {facts[f'{name}_source']}", 78, initial_indent="  - ", subsequent_indent="    "))
    print("\nShipped options of the measures in the plan (quality 1 best to 5 expert default, unverified):")
    table = read_options()
    for row in table[table["measure"].isin(measures)].itertuples():
        print(f"  {row.measure} {row.parameter}: {row.low:g} / {row.mid:g} / {row.high:g} {row.unit}")
        print(
            textwrap.fill(f"quality {row.quality}: {row.source}", 78, initial_indent=" " * 6, subsequent_indent=" " * 6)
        )
    if study.data.options:
        print(f"Rows of {study.data.options} replace those of the same measure and parameter.")


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
