# SPDX-License-Identifier: Apache-2.0
"""What choice cards and the client funnel tell, in the terminal."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

import pandas as pd

from homeground.cli.answer import number
from homeground.cli.console import json_text
from homeground.finance.choice.attributes import NONE, PRICE, Attribute, shipped_attributes
from homeground.finance.choice.model import OTHERS, ChoiceModel
from homeground.language.languages import language
from homeground.language.layout import blocks, fill, heading
from homeground.language.messages import phrase, write_range
from homeground.numbers.disclosure import Protection

Columns = list[tuple[list[str], list[str]]]
SPREAD = "sd of "


def show_choice(found: ChoiceModel, code: str, *, as_json: bool) -> None:
    """Print weights, worth, and what people say beside what they may do."""
    if as_json:
        content = {
            "facts": dict(found.facts),
            "coefficients": _records(found.coefficients),
            "worth": _records(found.worth),
            "uptake": _records(found.uptake),
            "segments": _records(found.segments),
            "warnings": list(found.warnings),
            "protection": asdict(found.protection),
        }
        print(json_text(content, indent=1))
        return
    code, facts = language(code).code, found.facts
    model = phrase(f"choice.model.{facts['model']}", code)
    print(fill(phrase("choice.title", code)))
    counts = {"people": number(facts["people"], 0, code), "cards": str(facts["cards_each"])}
    print(fill(phrase("choice.people", code, **counts, model=model)) + "\n")
    _print_terms(found, code)
    if facts["price"] == PRICE:
        print(fill(phrase("choice.worth_mind", code)) + "\n")
    _print_said(found, code)
    for warning in found.warnings:
        rule = str(facts["rule_of_johnson_and_orme"])
        words = {"rule": rule} if warning == "below_rule" else {}
        print(fill(phrase(f"choice.warning.{warning}", code, **words)))
    print(fill(phrase("choice.mind", code)))


def show_funnel(funnel: pd.DataFrame, record: Protection, code: str, *, as_json: bool) -> None:
    """Print the steps of each segment."""
    if as_json:
        print(json_text({"funnel": _records(funnel), "protection": asdict(record)}, indent=1))
        return
    code = language(code).code
    print(fill(phrase("choice.funnel.title", code)) + "\n")
    for segment, rows in funnel.groupby("segment", sort=False):
        print(str(segment))
        steps = [phrase(f"choice.funnel.{step}", code) for step in rows["step"]]
        columns: Columns = [(heading(phrase("choice.head.people", code)), [_count(n, code) for n in rows["people"]])]
        for name in ("share", "through"):
            head = phrase("choice.funnel.step" if name == "share" else "choice.funnel.through", code)
            columns.append((heading(head), ["", *(_percent(value, code) for value in rows[name].iloc[1:])]))
            columns.append(([phrase("terminal.low_to_high", code)], _ends(rows, name, code)))
        print("\n".join(blocks(steps, columns, ends=phrase("terminal.low_to_high", code))))
    print(fill(phrase("choice.funnel.mind", code)))


def _print_terms(found: ChoiceModel, code: str) -> None:
    weights = found.coefficients.set_index("term")
    worth = found.worth.set_index("term")
    gain = bool(found.facts["gain"]) and found.facts["price"] == PRICE
    for term in (name for name in weights.index if not name.startswith(SPREAD)):
        print(fill(_words(term, found.attributes, code), first="- ", rest="  "))
        lines = [phrase("choice.weight", code, **_three(weights.loc[term], "mean", 2, code))]
        if SPREAD + term in weights.index:
            lines.append(phrase("choice.spread", code, **_three(weights.loc[SPREAD + term], "mean", 2, code)))
        if term in worth.index and bool(worth["low"].notna()[term]):
            price = {} if gain else {"price": str(found.facts["price"])}
            words = _three(worth.loc[term], "worth", 1, code)
            lines.append(phrase("choice.worth.points" if gain else "choice.worth.price", code, **words, **price))
        print("\n".join(fill(line, first="    ", rest="    ") for line in lines))
    print()


def _print_said(found: ChoiceModel, code: str) -> None:
    facts = found.facts
    if len(found.uptake):
        row = found.uptake.iloc[0]
        words = {name: _percent(row[name], code) for name in ("stated", "actual_low", "actual_high")}
        kind = phrase(f"choice.factor.{facts['factor_kind']}", code)
        low, high = (number(end, 2, code) for end in facts["factor"])
        print(fill(phrase("choice.said", code, **words, low=low, high=high, kind=kind)) + "\n")
    table = found.segments
    if len(table) < 2:
        return
    named = {"all": "choice.all", OTHERS: "choice.others"}
    rows = [phrase(named[one], code) if one in named else str(one) for one in table["segment"]]
    people = [_count(n, code) for n in table["people"]]
    columns: Columns = [(heading(phrase("choice.head.people", code)), people)]
    if len(found.uptake):
        columns.append((heading(phrase("choice.head.stated", code)), [_percent(one, code) for one in table["stated"]]))
        columns.append((heading(phrase("choice.head.actual", code)), _ends(table, "actual", code)))
    columns.append((heading(phrase("choice.head.weight", code)), [number(one, 2, code) for one in table["weight"]]))
    print(fill(phrase("choice.segments", code)) + "\n")
    print("\n".join(blocks(rows, columns, ends=phrase("terminal.low_to_high", code))))


def _words(term: str, attributes: tuple[Attribute, ...], code: str) -> str:
    """A term in words; of attributes that are not shipped, their own names."""
    if term == NONE:
        return phrase("choice.none", code)
    name, _, level = term.partition("=")
    one = next(one for one in attributes if one.name == name)
    titles, levels = shipped_attributes()
    shipped = titles.set_index("attribute")[code]
    title = str(shipped.get(name, name))
    if one.numeric:
        per = "points" if one.factor != 1.0 else "years" if one.unit == "years" else "one"
        return phrase(f"choice.more.{per}", code, attribute=title)
    words = {str(row.level): str(getattr(row, code)) for row in levels[levels["attribute"] == name].itertuples()}
    said = phrase("choice.level", code, attribute=title, level=words.get(level, level))
    instead = phrase("choice.instead", code, reference=words.get(one.reference, one.reference))
    return f"{said}（{instead}）" if code == "zh" else f"{said} ({instead})"


def _three(row: pd.Series, middle: str, decimals: int, code: str) -> dict[str, str]:
    return {middle: number(row[middle], decimals, code)} | {
        end: number(row[end], decimals, code) for end in ("low", "high")
    }


def _percent(share: float, code: str) -> str:
    return number(100 * share, 1, code)


def _count(people: Any, code: str) -> str:
    return phrase("choice.hidden", code) if pd.isna(people) else number(int(people), 0, code)


def _ends(rows: pd.DataFrame, name: str, code: str) -> list[str]:
    ends = zip(rows[f"{name}_low"], rows[f"{name}_high"], strict=True)
    return [write_range(100 * low, 100 * high, 1, code) if pd.notna(low) else "" for low, high in ends]


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(table.to_json(orient="records"))
    return found
