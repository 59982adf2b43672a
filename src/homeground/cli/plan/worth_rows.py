# SPDX-License-Identifier: Apache-2.0
"""From what a plan returns back to the rows of prices, yields and costs that weigh most on it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from homeground.cli.answer import digits, word
from homeground.cli.answers import share as share_of
from homeground.finance.flows.split import split_by_cover
from homeground.finance.steps.given import values_of
from homeground.finance.weights import what_weighs
from homeground.language.figures import write_number
from homeground.language.layout import fill
from homeground.language.messages import phrase
from homeground.measures.given import options_of, trail_of
from homeground.measures.rates.records import UNVERIFIED
from homeground.numbers.fact import Amount
from homeground.running.tables import PLAN, PLAN_SCHEDULE

if TYPE_CHECKING:
    from homeground.study.model import Study

MOST = 6  # rows of costs, and of benefits


def rows_of_worth(study: Study, results: Path) -> list[str]:
    """What weighs most on the benefit per dollar, a paragraph each; nothing where nothing is planned."""
    code = study.language
    plan = pd.read_parquet(results / PLAN) if (results / PLAN).is_file() else pd.DataFrame()
    if plan.empty:
        return []
    schedule = pd.read_parquet(results / PLAN_SCHEDULE)
    values, rates = values_of(study), trail_of(study)
    # Of the countries where the plan has the measure.
    planned = pd.MultiIndex.from_frame(plan[["iso3", "measure"]].drop_duplicates())
    rates = rates[pd.MultiIndex.from_frame(rates[["iso3", "measure"]]).isin(planned)]
    found = what_weighs(
        split_by_cover(schedule, plan),
        options_of(study),
        values,
        horizon=study.finance.horizon,
        first_year=int(schedule["year"].min()),
        rate=study.finance.discount_rate,
    )
    said = [fill(phrase("terminal.weighs.title", code, rate=share_of(100 * study.finance.discount_rate)))]
    for side in ("cost", "benefit"):
        of_side = found[found["side"] == side].head(MOST).to_dict("records")
        if of_side:
            said.append(phrase(f"terminal.weighs.{side}", code))
        for one in of_side:
            row = {str(key): value for key, value in one.items()}
            source = _source(row, values, rates)
            name = word("measure" if row["table"] == "options" else "place", str(row["name"]), code)
            ends = " / ".join(
                write_number(v, digits(v), code) for v in (float(source[e]) for e in ("low", "mid", "high"))
            )
            share = Amount(100 * row["share"], "%")
            told = phrase(
                "terminal.weighs.row", code, share=share, parameter=str(row["parameter"]), name=name,
                ends=ends, unit="" if source["unit"] == "1" else str(source["unit"]), quality=int(source["quality"]), source=str(source["source"]),
            )  # fmt: skip
            said.append(fill(told, 78, first="  - ", rest="    "))
    return said


def _source(row: dict[str, Any], values: pd.DataFrame, rates: pd.DataFrame) -> dict[str, Any]:
    """The row of the table that is meant; of options by place the figure of most countries, with all sources."""
    if row["table"] == "values":
        of = values[(values["parameter"] == row["parameter"]) & (values["place"] == row["name"])]
        first: dict[str, Any] = of.iloc[0].to_dict()
        return first | {"quality": UNVERIFIED if pd.isna(first.get("quality")) else first["quality"]}
    of = rates[(rates["parameter"] == row["parameter"]) & (rates["measure"] == row["name"]) & rates["mid"].notna()]
    said: dict[str, Any] = of.iloc[0].to_dict()
    sources = dict.fromkeys(source for text in of["source"] for source in str(text).split("; "))
    ends = {"low": of["low"].min(), "mid": of["mid"].median(), "high": of["high"].max()}
    return said | ends | {"quality": of["quality"].max(), "source": "; ".join(sources)}
