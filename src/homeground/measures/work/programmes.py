# SPDX-License-Identifier: Apache-2.0
"""What a training and public works cost and reach: seats, people placed, households, pay beside the local wage."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from homeground.errors import DataError
from homeground.measures.work.ranges import ENDS, Range, default_range, range_of, work_defaults


def training(
    seats: Mapping[str, float],
    *,
    cost: float | Range | None = None,
    completion: float | Range | None = None,
    placement: float | Range | None = None,
) -> pd.DataFrame:
    """Seats, cost, expected completers and people placed of a training, by group.

    Parameters
    ----------
    seats : mapping of group to float
        Such as ``{"youth": 200, "returnees": 50}``. Groups may share people, so they are not added up.
    cost : float or (low, mid, high), optional
        USD a seat; left out: what is published of farmer field schools.
    completion, placement : float or (low, mid, high), optional
        Share of those who begin that end it, and of those that find work by it, 0 to 1; left out: expert defaults, unverified.

    Returns
    -------
    DataFrame
        group, seats; cost_usd, completers and placed, each with _low, _mid and _high; quality (the worst of what it rests
        on; 5 is an expert default; missing where all is given).

    Raises
    ------
    DataError
        Seats are below zero, shares are not from 0 to 1.

    Notes
    -----
    cost = seats x cost; completers = seats x completion; placed = completers x placement. All lows and all highs together.

    Examples
    --------
    >>> found = training({"youth": 100}, cost=71, completion=0.8, placement=(0.25, 0.5, 0.75))
    >>> found[["cost_usd_mid", "completers_mid", "placed_low", "placed_mid"]].values.tolist()
    [[7100.0, 80.0, 20.0, 40.0]]
    """
    given = {"training_cost": cost, "completion": completion, "placement": placement}
    ranges = {
        name: range_of(default_range(name) if one is None else one, name, high=float("inf") if "cost" in name else 1.0)
        for name, one in given.items()
    }
    taken = [int(work_defaults()[name]["quality"]) for name, one in given.items() if one is None]
    rows = []
    for group, count in seats.items():
        number = range_of(count, f"seats of {group}")[1]
        row: dict[str, object] = {"group": group, "seats": number}
        for n, end in enumerate(ENDS):
            ended = number * ranges["completion"][n]
            row |= {f"cost_usd_{end}": number * ranges["training_cost"][n], f"completers_{end}": ended}
            row[f"placed_{end}"] = ended * ranges["placement"][n]
        rows.append(row)
    return pd.DataFrame(rows).assign(quality=pd.array([max(taken) if taken else None] * len(rows), dtype="Int64"))


def public_works(
    budget: float,
    *,
    labour_share: float,
    wage: float,
    days_per_household: float,
    local_wage: float | Range | None = None,
    days_per_year: float | None = None,
) -> dict[str, float]:
    """What public works as a safety net reach: days of work, households, pay for each, beside the local wage.

    Parameters
    ----------
    budget : float
        USD.
    labour_share : float
        Part of it that is paid as wages, above 0 and at most 1.
    wage : float
        USD a day, above 0.
    days_per_household : float
        Days of work that each household is offered, above 0 and at most 366.
    local_wage : float or (low, mid, high), optional
        USD a day of unskilled work at the place.
    days_per_year : float, optional
        Length of a full-time year; given, full-time years of work are told. There is no default.

    Returns
    -------
    dict of float
        person_days, households, transfer_usd (to each household), wage_bill_usd; with a local wage wage_to_local_low, _mid
        and _high (1: the same; below 1, those who have better work stay away, and so do those who cannot live on it); with
        days_per_year full_time_years.

    Raises
    ------
    DataError
        A number is missing or out of bounds.

    Notes
    -----
    person-days = budget x labour share / wage; households = person-days / days per household (as for jobs in ILO's guides).
    At 4 USD a day and a labour share of 0.6, 1 million USD is 150,000 person-days.

    Examples
    --------
    >>> found = public_works(1e6, labour_share=0.6, wage=4, days_per_household=60, local_wage=5, days_per_year=230)
    >>> found["person_days"], found["households"], found["transfer_usd"], found["wage_to_local_mid"]
    (150000.0, 2500.0, 240.0, 0.8)
    >>> round(found["full_time_years"])
    652
    """
    bounds = {
        "budget": (budget, float("inf")),
        "labour_share": (labour_share, 1.0),
        "wage": (wage, float("inf")),
        "days_per_household": (days_per_household, 366.0),
    }
    if days_per_year is not None:
        bounds["days_per_year"] = (days_per_year, 366.0)
    for name, (value, most) in bounds.items():
        if not (0 < value <= most and value < float("inf")):
            upto = "" if most == float("inf") else f" and at most {most:g}"
            raise DataError(f"{name} above 0{upto} was expected, found {value}.")
    days = budget * labour_share / wage
    found = {
        "person_days": days,
        "households": days / days_per_household,
        "transfer_usd": float(wage * days_per_household),
        "wage_bill_usd": budget * labour_share,
    }
    if local_wage is not None:
        low, mid, high = range_of(local_wage, "local_wage")
        if low <= 0:
            raise DataError(f"local_wage above 0 was expected, found {low:g}.")
        found |= {"wage_to_local_low": wage / high, "wage_to_local_mid": wage / mid, "wage_to_local_high": wage / low}
    if days_per_year is not None:
        found["full_time_years"] = days / days_per_year
    return found
