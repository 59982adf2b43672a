# SPDX-License-Identifier: Apache-2.0
"""What the step reads and writes, and when there is one; no file is opened here."""

from __future__ import annotations

from pathlib import Path

from homeground.land.assessment.files import degradation_inputs
from homeground.running.tables import LAND_NOISE, LAND_NOISE_FACTS, LAND_RAIN_ALONE
from homeground.study.model import Study


def noise_given(study: Study) -> bool:
    """Whether series without signal can be made: an index in time that is judged as it is, and draws asked for.

    Classes of another tool come without a series, and residuals of rain or rain-use efficiency would need years of rain
    put in order with them.
    """
    classes = study.layer("productivity_baseline") is not None or study.layer("productivity_period") is not None
    index = study.layer("ndvi") is not None and study.land.trend_of == "index"
    return index and not classes and study.land.noise_draws > 0


def noise_inputs(study: Study) -> dict[str, Path]:
    """Files that the step reads."""
    return degradation_inputs(study) if noise_given(study) else {}


def noise_outputs(study: Study) -> tuple[str, ...]:
    """Paths of the step; none where there are no draws."""
    if not noise_given(study):
        return ()
    return (LAND_NOISE, LAND_NOISE_FACTS, *((LAND_RAIN_ALONE,) if rain_given(study) else ()))


def rain_given(study: Study) -> bool:
    """Whether what rain alone would give can be worked out: monthly rain beside an index that is judged as it is."""
    return noise_given(study) and study.layer("rain_series") is not None
