# SPDX-License-Identifier: Apache-2.0
"""The page's section on what was promised and what was reported, quoted and never computed with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from homeground.brief.page.content import Section, Table
from homeground.brief.sections.tables import country_names
from homeground.catalogue import figures
from homeground.numbers.units import counted
from homeground.study.model import Study
from homeground.study.opening import read_table

if TYPE_CHECKING:
    import pandas as pd


def _spread(reported: pd.DataFrame) -> str:
    """How far apart countries report; nothing where one country stands alone."""
    low, high = reported["value"].min(), reported["value"].max()
    if len(reported) < 2 or low == high:
        return ""
    return f": they lie between {low:g} % and {high:g} % because methods differ, not only land"


def section(study: Study) -> tuple[Section, ...]:
    import pandas as pd

    goals = read_table(study, "goals")
    reported = figures.load("cited_facts", iso3=study.countries, indicator="sdg_15_3_1")
    tables = []
    if goals:
        frame = pd.DataFrame(goals)[["indicator", "value", "unit", "year", "source"]]
        tables.append(
            Table(
                "What was promised", frame.rename(columns=str.capitalize), {}, "As the sources say it, not converted."
            )
        )
    wall = figures.load("cited_facts")
    wall = wall[
        (wall["place"] == "Great Green Wall") & wall["indicator"].str.startswith(("restored", "target", "carbon"))
    ]
    if study.id == "great-green-wall" and len(wall):
        frame = wall[["indicator", "year", "value", "unit", "source"]].rename(columns=str.capitalize)
        frame["Indicator"] = frame["Indicator"].str.replace("_", " ")
        tables.append(
            Table(
                "What sources say was reached, side by side",
                frame,
                {},
                "They contradict each other; none is chosen here.",
            )
        )
    if len(reported):
        names = country_names("en")
        frame = pd.DataFrame({"Country": reported["iso3"].map(names), "Reported": reported["value"]}).sort_values(
            "Country"
        )
        tables.append(
            Table(
                "Share of degraded land reported for 2015 (SDG 15.3.1)",
                frame.reset_index(drop=True),
                {"Reported": "% of land"},
                f"Shown as reported, in the order of names. Never ranked, averaged or used further{_spread(reported)}.",
            )
        )
    if not tables:
        return ()
    said = [counted(len(goals), "goal", "goals")] if goals else []
    said += [f"reports of {counted(len(reported), 'country', 'countries')} on degraded land"] if len(reported) else []
    finding = f"{' and '.join(said)} stand here as published; they are quoted, not computed."
    finding = finding[0].upper() + finding[1:]
    return (Section("promises", "What was promised and reported", finding, tables=tuple(tables)),)
