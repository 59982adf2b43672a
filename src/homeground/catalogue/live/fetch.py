# SPDX-License-Identifier: Apache-2.0
"""Bring what a study lacks: each source in turn, what fails is told in the end with the way by hand."""

from __future__ import annotations

import hashlib
import importlib
import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from rasterio._err import CPLE_BaseError
from rasterio.errors import RasterioError

from homeground.catalogue.live.job import Job, Landed
from homeground.catalogue.live.plan import Wish
from homeground.catalogue.live.register import (
    FOLDER,
    LISTING,
    lines_of,
    listing,
    with_layers,
    write_beside,
)
from homeground.catalogue.live.sources import Source
from homeground.catalogue.live.transfer import MIRROR, Transfer
from homeground.catalogue.regions import study_regions
from homeground.errors import CatalogueError, DataError
from homeground.study.model import Study
from homeground.study.opening import open_study

WORK = ".fetch"  # in the data folder: parts of files, until their layer is whole
SPARE_MB = 50.0
TWICE = 2.5  # what travels lies on the disk beside the layer made of it

Adapter = Callable[[Job], list[Landed]]
Report = Callable[[str, int], None]  # id of a source, and how many of its files are done


@dataclass
class Outcome:
    """What a fetch brought, and what it could not."""

    landed: list[tuple[Wish, Landed]] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)  # id of a source and why


def unreachable(wanted: Sequence[Wish], get: Transfer) -> dict[str, str]:
    """Which of the sources cannot be reached, and why; all hosts are asked at once, within half a minute."""
    addresses = {wish.source.id: wish.source.address for wish in wanted if wish.source.address}
    dead = get.reach(list(addresses.values()))
    hosts = {name: urlsplit(address).netloc for name, address in addresses.items()}
    return {name: dead[host] for name, host in hosts.items() if host in dead}


def require_disk(folder: Path, mb: float) -> None:
    """Refuse a disk that has no room, before anything travels.

    Raises
    ------
    DataError
        With what is free and what is needed.
    """
    there = next(path for path in (folder, *folder.parents) if path.exists())
    free, needed = shutil.disk_usage(there).free / 1e6, TWICE * mb + SPARE_MB
    if free < needed:
        raise DataError(
            f"{folder}: {free:,.0f} MB are free, about {needed:,.0f} MB are needed. Make room, take fewer layers (--layers) or "
            "larger cells (--resolution), or put the study on another disk (--to). Nothing was fetched."
        )


def fetch(
    study: Study,
    wanted: Sequence[Wish],
    get: Transfer,
    report: Report = lambda *_: None,
    made: Mapping[str, Adapter] | None = None,
) -> Outcome:
    """Fetch some sources into the ``data`` folder of a study and name them in its file.

    Parameters
    ----------
    study : Study
    wanted : sequence of Wish
        Those of state "fetch".
    get : Transfer
    report : function
        Told of each file that is done.
    made : mapping, optional
        What gives sources that no provider is asked for, by their id.

    Returns
    -------
    Outcome

    Raises
    ------
    DataError
        No room on the disk, or the data cannot be written.
    """
    folder, regions, outcome = study.folder / FOLDER, study_regions(study), Outcome()
    require_disk(folder, sum(wish.mb for wish in wanted))
    for wish in wanted:
        source, n = wish.source, [0]

        def done(name: str = source.id, n: list[int] = n) -> None:
            n[0] += 1
            report(name, n[0])

        work = folder / WORK / _name_of_work(wish, regions)
        key = os.environ.get(source.key_env, "") if source.key_env else ""
        job = Job(source, study, regions, wish.years, wish.degrees, folder, work, get, key, done)
        try:
            found = _adapter(source, made or {})(job)
        except (CatalogueError, DataError) as error:
            outcome.failed[source.id] = str(error).replace(key, "YOUR-KEY") if key else str(error)
            continue
        except (RasterioError, CPLE_BaseError) as error:  # GDAL wraps what the system says of a disk
            raise DataError(
                f"{folder}: the layer {source.layer} cannot be written ({error.__cause__ or error}). {_room(folder)} What came "
                "stays, the same command goes on."
            ) from error
        except OSError as error:
            if error.filename is None and error.errno is None:
                raise
            raise DataError(
                f"{folder} cannot be written ({error.strerror}). Make room or ask for the right; what came stays, the same "
                "command goes on."
            ) from error
        outcome.landed += [(wish, one) for one in found]
        shutil.rmtree(work, ignore_errors=True)
        report(source.id, max(wish.files, n[0]))
        _enter(study, outcome, get)
        if source.layer == "borders":  # what follows is of the new regions
            study = open_study(study.file)
            regions = study_regions(study)
    work = folder / WORK
    if work.is_dir() and not any(work.iterdir()):
        work.rmdir()
    return outcome


def _room(folder: Path) -> str:
    """How much room a disk has."""
    return (
        f"{shutil.disk_usage(folder).free / 1e6:,.0f} MB are free on its disk: make room, or look for a limit on files."
    )


def _adapter(source: Source, made: Mapping[str, Adapter]) -> Adapter:
    """What fetches a source."""
    if source.adapter:
        found: Adapter = importlib.import_module(f"homeground.catalogue.live.{source.adapter}").fetch
        return found
    return made[source.id]


def _name_of_work(wish: Wish, regions: object) -> str:
    """A folder for what came of one wish: of another box, years or cells it is another."""
    told = (wish.years, wish.degrees, str(getattr(regions, "total_bounds", "")), sorted(regions["region_id"]))  # type: ignore[index]
    return f"{wish.source.id}-{hashlib.sha256(repr(told).encode()).hexdigest()[:12]}"


def _enter(study: Study, outcome: Outcome, get: Transfer) -> None:
    """SOURCES.csv and study.toml, after each source: what is whole is named even if the next fails."""
    folder = study.folder / FOLDER
    mirror = get.mirror if os.environ.get(MIRROR) or get.mirror else ""
    write_beside(folder / LISTING, listing([(wish.source, wish, one, mirror) for wish, one in outcome.landed], folder))
    text = study.file.read_bytes().decode("utf-8-sig")
    lines = {key: value for wish, _ in outcome.landed for key, value in lines_of(wish).items()}
    after = with_layers(text, lines)
    if after != text:
        write_beside(study.file, after)
        open_study(study.file)


def planned_file(study: Study, wanted: Sequence[Wish]) -> tuple[str, str]:
    """The study file as it is, and as it will be when all was fetched."""
    text = study.file.read_bytes().decode("utf-8-sig")
    lines = {key: value for wish in wanted for key, value in lines_of(wish).items()}
    return text, with_layers(text, lines)


def by_hand(study: Study, wish: Wish) -> str:
    """How a person brings a layer from a machine that has internet: address, file, folder."""
    source = wish.source
    files = ", ".join(file for _, file in source.writes)
    return (
        f"{source.layer} ({source.id}): {_example(study, wish)}\n      file {files}, folder {study.folder / FOLDER}"
        + (f"\n      {source.citation}; {source.licence}" if source.citation else "")
    )


def _example(study: Study, wish: Wish) -> str:
    """The address of a source with the names and years of a study in it, so that it opens in a browser."""
    iso3, years = study.countries[0], wish.years or (study.period[1],)
    item = (wish.source.item.split() or [""])[0]
    words = {
        "iso3": iso3, "lower": iso3.lower(), "countries": ",".join(study.countries), "year": years[-1], "month": 1,
        "first": years[0], "last": years[-1], "page": 1, "start": 0, "number": 1, "row": 1, "column": 1, "item": item,
        "indicator": item, "variable": item, "series": item, "which": "coo", "other": "coa", "key": "YOUR-KEY",
        "area": iso3, "name": iso3, "box": "",
    }  # fmt: skip
    return wish.source.address.format(**words)
