# SPDX-License-Identifier: Apache-2.0
"""Shares of youth, women and people of working age, from a table of population by sex and age group."""

from __future__ import annotations

import re

import numpy as np
import numpy.typing as npt
import pandas as pd

from homeground.errors import DataError
from homeground.numbers.disclosure import protect  # the gate that every table of people passes

__all__ = ["AFRICAN_UNION_YOUTH", "UN_YOUTH", "age_bounds", "age_shares", "protect"]

Floats = npt.NDArray[np.float64]
UN_YOUTH = (15, 24)
AFRICAN_UNION_YOUTH = (15, 35)


def age_bounds(label: str) -> tuple[float, float]:
    """First year of an age group and the year after its last; an open group ends at infinity.

    Parameters
    ----------
    label : str
        Ages in full years, both included: "15-19"; one age: "7"; an open group: "100+".

    Returns
    -------
    (float, float), years
        From the first age on, up to and without the second.

    Raises
    ------
    DataError
        The label is not like "15-19", "7" or "100+".

    Examples
    --------
    >>> age_bounds("15-19"), age_bounds("100+"), age_bounds("7")
    ((15.0, 20.0), (100.0, inf), (7.0, 8.0))
    """
    found = re.fullmatch(r"\s*(\d+)\s*(?:[-–]\s*(\d+)|(\+))?\s*", str(label))
    if not found or (found[2] and int(found[2]) < int(found[1])):
        raise DataError(f'age group {label!r} is not understood; labels like "15-19", "7" or "100+" were expected.')
    first = float(found[1])
    return first, np.inf if found[3] else float(found[2] or found[1]) + 1.0


def age_shares(
    population: pd.DataFrame,
    *,
    youth: tuple[int, int] = UN_YOUTH,
    working_age: tuple[int, int] = (15, 64),
) -> pd.DataFrame:
    """Which share of people are young, women, or of working age, and the age that half of them have not reached.

    Parameters
    ----------
    population : DataFrame, columns ``iso3, year, sex, age, population``
        ``sex`` is "female" or "male" (or "both" alone); ``age`` a group like "15-19"; persons or thousands.
    youth, working_age : pair of int, years, both ends included
        (15, 24) is the youth of the United Nations, (15, 35) that of the African Union.

    Returns
    -------
    DataFrame, one row for each ``iso3, year``
        ``population`` (the unit of the input), ``youth_share, women_share, working_age_share, young_women_share``
        (young women of all people; women are missing where sex is "both"), ``median_age`` (years; missing where it
        lies in the open group), ``split`` (which age groups were divided evenly by year of age, or "").

    Raises
    ------
    DataError
        Columns or values are missing, ages overlap or leave a gap, sexes are mixed with their total, or a bound lies
        inside the open age group.

    Notes
    -----
    A bound inside a group (35 in "35-39") divides it evenly: a fifth for each year of age. Median age by
    linear interpolation inside its group.

    Examples
    --------
    >>> table = pd.DataFrame({"iso3": "NER", "year": 2020, "sex": ["female", "female", "male", "male"],
    ...     "age": ["0-14", "15-29", "0-14", "15-29"], "population": [20.0, 30.0, 30.0, 20.0]})
    >>> age_shares(table, working_age=(15, 29)).round(3).iloc[0, 3:8].tolist()
    [0.333, 0.5, 0.5, 0.2, 15.0]
    >>> age_shares(table, working_age=(15, 29))["split"][0]
    '15-29'
    """
    _check(population)
    rows = [
        {"iso3": iso3, "year": year, **_shares(table, f"{iso3} {year}", youth, working_age)}
        for (iso3, year), table in population.groupby(["iso3", "year"], sort=True)
    ]
    return pd.DataFrame(rows)


def _shares(
    table: pd.DataFrame, where: str, youth: tuple[int, int], working_age: tuple[int, int]
) -> dict[str, float | str]:
    wide = table.pivot(index="age", columns="sex", values="population")
    if wide.isna().any(axis=None):
        raise DataError(f"{where}: an age group lacks one sex or its population. Give every group for every sex.")
    if set(wide) not in ({"female", "male"}, {"both"}):
        raise DataError(f'{where}: sexes {list(wide)}; "female" and "male" were expected, or "both" alone.')
    bounds = np.array([age_bounds(str(label)) for label in wide.index])
    order = np.argsort(bounds[:, 0])
    wide, first, last = wide.iloc[order], bounds[order, 0], bounds[order, 1]
    if first[0] != 0 or (first[1:] != last[:-1]).any():
        raise DataError(
            f"{where}: age groups {list(wide.index)} overlap or leave a gap; from 0 on, each once was expected."
        )
    everyone = wide.sum(axis=1).to_numpy(dtype=float)
    total = everyone.sum()
    if total <= 0:
        raise DataError(f"{where}: nobody is counted. A population above zero was expected.")
    women = wide["female"].to_numpy(dtype=float) if "female" in wide else np.full(len(wide), np.nan)

    young, able = _part(first, last, youth, where), _part(first, last, working_age, where)
    divided = ((young > 0) & (young < 1)) | ((able > 0) & (able < 1))
    return {
        "population": float(total),
        "youth_share": float(young @ everyone / total),
        "women_share": float(women.sum() / total),
        "working_age_share": float(able @ everyone / total),
        "young_women_share": float(young @ women / total),
        "median_age": _median(first, last, everyone),
        "split": ", ".join(str(label) for label in wide.index[divided]),
    }


def _part(first: Floats, last: Floats, ages: tuple[int, int], where: str) -> Floats:
    """Which part of each age group lies within the ages."""
    start, end = float(ages[0]), float(ages[1]) + 1.0
    if end <= start or start < 0:
        raise DataError(f"ages {ages} were given; (first, last) in years was expected.")
    if np.isinf(last[-1]) and end > first[-1]:
        raise DataError(f"{where}: ages {ages} reach into the open group {first[-1]:.0f}+, which cannot be divided.")
    width = np.where(np.isinf(last), 1.0, last - first)
    part: Floats = np.clip(np.minimum(last, end) - np.maximum(first, start), 0.0, None) / width
    return part


def _median(first: Floats, last: Floats, everyone: Floats) -> float:
    below = np.concatenate([[0.0], np.cumsum(everyone)])
    group = int(np.searchsorted(below[1:], below[-1] / 2))
    if np.isinf(last[group]):
        return float("nan")
    inside = (below[-1] / 2 - below[group]) / everyone[group]
    return float(first[group] + inside * (last[group] - first[group]))


def _check(population: pd.DataFrame) -> None:
    missing = [name for name in ("iso3", "year", "sex", "age", "population") if name not in population.columns]
    if missing:
        raise DataError(f"population has no columns {missing}, found {list(population.columns)}.")
    other = sorted(set(population["sex"].astype(str)) - {"female", "male", "both"})
    if other:
        raise DataError(f'sex is {other}; "female", "male" or "both" was expected.')
    if not (population["population"] >= 0).all():
        raise DataError("population is negative or missing in some rows; give every age group, or leave the year out.")
    twice = population.duplicated(["iso3", "year", "sex", "age"])
    if twice.any():
        raise DataError(
            f"rows are given twice: {population.loc[twice, ['iso3', 'year', 'sex', 'age']].values.tolist()}."
        )
