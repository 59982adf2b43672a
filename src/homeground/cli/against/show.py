# SPDX-License-Identifier: Apache-2.0
"""The land held against another tool, in the terminal: rule by rule, what the differences go with, settings that differ."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from homeground.brief.facts.results import read
from homeground.catalogue.classes import class_names
from homeground.chain.commands import command
from homeground.chain.folders import results_folder
from homeground.cli.answer import Answer, head, number, numbers
from homeground.cli.console import json_text
from homeground.cli.tables import say_outdated
from homeground.errors import DataError, StudyError
from homeground.language.layout import blocks, fill
from homeground.language.messages import Saying, phrase, tell
from homeground.language.wording import wording
from homeground.running.tables import (
    AGAINST_TRENDS_EARTH,
    AGAINST_TRENDS_EARTH_CAUSES,
    AGAINST_TRENDS_EARTH_CELLS,
    AGAINST_TRENDS_EARTH_SETTINGS,
)
from homeground.study.model import Study

if TYPE_CHECKING:
    import pandas as pd

OTHERS = {"trends-earth": "data.trends_earth"}  # what can be named, and the key of the study that gives it
TABLES = {
    "areas": AGAINST_TRENDS_EARTH,
    "cells": AGAINST_TRENDS_EARTH_CELLS,
    "causes": AGAINST_TRENDS_EARTH_CAUSES,
    "settings": AGAINST_TRENDS_EARTH_SETTINGS,
}
STATES = {"degraded": -1, "stable": 0, "improved": 1}


def show_against(study: Study, stage: str, other: str, *, root: Path, as_json: bool) -> None:
    """Print the land of a study beside that of another tool.

    Parameters
    ----------
    study : Study
    stage : str
        land; nothing else is held against another tool.
    other : str
        A key of `OTHERS`.
    root : Path
        Folder of all results.
    as_json : bool

    Raises
    ------
    StudyError
        No such other tool or stage, or the study does not give what it is held against.
    DataError
        The study has not run with it.
    """
    if other not in OTHERS:
        raise StudyError(f'--against is "{other}"; known here: {", ".join(OTHERS)}.')
    if stage != "land":
        raise StudyError(f'--against goes with land, not with "{stage}": homeground show STUDY land --against {other}')
    if study.data.trends_earth is None:
        raise StudyError(
            f"{study.file.name} names no job of Trends.Earth. Set [{OTHERS[other].replace('.', '].')} to the folder of its "
            "report of land condition, then run the study."
        )
    results, code = results_folder(study, root), study.language
    tables = {name: read(results, file) for name, file in TABLES.items()}
    areas = tables["areas"]
    if areas is None:
        again = command("run", study, root=root)
        raise DataError(f"no results against {other} in {results}. Run the study: {again}")
    say_outdated(study, stage, root, as_json=as_json)
    if as_json:
        rows = {k: [] if t is None else json.loads(t.to_json(orient="records")) for k, t in tables.items()}
        print(json_text(rows, indent=1))
        return
    for answer in against_answers(areas, tables["causes"], tables["settings"], code):
        if answer.rows:
            print(fill(answer.title) + "\n")
            print("\n".join(blocks(answer.rows, answer.columns)))
        if answer.mind:
            print(fill(answer.mind) + "\n")


def against_answers(
    areas: pd.DataFrame, causes: pd.DataFrame | None, settings: pd.DataFrame | None, code: str = "en"
) -> list[Answer]:
    """Tables by rule and class of each period, by cause of each period, and the settings.

    Parameters
    ----------
    areas, causes, settings : DataFrame
        The tables ``land_against_trends_earth*.parquet``; None where one is empty.
    code : str
        Language.

    Returns
    -------
    list of Answer
    """
    out = []
    for period, rows in areas.groupby("period", sort=False):
        year = str(int(rows["year"].iloc[0]))
        out.append(_areas(rows, year, code))
        if causes is not None and (causes["period"] == period).any():
            out.append(_causes(causes[causes["period"] == period], year, code))
    years = {str(row.period): str(row.year) for row in areas.itertuples()}
    said = [] if causes is not None else [Saying("terminal.against.no_rasters")]
    said += _settings(settings, years, code)
    return [*out, Answer("", [], [], tell([*said, Saying("terminal.against.mind")], code))]


def _areas(rows: pd.DataFrame, year: str, code: str) -> Answer:
    states = {name: class_names("degradation", code)[number] for name, number in STATES.items()}
    states["no_data"] = phrase("terminal.no_data", code)
    names = [
        phrase("terminal.against.row", code, rule=phrase(f"terminal.against.rule.{rule}", code), state=states[state])
        for rule, state in zip(rows["rule"].astype(str), rows["state"].astype(str), strict=True)
    ]
    columns = [
        (head(f"terminal.against.{name}", code), numbers(rows[f"{name}_km2"], 0, code))
        for name in ("theirs", "ours", "difference")
    ]
    return Answer(phrase("terminal.against.title", code, year=year), names, columns, "")


def _causes(rows: pd.DataFrame, year: str, code: str) -> Answer:
    total = float(rows["area_km2"].sum())
    shown = rows[rows["area_km2"] > 0]
    names = [phrase(f"terminal.against.cause.{cause}", code) for cause in shown["cause"]]
    names.append(phrase("terminal.against.cause.all", code))
    km2 = [*numbers(shown["area_km2"], 0, code), number(total, 0, code)]
    columns = [(head("terminal.against.differs", code), km2)]
    title = phrase("terminal.against.causes", code, year=year, indicator="15.3.1")
    return Answer(title, names, columns, "")


def _settings(settings: pd.DataFrame | None, years: dict[str, str], code: str) -> list[Saying]:
    """By what the job was made, and a sentence for each setting that differs."""
    said = []
    cover = class_names("cover")
    states = class_names("degradation", code)

    def state(names: str) -> str:
        return ", ".join(states[STATES[name]] for name in names.split("|"))

    for row in () if settings is None else settings.to_dict("records"):
        theirs, ours, setting = str(row["theirs"]), str(row["ours"]), str(row["setting"])
        words = {"theirs": theirs, "ours": ours, "year": years.get(str(row["period"]), "")}
        if setting == "transition":
            first, last = (
                wording(f"legend.cover.{kind}.name", cover[int(kind)], code) for kind in str(row["about"]).split("-")
            )
            words |= {"first": first, "last": last, "theirs": state(theirs), "ours": state(ours)}
        said.append(Saying(f"terminal.against.setting.{setting}", words))
    return said
