# SPDX-License-Identifier: Apache-2.0
"""The results page as one self-contained HTML file."""

from __future__ import annotations

import base64
import datetime
import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import jinja2
import numpy as np
import pandas as pd
from markupsafe import Markup

from homeground.brief.drawing.classes import NO_DATA, SURE_ENOUGH, LegendEntry
from homeground.brief.drawing.maps import draw_choropleth, legend_amount, raster_svg, shared_paths
from homeground.brief.drawing.outlines import MapShapes, map_shapes
from homeground.brief.page.content import Figure, MapLayer, Page, RasterMap, Section
from homeground.brief.page.tables import PageTable, TableColumn, columns_of, lay_out
from homeground.errors import DataError, Problems
from homeground.language.figures import date
from homeground.language.languages import language
from homeground.language.messages import phrase
from homeground.language.wording import unit_name
from homeground.numbers.fact import KINDS, Amount

HOW_TO_READ = ("numbers", "maps", "kinds", "strength")  # of the messages page.how.*
NAMED = 30  # regions without data that a caption names
TEMPLATES = Path(__file__).parent


def render_page(page: Page) -> str:
    """One HTML file that opens by double click, prints on A4 and asks nothing of the internet.

    Raises
    ------
    StudyError
        homeground does not speak the language of the page.
    DataError
        The table does not match the regions, or a layer names a column that is not there; all problems at once.
    """
    code, setting = page.language, language(page.language)
    _check(page)
    regions = page.regions.assign(region_id=page.regions["region_id"].astype(str)).reset_index(drop=True)
    table = page.table.assign(region_id=page.table["region_id"].astype(str)).set_index("region_id")
    shapes = map_shapes(regions, dashed=page.dashed, country_names=page.country_names, around=page.around)
    script = (TEMPLATES / "page.js").read_text(encoding="utf-8").strip()
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    return environment.get_template("page.html.j2").render(
        page=page,
        t=lambda key, **words: phrase(f"page.{key}", code, **words),
        made=phrase(
            "ui.made", code, date=date(datetime.date.fromisoformat(page.made_on), code), version=page.version,
            study=page.study_id, scenario=page.scenario,
        ),
        how=_how_to_read(code),
        gap=" " if setting.spaced else "",
        direction="ltr" if setting.rightward else "rtl",
        css=Markup((TEMPLATES / "page.css").read_text(encoding="utf-8")),  # noqa: S704 - our own file
        script=Markup(script),  # noqa: S704 - our own file
        script_hash=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
        outlines=Markup(shared_paths(shapes, "r")),  # noqa: S704 - drawn by us, names are escaped there
        lead=_lead(page, regions, table, shapes),
        sections=[_section(section, page, regions, table, shapes) for section in page.sections],
        region_grid=_region_grid(page, regions, table),
        sources=[(s, s.url.startswith(("https://", "http://"))) for s in page.sources],
    )  # fmt: skip


def _check(page: Page) -> None:
    problems = Problems("the results page")
    if "region_id" not in page.table.columns:
        raise DataError("the table of the results page has no column region_id; one row per region was expected.")
    ids, listed = set(page.regions["region_id"].astype(str)), page.table["region_id"].astype(str)
    if listed.duplicated().any():
        problems.add(f"region_id {listed[listed.duplicated()].iloc[0]} stands twice in the table. Keep one row.")
    unknown = sorted(set(listed) - ids)
    if unknown:
        problems.add(f"{len(unknown)} regions of the table have no geometry (first: {unknown[0]}). Give both alike.")
    for section in page.sections:
        for layer in _layers(section):
            wanted = (layer.column, layer.low_column, layer.high_column, layer.probability_column)
            absent = [c for c in wanted if c and c not in page.table.columns]
            if absent:
                problems.add(f'map "{layer.title}" needs column {", ".join(absent)}, which the table has not.')
        rasters = [*section.rasters, *([section.lead] if isinstance(section.lead, RasterMap) else [])]
        mapped: list[MapLayer | RasterMap] = [*_layers(section), *rasters]
        kinds = [(m.title, m.data_kind) for m in mapped]
        kinds += [(figure.title, figure.kind) for figure in section.charts]
        for title, kind in kinds:
            if kind not in KINDS:
                problems.add(f'"{title}" has kind "{kind}"; one of {", ".join(KINDS)} was expected.')
        for raster in rasters:
            plain = [name for value, name in raster.names.items() if value not in raster.colours]
            if plain:
                problems.add(f'raster "{raster.title}" has no colour for {", ".join(plain)}. Add them to colours.')
    repeated = pd.Series([s.id for s in page.sections], dtype=str)
    if repeated.duplicated().any():
        problems.add(f"section id {repeated[repeated.duplicated()].iloc[0]} stands twice. Give each its own.")
    problems.raise_if_any(DataError)


def _layers(section: Section) -> tuple[MapLayer, ...]:
    """Maps of columns of a section, its lead first."""
    return (*((section.lead,) if isinstance(section.lead, MapLayer) else ()), *section.maps)


def _lead(page: Page, regions: gpd.GeoDataFrame, table: pd.DataFrame, shapes: MapShapes) -> dict[str, Any] | None:
    """The map that opens the page: what answers the question before anything is scrolled."""
    lead = next((section.lead for section in page.sections if section.lead is not None), None)
    if isinstance(lead, MapLayer):
        return _map(lead, table, "lead", regions=regions, shapes=shapes, language=page.language)
    return None if lead is None else _raster(lead, "lead", shapes=shapes, language=page.language)


def _section(
    section: Section,
    page: Page,
    regions: gpd.GeoDataFrame,
    table: pd.DataFrame,
    shapes: MapShapes,
) -> dict[str, Any]:
    options: dict[str, Any] = {"shapes": shapes, "language": page.language}
    maps = [
        _map(layer, table, f"{section.id}-map{i}", regions=regions, **options) for i, layer in enumerate(section.maps)
    ]
    rasters = [_raster(r, f"{section.id}-grid{i}", **options) for i, r in enumerate(section.rasters)]
    return {
        "section": section,
        "maps": [m for m in maps if not m["same"]],
        "rasters": [m for m in rasters if not m["same"]],
        "same": [m for m in (*maps, *rasters) if m["same"]],
        "charts": [_chart(chart, page.language) for chart in section.charts],
        "tables": [
            (t, lay_out(columns_of(t.frame, t.heads, t.units, t.decimals), language=page.language))
            for t in section.tables
        ],
    }


def _map(
    layer: MapLayer,
    table: pd.DataFrame,
    ident: str,
    *,
    regions: gpd.GeoDataFrame,
    shapes: MapShapes,
    language: str,
) -> dict[str, Any]:
    def column(name: str | None) -> pd.Series | None:
        return table[name] if name else None

    drawn = draw_choropleth(
        regions,
        table[layer.column],
        title=layer.title,
        unit=layer.unit,
        kind=layer.kind,
        decimals=layer.decimals,
        low=column(layer.low_column),
        high=column(layer.high_column),
        probability=column(layer.probability_column),
        classes=layer.classes,
        palette=layer.palette,
        centre=layer.centre,
        amounts=column("area_km2" if "area_km2" in table.columns else None),
        shapes=shapes,
        ident=ident,
        shared="r",
        language=language,
    )
    return {
        "id": ident,
        "same": _same(drawn.entries, language),
        "item": layer,
        "unit": layer.unit,
        "facts": _facts(layer, layer.data_kind, language),
        "svg": Markup(drawn.svg),  # noqa: S704 - drawn by us, names are escaped there
        "legend": [(e, legend_amount(e, unit_name("km2", language), language)) for e in drawn.entries],
        "method": drawn.method,
        "missing": _missing(drawn.missing, language),
    }


def _same(entries: Sequence[LegendEntry], language: str) -> str:
    """The one class that all regions are in, for which no map is drawn; "" where there are several."""
    held = [entry for entry in entries if entry.regions and not entry.hatched]
    return held[0].label if len(held) == 1 and sum(entry.regions for entry in held) > 1 else ""


def _how_to_read(code: str) -> list[tuple[str, str]]:
    """Headings and texts of the part that explains the page."""
    limit = {"maps": {"limit": Amount(100 * SURE_ENOUGH, "%")}}
    return [
        (phrase(f"page.how.{name}.title", code), phrase(f"page.how.{name}.text", code, **limit.get(name, {})))
        for name in HOW_TO_READ
    ]


def _facts(item: MapLayer | RasterMap | Figure, kind: str, language: str) -> str:
    """Period, source, kind and licence of a map or chart, as its caption says them."""
    said = {"period": item.period, "source": item.source, "licence": item.licence}
    return phrase("ui.caption", language, kind=phrase(f"kind.{kind}", language), **said)


def _missing(names: tuple[str, ...], language: str) -> str:
    """Which regions have no data: by name, the first thirty."""
    if not names:
        return ""
    more = len(names) - NAMED
    words: dict[str, Any] = {"n": len(names), "names": names[:NAMED]}
    return (
        phrase("page.without_more", language, **words, more=more)
        if more > 0
        else phrase("page.without", language, **words)
    )


def _raster(item: RasterMap, ident: str, *, shapes: MapShapes, language: str) -> dict[str, Any]:
    svg = raster_svg(
        item.classes,
        item.bounds,
        item.colours,
        title=item.title,
        shapes=shapes,
        shared="r",
        ident=ident,
        missing=item.missing,
        language=language,
    )
    legend = []
    lines = [(value, name, item.colours[value]) for value, name in item.names.items()]
    if (np.asarray(item.classes) == item.missing).any():
        lines.append((item.missing, phrase("map.no_data", language), NO_DATA))
    for value, name, colour in lines:
        counted = LegendEntry(name, colour, 0, item.areas_km2.get(value))
        legend.append((counted, legend_amount(counted, unit_name("km2", language), language, regions=False)))
    held = [(value, name) for value, name, _ in lines if (np.asarray(item.classes) == value).any()]
    return {
        "id": ident,
        "same": held[0][1] if len(held) == 1 else "",
        "item": item,
        "unit": "",
        "facts": _facts(item, item.data_kind, language),
        "svg": Markup(svg),  # noqa: S704 - drawn by us, names are escaped there
        "legend": legend,
        "method": "",
        "missing": "",
    }


def _chart(chart: Figure, language: str) -> dict[str, Any]:
    return {"svg": Markup(chart.svg), "figure": chart, "facts": _facts(chart, chart.kind, language)}  # noqa: S704 - drawn by us


def _region_grid(page: Page, regions: gpd.GeoDataFrame, table: pd.DataFrame) -> PageTable:
    """All regions with every mapped value once; regions that the table does not name stay, without data."""
    countries = [page.country_names.get(str(c), str(c)) for c in regions["iso3"]]
    named = pd.DataFrame({"id": regions["region_id"], "country": countries, "name": regions["name"].astype(str)})
    named = named.sort_values(["country", "name"])
    ordered = table.reindex(named["id"])
    columns = [
        TableColumn(phrase("page.region", page.language), named["name"].tolist()),
        TableColumn(phrase("page.country", page.language), named["country"].tolist()),
    ]
    layers = {layer.column: layer for section in page.sections for layer in _layers(section)}
    for layer in layers.values():
        bounds = [ordered[c].tolist() if c else None for c in (layer.low_column, layer.high_column)]
        columns.append(
            TableColumn(layer.title, ordered[layer.column].tolist(), layer.unit, layer.decimals, bounds[0], bounds[1])
        )
    return lay_out(columns, language=page.language)
