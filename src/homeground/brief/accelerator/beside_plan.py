# SPDX-License-Identifier: Apache-2.0
"""A study with a registry: what was promised, paid and achieved in its countries, beside its plan."""

from __future__ import annotations

from typing import Any

import pandas as pd

from homeground.accelerator.ladder.finance_ladder import finance_ladder
from homeground.accelerator.registry.given import read_tables
from homeground.accelerator.results.aggregate import aggregate
from homeground.accelerator.results.money.unit_cost import cost_per_hectare
from homeground.accelerator.results.planned import (
    LAND,
    cost_against_options,
    planned_against_reported,
    reported_by_practice,
)
from homeground.errors import DataError
from homeground.language.messages import Saying
from homeground.numbers.money import from_minor
from homeground.running.steps import Work
from homeground.running.tables import MEASURE_RATES, PLAN, REGISTRY_COSTS, REGISTRY_LADDER, REGISTRY_LAND
from homeground.study.model import Study

MONEY = (
    "iso3",
    "money_step",
    "instrument",
    "currency",
    "amount",
    "suspended",
    "cancelled",
    "confirmed",
    "rows",
    "first_year",
    "last_year",
)


def registry_of(study: Study) -> dict[str, pd.DataFrame] | None:
    """Tables of the registry that a study names; None where it names none."""
    path = study.input("registry")
    if path is None:
        return None
    if not path.exists():
        raise DataError(
            f"data.registry: {path.name} is not there. Name a folder of spreadsheets, a workbook or a registry."
        )
    return read_tables([path])


def beside_plan(work: Work) -> None:
    """Money by country and step, hectares planned beside reported, and cost per hectare beside the options."""
    tables = registry_of(work.study)
    if tables is None:
        for name in (REGISTRY_LADDER, REGISTRY_LAND, REGISTRY_COSTS):
            pd.DataFrame().to_parquet(work.out / name)
        return
    countries = set(work.study.countries)
    money = ladder_rows(tables)
    elsewhere = ~money["iso3"].isin(countries) & (money["iso3"] != "")
    money[~elsewhere].to_parquet(work.out / REGISTRY_LADDER)
    if elsewhere.any():
        work.warn(Saying("warning.registry_elsewhere", {"n": int(money.loc[elsewhere, "iso3"].nunique())}))
    land, costs = _land_and_costs(work, tables, countries)
    land.to_parquet(work.out / REGISTRY_LAND)
    costs.to_parquet(work.out / REGISTRY_COSTS)


def ladder_rows(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Money by country, step, instrument and currency, in whole units; kinds of money are never added up."""
    cells = finance_ladder(tables, by=["iso3", "instrument"]).cells
    keys = ["iso3", "instrument", "step", "currency"]
    by_year = finance_ladder(tables, by=["iso3", "instrument", "year"]).cells
    years = (
        by_year.groupby(keys, dropna=False, observed=True)["year"].agg(first_year="min", last_year="max").reset_index()
    )
    cells = cells.merge(years, on=keys, how="left")
    rows = [
        {
            "iso3": str(row["iso3"]) if isinstance(row["iso3"], str) else "",
            "money_step": str(row["step"]),
            "instrument": str(row["instrument"]) if isinstance(row["instrument"], str) else "",
            "currency": str(row["currency"]),
            **{
                name: float(from_minor(int(row[f"{name}_minor"]), str(row["currency"])))
                for name in ("amount", "suspended", "cancelled")
            },
            "confirmed": float(
                from_minor(int(row["by_donor_minor"]) + int(row["by_country_minor"]), str(row["currency"]))
            ),
            "rows": int(row["rows"]),
            "first_year": row["first_year"],
            "last_year": row["last_year"],
        }
        for row in cells.to_dict("records")
    ]
    return pd.DataFrame(rows, columns=list(MONEY)).astype(
        {"rows": "int64", "first_year": "Int64", "last_year": "Int64"}
    )


def _land_and_costs(
    work: Work, tables: dict[str, pd.DataFrame], countries: set[str]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    shared: dict[str, Any] = {name: tables[name] for name in ("places", "project_countries", "project_links")}
    found = aggregate(tables["actuals"], tables["indicators"], by=("iso3", "place"), **shared)
    reported = reported_by_practice(found, tables["places"])
    planned = pd.read_parquet(work.results / PLAN)
    if planned.empty:
        planned = pd.DataFrame({"iso3": [], "measure": [], "hectares": []})
    land = planned_against_reported(planned, reported[reported["iso3"].isin(countries)])
    days = pd.to_datetime(pd.concat([found["start"], found["end"]])).dt.year
    told = land["reported_ha"].notna()
    for name, year in (("first_year", days.min()), ("last_year", days.max())):
        land[name] = pd.Series(year, index=land.index, dtype="Int64").where(told)
    by_project = aggregate(tables["actuals"], tables["indicators"], by=("project",), **shared)
    options = _over_countries(pd.read_parquet(work.results / MEASURE_RATES))
    costs = []
    for quantity in LAND:
        own = by_project[
            (by_project["quantity"] == quantity) & (by_project["unit"] == "ha") & (by_project["project"] != "")
        ]
        if own["value"].notna().any():
            of = cost_per_hectare(
                own, tables["transactions"], projects=tables["projects"], exchange_rates=tables["exchange_rates"]
            )
            costs.append(cost_against_options(of.projects, tables["places"], options).assign(quantity=quantity))
    columns = ["project", "quantity", "practice", "usd_per_ha", "low", "mid", "high", "price_year", "verdict", "said"]
    return land, pd.concat(costs)[columns] if costs else pd.DataFrame({name: [] for name in columns})


def _over_countries(rates: pd.DataFrame) -> pd.DataFrame:
    """What a hectare costs by measure: least, median and most of the study's countries."""
    of = rates[(rates["parameter"] == "establishment_cost") & rates["mid"].notna()]
    found = of.groupby("measure", as_index=False).agg(
        low=("low", "min"),
        mid=("mid", "median"),
        high=("high", "max"),
        unit=("unit", "first"),
        price_year=("price_year", lambda years: ", ".join(sorted({str(year) for year in years}))),
    )
    return found.assign(parameter="establishment_cost")
