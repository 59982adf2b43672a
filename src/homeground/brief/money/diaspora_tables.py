# SPDX-License-Identifier: Apache-2.0
"""Tables of the sheet on diaspora money: by country, by promised return, by instrument, by host country."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from homeground.brief.accelerator.sheet import SheetTable, in_millions
from homeground.finance.remittances.summary import MATRIX
from homeground.language.figures import listed, write_number
from homeground.language.messages import phrase, write_range
from homeground.language.wording import slug, unit_name

PRICES = ("wage", "price_cereal")
WIDTHS = (1.7, 0.7, 1, 1.9, 0.9, 1.3, 1, 1.3, 1.4)


def own_values(values: pd.DataFrame) -> pd.DataFrame:
    """Wage and price of cereals of each country, as the run took them.

    Parameters
    ----------
    values : DataFrame
        finance_values.parquet of a run; may be empty.

    Returns
    -------
    DataFrame
    """
    if values.empty:
        return pd.DataFrame(columns=["iso3", "parameter", "mid", "how", "places", "source"])
    return values[values["parameter"].isin(PRICES) & values["mid"].notna()]


def bound_elsewhere(summary: pd.DataFrame, names: Mapping[str, str], code: str) -> str:
    """What is bound to land in other money than dollars, by country, in words; nothing where none is.

    Parameters
    ----------
    summary : DataFrame
        Of `homeground.finance.remittance_summary`.
    names : mapping of str to str
        Of countries.
    code : str
        Of the language.

    Returns
    -------
    str

    Examples
    --------
    >>> seen = pd.DataFrame({"iso3": ["MKD", "ALB"], "committed_other": ["2500000 EUR; 100 CHF", ""]})
    >>> bound_elsewhere(seen, {"MKD": "North Macedonia"}, "en")
    'North Macedonia 2,500,000 EUR and North Macedonia 100 CHF'
    """
    said = []
    for iso3, told in zip(summary["iso3"], summary["committed_other"], strict=True):
        for amount, currency in (one.split() for one in str(told).split("; ") if one):
            said.append(f"{names.get(str(iso3), str(iso3))} {write_number(float(amount), 0, code)} {currency}")
    return listed(said, code)


def received_table(summary: pd.DataFrame, values: pd.DataFrame, names: Mapping[str, str], code: str) -> SheetTable:
    """What each country receives, from whom, at which price of sending, what could be invested, its wage and price.

    Parameters
    ----------
    summary : DataFrame
        Of `homeground.finance.remittance_summary`.
    values : DataFrame
        finance_values.parquet of the run.
    names : mapping of str to str
        Of countries by code.
    code : str

    Returns
    -------
    SheetTable
    """
    own, rows = own_values(values), []
    for row in summary.to_dict("records"):
        iso3 = str(row["iso3"])
        sender = str(row["largest_sender"])
        share = "" if math.isnan(row["largest_share"]) else f" {write_number(100 * row['largest_share'], 0, code)}"
        rows.append(
            (
                names.get(iso3, iso3),
                "–" if pd.isna(row["year"]) else str(int(row["year"])),
                _number(row["received"], 0, code),
                f"{names.get(sender, sender) or '–'}{share}",
                _number(100 * row["cost"], 1, code),
                _span(row["investable_low"], row["investable_high"], code),
                _number(row["expected_loss"], 2, code),
                *(_price(own, iso3, name, code) for name in PRICES),
            )
        )
    heads = ("country", "year", "received", "largest", "sending", "could", "loss", "wage", "cereal")
    return SheetTable(_say("by_country", code), _heads(heads, code), tuple(rows), (1, 2, 4, 5, 6, 7, 8), WIDTHS)


def totals_table(totals: pd.DataFrame, names: Mapping[str, str], code: str) -> SheetTable:
    """Published totals of later years than the matrix of corridors, each with its unit, definition and source.

    Parameters
    ----------
    totals : DataFrame
        Of `homeground.finance.national_totals`.
    names : mapping of str to str
        Of countries by code.
    code : str

    Returns
    -------
    SheetTable
    """
    later = totals[totals["definition"] != MATRIX]
    rows = [
        (
            names.get(str(row["iso3"]), str(row["iso3"])),
            str(int(row["year"])),
            write_number(float(row["value"]), 0, code),
            unit_name(str(row["unit"]), code),
            phrase(f"finance.definition.{slug(str(row['definition']))}", code),
            str(row["source"]),
        )
        for row in later.to_dict("records")
    ]
    heads = ("country", "year", "received", "unit", "definition", "source")
    return SheetTable(_say("totals", code), _heads(heads, code), tuple(rows), (1, 2), (1.5, 0.6, 0.9, 1.1, 1.5, 3))


def rates_table(rates: pd.DataFrame, code: str) -> SheetTable:
    """By promised return: what land could pay back, what the promise costs, what may be expected.

    Parameters
    ----------
    rates : DataFrame
        Of `homeground.finance.carried`.
    code : str

    Returns
    -------
    SheetTable
    """
    rows = [
        (
            write_number(100 * row["promised"], 0, code),
            in_millions(row["from_land"], code) if row["from_land"] > 0 else _say("nothing", code),
            write_number(row["a_year_per_million"], 0, code),
            _percent(row["expected_low"], code),
            _percent(row["expected"], code),
            _percent(row["expected_high"], code),
        )
        for row in rates.to_dict("records")
    ]
    heads = ("promised", "from_land", "a_year", "expected_low", "expected", "expected_high")
    return SheetTable(
        _say("by_return", code), _heads(heads, code), tuple(rows), (1, 2, 3, 4, 5), (1, 1.4, 1.6, 1, 1, 1)
    )


def ways_table(ways: pd.DataFrame, code: str) -> SheetTable:
    """A million of migrants' money by instrument.

    Parameters
    ----------
    ways : DataFrame
        Of `homeground.finance.ways_to_carry`.
    code : str

    Returns
    -------
    SheetTable
    """
    rows = []
    for row in ways.to_dict("records"):
        low, middle, high = (row[f"expected{end}"] for end in ("_low", "", "_high"))
        gift = row["paid_back_by"] == "nobody"
        expected = _say("gift", code) if gift else _say("if_state_pays", code) if math.isnan(middle) else (
            f"{_percent(middle, code)} ({write_range(100 * low, 100 * high, 1, code)})")  # fmt: skip
        worst = (
            _say("gift", code)
            if gift
            else _say("all_lost", code)
            if row["worst"] <= -1
            else _percent(row["worst"], code)
        )
        rows.append(
            (
                _say(f"way.{row['instrument']}", code),
                _say(f"payer.{row['paid_back_by']}", code),
                write_number(round(row["public_money"], -3), 0, code),
                "–" if math.isnan(row["promised"]) else _percent(row["promised"], code),
                expected,
                worst,
            )
        )
    heads = ("way", "payer", "public", "promise", "expected_range", "worst")
    return SheetTable(
        _say("by_way", code), _heads(heads, code), tuple(rows), (2, 3, 4, 5), (2.6, 1.2, 1.2, 0.9, 1.7, 1)
    )


def gates_table(gates: pd.DataFrame, instrument: str, names: Mapping[str, str], code: str) -> SheetTable:
    """Whether an instrument may be offered where the money comes from.

    Parameters
    ----------
    gates : DataFrame
        Of `homeground.finance.host_gates`.
    instrument : str
    names : mapping of str to str
        Of countries by code.
    code : str

    Returns
    -------
    SheetTable
    """
    rows = [
        (
            names.get(str(row["host"]), str(row["host"])),
            write_number(100 * row["share"], 0, code),
            _say("rules.union", code) if row["union"] == "EU" else _say("rules.own", code) if row["facts"] > 2 else "–",
            _say(f"state.{row['state']}", code),
            str(row["facts"]),
            str(row["open_items"]),
        )
        for row in gates.to_dict("records")
    ]
    title = _say("by_host", code, instrument=phrase(f"protection.instrument.{instrument}", code))
    heads = ("host", "share", "rules", "state", "facts", "to_sign")
    return SheetTable(title, _heads(heads, code), tuple(rows), (1, 4, 5), (1.5, 1, 1.4, 2.6, 1, 1))


def _say(name: str, code: str, **words: Any) -> str:
    return phrase(f"finance.carried.{name}", code, **words)


def _heads(names: Sequence[str], code: str) -> tuple[str, ...]:
    return tuple(_say(f"head.{name}", code) for name in names)


def _number(value: float, decimals: int, code: str) -> str:
    return "–" if pd.isna(value) else write_number(float(value), decimals, code)


def _span(low: float, high: float, code: str) -> str:
    return "–" if pd.isna(low) else write_range(float(low), float(high), 1, code)


def _percent(value: float, code: str) -> str:
    return _number(100 * value, 1, code)


def _price(own: pd.DataFrame, iso3: str, parameter: str, code: str) -> str:
    """Middle value, and from where where it is not the country's own."""
    rows = own[(own["iso3"] == iso3) & (own["parameter"] == parameter)]
    if rows.empty:
        return "–"
    row = rows.iloc[0]
    value = write_number(float(row["mid"]), 0, code)
    return value if row["how"] == "country" else f"{value} ({row['places']})"
