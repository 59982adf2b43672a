# SPDX-License-Identifier: Apache-2.0
"""The gate that protects people in outputs: small counts are hidden so that no total gives them away."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.optimize import linprog
from scipy.sparse import hstack, lil_array

from homeground.errors import DataError

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.intp]

# Column names (lower case, words joined by "_") that tell of a person or a household. A name is refused where one of
# these stands in it as whole words: "phone_number" and "mother_phone", but not "phonetic".
PERSONAL: tuple[str, ...] = (
    *("first_name", "last_name", "given_name", "family_name", "full_name", "surname", "maiden_name", "nickname"),
    *("person_name", "name_of_person", "respondent_name", "beneficiary_name", "head_name", "name_of_head"),
    *("father_name", "mother_name", "name_of_respondent", "name_of_beneficiary", "name_of_household_head"),
    *("phone", "telephone", "mobile_number", "cell_number", "msisdn", "imsi", "imei", "sim", "whatsapp"),
    *("email", "e_mail", "address", "house_number", "ip_address"),
    *("national_id", "id_number", "id_card", "passport", "passport_number", "registration_number", "case_number"),
    *("person_id", "individual_id", "respondent_id", "beneficiary_id", "household_id", "hh_id", "hhid", "proges_id"),
    *("date_of_birth", "birth_date", "birthdate", "dob", "fingerprint", "biometric", "biometrics", "iris", "photo"),
    *("gps", "lat", "lon", "lng", "latitude", "longitude", "geopoint", "household_location"),
)


@dataclass(frozen=True)
class Protection:
    """What the gate did to a table; goes into the record of the run."""

    threshold: int
    round_to: int
    cells: int  # counts above zero in the table
    hidden_small: int  # counts of 1 to threshold - 1
    hidden_beside: int  # larger counts hidden so that the small ones cannot be worked out
    share_hidden: float  # of the cells
    totals_withheld: tuple[str, ...]  # totals that must not be published either
    warning: str  # "" where nothing is hidden


def protect(
    table: pd.DataFrame,
    *,
    counts: str | Sequence[str],
    groups: str | Sequence[str] | None = None,
    sums: Mapping[str, Sequence[str]] | None = None,
    intervals: Mapping[str, tuple[str, str]] | None = None,
    threshold: int = 10,
    round_to: int = 5,
) -> tuple[pd.DataFrame, Protection]:
    """The table as it may be published: small counts of people hidden, larger ones rounded, none to be worked out.

    Parameters
    ----------
    table : DataFrame
        Counts of people by place or group, one row each; no persons, households or points.
    counts : str or list of str
        Columns that count people (persons, modelled ones too).
    groups : str or list of str, optional
        Columns whose totals are published too, each by itself: "iso3", or ["origin", "destination"]. The total of
        the whole table is always taken to be published.
    sums : mapping of a count column to the count columns that add up to it, optional
        ``{"people": ["women", "men"]}``: a hidden part is then protected against subtraction.
    intervals : mapping of a count column to its (low, high) columns, optional
        Hidden with their count, else rounded outwards.
    threshold : int
        Counts from 1 to ``threshold - 1`` are hidden. Zero stays: it tells of nobody.
    round_to : int
        Counts shown are rounded to the nearest multiple, halves up.

    Returns
    -------
    DataFrame
        The table with each count as Int64, missing where hidden, and a column ``<count>_hidden`` (True where hidden,
        False where it was missing from the start).
    Protection
        How much was hidden, and which totals must be withheld.

    Raises
    ------
    DataError
        The table has personal columns or points, a count is negative, a column is missing, or parts do not add up.

    Notes
    -----
    1. Hide every count and every total with 0 < n < threshold. 2. Where a sum holds one hidden number only, or hidden
    numbers of less than the threshold together, hide its smallest other number too (a total is the last to go).
    3. Find, by linear programmes, the least and most each hidden number can be for a reader who knows every shown
    count without rounding, the shown totals of ``groups`` and of the table, and ``sums``; where the two are closer
    than the threshold, hide one more and go back to 2.
    Worst case on purpose: readers of rounded figures know less. Shares and rates must be computed from the result.
    Sources: Hundepool et al. (2012) Statistical Disclosure Control, chapter 4 (cell suppression and its audit);
    threshold 10 and base 5 are the defaults of ACRO 1.0.2.

    Examples
    --------
    >>> people = pd.DataFrame({"region_id": ["a", "b", "c", "d"], "refugees": [3, 14, 522, 0]})
    >>> shown, record = protect(people, counts="refugees")
    >>> shown["refugees"].tolist(), record.hidden_small, record.hidden_beside
    ([<NA>, <NA>, 520, 0], 1, 1)
    """
    names = [counts] if isinstance(counts, str) else list(counts)
    margins = [] if groups is None else [groups] if isinstance(groups, str) else list(groups)
    sums, intervals = dict(sums or {}), dict(intervals or {})
    refuse_personal(table)
    values = _counts(table, names, margins, sums, intervals)

    known = _sums(table, values, names, margins, sums)
    hide = _hide(known, float(threshold))
    hidden = hide[: known.cells].reshape(values.shape)
    withheld = [label for label, one in zip(known.totals, hide[known.cells :], strict=True) if one]

    result = table.copy()
    for column, name in enumerate(names):
        shown = pd.array(np.floor(values[:, column] / round_to + 0.5) * round_to, dtype="Float64")
        shown[hidden[:, column] | np.isnan(values[:, column])] = pd.NA
        result[name] = pd.Series(shown.astype("Int64"), index=table.index)
        result[f"{name}_hidden"] = hidden[:, column]
        for end, towards in zip(intervals.get(name, ()), (np.floor, np.ceil), strict=False):
            edge = table[end].astype(float).to_numpy() / round_to
            result[end] = np.where(hidden[:, column], np.nan, towards(edge) * round_to)
    cells, small, all_hidden = (
        int((values > 0).sum()),
        int(((values > 0) & (values < threshold)).sum()),
        int(hidden.sum()),
    )
    share = all_hidden / cells if cells else 0.0
    return result, Protection(
        threshold=threshold,
        round_to=round_to,
        cells=cells,
        hidden_small=small,
        hidden_beside=all_hidden - small,
        share_hidden=share,
        totals_withheld=tuple(withheld),
        warning=_warning(all_hidden, cells, threshold),
    )


def _warning(hidden: int, cells: int, threshold: int) -> str:
    """What a reader must know of hidden counts; empty where there are none."""
    if not hidden:
        return ""
    advice = " Publish larger areas or groups." if hidden > 0.2 * cells else ""
    return (
        f"{hidden} of {cells} counts of people are hidden: below {threshold}, or so that those cannot be worked out."
        f"{advice}"
    )


def refuse_personal(table: pd.DataFrame) -> None:
    """Refuse a table about single persons or households; the list of names is `PERSONAL`.

    Parameters
    ----------
    table : DataFrame
        Any; the names of its columns are read, and the first 1000 rows for points.

    Raises
    ------
    DataError
        A column name holds personal words, or a geometry column holds points.

    Examples
    --------
    >>> refuse_personal(pd.DataFrame(columns=["region_id", "name", "population"]))
    >>> refuse_personal(pd.DataFrame(columns=["village", "Phone number"]))
    Traceback (most recent call last):
    ...
    homeground.errors.DataError: the table has columns about persons or households: ['Phone number']. \
Counts by region or group were expected: drop these columns and count first.
    """
    found = []
    for name in map(str, table.columns):
        split = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()
        words = "_" + re.sub(r"[^0-9a-z]+", "_", split).strip("_") + "_"
        if any(f"_{personal}_" in words for personal in PERSONAL):
            found.append(name)
        elif any(getattr(shape, "geom_type", "") in {"Point", "MultiPoint"} for shape in table[name].head(1000)):
            found.append(f"{name} (points)")
    if found:
        raise DataError(
            f"the table has columns about persons or households: {found}. Counts by region or group were expected: "
            f"drop these columns and count first."
        )


@dataclass
class _Sums:
    """The counts of a table and the sums among them, numbered as one list: first the cells, then the totals."""

    values: Floats
    cells: int
    totals: list[str]  # what each number from `cells` on is the total of
    sums: list[tuple[Numbers, int]]  # parts, and the number they add up to


def _counts(
    table: pd.DataFrame,
    names: list[str],
    margins: list[str],
    sums: dict[str, Sequence[str]],
    intervals: dict[str, tuple[str, str]],
) -> Floats:
    ends = [end for pair in intervals.values() for end in pair]
    parts = [part for several in sums.values() for part in several]
    missing = [name for name in [*names, *margins, *ends] if name not in table.columns]
    missing += [name for name in [*sums, *parts, *intervals] if name not in names]
    if missing or not names:
        raise DataError(f"{missing} were expected among the counts {names} of a table with {list(table.columns)}.")
    values = table[names].astype(float).to_numpy()
    if (values < 0).any():
        raise DataError(
            f"{names} hold negative numbers; counts of people were expected. Protect the counts of those who came and "
            f"who left, and take net figures from the protected counts."
        )
    for whole, several in sums.items():
        gap = values[:, names.index(whole)] - sum(values[:, names.index(part)] for part in several)
        if (np.abs(gap) > 1e-6).any():  # missing compares false: such a row tells a reader nothing by subtraction
            raise DataError(f"{list(several)} do not add up to {whole!r} in {int((np.abs(gap) > 1e-6).sum())} rows.")
    return values


def _sums(
    table: pd.DataFrame,
    values: Floats,
    names: list[str],
    margins: list[str],
    several: dict[str, Sequence[str]],
) -> _Sums:
    """All the sums a reader knows. Totals are numbers like the cells: a small total tells as much as a small cell."""
    rows, columns = values.shape
    number = np.arange(values.size).reshape(rows, columns)
    known = ~np.isnan(values)
    found = _Sums(np.nan_to_num(values).ravel(), values.size, [], [])

    def add(label: str, parts: Numbers) -> int:
        found.totals.append(label)
        found.sums.append((parts, len(found.values)))
        found.values = np.append(found.values, found.values[parts].sum())
        return len(found.values) - 1

    totals_of = {}  # (column, margin) -> numbers of its group totals
    places = {margin: table.reset_index(drop=True).groupby(margin, sort=False).indices for margin in margins}
    for column, name in enumerate(names):
        for margin, groups in places.items():
            totals_of[column, margin] = [
                add(f"{name} of {margin} {key}", number[at, column][known[at, column]]) for key, at in groups.items()
            ]
        top = add(f"{name} of the whole table", number[known[:, column], column])
        found.sums += [(np.array(totals_of[column, margin]), top) for margin in margins]
        totals_of[column, ""] = [top]

    for whole, names_of_parts in several.items():
        w, parts = names.index(whole), [names.index(part) for part in names_of_parts]
        complete = known[:, [w, *parts]].all(axis=1)
        found.sums += [(number[row, parts], int(number[row, w])) for row in np.flatnonzero(complete)]
        if complete.all():
            for margin in ["", *margins]:
                of_parts = zip(*(totals_of[part, margin] for part in parts), strict=True)
                found.sums += [(np.array(p), t) for t, p in zip(totals_of[w, margin], of_parts, strict=True)]
    return found


def _hide(known: _Sums, width: float) -> Bools:
    """Which numbers to hide: the small ones, and others until no hidden one can be known closer than the width."""
    values = known.values
    hidden = (values > 0) & (values < width)
    least, most = values.copy(), values.copy()  # of each number, over all tables found that agree with what is shown
    while hidden.any():
        mended = True
        while mended:
            mended = False
            for parts, total in known.sums:
                mended |= _mend(known, hidden, parts, total, width)
        open_numbers = _audit(known, hidden, least, most, width)
        if not open_numbers:
            break
        touched: set[int] = set()
        for one in open_numbers:
            around = [np.append(parts, total) for parts, total in known.sums if one == total or one in parts]
            around.sort(key=lambda sum_: float(values[sum_][hidden[sum_]].sum()))
            around.append(np.arange(len(values)))  # the last resort
            free = next(sum_ for sum_ in around if _shown(values, hidden, sum_).size)
            if not touched.intersection(free.tolist()):
                others = _shown(values, hidden, free)
                chosen = int(others[np.argmin(values[others])])
                hidden[chosen] = True
                touched.add(chosen)
    return hidden


def _shown(values: Floats, hidden: Bools, numbers: Numbers) -> Numbers:
    return numbers[~hidden[numbers] & (values[numbers] > 0)]


def _mend(known: _Sums, hidden: Bools, parts: Numbers, total: int, width: float) -> bool:
    """Hide the smallest other number of a sum that gives a hidden one away by itself; whether one was hidden."""
    concealed = parts[hidden[parts]]
    if hidden[total]:
        safe = len(concealed) > 0  # the hidden total can grow with the hidden parts
    else:
        safe = len(concealed) == 0 or (len(concealed) > 1 and known.values[concealed].sum() >= width)
    others = _shown(known.values, hidden, np.append(parts, total))
    if safe or not len(others):
        return False
    hidden[others[np.argmin(known.values[others])]] = True
    return True


def _audit(known: _Sums, hidden: Bools, least: Floats, most: Floats, width: float) -> list[int]:
    """The hidden numbers that a reader can work out closer than the width; widens `least` and `most` in place."""
    values = known.values
    unknown = np.flatnonzero(hidden)
    sums = [(parts, total) for parts, total in known.sums if hidden[total] or hidden[parts].any()]
    matrix, right = lil_array((len(sums), len(unknown))), np.zeros(len(sums))
    for row, (parts, total) in enumerate(sums):
        for sign, numbers in ((1.0, parts), (-1.0, np.array([total]))):
            for one in numbers:
                if hidden[one]:
                    matrix[row, np.searchsorted(unknown, one)] = sign
                else:
                    right[row] -= sign * values[one]

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

    # Many at once first: numbers earn by chance, and only up to the width, so that one table clears many of them.
    random, before, left = np.random.default_rng(0), np.inf, narrow()
    while 0 < len(left) < 0.95 * before:
        before = len(left)
        earn = np.concatenate([np.zeros(len(unknown)), -random.uniform(0.1, 1.0, before)])
        look(earn, left, least[unknown[left]] + width)
        left = narrow()
    for one in left:
        for sign in (1.0, -1.0):
            if most[unknown[one]] - least[unknown[one]] < width:
                look(sign * np.eye(1, len(unknown), one)[0], left[:0], np.zeros(0))
    return [int(one) for one in unknown[narrow()]]
