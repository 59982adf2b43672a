# SPDX-License-Identifier: Apache-2.0
"""Tables that stand in a proposal: climate of the past, land and money by country and year, work by group, who has a role."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd

from homeground.brief.facts.sources import study_words
from homeground.brief.policy_brief.content import BriefTable
from homeground.brief.proposal.figures_of_run import MODEL, PHASES, SPANS
from homeground.brief.proposal.ledger import Ledger
from homeground.catalogue.atlas import country_names
from homeground.catalogue.given import given_table
from homeground.language import figures
from homeground.language.messages import stated
from homeground.numbers.fact import Fact
from homeground.numbers.table import read_rows
from homeground.running.tables import (
    COUNTRY_CLIMATE,
    FINANCE_SOURCES,
    FINANCE_UPKEEP,
    PLAN,
    PLAN_SCHEDULE,
    PLAN_SPENDING,
    RIGHTS_FACTS,
)

Cell = str | Fact
GOAL_UNITS = {"Mha": (1e6, "ha"), "million": (1e6, "1"), "ha": (1.0, "ha")}  # as goals write them


def table_of(
    book: Ledger, heads: Sequence[str], rows: Sequence[Sequence[Cell]], first: float = 0.28, **words: str
) -> BriefTable:
    """Rows of words and facts; numbers stand to the right."""
    rest = (1 - first) / (len(heads) - 1)
    numbers = tuple(i for i in range(len(heads)) if any(isinstance(row[i], Fact) for row in rows))
    lines = tuple(
        tuple(stated(cell, book.code) if isinstance(cell, Fact) else book.plain(cell) for cell in row) for row in rows
    )
    titles = tuple(book.say(f"head.{head}", **words).plain for head in heads)
    return BriefTable(titles, lines, numbers, (first, *([rest] * (len(heads) - 1))))


def _countries(book: Ledger, codes: Sequence[str]) -> list[tuple[str, str]]:
    names = country_names(book.code)
    return sorted(((c, names.get(c, c)) for c in codes), key=lambda pair: figures.in_order(pair[1]))


def climate(book: Ledger) -> BriefTable | None:
    """Temperature and rain of two spans of thirty years, by country, from the data."""
    table = book.read(COUNTRY_CLIMATE)
    if table is None:
        return None
    rows: list[list[Cell]] = []
    for iso3, name in _countries(book, list(table["iso3"].unique())):
        own = table[table["iso3"] == iso3]
        parts = [own[(own["year"] >= a) & (own["year"] <= b)] for a, b in SPANS]
        if any(len(part) < 25 for part in parts):
            continue
        row: list[Cell] = [name]
        for column, unit, decimals in (("temperature_c", "degC", 1), ("rain_mm", "mm", 0)):
            means = [float(part[column].mean()) for part in parts]
            for what, value, at in ((str(SPANS[1][0]), means[1], 1), ("change", means[1] - means[0], None)):
                period = (
                    "–".join(map(str, SPANS[1])) if at else f"{SPANS[0][0]}–{SPANS[0][1]}, {SPANS[1][0]}–{SPANS[1][1]}"
                )
                fact = Fact(f"climate_{iso3}_{column}_{what}", value, unit, str(own["source"].iloc[0]), "modelled", period,
                            no_interval="why.count", decimals=decimals, licence=str(own["licence"].iloc[0]))  # fmt: skip
                row.append(book.add(fact, COUNTRY_CLIMATE, f"iso3 {iso3}, {column}: mean of {period}"))
        rows.append(row)
    return (
        table_of(
            book, ("country", "warm_now", "warm_change", "rain_now", "rain_change"), rows, now=_span(1), before=_span(0)
        )
        if rows
        else None
    )


def _span(which: int) -> str:
    return "–".join(map(str, SPANS[which]))


def projections(book: Ledger) -> BriefTable | None:
    """What the user's own projections say of the years to come; none without them."""
    table = book.given.get("projections")
    if table is None or table.empty:
        return None
    rows: list[list[Cell]] = []
    for at, row in enumerate(table.to_dict("records"), start=2):
        fact = Fact(f"projection_{at}", float(row["mid"]), str(row["unit"]), str(row["source"]), "modelled",
                    str(row["period"]), low=float(row["low"]), high=float(row["high"]), decimals=1, licence="licence.own")  # fmt: skip
        book.add(fact, "given/projections.csv", f"row {at}")
        rows.append([str(row["variable"]), str(row["scenario"]), str(row["period"]), fact])
    return table_of(book, ("variable", "scenario", "period", "projected"), rows)


def by_country(book: Ledger) -> BriefTable | None:
    """Land, cost and work of the plan by country."""
    plan = book.read(PLAN)
    if plan is None:
        return None
    rows: list[list[Cell]] = []
    for iso3, name in _countries(book, list(plan["iso3"].unique())):
        own = plan[plan["iso3"] == iso3]
        row: list[Cell] = [name]
        days = own[[f"person_days_{phase}" for phase in PHASES]].to_numpy(dtype=float).sum()
        currency = book.facts["plan_cost"].unit
        for key, value, unit in (("hectares", own["hectares"].sum(), "ha"), ("cost", own["cost_usd"].sum(), currency),
                                 ("days", days, "person-days")):  # fmt: skip
            row.append(_of_plan(book, f"plan_{iso3}_{key}", float(value), unit, f"iso3 {iso3}: sum"))
        rows.append(row)
    return table_of(book, ("country", "hectares", "cost", "days"), rows)


def by_group(book: Ledger) -> BriefTable | None:
    """Person-days of the plan by group and country: women, youth, all."""
    plan = book.read(PLAN)
    if plan is None or "women_person_days" not in plan:
        return None
    rows: list[list[Cell]] = []
    for iso3, name in _countries(book, list(plan["iso3"].unique())):
        own = plan[plan["iso3"] == iso3]
        row: list[Cell] = [name]
        whole = float(own[[f"person_days_{phase}" for phase in PHASES]].to_numpy(dtype=float).sum())
        row.append(_of_plan(book, f"plan_{iso3}_days", whole, "person-days", f"iso3 {iso3}: sum"))
        for group in ("women", "youth"):
            days = float(own[f"{group}_person_days"].sum())
            row.append(_of_plan(book, f"plan_{iso3}_{group}", days, "person-days", f"iso3 {iso3}: {group}_person_days"))
        rows.append(row)
    return table_of(book, ("country", "days", "women", "youth"), rows)


def _of_plan(book: Ledger, key: str, value: float, unit: str, rows: str) -> Fact:
    period = book.facts["plan_hectares"].period
    what = MODEL | {"source": "source.options", "period": period, "no_interval": "why.plan"}
    return book.add(Fact(key, value, unit, **what), PLAN, rows)


def timetable(book: Ledger) -> BriefTable | None:
    """Land begun and money spent in each year of the plan."""
    schedule, spending = book.read(PLAN_SCHEDULE), book.read(PLAN_SPENDING)
    if schedule is None or spending is None:
        return None
    rows: list[list[Cell]] = []
    currency = book.facts["plan_cost"].unit
    begun = schedule.groupby("year")["hectares"].sum()
    for row in spending.to_dict("records"):
        year = int(row["year"])
        what = MODEL | {"source": "source.options", "period": str(year), "no_interval": "why.plan"}
        numbers = (("hectares", float(begun.get(year, 0.0)), "ha", PLAN_SCHEDULE), ("set_up", float(row["establishment_usd"]), currency, PLAN_SPENDING),
                   ("upkeep", float(row["upkeep_usd"]), currency, PLAN_SPENDING))  # fmt: skip
        cells = [
            book.add(Fact(f"year_{year}_{k}", v, u, **what), file, f"year {year}: {k}") for k, v, u, file in numbers
        ]
        rows.append([str(year), *cells])
    return table_of(book, ("year", "hectares", "set_up", "upkeep"), rows, 0.16)


def sources(book: Ledger) -> BriefTable | None:
    """Who has committed, paid or only pledged what; pledges are shown and not counted."""
    stack = book.read(FINANCE_SOURCES)
    if stack is None:
        return None
    rows: list[list[Cell]] = []
    for at, row in enumerate(stack.to_dict("records")):
        year = str(row["price_year"])
        fact = Fact(f"source_{at}", float(row["amount"]), str(row["currency"]), str(row["source"]), str(row["kind"]),
                    year if year.isdigit() else "accelerator.cop.undated", no_interval="why.source")  # fmt: skip
        book.add(fact, FINANCE_SOURCES, f"row {at}")
        kind = book.say(f"class.{str(row['class']).replace(' ', '_')}").plain
        state = book.say("counted" if row["counted"] else "not_counted").plain
        rows.append([str(row["who"]) or "–", kind, state, fact])
    return table_of(book, ("who", "class", "counts", "amount"), rows, 0.3)


def upkeep(book: Ledger) -> BriefTable | None:
    """What upkeep costs after the plan, in its first and last year, and who is said to pay it."""
    table = book.read(FINANCE_UPKEEP)
    if table is None:
        return None
    rows: list[list[Cell]] = []
    for row in table.iloc[[0, -1]].to_dict("records"):
        year, payer = int(row["year"]), str(row["payer"])
        what = MODEL | {"source": "source.finance", "period": str(year)}
        fact = Fact(f"upkeep_{year}", float(row["upkeep_usd"]), "USD", low=float(row["upkeep_usd_low"]),
                    high=float(row["upkeep_usd_high"]), **what)  # fmt: skip
        told = book.say("not_said").plain if payer == "not said" else payer
        rows.append([str(year), told, book.add(fact, FINANCE_UPKEEP, f"year {year}: upkeep_usd")])
    return table_of(book, ("year", "payer", "upkeep"), rows, 0.2)


def roles(book: Ledger) -> BriefTable | None:
    """Who is to do what: the roles that a fund asks for, beside the organisations that the user names."""
    own = book.given.get("institutions")
    named = {} if own is None else {str(row["role"]): row for row in own.to_dict("records")}
    rows: list[list[Cell]] = []
    nobody = book.say("nobody").plain
    for row in read_rows(_here("roles.csv")):
        found: dict[Any, Any] | None = named.get(row["role"])
        agreed = "–" if found is None else book.say("agreed" if str(found["agreed"]) == "yes" else "not_agreed").plain
        rows.append(
            [book.say(f"role.{row['role']}").plain, nobody if found is None else str(found["organisation"]), agreed]
        )
    return table_of(book, ("role", "organisation", "agreed"), rows, 0.5)


def screening(book: Ledger) -> BriefTable | None:
    """Overlays of rights and the category that the screening proposes; None where the study gives neither."""
    path = book.results / RIGHTS_FACTS
    facts = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    if not facts.get("given") and not facts.get("screening"):
        return None
    rows: list[list[Cell]] = []
    for name, hectares in (facts.get("hectares") or {}).items():
        what = MODEL | {
            "source": "source.study",
            "period": book.facts["plan_hectares"].period,
            "no_interval": "why.plan",
        }
        fact = book.add(Fact(f"rights_{name}", float(hectares), "ha", **what), RIGHTS_FACTS, f"hectares: {name}")
        rows.append([book.say(f"rights.{name}").plain, fact])
    for name, value in (facts.get("screening") or {}).items():
        if isinstance(value, str):
            rows.append([str(name).replace("_", " "), value])
    return table_of(book, ("what", "found"), rows, 0.6) if rows else None


def criteria(book: Ledger) -> BriefTable:
    """Coverage areas of the six criteria: by which numbers each is answered, or that it is not."""
    rows: list[list[Cell]] = []
    for row in read_rows(_here("areas.csv")):
        found = [book.facts[key] for key in row["facts"].split() if key in book.facts]
        name = book.say(f"area.{row['area']}").plain
        state = "by_user" if not row["facts"] else "answered" if found else "lacking"
        rows.append(
            [book.say(f"criterion.{row['criterion']}").plain, name, book.say(state).plain, found[0] if found else "–"]
        )
    return table_of(book, ("criterion", "area", "state", "number"), rows, 0.24)


def goals(book: Ledger) -> BriefTable | None:
    """What was promised, as the study's table of goals has it."""
    table = given_table(book.study, "data.goals")
    if table is None or table.empty:
        return None
    rows: list[list[Cell]] = []
    for at, row in enumerate(table.to_dict("records"), start=2):
        times, unit = GOAL_UNITS.get(str(row["unit"]), (1.0, "1"))
        year = "" if pd.isna(row["year"]) else str(int(row["year"]))
        fact = Fact(f"goal_{at}", times * float(row["value"]), unit, str(row["source"]), "published",
                    year or "accelerator.cop.undated", no_interval="why.source")  # fmt: skip
        book.add(fact, "study/goals.csv", f"row {at}: {row['indicator']}, {row['value']} {row['unit']}")
        rows.append([study_words(str(row["indicator"]), book.code), fact, year or "–"])
    return table_of(book, ("goal", "number", "year"), rows, 0.5)


def indicators(book: Ledger) -> BriefTable:
    """Core indicators: the number of the run, or that there is none."""
    rows: list[list[Cell]] = []
    for row in read_rows(_here("indicators.csv")):
        fact = book.facts.get(row["fact"])
        none = book.say("none_in_run").plain
        rows.append([row["number"], book.say(f"indicator.{row['indicator']}").plain, none if fact is None else fact])
    return table_of(book, ("indicator_number", "indicator", "number"), rows, 0.08)


def _here(name: str) -> Any:
    from homeground.brief.proposal.ledger import HERE

    return HERE / name


BUILDERS: dict[str, Callable[[Ledger], BriefTable | None]] = {
    f.__name__: f
    for f in (
        climate,
        projections,
        by_country,
        by_group,
        timetable,
        sources,
        upkeep,
        roles,
        screening,
        criteria,
        goals,
        indicators,
    )
}
