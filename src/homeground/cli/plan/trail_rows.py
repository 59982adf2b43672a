# SPDX-License-Identifier: Apache-2.0
"""Whose figure each number of a plan is: a paragraph for each measure and parameter, and the sources of each measure once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from homeground.cli.answer import digits, word
from homeground.language.figures import write_number
from homeground.language.layout import fill
from homeground.language.messages import phrase

if TYPE_CHECKING:
    import pandas as pd

SHARED = ["how", "from", "n", "quality", "low", "mid", "high"]
ALONE = ("country", "default", "own", "none")  # whose places say nothing more


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
    >>> for row in trail_rows(rates_trail(["SRB", "ALB"]).query("parameter == 'wage'"), "en"):
    ...     print(row)
      wage, USD/person-day: SRB 14.62 / 29.25 / 58.5 (of a neighbour of like
          drylands: BIH, records: 1, quality 3); ALB 14.62 / 29.25 / 58.5 (of the zone
          of like drylands: BIH, records: 1, quality 3)
      Sources: WOCAT SLM Technologies, record technologies_4126
    """
    said = []
    for measure, of in rates.groupby("measure", sort=False):
        if measure != "any":
            said.append(word("measure", str(measure), code))
        for (parameter, unit), rows in of.groupby(["parameter", "unit"], sort=False):
            told = "; ".join(_group(group, code) for _, group in rows.groupby(SHARED, sort=False, dropna=False))
            of_unit = "" if unit == "1" else f", {unit}"
            said.append(fill(f"{parameter}{of_unit}: {told}", 78, first="  ", rest=" " * 6))
        sources = dict.fromkeys(source for text in of["source"] if text for source in str(text).split("; "))
        if sources:
            listed = phrase("terminal.plan.sources", code, sources="; ".join(sources))
            said.append(fill(listed, 78, first="  ", rest=" " * 6))
    return said


def _group(group: pd.DataFrame, code: str) -> str:
    """The countries that share a figure, the figure, and whose it is."""
    row = group.iloc[0]
    where, how = ", ".join(group["iso3"]), str(row["how"])
    whose = word("terminal.how", how, code)
    if how == "none":
        return f"{where} {whose}"
    four = [float(f"{row[end]:.4g}") for end in ("low", "mid", "high")]
    ends = " / ".join(write_number(value, digits(value), code) for value in four)
    places = "" if how in ALONE else f": {row['from']}"
    told = phrase("terminal.plan.whose", code, how=f"{whose}{places}", records=int(row["n"]), n=int(row["quality"]))
    return f"{where} {ends} ({told})"
