# SPDX-License-Identifier: Apache-2.0
"""A published return of restoration beside ours, line by line: what each counts, costs and leaves out."""

from __future__ import annotations

from typing import Any

import pandas as pd

ENDS = ("_low", "", "_high")
SOURCE = "Mirzabaev et al. 2022, Nature Sustainability 5:17-25, doi 10.1038/s41893-021-00801-8"
# As published: 44 thousand million USD (18 to 70) for 27.9 Mha, 14.1 Mha of them where no violent conflict bars access;
# pays back within 10 years at most. 44e9 / 27.9e6 = 1577 USD/ha.
PUBLISHED = {
    "return": (1.1, 1.2, 4.4, "USD/USD"),
    "cost_per_ha": (18e9 / 27.9e6, 44e9 / 27.9e6, 70e9 / 27.9e6, "USD/ha"),
    "horizon": (None, None, None, "years"),
    "rate": (None, None, None, "%"),
    "payback": (None, 10.0, None, "years"),
    "non_market": (None, 1.0, None, "1"),
    "conflict": (14.1e6, 27.9e6, 27.9e6, "ha"),
}


def against_published(flows: pd.DataFrame, appraisal: pd.DataFrame, *, rate: float, horizon: int) -> pd.DataFrame:
    """A published return of the Great Green Wall beside that of the plan, and the lines in which the two differ.

    Parameters
    ----------
    flows : DataFrame
        From `homeground.finance.cash_flow`.
    appraisal : DataFrame
        From `homeground.finance.appraise`; bcr_p05 and bcr_p95 of `draw_returns` are taken as ends where they are there.
    rate : float
        The study's, a fraction a year.
    horizon : int
        The study's, in years.

    Returns
    -------
    DataFrame, one row a line
        line and why (return; cost_per_ha; horizon; rate; payback; non_market, which our first table leaves out, as 0 or 1
        counted; conflict, land that is left where it bars access), published and ours with _low and _high (NaN: none is
        published, or none can be had), unit, source, licence, kind of the published figure.

    Notes
    -----
    Ours: benefits over costs at market prices; cost to establish a hectare, not discounted; hectares of the plan, of which
    none drops out for conflict.

    Examples
    --------
    >>> from homeground.finance import appraise, cash_flow, read_values
    >>> from homeground.measures import options
    >>> one = pd.DataFrame({"iso3": ["BFA"], "measure": ["zai"], "year": [2024], "hectares": [10.0]})
    >>> flows = cash_flow(one, options(), read_values(), horizon=20, first_year=2024)
    >>> table = against_published(flows, appraise(flows, read_values()), rate=0.06, horizon=20).set_index("line")
    >>> table.loc["cost_per_ha", ["published", "ours"]].round().tolist()
    [1577.0, 317.0]
    """
    chosen = (appraisal["scope"] == "plan") & (appraisal["view"] == "financial") & (appraisal["rate"] == rate)
    row: Any = appraisal[chosen].iloc[0]
    drawn = "bcr_p05" in appraisal
    hectares = float(flows["hectares"].sum())
    per_ha = [float(flows[f"establishment_usd{end}"].sum()) / hectares for end in ENDS]
    ours = {
        "return": (row["bcr_p05" if drawn else "bcr_low"], row["bcr"], row["bcr_p95" if drawn else "bcr_high"]),
        "cost_per_ha": per_ha,
        "horizon": (None, horizon, None),
        "rate": (None, 100 * rate, None),
        "payback": (None, row["payback_years"], None),
        "non_market": (None, 0.0, None),
        "conflict": (None, hectares, None),
    }
    rows = [
        {"line": line, **dict(zip((f"published{end}" for end in ENDS), published[:3], strict=True))}
        | {**dict(zip((f"ours{end}" for end in ENDS), ours[line], strict=True)), "unit": published[3]}
        | {"why": line, "source": SOURCE, "licence": "fact, cited to its source", "kind": "published"}
        for line, published in PUBLISHED.items()
    ]
    table = pd.DataFrame(rows)
    numbers = [f"{what}{end}" for what in ("published", "ours") for end in ENDS]
    table[numbers] = table[numbers].astype("float64")
    return table
