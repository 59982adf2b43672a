# SPDX-License-Identifier: Apache-2.0
"""The commands of the accelerator, each in a file of this folder."""

from __future__ import annotations

from collections.abc import Callable

import typer

from homeground.cli.accelerator import registry
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
COMMANDS: dict[str, Callable[..., None]] = {
    "report": report,
    "template": registry.template,
    "validate": registry.validate,
    "init": registry.init,
    "import": registry.import_files,
    "tables": registry.tables,
    "iati": iati,
    "ladder": ladder,
    "sheet": sheet,
    "results": results,
    "review": review,
    "places": places,
    "match": match,
    "cooperation": cooperation,
    "cop-report": cop_report,
    "export": export,
    "audit": registry.audit,
    "undo": registry.undo,
    "backup": registry.backup,
    "restore": registry.restore,
}
for name, command in COMMANDS.items():
    accelerator_app.command(name)(command)
