# SPDX-License-Identifier: Apache-2.0
"""The commands of finance, each in a file of this folder."""

from __future__ import annotations

from collections.abc import Callable

import typer

from homeground.cli.finance.carried.commands import diaspora, trust_fund
from homeground.cli.finance.choice import choice, funnel, survey_app
from homeground.cli.finance.diaspora import instruments, remittances, structure
from homeground.cli.finance.proposal import pilot, protection
from homeground.cli.finance.worth import farms, returns

finance_app = typer.Typer(
    help="What comes back, who could pay, by which instrument; migrants' own money stands apart.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
COMMANDS: dict[str, Callable[..., None]] = {
    "returns": returns,
    "farms": farms,
    "remittances": remittances,
    "instruments": instruments,
    "structure": structure,
    "trust-fund": trust_fund,
    "diaspora": diaspora,
    "choice": choice,
    "funnel": funnel,
    "protection": protection,
    "pilot": pilot,
}
for name, command in COMMANDS.items():
    finance_app.command(name)(command)
finance_app.add_typer(survey_app, name="survey")
