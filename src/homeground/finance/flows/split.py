# SPDX-License-Identifier: Apache-2.0
"""The hectares of a schedule by land cover, in the shares that the plan gives."""

from __future__ import annotations

import pandas as pd

from homeground.errors import DataError


def split_by_cover(schedule: pd.DataFrame, allocation: pd.DataFrame) -> pd.DataFrame:
    """The hectares of a schedule by land cover, in the shares that the plan gives each country's measure.

    Parameters
    ----------
    schedule : DataFrame
        iso3, measure, year, hectares.
    allocation : DataFrame
        Allocation of the same plan: iso3, measure, cover_class, hectares.

    Returns
    -------
    DataFrame
        iso3, measure, year, cover_class, hectares; sums by iso3, measure and year are unchanged.

    Raises
    ------
    DataError
        The schedule starts a measure in a country where the allocation has no land for it.

    Notes
    -----
    The plan does not say which land of a country comes first: every year gets the shares of the whole plan.

    Examples
    --------
    >>> import pandas as pd
    >>> keys = dict(iso3="NER", measure="zai")
    >>> land = (("cropland", 30.0), ("grassland", 10.0))
    >>> plan = pd.DataFrame([keys | dict(cover_class=cover, hectares=h) for cover, h in land])
    >>> split_by_cover(pd.DataFrame([keys | dict(year=2024, hectares=8.0)]), plan)["hectares"].tolist()
    [6.0, 2.0]
    """
    by = allocation.groupby(["iso3", "measure", "cover_class"], as_index=False)["hectares"].sum()
    total = by.groupby(["iso3", "measure"])["hectares"].transform("sum")
    by = by.assign(share=by["hectares"] / total).drop(columns="hectares")
    out = schedule.merge(by, on=["iso3", "measure"], how="left")
    lost = out[out["share"].isna()]
    if len(lost):
        where = ", ".join(sorted({f"{i} {m}" for i, m in zip(lost["iso3"], lost["measure"], strict=True)})[:5])
        raise DataError(f"the schedule starts {where}, for which the allocation has no land. Give both of one plan.")
    out["hectares"] = out["hectares"] * out.pop("share")
    return out[["iso3", "measure", "year", "cover_class", "hectares"]]
