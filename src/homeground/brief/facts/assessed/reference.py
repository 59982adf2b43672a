# SPDX-License-Identifier: Apache-2.0
"""What plots that people looked at say of degraded land: the tables that a run left, and the facts of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from homeground.brief.facts.results import read
from homeground.catalogue.classes import class_names
from homeground.numbers.fact import Amount, Fact
from homeground.running.tables import LAND_REFERENCE, LAND_REFERENCE_MATRIX

if TYPE_CHECKING:
    import pandas as pd

    from homeground.study.model import Study

LEVEL = Amount(95.0, "%")  # of all intervals
CODES = {"degraded": -1, "stable": 0, "improved": 1}


def read_reference(results: Path) -> tuple[pd.DataFrame, pd.DataFrame] | None:
    """Areas by country and class, and the error matrix; None where no plots were given."""
    areas, matrix = read(results, LAND_REFERENCE), read(results, LAND_REFERENCE_MATRIX)
    return None if areas is None or matrix is None else (areas, matrix)


def state_names(code: str) -> dict[str, str]:
    """degraded, stable and improved in a language.

    Examples
    --------
    >>> state_names("fr")["degraded"]
    'Dégradées'
    """
    names = class_names("degradation", code)
    return {state: names[number] for state, number in CODES.items()}


def whole(areas: pd.DataFrame) -> pd.DataFrame:
    """Rows of all countries together, or of the only one."""
    together = areas[areas["iso3"] == ""]
    return together if len(together) else areas


def reference_facts(results: Path, study: Study) -> Iterator[Fact]:
    """Degraded land by the plots, and how many they are."""
    found = read_reference(results)
    if found is None:
        return
    rows = whole(found[0])
    row = rows[rows["state"] == "degraded"].iloc[0]
    value, low, high = (float(row[name]) for name in ("estimated_km2", "estimated_km2_low", "estimated_km2_high"))
    if value != value:  # noqa: PLR0124 (NaN is not itself)
        return
    file = study.input("reference_plots")
    given: dict[str, Any] = {"source": file.name if file else "data.reference_plots", "licence": "licence.own"}
    given |= {"period": str(study.period[1]), "kind": "observed"}
    ends: dict[str, Any] = {"low": low, "high": high} if low == low else {"no_interval": "why.one_plot"}  # noqa: PLR0124
    yield Fact("land_degraded_sampled", value, "km2", **ends, **given)
    yield Fact("land_plots", float(rows["plots"].sum()), "1", no_interval="why.count", **given)
