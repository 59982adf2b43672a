# SPDX-License-Identifier: Apache-2.0
"""What the results page says, part by part, read from the tables that the stages left."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING

from homeground.brief.page import MapLayer, RasterMap, Section, Source, Table
from homeground.catalogue import atlas, figures
from homeground.catalogue.columns import Column, columns, country_totals
from homeground.provenance import read_run
from homeground.study import Study, read_table

if TYPE_CHECKING:
    import pandas as pd

LIMITS = (
    "Country figures of the region table are sums or weighted means of regions; an interval beside a number is a "
    "sensitivity range unless it says otherwise.",
    "Names, borders and designations do not imply any opinion on the legal status of any country, territory, city or "
    "area, or on the delimitation of its frontiers.",
)
KOSOVO = (
    "References to Kosovo shall be understood in the context of Security Council resolution 1244 (1999). "
    "XKX is a data key, not an ISO 3166 code."
)
WHICH = {"land_rain_mm": "batlow", "land_aridity_index": "batlow", "land_temperature_c": "lajolla"}


def all_sections(results: Path, study: Study, table: pd.DataFrame) -> tuple[Section, ...]:
    """The sections of the page, in the order of the chain."""
    run = read_run(results)["stages"]
    return (_land(results, table, run["land"]["finding"]), *_promises(study))


def country_names(language: str) -> dict[str, str]:
    """Name of each country of the atlas in one of the six UN languages, with the mark of its footnote."""
    with atlas.path("countries.csv").open(encoding="utf-8", newline="") as file:
        return {row["iso3"]: row[f"name_{language}"] + ("*" if row["note_key"] else "") for row in csv.DictReader(file)}


def notes(study: Study) -> tuple[str, ...]:
    """Footnotes that the countries of a study need."""
    return (f"* {KOSOVO}",) if "XKX" in study.countries else ()


def sources(study: Study) -> tuple[Source, ...]:
    """Embedded layers that the study used, and the user's own files."""
    layers = atlas.layers().set_index("layer")
    found = []
    for name in ("rain", "temperature", "cover", "vegetation_max"):
        row, own = layers.loc[name], study.input(name)
        if own is None:
            facts = [str(row[key]) for key in ("citation", "licence", "period", "kind", "url")]
            found.append(Source(name, *facts))
        else:
            found.append(Source(name, f"your file {own.name}", "as you hold it", "as you hold it", "as you hold it"))
    return (
        *found,
        Source("regions", "Natural Earth, admin-1 at 1:10 million", "public domain", "as packaged", "published"),
    )


def map_layer(column: Column, layers: pd.DataFrame) -> MapLayer:
    """A column as a map, with what its caption must say taken from the layers it was made of."""
    used = [name for name in layers.index if f"atlas {name}" in column.inputs or name in column.inputs.split("; ")]
    facts = {key: "; ".join(dict.fromkeys(layers.loc[used, key])) for key in ("period", "licence")}
    low, high = column.bounds or (None, None)
    return MapLayer(
        column.column,
        column.title,
        column.unit if column.unit != "1" else "",
        column.map,
        source=column.inputs,
        period=facts["period"] or "see sources",
        data_kind=column.kind,
        licence=facts["licence"] or "see sources",
        decimals=column.decimals,
        low_column=low,
        high_column=high,
        palette=WHICH.get(column.column),
        shows=f"{column.title}: {column.formula}",
    )


def country_table(stage: str, table: pd.DataFrame, chosen: list[str], title: str, note: str) -> Table:
    """Chosen columns of a stage by country, with their intervals and titles."""
    described = {c.column: c for c in columns(stage)}
    totals = country_totals(table, tuple(described[c] for c in chosen))
    names = country_names("en")
    frame = totals.assign(Country=totals["iso3"].map(names)).set_index("Country").sort_index().reset_index()
    out, units = frame[["Country"]].copy(), {}
    for column in chosen:
        c = described[column]
        out[c.title] = frame[column].round(c.decimals)
        units[c.title] = c.unit if c.unit != "1" else ""
        if c.bounds and c.bounds[0] in frame:
            out[f"{c.title}_low"], out[f"{c.title}_high"] = (frame[b].round(c.decimals) for b in c.bounds)
    return Table(title, out, units, note)


def _land(results: Path, table: pd.DataFrame, finding: str) -> Section:
    layers = atlas.layers().set_index("layer")
    chosen = ["land_rain_mm", "land_aridity_index", "land_share_dryland", "land_share_hyperarid"]
    chosen += ["land_share_cropland", "land_potential_gap"]
    return Section(
        "land",
        "Land: where is it dry, and where does little grow?",
        finding,
        body=(
            "Aridity is yearly rain over the air's yearly demand for water. The Convention counts land with an index "
            "of 0.05 to 0.65 as dryland; below 0.05 it is hyper-arid.",
            "The potential gap says how far the greenest month stays below the best tenth of places with the same "
            "aridity and cover. It compares places in one epoch: it is not degradation, and no trend.",
        ),
        maps=tuple(map_layer(c, layers) for c in columns("land") if c.map),
        rasters=_rasters(results, table),
        tables=(
            country_table("land", table, chosen, "Land by country", "Range of the aridity index: two forms of the PET "
                          "above 26.5 degC, rain 10 % lower and higher. A chosen range, not an error estimate."),
            *_series_tables(results),
        ),
    )  # fmt: skip


def _rasters(results: Path, table: pd.DataFrame) -> tuple[RasterMap, ...]:
    import pandas as pd
    import xarray as xr

    from homeground.catalogue.grid import grid_step

    units = pd.read_parquet(results / "land_units.parquet")
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

    series = pd.read_parquet(results / "series.parquet")
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
                "Source": group["source"].iloc[0],
            }
        )
    note = "Mann-Kendall with the exact null distribution, Theil-Sen slope. Neighbours are not independent."
    return (Table("Two real series in time, a first taste of trends", pd.DataFrame(rows), {}, note),)


def _promises(study: Study) -> tuple[Section, ...]:
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
                "Shown as reported, in the order of names. Never ranked, averaged or used further: neighbours report "
                "3 % and 97 % because their methods differ, not their land.",
            )
        )
    if not tables:
        return ()
    finding = f"{len(goals)} goals stand beside what countries reported; they are quoted, not computed."
    return (Section("promises", "What was promised and reported", finding, tables=tuple(tables)),)
