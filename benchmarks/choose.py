# SPDX-License-Identifier: Apache-2.0
"""One of eight measures for each unit under 14 rules: a choice of whole units with its bound, beside solvers of the same.

At a million units nothing else finishes: what it takes is told in loops, as the main job is. At 10,000 units HiGHS solves
the linear programme (parts of units), by itself and through linopy, and SciPy asks it for whole units.
"""

from __future__ import annotations

import resource
import time
from importlib.util import find_spec
from typing import Any

import numpy as np
import scipy.optimize
import scipy.sparse as sp
from numpy.typing import NDArray

from benchmarks import Row
from benchmarks.main_job import loop
from homeground.measures.choice.choose import choose
from homeground.measures.planning.programme import Programme
from homeground.measures.planning.programme import run as solve

MUST, AIM = 8, 3  # loops for a million units
MEASURES, REGIONS = 8, 11
Floats = NDArray[np.float64]


def question(units: int, seed: int = 1) -> tuple[Floats, Floats, dict[str, Any]]:
    """Utility and cost of each measure in each unit, and 14 rules: a budget, a floor a region, women and youth."""
    rng = np.random.default_rng(seed)
    shape = (units, MEASURES)
    cost = rng.lognormal(5, 0.5, shape)
    utility = cost**0.6 * rng.lognormal(0, 0.4, shape) * rng.uniform(0.5, 1.5, (units, 1))
    work = cost * rng.uniform(0.1, 0.5, shape)
    women, youth = (work * rng.uniform(low, 0.6, shape) for low in (0.2, 0.3))
    return utility, cost, {
        "budget": 0.12 * float(cost.mean(axis=1).sum()),
        "region": rng.integers(0, REGIONS, units),
        "floors": dict.fromkeys(range(REGIONS), 0.085),
        "work": work,
        "shares": {"women": (0.41, women), "youth": (0.46, youth)},
    }  # fmt: skip


def programme(utility: Floats, cost: Floats, given: dict[str, Any]) -> Programme:
    """The same question for parts of units."""
    columns = np.arange(utility.size)
    found = Programme(np.ones(columns.size), utility.ravel())
    found.add("unit", sp.csr_array((np.ones(columns.size), (columns // MEASURES, columns))), "<", 1.0)
    parts = cost.ravel() / given["budget"]
    found.add("budget", parts[None], "<", 1.0)
    for code, part in given["floors"].items():
        own = np.repeat(given["region"] == code, MEASURES)
        found.add(f"floor {code}", np.where(own, parts, 0.0)[None], ">", part)
    for name, (part, group) in given["shares"].items():
        row = (group - part * given["work"]).ravel()
        found.add(name, (row / np.abs(row).max())[None], ">", 0.0)
    return found


def by_scipy(asked: Programme) -> float:
    """Whole units by SciPy's interface to HiGHS; the best of one minute."""
    lower = np.where(asked.sense == "<", -np.inf, asked.b)
    upper = np.where(asked.sense == ">", np.inf, asked.b)
    found = scipy.optimize.milp(
        -asked.c, constraints=scipy.optimize.LinearConstraint(asked.matrix, lower, upper),
        bounds=scipy.optimize.Bounds(0, 1), integrality=np.ones(len(asked.c)), options={"time_limit": 60, "mip_rel_gap": 1e-4},
    )  # fmt: skip
    return float("nan") if found.x is None else -float(found.fun)


def by_linopy(asked: Programme) -> float:
    """The linear programme through linopy, its matrix handed on as it is."""
    import linopy
    import pandas as pd
    import xarray as xr

    model = linopy.Model()
    columns = pd.RangeIndex(len(asked.c), name="column")
    z = model.add_variables(lower=0, upper=1, coords=[columns], name="z")
    matrix, at_most = asked.matrix, asked.sense == "<"
    width = int(np.diff(matrix.indptr)[: matrix.shape[0] - 14].max())
    of_units = matrix[: matrix.shape[0] - 14]
    places = of_units.indices.reshape(-1, width)
    units = pd.RangeIndex(len(places), name="unit")
    terms = xr.DataArray(places, {"unit": units}, ("unit", "of"))
    model.add_constraints(z.sel(column=terms).sum("of") <= 1, name="unit")
    for row in range(matrix.shape[0] - 14, matrix.shape[0]):
        values = xr.DataArray(matrix[[row]].toarray()[0], {"column": columns}, ("column",))
        left = (values * z).sum()
        model.add_constraints(left <= asked.b[row] if at_most[row] else left >= asked.b[row], name=f"row {row}")
    model.add_objective((xr.DataArray(asked.c, {"column": columns}, ("column",)) * z).sum(), sense="max")
    model.solve("highs", io_api="direct", output_flag=False)
    return float(model.objective.value)


def taken(work: Any) -> tuple[float, Any]:
    start = time.process_time()
    found = work()
    return time.process_time() - start, found


def run() -> list[Row]:
    """A million units in loops; ten thousand beside the solvers."""
    data = question(1_000_000)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    early = loop()
    seconds, found = taken(lambda: choose(data[0], data[1], **data[2]))
    one = (early + loop()) / 2
    beyond = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1e6
    rows = [
        Row(
            what=f"A choice for 1 000 000 units x 8 measures x 14 rules; peer: {MUST} loops",
            ours=1 / seconds, peer=1 / (MUST * one), ratio=MUST * one / seconds, must=1.0, aim=MUST / AIM,
            unit="M units/CPU-s",
            agreement=f"{seconds / one:.1f} loops, gap {found.gap:.1e} (asked: 1e-5), {beyond:.2f} GB beyond the data",
        )
    ]  # fmt: skip
    utility, cost, given = question(10_000)
    asked = programme(utility, cost, given)
    seconds, found = taken(lambda: choose(utility, cost, **given))
    peers = {
        "HiGHS, parts of units": lambda: float(utility.ravel() @ solve(asked)[0]),  # type: ignore[index]
        "SciPy milp, whole units, a minute at most": lambda: by_scipy(asked),
    }
    if find_spec("linopy"):
        peers["linopy, parts of units"] = lambda: by_linopy(asked)
    for peer, work in peers.items():
        theirs, value = taken(work)
        said = (
            "none found" if np.isnan(value) else f"{value:.4f}, ours {found.objective:.4f}, our bound {found.bound:.4f}"
        )
        rows.append(
            Row(
                what=f"The same for 10 000 units; peer: {peer}",
                ours=0.01 / seconds, peer=0.01 / theirs, ratio=theirs / seconds, must=None, aim=None, unit="M units/CPU-s",
                agreement=f"objective {said}; our gap {found.gap:.1e}",
            )
        )  # fmt: skip
    return rows
