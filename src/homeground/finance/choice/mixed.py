# SPDX-License-Identifier: Apache-2.0
"""Mixed logit: people differ, each weight is spread normally over them; one person's cards share one set of weights."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from homeground.errors import DataError
from homeground.finance.choice.logit import Fit, arrays, fit_conditional, sandwich

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

BLOCK = 16  # people whose draws are worked through at once: small enough to stay in the cache of a core
FIRST_SPREAD = 0.3  # of a weight, as a share of its size where the search begins
CLIPPED = 600.0  # a utility beyond which exp would overflow


def halton_normal(people: int, draws: int, dimensions: int, *, seed: int) -> Floats:
    """Normal draws that cover the space evenly: a scrambled Halton sequence, its stretches given to people in turn.

    Parameters
    ----------
    people, draws, dimensions : int
        How many of each.
    seed : int
        Of the scrambling.

    Returns
    -------
    ndarray, (people, dimensions, draws)
        Standard normal.

    Examples
    --------
    >>> found = halton_normal(20, 500, 2, seed=1)
    >>> found.shape, bool(abs(found.mean()) < 0.01), bool(abs(found.std() - 1) < 0.01)
    ((20, 2, 500), True, True)
    """
    from scipy.special import ndtri  # noqa: PLC0415
    from scipy.stats import qmc  # noqa: PLC0415 (slow to import)

    even = qmc.Halton(dimensions, scramble=True, rng=np.random.default_rng(seed)).random(people * draws)
    found: Floats = ndtri(np.clip(even, 1e-10, 1 - 1e-10)).reshape(people, draws, dimensions).transpose(0, 2, 1).copy()
    return found


def fit_mixed(
    x: ArrayLike,
    chosen: ArrayLike,
    person: ArrayLike,
    *,
    terms: Sequence[str],
    random: Sequence[str],
    draws: int = 500,
    seed: int = 0,
) -> Fit:
    """Mixed logit by simulated maximum likelihood, over all cards of a person at once.

    Parameters
    ----------
    x : array-like, (cards, options, terms)
        Numbers of each option.
    chosen : array-like of int, (cards,)
        Which option was taken, from 0.
    person : array-like, (cards,)
        Who answered.
    terms : sequence of str
        Names of the terms.
    random : sequence of str
        Terms whose weight differs from person to person, normally and independently of each other.
    draws : int
        Halton draws for each person.
    seed : int
        Of the draws.

    Returns
    -------
    Fit
        Coefficients: the means of all terms, then the spreads (standard deviations) of the random ones.

    Raises
    ------
    DataError
        As `homeground.finance.choice.logit.fit_conditional`; a random term that is none of the terms; or a
        search that does not come to rest.

    Notes
    -----
    L_n = mean over draws r of prod over cards t of P(chosen_nt | b + s e_nr) (Train 2009, Discrete Choice Methods with
    Simulation, ch. 6 and 9-11). The gradient is exact; the search is BFGS, begun at the conditional logit with the outer
    product of scores; robust covariance from the exact Hessian of the simulated likelihood and scores by person.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> x = rng.normal(size=(1600, 3, 1))
    >>> person = np.repeat(np.arange(200), 8)
    >>> weight = (1.0 + 0.8 * rng.normal(size=200))[person]
    >>> chosen = (x[..., 0] * weight[:, None] + rng.gumbel(size=(1600, 3))).argmax(axis=1)
    >>> fit = fit_mixed(x, chosen, person, terms=["a"], random=["a"], draws=50)
    >>> bool(np.all(np.abs(fit.coefficients - [1.0, 0.8]) < 3 * np.sqrt(np.diag(fit.covariance))))
    True
    """
    from scipy.optimize import minimize  # noqa: PLC0415 (slow to import)

    start = fit_conditional(x, chosen, person, terms=terms)
    values, taken, people = arrays(x, chosen, person)
    names = list(terms)
    if not random or not set(random) <= set(names) or len(set(random)) < len(random):
        raise DataError(f"random terms among {names} were expected, each once; found {list(random)}.")
    if draws < 2:
        raise DataError(f"2 or more draws were expected, found {draws}.")
    at = np.array([names.index(name) for name in random])
    gaps, answered = _by_person(values, taken, people)
    size = np.maximum(np.abs(gaps).max(axis=(0, 1, 2)), 1e-12)
    gaps = gaps / size
    n, k = gaps.shape[0], gaps.shape[3]
    error = halton_normal(n, draws, len(at), seed=seed)

    def loss(theta: Floats) -> tuple[float, Floats]:
        value, score, _ = _simulated(gaps, answered, error, at, theta, curved=False)
        return -value / n, -score.sum(axis=0) / n

    means = start.coefficients * size
    theta = np.concatenate([means, np.maximum(FIRST_SPREAD * np.abs(means[at]), FIRST_SPREAD)])
    _, score, _ = _simulated(gaps, answered, error, at, theta, curved=False)
    outer = score.T @ score / n
    begin = np.linalg.inv(outer + 1e-3 * np.trace(outer) / len(outer) * np.eye(len(outer)))
    found = minimize(
        loss, theta, jac=True, method="BFGS", options={"gtol": 1e-5, "maxiter": 200, "hess_inv0": (begin + begin.T) / 2}
    )
    theta = np.asarray(found.x, dtype=float)
    if not np.isfinite(found.fun) or float(np.abs(found.jac).max()) > 1e-3:
        raise DataError(
            f"the mixed logit did not come to rest after {found.nit} steps. Let fewer terms be random, or ask more people."
        )
    sign = np.concatenate([np.ones(k), np.where(theta[k:] < 0, -1.0, 1.0)])  # a spread of -s is a spread of s
    value, score, information = _simulated(gaps, answered, error, at, theta, curved=True)
    scale = np.concatenate([size, size[at]])
    held = np.linalg.eigvalsh(information)
    if held[0] <= 1e-9 * held[-1]:
        raise DataError(
            "the answers do not tell all means and spreads apart (flat likelihood). Let fewer terms be random, or ask more."
        )
    bread = np.linalg.inv(information) * np.outer(sign, sign) / np.outer(scale, scale)
    covariance = sandwich(bread, score * sign * scale, np.arange(n))
    return Fit(
        (*names, *(f"sd of {name}" for name in random)),
        theta * sign / scale,
        covariance,
        bread,
        value,
        start.log_likelihood_null,
        start.cards,
        n,
        tuple(random),
        draws,
    )


def _by_person(values: Floats, taken: NDArray[np.intp], people: NDArray[np.intp]) -> tuple[Floats, NDArray[np.bool_]]:
    """Gaps of the options not chosen to the chosen one, (people, cards, options - 1, terms); and which cards were answered.

    Who broke off has fewer cards: the rest are filled with 0 and marked as not answered.
    """
    cards, options, k = values.shape
    gaps = values - values[np.arange(cards), taken][:, None, :]
    others = np.ones((cards, options), dtype=bool)
    others[np.arange(cards), taken] = False
    order = np.argsort(people, kind="stable")
    counts = np.bincount(people)
    place = np.arange(cards) - np.repeat(np.cumsum(counts) - counts, counts)
    found = np.zeros((counts.size, int(counts.max()), options - 1, k))
    answered = np.zeros(found.shape[:2], dtype=bool)
    found[people[order], place] = gaps[others].reshape(cards, options - 1, k)[order]
    answered[people[order], place] = True
    return found, answered


def _simulated(
    gaps: Floats, answered: NDArray[np.bool_], error: Floats, at: NDArray[np.intp], theta: Floats, *, curved: bool
) -> tuple[float, Floats, Floats]:
    """Simulated log-likelihood, its score by person, and where asked the information (minus the Hessian)."""
    n, cards, others, k = gaps.shape
    q = len(at)
    value, score, information = 0.0, np.zeros((n, k + q)), np.zeros((k + q, k + q))
    mean, spread = theta[:k], theta[k:]
    for first in range(0, n, BLOCK):
        block = slice(first, min(first + BLOCK, n))
        x, e = gaps[block].reshape(-1, cards * others, k), error[block]
        draws = e.shape[2]
        utility = x[:, :, at] @ (spread[:, None] * e)
        utility += (x @ mean)[:, :, None]
        np.minimum(utility, CLIPPED, out=utility)
        np.exp(utility, out=utility)
        by_card = utility.reshape(-1, cards, others, draws)
        if not answered[block].all():
            by_card *= answered[block][:, :, None, None]
        total = 1.0 + by_card.sum(axis=2)
        log = -np.log(total).sum(axis=1)  # (people, draws)
        top = log.max(axis=1, keepdims=True)
        weight = np.exp(log - top)
        mass = weight.sum(axis=1, keepdims=True)
        value += float((top + np.log(mass / draws)).sum())
        weight /= mass
        by_card /= total[:, :, None, :]
        share = utility  # now the probability of each option not chosen
        slope = x.transpose(0, 2, 1) @ share  # (people, terms, draws); minus the score of a draw
        score[block, :k] = -np.einsum("nkr,nr->nk", slope, weight)
        score[block, k:] = -np.einsum("nqr,nqr,nr->nq", slope[:, at], e, weight)
        if curved:
            information += _information(x, e, at, share.reshape(by_card.shape), slope, weight, score[block])
    return value, score, information


def _information(
    x: Floats, e: Floats, at: NDArray[np.intp], share: Floats, slope: Floats, weight: Floats, score: Floats
) -> Floats:
    """Minus the Hessian: -sum_r w_r (g_r g_r' + h_r) + g g', of a few people.

    z of an option is [x, x e] of a draw; h_r is minus the covariance of z within each card.
    """
    people, cards, others, draws = share.shape
    k, q = x.shape[2], len(at)
    found = np.zeros((k + q, k + q))
    root = np.sqrt(weight)
    for n in range(people):
        rows = x[n].reshape(cards, others, k)
        # (cards, terms, draws): mean of z within a card over the options not chosen (the chosen one is 0)
        middle = rows.transpose(0, 2, 1) @ share[n]
        middle = np.concatenate([middle, middle[:, at] * e[n]], axis=1) * root[n]
        flat = middle.transpose(1, 0, 2).reshape(k + q, -1)
        z = np.repeat(x[n].T[:, :, None], draws, axis=2)
        z = np.concatenate([z, z[at] * e[n][:, None, :]]) * np.sqrt(share[n].reshape(-1, draws) * weight[n])
        wide = z.reshape(k + q, -1)
        total = np.concatenate([slope[n], slope[n][at] * e[n]]) * root[n]
        found += wide @ wide.T - flat @ flat.T - total @ total.T + np.outer(score[n], score[n])
    return found
