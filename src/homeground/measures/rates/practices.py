# SPDX-License-Identifier: Apache-2.0
"""The practices of sustainable land management and what enables them: their kind, place, price, and what goes with what."""

from __future__ import annotations

from importlib import resources

import pandas as pd

from homeground.measures.rates.records import read_records

PILLARS = {
    1: "investment in small and medium farms, value chains, local markets, exports",
    2: "land restoration and sustainable management of ecosystems",
    3: "climate-resilient infrastructure and access to renewable energy",
    4: "favourable economic and institutional framework for effective governance",
    5: "capacity building",
}  # of the Great Green Wall Accelerator, as oneplanetsummit.fr has them


def practices() -> pd.DataFrame:
    """Practices on land and enabling measures, with the cost of a hectare or a piece as published.

    Returns
    -------
    DataFrame, index practice
        kind (land or enabling), landscapes (cropland, rangeland, forest, irrigated_mountain, joined by ;), wocat_group,
        response (avoid, reduce or reverse: the LDN hierarchy; empty for what is no measure on land), pillar (1 to 5 of the
        Great Green Wall Accelerator, `PILLARS`), unit (ha, or the piece), planned (yes, no: whether `plan` can place it),
        why_not, complements, excludes (names joined by ;), safeguards, source and quality (of these classes: expert
        defaults), cost_low, cost, cost_high (least, median, greatest as published; NaN: none was seen), cost_unit,
        currency, price_year, cost_place, cost_source, cost_quality.

    Examples
    --------
    >>> table = practices()
    >>> table.loc["haffir", ["unit", "planned"]].tolist(), float(table.loc["haffir", "cost_high"])
    (['haffir', 'no'], 213651.0)
    >>> table.loc["water_spreading_weirs", "why_not"], float(table.loc["water_spreading_weirs", "cost"])
    ('no record of its work was seen', 2575.5)
    """
    with resources.files("homeground.measures.rates").joinpath("practices.csv").open(encoding="utf-8") as file:
        text = {"price_year": "str", "why_not": "str", "complements": "str", "excludes": "str", "response": "str"}
        table = pd.read_csv(file, index_col="practice", dtype=text, keep_default_na=True)
    names = ["response", "why_not", "complements", "excludes", "safeguards"]
    table[names] = table[names].fillna("")
    records = read_records().query("parameter == 'establishment_cost' and kind != 'default'")
    for practice, rows in records.groupby("measure"):
        if practice not in table.index:
            continue
        table.loc[practice, ["cost_low", "cost", "cost_high"]] = [
            rows["low"].min(),
            rows["mid"].median(),
            rows["high"].max(),
        ]
        table.loc[practice, ["cost_unit", "currency"]] = ["USD/ha", "USD"]
        table.loc[practice, "price_year"] = "; ".join(sorted(set(rows["price_year"].astype("str"))))
        table.loc[practice, "cost_place"] = ";".join(dict.fromkeys(rows["place"]))
        table.loc[practice, "cost_source"] = "; ".join(dict.fromkeys(rows["source"]))
        table.loc[practice, "cost_quality"] = rows["quality"].max()
    return table
