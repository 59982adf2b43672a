# SPDX-License-Identifier: Apache-2.0
"""Commands on worth: what flows return, and what a programme brings to farms and to society."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from homeground.cli.options import JsonOption

RateOption = Annotated[
    list[float] | None, typer.Option("--rate", help="Discount rate as a fraction, such as 0.06 (repeat for several).")
]
WordsOption = Annotated[str, typer.Option("--language", help="en, fr or zh.")]


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


def farms(
    folder: Annotated[
        Path | None,
        typer.Argument(
            metavar="[FOLDER]", help="budgets.csv, farms.csv, adoption.csv, programme.csv; left out: a made example."
        ),
    ] = None,
    first_year: Annotated[int | None, typer.Option(help="Year 0; left out: the first of the adoption.")] = None,
    horizon: Annotated[int, typer.Option(help="Years after it.")] = 20,
    rate: RateOption = None,
    shadow_wage: Annotated[float, typer.Option(help="Worth of work to society beside its wage, 0 to 1.")] = 1.0,
    shadow_exchange: Annotated[float, typer.Option(help="Worth of foreign money beside its official rate.")] = 1.0,
    carbon_contract: Annotated[float, typer.Option(help="Paid for a tonne of CO2e, net of its costs.")] = 0.0,
    access: Annotated[float, typer.Option(help="Share of the farms that can be reached, 0 to 1.")] = 1.0,
    last_year: Annotated[int | None, typer.Option(help="Of the programme; left out: of the adoption.")] = None,
    upkeep_payer: Annotated[str, typer.Option(help="Who pays upkeep after it.")] = "not said",
    draws: Annotated[int, typer.Option(help="How many draws of all ranges, 100 or more.")] = 2000,
    to: Annotated[Path | None, typer.Option(help="Folder to write all tables to, as CSV.")] = None,
    language: WordsOption = "en",
    as_json: JsonOption = False,
) -> None:
    """What a programme brings to farms and to society beside what would be without it, and how sure it is."""
    from homeground.cli.finance.farms import show_farms

    show_farms(
        folder,
        rate,
        first_year=first_year,
        draws=draws,
        to=to,
        language=language,
        as_json=as_json,
        horizon=horizon,
        shadow_wage=shadow_wage,
        shadow_exchange=shadow_exchange,
        carbon_contract=carbon_contract,
        access=access,
        last_year=last_year,
        upkeep_payer=upkeep_payer,
    )
