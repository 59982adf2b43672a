# SPDX-License-Identifier: Apache-2.0
"""What the page says of droughts found in the user's own series of rain."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from homeground.brief.drawing.classes import NO_DATA
from homeground.brief.facts.assessment import (
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
from homeground.brief.sections.tables import country_names
from homeground.catalogue.classes import MISSING, class_colours
from homeground.study.model import Study

if TYPE_CHECKING:
    import pandas as pd

OWN = "as you hold it"
NAMES = {4: "extreme", 3: "severe", 2: "moderate", 1: "mild", 0: "none", -1: "not applicable", MISSING: "no data"}
NO_INTERVAL = "No interval: the series of rain comes without an error field."


def body(found: Drought) -> tuple[str, ...]:
    """What the classes of drought rest on."""
    facts = found.facts
    said = [
        f"Drought is told by {found.known} of each December, against what was usual in {facts['calibration']}. Drought "
        "and degradation are kept apart: a dry year is not a change of the land."
    ]
    if facts["not_applicable_share"] > 0:
        said.append(
            f"{100 * facts['not_applicable_share']:.1f} % of the area has no class: it is hyper-arid or hardly ever has "
            "rain, so that the index means nothing there. That is not the same as no drought."
        )
    return tuple(said)


def rasters(found: Drought, study: Study, results: Path) -> tuple[RasterMap, ...]:
    """The highest class of the last four years."""
    colours = class_colours("drought")
    start, end = found.facts["worst_window"]
    slug = found.known.lower().replace("-", "_")
    classes, bounds = coarse_raster(results / "land.zarr" / "drought", f"worst_{slug}_{start}")
    areas = drought_windows(found).loc[[f"{start}-{end}"]].iloc[0]
    shown = [code for code in (0, 1, 2, 3, 4, -1) if code >= 0 or areas[code] > 0]
    return (
        RasterMap(
            f"Highest class of drought in {start}-{end}",
            classes,
            bounds,
            {code: NAMES[code] for code in shown},
            {code: colours[code] for code in (0, 1, 2, 3, 4, -1)},
            {code: float(areas[code]) for code in shown},
            source=own_files(study, RAIN_LAYERS),
            period=f"{start}-{end}",
            data_kind="modelled",
            licence=OWN,
            shows=f"The worst class of each cell by {found.known} of December in these years.",
        ),
    )


def charts(found: Drought, study: Study) -> tuple[Figure, ...]:
    """Share of the area in each class of drought, year by year."""
    from homeground.brief.drawing.bars import stacked_years

    tones = class_colours("drought")
    table = drought_years(found)
    shares = table.mul(100).div(table.sum(axis=1), axis=0)
    codes = [code for code in (4, 3, 2, 1, -1, MISSING) if code > 0 or shares[code].max() > 0.05]
    colours = {NAMES[code]: NO_DATA if code == MISSING else tones[code] for code in codes}
    frame = shares.rename(columns=NAMES)[list(colours)].reset_index()
    svg = stacked_years(
        frame, year="year", classes=colours, unit="% of the area", describe="Area in drought by class and year"
    )
    return (
        Figure(
            svg,
            "Area in drought, year by year",
            "Share of the study's area in each class of drought in December; what is blank was in none.",
            f"{table.index.min()}-{table.index.max()}",
            own_files(study, RAIN_LAYERS),
            "modelled",
            OWN,
            note=NO_INTERVAL,
        ),
    )


def tables(found: Drought, study: Study) -> tuple[Table, ...]:
    """By country, by year, and the worst class of each four years."""
    note = f"Index: {found.known}. Source: {own_files(study, RAIN_LAYERS)}; {OWN}. Kind: modelled. {NO_INTERVAL}"
    return (
        _countries(found, study, note),
        _areas(drought_years(found), "Year", "Area by class of drought, year by year", note),
        _areas(drought_windows(found), "Years", "Area by the highest class of drought of four years", note),
    )


def _countries(found: Drought, study: Study, note: str) -> Table:
    import pandas as pd

    first, last = study.period
    rows = []
    for iso3 in sorted(found.years["iso3"].unique()):
        shares = drought_shares(drought_years(found, iso3))
        severe = drought_shares(drought_windows(found, iso3), SEVERE)
        window = "-".join(map(str, found.facts["worst_window"]))
        known, driest = shares.dropna(), driest_year(drought_years(found, iso3))
        rows.append(
            {
                "Country": country_names("en").get(iso3, iso3),
                f"Mean of {first}-{last}": float(shares[shares.index.to_series().between(first, last)].mean()),
                "Most in one year": float(known.max()) if len(known) else float("nan"),
                "in the year": "-" if driest is None else str(driest),
                f"Severe once in {window}": float(severe.loc[[window]].iloc[0]),
            }
        )
    frame = pd.DataFrame(rows)
    units = {name: "% of the area" for name in frame.columns if name not in ("Country", "in the year")}
    said = f"Moderate or worse, of the area with a class; without a year where all are alike. {note}"
    return Table("Land in drought by country", frame, units, said, dict.fromkeys(units, 1))


def _areas(table: pd.DataFrame, key: str, title: str, note: str) -> Table:
    worse = drought_shares(table)
    shown = [code for code in NAMES if code >= 0 or table[code].sum() > 0]
    frame = table[shown].round(0).rename(columns={code: NAMES[code].capitalize() for code in shown})
    units = dict.fromkeys(frame.columns, "km2") | {"Moderate or worse": "%"}
    frame["Moderate or worse"] = worse
    rows = frame.rename_axis(key).reset_index().astype({key: str})
    return Table(title, rows, units, note, {"Moderate or worse": 1})
