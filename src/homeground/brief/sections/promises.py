# SPDX-License-Identifier: Apache-2.0
"""The page's section on what was promised and what was reported, quoted and never computed with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from homeground.brief.page.content import Section, Table
from homeground.brief.sections.tables import by_country, country_head
from homeground.catalogue import figures
from homeground.catalogue.given import given_table
from homeground.language.messages import Saying, phrase
from homeground.language.wording import named, translation, unit_name
from homeground.numbers.fact import Amount
from homeground.study.model import Study

if TYPE_CHECKING:
    import pandas as pd

REPORTED, INDICATOR = (
    2015,
    "15.3.1",
)  # the year of the reports, and which of the Sustainable Development Goals they are on
WALL = ("restored", "target", "carbon")  # what figures on the Great Green Wall begin with that are shown


def _heads(names: tuple[str, ...], code: str) -> dict[str, str]:
    return {name: phrase(f"column.promises.{name}", code) for name in names}


def _goal(text: str, code: str) -> str:
    """A word of a table of goals: translated where it ships with homeground, else as its author wrote it."""
    return text if code == "en" else translation(text, "study.goal.", code) or text


def section(study: Study, code: str) -> tuple[Section, ...]:
    """Goals of the study and shares of degraded land that countries reported; nothing where there is neither."""
    goals = given_table(study, "data.goals")
    reported = figures.load("cited_facts", iso3=study.countries, indicator="sdg_15_3_1")
    tables = [] if goals is None else [_goals(goals, code)]
    if study.id == "great-green-wall":
        tables += _wall(code)
    if len(reported):
        tables.append(_reported(reported, code))
    if not tables:
        return ()
    said = [Saying("section.promises.goals", {"n": len(goals)})] if goals is not None else []
    said += [Saying("section.promises.reports", {"n": len(reported)})] if len(reported) else []
    finding = phrase("section.promises.finding", code, what=said)
    return (Section("promises", phrase("section.promises.title", code), finding, tables=tuple(tables)),)


def _goals(goals: pd.DataFrame, code: str) -> Table:
    frame = goals.astype("object").where(goals.notna(), "").reset_index(drop=True)
    frame["value"] = [f"{value:.15g}" for value in goals["value"]]  # as it was promised, without marks
    frame["year"] = frame["year"].astype("str")
    for name in ("indicator", "unit"):
        frame[name] = [_goal(str(text), code) for text in frame[name]]
    heads, note = (
        _heads(("indicator", "value", "unit", "year", "source"), code),
        phrase("section.promises.as_said", code),
    )
    return Table(phrase("section.promises.promised", code), frame, heads, {}, note)


def _wall(code: str) -> list[Table]:
    rows = figures.load("cited_facts")
    rows = rows[(rows["place"] == "Great Green Wall") & rows["indicator"].str.startswith(WALL)]
    if rows.empty:
        return []
    frame = rows.assign(
        indicator=[named("indicator", name, code) for name in rows["indicator"]],
        unit=[unit_name(unit, code) for unit in rows["unit"]],
    ).reset_index(drop=True)
    heads = _heads(("indicator", "year", "value", "unit", "source"), code)
    return [
        Table(phrase("section.promises.reached", code), frame, heads, {}, phrase("section.promises.contradict", code))
    ]


def _reported(reported: pd.DataFrame, code: str) -> Table:
    frame = by_country(reported, code)
    low, high = (Amount(float(end), "%") for end in (reported["value"].min(), reported["value"].max()))
    apart = len(reported) > 1 and low.value < high.value
    note = phrase("section.promises.reported_note", code)
    if apart:
        note = phrase("section.promises.reported_note_apart", code, low=low, high=high)
    title = phrase("section.promises.reported", code, year=str(REPORTED), indicator=INDICATOR)
    heads = country_head(code) | {"value": phrase("column.promises.reported", code)}
    return Table(title, frame, heads, {"value": unit_name("% of land", code)}, note)
