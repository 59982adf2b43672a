# SPDX-License-Identifier: Apache-2.0
"""Conditional logit: the coefficients under which the choices people made are most likely."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from homeground.errors import DataError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

STEPS = 60
FAR = 12.0  # a difference of utility beyond which choices look certain: then separation is looked for


@dataclass(frozen=True)
class Fit:
    """Coefficients with their covariance; a mixed logit has the spreads of the random ones after all means."""

    terms: tuple[str, ...]
    coefficients: Floats
    covariance: Floats  # robust: sandwich, by respondent
    covariance_plain: Floats  # inverse of the information
    log_likelihood: float
    log_likelihood_null: float  # all options alike
    cards: int
    respondents: int
    random: tuple[str, ...] = ()
    draws: int = 0


def fit_conditional(x: ArrayLike, chosen: ArrayLike, person: ArrayLike, *, terms: Sequence[str] | None = None) -> Fit:
    """Conditional logit by Newton's method, with standard errors that allow for each person's cards hanging together.

    Parameters
    ----------
    x : array-like, (cards, options, terms)
        Numbers of each option.
    chosen : array-like of int, (cards,)
        Which option was taken, from 0.
    person : array-like, (cards,)
        Who answered; a number of the answer, not of a person known by name.
    terms : sequence of str, optional
        Names of the terms, for messages; "x0", "x1", ... if left out.

    Returns
    -------
    Fit

    Raises
    ------
    DataError
        A term never varies or follows from others, or the choices are separated: some terms foretell all of them, so no
        finite coefficient is most likely.

    Notes
    -----
    U_nj = b'x_nj + e_nj with e of type I extreme value, P_nj = exp(b'x_nj) / sum_k exp(b'x_nk) (McFadden 1974).
    Covariance H^-1 (G/(G-1) sum_g s_g s_g') H^-1, with s_g the score of respondent g of G.

    Examples
    --------
    With one 0/1 term and two options the coefficient is the log odds: 3 of 4 chose the option that has it, log(3).

    >>> fit = fit_conditional([[[1.0], [0.0]]] * 4, [0, 0, 0, 1], [1, 2, 3, 4])
    >>> round(float(fit.coefficients[0]), 4), round(float(fit.log_likelihood_null), 4)
    (1.0986, -2.7726)
    """
    values, taken, people = arrays(x, chosen, person)
    cards, options, k = values.shape
    names = tuple(terms) if terms is not None else tuple(f"x{i}" for i in range(k))
    gaps = values - values[np.arange(cards), taken][:, None, :]  # option less the chosen one; 0 of the chosen one
    refuse_unidentified(gaps, names)
    size = np.maximum(np.abs(gaps).max(axis=(0, 1)), 1e-12)
    gaps = gaps / size  # terms of one size, so that steps and checks mean the same for all
    beta = np.zeros(k)
    value, score, information = _likelihood(gaps, beta)
    for _ in range(STEPS):
        step = np.linalg.lstsq(information, score.sum(axis=0), rcond=None)[0]
        gain = float(score.sum(axis=0) @ step)
        if gain < 1e-10 * cards:
            beta = beta + step  # the last one, too short to need a look
            value, score, information = _likelihood(gaps, beta)
            break
        length = 1.0
        while length > 1e-8:
            tried = _likelihood(gaps, beta + length * step)
            if tried[0] >= value + 1e-4 * length * gain:
                break
            length /= 2.0
        beta = beta + length * step
        value, score, information = tried
        if np.abs(beta).max() > 4 * FAR:
            break
    if np.abs(gaps @ beta).max() > FAR:
        refuse_separated(gaps, names)
    bread = np.linalg.inv(information) / np.outer(size, size)
    covariance = sandwich(bread, score * size, people)
    return Fit(
        names,
        beta / size,
        covariance,
        bread,
        value,
        -cards * float(np.log(options)),
        cards,
        int(np.unique(people).size),
    )


def _likelihood(gaps: Floats, beta: Floats) -> tuple[float, Floats, Floats]:
    """Log-likelihood, score by card, and information (minus the Hessian) of gaps to the chosen option."""
    utility = gaps @ beta
    top = utility.max(axis=1, keepdims=True)
    grown = np.exp(utility - top)
    total = grown.sum(axis=1, keepdims=True)
    share = grown / total
    value = -float((top + np.log(total)).sum())
    score = -np.einsum("njk,nj->nk", gaps, share)
    centred = (gaps + score[:, None, :]) * np.sqrt(share)[..., None]
    flat = centred.reshape(-1, gaps.shape[2])
    return value, score, flat.T @ flat


def arrays(x: ArrayLike, chosen: ArrayLike, person: ArrayLike) -> tuple[Floats, NDArray[np.intp], NDArray[np.intp]]:
    """Cards, choices and people as arrays that belong together.

    Parameters
    ----------
    x : array-like, (cards, options, terms)
        Numbers of each option.
    chosen : array-like of int, (cards,)
        Which option was taken, from 0.
    person : array-like, (cards,)
        Who answered.

    Returns
    -------
    ndarray of float, ndarray of int, ndarray of int
        The cards, the choices, and people numbered from 0.

    Raises
    ------
    DataError
        Shapes do not go together, a number is missing, or a choice is none of the options.

    Examples
    --------
    >>> values, taken, people = arrays([[[1.0], [0.0]]] * 2, [0, 1], ["b", "a"])
    >>> values.shape, taken.tolist(), people.tolist()
    ((2, 2, 1), [0, 1], [1, 0])
    """
    values, taken = np.asarray(x, dtype=float), np.asarray(chosen)
    people = np.unique(np.asarray(person), return_inverse=True)[1].ravel()
    if values.ndim != 3 or taken.shape != values.shape[:1] or people.shape != taken.shape or not values.size:
        raise DataError(
            f"numbers of shape (cards, options, terms) with one choice and one person a card were expected; found shapes "
            f"{values.shape}, {taken.shape}, {people.shape}."
        )
    if not np.isfinite(values).all():
        raise DataError("an option has a missing number. Every option needs every attribute.")
    if not np.isin(taken, np.arange(values.shape[1])).all():
        raise DataError(f"choices from 0 to {values.shape[1] - 1} were expected, found {sorted(set(taken.tolist()))}.")
    return values, taken.astype(np.intp), people.astype(np.intp)


def sandwich(bread: Floats, score: Floats, groups: NDArray[np.intp]) -> Floats:
    """Robust covariance of coefficients: bread x meat x bread, the scores summed by group before they are squared.

    Parameters
    ----------
    bread : ndarray, (k, k)
        Inverse of the information.
    score : ndarray, (n, k)
        Gradient of the log-likelihood of each observation.
    groups : ndarray of int, (n,)
        Which group each belongs to, numbered from 0.

    Returns
    -------
    ndarray, (k, k)

    Examples
    --------
    Scores 1, -1 in groups of their own: meat 2 x 2/(2 - 1) = 4.

    >>> sandwich(np.array([[0.5]]), np.array([[1.0], [-1.0]]), np.array([0, 1])).tolist()
    [[1.0]]
    """
    several = int(groups.max()) + 1
    summed = np.zeros((several, score.shape[1]))
    np.add.at(summed, groups, score)
    correction = several / (several - 1) if several > 1 else 1.0
    found: Floats = bread @ (summed.T @ summed) @ bread * correction
    return found


def refuse_unidentified(gaps: Floats, terms: Sequence[str]) -> None:
    """Refuse terms that never vary between the options of a card, and such that follow from the others.

    Parameters
    ----------
    gaps : ndarray, (cards, options, terms)
        Numbers of each option less those of the chosen one.
    terms : sequence of str
        Names of the terms.

    Raises
    ------
    DataError
        Names the terms.

    Examples
    --------
    >>> refuse_unidentified(np.zeros((3, 2, 1)), ["return"])
    Traceback (most recent call last):
    ...
    homeground.errors.DataError: return never varies between the options of a card, so its weight cannot be told. \
Leave it out, or ask with cards on which it varies.
    """
    flat = gaps.reshape(-1, gaps.shape[2])
    still = [name for name, size in zip(terms, np.abs(flat).max(axis=0), strict=True) if size == 0]
    if still:
        raise DataError(
            f"{', '.join(still)} never varies between the options of a card, so its weight cannot be told. Leave it out, "
            f"or ask with cards on which it varies."
        )
    scaled = flat / np.abs(flat).max(axis=0)
    sizes, vectors = np.linalg.eigh(scaled.T @ scaled)
    if sizes[0] < 1e-10 * sizes[-1]:
        together = [name for name, part in zip(terms, vectors[:, 0], strict=True) if abs(part) > 1e-5]
        raise DataError(
            f"{', '.join(together)} follow from each other on these cards, so their weights cannot be told apart. Leave "
            f"one of them out."
        )


def refuse_separated(gaps: Floats, terms: Sequence[str]) -> None:
    """Refuse choices that some terms foretell without an error: their coefficients would grow without end.

    Parameters
    ----------
    gaps : ndarray, (cards, options, terms)
        Numbers of each option less those of the chosen one.
    terms : sequence of str
        Names of the terms.

    Raises
    ------
    DataError
        Names the terms that separate.

    Notes
    -----
    Separated where a direction b exists with b'(x_option - x_chosen) <= 0 for all options and < 0 for some (Albert and
    Anderson 1984, Biometrika 71:1-10, for logits of several classes); looked for by a linear programme.

    Examples
    --------
    >>> refuse_separated(np.array([[[0.0], [-1.0]], [[0.0], [-1.0]]]), ["return"])
    Traceback (most recent call last):
    ...
    homeground.errors.DataError: return foretell choices without an error (perfect separation): the higher the weight, \
the likelier the answers, so none is most likely. Ask more people, take fewer terms, or merge levels that all or nobody chose.
    """
    from scipy.optimize import linprog  # noqa: PLC0415 (slow to import, needed where something is wrong)

    flat = gaps.reshape(-1, gaps.shape[2])
    flat = np.unique(flat[np.abs(flat).max(axis=1) > 0], axis=0)
    # Terms that do so alone are named first: together with others there are many directions, and one is as good as another.
    guilty = [name for name, one in zip(terms, flat.T, strict=True) if (one <= 0).all() or (one >= 0).all()]
    if not guilty:
        found = linprog(flat.sum(axis=0), A_ub=flat, b_ub=np.zeros(len(flat)), bounds=(-1.0, 1.0), method="highs")
        if found.status == 0 and found.fun < -1e-7:
            guilty = [name for name, part in zip(terms, found.x, strict=True) if abs(part) > 1e-7]
    if guilty:
        raise DataError(
            f"{', '.join(guilty)} foretell choices without an error (perfect separation): the higher the weight, the "
            f"likelier the answers, so none is most likely. Ask more people, take fewer terms, or merge levels that all or "
            f"nobody chose."
        )
