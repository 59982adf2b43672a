# SPDX-License-Identifier: Apache-2.0
"""What all charts share: the sheet, the typeface, and SVG text that is small, repeatable and safe inside a page."""

from __future__ import annotations

import functools
import hashlib
import importlib
import io
import re
import textwrap
import unicodedata
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from homeground.errors import DataError

if TYPE_CHECKING:
    from matplotlib.figure import Figure, SubFigure

CLOSING = "，。；：、）》！？"  # no line begins with these
FONT_STACK = "'Noto Sans', 'Helvetica Neue', Arial, sans-serif"


@functools.cache
def _families() -> list[str]:
    """The typefaces by which text is measured: Noto Sans where its package is installed."""
    from dataclasses import replace

    from matplotlib import font_manager

    try:
        package = importlib.import_module("fontpkg_noto_sans")
    except ImportError:
        return ["DejaVu Sans"]
    for file in sorted((Path(str(package.__file__)).parent / "files").glob("NotoSans[[]*.ttf")):
        font_manager.fontManager.addfont(str(file))
        # The file holds all weights, matplotlib lists its first alone and warns the user of each bold letter.
        listed = font_manager.fontManager.ttflist
        listed += [replace(entry, weight=700) for entry in listed if entry.fname == str(file)][:1]
    return ["Noto Sans", "DejaVu Sans"]


def breadth(text: str) -> float:
    """Length of a text in Latin letters; a Chinese character is nearly as wide as two.

    Examples
    --------
    >>> breadth("land"), breadth("土地")
    (4.0, 3.7)
    """
    return sum(1.85 if unicodedata.east_asian_width(c) in "WF" else 1.0 for c in text)


def wrap(text: str, width: int) -> list[str]:
    """Lines of at most so many Latin letters; Chinese, which has no spaces, breaks between any two characters.

    Examples
    --------
    >>> wrap("dry and less green land", 12), wrap("土地退化零增长", 8)
    (['dry and less', 'green land'], ['土地退化', '零增长'])
    """
    if breadth(text) == len(text):
        return textwrap.wrap(text, width)
    lines = [""]
    for part in re.findall(r"[\u2e80-\uffef]|[^\s\u2e80-\uffef]+|\s+", text):
        if lines[-1] and breadth(lines[-1] + part) > width and part not in CLOSING:
            lines.append("")
        lines[-1] += part if lines[-1] or part.strip() else ""
    return lines


@contextmanager
def style() -> Iterator[None]:
    """Drawing settings of all charts; nothing leaks into the settings of the caller."""
    import matplotlib as mpl

    settings: Any = {
        "font.family": _families(),
        "font.size": 9.0,
        "svg.fonttype": "none",
        "svg.hashsalt": "homeground",
        "text.parse_math": False,
        "axes.unicode_minus": True,
    }
    with mpl.rc_context(settings), warnings.catch_warnings():
        # Arabic and Chinese are measured by a fallback; the reader's own typeface draws them.
        warnings.filterwarnings("ignore", message="Glyph .* missing from", category=UserWarning)
        yield


def sheet(width: float, height: float, describe: str) -> Figure:
    """An empty transparent drawing, in inches; ``describe`` is what a screen reader says of it."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure as MplFigure

    figure = MplFigure(figsize=(width, height), facecolor="none")
    FigureCanvasAgg(figure)
    figure.set_label(describe)
    return figure


def clean_svg(figure: Figure | SubFigure) -> str:
    """The drawing as SVG text for a page: no prolog, no style sheet, no date, ids that no other chart has."""
    for ax in figure.axes:
        ax.set_facecolor("none")
    buffer = io.StringIO()
    root = figure.get_figure(root=True)
    if root is None:
        raise DataError("the drawing has no sheet; make it by chartsvg.sheet.")
    root.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    text = buffer.getvalue()
    text = text[text.index("<svg") :]
    text = re.sub(r"<style.*?</style>|<metadata.*?</metadata>", "", text, flags=re.S)
    text = text.replace("xlink:href", "href").replace(' xmlns:xlink="http://www.w3.org/1999/xlink"', "")
    text = re.sub(r"font-family: [^;\"]*", f"font-family: {FONT_STACK}", text)
    text = _own_ids(text)
    text = re.sub(r">\s+<", "><", text)
    said = f' role="img" aria-label="{escape(str(figure.get_label()))}"' if figure.get_label() else ""
    return text.replace("<svg ", f'<svg class="chart-svg" direction="ltr" stroke-linejoin="round"{said} ', 1).strip()


def _own_ids(text: str) -> str:
    """Keep only ids that are referred to, marked by the content, so that charts of one page never share an id."""
    used = set(re.findall(r'(?:url\(#|href="#)([^)"]+)', text))
    mark = "c" + hashlib.sha256(text.encode()).hexdigest()[:8]

    def renamed(match: re.Match[str]) -> str:
        return f' id="{mark}{match[1]}"' if match[1] in used else ""

    text = re.sub(r' id="([^"]+)"', renamed, text)
    return re.sub(r'(url\(#|href="#)', rf"\g<1>{mark}", text)


def require_columns(
    frame: pd.DataFrame,
    named: Sequence[str],
    *,
    intervals: Sequence[tuple[str, str, str]] = (),
    complete: Sequence[str] = (),
    unique: str | None = None,
) -> None:
    """Refuse a table that cannot be drawn truly.

    Raises
    ------
    DataError
        Empty table, missing column, missing or repeated entries where none may be, an interval without its value.
    """
    absent = [c for c in named if c not in frame.columns]
    if absent:
        raise DataError(f"the chart needs column {', '.join(absent)}; found {', '.join(map(str, frame.columns))}.")
    if not len(frame):
        raise DataError("the chart has no rows; at least one was expected.")
    for column in complete:
        if frame[column].isna().any():
            raise DataError(f"{int(frame[column].isna().sum())} entries of {column} are missing; all were expected.")
    if unique and frame[unique].duplicated().any():
        twice = frame[unique][frame[unique].duplicated()].iloc[0]
        raise DataError(f"{unique} {twice} stands more than once; one row each was expected. Aggregate first.")
    for value, low, high in intervals:
        v, a, b = (frame[c].to_numpy(dtype=float, na_value=np.nan) for c in (value, low, high))
        slack = 1e-9 * np.nan_to_num(np.abs(v))
        bad = (v < a - slack) | (v > b + slack)
        if bad.any():
            i = int(np.flatnonzero(bad)[0])
            raise DataError(
                f"row {i}: {value} {v[i]:g} lies outside its interval {a[i]:g} to {b[i]:g}. Mend {low} or {high}."
            )
