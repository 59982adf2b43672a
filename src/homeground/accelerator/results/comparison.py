# SPDX-License-Identifier: Apache-2.0
"""Places of projects against like places outside, from a spreadsheet."""

from __future__ import annotations

import math
from pathlib import Path

import pandas as pd

from homeground.catalogue.tables import read_given
from homeground.numbers.table import Column, Table


def read_comparison(path: Path) -> pd.DataFrame:
    """A table of places of projects against like places outside.

    Parameters
    ----------
    path : Path
        CSV or workbook: indicator, place, measure, inside, outside; low, high and source where known.

    Returns
    -------
    DataFrame

    Raises
    ------
    DataError
        All that is wrong with it.
    """
    texts = [_column("indicator"), _column("place"), _column("measure"), _column("source", needs="where known")]
    numbers = [_column(n, "number") for n in ("inside", "outside")]
    interval = [_column(n, "number", needs="where known") for n in ("low", "high")]
    return read_given(path, Table("comparison", (*texts, *numbers, *interval), (), "places against like places", ""))


def _column(name: str, kind: str = "text", *, needs: str = "") -> Column:
    return Column(name, (kind,), "", "", -math.inf, math.inf, (), bool(needs), needs, name)
