# SPDX-License-Identifier: Apache-2.0
"""Which layer stands behind climate, cover and the gap of vegetation: the study's own with its years, or the atlas's."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

from homeground.catalogue import atlas
from homeground.catalogue.layers.dates import date_of
from homeground.catalogue.layers.series import need_series
from homeground.errors import DataError
from homeground.language.messages import known

if TYPE_CHECKING:
    from homeground.study.model import Study

EPOCH = ("rain", "temperature", "cover", "vegetation_max")  # layers of one epoch that a study may replace
PEOPLE = ("population", "region_people", "cities")  # layers that place people where a study does not count them itself
NO_YEARS, OWN = "source.layer_used.no_years", "licence.own"


class Used(NamedTuple):
    """What is said of a layer: ids of messages where there are, else words of any language; ``own`` is the user's file."""

    source: str
    period: str
    licence: str
    own: bool


def layer_used(study: Study, name: str) -> Used:
    """The layer of a study for a name of `EPOCH`.

    An own file is called by its name, its year is the one that stands in its name (``cover_2019.tif``). A series that stands
    for the map is called by its files and the years that it was read for: whole years of climate, the last one of cover.
    """
    file = study.input(name)
    if (instead := study.series_instead(name)) is not None:
        period = _years_of(study, instead, newest=name == "cover")
        files = study.layer_files(instead)
        return Used(files[-1].name if files else instead, period, OWN, own=True)
    if file is not None:
        return Used(file.name, date_of(file.stem)[:4] or NO_YEARS, OWN, own=True)
    row = {str(one["layer"]): one for one in atlas.layers().to_dict("records")}[name]
    source, period, licence = (_id_or_text(row, key) for key in ("source", "period", "licence"))
    return Used(source, period, licence, own=False)


def _years_of(study: Study, series: str, *, newest: bool) -> str:
    """Years that a series stood for; a brief is written from results, so its files may be gone or spoilt by then."""
    try:
        found = need_series(study, series)
    except DataError:
        return NO_YEARS
    years = found.years[-1:] if newest else found.calendar_years
    return "–".join(dict.fromkeys(str(year) for year in (years[0], years[-1]))) if years else NO_YEARS


def _id_or_text(row: dict[Any, Any], key: str) -> str:
    message = f"layer.{row['layer']}.{key}"
    return message if known(message) else str(row[key])


def people_layers(study: Study) -> tuple[str, ...]:
    """Layers of the atlas that place the study's people; none where it counts them itself."""
    if study.input("population") is not None:
        return ()
    # Groups of regions of the atlas say nothing of polygons of one's own.
    return PEOPLE if study.input("regions") is None else tuple(name for name in PEOPLE if name != "region_people")


def embedded_alone(study: Study) -> tuple[str, ...]:
    """Layers of the atlas that the study used and that no file of its own replaces, beside those of `EPOCH`."""
    crop = ("growing_season",) if isinstance(study.land.growing_season, str) else ()
    return (*people_layers(study), *crop)


def own_among(study: Study, names: Iterable[str]) -> bool:
    """Whether any of the layers is the user's own."""
    return any(study.input(name) is not None or study.series_instead(name) is not None for name in names)


def layers_said(study: Study, names: Iterable[str]) -> dict[str, str]:
    """Source, period and licence of several layers, each once, between semicolons: fields of a `Fact`."""
    used = [layer_used(study, name) for name in names]
    return {key: "; ".join(dict.fromkeys(getattr(one, key) for one in used)) for key in ("source", "period", "licence")}


def layers_of(inputs: str) -> tuple[str, ...]:
    """Names of layers in what a column says of its inputs.

    Examples
    --------
    >>> layers_of("atlas rain; atlas temperature"), layers_of("atlas cover (MCD12C1 2019)")
    (('rain', 'temperature'), ('cover',))
    >>> layers_of("atlas vegetation_max; aridity; cover")
    ('rain', 'temperature', 'cover', 'vegetation_max')
    """
    words = inputs.replace("aridity", "rain temperature").replace("(", " ").replace(";", " ").split()
    return tuple(name for name in EPOCH if name in words)
