# SPDX-License-Identifier: Apache-2.0
"""Offers and needs as people write them: read from a spreadsheet and checked; all faults are told at once."""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
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
    parts,
    pillar_weights,
)
from homeground.accelerator.registry.declared import registry_tables
from homeground.accelerator.registry.given import read_as
from homeground.catalogue.countries import check_countries
from homeground.errors import DataError, Problems
from homeground.numbers.money import currencies

AMOUNTS = ("smallest", "largest", "total")
MAX_HINTS = 8


def read_profiles(path: Path, side: str, *, tell: Callable[[str], None] | None = None) -> pd.DataFrame:
    r"""Offers or needs of a spreadsheet, as the registry keeps them.

    Parameters
    ----------
    path : Path
        CSV or workbook of any name with the columns of the table, read by the rules of the import.
    side : {"offers", "needs"}
    tell : function, optional
        Called with each warning.

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
    return read_as(path, side, also=_told, tell=tell)


def _told(table: pd.DataFrame) -> Iterator[tuple[int, str, str]]:
    """What is wrong with the rows of a spreadsheet beyond what its reader tells: row, column, sentence."""
    for line, row in zip(table.index, table.to_dict("records"), strict=True):
        for column, fault in _row_faults({str(key): value for key, value in row.items()}):
            yield int(line), column, fault


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
        found += [f"{where}: {fault}" for _, fault in _row_faults({str(k): v for k, v in row.items()})]
    return found


def _row_faults(row: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """What is wrong with an offer or need: the column, and a sentence that names it."""
    kinds = next(c for c in registry_tables()["offers"].table.columns if c.column == "kind").values
    if row["kind"] not in kinds:
        yield "kind", f"kind is {row['kind']}; one of {', '.join(kinds)} was expected."
    for name, meaning in (("consent", "the owner agreed to be matched"), ("active", "it still stands")):
        if row[name] not in ("yes", "no"):
            said = "missing" if gone(row[name]) else f'"{row[name]}"'
            yield name, f"{name} is {said}. Write yes where {meaning}, else no."
    countries = parts(row.get("countries"))
    unknown = [code for code in countries if country_codes().get(code) != code]
    for code, sentence in zip(unknown, check_countries(unknown), strict=True):
        yield "countries", f'countries: "{code}" is not known.{sentence.rpartition("(Kosovo is XKX).")[2]}'
    for unit in parts(row.get("admin_units")):
        if country_of(unit) not in countries:
            of = ", ".join(countries) or "none"
            yield "admin_units", f'admin_units: "{unit}" is of none of its countries ({of}).'
    try:
        pillar_weights(row.get("pillars"))
    except ValueError as error:
        yield "pillars", f"pillars: {error}"
    for column, known in (
        ("practices", list(practices())), ("instrument", words("instrument")), ("beneficiaries", words("beneficiary")),
        ("involves", words("involves")), ("exclusions", [*words("involves"), *practices()]),
    ):  # fmt: skip
        yield from ((column, said) for said in _unknown(column, parts(row.get(column)), known))
    for language in parts(row.get("languages")):
        if not re.fullmatch("[a-z]{2}", language):
            yield "languages", f'languages: "{language}" is no code of ISO 639-1, such as fr.'
    yield from _size_faults(row)
    if not gone(row.get("start")) and not gone(row.get("end")):
        start, end = day_of(row["start"]), day_of(row["end"])
        if start is not None and end is not None and start > end:
            yield "start", f"start ({start}) comes after end ({end}). Turn them round."


def _size_faults(row: dict[str, Any]) -> Iterator[tuple[str, str]]:
    amounts = [first(row, f"{name}_minor", name) for name in AMOUNTS]
    currency = row.get("currency")
    if any(not math.isnan(value) for value in amounts):
        if row["kind"] != "money":
            yield "kind", f"smallest, largest and total are of money; of {row['kind']} give least, most and unit."
        if gone(currency):
            yield "currency", "currency is missing. Write a code of ISO 4217, such as XOF."
        elif currency not in currencies():
            yield "currency", f"currency is {currency}, which is none of ISO 4217."
    yield from _order("smallest", "largest", amounts[0], amounts[1])
    yield from _order("smallest", "total", amounts[0], amounts[2])
    least, most = first(row, "least"), first(row, "most")
    if not math.isnan(least) or not math.isnan(most):
        if row["kind"] == "money":
            yield "least", "least and most are of other things than money; give smallest, largest and currency."
        if gone(row.get("unit")):
            yield "unit", "unit is missing. Say what least and most count, such as ha."
    yield from _order("least", "most", least, most)


def _order(low_name: str, high_name: str, low: float, high: float) -> Iterator[tuple[str, str]]:
    if low < 0 or high < 0:
        yield low_name if low < 0 else high_name, f"{low_name} and {high_name} may not be below zero."
    if low > high:
        yield low_name, f"{low_name} is more than {high_name}. Turn them round."


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
