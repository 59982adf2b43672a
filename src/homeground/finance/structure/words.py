# SPDX-License-Identifier: Apache-2.0
"""What limits of a structure cost, in sentences."""

from __future__ import annotations

from homeground.finance.structure.least_public import Structure
from homeground.language.figures import write_number
from homeground.language.messages import phrase


def limits_in_words(found: Structure, code: str = "en") -> list[str]:
    """One sentence for each limit: what a little more room saves of public money.

    Parameters
    ----------
    found : Structure
    code : str
        en, fr or zh.

    Returns
    -------
    list of str

    Examples
    --------
    >>> import pandas as pd
    >>> from homeground.finance.structure.sources_of_money import Source
    >>> from homeground.finance.structure.least_public import structure
    >>> plan = pd.DataFrame({"year": [0, 1], "cost": [100.0, 0.0], "upkeep": 0.0, "income": [0.0, 200.0]})
    >>> bond = Source("bond", "household", 30.0, hurdle=0.05, until=1)
    >>> plan = plan.assign(currency="USD", price_year=2023)
    >>> found = structure(plan, [Source("grant", "grant", 100.0), bond], public_rate=0.05, dscr=0)
    >>> print(limits_in_words(found)[0])
    One USD more from bond would save 1.00 USD of public money.
    """
    currency, said = found.public_money.currency, []
    for row in found.limits.to_dict("records"):
        if row["saves"] == 0:
            said.append(phrase(f"finance.structure.{row['limit']}_free", code, source=str(row["source"])))
            continue
        decimals = 2 if row["limit"] == "most" else 0
        words = {
            "source": str(row["source"]),
            "currency": currency,
            "saves": write_number(row["saves"], decimals, code),
        }
        if row["limit"] == "hurdle":
            words["step"] = write_number(100 * row["step"], 1, code)
        elif row["limit"] != "most":
            words["step"] = write_number(row["step"], 1, code)
        said.append(phrase(f"finance.structure.{row['limit']}", code, **words))
    return said
