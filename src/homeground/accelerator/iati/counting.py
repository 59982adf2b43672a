# SPDX-License-Identifier: Apache-2.0
"""How many transactions of each kind a file holds for each country: rows are counted, money is not added up."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

SEVERAL = "several"
NOT_SAID = "not said"


def by_country(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Transactions by country and kind.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        With ``transactions`` and ``project_countries``.

    Returns
    -------
    DataFrame
        country, kind, transactions, zero (amount of zero), reversals (below zero). The country is that of the
        transaction, else that of its project; "several": the project is divided; "not said": neither names one.

    Examples
    --------
    >>> moneys = pd.DataFrame({"project": ["a", "b"], "kind": ["pledge"] * 2, "iso3": [None, "NER"], "amount_minor": [0, 5]})
    >>> places = pd.DataFrame({"project": ["a"], "iso3": ["TCD"]})
    >>> by_country({"transactions": moneys, "project_countries": places})["country"].tolist()
    ['NER', 'TCD']
    """
    places = tables["project_countries"]
    first = places.groupby("project")["iso3"].agg(lambda found: found.iloc[0] if len(found) == 1 else SEVERAL)
    moneys = tables["transactions"]
    of_project = moneys["project"].map(first.astype(object))
    country = moneys["iso3"].astype(object).where(moneys["iso3"].notna(), of_project)
    rows = pd.DataFrame(
        {
            "country": country.where(country.notna(), NOT_SAID).astype(object),
            "kind": moneys["kind"],
            "zero": moneys["amount_minor"] == 0,
            "reversals": moneys["amount_minor"] < 0,
        }
    )
    counted = rows.groupby(["country", "kind"]).agg(
        transactions=("zero", "size"), zero=("zero", "sum"), reversals=("reversals", "sum")
    )
    return counted.reset_index()
