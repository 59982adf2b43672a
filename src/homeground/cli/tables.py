# SPDX-License-Identifier: Apache-2.0
"""Tables in the terminal: 80 columns, readable without colour."""

from __future__ import annotations

import json
import sys
import textwrap
from pathlib import Path
from typing import Any

import pandas as pd

from homeground.catalogue.columns import Column, absences
from homeground.chain import results as reading
from homeground.chain import status as standing
from homeground.chain.commands import command
from homeground.chain.folders import results_folder
from homeground.cli.answers import answers
from homeground.measures.options import read_options
from homeground.running.record import read_run
from homeground.study.model import Study

WIDTH = 80


def show(study: Study, stage: str, *, why: bool, by: str, root: Path, as_json: bool) -> None:
    """Print a stage's columns by country or region, and with ``why`` where each comes from."""
    if stage == "plan":
        _plan(study, why=why, root=root, as_json=as_json)
        return
    described = reading.stage_columns(stage)
    table = reading.show(study, stage, by=by, root=root)
    _say_outdated(study, stage, root, as_json=as_json)
    results = results_folder(study, root)
    if as_json:
        reasons = [vars(c) for c in described] if why else []
        content = {"rows": json.loads(table.to_json(orient="records")), "columns": reasons}
        print(json.dumps(content, indent=1, ensure_ascii=False))
        return
    shown = [c for c in described if c.column in table.columns]
    if not shown:  # an index compares regions; it makes no sum or mean of a country
        print(f"{stage} has numbers by region only.\n")
        by = "region"
        table = reading.show(study, stage, by=by, root=root)
        shown = [c for c in described if c.column in table.columns]
    regions = reading.region_table(study, stage, root)
    held = set(regions.columns)
    if by == "region":
        ends = [end for c in shown for end in c.bounds or () if end not in table and end in held]
        table = table.merge(regions[["region_id", *ends]], on="region_id")
    keys = ["iso3"] if by == "country" else ["region_id", "name"]
    places = [place[:24] for place in table[keys].astype(str).agg(" ".join, axis=1)]
    for block in _blocks(places, [column for c in shown for column in _printed(table, c)]):
        print(block)
    for answer in answers(stage, results, study) if by == "country" else []:
        if answer.rows:
            print(answer.title + "\n")
            print("\n".join(_blocks(answer.rows, answer.columns)))
        print(textwrap.fill(answer.mind, WIDTH) + "\n")
    for sentence in absences(described, held):
        print(textwrap.fill(f"Not here: {sentence}", WIDTH) + "\n")
    if why:
        _why(shown, results, stage, held)
    else:
        print(f"Where each number comes from: {command('show', study, stage, '--why', root=root)}")


def _say_outdated(study: Study, stage: str, root: Path, *, as_json: bool) -> None:
    """Say it before the numbers, and beside them where a machine reads."""
    if said := standing.outdated(study, stage, root):
        print(said if as_json else f"{said}\n", file=sys.stderr if as_json else sys.stdout)


def _printed(table: pd.DataFrame, c: Column) -> list[tuple[list[str], list[str]]]:
    """Head and cells of a column, followed by those of its interval where the table has both ends."""
    unit = [f"({c.unit})"] if c.unit != "1" else []
    head = [*textwrap.wrap(c.title, 12, break_long_words=False), *unit]
    found = [(head, [_number(value, c.decimals) for value in table[c.column]])]
    if c.bounds and set(c.bounds) <= set(table.columns):
        ends = [[_number(value, c.decimals) for value in table[end]] for end in c.bounds]
        spans = ["no data" if low == "no data" else f"{low} to {high}" for low, high in zip(*ends, strict=True)]
        found.append((["low to high"], spans))
    return found


def _blocks(places: list[str], columns: list[tuple[list[str], list[str]]]) -> list[str]:
    """Columns side by side as far as 80 characters reach, then the next below."""
    key_width = max(len(place) for place in places)
    packed: list[list[tuple[list[str], list[str], int]]] = []
    for head, cells in columns:
        width = max(len(line) for line in [*head, *cells])
        used = key_width + sum(w + 1 for _, _, w in packed[-1]) if packed else WIDTH
        if used + width + 1 > WIDTH:
            packed.append([])
        packed[-1].append((head, cells, width))
    return [_block(places, block, key_width) for block in packed]


def _block(places: list[str], columns: list[tuple[list[str], list[str], int]], key_width: int) -> str:
    depth = max(len(head) for head, _, _ in columns)
    lines = []
    for row in range(depth):
        heads = [("" if row < depth - len(h) else h[row - depth + len(h)]).rjust(w) for h, _, w in columns]
        lines.append(" ".join([" " * key_width, *heads]))
    for row, place in enumerate(places):
        lines.append(" ".join([place.ljust(key_width), *(cells[row].rjust(w) for _, cells, w in columns)]))
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _number(value: object, decimals: int) -> str:
    if isinstance(value, str):
        return value
    number = float(value)  # type: ignore[arg-type]
    return "no data" if number != number else f"{number:,.{decimals}f}"  # noqa: PLR0124


def _why(columns: list[Column], results: Path, stage: str, held: set[str]) -> None:
    for c in columns:
        print(f"{c.column}: {c.title} ({c.unit})")
        bounds = f"{c.bounds[0]} to {c.bounds[1]}" if c.bounds else c.interval
        bounds = bounds if set(c.bounds or ()) <= held else "no interval: the study turned it off"
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
    found = reading.show_plan(study, root)
    facts = found.pop("facts")
    _say_outdated(study, "plan", root, as_json=as_json)
    if as_json:
        tables = {name: json.loads(table.to_json(orient="records")) for name, table in found.items()}
        print(json.dumps({"facts": facts, **tables}, indent=1, ensure_ascii=False))
        return
    if not facts["planned"]:
        print(f"No plan: {facts['reason']}.")
        print(f"Where each measure fits: {command('show', study, 'measures', root=root)}")
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
        print(f"\nWhat it rests on: {command('show', study, 'plan', '--why', root=root)}")


def _why_plan(study: Study, measures: list[str], facts: dict[str, Any]) -> None:
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
