# SPDX-License-Identifier: Apache-2.0
"""The chains and the equipment that ship, each number with its source; what nobody published is absent, with the reason."""

from __future__ import annotations

import math
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from homeground.finance.value_chain.balance import ValueChain, loss_left_to, shares_implied, value_chain
from homeground.finance.value_chain.business import yearly_need
from homeground.numbers.table import read_rows

HERE = Path(__file__).parent
ENDS = ("low", "mid", "high")
UNITS = {
    "loss": "1", "price": "USD/t", "cost": "USD/t", "energy_kwh": "kWh/t", "water_m3": "m3/t", "person_days": "person-days/t",
    "person_days_women": "person-days/t", "person_days_youth": "person-days/t", "yield": "1", "loss_to_total": "1",
    "share_of_final_price": "1", "share_of_chain_cost": "1", "share_of_chain_margin": "1",
}  # fmt: skip
OF_STAGES = (
    "loss",
    "price",
    "cost",
    "energy_kwh",
    "water_m3",
    "person_days",
    "person_days_women",
    "person_days_youth",
    "yield",
)
AGAINST = ("loss", "cost", "energy_kwh", "water_m3")  # high ones go with a low margin
WHOLE = "whole chain"
Given = dict[tuple[str, str], dict[str, Any]]  # rows by stage and parameter
ITEMS = {
    "remaining": "1", "price": "USD/t", "value": "USD", "cost": "USD", "margin": "USD", "share_of_final_price": "1",
    "energy_kwh": "kWh", "water_m3": "m3", "person_days": "person-days", "person_days_women": "person-days",
    "person_days_youth": "person-days",
}  # fmt: skip
LACKING = ("capacity", "price", "energy", "person_days")  # of equipment, not published
NOT_PUBLISHED = "no published figure was found"
DERIVED = "worked out"


@cache
def _rows(name: str) -> pd.DataFrame:
    table = pd.DataFrame(read_rows(HERE / f"{name}.csv"))
    table[list(ENDS)] = table[list(ENDS)].astype(float)
    table["quality"] = table["quality"].astype(int)
    return table.assign(order=table["order"].astype(int)) if "order" in table else table


def chain_rows() -> pd.DataFrame:
    """Published numbers of the chains that ship, one a row.

    Returns
    -------
    DataFrame
        chain, iso3, order, stage, parameter, low, mid, high, unit, year, source, licence, quality (1 best), kind, note.

    Examples
    --------
    >>> sorted(set(chain_rows()["chain"]))
    ['coffee', 'millet']
    """
    return _rows("chains").copy()


def equipment_rows() -> pd.DataFrame:
    """Published numbers of dryers and stores, the price of electricity, and the default life.

    Returns
    -------
    DataFrame
        equipment, iso3, parameter, low, mid, high, unit, year, source, licence, quality (1 best), kind, note.

    Examples
    --------
    >>> rows = equipment_rows()
    >>> rows.loc[rows["equipment"] == "gas dryer", "mid"].tolist()
    [3376.0]
    """
    return _rows("equipment").copy()


def chain_table(rows: pd.DataFrame) -> pd.DataFrame:
    """A chain worked out of its published numbers, item by item, with what is absent and why.

    Parameters
    ----------
    rows : DataFrame
        Of one chain: order, stage, parameter, low, mid, high, unit, source, quality, kind, as `chain_rows` has them.

    Returns
    -------
    DataFrame
        order, stage (the last is "whole chain"), item, low, mid, high, unit, kind, quality (missing where worked out of
        several), source, licence, absent: the reason where there is no number. Of one tonne that enters the first stage.

    Raises
    ------
    DataError
        A stage has no loss, or as `value_chain`.

    Notes
    -----
    Losses are chained. Low margins go with low prices, high costs and high losses, high ones with the reverse: ends are an
    envelope. A price at the end that nobody published is the farm price over the published share; cost and margin of the
    chain follow from the grower's published shares, see `shares_implied`. Both are marked as worked out.

    Examples
    --------
    >>> rows = chain_rows()
    >>> table = chain_table(rows[rows["chain"] == "millet"]).set_index(["stage", "item"])
    >>> float(table.loc[("whole chain", "remaining"), "mid"].round(4))
    0.896
    """
    stages = rows.sort_values("order").drop_duplicates("stage")
    names = [str(stage) for stage in stages["stage"]]
    order = [int(one) for one in stages["order"]]
    given: Given = {
        (str(row["stage"]), str(row["parameter"])): {str(key): one for key, one in row.items()}
        for row in rows.to_dict(orient="records")
    }
    found = [value_chain(_corner(names, given, end)) for end in ENDS]
    out = []
    for n, stage in enumerate(names):
        for item, unit in ITEMS.items():
            if item.startswith("person_days_") and (stage, item) not in given:
                continue
            values = [float(one.stages[item].iloc[n]) if item in one.stages else math.nan for one in found]
            row = given.get((stage, {"remaining": "loss"}.get(item, item)))
            out.append(_row(order[n], stage, item, values, unit, row))
    return pd.DataFrame([*out, *_whole(names[0], order[-1] + 1, given, found)])


def _corner(names: list[str], given: Given, end: str) -> pd.DataFrame:
    """All numbers of the stages at the end that goes with a low, middle or high margin."""
    other = {"low": "high", "mid": "mid", "high": "low"}[end]
    table = pd.DataFrame({"stage": names})
    for parameter in OF_STAGES:
        at = other if parameter in AGAINST else end
        table[parameter] = [
            float(given[one, parameter][at]) if (one, parameter) in given else math.nan for one in names
        ]
    for n, stage in enumerate(names):
        if total := given.get((stage, "loss_to_total")):
            table.loc[n, "loss"] = loss_left_to(float(total[other]), table["loss"].drop(index=n))
    return table


def _row(
    order: int,
    stage: str,
    item: str,
    values: list[float],
    unit: str,
    row: dict[str, Any] | None,
    kind: str = "modelled",
) -> dict[str, Any]:
    """One item with its ends; ``row`` is the published number that it is, or rests on alone."""
    known = not any(math.isnan(value) for value in values)
    own = known and row is not None
    return {
        "order": order,
        "stage": stage,
        "item": item,
        **dict(zip(ENDS, (min(values), values[1], max(values)) if known else [math.nan] * 3, strict=True)),
        "unit": unit,
        "kind": "" if not known else str(row["kind"]) if row is not None and item in row["parameter"] else kind,
        "quality": int(row["quality"]) if own and row is not None else None,
        "source": "" if not known else str(row["source"]) if row is not None else DERIVED,
        "licence": "" if not known else _licence(row),
        "absent": "" if known else NOT_PUBLISHED,
    }


def _licence(row: dict[str, Any] | None) -> str:
    """Of a published number its own; of one that is worked out here, that of homeground; of a study's own, the study's."""
    if row is None:
        return "Apache-2.0"
    told = row.get("licence")
    return told if isinstance(told, str) and told else "given by the study"


def _whole(farm: str, order: int, given: Given, found: list[ValueChain]) -> list[dict[str, Any]]:
    """The chain as a whole: what remains, the grower's shares, the price at the end, and what cost and margin follow."""
    nothing = [math.nan] * 3

    def of(parameter: str) -> list[float]:
        row = given.get((farm, parameter))
        return nothing if row is None else [float(row[end]) for end in ENDS]

    price, share = of("price"), of("share_of_final_price")
    own = found[1].farm_gate_share  # where the price at the end is given
    cost, margin = of("share_of_chain_cost"), of("share_of_chain_margin")
    implied = nothing
    if not any(math.isnan(one) for one in (*share, cost[1], margin[1])):
        implied = [shares_implied(one, cost[1], margin[1])[0] for one in share]
    gate = share if math.isnan(own) else [one.farm_gate_share for one in found]
    sides = given.get((farm, "share_of_final_price")) if math.isnan(own) else None
    return [
        _row(order, WHOLE, "remaining", [1 - one.loss for one in found], "1", None),
        _row(order, WHOLE, "farm_gate_share", gate, "1", sides, "modelled" if sides is None else str(sides["kind"])),
        _row(
            order, WHOLE, "final_price", [price[0] / share[2], price[1] / share[1], price[2] / share[0]], "USD/t", None
        ),
        _row(order, WHOLE, "share_of_chain_cost", cost, "1", given.get((farm, "share_of_chain_cost"))),
        _row(order, WHOLE, "share_of_chain_margin", margin, "1", given.get((farm, "share_of_chain_margin"))),
        _row(order, WHOLE, "chain_cost_over_price", implied, "1", None),
    ]


def equipment_table(rate: float) -> pd.DataFrame:
    """What each piece of equipment that ships must earn a year to pay, and what its case lacks.

    Parameters
    ----------
    rate : float
        Discount rate, a fraction a year.

    Returns
    -------
    DataFrame
        equipment, iso3, capital, upkeep (missing: not published), needed_low, needed_mid, needed_high (USD a year, over
        the default life of 15, 10 and 5 years), source, licence, kind, quality (5: the life is an
        expert default), absent.

    Notes
    -----
    `yearly_need`. Capacity, price, energy and work of these are not published: a case with them is `business_case`, with numbers
    of the place. Upkeep that is not published is left out of the need, which is then too low.

    Examples
    --------
    >>> table = equipment_table(0.0).set_index("equipment")
    >>> table.loc["grain store", ["needed_low", "needed_mid"]].astype(float).round(2).tolist()
    [42.4, 46.1]
    """
    rows = _rows("equipment").to_dict(orient="records")
    numbers = {(row["equipment"], row["parameter"]): row for row in rows}
    life = numbers["any", "life"]
    out: list[dict[str, Any]] = []
    for row in (one for one in rows if one["parameter"] == "capital"):
        upkeep = numbers.get((row["equipment"], "upkeep"))
        paid = 0.0 if upkeep is None else float(upkeep["mid"])
        needed = [yearly_need(float(row["mid"]), int(life[end]), rate, upkeep=paid) for end in ("high", "mid", "low")]
        out.append(
            {
                "equipment": row["equipment"],
                "iso3": row["iso3"],
                "capital": float(row["mid"]),
                "upkeep": math.nan if upkeep is None else paid,
                **{f"needed_{end}": value for end, value in zip(ENDS, needed, strict=True)},
                "source": row["source"],
                "licence": row["licence"],
                "kind": "modelled",
                "quality": int(life["quality"]),
                "absent": ", ".join([*LACKING, *(["upkeep"] if upkeep is None else [])]),
            }
        )
    mill = dict.fromkeys(("capital", "upkeep", *(f"needed_{end}" for end in ENDS)), math.nan)
    lacking = ", ".join(("capital", "upkeep", *LACKING))
    unknown = dict.fromkeys(("source", "licence", "kind"), "")
    out.append({"equipment": "mill", "iso3": "", **mill, **unknown, "quality": int(life["quality"]), "absent": lacking})
    return pd.DataFrame(out)
