# SPDX-License-Identifier: Apache-2.0
"""The case of farms with and without a programme: budgets, farms and adoption brought to one list of lines by year."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from homeground.errors import DataError, Problems
from homeground.finance.farm._lines import do_not_meet, lines_of, taken_up, units_of
from homeground.finance.farm.given import as_declared
from homeground.finance.valuation import carbon_price, price_year, read_values

Floats = NDArray[np.float64]

EXAMPLE = Path(__file__).parent / "example"  # tables of a made programme, worked by hand in the documentation


@dataclass(frozen=True)
class FarmCase:
    """Farms with and without a programme, checked, ready to be appraised; made by `farm_case`.

    Attributes
    ----------
    lines : DataFrame
        One row per farm, situation, activity and item: quantities and prices with low, mid and high; sign (with +1,
        without -1; costs count as positive), gain (output or carbon), constant, exchange and labour (what the price is
        worth to society = price x (constant + exchange x shadow exchange + labour x shadow wage)).
    units : array, lines x years
        Hectares of each line in each year, over all farms that took it up by then, times ramp and trend; before access.
    adoption : DataFrame
        farm, year, farms.
    programme : array, 2 x years
        What the programme spends: as spent, and to society.
    shadow : array, 2 x years
        Shadow price of a tonne of CO2e, low and high; NaN where it cannot be had in the currency.
    """

    lines: pd.DataFrame
    units: Floats
    adoption: pd.DataFrame
    programme: Floats
    shadow: Floats
    first_year: int
    currency: str
    price_year: int
    shadow_wage: float = 1.0
    shadow_exchange: float = 1.0
    carbon_contract: float = 0.0
    access: float = 1.0
    last_year: int | None = None
    upkeep_payer: str = "not said"
    notes: tuple[str, ...] = ()

    @property
    def years(self) -> int:
        """Years of the table, the first one too."""
        return int(self.units.shape[1])


def farm_case(
    budgets: pd.DataFrame,
    farms: pd.DataFrame,
    adoption: pd.DataFrame,
    *,
    first_year: int,
    horizon: int,
    programme: pd.DataFrame | None = None,
    shadow_wage: float = 1.0,
    shadow_exchange: float = 1.0,
    carbon_contract: float = 0.0,
    access: float = 1.0,
    last_year: int | None = None,
    upkeep_payer: str = "not said",
    shadow_carbon: tuple[float, float] | None = None,
) -> FarmCase:
    """Budgets of crops and activities, farms that are made of them, and adoption, as one case to appraise.

    Parameters
    ----------
    budgets, farms, adoption : DataFrame
        As `farm/given_columns.csv` declares them (docs/finance/appraisal.md); from `read_farm_tables` or made.
    first_year : int
        Calendar year of flow 0, which is not discounted.
    horizon : int
        Years after it, 1 or more.
    programme : DataFrame, optional
        What the programme spends beside the farms. It is spent whether or not land can be reached.
    shadow_wage : float
        What a day of work is worth to society beside its wage, 0 to 1 (1: as paid).
    shadow_exchange : float
        What foreign money is worth to society beside the official rate, above 0 (1: the same).
    carbon_contract : float
        What a tonne of CO2e brings by contract, net of measuring, buffer and sale, in the currency; 0: none is sold.
    access : float
        Share of the farms that can be reached, 0 to 1; conflict bars the rest.
    last_year : int, optional
        Of the programme: upkeep after it is a line of its own. Left out: the last year of the adoption.
    upkeep_payer : str
        Who pays upkeep after the programme.
    shadow_carbon : tuple of float, optional
        Low and high of what a tonne of CO2e is worth to society in the first year, in the money of the budgets; it grows
        as the shipped one. Left out: that of the High-Level Commission (2017) where the budgets are in its money, else
        none, and a note says so.

    Returns
    -------
    FarmCase

    Raises
    ------
    DataError
        Rows are not as declared, names do not meet, money is of two currencies or price years, or a number is out of
        range: all problems at once.

    Examples
    --------
    >>> from homeground.finance.farm.given import read_farm_tables
    >>> case = farm_case(**read_farm_tables(EXAMPLE), first_year=2025, horizon=3)
    >>> case.years, case.currency, case.price_year, case.last_year
    (4, 'USD', 2023, 2026)
    """
    problems = Problems("the farm case")
    tables = {
        name: as_declared(name, table, problems)
        for name, table in (("budgets", budgets), ("farms", farms), ("adoption", adoption), ("programme", programme))
        if table is not None
    }
    if horizon < 1:
        problems.add(f"horizon of 1 year or more was expected, found {horizon}.")
    for name, share in (("shadow_wage", shadow_wage), ("access", access)):
        if not 0 <= share <= 1:
            problems.add(f"{name} is {share}: a share from 0 to 1 was expected. Write 60 % as 0.6.")
    if not 0 < shadow_exchange <= 10:
        problems.add(f"shadow_exchange is {shadow_exchange}: a factor above 0, such as 1.1, was expected.")
    if not (np.isfinite(carbon_contract) and carbon_contract >= 0):
        problems.add(f"carbon_contract of 0 or more was expected, found {carbon_contract}.")
    problems.raise_if_any(DataError)
    problems.extend(do_not_meet(tables, first_year, horizon))
    problems.raise_if_any(DataError)
    lines = lines_of(tables["budgets"], tables["farms"])
    currency, year = str(lines["currency"].iloc[0]), int(lines["price_year"].iloc[0])
    shadow, note = _shadow(first_year, horizon, currency, year, shadow_carbon)
    reached = int(tables["adoption"]["year"].max())
    return FarmCase(
        lines=lines,
        units=units_of(lines, taken_up(tables["adoption"], first_year, horizon)),
        adoption=tables["adoption"],
        programme=_spent(tables.get("programme"), first_year, horizon),
        shadow=shadow,
        first_year=first_year,
        currency=currency,
        price_year=year,
        shadow_wage=shadow_wage,
        shadow_exchange=shadow_exchange,
        carbon_contract=carbon_contract,
        access=access,
        last_year=reached if last_year is None else last_year,
        upkeep_payer=upkeep_payer,
        notes=(note,) if note and (lines["kind"] == "carbon").any() else (),
    )


def _spent(programme: pd.DataFrame | None, first_year: int, horizon: int) -> Floats:
    """What the programme spends by year: as spent, and to society."""
    spent = np.zeros((2, horizon + 1))
    if programme is not None:
        at = programme["year"].to_numpy(int) - first_year
        np.add.at(spent[0], at, programme["cost"].to_numpy(float))
        np.add.at(spent[1], at, programme["economic_cost"].fillna(programme["cost"]).to_numpy(float))
    return spent


def _shadow(
    first_year: int, horizon: int, currency: str, year: int, given: tuple[float, float] | None
) -> tuple[Floats, str]:
    """Shadow price of a tonne of CO2e in each year, low and high, and why there is none."""
    path, of_year = _shipped_path(first_year, horizon)
    if given is not None:
        return np.array(given)[:, None] * path / path[:, :1], ""
    if currency != "USD" or year != of_year:
        why = f"shadow carbon is not counted: it is known in USD of {of_year}, and the budgets are in {currency} of {year}"
        return np.full((2, horizon + 1), np.nan), why
    return path, ""


@cache
def _shipped_path(first_year: int, horizon: int) -> tuple[Floats, int]:
    """USD for a tonne of CO2e in each year, low and high, and the year of those prices."""
    values = read_values()
    prices = [carbon_price(first_year + t, values) for t in range(horizon + 1)]
    return np.array([[price.low for price in prices], [price.high for price in prices]]), price_year(values)
