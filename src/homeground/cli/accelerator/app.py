# SPDX-License-Identifier: Apache-2.0
"""The commands of the accelerator; each file of this folder adds its own to this one app."""

from __future__ import annotations

import typer

from homeground.cli.accelerator import registry

accelerator_app = typer.Typer(
    help="What was promised, committed, paid and achieved; who could join whom; what was learnt.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
accelerator_app.command("init")(registry.init)
accelerator_app.command("template")(registry.template)
accelerator_app.command("validate")(registry.validate)
accelerator_app.command("import")(registry.import_files)
accelerator_app.command("tables")(registry.tables)
accelerator_app.command("audit")(registry.audit)
accelerator_app.command("undo")(registry.undo)
accelerator_app.command("backup")(registry.backup)
accelerator_app.command("restore")(registry.restore)
