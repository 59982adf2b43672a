# SPDX-License-Identifier: Apache-2.0
"""What each incentive buys: how much return migrants give up for it, and the public money that saves."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from homeground.errors import DataError, PlanError, Problems
from homeground.finance.structure.least_public import Structure, structure
from homeground.finance.structure.sources_of_money import Source

TABLE = Path(__file__).parent / "incentives.csv"
ENDS = ("points_low", "points", "points_high")
EXPERT = "expert default"
SURVEY = "survey"


@cache
def _shipped() -> pd.DataFrame:
    return pd.read_csv(TABLE).assign(basis=EXPERT)


def incentives(answers: pd.DataFrame | None = None) -> pd.DataFrame:
    """How much yearly return migrants give up for each incentive: from a survey where it was asked, else a stated range.

    Parameters
    ----------
    answers : DataFrame, optional
        What a survey model found: incentive, points_low, points, points_high (fractions a year: 0.01 is one point),
        source. Its rows take the place of the shipped ones; incentives of its own are added.

    Returns
    -------
    DataFrame
        incentive, kind (monetary or not), points_low, points, points_high, cost_low, cost, cost_high (public cost as a
        fraction of what is invested; NaN where none is known), source, quality, basis (survey or expert default), note.

    Raises
    ------
    DataError
        Columns are missing, ends are out of order, or points look like percent.

    Examples
    --------
    >>> told = pd.DataFrame({"incentive": ["title"], "points_low": [0.01], "points": [0.02], "points_high": [0.03],
    ...                      "source": ["own survey"]})
    >>> incentives(told).set_index("incentive").loc[["title", "visit"], "basis"].tolist()
    ['survey', 'expert default']
    """
    shipped = _shipped()
    if answers is None:
        return shipped.copy()
    problems = Problems("answers on incentives")
    if missing := [name for name in ("incentive", *ENDS, "source") if name not in answers.columns]:
        problems.add(f"columns {', '.join(missing)} are missing. Expected: incentive, {', '.join(ENDS)}, source.")
        problems.raise_if_any(DataError)
    for row in answers.to_dict("records"):
        low, middle, high = (float(row[name]) for name in ENDS)
        if not -1 <= low <= middle <= high <= 1:
            problems.add(f"{row['incentive']}: {low:g} to {middle:g} to {high:g}: fractions a year, low to high, were "
                         "expected. Write one point as 0.01.")  # fmt: skip
    problems.raise_if_any(DataError)
    known = shipped.set_index("incentive")[["kind", "cost_low", "cost", "cost_high", "note"]]
    own = answers[["incentive", *ENDS, "source"]].merge(known, left_on="incentive", right_index=True, how="left")
    own = own.assign(basis=SURVEY, quality=3, kind=own["kind"].fillna("not monetary"), note=own["note"].fillna(""))
    rest = shipped[~shipped["incentive"].isin(set(answers["incentive"]))]
    return pd.concat([own.reindex(columns=shipped.columns), rest], ignore_index=True)


def what_incentives_buy(
    plan: pd.DataFrame,
    sources: Sequence[Source],
    *,
    to: str,
    public_rate: float,
    dscr: float = 1.2,
    answers: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Public money that each incentive saves when investors ask for less return, less what the incentive costs.

    Parameters
    ----------
    plan : DataFrame
        year, cost, upkeep, income, currency, price_year; as for `structure`.
    sources : sequence of Source
        What there is, at most, and on which terms.
    to : str
        Name of the source whose investors get the incentive.
    public_rate : float
        Rate at which public money is counted, as a fraction a year.
    dscr : float
        Cover that lenders ask for.
    answers : DataFrame, optional
        As for `incentives`.

    Returns
    -------
    DataFrame
        incentive, kind, hurdle (with the incentive, middle), saves_low, saves, saves_high (public money), costs (middle;
        NaN where not known: it is not nothing), net (saves less costs; NaN where costs are not known), basis, source.

    Raises
    ------
    DataError
        No such source, or the plan or a source is not what is needed.
    PlanError
        No mix pays the plan without incentives.

    Notes
    -----
    Each is looked at alone: two together save less than the sum. The hurdle falls by the points, not below 0. Most that
    the source gives is left as it is: if an incentive brings more investors it saves more, which only a survey can tell.

    Examples
    --------
    >>> plan = pd.DataFrame({"year": [0, 1], "cost": [100.0, 0.0], "upkeep": 0.0, "income": [0.0, 52.5]})
    >>> plan = plan.assign(currency="USD", price_year=2023)
    >>> sources = [Source("grant", "grant", 100.0), Source("bond", "household", 90.0, hurdle=0.05, until=1)]
    >>> told = pd.DataFrame({"incentive": ["title"], "points_low": [0.0], "points": [0.05], "points_high": [0.05],
    ...                      "source": ["own survey"]})
    >>> bought = what_incentives_buy(plan, sources, to="bond", public_rate=0.05, dscr=1.0, answers=told)
    >>> bought.loc[bought.incentive == "title", ["saves_low", "saves"]].round(6).values.tolist()
    [[0.0, 2.5]]
    """
    names = [one.name for one in sources]
    if to not in names:
        raise DataError(f"{to} is no source. Sources: {', '.join(names)}.")
    place, table = names.index(to), incentives(answers)
    before = structure(plan, sources, public_rate=public_rate, dscr=dscr, shadow=False)
    rows: list[dict[str, Any]] = []
    for row in table.to_dict("records"):
        found: dict[str, float] = {}
        raised = 0.0
        for end, said in zip(ENDS, ("saves_low", "saves", "saves_high"), strict=True):
            hurdle = max(sources[place].hurdle - float(row[end]), 0.0)
            eased = [one._replace(hurdle=hurdle) if one.name == to else one for one in sources]
            now = _solved(plan, eased, public_rate, dscr)
            found[said] = math.nan if now is None else before.public_money.amount - now.public_money.amount
            if end == "points" and now is not None:
                found["hurdle"] = hurdle
                raised = float(now.mix.loc[now.mix["source"] == to, "drawn"].iloc[0])
        costs = float(row["cost"]) * raised
        kept = {str(name): row[name] for name in ("incentive", "kind", "basis", "source")}
        rows.append(kept | found | {"costs": costs, "net": found["saves"] - costs})
    columns = ["incentive", "kind", "hurdle", "saves_low", "saves", "saves_high", "costs", "net", "basis", "source"]
    return pd.DataFrame(rows, columns=columns)


def _solved(plan: pd.DataFrame, sources: Sequence[Source], public_rate: float, dscr: float) -> Structure | None:
    # A survey may say that investors ask for more with an "incentive" than without: then there may be no mix.
    try:
        return structure(plan, sources, public_rate=public_rate, dscr=dscr, shadow=False)
    except PlanError:
        return None
