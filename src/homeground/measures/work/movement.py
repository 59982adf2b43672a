# SPDX-License-Identifier: Apache-2.0
"""Where people leave from and where they found refuge, as a weight from 0 to 1: what a study may look at first.

A weight says where work and land may matter to many people who moved. It is no reason for anybody to go back, and none to
hold anybody where they are: moving is not a fault.
"""

from __future__ import annotations

import pandas as pd

from homeground.errors import DataError

OUT = "net_migration"  # persons a year, below 0: more left than came
HOSTED = ("idps_idmc", "refugees_by_asylum")  # internally displaced people and refugees, where they are
PEOPLE = "population_midyear"
RECENT = 3  # years before the newest figure of all; an older one is no state of today
LEVEL = "country"  # displacement and migration are published by country only


def movement_weights(regions: pd.DataFrame, figures: pd.DataFrame) -> pd.DataFrame:
    """Two weights for each region: how many left its country, and how many displaced people it hosts, per inhabitant.

    Parameters
    ----------
    regions : DataFrame
        region_id, iso3.
    figures : DataFrame
        ``people_countries.parquet``: iso3, indicator, year, value.

    Returns
    -------
    DataFrame
        region_id, iso3, left_per_1000 (net loss of people a year per 1000 inhabitants; 0 where more came than left),
        hosted_per_1000 (internally displaced people and refugees per 1000 inhabitants), weight_origin and weight_host
        (each over the highest of the study, 0 to 1; missing where no figure is published), level: "country", for no figure
        below it is at hand and all regions of a country have the same weight.

    Raises
    ------
    DataError
        A column is missing.

    Notes
    -----
    Newest figure of each indicator within three years of the newest of all. Both kinds of hosted people are needed: a
    country of which one is not published has no weight as a host.

    Examples
    --------
    >>> figures = pd.DataFrame(
    ...     [["A", "net_migration", -10.0], ["A", "population_midyear", 1000.0], ["B", "net_migration", 5.0],
    ...      ["B", "population_midyear", 500.0], ["B", "idps_idmc", 20.0], ["B", "refugees_by_asylum", 5.0]],
    ...     columns=["iso3", "indicator", "value"]).assign(year=2024)
    >>> regions = pd.DataFrame({"region_id": ["a1", "b1"], "iso3": ["A", "B"]})
    >>> movement_weights(regions, figures)[["left_per_1000", "hosted_per_1000", "weight_origin", "weight_host"]].values.tolist()
    [[10.0, nan, 1.0, nan], [0.0, 50.0, 0.0, 1.0]]
    """
    for table, names in ((regions, ("region_id", "iso3")), (figures, ("iso3", "indicator", "year", "value"))):
        if missing := [name for name in names if name not in table.columns]:
            raise DataError(f"the table lacks {', '.join(missing)}. Expected: {', '.join(names)}.")
    wanted = figures[figures["indicator"].isin([OUT, PEOPLE, *HOSTED]) & figures["value"].notna()]
    fresh = wanted[wanted["year"] >= wanted["year"].max() - RECENT]
    newest = fresh.sort_values("year").groupby(["iso3", "indicator"])["value"].last().unstack("indicator")
    newest = newest.reindex(columns=[OUT, PEOPLE, *HOSTED]).astype(float)
    per = newest[PEOPLE].where(newest[PEOPLE] > 0) / 1000
    left = (-newest[OUT]).clip(lower=0.0) / per
    hosted = newest[list(HOSTED)].sum(axis=1, skipna=False) / per
    out = regions[["region_id", "iso3"]].reset_index(drop=True)
    for name, rates in (("left", left), ("hosted", hosted)):
        out[f"{name}_per_1000"] = out["iso3"].map(rates)
    for name, source in (("origin", "left"), ("host", "hosted")):
        values = out[f"{source}_per_1000"]
        most = values.max()
        out[f"weight_{name}"] = values / most if most > 0 else values
    return out.assign(level=LEVEL)
