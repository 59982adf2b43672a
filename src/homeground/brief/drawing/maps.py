# SPDX-License-Identifier: Apache-2.0
"""Maps as plain SVG: regions coloured by a value, class rasters under region borders. Works in pages and in PDF."""

from __future__ import annotations

import base64
import io
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from PIL import Image

from homeground.brief.drawing.classes import NO_DATA, SURE_ENOUGH, LegendEntry, classify
from homeground.brief.drawing.frame import MapFrame
from homeground.brief.drawing.outlines import MapShapes, map_shapes
from homeground.catalogue.classes import MISSING
from homeground.errors import DataError
from homeground.language.figures import write_number
from homeground.language.messages import phrase, write_range

FONT = "'Noto Sans', 'Helvetica Neue', Arial, sans-serif"
INK, LIGHT_INK, BORDER = "#222222", "#666666", "#4a4a4a"
_STRIP = 30  # height of the strip below the map that holds the scale bar


@dataclass(frozen=True)
class Choropleth:
    """A drawn map, its legend, and the regions without data by name."""

    svg: str
    entries: tuple[LegendEntry, ...]
    method: str
    missing: tuple[str, ...]


def shared_paths(shapes: MapShapes, prefix: str) -> str:
    """The outlines once, for all maps of one page that draw with ``shared=prefix``."""
    outlines = "".join(f'<path id="{prefix}{i}" d="{d}"/>' for i, d in enumerate(shapes.paths))
    return (
        '<svg width="0" height="0" style="position:absolute" aria-hidden="true" focusable="false"><defs>'
        f'{outlines}<g id="{prefix}b">{_borders(shapes)}</g></defs></svg>'
    )


def _borders(shapes: MapShapes) -> str:
    lines = f'<path d="{shapes.borders}" fill="none" stroke="{BORDER}" stroke-width="1" stroke-linejoin="round"/>'
    if shapes.dashed:
        lines += (
            f'<path class="disputed" d="{shapes.dashed}" fill="none" stroke="{BORDER}" stroke-width="1.2" '
            'stroke-dasharray="4 3"/>'
        )
    return lines


def scale_bar(frame: MapFrame, *, y: float, language: str = "en") -> str:
    """A bar of a round number of kilometres, true along the middle parallel of the map."""
    most = frame.width * 0.28 * frame.km_per_unit
    power = 10.0 ** math.floor(math.log10(most))
    km = max(m * power for m in (1, 2, 5) if m * power <= most)
    length = km / frame.km_per_unit
    side = "N" if frame.middle >= 0 else "S"
    written = write_number(km, 0 if km >= 1 else 2, language)
    label = phrase(
        "map.scale", language, km=written, degrees=f"{abs(frame.middle):.0f}", side=phrase(f"map.{side}", language)
    )
    return (
        f'<g class="scale-bar" data-km="{km:g}"><path d="M1 {y:.1f}v5h{length:.2f}v-5" fill="none" '
        f'stroke="{LIGHT_INK}" stroke-width="1"/><text x="{length + 9:.1f}" y="{y + 6:.1f}" font-size="12" '
        f'fill="{LIGHT_INK}">{label}</text></g>'
    )


def draw_choropleth(
    regions: gpd.GeoDataFrame,
    values: pd.Series,
    *,
    title: str,
    unit: str = "",
    kind: str = "sequential",
    decimals: int = 1,
    low: pd.Series | None = None,
    high: pd.Series | None = None,
    probability: pd.Series | None = None,
    classes: Mapping[str, str] | None = None,
    palette: str | None = None,
    edges: Sequence[float] | None = None,
    centre: float = 0.0,
    amounts: pd.Series | None = None,
    shapes: MapShapes | None = None,
    dashed: Iterable[tuple[str, str]] | Any = (),
    country_names: Mapping[str, str] | None = None,
    ident: str = "map",
    shared: str | None = None,
    language: str = "en",
) -> Choropleth:
    """A map of regions coloured by a value, without its legend (which is returned as data).

    Parameters
    ----------
    regions : GeoDataFrame, columns region_id, iso3, name, geometry (EPSG:4326)
    values, low, high, probability, amounts : Series indexed by region_id
        The mapped value (or class name), its interval, the probability of its class (0 to 1), and what each region
        holds for the legend. Regions that ``values`` does not name are shown as without data.
    shapes : MapShapes, optional
        Outlines made once by `map_shapes`, for several maps of the same regions.
    unit : str
        In the words that are to be printed.
    shared : str, optional
        Draw by reference to outlines that `shared_paths` has put into the same page under this prefix.

    Raises
    ------
    DataError
        Values for unknown regions, unknown classes, probabilities outside 0 to 1.
    """
    shapes = shapes or map_shapes(regions, dashed=dashed, country_names=country_names)
    ids = pd.Index(regions["region_id"].astype(str))
    known = {
        label: None if given is None else _by_region(given, ids, label)
        for label, given in (
            ("values", values), ("low", low), ("high", high), ("probability", probability), ("amounts", amounts)
        )
    }  # fmt: skip
    ordered = known["values"]
    assert ordered is not None  # noqa: S101 - values are required, for the type checker
    classing = classify(
        ordered,
        kind=kind,
        classes=classes,
        palette_name=palette,
        edges=edges,
        centre=centre,
        amounts=known["amounts"],
        language=language,
    )
    hatched = _unsure(known["probability"], ordered)
    names = [str(n) for n in regions["name"]]
    tips = [
        _tooltip(name, row, unit=unit, decimals=decimals, language=language)
        for name, *row in zip(names, *(_cells(known[k], len(names)) for k in ("values", "low", "high", "probability")),
                              strict=True)
    ]  # fmt: skip
    entries = classing.entries
    if hatched.any():
        amount = None if known["amounts"] is None else float(np.nansum(known["amounts"].to_numpy(float)[hatched]))
        entries += (
            LegendEntry(phrase("map.unsure", language, limit="60"), "", int(hatched.sum()), amount, hatched=True),
        )
    missing = tuple(n for n, absent in zip(names, ordered.isna(), strict=True) if absent)
    svg = _svg(
        shapes,
        title,
        _areas(shapes, classing.fills, tips, hatched, ident=ident, shared=shared),
        ident=ident,
        shared=shared,
        language=language,
    )
    return Choropleth(svg, entries, classing.method, missing)


def _by_region(given: pd.Series, ids: pd.Index, label: str) -> pd.Series:
    given = given.set_axis(given.index.astype(str))
    if given.index.has_duplicates:
        raise DataError(f"{label} name a region more than once. Give one value per region_id.")
    unknown = given.index.difference(ids)
    if len(unknown):
        raise DataError(
            f"{label} name {len(unknown)} regions that are not on the map (first: {unknown[0]}). "
            "Index the values by region_id of the same regions."
        )
    return given.reindex(ids)


def _cells(series: pd.Series | None, n: int) -> list[Any]:
    return [None] * n if series is None else [None if pd.isna(v) else v for v in series]


def _unsure(probability: pd.Series | None, values: pd.Series) -> np.ndarray:
    if probability is None:
        return np.zeros(len(values), dtype=bool)
    p = probability.to_numpy(dtype=float, na_value=np.nan)
    if np.nanmin(p, initial=0) < 0 or np.nanmax(p, initial=1) > 1:
        raise DataError(f"class probabilities reach {np.nanmax(p):g}; fractions from 0 to 1 were expected.")
    return np.asarray((p < SURE_ENOUGH) & values.notna().to_numpy())


def _tooltip(name: str, row: Sequence[Any], *, unit: str, decimals: int, language: str) -> str:
    value, low, high, probability = row
    if value is None:
        text = phrase("map.no_data", language)
    elif isinstance(value, str):
        text = value
    else:
        text = f"{write_number(float(value), decimals, language)} {unit}".rstrip()
    if value is not None and low is not None and high is not None:
        text = phrase("map.tip_range", language, value=text, range=write_range(low, high, decimals, language))
    if value is not None and probability is not None:
        percent = write_number(100 * probability, 0, language)
        text = phrase("map.tip_probability", language, value=text, percent=percent)
    return phrase("map.tip", language, name=name, value=text)


def _areas(
    shapes: MapShapes, fills: Sequence[str], tips: list[str], hatched: np.ndarray, *, ident: str, shared: str | None
) -> str:
    def area(i: int, fill: str, inner: str) -> str:
        drawn = f'<use href="#{shared}{i}"' if shared else f'<path d="{shapes.paths[i]}"'
        return f'{drawn} fill="{fill}">{inner}</{"use" if shared else "path"}>'

    filled = "".join(
        area(i, fill, f"<title>{escape(tip)}</title>") for i, (fill, tip) in enumerate(zip(fills, tips, strict=True))
    )
    over = "".join(area(int(i), f"url(#{ident}-hatch)", "") for i in np.flatnonzero(hatched))
    over = f'<g class="hatched" pointer-events="none">{over}</g>' if over else ""
    return f'<g stroke="#ffffff" stroke-width="0.6" stroke-linejoin="round" fill-rule="evenodd">{filled}{over}</g>'


def _hatch(ident: str) -> str:
    return (
        f'<pattern id="{ident}-hatch" width="5" height="5" patternUnits="userSpaceOnUse">'
        '<path d="M-1 1l2 -2M0 5l5 -5M4 6l2 -2" stroke="#222222" stroke-width="0.8"/></pattern>'
    )


def _svg(
    shapes: MapShapes, title: str, areas: str, *, ident: str, shared: str | None, language: str, names: bool = True
) -> str:
    frame = shapes.frame
    borders = f'<use href="#{shared}b"/>' if shared else _borders(shapes)
    labels = "".join(
        f'<text x="{x}" y="{y}" text-anchor="middle" font-size="11" fill="{INK}" stroke="#ffffff" stroke-width="2.4" '
        f'stroke-linejoin="round" paint-order="stroke">{escape(text)}</text>'
        for text, x, y in shapes.labels
        if names
    )
    hatch = f"<defs>{_hatch(ident)}</defs>" if f"url(#{ident}-hatch)" in areas else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="map" role="img" aria-label="{escape(title)}" '
        'preserveAspectRatio="xMinYMid meet" direction="ltr" '
        f'viewBox="-2 -2 {frame.width + 4:.1f} {frame.height + _STRIP + 4:.1f}" width="{frame.width + 4:.0f}" '
        f'height="{frame.height + _STRIP + 4:.0f}" font-family="{FONT}">{hatch}{shapes.behind}{areas}'
        f'<g pointer-events="none">{borders}<g class="country-labels">{labels}</g></g>{shapes.names}'
        f"{scale_bar(frame, y=frame.height + 14, language=language)}</svg>"
    )


def choropleth_svg(
    regions: gpd.GeoDataFrame,
    values: pd.Series,
    *,
    title: str,
    unit: str = "",
    amount_unit: str = "km²",
    language: str = "en",
    ident: str = "map",
    **options: Any,
) -> str:
    """A complete map for a document: title, regions coloured by a value, scale bar, and a legend that counts.

    Takes the options of `draw_choropleth`; ``amount_unit`` is the unit of its ``amounts``. The drawing has no
    scripts, no style sheets and no outside references, so that typst and other SVG readers show it alike.
    """
    drawn = draw_choropleth(regions, values, title=title, unit=unit, language=language, ident=ident, **options)
    return _with_legend(drawn, title, unit=unit, amount_unit=amount_unit, language=language, ident=ident)


def legend_amount(entry: LegendEntry, amount_unit: str, language: str = "en", *, regions: bool = True) -> str:
    """What a legend line counts, in words: "12 regions, 340,000 km²"."""
    counted = phrase("map.regions", language, n=entry.regions) if regions else ""
    if entry.amount is None:
        return counted
    shown = float(f"{entry.amount:.3g}")  # a sum over regions is not known to more than three digits
    digits = 0 if shown >= 100 or shown == round(shown) else 1
    amount = f"{write_number(shown, digits, language)}\u00a0{amount_unit}"
    return phrase("map.counted", language, regions=counted, amount=amount) if counted else amount


def _with_legend(drawn: Choropleth, title: str, *, unit: str, amount_unit: str, language: str, ident: str) -> str:
    """Put a title above and the legend below a drawn map, by nesting it in a taller drawing."""
    svg, entries = drawn.svg, drawn.entries
    size = svg.split('viewBox="', 1)[1].split('"', 1)[0].split()
    width, height = max(float(size[2]), 420.0), float(size[3])
    columns = max(int(width // 250), 1)
    rows = math.ceil(len(entries) / columns)
    parts = [f'<text x="0" y="16" font-size="15" font-weight="600" fill="{INK}">{escape(title)}</text>']
    if unit:
        parts.append(f'<text x="0" y="34" font-size="12" fill="{LIGHT_INK}">{escape(unit)}</text>')
    top = 42 + height
    for i, entry in enumerate(entries):
        x, y = (i // rows) * (width / columns), top + 14 + (i % rows) * 34
        fill = f"url(#{ident}-hatch)" if entry.hatched else entry.colour
        parts.append(
            f'<rect x="{x:.1f}" y="{y:.1f}" width="22" height="14" fill="{fill}" stroke="{LIGHT_INK}" '
            f'stroke-width="0.5"/><text x="{x + 30:.1f}" y="{y + 11:.1f}" font-size="12" fill="{INK}">'
            f'{escape(entry.label)}</text><text x="{x + 30:.1f}" y="{y + 25:.1f}" font-size="10.5" fill="{LIGHT_INK}">'
            f"{escape(legend_amount(entry, amount_unit, language))}</text>"
        )
    total = top + 14 + rows * 34
    inner = svg.replace("<svg ", '<svg x="0" y="42" ', 1)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.1f} {total:.1f}" width="{width:.0f}" '
        f'height="{total:.0f}" font-family="{FONT}">{"".join(parts)}{inner}</svg>'
    )


def raster_svg(
    classes: np.ndarray,
    bounds: Sequence[float],
    colours: Mapping[int, str],
    *,
    title: str,
    shapes: MapShapes,
    shared: str | None = None,
    ident: str = "raster",
    missing: int = MISSING,
    longest: int = 1200,
    language: str = "en",
) -> str:
    """A grid of classes as a picture, with region borders over it.

    Parameters
    ----------
    classes : int array (rows from north to south, columns from west to east)
    bounds : west, south, east, north of the grid's outer edges, degrees
    colours : class -> "#rrggbb"; ``missing`` is drawn grey

    Raises
    ------
    DataError
        A class has no colour, or the array is not two-dimensional.
    """
    grid = np.asarray(classes)
    if grid.ndim != 2 or not np.issubdtype(grid.dtype, np.integer):
        raise DataError(f"{title}: classes are {grid.ndim}-dimensional {grid.dtype}; a 2-D integer array was expected.")
    step = max(1, math.ceil(max(grid.shape) / longest))
    height, width = grid.shape
    rows = np.arange(step // 2, height, step)
    columns = np.arange(step // 2, width, step)
    picture = grid[np.ix_(rows, columns)]
    unknown = sorted(set(np.unique(grid).tolist()) - set(colours) - {missing})
    if unknown:
        raise DataError(
            f"{title}: classes {unknown} have no colour; colours are given for {sorted(colours)}. Add them."
        )
    order = sorted(colours)
    codes = np.zeros(picture.shape, dtype=np.uint8)
    for place, value in enumerate(order, start=1):
        codes[picture == value] = place
    image = Image.frombytes("P", codes.shape[::-1], codes.tobytes())
    flat = [int(colour[i : i + 2], 16) for colour in (NO_DATA, *(colours[v] for v in order)) for i in (1, 3, 5)]
    image.putpalette(flat)
    buffer = io.BytesIO()
    image.save(buffer, format="PNG", optimize=True)
    corner = shapes.frame.place(np.array([[bounds[0], bounds[3]], [bounds[2], bounds[1]]], dtype=float))
    (x0, y0), (x1, y1) = corner
    outlines = "".join(
        f'<use href="#{shared}{i}"/>' if shared else f'<path d="{d}"/>' for i, d in enumerate(shapes.paths)
    )
    areas = (
        f'<clipPath id="{ident}-clip">{outlines}</clipPath>'
        f'<image x="{x0:.2f}" y="{y0:.2f}" width="{x1 - x0:.2f}" height="{y1 - y0:.2f}" preserveAspectRatio="none" '
        f'clip-path="url(#{ident}-clip)" style="image-rendering:pixelated" '
        f'href="data:image/png;base64,{base64.b64encode(buffer.getvalue()).decode()}"/>'
        f'<g fill="none" stroke="#ffffff" stroke-width="0.6">{outlines}</g>'
    )
    return _svg(shapes, title, areas, ident=ident, shared=shared, language=language, names=False)
