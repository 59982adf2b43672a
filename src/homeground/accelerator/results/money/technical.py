# SPDX-License-Identifier: Apache-2.0
"""Support beside money: months of people, training, technology, things; money only by a rate that somebody stated."""

from __future__ import annotations

import math
from decimal import Decimal

import pandas as pd

from homeground.accelerator.results.review import counted
from homeground.accelerator.results.series import text_of
from homeground.numbers.money import from_minor, minor_digits, to_minor

COLUMNS = ("kind", "unit", "quantity", "rows", "uncounted", "currency", "amount_minor", "stated_by", "said")


def technical_support(support: pd.DataFrame, support_rates: pd.DataFrame | None = None) -> pd.DataFrame:
    """Approved support by kind and unit; units are never added to each other, and none to money.

    Parameters
    ----------
    support, support_rates : DataFrame
        As declared in the registry.

    Returns
    -------
    DataFrame
        kind, unit, quantity (of the rows that tell one), rows, uncounted (rows that tell none), and by each stated rate
        currency, amount_minor, stated_by; without a rate these are missing and ``said`` tells so.

    Examples
    --------
    >>> given = pd.DataFrame({"kind": "person-months", "unit": "person-months", "quantity": [6.0, 4.5], "state": "approved",
    ...     "submitted_by": "editor", "approved_by": "focal point"})
    >>> technical_support(given)[["quantity", "said"]].values.tolist()
    [[10.5, 'no rate is stated: not money']]
    >>> rate = pd.DataFrame({"kind": ["person-months"], "unit": "person-months", "currency": "USD", "amount_minor": [800_000],
    ...     "stated_by": "donor"})
    >>> int(technical_support(given, rate)["amount_minor"].item())
    8400000
    """
    rows: list[dict[str, object]] = []
    rates = [] if support_rates is None else support_rates.to_dict("records")
    for (kind, unit), group in counted(support).groupby(["kind", "unit"], sort=True):
        known = [Decimal(repr(float(q))) for q in group["quantity"].dropna()]
        quantity = sum(known, Decimal(0))
        own = {"kind": kind, "unit": unit, "quantity": float(quantity) if known else math.nan, "rows": len(group),
               "uncounted": len(group) - len(known)}  # fmt: skip
        lacking = f"{own['uncounted']} row(s) without a quantity" if own["uncounted"] else ""
        of = [rate for rate in rates if (rate["kind"], rate["unit"]) == (kind, unit)]
        for rate in of:
            money = from_minor(int(rate["amount_minor"]), rate["currency"]) * quantity
            digits = Decimal(1).scaleb(-minor_digits(rate["currency"]))
            rows.append(own | {"currency": rate["currency"],
                               "amount_minor": to_minor(money.quantize(digits), rate["currency"]) if known else pd.NA,
                               "stated_by": text_of(rate.get("stated_by")), "said": lacking})  # fmt: skip
        if not of:
            said = "; ".join(t for t in ("no rate is stated: not money", lacking) if t)
            rows.append(own | {"currency": None, "amount_minor": pd.NA, "stated_by": None, "said": said})
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype({"amount_minor": "Int64"})
