# SPDX-License-Identifier: Apache-2.0
"""What the cells of a column mean: numbers exact to the last digit, dates never guessed silently, codes with the nearest.

A cell is text, or what a workbook says it is: a number (Decimal), a date, a boolean. Numbers with a comma that could be
read in two ways and dates such as 03/04/2024 are refused unless other cells of the column settle it, which is told.
"""

from __future__ import annotations

import datetime
import difflib
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from homeground.accelerator.registry.declared import MONEY
from homeground.catalogue.atlas_files import rows
from homeground.catalogue.countries import check_countries
from homeground.catalogue.sheets import PLAIN, SPACES, THOUSANDS
from homeground.catalogue.tables import NOTHING
from homeground.numbers.money import currencies
from homeground.numbers.table import Column

Cell = str | Decimal | datetime.date | bool | None
STARTS = (
    "[=+\\-@\t\r\n\0#＝＋－＠]"  # of a formula, to a spreadsheet (the wide signs too), or of a remark, to our reader
)
FORMULA = re.compile(f" *{STARTS}")
KEPT_AS_TEXT = re.compile(f"'+ *{STARTS}")
BARRED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
SIMPLE = re.compile(r"-?\d{1,18}(\.\d{1,9})?")
ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ][\d:.]+(?:Z|[+-]\d\d:?\d\d)?)?")
SLASHED = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})")
YES, NO = {"yes", "true", "1", "oui", "vrai", "是"}, {"no", "false", "0", "non", "faux", "否"}
LARGEST = 2**63 - 1


@dataclass(frozen=True)
class Fault:
    """What is wrong with one cell; ``place``: its position among the rows, -1: the whole column."""

    place: int
    rule: str
    severity: str
    message: str
    fix: str


class Misread(Exception):  # noqa: N818
    """A cell that does not hold what it should: rule, message, what to do."""


def plain(text: str) -> str:
    """Text as people meant it, without the mark that kept a spreadsheet from taking it for a formula.

    Parameters
    ----------
    text : str

    Returns
    -------
    str

    Examples
    --------
    >>> plain("'=SUM(A1)"), plain("'tis"), marked("=SUM(A1)"), marked("'=x"), plain(marked("'=x"))
    ('=SUM(A1)', "'tis", "'=SUM(A1)", "''=x", "'=x")
    """
    return text[1:] if KEPT_AS_TEXT.match(text) else text


def marked(text: str) -> str:
    """Text that no spreadsheet takes for a formula; `plain` gives it back exactly.

    Parameters
    ----------
    text : str

    Returns
    -------
    str

    Examples
    --------
    >>> marked("-2 trees"), marked("trees")
    ("'-2 trees", 'trees')
    """
    return f"'{text}" if FORMULA.match(text) or KEPT_AS_TEXT.match(text) else text


def decimal_comma(cells: Iterable[Cell]) -> bool | None:
    """Whether numbers written as text have a decimal comma; None where no cell tells, or they disagree.

    Parameters
    ----------
    cells : iterable
        Of all columns of numbers of a file.

    Returns
    -------
    bool or None

    Examples
    --------
    >>> decimal_comma(["1.234", "12,5"]), decimal_comma(["1.5"]), decimal_comma(["1,234"])
    (True, False, None)
    """
    shown = {_comma(SPACES.sub("", cell)) for cell in cells if isinstance(cell, str) and ("," in cell or "." in cell)}
    shown.discard(None)
    return shown.pop() if len(shown) == 1 else None


def _comma(text: str) -> bool | None:
    points, commas = text.count("."), text.count(",")
    if points and commas:
        return text.rindex(",") > text.rindex(".")
    if points > 1 or commas > 1:
        return points > 1
    if points + commas and not THOUSANDS.fullmatch(text) and re.fullmatch(r"[+-]?[\d.,]+", text):
        return bool(commas)
    return None


def exact(text: str, comma: bool | None) -> Decimal:
    """The number of a cell, exactly.

    Parameters
    ----------
    text : str
    comma : bool or None
        Whether the file has a decimal comma.

    Returns
    -------
    Decimal

    Raises
    ------
    Misread
        No number, or one that could be read in two ways.

    Examples
    --------
    >>> exact("1 234,50", True), exact("-1,234.5", None)
    (Decimal('1234.50'), Decimal('-1234.5'))
    """
    if not comma and SIMPLE.fullmatch(text):  # most cells
        return Decimal(text)
    bare = SPACES.sub("", text.strip().replace("\u2212", "-"))
    if comma is None and bare.count(",") == 1 and "." not in bare and THOUSANDS.fullmatch(bare):
        raise Misread(
            "number", f'"{text}" could have a decimal comma or a mark of thousands',
            f"Write {bare.replace(',', '')} or {bare.replace(',', '.')}.",
        )  # fmt: skip
    own = _comma(bare) if comma is None else comma
    if own:
        bare = bare.replace(".", "").replace(",", ".")
    elif THOUSANDS.match(bare.split(".")[0]):
        bare = bare.replace(",", "")
    if not PLAIN.fullmatch(bare):
        formula = text.startswith("=")
        said = f'"{text[:40]}" is a formula and no number' if formula else f'"{text[:40]}" is no number'
        raise Misread("formula" if formula else "number", said, "Write the number itself, such as 1250.50.")
    found = Decimal(bare)
    if found and abs(found.adjusted()) > 30:
        raise Misread("number", f'"{text[:40]}" is beyond any amount', "Write the number itself.")
    return found


def typed(cells: Sequence[Cell], column: Column, comma: bool | None) -> tuple[list[Any], list[Fault]]:
    """The cells of a column in its type (money and other numbers as Decimal), and what is wrong with them.

    Parameters
    ----------
    cells : sequence
    column : Column
    comma : bool or None
        See `decimal_comma`.

    Returns
    -------
    (list, list of Fault)
        Values, None where there is none; a fault of severity error leaves its row out.

    Examples
    --------
    >>> from homeground.accelerator.registry.declared import registry_tables
    >>> kind = registry_tables()["transactions"].table.columns[2]
    >>> values, faults = typed(["Disbursement", "disbursment"], kind, None)
    >>> values, faults[0].fix
    (['disbursement', None], 'Did you mean disbursement?')
    """
    faults: list[Fault] = []
    values: list[Any]
    if column.types == ("date",):
        values = list(_dates(cells, column, faults))
    else:
        read = {"integer": _number, "number": _number, "boolean": _boolean}.get(column.types[0], _text)
        read = _text if len(column.types) > 1 else read
        values = []
        done: dict[Cell, Any] = {}
        for place, cell in enumerate(cells):
            if cell is None or cell == "":
                values.append(None)
                continue
            if isinstance(cell, str) and cell in done:
                values.append(done[cell])
                continue
            try:
                value = read(cell, column, comma)
            except Misread as wrong:
                faults.append(Fault(place, wrong.args[0], "error", *wrong.args[1:]))
                value = None
            else:
                if isinstance(cell, str):
                    done[cell] = value
            values.append(value)
    if not column.nullable:
        wrong_already = {fault.place for fault in faults if fault.severity == "error"}
        faults += [
            Fault(place, "needed", "error", f"{column.column} is empty", f"Write it: {column.meaning}.")
            for place, value in enumerate(values)
            if value is None and place not in wrong_already
        ]
    return values, faults


def _text(cell: Cell, column: Column, _comma: bool | None) -> str:
    if isinstance(cell, bool):
        text = "yes" if cell else "no"
    elif isinstance(cell, Decimal):
        text = f"{cell:f}"
    else:
        text = plain(str(cell))
    if barred := BARRED.search(text):
        raise Misread("signs", f"holds a sign that no file can keep (U+{ord(barred[0]):04X})", "Write it without.")
    text = text.strip()
    if column.values:
        return _among(text, column.values)
    if column.column == "currency":
        return _currency(text)
    return _country(text) if column.column == "iso3" else text


def _among(text: str, values: Sequence[str]) -> str:
    by_word = {re.sub(r"[\s_-]+", " ", one).lower(): one for one in values}
    wanted = re.sub(r"[\s_-]+", " ", text).lower()
    if wanted in by_word:
        return by_word[wanted]
    near = difflib.get_close_matches(wanted, by_word, n=1, cutoff=0.6)
    fix = f"Did you mean {by_word[near[0]]}?" if near else f"Write one of: {', '.join(values)}."
    raise Misread("values", f'"{text[:40]}" is none of those that may stand here', fix)


def _currency(text: str) -> str:
    known = currencies()
    if text.upper() in known:
        return text.upper()
    alike = [code for code in known if len(text) == len(code) and code[:2] == text[:2].upper()]
    by_name = {name.lower(): code for code, name in known.items()}
    near = alike[:3] or [by_name[one] for one in difflib.get_close_matches(text.lower(), by_name, n=1, cutoff=0.6)]
    named = " or ".join(f"{code} ({known[code]})" for code in near)
    fix = f"Did you mean {named}?" if near else "Write a code such as XOF or USD."
    raise Misread("currency", f'"{text[:40]}" is no currency of ISO 4217', fix)


@cache
def _countries() -> frozenset[str]:
    return frozenset(row["iso3"] for row in rows("countries.csv"))


def _country(text: str) -> str:
    if text.upper() in _countries():
        return text.upper()
    hint = check_countries([text])[0].partition("(Kosovo is XKX).")[2].strip()
    raise Misread("country", f'"{text[:40]}" is no country by its three letters', hint or "Write a code such as NER.")


def _boolean(cell: Cell, _column: Column, _comma: bool | None) -> bool:
    if isinstance(cell, bool):
        return cell
    word = f"{cell:f}" if isinstance(cell, Decimal) else str(cell).strip().lower()
    if word not in YES | NO:
        raise Misread("boolean", f'"{word[:40]}" is neither yes nor no', "Write yes or no.")
    return word in YES


def _number(cell: Cell, column: Column, comma: bool | None) -> Decimal | int | None:
    if isinstance(cell, str) and cell.lower() in NOTHING:
        return None
    if isinstance(cell, (bool, datetime.date)):
        raise Misread("number", f"{cell} is no number", "Format the cell as a number.")
    found = cell if isinstance(cell, Decimal) else exact(str(cell), comma)
    whole = column.types == ("integer",)
    if whole and found != found.to_integral_value():
        raise Misread("number", f"{found} has decimals", "Write a whole number.")
    low, high = _bounds(column)
    if found < low or found > high or (whole and abs(found) > LARGEST):
        raise Misread("bounds", f"{found} is out of bounds", f"It must be {_span(column)}.")
    if column.unit == MONEY and abs(found) > LARGEST // 1000:
        raise Misread("bounds", f"{found} is more money than there is", "Look at its unit: whole units are meant.")
    return int(found) if whole else found


@cache
def _bounds(column: Column) -> tuple[Decimal, Decimal]:
    return Decimal(str(column.low)), Decimal(str(column.high))


def _span(column: Column) -> str:
    if math.isinf(column.high):
        return f"{column.low:g} or more"
    return f"at most {column.high:g}" if math.isinf(column.low) else f"from {column.low:g} to {column.high:g}"


def _dates(cells: Sequence[Cell], column: Column, faults: list[Fault]) -> Iterator[datetime.date | None]:
    """Dates of a column; day and month are told apart by the cells that can only be read one way, and that is said."""
    proven = _orders(cells)
    order = next(iter(proven)) if len(proven) == 1 else None
    if order is not None:
        said, place = "day/month/year" if order else "month/day/year", proven[order]
        faults.append(
            Fault(place, "dates", "warning", f"dates of {column.column} are read as {said}, because of this one",
                  "Write dates as 2024-12-31, which nobody can misread.")
        )  # fmt: skip
    for place, cell in enumerate(cells):
        try:
            yield None if cell is None or cell == "" else _date(cell, order)
        except Misread as wrong:
            faults.append(Fault(place, wrong.args[0], "error", *wrong.args[1:]))
            yield None


def _orders(cells: Sequence[Cell]) -> Mapping[bool, int]:
    """Which orders cells prove (True: the day first), and the first cell that proves each."""
    found: dict[bool, int] = {}
    for place, cell in enumerate(cells):
        if isinstance(cell, str) and (match := SLASHED.fullmatch(cell.strip())):
            first, second = int(match[1]), int(match[2])
            if first > 12 >= second:
                found.setdefault(True, place)
            elif second > 12 >= first:
                found.setdefault(False, place)
    return found


def _date(cell: Cell, day_first: bool | None) -> datetime.date:
    if isinstance(cell, datetime.datetime):
        return cell.date()
    if isinstance(cell, datetime.date):
        return cell
    text = f"{cell:f}" if isinstance(cell, Decimal) else str(cell).strip()
    if match := ISO.fullmatch(text):
        year, month, day = (int(part) for part in match.groups())
    elif match := SLASHED.fullmatch(text):
        first, second, year = (int(part) for part in match.groups())
        if day_first is None and first <= 12 and second <= 12 and first != second:
            ways = f"{year}-{second:02d}-{first:02d} or {year}-{first:02d}-{second:02d}"
            raise Misread("dates", f'"{text}" can be read in two ways', f"Write {ways}.")
        own = first > 12 or (second <= 12 and day_first is not False)
        day, month = (first, second) if own else (second, first)
    else:
        raise Misread("dates", f'"{text[:40]}" is no date', "Write year-month-day, such as 2024-12-31.")
    try:
        return datetime.date(year, month, day)
    except ValueError:
        raise Misread(
            "dates", f'"{text}" is no day of the calendar', "Write year-month-day, such as 2024-12-31."
        ) from None
