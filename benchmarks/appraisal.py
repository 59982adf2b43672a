# SPDX-License-Identifier: Apache-2.0
"""A programme of 500 activities over 30 years in 10 000 draws, and the same draws through flows year by year.

The time is CPU-seconds, told in loops too, as the main job is, and by the clock. The peer takes each draw through a cash flow of every line
and year with NumPy, as a spreadsheet with a table of draws does; it does so for few draws, for it takes long.
"""

from __future__ import annotations

import resource
import time

import numpy as np
import pandas as pd

from benchmarks import Row
from benchmarks.main_job import loop
from homeground.finance.appraisal import RATES
from homeground.finance.farm._sums import drawn
from homeground.finance.farm.adoption import adoption_curve
from homeground.finance.farm.case import FarmCase, farm_case
from homeground.finance.farm.draws import draw_farms

SECONDS = 3.0  # asked for
ACTIVITIES, HORIZON, DRAWS, FEW = 500, 30, 10_000, 50
ITEMS = (
    ("output", "season", "traded crop", 1.0), ("input", "season", "traded input", 0.5), ("hired", "establishment", "day", 0.0),
    ("family", "season", "day", 0.0), ("family", "upkeep", "day", 0.0), ("carbon", "season", "carbon", 0.0),
)  # fmt: skip


def question(activities: int, seed: int = 1) -> FarmCase:
    """Made budgets of as many activities, each on a kind of farm of its own, beside one that all give up."""
    rng = np.random.default_rng(seed)
    prices = {f"{item} {i % 20}": float(rng.uniform(1, 5)) for i in range(20) for _, _, item, _ in ITEMS}
    rows = []
    for i in range(-1, activities):
        for kind, purpose, item, traded in ITEMS if i >= 0 else ITEMS[:1]:
            price = np.nan if kind == "carbon" else prices[f"{item} {i % 20}"]
            mid = float(rng.uniform(1, 3)) * (8 if kind == "output" and i >= 0 else 1)
            rows.append(
                {
                    "activity": f"a{i}", "item": f"{item} {i % 20}", "kind": kind, "purpose": purpose, "unit": "unit",
                    "quantity_low": 0.6 * mid, "quantity": mid, "quantity_high": 1.3 * mid,
                    "price_low": 0.8 * price, "price": price, "price_high": 1.5 * price, "traded": traded,
                    "from_age": 0 if purpose != "upkeep" else 1, "to_age": 0 if purpose == "establishment" else np.nan,
                    "lag": float(rng.integers(0, 3)) if kind == "output" else np.nan,
                    "full": float(rng.integers(3, 8)) if kind == "output" else np.nan,
                    "currency": "USD", "price_year": 2023, "source": "made", "quality": 5,
                }
            )  # fmt: skip
    names = [f"f{i}" for i in range(activities)]
    farms = pd.concat(
        [
            pd.DataFrame({"farm": names, "situation": "with", "activity": [f"a{i}" for i in range(activities)]}),
            pd.DataFrame({"farm": names, "situation": "without", "activity": "a-1"}),
        ]
    ).assign(hectares=1.0)
    adoption = pd.concat([adoption_curve(name, 100.0, first_year=2025, years=8) for name in names])
    return farm_case(
        pd.DataFrame(rows), farms, adoption, first_year=2025, horizon=HORIZON, shadow_wage=0.6, shadow_exchange=1.1
    )


def year_by_year(case: FarmCase, draws: list[int], rate: float) -> np.ndarray:
    """Financial present value of some draws, each through the flows of every line and year."""
    lines = case.lines
    sign = np.where(lines["gain"], 1.0, -1.0) * lines["sign"].to_numpy()
    columns = {}
    for what in ("quantity", "price"):
        of = [f"{what}_{end}" for end in ("chance", "low", "mid", "high")]
        made = {
            (name, low, mid, high): drawn(name, low, mid, high, DRAWS, 1)
            for name, low, mid, high in set(lines[of].itertuples(index=False, name=None))
        }
        columns[what] = [made[key] for key in lines[of].itertuples(index=False, name=None)]
    found = []
    years = (1.0 + rate) ** -np.arange(float(case.years))
    for d in draws:
        money = np.array(
            [
                (q if isinstance(q, float) else q[d]) * (p if isinstance(p, float) else p[d])
                for q, p in zip(columns["quantity"], columns["price"], strict=True)
            ]
        )
        found.append(float(((sign * money)[:, None] * case.units).sum(axis=0) @ years))
    return np.array(found)


def run() -> list[Row]:
    """Four rates and both views at once; the financial view beside flows of every year."""
    case = question(ACTIVITIES)
    draw_farms(case, rates=[0.06], draws=100)  # what is loaded once
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    one = loop()
    clock, cpu = time.perf_counter(), time.process_time()
    table = draw_farms(case, rates=RATES, draws=DRAWS, ranges={"delay": (0.0, 0.0, 2.0), "adoption": (0.6, 1.0, 1.0)})
    clock, cpu = time.perf_counter() - clock, time.process_time() - cpu
    beyond = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1e6
    start = time.process_time()
    plain = draw_farms(case, rates=[0.06], draws=DRAWS).iloc[0]
    alone = time.process_time() - start
    start = time.process_time()
    theirs = year_by_year(case, list(range(FEW)), 0.06)
    peer = (time.process_time() - start) / FEW * DRAWS
    inside = float(((theirs >= plain["npv_p05"]) & (theirs <= plain["npv_p95"])).mean())
    size = DRAWS * ACTIVITIES * (HORIZON + 1) / 1e6
    return [
        Row(
            what=f"{DRAWS} draws of {ACTIVITIES} activities over {HORIZON} years, {len(RATES)} rates, two views; peer: {SECONDS:g} s",
            ours=size / cpu, peer=size / SECONDS, ratio=SECONDS / cpu, must=1.0, aim=None, unit="M activity-years/CPU-s",
            agreement=f"{cpu:.1f} CPU-s, {clock:.1f} s by the clock, {cpu / one:.1f} loops, {beyond:.2f} GB beyond the data; "
            f"{len(table)} rows",
        ),
        Row(
            what="The same for one rate and view; peer: NumPy, flows of every line and year, draw by draw",
            ours=size / alone, peer=size / peer, ratio=peer / alone, must=1.0, aim=None, unit="M activity-years/CPU-s",
            agreement=f"{inside:.0%} of {FEW} of its draws lie within our p05 to p95 (90 % expected)",
        ),
    ]  # fmt: skip
