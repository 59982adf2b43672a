# SPDX-License-Identifier: Apache-2.0
"""How many people and groups each arm of a pilot needs, and which difference it could see: two shares or two means."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist

from homeground.errors import DataError, Problems

FEW = 15  # groups in an arm below which the normal approximation promises too much


@dataclass(frozen=True)
class SampleSize:
    """What one arm needs.

    ``alone`` persons if each were drawn alone; ``analysed`` persons after losses; ``clusters`` groups; ``recruited``
    persons to be asked at the start.
    """

    alone: float
    design_effect: float
    analysed: int
    clusters: int
    recruited: int

    @property
    def few_clusters(self) -> bool:
        """Whether the arm has so few groups that the formula promises too much."""
        return self.clusters < FEW


@dataclass(frozen=True)
class PilotDesign:
    """How a pilot is drawn: error rates, groups and losses.

    ``alpha`` two-sided; ``comparisons`` arms held against the control, which share it (Bonferroni); ``cluster_size``
    persons recruited in a group; ``icc`` correlation of two persons of one group; ``size_cv`` how much groups differ in
    size (standard deviation over mean); ``attrition`` share of persons lost.
    """

    alpha: float = 0.05
    power: float = 0.8
    comparisons: int = 1
    cluster_size: float = 1.0
    icc: float = 0.0
    size_cv: float = 0.0
    attrition: float = 0.0

    def __post_init__(self) -> None:
        problems = Problems("the design")
        for name in ("alpha", "power"):
            if not 0 < getattr(self, name) < 1:
                problems.add(f"{name} of {getattr(self, name)}; a fraction between 0 and 1 was expected.")
        if not 0 <= self.icc < 1:
            problems.add(f"icc of {self.icc}; 0 to below 1 was expected.")
        if not 0 <= self.attrition < 1:
            problems.add(f'attrition of {self.attrition}; 0 to below 1 was expected (write "20 %" as 0.2).')
        if not (math.isfinite(self.cluster_size) and self.cluster_size >= 1):
            problems.add(f"cluster_size of {self.cluster_size}; 1 person or more was expected.")
        if not (math.isfinite(self.size_cv) and self.size_cv >= 0):
            problems.add(f"size_cv of {self.size_cv}; 0 or more was expected.")
        if self.comparisons < 1:
            problems.add(f"comparisons of {self.comparisons}; 1 or more was expected.")
        problems.raise_if_any(DataError)

    @property
    def left(self) -> float:
        """Persons of a group that are left at the end; never fewer than one."""
        return max(1.0, self.cluster_size * (1.0 - self.attrition))


def design_effect(size: float, icc: float, *, size_cv: float = 0.0) -> float:
    """By how much more persons are needed when they come in groups that are alike.

    Parameters
    ----------
    size : float
        Persons in a group.
    icc : float
        Correlation of two persons of one group.
    size_cv : float
        Standard deviation of the sizes of groups over their mean.

    Returns
    -------
    float
        1 for persons drawn alone.

    Notes
    -----
    1 + ((cv^2 + 1) m - 1) icc: Eldridge, Ashby & Kerry (2006), Int. J. Epidemiology 35:1292; with cv = 0 the
    1 + (m - 1) icc of Donner & Klar (2000), as in Kerry & Bland (1998), BMJ 316:1455.

    Examples
    --------
    >>> round(design_effect(20, 0.05), 6)
    1.95
    """
    return 1.0 + ((size_cv**2 + 1.0) * size - 1.0) * icc


def sample_for_means(difference: float, sd: float, design: PilotDesign) -> SampleSize:
    """How many persons and groups an arm needs to see a difference of two means.

    Parameters
    ----------
    difference : float
        The smallest that matters, in the unit of the outcome.
    sd : float
        Standard deviation of the outcome among persons, the same in both arms.
    design : PilotDesign

    Returns
    -------
    SampleSize

    Raises
    ------
    DataError
        The difference is zero, or the standard deviation is not above zero.

    Notes
    -----
    n = 2 (z(1 - alpha/2) + z(power))^2 sd^2 / difference^2, times the design effect: Donner & Klar (2000), ch. 5.

    Examples
    --------
    >>> sample_for_means(1.0, 1.0, PilotDesign(power=0.9)).recruited  # 2 x (1.95996 + 1.28155)^2 = 21.01
    22
    """
    problems = Problems("the outcome")
    if not (math.isfinite(difference) and difference != 0):
        problems.add(f"difference of {difference}; one other than 0 was expected.")
    if not (math.isfinite(sd) and sd > 0):
        problems.add(f"sd of {sd}; one above 0 was expected.")
    problems.raise_if_any(DataError)
    low, high = _normals(design)
    return _in_groups(2.0 * ((low + high) * sd / difference) ** 2, design)


def sample_for_shares(control: float, treated: float, design: PilotDesign) -> SampleSize:
    """How many persons and groups an arm needs to see a difference of two shares.

    Parameters
    ----------
    control, treated : float
        Shares expected in the two arms, as fractions.
    design : PilotDesign

    Returns
    -------
    SampleSize

    Raises
    ------
    DataError
        A share is not between 0 and 1, or both are the same.

    Notes
    -----
    n = (z(1 - alpha/2) sqrt(2 p q) + z(power) sqrt(p0 q0 + p1 q1))^2 / (p1 - p0)^2 with p the mean of both: Fleiss,
    Levin & Paik (2003), Statistical Methods for Rates and Proportions, ch. 4, without continuity correction.

    Examples
    --------
    >>> round(sample_for_shares(0.50, 0.75, PilotDesign(power=0.9)).alone, 1)
    76.7
    """
    _check_shares(control, treated)
    low, high = _normals(design)
    spread, own = _spreads(control, treated)
    return _in_groups(((low * spread + high * own) / (treated - control)) ** 2, design)


def power_for_means(difference: float, sd: float, clusters: int, design: PilotDesign) -> float:
    """How surely a pilot of so many groups would see a difference of two means.

    Parameters
    ----------
    difference, sd : float
        In the unit of the outcome.
    clusters : int
        Groups in each arm.
    design : PilotDesign

    Returns
    -------
    float
        Probability.

    Examples
    --------
    >>> round(power_for_means(1.0, 1.0, 22, PilotDesign()), 3)  # sqrt(22 / 2) - 1.96 = 1.357
    0.913
    """
    low, _ = _normals(design)
    return NormalDist().cdf(abs(difference) / sd * math.sqrt(_effective(clusters, design) / 2.0) - low)


def power_for_shares(control: float, treated: float, clusters: int, design: PilotDesign) -> float:
    """How surely a pilot of so many groups would see a difference of two shares.

    Parameters
    ----------
    control, treated : float
        As fractions.
    clusters : int
        Groups in each arm.
    design : PilotDesign

    Returns
    -------
    float
        Probability.

    Examples
    --------
    >>> round(power_for_shares(0.50, 0.75, 77, PilotDesign()), 2)
    0.9
    """
    _check_shares(control, treated)
    low, _ = _normals(design)
    spread, own = _spreads(control, treated)
    n = _effective(clusters, design)
    return NormalDist().cdf((abs(treated - control) * math.sqrt(n) - low * spread) / own)


def _normals(design: PilotDesign) -> tuple[float, float]:
    normal = NormalDist()
    return normal.inv_cdf(1.0 - design.alpha / design.comparisons / 2.0), normal.inv_cdf(design.power)


def _spreads(control: float, treated: float) -> tuple[float, float]:
    mean = (control + treated) / 2.0
    return (
        math.sqrt(2.0 * mean * (1.0 - mean)),
        math.sqrt(control * (1.0 - control) + treated * (1.0 - treated)),
    )


def _check_shares(control: float, treated: float) -> None:
    problems = Problems("the outcome")
    for name, share in (("control", control), ("treated", treated)):
        if not 0 < share < 1:
            problems.add(f"{name} of {share}; a fraction between 0 and 1 was expected (write 5 % as 0.05).")
    if control == treated:
        problems.add(f"both shares are {control}: no sample shows a difference of nothing.")
    problems.raise_if_any(DataError)


def _effective(clusters: int, design: PilotDesign) -> float:
    if clusters < 1:
        raise DataError(f"clusters of {clusters}; 1 or more was expected.")
    return clusters * design.left / design_effect(design.left, design.icc, size_cv=design.size_cv)


def _in_groups(alone: float, design: PilotDesign) -> SampleSize:
    effect = design_effect(design.left, design.icc, size_cv=design.size_cv)
    # A group of one is lost whole; larger groups lose some of their persons.
    kept = min(design.left, max(design.cluster_size * (1.0 - design.attrition), 1e-12))
    clusters = math.ceil(alone * effect / kept - 1e-9)
    recruited = math.ceil(clusters * design.cluster_size - 1e-9)
    return SampleSize(alone, effect, math.ceil(alone * effect - 1e-9), clusters, recruited)
