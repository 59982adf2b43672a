# SPDX-License-Identifier: Apache-2.0
"""The commands of finance; each file of this folder has its own, called from here."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from homeground.cli.options import JsonOption

finance_app = typer.Typer(
    help="Returns of flows, farms with and without a programme, and who pays.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

RateOption = Annotated[
    list[float] | None, typer.Option("--rate", help="Discount rate as a fraction, such as 0.06 (repeat for several).")
]
WordsOption = Annotated[str, typer.Option("--language", help="en, fr or zh.")]


@finance_app.callback()
def _whole() -> None:
    pass


@finance_app.command("returns")
def returns(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="CSV or workbook: year or date; flow, or benefit and cost.")
    ],
    rate: RateOption = None,
    finance_rate: Annotated[
        float | None, typer.Option(help="What money for costs costs, a fraction; left out: the discount rate.")
    ] = None,
    reinvest_rate: Annotated[
        float | None, typer.Option(help="What gains earn until the end, a fraction; left out: the discount rate.")
    ] = None,
    language: WordsOption = "en",
    as_json: JsonOption = False,
) -> None:
    """What a table of flows returns: present value, all internal rates or why there is none, payback."""
    from homeground.cli.finance.returns import show_returns

    show_returns(file, rate, finance_rate, reinvest_rate, language=language, as_json=as_json)
