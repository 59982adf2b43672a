# SPDX-License-Identifier: Apache-2.0
"""Rights to land, corridors, protected areas and conflict of a region beside the hectares that a plan would restore there."""

from __future__ import annotations

import numpy as np
import pandas as pd

from homeground.errors import DataError

# What a row of rights may be of -> whether a low value ("low") or any value above 0 ("any") is flagged.
OVERLAYS = {
    "tenure_secure": "low",
    "tenure_secure_women": "low",
    "tenure_secure_men": "low",
    "inheritance": "low",
    "youth_access": "low",
    "land_use_plan": "low",
    "pastoral_corridor": "any",
    "protected_area": "any",
    "conflict": "any",
}
LEAST = 0.5  # expert default, unverified: below, rights of a region count as insecure


def land_and_rights(hectares: pd.DataFrame, rights: pd.DataFrame | None, *, least: float = LEAST) -> pd.DataFrame:
    """Hectares of a plan by region beside who has secure rights there, flagged where they are insecure or not known.

    Parameters
    ----------
    hectares : DataFrame
        region_id (once each), hectares (missing where nothing is planned).
    rights : DataFrame or None
        region_id, what, value from 0 to 1, and low and high where known. ``what``: tenure_secure, tenure_secure_women,
        tenure_secure_men, inheritance, youth_access (shares of people with the right), land_use_plan, pastoral_corridor,
        protected_area, conflict (shares of the region's land). None: nothing is known.
    least : float
        A share below it is flagged (an expert default, unverified).

    Returns
    -------
    DataFrame
        region_id, hectares, a column for each overlay (missing: not known), insecure_hectares_low, _mid, _high (hectares x share
        without secure rights: an expectation, for nobody says whose land it is), rights ("secure", "insecure", "not_known"),
        flags (overlays that are flagged, joined by blanks).

    Raises
    ------
    DataError
        A column is missing, an overlay is unknown, a region has it twice, a value is not from 0 to 1 or not within low and high.

    Examples
    --------
    >>> plan = pd.DataFrame({"region_id": ["a", "b"], "hectares": [100.0, 50.0]})
    >>> known = pd.DataFrame({"region_id": ["a", "a"], "what": ["tenure_secure", "conflict"], "value": [0.3, 0.1]})
    >>> land_and_rights(plan, known)[["region_id", "insecure_hectares_mid", "rights", "flags"]].values.tolist()
    [['a', 70.0, 'insecure', 'tenure_secure conflict'], ['b', nan, 'not_known', '']]
    """
    if missing := [name for name in ("region_id", "hectares") if name not in hectares.columns]:
        raise DataError(f"the table of hectares lacks {', '.join(missing)}.")
    if hectares["region_id"].duplicated().any():
        twice = hectares.loc[hectares["region_id"].duplicated(), "region_id"].iloc[0]
        raise DataError(f"region {twice} stands twice in the table of hectares.")
    rows = _checked(rights)
    ids = hectares["region_id"]
    out = hectares[["region_id", "hectares"]].reset_index(drop=True)
    for what in OVERLAYS:
        out[what] = ids.map(rows[rows["what"] == what].set_index("region_id")["value"]).to_numpy(float)
    secure = rows[rows["what"] == "tenure_secure"].set_index("region_id")
    for end, column in (("low", "high"), ("mid", "value"), ("high", "low")):
        share = ids.map(secure[column]).to_numpy(float)
        out[f"insecure_hectares_{end}"] = out["hectares"].to_numpy(float) * (1 - share)
    out["rights"] = np.select(
        [out["tenure_secure"].isna(), out["tenure_secure"] < least], ["not_known", "insecure"], "secure"
    )
    flagged = {
        what: (out[what] < least if rule == "low" else out[what] > 0).to_numpy() for what, rule in OVERLAYS.items()
    }
    out["flags"] = [" ".join(what for what in OVERLAYS if flagged[what][n]) for n in range(len(out))]
    return out


def _checked(rights: pd.DataFrame | None) -> pd.DataFrame:
    if rights is None:
        return pd.DataFrame(columns=["region_id", "what", "value", "low", "high"]).astype(
            {"value": float, "low": float, "high": float}
        )
    if missing := [name for name in ("region_id", "what", "value") if name not in rights.columns]:
        raise DataError(f"the table of rights lacks {', '.join(missing)}.")
    if unknown := sorted(set(rights["what"]) - set(OVERLAYS)):
        raise DataError(f"rights: {', '.join(map(str, unknown))} is unknown. Known: {', '.join(OVERLAYS)}.")
    doubled = rights.duplicated(["region_id", "what"])
    if doubled.any():
        row = rights[doubled].iloc[0]
        raise DataError(f"rights: {row['what']} of {row['region_id']} stands twice. Keep one row.")
    rows = rights.reindex(columns=["region_id", "what", "value", "low", "high"])
    rows["low"], rows["high"] = (rows[end].astype(float).fillna(rows["value"]) for end in ("low", "high"))
    wrong = ~(
        (rows["low"] >= 0) & (rows["low"] <= rows["value"]) & (rows["value"] <= rows["high"]) & (rows["high"] <= 1)
    )
    if wrong.any():
        row = rows[wrong].iloc[0]
        raise DataError(
            f"rights: {row['what']} of {row['region_id']}: 0 <= low <= value <= high <= 1 was expected, found {row['low']}, "
            f"{row['value']}, {row['high']}."
        )
    return rows
