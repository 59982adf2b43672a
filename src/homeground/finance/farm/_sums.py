# SPDX-License-Identifier: Apache-2.0
"""Sums over the lines of a farm case in every draw: drawn quantity times drawn price times the present value of a unit."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from homeground.errors import DataError, Problems
from homeground.finance.farm._lines import ENDS
from homeground.finance.farm._streams import VIEWS
from homeground.finance.farm.case import FarmCase
from homeground.numbers.chance import strata, triangular

Floats = NDArray[np.float64]
Ranges = Mapping[str, tuple[float, float, float]]

BLOCK = 128  # columns of draws held at once
# What is drawn for the programme as a whole, with its bounds; what is not given is not drawn.
WHOLE = {
    "shadow_wage": (0.0, 1.0),
    "shadow_exchange": (0.0, 10.0),
    "carbon_contract": (0.0, math.inf),
    "access": (0.0, 1.0),
    "adoption": (0.0, 10.0),
    "delay": (0.0, 50.0),
    "spending": (0.0, 10.0),
}


class Weights(NamedTuple):
    """Present value of one unit of money of each line, by what it is multiplied with; columns by rate.

    ``gains`` are by delay, 0, 1, 2 ... years, rates in the last place: market, constant, exchange, carbon. ``costs``:
    market, constant, exchange, labour.
    """

    gains: Floats  # lines x 4 x delays x rates
    costs: Floats  # lines x 4 x rates
    spent: Floats  # views x rates


def weights(case: FarmCase, rates: list[float], delays: int) -> Weights:
    """Present values of one unit of money a unit of land, by line.

    Parameters
    ----------
    case : FarmCase
    rates : list of float
    delays : int
        Years that benefits may come late.

    Returns
    -------
    Weights
    """
    lines, years = case.lines, np.arange(float(case.years))
    factors = (1.0 + np.array(rates)) ** -years[:, None]  # years x rates
    sign = lines["sign"].to_numpy(float)[:, None]
    carbon, gain = (lines["kind"] == "carbon").to_numpy(float), lines["gain"].to_numpy(float)
    parts = [lines[name].to_numpy(float) for name in ("constant", "exchange", "labour")]
    by_delay = []
    for late in range(delays + 1):
        moved = np.zeros_like(factors)
        moved[: case.years - late] = factors[late:]
        by_delay.append(sign * (case.units @ moved))
    worth = np.stack(by_delay, axis=1)  # lines x delays x rates
    sold = np.stack([gain - carbon, gain * parts[0], gain * parts[1], carbon], axis=1)
    spent = 1.0 - gain
    paid = np.stack([spent, spent * parts[0], spent * parts[1], spent * parts[2]], axis=1)
    return Weights(
        gains=sold[:, :, None, None] * worth[:, None],
        costs=paid[:, :, None] * worth[:, None, 0],
        spent=case.programme @ factors,
    )


def groups(case: FarmCase) -> pd.Series[int]:
    """Lines that are the same in every draw have one number: same draw of the quantity, same price, same ends."""
    names = ["quantity_chance", "price_chance", "kind_carbon"]
    ends = [f"{what}_{end}" for what in ("quantity", "price") for end in ENDS]
    keys = case.lines.assign(kind_carbon=case.lines["kind"] == "carbon")[[*names, *ends]]
    return keys.groupby([*names, *ends], sort=True).ngroup()


def drawn_blocks(case: FarmCase, number: pd.Series[int], draws: int, seed: int) -> Iterator[tuple[slice, Floats]]:
    """Quantity times price of each group in every draw, some groups at a time.

    Parameters
    ----------
    case : FarmCase
    number : Series
        From `groups`.
    draws, seed : int

    Yields
    ------
    slice, array (draws x groups of the slice)
    """
    first = case.lines.groupby(number).first()
    prices: dict[tuple[Any, ...], Floats | float] = {}

    def price_of(row: Any) -> Floats | float:
        key = (row.price_chance, row.price_low, row.price_mid, row.price_high)
        if row.kind == "carbon":
            return 1.0
        if key not in prices:
            prices[key] = drawn(*key, draws, seed)
        return prices[key]

    held = np.empty((draws, BLOCK), order="F")
    rows: list[Any] = list(first.itertuples())
    for start in range(0, len(rows), BLOCK):
        block = rows[start : start + BLOCK]
        for j, row in enumerate(block):
            ends = (row.quantity_low, row.quantity_mid, row.quantity_high)
            quantity = drawn(row.quantity_chance, *ends, draws, seed)
            held[:, j] = quantity * price_of(row)
        yield slice(start, start + len(block)), held[:, : len(block)]


def drawn(name: str, low: float, mid: float, high: float, draws: int, seed: int) -> Floats | float:
    """One number in every draw; itself where it has no range."""
    return triangular(strata(name, draws, seed), low, mid, high) if high > low else mid


def whole(case: FarmCase, name: str, given: Ranges, draws: int, seed: int) -> Floats | float:
    """A number of the programme as a whole in every draw, or as the case has it."""
    if name in given:
        low, mid, high = given[name]
        return drawn(f"programme {name}", low, mid, high, draws, seed)
    planned = {"adoption": 1.0, "delay": 0.0, "spending": 1.0}
    return planned[name] if name in planned else float(getattr(case, name))


def draw_sums(case: FarmCase, rates: list[float], given: Ranges, draws: int, seed: int) -> Weights:
    """Present values over all lines in every draw: as `Weights`, draws in place of lines.

    Parameters
    ----------
    case : FarmCase
    rates, given, draws, seed
        As in `draw_farms`.

    Returns
    -------
    Weights
    """
    delays = math.ceil(given["delay"][2]) if "delay" in given else 0
    each, number = weights(case, rates, min(delays, case.years - 1)), groups(case)
    count = int(number.max()) + 1
    flat = np.hstack([each.gains.reshape(len(number), -1), each.costs.reshape(len(number), -1)])
    by_group = np.zeros((count, flat.shape[1]))
    np.add.at(by_group, number.to_numpy(), flat)
    used = np.flatnonzero(by_group.any(axis=0))  # most columns of most rates hold nothing
    total = np.zeros((draws, flat.shape[1]))
    part = np.zeros((draws, used.size))
    for of, money in drawn_blocks(case, number, draws, seed):
        part += money @ by_group[of][:, used]
    total[:, used] = part
    gains, costs = np.split(total, [each.gains[0].size], axis=1)
    return Weights(gains.reshape(draws, *each.gains.shape[1:]), costs.reshape(draws, *each.costs.shape[1:]), each.spent)


def benefits_and_costs(
    case: FarmCase, view: str, sums: Weights, given: Ranges, draws: int, seed: int
) -> tuple[Floats, Floats]:
    """Present value of benefits and costs in every draw and at every rate.

    Parameters
    ----------
    case : FarmCase
    view : str
    sums : Weights
        Of every draw.
    given, draws, seed
        As in `draw_farms`.

    Returns
    -------
    benefits, costs : array, draws x rates
    """

    def of(name: str) -> Floats:
        return np.broadcast_to(whole(case, name, given, draws, seed), draws)[:, None]

    reached = of("adoption") * of("access")
    if view == "financial":
        gains = sums.gains[:, 0] + of("carbon_contract")[..., None] * sums.gains[:, 3]
        costs = sums.costs[:, 0]
    else:
        exchange = of("shadow_exchange")
        gains = sums.gains[:, 1] + exchange[..., None] * sums.gains[:, 2]
        costs = sums.costs[:, 1] + exchange * sums.costs[:, 2] + of("shadow_wage") * sums.costs[:, 3]
        # Transfers and carbon have neither constant nor exchange part: they drop out here.
    late = np.minimum(of("delay")[:, 0], gains.shape[1] - 1)
    below = np.minimum(late.astype(int), max(gains.shape[1] - 2, 0))
    above = np.minimum(below + 1, gains.shape[1] - 1)
    share, draw = (late - below)[:, None], np.arange(draws)
    gain = (1.0 - share) * gains[draw, below] + share * gains[draw, above]
    return reached * gain, reached * costs + of("spending") * sums.spent[VIEWS.index(view)]


def check_ranges(given: Ranges, draws: int) -> None:
    """Refuse ranges of unknown names, or out of order or bounds, all at once.

    Parameters
    ----------
    given, draws
        As in `draw_farms`.
    """
    problems = Problems("the draws")
    if draws < 100:
        problems.add(f"at least 100 draws were expected, found {draws}: the ends of a range need them.")
    for name, ends in given.items():
        if name not in WHOLE:
            problems.add(f"{name} is not known. Known: {', '.join(WHOLE)}.")
            continue
        low, high = WHOLE[name]
        if len(ends) != 3 or not low <= ends[0] <= ends[1] <= ends[2] <= high:
            problems.add(f"{name}: low <= mid <= high from {low:g} to {high:g} were expected, found {ends}.")
    problems.raise_if_any(DataError)
