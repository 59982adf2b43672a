# SPDX-License-Identifier: Apache-2.0
"""The commands of finance; each file of this folder adds its own to this one app."""

from __future__ import annotations

import typer

finance_app = typer.Typer(
    help="Who could pay, by which instrument, and what comes back; migrants' own money stands apart.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
