# SPDX-License-Identifier: Apache-2.0
"""What ``[plan]`` of a study may say: the budget, the rules, and what the plan has most of."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, field_validator, model_validator

from homeground.numbers.money import parse_amount
from homeground.study.sections import Section, Share, Year, in_order


class Budget(Section):
    """Money for measures: amount with currency, price year, and whether it is per year or the total."""

    amount: str = Field(description='number and currency, such as "4.3e9 USD"')
    price_year: Year | Literal["as published"] = Field(description="year of the prices")
    per: Literal["year", "total"] = Field("year", description="whether amount is for each year or for all years")
    years: tuple[Year, Year] = Field(description="first and last year of spending")
    source: str | None = Field(None, description="who named this budget; empty: illustrative")

    @field_validator("amount")
    @classmethod
    def _amount_has_currency(cls, value: str) -> str:
        if "," in value:
            raise ValueError(f'found "{value}"; write it without commas: "{value.replace(",", "")}".')
        if value.strip().startswith("-"):
            raise ValueError(f'found "{value}"; a budget is money to spend: write it without a minus.')
        parse_amount(value)
        return value

    @field_validator("years")
    @classmethod
    def _yearsin_order(cls, value: tuple[int, int]) -> tuple[int, int]:
        return in_order(value)


class FurtherRule(Section):
    """A floor, a cap or a share over any column of the land or of the measures."""

    kind: Literal["floor", "cap", "share"] = Field(
        description="at least, at most, or a group's least share of the work"
    )
    of: Literal["money", "hectares", "person_days"] = Field("money", description="what is summed")
    amount: Annotated[float, Field(ge=0)] | None = Field(
        None, description="in the budget's currency, hectares or person-days"
    )
    part: Share | None = Field(
        None,
        description="in place of amount: of the whole budget, or of all hectares or person-days of the plan",
    )
    over: str = Field(
        "", description="a column, such as iso3, region_id, measure, aridity_class; empty: the whole plan"
    )
    where: str | None = Field(None, description="one value of that column; left out: each of its values")
    group: Literal["", "women", "youth"] = Field("", description="of a share: whose")
    year: Year | None = Field(None, description="the sum of one year alone")

    @model_validator(mode="after")
    def _amount_or_part(self) -> FurtherRule:
        if (self.amount is None) == (self.part is None):
            raise ValueError("either amount or part was expected.")
        if (self.kind == "share") != bool(self.group):
            raise ValueError("a share, and only a share, names its group: women or youth.")
        if self.kind == "share" and self.part is None:
            raise ValueError("a share gives its part of the person-days.")
        if self.where is not None and not self.over:
            raise ValueError("where names a value, and over no column, such as iso3.")
        return self


class Rules(Section):
    """Shares a plan must keep. A rule without a source is printed as illustrative."""

    women: Share = Field(0.0, description="least share of person-days for women")
    youth: Share = Field(0.0, description="least share of person-days for youth")
    country_floor: Share = Field(0.0, description="least share of the budget for each country")
    country_floor_up_to_capacity: bool = Field(
        False,
        description="lower a country's floor to what its suitable land can take and the other rules leave room for, and say so",
    )
    further: list[FurtherRule] = Field(
        default_factory=list,
        description='floors, caps and shares, such as [{ kind = "cap", of = "hectares", amount = 1e6, over = "iso3", '
        'where = "NER" }]',
    )
    source: str | None = Field(None, description="who set these rules; empty: illustrative, not policy")


class Plan(Section):
    """Which measures, under which budget and rules."""

    budget: Budget | None = None
    rules: Rules = Field(default_factory=Rules)
    objective: (
        Literal["restored", "hectares", "work", "carbon", "people"]
        | dict[Literal["restored", "hectares", "work", "carbon", "people"], Annotated[float, Field(ge=0)]]
    ) = Field(
        "restored",
        description="what the plan has most of: restored (hectares weighted by need), hectares, work (person-days), carbon "
        "(t CO2e a year), people (living on the land), or weights such as { restored = 1, work = 0.01 }",
    )
    draws: Annotated[int, Field(ge=0, le=2000)] = Field(
        40,
        description="how often costs, days and ceilings are drawn from their ranges and the plan is made again; 0: never",
    )
    measures: list[str] | None = Field(None, description="only these measures; left out: all of the options table")
    pace: Literal["even", "free"] = Field(
        "even", description="even: each measure of a country starts the same area every year; free: whatever gains most"
    )
    land_ceiling: Annotated[float, Field(gt=0, le=1)] = Field(
        0.25, description="share of a unit's land that all measures together may take (expert default, unverified)"
    )
    where: Literal["degraded", "status", "anywhere"] = Field(
        "degraded",
        description="where restoration may go: degraded (by status of SDG 15.3.1, or below half of what like places reach, "
        "or in data.degraded_register), status (by status alone), anywhere",
    )
    soil_state: (
        Annotated[float, Field(gt=0, le=1.5, strict=True)]
        | Literal["unknown", "severely_degraded", "high_intensity_grazing", "nominally_managed"]
    ) = Field(
        "unknown",
        description="state of grassland soils before measures: a management state of the IPCC, or the measured stock over "
        "the stock of reference (a share, such as 0.7); unknown: carbon gains are the interval over states",
    )
    drylands_only: bool = Field(False, description="plan in drylands alone (aridity index 0.05 to 0.65)")
    trees_on_open_land: bool = Field(
        False, description="allow tree planting on natural grassland, savanna and steppe (off by default)"
    )
