# SPDX-License-Identifier: Apache-2.0
"""Choices of method that the sensitivity of degraded land is worked out under."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from homeground.land.neutrality.block import PRODUCTIVITY_CLASSES
from homeground.land.neutrality.degradation import DEGRADATION_CLASSES
from homeground.land.productivity.profiles import PROFILES, Profile
from homeground.study.model import Study


@dataclass(frozen=True)
class Choice:
    """One way to judge trend or state: the rules of a profile, under a name that fields are stored by."""

    name: str
    profile: Profile


def trend_choices(study: Study) -> Iterator[Choice]:
    """The tests of a trend that the profiles differ in, each once."""
    seen = set()
    for profile in PROFILES.values():
        rules = (profile.significance, profile.alpha, profile.min_slope)
        # Slopes that count as none are told in units of the index: they mean nothing for an efficiency.
        if rules not in seen and (study.land.trend_of in ("index", "rain-residual") or not profile.min_slope):
            seen.add(rules)
            yield Choice(trend_field(profile), profile)


def state_choices() -> Iterator[Choice]:
    """The states that the profiles differ in, each once."""
    seen = set()
    for profile in PROFILES.values():
        rules = (profile.state_method, profile.state_min_change)
        if rules not in seen:
            seen.add(rules)
            yield Choice(state_field(profile), profile)


def trend_field(profile: Profile) -> str:
    """Name of the field of a profile's trend, without the period."""
    return f"trend_{profile.significance.replace('.', '_')}"


def state_field(profile: Profile) -> str:
    """Name of the field of a profile's state, without the period."""
    least = f"_{profile.state_min_change:g}".replace(".", "") if profile.state_min_change else ""
    return f"state_{profile.state_method.replace('-', '_')}{least}"


def base_choices(study: Study) -> Choices:
    """The choices of the published result."""
    land = study.land
    trend = "false-discovery" if land.false_discovery else land.autocorrelation
    return Choices(
        profile=land.profile,
        trend="profile" if trend == "none" else trend,
        carbon_threshold=land.carbon_threshold,
    )


def other_choices(study: Study, matrices: list[str]) -> Iterator[tuple[str, str, Choices]]:
    """Setting, value and choices: one thing changed at a time."""
    base = base_choices(study)
    for limit in (5.0, 10.0, 15.0):
        if limit != base.carbon_threshold:
            yield "soil carbon threshold (%)", f"{limit:g}", replace(base, carbon_threshold=limit)
    if study.layer("ndvi") is not None and study.layer("productivity_period") is None:
        for name in PROFILES:
            if name != base.profile and (study.land.trend_of in ("index", "rain-residual") or "earth" not in name):
                yield "profile", name, replace(base, profile=name, trend="profile")
        for test in ("profile", "hamed-rao", "pre-whiten", "false-discovery"):
            if test != base.trend:
                value = "exact, as it is" if test == "profile" else test
                yield "trend test", value, replace(base, trend=test)
    for name in matrices:
        if name != "study":
            yield "transition matrix", name, replace(base, matrix=name)
    yield "a missing sub-indicator", "judged by the others", replace(base, missing="all")
    yield "abandoned cropland", "its greening is improvement", replace(base, abandonment="as it is")


def productivity_names(study: Study) -> dict[int, str]:
    """The classes of productivity that a study has: five, or three where the look-up of its profile has no more."""
    given = study.layer("productivity_period") is not None
    five = given or PROFILES[study.land.profile].lookup == "pm2026"
    return PRODUCTIVITY_CLASSES if five else DEGRADATION_CLASSES


@dataclass(frozen=True)
class Choices:
    """What may be chosen; the published result uses those of the study."""

    profile: str = "prais4-2026"
    trend: str = "profile"  # profile, hamed-rao, pre-whiten or false-discovery
    carbon_threshold: float = 10.0
    matrix: str = "study"  # a key of `Evidence.matrices`
    missing: str = "any"
    abandonment: str = "stable"  # stable, or as it is
