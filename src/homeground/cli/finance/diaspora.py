# SPDX-License-Identifier: Apache-2.0
"""`homeground finance remittances`, `instruments` and `structure`: thin commands; tables are made in the files beside."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from homeground.cli.options import JsonOption, LanguageOption, RootOption, StudyArgument


def remittances(
    study: StudyArgument,
    falls: Annotated[
        list[str] | None,
        typer.Option("--fall", help="A sending country sends less: RUS=0.3 is 30 % less. May be given several times."),
    ] = None,
    uptake: Annotated[
        float | None, typer.Option(help="Fraction of what is left over in rural areas that people would invest.")
    ] = None,
    rural: Annotated[float | None, typer.Option(help="Fraction of remittances that goes to rural areas.")] = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """What migrants send, what sending costs, what could be invested in land, and at which risk; a bar of its own."""
    from homeground.cli.finance.tables import show_remittances
    from homeground.study.opening import in_language, open_study

    opened = in_language(open_study(study), language)
    show_remittances(opened, falls=falls or [], uptake=uptake, rural=rural, as_json=as_json)


def instruments(
    name: Annotated[str | None, typer.Argument(help="One that was tried, such as nigeria-2017; left out: all.")] = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Instruments that were tried, what became of each, and who pays whom on which day."""
    from homeground.cli.finance.tables import show_instrument, show_instruments

    code = language or "en"
    if name is None:
        show_instruments(code, as_json=as_json)
    else:
        show_instrument(name, code, as_json=as_json)


def structure(
    study: StudyArgument,
    sources: Annotated[
        Path, typer.Option(help="CSV of what there is: name, kind, most, hurdle, until, grace, first, last.")
    ],
    captured: Annotated[
        float,
        typer.Option(help="Fraction of farm benefits that comes back to pay investors; land users keep the rest."),
    ],
    upkeep: Annotated[
        float, typer.Option(help="Fraction of upkeep paid from the sources; land users bear the rest.")
    ] = 1.0,
    public_rate: Annotated[float, typer.Option(help="Rate at which public money is counted, net of inflation.")] = 0.05,
    dscr: Annotated[float, typer.Option(help="Income less upkeep over what lenders are paid, at the least.")] = 1.2,
    incentive_to: Annotated[
        str | None, typer.Option(help="Also show what each incentive to this source's investors would buy.")
    ] = None,
    income: Annotated[
        float, typer.Option(help="Show also what investors get if only this fraction of the income comes.")
    ] = 0.8,
    results: RootOption = Path("results"),
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """The mix of sources that pays the study's plan with the least public money, and what each limit costs."""
    from homeground.cli.finance.structure_tables import show_structure
    from homeground.study.opening import in_language, open_study

    show_structure(
        in_language(open_study(study), language),
        sources,
        captured=captured,
        upkeep=upkeep,
        public_rate=public_rate,
        dscr=dscr,
        incentive_to=incentive_to,
        income=income,
        root=results,
        as_json=as_json,
    )
