# SPDX-License-Identifier: Apache-2.0
"""All kinds of export by name: what each is, how its file ends, and the function that writes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from homeground.accelerator.exports.maps import write_geojson
from homeground.accelerator.exports.observatory import write_observatory
from homeground.accelerator.exports.so5.form import write_so5
from homeground.accelerator.exports.who_what_where import write_3w
from homeground.accelerator.exports.whole import write_tables
from homeground.errors import DataError

Tables = Mapping[str, pd.DataFrame]


@dataclass(frozen=True)
class Asked:
    """What an export is asked for beside its path: a country, where files of polygons lie, and the language of its words."""

    country: str = ""
    folder: Path | None = None
    language: str = "en"


@dataclass(frozen=True)
class Kind:
    """A kind of export: what it is, how its file ends, and what writes it."""

    what: str
    suffixes: tuple[str, ...]
    write: Callable[[Tables, Path, Asked], Path]


def _so5(tables: Tables, path: Path, asked: Asked) -> Path:
    if not asked.country:
        raise DataError("so5 is the report of one Party. Name it: --country NER.")
    return write_so5(tables, path, asked.country, asked.language)


def _iati(tables: Tables, path: Path, _: Asked) -> Path:
    from homeground.accelerator.iati import write_iati  # needs the extra accelerator

    write_iati(tables, path)
    return path


KINDS: dict[str, Kind] = {
    "iati": Kind("activities as IATI 2.03", (".xml",), _iati),
    "so5": Kind("resources by activity for the Convention's report (SO5)", (".xlsx",), _so5),
    "observatory": Kind(
        "projects by portfolio, their money and results",
        (".xlsx",),
        lambda tables, path, asked: write_observatory(tables, path, asked.language),
    ),
    "3w": Kind(
        "who does what where, with tags of HXL", (".csv", ".xlsx"), lambda t, path, a: write_3w(t, path, a.folder)
    ),
    "geojson": Kind("places on a map", (".geojson", ".json"), lambda t, path, a: write_geojson(t, path, a.folder)),
    "xlsx": Kind(
        "all tables, as the templates have them", (".xlsx",), lambda tables, path, _: write_tables(tables, path)
    ),
}


def check_kind(kind: str, path: Path) -> None:
    """Refuse a kind that there is not, or a file that ends otherwise, before anything is read.

    Parameters
    ----------
    kind : str
    path : Path

    Raises
    ------
    DataError

    Examples
    --------
    >>> check_kind("so5", Path("a.pdf"))
    Traceback (most recent call last):
    ...
    homeground.errors.DataError: a.pdf: an export so5 ends in .xlsx. Name it so.
    """
    if kind not in KINDS:
        raise DataError(f"there is no export {kind}. Use {', '.join(KINDS)}.")
    if path.suffix.lower() not in KINDS[kind].suffixes:
        raise DataError(f"{path.name}: an export {kind} ends in {' or '.join(KINDS[kind].suffixes)}. Name it so.")


def export(kind: str, tables: Tables, path: Path, asked: Asked | None = None) -> Path:
    r"""Write an export.

    Parameters
    ----------
    kind : str
        One of `KINDS`.
    tables : mapping of DataFrame
        As declared in the registry.
    path : Path
    asked : Asked, optional

    Returns
    -------
    Path

    Raises
    ------
    DataError
        No such kind, a file that ends otherwise, or it cannot be written.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     export("geojson", {"places": pd.DataFrame(columns=["place", "geometry"])}, Path(folder, "a.geojson")).read_text()
    '{"type": "FeatureCollection", "features": []}\n'
    """
    check_kind(kind, path)
    return KINDS[kind].write(tables, path, asked or Asked())
