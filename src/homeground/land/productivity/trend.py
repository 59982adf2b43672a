# SPDX-License-Identifier: Apache-2.0
"""Whether a yearly series rises or falls, how fast, and how easily chance alone would do that."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any, Literal, get_args

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from scipy.special import ndtri

from homeground.catalogue.classes import MISSING
from homeground.errors import DataError
from homeground.land._compiled import for_values
from homeground.land.productivity.kernels._trend import trend_pixels
from homeground.numbers.rounding import rounding
from homeground.numbers.units import without_attrs

EXACT_UP_TO = 60  # values; beyond, the normal approximation of S is closer than p needs
MIN_YEARS = 8

_OUTPUTS = ("slope", "intercept", "slope_low", "slope_high", "s", "p", "lag1", "n", "ols_slope")
_N = _OUTPUTS.index("n")
_NAMES = {
    "slope": "Theil-Sen slope",
    "intercept": "value of the line at year 0",
    "slope_low": "lower 95 % limit of the slope",
    "slope_high": "upper 95 % limit of the slope",
    "s": "Kendall score S",
    "p": "two-sided p of Mann-Kendall",
    "lag1": "lag-1 autocorrelation about the line",
    "n": "years with a value",
    "ols_slope": "least-squares slope",
    "level": "level of Trends.Earth",
}

Significance = Literal["exact", "normal", "trends.earth"]
Autocorrelation = Literal["none", "hamed-rao", "pre-whiten"]

# |S| that Trends.Earth takes for 90, 95 and 99 %, from 4 years on (its te_algorithms/gee/stats.py, 2026-08).
_TRENDS_EARTH = tuple(
    tuple(int(score) for score in scores.split())
    for scores in (
        "4 6 7 9 10 12 15 17 18 22 23 27 28 32 35 37 40 42 45 49 52 56 59 61 66 68 73 75 80 84 87 91 94 98 103 107 110 "
        "114 119 123 128 132 135 141 144 150 153 159 162 168 173 177 182 186 191 197 202",
        "4 6 9 11 14 16 19 21 24 26 31 33 36 40 43 47 50 54 59 63 66 70 75 79 84 88 93 97 102 106 111 115 120 126 131 "
        "137 142 146 151 157 162 168 173 179 186 190 197 203 208 214 221 227 232 240 245 251 258",
        "6 8 11 18 22 25 29 34 38 41 47 50 56 61 65 70 76 81 87 92 98 105 111 116 124 129 135 142 150 155 163 170 176 "
        "183 191 198 206 213 221 228 236 245 253 260 268 277 285 294 302 311 319 328 336 345 355 364",
    )
)


@lru_cache
def kendall_tail(largest: int = EXACT_UP_TO) -> NDArray[np.float64]:
    """Chance that |S| of Mann-Kendall reaches s in n values without trend or ties: ``table[n, s]``, exact.

    Parameters
    ----------
    largest : int
        Largest n.

    Returns
    -------
    ndarray, shape (largest + 1, largest (largest - 1) / 2 + 1), dimensionless
        P(|S| >= s). 0 beyond the reach of n.

    Notes
    -----
    The number of discordant pairs of n values is the sum of independent whole numbers, uniform on 0 to k - 1 for k = 2
    to n; their distributions are convolved. Source: Kendall (1975), Rank Correlation Methods, 4th edition, chapter 5.

    Examples
    --------
    >>> float(kendall_tail()[4, 6].round(6))  # 2 of 24 orders
    0.083333
    """
    reach = largest * (largest - 1) // 2
    table = np.zeros((largest + 1, reach + 1))
    table[:2, 0] = 1
    discordant = np.ones(1)
    for n in range(2, largest + 1):
        discordant = np.convolve(discordant, np.full(n, 1 / n))
        pairs = n * (n - 1) // 2
        scores = np.abs(pairs - 2 * np.arange(pairs + 1))
        chance = np.bincount(scores, weights=discordant, minlength=pairs + 1)
        # Summed from the far tail inwards, so that small chances keep their digits.
        table[n, : pairs + 1] = np.cumsum(chance[::-1])[::-1]
    table.setflags(write=False)
    return table


def trend(
    series: xr.DataArray,
    dim: str = "year",
    *,
    significance: Significance = "exact",
    autocorrelation: Autocorrelation = "none",
    limits: bool = True,
) -> xr.Dataset:
    """How fast each cell rises or falls a year, and how likely chance alone gives as clear an order of years.

    Parameters
    ----------
    series : DataArray, dims (``dim``, ...)
        One value a year; steps may be unequal, NaN (or an infinite value) is a missing year. float32 and short whole
        numbers are computed in float32, everything else in float64.
    dim : str
        The dimension of the years; its labels are the times (numbers, rising).
    significance : {"exact", "normal", "trends.earth"}
        The exact distribution of S up to 60 values without ties (with ties or more values: normal), the normal
        approximation throughout, or ``p`` as in "exact" and beside it the levels of Trends.Earth (see Notes).
    autocorrelation : {"none", "hamed-rao", "pre-whiten"}
        What is done about years that resemble their neighbours: nothing (``lag1`` tells how much they do), a larger
        or smaller variance of S, or the test on the series freed of its lag-1 dependence. Needs years of equal steps.
    limits : bool
        Work out ``slope_low`` and ``slope_high``; without them a map is a fifth faster.

    Returns
    -------
    Dataset of float64 (n: int16), dims (...)
        ``slope``, ``slope_low``, ``slope_high`` (units of ``series`` a year; 95 % limits), ``intercept`` (units of
        ``series``, at year 0), ``s`` (Kendall score), ``p`` (two-sided), ``lag1`` (autocorrelation of neighbouring
        residuals) and ``n`` (years with a value). NaN where fewer than 8 years have a value, the limits also where p is.
        With "trends.earth" also ``ols_slope`` (least squares) and ``level`` (int8: -3 to 3 for its 90, 95 and 99 %,
        -128 missing).

    Raises
    ------
    DataError
        ``dim`` is absent, its labels are not rising numbers, there are fewer than 8 of them, their steps differ where
        autocorrelation is to be removed, or the option is unknown.

    Notes
    -----
    slope = median of (x_j - x_i) / (t_j - t_i) over pairs i < j; intercept = median(x) - slope median(t).
    Values that differ by rounding only (`homeground.numbers.rounding`, beside the largest of the series) are equal: such
    a pair neither rises nor falls, its slope is 0.
    S = (pairs that rise) - (pairs that fall); Var(S) = [n(n-1)(2n+5) - sum over ties t(t-1)(2t+5)] / 18. Normal:
    p = 2 (1 - Phi((|S| - 1) / sd)), 1 if S = 0. Limits: the slopes of rank (N - C) / 2 and (N + C) / 2 + 1 among
    N pairs, C = 1.96 sd(S), ranks rounded. lag1 is of the residuals about the line; where it is well above 0, p is
    too small and the limits are too narrow, because neighbouring years are not independent. One cell's p is not the
    map's: of many cells some reach 0.05 by chance (see `fdr`).

    Hamed and Rao: Var(S) times 1 + 2 / (n(n-1)(n-2)) sum over lags k of (n-k)(n-k-1)(n-k-2) r_k, with r_k the
    autocorrelation of the ranks of the residuals (ties share their mean) where |r_k| > 1.96 / sqrt(n); p is normal; where
    the factor is not above 0 the correction fails, and p and limits are NaN. Pre-whitening (trend-free): residuals
    e_t - lag1 e_(t-1), plus the line, are tested; ``s`` and ``p`` are theirs. Neither rescues a short series: of 2000
    simulated series of 16 years without trend whose neighbours correlate by 0.6, 24 % pass p <= 0.05 as they are, 26 %
    by Hamed and Rao and 31 % pre-whitened (40 years: 29, 23 and 37 %). Read them beside each other (see `trend_tests`),
    not as a cure.

    Trends.Earth compares |S| with a table of 90, 95 and 99 % that is nearly one-sided: what it calls 95 % has a
    two-sided p of 0.10 to 0.13. ``level`` repeats it, with the sign of the least-squares slope, for comparison.

    Sources: Mann (1945), Econometrica 13: 245-259; Kendall (1975); Theil (1950); Sen (1968), Journal of the American
    Statistical Association 63: 1379-1389; Gilbert (1987), Statistical Methods for Environmental Pollution Monitoring,
    chapter 16; Hamed and Rao (1998), Journal of Hydrology 204: 182-196; Yue, Pilon, Phinney and Cavadias (2002),
    Hydrological Processes 16: 1807-1829; trends.earth-algorithms (2026), te_algorithms/gee/stats.py.

    Examples
    --------
    >>> import xarray as xr
    >>> ndvi = xr.DataArray([3, 4, 2, 6, 5, 7, 9, 8, 10], {"year": range(2001, 2010)}, attrs={"units": "1"})
    >>> result = trend(ndvi)
    >>> result.slope.item(), result.s.item(), round(result.p.item(), 6)
    (1.0, 28.0, 0.002425)
    """
    if significance not in get_args(Significance):
        raise DataError(f"significance is {significance!r}, one of {get_args(Significance)} was expected.")
    if autocorrelation not in get_args(Autocorrelation):
        raise DataError(f"autocorrelation is {autocorrelation!r}, one of {get_args(Autocorrelation)} was expected.")
    time = _times(series, dim)
    correction = get_args(Autocorrelation).index(autocorrelation)
    if correction and not np.allclose(np.diff(time), time[1] - time[0]):
        raise DataError(
            f"The steps along {dim!r} differ; autocorrelation={autocorrelation!r} needs equal steps. "
            "Insert the missing years as NaN."
        )
    critical = _trends_earth_scores(time.size, correction) if significance == "trends.earth" else None
    whole = without_attrs(series)
    if whole.chunks is not None:
        whole = whole.chunk({dim: -1})
    z, tail, normal = float(ndtri(0.975)), kendall_tail(), significance == "normal"

    def by_pixel(values: NDArray[Any]) -> tuple[NDArray[Any], ...]:
        columns = np.moveaxis(values, -1, 0).reshape(time.size, -1)  # a view where time comes first
        short = values.dtype == np.float32 or (values.dtype.kind in "iu" and values.dtype.itemsize <= 2)
        if values.dtype.kind not in "iuf":
            columns = columns.astype(np.float64)
        out = np.empty((len(_OUTPUTS), columns.shape[1]))
        scratch: NDArray[Any] = np.empty(0, np.float32 if short else np.float64)
        near = rounding(scratch.dtype)
        # Of float32 Python and the compiler round some steps differently.
        kernel = trend_pixels if short else for_values(trend_pixels, columns.size)
        kernel(columns, time, tail, normal, correction, MIN_YEARS, critical is not None, limits, z, near, scratch, out)
        rows = [row.reshape(values.shape[:-1]) for row in out]
        rows[_N] = rows[_N].astype(np.int16)
        return tuple(rows)

    types = [np.int16 if name == "n" else np.float64 for name in _OUTPUTS]
    rows: tuple[xr.DataArray, ...] = xr.apply_ufunc(
        by_pixel,
        whole,
        input_core_dims=[[dim]],
        output_core_dims=[[] for _ in _OUTPUTS],
        dask="parallelized",
        output_dtypes=types,
    )
    result = xr.Dataset(dict(zip(_OUTPUTS, rows, strict=True)))
    if not limits:
        result = result.drop_vars(["slope_low", "slope_high"])
    if critical is None:
        result = result.drop_vars("ols_slope")
    else:
        result["level"] = _level(result["s"], result["ols_slope"], critical)
    unit = str(series.attrs.get("units", ""))
    units = {"intercept": unit}
    units |= dict.fromkeys(("slope", "slope_low", "slope_high", "ols_slope"), f"{unit} year-1".strip())
    for name in result:
        result[name] = result[name].assign_attrs(units=units.get(str(name), "1"), long_name=_NAMES[str(name)])
    return result.assign_attrs(
        significance=significance,
        autocorrelation=autocorrelation,
        first=float(time[0]),
        last=float(time[-1]),
        min_years=MIN_YEARS,
    )


def fdr(p: xr.DataArray, alpha: float = 0.05) -> xr.DataArray:
    """Which cells stay significant when, of all that are called so, at most a share ``alpha`` may be chance.

    Parameters
    ----------
    p : DataArray, dimensionless
        One p a cell; NaN is a cell without a test and does not count.
    alpha : float, 0 to 1
        The share of false findings that is tolerated on average.

    Returns
    -------
    DataArray of bool, dimensions as ``p``
        False where ``p`` is NaN. attrs: ``threshold`` (the largest p that counts; 0 if none does) and ``tests``.

    Raises
    ------
    DataError
        ``alpha`` or a p lies outside 0 to 1.

    Notes
    -----
    With the m values of p in order, all up to the last p_(i) <= alpha i / m count. It holds for independent tests and
    for neighbours that resemble each other (positive dependence). Source: Benjamini and Hochberg (1995), Journal of
    the Royal Statistical Society B 57: 289-300; Wilks (2016), Bulletin of the American Meteorological Society 97:
    2263-2273, for maps.

    Examples
    --------
    >>> import xarray as xr
    >>> fdr(xr.DataArray([0.001, 0.02, 0.03, 0.5])).values.tolist()
    [True, True, True, False]
    """
    if not 0 < alpha < 1:
        raise DataError(f"alpha is {alpha}, a number between 0 and 1 was expected.")
    values = p.to_numpy()
    ordered = np.sort(values[~np.isnan(values)])
    if ordered.size and not (ordered[0] >= 0 and ordered[-1] <= 1):
        raise DataError(f"{p.name or 'p'} reaches from {ordered[0]:g} to {ordered[-1]:g}, 0 to 1 was expected.")
    threshold = fdr_threshold([np.unique(ordered, return_counts=True)], alpha)
    found = values <= threshold
    threshold = 0.0 if np.isnan(threshold) else threshold
    return without_attrs(p.copy(data=found).rename("significant")).assign_attrs(
        long_name="significant at this false-discovery rate", alpha=alpha, threshold=threshold, tests=ordered.size
    )


def fdr_threshold(parts: Iterable[tuple[NDArray[np.float64], NDArray[np.int64]]], alpha: float = 0.05) -> float:
    """The largest p that counts at a false-discovery rate, of p values that come in parts, such as tiles of a map.

    Parameters
    ----------
    parts : iterable of (values, counts)
        Different p of each part, and how many cells have each.
    alpha : float, 0 to 1
        As in `fdr`.

    Returns
    -------
    float
        NaN where none counts.

    Examples
    --------
    >>> import numpy as np
    >>> fdr_threshold([(np.array([0.001, 0.02]), np.array([1, 1])), (np.array([0.03, 0.5]), np.array([1, 1]))])
    0.03
    """
    pairs = list(parts)
    if not pairs:
        return float("nan")
    values, place = np.unique(np.concatenate([v for v, _ in pairs]), return_inverse=True)
    counts = np.bincount(place, weights=np.concatenate([c for _, c in pairs]), minlength=values.size)
    upto = np.cumsum(counts)
    passed = values[values <= alpha * upto / upto[-1] * (1 + rounding(np.float64))] if upto.size else values
    return float(passed[-1]) if passed.size else float("nan")


def _trends_earth_scores(years: int, correction: int) -> tuple[int, int, int]:
    if correction:
        raise DataError('significance="trends.earth" knows no correction for autocorrelation. Leave that out.')
    if years - 4 >= len(_TRENDS_EARTH[-1]):
        raise DataError(f'significance="trends.earth" has scores for 4 to 59 years, {years} were found.')
    low, middle, high = (scores[years - 4] for scores in _TRENDS_EARTH)
    return low, middle, high


def _level(score: xr.DataArray, slope: xr.DataArray, critical: tuple[int, int, int]) -> xr.DataArray:
    reached = sum((abs(score) >= k).astype(np.int8) for k in critical)
    # The first score must be passed, not only reached, and the direction is that of least squares.
    level = (reached * (abs(score) > critical[0]) * np.sign(slope)).where(score.notnull(), MISSING)
    return level.astype(np.int8)


def _times(series: xr.DataArray, dim: str) -> NDArray[np.float64]:
    name = series.name or "the series"
    if dim not in series.dims:
        raise DataError(f"{name} has dimensions {tuple(series.dims)}, {dim!r} was expected. Name the years with dim=.")
    if dim not in series.coords or not np.issubdtype(series[dim].dtype, np.number):
        raise DataError(f"{name} has no numbers as labels of {dim!r}. Label the years, such as 2001 to 2020.")
    time = series[dim].to_numpy().astype(np.float64)
    if time.size < MIN_YEARS:
        raise DataError(f"{name} has {time.size} years, at least {MIN_YEARS} were expected. Give a longer series.")
    if not (np.diff(time) > 0).all():
        raise DataError(f"{name} has years that do not rise along {dim!r}. Sort them and drop doubles.")
    return time
