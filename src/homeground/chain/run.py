# SPDX-License-Identifier: Apache-2.0
"""The stages in their order: run, status, show."""

from __future__ import annotations

import platform
import shlex
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from homeground.catalogue.regions import region_inputs
from homeground.chain.checks import validate
from homeground.errors import DataError, StudyError
from homeground.running.fingerprints import read_run
from homeground.running.steps import Event, Stage, Step, Work, run_stages, state_of
from homeground.study.opening import Study, open_study, shipped_studies

if TYPE_CHECKING:
    import pandas as pd

    from homeground.catalogue.columns import Column

# Stages that publish columns by region, in the order in which they run.
REGION_STAGES = ("land", "people", "evidence", "measures", "finance", "risk")
RESULTS = Path("results")  # where results lie if the user names no other folder
RECORDED_PACKAGES = ("numpy", "pandas", "xarray", "geopandas", "exactextract", "rasterio", "scipy")


def stages() -> tuple[Stage, ...]:
    """All stages in order; their modules are light, heavy libraries wait inside the steps."""
    from homeground.brief.stage import STAGE as BRIEF
    from homeground.evidence.stage import STAGE as EVIDENCE
    from homeground.finance.stage import STAGE as FINANCE
    from homeground.land.stage import STAGE as LAND
    from homeground.measures.stage import STAGE as MEASURES
    from homeground.people.stage import STAGE as PEOPLE
    from homeground.risk.stage import STAGE as RISK

    return (LAND, PEOPLE, EVIDENCE, MEASURES, FINANCE, RISK, TABLES, BRIEF)


def results_folder(study: Study, root: str | Path = RESULTS) -> Path:
    """Where the results of a study's scenario lie: ``root/<study>/<scenario>``."""
    return Path(root) / study.id / study.scenario_name


def command(verb: str, study: Study, *words: str, root: str | Path = RESULTS) -> str:
    """A command line that reaches this study, its scenario and its results from where the user stands.

    Examples
    --------
    >>> command("show", open_study("great-green-wall", "double-budget"), "plan", "--why")
    'homeground show great-green-wall plan --why --scenario double-budget'
    """
    if shipped_studies().get(study.id) == study.folder:
        name = study.id
    else:
        place = study.folder if study.file.name == "study.toml" else study.file
        name = str(place.relative_to(Path.cwd()) if place.is_relative_to(Path.cwd()) else place)
    line = ["homeground", verb, name, *words]
    if study.scenario_name != "base":
        line += ["--scenario", study.scenario_name]
    if Path(root) != RESULTS:
        line += ["--results", str(root)]
    return shlex.join(line)


def run(
    study: Study | str | Path,
    only: list[str] | None = None,
    scenario: str | None = None,
    *,
    start: str | None = None,
    force: bool = False,
    root: str | Path = RESULTS,
    on_event: Callable[[Event], None] = lambda _: None,
) -> Path:
    """Run a study and return the folder of its results; steps that stand are skipped.

    Parameters
    ----------
    study : Study, str or Path
        A study, its id, folder or file.
    only : list of str, optional
        Only these stages.
    scenario : str, optional
        A scenario the study declares; ``base`` if none.
    start : str, optional
        This stage and those after it.
    force : bool
        Run the chosen steps again even if they stand.

    Raises
    ------
    StudyError, DataError, CatalogueError, PlanError
        With what was expected, what was found, where, and what to do.
    """
    opened = study if isinstance(study, Study) and scenario is None else _reopen(study, scenario)
    validate(opened)
    chain = stages()
    chosen = _chosen(chain, only or [], start)
    results = results_folder(opened, root)
    for event in run_stages(
        opened,
        chain,
        results,
        only=chosen,
        force=chosen or [s.name for s in chain] if force else (),
        facts=_facts(opened),
    ):
        on_event(event)
    return results


def status(study: Study, root: str | Path = RESULTS) -> list[tuple[str, str, str, dict[str, Any]]]:
    """For each step: stage, step, state (``done``, ``outdated``, ``not run``) and its record."""
    return list(state_of(study, stages(), results_folder(study, root)))


def show(study: Study, stage: str, *, by: str = "country", root: str | Path = RESULTS) -> pd.DataFrame:
    """The published columns of one stage, by country or by region.

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

    Raises
    ------
    StudyError
        No such stage.
    DataError
        The stage has not run, or ran on other regions than the study has now.
    """
    import pandas as pd

    from homeground.catalogue.regions import load_regions

    stage_columns(stage)
    results = results_folder(study, root)
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
        table = pd.DataFrame(load_regions(study.countries, study.input("regions")).drop(columns="geometry"))
    for part in parts:
        if set(part["region_id"]) != set(table["region_id"]):
            raise DataError(
                f"the results in {results} are of other regions than {study.id} has now. "
                f"Run again: {command('run', study, root=root)}"
            )
        table = table.merge(part, on="region_id", validate="one_to_one")
    return table


def outdated(study: Study, stage: str, root: str | Path = RESULTS) -> str:
    """That the results of a stage, or of ``plan``, are older than what they were made of; empty where they stand."""
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
    """The plan of a study: facts, hectares and cost by measure and country, price of each rule, recheck.

    Raises
    ------
    DataError
        The stage measures has not run.
    """
    import json

    import pandas as pd

    results = results_folder(study, root)
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
    """Description of a stage's columns.

    Raises
    ------
    StudyError
        No such stage; the known ones are named.
    """
    from homeground.catalogue.columns import columns

    if stage not in REGION_STAGES:
        raise StudyError(f'nothing to show for "{stage}"; there is: {", ".join((*REGION_STAGES, "plan"))}.')
    return columns(stage)


def brief(study: Study, language: str, *, root: str | Path = RESULTS, to: Path | None = None) -> list[Path]:
    """Write the brief of a study that has run, as PDF and HTML.

    Raises
    ------
    StudyError
        The language is unknown; the known ones are listed.
    DataError
        The study has not run, or its results are older than the study, its data or this version.
    """
    from homeground.brief.policy_brief.render import write_brief

    results = results_folder(study, root)
    old = [f"{stage}.{step}" for stage, step, state, _ in status(study, root) if state != "done" and stage != "brief"]
    if old:
        raise DataError(
            f"the results in {results} do not stand ({', '.join(old[:4])}{', ...' if len(old) > 4 else ''} not run or "
            f"outdated). Run again first: {command('run', study, root=root)}"
        )
    return write_brief(results, study, language, to or results)


def warnings_of(results: Path) -> list[str]:
    """What the steps of a run warned of, each once, in order."""
    steps = read_run(results)["steps"]
    return list(dict.fromkeys(w for key in steps for w in steps[key].get("warnings", [])))


def _join_regions(work: Work) -> None:
    import geopandas as gpd
    import pandas as pd

    from homeground.catalogue.regions import load_regions

    joined = load_regions(work.study.countries, work.study.input("regions"))
    for stage in REGION_STAGES:
        table = pd.read_parquet(work.results / "regions" / f"{stage}.parquet")
        unmatched = set(joined["region_id"]) ^ set(table["region_id"])
        if unmatched:
            raise DataError(f"regions/{stage}.parquet and the regions differ in {', '.join(sorted(unmatched)[:5])}.")
        joined = joined.merge(table, on="region_id", validate="one_to_one")
    geometry = joined.pop("geometry")
    gpd.GeoDataFrame(joined, geometry=geometry, crs="EPSG:4326").to_parquet(work.out / "regions.parquet")
    (work.out / "regions.parquet").chmod(0o444)


def _joined(results: Path) -> str:
    import pyarrow.parquet as pq

    schema = pq.read_schema(results / "regions.parquet")
    rows = pq.read_metadata(results / "regions.parquet").num_rows
    return f"{rows} regions with {len(schema.names) - 1} columns in regions.parquet."


TABLES = Stage(
    "chain",
    (
        Step(
            "regions",
            _join_regions,
            outputs=("regions.parquet",),
            needs=tuple(f"{stage}.regions" for stage in REGION_STAGES),
            inputs=region_inputs,
        ),
    ),
    _joined,
)


def _reopen(study: Study | str | Path, scenario: str | None) -> Study:
    return open_study(study.folder if isinstance(study, Study) else study, scenario)


def _chosen(chain: tuple[Stage, ...], only: list[str], start: str | None) -> list[str]:
    names = [stage.name for stage in chain]
    unknown = [n for n in [*only, *([start] if start else [])] if n not in names]
    if unknown:
        raise StudyError(f"no stage {', '.join(unknown)}; the stages are: {', '.join(names)}.")
    return only or (names[names.index(start) :] if start else [])


def _facts(study: Study) -> dict[str, Any]:
    return {
        "study": study.id,
        "title": study.title,
        "scenario": study.scenario_name,
        "homeground": version("homeground"),
        "python": platform.python_version(),
        "packages": {p: version(p) for p in RECORDED_PACKAGES},
    }
