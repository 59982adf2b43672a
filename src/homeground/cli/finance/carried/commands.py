# SPDX-License-Identifier: Apache-2.0
"""`homeground finance trust-fund` and `diaspora`: thin commands; what they show is made in the files beside."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from homeground.cli.finance.proposal import DayOption
from homeground.cli.options import JsonOption, LanguageOption, RootOption, ScenarioOption, StudyArgument

SheetOption = Annotated[
    Path | None,
    typer.Option("--to", metavar="FOLDER", help="Also write a sheet (PDF, HTML) and its tables (CSV) here."),
]


def trust_fund(
    study: StudyArgument,
    default: Annotated[
        float | None, typer.Option(help="Part of loans that fails each year, in place of that of trust_fund.csv.")
    ] = None,
    to: SheetOption = None,
    language: LanguageOption = None,
    on: DayOption = None,
    scenario: ScenarioOption = None,
    results: RootOption = Path("results"),
    as_json: JsonOption = False,
) -> None:
    """A trust fund over the plan of a study that has run: what comes in, what each tranche gets, what is lost, by date."""
    from homeground.cli.finance.carried.tables import show_trust_fund
    from homeground.study.opening import in_language, open_study

    opened = in_language(open_study(study, scenario), language)
    show_trust_fund(opened, default=default, to=to, on=on, root=results, as_json=as_json)


def diaspora(
    study: StudyArgument,
    instrument: Annotated[
        str, typer.Option(help="Whose gate is shown, such as project_bond or crowd_lending.")
    ] = "project_bond",
    signed: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Table of what persons have signed, by role and day.")
    ] = None,
    uptake: Annotated[
        float | None, typer.Option(help="Fraction of what is left over in rural areas that people would invest.")
    ] = None,
    rural: Annotated[float | None, typer.Option(help="Fraction of remittances that goes to rural areas.")] = None,
    default: Annotated[float | None, typer.Option(help="Fraction of the money invested that fails.")] = None,
    to: SheetOption = None,
    language: LanguageOption = None,
    on: DayOption = None,
    scenario: ScenarioOption = None,
    results: RootOption = Path("results"),
    as_json: JsonOption = False,
) -> None:
    """What diaspora money could carry of the plan of a study that has run: at which return and risk, and where it may be asked."""
    from homeground.cli.finance.carried.tables import show_diaspora
    from homeground.study.opening import in_language, open_study

    opened = in_language(open_study(study, scenario), language)
    shares = {"uptake": uptake, "rural": rural, "default": default}
    show_diaspora(opened, instrument, signed, shares=shares, to=to, on=on, root=results, as_json=as_json)
