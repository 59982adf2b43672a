# SPDX-License-Identifier: Apache-2.0
"""The figures of the brief: the map of the land and one chart of intervals, with captions in the language."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from homeground.brief.facts.results import read
from homeground.brief.facts.sources import printed
from homeground.catalogue.atlas import country_names
from homeground.catalogue.atlas_files import undetermined
from homeground.language.languages import language
from homeground.language.messages import known, say
from homeground.numbers.fact import Fact
from homeground.running.tables import EFFECTS_MODERATORS, PLAN, REGIONS

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

    from homeground.brief.drawing.outlines import MapShapes

INK_STACK = "'Noto Sans', 'Helvetica Neue', Arial, sans-serif"
# From dry to wet: batlow at five places, as on the map of the results page.
ARIDITY = {
    "hyper_arid": ("#f9ccf9", 0.05),
    "arid": ("#eea78b", 0.20),
    "semi_arid": ("#a29137", 0.50),
    "dry_subhumid": ("#3b6c55", 0.65),
    "humid": ("#011959", float("inf")),
}
Z95 = 1.959964  # two-sided 95 % of the normal distribution
WIDE, TALL = 600, 330  # largest size of a map, in units of the drawing
UNIT_PT = 0.8  # a unit on paper: labels of 11 units are 8.8 pt
LONGEST = 900  # cells of the longer side of a map: more than paper shows
FEW_DRYLANDS = 10.0  # per cent; with less, a map of aridity shows one class, and the gap of vegetation says more


@dataclass(frozen=True)
class Drawing:
    """A figure with its caption.

    ``legend`` holds colour, label and amount of each class of a map; ``width_pt`` is the width of a map on paper,
    0 for a chart, which takes the width of the page.
    """

    svg: str
    title: str
    shows: str
    caption: str
    legend: tuple[tuple[str, str, str], ...] = ()
    width_pt: float = 0.0


def land_map(
    results: Path, facts: Mapping[str, Fact], code: str, names: Mapping[str, str] | None = None
) -> Drawing | None:
    """Status of assessed land; else aridity class of each region or, where hardly any is dry, the gap of vegetation.

    ``names`` of regions in the language; left out, as the table of regions has them.
    """
    import geopandas as gpd

    share = facts.get("land_drylands_share")
    if share is None:
        return None
    table = gpd.read_parquet(results / REGIONS)
    table = table.assign(name=table["region_id"].map(names or {}).fillna(table["name"]))
    if "land_degraded" in facts and (results / "land.zarr" / "degradation" / "status").is_dir():
        return _status_map(table, results, facts["land_degraded"], code)
    if share.value >= FEW_DRYLANDS or "land_gap" not in facts:
        values, classes = _aridity(table, code)
        options: dict[str, Any] = {"kind": "classes", "classes": classes}
        return _map(table, values, "aridity", share, code, options)
    values = table.set_index("region_id")["land_potential_gap"]
    return _map(table, values, "gap", facts["land_gap"], code, {"kind": "sequential", "unit": "%", "decimals": 0})


def _status_map(table: gpd.GeoDataFrame, results: Path, fact: Fact, code: str) -> Drawing | None:
    """The seven classes of the status on the grid of the assessment, with the land of each."""
    from homeground.brief.drawing.classes import NO_DATA, LegendEntry
    from homeground.brief.drawing.maps import legend_amount, raster_svg
    from homeground.brief.facts.assessed.assessment import covered, covered_in_part, read_assessment, status_areas
    from homeground.brief.sections.rasters import coarse_raster
    from homeground.catalogue.classes import MISSING, class_colours

    found = read_assessment(results)
    if found is None:
        return None
    shapes, around = _shapes(table, code)
    classes, bounds = coarse_raster(results / "land.zarr" / "degradation", "status", longest=LONGEST)
    colours = class_colours("status")
    title = say("map.status.title", {}, code, year=fact.period.split(", ")[-1]).plain
    svg = raster_svg(classes, bounds, colours, title=title, shapes=shapes, ident="brief", language=code)
    lines: list[tuple[str, str, float | None]] = [
        (colours[int(row["status"])], str(row["name"]).lower().replace(" ", "_"), float(row["area_km2"]))
        for row in status_areas(found).to_dict("records")
        if row["status"] != MISSING and row["area_km2"] > 0
    ]
    # Inland water is grey as well but no land, so grey has no area of its own here.
    lines += [(NO_DATA, "no_data", None)] if (classes == MISSING).any() else []
    seen = covered(found, results)
    if seen is not None and covered_in_part(found, results) is not None:
        lines += [("", "not_covered", float((seen["area_km2"] - seen["covered_km2"]).clip(lower=0.0).sum()))]
    unit = say("map.unit", code=code).plain
    legend = []
    for colour, name, km2 in lines:
        amount = legend_amount(LegendEntry("", "", 0, km2), unit, code, regions=False)
        legend.append((colour, say(f"status.{name}", code=code).plain, amount))
    shows = _join(say("map.status.shows", code=code).plain, around, code)
    return Drawing(svg, title, shows, _caption(fact, code), tuple(legend), shapes.frame.width * UNIT_PT)


def _shapes(table: gpd.GeoDataFrame, code: str) -> tuple[MapShapes, str]:
    """Outlines of the regions, of a few sites within their country, and what is said of that."""
    from homeground.brief.drawing.outlines import map_shapes
    from homeground.brief.drawing.surroundings import surroundings

    around = surroundings(table, code)
    names = country_names(code)
    shapes = map_shapes(table, width=WIDE, max_height=TALL, dashed=undetermined(), country_names=names, around=around)
    return shapes, say("where.around", code=code).plain if around is not None else ""


def _join(one: str, other: str, code: str) -> str:
    gap = " " if language(code).spaced else ""
    return one + gap + other if other else one


def _aridity(table: gpd.GeoDataFrame, code: str) -> tuple[pd.Series[str], dict[str, str]]:
    """Class of each region by its mean index, and the colours of those classes that occur."""
    import numpy as np
    import pandas as pd

    names = [say(f"class.{name}", code=code).plain for name in ARIDITY]
    index = table["land_aridity_index"]
    place = np.searchsorted([edge for _, edge in ARIDITY.values()][:-1], index, side="right")
    values = pd.Series([names[i] for i in place], index=table["region_id"]).where(index.notna().to_numpy())
    colours = zip(names, (colour for colour, _ in ARIDITY.values()), strict=True)
    return values, {name: colour for name, colour in colours if (values == name).any()}


def _map(
    table: gpd.GeoDataFrame, values: pd.Series[Any], what: str, fact: Fact, code: str, options: dict[str, Any]
) -> Drawing:
    from homeground.brief.drawing.maps import draw_choropleth, legend_amount

    shapes, around = _shapes(table, code)
    title = say(f"map.{what}.title", code=code).plain
    drawn = draw_choropleth(
        table, values, title=title, language=code, ident="brief", shapes=shapes,
        amounts=table.set_index("region_id")["area_km2"], **options,
    )  # fmt: skip
    unit = say("map.unit", code=code).plain
    legend = [(e.colour, e.label, legend_amount(e, unit, code)) for e in drawn.entries]
    width = shapes.frame.width
    shows = _join(say(f"map.{what}.shows", code=code).plain, around, code)
    return Drawing(drawn.svg, title, shows, _caption(fact, code), tuple(legend), width * UNIT_PT)


def cost_chart(results: Path, facts: Mapping[str, Fact], code: str) -> Drawing | None:
    allocation = read(results, PLAN)
    if allocation is None or not len(allocation):
        return None
    from homeground.brief.drawing import charts

    columns = ["cost_usd", "cost_usd_low", "cost_usd_high"]
    frame = allocation.groupby("measure")[columns].sum().div(1e6).reset_index()
    names = {m: f"measure.{m}" for m in frame["measure"]}
    frame["label"] = [
        say(i, code=code).plain if known(i) else m.replace("_", " ").capitalize() for m, i in names.items()
    ]
    title = say("chart.cost.title", code=code).plain
    svg = charts.interval_dots(
        frame, label="label", value="cost_usd", low="cost_usd_low", high="cost_usd_high", language=code,
        decimals=0 if frame["cost_usd"].max() >= 1000 else 1,
        describe=title,
    )  # fmt: skip
    fact = facts["plan_cost"]
    shows = say("chart.cost.shows", {}, code, period=fact.period).plain
    return Drawing(svg, title, shows, _caption(fact, code))


def moderator_forest(results: Path, code: str) -> Drawing | None:
    """For whom published effects differ, with their 95 % intervals; the library holds no other error to draw."""
    from homeground.brief.drawing import charts
    from homeground.language.wording import slug

    table = read(results, EFFECTS_MODERATORS)
    if table is None:
        return None
    labels = {m: f"moderator.{slug(m)}" for m in table["moderator"]}
    half = Z95 * table["standard_error"]
    frame = table.assign(
        label=[say(i, code=code).plain if known(i) else m for m, i in labels.items()],
        low=table["estimate"] - half,
        high=table["estimate"] + half,
    )
    title = say("chart.moderators.title", code=code).plain
    svg = charts.forest(
        frame, study="label", estimate="estimate", low="low", high="high", decimals=3, language=code, describe=title
    )
    row = table.iloc[0]
    said = {"period": "period.effects", "source": str(row["source"]), "licence": "licence.cited"}
    words = {name: printed(text, code) for name, text in said.items()}
    caption = say("ui.caption", {}, code, kind=say(f"kind.{row['kind']}", code=code).plain, **words).plain
    return Drawing(svg, title, say("chart.moderators.shows", code=code).plain, caption)


def dryland_chart(table: pd.DataFrame, facts: Mapping[str, Fact], code: str) -> Drawing | None:
    """Drylands by country (by region in a study of one country, the largest first)."""
    from homeground.brief.drawing import charts
    from homeground.catalogue.columns import columns, country_totals

    chosen = [c for c in columns("land") if c.column == "land_share_dryland"]
    if "land_drylands_share" not in facts:
        return None
    ends = ["land_share_dryland", "land_share_dryland_low", "land_share_dryland_high"]
    several = table["iso3"].nunique() > 1
    if several:
        frame = country_totals(table, tuple(chosen))
        frame["label"] = frame["iso3"].map(country_names(code))
    else:
        frame = table.sort_values("area_km2", ascending=False).head(12).assign(label=table["name"])
    title = say("chart.dry.title" if several else "chart.dry.title_regions", code=code).plain
    svg = charts.interval_dots(
        frame, label="label", value=ends[0], low=ends[1], high=ends[2], unit="%", decimals=0, language=code,
        describe=title,
    )  # fmt: skip
    return Drawing(
        svg,
        title,
        say("chart.dry.shows", code=code).plain,
        _caption(facts["land_drylands_share"], code),
    )


def _caption(fact: Fact, code: str) -> str:
    words = {"period": fact.period, "source": fact.source, "licence": fact.licence}
    said = {name: printed(text, code) for name, text in words.items()}
    return say("ui.caption", {}, code, kind=say(f"kind.{fact.kind}", code=code).plain, **said).plain


def drawn_texts(svg: str) -> list[str]:
    """The words and numbers that stand in a drawing."""
    return [re.sub(r"<[^>]+>", "", found) for found in re.findall(r"<text\b.*?</text>", svg, flags=re.S)]
