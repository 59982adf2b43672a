# SPDX-License-Identifier: Apache-2.0
"""What persons have signed: a table of roles and days, in which nothing signs by itself and no investor stands."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from homeground.errors import DataError, Problems
from homeground.finance.protection.reading import HERE, ROLES, checklist, instruments
from homeground.numbers.table import read_rows

COLUMNS = ("instrument", "host", "item", "role", "date", "outcome", "evidence", "valid_until")
OUTCOMES = ("agreed", "refused")
FINAL = ("final", "board")  # the last item, and the role that signs it
PERSONAL = ("name", "surname", "email", "phone", "passport", "account", "investor", "buyer", "birth", "address", "iban")


@dataclass(frozen=True)
class Signature:
    """One signature: which item of which instrument in which host country, by which role, on which day."""

    instrument: str
    host: str
    item: str
    role: str
    date: datetime.date
    outcome: str
    evidence: str
    valid_until: datetime.date | None = None


def read_signatures(path: Path, *, on: datetime.date) -> tuple[Signature, ...]:
    r"""The table of signatures, checked whole.

    Parameters
    ----------
    path : Path
        CSV with the columns instrument, host, item, role, date, outcome, evidence and, where it ends, valid_until.
    on : date
        The day that it is read on: nobody signs in the future.

    Returns
    -------
    tuple of Signature
        In the order of the table; a later row on one item replaces an earlier one.

    Raises
    ------
    DataError
        All problems at once: a column that could hold personal data, an unknown item, a role that does not sign it,
        days in the future or out of order.

    Examples
    --------
    >>> import tempfile, datetime
    >>> text = "instrument,host,item,role,date,outcome,evidence\nsovereign_bond,USA,default_warning,issuer,2026-01-05,agreed,draft 3"
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "signed.csv"
    ...     _ = path.write_text(text, encoding="utf-8")
    ...     read_signatures(path, on=datetime.date(2026, 2, 1))[0].role
    'issuer'
    """
    if not path.is_file():
        raise DataError(f"there is no table of signatures {path}. Give a CSV with the columns {', '.join(COLUMNS)}.")
    rows = read_rows(path)
    problems = Problems(path.name)
    heads = list(rows[0]) if rows else list(COLUMNS[:-1])
    for head in heads:
        if head not in COLUMNS:
            private = any(word in head.lower() for word in PERSONAL)
            why = "may hold personal data, which has no place here" if private else "is not one of this table"
            problems.add(f'column "{head}" {why}. Keep only {", ".join(COLUMNS)}.')
    missing = [name for name in COLUMNS[:-1] if name not in heads]
    if missing:
        problems.add(f"columns {', '.join(missing)} are missing.")
    problems.raise_if_any(DataError)
    signed = [_signature(row, number, on, problems) for number, row in enumerate(rows, start=2)]
    problems.raise_if_any(DataError)
    return tuple(one for one in signed if one is not None)


def _signature(row: dict[str, str], line: int, on: datetime.date, problems: Problems) -> Signature | None:
    where, before = f"row {line}", len(problems.messages)
    instrument, item, role = row["instrument"], row["item"], row["role"]
    if instrument not in instruments():
        problems.add(f'{where}: instrument is "{instrument}"; one of {", ".join(instruments())} was expected.')
    else:
        signers = {one["item"]: one["role"] for one in checklist(instrument)} | dict([FINAL])
        if item not in signers:
            problems.add(f'{where}: item is "{item}"; one of {", ".join(signers)} was expected.')
        elif role != signers[item]:
            known = role if role in ROLES else f"{role or '(empty)'}, which is no role"
            problems.add(f"{where}: {item} is signed by {signers[item]}, found {known}. Write the role, not a person.")
    if len(row["host"]) != 3 or not row["host"].isupper():
        problems.add(f'{where}: host is "{row["host"]}"; a code of three letters such as USA was expected.')
    if row["outcome"] not in OUTCOMES:
        problems.add(f'{where}: outcome is "{row["outcome"]}"; agreed or refused was expected.')
    if not row["evidence"].strip():
        problems.add(f"{where}: evidence is empty. Name the document that was signed.")
    if "@" in " ".join(v or "" for v in row.values()):
        problems.add(f"{where} holds an address of a person. Name roles and documents only.")
    day, end = _day(row["date"], f"{where}: date", problems), None
    if row.get("valid_until"):
        end = _day(row["valid_until"], f"{where}: valid_until", problems)
    if day and day > on:
        problems.add(f"{where}: date {day} is after {on}. Nobody signs in the future.")
    if day and end and end < day:
        problems.add(f"{where}: valid_until {end} is before the date {day}.")
    if day is None or len(problems.messages) > before:
        return None
    return Signature(instrument, row["host"], item, role, day, row["outcome"], row["evidence"], end)


def _day(text: str, where: str, problems: Problems) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        problems.add(f'{where} is "{text}"; a day such as 2026-11-30 was expected.')
        return None


def moves() -> dict[str, tuple[tuple[str, str], ...]]:
    """Which state may follow which, and when: the state machine of an instrument.

    Returns
    -------
    dict of str to tuple of (next state, when)

    Examples
    --------
    >>> moves()["signed"]
    (('ready', 'final_signature'),)
    """
    found: dict[str, tuple[tuple[str, str], ...]] = {}
    for row in read_rows(HERE / "states.csv"):
        found[row["state"]] = (*found.get(row["state"], ()), (row["next"], row["when"]))
    return found


def state_of(
    instrument: str, host: str, *, host_known: bool, signed: Sequence[Signature], on: datetime.date
) -> tuple[str, dict[str, Signature]]:
    """Where an instrument stands in a host country, by what persons signed until a day.

    Parameters
    ----------
    instrument, host : str
    host_known : bool
        Whether a source says what the host country asks of registration.
    signed : sequence of Signature
    on : date

    Returns
    -------
    (str, dict of item to Signature)
        not_known, draft, in_review, refused, signed or ready; and the signature that counts for each item.

    Notes
    -----
    The states are walked from the first along `moves`: a step is taken only where what it waits for has happened. The
    last signature on an item counts; one that has run out counts no more. The final signature counts only where it is
    not older than any other.

    Examples
    --------
    >>> import datetime
    >>> state_of("matching_grant", "USA", host_known=True, signed=[], on=datetime.date(2026, 1, 1))[0]
    'draft'
    >>> state_of("matching_grant", "CHE", host_known=False, signed=[], on=datetime.date(2026, 1, 1))[0]
    'not_known'
    """
    needed = [row["item"] for row in checklist(instrument)]
    here = [s for s in signed if s.instrument == instrument and s.host == host and s.date <= on]
    last: dict[str, Signature] = {}
    for one in sorted(here, key=lambda s: s.date):
        last[one.item] = one
    counts = {item: one for item, one in last.items() if one.valid_until is None or one.valid_until >= on}
    refused = [one for one in counts.values() if one.outcome == "refused"]
    final = counts.get(FINAL[0])
    all_signed = all(item in counts and counts[item].outcome == "agreed" for item in needed)
    newest = max((counts[item].date for item in needed if item in counts), default=None)
    happened = {
        "host_known": host_known,
        "first_signature": bool(counts),
        "any_refusal": bool(refused),
        "all_items_signed": all_signed and not refused,
        "final_signature": final is not None
        and final.outcome == "agreed"
        and newest is not None
        and final.date >= newest,
    }
    state = "not_known"
    while True:
        ahead = [after for after, when in moves().get(state, ()) if happened.get(when, False)]
        if not ahead:
            return state, counts
        state = ahead[0]
