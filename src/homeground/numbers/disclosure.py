# SPDX-License-Identifier: Apache-2.0
"""The gate that protects people in outputs: small counts are hidden so that no total gives them away."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pandas as pd

from homeground.errors import DataError
from homeground.numbers.suppression import Sums, hide

Floats = npt.NDArray[np.float64]

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
    sums: Mapping[str, Sequence[str] | Sequence[Sequence[str]]] | None = None,
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
        ``{"people": ["women", "men"]}``: a hidden part is then protected against subtraction. Tables that share
        totals pass the gate as one, with a list for each: ``{"people": [["women", "men"], ["young", "old"]]}``.
    intervals : mapping of a count column to its (low, high) columns, optional
        Hidden with their count, else rounded outwards; where they only repeat the count, what rounding leaves open.
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
    What is hidden: `homeground.numbers.suppression.hide`, for a reader who knows every shown count without rounding, the
    shown totals of ``groups`` and of the table, and ``sums``. Worst case on purpose: readers of rounded figures know less.
    Totals, shares and rates must be computed from the result: then they tell no more than it does.
    Threshold 10 and base 5 are the defaults of ACRO 1.0.2.

    Examples
    --------
    >>> people = pd.DataFrame({"region_id": ["a", "b", "c", "d"], "refugees": [3, 14, 522, 0]})
    >>> shown, record = protect(people, counts="refugees")
    >>> shown["refugees"].tolist(), record.hidden_small, record.hidden_beside
    ([<NA>, <NA>, 520, 0], 1, 1)
    """
    names = [counts] if isinstance(counts, str) else list(counts)
    margins = [] if groups is None else [groups] if isinstance(groups, str) else list(groups)
    parts = [(whole, one) for whole, several in (sums or {}).items() for one in _lists(several)]
    intervals = dict(intervals or {})
    refuse_personal(table)
    values = _counts(table, names, margins, parts, intervals)

    known = _sums(table, values, names, margins, parts)
    hide_these = hide(known, float(threshold))
    hidden = hide_these[: values.size].reshape(values.shape)
    withheld = [label for label, one in zip(known.totals, hide_these[values.size :], strict=True) if one]

    result = table.copy()
    for column, name in enumerate(names):
        exact, concealed = values[:, column], hidden[:, column]
        shown = np.where(concealed, np.nan, np.floor(exact / round_to + 0.5) * round_to)
        result[name] = pd.Series(pd.array(shown, dtype="Float64").astype("Int64"), index=table.index)
        result[f"{name}_hidden"] = concealed
        if name in intervals:
            low, high = (table[end].astype(float).to_numpy() for end in intervals[name])
            # Ends that repeat the count would tell it more closely than rounding does.
            alone = (low == exact) & (high == exact) & (round_to > 1)
            spare = np.where(shown > 0, round_to, 0)
            low = np.where(alone, shown - spare, np.floor(low / round_to) * round_to)
            high = np.where(alone, shown + spare, np.ceil(high / round_to) * round_to)
            for end, edge in zip(intervals[name], (low, high), strict=True):
                result[end] = np.where(concealed, np.nan, edge)
    cells, small, all_hidden = (
        int((values > 0).sum()),
        int(((values > 0) & (values < threshold)).sum()),
        int(hidden.sum()),
    )
    return result, Protection(
        threshold=threshold,
        round_to=round_to,
        cells=cells,
        hidden_small=small,
        hidden_beside=all_hidden - small,
        share_hidden=all_hidden / cells if cells else 0.0,
        totals_withheld=tuple(withheld),
        warning=_warning(all_hidden, cells, threshold),
    )


def _lists(several: Sequence[str] | Sequence[Sequence[str]]) -> list[list[str]]:
    """Lists of parts, where one list may stand alone."""
    return [list(map(str, several))] if all(isinstance(one, str) for one in several) else [list(one) for one in several]


def _warning(hidden: int, cells: int, threshold: int) -> str:
    """What a reader must know of hidden counts; empty where there are none."""
    if not hidden:
        return ""
    advice = " Publish larger areas or groups." if hidden > 0.2 * cells else ""
    return (
        f"{hidden} of {cells} counts of people are hidden: below {threshold}, or so that those cannot be worked out. "
        f"Totals leave them out.{advice}"
    )


def protect_part(
    part: npt.ArrayLike, whole: npt.ArrayLike, *, towards: str = "nearest", threshold: int = 10, round_to: int = 5
) -> Floats:
    """A number of people that was worked out from a published count, as it may stand beside that count.

    Such a number, as people in drylands = people x share of dryland, tells no more than the count and the share, which
    anybody can multiply: to hide it would protect nobody. It is rounded so that no small number is read off, neither
    of the part nor of the rest.

    Parameters
    ----------
    part : array-like, (n,), persons
        From 0 to the whole.
    whole : array-like, (n,), persons
        Counts that passed `protect`; missing where hidden.
    towards : {"nearest", "down", "up"}
        Down and up for the ends of an interval.
    threshold, round_to : int
        As in `protect`.

    Returns
    -------
    ndarray, (n,), persons
        Of 0, the whole, and the multiples of ``round_to`` that leave ``threshold`` or more on both sides, the nearest (of
        two alike the larger), the next below, or the next above. Missing where the part or the whole is.

    Raises
    ------
    DataError
        A part is negative or above its whole, or ``towards`` is none of the three.

    Examples
    --------
    Of 100 people 3 live in drylands, then 6, 51 and 96; of 15, 8.

    >>> protect_part([3, 6, 51, 96, 8], [100, 100, 100, 100, 15]).tolist()
    [0.0, 10.0, 50.0, 100.0, 15.0]
    """
    parts, wholes = (np.asarray(side, dtype=float) for side in (part, whole))
    if towards not in ("nearest", "down", "up"):
        raise DataError(f'towards is {towards!r}; "nearest", "down" or "up" was expected.')
    if (parts < 0).any() or (parts > wholes).any():
        raise DataError(
            "a part of people is below 0 or above its whole. Take both from the counts that passed the gate."
        )
    least = np.ceil(threshold / round_to) * round_to
    most = np.floor((wholes - threshold) / round_to) * round_to
    inner = [np.floor(parts / round_to) * round_to, np.ceil(parts / round_to) * round_to]
    inside = [np.where(least <= most, np.minimum(np.maximum(one, least), most), 0.0) for one in inner]
    choices = np.stack([np.zeros_like(wholes), *inside, wholes])
    gaps = choices - parts
    allowed = {"nearest": np.isfinite(gaps), "down": gaps <= 0, "up": gaps >= 0}[towards]
    # A hair in favour of the larger settles ties.
    cost = np.where(allowed, np.abs(gaps) - 1e-9 * (gaps > 0), np.inf)
    found: Floats = np.take_along_axis(choices, cost.argmin(axis=0)[None], axis=0)[0]
    return np.where(np.isfinite(parts + wholes), found, np.nan)


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
    for at, name in enumerate(map(str, table.columns)):
        column = table.iloc[:, at]
        if _names_persons(name):
            found.append(name)
        elif column.dtype.kind != "O" or isinstance(column.dtype, pd.StringDtype):
            continue  # numbers and texts hold no shapes
        elif any(getattr(shape, "geom_type", "") in {"Point", "MultiPoint"} for shape in column.head(1000)):
            found.append(f"{name} (points)")
    if found:
        raise DataError(
            f"the table has columns about persons or households: {found}. Counts by region or group were expected: "
            f"drop these columns and count first."
        )


@lru_cache(maxsize=4096)
def _names_persons(column: str) -> bool:
    split = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", column).lower()
    words = "_" + re.sub(r"[^0-9a-z]+", "_", split).strip("_") + "_"
    return any(f"_{personal}_" in words for personal in PERSONAL)


def _counts(
    table: pd.DataFrame,
    names: list[str],
    margins: list[str],
    several: list[tuple[str, list[str]]],
    intervals: dict[str, tuple[str, str]],
) -> Floats:
    ends = [end for pair in intervals.values() for end in pair]
    missing = [name for name in [*names, *margins, *ends] if name not in table.columns]
    needed = [name for whole, parts in several for name in (whole, *parts)]
    missing += [name for name in [*needed, *intervals] if name not in names]
    if missing or not names:
        raise DataError(f"{missing} were expected among the counts {names} of a table with {list(table.columns)}.")
    values = table[names].astype(float).to_numpy()
    if (values < 0).any():
        raise DataError(
            f"{names} hold negative numbers; counts of people were expected. Protect the counts of those who came and "
            f"who left, and take net figures from the protected counts."
        )
    for whole, parts in several:
        gap = values[:, names.index(whole)] - sum(values[:, names.index(part)] for part in parts)
        if (np.abs(gap) > 1e-6).any():  # missing compares false: such a row tells a reader nothing by subtraction
            raise DataError(f"{parts} do not add up to {whole!r} in {int((np.abs(gap) > 1e-6).sum())} rows.")
    return values


def _sums(
    table: pd.DataFrame,
    values: Floats,
    names: list[str],
    margins: list[str],
    several: list[tuple[str, list[str]]],
) -> Sums:
    """All the sums a reader knows. Totals are numbers like the cells: a small total tells as much as a small cell."""
    number = np.arange(values.size).reshape(values.shape)
    known = ~np.isnan(values)
    found = Sums(np.nan_to_num(values).ravel())

    totals_of = {}  # (column, margin) -> numbers of its group totals
    places = {
        margin: table.reset_index(drop=True).groupby(margin, sort=False, dropna=False).indices for margin in margins
    }
    for column, name in enumerate(names):
        for margin, groups in places.items():
            totals_of[column, margin] = [
                found.total(f"{name} of {margin} {key}", number[at, column][known[at, column]])
                for key, at in groups.items()
            ]
        top = found.total(f"{name} of the whole table", number[known[:, column], column])
        found.sums += [(np.array(totals_of[column, margin]), top) for margin in margins]
        totals_of[column, ""] = [top]

    for whole, names_of_parts in several:
        w, parts = names.index(whole), [names.index(part) for part in names_of_parts]
        complete = known[:, [w, *parts]].all(axis=1)
        found.sums += [(number[row, parts], int(number[row, w])) for row in np.flatnonzero(complete)]
        if complete.all():
            for margin in ["", *margins]:
                of_parts = zip(*(totals_of[part, margin] for part in parts), strict=True)
                found.sums += [(np.array(p), t) for t, p in zip(totals_of[w, margin], of_parts, strict=True)]
    return found
