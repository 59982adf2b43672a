# SPDX-License-Identifier: Apache-2.0
"""What a fetch leaves behind beside the data: ``data/SOURCES.csv``, and the lines of ``study.toml`` that name the layers."""

from __future__ import annotations

import csv
import difflib
import hashlib
import io
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.items import Table

from homeground.catalogue.live.job import Landed
from homeground.catalogue.live.plan import Wish
from homeground.catalogue.live.sources import Source
from homeground.errors import DataError

FOLDER = "data"
LISTING = "SOURCES.csv"
COLUMNS = (
    "file", "layer", "source", "address", "taken_from", "licence", "citation", "sha256", "date", "period", "units",
    "resolution", "reportable_sdg_15_3_1", "note",
)  # fmt: skip
LAYERS_OF_FILES = {  # keys whose value is a table, not a path alone
    "rain_series", "pet_series", "ndvi", "cover_series", "soil_carbon", "population_grid", "imperviousness", "climate_zone",
}  # fmt: skip


def lines_of(wish: Wish) -> dict[str, Any]:
    """What ``[data]`` will say of a source, by key.

    Parameters
    ----------
    wish : Wish

    Returns
    -------
    dict
    """
    found: dict[str, Any] = {}
    for key, file in wish.source.writes:
        if not key:
            continue
        value: Any = f"{FOLDER}/{file}"
        if key in LAYERS_OF_FILES and (wish.source.legend or not wish.reportable):
            value = {"path": value}
            value |= {"legend": wish.source.legend} if wish.source.legend else {}
            value |= {} if wish.reportable else {"reportable": False}
        elif key == "regions":
            value = {"path": value, "id": "region_id", "name": "name", "iso3": "iso3"}
        found[key] = value
    return found


def with_layers(text: str, lines: Mapping[str, Any]) -> str:
    """A study file with some layers named in ``[data]``; comments and all else stay. Keys that it has are left alone.

    Parameters
    ----------
    text : str
        Of ``study.toml``.
    lines : mapping
        Keys of ``[data]`` and what they say.

    Returns
    -------
    str
    """
    document = tomlkit.parse(text)
    fresh = {key: value for key, value in lines.items() if key not in document.get("data", {})}
    if not fresh:
        return text
    if "regions" in fresh:
        document["regions"] = "custom"
    if "data" not in document:
        table = tomlkit.table()
        if document and not text.endswith("\n"):
            document.add(tomlkit.nl())
        document["data"] = table
    data = document["data"]
    if not isinstance(data, Table):
        raise DataError("[data] is no table of its own in the study file. Write it as one: [data].")
    for key, value in fresh.items():
        said = value
        if isinstance(value, dict):
            said = tomlkit.inline_table()
            said.update(value)
        data.append(key, said)
    return tomlkit.dumps(document)


def difference(before: str, after: str, name: str) -> list[str]:
    r"""Lines of a study file that change, as a diff.

    Examples
    --------
    >>> difference("a = 1\n", "a = 1\nb = 2\n", "study.toml")[-1]
    '+b = 2'
    """
    return list(difflib.unified_diff(before.splitlines(), after.splitlines(), name, f"{name} (new)", lineterm="", n=1))


def listing(landed: Iterable[tuple[Source, Wish, Landed, str]], folder: Path) -> str:
    """The text of ``SOURCES.csv``: rows of files that landed, and of older ones that still lie there.

    Parameters
    ----------
    landed : iterable of (Source, Wish, Landed, str)
        With the address of the copy that it was really taken from, "" for the provider.
    folder : Path
        Of the data.

    Returns
    -------
    str
    """
    rows: dict[str, dict[str, str]] = {}
    path = folder / LISTING
    if path.is_file():
        with path.open(encoding="utf-8", newline="") as file:
            rows = {row["file"]: row for row in csv.DictReader(file)}
    now = datetime.now(UTC).strftime("%Y-%m-%d")
    for source, wish, one, mirror in landed:
        name = one.file.relative_to(folder).as_posix()
        rows[name] = {
            "file": name, "layer": source.layer, "source": source.id, "address": " ... ".join(one.addresses),
            "taken_from": mirror, "licence": source.licence, "citation": source.citation, "sha256": sha256(one.file),
            "date": now, "period": one.period, "units": one.units, "resolution": one.resolution,
            "reportable_sdg_15_3_1": "yes" if wish.reportable else "not reportable", "note": one.note,
        }  # fmt: skip
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n", extrasaction="ignore", restval="")
    writer.writeheader()
    writer.writerows(rows[name] for name in sorted(rows) if (folder / name).is_file())
    return text.getvalue()


def write_beside(path: Path, text: str) -> None:
    """Write a text file in one go: until it is whole it lies under another name.

    Raises
    ------
    DataError
        It cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    try:
        part.write_text(text, encoding="utf-8", newline="")
        part.replace(path)
    except OSError as error:
        raise DataError(
            f"{path} cannot be written ({error.strerror or error}). Close it elsewhere, or make room."
        ) from error


def sha256(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
