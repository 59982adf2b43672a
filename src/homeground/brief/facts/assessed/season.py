# SPDX-License-Identifier: Apache-2.0
"""Of which months vegetation and drought of a year are, where they are not of all of them."""

from __future__ import annotations

from homeground.language.messages import Saying
from homeground.study.model import Study


def season(study: Study) -> list[Saying]:
    """One sentence where the study names months of growth or a crop; none otherwise."""
    months = study.land.growing_season
    if months is None or study.layer("ndvi") is None:
        return []
    text = f'"{months}"' if isinstance(months, str) else str(list(months))
    how = "crop" if isinstance(months, str) else "months"
    return [Saying(f"season.{how}", {"setting": f"[land].growing_season = {text}"})]


def other_months(study: Study) -> Saying | None:
    """Why drought of this study is not what SO3 asks for, SPI-12 of December; None where it is."""
    window, month = study.land.drought_window, study.land.drought_month
    if (window, month) == (12, 12):
        return None
    return Saying("form.empty.drought_month", {"setting": f"drought_window = {window}, drought_month = {month}"})
