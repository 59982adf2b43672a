# SPDX-License-Identifier: Apache-2.0
"""Two scenarios of a study side by side: what changed in land, people, plan, money and risk, and by which setting."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from homeground.catalogue.columns import assessed_land, columns, country_totals, present
from homeground.chain import results as reading
from homeground.chain.folders import REGION_STAGES, RESULTS, results_folder
from homeground.chain.settings_apart import Apart, files_apart, reached, settings_apart
from homeground.errors import StudyError
from homeground.running.tables import FINANCE_APPRAISAL, PLAN
from homeground.study.model import Study

ALL = "all"  # the place of a row that is of the whole study
PLAN_SUMS = {"hectares": "ha", "cost_usd": "USD", "person_days_establishment": "person-days"}
TWICE = ("finance_npv_usd", *(f"measures_{name}" for name in PLAN_SUMS))  # of the plan with their ends, below
WORTH = {"npv_usd": "USD", "bcr": "1"}
RISK = ("risk_index", "risk_rank", "risk_class")


@dataclass(frozen=True)
class Comparison:
    """What two runs of a study say, side by side.

    ``apart``: settings and files that differ. ``reach``: for each part those that reach it. ``rows``: stage, place (a
    country, or `ALL`), column, unit, decimals, a, a_low, a_high, b, b_low, b_high, change (b less a). ``measures``:
    measure, and hectares and cost of each. ``regions``: index, rank and class of each region in both.
    ``missing``: countries that one of the two lacks.
    """

    names: tuple[str, str]
    apart: list[Apart]
    reach: dict[str, tuple[str, ...]]
    rows: pd.DataFrame
    measures: pd.DataFrame
    regions: pd.DataFrame
    missing: tuple[str, ...]


def compare(a: Study, b: Study, root: str | Path = RESULTS) -> Comparison:
    """Compare two scenarios of a study as they last ran.

    Parameters
    ----------
    a, b : Study
        With their scenarios merged in.
    root : str or Path
        Folder of all results.

    Returns
    -------
    Comparison
        Rows of countries that both have; `ALL` only where both are of the same regions.

    Raises
    ------
    StudyError
        They are the same, or have no country in common.
    DataError
        One has not run, or its results are of another form or were changed.
    """
    names = a.scenario_name, b.scenario_name
    if names[0] == names[1]:
        raise StudyError(f'"{names[0]}" is compared with itself. Name two scenarios, such as base and another.')
    common = [code for code in a.countries if code in b.countries]
    if not common:
        raise StudyError(
            f"{names[0]} and {names[1]} have nothing in common: {', '.join(a.countries)} and {', '.join(b.countries)}. "
            "Compare scenarios of the same countries."
        )
    folders = results_folder(a, root), results_folder(b, root)
    tables = [{stage: reading.region_table(one, stage, root) for stage in REGION_STAGES} for one in (a, b)]
    apart = settings_apart(a, b) + files_apart(*folders)
    same = set(tables[0]["land"]["region_id"]) == set(tables[1]["land"]["region_id"])
    rows = [
        row
        for stage in REGION_STAGES
        for row in _stage_rows(stage, [of[stage] for of in tables], folders, common, whole=same)
    ]
    plans = [_plan(folder) for folder in folders]
    if any(map(len, plans)):
        rows = [row for row in rows if row[2] not in TWICE]
        rows += _plan_rows(plans, common if len(common) > 1 else [])
        rows += _worth_rows(folders, (a.finance.discount_rate, b.finance.discount_rate))
    table = pd.DataFrame(rows, columns=["stage", "place", "column", "unit", "decimals", *_ENDS])
    return Comparison(
        names,
        apart,
        reached(apart, a, b),
        table.assign(change=table["b"] - table["a"]),
        _measures(plans),
        _risk([of["risk"] for of in tables]) if same else pd.DataFrame(),
        tuple(code for code in dict.fromkeys([*a.countries, *b.countries]) if code not in common),
    )


_ENDS = [f"{which}{end}" for which in ("a", "b") for end in ("", "_low", "_high")]


def _stage_rows(
    stage: str, tables: list[pd.DataFrame], folders: Iterable[Path], common: list[str], *, whole: bool
) -> Iterator[list[Any]]:
    """Country totals of a stage in both runs, and those of the whole study where both have the same regions."""
    described = columns(stage)
    totals = []
    for table, folder in zip(tables, folders, strict=True):
        assessed = assessed_land(folder) if stage == "land" else None
        found = country_totals(table, described, assessed=assessed).set_index("iso3").reindex(common)
        if whole:
            in_all = country_totals(table.assign(iso3=ALL), described, assessed=assessed).set_index("iso3")
            found = pd.concat([found, in_all]) if len(common) > 1 else in_all
        totals.append(found)
    for place in totals[0].index:
        for c in present(described, {*tables[0].columns, *tables[1].columns}):
            ends = (c.column, *(c.bounds or ("", "")))
            cells = [_cell(found, place, name) for found in totals for name in ends]
            if cells[0] == cells[0] or cells[3] == cells[3]:
                yield [stage, place, c.column, c.unit, c.decimals, *cells]


def _cell(table: pd.DataFrame, place: str, column: str) -> float:
    return float(table[column].loc[place]) if column in table else float("nan")


def _plan(folder: Path) -> pd.DataFrame:
    """The plan of a run; without rows where it has none."""
    path = folder / PLAN
    return pd.read_parquet(path) if path.is_file() else pd.DataFrame(columns=["measure", "iso3", *_plan_columns()])


def _plan_columns() -> list[str]:
    return [f"{name}{end}" for name in PLAN_SUMS for end in ("", "_low", "_high")]


def _plan_rows(plans: list[pd.DataFrame], places: list[str]) -> Iterator[list[Any]]:
    """What the plan does, costs and takes, by country and in sum."""
    for place in (*places, ALL):
        for name, unit in PLAN_SUMS.items():
            cells = []
            for plan in plans:
                rows = plan if place == ALL else plan[plan["iso3"] == place]
                for end in ("", "_low", "_high"):
                    known = f"{name}{end}" in rows and len(plan) > 0
                    cells.append(float(rows[f"{name}{end}"].sum()) if known else float("nan"))
            yield ["measures", place, f"measures_{name}", unit, 0, *cells]


def _worth_rows(folders: Iterable[Path], rates: tuple[float, float]) -> Iterator[list[Any]]:
    """Worth of the whole plan at each study's rate, in money of people and of the economy."""
    found = []
    for folder, rate in zip(folders, rates, strict=True):
        table = pd.read_parquet(path) if (path := folder / FINANCE_APPRAISAL).is_file() else pd.DataFrame()
        of_plan = table[(table["scope"] == "plan") & (table["rate"] == rate)] if len(table) else pd.DataFrame()
        found.append(of_plan.set_index("view") if len(of_plan) else of_plan)
    for view in dict.fromkeys(view for table in found for view in table.index):
        for name, unit in WORTH.items():
            cells = [
                _cell(table, view, f"{name}{end}") if view in table.index else float("nan")
                for table in found
                for end in ("", "_low", "_high")
            ]
            yield ["finance", ALL, f"{view}_{name}", unit, 2 if unit == "1" else 0, *cells]


def _measures(plans: list[pd.DataFrame]) -> pd.DataFrame:
    """Hectares and cost of each measure in both plans, the largest change of hectares first."""
    sums = [plan.groupby("measure")[["hectares", "cost_usd"]].sum() for plan in plans]
    table = sums[0].add_suffix("_a").join(sums[1].add_suffix("_b"), how="outer").astype("float64").fillna(0.0)
    order = (table["hectares_b"] - table["hectares_a"]).abs().sort_values(ascending=False, kind="stable").index
    return table.loc[order].reset_index()


def _risk(tables: list[pd.DataFrame]) -> pd.DataFrame:
    """Index, rank and class of each region in both, the largest change of rank first."""
    names = [name for name in RISK if all(name in table for table in tables)]
    first, second = (table.set_index("region_id") for table in tables)
    found = first[["iso3", "name"]].join(first[names].add_suffix("_a")).join(second[names].add_suffix("_b"))
    if "risk_rank" not in names:
        return found.reset_index()
    order = (found["risk_rank_b"] - found["risk_rank_a"]).abs().sort_values(ascending=False, kind="stable").index
    return found.loc[order].reset_index()
