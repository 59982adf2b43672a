# SPDX-License-Identifier: Apache-2.0
from .appraisal import appraise, present_values
from .cashflow import cash_flow, split_by_cover
from .draws import draw_returns
from .instruments import grant_element
from .internal_rates import InternalRates, irr
from .regional import share_by_region
from .returns import (
    benefit_cost_ratio,
    mirr,
    npv,
    payback,
    switching_value,
)
from .sources import household_money, source_stack
from .valuation import carbon_price, check_values, read_products, read_values, value_of
from .weights import what_weighs

__all__ = [
    "InternalRates",
    "appraise",
    "benefit_cost_ratio",
    "carbon_price",
    "cash_flow",
    "check_values",
    "draw_returns",
    "grant_element",
    "household_money",
    "irr",
    "mirr",
    "npv",
    "payback",
    "present_values",
    "read_products",
    "read_values",
    "share_by_region",
    "source_stack",
    "split_by_cover",
    "switching_value",
    "value_of",
    "what_weighs",
]
