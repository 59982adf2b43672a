# SPDX-License-Identifier: Apache-2.0
"""What an adapter is given, and what it hands back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray

from homeground.catalogue.live.places import Box, box_around
from homeground.catalogue.live.sources import Source
from homeground.catalogue.live.transfer import Transfer
from homeground.study.model import Study

LARGE = 20_000_000  # cells of a step
AT_ONCE = 4  # files of one provider that are asked for together: polite


@dataclass(frozen=True)
class Job:
    """One source for one study.

    ``years`` are the first and last that are wanted, both within what the source has; ``degrees`` the size of cells;
    ``work`` a folder that stays until the job is done, so that a job that was stopped goes on; ``done`` is called after each
    file or part of one.
    """

    source: Source
    study: Study
    regions: gpd.GeoDataFrame
    years: tuple[int, ...]
    degrees: float | None
    folder: Path
    work: Path
    get: Transfer
    key: str = ""
    done: Callable[[], None] = lambda: None

    @property
    def box(self) -> Box:
        """The box of the regions, with an edge."""
        return box_around(self.shapes)

    @property
    def shapes(self) -> NDArray[np.object_]:
        """Polygons of the regions."""
        found: NDArray[np.object_] = self.regions.geometry.to_numpy()
        return found

    def place(self, n: int = 0) -> Path:
        """Where the nth file of the source lies in the end."""
        return self.folder / self.source.writes[n][1]

    def tags(self) -> dict[str, str]:
        """What each file says of itself."""
        fit = "yes" if self.source.is_reportable(self.degrees) else "no"
        source = self.source
        return {
            "source": source.citation, "licence": source.licence, "reportable_sdg_15_3_1": fit, "homeground_source": source.id,
        }  # fmt: skip


@dataclass(frozen=True)
class Landed:
    """A file that a job has written."""

    file: Path
    key: str  # of [data]; "" for a table that no key of a study reads
    addresses: tuple[str, ...]
    period: str
    units: str
    resolution: str = ""
    note: str = ""


def months_of(years: Sequence[int]) -> list[str]:
    """All months of some years.

    Examples
    --------
    >>> months_of([2001])[:2], len(months_of([2001, 2002]))
    (['2001-01', '2001-02'], 24)
    """
    return [f"{year}-{month:02d}" for year in years for month in range(1, 13)]


def kept(job: Job, label: str, make: Callable[[], NDArray[Any]]) -> NDArray[Any]:
    """Values of one step: those that lie from a job that was stopped, else made and laid down.

    Parameters
    ----------
    job : Job
    label : str
        Of the step, such as "1994-01".
    make : function
        Fetches the values.
    """
    path = job.work / f"{label}.npy"
    if path.is_file():
        found: NDArray[Any] = np.load(path, allow_pickle=False)
    else:
        found = make()
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(".part")
        with part.open("wb") as file:
            np.save(file, found, allow_pickle=False)
        part.replace(path)
    job.done()
    return found


def all_of(
    job: Job, labels: Sequence[str], make: Callable[[str], NDArray[Any]], *, cells: int = 0
) -> Iterator[NDArray[Any]]:
    """Values of all steps in their order, a few fetched at a time.

    Parameters
    ----------
    job : Job
    labels : sequence of str
    make : function of a label
    cells : int
        Of one step; large ones are fetched one after the other, so that few are in memory.
    """

    def one(label: str) -> None:
        kept(job, label, lambda: make(label))

    with ThreadPoolExecutor(max_workers=1 if cells > LARGE else AT_ONCE) as pool:
        waiting = [pool.submit(one, label) for label in labels]
        try:
            for future in waiting:
                future.result()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    for label in labels:
        yield np.load(job.work / f"{label}.npy", allow_pickle=False)
