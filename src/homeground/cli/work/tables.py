# SPDX-License-Identifier: Apache-2.0
"""Work of the plan in the terminal: by country beside the days that people have, jobs per hectare, who moved, trainings."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd

from homeground.chain.commands import command
from homeground.chain.folders import results_folder
from homeground.cli.answer import number, numbers, spans
from homeground.cli.console import json_text
from homeground.cli.tables import say_outdated
from homeground.errors import DataError
from homeground.language.layout import blocks, fill, heading
from homeground.language.messages import phrase
from homeground.running.tables import LABOUR, WORK_DENSITY, WORK_FACTS, WORK_REGIONS
from homeground.study.model import Study

ENDS = ("low", "mid", "high")
FIELD_SCHOOLS = 2012  # year of the cost of a seat; see measures/work/defaults.csv
SUMMED = [
    f"{name}_{end}"
    for name in ("person_days_a_year", "person_days_off", "person_days_main", "full_time_years")
    for end in ENDS
]
Columns = list[tuple[list[str], list[str]]]


def show_work(study: Study, *, root: Path, as_json: bool, by: str = "country") -> None:
    """Print what work the plan takes, who could do it, and what others publish beside it."""
    results, code = results_folder(study, root), study.language
    if not (results / WORK_FACTS).is_file():
        raise DataError(f"{study.id} has no work told in {results}. Run first: {command('run', study, root=root)}")
    facts = json.loads((results / WORK_FACTS).read_text(encoding="utf-8"))
    regions, density = pd.read_parquet(results / WORK_REGIONS), pd.read_parquet(results / WORK_DENSITY)
    labour = pd.read_parquet(results / LABOUR)
    say_outdated(study, "measures", root, as_json=as_json)
    if as_json:
        tables = {"regions": regions, "labour": labour, "density": density}
        told = {name: json.loads(table.to_json(orient="records")) for name, table in tables.items()}
        print(json_text({"facts": facts, **told}, indent=1))
        return
    ends = phrase("terminal.low_to_high", code)
    table = regions if by == "region" else _by_country(regions)
    names = list(table["region_id" if by == "region" else "iso3"])
    print(fill(phrase("terminal.work.title", code)) + "\n")
    print("\n".join(blocks(names, _days(table, labour, code, by), ends=ends)))
    print(fill(phrase("terminal.work.mind", code)) + "\n")
    if len(density):
        print(fill(phrase("terminal.work.density", code)) + "\n")
        rows = [
            f"{p} ({phrase(f'terminal.work.{w}', code)})"
            for p, w in zip(density["programme"], density["what"], strict=True)
        ]
        print("\n".join(blocks(rows, _density(density, code), ends=ends)))
        print(fill(phrase("terminal.work.density_mind", code)) + "\n")
    print(fill(phrase("terminal.work.moved", code)) + "\n")
    moved = regions.drop_duplicates("iso3").sort_values("iso3")
    columns: Columns = [
        (heading(phrase(f"terminal.work.{name}", code)), numbers(moved[f"{name}_per_1000"], 1, code))
        for name in ("left", "hosted")
    ]
    print("\n".join(blocks(list(moved["iso3"]), columns)))
    print(fill(phrase("terminal.work.moved_mind", code)) + "\n")
    _programmes(facts, code, ends)


def _by_country(regions: pd.DataFrame) -> pd.DataFrame:
    """Sums of regions; a country of which one region is not known is not known."""
    groups = regions.groupby("iso3")[SUMMED]
    summed = groups.sum().where(groups.count().eq(groups.size(), axis=0))
    above = regions.assign(above=regions["held"].isin(["above_mid", "above_high"])).groupby("iso3")["above"].sum()
    return summed.assign(above=above).reset_index()


def _days(table: pd.DataFrame, labour: pd.DataFrame, code: str, by: str) -> Columns:
    """Million days of the whole plan by season, days a year that people have, and where the busiest year takes more."""
    years = labour["year"].nunique() if len(labour) else 1
    columns: Columns = []
    for name, shown, each in (
        ("off", "person_days_off", years),
        ("supply", "person_days_a_year", 1),
        ("main", "person_days_main", years),
        ("full_time", "full_time_years", 0),
    ):
        scale = 1e6 * each if each else 1.0
        if table[f"{shown}_mid"].isna().all():
            continue
        low, mid, high = (table[f"{shown}_{end}"] / scale for end in ENDS)
        digits = 3 if each else 0
        columns.append((heading(phrase(f"terminal.work.{name}", code)), numbers(mid, digits, code)))
        columns.append(([phrase("terminal.low_to_high", code)], spans(low, high, digits, code)))
    if by == "region":
        columns.append(
            (
                heading(phrase("terminal.work.held", code)),
                [phrase(f"terminal.work.held_{one}", code) for one in table["held"]],
            )
        )
    else:
        columns.append((heading(phrase("terminal.work.above", code)), numbers(table["above"], 0, code)))
    return columns


def _density(density: pd.DataFrame, code: str) -> Columns:
    own = density.iloc[0]
    same = number(own["own_mid"], 3, code)
    return [
        (heading(phrase("terminal.work.own", code)), [same] * len(density)),
        ([phrase("terminal.low_to_high", code)], spans(density["own_low"], density["own_high"], 3, code)),
        (heading(phrase("terminal.work.published", code)), spans(density["low"], density["high"], 3, code)),
        (
            heading(phrase("terminal.work.differs", code)),
            [phrase(f"terminal.work.{'outside' if one else 'meets'}", code) for one in density["outside"]],
        ),
    ]


def _programmes(facts: dict[str, Any], code: str, ends: str) -> None:
    if facts["training"]:
        rows = pd.DataFrame(facts["training"])
        columns: Columns = [(heading(phrase("terminal.work.seats", code)), numbers(rows["seats"], 0, code))]
        for name in ("cost_usd", "completers", "placed"):
            columns.append((heading(phrase(f"terminal.work.{name}", code)), numbers(rows[f"{name}_mid"], 0, code)))
            columns.append(([ends], spans(rows[f"{name}_low"], rows[f"{name}_high"], 0, code)))
        print(fill(phrase("terminal.work.training", code)) + "\n")
        print("\n".join(blocks([str(group) for group in rows["group"]], columns, ends=ends)))
        print(fill(phrase("terminal.work.training_mind", code, year=str(FIELD_SCHOOLS))) + "\n")
    if works := facts["public_works"]:
        words = {name: number(works[name], 0, code) for name in ("person_days", "households", "transfer_usd")}
        print(fill(phrase("terminal.work.public_works", code, **words)))
        if "wage_to_local_mid" in works:
            print(fill(phrase("terminal.work.wage", code, times=number(works["wage_to_local_mid"], 2, code))))
        print()
