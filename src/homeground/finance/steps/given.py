# SPDX-License-Identifier: Apache-2.0
"""What a study gives for its finance: own prices and yields, options of measures, and who pays."""

from __future__ import annotations

import pandas as pd

from homeground.catalogue.given import given_table
from homeground.finance.sources import source_problems
from homeground.finance.valuation import UNITS, UNVERIFIED, check_values, read_values, value_problems
from homeground.finance.valued.places import DERIVED, GENERAL, PLACED
from homeground.numbers.money import NOT_STATED
from homeground.study.model import Study

VALUES, SOURCES = "values.csv", "sources.csv"


def own_values(study: Study) -> pd.DataFrame | None:
    """The study's own values, as declared; None where it has none.

    Raises
    ------
    DataError
        All problems of the rows at once, with row and column.
    """
    shipped = dict.fromkeys([*UNITS, *read_values()["parameter"], *DERIVED])
    before = [name.replace("_after_", "_before_") for name in shipped if name.startswith("loss_after_")]
    shipped |= dict.fromkeys(before)
    return given_table(study, VALUES, known={"parameter": {name: name for name in shipped}}, also=value_problems)


def values_of(study: Study) -> pd.DataFrame:
    """The shipped values, with the study's own rows in place of those they replace.

    Raises
    ------
    DataError
        All problems of the study's own rows at once; money of several years.
    """
    shipped, own = read_values(), own_values(study)
    if own is None:
        return shipped
    given = own.reindex(columns=shipped.columns).astype(object)
    # A row that does not say how well it is known counts as unverified.
    given = given.fillna({"quality": UNVERIFIED}).assign(row=own.index)
    # What a study says for all its countries stands before what is shipped for one of them.
    everywhere = given.loc[(given["place"] == GENERAL) & given["parameter"].str.startswith(PLACED), "parameter"]
    shipped = shipped[~shipped["parameter"].isin(everywhere)]
    keys = [pd.MultiIndex.from_frame(table[["parameter", "place"]]) for table in (shipped, given)]
    joined = pd.concat([shipped[~keys[0].isin(keys[1])].astype(object), given], ignore_index=True)
    check_values(joined, called=VALUES)
    for name in ("low", "mid", "high", "price_year", "quality"):
        joined[name] = pd.to_numeric(joined[name], errors="coerce")
    # Money that says that its year is not stated is taken as it is, and told.
    joined.loc[joined["unit"].str.startswith("USD"), "price_year"] = joined["price_year"].dropna().iloc[0]
    return joined.drop(columns="row")


def sources_of(study: Study) -> pd.DataFrame | None:
    """Who has pledged, committed or paid which money, as declared; None where the study says nothing.

    Raises
    ------
    DataError
        All problems of the rows at once, with row and column.
    """
    return given_table(study, SOURCES, also=source_problems)


def unstated_prices(table: pd.DataFrame | None, name: str) -> list[str]:
    """What of a table of money states no year of its prices, by a column that names it."""
    if table is None or "price_year" not in table:
        return []
    return list(dict.fromkeys(table.loc[table["price_year"] == NOT_STATED, name].astype("str")))
