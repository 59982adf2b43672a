# SPDX-License-Identifier: Apache-2.0
"""The section on work of a study file: how days become years, who could work, trainings, public works."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, field_validator

from homeground.study.sections import Section, Share

Days = Annotated[float, Field(gt=0, le=366)]
Seats = Annotated[float, Field(ge=0)]
Above = Annotated[float, Field(gt=0)]


def _ordered(value: tuple[float, float, float] | None) -> tuple[float, float, float] | None:
    if value is not None and not value[0] <= value[1] <= value[2]:
        raise ValueError(f"low <= mid <= high was expected, found {list(value)}.")
    return value


class PublicWorks(Section):
    """Public works as a safety net: what a budget reaches."""

    budget: Above = Field(description="USD")
    labour_share: Annotated[float, Field(gt=0, le=1)] = Field(description="part of the budget that is paid as wages")
    wage: Above = Field(description="USD a day")
    days_per_household: Days = Field(description="days of work that each household is offered")
    local_wage: Above | None = Field(
        None, description="USD a day of unskilled work at the place, to hold the wage against"
    )


class WorkSection(Section):
    """Work of the plan: how days become years, who could do it, and whom trainings and public works reach."""

    days_per_year: Days | None = Field(
        None, description="days of work in one full-time year; left out: no full-time years are told"
    )
    share_of_workers: tuple[Share, Share, Share] | None = Field(
        None,
        description="low, mid and high share of rural people of working age who would work for a programme (left out: expert "
        "default, unverified)",
    )
    off_season_days: tuple[Days, Days, Days] | None = Field(
        None,
        description="low, mid and high number of days a year that one of them has outside the main season (left out: expert "
        "default, unverified)",
    )
    cap_by_supply: Literal["none", "mid", "high"] = Field(
        "none",
        description="keep the plan's work of each region and year within the middle or the high end of the days that its rural "
        "people have",
    )
    look_first: Literal["none", "origin", "host"] = Field(
        "none",
        description="weigh need by where people left from (origin) or where displaced people and refugees are (host), by "
        "country; a way to look, never a reason for return",
    )
    training_seats: dict[str, Seats] = Field(
        default_factory=dict, description="seats of a training by group, such as { youth = 200, returnees = 50 }"
    )
    public_works: PublicWorks | None = None

    @field_validator("share_of_workers", "off_season_days")
    @classmethod
    def _in_order(cls, value: tuple[float, float, float] | None) -> tuple[float, float, float] | None:
        return _ordered(value)
