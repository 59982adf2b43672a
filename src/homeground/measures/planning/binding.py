# SPDX-License-Identifier: Apache-2.0
"""What holds a plan back in each region: its land, how many people may take a measure up, or money and rules."""

from __future__ import annotations

import numpy as np
import pandas as pd

from homeground.measures.planning.model import HA, Problem, Solution

FULL = 0.999  # of what could be taken, and a ceiling counts as reached
WHAT = ("land", "adoption", "money_or_rules", "nothing_fits")


def binding_table(problem: Problem, solution: Solution, areas: pd.DataFrame) -> pd.DataFrame:
    """What binds in each region, and how much of its land the plan takes.

    Parameters
    ----------
    problem : Problem
        From `build_problem`.
    solution : Solution
        Of that problem.
    areas : DataFrame
        From `suitable_areas`, what the problem was built from: its regions are told, those without fitting land too.

    Returns
    -------
    DataFrame, one row a region
        region_id; binds: land (all that the land ceiling and the adoption ceilings leave is taken, and the land ceiling
        is what stops most of it), adoption (the same, stopped by what may be taken up of each measure), money_or_rules
        (land is left that measures fit), nothing_fits; taken_ha; could_ha: what the ceilings leave; share: of these.

    Notes
    -----
    What could be taken of a unit is the lesser of its land under the land ceiling and the sum of its adoption ceilings.

    Examples
    --------
    Of 10 km2 two measures may have 4 each, and 5 km2 of the land may be taken: land binds once 5 are taken.

    >>> pairs = pd.DataFrame({"unit": 0, "group": [0, 1], "region_id": "a", "gain": 1.0, "ceiling_km2": 4.0})
    >>> groups, one = pd.DataFrame({"iso3": ["NER"] * 2, "measure": ["a", "b"]}), np.ones(2)
    >>> problem = Problem(pairs, np.array([5.0]), groups, one, one, np.ones((2, 1)), {}, np.array([9.0]), {}, {})
    >>> solution = Solution(np.array([4.0, 1.0]), np.array([[4.0], [1.0]]), 5.0, 5.0, {}, 0.0)
    >>> binding_table(problem, solution, pd.DataFrame({"region_id": ["a", "b"]})).values.tolist()
    [['a', 'land', 500.0, 500.0, 1.0], ['b', 'nothing_fits', 0.0, 0.0, nan]]
    """
    units = len(problem.unit_km2)
    unit = problem.pairs["unit"].to_numpy(int)
    gains = problem.pairs["gain"].to_numpy(float) > 0  # land that gains nothing holds no plan back
    adoption = np.bincount(unit, np.where(gains, problem.pairs["ceiling_km2"].to_numpy(float), 0.0), units)
    could = np.minimum(problem.unit_km2, adoption)
    taken = np.bincount(unit, solution.taken, units)
    by_land = np.where(problem.unit_km2 <= adoption, taken, 0.0)
    region = problem.pairs.drop_duplicates("unit").set_index("unit")["region_id"]
    of = region.index.to_numpy(int)
    sums = pd.DataFrame(
        {"taken": taken[of], "could": could[of], "by_land": by_land[of], "region_id": region.to_numpy()}
    )
    found = sums.groupby("region_id").sum().reindex(pd.unique(areas["region_id"]), fill_value=0.0)
    full = (found["taken"] >= FULL * found["could"]) & (found["could"] > 0)
    land = full & (found["by_land"] >= 0.5 * found["taken"])
    binds = np.select([land, full, found["could"] > 0], WHAT[:3], WHAT[3])
    return pd.DataFrame(
        {
            "region_id": found.index,
            "binds": binds,
            "taken_ha": found["taken"].to_numpy() * HA,
            "could_ha": found["could"].to_numpy() * HA,
            "share": (found["taken"] / found["could"].where(found["could"] > 0)).to_numpy(),
        }
    )
