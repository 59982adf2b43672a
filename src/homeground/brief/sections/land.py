# SPDX-License-Identifier: Apache-2.0
"""The page's section on land."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from homeground.brief.facts.assessed.assessment import (
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
from homeground.brief.facts.national import LATE, SEVERE, USUAL, climate_of_countries
from homeground.brief.facts.sources import printed
from homeground.brief.facts.used_layers import layers_of, layers_said, own_among
from homeground.brief.page.content import MapLayer, RasterMap, Section, Table
from homeground.brief.sections import assessment, drought, reference
from homeground.brief.sections.tables import by_country, country_head, country_table, lacking, layer_words, map_layers
from homeground.brief.sections.where import where_tables
from homeground.catalogue.columns import columns
from homeground.language.figures import span, write_number
from homeground.language.languages import language
from homeground.language.messages import phrase
from homeground.language.wording import named, unit_name
from homeground.numbers.fact import Amount
from homeground.running.tables import LAND_UNITS, SERIES
from homeground.study.model import Study

if TYPE_CHECKING:
    import pandas as pd

CHOSEN = (
    *("land_rain_mm", "land_aridity_index", "land_share_dryland", "land_share_hyperarid"),
    *("land_share_cropland", "land_potential_gap"),
)
DRYLANDS = (0.05, 0.65)  # limits of the aridity index, United Nations Environment Programme 1997
ARIDITY = {
    "hyper_arid": "#f9ccf9",
    "arid": "#eea78b",
    "semi_arid": "#a29137",
    "dry_subhumid": "#3b6c55",
    "humid": "#011959",
}
GAP = "land_potential_gap"  # answers where land is short of growth, where no series tells what degrades
OWN = {c.column for c in columns("land") if c.needs}
CHANCE = 0.05  # of a trend that is none


def section(results: Path, study: Study, table: pd.DataFrame, finding: str, code: str) -> Section:
    """Aridity, cover and the gap of vegetation; where the study gives its series, also degradation and drought."""
    found, droughts = read_assessment(results), read_drought(results)
    headline, below = _gaps(results, found, droughts, finding, code)
    judged = found is not None and found.judged
    low, high = (write_number(limit, 2, code) for limit in DRYLANDS)
    status = assessment.rasters(found, study, results, code) if found is not None else ()
    layers = [_own_map(layer, study, code) for layer in map_layers("land", code, table.columns)]
    layers.sort(key=lambda layer: layer.column not in OWN)  # of the user's own series before those of one epoch
    answer = next((layer for layer in layers if layer.column == GAP and table[GAP].nunique() > 1), None)
    lead = status[0] if status else answer
    note = phrase("section.land.range", code, degrees=write_number(26.5, 1, code), share=Amount(10, "%"))
    return Section(
        "land",
        phrase("section.land.title_degraded" if judged else "section.land.title", code),
        headline,
        body=(
            phrase("section.land.aridity", code, low=low, high=high),
            phrase("section.land.gap", code),
            *below,
            *(assessment.body(found, study, code) if found is not None else ()),
            *(drought.body(droughts, code) if droughts is not None else ()),
            *_cover_used(study, found, code),
            *_lacking(table, code),
        ),
        lead=lead,
        maps=tuple(layer for layer in layers if layer is not lead),
        rasters=(
            *(raster for raster in status if raster is not lead),
            *_rasters(results, study, code),
            *(drought.rasters(droughts, study, results, code) if droughts is not None else ()),
        ),
        charts=(
            *(assessment.charts(found, study, code) if found is not None else ()),
            *(drought.charts(droughts, study, code) if droughts is not None else ()),
        ),
        tables=(
            country_table(
                "land", table, list(CHOSEN), title=phrase("section.land.by_country", code), code=code, note=note
            ),
            *(where_tables(found, results, study, code, assessment.told(study, code)) if found is not None else ()),
            *(assessment.tables(found, study, code) if found is not None else ()),
            *reference.tables(results, study, code),
            *(drought.tables(droughts, study, code) if droughts is not None else ()),
            *_series_tables(results, code),
            *_national(results, code),
        ),
    )


def _gaps(
    results: Path, found: Assessment | None, droughts: Drought | None, finding: str, code: str
) -> tuple[str, tuple[str, ...]]:
    """The finding with what the series do not cover, and what is left to say of it: a part must not be read as the whole.

    The finding of the land stage says the share of the study itself, where the land is judged; then the countries come
    below it.
    """
    land, rain = ("" if part is None else gaps_of_cover(part, results, code) for part in (found, droughts))
    said = found is not None and found.judged and covered_in_part(found, results) is not None
    headline = _join((finding, "" if said else land, rain), code)
    return headline, (land,) if said and land else ()


def _join(sentences: tuple[str, ...], code: str) -> str:
    return (" " if language(code).spaced else "").join(text for text in sentences if text)


def _own_map(layer: MapLayer, study: Study, code: str) -> MapLayer:
    """A map of a column, with the user's files and years in its caption where they stand behind it."""
    needs, inputs = {c.column: (c.needs, c.inputs) for c in columns("land")}[layer.column]
    if not needs:
        return replace(layer, **_used(layers_of(inputs), study, code))
    dry = "rain_series" in needs
    files = own_files(study, RAIN_LAYERS if dry else LAND_LAYERS, code)
    years = span(*study.period) if dry else assessment.period_of(study, code)
    return replace(layer, source=files, period=years, licence=phrase("licence.own", code))


def _cover_used(study: Study, found: Assessment | None, code: str) -> tuple[str, ...]:
    """Which map of cover the planning units have, and which the shares by region, where they are two."""
    years = list(found.facts["cover"].values()) if found is not None else []
    cover, files = study.input("cover"), study.layer_files("cover_series")
    if (
        not years or not files or cover is None or cover in files
    ):  # without a map of its own the newest of the series stands
        return ()
    source = phrase("assessed.your_file", code, files=cover.name)
    return (phrase("section.land.cover_used", code, year=str(max(years)), source=source),)


def _used(names: tuple[str, ...], study: Study, code: str) -> dict[str, Any]:
    """Source, period and licence of layers of which one at least is the user's own; nothing where all are the atlas's."""
    if not own_among(study, names):
        return {}
    return {key: printed(said, code) for key, said in layers_said(study, names).items()}


def _lacking(table: pd.DataFrame, code: str) -> tuple[str, ...]:
    """What the study could say of its land if it gave more."""
    found = lacking("land", table, code)
    return (phrase("section.land.lacking", code, lacking=_join(found, code)),) if found else ()


def _rasters(results: Path, study: Study, code: str) -> tuple[RasterMap, ...]:
    import pandas as pd
    import xarray as xr

    from homeground.catalogue.grids.grid import grid_step

    units = pd.read_parquet(results / LAND_UNITS)
    grid = xr.open_zarr(results / "land.zarr" / "climate", zarr_format=3, consolidated=False, chunks=None)[
        "aridity_class"
    ]
    step = grid_step(grid)
    west, north = float(grid["longitude"][0]) - step / 2, float(grid["latitude"][0]) + step / 2
    areas = units.groupby("aridity_class")["area_km2"].sum()
    inputs = [c.told("inputs", code) for c in columns("land") if c.column in ("land_rain_mm", "land_temperature_c")]
    drawn = (
        RasterMap(
            phrase("section.land.classes", code),
            grid.values,
            (west, north - step * grid.sizes["latitude"], west + step * grid.sizes["longitude"], north),
            {number: phrase(f"class.{name}", code) for number, name in enumerate(ARIDITY)},
            dict(enumerate(ARIDITY.values())),
            {number: float(areas.get(number, 0.0)) for number in range(len(ARIDITY))},
            source=phrase("ui.semicolon", code).join(inputs),
            period=layer_words(("rain", "temperature"), "period", code),
            data_kind="modelled",
            licence=phrase("page.see_sources", code),
            shows=phrase("section.land.classes_shows", code, degrees=write_number(step, 2, code)),
        ),
    )
    return tuple(replace(one, **_used(("rain", "temperature"), study, code)) for one in drawn)


def _series_tables(results: Path, code: str) -> tuple[Table, ...]:
    import pandas as pd

    series = pd.read_parquet(results / SERIES)
    if series.empty:
        return ()
    fits = series.drop_duplicates(["series", "place"])
    rows = []
    for name, group in fits.groupby("series", sort=False):
        clear = group["trend_p"] <= CHANCE
        years = series.loc[series["series"] == name, "year"]
        rows.append(
            {
                "series": named("series", name, code),
                "period": span(years.min(), years.max()),
                "places": len(group),
                "rising": int((clear & (group["trend_slope"] > 0)).sum()),
                "falling": int((clear & (group["trend_slope"] < 0)).sum()),
                "chance": round(CHANCE * len(group), 1),
                "dry": _dry(series[series["series"] == name], code),
                "source": group["source"].iloc[0],
            }
        )
    frame = pd.DataFrame(rows)
    heads = {str(name): phrase(f"column.series.{name}", code) for name in frame}
    note = phrase("section.land.series_note", code)
    return (Table(phrase("section.land.series", code), frame, heads, {}, note, {"chance": 1}),)


def _national(results: Path, code: str) -> tuple[Table, ...]:
    """Usual rain, the driest year and severe droughts of each whole country."""
    found = climate_of_countries(results)
    if found.empty:
        return ()
    table = by_country(found, code)
    frame = table[["country", "usual_mm", "driest", "driest_mm", "droughts"]].rename(columns={"driest": "year"})
    heads = country_head(code) | {
        "usual_mm": phrase("national.usual", code, years=span(*USUAL)),
        "year": phrase("national.driest", code),
        "driest_mm": phrase("national.driest_mm", code),
        "droughts": phrase("national.droughts", code, n=LATE),
    }
    units = dict.fromkeys(("usual_mm", "driest_mm"), unit_name("mm/year", code))
    note = phrase("national.mind", code, limit=write_number(SEVERE, 1, code), months="12")
    title = phrase("national.title", code, years=span(int(found["first"].min()), int(found["last"].max())))
    return (Table(title, frame, heads, units, note, {"usual_mm": 0, "driest_mm": 0}),)


def _dry(series: pd.DataFrame, code: str) -> str:
    """How many places were in moderate drought or worse in the last year; a dash where there is no rain."""
    last = series[series["year"] == series["year"].max()]
    if last["drought_index"].isna().all():
        return "-"
    return phrase("section.land.of", code, n=int((last["drought_index"] <= -1).sum()), all=len(last))
