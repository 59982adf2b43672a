# SPDX-License-Identifier: Apache-2.0
"""Farms with and without a programme in the terminal: worth, a day's return, standard tests, draws, upkeep."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from homeground.cli.answer import numbers
from homeground.cli.answers import share
from homeground.cli.console import json_text
from homeground.errors import DataError
from homeground.finance.farm.case import EXAMPLE, FarmCase, farm_case
from homeground.finance.farm.draws import draw_farms
from homeground.finance.farm.given import read_farm_tables
from homeground.finance.farm.model import farm_flows, farm_model
from homeground.finance.farm.sensitivity import farm_sensitivity, farm_switching_values
from homeground.finance.farm.tornado import farm_tornado
from homeground.finance.farm.worth import ALL, appraise_farms
from homeground.finance.valuation import price_year, read_values
from homeground.language.languages import LANGUAGES
from homeground.language.layout import blocks, fill, heading
from homeground.language.messages import phrase
from homeground.numbers.fact import Amount

RATE = 0.06


def show_farms(
    folder: Path | None,
    rates: list[float] | None,
    *,
    first_year: int | None,
    draws: int,
    to: Path | None,
    language: str,
    as_json: bool,
    **options: Any,
) -> None:
    """Print what a programme is worth to farms and to society, and how sure it is; write all tables to a folder."""
    if language not in LANGUAGES:
        raise DataError(f'language is "{language}"; one of {", ".join(LANGUAGES)} was expected.')
    given = read_farm_tables(folder or EXAMPLE)
    start = int(given["adoption"]["year"].min()) if first_year is None else first_year
    budgets, farms, adoption = (given[name] for name in ("budgets", "farms", "adoption"))
    case = farm_case(budgets, farms, adoption, first_year=start, programme=given.get("programme"), **options)
    chosen = list(dict.fromkeys(rates or [RATE]))  # a rate that is named twice is one rate
    tables = {
        "worth": appraise_farms(case, rates=chosen),
        "flows": farm_flows(case),
        "farm_models": farm_model(case),
        "tests": farm_sensitivity(case, rate=chosen[0]),
        "switching_values": farm_switching_values(case, rate=chosen[0]),
        "draws": draw_farms(case, rates=chosen, draws=draws),
        "tornado": farm_tornado(case, rate=chosen[0], draws=draws),
    }
    if to is not None:
        to.mkdir(parents=True, exist_ok=True)
        for name, table in tables.items():
            table.to_csv(to / f"{name}.csv", index=False, encoding="utf-8-sig")
    if as_json:
        told = {name: json.loads(table.to_json(orient="records")) for name, table in tables.items()}
        print(json_text({"made": folder is None, **told}, indent=1))
        return
    if folder is None:
        print(fill(phrase("terminal.farms.example", language)) + "\n")
    print("\n".join(_lines(case, tables, chosen[0], language)))
    for name in tables if to is not None else ():
        print(phrase("terminal.farms.wrote", language, file=str((to or Path()) / f"{name}.csv")))


def _lines(case: FarmCase, tables: dict[str, pd.DataFrame], rate: float, code: str) -> list[str]:
    worth, at = tables["worth"], share(100 * rate)
    lines = [fill(phrase("terminal.farms.title", code, currency=case.currency, year=str(case.price_year))), ""]
    names = [_row_name(row, code) for row in worth.to_dict("records")]
    columns = [
        (heading(phrase("terminal.returns.npv", code)), numbers(worth["npv"], 0, code)),
        (heading(phrase("terminal.returns.bcr", code)), numbers(worth["bcr"], 2, code)),
        (heading(phrase("terminal.farms.irr", code)), numbers(100 * worth["irr"], 1, code)),
        (heading(phrase("terminal.returns.payback", code)), numbers(worth["payback_discounted_years"], 1, code)),
    ]
    lines += blocks(names, columns)
    days = worth[(worth["rate"] == rate) & worth["return_per_day"].notna()]
    if len(days):
        lines += [fill(phrase("terminal.farms.days", code, rate=at)), ""]
        head = [case.currency]
        lines += blocks([str(scope) for scope in days["scope"]], [(head, numbers(days["return_per_day"], 2, code))])
    lines += [fill(phrase("terminal.farms.tests", code, rate=at)), "", *_tests(tables["tests"], code)]
    drawn = tables["draws"][tables["draws"]["rate"] == rate].set_index("view")
    parts = {view: Amount(100 * float(drawn.loc[view, "share_above_zero"]), "%", 0) for view in drawn.index}
    lines.append(fill(phrase("terminal.farms.draws", code, n=int(drawn["draws"].iloc[0]), **parts)))
    lines += _beside(case, worth, rate, code)
    if case.notes:
        known = phrase("terminal.returns.money_real", code, currency="USD", year=str(price_year(read_values())))
        lines.append(fill(phrase("terminal.farms.no_shadow", code, known=known)))
    return [*lines, "", fill(phrase("terminal.farms.mind", code))]


def _row_name(row: dict[Any, Any], code: str) -> str:
    scope = phrase("terminal.farms.programme", code) if row["scope"] == ALL else str(row["scope"])
    view = phrase(f"terminal.farms.{row['view']}", code)
    return phrase("terminal.farms.row", code, scope=scope, view=view, rate=share(100 * row["rate"]))


def _tests(table: pd.DataFrame, code: str) -> list[str]:
    wide = table.pivot_table(index="test", columns="view", values="npv", sort=False, dropna=False)
    first = table.drop_duplicates("test").set_index("test")
    names = [_test_name(str(name), first.loc[str(name)], code) for name in wide.index]
    views = [view for view in ("financial", "economic") if view in wide]
    return blocks(names, [(heading(phrase(f"terminal.farms.{v}", code)), numbers(wide[v], 0, code)) for v in views])


def _test_name(name: str, row: Any, code: str) -> str:
    of = "terminal.farms.test"
    if name.startswith("carbon"):
        return phrase(f"{of}.carbon_{'low' if 'low' in name else 'high'}", code)
    if name.startswith("adoption"):
        return phrase(f"{of}.adoption", code)
    if row["delay"]:
        return phrase(f"{of}.late", code, n=int(row["delay"]))
    dearer, less = round(100 * (row["costs"] - 1)), round(100 * (1 - row["benefits"]))
    if dearer and less:
        return phrase(f"{of}.both", code, share=share(dearer))
    if dearer or less:
        return phrase(f"{of}.{'costs' if dearer else 'benefits'}", code, share=share(dearer or less))
    return phrase(f"{of}.expected", code)


def _beside(case: FarmCase, worth: pd.DataFrame, rate: float, code: str) -> list[str]:
    """Upkeep after the programme with who pays it, and carbon apart."""
    whole = worth[(worth["scope"] == ALL) & (worth["rate"] == rate)].set_index("view")
    amount = Amount(float(whole.loc["financial", "upkeep_after"]), case.currency)  # type: ignore[arg-type]
    payer = phrase("terminal.farms.not_said", code) if case.upkeep_payer == "not said" else case.upkeep_payer
    words: dict[str, Any] = {"year": str(case.last_year), "amount": amount, "rate": share(100 * rate), "payer": payer}
    lines = [fill(phrase("terminal.farms.upkeep", code, **words))]
    ends = [float(whole.loc["economic", f"carbon_shadow_{end}"]) for end in ("low", "high")]  # type: ignore[arg-type]
    if np.isfinite(ends).all() and ends[1] != 0:
        low, high = (Amount(end, case.currency) for end in ends)
        lines.append(fill(phrase("terminal.farms.carbon", code, low=low, high=high)))
    return lines
