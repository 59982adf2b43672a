# SPDX-License-Identifier: Apache-2.0
"""All that results say in one go: what counts, what it sums to, how far it is on the way, what it cost, what it shows."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from homeground.accelerator.issues import Issue, as_table
from homeground.accelerator.results.aggregate import aggregate, indicator_issues
from homeground.accelerator.results.claims import claims
from homeground.accelerator.results.goals import against_goals, beside_published, with_observatory
from homeground.accelerator.results.money.technical import technical_support
from homeground.accelerator.results.money.unit_cost import UnitCosts, cost_per_hectare
from homeground.accelerator.results.planned import LAND
from homeground.accelerator.results.review import review_issues
from homeground.accelerator.results.targets import against_targets


@dataclass(frozen=True)
class Results:
    """What results say.

    Attributes
    ----------
    results, by_country, by_project : DataFrame
        Of `homeground.accelerator.results.aggregate.aggregate`.
    goals, published, targets, claims, support : DataFrame
        Of `against_goals`, `beside_published`, `against_targets`, `claims` and `technical_support`.
    costs : dict of str to UnitCosts
        Disbursed money per hectare, by kind of land that any project tells of.
    issues : DataFrame
        Of `homeground.accelerator.issues.as_table`: what does not count, and why.
    told, counted : int
        Actuals in all, and those that are approved by another role.
    """

    results: pd.DataFrame
    by_country: pd.DataFrame
    by_project: pd.DataFrame
    goals: pd.DataFrame
    published: pd.DataFrame
    targets: pd.DataFrame
    claims: pd.DataFrame
    support: pd.DataFrame
    costs: dict[str, UnitCosts]
    issues: pd.DataFrame
    told: int
    counted: int


def results_of(
    tables: Mapping[str, pd.DataFrame],
    *,
    start: datetime.date | None = None,
    end: datetime.date | None = None,
    comparison: pd.DataFrame | None = None,
) -> Results:
    """What results say, of tables as declared in the registry.

    Parameters
    ----------
    tables : mapping of DataFrame
        Indicators of the Observatory's template are known without being among them.
    start, end : date, optional
        The days that are asked for.
    comparison : DataFrame, optional
        Of places against like places outside, as `claims` takes it.

    Returns
    -------
    Results

    Raises
    ------
    DataError
        An actual of an indicator that is not declared.

    Examples
    --------
    >>> from homeground.accelerator.registry.given import empty_tables
    >>> of_none = results_of(empty_tables())
    >>> of_none.told, len(of_none.published) > 0
    (0, True)
    """
    tables = with_observatory(tables)
    shared = {"places": tables["places"], "project_countries": tables["project_countries"],
              "project_links": tables["project_links"]}  # fmt: skip
    by: dict[str, pd.DataFrame] = {}
    for name, columns in {"": (), "iso3": ("iso3",), "project": ("project",)}.items():
        by[name] = aggregate(tables["actuals"], tables["indicators"], by=columns, start=start, end=end, **shared)
    issues: list[Issue] = [
        *indicator_issues(tables["indicators"]),
        *review_issues(tables["actuals"], "actual", "actuals"),
        *review_issues(tables["support"], "support", "support"),
    ]
    held = by["project"]
    costs = {
        quantity: cost_per_hectare(
            held[(held["quantity"] == quantity) & (held["unit"] == "ha") & (held["project"] != "")],
            tables["transactions"],
            projects=tables["projects"],
            exchange_rates=tables["exchange_rates"],
        )
        for quantity in LAND
        if ((held["quantity"] == quantity) & held["value"].notna()).any()
    }
    not_counted = sum(issue.file == "actuals" for issue in issues)
    return Results(
        by[""], by["iso3"], held, against_goals(by[""]), beside_published(by["iso3"], by[""]),
        against_targets(tables["targets"], tables["actuals"], tables["indicators"], **shared),
        claims(by[""], comparison), technical_support(tables["support"], tables["support_rates"]), costs, as_table(issues),
        len(tables["actuals"]), len(tables["actuals"]) - not_counted,
    )  # fmt: skip
