# SPDX-License-Identifier: Apache-2.0
"""Charts that are read at once: interval dots, series with trend, small multiples, forests, waterfalls. SVG text out.

Every function returns an SVG drawing without title and sources: those stand around it, in a `page.Figure`.
The same input gives the same bytes.
"""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from homeground.brief.chartsvg import clean_svg, require_columns, sheet, style
from homeground.brief.maps import pretty_unit
from homeground.brief.mapwords import say, write_number, write_range

if TYPE_CHECKING:
    from matplotlib.axes import Axes

INK, SOFT, FAINT, RULE = "#222222", "#6b6b6b", "#c9d6df", "#d9d9d9"
MARK, OTHER = "#10405f", "#a8623a"  # the dark ends of batlow and of the warm side of vik
_ROW = 0.25  # inches of one row
_WIDTH = 7.5


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
    with _rows(len(rows), list(rows[label]), describe=describe) as ax:
        if reference is not None:
            ax.axvline(reference, color=SOFT, linewidth=0.8, dashes=(4, 3))
            if reference_label:
                _above(ax, reference, reference_label)
        for y, (v, a, b) in enumerate(zip(rows[value], rows[low], rows[high], strict=True)):
            _dot(ax, y, v, a, b, decimals=decimals, language=language)
        _values_axis(ax, unit, language)
        return _done(ax)


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
        for text in textwrap.wrap((notes or {}).get(name, ""), 100):
            lines.append(("note", text, None))
        for kind, source in (("row", frame), ("pooled", pooled)):
            if source is None:
                continue
            part = source if group is None else source[source[group].astype(str) == name]
            named = zip(part[study], part[estimate], part[low], part[high], strict=True)
            lines += [(kind, str(s), (float(v), float(a), float(b))) for s, v, a, b in named]
    labels = [text if kind in {"row", "pooled"} else "" for kind, text, _ in lines]
    with _rows(len(lines), labels, describe=describe) as ax:
        ax.axvline(null, color=SOFT, linewidth=0.8)
        for y, (kind, text, numbers) in enumerate(lines):
            if numbers is None:
                _heading(ax, y, text, note=kind == "note")
            elif kind == "pooled":
                v, a, b = numbers
                ax.fill([a, v, b, v], [y, y - 0.28, y, y + 0.28], color=MARK, linewidth=0)
                _numbers(ax, y, v, a, b, decimals=decimals, language=language)
            else:
                _dot(ax, y, *numbers, decimals=decimals, language=language)
        _values_axis(ax, unit, language)
        return _done(ax)


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
    baseline_label: str = "baseline",
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
        figure = sheet(_WIDTH, 3.0, describe)
        ax = figure.add_axes((0.08, 0.1, 0.9, 0.77))
        if baseline is not None:
            ax.axvspan(baseline[0] - 0.5, baseline[1] + 0.5, color="#f1f1f1", linewidth=0)
            ax.text(baseline[0] - 0.3, 1.0, baseline_label, transform=ax.get_xaxis_transform(), va="bottom", color=SOFT)
        if low and high:
            ax.vlines(years, full[low], full[high], color=FAINT, linewidth=2.4)
        if trend_low and trend_high:
            ax.fill_between(years, full[trend_low], full[trend_high], color=OTHER, alpha=0.18, linewidth=0)
        if trend:
            ax.plot(years, full[trend], color=OTHER, linewidth=1.4)
            _end_label(ax, years, full[trend], say("trend", language), OTHER)
        ax.plot(years, full[value], color=MARK, linewidth=1.1, marker="o", markersize=3)
        _time_axes(ax, unit, language)
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
        figure = sheet(_WIDTH, 0.35 + 1.35 * rows, describe)
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
            ax.set_title("\n".join(textwrap.wrap(name, 26)), loc="left", fontsize=8.5, color=INK, pad=3)
            _calm(ax)
            ax.tick_params(labelsize=7.5)
            _format_axis(ax, "y", language)
            ax.locator_params(axis="both", nbins=3)
            ax.xaxis.get_major_locator().set_params(integer=True)
        for ax in list(axes.flat)[len(names) :]:
            ax.set_axis_off()
        for column in range(columns):  # the lowest panel of each column carries the years
            axes[(len(names) - 1 - column) // columns, column].tick_params(labelbottom=True)
        if pretty_unit(unit):
            figure.text(0.0, 1.0, pretty_unit(unit), va="top", ha="left", fontsize=8, color=SOFT)
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
    with _rows(len(frame), list(frame[label]), describe=describe) as ax:
        ax.axvline(0, color=SOFT, linewidth=0.8)
        bounds = zip(frame[low], frame[high], strict=True) if low and high else [(np.nan, np.nan)] * len(frame)
        for y, ((start, change, is_total), (a, b)) in enumerate(zip(steps, bounds, strict=True)):
            colour = SOFT if is_total else MARK if change >= 0 else OTHER
            ax.barh(y, change, left=start, height=0.56, color=colour, linewidth=0)
            if not (pd.isna(a) or pd.isna(b)):
                ax.plot([start + a, start + b], [y, y], color=INK, linewidth=1.0, solid_capstyle="butt")
            if y + 1 < len(steps):
                ax.plot([start + change] * 2, [y + 0.28, y + 0.72], color=SOFT, linewidth=0.7)
            _numbers(ax, y, change, a, b, decimals=decimals, language=language, sign=not is_total, say_none=False)
        _values_axis(ax, unit, language)
        return _done(ax)


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


@contextmanager
def _rows(n: int, labels: Sequence[object], *, describe: str) -> Iterator[Axes]:
    """Axes with ``n`` rows from top to bottom, labels to the left and room for numbers to the right."""
    wrapped = ["\n".join(textwrap.wrap(str(text), 38)) for text in labels]
    longest = max((_breadth(line) for text in wrapped for line in text.split("\n")), default=0)
    left, right, top, bottom = min(0.3 + longest * 0.069, 3.0), 1.9, 0.24, 0.42
    row = _ROW * (1.35 if any("\n" in text for text in wrapped) else 1)
    height = top + bottom + row * n
    with style():
        figure = sheet(_WIDTH, height, describe)
        area = (left / _WIDTH, bottom / height, 1 - (left + right) / _WIDTH, 1 - (top + bottom) / height)
        ax = figure.add_axes(area)
        ax.set_ylim(n - 0.5, -0.5)
        ax.set_yticks(range(n), wrapped)
        _calm(ax)
        ax.tick_params(axis="y", length=0, pad=6, labelcolor=INK, labelsize=9)
        ax.spines["left"].set_visible(False)
        yield ax


def _breadth(text: str) -> float:
    """Length of a text in Latin letters; a Chinese character is nearly as wide as two."""
    return sum(1.85 if unicodedata.east_asian_width(c) in "WF" else 1.0 for c in text)


def _done(ax: Axes) -> str:
    return clean_svg(ax.figure)


def _dot(ax: Axes, y: int, value: float, low: float, high: float, *, decimals: int, language: str) -> None:
    known = not (pd.isna(low) or pd.isna(high))
    if not pd.isna(value):
        if known:
            ax.plot([low, high], [y, y], color=MARK, linewidth=1.5, alpha=0.45, solid_capstyle="butt")
        ax.plot([value], [y], "o", markersize=5, color=MARK, markerfacecolor=MARK if known else "white")
    _numbers(ax, y, value, low, high, decimals=decimals, language=language)


def _numbers(
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
            say("no_data", language), (1, y), xycoords=place, xytext=(46, 0), textcoords="offset points", ha="right",
            va="center", color=SOFT, fontsize=9,
        )  # fmt: skip
        return
    text = ("+" if sign and value > 0 else "") + write_number(float(value), decimals, language)
    ax.annotate(text, (1, y), xycoords=place, xytext=(46, 0), textcoords="offset points", ha="right", va="center",
                color=INK, fontsize=9)  # fmt: skip
    if not (pd.isna(low) or pd.isna(high)):
        beside = write_range(float(low), float(high), decimals, language)
    elif say_none:
        beside = say("no_interval", language)
    else:
        return
    ax.annotate(beside, (1, y), xycoords=place, xytext=(52, 0), textcoords="offset points", ha="left", va="center",
                color=SOFT, fontsize=7.5)  # fmt: skip


def _heading(ax: Axes, y: int, text: str, *, note: bool) -> None:
    """A heading (or the note under it) that starts at the left edge of the sheet."""
    ax.annotate(
        text, (0, y), xycoords=("figure fraction", "data"), ha="left", va="center", annotation_clip=False,
        fontsize=8 if note else 9, color=SOFT if note else INK, fontweight="normal" if note else "bold", zorder=5,
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.5},
    )  # fmt: skip


def _above(ax: Axes, x: float, text: str) -> None:
    ax.annotate(text, (x, 1), xycoords=ax.get_xaxis_transform(), xytext=(0, 3), textcoords="offset points",
                ha="center", va="bottom", color=SOFT, fontsize=8)  # fmt: skip


def _end_label(ax: Axes, years: np.ndarray, line: pd.Series, text: str, colour: str) -> None:
    known = line.dropna()
    if len(known):
        ax.annotate(text, (known.index[-1], known.iloc[-1]), xytext=(4, 0), textcoords="offset points", va="center",
                    color=colour, fontsize=8, annotation_clip=False)  # fmt: skip
        ax.set_xlim(years[0] - 0.7, years[-1] + max(1.2, 0.06 * len(years)))


def _calm(ax: Axes) -> None:
    """No box, thin rules, small ticks."""
    for side in ("top", "right"):
        ax.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        ax.spines[side].set_color("#999999")
        ax.spines[side].set_linewidth(0.7)
    ax.tick_params(color="#999999", labelcolor=SOFT, labelsize=8, width=0.7, length=3)
    ax.set_axisbelow(True)


def _format_axis(ax: Axes, axis: str, language: str) -> None:
    from matplotlib.ticker import FuncFormatter

    def words(value: float, _: int | None = None) -> str:
        whole = abs(value - round(value)) < 1e-9
        return write_number(value, 0 if whole else 2 if abs(value) < 1 else 1, language)

    (ax.yaxis if axis == "y" else ax.xaxis).set_major_formatter(FuncFormatter(words))


def _values_axis(ax: Axes, unit: str, language: str) -> None:
    ax.grid(axis="x", color=RULE, linewidth=0.5)
    ax.locator_params(axis="x", nbins=6)
    _format_axis(ax, "x", language)
    if pretty_unit(unit):
        ax.set_xlabel(pretty_unit(unit), loc="left", fontsize=8, color=SOFT, labelpad=2)


def _time_axes(ax: Axes, unit: str, language: str) -> None:
    from matplotlib.ticker import MaxNLocator

    _calm(ax)
    ax.grid(axis="y", color=RULE, linewidth=0.5)
    ax.xaxis.set_major_locator(MaxNLocator(nbins=9, integer=True))
    ax.xaxis.set_major_formatter(lambda value, _: f"{value:.0f}")
    _format_axis(ax, "y", language)
    ax.annotate(pretty_unit(unit), (0, 1), xycoords="figure fraction", ha="left", va="top", color=SOFT, fontsize=8)
