# SPDX-License-Identifier: Apache-2.0
"""What more cells cost: CPU seconds and peak memory of both walks, from a million cells to a hundred million.

The made land of `benchmarks.file_to_file`, one run for each size in a process of its own. The table lies in growth.csv,
which ``python -m tools.draw_growth`` draws for the manual. CPU seconds are of all threads, so that others on the machine
lengthen them little. ``HOMEGROUND_SIDES=1000,2000`` gives other sides.
"""

from __future__ import annotations

import csv
import os
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import Row
from benchmarks._history import commit, machine
from benchmarks.file_to_file import RUN, YEARS, _python, _walks, make

GROWTH = Path(__file__).parent / "growth.csv"
SIDES = "1000,1800,3200,5600,10000"
COLUMNS = ("cells", "years", "cpu_s", "wall_s", "peak_mb", "input_mb", "results_mb", "date", "commit", "machine")


def _megabytes(folder: Path) -> float:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / 1e6


def run() -> list[Row]:
    rows = []
    for side in map(int, os.environ.get("HOMEGROUND_SIDES", SIDES).split(",")):
        with tempfile.TemporaryDirectory(dir=os.environ.get("HOMEGROUND_SCRATCH")) as scratch:
            folder, results, busy = Path(scratch) / "made", Path(scratch) / "results", machine()
            folder.mkdir()
            make(folder, side, sensitivity=False)
            found = _python(RUN, folder, results)
            numbers = (
                side * side, len(YEARS), round(_walks(found, "cpu"), 1), round(_walks(found), 1), round(found["peak_mb"]),
                round(_megabytes(folder), 1), round(_megabytes(results), 1),
            )  # fmt: skip
        rows.append((*numbers, f"{datetime.now(UTC):%Y-%m-%d}", commit(), busy))
        print(dict(zip(COLUMNS, rows[-1], strict=True)), flush=True)
    with GROWTH.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([COLUMNS, *rows])
    few, many = rows[-2] if len(rows) > 1 else rows[-1], rows[-1]
    paces = [1e6 * row[2] / row[0] for row in (few, many)]
    return [
        Row(
            what=f"both walks, {many[0] / 1e6:.3g} million cells, 20 years; peer: {few[0] / 1e6:.3g} million cells",
            ours=1 / paces[1],
            peer=1 / paces[0],
            ratio=paces[0] / paces[1],
            must=0.8,
            aim=None,
            unit="M cells/CPU-s",
            agreement=f"peak memory {many[4]} MB against {few[4]} MB; all sizes in benchmarks/growth.csv",
        )
    ]
