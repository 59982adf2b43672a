# SPDX-License-Identifier: Apache-2.0
"""Which colour a value gets on a map, and what the legend says: round classes, calm palettes, counts."""

from __future__ import annotations

import colorsys
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

from homeground.errors import DataError
from homeground.language.figures import write_number
from homeground.language.messages import phrase, write_range

NO_DATA = "#c4c4c4"
CLASSES = 6  # as many as readers tell apart on a map
FEW = 6  # distinct values; fewer make no classes by count
LEAST_CLASSES = 3
SURE_ENOUGH = 0.6  # below this class probability a region is hatched
# name of cmcrameri map, first and last position used: the ends too pale for paper or too dark for borders stay out.
_PALETTES = {"lajolla": ("lajolla_r", 0.08, 0.82), "batlow": ("batlow_r", 0.06, 0.95), "vik": ("vik", 0.06, 0.94)}


@dataclass(frozen=True)
class LegendEntry:
    """One line of a legend: a colour, what it means, how many regions have it and how much they hold."""

    label: str
    colour: str
    regions: int
    amount: float | None = None
    hatched: bool = False


@dataclass(frozen=True)
class Classing:
    """Fill colour of each region (in the order of the values), the legend, and how the classes were cut."""

    fills: tuple[str, ...]
    entries: tuple[LegendEntry, ...]
    method: str


def palette(name: str, n: int) -> list[str]:
    """``n`` colours of a perceptually even palette, pale = little, dark = much (vik: two sides about its middle).

    Examples
    --------
    >>> len(set(palette("lajolla", 5)))
    5
    """
    if name not in _PALETTES:
        raise DataError(f'palette "{name}" is not one of {", ".join(sorted(_PALETTES))}. Choose one of these.')
    from cmcrameri import cm

    source, first, last = _PALETTES[name]
    places = np.linspace(first, last, n) if n > 1 else np.array([(first + last) / 2])
    return ["#" + "".join(f"{round(255 * c):02x}" for c in getattr(cm, source)(float(p))[:3]) for p in places]


def refuse_traffic_light(colours: Sequence[str]) -> None:
    """Refuse class colours with a saturated red and a saturated green: many readers cannot tell them apart.

    Raises
    ------
    DataError
        Red and green stand in one set of classes.
    """
    hues = []
    for colour in colours:
        r, g, b = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
        hue, saturation, value = colorsys.rgb_to_hsv(r, g, b)
        if saturation > 0.45 and value > 0.35:
            hues.append(hue * 360)
    if any(h < 20 or h > 340 for h in hues) and any(85 < h < 160 for h in hues):
        raise DataError(
            f"classes have red and green together ({', '.join(colours)}), a palette everybody can read was "
            'expected. Give other colours, or "" for colours of batlow.'
        )


def _nice_step(span: float, n: int) -> float:
    """The round step (1, 2, 2.5 or 5 times a power of ten) that cuts ``span`` into at most about ``n`` classes."""
    raw = span / n
    power = 10.0 ** math.floor(math.log10(raw))
    return next(m * power for m in (1, 2, 2.5, 5, 10) if m * power >= raw * 0.999)


def _two_digits(value: float, direction: int) -> float:
    """Round to two significant digits: down (-1), to the nearest (0) or up (1)."""
    if value == 0:
        return 0.0
    unit = 10.0 ** (math.floor(math.log10(abs(value))) - 1)
    units = round(value / unit, 6)
    whole = round(units) if direction == 0 else math.floor(units) if direction < 0 else math.ceil(units)
    return float(f"{whole * unit:.12g}")


def class_edges(values: np.ndarray, *, diverging: bool = False, centre: float = 0.0) -> tuple[list[float], str]:
    """Round class borders, and how they were cut (a key of `mapwords.WORDS`).

    Classes of about equal numbers of regions, so that a map shows differences where regions are: equal steps put a third
    of the Sahel's regions into its driest class. Borders are rounded to what reads well between their neighbours. Where
    there are few values, or most are the same, the steps are equal.
    Diverging classes lie symmetrically about ``centre``.

    Examples
    --------
    >>> class_edges(np.array([3.0, 12.0, 27.0, 48.0]))
    ([0.0, 10.0, 20.0, 30.0, 40.0, 50.0], 'equal_width')
    >>> class_edges(np.array([4.0, 17, 90, 170, 230, 410, 420, 650, 690, 910, 940, 1210]))
    ([0.0, 80.0, 200.0, 400.0, 700.0, 900.0, 1300.0], 'equal_counts')
    >>> class_edges(np.array([-3.0, 5.0]), diverging=True)[0]
    [-6.0, -4.0, -2.0, 0.0, 2.0, 4.0, 6.0]
    """
    found = values[np.isfinite(values)]
    if diverging:
        return _symmetric_edges(found - centre, centre)
    low, high = float(found.min()), float(found.max())
    if math.isclose(low, high, rel_tol=1e-9):  # shares that are all 100 but for rounding
        return [low, low], "one_value"
    if np.unique(found).size >= FEW and len(edges := _counted_edges(found)) > LEAST_CLASSES:
        return edges, "equal_counts"
    step = _nice_step(high - low, 6)
    start = math.floor(round(low / step, 9))
    stop = max(math.ceil(round(high / step, 9)), start + 1)
    return [float(f"{i * step:.12g}") for i in range(start, stop + 1)], "equal_width"


def _counted_edges(found: np.ndarray) -> list[float]:
    """Sixths of the regions, each border rounded to a round step of about a quarter of the way to its nearer neighbour."""
    cuts = np.unique(np.quantile(found, np.linspace(0, 1, CLASSES + 1)))
    gaps = np.diff(cuts)
    near = np.minimum(np.append(gaps, np.inf), np.insert(gaps, 0, np.inf))
    edges = set()
    for at, (cut, gap) in enumerate(zip(cuts.tolist(), near.tolist(), strict=True)):
        step = _nice_step(gap, 4)
        way = math.floor if at == 0 else math.ceil if at == len(cuts) - 1 else round
        edges.add(float(f"{way(round(cut / step, 9)) * step:.12g}"))
    return sorted(edges)


def _symmetric_edges(offsets: np.ndarray, centre: float) -> tuple[list[float], str]:
    size = np.abs(offsets)
    top = float(size.max())
    if top == 0:
        return [centre, centre], "one_value"
    step = _nice_step(top, 4)
    half = [float(f"{i * step:.12g}") for i in range(1, math.ceil(round(top / step, 9)) + 1)]
    method = "equal_width"
    if (size < half[0]).mean() > 0.75 and np.unique(size).size >= 6:
        inner = {_two_digits(float(q), 0) for q in np.quantile(size, [0.33, 0.67, 0.9])} - {0.0}
        half = sorted({*(q for q in inner if q < top), _two_digits(top, 1)})
        method = "narrow_middle"
    return [centre - h for h in reversed(half)] + [centre] + [centre + h for h in half], method


def _digits_of(edges: Sequence[float]) -> int:
    """The fewest decimals that write every edge exactly (at most 6)."""
    return next((d for d in range(6) if all(math.isclose(round(e, d), e, abs_tol=1e-12) for e in edges)), 6)


def classify(
    values: pd.Series,
    *,
    kind: str = "sequential",
    classes: Mapping[str, str] | None = None,
    palette_name: str | None = None,
    edges: Sequence[float] | None = None,
    centre: float = 0.0,
    amounts: pd.Series | None = None,
    language: str = "en",
) -> Classing:
    """The colour class of every region, and the legend that counts them.

    Parameters
    ----------
    values : Series
        Numbers (``sequential``, ``diverging``) or class names (``classes``); missing values become grey.
    amounts : Series, optional
        What the regions hold (area, people), same order; the legend states its sum per class.

    Raises
    ------
    DataError
        Unknown kind, a class that is not in ``classes``, values outside given edges, or red beside green.

    Examples
    --------
    >>> made = classify(pd.Series([1.0, 4.0, float("nan")]), edges=[0, 2, 4])
    >>> [(e.label, e.regions) for e in made.entries]
    [('0 to 2', 1), ('2 to 4', 1), ('no data', 1)]
    """
    if kind == "classes":
        names, colours = _class_colours(values, classes)
        index = np.array([names.index(str(v)) if pd.notna(v) else -1 for v in values], dtype=int)
        labels, method = names, ""
    elif kind in {"sequential", "diverging"}:
        numbers = pd.to_numeric(values).to_numpy(dtype=float, na_value=np.nan)
        finite = np.isfinite(numbers)
        if not finite.any():
            index, labels, colours, method = np.full(len(numbers), -1), [], [], "no_values"
        else:
            if edges is None:
                cuts, method = class_edges(numbers, diverging=kind == "diverging", centre=centre)
            else:
                cuts, method = list(edges), "given"
                _within(numbers[finite], cuts)
            n = max(len(cuts) - 1, 1)
            index = np.where(finite, np.clip(np.searchsorted(cuts, numbers, side="right") - 1, 0, n - 1), -1)
            digits = _digits_of(cuts)
            if cuts[0] == cuts[-1]:
                labels = [write_number(cuts[0], digits, language)]
            else:
                labels = [write_range(a, b, digits, language) for a, b in pairwise(cuts)]
            default = "vik" if kind == "diverging" else "lajolla"
            colours = palette(palette_name or default, len(labels))
    else:
        raise DataError(f'map kind "{kind}" is unknown; sequential, diverging or classes was expected.')

    def entry(label: str, colour: str, chosen: np.ndarray) -> LegendEntry:
        amount = None if amounts is None else float(np.nansum(amounts.to_numpy(dtype=float)[chosen]))
        return LegendEntry(label, colour, int(chosen.sum()), amount)

    entries = [entry(lab, col, index == i) for i, (lab, col) in enumerate(zip(labels, colours, strict=True))]
    if (index < 0).any():
        entries.append(entry(phrase("map.no_data", language), NO_DATA, index < 0))
    return Classing(
        tuple(colours[i] if i >= 0 else NO_DATA for i in index),
        tuple(entries),
        phrase(f"map.{method}", language) if method else "",
    )


def _within(numbers: np.ndarray, cuts: list[float]) -> None:
    if numbers.min() < cuts[0] or numbers.max() > cuts[-1]:
        raise DataError(
            f"values from {numbers.min():g} to {numbers.max():g} lie outside the class borders "
            f"{cuts[0]:g} to {cuts[-1]:g}. Widen the borders."
        )


def _class_colours(values: pd.Series, classes: Mapping[str, str] | None) -> tuple[list[str], list[str]]:
    """Names and colours of the classes; empty colours are taken from batlow in the order given."""
    if not classes:
        raise DataError("a map of classes needs its classes: an ordered mapping of class name to colour.")
    unknown = sorted({str(v) for v in values if pd.notna(v)} - set(classes))
    if unknown:
        raise DataError(f"classes {', '.join(unknown)} are in the data but not among {', '.join(classes)}. Add them.")
    drawn = palette("batlow", len(classes))
    colours = [given or own for given, own in zip(classes.values(), drawn, strict=True)]
    refuse_traffic_light(colours)
    return list(classes), colours
