# SPDX-License-Identifier: Apache-2.0
"""Costs and benefits of restoring ecosystems as TEEB published them, held against what binds the columns to each other."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from homeground.errors import DataError, Problems

FILE = Path(__file__).parent / "biomes.csv"
# Present value of costs over the first cost: 1.173 to 1.202 in all nine published rows, as far as their rounding allows.
KEPT = (1.17, 1.21)


def restoration_returns(file: Path = FILE) -> pd.DataFrame:
    """Cost, yearly benefit, present value and ratio of restoring nine kinds of ecosystem, as published.

    Parameters
    ----------
    file : Path, optional
        A table of the same columns.

    Returns
    -------
    DataFrame, one row a biome
        cost_usd_ha, benefit_usd_ha_yr, npv_usd_ha, irr_percent, bcr, horizon_years as published (UNEP 2010, table 4); cost_present
        = npv / (bcr - 1), what its costs come to in present value; source, year, licence, quality, kind, note.

    Raises
    ------
    DataError
        A row whose numbers do not go together: its costs in present value lie outside 1.17 to 1.21 of the first cost.

    Notes
    -----
    NPV = PV(benefits) - PV(costs) and BCR = PV(benefits) / PV(costs), so that PV(costs) = NPV / (BCR - 1). Upkeep makes it
    a sixth to a fifth more than the first cost in every published row. For orientation only: no appraisal reads it.

    Examples
    --------
    >>> table = restoration_returns().set_index("biome")
    >>> float(table.loc["grasslands", "cost_present"].round(1))  # 22 600 / 74.1
    305.0
    """
    table = pd.read_csv(file)
    table["cost_present"] = table["npv_usd_ha"] / (table["bcr"] - 1)
    share = table["cost_present"] / table["cost_usd_ha"]
    problems = Problems(file.name)
    for row, (biome, part) in enumerate(zip(table["biome"], share, strict=True), start=2):
        if not KEPT[0] <= part <= KEPT[1]:
            problems.add(
                f"row {row}, {biome}: npv / (bcr - 1) is {part:.3f} of the cost; {KEPT[0]} to {KEPT[1]} was expected."
            )
    problems.raise_if_any(DataError)
    return table
