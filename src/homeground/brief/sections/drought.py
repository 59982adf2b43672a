# SPDX-License-Identifier: Apache-2.0
"""What the page says of droughts found in the user's own series of rain."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from homeground.brief.drawing.classes import NO_DATA
from homeground.brief.facts.assessed.assessment import (
    RAIN_LAYERS,
    SEVERE,
    Drought,
    driest_year,
    drought_shares,
    drought_windows,
    drought_years,
    own_files,
)
from homeground.brief.page.content import Figure, RasterMap, Table
from homeground.brief.sections.rasters import coarse_raster
from homeground.brief.sections.tables import by_country, country_head
from homeground.catalogue.classes import MISSING, class_colours, class_names
from homeground.language.cldr import of_month
from homeground.language.figures import span
from homeground.language.messages import phrase
from homeground.language.wording import unit_name
from homeground.numbers.fact import Amount
from homeground.study.model import Study

if TYPE_CHECKING:
    import pandas as pd

WORST_FIRST = (4, 3, 2, 1, 0, -1, MISSING)  # classes, then area without a class and without data
OF_AREA = "% of the area"


def _names(code: str) -> dict[int, str]:
    """Name of each class, the worst first."""
    names = {**class_names("drought", code), MISSING: phrase("map.no_data", code)}
    return {number: names[number] for number in WORST_FIRST}


def body(found: Drought, code: str) -> tuple[str, ...]:
    """What the classes of drought rest on."""
    facts = found.facts
    month, years = of_month(facts.get("month", 12), code), _span(facts["calibration"])
    said = [phrase("section.drought.index", code, index=found.known, month=month, years=years)]
    if facts["not_applicable_share"] > 0:
        share = Amount(100 * facts["not_applicable_share"], "%", 1)
        said.append(phrase("section.drought.not_applicable", code, share=share))
    return tuple(said)


def _span(years: str) -> str:
    return span(*str(years).split("-"))


def rasters(found: Drought, study: Study, results: Path, code: str) -> tuple[RasterMap, ...]:
    """The highest class of the last four years."""
    colours = class_colours("drought")
    start, end = found.facts["worst_window"]
    slug = found.known.lower().replace("-", "_")
    classes, bounds = coarse_raster(results / "land.zarr" / "drought", f"worst_{slug}_{start}")
    areas = drought_windows(found).loc[[f"{start}-{end}"]].iloc[0]
    shown = [number for number in (0, 1, 2, 3, 4, -1) if number >= 0 or areas[number] > 0]
    names = _names(code)
    return (
        RasterMap(
            phrase("section.drought.worst", code, years=span(start, end)),
            classes,
            bounds,
            {number: names[number] for number in shown},
            {number: colours[number] for number in (0, 1, 2, 3, 4, -1)},
            {number: float(areas[number]) for number in shown},
            source=own_files(study, RAIN_LAYERS, code),
            period=span(start, end),
            data_kind="modelled",
            licence=phrase("licence.own", code),
            shows=phrase(
                "section.drought.worst_shows",
                code,
                index=found.known,
                month=of_month(found.facts.get("month", 12), code),
            ),
        ),
    )


def charts(found: Drought, study: Study, code: str) -> tuple[Figure, ...]:
    """Share of the area in each class of drought, year by year."""
    from homeground.brief.drawing.bars import stacked_years

    tones, names = class_colours("drought"), _names(code)
    table = drought_years(found)
    shares = table.mul(100).div(table.sum(axis=1), axis=0)
    shown = [number for number in (4, 3, 2, 1, -1, MISSING) if number > 0 or shares[number].max() > 0.05]
    colours = {names[number]: NO_DATA if number == MISSING else tones[number] for number in shown}
    frame = shares.rename(columns=names)[list(colours)].reset_index()
    title = phrase("section.drought.by_year", code)
    svg = stacked_years(
        frame, year="year", classes=colours, unit=unit_name(OF_AREA, code), language=code, describe=title
    )
    return (
        Figure(
            svg,
            title,
            phrase("section.drought.by_year_shows", code, month=of_month(found.facts.get("month", 12), code)),
            span(table.index.min(), table.index.max()),
            own_files(study, RAIN_LAYERS, code),
            "modelled",
            phrase("licence.own", code),
            note=phrase("section.drought.no_interval", code),
        ),
    )


def tables(found: Drought, study: Study, code: str) -> tuple[Table, ...]:
    """By country, by year, and the worst class of each four years."""
    years, windows = drought_years(found), drought_windows(found)
    caption = phrase(
        "ui.caption", code, period=span(years.index.min(), years.index.max()), licence=phrase("licence.own", code),
        source=own_files(study, RAIN_LAYERS, code), kind=phrase("kind.modelled", code),
    )  # fmt: skip
    note = phrase("section.drought.note", code, index=found.known, caption=caption)
    windows.index = windows.index.map(_span)
    return (
        _countries(found, study, note, code),
        _areas(years, "year", note, code),
        _areas(windows, "years", note, code),
    )


def _countries(found: Drought, study: Study, note: str, code: str) -> Table:
    import pandas as pd

    first, last = study.period
    window = found.facts["worst_window"]
    rows = []
    for iso3 in sorted(found.years["iso3"].unique()):
        shares = drought_shares(drought_years(found, iso3))
        severe = drought_shares(drought_windows(found, iso3), SEVERE)
        known, driest = shares.dropna(), driest_year(drought_years(found, iso3))
        rows.append(
            {
                "iso3": iso3,
                "mean": float(shares[shares.index.to_series().between(first, last)].mean()),
                "most": float(known.max()) if len(known) else float("nan"),
                "driest": "-" if driest is None else str(driest),
                "severe": float(severe.loc[["-".join(map(str, window))]].iloc[0]),
            }
        )
    words = {"mean": {"years": span(first, last)}, "severe": {"years": span(*window)}}
    heads = country_head(code)
    for name in ("mean", "most", "driest", "severe"):
        heads[name] = phrase(f"column.drought.{name}", code, **words.get(name, {}))
    units = dict.fromkeys(("mean", "most", "severe"), unit_name(OF_AREA, code))
    said = phrase("section.drought.countries_note", code, note=note)
    title = phrase("section.drought.by_country", code)
    return Table(title, by_country(pd.DataFrame(rows), code), heads, units, said, dict.fromkeys(units, 1))


def _areas(table: pd.DataFrame, key: str, note: str, code: str) -> Table:
    """Area in each class by year or by four years; columns are the classes by number, as text."""
    names = _names(code)
    shown = [number for number in WORST_FIRST if number >= 0 or table[number].sum() > 0]
    frame = table[shown].rename(columns=str).assign(worse=drought_shares(table))
    heads = {key: phrase(f"column.drought.{key}", code)}
    heads |= {str(number): names[number][:1].upper() + names[number][1:] for number in shown}
    heads |= {"worse": phrase("column.drought.worse", code)}
    units = {str(number): unit_name("km2", code) for number in shown} | {"worse": "%"}
    rows = frame.rename_axis(key).reset_index().astype({key: str})
    title = phrase(f"section.drought.areas_by_{key}", code)
    return Table(title, rows, heads, units, note, {str(number): 0 for number in shown} | {"worse": 1})
