# SPDX-License-Identifier: Apache-2.0
"""The step that holds plots against the map: areas of degraded, stable and improved land with their intervals."""

from __future__ import annotations

import numpy as np
import pandas as pd

from homeground.catalogue.classes import MISSING
from homeground.land.assessment.files import DEGRADATION_STORE
from homeground.land.reference.estimate import Z95, stratified_areas
from homeground.land.reference.files import reference_given
from homeground.land.reference.plots import STATES, reference_plots, state_of, states_at
from homeground.language.messages import Saying
from homeground.running.steps import Work
from homeground.running.tables import LAND_REFERENCE, LAND_REFERENCE_MATRIX, LAND_STATUS

KM2 = ("mapped_km2", "estimated_km2")
COUNTS = ("plots", "seen_plots")


def reference(work: Work) -> None:
    """Areas by country from the plots that lie on land with a verdict, and the error matrix."""
    if not reference_given(work.study):
        return
    plots = reference_plots(work.study)
    if plots is None:
        raise AssertionError("a study that gives plots has a table of them")
    plots = plots.assign(state=states_at(work.results / DEGRADATION_STORE, plots))
    seen = plots["seen"].notna()
    left = {
        "not_seen": ~seen,
        "outside": seen & (plots["state"] == "outside"),
        "no_verdict": seen & (plots["state"] == ""),
    }
    for why, where in left.items():
        if where.any():
            work.warn(Saying(f"warning.reference.{why}", {"n": int(where.sum())}))
    used = plots[seen & plots["state"].isin(list(STATES.values()))]
    mapped = mapped_areas(pd.read_parquet(work.results / LAND_STATUS))
    areas, matrix = by_country(mapped, used)
    for iso3, rows in areas[areas["reason"] != ""].groupby("iso3"):
        if iso3:
            work.warn(Saying(f"warning.reference.{rows['reason'].iloc[0]}", {"country": str(iso3)}))
    _without_gaps(areas).to_parquet(work.out / LAND_REFERENCE)
    matrix.to_parquet(work.out / LAND_REFERENCE_MATRIX)


def mapped_areas(status: pd.DataFrame) -> pd.DataFrame:
    """Area of each class of the map by country, km2; land without a verdict belongs to none.

    Parameters
    ----------
    status : DataFrame
        ``land_status.parquet``: iso3, status (1 to 7, -128 missing), area_km2.

    Returns
    -------
    DataFrame, km2
        A row for each country, the columns degraded, stable and improved.

    Examples
    --------
    >>> rows = pd.DataFrame({"iso3": "NER", "status": [1, 3, 4, -128], "area_km2": [2.0, 3.0, 7.0, 9.0]})
    >>> mapped_areas(rows).to_dict("index")
    {'NER': {'degraded': 5.0, 'stable': 7.0, 'improved': 0.0}}
    """
    known = status[status["status"] != MISSING]
    states = state_of(known["status"].to_numpy("int8"))
    found: pd.DataFrame = known.assign(state=states).pivot_table("area_km2", "iso3", "state", "sum", fill_value=0.0)
    return found.reindex(columns=list(STATES.values()), fill_value=0.0).astype("float64").rename_axis(None)


def by_country(mapped: pd.DataFrame, plots: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Areas and error matrix of each country, and of all together where there are several.

    Parameters
    ----------
    mapped : DataFrame, km2
        As of `mapped_areas`.
    plots : DataFrame
        iso3, state (of the map) and seen of each plot on land with a verdict.

    Returns
    -------
    DataFrame, DataFrame
        The tables ``land_reference.parquet`` and ``land_reference_matrix.parquet``. Of all countries together areas are sums
        and their variances too, for each country is sampled for itself; accuracies are not worked out for them.
    """
    areas, matrices = [], []
    for iso3, km2 in mapped.iterrows():
        if not float(km2.sum()) > 0:
            continue
        here = plots[plots["iso3"] == iso3].rename(columns={"state": "map_class"})
        found = stratified_areas(km2, here[["map_class", "seen"]])
        areas.append(found.areas.rename(columns={"class": "state"}).assign(iso3=str(iso3)))
        matrices.append(found.matrix.rename(columns={"map_class": "state"}).assign(iso3=str(iso3)))
    table = pd.concat(areas, ignore_index=True)
    if len(areas) > 1:
        table = pd.concat([table, _together(table)], ignore_index=True)
    matrix = pd.concat(matrices, ignore_index=True)
    return table[["iso3", *table.columns.drop("iso3")]], matrix[["iso3", *matrix.columns.drop("iso3")]]


def _together(table: pd.DataFrame) -> pd.DataFrame:
    groups = table.groupby("state", sort=False)
    out = groups[[*KM2, *COUNTS]].sum(min_count=table["iso3"].nunique())
    variance = (
        (table["standard_error_km2"] ** 2).groupby(table["state"], sort=False).sum(min_count=table["iso3"].nunique())
    )
    error = np.sqrt(variance)
    out = out.assign(standard_error_km2=error, iso3="")
    total = float(table["mapped_km2"].sum())
    out["estimated_km2_low"] = (out["estimated_km2"] - Z95 * error).clip(lower=0.0)
    out["estimated_km2_high"] = (out["estimated_km2"] + Z95 * error).clip(upper=total)
    reasons = set(table["reason"])
    out["reason"] = next((one for one in ("no_plots", "one_plot") if one in reasons), "")
    return out.reset_index().astype(dict.fromkeys(COUNTS, "int64"))


def _without_gaps(areas: pd.DataFrame) -> pd.DataFrame:
    """The reason under the name that the table gives it, missing, not empty, where nothing is wrong."""
    told = areas["reason"].where(areas["reason"] != "", None).astype("str")
    return areas.drop(columns="reason").assign(unknown_because=told)
