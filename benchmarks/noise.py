# SPDX-License-Identifier: Apache-2.0
"""Made worlds without signal: how often the range of the noise covers the share, and how wide it is.

``python -m benchmarks.noise cover`` counts over 200 worlds for each common share and memory; ``ranges`` prints the table of
docs/degradation.md; ``rain`` counts over worlds that follow their rain, for the range of what rain alone gives, and
``beside`` for that of chance where the trend is of rain residuals or rain-use efficiency. Worlds have cells with a common
and an own part of noise, both of one memory, and no change of cover or carbon; performance is stable.
"""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from benchmarks import Row, cpu_seconds
from homeground.land.assessment.choices import Choices
from homeground.land.assessment.judgement import Evidence
from homeground.land.noise.rain import rain_alone
from homeground.land.noise.shares import Observed, draw_shares, judged_cells
from homeground.land.noise.water import bound
from homeground.land.productivity.noise import no_signal
from homeground.land.productivity.profiles import PROFILES, Period, period_ending

WORLDS, DRAWS, CELLS = 200, 199, 300
TOLD = ("productivity_declining", "degraded", "improved")


def spans(years: int) -> dict[str, Period]:
    """Both periods in a series of so many years that ends in 2023: 16 years each, which overlap in a short one."""
    first = 2024 - years
    return {"baseline": period_ending(first + 15), "period": period_ending(2023)}


def chain(rng: np.random.Generator, years: int, columns: int, memory: float) -> NDArray[np.float64]:
    """Noise of variance 1 that keeps a part of the year before."""
    out = np.empty((years, columns))
    out[0] = rng.normal(size=columns)
    for t in range(1, years):
        out[t] = memory * out[t - 1] + np.sqrt(1 - memory**2) * rng.normal(size=columns)
    return out


def world(rng: np.random.Generator, years: int, cells: int, common: float, memory: float) -> NDArray[np.float64]:
    """Yearly index, years x cells."""
    whole, own = chain(rng, years, 1, memory), chain(rng, years, cells, memory)
    return 0.4 + 0.03 * (np.sqrt(common) * whole + np.sqrt(1 - common) * own)


def rain_world(
    rng: np.random.Generator, years: int, cells: int, part: float, common: float, memory: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Yearly index and rain: rain of the whole land with a little of each cell's own makes so much of the variance."""
    rain = 0.95 * chain(rng, years, 1, 0.0) + np.sqrt(1 - 0.95**2) * chain(rng, years, cells, 0.0)
    noise = (world(rng, years, cells, common, memory) - 0.4) / 0.03
    return 0.4 + 0.03 * (np.sqrt(part) * rain + np.sqrt(1 - part) * noise), 500 + 100 * rain


def as_observed(cells: int) -> dict[str, Observed]:
    """Cells of stable cover and carbon, all alike in performance."""
    zero = np.zeros(cells, np.int8)

    def one() -> Observed:
        like = xr.DataArray(zero, dims="cell")
        known = Evidence(
            like, {"mean": np.full(cells, 0.4)}, np.zeros(cells), names=np.zeros(1), potential=np.full(1, 0.4)
        )
        return Observed(known, zero, zero)

    return {"baseline": one(), "period": one()}


def judged_world(
    rng: np.random.Generator, years: int, cells: int, common: float, memory: float, profile: str, draws: int, seed: int
) -> tuple[dict[str, float], dict[str, NDArray[np.float64]], Any]:
    """Share of each measure in one world, and in its draws."""
    when, choices, given = np.arange(2024 - years, 2024), Choices(profile=profile), as_observed(cells)
    index = world(rng, years, cells, common, memory).astype(np.float32)
    judged = judged_cells(index, when, given, spans(years), choices)
    share = {name: 100 * float(holds.sum() / known.sum()) for name, holds, known in judged}
    null = no_signal(index, when, seed)
    drawn = draw_shares(null, given, spans(years), choices, np.ones((cells, 1)), draws, seed)
    return share, {name: values[:, 0] for name, values in drawn.items()}, null


def cover(worlds: int = WORLDS, cells: int = CELLS) -> None:
    """Percent of worlds whose share lies in the range, by common share and memory."""
    for common in (0.0, 0.5):
        for memory in (0.0, 0.4):
            rng, inside, memories = np.random.default_rng(7), dict.fromkeys(TOLD, 0), []
            below = dict.fromkeys(TOLD, 0)
            for seed in range(worlds):
                share, drawn, null = judged_world(rng, 24, cells, common, memory, "prais4-2026", DRAWS, seed)
                memories.append(null.memory)
                for name in TOLD:
                    low, high = np.percentile(drawn[name], (2.5, 97.5))
                    inside[name] += low <= share[name] <= high
                    below[name] += share[name] < low
            told = ", ".join(f"{n} {100 * c / worlds:.1f} (below {below[n]})" for n, c in inside.items())
            found = f"memory found {np.mean(memories):.2f} +- {np.std(memories):.2f}"
            print(f"common {common}, memory {memory}: {told}; {found}", flush=True)


def rain(worlds: int = WORLDS, cells: int = CELLS) -> None:
    """Percent of worlds whose share lies in the range of rain alone, by what rain explains, common share and memory."""
    when, choices, given = np.arange(2000, 2024), Choices(profile="prais4-2026"), as_observed(cells)
    for part in (0.0, 0.3, 0.7):
        for common, memory in ((0.0, 0.0), (0.5, 0.4)):
            rng, inside, below = np.random.default_rng(7), dict.fromkeys(TOLD, 0), dict.fromkeys(TOLD, 0)
            wide: dict[str, list[float]] = {"rain": [], "chance": []}
            for seed in range(worlds):
                index, mm = (a.astype(np.float32) for a in rain_world(rng, 24, cells, part, common, memory))
                judged = judged_cells(index, when, given, spans(24), choices)
                share = {name: 100 * float(holds.sum() / known.sum()) for name, holds, known in judged}
                for name, null in (
                    ("rain", rain_alone(index, mm, when, seed).null),
                    ("chance", no_signal(index, when, seed)),
                ):
                    drawn = draw_shares(null, given, spans(24), choices, np.ones((cells, 1)), DRAWS, seed)
                    low, high = np.percentile(drawn["degraded"], (2.5, 97.5))
                    wide[name].append(float(high - low))
                    if name == "rain":
                        for what in TOLD:
                            low, high = np.percentile(drawn[what], (2.5, 97.5))
                            inside[what] += low <= share[what] <= high
                            below[what] += share[what] < low
            told = ", ".join(f"{n} {100 * c / worlds:.1f} (below {below[n]})" for n, c in inside.items())
            widths = ", ".join(f"{name} {np.mean(values):.0f}" for name, values in wide.items())
            print(f"rain {part}, common {common}, memory {memory}: {told}; width of degraded: {widths}", flush=True)


def beside(worlds: int = WORLDS, cells: int = CELLS) -> None:
    """Percent of worlds whose share lies in the range of chance, where the trend is read beside the rain."""
    when, choices, given = np.arange(2000, 2024), Choices(profile="prais4-2026"), as_observed(cells)
    for trend_of in ("rain-residual", "rain-use"):
        for part in (0.0, 0.7):
            for common, memory in ((0.0, 0.0), (0.5, 0.4)):
                rng, inside, below = np.random.default_rng(7), dict.fromkeys(TOLD, 0), dict.fromkeys(TOLD, 0)
                for seed in range(worlds):
                    index, mm = (a.astype(np.float32) for a in rain_world(rng, 24, cells, part, common, memory))
                    judged = judged_cells(index, when, given, spans(24), choices, 1, (trend_of, mm))
                    share = {name: 100 * float(holds.sum() / known.sum()) for name, holds, known in judged}
                    null, water = bound(index, mm, when, trend_of, seed)
                    weights = np.ones((cells, 1))
                    drawn = draw_shares(null, given, spans(24), choices, weights, DRAWS, seed, water=water)
                    for what in TOLD:
                        low, high = np.percentile(drawn[what], (2.5, 97.5))
                        inside[what] += low <= share[what] <= high
                        below[what] += share[what] < low
                told = ", ".join(f"{n} {100 * c / worlds:.1f} (below {below[n]})" for n, c in inside.items())
                print(f"{trend_of}, rain {part}, common {common}, memory {memory}: {told}", flush=True)


def ranges(worlds: int = 400, cells: int = 250) -> None:
    """2.5 and 97.5 % quantiles of each share over worlds without signal, as rows of a table in Markdown."""
    for profile in PROFILES:
        for years in (20, 24, 30):
            said = []
            for memory in (0.0, 0.4):
                for common in (0.0, 0.5, 0.9):
                    rng = np.random.default_rng(11)
                    many = [world(rng, years, cells, common, memory) for _ in range(worlds)]
                    index = np.concatenate(many, axis=1).astype(np.float32)
                    given, when = as_observed(cells * worlds), np.arange(2024 - years, 2024)
                    found = dict(judged_cells(index, when, given, spans(years), Choices(profile=profile)))
                    for name in ("degraded", "improved"):
                        share = 100 * found[name].reshape(worlds, cells).mean(axis=1)
                        low, high = np.percentile(share, (2.5, 97.5))
                        said.append(f"{low:.0f}-{high:.0f}")
            print(f"| {profile} | {years} | " + " | ".join(said) + " |", flush=True)


def run() -> list[Row]:
    """Speed of the draws, and how many of 40 worlds with a common climate and memory the range covers."""
    rng, given, choices = np.random.default_rng(3), as_observed(CELLS), Choices()
    when = np.arange(2000, 2024)
    null = no_signal(world(rng, 24, CELLS, 0.5, 0.4), when, 1)

    def draws() -> object:
        return draw_shares(null, given, spans(24), choices, np.ones((CELLS, 1)), DRAWS, 1)

    draws()
    inside = 0
    for seed in range(40):
        share, drawn, _ = judged_world(rng, 24, CELLS, 0.5, 0.4, "prais4-2026", DRAWS, seed)
        low, high = np.percentile(drawn["degraded"], (2.5, 97.5))
        inside += low <= share["degraded"] <= high
    return [
        Row(
            what=f"Ranges without signal, {CELLS} cells x {DRAWS} draws, both periods; no peer",
            ours=CELLS * DRAWS / 1e6 / cpu_seconds(draws),
            peer=None,
            ratio=None,
            must=None,
            aim=None,
            unit="M series/CPU-s",
            agreement=f"the range covers the share in {inside} of 40 made worlds; 95 % were expected",
        )
    ]


if __name__ == "__main__":
    {"cover": cover, "ranges": ranges, "rain": rain, "beside": beside}[sys.argv[1]]()
