# SPDX-License-Identifier: Apache-2.0
"""What a results page holds: sections with findings, maps, charts and tables, sources and limits.

Texts are in the language of the page already; kinds of figures and countries are codes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import geopandas as gpd
import numpy as np
import pandas as pd

from homeground.brief.drawing.surroundings import Surroundings
from homeground.catalogue.classes import MISSING


@dataclass(frozen=True)
class MapLayer:
    """A column of the region table to be mapped, with what its caption must say."""

    column: str
    title: str
    unit: str
    kind: str  # sequential, diverging or classes
    source: str
    period: str
    data_kind: str  # of `homeground.numbers.fact.KINDS`
    licence: str
    decimals: int = 1
    low_column: str | None = None
    high_column: str | None = None
    classes: Mapping[str, str] | None = None  # ordered: class name -> "#rrggbb", "" for a colour of batlow
    probability_column: str | None = None  # probability (0 to 1) of the class; under 0.6 is hatched
    palette: str | None = None  # lajolla (default), batlow or vik
    centre: float = 0.0  # middle of a diverging map
    shows: str = ""  # what the map shows, in one sentence


@dataclass(frozen=True)
class RasterMap:
    """A grid of classes (rows from north to south) to be drawn under the region borders."""

    title: str
    classes: np.ndarray
    bounds: tuple[float, float, float, float]  # west, south, east, north of the outer edges, degrees
    names: Mapping[int, str]
    colours: Mapping[int, str]
    areas_km2: Mapping[int, float]
    source: str
    period: str
    data_kind: str
    licence: str
    shows: str = ""
    missing: int = MISSING


@dataclass(frozen=True)
class Figure:
    """A chart with its caption: what it shows in one sentence, period, source, kind and licence."""

    svg: str
    title: str
    shows: str
    period: str
    source: str
    kind: str
    licence: str
    note: str = ""


@dataclass(frozen=True)
class Table:
    """A table to print: the columns of ``frame`` that have a heading, in the order of the headings.

    Columns ``x_low`` and ``x_high`` become the interval beside ``x``; numbers of a column ``year`` are not grouped.
    """

    title: str
    frame: pd.DataFrame
    heads: Mapping[str, str]  # code of a column -> its heading
    units: Mapping[str, str] = field(default_factory=dict)  # code of a column -> its unit in words
    note: str = ""
    decimals: Mapping[str, int] = field(default_factory=dict)  # of columns; left out: by their largest number


@dataclass(frozen=True)
class Source:
    """Where data came from and on what terms, in words."""

    name: str
    citation: str
    licence: str
    period: str
    kind: str
    url: str = ""


@dataclass(frozen=True)
class Section:
    """One question answered: the finding first, then text, maps, charts and tables.

    ``lead`` is the one map that answers it; the lead of the first section that has one opens the page.
    """

    id: str
    title: str
    finding: str
    body: tuple[str, ...] = ()
    maps: tuple[MapLayer, ...] = ()
    charts: tuple[Figure, ...] = ()
    tables: tuple[Table, ...] = ()
    rasters: tuple[RasterMap, ...] = ()
    lead: MapLayer | RasterMap | None = None


@dataclass(frozen=True)
class Page:
    """Everything the results page says; regions and table belong together by ``region_id``.

    The fixed words of the page are messages ``page.*`` of its language.
    """

    title: str
    question: str
    study_id: str
    scenario: str
    made_on: str  # a day, ISO 8601
    version: str
    sections: tuple[Section, ...]
    sources: tuple[Source, ...]
    limits: tuple[str, ...]
    notes: tuple[str, ...]
    regions: gpd.GeoDataFrame
    table: pd.DataFrame
    language: str = "en"
    mind: tuple[str, ...] = ()  # what the run warned of, what can turn an answer first
    country_names: Mapping[str, str] = field(default_factory=dict)  # iso3 -> name in the page's language
    around: Surroundings | None = None  # of a few sites: what their maps show around them
    dashed: tuple[tuple[str, str], ...] = (
        ("KOS", "SRB"),
        ("SRB", "XKX"),
    )  # pairs of iso3 codes whose border is drawn dashed
