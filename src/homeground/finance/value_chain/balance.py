# SPDX-License-Identifier: Apache-2.0
"""A chain of stages from input to export: what is lost, bought, spent, earned and used at each; mass and money must balance."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from homeground.errors import DataError, Problems

NEEDED = ("stage", "loss")
USES = ("energy_kwh", "water_m3")  # per t that enters
WORK = "person_days"  # and person_days_<group>, per t that enters
BALANCE = 1e-9  # of the whole: more is no rounding


class ValueChain(NamedTuple):
    """A chain stage by stage and as a whole.

    ``loss`` is of what entered the first stage, chained; ``farm_gate_share`` is the price at the first stage over that at the last,
    of the same product; ``absent`` names what nobody gave.
    """

    stages: pd.DataFrame
    loss: float
    farm_gate_share: float
    mass_gap: float
    money_gap: float
    absent: tuple[str, ...]


def value_chain(stages: pd.DataFrame, *, quantity: float = 1.0) -> ValueChain:
    """What is lost, paid, earned and used at each stage of a chain, from its first stage to its last.

    Parameters
    ----------
    stages : DataFrame
        In their order, one a row: stage, loss (of what enters it, 0 to below 1). Where known: yield (t that leave per t that
        enters and is not lost; 1), price (USD per t that leaves), cost (USD per t that enters, without what is bought),
        energy_kwh, water_m3, person_days and person_days_<group> (each per t that enters). Missing: not known, never zero.
    quantity : float
        Tonnes that enter the first stage.

    Returns
    -------
    ValueChain
        stages: stage, t_in, t_lost, t_out, remaining (t_out over quantity and yields so far), price, value, bought, cost, margin
        (value - bought - cost, USD), share_of_final_price, energy_kwh, water_m3, person_days...; loss = 1 - prod(1 - l);
        farm_gate_share; mass_gap and money_gap (0 where balanced; money_gap is missing where money is); absent.

    Raises
    ------
    DataError
        All problems at once: a column is missing, a stage stands twice, a loss is not from 0 to below 1, a number is negative
        or infinite, work of a group is more than all work, mass or money does not balance.

    Notes
    -----
    t_out = t_in x (1 - loss) x yield: losses are chained and never added. A first stage buys nothing. Final value = sum of
    costs + sum of margins. FAO Food Loss Index and APHLIS chain losses in the same way.

    Examples
    --------
    >>> stages = pd.DataFrame({"stage": ["farm", "mill"], "loss": [0.1, 0.2], "price": [100.0, 250.0], "cost": [60.0, 20.0]})
    >>> chain = value_chain(stages, quantity=10)
    >>> chain.stages["t_out"].round(9).tolist(), round(chain.loss, 12), chain.farm_gate_share
    ([9.0, 7.2], 0.28, 0.4)
    >>> chain.stages["margin"].round(6).tolist()
    [300.0, 720.0]
    """
    _check(stages, quantity)
    numbers = {name: stages[name].to_numpy(float) for name in stages.columns if name != "stage"}
    nothing = np.full(len(stages), math.nan)
    kept = 1 - numbers["loss"]
    made = np.nan_to_num(numbers.get("yield", np.ones(len(stages))), nan=1.0)
    out = quantity * np.cumprod(kept * made)
    entering = np.concatenate([[quantity], out[:-1]])
    price, spent = numbers.get("price", nothing), numbers.get("cost", nothing) * entering
    value = price * out
    bought = np.concatenate([[0.0], value[:-1]])
    margin = value - bought - spent
    lost = entering * numbers["loss"]
    final = price[-1]
    table = pd.DataFrame({"stage": stages["stage"].to_numpy()})
    columns: dict[str, Any] = {
        **{"t_in": entering, "t_lost": lost, "t_out": out, "remaining": np.cumprod(kept)},
        **{"price": price, "value": value, "bought": bought, "cost": spent, "margin": margin},
        "share_of_final_price": price / final,
        **{name: numbers[name] * entering for name in numbers if name in USES or name.startswith(WORK)},
    }
    for name, values in columns.items():
        table[name] = values
    mass = float(np.abs(entering - lost - out / made).sum()) / quantity
    money = float(value[-1] - spent.sum() - margin.sum())
    whole = abs(float(value[-1]))
    if mass > BALANCE or (math.isfinite(money) and abs(money) > BALANCE * max(whole, 1.0)):
        raise DataError(f"the chain does not balance: mass off by {mass:g}, money by {money:g}. Please report it.")
    absent = [
        f"{name} of {stage}"
        for name in ("price", "cost", *USES, WORK)
        for stage, one in zip(stages["stage"], numbers.get(name, nothing), strict=True)
        if math.isnan(one)
    ]
    return ValueChain(table, float(1 - np.prod(kept)), float(price[0] / final), mass, money, tuple(absent))


def food_loss_percentage(loss: Any, quantity: Any, price: Any) -> float:
    """Food lost of a basket, by value: the percentage that FAO's Food Loss Index is made of.

    Parameters
    ----------
    loss : array-like
        Share lost of each commodity, 0 to 1, from harvest up to, not including, retail.
    quantity : array-like
        Produced in the base year, t.
    price : array-like
        Of the base year, money per t.

    Returns
    -------
    float
        Per cent.

    Raises
    ------
    DataError
        Lengths differ, a number is missing or negative, a loss is above 1, the basket is worth nothing.

    Notes
    -----
    FLP = sum(l q p) / sum(q p) x 100, quantities and prices of the base year (FAO, SDG 12.3.1.a).

    Examples
    --------
    >>> food_loss_percentage([0.05, 0.2], [100.0, 50.0], [2.0, 4.0])
    12.5
    """
    parts = [np.atleast_1d(np.asarray(one, dtype=float)) for one in (loss, quantity, price)]
    if len({one.shape for one in parts}) > 1 or parts[0].ndim != 1 or not parts[0].size:
        raise DataError("loss, quantity and price of the same commodities were expected, one number each.")
    if not all(np.isfinite(one).all() and (one >= 0).all() for one in parts) or (parts[0] > 1).any():
        raise DataError("numbers of 0 or more were expected, losses from 0 to 1; found other or missing ones.")
    worth = parts[1] * parts[2]
    if worth.sum() == 0:
        raise DataError("the basket is worth nothing. Give quantities and prices above 0.")
    return float(100 * (parts[0] * worth).sum() / worth.sum())


def loss_left_to(total: float, losses: Any) -> float:
    """Loss of the stage that is left, where a chain's total and the losses of its other stages are published.

    Parameters
    ----------
    total : float
        Loss of the whole chain, 0 to below 1.
    losses : array-like
        Losses of the other stages, each of what enters it.

    Returns
    -------
    float
        1 - (1 - total) / prod(1 - l).

    Raises
    ------
    DataError
        The other stages lose more than the whole.

    Examples
    --------
    >>> round(loss_left_to(0.28, [0.1]), 12)
    0.2
    """
    others = float(np.prod(1 - np.atleast_1d(np.asarray(losses, dtype=float))))
    if not 0 <= total < 1 or others < 1 - total:
        raise DataError(f"a whole loss of {total:g} was expected to hold those of its stages, which keep {others:g}.")
    return 1 - (1 - total) / others


def shares_implied(share_of_price: float, share_of_cost: float, share_of_margin: float) -> tuple[float, float]:
    """Cost and margin of a whole chain, as shares of its final price, that a grower's three published shares leave.

    Parameters
    ----------
    share_of_price : float
        Grower's price over the final one.
    share_of_cost, share_of_margin : float
        Grower's share of all cost in the chain, and of all net margin.

    Returns
    -------
    (float, float)
        Cost and margin of the chain over the final price; they add up to 1. NaN where the two shares are the same, or where
        no cost from 0 to 1 fits: then the published shares are not of one chain.

    Raises
    ------
    DataError
        A share is not from 0 to 1.

    Notes
    -----
    share of price = share of cost x c + share of margin x (1 - c), solved for c.

    Examples
    --------
    >>> [round(share, 4) for share in shares_implied(0.55, 0.6, 0.33)]
    [0.8148, 0.1852]
    """
    if not all(0 <= share <= 1 for share in (share_of_price, share_of_cost, share_of_margin)):
        raise DataError(
            f"shares from 0 to 1 were expected, found {share_of_price}, {share_of_cost}, {share_of_margin}."
        )
    if share_of_cost == share_of_margin:
        return math.nan, math.nan
    cost = (share_of_price - share_of_margin) / (share_of_cost - share_of_margin)
    return (cost, 1 - cost) if -1e-12 <= cost <= 1 + 1e-12 else (math.nan, math.nan)


def _check(stages: pd.DataFrame, quantity: float) -> None:
    problems = Problems("the chain")
    if missing := [name for name in NEEDED if name not in stages.columns]:
        problems.add(f"lacks {', '.join(missing)}.")
        problems.raise_if_any(DataError)
    if not len(stages):
        problems.add("has no stages.")
    if not (math.isfinite(quantity) and quantity > 0):
        problems.add(f"quantity above 0 was expected, found {quantity}.")
    for stage in stages.loc[stages["stage"].duplicated(), "stage"]:
        problems.add(f"the stage {stage} stands twice.")
    for stage, loss in zip(stages["stage"], stages["loss"].astype(float), strict=True):
        if not 0 <= loss < 1:
            problems.add(f"{stage}: a loss from 0 to below 1 was expected, found {loss:g}. Write 5 % as 0.05.")
    for name in stages.columns.difference(["stage", "loss"]):
        values = stages[name].astype(float)
        least = values <= 0 if name == "yield" else values < 0
        for stage in stages.loc[least | np.isinf(values), "stage"]:
            problems.add(f"{stage}: {name} of 0 or more, finite, was expected.")
    if WORK in stages.columns:
        for name in [one for one in stages.columns if one.startswith(f"{WORK}_")]:
            for stage in stages.loc[stages[name].astype(float) > stages[WORK].astype(float) * (1 + 1e-9), "stage"]:
                problems.add(f"{stage}: {name} is more than all {WORK}.")
    problems.raise_if_any(DataError)
