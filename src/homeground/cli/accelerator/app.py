# SPDX-License-Identifier: Apache-2.0
"""The commands of the accelerator; each file of this folder adds its own to this one app."""

from __future__ import annotations

import typer

accelerator_app = typer.Typer(
    help="What was promised, committed, paid and achieved; who could join whom; what was learnt.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

from homeground.cli.accelerator import registry  # noqa: E402, F401
