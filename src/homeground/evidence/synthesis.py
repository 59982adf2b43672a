# SPDX-License-Identifier: Apache-2.0
"""Pooling of published effects: random effects where that is honest, else the stated reason why not."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.optimize import brentq
from scipy.special import chdtrc, ndtri, stdtrit  # as scipy.stats works them out, without its long import

from homeground.errors import DataError
from homeground.evidence.effects import RATIOS

FEWEST = 5  # independent studies with a published standard error; the rule may be made stricter, not looser
GROUP = ["stance", "driver", "driver_direction", "outcome", "metric", "contrast"]
REASONS = ("no_coefficient", "ratios", "own_amount", "few_errors")  # why a group is not pooled, see `synthesise`

Vector = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Pooled:
    """The mean of effects that differ between studies, how sure it is, and where a new study may fall."""

    estimate: float
    standard_error: float  # Hartung-Knapp
    ci_low: float
    ci_high: float
    ci_df: int  # degrees of freedom of t for the mean: studies less 1
    prediction_low: float
    prediction_high: float
    prediction_df: int  # degrees of freedom of t for a new study: studies less 2
    tau2: float  # variance between studies, units of the estimate squared
    i2: float  # per cent
    q: float  # Cochran's Q
    q_p: float
    studies: int


def reml(estimates: npt.ArrayLike, variances: npt.ArrayLike) -> float:
    """How much true effects vary between studies: the between-study variance, by restricted likelihood.

    Parameters
    ----------
    estimates : array-like, shape (k,), k of 2 or more
        One estimate per independent study, all in one unit.
    variances : array-like, shape (k,), units of the estimates squared
        Sampling variances (squared standard errors), above zero.

    Returns
    -------
    float, units of the estimates squared
        0 where the studies differ no more than their sampling errors explain.

    Raises
    ------
    DataError
        Fewer than two studies, a value is missing, or a variance is not above zero.

    Notes
    -----
    Maximises -1/2 (sum log(v_i + tau2) + log sum w_i + sum w_i (y_i - mu)^2), w_i = 1 / (v_i + tau2),
    mu = sum w_i y_i / sum w_i, over tau2 >= 0. The likelihood can have more than one peak: it is scanned
    first, and the best peak is refined on its derivative (Viechtbauer 2005, Journal of Educational and
    Behavioral Statistics 30:261-293).

    Examples
    --------
    With equal variances v the estimate is the variance of the estimates less v: 48 / 5 - 1.

    >>> round(reml([2.0, 6.0, 10.0, 6.0, 6.0 + 8**0.5, 6.0 - 8**0.5], [1.0] * 6), 6)
    8.6
    >>> reml([0.3, 0.3, 0.3], [0.1, 0.2, 0.3])
    0.0
    """
    y, v = _studies(estimates, variances)
    spread = float(np.ptp(y))
    if spread == 0.0:
        return 0.0
    # Above the squared range the likelihood only falls; below 1e-8 of it tau2 is nothing.
    grid = np.concatenate([[0.0], np.geomspace(1e-8, 4.0, 400) * spread**2])
    best = int(np.argmax([_log_likelihood(tau2, y, v) for tau2 in grid]))
    low, high = grid[max(best - 1, 0)], grid[min(best + 1, len(grid) - 1)]
    if _slope(low, y, v) <= 0.0:
        return float(low)
    if _slope(high, y, v) >= 0.0:
        return float(high)
    return float(brentq(_slope, low, high, args=(y, v), xtol=1e-14 * spread**2, rtol=1e-12))


def _studies(estimates: npt.ArrayLike, variances: npt.ArrayLike) -> tuple[Vector, Vector]:
    y, v = np.asarray(estimates, dtype=np.float64), np.asarray(variances, dtype=np.float64)
    if y.ndim != 1 or y.shape != v.shape or y.size < 2:
        raise DataError(f"Two or more estimates and as many variances are expected, found {y.shape} and {v.shape}.")
    if not (np.isfinite(y).all() and np.isfinite(v).all() and (v > 0).all()):
        raise DataError(
            "Estimates and variances must be finite and variances above zero. Leave incomplete studies out."
        )
    return y, v


def _log_likelihood(tau2: float, y: Vector, v: Vector) -> float:
    w = 1.0 / (v + tau2)
    rest = y - (w @ y) / w.sum()
    return float(0.5 * (np.log(w).sum() - np.log(w.sum()) - w @ rest**2))


def _slope(tau2: float, y: Vector, v: Vector) -> float:
    w = 1.0 / (v + tau2)
    rest = y - (w @ y) / w.sum()
    return float(0.5 * (w**2 @ rest**2 - w.sum() + (w**2).sum() / w.sum()))


def pool(estimates: npt.ArrayLike, variances: npt.ArrayLike, *, safeguard: bool = True, level: float = 0.95) -> Pooled:
    """The mean effect over independent studies, with the interval for the mean and for a new study.

    Parameters
    ----------
    estimates : array-like, shape (k,), k of 3 or more
        One estimate per independent study, all in one unit.
    variances : array-like, shape (k,), squared standard errors
    safeguard : bool
        Never let the Hartung-Knapp factor fall below 1. Without it, studies that agree by chance give an
        interval narrower than their own standard errors allow, down to none at all.
    level : float
        Of both intervals.

    Returns
    -------
    Pooled
        The interval for the mean is by t of ``ci_df`` = k - 1 degrees of freedom, that for a new study by t of
        ``prediction_df`` = k - 2: one more is spent on the variance between studies.

    Raises
    ------
    DataError
        Fewer than three studies, or a value is missing.

    Notes
    -----
    Weights w_i = 1 / (v_i + tau2) with tau2 from `reml`. Hartung-Knapp: se^2 = q / sum w_i,
    q = sum w_i (y_i - mu)^2 / (k - 1), interval with t of k - 1 degrees of freedom (Knapp & Hartung 2003,
    Statistics in Medicine 22:2693-2710); safeguard max(1, q) as recommended for few studies of unequal
    precision (Roever, Knapp & Friede 2015, BMC Medical Research Methodology 15:99). Prediction interval
    mu +- t(k - 2) sqrt(tau2 + se^2) (Higgins, Thompson & Spiegelhalter 2009, JRSS A 172:137-159, with the
    Hartung-Knapp se as Partlett & Riley 2017, Statistics in Medicine 36:301-317). Other software takes t(k - 1), which
    is narrower: by an eighth at five studies, by a fiftieth at ten. I2 = tau2 / (tau2 + s2),
    s2 = (k - 1) sum u / ((sum u)^2 - sum u^2), u = 1 / v (Higgins & Thompson 2002).

    Examples
    --------
    >>> found = pool([0.1, 0.3, 0.2], [0.04, 0.04, 0.04])
    >>> round(found.estimate, 6), found.tau2, round(found.standard_error, 6)
    (0.2, 0.0, 0.11547)
    """
    y, v = _studies(estimates, variances)
    k = y.size
    if k < 3:
        raise DataError(f"A prediction interval needs three studies or more, found {k}.")
    tau2 = reml(y, v)
    w, u = 1.0 / (v + tau2), 1.0 / v
    mean = float(w @ y / w.sum())
    factor = float(w @ (y - mean) ** 2 / (k - 1))
    error = float(np.sqrt((max(1.0, factor) if safeguard else factor) / w.sum()))
    half = float(stdtrit(k - 1, 0.5 + level / 2)) * error
    reach = float(stdtrit(k - 2, 0.5 + level / 2)) * float(np.sqrt(tau2 + error**2))
    q = float(u @ (y - (u @ y) / u.sum()) ** 2)
    typical = float((k - 1) * u.sum() / (u.sum() ** 2 - (u**2).sum()))
    return Pooled(
        estimate=mean,
        standard_error=error,
        ci_low=mean - half,
        ci_high=mean + half,
        ci_df=k - 1,
        prediction_low=mean - reach,
        prediction_high=mean + reach,
        prediction_df=k - 2,
        tau2=tau2,
        i2=100.0 * tau2 / (tau2 + typical),
        q=q,
        q_p=float(chdtrc(k - 1, q)),
        studies=k,
    )


def one_per_study(estimates: npt.ArrayLike, standard_errors: npt.ArrayLike, *, rho: float = 1.0) -> tuple[float, float]:
    """One effect for a study that reports several on the same people: their mean and its standard error.

    Parameters
    ----------
    estimates, standard_errors : array-like, shape (m,), one unit
        What the study reports, each with its standard error above zero.
    rho : float, 0 to 1
        Correlation of the estimates' errors. It is seldom published; 1 is the cautious end, at which a
        study gains no precision by reporting often.

    Returns
    -------
    (estimate, standard error)

    Raises
    ------
    DataError
        A value is missing, a standard error is not above zero, or rho is outside 0 to 1.

    Notes
    -----
    Mean of the m estimates; variance (1/m)^2 (sum v_j + sum_(j != k) rho se_j se_k): Borenstein, Hedges,
    Higgins & Rothstein 2009, Introduction to Meta-Analysis, chapter 24.

    Examples
    --------
    >>> one_per_study([1.0, 2.0], [0.5, 1.5])
    (1.5, 1.0)
    """
    y, s = np.asarray(estimates, dtype=np.float64), np.asarray(standard_errors, dtype=np.float64)
    if y.size == 0 or y.shape != s.shape or not (np.isfinite(y).all() and np.isfinite(s).all() and (s > 0).all()):
        raise DataError("Each estimate of a study needs a standard error above zero. Leave the others out.")
    if not 0.0 <= rho <= 1.0:
        raise DataError(f"rho is {rho}, a correlation from 0 to 1 was expected.")
    variance = (rho * s.sum() ** 2 + (1.0 - rho) * (s**2).sum()) / s.size**2
    return float(y.mean()), float(np.sqrt(variance))


def synthesise(
    effects: pd.DataFrame,
    *,
    min_studies: int = FEWEST,
    rho: float = 1.0,
    safeguard: bool = True,
    level: float = 0.95,
) -> pd.DataFrame:
    """What the studies of one driver and one outcome say together, or why they are not put together.

    Parameters
    ----------
    effects : DataFrame
        Checked effects (`homeground.evidence.check_effects`).
    min_studies : int
        Independent studies with a published standard error asked for; 5 or more.
    rho : float
        Correlation of several estimates of one study, see `one_per_study`.
    safeguard : bool
        Never let the Hartung-Knapp factor fall below 1, see `pool`.
    level : float
        Of both intervals, such as 0.95.

    Returns
    -------
    DataFrame, one row per stance, driver, driver_direction, outcome, metric and contrast, columns
        pooled (bool); reason why not: "no_coefficient" (the texts seen print none), "ratios" (that are no
        logarithms), "own_amount" (each study changes the driver by an amount of its own), "few_errors" (fewer
        independent studies than `min_studies` publish a standard error), "" where pooled; effects, studies,
        studies_with_error: counts (studies are clusters); positive, zero, negative, depends: effects by stated
        sign; estimate, standard_error, ci_low, ci_high, ci_df, prediction_low, prediction_high,
        prediction_df, tau2, i2 (per cent), q, q_p (NaN where not pooled). The intervals are by t with the degrees of
        freedom in ci_df (studies_with_error less 1) and prediction_df (less 2), see `pool`.

    Raises
    ------
    DataError
        `min_studies` is below 5, or an effect has no metric.

    Notes
    -----
    The same driver in the same direction, outcome, metric and size of change are asked for: "less rain" is
    not merged with "more rain", rain never with drought, drought never with degradation, a percentage point
    per standard deviation never with one per programme. Left out of the mean, but shown: rows without a
    coefficient or standard error, rows marked as not independent, changes that each study words in its own
    way, and ratios that are not logarithms. Moderators and reverse effects are never part of a mean of
    effects on mobility: the first are left out, the second have a stance of their own. Clusters are
    independent as studies; many use the same data on migration, so the interval is still optimistic.

    Examples
    --------
    >>> from homeground.evidence.effects import COLUMNS, check_effects
    >>> row = dict.fromkeys(COLUMNS, "") | dict(study="A", driver="drought", driver_direction="more",
    ...     outcome="internal", metric="standardised_beta", contrast="1 SD", standard_error="0.1",
    ...     stance="environment", evidence_level="3", use_for_pooling="yes")
    >>> rows = [row | dict(effect_id=f"e{i}", cluster=f"c{i}", estimate=str(0.1 * i)) for i in range(1, 6)]
    >>> synthesise(check_effects(pd.DataFrame(rows)))[["pooled", "studies_with_error"]].values.tolist()
    [[True, 5]]
    >>> synthesise(check_effects(pd.DataFrame(rows[:4])))[["reason", "studies_with_error"]].values.tolist()
    [['few_errors', 4]]
    """
    if min_studies < FEWEST:
        raise DataError(f"min_studies is {min_studies}; fewer than {FEWEST} independent studies are never pooled.")
    nameless = effects["metric"].fillna("").eq("")
    if nameless.any():
        raise DataError(
            f"Effects without a metric: {', '.join(effects.loc[nameless, 'effect_id'])}. Name what one unit is."
        )
    lines = []
    for key, rows in effects[effects["moderator"] == ""].groupby(GROUP, sort=True):
        usable = rows[rows["use_for_pooling"] & rows["estimate"].notna() & rows["standard_error"].notna()]
        reason = _why_not(rows, usable, min_studies)
        line: dict[str, object] = dict(zip(GROUP, key, strict=True))
        line |= {"pooled": not reason, "reason": reason, "effects": len(rows)}
        line |= {"studies": rows["cluster"].nunique(), "studies_with_error": usable["cluster"].nunique()}
        for name, mark in (("positive", "+"), ("zero", "0"), ("negative", "-"), ("depends", "depends")):
            line[name] = int((rows["sign"] == mark).sum())
        if not reason:
            line |= _pool_clusters(usable, rho=rho, safeguard=safeguard, level=level)
        lines.append(line)
    numbers = [name for name in Pooled.__dataclass_fields__ if name != "studies"]
    counts = ["effects", "studies", "studies_with_error", "positive", "zero", "negative", "depends"]
    out = pd.DataFrame(lines, columns=[*GROUP, "pooled", "reason", *counts, *numbers])
    return out.astype({"pooled": bool} | dict.fromkeys(numbers, "float64") | dict.fromkeys(counts, "int64"))


def _why_not(rows: pd.DataFrame, usable: pd.DataFrame, min_studies: int) -> str:
    """One of `REASONS`, or "" where the group can be pooled."""
    metric, contrast = rows["metric"].iloc[0], rows["contrast"].iloc[0]
    if metric == "sign_only":
        return "no_coefficient"
    if metric in RATIOS:
        return "ratios"
    if contrast == "as worded":
        return "own_amount"
    return "" if usable["cluster"].nunique() >= min_studies else "few_errors"


def _pool_clusters(usable: pd.DataFrame, *, rho: float, safeguard: bool, level: float) -> dict[str, object]:
    each = [
        one_per_study(rows["estimate"].to_numpy(), rows["standard_error"].to_numpy(), rho=rho)
        for _, rows in usable.groupby("cluster", sort=True)
    ]
    means, errors = np.array(each).T
    found = pool(means, errors**2, safeguard=safeguard, level=level)
    return {name: getattr(found, name) for name in Pooled.__dataclass_fields__ if name != "studies"}


def forest(effects: pd.DataFrame, *, level: float = 0.95) -> pd.DataFrame:
    """The lines of a forest plot: each published effect with its interval, or why it has none.

    Parameters
    ----------
    effects : DataFrame
        Checked effects, of one group of `synthesise` to be drawn on one axis.
    level : float
        Of intervals made from standard errors; published intervals stand as printed.

    Returns
    -------
    DataFrame, columns effect_id, study, place, estimate, low, high, sign, evidence_level, interval_note
        In order of year and study. Ratios stay ratios; no interval is made for them from a standard error.

    Examples
    --------
    Half the width at 95 % is 1.96 standard errors: 0.98 where the standard error is 0.5.

    >>> from homeground.evidence.effects import COLUMNS, check_effects
    >>> row = dict.fromkeys(COLUMNS, "") | dict(study="A", cluster="a", driver="drought", driver_direction="more",
    ...     outcome="internal", metric="elasticity", contrast="1 %", stance="environment", evidence_level="3",
    ...     use_for_pooling="yes")
    >>> rows = [row | dict(effect_id="a", estimate="1", standard_error="0.5"), row | dict(effect_id="b", estimate="2")]
    >>> forest(check_effects(pd.DataFrame(rows)))[["low", "high", "interval_note"]].round(2).values.tolist()
    [[0.02, 1.98, ''], [nan, nan, 'the text seen prints no interval']]
    """
    rows = effects.sort_values(["year_published", "study", "effect_id"], na_position="last", kind="stable")
    half = float(ndtri(0.5 + level / 2)) * rows["standard_error"].where(~rows["metric"].isin(RATIOS))
    out = rows[["effect_id", "study", "place", "estimate", "sign", "evidence_level"]].copy()
    out["low"] = rows["ci_low"].fillna(rows["estimate"] - half)
    out["high"] = rows["ci_high"].fillna(rows["estimate"] + half)
    note = np.where(rows["estimate"].isna(), "the text seen prints no coefficient", "the text seen prints no interval")
    out["interval_note"] = np.where(out["low"].notna() & out["high"].notna(), "", note)
    order = ["effect_id", "study", "place", "estimate", "low", "high", "sign", "evidence_level", "interval_note"]
    return out[order].reset_index(drop=True)
