# SPDX-License-Identifier: Apache-2.0
"""Reading back what a run left: the tables of its stages and of its plan."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd

from homeground.catalogue.columns import Column, assessed_land, columns, country_totals, present
from homeground.catalogue.regions import study_regions
from homeground.chain.commands import command
from homeground.chain.folders import REGION_STAGES, RESULTS, results_folder
from homeground.chain.status import require_current, warnings_of
from homeground.errors import DataError, StudyError
from homeground.running.tables import (
    MEASURE_RATES,
    PLAN,
    PLAN_CHECKS,
    PLAN_FACTS,
    PLAN_PRICES,
    REGIONS,
    RUN_RECORD,
    regions_of,
)
from homeground.study.model import Study


def show(study: Study, stage: str, *, by: str = "country", root: str | Path = RESULTS) -> pd.DataFrame:
    """The published columns of one stage, by country or by region.

    Parameters
    ----------
    study : Study
        With a scenario merged in, or without.
    stage : str
        One of `REGION_STAGES`, such as "land".
    by : {"country", "region"}
        One row a country, with the columns that can be totalled; or one row a region, with all.
    root : str or Path
        Folder of all results.

    Returns
    -------
    DataFrame
        iso3 and area_km2, by region also region_id and name, then the stage's columns in the units that
        ``columns.csv`` of the stage gives.

    Raises
    ------
    StudyError
        No such stage.
    DataError
        The stage has not run.
    """
    table = region_table(study, stage, root)
    described = present(stage_columns(stage), table.columns)
    if by == "region":
        return table[["region_id", "iso3", "name", "area_km2", *(c.column for c in described)]]
    return country_totals(table, described, assessed=assessed_land(results_folder(study, root)))


def region_table(study: Study, stage: str, root: str | Path = RESULTS) -> pd.DataFrame:
    """One row a region: its name and area, and the columns of a stage and of those before it, as they last ran.

    It is read from the stages' own tables, so that a stage can be shown before the later ones have run.

    Parameters
    ----------
    study : Study
        With a scenario merged in, or without.
    stage : str
        One of `REGION_STAGES`: the last whose columns are wanted.
    root : str or Path
        Folder of all results.

    Returns
    -------
    DataFrame, one row a region
        region_id, iso3, name, area_km2, then the columns of the stages in their order, ends of intervals included.

    Raises
    ------
    StudyError
        No such stage.
    DataError
        The stage has not run, or ran on other regions than the study has now.
    """
    stage_columns(stage)
    results = results_folder(study, root)
    require_current(study, results, root)
    if not (results / regions_of(stage)).is_file():
        whole = not (results / RUN_RECORD).is_file()
        raise DataError(
            f"{study.id} has no results {'' if whole else f'of {stage} '}in {results}. "
            f"Run first: {command('run', study, root=root)}"
        )
    before = REGION_STAGES[: REGION_STAGES.index(stage) + 1]
    parts = [pd.read_parquet(p) for s in before if (p := results / regions_of(s)).is_file()]
    ids = set(parts[-1]["region_id"])
    table = pd.DataFrame()
    if (joined := results / REGIONS).is_file():
        table = pd.read_parquet(joined, columns=["region_id", "iso3", "name", "area_km2"])
    if table.empty or set(table["region_id"]) != ids:  # the whole chain has not run, or on other regions
        table = pd.DataFrame(study_regions(study).drop(columns="geometry"))
    for part in parts:
        if set(part["region_id"]) != set(table["region_id"]):
            raise DataError(
                f"the results in {results} are of other regions than {study.id} has now. "
                f"Run again: {command('run', study, root=root)}"
            )
        table = table.merge(part, on="region_id", validate="one_to_one")
    return table


def show_plan(study: Study, root: str | Path = RESULTS) -> dict[str, Any]:
    """The plan of a study as it last ran.

    Parameters
    ----------
    study : Study
        With a scenario merged in, or without.
    root : str or Path
        Folder of all results.

    Returns
    -------
    dict
        ``facts``: what stands in ``plan.json``; alone where the study asks for no plan. ``by_measure`` and
        ``by_country``: DataFrames with hectares and cost_usd (low and high too) over the years of the plan. ``prices``:
        what each rule costs. ``checks``: each rule checked again. ``rates``: whose figure each number is, of the
        measures in the countries where the plan has them, and the wage there.

    Raises
    ------
    DataError
        The stage measures has not run.
    """
    results = results_folder(study, root)
    require_current(study, results, root)
    if not (results / PLAN_FACTS).is_file():
        raise DataError(f"{study.id} has no plan in {results}. Run first: {command('run', study, root=root)}")
    facts = json.loads((results / PLAN_FACTS).read_text(encoding="utf-8"))
    if not facts["planned"]:
        return {"facts": facts}
    allocation = pd.read_parquet(results / PLAN)
    sums = ["hectares", "cost_usd", "cost_usd_low", "cost_usd_high"]
    rates = pd.read_parquet(results / MEASURE_RATES)
    planned = pd.MultiIndex.from_frame(allocation[["iso3", "measure"]].drop_duplicates())
    used = pd.MultiIndex.from_frame(rates[["iso3", "measure"]]).isin(planned)
    used |= (rates["measure"] == "any") & rates["iso3"].isin(allocation["iso3"])
    return {
        "facts": facts,
        "by_measure": allocation.groupby("measure", as_index=False)[sums].sum(),
        "by_country": allocation.groupby("iso3", as_index=False)[sums].sum(),
        "prices": pd.read_parquet(results / PLAN_PRICES),
        "checks": pd.read_parquet(results / PLAN_CHECKS),
        "rates": rates[used].reset_index(drop=True),
    }


def show_warnings(study: Study, root: str | Path = RESULTS, code: str = "en") -> list[str]:
    """All that the steps of a study warned of as they last ran; what can turn an answer stands first.

    Parameters
    ----------
    study : Study
        With a scenario merged in, or without.
    root : str or Path
        Folder of all results.
    code : str
        Language.

    Returns
    -------
    list of str

    Raises
    ------
    DataError
        Nothing has run, or the results are of another form or were changed.
    """
    results = results_folder(study, root)
    require_current(study, results, root)
    if not (results / RUN_RECORD).is_file():
        raise DataError(f"{study.id} has no results in {results}. Run first: {command('run', study, root=root)}")
    return warnings_of(results, code)


def stage_columns(stage: str) -> tuple[Column, ...]:
    """What each published column of a stage means: title, unit, formula, inputs, interval.

    Parameters
    ----------
    stage : str
        One of `REGION_STAGES`.

    Returns
    -------
    tuple of Column
        In their order in the table.

    Raises
    ------
    StudyError
        No such stage; the known ones are named.
    """
    if stage not in REGION_STAGES:
        raise StudyError(
            f'nothing to show for "{stage}"; there is: {", ".join((*REGION_STAGES, "plan", "work", "rights", "chain", "warnings"))}.'
        )
    return columns(stage)
