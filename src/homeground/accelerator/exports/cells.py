# SPDX-License-Identifier: Apache-2.0
"""What a cell of a spreadsheet holds: numbers as numbers, text that no program takes for a formula, and text as it was meant."""

from __future__ import annotations

import datetime
import math
import re
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd

from homeground.accelerator.registry.quarantine.values import marked

LONGEST = 32_000  # letters of a cell
# What no workbook can hold; ends of lines within a cell are kept.
BARRED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def cell_of(value: Any) -> str | int | float | None:
    """What a cell holds: numbers as numbers, days as 2024-12-31, missing as nothing, text harmless.

    Parameters
    ----------
    value : object

    Returns
    -------
    str, int, float or None

    Examples
    --------
    >>> cell_of(-2.5), cell_of("-2.5"), cell_of(float("nan")), cell_of(datetime.date(2024, 1, 2)), cell_of(Decimal("1.50"))
    (-2.5, "'-2.5", None, '2024-01-02', 1.5)
    """
    if isinstance(value, datetime.date) and not pd.isna(value):
        return value.isoformat()[:10]
    if value is None or value is pd.NA or value is pd.NaT or value != value:  # noqa: PLR0124 (nothing else differs from itself)
        return None
    if isinstance(value, Decimal):
        value = int(value) if value == value.to_integral_value() else float(value)
    value = value.item() if isinstance(value, np.generic) else value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return value if math.isfinite(value) else None
    return marked(BARRED.sub("", str(value))[:LONGEST])
