# SPDX-License-Identifier: Apache-2.0
"""Reading back what a run left: status, tables, warnings."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from homeground.errors import DataError, StudyError
from homeground.running.record import older_results, read_run
from homeground.running.steps import state_of
from homeground.study.model import Study

if TYPE_CHECKING:
    import pandas as pd

    from homeground.catalogue.columns import Column
from homeground.chain.commands import command
from homeground.chain.folders import RESULTS, results_folder
from homeground.chain.order import REGION_STAGES, stages


def status(study: Study, root: str | Path = RESULTS) -> list[tuple[str, str, str, dict[str, Any]]]:
    """Which steps of a study stand, and what was recorded of each.

    Parameters
    ----------
    study : Study
        With a scenario merged in, or without.
    root : str or Path
        Folder of all results.

    Returns
    -------
    list of (stage, step, state, record)
        In the order of the run. state: ``done``, ``outdated`` (the study, its data or the code changed) or ``not run``.
        record: seconds, outputs, inputs and warnings as `run.json` keeps them; empty where the step never ran.

    Raises
    ------
    DataError
        A file that the study names is no longer there.
    """
    return list(state_of(study, stages(), results_folder(study, root)))


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
    from homeground.catalogue.columns import assessed_land, country_totals, present

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
    import pandas as pd

    from homeground.catalogue.regions import regions_of

    stage_columns(stage)
    results = results_folder(study, root)
    require_current(study, results, root)
    if not (results / "regions" / f"{stage}.parquet").is_file():
        whole = not (results / "run.json").is_file()
        raise DataError(
            f"{study.id} has no results {'' if whole else f'of {stage} '}in {results}. "
            f"Run first: {command('run', study, root=root)}"
        )
    before = REGION_STAGES[: REGION_STAGES.index(stage) + 1]
    parts = [pd.read_parquet(p) for s in before if (p := results / "regions" / f"{s}.parquet").is_file()]
    ids = set(parts[-1]["region_id"])
    table = pd.DataFrame()
    if (joined := results / "regions.parquet").is_file():
        table = pd.read_parquet(joined, columns=["region_id", "iso3", "name", "area_km2"])
    if table.empty or set(table["region_id"]) != ids:  # the whole chain has not run, or on other regions
        table = pd.DataFrame(regions_of(study).drop(columns="geometry"))
    for part in parts:
        if set(part["region_id"]) != set(table["region_id"]):
            raise DataError(
                f"the results in {results} are of other regions than {study.id} has now. "
                f"Run again: {command('run', study, root=root)}"
            )
        table = table.merge(part, on="region_id", validate="one_to_one")
    return table


def require_current(study: Study, results: Path, root: str | Path) -> None:
    """Refuse results that an older homeground wrote in another form.

    Parameters
    ----------
    study : Study
    results : Path
        Its results folder.
    root : str or Path
        What the user gave as folder of all results.

    Raises
    ------
    DataError
        They are of an older form; the command that renews them is named.
    """
    if older_results(results):
        raise DataError(
            f"the results in {results} were written by an older homeground. Run again: {command('run', study, root=root)}"
        )


def outdated(study: Study, stage: str, root: str | Path = RESULTS) -> str:
    """That the results of a stage, or of ``plan``, are older than what they were made of; empty where they stand.

    Parameters
    ----------
    study : Study
        With a scenario merged in, or without.
    stage : str
        One of `REGION_STAGES`, or ``plan``: the step of the stage measures that makes the plan.
    root : str or Path
        Folder of all results.

    Returns
    -------
    str
        A sentence that names the steps and the command that renews them, or "".
    """
    where, only = ("measures", "plan") if stage == "plan" else (stage, None)
    renew = f"Renew them: {command('run', study, root=root)}"
    try:
        rows = status(study, root)
    except DataError as error:  # an input that went is as much a change as one that was edited
        return f"These results may be outdated: {error} {renew}"
    old = [f"{s}.{step}" for s, step, state, _ in rows if s == where and only in (None, step) and state != "done"]
    if not old:
        return ""
    return f"These results are outdated ({', '.join(old)}): the study, its data or homeground changed. {renew}"


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
        what each rule costs. ``checks``: each rule checked again.

    Raises
    ------
    DataError
        The stage measures has not run.
    """
    import json

    import pandas as pd

    results = results_folder(study, root)
    require_current(study, results, root)
    if not (results / "plan.json").is_file():
        raise DataError(f"{study.id} has no plan in {results}. Run first: {command('run', study, root=root)}")
    facts = json.loads((results / "plan.json").read_text(encoding="utf-8"))
    if not facts["planned"]:
        return {"facts": facts}
    allocation = pd.read_parquet(results / "plan.parquet")
    sums = ["hectares", "cost_usd", "cost_usd_low", "cost_usd_high"]
    return {
        "facts": facts,
        "by_measure": allocation.groupby("measure", as_index=False)[sums].sum(),
        "by_country": allocation.groupby("iso3", as_index=False)[sums].sum(),
        "prices": pd.read_parquet(results / "plan_prices.parquet"),
        "checks": pd.read_parquet(results / "plan_checks.parquet"),
    }


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
    from homeground.catalogue.columns import columns

    if stage not in REGION_STAGES:
        raise StudyError(f'nothing to show for "{stage}"; there is: {", ".join((*REGION_STAGES, "plan"))}.')
    return columns(stage)


def warnings_of(results: Path) -> list[str]:
    """What the steps of a run warned of, each once, in order.

    Parameters
    ----------
    results : Path
        Folder of one scenario's results, see `results_folder`.

    Returns
    -------
    list of str
        Sentences; empty where nothing was warned of or nothing has run.
    """
    steps = read_run(results)["steps"]
    return list(dict.fromkeys(w for key in steps for w in steps[key].get("warnings", [])))
