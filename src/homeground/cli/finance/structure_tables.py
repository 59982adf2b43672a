# SPDX-License-Identifier: Apache-2.0
"""The mix of sources of a plan in the terminal."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd

from homeground.cli.answer import numbers, spans, word
from homeground.cli.console import json_text
from homeground.cli.finance.flows import flows_of
from homeground.finance.structure.incentives import what_incentives_buy
from homeground.finance.structure.least_public import structure
from homeground.finance.structure.reading import read_sources
from homeground.finance.structure.sources_of_money import plan_flows
from homeground.finance.structure.stress import under_stress
from homeground.finance.structure.words import limits_in_words
from homeground.language.figures import write_number
from homeground.language.layout import blocks, fill, heading
from homeground.language.messages import phrase
from homeground.study.model import Study


def show_structure(
    study: Study,
    sources: Path,
    *,
    captured: float,
    upkeep: float,
    public_rate: float,
    dscr: float,
    incentive_to: str | None,
    income: float,
    root: Path,
    as_json: bool,
) -> None:
    """Print the mix with the least public money, what its limits cost, and what incentives would buy."""
    flows = flows_of(study, root)
    plan, given, code = plan_flows(flows, captured=captured, upkeep=upkeep), read_sources(sources), study.language
    found = structure(plan, given, public_rate=public_rate, dscr=dscr)
    bought = None
    if incentive_to is not None:
        bought = what_incentives_buy(plan, given, to=incentive_to, public_rate=public_rate, dscr=dscr)
    stressed = under_stress(found, plan, given, income=income)
    money = found.public_money
    if as_json:
        content: dict[str, Any] = {
            "public_money": money.amount, "currency": money.currency, "price_year": money.price_year,
            "mix": _records(found.mix), "schedule": _records(found.schedule), "limits": _records(found.limits),
            "stress": {"income": income, "sources": _records(stressed)},
            "incentives": [] if bought is None else _records(bought),
        }  # fmt: skip
        print(json_text(content, indent=1))
        return
    million = write_number(money.amount / 1e6, 2, code)
    said = {"amount": million, "currency": money.currency, "year": str(money.price_year)}
    print(fill(phrase("finance.structure.title", code, **said)) + "\n")
    mix = found.mix
    columns = [
        (heading(phrase("finance.structure.kind", code)), [word("finance.kind", str(x), code) for x in mix["kind"]]),
        (heading(phrase("finance.structure.drawn", code)), numbers(mix["drawn"] / 1e6, 2, code)),
        (heading(phrase("finance.structure.share", code)), numbers(100 * mix["share"], 1, code)),
        (heading(phrase("finance.structure.back", code)), numbers(mix["paid_back"] / 1e6, 2, code)),
        (heading(phrase("finance.structure.hurdle_rate", code)), _asked(mix["hurdle"], code)),
    ]
    print("\n".join(blocks(list(mix["source"]), columns)))
    for sentence in limits_in_words(found, code):
        print(fill(sentence, first="- ", rest="  "))
    _stress(stressed, income, code)
    if bought is not None:
        _incentives(bought, code)
    print("\n" + fill(phrase("finance.structure.mind", code)) + "\n")


def _stress(table: pd.DataFrame, income: float, code: str) -> None:
    print("\n" + fill(phrase("finance.structure.stress", code, income=write_number(100 * income, 0, code))) + "\n")
    columns = [
        (heading(phrase("finance.structure.due", code)), numbers(table["due"] / 1e6, 2, code)),
        (heading(phrase("finance.structure.short", code)), numbers(table["short"] / 1e6, 2, code)),
        (heading(phrase("finance.structure.hurdle_rate", code)), _asked(table["hurdle"], code)),
        (heading(phrase("finance.structure.reached", code)), _asked(table["return"], code)),
    ]
    names = [name or phrase("finance.structure.costs_row", code) for name in table["source"]]
    print("\n".join(blocks(names, columns)))


def _asked(hurdles: pd.Series[float], code: str) -> list[str]:
    return ["" if pd.isna(x) else write_number(100 * x, 2, code) for x in hurdles]


def _incentives(bought: pd.DataFrame, code: str) -> None:
    print("\n" + fill(phrase("finance.structure.incentives", code)) + "\n")
    columns = [
        (heading(phrase("finance.structure.saves", code)), numbers(bought["saves"] / 1e6, 2, code)),
        ([phrase("terminal.low_to_high", code)], spans(bought["saves_low"] / 1e6, bought["saves_high"] / 1e6, 2, code)),
        (heading(phrase("finance.structure.costs", code)), numbers(bought["costs"] / 1e6, 2, code)),
        (
            heading(phrase("finance.structure.basis", code)),
            [word("finance.basis", str(x), code) for x in bought["basis"]],
        ),
    ]
    names = [word("finance.incentive", str(x), code) for x in bought["incentive"]]
    print("\n".join(blocks(names, columns, ends=phrase("terminal.low_to_high", code))))


def _records(table: pd.DataFrame) -> Any:
    return json.loads(table.to_json(orient="records"))
