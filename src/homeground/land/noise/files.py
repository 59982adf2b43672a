# SPDX-License-Identifier: Apache-2.0
"""What the step reads and writes, and when there is one; no file is opened here."""

from __future__ import annotations

from pathlib import Path

from homeground.land.assessment.files import degradation_inputs
from homeground.running.tables import LAND_NOISE, LAND_NOISE_FACTS, LAND_RAIN_ALONE
from homeground.study.model import Study


def noise_given(study: Study) -> bool:
    """Whether series without signal can be made: an index in time, and draws asked for; classes of another tool have none."""
    classes = study.layer("productivity_baseline") is not None or study.layer("productivity_period") is not None
    return study.layer("ndvi") is not None and not classes and study.land.noise_draws > 0


def noise_inputs(study: Study) -> dict[str, Path]:
    """Files that the step reads."""
    return degradation_inputs(study) if noise_given(study) else {}


def noise_outputs(study: Study) -> tuple[str, ...]:
    """Paths of the step; none where there are no draws."""
    if not noise_given(study):
        return ()
    return (LAND_NOISE, LAND_NOISE_FACTS, *((LAND_RAIN_ALONE,) if rain_given(study) else ()))


def rain_given(study: Study) -> bool:
    """Whether what rain alone would give can be worked out: monthly rain beside the index.

    Not where the trend is of water-use efficiency: the rain of a year does not say how much water evaporated in it.
    """
    return noise_given(study) and study.layer("rain_series") is not None and study.land.trend_of != "water-use"


def water_read(study: Study) -> tuple[str, ...]:
    """Layers of rain or evapotranspiration that stand beside the index in one of the two ranges."""
    rain = ("rain_series",) if rain_given(study) else ()
    return ("et_series",) if study.land.trend_of == "water-use" else rain
