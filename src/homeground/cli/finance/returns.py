# SPDX-License-Identifier: Apache-2.0
"""Returns of a table of flows in the terminal."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from homeground.cli.answer import numbers
from homeground.cli.answers import share
from homeground.cli.console import json_text
from homeground.errors import DataError
from homeground.finance.appraisal import RATES
from homeground.finance.dated import dated_rates, xnpv
from homeground.finance.flows.file import GivenFlows, read_flows
from homeground.finance.flows.money import MoneyRow
from homeground.finance.internal_rates import InternalRates, internal_rates
from homeground.finance.returns import annuity, benefit_cost_ratio, mirr, npv, payback
from homeground.language.languages import LANGUAGES
from homeground.language.layout import blocks, fill, heading
from homeground.language.messages import phrase
from homeground.language.quantities import quantity
from homeground.language.wording import named
from homeground.numbers.fact import Amount


def show_returns(
    file: Path,
    rates: list[float] | None,
    finance_rate: float | None,
    reinvest_rate: float | None,
    *,
    language: str,
    as_json: bool,
) -> None:
    """Print what the flows of a file return, at each rate."""
    if language not in LANGUAGES:
        raise DataError(f'language is "{language}"; one of {", ".join(LANGUAGES)} was expected.')
    given = read_flows(file)
    rows = [_row(given, rate, finance_rate, reinvest_rate) for rate in dict.fromkeys(rates or RATES)]
    found = dated_rates(given.flows, given.when) if given.dated else internal_rates(given.flows)
    if as_json:
        money = given.money
        told = {
            "flows": dict(zip(given.when, given.flows.tolist(), strict=True)),
            "money": None if money is None else {name: getattr(money, name) for name in ("currency", "terms", "price_year")},
            "internal_rates": list(found.roots),
            "internal_rates_reason": found.reason,
            "at_rates": [{name: value if value == value else None for name, value in row.items()} for row in rows],  # noqa: PLR0124
        }  # fmt: skip
        print(json_text(told, indent=1))
        return
    print("\n".join(_lines(file, given, rows, found, language)))


def _row(given: GivenFlows, rate: float, finance_rate: float | None, reinvest_rate: float | None) -> dict[str, float]:
    """What the flows are worth at one rate; by date only what has a meaning there."""
    row = {"rate": rate}
    if given.dated:
        row["npv"] = xnpv(rate, given.flows, given.when)
        if given.benefits is not None and given.costs is not None:
            below = xnpv(rate, given.costs, given.when)
            row["bcr"] = xnpv(rate, given.benefits, given.when) / below if below > 0 else float("nan")
        return row
    row["npv"] = npv(rate, given.flows)
    if given.benefits is not None and given.costs is not None:
        some = bool((given.costs > 0).any())
        row["bcr"] = benefit_cost_ratio(given.benefits, given.costs, rate) if some else float("nan")
    row["yearly"] = row["npv"] / annuity(rate, len(given.flows) - 1)
    row["payback"] = payback(given.flows, rate)
    costs, gains = (rate if one is None else one for one in (finance_rate, reinvest_rate))
    row["mirr"] = mirr(given.flows, costs, gains)
    return row


def _lines(file: Path, given: GivenFlows, rows: list[dict[str, float]], found: InternalRates, code: str) -> list[str]:
    by = "date" if given.dated else "year"
    ends = {"first": given.when[0], "last": given.when[-1]}
    title = phrase(
        f"terminal.returns.title_{by}", code, file=file.name, n=len(given.when), money=_money(given.money, code), **ends
    )
    columns = []
    for name, scale, decimals in (("npv", 1, 2), ("bcr", 1, 2), ("yearly", 1, 2), ("payback", 1, 1), ("mirr", 100, 2)):
        if name in rows[0]:
            cells = numbers([scale * row[name] for row in rows], decimals, code)
            columns.append((heading(phrase(f"terminal.returns.{name}", code)), cells))
    names = [phrase("terminal.returns.at", code, rate=share(100 * row["rate"])) for row in rows]
    lines = [fill(title), "", *blocks(names, columns), fill(_internal(found, code))]
    if len(found.roots) > 1:
        lines.append(fill(phrase("terminal.returns.several", code)))
    return [*lines, "", fill(phrase(f"terminal.returns.mind_{by}", code))]


def _money(money: MoneyRow | None, code: str) -> str:
    if money is None:
        return phrase("terminal.returns.money_none", code)
    words: dict[str, Any] = {"currency": money.currency}
    if money.terms == "real":
        words["year"] = str(money.price_year)
    return phrase(f"terminal.returns.money_{money.terms}", code, **words)


def _internal(found: InternalRates, code: str) -> str:
    if found.roots:
        return phrase("terminal.returns.rates", code, rates=[_percent(rate, code) for rate in found.roots])
    reason = named("irr", re.sub(r"[-\d.]*\d", "", found.reason), code)
    return phrase("terminal.returns.none", code, reason=reason)


def _percent(rate: float, code: str) -> str:
    return quantity(Amount(100 * rate, "%", 2), code)[0]
