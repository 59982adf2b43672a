# SPDX-License-Identifier: Apache-2.0
"""The gate of an instrument in a host country: what is known, what must be signed, and whether it may be offered."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from homeground.catalogue.given import countries
from homeground.errors import DataError
from homeground.finance.protection.reading import HostFact, checklist, facts_of
from homeground.finance.protection.signing import FINAL, Signature, state_of

NEEDED = ("registration", "aml")  # topics on which a source must say something of the host before anything is offered


@dataclass(frozen=True)
class Gate:
    """Whether an instrument may be offered to people who live in a host country."""

    instrument: str
    host: str
    state: str
    facts: tuple[HostFact, ...]
    unknown: tuple[str, ...]  # topics on which no source is at hand
    items: tuple[tuple[str, str, str, Signature | None], ...]  # topic, item, role, signature that counts

    @property
    def ready(self) -> bool:
        """True only where a person has signed each item and the board has signed last."""
        return self.state == "ready"

    @property
    def open_items(self) -> tuple[str, ...]:
        """Items that nobody has agreed to yet."""
        return tuple(item for _, item, _, one in self.items if one is None or one.outcome != "agreed")


def protection_gate(
    instrument: str, host: str, *, signed: Sequence[Signature] = (), on: datetime.date | None = None
) -> Gate:
    """What is known of a host country, what must be signed, and whether an instrument may be offered there.

    Parameters
    ----------
    instrument : str
        Such as sovereign_bond, crowd_lending or matching_grant.
    host : str
        Country where the investors live, ISO 3166-1 alpha-3.
    signed : sequence of Signature, optional
        What persons have signed; left out, nothing.
    on : date, optional
        The day that counts; left out: today.

    Returns
    -------
    Gate
        Its state is not_known where no source says what the host asks of registration: then no instrument may be
        offered, whatever was signed.

    Raises
    ------
    DataError
        No such instrument or country.

    Notes
    -----
    The facts are leads for counsel, not advice: each has its source, year and quality, and none is confirmed until
    counsel has put a day in ``checked``.

    Examples
    --------
    >>> gate = protection_gate("sovereign_bond", "USA")
    >>> gate.state, gate.ready, len(gate.open_items)
    ('draft', False, 17)
    >>> protection_gate("sovereign_bond", "CHE").state
    'not_known'
    """
    needed = checklist(instrument)
    if host not in countries():
        raise DataError(f'host is "{host}"; a code of ISO 3166-1 such as USA was expected.')
    day = on or datetime.datetime.now(tz=datetime.UTC).date()
    facts = facts_of(host)
    topics = {fact.topic for fact in facts}
    unknown = tuple(topic for topic in NEEDED if topic not in topics)
    state, counts = state_of(instrument, host, host_known=not unknown, signed=signed, on=day)
    items = [(row["topic"], row["item"], row["role"], counts.get(row["item"])) for row in needed]
    items.append(("final", *FINAL, counts.get(FINAL[0])))
    return Gate(instrument, host, state, facts, unknown, tuple(items))


def given_back() -> float:
    """What the sale of the Ethiopian dam's bonds in the United States cost the seller: disgorged money and interest.

    Returns
    -------
    float
        US dollars, 2016.

    Examples
    --------
    >>> given_back()
    6448854.87
    """
    values = {fact.key: fact.value or 0.0 for fact in facts_of("USA")}
    return values["eep_disgorged"] + values["eep_interest"]
