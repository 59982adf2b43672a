# SPDX-License-Identifier: Apache-2.0
"""Remittances of a study's countries in one row each: what comes, what sending costs, what could be invested, at which risk."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import pandas as pd

from homeground.catalogue import figures
from homeground.finance.remittances.corridors import corridor_matrix, saving_pool
from homeground.finance.remittances.given import Range
from homeground.finance.remittances.investable import PERSONAL, TRANSFERS, household_risk, investable

MATRIX = "bilateral matrix"
NATIONAL = "national source"
COLUMNS = (
    "iso3", "year", "received", "unit", "definition", "cost", "paid", "pool", "at_target", "largest_sender",
    "largest_share", "investable_low", "investable", "investable_high", "consumption_lost_low", "consumption_lost_high",
    "expected_loss_low", "expected_loss", "expected_loss_high", "committed", "committed_other", "source", "kind",
)  # fmt: skip


def national_totals(countries: Iterable[str]) -> pd.DataFrame:
    """Every published total of what countries received, of all years and sources, side by side.

    Parameters
    ----------
    countries : iterable of str
        ISO 3166 alpha-3.

    Returns
    -------
    DataFrame
        iso3, year, value, unit, definition (personal remittances, personal transfers, bilateral matrix, or national source
        where a central bank does not say), source, licence, kind, note; by country and year.

    Examples
    --------
    >>> national_totals(["MKD"])[["year", "value", "unit", "definition"]].values.tolist()[-1]
    [2024, 460.0, 'USD million', 'personal remittances']
    """
    wanted = list(countries)
    seen = pd.concat([figures.load(name, iso3=wanted) for name in ("remittances", "cited_facts")], ignore_index=True)
    seen = seen[seen["indicator"] == "remittances_received"]
    said = seen["note"].str.extract(f"^({TRANSFERS}|{PERSONAL})", expand=False)
    told = said.where(said.notna(), seen["kind"].map({"modelled": MATRIX}).fillna(NATIONAL))
    kept = ["iso3", "year", "value", "unit", "definition", "source", "licence", "kind", "note"]
    return seen.assign(definition=told)[kept].sort_values(["iso3", "year", "source"], ignore_index=True)


def remittance_summary(
    countries: Iterable[str],
    *,
    rural: Range | float | None = None,
    uptake: Range | float | None = None,
    default: Range | float | None = None,
    committed: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """What each country receives, what sending costs, what could be invested in land and what that risks.

    Parameters
    ----------
    countries : iterable of str
        ISO 3166 alpha-3.
    rural, uptake : float or (low, middle, high), optional
        As for `investable`.
    default : float or (low, middle, high), optional
        As for `household_risk`.
    committed : DataFrame, optional
        Rows "committed" of `homeground.finance.household_money`.

    Returns
    -------
    DataFrame
        One row a country, in million USD, nominal: the latest total by the definition personal remittances, else of a
        national source, else that of the bilateral matrix of 2017 (definition says which); cost, paid, pool and at_target by the corridors of
        2017, brought to that total; investable with low and high; consumption lost (nothing, if all of it would have been
        saved, to all of it); expected loss of who invests; committed (million USD, NaN where nobody said) and
        committed_other (what is bound in other money, such as "2500000 EUR", never converted; "" where none is). A country
        without a figure has NaN. None of it is public, climate or ODA finance; only `committed` counts for land.

    Examples
    --------
    >>> row = remittance_summary(["SRB"]).iloc[0]
    >>> int(row["year"]), float(row["received"]), row["largest_sender"]
    (2024, 5840.0, 'DEU')
    """
    wanted = list(countries)
    corridors, totals = corridor_matrix(wanted), national_totals(wanted)
    pools = {str(row["iso3"]): row for row in saving_pool(corridors).to_dict("records")}
    top = {str(row["iso3"]): row for row in corridors.drop_duplicates("iso3").to_dict("records")}
    bound, elsewhere = _committed(committed), _committed_other(committed)
    rows: list[dict[str, Any]] = []
    for iso3 in wanted:
        row: dict[str, Any] = dict.fromkeys(COLUMNS, math.nan) | {
            "iso3": iso3,
            "definition": "",
            "source": "",
            "kind": "",
        }
        row |= {"unit": "USD million", "largest_sender": "", "committed": bound.get(iso3, math.nan)}
        row |= {"committed_other": elsewhere.get(iso3, "")}
        row |= _latest(totals[totals["iso3"] == iso3])
        if iso3 in pools and math.isfinite(row["received"]):
            pool, scale = pools[iso3], row["received"] / pools[iso3]["flow"]
            row |= {"cost": pool["cost"], "paid": pool["paid"] * scale, "pool": pool["pool"] * scale}
            row |= {"at_target": pool["at_target"], "largest_sender": top[iso3]["sender"]}
            row["largest_share"] = top[iso3]["flow"] / pool["flow"]
        if math.isfinite(row["received"]):
            low, middle, high = investable(row["received"], rural=rural, uptake=uptake)
            risk = household_risk(middle, row["received"], default=default)
            row |= {"investable_low": low, "investable": middle, "investable_high": high}
            row |= {"consumption_lost_low": 0.0, "consumption_lost_high": middle}
            row |= {name: risk[name] for name in ("expected_loss_low", "expected_loss", "expected_loss_high")}
        rows.append(row)
    out = pd.DataFrame(rows, columns=list(COLUMNS))
    out["year"] = out["year"].astype("Int64")
    return out


def _latest(totals: pd.DataFrame) -> dict[str, Any]:
    """The latest total in USD by the widest definition that there is; definitions are never mixed in a row."""
    rows = totals[totals["unit"] == "USD million"]
    for definition in (PERSONAL, NATIONAL, MATRIX):
        own = rows[rows["definition"] == definition]
        if len(own):
            one = own.sort_values("year").iloc[-1]
            told = {name: one[name] for name in ("source", "kind")}
            return {"year": int(one["year"]), "received": float(one["value"]), "definition": definition, **told}
    return {}


def _committed(table: pd.DataFrame | None) -> dict[str, float]:
    if table is None:
        return {}
    rows = table[(table["what"] == "committed") & table["unit"].str.startswith("USD")]
    return {str(iso3): float(value) / 1e6 for iso3, value in rows.groupby("iso3")["value"].sum().items()}


def _committed_other(table: pd.DataFrame | None) -> dict[str, str]:
    """What is bound in other money than USD: it is told as it is, for a rate of exchange would be a guess."""
    if table is None:
        return {}
    rows = table[(table["what"] == "committed") & ~table["unit"].str.startswith("USD") & (table["value"] > 0)]
    found: dict[str, list[str]] = {}
    for key, part in rows.groupby(rows["iso3"] + " " + rows["unit"].str[:3]):
        iso3, currency = str(key).split()
        found.setdefault(iso3, []).append(f"{part['value'].sum():.0f} {currency}")
    return {iso3: "; ".join(told) for iso3, told in found.items()}
