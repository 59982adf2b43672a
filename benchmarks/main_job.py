# SPDX-License-Identifier: Apache-2.0
"""The main job, `homeground run great-green-wall`, in CPU-seconds beside a plain loop that is timed between its runs.

Warm: compiled code and bytecode stand, the results folder is new. Cold: the first run after an installation. Again: all
results stand. Ratios are such that 1 is what is asked for; what a run takes, in loops, stands below each.

``HOMEGROUND_REGIONS=20000`` runs instead a study of so many made regions, squares of the countries of the Great Green Wall,
and tells its CPU-seconds, memory and the size of its page.
"""

from __future__ import annotations

import json
import math
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks import Row

STUDY = "great-green-wall"
MUST, AIM = 14, 9  # loops for a warm run
COLD = 2  # times a warm run
RUNS = 3
RUN = "import sys; from homeground.cli.app import main; sys.argv[0] = 'homeground'; main()"
REGIONS_AIM = 60.0  # CPU-seconds for 20 000 regions


PLAN = """[plan]
budget = { amount = "4.3e9 USD", price_year = "as published", years = [2024, 2030], source = "made" }
[plan.rules]
women = 0.4
youth = 0.3
country_floor = 0.05
country_floor_up_to_capacity = true
"""


def loop() -> float:
    """CPU-seconds of the loop that everything is measured by."""
    start = time.process_time()
    sum(i * i for i in range(30_000_000))
    return time.process_time() - start


def job(study: str, results: Path, caches: Path, *more: str) -> float:
    """CPU-seconds, user and system, of one run in a process of its own."""
    places = {"NUMBA_CACHE_DIR": str(caches / "numba"), "PYTHONPYCACHEPREFIX": str(caches / "bytecode")}
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"} | places
    before = os.times()
    words = [sys.executable, "-c", RUN, "run", study, "--results", str(results), *more]
    subprocess.run(words, check=True, env=environment, stdout=subprocess.DEVNULL)  # noqa: S603 (our own words)
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system


def beside(work: Callable[[], float]) -> tuple[float, float]:
    """CPU-seconds of some work, and of the loop just before and after it."""
    early = loop()
    taken = work()
    return taken, (early + loop()) / 2


def run() -> list[Row]:
    if wanted := os.environ.get("HOMEGROUND_REGIONS"):
        return [many_regions(int(wanted))]
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        cold, cold_loop = beside(lambda: job(STUDY, place / "cold", place))
        warm = [beside(lambda at=at: job(STUDY, place / f"warm{at}", place)) for at in range(RUNS)]  # type: ignore[misc]
        again = [beside(lambda: job(STUDY, place / "warm0", place)) for _ in range(RUNS)]
    in_loops = statistics.median(taken / one for taken, one in warm)
    typical = statistics.median(one for _, one in warm)
    seconds = statistics.median(taken for taken, _ in again)
    cold_in_loops = cold / cold_loop
    return [
        _row(f"warm; peer: {MUST} loops", in_loops * typical, MUST * typical, f"{in_loops:.1f} loops", MUST / AIM),
        _row(f"cold; peer: {COLD} warm runs", cold, COLD * in_loops * cold_loop, f"{cold_in_loops:.1f} loops", None),
        _row("again; peer: one CPU-second", seconds, 1.0, f"{seconds / typical:.2f} loops", None),
    ]


def _row(what: str, ours: float, peer: float, told: str, aim: float | None) -> Row:
    return Row(
        what=f"main job, {what}",
        ours=1 / ours,
        peer=1 / peer,
        ratio=peer / ours,
        must=1.0,
        aim=aim,
        unit="jobs/CPU-s",
        agreement=f"{ours:.1f} CPU-seconds, {told} of sum(i * i for i in range(30_000_000))",
    )


def many_regions(number: int) -> Row:
    """A study of made regions: CPU-seconds beside what 20 000 may take, memory, and the size of the page."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        made = make_study(place / "study", number)
        first = job(str(place / "study"), place / "first", place)
        taken = job(str(place / "study"), place / "results", place)
        out = next((place / "results").rglob("run.json")).parent
        steps = json.loads((out / "run.json").read_text(encoding="utf-8"))["steps"]
        memory = max(step["peak_mb"] or 0 for step in steps.values())
        page = (out / "index.html").stat().st_size / 1e6
    allowed = REGIONS_AIM * made / 20_000
    return Row(
        what=f"study of {made} made regions; peer: {REGIONS_AIM:g} CPU-seconds for 20 000",
        ours=1 / taken,
        peer=1 / allowed,
        ratio=allowed / taken,
        must=None,
        aim=1.0,
        unit="jobs/CPU-s",
        agreement=f"{taken:.0f} CPU-seconds (first run {first:.0f}), {memory} MB of memory, page {page:.1f} MB",
    )


def make_study(folder: Path, number: int) -> int:
    """Squares of one size, cut at borders, and the study that names them; how many there are."""
    import geopandas as gpd
    import numpy as np
    import pandas as pd
    import shapely

    from homeground.catalogue import atlas
    from homeground.study.opening import open_study

    source = open_study(STUDY)
    countries = atlas.regions(source.countries).dissolve("iso3")["geometry"]
    side = math.sqrt(sum(shape.area for shape in countries) / number)
    parts = []
    for iso3, shape in countries.items():
        west, south, east, north = shape.bounds
        x, y = np.meshgrid(np.arange(west, east, side), np.arange(south, north, side))
        squares = shapely.box(x.ravel(), y.ravel(), x.ravel() + side, y.ravel() + side)
        shapely.prepare(shape)
        pieces = shapely.intersection(shape, squares)
        within = pieces[(shapely.area(pieces) > side**2 / 10) & np.isin(shapely.get_type_id(pieces), (3, 6))]
        names = [f"{iso3}-{at}" for at in range(len(within))]
        parts.append(gpd.GeoDataFrame({"region_id": names, "iso3": iso3, "name": names}, geometry=within, crs=4326))
    regions = pd.concat(parts, ignore_index=True)
    folder.mkdir(parents=True)
    regions.to_file(folder / "regions.gpkg", driver="GPKG")
    listed = ", ".join(f'"{iso3}"' for iso3 in source.countries)
    (folder / "study.toml").write_text(
        'title = "Made regions"\nquestion = "How long does it take?"\ncannot_say = ["anything of real places"]\n'
        f'countries = [{listed}]\nregions = "custom"\n{PLAN}[data]\nregions = {{ path = "regions.gpkg", id = "region_id", iso3 = "iso3", name = "name" }}\n',
        encoding="utf-8",
    )
    return len(regions)
