# SPDX-License-Identifier: Apache-2.0
"""The command line: thin typer commands. Heavy libraries are imported inside commands, never for ``--help``."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from homeground.cli.accelerator.app import accelerator_app
from homeground.cli.data.app import data_app
from homeground.cli.finance import proposal as finance_proposal
from homeground.cli.finance.app import finance_app
from homeground.cli.options import JsonOption, LanguageOption, RootOption, ScenarioOption, StudyArgument
from homeground.errors import HomegroundError

app = typer.Typer(
    help="Land, people, measures and money against desertification: one study file, one command, offline.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.add_typer(data_app, name="data")
app.add_typer(accelerator_app, name="accelerator")
app.add_typer(finance_app, name="finance")
app.command()(finance_proposal.proposal)


def _show_version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        print(f"homeground {version('homeground')}")
        raise typer.Exit


@app.callback()
def _whole(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version.", callback=_show_version, is_eager=True)
    ] = False,
) -> None:
    pass


@app.command()
def new(
    study: Annotated[
        str | None, typer.Argument(help="Id of a shipped study to start from, a folder, or a study.toml.")
    ] = None,
    folder: Annotated[Path | None, typer.Argument(help="Where to write study.toml and its tables.")] = None,
    country: Annotated[
        list[str] | None,
        typer.Option(metavar="ISO3", help="A country of your own study, such as NER (repeat for several)."),
    ] = None,
    regions: Annotated[Path | None, typer.Option(metavar="FILE", help="Polygons of your own, with --country.")] = None,
    id_column: Annotated[
        str | None, typer.Option("--id", metavar="COL", help="Column that tells those polygons apart.")
    ] = None,
    name: Annotated[str | None, typer.Option("--name", metavar="COL", help="Column of their names.")] = None,
    iso3: Annotated[
        str | None, typer.Option("--iso3", metavar="COL", help="Column of their countries, where there are several.")
    ] = None,
    example: Annotated[
        str | None, typer.Option(metavar="NAME", help="A made data set in place of STUDY: own-land.")
    ] = None,
) -> None:
    """Start a study of your own: of countries (--country ISO3), from another study, or from a made example.

    With --country or --example FOLDER alone is named. From another study small inputs are copied, large ones are read
    where they lie.
    """
    from homeground.errors import StudyError

    if country:
        if study is None or folder is not None or example is not None:
            raise StudyError(
                "a study of countries needs a folder and no other study: homeground new --country NER FOLDER"
            )
        from homeground.cli.own.from_codes import new_study

        print("\n".join(new_study(country, Path(study), regions, id_column, name, iso3)))
        print(f"Edit {Path(study) / 'study.toml'}, then: {shlex.join(['homeground', 'run', study])}")
        return
    if regions is not None or id_column or name or iso3:
        raise StudyError(
            "--regions, --id, --name and --iso3 go with --country ISO3: say which country the polygons are of."
        )
    if example is not None:
        if study is None or folder is not None:
            raise StudyError("an example needs a folder and no study: homeground new --example own-land FOLDER")
        from homeground.catalogue.examples.own_land import write_example

        written = write_example(example, Path(study))
        print("\n".join(written))
        print(f"Made, not real. Next: homeground run {study}")
        return
    if study is None or folder is None:
        raise StudyError(
            "name a country and a folder: homeground new --country NER FOLDER; or a study to start from: homeground new "
            "STUDY FOLDER; or --example own-land FOLDER."
        )
    from homeground.cli.own.copies import copy_study

    print("\n".join(copy_study(study, folder)))
    print(f"Edit {folder / 'study.toml'}, then: homeground run {folder}")


@app.command()
def template(
    name: Annotated[
        str,
        typer.Argument(
            metavar="NAME",
            help="options, values, population, city_people, access, rights, screening, value_chain, sources, trust_fund, goals, legend, matrix or reference_plots.",
        ),
    ],
    study: Annotated[
        str | None, typer.Argument(metavar="[STUDY]", help="Whose regions a table of people gets a row for.")
    ] = None,
    to: Annotated[Path | None, typer.Option(help="A new file; left out: NAME.csv here.")] = None,
) -> None:
    """A table to fill in, as CSV: what each column means, and the rows that ship with homeground."""
    from homeground.cli.own.template import write_template
    from homeground.study.opening import open_study

    path = write_template(name, to, open_study(study) if study else None)
    print(f"wrote {path}")


@app.command()
def run(
    studies: Annotated[list[str] | None, typer.Argument(metavar="[STUDY]...", help="Ids, folders or files.")] = None,
    every: Annotated[bool, typer.Option("--all", help="All shipped studies.")] = False,
    only: Annotated[list[str] | None, typer.Option(help="Only this stage (repeat for several).")] = None,
    start: Annotated[str | None, typer.Option("--from", help="This stage and those after it.")] = None,
    force: Annotated[bool, typer.Option(help="Run again even what stands.")] = False,
    workers: Annotated[int | None, typer.Option(metavar="N", help="Work through tiles by N processes.")] = None,
    scheduler: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="By the workers of a dask scheduler: tcp://HOST:8786.")
    ] = None,
    scenario: ScenarioOption = None,
    language: LanguageOption = None,
    results: RootOption = Path("results"),
    as_json: JsonOption = False,
) -> None:
    """Run studies: land first, then all that hangs on it. What stands is skipped."""
    from homeground.chain import order
    from homeground.chain import run as chain
    from homeground.chain.commands import command
    from homeground.chain.run import chosen_stages
    from homeground.chain.status import warnings_of
    from homeground.cli.progress import Progress, left_to_run, next_steps
    from homeground.errors import StudyError
    from homeground.study.opening import in_language, open_study, shipped_studies

    names = list(shipped_studies()) if every else list(studies or [])
    if not names or (every and studies):
        raise StudyError("name the studies to run, or give --all for the shipped ones, not both.")
    # A faulty one is told before any runs.
    opened = [(name, in_language(open_study(name, scenario), language)) for name in names]
    many, stages, code = len(names), len(order.stages()), opened[0][1].language
    hands: dict[str, Any] = {"workers": workers, "scheduler": scheduler}
    with Progress(studies=many, stages=stages, as_json=as_json, code=code) as progress:
        for name, study in opened:
            progress.begin(name, study.language)
            folder = chain.run(study, only, start=start, force=force, root=results, on_event=progress.show, **hands)
            warnings = warnings_of(folder, study.language, chosen_stages(only, start))
            listing = command("show", study, "warnings", root=results)
            if len(names) > 1:
                progress.finish(name, folder, warnings, listing)
    if len(names) == 1:
        left = left_to_run(study, results)
        progress.finish(name, folder, warnings, listing, next_steps=next_steps(study, left, results), left=left)


@app.command()
def status(
    study: StudyArgument,
    scenario: ScenarioOption = None,
    language: LanguageOption = None,
    results: RootOption = Path("results"),
    as_json: JsonOption = False,
) -> None:
    """Which steps of a study are done, outdated or not run."""
    from homeground.chain.status import status as steps_of
    from homeground.cli.progress import state_line
    from homeground.study.opening import in_language, open_study

    opened = in_language(open_study(study, scenario), language)
    rows = steps_of(opened, results)
    if as_json:
        _print_json([{"stage": s, "step": t, "state": state, **record} for s, t, state, record in rows])
        return
    for row in rows:
        print(state_line(*row, opened.language))


@app.command()
def show(
    study: StudyArgument,
    stage: Annotated[
        str,
        typer.Argument(help="land, people, evidence, measures, finance, risk, plan, work, rights, chain or warnings."),
    ] = "land",
    why: Annotated[bool, typer.Option(help="Each number back to inputs, source and formula.")] = False,
    by: Annotated[str, typer.Option(help="country or region.")] = "country",
    against: Annotated[
        str | None,
        typer.Option(metavar="OTHER", help="trends-earth: the land beside a job of another tool, rule by rule."),
    ] = None,
    scenario: ScenarioOption = None,
    language: LanguageOption = None,
    results: RootOption = Path("results"),
    as_json: JsonOption = False,
) -> None:
    """The numbers of one stage, by country or by region."""
    from homeground.cli import tables
    from homeground.errors import StudyError
    from homeground.study.opening import in_language, open_study

    if by not in ("country", "region"):
        raise StudyError(f'--by is "{by}"; country or region was expected.')
    opened = in_language(open_study(study, scenario), language)
    if against is not None:
        from homeground.cli.against.show import show_against

        show_against(opened, stage, against, root=results, as_json=as_json)
        return
    if stage == "warnings":
        tables.show_warnings(opened, results, as_json=as_json)
        return
    if stage == "work":
        from homeground.cli.work.tables import show_work

        show_work(opened, by=by, root=results, as_json=as_json)
        return
    if stage == "rights":
        from homeground.cli.rights.tables import show_rights

        show_rights(opened, root=results, as_json=as_json)
        return
    if stage == "chain":
        from homeground.cli.chain.tables import show_chain

        show_chain(opened, root=results, as_json=as_json)
        return
    tables.show(opened, stage, why=why, by=by, root=results, as_json=as_json)


@app.command()
def compare(
    study: StudyArgument,
    a: Annotated[str, typer.Argument(metavar="A", help="A scenario, or base.")],
    b: Annotated[str, typer.Argument(metavar="B", help="Another.")],
    to: Annotated[
        Path | None, typer.Option(help="Folder to write to; left out: compare in the study's results.")
    ] = None,
    language: LanguageOption = None,
    results: RootOption = Path("results"),
    as_json: JsonOption = False,
) -> None:
    """What changed between two scenarios that have run, and by which setting; written as a workbook and a page too."""
    from homeground.cli.compare import show_comparison
    from homeground.study.opening import in_language, open_study

    first, second = (in_language(open_study(study, name), language) for name in (a, b))
    show_comparison(first, second, root=results, to=to, as_json=as_json)


@app.command()
def brief(
    study: StudyArgument,
    language: Annotated[str, typer.Option(help="Language of the brief: en, fr or zh.")] = "en",
    to: Annotated[Path | None, typer.Option(help="Folder to write to; left out: the results folder.")] = None,
    scenario: ScenarioOption = None,
    results: RootOption = Path("results"),
    as_json: JsonOption = False,
) -> None:
    """Write the brief of a study that has run, as PDF and HTML, in one language."""
    from homeground.chain import briefs
    from homeground.study.opening import open_study

    written = briefs.brief(open_study(study, scenario), language, root=results, to=to)
    if as_json:
        _print_json([str(path) for path in written])
    else:
        print("\n".join(f"wrote {path}" for path in written))


@app.command()
def validate(
    study: StudyArgument,
    values: Annotated[
        bool,
        typer.Option("--values", help="Read every value of maps and series too; takes as long as reading them does."),
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Check a study, its tables and all its scenarios; all problems are told at once."""
    from homeground.chain import checks as study_checks
    from homeground.study.opening import open_study

    opened = open_study(study)
    scenarios = study_checks.validate_all(opened, values=values)
    if as_json:
        _print_json({"study": opened.id, "valid": True, "scenarios": scenarios})
    else:
        print(f"{opened.id}: valid; scenarios: {', '.join(scenarios)}")


@app.command()
def schema() -> None:
    """The JSON schema of a study file, for editors."""
    from homeground.study.opening import schema as study_schema

    _print_json(study_schema())


def _print_json(content: Any) -> None:
    from homeground.cli.console import json_text

    print(json_text(content, indent=1))


def main() -> None:
    """Run the command line: one clear message and an exit code, never a traceback."""
    from homeground.cli.console import never_fail, tell_lost

    never_fail()
    try:
        app()
    except HomegroundError as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        sys.exit(error.exit_code)
    except PermissionError as error:
        print(
            f"no right to read or write {error.filename}. Close it in other programs, or ask for the right.",
            file=sys.stderr,
        )
        sys.exit(3)
    except KeyboardInterrupt:
        print("stopped; what was finished stands, run again to go on", file=sys.stderr)
        sys.exit(130)
    except BrokenPipeError:  # the reader of a pipe left, as `| head` does
        sys.stderr.close()
        sys.exit(0)
    finally:
        if not sys.stderr.closed:
            tell_lost()


if __name__ == "__main__":
    main()
