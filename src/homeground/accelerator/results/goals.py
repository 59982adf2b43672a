# SPDX-License-Identifier: Apache-2.0
"""The initiative's goals in all their published readings, and how far approved results and published ones are on the way."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from homeground.accelerator.results.series import text_of
from homeground.accelerator.results.units import converted, convertible
from homeground.catalogue import figures
from homeground.numbers.table import read_rows

HERE = Path(__file__).parent
GOALS = {"target_restored_area": "restored", "target_carbon": "carbon", "target_jobs": "jobs"}
INITIATIVE = "Great Green Wall"
SAME = {"jobs": "jobs (full-time equivalent)"}  # the goal defines no job; the reading of the indicator is told with it
BESIDE = ("quantity", "title", "iso3", "unit", "bottom_up", "notes", "published", "published_unit", "year", "difference",
          "ratio", "source", "said")  # fmt: skip


def observatory(table: str) -> pd.DataFrame:
    """The template of the Observatory's framework: its public indicators, in homeground's words.

    Parameters
    ----------
    table : str
        frameworks or indicators.

    Returns
    -------
    DataFrame
        As declared in the registry.

    Examples
    --------
    >>> observatory("indicators").set_index("indicator").loc["ggw.carbon", "unit"]
    't CO2'
    """
    return pd.DataFrame(read_rows(HERE / "observatory" / f"{table}.csv")).replace("", None)


def with_observatory(tables: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Tables with the indicators of the Observatory's template added, those that are given staying as they are.

    Parameters
    ----------
    tables : mapping of DataFrame

    Returns
    -------
    dict of DataFrame

    Examples
    --------
    >>> empty = {name: pd.DataFrame(columns=[key]) for name, key in (("indicators", "indicator"), ("frameworks", "framework"))}
    >>> "ggw.restored" in set(with_observatory(empty)["indicators"]["indicator"])
    True
    """
    found = dict(tables)
    for name, key in (("frameworks", "framework"), ("indicators", "indicator")):
        ours = observatory(name)
        more = ours[~ours[key].isin(set(found[name][key].astype(str)))]
        found[name] = pd.concat([found[name].astype("object"), more.astype("object")], ignore_index=True)
    return found


def goals() -> pd.DataFrame:
    """The goals of the Great Green Wall as published, each reading a row of its own.

    Returns
    -------
    DataFrame
        quantity (restored, carbon, jobs), year, value, unit, in_t_co2 (of carbon read as carbon or carbon dioxide; else
        NaN), definition (of `observatory`: what counts towards it here, since the initiative defines none), source, licence,
        note.

    Examples
    --------
    >>> carbon = goals().query("quantity == 'carbon' and unit == 't C'")
    >>> carbon["in_t_co2"].round(-6).unique().tolist()
    [917000000.0]
    """
    told = figures.load("cited_facts", indicator=list(GOALS))
    told = told[told["place"] == INITIATIVE]
    co2 = [
        converted(value, unit, "t CO2") if indicator == "target_carbon" and convertible(unit, "t CO2") else math.nan
        for value, unit, indicator in zip(told["value"], told["unit"], told["indicator"], strict=True)
    ]
    found = told.assign(quantity=told["indicator"].map(GOALS), in_t_co2=co2)
    order = list(GOALS.values())
    found = found.sort_values(["quantity"], key=lambda s: s.map(order.index), kind="stable").reset_index(drop=True)
    defined = observatory("indicators").drop_duplicates("quantity").set_index("quantity")["definition"]
    found["definition"] = found["quantity"].map(defined)
    return found[["quantity", "year", "value", "unit", "in_t_co2", "definition", "source", "licence", "note"]]


def against_goals(results: pd.DataFrame) -> pd.DataFrame:
    """How much of each reading of each goal approved results are.

    Parameters
    ----------
    results : DataFrame
        Of `homeground.accelerator.results.aggregate.aggregate`, one row an indicator.

    Returns
    -------
    DataFrame
        quantity, indicator, title, value, unit, goal, goal_unit, year, share (% of the goal; NaN: none), said, source.
        Land under management and land planted have no goal and stand by themselves: they are never part of land restored.

    Examples
    --------
    >>> row = {"indicator": "c", "title": "carbon", "unit": "t CO2", "quantity": "carbon", "value": 300e6}
    >>> shares = against_goals(pd.DataFrame([row]))
    >>> shares[shares["goal_unit"] == "t C"]["share"].round(1).unique().tolist()
    [32.7]
    """
    rows = []
    readings = goals()
    for row in results.to_dict("records"):
        own = {k: row[k] for k in ("quantity", "indicator", "title", "value", "unit")}
        of = readings[readings["quantity"] == row["quantity"]]
        for goal in of.to_dict("records"):
            unit = "t CO2" if goal["unit"] == "t CO2e" else goal["unit"]
            same = SAME.get(unit) == row["unit"]
            said = text_of(goal["note"])
            if goal["unit"] == "t CO2e":
                said += "; read as t CO2"
            fits = same or convertible(row["unit"], unit)
            value = (row["value"] if same else converted(row["value"], row["unit"], unit)) if fits else math.nan
            if not fits:
                said += f"; {row['unit']} cannot be held against it"
            rows.append(own | {"goal": goal["value"], "goal_unit": goal["unit"], "year": goal["year"],
                               "share": 100 * value / goal["value"], "said": said, "source": goal["source"]})  # fmt: skip
        if of.empty and row["quantity"] in ("under management", "planted"):
            said = "no goal is published for it; it is no part of land restored"
            rows.append(own | {"goal": math.nan, "goal_unit": None, "year": None, "share": math.nan, "said": said,
                               "source": None})  # fmt: skip
    columns = (
        "quantity",
        "indicator",
        "title",
        "value",
        "unit",
        "goal",
        "goal_unit",
        "year",
        "share",
        "said",
        "source",
    )
    return pd.DataFrame(rows, columns=list(columns))


def published() -> pd.DataFrame:
    """Results that were published from above: for countries and for the initiative, each figure a row of its own.

    Returns
    -------
    DataFrame
        quantity, indicator (of `observatory`), iso3 (empty: the initiative or what ``place`` names), place, year, value,
        unit, source, licence, note.

    Examples
    --------
    >>> bfa = published().query("iso3 == 'BFA' and quantity == 'restored'")
    >>> sorted(bfa["value"])
    [29602.0, 3000000.0]
    """
    names = pd.DataFrame(read_rows(HERE / "published.csv")).set_index("published")
    told = figures.load("cited_facts", indicator=list(names.index)).rename(columns={"indicator": "published"})
    found = told.join(names[["quantity", "indicator"]], on="published")
    remarks = found["published"].map(names["note"])
    found["note"] = [f"{a}; {b}" if a and b else a or b for a, b in zip(found["note"], remarks, strict=True)]
    columns = ["quantity", "indicator", "iso3", "place", "year", "value", "unit", "source", "licence", "note"]
    return found[columns].sort_values(["quantity", "iso3", "year"], kind="stable").reset_index(drop=True)


def beside_published(
    results: pd.DataFrame, whole: pd.DataFrame | None = None, told: pd.DataFrame | None = None
) -> pd.DataFrame:
    """What was published of a country beside what its projects' approved results sum to. Nothing is reconciled.

    Parameters
    ----------
    results : DataFrame
        Of `homeground.accelerator.results.aggregate.aggregate` by ``iso3``.
    whole : DataFrame, optional
        Of the same function, one number an indicator: it stands beside what was published of the whole initiative.
    told : DataFrame, optional
        Of `published`; left out, all of it.

    Returns
    -------
    DataFrame
        One row a published figure, or a result without one: quantity, title, iso3 (empty: no single country), unit, bottom_up (NaN: no approved result),
        notes (of it), published, published_unit, year, difference (bottom up less published), ratio (bottom up to
        published), source, said.

    Examples
    --------
    >>> row = {"indicator": "ggw.restored", "iso3": "BFA", "unit": "ha", "quantity": "restored", "value": 30_000.0}
    >>> side = beside_published(pd.DataFrame([row | {"notes": ""}]))
    >>> side[side["iso3"] == "BFA"]["difference"].dropna().tolist()
    [398.0, -2970000.0]
    """
    told = published() if told is None else told
    own = {(row["indicator"], row["iso3"]): row for row in results.to_dict("records") if row["iso3"]}
    for row in [] if whole is None else whole.to_dict("records"):
        own[row["indicator"], INITIATIVE] = row
    rows = [_beside(figure, own.get((figure["indicator"], _where(figure)))) for figure in told.to_dict("records")]
    held = {(figure["indicator"], _where(figure)) for figure in told.to_dict("records")}
    for (indicator, where), row in own.items():
        if (indicator, where) not in held and not math.isnan(row["value"]):
            iso3 = "" if where == INITIATIVE else where
            rows.append({"quantity": row["quantity"], "title": row.get("title"), "iso3": iso3, "unit": row["unit"],
                         "bottom_up": row["value"], "notes": text_of(row.get("notes")), "published": math.nan,
                         "published_unit": None, "year": None, "difference": math.nan, "ratio": math.nan, "source": None,
                         "said": "nothing published"})  # fmt: skip
    found = pd.DataFrame(rows, columns=list(BESIDE))
    return found.sort_values(["quantity", "iso3"], kind="stable").reset_index(drop=True)


def _where(figure: Mapping[Hashable, Any]) -> str:
    return text_of(figure["iso3"]) or text_of(figure["place"])


def _beside(figure: Mapping[Hashable, Any], row: Mapping[Hashable, Any] | None) -> dict[str, Any]:
    """A published figure and the approved result of the same place, if there is one that can be compared."""
    said = [text for text in (text_of(figure["place"]), text_of(figure["note"])) if text]
    value, difference, ratio = math.nan, math.nan, math.nan
    unit = SAME.get(figure["unit"], figure["unit"])
    if row is None or math.isnan(row["value"]):
        said.insert(0, "no approved result of projects")
    elif convertible(row["unit"], unit):
        value = converted(row["value"], row["unit"], unit)
        difference = value - figure["value"]
        ratio = value / figure["value"] if figure["value"] else math.nan
    else:
        value, unit = row["value"], row["unit"]
        said.insert(0, f"{row['unit']} and {figure['unit']} cannot be compared")
    return {"quantity": figure["quantity"], "title": None if row is None else row.get("title"),
            "iso3": text_of(figure["iso3"]), "unit": unit, "bottom_up": value,
            "notes": "" if row is None else text_of(row.get("notes")), "published": figure["value"],
            "published_unit": figure["unit"], "year": figure["year"], "difference": difference, "ratio": ratio,
            "source": figure["source"], "said": "; ".join(said)}  # fmt: skip
