# SPDX-License-Identifier: Apache-2.0
"""The money of the Great Green Wall on one page, from public figures alone."""

from __future__ import annotations

import datetime
from typing import Any

import pandas as pd

from homeground.accelerator.answer.great_green_wall import (
    CO2_PER_CARBON,
    NOT_PUBLISHED,
    PUBLISHED,
    WORKED_OUT,
    FirstAnswer,
    first_answer,
)
from homeground.accelerator.ladder.rows import STEPS
from homeground.brief.accelerator.sheet import (
    Chart,
    Sheet,
    SheetTable,
    in_millions,
    made_on,
    money,
    share_of,
    step_name,
)
from homeground.brief.accelerator.steps_chart import Step, steps_chart
from homeground.language.figures import write_number
from homeground.language.languages import NBSP, language
from homeground.language.messages import phrase
from homeground.language.wording import named

USD = "USD"
ON_THE_SHEET = ("pledged in all", "need to 2030", "committed", "disbursed", "carbon target")


def wall_sheet(code: str, *, day: datetime.date) -> Sheet:
    """What public figures say of the money of the Great Green Wall, and what nobody published.

    Parameters
    ----------
    code : str
        Language: en, fr or zh.
    day : date
        When it is written.

    Returns
    -------
    Sheet

    Raises
    ------
    StudyError
        There is no such language.
    """
    answer = first_answer()
    facts = _facts(answer)
    return Sheet(
        language=code, kicker=phrase("accelerator.ladder.kicker", code),
        title=phrase("accelerator.ladder.wall.title", code), question=phrase("accelerator.ladder.wall.question", code),
        findings=(_found(facts, code), _named(facts, code)), charts=(_chart(answer, code),),
        chart_shows=phrase("accelerator.ladder.wall.shown", code), tables=(_pledges(answer, code), _claims(answer, code)),
        missing_title=phrase("accelerator.ladder.wall.missing", code), missing=tuple(_missing(answer, facts, code)),
        sources_title=phrase("accelerator.ladder.sources", code),
        sources=tuple(dict.fromkeys([*answer.steps.loc[answer.steps["source"] != "", "source"]])),
        made=made_on(day, code), date=day.isoformat(),
    )  # fmt: skip


def _facts(answer: FirstAnswer) -> dict[str, Any]:
    steps, claims = answer.steps, answer.claims

    def one(table: pd.DataFrame, **where: str) -> Any:
        for column, value in where.items():
            table = table[table[column].str.startswith(value)]
        return table.iloc[0]

    return {
        "pledged": one(steps, step="pledged", source="UNCCD, ")["value"],
        "official": one(steps, step="pledged", source="Great Green Wall press")["value"],
        "share": one(steps, step="programmed", kind=PUBLISHED)["value"],
        "paid": one(steps, step="disbursed", kind=PUBLISHED)["value"],
        "paid_year": str(one(steps, step="disbursed", kind=PUBLISHED)["year"]),
        "paid_share": one(steps, step="disbursed", unit="%")["value"],
        "paid_worked_out": one(steps, step="disbursed", kind=WORKED_OUT)["value"],
        "sum": answer.pledges.loc[answer.pledges["unit"] == USD, "value"].sum(), "need": one(claims, claim="need to 2030", source="UNCCD")["value"],
        "need_share": one(claims, claim="pledges as part")["value"],
        "carbon": claims[(claims["claim"] == "carbon target") & (claims["unit"] == "t C")].iloc[0]["value"],
    }  # fmt: skip


def _found(facts: dict[str, Any], code: str) -> str:
    words = {name: money(facts[name], USD, code) for name in ("pledged", "paid")}
    share = share_of(facts["share"], 100, code)
    return phrase("accelerator.ladder.wall.found", code, share=share, year=facts["paid_year"], **words)


def _named(facts: dict[str, Any], code: str) -> str:
    words = {name: money(facts[name], USD, code) for name in ("sum", "official")}
    return phrase("accelerator.ladder.wall.named", code, **words)


def _chart(answer: FirstAnswer, code: str) -> Chart:
    bars = []
    dollars = answer.steps[answer.steps["unit"] == USD]
    for step in STEPS:
        own = dollars[dollars["step"] == step]
        silent = ((answer.steps["step"] == step) & (answer.steps["kind"] == NOT_PUBLISHED)).any()
        if own.empty or silent:  # one weak page on commitments makes no bar; the table has it
            bars.append(Step(step_name(step, code), 0, 0, 0, "", "", told=False))
            continue
        first = own.iloc[0]
        size = first["value"] / 1e6
        sure, unsure = (size, 0.0) if first["kind"] == PUBLISHED else (0.0, size)
        others = [in_millions(v, code) for v in own["value"].iloc[1:]]
        after = f"({', '.join(others)})" if others else ""
        bars.append(Step(step_name(step, code), sure, unsure, 0, in_millions(size * 1e6, code), after))
    title = phrase("accelerator.ladder.chart", code, currency=USD)
    unit = phrase("accelerator.ladder.millions", code, currency=USD)
    return Chart(title, steps_chart(bars, unit=unit, language=code, describe=title))


def _pledges(answer: FirstAnswer, code: str) -> SheetTable:
    rows = [
        (named("place", row["donor"], code), _amount(row["value"], row["unit"], code), str(row["year"]), row["source"])
        for row in answer.pledges.to_dict("records")
    ]
    heads = tuple(
        phrase(f"accelerator.ladder.head.{name}", code) for name in ("donor_alone", "amount", "until", "source")
    )
    return SheetTable(phrase("accelerator.ladder.wall.pledges", code), heads, tuple(rows), (1,), (2.2, 1.5, 0.7, 4))


def _claims(answer: FirstAnswer, code: str) -> SheetTable:
    end = "" if code == "en" else f"_{code}"
    rows, before = [], ""
    for row in answer.claims[answer.claims["claim"].isin(ON_THE_SHEET)].to_dict("records"):
        claim, reading = row[f"claim{end}"], row[f"reading{end}"]
        amount = _amount(row["value"], row["unit"], code)
        if not pd.isna(row["low"]):  # the interval stands beside its number
            amount += f" ({phrase('map.range', code, low=in_millions(row['low'], code), high=in_millions(row['high'], code))})"
        source = row["source"] if row["kind"] == PUBLISHED else ""
        rows.append((claim if claim != before else "", amount, reading, source))
        before = claim
    heads = tuple(phrase(f"accelerator.ladder.head.{name}", code) for name in ("question", "amount", "said", "source"))
    return SheetTable(phrase("accelerator.ladder.wall.claims", code), heads, tuple(rows), (1,), (1.5, 1.5, 2.2, 4))


def _amount(value: float, unit: str, code: str) -> str:
    gap = NBSP if language(code).spaced else ""
    if unit.startswith("t "):
        return f"{write_number(value / 1e6, 0, code)}{gap}Mt{NBSP}{unit[2:].replace('CO2', 'CO₂')}"
    if unit == "%":
        return share_of(value, 100, code)
    return f"{in_millions(value, code)}{gap}{phrase('accelerator.ladder.millions', code, currency=unit)}"


def _missing(answer: FirstAnswer, facts: dict[str, Any], code: str) -> list[str]:
    said = [str(row[code]) for row in answer.not_published.to_dict("records")]
    pause = "; " if language(code).spaced else "；"
    end = "." if language(code).spaced else "。"
    listed = pause.join(said)
    both = facts["need"] + facts["official"]
    need = {"pledged": money(facts["official"], USD, code), "need": money(facts["need"], USD, code)}
    need |= {"part": share_of(facts["official"], facts["need"], code), "onto": share_of(facts["official"], both, code)}
    paid = {"share": share_of(facts["paid_share"], 100, code), "amount": money(facts["paid_worked_out"], USD, code)}
    paid |= {"paid": money(facts["paid"], USD, code), "year": facts["paid_year"]}
    carbon, dioxide = (_amount(facts["carbon"] * f, u, code) for f, u in ((1, "t C"), (CO2_PER_CARBON, "t CO2")))
    ask = pause.join(dict.fromkeys(answer.not_published["ask"]))
    return [
        listed[0].upper() + listed[1:] + end,
        phrase("accelerator.ladder.wall.ask", code, ask=ask) + end,
        phrase("accelerator.ladder.wall.need", code, said=share_of(facts["need_share"], 100, code), **need),
        phrase("accelerator.ladder.wall.paid", code, **paid),
        phrase("accelerator.ladder.wall.carbon", code, carbon=carbon, dioxide=dioxide),
    ]  # fmt: skip
