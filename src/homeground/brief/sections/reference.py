# SPDX-License-Identifier: Apache-2.0
"""What the page shows of plots that people looked at: areas with their intervals, accuracies, and the error matrix."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from homeground.brief.facts.assessed.reference import LEVEL, read_reference, state_names
from homeground.brief.page.content import Table
from homeground.brief.page.tables import three_digits
from homeground.brief.sections.tables import by_country, country_head
from homeground.language.messages import phrase
from homeground.language.wording import unit_name
from homeground.study.model import Study

if TYPE_CHECKING:
    import pandas as pd


def tables(results: Path, study: Study, code: str) -> tuple[Table, ...]:
    """Areas by the plots and the error matrix; none where no plots were given."""
    found = read_reference(results)
    if found is None:
        return ()
    file = study.input("reference_plots")
    caption = phrase(
        "ui.caption", code, period=str(study.period[1]), source=file.name if file else "",
        kind=phrase("kind.observed", code), licence=phrase("licence.own", code),
    )  # fmt: skip
    return _areas(found[0], caption, code), _matrix(found[1], caption, code)


def _areas(areas: pd.DataFrame, caption: str, code: str) -> Table:
    frame = by_country(areas.replace({"iso3": {"": phrase("section.reference.all", code)}}), code)
    frame = frame.assign(state=frame["state"].map(state_names(code)))
    names = ("state", "mapped_km2", "estimated_km2", "users_accuracy", "producers_accuracy", "plots")
    heads = country_head(code) | {name: phrase(f"column.reference.{name}", code) for name in names}
    units = dict.fromkeys(("mapped_km2", "estimated_km2"), unit_name("km2", code))
    units |= dict.fromkeys(("users_accuracy", "producers_accuracy"), "%")
    places = {name: three_digits(frame[name].dropna().tolist()) for name in ("mapped_km2", "estimated_km2")}
    places |= dict.fromkeys(("users_accuracy", "producers_accuracy"), 1) | {"plots": 0}
    note = phrase("section.reference.note", code, level=LEVEL, caption=caption)
    return Table(phrase("section.reference.title", code), frame, heads, units, note, places)


def _matrix(matrix: pd.DataFrame, caption: str, code: str) -> Table:
    names, labels = state_names(code), ("state", "seen", "plots", "area_km2")
    frame = by_country(matrix, code)
    frame = frame.assign(state=frame["state"].map(names), seen=frame["seen"].map(names))
    heads = country_head(code) | {name: phrase(f"column.reference_matrix.{name}", code) for name in labels}
    places = {"plots": 0, "area_km2": three_digits(frame["area_km2"].dropna().tolist())}
    note = phrase("section.reference.matrix_note", code, caption=caption)
    return Table(
        phrase("section.reference.matrix", code), frame, heads, {"area_km2": unit_name("km2", code)}, note, places
    )
