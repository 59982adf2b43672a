# SPDX-License-Identifier: Apache-2.0
"""How fast the engines are beside their peers: both run on the same data in one process, and their values are compared.

A module here with ``run() -> list[Row]`` is a benchmark. ``python -m benchmarks`` runs all but the longest, ``python -m
benchmarks drought`` one.
"""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One comparison. Rates are work per CPU-second, so that threads do not flatter anyone.

    ``peer`` and ``ratio`` are None where the peer is not installed; ``agreement`` then says how to install it.
    """

    what: str  # "SPI-12, 480 months x 40 000 cells; peer: climate-indices 3.1.0"
    ours: float  # million units of work per CPU-second
    peer: float | None
    ratio: float | None  # ours / peer
    must: float | None  # the least ratio asked for
    aim: float | None
    unit: str  # "M values/CPU-s"
    agreement: str  # what the values compared in this run say, e.g. "max difference 3e-7"


def cpu_seconds(work: Callable[[], object], repeats: int = 5) -> float:
    """Median CPU time (all threads, user and system) of ``repeats`` calls; call once before, so that it is compiled."""
    taken = []
    for _ in range(repeats):
        gc.collect()
        start = time.process_time()
        work()
        taken.append(time.process_time() - start)
    return statistics.median(taken)
