# SPDX-License-Identifier: Apache-2.0
"""What people say and what they do: stated shares brought to actual ones and back, and the client funnel by segment."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from homeground.errors import DataError, Problems
from homeground.numbers.disclosure import Protection, protect

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

# Share of those who say yes who then pay: expert default, unverified (quality 5), to be replaced by a pilot's own.
FACTOR = (0.3, 0.5)
STEPS = ("reached", "aware", "interested", "eligible", "committed", "paid", "repeat")
JEFFREYS = 0.5  # of both sides of the Beta prior of a share
DRAWS = 10_000
# Why a number is missing: few people; nobody came as far as the step before; an earlier step is one of these.
HIDDEN, NOBODY, BEFORE = "hidden", "nobody", "before"
MOST = 0.95  # of the probability that an interval holds


def calibrate(share: ArrayLike, *, factor: tuple[float, float] = FACTOR, stated: bool = True) -> pd.DataFrame:
    """Stated and actual shares beside each other, from either side.

    Parameters
    ----------
    share : array-like, fractions
        Of people who take an offer.
    factor : (low, high)
        Actual over stated.
    stated : bool
        True: the shares are what people say, and what they would do follows. False: they are what people do (or a
        pilot's goal), and what they would have to say follows.

    Returns
    -------
    DataFrame
        stated, stated_low, stated_high, actual, actual_low, actual_high. A single side without ends is what was given;
        the middle of the other side is at the middle of the factor. A share that would exceed 1 is missing: not to be
        reached.

    Raises
    ------
    DataError
        A share outside 0 to 1, or a factor that is not 0 < low <= high <= 1.

    Examples
    --------
    40 % say yes: 12 to 20 % would pay. For 12 % to pay, 24 to 40 % must say yes.

    >>> calibrate(0.4).loc[0, ["actual_low", "actual", "actual_high"]].round(3).tolist()
    [0.12, 0.16, 0.2]
    >>> calibrate(0.12, stated=False).loc[0, ["stated_low", "stated", "stated_high"]].round(3).tolist()
    [0.24, 0.3, 0.4]
    """
    shares = np.atleast_1d(np.asarray(share, dtype=float))
    low, high = factor
    problems = Problems("calibration")
    if not (0 < low <= high <= 1):
        problems.add(f"a factor with 0 < low <= high <= 1 was expected, found {factor}")
    if ((shares < 0) | (shares > 1)).any():
        problems.add(f"shares from 0 to 1 were expected, found {shares[(shares < 0) | (shares > 1)][:5].tolist()}")
    problems.raise_if_any(DataError)
    middle = (low + high) / 2
    if stated:
        ends = [shares, shares, shares, shares * middle, shares * low, shares * high]
    else:
        ends = [shares / middle, shares / high, shares / low, shares, shares, shares]
    names = ["stated", "stated_low", "stated_high", "actual", "actual_low", "actual_high"]
    return pd.DataFrame(dict(zip(names, (np.where(one <= 1, one, np.nan) for one in ends), strict=True)))


def factor_seen(
    *, said: tuple[int, int], did: tuple[int, int], draws: int = DRAWS, seed: int = 0
) -> tuple[float, float, float]:
    """The factor from stated to actual that a pilot saw, to put in place of the default.

    Parameters
    ----------
    said : (yes, asked), people
        Of the survey.
    did : (paid, offered), people
        Of the pilot, by others than those asked or by the same; taken as independent.
    draws : int
        Of both shares.
    seed : int
        Of the draws.

    Returns
    -------
    (mid, low, high)
        Median and interval of 95 % of the ratio of two shares with Beta posteriors (prior of Jeffreys).

    Raises
    ------
    DataError
        More said yes than were asked, more paid than were offered, or nobody was.

    Examples
    --------
    >>> mid, low, high = factor_seen(said=(400, 1000), did=(160, 1000))
    >>> round(mid, 2), bool(low < 0.4 < high)
    (0.4, True)
    """
    for name, (some, every) in (("said", said), ("did", did)):
        if not 0 <= some <= every or every < 1:
            raise DataError(
                f"{name}: (some, all) with 0 <= some <= all and all of 1 or more was expected, found {(some, every)}."
            )
    rng = np.random.default_rng(seed)
    ratio = rng.beta(did[0] + JEFFREYS, did[1] - did[0] + JEFFREYS, draws) / rng.beta(
        said[0] + JEFFREYS, said[1] - said[0] + JEFFREYS, draws
    )
    low, mid, high = np.quantile(ratio, [(1 - MOST) / 2, 0.5, (1 + MOST) / 2])
    return float(mid), float(low), float(high)


def client_funnel(
    people: pd.DataFrame, *, segment: str = "segment", steps: Sequence[str] = STEPS, draws: int = DRAWS, seed: int = 0
) -> tuple[pd.DataFrame, Protection]:
    """How many of those reached come to pay and pay again, by segment; each step a share with its interval.

    Parameters
    ----------
    people : DataFrame
        One row for each segment: its name and a count of people for each step, none above the step before.
    segment : str
        Column of its name.
    steps : sequence of str
        In order; reached, aware, interested, eligible, committed, paid, repeat.
    draws : int
        Of all shares, for the product from the first step to each.
    seed : int
        Of the draws.

    Returns
    -------
    DataFrame
        segment, step, people, of (people of the step before), share with share_low and share_high of that step, through
        with through_low and through_high (from the first step to this one), reason where a number is missing.
    Protection
        What the gate hid.

    Raises
    ------
    DataError
        Personal columns, missing columns, a segment twice, counts that are negative, not whole or above the step before.

    Notes
    -----
    Counts pass `homeground.numbers.disclosure.protect` first, with those who stopped at each step beside those who went
    on; shares are computed from what it shows. Share k of n: posterior Beta(k + 1/2, n - k + 1/2); interval of 95 %.

    Examples
    --------
    >>> counts = pd.DataFrame([["owners", 400, 200, 100, 80, 40, 25, 10]], columns=["segment", *STEPS])
    >>> funnel, record = client_funnel(counts)
    >>> funnel.loc[funnel["step"] == "aware", "share"].round(3).tolist(), len(funnel)
    ([0.5], 7)
    """
    counts = _checked(people, segment, list(steps))
    sums: dict[str, list[str]] = {}
    wide = counts.copy()
    for before, after in pairwise(steps):
        wide[f"stopped before {after}"] = wide[before] - wide[after]
        sums[before] = [after, f"stopped before {after}"]
    shown, record = protect(wide, counts=[*steps, *(parts[1] for parts in sums.values())], sums=sums)
    rng = np.random.default_rng(seed)
    rows = []
    for _, row in shown.iterrows():
        through: Floats | None = np.ones(draws)
        for at, step in enumerate(steps):
            now = row[step]
            before = row[steps[at - 1]] if at else now
            told: dict[str, object] = {
                "segment": row[segment],
                "step": step,
                "people": now,
                "of": before if at else pd.NA,
            }
            if not at:
                rows.append(told | _missing("" if pd.notna(now) else HIDDEN))
                continue
            if pd.isna(now) or pd.isna(before):
                through = None
                rows.append(told | _missing(HIDDEN))
                continue
            if before == 0:
                through = None
                rows.append(told | _missing(NOBODY))
                continue
            k, n = min(int(now), int(before)), int(before)
            drawn = rng.beta(k + JEFFREYS, n - k + JEFFREYS, draws)
            low, high = _beta_interval(k, n)
            told |= {"share": k / n, "share_low": low, "share_high": high}
            if through is None:
                told |= {"through": np.nan, "through_low": np.nan, "through_high": np.nan}
                rows.append(told | {"reason": BEFORE})
                continue
            through = through * drawn
            ends = np.quantile(through, [(1 - MOST) / 2, (1 + MOST) / 2])
            first = int(row[steps[0]])
            rows.append(told | {"through": k / first, "through_low": ends[0], "through_high": ends[1], "reason": ""})
    return pd.DataFrame(rows), record


def _missing(reason: str) -> dict[str, object]:
    ends = ("share", "share_low", "share_high", "through", "through_low", "through_high")
    return {**dict.fromkeys(ends, np.nan), "reason": reason}


def _beta_interval(k: int, n: int) -> tuple[float, float]:
    """Interval of Jeffreys; 0 at nobody and 1 at everybody are ends that the data reach."""
    from scipy.special import betaincinv  # noqa: PLC0415 (slow to import)

    a, b = k + JEFFREYS, n - k + JEFFREYS
    low = 0.0 if k == 0 else float(betaincinv(a, b, (1 - MOST) / 2))
    high = 1.0 if k == n else float(betaincinv(a, b, (1 + MOST) / 2))
    return low, high


def _checked(people: pd.DataFrame, segment: str, steps: list[str]) -> pd.DataFrame:
    problems = Problems("client funnel")
    if missing := [name for name in (segment, *steps) if name not in people.columns]:
        raise DataError(f"client funnel: columns {missing} are missing; found {list(map(str, people.columns))}.")
    counts = people.copy()
    if twice := sorted(set(counts.loc[counts[segment].duplicated(), segment].astype(str))):
        problems.add(f"segments {twice} stand there twice")
    for step in steps:
        numbers = pd.to_numeric(counts[step], errors="coerce")
        wrong = ~np.isfinite(numbers) | (numbers < 0) | (numbers % 1 != 0)
        if wrong.any():
            problems.add(
                f"{step}: whole numbers of people from 0 on were expected in segments {counts.loc[wrong, segment].tolist()}"
            )
        counts[step] = numbers
    for before, after in pairwise(steps):
        more = counts[after] > counts[before]
        if more.any():
            problems.add(f"more people {after} than {before} in segments {counts.loc[more, segment].tolist()}")
    problems.raise_if_any(DataError)
    return counts
