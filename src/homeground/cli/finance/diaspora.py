# SPDX-License-Identifier: Apache-2.0
"""`homeground finance remittances` and `instruments`: thin commands; what they print is made in tables.py."""

from __future__ import annotations

from typing import Annotated

import typer

from homeground.cli.finance.app import finance_app
from homeground.cli.options import JsonOption, LanguageOption, StudyArgument


@finance_app.command("remittances")
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


@finance_app.command("instruments")
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
