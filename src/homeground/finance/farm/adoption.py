# SPDX-License-Identifier: Apache-2.0
"""How many farms take something up in each year: a straight ramp, a logistic curve, or a table of one's own."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from homeground.errors import DataError, Problems

Floats = NDArray[np.float64]

SHAPES = ("ramp", "logistic")


def adoption_curve(
    farm: str,
    farms: float,
    *,
    first_year: int,
    years: int,
    shape: str = "ramp",
    over: float = 5.0,
    middle: float | None = None,
    ceiling: float = 1.0,
) -> pd.DataFrame:
    """New farms of one kind in each year.

    Parameters
    ----------
    farm : str
        Kind of farm, as in the table of farms.
    farms : float
        How many there are that could.
    first_year : int
        Calendar year in which the first may begin.
    years : int
        How many years the table has.
    shape : str
        "ramp": the same number each year for `over` years. "logistic": few at first, most in the middle.
    over : float
        Years that the ramp takes; for the logistic curve those from a tenth of the ceiling to nine tenths of it.
    middle : float, optional
        Year from the start at which half of the ceiling is reached, logistic only; left out, `over` / 2.
    ceiling : float
        Share of the farms that ever does, 0 to 1.

    Returns
    -------
    DataFrame
        farm, year, farms (that begin in the year); years without any are left out.

    Raises
    ------
    DataError
        The shape is unknown, a number is out of range; all told at once.

    Notes
    -----
    Taken up by the end of year t = farms x ceiling x min((t + 1) / over, 1), or farms x ceiling /
    (1 + exp(-(2 ln 9 / over) (t + 1 - middle))) (Griliches 1957, Econometrica 25:501-522); of the logistic curve the
    first year has all that is reached by its end. New ones are the differences.

    Examples
    --------
    >>> adoption_curve("small", 100.0, first_year=2025, years=6, over=4)["farms"].tolist()
    [25.0, 25.0, 25.0, 25.0]
    >>> adoption_curve("small", 100.0, first_year=2025, years=6, shape="logistic", over=4)["farms"].round(1).tolist()
    [25.0, 25.0, 25.0, 15.0, 6.4, 2.4]
    """
    problems = Problems("the adoption")
    if shape not in SHAPES:
        problems.add(f'shape "{shape}" is unknown. Known: {", ".join(SHAPES)}; or give a table of your own.')
    if not (math.isfinite(farms) and farms >= 0):
        problems.add(f"farms of 0 or more were expected, found {farms}.")
    if not over > 0:
        problems.add(f"over of more than 0 years was expected, found {over}.")
    if not 0 <= ceiling <= 1:
        problems.add(f"ceiling is {ceiling}: a share from 0 to 1 was expected. Write 60 % as 0.6.")
    if years < 1:
        problems.add(f"1 year or more was expected, found {years}.")
    if middle is not None and shape == "ramp":
        problems.add("a ramp has no middle. Leave it out, or take the logistic curve.")
    problems.raise_if_any(DataError)
    ends = np.arange(1.0, years + 1)
    if shape == "ramp":
        taken = np.minimum(ends / over, 1.0)
    else:
        half = over / 2 if middle is None else middle
        taken = 1.0 / (1.0 + np.exp(-(2.0 * math.log(9.0) / over) * (ends - half)))
    new: Floats = farms * ceiling * np.diff(taken, prepend=0.0)
    table = pd.DataFrame({"farm": farm, "year": first_year + np.arange(years), "farms": new})
    return table[table["farms"] > 0].reset_index(drop=True)
