# SPDX-License-Identifier: Apache-2.0
"""Numbers of classes as words: nobody should look up what -1 means to read a sheet."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from homeground.catalogue.classes import MISSING, class_names
from homeground.language.messages import phrase
from homeground.language.terms import term

# Column of whole numbers, and the legend of the classes that it holds.
LEGENDS: Mapping[str, str] = {
    **dict.fromkeys(("cover_class", "initial", "final", "land_type", "cover"), "cover"),
    **dict.fromkeys(("cover_change", "carbon_change", "degradation", "baseline", "period"), "degradation"),
    **dict.fromkeys(("class", "other_class"), "degradation"),
    "productivity": "productivity",
    "status": "status",
    "response": "response",
    "drought_class": "drought",
}
FLAGS = ("water", "abandoned")  # 0 or 1


def spelled_out(table: pd.DataFrame, code: str, *, five: bool = True) -> pd.DataFrame:
    """A table with the names of its classes in place of their numbers.

    Parameters
    ----------
    table : DataFrame
        Columns that hold no classes, or numbers that no legend has, stand as they are.
    code : str
        Language.
    five : bool
        Whether productivity has five classes; else it has the three of degradation. Its numbers alone do not tell: 1 is
        declining of five, improved of three.

    Returns
    -------
    DataFrame

    Examples
    --------
    >>> spelled_out(pd.DataFrame({"degradation": [-1, 0, -128], "water": [0, 1, 0]}), "en").values.tolist()
    [['degraded', 'no'], ['stable', 'yes'], ['no data', 'no']]
    """
    out = table.copy()
    for column in (str(name) for name in table.columns if str(name) in (*LEGENDS, *FLAGS)):
        if not pd.api.types.is_integer_dtype(table[column]):
            continue
        legend = "degradation" if column == "productivity" and not five else column
        names = _names(legend, set(table[column].dropna().tolist()), code)
        if names:
            out[column] = table[column].map({number: name[:1].lower() + name[1:] for number, name in names.items()})
    return out


def _names(column: str, held: set[int], code: str) -> dict[int, str]:
    """Name of each class that a column holds; empty where the legend does not have them all."""
    if column in FLAGS:
        return {0: term("no", code), 1: term("yes", code)} if held <= {0, 1} else {}
    names = {MISSING: phrase("map.no_data", code)} | class_names(LEGENDS[column], code)
    return names if held <= set(names) else {}
