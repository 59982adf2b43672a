# SPDX-License-Identifier: Apache-2.0
"""Instruments that were tried, with their published terms and what became of each; what nobody published is absent."""

from __future__ import annotations

import math
from datetime import date
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from homeground.errors import DataError
from homeground.finance.instruments.bonds import refunded_sale, sovereign_bond
from homeground.finance.instruments.grants import matching_grant, remittance_grant
from homeground.numbers.money import Money

TABLE = Path(__file__).parent / "presets.csv"


class Outcome(NamedTuple):
    """A published ratio and the same one worked out from the published sums behind it."""

    preset: str
    what: str
    published: float
    worked_out: float


@cache
def _table() -> pd.DataFrame:
    text = dict.fromkeys(("year", "seen_at", "country", "preset", "instrument", "parameter", "unit", "source"), "str")
    missing = {name: [""] for name in ("value", "low", "high")}
    return pd.read_csv(TABLE, dtype=text, keep_default_na=False, na_values=missing)


def presets(name: str | None = None) -> pd.DataFrame:
    """Published terms and outcomes of instruments that were tried, one a row, each with source and quality.

    Parameters
    ----------
    name : str, optional
        One of them, such as nigeria-2017; all if left out.

    Returns
    -------
    DataFrame
        preset, instrument, country, parameter, value, low, high, unit, year, source, seen_at, licence, quality, kind.

    Raises
    ------
    DataError
        No preset has the name.

    Examples
    --------
    >>> rows = presets("nigeria-2017").set_index("parameter")
    >>> float(rows.loc["coupon", "value"]), rows.loc["coupon", "source"]
    (0.05625, 'Federal Republic of Nigeria')
    """
    table = _table()
    if name is None:
        return table.copy()
    known = sorted(set(table["preset"]))
    if name not in known:
        raise DataError(f"{name} is no preset. Presets: {', '.join(known)}.")
    return table[table["preset"] == name].reset_index(drop=True)


def preset_flows(name: str, *, start: date | None = None, own: Money | None = None) -> pd.DataFrame | None:
    """Payments of a preset by its published terms; nothing where a term that is needed was not published.

    Parameters
    ----------
    name : str
        One of `presets`.
    start : date, optional
        First day; the first of January of the published year if left out.
    own : Money, optional
        What migrants put in, for grants (in the money of the cap), or the principal of a bond whose sum is not published;
        left out, a bond's published sum, and for grants what reaches the cap.

    Returns
    -------
    DataFrame or None
        A table of `homeground.finance.ledger`, nominal. The dam of Ethiopia gives the sale that was given back.

    Raises
    ------
    DataError
        No preset has the name, or `own` is in other money than the cap.

    Examples
    --------
    >>> rows = preset_flows("moldova-pare")
    >>> rows[["payer", "amount"]].values.tolist()
    [['migrant', 250000.0], ['public', 250000.0], ['land user', 500000.0]]
    >>> preset_flows("india-1998") is None
    True
    """
    rows = presets(name)
    known = dict(zip(rows["parameter"], rows["value"].astype(float), strict=True))
    units = dict(zip(rows["parameter"], rows["unit"], strict=True))
    year = rows["year"].iloc[0][:4]
    day = start or date(int(year) if year.isdigit() else 2026, 1, 1)
    if "given_back" in known:
        sold = Money(known["given_back"], "USD", None)
        return refunded_sale(sold, interest=known["interest_given_back"], sold_on=day, refunded_on=date(2016, 6, 8))
    instrument = rows["instrument"].iloc[0]
    if instrument == "sovereign_bond" and "coupon" in known and (own is not None or "principal" in known):
        principal = own or Money(known["principal"], units["principal"], None)
        return sovereign_bond(principal, coupon=known["coupon"], years=int(known["years"]), issued=day)
    if "cap" not in known:
        return None
    cap = Money(known["cap"], units["cap"], None)
    if instrument == "remittance_grant":
        return remittance_grant(
            own or Money(cap.amount / known["match"], cap.currency, None), match=known["match"], cap=cap, paid_on=day
        )
    matches = {key.removeprefix("match_"): value for key, value in known.items() if key.startswith("match_")}
    return matching_grant(own or cap, matches=matches, paid_on=day, cap=cap)


def published_outcomes() -> list[Outcome]:
    """What programmes published of their reach, beside the same worked out from the sums behind it.

    Returns
    -------
    list of Outcome
        Moldova: investment over grants (total / public), of all years and of one round, which its ministry called "about
        5"; Mexico: public money over migrants' own; Ciwara: raised over
        grant (private / public): three ratios that are all called leverage.

    Examples
    --------
    >>> [(one.preset, one.published, round(one.worked_out, 2)) for one in published_outcomes()][:2]
    [('moldova-pare', 3.17, 3.17), ('moldova-pare', 5.0, 3.83)]
    """

    def value(name: str, parameter: str) -> float:
        rows = presets(name)
        found = rows.loc[rows["parameter"] == parameter, "value"]
        return float(found.iloc[0]) if len(found) else math.nan

    def over(name: str, above: str, below: str) -> float:
        return value(name, above) / value(name, below)

    return [
        Outcome("moldova-pare", "invested / grants", 3.17, over("moldova-pare", "invested", "grants")),
        Outcome(
            "moldova-pare", "invested / grants, one round", 5.0, over("moldova-pare", "round_invested", "round_grants")
        ),
        Outcome("mexico-3x1", "public / migrants", 2.78, over("mexico-3x1", "public_paid", "migrants_paid")),
        Outcome("mali-ciwara", "raised / grant", 0.87, over("mali-ciwara", "raised", "grant")),
    ]
