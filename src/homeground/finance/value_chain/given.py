# SPDX-License-Identifier: Apache-2.0
"""The chains of a study: those that ship for its countries, each replaced whole by one of its own of the same name."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from homeground.catalogue.given import given_table
from homeground.finance.value_chain.shipped import ENDS, UNITS, chain_rows
from homeground.study.model import Study

CHAIN = "data.value_chain"


def chains_of(study: Study) -> pd.DataFrame:
    """Rows of the chains of a study.

    Parameters
    ----------
    study : Study

    Returns
    -------
    DataFrame
        As `chain_rows`; without rows where there is no chain of its countries.

    Raises
    ------
    DataError
        All problems of the study's own rows at once.

    Examples
    --------
    >>> from homeground.study.opening import open_study
    >>> sorted(set(chains_of(open_study("ethiopia-coffee"))["chain"]))
    ['coffee']
    """
    shipped = chain_rows()
    shipped = shipped[shipped["iso3"].isin(study.countries)]
    own = given_table(study, CHAIN, also=lambda rows: _faults(rows, study))
    if own is None:
        return shipped.reset_index(drop=True)
    own = own.reindex(columns=shipped.columns)
    told = own[["year", "note", "kind"]].astype(object).where(own[["year", "note", "kind"]].notna(), "")
    own = own.assign(
        quality=own["quality"].fillna(5).astype(int),
        **{name: told[name].astype(str) for name in ("year", "note", "kind")},
    )
    own["kind"] = own["kind"].replace("", "published")
    replaced = set(zip(own["chain"], own["iso3"], strict=True))
    kept = [pair not in replaced for pair in zip(shipped["chain"], shipped["iso3"], strict=True)]
    return pd.concat([shipped[kept], own], ignore_index=True)


def _faults(rows: pd.DataFrame, study: Study) -> Iterator[str]:
    for row, one in rows.iterrows():
        low, mid, high = (float(one[end]) for end in ENDS)
        unit = UNITS.get(str(one["parameter"]))
        if unit is None:
            yield f"row {row}: no parameter is called {one['parameter']}. Known: {', '.join(UNITS)}."
        elif one["unit"] != unit:
            yield f'row {row}: {one["parameter"]} has unit "{one["unit"]}", "{unit}" was expected. Convert it.'
        if not low <= mid <= high:
            yield f"row {row}: low <= mid <= high was expected."
        elif unit == "1" and high > 1:
            yield f"row {row}: {one['parameter']} from 0 to 1 was expected. Write 5 % as 0.05."
        if one["iso3"] not in study.countries:
            yield f"row {row}: {one['iso3']} is no country of this study."
    for (name, stage), part in rows.groupby(["chain", "stage"]):
        if not set(part["parameter"]) & {"loss", "loss_to_total"}:
            yield f"{name}, {stage}: no loss is given. Give it; 0 where nothing is lost."
        if part["order"].nunique() > 1:
            yield f"{name}, {stage}: stands at several places of the order."
