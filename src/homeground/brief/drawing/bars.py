# SPDX-License-Identifier: Apache-2.0
"""Charts of bars: how far each choice of method moves a result (tornado), and classes stacked by year. SVG text out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from homeground.brief.drawing.axes import INK, MARK, OTHER, SOFT, WIDTH, calm, format_axis, rows_axes, time_axes
from homeground.brief.drawing.svg import clean_svg, require_columns, sheet, style, wrap
from homeground.errors import DataError
from homeground.language.figures import write_number
from homeground.language.messages import phrase

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_LABEL = 0.075  # inches of a letter of the labels at the ends
_WRAP = 22  # letters of a line of such a label


def tornado_chart(
    frame: pd.DataFrame,
    *,
    label: str,
    low: str,
    low_choice: str,
    high: str,
    high_choice: str,
    base: float,
    unit: str = "",
    decimals: int = 1,
    language: str = "en",
    describe: str = "",
) -> str:
    """How far a result moves when one choice is changed at a time: a bar to each side of what is published.

    Parameters
    ----------
    frame : DataFrame
        One row per choice, drawn in its order (`homeground.land.tornado` has the widest first). ``low`` and ``high``
        name the columns of the ends, ``low_choice`` and ``high_choice`` what leads to them. An end equal to ``base``
        has no bar and no label.
    base : float
        The published value; a line through all rows.
    unit : str
        In the words that are to be printed.

    Raises
    ------
    DataError
        A column or an end is missing, the frame is empty, or the ends do not hold the base.
    """
    require_columns(frame, [label, low, low_choice, high, high_choice], complete=[low, high])
    lows, highs = frame[low].to_numpy(float), frame[high].to_numpy(float)
    same = phrase("chart.no_difference", language)
    if (lows > base + 1e-9).any() or (highs < base - 1e-9).any():
        raise DataError(f"tornado: the ends of a row do not hold the published value {base:g}. Mend low or high.")
    with rows_axes(len(frame), list(frame[label]), describe=describe, row=0.36, right=0.25) as ax:
        _room_for_labels(ax, lows, highs, base)
        sides = (frame[low_choice], frame[high_choice])
        for y, ends in enumerate(zip(lows, highs, strict=True)):
            plain = True
            for end, choices, colour, align in zip(ends, sides, (MARK, OTHER), ("right", "left"), strict=True):
                if abs(end - base) < 0.5 * 10.0**-decimals:
                    continue
                plain = False
                ax.barh(y, end - base, left=base, height=0.5, color=colour, linewidth=0)
                lines = wrap(str(choices.iloc[y]), _WRAP) or [""]
                text = "\n".join([f"{write_number(end, decimals, language)}  {lines[0]}", *lines[1:3]])
                _beside(ax, end, y, text, align)
            if plain:
                _beside(ax, base, y, same, "left")
        ax.axvline(base, color=INK, linewidth=0.9)
        number = f"{write_number(base, decimals, language)} {unit}".rstrip()
        said = phrase("chart.as_published", language, number=number)
        ax.annotate(said, (base, 1), xycoords=ax.get_xaxis_transform(), xytext=(0, 3), textcoords="offset points",
                    ha="center", va="bottom", color=INK, fontsize=8)  # fmt: skip
        format_axis(ax, "x", language)
        ax.locator_params(axis="x", nbins=6)
        if unit:
            ax.set_xlabel(unit, loc="left", fontsize=8, color=SOFT, labelpad=2)
        return clean_svg(ax.figure)


def _room_for_labels(ax: Axes, lows: np.ndarray, highs: np.ndarray, base: float) -> None:
    """Widen the axis so that labels beside the longest bars stay inside."""
    inches = ax.get_position().width * WIDTH
    room = min(_LABEL * (_WRAP + 4), 0.36 * inches)
    left, right = float(lows.min()), float(highs.max())
    span = max(right - left, 1e-9 + 0.02 * abs(base), 1e-6)
    scale = span / (inches - 2 * room)
    ax.set_xlim(left - room * scale, right + room * scale)


def _beside(ax: Axes, x: float, y: float, text: str, align: str) -> None:
    ax.annotate(text, (x, y), xytext=(-4 if align == "right" else 4, 0), textcoords="offset points", ha=align,
                va="center", color=SOFT, fontsize=7.5, linespacing=1.05)  # fmt: skip


def stacked_years(
    frame: pd.DataFrame,
    *,
    year: str,
    classes: Mapping[str, str],
    unit: str = "",
    language: str = "en",
    describe: str = "",
) -> str:
    """How much of a whole is in each class, year by year: bars stacked from the first class upwards.

    Parameters
    ----------
    frame : DataFrame
        One row per year; a column of amounts for each class. What is left up to the whole stays blank.
    classes : mapping of column to colour
        In the order of stacking; the legend stands in the same order.

    Raises
    ------
    DataError
        A column is missing, an amount is missing, years repeat, or the frame is empty.
    """
    require_columns(frame, [year, *classes], complete=list(classes), unique=year)
    years = frame[year].to_numpy(int)
    with style():
        figure = sheet(WIDTH, 2.7, describe)
        ax = figure.add_axes((0.08, 0.11, 0.9, 0.7))
        bottom = np.zeros(len(frame))
        for name, colour in classes.items():
            amounts = frame[name].to_numpy(float)
            ax.bar(years, amounts, bottom=bottom, width=0.8, color=colour, edgecolor="#777777", linewidth=0.3)
            bottom += amounts
        ax.set_ylim(0, max(float(bottom.max()) * 1.04, 1.0))
        ax.set_xlim(years.min() - 0.7, years.max() + 0.7)
        time_axes(ax, unit, language)
        calm(ax)
        _legend(ax, classes)
        return clean_svg(figure)


def _legend(ax: Axes, classes: Mapping[str, str]) -> None:
    from matplotlib.patches import Patch

    swatches = [Patch(facecolor=c, edgecolor="#777777", linewidth=0.4, label=n) for n, c in classes.items()]
    ax.legend(
        handles=swatches, loc="lower left", bbox_to_anchor=(0.0, 1.03), ncols=len(classes), frameon=False, fontsize=8,
        labelcolor=SOFT, handlelength=1.1, handleheight=0.9, columnspacing=1.2, borderaxespad=0,
    )  # fmt: skip
