# SPDX-License-Identifier: Apache-2.0
"""Offers and needs as people write them: read from a spreadsheet and checked; all faults are told at once."""

from __future__ import annotations

import datetime
import difflib
import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd

from homeground.accelerator.matching.practices import practices, words
from homeground.accelerator.matching.profiles import (
    country_codes,
    country_of,
    day_of,
    first,
    gone,
    iso_day,
    parts,
    pillar_weights,
)
from homeground.accelerator.registry.declared import MONEY, registry_tables
from homeground.catalogue.countries import check_countries
from homeground.catalogue.tables import read_given
from homeground.errors import DataError, Problems
from homeground.numbers.money import currencies, to_minor
from homeground.numbers.table import Table

AMOUNTS = ("smallest", "largest", "total")
MAX_HINTS = 8
MOST = 2**53  # smallest units: beyond it a spreadsheet does not keep the last one


def read_profiles(path: Path, side: str) -> pd.DataFrame:
    r"""Offers or needs of a spreadsheet, as the registry keeps them.

    Parameters
    ----------
    path : Path
        CSV or workbook with the columns of the table; money in whole units, days as 2026-05-31.
    side : {"offers", "needs"}

    Returns
    -------
    DataFrame
        Columns as declared, money in smallest units under the name with ``_minor``, days as dates.

    Raises
    ------
    DataError
        All that is wrong with it at once.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     _ = Path(folder, "o.csv").write_text(
    ...         "profile;title;kind;smallest;largest;currency;consent;active\nA;Fund;money;1 000;9 000,50;EUR;yes;yes"
    ...     )
    ...     read_profiles(Path(folder, "o.csv"), "offers")[["smallest_minor", "largest_minor"]].values.tolist()
    [[100000, 900050]]
    """
    declared = registry_tables()[side].table
    dates = {c.column for c in declared.columns if "date" in c.types}
    as_text = tuple(
        replace(c, types=("text",) if c.column in dates else c.types, needs="its reason" if c.nullable else "")
        for c in declared.columns
    )
    given = Table(side, as_text, declared.key, declared.description, declared.empty)
    table = read_given(path, given, also=lambda rows: [*_convert(rows.copy(), side), *faults(rows, side)])
    _ = list(_convert(table, side))
    return table


def _convert(table: pd.DataFrame, side: str) -> Iterator[str]:
    """Turn money and days of a spreadsheet into those of the registry, in place; what could not be is told."""
    for column in registry_tables()[side].table.columns:
        name = column.column
        if column.unit == MONEY and name in table:
            values = [
                _minor(amount, currency)
                for amount, currency in zip(table[name], table.get("currency", [None] * len(table)), strict=True)
            ]
            for row, value in zip(table.index, values, strict=True):
                if isinstance(value, str):
                    yield f"{name}, row {row}: {value}"
            table[f"{name}_minor"] = pd.array([v if isinstance(v, int) else pd.NA for v in values], dtype="Int64")
            del table[name]
        if "date" in column.types and name in table:
            days = [iso_day(cell) for cell in table[name]]
            for row, day in zip(table.index, days, strict=True):
                if isinstance(day, str):
                    yield f"{name}, row {row}: {day}"
            table[name] = pd.Series([d if isinstance(d, datetime.date) else None for d in days], table.index, "object")


def _minor(amount: Any, currency: Any) -> int | str | None:
    if pd.isna(amount):
        return None
    if not isinstance(currency, str) or currency not in currencies():
        return None  # told with the currency itself
    try:
        minor = to_minor(Decimal(repr(float(amount))), currency)
    except DataError as error:
        return str(error)
    return minor if abs(minor) <= MOST else f"{amount:g} {currency} is more than can be kept. Look at its decimals."


def faults(table: pd.DataFrame, side: str) -> list[str]:
    """All that is wrong with offers or needs, one sentence each.

    Parameters
    ----------
    table : DataFrame
        As the registry keeps them, or as a spreadsheet has them.
    side : {"offers", "needs"}

    Returns
    -------
    list of str

    Examples
    --------
    >>> made = {"profile": ["A"], "title": ["Fund"], "kind": ["money"], "countries": ["NGR"], "consent": [None]}
    >>> for fault in faults(pd.DataFrame(made | {"active": ["yes"]}), "offers"):
    ...     print(fault)
    offers, A: consent is missing. Write yes where the owner agreed to be matched, else no.
    offers, A: countries: "NGR" is not known. Did you mean NER (Niger), NGA (Nigeria), NOR (Norway)?
    """
    declared = registry_tables()[side].table
    lost = [name for name in declared.always if name not in table and f"{name}_minor" not in table]
    needed = {c.column for c in declared.columns if not c.nullable}
    if lost := [name for name in lost if name in needed]:
        return [f"{side}: lacks the column(s) {', '.join(lost)}."]
    found = []
    ids = table["profile"].astype("object")
    for name in sorted({str(v) for v in ids[ids.duplicated(keep=False)].dropna()}):
        found.append(f"{side}, {name}: stands twice. Give each its own short name.")
    for place, row in enumerate(table.to_dict("records"), start=1):
        name = row["profile"]
        where = f"{side}, {name}" if isinstance(name, str) and name else f"{side}, row {place}"
        if not isinstance(name, str) or not name:
            found.append(f"{where}: profile is missing. Give it a short name.")
        found += [f"{where}: {fault}" for fault in _row_faults({str(k): v for k, v in row.items()})]
    return found


def _row_faults(row: dict[str, Any]) -> Iterator[str]:
    kinds = next(c for c in registry_tables()["offers"].table.columns if c.column == "kind").values
    if row["kind"] not in kinds:
        yield f"kind is {row['kind']}; one of {', '.join(kinds)} was expected."
    for name, meaning in (("consent", "the owner agreed to be matched"), ("active", "it still stands")):
        if row[name] not in ("yes", "no"):
            said = "missing" if gone(row[name]) else f'"{row[name]}"'
            yield f"{name} is {said}. Write yes where {meaning}, else no."
    countries = parts(row.get("countries"))
    unknown = [code for code in countries if country_codes().get(code) != code]
    for code, sentence in zip(unknown, check_countries(unknown), strict=True):
        yield f'countries: "{code}" is not known.{sentence.rpartition("(Kosovo is XKX).")[2]}'
    for unit in parts(row.get("admin_units")):
        if country_of(unit) not in countries:
            yield f'admin_units: "{unit}" is of none of its countries ({", ".join(countries) or "none"}).'
    try:
        pillar_weights(row.get("pillars"))
    except ValueError as error:
        yield f"pillars: {error}"
    yield from _unknown("practices", parts(row.get("practices")), list(practices()))
    yield from _unknown("instrument", parts(row.get("instrument")), words("instrument"))
    yield from _unknown("beneficiaries", parts(row.get("beneficiaries")), words("beneficiary"))
    yield from _unknown("involves", parts(row.get("involves")), words("involves"))
    yield from _unknown("exclusions", parts(row.get("exclusions")), [*words("involves"), *practices()])
    for language in parts(row.get("languages")):
        if not re.fullmatch("[a-z]{2}", language):
            yield f'languages: "{language}" is no code of ISO 639-1, such as fr.'
    yield from _size_faults(row)
    if not gone(row.get("start")) and not gone(row.get("end")):
        start, end = day_of(row["start"]), day_of(row["end"])
        if start is not None and end is not None and start > end:
            yield f"start ({start}) comes after end ({end}). Turn them round."


def _size_faults(row: dict[str, Any]) -> Iterator[str]:
    amounts = [first(row, f"{name}_minor", name) for name in AMOUNTS]
    currency = row.get("currency")
    if any(not math.isnan(value) for value in amounts):
        if row["kind"] != "money":
            yield f"smallest, largest and total are of money; of {row['kind']} give least, most and unit."
        if gone(currency):
            yield "currency is missing. Write a code of ISO 4217, such as XOF."
        elif currency not in currencies():
            yield f"currency is {currency}, which is none of ISO 4217."
    yield from _order("smallest", "largest", amounts[0], amounts[1])
    yield from _order("smallest", "total", amounts[0], amounts[2])
    least, most = first(row, "least"), first(row, "most")
    if not math.isnan(least) or not math.isnan(most):
        if row["kind"] == "money":
            yield "least and most are of other things than money; give smallest, largest and currency."
        if gone(row.get("unit")):
            yield "unit is missing. Say what least and most count, such as ha."
    yield from _order("least", "most", least, most)


def _order(low_name: str, high_name: str, low: float, high: float) -> Iterator[str]:
    if low < 0 or high < 0:
        yield f"{low_name} and {high_name} may not be below zero."
    if low > high:
        yield f"{low_name} is more than {high_name}. Turn them round."


def _unknown(column: str, found: Iterable[str], known: Sequence[str]) -> Iterator[str]:
    for word in found:
        if word not in known:
            near = difflib.get_close_matches(word, known, n=1, cutoff=0.6)
            hint = f"Did you mean {near[0]}?" if near else f"Known: {', '.join(sorted(known)[:MAX_HINTS])}, ..."
            yield f'{column}: "{word}" is not known. {hint}'


def require(offers: pd.DataFrame, needs: pd.DataFrame) -> None:
    """Refuse offers and needs with faults, all of both at once.

    Parameters
    ----------
    offers, needs : DataFrame
        As the registry keeps them.

    Raises
    ------
    DataError

    Examples
    --------
    >>> good = pd.DataFrame({"profile": ["A"], "title": ["t"], "kind": ["land"], "consent": ["yes"], "active": ["yes"]})
    >>> require(good, good)
    """
    problems = Problems("offers and needs")
    problems.extend([*faults(offers, "offers"), *faults(needs, "needs")])
    problems.raise_if_any(DataError)
