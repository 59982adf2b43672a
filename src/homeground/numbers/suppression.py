# SPDX-License-Identifier: Apache-2.0
"""Which counts of a table to hide so that no hidden one can be worked out from the rest: cell suppression and its audit.

Source: Hundepool et al. (2012) Statistical Disclosure Control, chapter 4.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import linprog
from scipy.sparse import hstack, lil_array

from homeground.errors import DataError

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.intp]


@dataclass
class Sums:
    """The counts of a table and the sums among them, numbered as one list: first the cells, then the totals.

    ``totals`` says what each number after the cells is the total of; ``sums`` holds parts and the number they add up to.
    """

    values: Floats
    totals: list[str] = field(default_factory=list)
    sums: list[tuple[Numbers, int]] = field(default_factory=list)

    def total(self, label: str, parts: Numbers) -> int:
        """Add the total of some numbers to the list; its number."""
        self.totals.append(label)
        self.sums.append((parts, len(self.values)))
        self.values = np.append(self.values, self.values[parts].sum())
        return len(self.values) - 1


def hide(known: Sums, width: float) -> Bools:
    """Which numbers to hide: those below the width, and others until no hidden one can be known closer than the width.

    Parameters
    ----------
    known : Sums
        Counts, none negative or missing, their totals, and all sums that a reader knows.
    width : float
        Counts above zero and below it are hidden, and how wide the range of each hidden number must stay.

    Returns
    -------
    array of bool, one for each number of ``known``
        Zeros are never hidden: they tell of nobody.

    Notes
    -----
    1. Hide every number with 0 < n < width. 2. Where a sum holds one hidden number only, or hidden ones of less than the
    width together, hide its smallest other number too. 3. Find, by linear programmes, the least and most each hidden
    number can be for a reader who knows all the others without rounding; where the two are closer than the width, hide
    one more and go back to 2. It ends: once all are hidden, each can be anything.

    Examples
    --------
    3 and 14 of 17, beside 522: the total and 522 would tell their sum, and 14 alone would tell 3.

    >>> known = Sums(np.array([3.0, 14.0, 522.0]))
    >>> whole = known.total("all", np.arange(3))
    >>> hide(known, 10.0).tolist()
    [True, True, False, False]
    """
    hidden: Bools = (known.values > 0) & (known.values < width)
    least, most = (
        known.values.copy(),
        known.values.copy(),
    )  # of each number, over all tables found that fit what is shown
    while hidden.any():
        while sum(_mend(known, hidden, parts, total, width) for parts, total in known.sums):
            pass
        narrow = _audit(known, hidden, least, most, width)
        if not narrow:
            break
        _hide_more(known, hidden, narrow)
    return hidden


def _mend(known: Sums, hidden: Bools, parts: Numbers, total: int, width: float) -> bool:
    """Hide the smallest other number of a sum that gives a hidden one away by itself; whether one was hidden."""
    concealed = parts[hidden[parts]]  # a hidden total can grow with its parts; the rest is for the audit
    safe = hidden[total] or not len(concealed) or (len(concealed) > 1 and known.values[concealed].sum() >= width)
    return not safe and _hide_smallest(known, hidden, np.append(parts, total)) is not None


def _hide_smallest(known: Sums, hidden: Bools, numbers: Numbers) -> int | None:
    """Hide the smallest shown number above zero; which it was, None where there is none."""
    shown = numbers[~hidden[numbers] & (known.values[numbers] > 0)]
    if not len(shown):
        return None
    smallest = int(shown[np.argmin(known.values[shown])])
    hidden[smallest] = True
    return smallest


def _hide_more(known: Sums, hidden: Bools, narrow: list[int]) -> None:
    """Hide one number more for each that is known too closely, but for those whose sum got one just now."""
    fresh: set[int] = set()
    for one in narrow:
        around = [np.append(parts, total) for parts, total in known.sums if one == total or one in parts]
        around.sort(key=lambda numbers: float(known.values[numbers][hidden[numbers]].sum()))
        for numbers in (*around, np.arange(len(known.values))):  # the whole table is the last resort
            if fresh.intersection(numbers.tolist()):
                break
            if (chosen := _hide_smallest(known, hidden, numbers)) is not None:
                fresh.add(chosen)
                break


def _audit(known: Sums, hidden: Bools, least: Floats, most: Floats, width: float) -> list[int]:
    """The hidden numbers that a reader can work out closer than the width; widens `least` and `most` in place."""
    values, unknown = known.values, np.flatnonzero(hidden)
    sums = [(parts, total) for parts, total in known.sums if hidden[total] or hidden[parts].any()]
    matrix, right = lil_array((len(sums), len(unknown))), np.zeros(len(sums))
    for row, (parts, total) in enumerate(sums):
        for sign, numbers in ((1.0, parts), (-1.0, np.array([total]))):
            open_ones = numbers[hidden[numbers]]
            matrix[row, np.searchsorted(unknown, open_ones)] = sign
            right[row] -= sign * values[numbers[~hidden[numbers]]].sum()
    equal: Any = matrix.tocsr()  # the type stubs of linprog know no sparse matrices
    upper = float(values.sum()) + width  # only keeps the programme finite where no shown total holds a number

    def look(goal: Floats, capped: Numbers, caps: Floats) -> None:
        """Find a table that agrees with all that is shown; the capped numbers earn once more up to their cap."""
        bounds = np.column_stack([np.zeros(len(goal)), np.append(np.full(len(unknown), upper), caps)])
        both = hstack([equal, equal[:, capped]])
        found = linprog(goal, A_eq=both, b_eq=right, bounds=bounds, method="highs")
        if found.status != 0 or found.x is None:
            raise DataError(f"the audit of hidden counts did not finish: {found.message}")
        table = found.x[: len(unknown)]
        table[capped] += found.x[len(unknown) :]
        least[unknown] = np.minimum(least[unknown], table)
        most[unknown] = np.maximum(most[unknown], table)

    def narrow() -> Numbers:
        return np.flatnonzero(most[unknown] - least[unknown] < width - 1e-6)

    # Many at once first: numbers earn, and only up to the width, so that one table clears many of them.
    before, left = np.inf, narrow()
    while 0 < len(left) < before:
        before = len(left)
        look(np.append(np.zeros(len(unknown)), -np.ones(before)), left, least[unknown[left]] + width)
        left = narrow()
    for one in left:
        for sign in (1.0, -1.0):
            look(sign * np.eye(1, len(unknown), one)[0], left[:0], np.zeros(0))
    return [int(one) for one in unknown[narrow()]]
