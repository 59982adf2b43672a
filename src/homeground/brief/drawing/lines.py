# SPDX-License-Identifier: Apache-2.0
"""Lines over an amount, one for each group, named at their end: what more of one thing gives of another."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from homeground.brief.drawing.axes import INK, MARK, OTHER, RULE, SOFT, WIDTH, calm, format_axis
from homeground.brief.drawing.svg import clean_svg, require_columns, sheet, style

COLOURS = (MARK, OTHER, INK)


def lines_chart(
    frame: pd.DataFrame,
    *,
    group: str,
    x: str,
    y: str,
    names: Mapping[float, str],
    x_unit: str = "",
    y_unit: str = "",
    mark: float | None = None,
    language: str = "en",
    describe: str = "",
) -> str:
    """One line for each group, its name at its end; a thin upright line at ``mark``. Missing values stay gaps.

    Parameters
    ----------
    frame : DataFrame
        One row per group and x; the other names are its columns.
    names : mapping of group to text
        In the order in which they are drawn; at most three.
    mark : float, optional
        Of x: where the reader stands.

    Raises
    ------
    DataError
        A column is missing, or the frame is empty.

    Examples
    --------
    >>> frame = pd.DataFrame({"ceiling": [0.25, 0.25], "budget": [1.0, 2.0], "land": [3.0, 4.0]})
    >>> lines_chart(frame, group="ceiling", x="budget", y="land", names={0.25: "25 %"}).startswith("<svg")
    True
    """
    require_columns(frame, [group, x, y])
    with style():
        figure = sheet(WIDTH, 2.8, describe)
        ax = figure.add_axes((0.08, 0.17, 0.76, 0.7))
        if mark is not None:
            ax.axvline(mark, color=SOFT, linewidth=0.8, dashes=(4, 3))
        for colour, (value, name) in zip(COLOURS, names.items(), strict=False):
            rows = frame[frame[group] == value].sort_values(x)
            ax.plot(rows[x], rows[y], color=colour, linewidth=1.4, marker="o", markersize=3.2)
            known = rows.dropna(subset=[y])
            if len(known):
                end = (float(known[x].iloc[-1]), float(known[y].iloc[-1]))
                ax.annotate(
                    name, end, xytext=(5, 0), textcoords="offset points", va="center", color=colour, fontsize=8,
                    annotation_clip=False,
                )  # fmt: skip
        calm(ax)
        ax.set_xlim(left=0)
        ax.set_ylim(bottom=0)
        ax.grid(axis="y", color=RULE, linewidth=0.5)
        format_axis(ax, "x", language)
        format_axis(ax, "y", language)
        ax.annotate(y_unit, (0, 1), xycoords="figure fraction", ha="left", va="top", color=SOFT, fontsize=8)
        if x_unit:
            ax.set_xlabel(x_unit, loc="left", fontsize=8, color=SOFT, labelpad=2)
        return clean_svg(figure)
