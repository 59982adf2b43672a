# SPDX-License-Identifier: Apache-2.0
"""Axes in the house style: rows with numbers beside them, calm lines, few ticks, labels where the eye is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from homeground.brief.drawing.svg import breadth, clean_svg, sheet, style, wrap
from homeground.language.figures import write_number
from homeground.language.messages import phrase, write_range

if TYPE_CHECKING:
    from matplotlib.axes import Axes

INK, SOFT, FAINT, RULE = "#222222", "#6b6b6b", "#c9d6df", "#d9d9d9"
MARK, OTHER = "#10405f", "#a8623a"  # the dark ends of batlow and of the warm side of vik
ROW = 0.25  # inches of one row
WIDTH = 7.5


@contextmanager
def rows_axes(
    n: int, labels: Sequence[object], *, describe: str, row: float = ROW, right: float = 1.9
) -> Iterator[Axes]:
    """Axes with ``n`` rows from top to bottom, labels to the left and room for numbers to the right (in inches)."""
    wrapped = ["\n".join(wrap(str(text), 38)) for text in labels]
    longest = max((breadth(line) for text in wrapped for line in text.split("\n")), default=0)
    left, top, bottom = min(0.3 + longest * 0.069, 3.0), 0.24, 0.42
    row = row * (1.35 if any("\n" in text for text in wrapped) else 1)
    height = top + bottom + row * n
    with style():
        figure = sheet(WIDTH, height, describe)
        area = (left / WIDTH, bottom / height, 1 - (left + right) / WIDTH, 1 - (top + bottom) / height)
        ax = figure.add_axes(area)
        ax.set_ylim(n - 0.5, -0.5)
        ax.set_yticks(range(n), wrapped)
        calm(ax)
        ax.tick_params(axis="y", length=0, pad=6, labelcolor=INK, labelsize=9)
        ax.spines["left"].set_visible(False)
        yield ax


def done(ax: Axes) -> str:
    """The finished drawing."""
    return clean_svg(ax.figure)


def numbers_beside(
    ax: Axes,
    y: int,
    value: float,
    low: float,
    high: float,
    *,
    decimals: int,
    language: str,
    sign: bool = False,
    say_none: bool = True,
) -> None:
    """The number beside its row, right-aligned, the interval after it, smaller and lighter."""
    place = ax.get_yaxis_transform()
    if pd.isna(value):
        ax.annotate(
            phrase("map.no_data", language), (1, y), xycoords=place, xytext=(46, 0), textcoords="offset points", ha="right",
            va="center", color=SOFT, fontsize=9,
        )  # fmt: skip
        return
    text = ("+" if sign and value > 0 else "") + write_number(float(value), decimals, language)
    ax.annotate(text, (1, y), xycoords=place, xytext=(46, 0), textcoords="offset points", ha="right", va="center",
                color=INK, fontsize=9)  # fmt: skip
    if not (pd.isna(low) or pd.isna(high)):
        beside = write_range(float(low), float(high), decimals, language)
    elif say_none:
        beside = phrase("map.no_interval", language)
    else:
        return
    ax.annotate(beside, (1, y), xycoords=place, xytext=(52, 0), textcoords="offset points", ha="left", va="center",
                color=SOFT, fontsize=7.5)  # fmt: skip


def heading_row(ax: Axes, y: int, text: str, *, note: bool) -> None:
    """A heading (or the note under it) that starts at the left edge of the sheet."""
    ax.annotate(
        text, (0, y), xycoords=("figure fraction", "data"), ha="left", va="center", annotation_clip=False,
        fontsize=8 if note else 9, color=SOFT if note else INK, fontweight="normal" if note else "bold", zorder=5,
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.5},
    )  # fmt: skip


def label_above(ax: Axes, x: float, text: str) -> None:
    ax.annotate(text, (x, 1), xycoords=ax.get_xaxis_transform(), xytext=(0, 3), textcoords="offset points",
                ha="center", va="bottom", color=SOFT, fontsize=8)  # fmt: skip


def end_label(ax: Axes, years: np.ndarray, line: pd.Series, text: str, colour: str) -> None:
    known = line.dropna()
    if len(known):
        ax.annotate(text, (known.index[-1], known.iloc[-1]), xytext=(4, 0), textcoords="offset points", va="center",
                    color=colour, fontsize=8, annotation_clip=False)  # fmt: skip
        ax.set_xlim(years[0] - 0.7, years[-1] + max(1.2, 0.06 * len(years)))


def calm(ax: Axes) -> None:
    """No box, thin rules, small ticks."""
    for side in ("top", "right"):
        ax.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        ax.spines[side].set_color("#999999")
        ax.spines[side].set_linewidth(0.7)
    ax.tick_params(color="#999999", labelcolor=SOFT, labelsize=8, width=0.7, length=3)
    ax.set_axisbelow(True)


def format_axis(ax: Axes, axis: str, language: str) -> None:
    from matplotlib.ticker import FuncFormatter

    def words(value: float, _: int | None = None) -> str:
        whole = abs(value - round(value)) < 1e-9
        return write_number(value, 0 if whole else 2 if abs(value) < 1 else 1, language)

    (ax.yaxis if axis == "y" else ax.xaxis).set_major_formatter(FuncFormatter(words))


def values_axis(ax: Axes, unit: str, language: str) -> None:
    ax.grid(axis="x", color=RULE, linewidth=0.5)
    ax.locator_params(axis="x", nbins=6)
    format_axis(ax, "x", language)
    if unit:
        ax.set_xlabel(unit, loc="left", fontsize=8, color=SOFT, labelpad=2)


def time_axes(ax: Axes, unit: str, language: str) -> None:
    from matplotlib.ticker import MaxNLocator

    calm(ax)
    ax.grid(axis="y", color=RULE, linewidth=0.5)
    ax.xaxis.set_major_locator(MaxNLocator(nbins=9, integer=True))
    ax.xaxis.set_major_formatter(lambda value, _: f"{value:.0f}")
    format_axis(ax, "y", language)
    ax.annotate(unit, (0, 1), xycoords="figure fraction", ha="left", va="top", color=SOFT, fontsize=8)
