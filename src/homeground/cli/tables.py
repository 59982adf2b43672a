# SPDX-License-Identifier: Apache-2.0
"""Tables in the terminal: 80 columns, readable without colour, in the language of the study."""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from homeground.catalogue.columns import Column
from homeground.chain import results as reading
from homeground.chain.commands import command
from homeground.chain.folders import REGION_STAGES, results_folder
from homeground.chain.status import outdated
from homeground.cli.answer import in_brackets, number, spans, unit, word
from homeground.cli.answers import answers
from homeground.cli.console import json_text
from homeground.cli.plan.tables import show_plan
from homeground.cli.plan.worth_rows import rows_of_worth
from homeground.language.figures import listed, write_number
from homeground.language.layout import blocks, clip, fill, heading, items, ljust, width
from homeground.language.messages import phrase, tell
from homeground.language.wording import wording
from homeground.running.record import read_run
from homeground.running.steps import REPORTED
from homeground.study.model import Study

if TYPE_CHECKING:
    import pandas as pd


def show(study: Study, stage: str, *, why: bool, by: str, root: Path, as_json: bool) -> None:
    """Print a stage's columns by country or region, and with ``why`` where each comes from."""
    if stage == "plan":
        say_outdated(study, "plan", root, as_json=as_json)
        show_plan(study, why=why, root=root, as_json=as_json)
        return
    code = study.language
    described = reading.stage_columns(stage)
    table = reading.show(study, stage, by=by, root=root)
    say_outdated(study, stage, root, as_json=as_json)
    results = results_folder(study, root)
    if as_json:
        reasons = [vars(c) for c in described] if why else []
        content: dict[str, Any] = {"rows": json.loads(table.to_json(orient="records")), "columns": reasons}
        content |= {"not_reportable": study.not_reportable} if study.not_reportable else {}
        print(json_text(content, indent=1))
        return
    shown = [c for c in described if c.column in table.columns]
    if not shown:  # an index compares regions; it makes no sum or mean of a country
        print(phrase("terminal.regions_only", code, stage=stage) + "\n")
        by = "region"
        table = reading.show(study, stage, by=by, root=root)
        shown = [c for c in described if c.column in table.columns]
    regions = reading.region_table(study, stage, root)
    held = set(regions.columns)
    if by == "region":
        ends = [end for c in shown for end in c.bounds or () if end not in table and end in held]
        table = table.merge(regions[["region_id", *ends]], on="region_id")
    keys = ["iso3"] if by == "country" else ["region_id", "name"]
    places = [clip(place, 24) for place in table[keys].astype(str).agg(" ".join, axis=1)]
    cells = [column for c in shown for column in _printed(table, c, code)]
    for block in blocks(places, cells, ends=phrase("terminal.low_to_high", code)):
        print(block)
    for answer in answers(stage, results, study) if by == "country" else []:
        if answer.rows:
            print(fill(answer.title) + "\n")
            print("\n".join(blocks(answer.rows, answer.columns, ends=phrase("terminal.low_to_high", code))))
        print(fill(answer.mind) + "\n")
    if study.not_reportable:
        print(fill(phrase("warning.not_reportable", code, layers=study.not_reportable, sdg=REPORTED)) + "\n")
    for sentence in _lacking(described, held, code):
        print(fill(sentence) + "\n")
    if why:
        _why(shown, results, stage, held, code)
        for said in rows_of_worth(study, results) if stage == "finance" else []:
            print(said)
    else:
        print(phrase("terminal.where_from", code, command=command("show", study, stage, "--why", root=root)))


def show_warnings(study: Study, root: Path, *, as_json: bool) -> None:
    """Print all that a run warned of, what can turn an answer first."""
    warnings = reading.show_warnings(study, root, "en" if as_json else study.language)
    ran = read_run(results_folder(study, root))["stages"]
    for stage in (one for one in REGION_STAGES if one in ran):
        if outdated(study, stage, root):
            say_outdated(study, stage, root, as_json=as_json)
            break
    if as_json:
        print(json_text(warnings, indent=1))
    else:
        print(items(warnings) or phrase("terminal.no_warnings", study.language))


def say_outdated(study: Study, stage: str, root: Path, *, as_json: bool) -> None:
    """Say it before the numbers, and beside them where a machine reads."""
    if said := outdated(study, stage, root):
        told = tell([said], "en" if as_json else study.language)
        print(told if as_json else f"{told}\n", file=sys.stderr if as_json else sys.stdout)


def _printed(table: pd.DataFrame, c: Column, code: str) -> list[tuple[list[str], list[str]]]:
    """Head and cells of a column, followed by those of its interval where the table has both ends."""
    title = wording(f"column.{c.column}.title", c.title, code)
    units = [in_brackets(c.unit, code)] if c.unit != "1" else []
    cells = [value if isinstance(value, str) else number(value, c.decimals, code) for value in table[c.column]]
    found = [([*heading(title), *units], cells)]
    if c.bounds and set(c.bounds) <= set(table.columns):
        low, high = (table[end] for end in c.bounds)
        found.append(([phrase("terminal.low_to_high", code)], spans(low, high, c.decimals, code)))
    return found


def _lacking(described: tuple[Column, ...], held: set[str], code: str) -> list[str]:
    """One sentence for each thing that a study could give, with the columns that it would bring."""
    by_need: dict[str, list[Column]] = defaultdict(list)
    for c in described:
        if c.needs and c.column not in held:
            by_need[c.needs].append(c)
    return [
        phrase(
            "terminal.lacking",
            code,
            titles=listed((wording(f"column.{c.column}.title", c.title, code) for c in columns), code),
            needs=wording(f"column.{columns[0].column}.needs", needs, code),
        )
        for needs, columns in by_need.items()
    ]


def _why(columns: list[Column], results: Path, stage: str, held: set[str], code: str) -> None:
    names = {
        name: phrase(f"terminal.why.{name}", code) for name in ("formula", "function", "inputs", "kind", "interval")
    }
    size = max(width(name) for name in names.values())
    for c in columns:
        told = f"{c.column}: {wording(f'column.{c.column}.title', c.title, code)} ({unit(c.unit, code)})"
        print(told)
        facts = {
            "formula": wording(f"column.{c.column}.formula", c.formula, code),
            "function": c.function,
            "inputs": c.inputs,
            "kind": word("kind", c.kind, code),
            "interval": _interval(c, held, code),
        }
        for name, text in facts.items():
            start = f"  {ljust(names[name], size)} "
            print(fill(text, 78, first=start, rest=" " * width(start)))
    print("\n" + fill(phrase("terminal.why.read", code, hash="SHA-256")))
    for key, step in read_run(results)["steps"].items():
        if key.startswith(f"{stage}."):
            for name, facts in step["inputs"].items():
                told = phrase("terminal.why.keyed", code)
                if "sha256" in facts:
                    told = f"{facts['sha256'][:12]} {write_number(facts['bytes'], 0, code).rjust(10)}"
                print(f"  {key:<20} {name:<32} {told}")


def _interval(c: Column, held: set[str], code: str) -> str:
    """The columns of the interval, or why there is none."""
    if c.bounds is None:
        return wording(f"column.{c.column}.interval", c.interval, code)
    if not set(c.bounds) <= held:
        return phrase("terminal.why.off", code)
    return phrase("map.range", code, low=c.bounds[0], high=c.bounds[1])
