# SPDX-License-Identifier: Apache-2.0
"""The money in the terminal, at 80 columns, and as JSON."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from typing import Any

import pandas as pd

from homeground.accelerator.answer.great_green_wall import FirstAnswer
from homeground.accelerator.ladder.finance_ladder import Ladder
from homeground.accelerator.ladder.rows import STEPS
from homeground.numbers.money import from_minor

WIDE = 80


def first_answer_text(answer: FirstAnswer) -> str:
    """The first answer as text."""
    lines = ["Great Green Wall: the money, from public figures", "", "Pledges of named donors"]
    for row in answer.pledges.to_dict("records"):
        lines += _entry(f"  {row['donor']}", _amount(row["value"], row["unit"]), _behind(row))
    lines += ["", "What is known of each step"]
    for step in STEPS:
        lines.append(f"  {step}")
        for row in answer.steps[answer.steps["step"] == step].to_dict("records"):
            if row["kind"] == "not published":
                lines += _wrapped(f"not published: {row['note']}", 4)
            else:
                lines += _entry(f"    {row['kind']}", _amount(row["value"], row["unit"]), _behind(row))
    lines += ["", "Said differently by different sources"]
    for claim, group in answer.claims.groupby("claim", sort=False):
        lines.append(f"  {claim}")
        for row in group.to_dict("records"):
            lines += _entry(f"    {row['reading']}", _amount(row["value"], row["unit"]), _behind(row))
            if not pd.isna(row["low"]):
                lines.append(f"      {_amount(row['low'], row['unit'])} to {_amount(row['high'], row['unit'])}")
    lines += ["", "What does not fit"]
    for notice in answer.notices:
        lines += _wrapped(f"{notice.message} {notice.fix}", 2, "- ")
    lines += ["", "What nobody published"]
    for row in answer.not_published.to_dict("records"):
        lines += _wrapped(row["en"], 2, "- ")
    lines += _wrapped("Ask: " + "; ".join(dict.fromkeys(answer.not_published["ask"])) + ".", 2)
    lines += _wrapped("The empty form: homeground accelerator report great-green-wall --form FILE.csv", 2)
    return "\n".join(lines)


def first_answer_json(answer: FirstAnswer) -> dict[str, Any]:
    """The first answer for machines; what is missing is null."""
    parts = {name: _records(getattr(answer, name)) for name in ("pledges", "steps", "claims", "not_published")}
    return {**parts, "notices": [vars(notice) for notice in answer.notices]}


def ladder_text(ladder: Ladder, *, rows: bool = False) -> str:
    """The ladder as text."""
    lines: list[str] = []
    for currency, steps in ladder.steps.groupby("currency", observed=True, sort=True):
        lines += [f"{currency}, whole units; every sum counted once", ""]
        lines.append(f"  {'step':<11}{'counted':>20}{'told twice':>16}{'suspended':>15}{'cancelled':>15}")
        told = {str(row["step"]): row for row in steps.to_dict("records")}
        for step in STEPS:
            if (row := told.get(step)) is None:
                lines.append(f"  {step:<11}{'nobody told':>20}")
                continue
            twice = row["linked_minor"] + row["levels_minor"] + row["overlap_minor"]
            parts = (twice, row["suspended_minor"], row["cancelled_minor"])
            widths = (16, 15, 15)
            cells = "".join(f"{_whole(p, str(currency)):>{w}}" for p, w in zip(parts, widths, strict=True))
            lines.append(f"  {step:<11}{_whole(row['amount_minor'], str(currency)):>20}{cells}")
            lines += _of_it(row, str(currency))
        lines.append("")
    if ladder.steps.empty:
        lines.append("No row of these tables stands on a step of the ladder.")
    for row in ladder.cells.to_dict("records") if ladder.by else []:
        where = " · ".join(_named(row, key) for key in ladder.by)
        amount = f"{_whole(row['amount_minor'], str(row['currency']))} {row['currency']}"
        lines.append(f"  {where[:40]:<40} {row['step']:<11}{amount:>26}")
        if "instruments" in row and "," in str(row["instruments"]):
            lines.append(f"    sums {row['instruments']}")
    if "amount_usd_minor" in ladder.steps and len(ladder.steps):
        lines += ["", "In US dollars, at the rates given"]
        for row in ladder.steps.to_dict("records"):
            known = not pd.isna(row["amount_usd_minor"])
            said = _whole(int(row["amount_usd_minor"]), "USD") if known else "not all converted"
            lines.append(f"  {row['currency']}  {row['step']:<11}{said:>26}")
    for row in ladder.beside.to_dict("records"):
        lines.append(
            f"  beside the ladder: {row['kind']} {_whole(row['amount_minor'], str(row['currency']))} {row['currency']}"
        )
    for row in ladder.overlaps.to_dict("records"):
        amount = f"{_whole(row['amount_minor'], str(row['currency']))} {row['currency']}"
        lines += _wrapped(f"taken off {row['step']}: {amount}, {row['reason']} ({row['approved_by']})", 2)
    for notice in ladder.notices:
        lines += _wrapped(f"{notice.severity}: {notice.message} {notice.fix}", 2, "- ")
    if rows:
        lines += ["", *_row_lines(ladder)]
    return "\n".join(lines)


def ladder_json(ladder: Ladder, *, rows: bool = False) -> dict[str, Any]:
    """The ladder for machines: money in smallest units of the currency."""
    found = {
        name: _records(getattr(ladder, name))
        for name in ("cells", "steps", "beside", "overlaps", "crossings", "not_converted")
    }
    more = {"rows": _records(ladder.rows)} if rows else {}
    return {"by": list(ladder.by), **found, "notices": [vars(notice) for notice in ladder.notices], **more}


def _of_it(row: Mapping[Any, Any], currency: str) -> list[str]:
    said = {
        "residual_minor": "may be told twice (no link says)", "by_donor_minor": "confirmed by the donor",
        "by_country_minor": "confirmed by the country", "reversed_minor": "taken back within it",
        "crosswalk_minor": "pillar chosen by purpose code",
    }  # fmt: skip
    lines = [f"    {text:<36}{_whole(row[name], currency):>20}" for name, text in said.items() if row[name]]
    if not pd.isna(row["confirmed_on"]):
        lines.append(f"    {'latest confirmation':<36}{row['confirmed_on']:%Y-%m-%d}".rstrip())
    return lines


def _row_lines(ladder: Ladder) -> list[str]:
    lines = ["The rows behind it"]
    for row in ladder.rows.to_dict("records"):
        cell = " · ".join([*(_named(row, key) for key in ladder.by), str(row["step"])])
        source = "" if pd.isna(row["source"]) else f", {row['source']}"
        amount = f"{_whole(row['amount_minor'], str(row['currency']))} {row['currency']}"
        lines += _wrapped(f"{cell}: {row['table']} {row['key']}, {row['share'] / 1e4:g} % of {amount}{source}", 2)
    return lines


def _named(row: Mapping[Any, Any], key: str) -> str:
    if key == "year":
        return str(row["year"] or "no year")
    return f"pillar {row['pillar']}" if key == "pillar" else str(row[key])


def _whole(minor: int, currency: str) -> str:
    return f"{from_minor(int(minor), currency):,}"


def _amount(value: float, unit: str) -> str:
    if abs(value) < 1e6:
        return f"{value:,.6g} {unit}"
    size, word = (1e9, "bn") if abs(value) >= 1e9 else (1e6, "million")
    return f"{value / size:,.5g} {word} {unit}"


def _behind(row: Mapping[Any, Any]) -> str:
    year = "" if pd.isna(row["year"]) else f"{row['year']}; "
    note = f" ({row['note']})" if row["note"] else ""
    return f"{year}{row['source']}{note}"


def _entry(label: str, amount: str, behind: str) -> list[str]:
    indent = len(label) - len(label.lstrip()) + 2
    first = f"{label:<50} {amount:>28}" if len(label) <= 50 else f"{label}\n{amount:>79}"
    return [first, *_wrapped(behind, indent)]


def _wrapped(text: str, indent: int, mark: str = "") -> list[str]:
    space = " " * indent
    return textwrap.wrap(text, WIDE - 1, initial_indent=space + mark, subsequent_indent=space + " " * len(mark))


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    plain = table.astype("object").where(table.notna(), None)
    return [{str(name): value for name, value in row.items()} for row in plain.to_dict("records")]
