# SPDX-License-Identifier: Apache-2.0
"""Where live data come from: rows of ``sources.csv``, with licence and citation of ``datasets.csv``."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from homeground.catalogue.datasets import datasets
from homeground.errors import StudyError
from homeground.numbers.table import read_rows
from homeground.study.faults import suggest

REPORTABLE = 0.0105  # degrees, about a kilometre: coarser cells are no map for SDG 15.3.1 (expert default)


@dataclass(frozen=True)
class Source:
    """A source: what it gives, where it lies, what it weighs."""

    id: str
    layer: str
    default: bool
    adapter: str
    address: str
    item: str
    every: str
    first: int | None
    last: int | None
    degrees: float | None
    cell_bytes: float
    whole_width: bool
    file_mb: float
    reportable: str
    writes: tuple[tuple[str, str], ...]  # key of [data], "" for none, and the file in data/
    legend: str
    key_env: str
    key_from: str
    key_free: str
    what: str
    licence: str
    citation: str
    seen: str
    seen_how: str

    def is_reportable(self, degrees: float | None) -> bool:
        """Whether SDG 15.3.1 may be reported of it, read in cells of a size."""
        if self.reportable == "by size":
            return degrees is not None and degrees <= REPORTABLE
        return self.reportable == "yes"


@cache
def sources() -> dict[str, Source]:
    """All sources by id, in the order of the table.

    Returns
    -------
    dict of str to Source

    Examples
    --------
    >>> sources()["chirps-v3"].layer, sources()["gpcp"].is_reportable(2.5)
    ('rain', False)
    """
    known = {row["id"]: row for row in datasets()}
    return {row["id"]: _source(row, known[row["id"]]) for row in read_rows(Path(__file__).with_suffix(".csv"))}


def _source(row: dict[str, str], told: dict[str, str]) -> Source:
    return Source(
        **{name: row[name] for name in ("id", "layer", "adapter", "address", "item", "every", "reportable", "legend")},
        **{name: row[name] for name in ("key_env", "key_from", "key_free")},
        **{name: told[name] for name in ("what", "licence", "citation", "seen", "seen_how")},
        default=row["default"] == "yes",
        first=int(row["first"]) if row["first"] else None,
        last=int(row["last"]) if row["last"] else None,
        degrees=float(row["degrees"]) if row["degrees"] else None,
        cell_bytes=float(row["cell_bytes"] or 0),
        whole_width=row["whole_width"] == "yes",
        file_mb=float(row["file_mb"] or 0),
        writes=tuple(_pair(text) for text in row["writes"].split("|")),
    )


def _pair(text: str) -> tuple[str, str]:
    key, _, file = text.partition("=")
    return key, file


def layers() -> tuple[str, ...]:
    """Names of the layers that can be asked for."""
    return tuple(dict.fromkeys(source.layer for source in sources().values()))


def chosen(asked: Iterable[str], degrees: float | None = None) -> list[Source]:
    """The sources of some layers: the quick one of each, a finer one where a step is asked for, or the one that is named.

    Parameters
    ----------
    asked : iterable of str
        Names of layers such as "rain", of a layer and its source such as "rain=chirps-v3"; empty: the default set.
    degrees : float, optional
        Cells may be as large as this.

    Returns
    -------
    list of Source

    Raises
    ------
    StudyError
        No layer or source is called so, or none is as fine.

    Examples
    --------
    >>> [source.id for source in chosen(["rain", "vegetation=modis-ndvi"])]
    ['gpcp', 'modis-ndvi']
    >>> [source.id for source in chosen(["rain"], 0.05)]
    ['chirps-v3']
    """
    asked_for = [name.strip() for one in asked for name in one.split(",") if name.strip()]
    names = asked_for
    if not names:
        names = [source.layer for source in sources().values() if source.default]
    found: dict[str, Source] = {}
    for name in names:
        layer, _, source = name.partition("=")
        found[layer] = _named(layer, source) if source else _best(layer, degrees, strict=any(asked_for))
    return sorted(found.values(), key=lambda one: one.layer != "borders")  # the others are cut to them


def _named(layer: str, name: str) -> Source:
    of_layer = [source.id for source in _of(layer)]
    if name not in of_layer:
        raise StudyError(f'--layers: "{name}" is no source of {layer}; there is: {", ".join(of_layer)}.')
    return sources()[name]


def _of(layer: str) -> list[Source]:
    found = [source for source in sources().values() if source.layer == layer]
    if not found:
        known = list(layers())
        raise StudyError(
            f'--layers: no layer is called "{layer}".{suggest(layer, known)} There is: {", ".join(known)}.'
        )
    return found


def _best(layer: str, degrees: float | None, *, strict: bool) -> Source:
    """The quick source; where a step is asked for, the coarsest that is as fine, else the finest, or a refusal."""
    of_layer = _of(layer)
    quick = next((source for source in of_layer if source.default), of_layer[0])
    if degrees is None or all(source.degrees is None for source in of_layer):
        return quick
    fine = [
        source for source in of_layer if (source.degrees or 360.0) <= degrees * 1.001 or source.reportable == "by size"
    ]
    if not fine and not strict:
        return min(of_layer, key=lambda source: source.degrees or 360.0)
    if not fine:
        finest = min(source.degrees or 360.0 for source in of_layer)
        raise StudyError(f"--resolution {degrees:g}: the finest {layer} known has cells of {finest:.3g} degrees.")
    return max(fine, key=lambda source: source.degrees or 0.0)
