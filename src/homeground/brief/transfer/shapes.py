# SPDX-License-Identifier: Apache-2.0
"""Small shapes of the published schema of Trends.Earth: lists of areas, cross tables, values by year, people.

Names of keys, units and classes are those of the schema (trends.earth-schemas, ``te_schemas/reporting.py``); they are in
English in every language.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from homeground.brief.facts.assessed.assessment import left_over
from homeground.catalogue.classes import MISSING

if TYPE_CHECKING:
    import pandas as pd

KM2 = "sq km"
NO_DATA = "No data"
CONDITION = {1: "Improved", 0: "Stable", -1: "Degraded"}  # in the order of the schema's writers
TOTAL = "Total population"


def area_list(name: str, areas: Mapping[str, float]) -> dict[str, Any]:
    """Areas by class in km2, in the order of the classes."""
    return {"name": name, "unit": KM2, "areas": [{"name": one, "area": km2} for one, km2 in areas.items()]}


def condition(name: str, rows: pd.DataFrame, column: str) -> dict[str, Any]:
    """Improved, stable and degraded land, and what has no class.

    Parameters
    ----------
    name : str
    rows : DataFrame
        Column ``area_km2`` and the one named.
    column : str
        Holds -1, 0 and 1; anything else is no data.

    Returns
    -------
    dict
        An AreaList of the schema.

    Examples
    --------
    >>> import pandas as pd
    >>> rows = pd.DataFrame({"degradation": [-1, 0, -128], "area_km2": [1.0, 2.0, 4.0]})
    >>> [(one["name"], one["area"]) for one in condition("Land", rows, "degradation")["areas"]]
    [('Improved', 0.0), ('Stable', 2.0), ('Degraded', 1.0), ('No data', 4.0)]
    """
    by = rows.groupby(column)["area_km2"].sum()
    known = {label: float(by.get(code, 0.0)) for code, label in CONDITION.items()}
    known[NO_DATA] = left_over(float(rows["area_km2"].sum()), sum(known.values()))
    return area_list(name, known)


def cross_table(
    name: str,
    years: tuple[int, int],
    rows: pd.DataFrame,
    columns: tuple[str, str],
    labels: Mapping[int, str],
) -> dict[str, Any]:
    """Area by class in a first and in a last state, for every pair of the classes named.

    Parameters
    ----------
    name : str
    years : tuple of int
        First and last year.
    rows : DataFrame
        Column ``area_km2`` and the two named.
    columns : tuple of str
        Of the first and of the last state.
    labels : mapping of class to str
        In the order in which the pairs are listed.

    Returns
    -------
    dict
        A CrossTab of the schema, in km2.
    """
    by = rows.groupby(list(columns))["area_km2"].sum()
    values = [
        {"initial_label": first, "final_label": last, "value": float(by.get((a, b), 0.0))}
        for a, first in labels.items()
        for b, last in labels.items()
    ]
    return {"name": name, "unit": KM2, "initial_year": years[0], "final_year": years[1], "values": values}


def change_table(name: str, years: tuple[int, int], rows: pd.DataFrame) -> dict[str, Any]:
    """Land by its class in the baseline (rows) and in a reporting year (columns), with what has none."""
    return cross_table(name, years, rows, ("baseline", "now"), CONDITION | {MISSING: NO_DATA})


def by_year(name: str, unit: str, values: Mapping[int, Mapping[str, float]]) -> dict[str, Any]:
    """Values by year and class; JSON has years as text."""
    return {"name": name, "unit": unit, "values": {str(year): dict(values[year]) for year in sorted(values)}}


def people_list(name: str, counts: Mapping[str, float | None]) -> dict[str, Any]:
    """Persons by class; a class whose number is not known or hidden is left out.

    Examples
    --------
    >>> [one["name"] for one in people_list("People", {"Degraded": 25.0, "No data": None})["values"]]
    ['Degraded']
    """
    known = {label: round(count) for label, count in counts.items() if count is not None}
    values = [{"name": label, "population": count, "type": TOTAL} for label, count in known.items()]
    return {"name": name, "values": values}


def legend(name: str, classes: Mapping[int, str], colours: Mapping[int, str]) -> dict[str, Any]:
    """A legend of land cover: its classes with their names and colours, and a code for no data."""
    key = [land_class(code, label, colours[code]) for code, label in classes.items()]
    return {"name": name, "key": key, "nodata": land_class(MISSING, NO_DATA, "#000000")}


def land_class(code: int, name: str, colour: str) -> dict[str, Any]:
    """One class of a legend."""
    return {"code": code, "name_short": name, "name_long": name, "description": None, "color": colour}


def nested(parent: dict[str, Any], codes: Sequence[int]) -> dict[str, Any]:
    """A legend in itself: the areas stand in its own classes."""
    return {"parent": parent, "child": parent, "nesting": {str(code): [code] for code in (*codes, MISSING)}}
