# SPDX-License-Identifier: Apache-2.0
"""The commands of the accelerator, each in a file of this folder."""

from __future__ import annotations

import typer

from homeground.cli.accelerator.cooperation import cooperation, cop_report
from homeground.cli.accelerator.iati import iati
from homeground.cli.accelerator.ladder import ladder, report, sheet
from homeground.cli.accelerator.match import match
from homeground.cli.accelerator.results import export, places, results, review

accelerator_app = typer.Typer(
    help="What was promised, committed, paid and achieved; who could join whom; what was learnt.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for command in (cooperation, cop_report, iati, ladder, report, sheet, match, export, places, results, review):
    accelerator_app.command(command.__name__.strip("_").replace("_", "-"))(command)
