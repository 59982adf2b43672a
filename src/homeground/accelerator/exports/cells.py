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

# What spreadsheets begin a formula with (the wide signs too), or our reader a remark; also behind quotes, so that a text
# that was marked before stays apart from one that was not.
FORMULA = re.compile("'* *[=+\\-@\t\r\n\0#＝＋－＠]")
LONGEST = 32_000  # letters of a cell
# What no workbook can hold; ends of lines within a cell are kept.
BARRED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula (CWE-1236): a quote before what could begin one.

    Parameters
    ----------
    text : str

    Returns
    -------
    str

    Examples
    --------
    >>> harmless("=1+1"), harmless("zai"), harmless("'=1+1"), harmless("d'or")
    ("'=1+1", 'zai', "''=1+1", "d'or")
    """
    return f"'{text}" if FORMULA.match(text) else text


def unmarked(text: str) -> str:
    """A text as it was meant, without the quote that kept a spreadsheet from taking it for a formula.

    Parameters
    ----------
    text : str

    Returns
    -------
    str

    Examples
    --------
    >>> unmarked("'=1+1"), unmarked(harmless("'=1+1")), unmarked("'tis")
    ('=1+1', "'=1+1", "'tis")
    """
    return text[1:] if text.startswith("'") and FORMULA.match(text) else text


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
    return harmless(BARRED.sub("", str(value))[:LONGEST])
