# SPDX-License-Identifier: Apache-2.0
"""How strongly a result may be worded: the ladder of claims, and what each step asks for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from homeground.errors import DataError
from homeground.evidence.drivers import drivers_named

CLAIMS = ("described", "associated", "consistent with a causal effect", "attributed")
# A published trial of a programme says what the programme did; it says nothing about the climate.
TRIAL = "caused by the programme (randomised trial); not attributed to climate change"
IDENTIFICATIONS = ("instrument", "policy break", "rain residual")


@dataclass(frozen=True)
class Claim:
    """The highest step a result may be worded at, and what holds it there."""

    level: int  # 1 to 4
    name: str
    held_by: tuple[str, ...]  # what is missing for the next step; empty at the top


def one_driver(driver: str) -> bool:
    """Whether a coefficient belongs to one driver: drought and degradation never share one.

    Parameters
    ----------
    driver : str
        What the coefficient stands for, in words of ``drivers.csv``.

    Returns
    -------
    bool
        False where the words name more than one.

    Raises
    ------
    DataError
        The driver is not known; the nearest that is known is named.

    Examples
    --------
    >>> one_driver("drought"), one_driver("drought and land degradation")
    (True, False)
    """
    return len(drivers_named(driver)) == 1


def highest_claim(
    drivers: str | Sequence[str],
    *,
    conditional: bool = False,
    within_unit: bool = False,
    exogenous: bool = False,
    placebo_passed: bool = False,
    spatial_errors: bool = False,
    out_of_sample_gain: bool = False,
    identification: str | None = None,
    argument: str = "",
    counterfactual_climate: bool = False,
) -> Claim:
    """How strongly one coefficient may be worded, and what keeps it from the next step.

    Parameters
    ----------
    drivers : str or sequence of str
        What the coefficient stands for; one driver of ``drivers.csv``.
    conditional : bool
        Fixed effects or controls hold other differences constant (asked for "associated").
    within_unit, exogenous, placebo_passed, spatial_errors, out_of_sample_gain : bool
        Variation within a place over time; a driver people do not influence (weather); the lead of the
        driver shows no effect; errors correlated in space are allowed for; prediction outside the sample
        improves. All are asked for "consistent with a causal effect".
    identification : {"instrument", "policy break", "rain residual"}, optional
        For drivers that are endogenous, such as land degradation, desertification, erosion or yields: what separates
        them from the leaving itself.
    argument : str
        The stated reason why that identification holds; without it the identification does not count.
    counterfactual_climate : bool
        The result is set against a climate without human influence (asked for "attributed").

    Returns
    -------
    Claim
        `level` 1 to 4, `name` of that step, `held_by` what is missing for the next.

    Raises
    ------
    DataError
        More than one driver shares the coefficient, the driver is not known, or the identification is unknown.

    Notes
    -----
    Steps are climbed in order. A driver counts as exogenous when `exogenous` is set and, where ``drivers.csv`` calls it
    endogenous, when in addition an identification with a stated argument is given.

    Examples
    --------
    >>> highest_claim("drought", conditional=True).name
    'associated'
    >>> checks = dict(conditional=True, within_unit=True, exogenous=True, placebo_passed=True,
    ...               spatial_errors=True, out_of_sample_gain=True)
    >>> highest_claim("drought", **checks).name
    'consistent with a causal effect'
    >>> highest_claim("land degradation", **checks).name
    'associated'
    """
    names = [drivers] if isinstance(drivers, str) else list(drivers)
    found = [driver for name in names for driver in drivers_named(name)]
    if len(found) != 1:
        raise DataError(
            f"One coefficient stands for one driver, found: {', '.join(driver.term for driver in found) or 'none'}. "
            "Drought and land degradation never share a coefficient: estimate them apart."
        )
    if identification is not None and identification not in IDENTIFICATIONS:
        raise DataError(f"identification is {identification!r}, expected one of {', '.join(IDENTIFICATIONS)}.")

    asked: list[tuple[bool, int, str]] = [
        (conditional, 2, "fixed effects or controls"),
        (within_unit, 3, "variation within a place over time"),
        (exogenous, 3, "a driver that people do not influence"),
        (placebo_passed, 3, "a placebo lead without effect"),
        (spatial_errors, 3, "errors that allow for correlation in space"),
        (out_of_sample_gain, 3, "better prediction outside the sample"),
        (counterfactual_climate, 4, "a counterfactual climate"),
    ]
    if found[0].endogenous:
        stated = identification is not None and bool(argument.strip())
        asked.append((stated, 3, "an instrument, a policy break or a rain-residual design with a stated argument"))
    level = 1
    while level < len(CLAIMS) and all(met for met, step, _ in asked if step == level + 1):
        level += 1
    missing = tuple(what for met, step, what in asked if step == level + 1 and not met)
    return Claim(level, CLAIMS[level - 1], missing)


def published_level(driver: str, design: str, level: int) -> int:
    """The step at which a published effect enters the library: what its design allows for its driver.

    Parameters
    ----------
    driver : str
        What the effect is an effect of, in words of ``drivers.csv``.
    design : str
        How the study tells cause from company, such as "panel_fe"; "iv" is an instrument.
    level : int, 1 to 4
        The step that the study's design reaches for a driver people do not influence.

    Returns
    -------
    int, 1 to 4
        The same, but at most 2 ("associated") for an endogenous driver, such as land degradation, without an instrument.

    Raises
    ------
    DataError
        The driver is not known; the nearest that is known is named.

    Examples
    --------
    >>> published_level("land degradation", "panel_fe", 3), published_level("land degradation", "iv", 3)
    (2, 3)
    >>> published_level("drought", "panel_fe", 3)
    3
    """
    endogenous = any(found.endogenous for found in drivers_named(driver))
    return min(level, 2) if endogenous and design != "iv" else level
