# SPDX-License-Identifier: Apache-2.0
"""How well a way to choose people reaches the poor: exclusion and inclusion errors, by group, with intervals.

For programmes and groups, never for a decision on a person.
"""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from homeground.errors import DataError

ALL = "all"
ENDS = (5.0, 95.0)  # per cent: nine of ten draws
Bools = NDArray[np.bool_]


def targeting_errors(
    poor: ArrayLike,
    served: ArrayLike,
    *,
    groups: ArrayLike | None = None,
    draws: int = 1000,
    seed: int = 1,
    withhold_below: int = 10,
) -> pd.DataFrame:
    """Share of the poor who are not reached, and share of the reached who are not poor, in all and by group.

    Parameters
    ----------
    poor, served : array-like of bool
        One a person of a survey.
    groups : array-like of str, optional
        Such as sex, age or displacement status.
    draws : int
        Bootstrap draws of persons; 0: no interval.
    seed : int
        Of the draws.
    withhold_below : int
        Errors of fewer people than this (poor, or served) are withheld: a share of few tells of each.

    Returns
    -------
    DataFrame
        group ("all" first), exclusion, exclusion_low, exclusion_high, inclusion, inclusion_low, inclusion_high (0 to 1; missing
        where there is nobody to count, or too few), withheld (bool).

    Raises
    ------
    DataError
        Lengths differ, there is nobody, values are no yes or no.

    Notes
    -----
    Exclusion = poor not served / poor. Inclusion = served not poor / served. Intervals: the middle nine tenths of draws with
    replacement, within the group; they hold the chance of the survey and not its faults.

    Examples
    --------
    >>> poor = [True, True, True, True, False, False]
    >>> served = [True, False, True, True, True, False]
    >>> row = targeting_errors(poor, served, draws=0, withhold_below=0).iloc[0]
    >>> float(row["exclusion"]), float(row["inclusion"])
    (0.25, 0.25)
    """
    is_poor, is_served = _bools(poor, "poor"), _bools(served, "served")
    named = np.full(is_poor.size, ALL, dtype=object) if groups is None else np.asarray(groups, dtype=object)
    if not is_poor.size or not is_poor.size == is_served.size == named.size:
        raise DataError(
            f"poor, served and groups of the same people were expected, found {is_poor.size}, {is_served.size}, {named.size}."
        )
    rng = np.random.default_rng(seed)
    names = [ALL] if groups is None else [ALL, *sorted({str(name) for name in named})]
    rows = []
    for name in names:
        inside = np.ones(is_poor.size, dtype=bool) if name == ALL else named.astype(str) == name
        rows.append({"group": name} | _errors(is_poor[inside], is_served[inside], draws, rng, withhold_below))
    return pd.DataFrame(rows)


def gap_between_groups(errors: pd.DataFrame) -> dict[str, float]:
    """How far groups lie apart: the largest error of a group less the smallest.

    Parameters
    ----------
    errors : DataFrame
        Of `targeting_errors`.

    Returns
    -------
    dict of float
        exclusion and inclusion, 0 to 1; missing where fewer than two groups are known.

    Examples
    --------
    >>> errors = pd.DataFrame({"group": ["all", "men", "women"], "exclusion": [0.3, 0.2, 0.4], "inclusion": [0.1, 0.1, 0.1]})
    >>> round(gap_between_groups(errors)["exclusion"], 9)
    0.2
    """
    known = errors[errors["group"] != ALL]
    return {
        name: float(known[name].max() - known[name].min()) if known[name].notna().sum() > 1 else math.nan
        for name in ("exclusion", "inclusion")
    }


def self_selected(other_pay: ArrayLike, wage: float) -> Bools:
    """Who would come to public works at a wage: those whose other work pays less.

    Parameters
    ----------
    other_pay : array-like
        What a day of the best other work pays each person, money; 0 for those without.
    wage : float
        Of the works, in the same money.

    Returns
    -------
    array of bool

    Raises
    ------
    DataError
        Pay is negative or missing, the wage is not above 0.

    Notes
    -----
    Comes if other pay < wage. Those who cannot work, or whom care at home holds, do not come at any wage: count them as not served.

    Examples
    --------
    >>> self_selected([0.0, 2.0, 5.0], 3.0).tolist()
    [True, True, False]
    """
    pay = np.asarray(other_pay, dtype=float)
    if not (np.isfinite(pay).all() and (pay >= 0).all()):
        raise DataError("other_pay of 0 or more was expected of everybody; found negative or missing values.")
    if not (math.isfinite(wage) and wage > 0):
        raise DataError(f"wage above 0 was expected, found {wage}.")
    return pay < wage


def geographic_targeting(regions: pd.DataFrame, *, share: float) -> pd.DataFrame:
    """Poorest regions that hold a share of all people, and the errors of serving everybody there.

    Parameters
    ----------
    regions : DataFrame
        region_id, people, poor_share (0 to 1).
    share : float
        Of all people to be reached, above 0 and at most 1. Regions are taken whole, from the poorest, while they fit.

    Returns
    -------
    DataFrame
        regions with chosen (bool), and in ``attrs`` exclusion, inclusion and reached (share of all people).

    Raises
    ------
    DataError
        A column is missing, people or shares are out of bounds, no region fits into the share.

    Notes
    -----
    Exclusion = poor outside / poor; inclusion = not poor inside / people inside. Regions of a country's poverty alone
    tell nothing apart.

    Examples
    --------
    >>> regions = pd.DataFrame({"region_id": ["a", "b"], "people": [100, 300], "poor_share": [0.8, 0.1]})
    >>> found = geographic_targeting(regions, share=0.25)
    >>> found["chosen"].tolist(), round(found.attrs["exclusion"], 4), round(found.attrs["inclusion"], 4)
    ([True, False], 0.2727, 0.2)
    """
    if missing := [name for name in ("region_id", "people", "poor_share") if name not in regions.columns]:
        raise DataError(f"the regions lack {', '.join(missing)}.")
    people, poor_share = regions["people"].astype(float), regions["poor_share"].astype(float)
    if not ((people >= 0).all() and poor_share.between(0, 1).all() and people.sum() > 0):
        raise DataError("people of 0 or more and poor_share from 0 to 1 were expected in every region.")
    if not 0 < share <= 1:
        raise DataError(f"share above 0 and at most 1 was expected, found {share}.")
    order = poor_share.sort_values(ascending=False, kind="stable").index
    within = people.loc[order].cumsum() <= share * people.sum() * (1 + 1e-12)
    chosen = within.reindex(regions.index)
    if not chosen.any():
        raise DataError(
            f"the poorest region holds more than {share:g} of all people. Give a larger share, or smaller regions."
        )
    poor = people * poor_share
    out = regions.assign(chosen=chosen)
    out.attrs = {
        "exclusion": float(poor[~chosen].sum() / poor.sum()) if poor.sum() > 0 else math.nan,
        "inclusion": float((people - poor)[chosen].sum() / people[chosen].sum()),
        "reached": float(people[chosen].sum() / people.sum()),
    }
    return out


def _bools(values: ArrayLike, name: str) -> Bools:
    found = np.asarray(values)
    if found.dtype != bool:
        if found.size and not np.isin(found, (0, 1)).all():
            raise DataError(f"{name}: yes or no (True, False) was expected of everybody.")
        found = found.astype(bool)
    return found


def _errors(poor: Bools, served: Bools, draws: int, rng: np.random.Generator, least: int) -> dict[str, object]:
    picks = rng.integers(0, poor.size, (draws, poor.size))
    found: dict[str, object] = {}
    withheld = False
    for name, of, missed in (("exclusion", poor, ~served), ("inclusion", served, ~poor)):
        count, few = int(of.sum()), 0 < int(of.sum()) < least
        withheld |= few
        known = count > 0 and not few
        found[name] = float((of & missed).sum() / count) if known else math.nan
        low, high = math.nan, math.nan
        if known and draws:
            whole = of[picks].sum(axis=1)
            part = (of & missed)[picks].sum(axis=1)
            low, high = np.percentile(part[whole > 0] / whole[whole > 0], ENDS)
        found |= {f"{name}_low": float(low), f"{name}_high": float(high)}
    return found | {"withheld": withheld}
