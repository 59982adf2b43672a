# SPDX-License-Identifier: Apache-2.0
"""Two workers beside one on a step that keeps cores busy: the first walk with every test of a trend.

The made land of `benchmarks.file_to_file`, 3 000 cells a side (``HOMEGROUND_WORKERS_SIDE``). Both numbers of workers go by
turns, each in a process of its own; workers are started, and have compiled what they call, before the clock runs. It needs
two cores that nobody else uses: the load of the machine stands in the history beside the ratio.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from benchmarks import Row
from benchmarks.file_to_file import _python, make

TURNS = 3
RUN = """
import json, shutil, sys
from pathlib import Path
from homeground.land.stage import STAGE
from homeground.running.cluster import workers_for
from homeground.running.record import read_run
from homeground.running.steps import Stage, run_stages
from homeground.study.opening import open_study
small, folder, out = map(Path, sys.argv[1:4])
walk = (Stage("land", tuple(s for s in STAGE.steps if s.name == "vegetation"), lambda _: ()),)
with workers_for(int(sys.argv[4]), None, results=out, inputs=()):
    for study in (small, folder):
        shutil.rmtree(out, ignore_errors=True)
        list(run_stages(open_study(study), walk, out))
print(json.dumps(read_run(out)["steps"]["land.vegetation"]["seconds"]))
"""


def run() -> list[Row]:
    side = int(os.environ.get("HOMEGROUND_WORKERS_SIDE", "3000"))
    with tempfile.TemporaryDirectory(dir=os.environ.get("HOMEGROUND_SCRATCH")) as scratch:
        small, folder, results = (Path(scratch) / name for name in ("small", "made", "results"))
        for one, cells in ((small, 1100), (folder, side)):  # of the small one each worker has a tile
            one.mkdir()
            make(one, cells, sensitivity=True)
        taken: dict[int, list[float]] = {1: [], 2: []}
        for _ in range(TURNS):
            for count, seconds in taken.items():
                seconds.append(float(_python(RUN, small, folder, results, Path(str(count)))))  # type: ignore[arg-type]
    one, two = min(taken[1]), min(taken[2])
    cells = side * side / 1e6
    return [
        Row(
            what=f"first walk with every test, {side} x {side} cells, 20 years, two workers; peer: one worker, wall clock",
            ours=cells / two,
            peer=cells / one,
            ratio=one / two,
            must=1.7,
            aim=None,
            unit="M cells/s",
            agreement=(
                f"{two:.0f} s against {one:.0f} s, the quickest of {TURNS} turns each; the bytes are the same "
                "(tests/land/stage/test_workers.py)"
            ),
        )
    ]
