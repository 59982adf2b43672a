# SPDX-License-Identifier: Apache-2.0
"""From promise to spending: what each donor pledged, programmed, committed, disbursed and spent, where, for what, when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import pandas as pd

from homeground.accelerator.issues import Issue
from homeground.accelerator.ladder.currencies import CROSSINGS
from homeground.accelerator.ladder.dollars import in_dollars
from homeground.accelerator.ladder.grouping import sum_by
from homeground.accelerator.ladder.notices import notices_of
from homeground.accelerator.ladder.rollup import OF_IT, PARTS, SPLIT, SUMS, rollup_and_crossings, rows_of
from homeground.accelerator.ladder.rows import STEPS, beside_rows, table_of
from homeground.errors import DataError


@dataclass(frozen=True)
class Ladder:
    """The ladder as it was asked for.

    ``cells`` has one row for each cell, step and currency. ``steps`` sums them up for each step and currency: gross =
    amount + linked + levels + overlap + suspended + cancelled. ``beside`` is money that is no step (guarantees, interest,
    repayments), ``overlaps`` what people took off and why, ``crossings`` money that came in one currency and went on in
    another with the rate by which it was netted, ``not_converted`` money without a rate of its year, and ``notices`` what a
    reader must know.
    """

    cells: pd.DataFrame
    steps: pd.DataFrame
    beside: pd.DataFrame
    overlaps: pd.DataFrame
    crossings: pd.DataFrame
    not_converted: pd.DataFrame
    notices: tuple[Issue, ...]
    by: tuple[str, ...]
    tables: Mapping[str, pd.DataFrame] = field(repr=False)

    @cached_property
    def rows(self) -> pd.DataFrame:
        """The rows behind each cell, with their sources: see `rows_of`."""
        return rows_of(self.tables, self.by)

    def wide(self) -> pd.DataFrame:
        """One row a cell and currency, the five steps side by side in smallest units; what no row tells is missing."""
        keys = [*self.by, "currency"]
        table = self.cells.pivot_table(
            index=keys, columns="step", values="amount_minor", aggfunc="sum", observed=True, dropna=False
        )
        return table.reindex(columns=list(STEPS)).astype("Int64").reset_index().rename_axis(columns=None)


def finance_ladder(
    tables: Mapping[str, pd.DataFrame], *, by: Sequence[str] = SPLIT, usd: bool = False, language: str = "en"
) -> Ladder:
    """What was pledged, programmed, committed, disbursed and spent, every sum of money counted once.

    Parameters
    ----------
    tables : mapping of DataFrame
        Tables of the registry by name, money in ``amount_minor`` (int64, smallest units of ``currency``). A table
        "rollup" (of `rollup`) is taken in place of the rows, and is quick; with it "crossings", of `rollup_and_crossings`.
        Nothing else is needed than what is known.
    by : sequence of str, optional
        What the cells keep apart: any of donor, iso3, pillar, instrument, year. Step and currency always.
    usd : bool, optional
        Adds ``amount_usd_minor``, cents of United States dollars, where ``exchange_rates`` has the currency and year.
    language : str, optional
        Of the notices: en, fr or zh.

    Returns
    -------
    Ladder
        Its ``cells`` hold, beside ``amount_minor`` (what counts), what was told twice (linked, levels), taken off
        (overlap), suspended and cancelled; and of what counts, what may be told twice (residual), what donor and country
        confirmed with the latest date, and what stands under a pillar by the crosswalk of purposes alone. Where
        instruments are not kept apart, ``instruments`` names those that are summed.

    Raises
    ------
    DataError
        ``by`` holds what the ladder is not kept by.

    Notes
    -----
    Steps by kinds of IATI transactions: pledged 12 and 13 (and the table of pledges), programmed the table of
    allocations, committed 2 and 11, disbursed 3 and 1, spent 4. Kinds told by the receiver count only where a project
    tells of that step in no other way. See `double_counting` for what counts once, `shares` for divisions.

    Examples
    --------
    >>> told = {"transaction": ["T1", "T2"], "project": ["P", "P"], "kind": ["commitment", "disbursement"]}
    >>> told |= {"date": ["2023-01-01", "2024-03-01"], "currency": ["EUR", "EUR"], "amount_minor": [1000, 400]}
    >>> ladder = finance_ladder({"transactions": pd.DataFrame(told)}, by=["donor"])
    >>> ladder.wide()[["committed", "disbursed"]].values.tolist()
    [[1000, 400]]
    """
    if strange := [name for name in by if name not in SPLIT]:
        raise DataError(f"the ladder is not kept by {', '.join(strange)}. Choose of {', '.join(SPLIT)}.")
    if "rollup" in tables:
        rolled, crossed = tables["rollup"], tables.get("crossings", pd.DataFrame(columns=list(CROSSINGS)))
    else:
        rolled, crossed = rollup_and_crossings(tables)
    rates = table_of(tables, "exchange_rates")
    sums: tuple[str, ...] = SUMS
    not_converted = pd.DataFrame({"currency": [], "year": [], "amount_minor": []})
    if usd:
        rolled, not_converted = in_dollars(rolled, rates)
        sums = (*SUMS, "amount_usd_minor", "converted_minor")
    cells = _summed(rolled, [*by, "step", "currency"], sums)
    if "instrument" not in by:
        cells["instruments"] = _instruments(rolled, [*by, "step", "currency"], cells)
    steps = _summed(rolled, ["step", "currency"], sums)
    return Ladder(
        cells, steps, beside_rows(tables), table_of(tables, "overlaps"), crossed, not_converted,
        notices_of(tables, rolled, crossed, not_converted, language), tuple(by), tables,
    )  # fmt: skip


def _summed(rolled: pd.DataFrame, keys: list[str], sums: Sequence[str]) -> pd.DataFrame:
    """Sums of a rollup; columns that hold nothing are not summed, which is quicker."""
    held = [name for name in sums if rolled[name].any()]
    found = sum_by(rolled, keys, held, latest=["confirmed_on"])
    found = found.assign(**{name: 0 for name in sums if name not in held})
    gross = found[list(PARTS)].sum(axis=1)
    if "amount_usd_minor" in found:  # a sum of dollars is whole only where all of it was converted
        whole = found["converted_minor"] == found["amount_minor"]
        found["amount_usd_minor"] = found["amount_usd_minor"].astype("Int64").where(whole)
        found = found.drop(columns="converted_minor")
    more = [name for name in ("amount_usd_minor",) if name in found]
    found = found.assign(gross_minor=gross)[[*keys, *more, "gross_minor", *PARTS, *OF_IT, "confirmed_on", "rows"]]
    order = found["step"].astype("str").map(STEPS.index)
    return (
        found.assign(_step=order)
        .sort_values([*(k for k in keys if k != "step"), "_step"], kind="stable", ignore_index=True)
        .drop(columns="_step")
    )


def _instruments(rolled: pd.DataFrame, keys: list[str], cells: pd.DataFrame) -> pd.Series[str]:
    """Which instruments a total sums."""
    kinds = sum_by(rolled.assign(_n=1), [*keys, "instrument"], ["_n"]).astype({"instrument": "str"})
    named = kinds.sort_values("instrument").groupby(keys, observed=True, dropna=False)["instrument"].agg(", ".join)
    return cells[keys].merge(named.rename("instruments").reset_index(), on=keys, how="left")["instruments"]
