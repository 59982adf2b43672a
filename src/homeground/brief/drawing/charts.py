# SPDX-License-Identifier: Apache-2.0
"""Charts that are read at once: interval dots, series with trend, small multiples, forests, waterfalls. SVG text out.

Every function returns an SVG drawing without title and sources: those stand around it, in a `page.Figure`.
The same input gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from homeground.brief.drawing.axes import (
    FAINT,
    INK,
    MARK,
    OTHER,
    SOFT,
    WIDTH,
    calm,
    done,
    end_label,
    format_axis,
    heading_row,
    label_above,
    numbers_beside,
    rows_axes,
    time_axes,
    values_axis,
)
from homeground.brief.drawing.svg import clean_svg, require_columns, sheet, style, wrap
from homeground.language.messages import phrase

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def interval_dots(
    frame: pd.DataFrame,
    *,
    label: str,
    value: str,
    low: str,
    high: str,
    unit: str = "",
    decimals: int = 1,
    reference: float | None = None,
    reference_label: str = "",
    sort: bool = True,
    language: str = "en",
    describe: str = "",
) -> str:
    """Values with their intervals, one row each, the numbers beside them.

    Parameters
    ----------
    frame : DataFrame
        One row per thing; ``label``, ``value``, ``low``, ``high`` name its columns. A missing interval gives an open
        dot and the words "no interval"; a missing value gives "no data".
    reference : float, optional
        A value to compare with, drawn as a thin line.

    Raises
    ------
    DataError
        A column is missing, the frame is empty, or an interval does not hold its value.
    """
    require_columns(frame, [label, value, low, high], intervals=[(value, low, high)])
    rows = frame.sort_values(value, ascending=False, na_position="last") if sort else frame
    with rows_axes(len(rows), list(rows[label]), describe=describe) as ax:
        if reference is not None:
            ax.axvline(reference, color=SOFT, linewidth=0.8, dashes=(4, 3))
            if reference_label:
                label_above(ax, reference, reference_label)
        for y, (v, a, b) in enumerate(zip(rows[value], rows[low], rows[high], strict=True)):
            _dot(ax, y, v, a, b, decimals=decimals, language=language)
        values_axis(ax, unit, language)
        return done(ax)


def forest(
    frame: pd.DataFrame,
    *,
    study: str,
    estimate: str,
    low: str,
    high: str,
    group: str | None = None,
    notes: Mapping[str, str] | None = None,
    pooled: pd.DataFrame | None = None,
    unit: str = "",
    decimals: int = 2,
    null: float = 0.0,
    language: str = "en",
    describe: str = "",
) -> str:
    """Effects of single studies with their intervals, by group, with the value that means no effect as a line.

    Parameters
    ----------
    frame : DataFrame
        One row per estimate; the other names are its columns.
    notes : mapping of group to text
        Stands under the group's heading, e.g. "not pooled because the outcomes are not comparable".
    pooled : DataFrame, optional
        One row per pooled group with the same column names (``study`` is its label); drawn as a diamond.

    Raises
    ------
    DataError
        A column is missing, the frame is empty, or an interval does not hold its estimate.
    """
    wanted = [study, estimate, low, high] + ([group] if group else [])
    require_columns(frame, wanted, intervals=[(estimate, low, high)])
    if pooled is not None:
        require_columns(pooled, wanted, intervals=[(estimate, low, high)])
    groups = [""] if group is None else list(dict.fromkeys(frame[group].astype(str)))
    lines: list[tuple[str, str, tuple[float, float, float] | None]] = []
    for name in groups:
        if name:
            lines.append(("head", name, None))
        for text in wrap((notes or {}).get(name, ""), 100):
            lines.append(("note", text, None))
        for kind, source in (("row", frame), ("pooled", pooled)):
            if source is None:
                continue
            part = source if group is None else source[source[group].astype(str) == name]
            named = zip(part[study], part[estimate], part[low], part[high], strict=True)
            lines += [(kind, str(s), (float(v), float(a), float(b))) for s, v, a, b in named]
    labels = [text if kind in {"row", "pooled"} else "" for kind, text, _ in lines]
    with rows_axes(len(lines), labels, describe=describe) as ax:
        ax.axvline(null, color=SOFT, linewidth=0.8)
        for y, (kind, text, numbers) in enumerate(lines):
            if numbers is None:
                heading_row(ax, y, text, note=kind == "note")
            elif kind == "pooled":
                v, a, b = numbers
                ax.fill([a, v, b, v], [y, y - 0.28, y, y + 0.28], color=MARK, linewidth=0)
                numbers_beside(ax, y, v, a, b, decimals=decimals, language=language)
            else:
                _dot(ax, y, *numbers, decimals=decimals, language=language)
        values_axis(ax, unit, language)
        return done(ax)


def series_chart(
    frame: pd.DataFrame,
    *,
    year: str,
    value: str,
    low: str | None = None,
    high: str | None = None,
    trend: str | None = None,
    trend_low: str | None = None,
    trend_high: str | None = None,
    unit: str = "",
    baseline: tuple[float, float] | None = None,
    language: str = "en",
    describe: str = "",
) -> str:
    """Values by year, with the trend line and its interval where they are given. Missing years stay gaps.

    Parameters
    ----------
    frame : DataFrame
        One row per year; the other names are its columns. The trend is given, not fitted here.
    baseline : first and last year, optional
        Shaded behind the series.

    Raises
    ------
    DataError
        A column is missing, years repeat, or the frame is empty.
    """
    named = [c for c in (year, value, low, high, trend, trend_low, trend_high) if c]
    require_columns(frame, named, unique=year)
    years = np.arange(int(frame[year].min()), int(frame[year].max()) + 1)
    full = frame.set_index(year)[[c for c in dict.fromkeys(named) if c != year]].astype(float).reindex(years)
    with style():
        figure = sheet(WIDTH, 3.0, describe)
        ax = figure.add_axes((0.08, 0.1, 0.9, 0.77))
        if baseline is not None:
            ax.axvspan(baseline[0] - 0.5, baseline[1] + 0.5, color="#f1f1f1", linewidth=0)
            ax.text(baseline[0] - 0.3, 1.0, phrase("chart.baseline", language), transform=ax.get_xaxis_transform(),
                    va="bottom", color=SOFT)  # fmt: skip
        if low and high:
            ax.vlines(years, full[low], full[high], color=FAINT, linewidth=2.4)
        if trend_low and trend_high:
            ax.fill_between(years, full[trend_low], full[trend_high], color=OTHER, alpha=0.18, linewidth=0)
        if trend:
            ax.plot(years, full[trend], color=OTHER, linewidth=1.4)
            end_label(ax, years, full[trend], phrase("map.trend", language), OTHER)
        ax.plot(years, full[value], color=MARK, linewidth=1.1, marker="o", markersize=3)
        time_axes(ax, unit, language)
        return clean_svg(figure)


def small_multiples(
    frame: pd.DataFrame,
    *,
    panel: str,
    x: str,
    value: str,
    low: str | None = None,
    high: str | None = None,
    unit: str = "",
    columns: int = 4,
    language: str = "en",
    describe: str = "",
) -> str:
    """The same small series for every place, on one common scale so that they can be compared.

    Raises
    ------
    DataError
        A column is missing or the frame is empty.
    """
    require_columns(frame, [c for c in (panel, x, value, low, high) if c])
    names = list(dict.fromkeys(frame[panel].astype(str)))
    columns = min(columns, len(names))
    rows = -(-len(names) // columns)
    with style():
        figure = sheet(WIDTH, 0.35 + 1.35 * rows, describe)
        axes = figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False)
        figure.subplots_adjust(
            left=0.08, right=0.99, top=1 - 0.38 / (0.35 + 1.35 * rows), bottom=0.28 / (0.35 + 1.35 * rows),
            hspace=0.42, wspace=0.12,
        )  # fmt: skip
        for ax, name in zip(axes.flat, names, strict=False):
            part = frame[frame[panel].astype(str) == name].sort_values(x)
            if low and high:
                bounds = [part[c].astype(float) for c in (low, high)]
                ax.fill_between(part[x], *bounds, color=FAINT, linewidth=0)
            ax.plot(part[x], part[value].astype(float), color=MARK, linewidth=1.2)
            ax.set_title("\n".join(wrap(name, 26)), loc="left", fontsize=8.5, color=INK, pad=3)
            calm(ax)
            ax.tick_params(labelsize=7.5)
            format_axis(ax, "y", language)
            ax.locator_params(axis="both", nbins=3)
            ax.xaxis.get_major_locator().set_params(integer=True)
        for ax in list(axes.flat)[len(names) :]:
            ax.set_axis_off()
        for column in range(columns):  # the lowest panel of each column carries the years
            axes[(len(names) - 1 - column) // columns, column].tick_params(labelbottom=True)
        if unit:
            figure.text(0.0, 1.0, unit, va="top", ha="left", fontsize=8, color=SOFT)
        return clean_svg(figure)


def waterfall(
    frame: pd.DataFrame,
    *,
    label: str,
    amount: str,
    total: str | None = None,
    low: str | None = None,
    high: str | None = None,
    unit: str = "",
    decimals: int = 0,
    language: str = "en",
    describe: str = "",
) -> str:
    """How signed amounts add up, step by step; totals stand on the ground.

    Parameters
    ----------
    frame : DataFrame
        In order: ``label``, ``amount`` (signed), and a true/false column ``total`` whose rows restate the sum so far.
        ``low`` and ``high`` are the interval of the amount of the row.

    Raises
    ------
    DataError
        A column is missing, an amount is missing, or a total is not the sum of what stands before it.
    """
    named = [c for c in (label, amount, total, low, high) if c]
    intervals = [(amount, low, high)] if low and high else []
    require_columns(frame, named, intervals=intervals, complete=[amount])
    steps = _steps(frame, label, amount, total)
    with rows_axes(len(frame), list(frame[label]), describe=describe) as ax:
        ax.axvline(0, color=SOFT, linewidth=0.8)
        bounds = zip(frame[low], frame[high], strict=True) if low and high else [(np.nan, np.nan)] * len(frame)
        for y, ((start, change, is_total), (a, b)) in enumerate(zip(steps, bounds, strict=True)):
            colour = SOFT if is_total else MARK if change >= 0 else OTHER
            ax.barh(y, change, left=start, height=0.56, color=colour, linewidth=0)
            if not (pd.isna(a) or pd.isna(b)):
                ax.plot([start + a, start + b], [y, y], color=INK, linewidth=1.0, solid_capstyle="butt")
            if y + 1 < len(steps):
                ax.plot([start + change] * 2, [y + 0.28, y + 0.72], color=SOFT, linewidth=0.7)
            numbers_beside(ax, y, change, a, b, decimals=decimals, language=language, sign=not is_total, say_none=False)
        values_axis(ax, unit, language)
        return done(ax)


def _steps(frame: pd.DataFrame, label: str, amount: str, total: str | None) -> list[tuple[float, float, bool]]:
    """Start, change and whether a total, of every bar."""
    from homeground.errors import DataError

    running, steps = 0.0, []
    marks = [bool(t) for t in frame[total]] if total else [False] * len(frame)
    for name, change, is_total in zip(frame[label], frame[amount].astype(float), marks, strict=True):
        if not is_total:
            steps.append((running, change, False))
            running += change
            continue
        if steps and not np.isclose(change, running, rtol=1e-6, atol=1e-9):
            raise DataError(
                f'waterfall: total "{name}" is {change:g}, the steps before it add up to {running:g}. Mend one of them.'
            )
        running = change
        steps.append((0.0, change, True))
    return steps


def _dot(ax: Axes, y: int, value: float, low: float, high: float, *, decimals: int, language: str) -> None:
    known = not (pd.isna(low) or pd.isna(high))
    if not pd.isna(value):
        if known:
            ax.plot([low, high], [y, y], color=MARK, linewidth=1.5, alpha=0.45, solid_capstyle="butt")
        ax.plot([value], [y], "o", markersize=5, color=MARK, markerfacecolor=MARK if known else "white")
    numbers_beside(ax, y, value, low, high, decimals=decimals, language=language)
