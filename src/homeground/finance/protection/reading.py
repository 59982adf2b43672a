# SPDX-License-Identifier: Apache-2.0
"""Facts, hosts, instruments and the list of what a person must sign, read from the tables beside this file."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from homeground.errors import DataError
from homeground.numbers.table import read_rows

HERE = Path(__file__).parent
EVERYWHERE = "ALL"
TOPICS = ("registration", "exemption", "aml", "warning", "complaints")
ROLES = ("legal_counsel", "compliance_officer", "issuer", "trustee", "data_protection_officer", "board")


@dataclass(frozen=True)
class HostFact:
    """One thing that a source says of a host country, its union, or everywhere.

    ``value`` is None where the fact is a rule without a number; ``quality`` 1 (peer-reviewed) to 5 (unverified).
    ``checked`` is the day on which counsel confirmed it; empty: unverified.
    """

    key: str
    host: str
    topic: str
    value: float | None
    unit: str
    year: int
    source: str
    address: str
    quality: int
    kind: str
    checked: str


@cache
def host_facts() -> tuple[HostFact, ...]:
    """Everything that the table of facts says.

    Returns
    -------
    tuple of HostFact

    Examples
    --------
    >>> [f.value for f in host_facts() if f.key == "eep_disgorged"]
    [5847804.0]
    """
    return tuple(
        HostFact(
            key=row["key"],
            host=row["host"],
            topic=row["topic"],
            value=float(row["value"]) if row["value"] else None,
            unit=row["unit"],
            year=int(row["year"]),
            source=row["source"],
            address=row["address"],
            quality=int(row["quality"]),
            kind=row["kind"],
            checked=row["checked"],
        )
        for row in read_rows(HERE / "facts.csv")
    )


@cache
def union_of(host: str) -> str:
    """The union whose rules hold in a country beside its own; empty where none is known.

    Parameters
    ----------
    host : str
        ISO 3166-1 alpha-3 code.

    Returns
    -------
    str

    Examples
    --------
    >>> union_of("ITA"), union_of("CHE")
    ('EU', '')
    """
    return {row["host"]: row["union"] for row in read_rows(HERE / "hosts.csv")}.get(host, "")


@cache
def instruments() -> dict[str, frozenset[str]]:
    """What each instrument does that asks for protection: promises_return, asks_public, passes_money.

    Returns
    -------
    dict of str to frozenset

    Examples
    --------
    >>> sorted(instruments()["matching_grant"])
    ['asks_public', 'passes_money']
    """
    rows = read_rows(HERE / "instruments.csv")
    traits = ("promises_return", "asks_public", "passes_money")
    return {row["instrument"]: frozenset(t for t in traits if row[t] == "yes") for row in rows}


def checklist(instrument: str) -> tuple[dict[str, str], ...]:
    """What a person must sign before an instrument may be offered.

    Parameters
    ----------
    instrument : str
        A name of `instruments`.

    Returns
    -------
    tuple of dict
        item, topic, role (who signs) and needed_by (the trait that asks for it).

    Raises
    ------
    DataError
        No such instrument.

    Examples
    --------
    >>> [row["item"] for row in checklist("matching_grant") if row["topic"] == "registration"]
    ['advertising']
    """
    known = instruments()
    if instrument not in known:
        raise DataError(f'instrument is "{instrument}"; one of {", ".join(known)} was expected.')
    return tuple(row for row in read_rows(HERE / "checklist.csv") if row["needed_by"] in known[instrument])


def facts_of(host: str) -> tuple[HostFact, ...]:
    """What is known of a host country: its own rows, those of its union, and those that hold everywhere.

    Parameters
    ----------
    host : str
        ISO 3166-1 alpha-3 code.

    Returns
    -------
    tuple of HostFact

    Examples
    --------
    >>> {f.host for f in facts_of("CHE")}
    {'ALL'}
    """
    places = {host, union_of(host), EVERYWHERE} - {""}
    return tuple(fact for fact in host_facts() if fact.host in places)
