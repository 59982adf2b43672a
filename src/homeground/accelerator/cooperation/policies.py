# SPDX-License-Identifier: Apache-2.0
"""The register of laws and policies that were looked at: what they do to restoration, tenure and mobility, and what should change."""

from __future__ import annotations

import pandas as pd

from homeground.accelerator.cooperation.tables import Tables, table_of

EFFECTS = ("restoration", "tenure", "mobility")


def policies_by_country(tables: Tables) -> pd.DataFrame:
    """The review of policies, one row a country.

    Parameters
    ----------
    tables : mapping of name to DataFrame
        ``policies`` of the registry.

    Returns
    -------
    DataFrame
        Index iso3. policies: how many; restoration_hinders, tenure_hinders, mobility_hinders: how many stand in the way
        (mixed ones count); unknown: how many have an effect that nobody has told; proposed: how many have a proposed
        change; adopted: how many changes were adopted; without_evidence: how many have none.

    Examples
    --------
    >>> law = {"policy": ["1"], "iso3": ["NER"], "title": ["Code rural"], "restoration": ["helps"], "tenure": ["mixed"]}
    >>> policies_by_country({"policies": pd.DataFrame(law)}).loc["NER", ["policies", "tenure_hinders", "unknown"]].tolist()
    [1, 1, 1]
    """
    table = table_of(tables, "policies")
    flags = pd.DataFrame({"iso3": table["iso3"], "policies": True})
    for effect in EFFECTS:
        flags[f"{effect}_hinders"] = table[effect].isin(["hinders", "mixed"])
    flags["unknown"] = pd.concat([table[e].isna() | table[e].eq("not known") for e in EFFECTS], axis=1).any(axis=1)
    flags["proposed"] = table["proposed_change"].notna()
    flags["adopted"] = table["state"].eq("change adopted")
    flags["without_evidence"] = table["evidence"].isna()
    return flags.groupby("iso3").sum().astype("int64")
