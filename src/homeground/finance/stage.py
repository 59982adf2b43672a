# SPDX-License-Identifier: Apache-2.0
"""The finance stage: cash flow of the plan, its worth at several rates, who pays, and what each region bears."""

from __future__ import annotations

from pathlib import Path

from homeground.catalogue.inputs import figure_inputs, region_inputs, table_inputs
from homeground.finance.great_green_wall import GREAT_GREEN_WALL
from homeground.running.later import later
from homeground.running.steps import Stage, Step
from homeground.running.tables import (
    CASHFLOW,
    FINANCE_AGAINST,
    FINANCE_APPRAISAL,
    FINANCE_HOUSEHOLD,
    FINANCE_PUBLISHED,
    FINANCE_SOURCES,
    FINANCE_UPKEEP,
    FINANCE_VALUES,
    RURAL_INDUSTRY,
    VALUE_CHAIN,
    regions_of,
)
from homeground.study.model import Study

__all__ = ["GREAT_GREEN_WALL", "STAGE"]


def _beside(study: Study, *names: str) -> dict[str, Path]:
    """Tables that may lie beside the study file: values.csv (own prices and yields) and sources.csv (who pays)."""
    return {name: study.folder / name for name in names if (study.folder / name).is_file()}


def _cashflow_inputs(study: Study) -> dict[str, Path]:
    return _beside(study, "values.csv") | table_inputs(study, "options")


def _appraisal_inputs(study: Study) -> dict[str, Path]:
    published = figure_inputs("cited_facts", "remittances")
    return published | _beside(study, "values.csv", "sources.csv") | table_inputs(study, "options")


STAGE = Stage(
    "finance",
    (
        Step(
            "cashflow",
            later("homeground.finance.steps.cashflow:cashflow"),
            (CASHFLOW, FINANCE_VALUES),
            settings=("finance.horizon",),
            needs=("measures.plan", "measures.regions"),
            inputs=_cashflow_inputs,
        ),
        Step(
            "appraisal",
            later("homeground.finance.steps.appraisal:appraisal"),
            (
                FINANCE_APPRAISAL,
                FINANCE_PUBLISHED,
                FINANCE_SOURCES,
                FINANCE_UPKEEP,
                FINANCE_AGAINST,
                FINANCE_HOUSEHOLD,
            ),
            settings=("countries", "finance.discount_rate", "finance.horizon", "plan.budget"),
            needs=("measures.plan", "measures.regions", "finance.cashflow"),
            inputs=_appraisal_inputs,
        ),
        Step(
            "regions",
            later("homeground.finance.steps.regions:regions"),
            (regions_of("finance"),),
            settings=("countries", "regions", "finance.discount_rate"),
            needs=("measures.plan", "finance.cashflow"),
            inputs=region_inputs,
        ),
        Step(
            "chain",
            later("homeground.finance.value_chain.steps:chain"),
            (VALUE_CHAIN, RURAL_INDUSTRY),
            settings=("countries", "finance.discount_rate"),
            inputs=lambda study: table_inputs(study, "value_chain"),
        ),
    ),
    later("homeground.finance.finding:finding"),
)
