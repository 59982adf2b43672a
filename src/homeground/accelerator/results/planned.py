# SPDX-License-Identifier: Apache-2.0
"""A study's plan beside what its countries' projects report: hectares by practice, and cost per hectare by the options table."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from homeground.accelerator.results.series import text_of

LAND = ("restored", "under management", "planted")
COLUMNS = ("iso3", "measure", "quantity", "planned_ha", "reported_ha", "share", "said")


def reported_by_practice(results: pd.DataFrame, places: pd.DataFrame) -> pd.DataFrame:
    """Approved hectares by country and practice.

    Parameters
    ----------
    results : DataFrame
        Of `aggregate` by ``iso3`` and ``place``.
    places : DataFrame
        As declared in the registry.

    Returns
    -------
    DataFrame
        iso3, practice ("" where no place tells it), quantity (restored, under management, planted), hectares.

    Examples
    --------
    >>> told = pd.DataFrame({"iso3": "NER", "place": ["a", "b", ""], "quantity": "restored", "unit": "ha",
    ...     "value": [10.0, 5.0, 7.0]})
    >>> places = pd.DataFrame({"place": ["a", "b"], "practice": ["half_moons", "half_moons"]})
    >>> reported_by_practice(told, places)[["practice", "hectares"]].values.tolist()
    [['', 7.0], ['half_moons', 15.0]]
    """
    practice = {str(row["place"]): text_of(row.get("practice")) for row in places.to_dict("records")}
    land = results[results["quantity"].isin(LAND) & (results["unit"] == "ha") & results["value"].notna()]
    named = land.assign(practice=[practice.get(text_of(place), "") for place in land["place"]])
    found = (
        named.groupby(["iso3", "practice", "quantity"], sort=True)["value"].agg(math.fsum).reset_index(name="hectares")
    )
    return found[["iso3", "practice", "quantity", "hectares"]]


def planned_against_reported(plan: pd.DataFrame, reported: pd.DataFrame) -> pd.DataFrame:
    """Hectares that a plan gives a country and measure, beside those that are reported and approved.

    Parameters
    ----------
    plan : DataFrame
        iso3, measure, hectares: rows of a study's ``plan.parquet``.
    reported : DataFrame
        Of `reported_by_practice`.

    Returns
    -------
    DataFrame
        iso3, measure, quantity, planned_ha, reported_ha, share (% of the plan), said. The three kinds of land stand in rows
        of their own and are not added.

    Examples
    --------
    >>> plan = pd.DataFrame({"iso3": ["NER", "NER"], "measure": ["half_moons", "zai"], "hectares": [100.0, 50.0]})
    >>> told = pd.DataFrame({"iso3": ["NER"], "practice": "half_moons", "quantity": "restored", "hectares": [25.0]})
    >>> planned_against_reported(plan, told)[["measure", "share", "said"]].fillna(-1).values.tolist()
    [['half_moons', 25.0, ''], ['zai', -1.0, 'planned, nothing reported']]
    """
    planned = {(str(i), str(m)): math.fsum(v) for (i, m), v in plan.groupby(["iso3", "measure"])["hectares"]}
    told: dict[tuple[str, str], list[dict[Any, Any]]] = {}
    for row in reported.to_dict("records"):
        told.setdefault((text_of(row["iso3"]), text_of(row["practice"])), []).append(row)
    countries = {iso3 for iso3, _ in planned}
    rows = []
    for key in sorted({*planned, *told}):
        iso3, measure = key
        goal = planned.get(key, math.nan)
        if key not in told:
            rows.append((iso3, measure, None, goal, math.nan, math.nan, "planned, nothing reported"))
            continue
        if not measure:
            said = "no place tells the practice: not held against the plan"
        elif key in planned:
            said = ""
        else:
            said = "reported, not in the plan" if iso3 in countries else "a country that the plan does not have"
        for row in told[key]:
            share = 100 * row["hectares"] / goal if goal > 0 else math.nan
            rows.append((iso3, measure, row["quantity"], goal, row["hectares"], share, said))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def cost_against_options(costs: pd.DataFrame, places: pd.DataFrame, options: pd.DataFrame) -> pd.DataFrame:
    """Cost per hectare of projects beside what the options table gives their practice.

    Parameters
    ----------
    costs : DataFrame
        ``projects`` of `homeground.accelerator.results.money.unit_cost.UnitCosts`.
    places : DataFrame
        As declared in the registry: a project with places of one practice is compared.
    options : DataFrame
        measure, parameter, low, mid, high, unit, price_year: rows of the options table of a study.

    Returns
    -------
    DataFrame
        project, practice, usd_per_ha, low, mid, high, price_year, verdict (below, within, above; None), said.

    Examples
    --------
    >>> costs = pd.DataFrame({"project": ["p"], "usd_per_ha": [500.0]})
    >>> places = pd.DataFrame({"project": ["p"], "practice": ["zai"]})
    >>> options = pd.DataFrame({"measure": ["zai"], "parameter": "establishment_cost", "low": 160.0, "mid": 316.8,
    ...     "high": 768.6, "unit": "USD/ha", "price_year": "not stated"})
    >>> cost_against_options(costs, places, options)["verdict"].item()
    'within'
    """
    of = options[(options["parameter"] == "establishment_cost") & (options["unit"] == "USD/ha")]
    known = {row["measure"]: row for row in of.to_dict("records")}
    rows = []
    for row in costs.to_dict("records"):
        own = places[places["project"] == row["project"]]
        practices = sorted({text_of(one) for one in own["practice"]} - {""})
        practice = practices[0] if len(practices) == 1 else None
        option = known.get(practice) if practice else None
        cost = float(row["usd_per_ha"])
        said, verdict = WHOLE, None
        if practice is None:
            said = f"several practices; {'; '.join(practices)}" if practices else "no place tells the practice"
        elif option is None:
            said = "the options table has no cost of it"
        elif math.isnan(cost):
            said = "no cost per hectare"
        else:
            verdict = "below" if cost < option["low"] else "above" if cost > option["high"] else "within"
        low, mid, high = (float(option[c]) if option else math.nan for c in ("low", "mid", "high"))
        rows.append(
            (row["project"], practice, cost, low, mid, high, option["price_year"] if option else None, verdict, said)
        )
    columns = ("project", "practice", "usd_per_ha", "low", "mid", "high", "price_year", "verdict", "said")
    return pd.DataFrame(rows, columns=list(columns))


WHOLE = "all money of the project by its hectares; the option is establishment alone, at prices of its own year"
