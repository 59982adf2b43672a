# SPDX-License-Identifier: Apache-2.0
"""The commands of the accelerator, each in a file of this folder."""

from __future__ import annotations

import typer

from homeground.cli.accelerator.cooperation import cooperation, cop_report
from homeground.cli.accelerator.match import match

accelerator_app = typer.Typer(
    help="What was promised, committed, paid and achieved; who could join whom; what was learnt.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for command in (match, cooperation, cop_report):
    accelerator_app.command(command.__name__.replace("_", "-"))(command)
