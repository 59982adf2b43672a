# SPDX-License-Identifier: Apache-2.0
"""Net migration as what is left of population change after births and deaths, or after ageing."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from homeground.errors import DataError

Values: TypeAlias = "pd.Series[float] | npt.ArrayLike"
Floats = npt.NDArray[np.float64]
Z90 = 1.64  # two-sided 90 % interval of a normal error


def net_migration(
    population_start: Values,
    population_end: Values,
    births: Values,
    deaths: Values,
    *,
    years: float = 1.0,
    sd_start: Values | None = None,
    sd_end: Values | None = None,
    sd_births: Values | None = None,
    sd_deaths: Values | None = None,
) -> pd.DataFrame:
    """More people came than left (above zero) or more left than came: population change without births and deaths.

    Parameters
    ----------
    population_start, population_end : Series or array-like, (n,), persons
        Population of each place at the start and the end. Series must share one index.
    births, deaths : Series or array-like, (n,), persons
        All births and deaths of the period, of the same people.
    years : float
        Length of the period, for the yearly rate.
    sd_start, sd_end, sd_births, sd_deaths : Series, array-like or number, persons, optional
        Standard deviations of the errors, taken as independent. Where some are given, those left out count as zero;
        where none is given, no interval is made.

    Returns
    -------
    DataFrame, n rows
        ``change, natural_change, net_migration`` (persons in the period); ``rate`` (per 1000 people of the mean
        population, per year); ``sd``; ``low, high`` (90 %); ``distinguishable`` (from zero: True, False, or missing
        where no error is known).

    Raises
    ------
    DataError
        Indexes or lengths differ, or a count or standard deviation is negative.

    Notes
    -----
    NM = P1 - P0 - B + D; rate = 1000 NM / ((P0 + P1) / 2) / years; sd(NM) = sqrt(sum of the four sd^2); not
    distinguishable from zero where |NM| < 1.64 sd. NM is a small difference of large numbers: with an error of 2 % on
    two populations of 500 000, sd = 14 142. Where the population itself is interpolated between
    censuses, the residual shows the interpolation. Missing inputs give missing results.
    Source: UN Manual VI (1970), vital statistics method.

    Examples
    --------
    Alabama, white women (a census group), 1960 to 1970:

    >>> found = net_migration([1_159_548], [1_298_342], [224_034], [86_880], years=10)
    >>> found.loc[0, ["change", "natural_change", "net_migration"]].tolist()
    [138794.0, 137154.0, 1640.0]
    """
    index, (p0, p1, b, d) = _aligned(
        {
            "population_start": population_start,
            "population_end": population_end,
            "births": births,
            "deaths": deaths,
        }
    )
    if not years > 0:
        raise DataError(f"years must be above zero, found {years}.")
    net = p1 - p0 - b + d
    middle = (p0 + p1) / 2
    sd = _joint_sd(index, {"sd_start": sd_start, "sd_end": sd_end, "sd_births": sd_births, "sd_deaths": sd_deaths})
    clear = pd.array(np.abs(net) >= Z90 * sd, dtype="boolean")
    clear[np.isnan(sd) | np.isnan(net)] = pd.NA
    return pd.DataFrame(
        {
            "change": p1 - p0,
            "natural_change": b - d,
            "net_migration": net,
            "rate": 1000 * np.divide(net, middle, out=np.full_like(net, np.nan), where=middle > 0) / years,
            "sd": sd,
            "low": net - Z90 * sd,
            "high": net + Z90 * sd,
            "distinguishable": clear,
        },
        index=index,
    )


def net_migration_survival(population_start: Values, population_end: Values, survival: Values) -> pd.DataFrame:
    """Net migration of each cohort: those found at the second census beside those who should have lived to see it.

    Parameters
    ----------
    population_start : Series or array-like, (n,), persons
        Each age group at the first census.
    population_end : Series or array-like, (n,), persons
        The same people, older, at the second census.
    survival : Series or array-like, (n,)
        Share who live from the first to the second census; national census survival ratios
        P1(a+n)/P0(a) may exceed 1 slightly where censuses differ in coverage.

    Returns
    -------
    DataFrame, n rows
        ``forward`` (migrants who live to the end), ``reverse`` (as counted at the start), ``average``, persons.

    Raises
    ------
    DataError
        Indexes or lengths differ, a count is negative, or a survival ratio is not above zero.

    Notes
    -----
    forward = P1 - S P0; reverse = P1 / S - P0; average = their mean. Source: UN Manual VI (1970), chapter II.

    Examples
    --------
    Bombay 1941 to 1951, ages 0-4 who became 10-14:

    >>> net_migration_survival([77_135], [132_870], [0.9087]).round(0).iloc[0].tolist()
    [62777.0, 69085.0, 65931.0]
    """
    index, (p0, p1, s) = _aligned(
        {"population_start": population_start, "population_end": population_end, "survival": survival}
    )
    if (s <= 0).any():
        raise DataError(f"survival ratios above 0 were expected, found {float(np.nanmin(s))}.")
    forward = p1 - s * p0
    reverse = p1 / s - p0
    return pd.DataFrame({"forward": forward, "reverse": reverse, "average": (forward + reverse) / 2}, index=index)


def net_migration_children(children: float, women: float, women_net: float, *, weight: float) -> float:
    """Net migration of children born in the period, taken to move with women of child-bearing age.

    Parameters
    ----------
    children, women : float, persons
        Children of the age group, and women of child-bearing age, at the second census.
    women_net : float, persons
        Net migration of those women.
    weight : float
        Share of the period in which the children were alive: 0.25 for ages 0-4 and 0.75 for 5-9 of a decade.

    Returns
    -------
    float, persons

    Raises
    ------
    DataError
        There are no women, or a count is negative.

    Notes
    -----
    M = weight * children / women * women_net. Source: UN Manual VI (1970).

    Examples
    --------
    >>> net_migration_children(800.0, 1000.0, 100.0, weight=0.25)
    20.0
    """
    if not women > 0 or children < 0:
        raise DataError(
            f"counts of women above 0 and of children of 0 or more were expected, found {women}, {children}."
        )
    return weight * children / women * women_net


def balance_to_total(values: Values, total: float = 0.0) -> pd.Series[float]:
    """Net migration of each place, rescaled so that all places add up to a known total and no sign turns.

    Parameters
    ----------
    values : Series or array-like, (n,), persons
        Net migration, of either sign.
    total : float, persons
        What the result adds up to: zero for moves inside a country, or its net international migration.

    Returns
    -------
    Series, (n,), persons
        Missing values stay missing; the others add up to the total.

    Raises
    ------
    DataError
        The total cannot be reached without turning a sign.

    Notes
    -----
    With S = sum|x|, gains are multiplied by (S + total) / 2 / sum of gains and losses by (S - total) / 2 / |sum of
    losses|: the movement S is kept. Where all values share one sign, they are scaled to the total.

    Examples
    --------
    >>> balance_to_total([-200, -30, -5, 0, 10, 20, 60, 80]).round(3).tolist()
    [-172.34, -25.851, -4.309, 0.0, 11.912, 23.824, 71.471, 95.294]
    """
    index, (x,) = _aligned({"values": values}, signed=True)
    gains, losses = float(np.nansum(x[x > 0])), float(-np.nansum(x[x < 0]))
    moved = gains + losses
    if gains > 0 and losses > 0:
        up, down = (moved + total) / 2 / gains, (moved - total) / 2 / losses
    else:
        up = total / gains if gains > 0 else 0.0
        down = -total / losses if losses > 0 else 0.0
    rounding = 1e-12 * (moved + abs(total))  # a total equal to all movement leaves one side at nothing, give or take
    up = 0.0 if -rounding <= up * gains < 0 else up
    down = 0.0 if -rounding <= down * losses < 0 else down
    if up < 0 or down < 0 or (moved == 0 and total != 0):
        raise DataError(
            f"net migration of {total} cannot be reached from gains of {gains} and losses of {losses} without turning "
            f"a sign. Check that values and total are in one unit (persons or thousands)."
        )
    return pd.Series(np.where(x > 0, x * up, x * down), index=index, name="net_migration")


def _aligned(named: dict[str, Values], *, signed: bool = False) -> tuple[pd.Index, list[Floats]]:
    """Arrays of one length, and the index they share; nothing is aligned silently."""
    index: pd.Index | None = None
    for name, values in named.items():
        if not isinstance(values, pd.Series):
            continue
        if index is not None and not index.equals(values.index):
            raise DataError(
                f"{name} has another index than the series before it. Bring all to the same places, in one order."
            )
        index = values.index
    arrays = [np.atleast_1d(np.asarray(values, dtype=float)) for values in named.values()]
    lengths = {name: array.size for name, array in zip(named, arrays, strict=True)}
    if len(set(lengths.values())) > 1 or any(array.ndim != 1 for array in arrays):
        raise DataError(f"one length was expected, found {lengths}.")
    for name, array in zip(named, arrays, strict=True):
        if not signed and (array < 0).any():
            raise DataError(f"{name} must not be negative, found {float(np.nanmin(array))}.")
    return (pd.RangeIndex(arrays[0].size) if index is None else index), arrays


def _joint_sd(index: pd.Index, named: dict[str, Values | None]) -> Floats:
    given = {name: values for name, values in named.items() if values is not None}
    if not given:
        return np.full(len(index), np.nan)
    variance = np.zeros(len(index))
    for name, values in given.items():
        if isinstance(values, pd.Series) and not values.index.equals(index):
            raise DataError(f"{name} has another index than the populations.")
        array = np.asarray(values, dtype=float)
        if array.shape not in {(), (len(index),)} or (array < 0).any():
            raise DataError(f"{name} must be one number or {len(index)} numbers of 0 or more.")
        variance = variance + array**2
    return np.sqrt(variance)
