# SPDX-License-Identifier: Apache-2.0
"""Maps and tables of published columns, with captions taken from what the columns say of themselves."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from homeground.brief.page.content import MapLayer, Table
from homeground.brief.page.tables import three_digits
from homeground.catalogue import atlas
from homeground.catalogue.atlas import country_names
from homeground.catalogue.columns import Column, absences, columns, country_totals
from homeground.language.figures import in_order
from homeground.language.messages import phrase
from homeground.language.wording import unit_name, wording

if TYPE_CHECKING:
    import pandas as pd

MILLION = 1e6  # from here a table prints millions
# Wet is dark in batlow and dry is light; heat and need read better in lajolla.
PALETTES = {"land_rain_mm": "batlow", "land_aridity_index": "batlow"}


def map_layers(stage: str, code: str, held: Iterable[str] | None = None) -> tuple[MapLayer, ...]:
    """Every column of a stage that asks for a map; with ``held``, of those marked by ``needs`` the ones that are there."""
    names = set(() if held is None else held)
    chosen = [c for c in columns(stage) if c.map and (not c.needs or c.column in names)]
    return tuple(_map_layer(c, names, code) for c in chosen)


def _map_layer(column: Column, held: set[str], code: str) -> MapLayer:
    """A column as a map, with what its caption must say taken from the layers it was made of."""
    given = column.inputs.split("; ")
    used = [name for name in atlas.layers()["layer"] if f"atlas {name}" in column.inputs or name in given]
    low, high = column.bounds or (None, None)
    if column.needs and low not in held:
        low = high = None
    title = column.told("title", code)
    return MapLayer(
        column.column,
        title,
        unit_name(column.unit, code),
        column.map,
        source=column.told("inputs", code),
        period=layer_words(used, "period", code) or phrase("page.see_sources", code),
        data_kind=column.kind,
        licence=layer_words(used, "licence", code) or phrase("page.see_sources", code),
        decimals=column.decimals,
        low_column=low,
        high_column=high,
        palette=PALETTES.get(column.column),
        shows=phrase("page.shows", code, title=title, formula=column.told("formula", code)),
    )


def layer_words(names: Iterable[str], field: str, code: str) -> str:
    """Period or licence of embedded layers, each once."""
    table = atlas.layers().set_index("layer")
    said = (wording(f"layer.{name}.{field}", str(table.loc[name, field]), code) for name in names)
    return phrase("ui.semicolon", code).join(dict.fromkeys(said))


def by_country(table: pd.DataFrame, code: str) -> pd.DataFrame:
    """A table with ``iso3`` and the name of each country as its column ``country``, in the order of the names."""
    named = table.assign(country=table["iso3"].map(country_names(code)).fillna(table["iso3"]))
    return named.sort_values("country", key=lambda names: names.map(in_order), kind="stable", ignore_index=True)


def country_head(code: str) -> dict[str, str]:
    """The heading over the names of countries."""
    return {"country": phrase("page.country", code)}


def country_table(
    stage: str, table: pd.DataFrame, chosen: list[str], *, title: str, code: str, note: str = ""
) -> Table:
    """Chosen columns of a stage by country, with their intervals and titles."""
    described = {c.column: c for c in columns(stage)}
    frame = by_country(country_totals(table, tuple(described[c] for c in chosen)), code)
    out, heads, units, places = frame[["country"]].copy(), country_head(code), {}, {}
    for column in chosen:
        c = described[column]
        large = frame[column].max() >= MILLION and c.decimals == 0
        scale, most = (MILLION, 1) if large else (1, c.decimals)
        heads[column], places[column] = c.told("title", code), min(most, three_digits((frame[column] / scale).tolist()))
        units[column] = unit_name(f"million {c.unit}" if large else c.unit, code)
        for name, source in _with_ends(column, c, frame):
            out[name] = frame[source] / scale
    return Table(title, out, heads, units, note, places)


def _with_ends(name: str, column: Column, frame: pd.DataFrame) -> list[tuple[str, str]]:
    """A column, and its ends under the names that a table gives them."""
    ends = column.bounds if column.bounds and column.bounds[0] in frame else ()
    return [(name, name), *((f"{name}{end}", source) for end, source in zip(("_low", "_high"), ends, strict=False))]


def lacking(stage: str, table: pd.DataFrame, code: str) -> tuple[str, ...]:
    """What the study could say if it gave more, in a sentence for each thing that it could give."""
    return absences(columns(stage), table.columns, code)
