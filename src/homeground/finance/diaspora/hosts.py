# SPDX-License-Identifier: Apache-2.0
"""Where the owners of diaspora money live, and whether they may be asked there: the gate of each large sender."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

import pandas as pd

from homeground.catalogue.given import countries
from homeground.errors import DataError
from homeground.finance.protection.gate import protection_gate
from homeground.finance.protection.reading import union_of
from homeground.finance.protection.signing import Signature

COLUMNS = ("host", "flow", "share", "union", "state", "ready", "unknown", "facts", "open_items")


def host_gates(
    corridors: pd.DataFrame,
    instrument: str,
    *,
    most: int = 8,
    signed: Sequence[Signature] = (),
    on: datetime.date | None = None,
    own: Sequence[str] = (),
) -> pd.DataFrame:
    """The gates of the countries that send most to the countries of a study.

    Parameters
    ----------
    corridors : DataFrame
        sender and flow, as `homeground.finance.corridor_matrix` has them.
    instrument : str
        As of `homeground.finance.protection_gate`.
    most : int
        How many senders; the largest.
    signed : sequence of Signature, optional
        What persons have signed; left out, nothing.
    on : date, optional
        The day that counts; left out: today.
    own : sequence of str, optional
        Countries of the study itself, which are left out: their law is the issuer's own.

    Returns
    -------
    DataFrame
        One row a host, largest first: host, flow (of all the study receives, in its unit), share (of the whole, from all
        senders), union, state (not_known, draft, in_review, refused, signed, ready), ready, unknown (topics without a
        source), facts (number of what sources say), open_items (what nobody has agreed to).

    Raises
    ------
    DataError
        Columns are missing, or there is no such instrument.

    Examples
    --------
    >>> seen = pd.DataFrame({"sender": ["USA", "CHE", "USA"], "flow": [30.0, 40.0, 30.0]})
    >>> host_gates(seen, "project_bond")[["host", "share", "state", "ready"]].values.tolist()
    [['USA', 0.6, 'draft', False], ['CHE', 0.4, 'not_known', False]]
    """
    if missing := [name for name in ("sender", "flow") if name not in corridors.columns]:
        raise DataError(f"corridors lack {', '.join(missing)}. Give a table of corridor_matrix.")
    sums = corridors.groupby("sender")["flow"].sum().sort_values(ascending=False, kind="stable")
    whole = float(sums.sum())
    rows: list[dict[str, Any]] = []
    for host, flow in sums.items():
        if host in own or host not in countries() or len(rows) == most:
            continue
        gate = protection_gate(instrument, str(host), signed=signed, on=on)
        rows.append(
            {
                "host": host,
                "flow": float(flow),
                "share": float(flow) / whole,
                "union": union_of(str(host)),
                "state": gate.state,
                "ready": gate.ready,
                "unknown": " ".join(gate.unknown),
                "facts": len(gate.facts),
                "open_items": len(gate.open_items),
            }
        )
    return pd.DataFrame(rows, columns=list(COLUMNS))
