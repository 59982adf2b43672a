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
from .value_chain.balance import ValueChain, food_loss_percentage, loss_left_to, shares_implied, value_chain
from .value_chain.business import BusinessCase, business_case, yearly_need
from .value_chain.shipped import chain_rows, chain_table, equipment_rows, equipment_table
from .weights import what_weighs

__all__ = [
    "BusinessCase",
    "InternalRates",
    "ValueChain",
    "appraise",
    "benefit_cost_ratio",
    "business_case",
    "carbon_price",
    "cash_flow",
    "chain_rows",
    "chain_table",
    "check_values",
    "draw_returns",
    "equipment_rows",
    "equipment_table",
    "food_loss_percentage",
    "grant_element",
    "household_money",
    "irr",
    "loss_left_to",
    "mirr",
    "npv",
    "payback",
    "present_values",
    "read_products",
    "read_values",
    "share_by_region",
    "shares_implied",
    "source_stack",
    "split_by_cover",
    "switching_value",
    "value_chain",
    "value_of",
    "what_weighs",
    "yearly_need",
]
