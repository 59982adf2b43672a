# SPDX-License-Identifier: Apache-2.0
"""Maps and tables of published columns, with captions taken from what the columns say of themselves."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from typing import TYPE_CHECKING

from homeground.brief.page.content import MapLayer, Table
from homeground.catalogue import atlas
from homeground.catalogue.columns import Column, columns, country_totals

if TYPE_CHECKING:
    import pandas as pd

MILLION = 1e6  # from here a table prints millions
# Wet is dark in batlow and dry is light; heat and need read better in lajolla.
PALETTES = {"land_rain_mm": "batlow", "land_aridity_index": "batlow"}


def country_names(language: str) -> dict[str, str]:
    """Name of each country of the atlas in one of the six UN languages, with the mark of its footnote."""
    with atlas.path("countries.csv").open(encoding="utf-8", newline="") as file:
        return {row["iso3"]: row[f"name_{language}"] + ("*" if row["note_key"] else "") for row in csv.DictReader(file)}


def map_layers(stage: str, held: Iterable[str] | None = None) -> tuple[MapLayer, ...]:
    """Every column of a stage that asks for a map; with ``held``, of those marked by ``needs`` the ones that are there."""
    layers, names = atlas.layers().set_index("layer"), set(() if held is None else held)
    chosen = [c for c in columns(stage) if c.map and (not c.needs or c.column in names)]
    return tuple(_map_layer(c, layers, names) for c in chosen)


def _map_layer(column: Column, layers: pd.DataFrame, held: set[str]) -> MapLayer:
    """A column as a map, with what its caption must say taken from the layers it was made of."""
    used = [name for name in layers.index if f"atlas {name}" in column.inputs or name in column.inputs.split("; ")]
    facts = {key: "; ".join(dict.fromkeys(layers.loc[used, key])) for key in ("period", "licence")}
    low, high = column.bounds or (None, None)
    if column.needs and low not in held:
        low = high = None
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
        palette=PALETTES.get(column.column),
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
        large = frame[column].max() >= MILLION and c.decimals == 0
        scale, decimals = (MILLION, 1) if large else (1, c.decimals)
        out[c.title] = (frame[column] / scale).round(decimals)
        units[c.title] = (f"million {c.unit}" if large else c.unit) if c.unit != "1" else ""
        if c.bounds and c.bounds[0] in frame:
            out[f"{c.title}_low"], out[f"{c.title}_high"] = ((frame[b] / scale).round(decimals) for b in c.bounds)
    return Table(title, out, units, note)
