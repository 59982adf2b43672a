# SPDX-License-Identifier: Apache-2.0
"""What a results page holds: sections with findings, maps, charts and tables, sources and limits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import geopandas as gpd
import numpy as np
import pandas as pd

from homeground.catalogue.classes import MISSING

KINDS = {
    "observed": "observed",
    "modelled": "modelled",
    "published": "published estimate",
    "default": "expert default, unverified",
}

# Fixed words of the page. `Page.labels` replaces any of them for another language.
LABELS: Mapping[str, str] = {
    "findings": "What was found",
    "contents": "On this page",
    "study": "Study",
    "scenario": "Scenario",
    "made": "Made on",
    "version": "homeground",
    "maps": "Choose the map",
    "regions": "Values by region",
    "regions_note": "Every mapped value by region, with its interval where there is one. Choose a heading to sort.",
    "region": "Region",
    "country": "Country",
    "filter": "Filter by region or country",
    "shown": "regions shown",
    "without": "No data",
    "source": "Source",
    "citation": "Citation",
    "period": "Period",
    "kind": "Kind",
    "licence": "Licence",
    "sources": "Sources and licences",
    "limits": "What these results cannot say",
    "notes": "Notes",
    "how": "How to read this page",
    "use_title": "What this page is not for",
    "use": "Do not use it for border control, visa or asylum decisions, or any decision on a person. It describes "
    "land and groups of people by region. Mobility is not a fault: effects on mobility may have either sign.",
}
HOW_TO_READ = (
    (
        "Numbers and intervals",
        "The smaller, lighter figures beside a number are its interval: the range that the data and the method "
        "allow. Two regions whose intervals overlap may not differ at all. Where no interval stands, none could be "
        "worked out, and the text says why.",
    ),
    (
        "Maps",
        "Darker means more. On maps with two colours the palest shade lies at the middle value, and the two colours "
        "are its two sides. Grey regions have no data: that is not the same as zero. Hatched regions belong to their "
        "class with a probability under 60 %. The legend counts the regions of each class.",
    ),
    (
        "Kinds of figures",
        "Observed: measured or counted. Modelled: computed from other data by a method that is named. Published "
        "estimate: taken over from the source named. Expert default, unverified: a starting value to be replaced "
        "by figures of the country.",
    ),
    (
        "How strong a statement is",
        "Described: this is so. Associated: two things go together. Consistent with a causal effect: other "
        "explanations were looked for and do not suffice. Attributed: compared with a climate that did not happen. "
        "Going together does not show that one causes the other.",
    ),
)


@dataclass(frozen=True)
class MapLayer:
    """A column of the region table to be mapped, with what its caption must say."""

    column: str
    title: str
    unit: str
    kind: str  # sequential, diverging or classes
    source: str
    period: str
    data_kind: str  # observed, modelled, published or default
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
    """A table to print; columns ``x_low`` and ``x_high`` become the interval beside ``x``."""

    title: str
    frame: pd.DataFrame
    units: Mapping[str, str] = field(default_factory=dict)
    note: str = ""
    decimals: Mapping[str, int] = field(default_factory=dict)  # of columns; left out: by their largest number


@dataclass(frozen=True)
class Source:
    """Where data came from and on what terms."""

    name: str
    citation: str
    licence: str
    period: str
    kind: str
    url: str = ""


@dataclass(frozen=True)
class Section:
    """One question answered: the finding first, then text, maps, charts and tables."""

    id: str
    title: str
    finding: str
    body: tuple[str, ...] = ()
    maps: tuple[MapLayer, ...] = ()
    charts: tuple[Figure | str, ...] = ()
    tables: tuple[Table, ...] = ()
    rasters: tuple[RasterMap, ...] = ()


@dataclass(frozen=True)
class Page:
    """Everything the results page says; regions and table belong together by ``region_id``."""

    title: str
    question: str
    study_id: str
    scenario: str
    made_on: str
    version: str
    sections: tuple[Section, ...]
    sources: tuple[Source, ...]
    limits: tuple[str, ...]
    notes: tuple[str, ...]
    regions: gpd.GeoDataFrame
    table: pd.DataFrame
    language: str = "en"
    country_names: Mapping[str, str] = field(default_factory=dict)  # iso3 -> name in the page's language
    dashed: tuple[tuple[str, str], ...] = (
        ("KOS", "SRB"),
        ("SRB", "XKX"),
    )  # pairs of iso3 codes whose border is drawn dashed
    labels: Mapping[str, str] = field(default_factory=dict)  # words that replace those of LABELS
    how_to_read: tuple[tuple[str, str], ...] = HOW_TO_READ
