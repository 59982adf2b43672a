# SPDX-License-Identifier: Apache-2.0
"""What a cash flow cannot be computed from, told all at once."""

from __future__ import annotations

import pandas as pd

from homeground.errors import DataError, Problems
from homeground.finance.valuation import check_values, price_year
from homeground.finance.valued.product import LANDS
from homeground.measures.options import rates_of


def check_cash_flow(
    schedule: pd.DataFrame,
    options: pd.DataFrame,
    values: pd.DataFrame,
    rules: pd.DataFrame,
    horizon: int,
    first_year: int,
) -> None:
    """Refuse, with every fault named, what `cash_flow` cannot compute from.

    Parameters
    ----------
    schedule, options, values : DataFrame
        As in `cash_flow`.
    rules : DataFrame
        As `products` there.
    horizon, first_year : int
        As there.

    Raises
    ------
    DataError
        As there, and where the rules contradict themselves.

    Examples
    --------
    >>> import pandas as pd
    >>> from homeground.finance import read_products, read_values
    >>> from homeground.measures import options
    >>> late = pd.DataFrame({"iso3": ["BFA"], "measure": ["zai"], "year": [2050], "hectares": [10.0]})
    >>> check_cash_flow(late, options(), read_values(), read_products(), horizon=20, first_year=2024)
    Traceback (most recent call last):
    ...
    homeground.errors.DataError: the cash flow: the schedule starts land in 2050, outside 2024 to 2044. Lengthen the horizon.
    """
    check_values(values)
    problems = Problems("the cash flow")
    missing = [name for name in ("iso3", "measure", "year", "hectares") if name not in schedule.columns]
    if missing:
        problems.add(f"the schedule lacks {', '.join(missing)}.")
        problems.raise_if_any(DataError)
    if not (schedule["hectares"] >= 0).all():
        problems.add("hectares of 0 or more were expected in every row of the schedule; some are negative or missing.")
    try:
        rates_of(options, schedule)
    except DataError as error:
        problems.add(str(error))
    if not rules["land"].isin(LANDS).all() or ((rules["base_yield"] == "") & (rules["reason"] == "")).any():
        problems.add(f"products: land is one of {', '.join(LANDS)}, and a row without a product says the reason.")
    mixed = rules.assign(none=rules["base_yield"] == "").groupby("measure")["none"].nunique()
    if (mixed > 1).any():
        problems.add(
            f"products: {', '.join(mixed[mixed > 1].index)} can be valued on some land only. Value all or none."
        )
    outside = schedule.loc[~schedule["year"].between(first_year, first_year + horizon), "year"].unique()
    if len(outside):
        listed = ", ".join(map(str, sorted(outside)))
        problems.add(
            f"the schedule starts land in {listed}, outside {first_year} to {first_year + horizon}. Lengthen the horizon."
        )
    try:
        check_price_years(options, values)
    except DataError as error:
        problems.add(str(error))
    problems.raise_if_any(DataError)


def check_price_years(options: pd.DataFrame, values: pd.DataFrame) -> None:
    """Refuse costs and values in prices of different years.

    Parameters
    ----------
    options : DataFrame
        From `homeground.measures.options`.
    values : DataFrame
        A table that passed `homeground.finance.valuation.check_values`.

    Raises
    ------
    DataError
        The years are named.

    Examples
    --------
    >>> from homeground.finance import read_values
    >>> from homeground.measures import options
    >>> check_price_years(options(), read_values())
    """
    years = sorted(set(options["price_year"]) | {price_year(values)})
    if len(years) > 1:
        raise DataError(
            f"costs and values are in prices of {', '.join(map(str, years))}. Bring both to one year (at_prices)."
        )
