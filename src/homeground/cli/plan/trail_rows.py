# SPDX-License-Identifier: Apache-2.0
"""Whose figure each number of a plan is, a line for the countries that share it and its sources under it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from homeground.cli.answer import digits, word
from homeground.language.figures import write_number
from homeground.language.layout import fill
from homeground.language.messages import phrase

if TYPE_CHECKING:
    import pandas as pd

SHARED = ["measure", "parameter", "unit", "how", "from", "n", "quality", "source", "note", "low", "mid", "high"]


def trail_rows(rates: pd.DataFrame, code: str) -> list[str]:
    """The trail as the terminal shows it.

    Parameters
    ----------
    rates : DataFrame
        As of `homeground.measures.rates_trail`.
    code : str
        Language.

    Returns
    -------
    list of str
        A paragraph each.

    Examples
    --------
    >>> from homeground.measures import rates_trail
    >>> rows = trail_rows(rates_trail(["SRB"]).query("parameter == 'wage'"), "en")
    >>> print(rows[0])
      any wage (SRB): 14.6 / 29.3 / 58.5 USD/person-day
          quality 3, of a neighbour of like drylands (BIH), records: 1: WOCAT SLM
          Technologies, record technologies_4126. one value: half to double
    """
    said = []
    for _, group in rates.groupby(SHARED, sort=False, dropna=False):
        row: dict[Any, Any] = group.iloc[0].to_dict()
        where = ", ".join(group["iso3"])
        name = f"  {row['measure']} {row['parameter']} ({where}):"
        if row["how"] == "none":
            said.append(fill(f"{name} {phrase('terminal.how.none', code)}", 78, rest=" " * 6))
            continue
        ends = " / ".join(write_number(row[end], digits(row[end]), code) for end in ("low", "mid", "high"))
        said.append(fill(f"{name} {ends} {row['unit']}", 78, rest=" " * 6))
        told = phrase(
            "terminal.plan.whose", code, n=int(row["quality"]), how=word("terminal.how", str(row["how"]), code),
            places=str(row["from"]), records=int(row["n"]), source=str(row["source"]),
        )  # fmt: skip
        note = f" {row['note']}" if row["note"] else ""
        said[-1] += "\n" + fill(told + note, 78, first=" " * 6, rest=" " * 6)
    return said
