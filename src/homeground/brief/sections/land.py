# SPDX-License-Identifier: Apache-2.0
"""The page's section on land."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from homeground.brief.facts.assessment import (
    LAND_LAYERS,
    RAIN_LAYERS,
    Assessment,
    Drought,
    covered_in_part,
    gaps_of_cover,
    own_files,
    read_assessment,
    read_drought,
)
from homeground.brief.page.content import MapLayer, RasterMap, Section, Table
from homeground.brief.sections import assessment, drought
from homeground.brief.sections.tables import country_table, map_layers
from homeground.catalogue.columns import absences, columns
from homeground.running.tables import LAND_UNITS, SERIES
from homeground.study.model import Study

if TYPE_CHECKING:
    import pandas as pd


def section(results: Path, study: Study, table: pd.DataFrame, finding: str) -> Section:
    """Aridity, cover and the gap of vegetation; where the study gives its series, also degradation and drought."""
    chosen = ["land_rain_mm", "land_aridity_index", "land_share_dryland", "land_share_hyperarid"]
    chosen += ["land_share_cropland", "land_potential_gap"]
    found, droughts = read_assessment(results), read_drought(results)
    headline, below = _gaps(results, found, droughts, finding)
    return Section(
        "land",
        "Land: where is it dry, and where does it degrade?"
        if found is not None and found.judged
        else "Land: where is it dry, and where does little grow?",
        headline,
        body=(
            "Aridity is yearly rain over the air's yearly demand for water. The Convention counts land with an index "
            "of 0.05 to 0.65 as dryland; below 0.05 it is hyper-arid.",
            "The potential gap says how far the greenest month stays below the best tenth of places with the same "
            "aridity and cover. It compares places in one epoch: it is not degradation, and no trend.",
            *below,
            *(assessment.body(found, study) if found is not None else ()),
            *(drought.body(droughts) if droughts is not None else ()),
            *_lacking(table),
        ),
        maps=tuple(_own_map(layer, study) for layer in map_layers("land", table.columns)),
        rasters=(
            *_rasters(results, table),
            *(assessment.rasters(found, study, results) if found is not None else ()),
            *(drought.rasters(droughts, study, results) if droughts is not None else ()),
        ),
        charts=(
            *(assessment.charts(found, study) if found is not None else ()),
            *(drought.charts(droughts, study) if droughts is not None else ()),
        ),
        tables=(
            country_table("land", table, chosen, "Land by country", "Range of the aridity index: two forms of the PET "
                          "above 26.5 degC, rain 10 % lower and higher. A chosen range, not an error estimate."),
            *(assessment.tables(found, study) if found is not None else ()),
            *(drought.tables(droughts, study) if droughts is not None else ()),
            *_series_tables(results),
        ),
    )  # fmt: skip


def _gaps(
    results: Path, found: Assessment | None, droughts: Drought | None, finding: str
) -> tuple[str, tuple[str, ...]]:
    """The finding with what the series do not cover, and what is left to say of it: a part must not be read as the whole.

    The finding of the land stage says the share of the study itself, where the land is judged; then the countries come
    below it.
    """
    land, rain = ("" if part is None else gaps_of_cover(part, results) for part in (found, droughts))
    said = found is not None and found.judged and covered_in_part(found, results) is not None
    headline = " ".join(text for text in (finding, "" if said else land, rain) if text)
    return headline, (land,) if said and land else ()


def _own_map(layer: MapLayer, study: Study) -> MapLayer:
    """A map of a column that needs the user's series, with the files and years in its caption."""
    needs = {c.column: c.needs for c in columns("land")}[layer.column]
    if not needs:
        return layer
    dry = "rain_series" in needs
    files = own_files(study, RAIN_LAYERS if dry else LAND_LAYERS)
    years = f"{study.period[0]}-{study.period[1]}" if dry else assessment.period_of(study)
    return replace(layer, source=files, period=years, licence=assessment.OWN)


def _lacking(table: pd.DataFrame) -> tuple[str, ...]:
    """What the study could say of its land if it gave more."""
    found = absences(columns("land"), table.columns)
    return (f"Not in these results: {' '.join(found)}",) if found else ()


def _rasters(results: Path, table: pd.DataFrame) -> tuple[RasterMap, ...]:
    import pandas as pd
    import xarray as xr

    from homeground.catalogue.grids.grid import grid_step

    units = pd.read_parquet(results / LAND_UNITS)
    grid = xr.open_zarr(results / "land.zarr" / "climate", zarr_format=3, consolidated=False, chunks=None)[
        "aridity_class"
    ]
    step = grid_step(grid)
    west, north = float(grid["longitude"][0]) - step / 2, float(grid["latitude"][0]) + step / 2
    names = ("hyper-arid", "arid", "semi-arid", "dry sub-humid", "humid")
    colours = ("#f9ccf9", "#eea78b", "#a29137", "#3b6c55", "#011959")
    areas = units.groupby("aridity_class")["area_km2"].sum()
    return (
        RasterMap(
            "Aridity class",
            grid.values,
            (west, north - step * grid.sizes["latitude"], west + step * grid.sizes["longitude"], north),
            dict(enumerate(names)),
            dict(enumerate(colours)),
            {i: float(areas.get(i, 0.0)) for i in range(len(names))},
            source="atlas rain (ITU-R P.837-7); atlas temperature (ERA5)",
            period="normals; rain without stated years, temperature 2000-2025",
            data_kind="modelled",
            licence="see sources",
            shows="Aridity class of each 0.05 degree cell; areas are of the study's regions.",
        ),
    )


def _series_tables(results: Path) -> tuple[Table, ...]:
    import pandas as pd

    series = pd.read_parquet(results / SERIES)
    if series.empty:
        return ()
    fits = series.drop_duplicates(["series", "place"])
    rows = []
    for name, group in fits.groupby("series", sort=False):
        clear = group["trend_p"] <= 0.05
        years = series.loc[series["series"] == name, "year"]
        rows.append(
            {
                "Series": name,
                "Period": f"{years.min()}-{years.max()}",
                "Places": len(group),
                "Rising (p ≤ 0.05)": int((clear & (group["trend_slope"] > 0)).sum()),
                "Falling (p ≤ 0.05)": int((clear & (group["trend_slope"] < 0)).sum()),
                "Expected by chance": round(0.05 * len(group), 1),
                "Dry in the last year (SPI ≤ −1)": _dry(series[series["series"] == name]),
                "Source": group["source"].iloc[0],
            }
        )
    note = (
        "Mann-Kendall with the exact null distribution, Theil-Sen slope. Neighbours are not independent. SPI of the two "
        "months' rain, gamma, calibrated on all years; by chance about one place in six is that dry."
    )
    return (Table("Two real series in time, a first taste of trends", pd.DataFrame(rows), {}, note),)


def _dry(series: pd.DataFrame) -> str:
    """How many places were in moderate drought or worse in the last year; a dash where there is no rain."""
    last = series[series["year"] == series["year"].max()]
    if last["drought_index"].isna().all():
        return "-"
    return f"{int((last['drought_index'] <= -1).sum())} of {len(last)}"
