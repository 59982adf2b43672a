# SPDX-License-Identifier: Apache-2.0
"""The plan in the terminal: land and money by measure and country, the price of each rule, the recheck."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from homeground.brief.sections.beside import beyond
from homeground.chain import results as reading
from homeground.chain.commands import command
from homeground.cli.answer import numbers, spans, unit, word
from homeground.cli.console import json_text
from homeground.cli.plan.trail_rows import trail_rows
from homeground.language.figures import write_number
from homeground.language.layout import blocks, fill, ljust, width
from homeground.language.messages import phrase, words_or_id
from homeground.language.wording import translation
from homeground.measures.finding import gap_share
from homeground.measures.planning.objective import OBJECTIVES
from homeground.numbers.fact import Amount
from homeground.running.findings import reason
from homeground.study.model import Study

if TYPE_CHECKING:
    import pandas as pd

QUALITY = (1, 5)  # of options: the best, and expert defaults


def show_plan(study: Study, *, why: bool, root: Path, as_json: bool) -> None:
    """Print the plan, and with ``why`` the options and sources that it rests on."""
    found, code = reading.show_plan(study, root), study.language
    facts = found.pop("facts")
    if as_json:
        tables = {name: json.loads(table.to_json(orient="records")) for name, table in found.items()}
        print(json_text({"facts": facts, **tables}, indent=1))
        return
    if not facts["planned"]:
        print(fill(phrase("finding.measures.none", code, reason=reason(facts["reason"]))))
        print(phrase("terminal.plan.fits", code, command=command("show", study, "measures", root=root)))
        return
    measures = [word("measure", name, code) for name in found["by_measure"]["measure"]]
    for names, table in ((measures, found["by_measure"]), (list(found["by_country"]["iso3"]), found["by_country"])):
        print("\n".join(blocks(names, _columns(table, code))))
    gain, bound, gap = (
        write_number(facts["objective"], 0, code),
        write_number(facts["bound"], 0, code),
        gap_share(facts["gap"]),
    )
    if facts["objective_unit"] == OBJECTIVES["restored"]:
        print(phrase("terminal.plan.objective", code, n=gain))
        print(phrase("terminal.plan.bound" if gap.value else "terminal.plan.proven", code, n=bound, gap=gap))
    else:
        print(phrase("terminal.plan.objective_of", code, n=gain, unit=facts["objective_unit"]))
    weighted = "" if facts["objective_unit"] == OBJECTIVES["restored"] else "_gain"
    print("\n" + phrase(f"terminal.plan.prices{weighted}", code))
    low_ends, high_ends = beyond.money_range(found["prices"])
    priced = found["prices"].assign(low=low_ends, high=high_ends)
    for row in priced.dropna(subset=["objective_lost"]).itertuples():
        lost, share = write_number(row.objective_lost, 0, code), Amount(100 * row.lost_share, "%", 2)
        rule, where = word("rule", row.rule, code), _where(row.where, code)
        words: dict[str, Any] = {"rule": rule, "where": where, "n": lost, "share": share}
        if row.money_lost == row.money_lost:  # NaN is not itself
            low, high = (None if end != end else float(end) for end in (row.low, row.high))  # noqa: PLR0124
            money = Amount(float(row.money_lost), facts["currency"], low=low, high=high, kind="modelled")
            print(fill(phrase("terminal.plan.price_money", code, money=money, **words), first="  ", rest="    "))
        else:
            print("  " + phrase("terminal.plan.price", code, **words))
    for said in beyond.sayings(facts, found["prices"], code):
        print(fill(phrase(said.message, code, **said.words)))
    print("\n" + phrase("terminal.plan.checks", code))
    verdicts = {kept: phrase(f"terminal.plan.{'kept' if kept else 'broken'}", code) for kept in (True, False)}
    size = max(map(width, verdicts.values()))
    for row in found["checks"].itertuples():
        first = f"  {ljust(verdicts[bool(row.kept)], size)} "
        text = f"{word('rule', row.rule, code)} {_where(row.where, code)}"
        print(fill(text, first=first, rest=" " * (size + 3)))
    if why:
        _why(study, found["rates"], facts, code)
    else:
        again = command("show", study, "plan", "--why", root=root)
        print("\n" + phrase("terminal.plan.rests", code, command=again))


def _columns(table: pd.DataFrame, code: str) -> list[tuple[list[str], list[str]]]:
    low, high = table["cost_usd_low"] / 1e6, table["cost_usd_high"] / 1e6
    return [
        ([phrase("terminal.plan.hectares", code)], numbers(table["hectares"], 0, code)),
        ([unit("million USD", code)], numbers(table["cost_usd"] / 1e6, 1, code)),
        ([phrase("terminal.low_to_high", code)], spans(low, high, 0, code)),
    ]


def _where(where: str, code: str) -> str:
    return phrase("terminal.everywhere", code) if where == "all" else where


def _source(text: str, code: str) -> str:
    """Who set a budget or a rule; that nobody did is homeground's own word."""
    return translation(text, "terminal.illustrative.", code) or words_or_id(text, code)


def _why(study: Study, rates: pd.DataFrame, facts: dict[str, Any], code: str) -> None:
    print("\n" + phrase("terminal.plan.notes", code))
    sources = [
        phrase(f"terminal.plan.{name}", code, source=_source(facts[name], code))
        for name in ("budget_source", "rules_source")
    ]
    for note in (*facts["notes"], *sources):
        print(fill(note, 78, first="  - ", rest="    "))
    best, worst = QUALITY
    print("\n" + fill(phrase("terminal.plan.trail", code, best=best, worst=worst)))
    print("\n".join(trail_rows(rates, code)))
    if study.data.options:
        print(phrase("terminal.plan.own", code, file=study.data.options))
