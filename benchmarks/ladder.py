# SPDX-License-Identifier: Apache-2.0
"""The finance ladder over a million transactions: from the rollup, beside a pandas group-by over all rows."""

from __future__ import annotations

import numpy as np
import pandas as pd

from benchmarks import Row, cpu_seconds
from homeground.accelerator.ladder.finance_ladder import finance_ladder
from homeground.accelerator.ladder.rollup import rollup
from homeground.accelerator.ladder.rows import KINDS

SIZE = 1_000_000
BY = ["donor", "iso3", "instrument", "year"]
COUNTRIES = ["BFA", "TCD", "DJI", "ERI", "ETH", "MLI", "MRT", "NER", "NGA", "SEN", "SDN"]
STEP = {kind: step for kind, (step, end) in KINDS.items() if end == "out"}


def made_world(size: int = SIZE, seed: int = 16) -> dict[str, pd.DataFrame]:
    """Transactions of 20 000 made projects; each donor has one currency and two instruments, each row its country."""
    rng = np.random.default_rng(seed)
    projects = rng.integers(0, 20_000, size)
    donor_of = rng.integers(0, 60, 20_000)
    donors = donor_of[projects]
    currencies = np.array(["USD", "EUR", "XOF"])
    kinds = np.array(list(STEP))
    instruments = np.array([["grant", "loan"][i % 2] for i in range(60)])
    table = pd.DataFrame({
        "transaction": np.arange(size).astype("str"), "project": np.char.add("P", projects.astype("str")),
        "kind": kinds[rng.integers(0, len(kinds), size)], "amount_minor": rng.integers(-10_000, 10**9, size),
        "currency": currencies[donors % 3], "donor": np.char.add("D", donors.astype("str")),
        "instrument": np.where(rng.random(size) < 0.9, instruments[donors], "guarantee"),
        "iso3": np.array(COUNTRIES)[(projects + rng.integers(0, 2, size)) % len(COUNTRIES)],
        "date": np.datetime64("2018-01-01", "D") + rng.integers(0, 2900, size),
    })  # fmt: skip
    pillars = pd.DataFrame({
        "project": np.repeat(np.char.add("P", np.arange(20_000).astype("str")), 2),
        "pillar": np.tile([1, 2], 20_000), "share": np.tile([40.0, 60.0], 20_000),
    })  # fmt: skip
    return {"transactions": table, "project_pillars": pillars}


def full_scan(transactions: pd.DataFrame) -> pd.DataFrame:
    """The same sums by a group-by over all rows, without netting (there are no links here) or pillars."""
    table = transactions.assign(step=transactions["kind"].map(STEP), year=transactions["date"].dt.year)
    return table.groupby([*BY, "step", "currency"], as_index=False)["amount_minor"].sum()


def run() -> list[Row]:
    """Compare the ladder from the rollup with the full scan, value for value."""
    tables = made_world()
    rolled = {"rollup": rollup(tables)}
    cells = finance_ladder(rolled, by=BY).cells[[*BY, "step", "currency", "amount_minor"]]
    scanned = full_scan(tables["transactions"])
    keys = [*BY, "step", "currency"]
    both = cells.astype(dict.fromkeys(keys, "str")).merge(
        scanned.astype(dict.fromkeys(keys, "str")), on=keys, how="outer", suffixes=("", "_scan")
    )
    equal = len(both) == len(scanned) and bool((both["amount_minor"] == both["amount_minor_scan"]).all())
    assert equal, "the ladder from the rollup is not the full scan"
    ours = cpu_seconds(lambda: finance_ladder(rolled, by=BY))
    peer = cpu_seconds(lambda: full_scan(tables["transactions"]), repeats=3)
    made = cpu_seconds(lambda: rollup(tables), repeats=1)
    what = f"ladder of {SIZE:,} transactions from {len(rolled['rollup']):,} rows of the rollup; peer: pandas group-by of all"
    said = f"{len(cells):,} cells equal; {1000 * ours:.0f} ms a ladder, the rollup itself {made:.1f} s"
    million = SIZE / 1e6
    return [
        Row(
            what,
            million / ours,
            million / peer,
            peer / ours,
            None,
            million / 0.2 / (million / peer),
            "M rows/CPU-s",
            said,
        )
    ]
