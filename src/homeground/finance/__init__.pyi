# SPDX-License-Identifier: Apache-2.0
from .appraisal import appraise, present_values
from .dated import dated_rates, xirr, xnpv
from .draws import draw_returns
from .farm.adoption import adoption_curve
from .farm.biomes import restoration_returns
from .farm.case import FarmCase, farm_case
from .farm.draws import draw_farms
from .farm.given import read_farm_tables
from .farm.model import farm_flows, farm_model
from .farm.published import great_green_wall_again, great_green_wall_axes, plot_returns
from .farm.sensitivity import farm_sensitivity, farm_switching_values, standard_tests
from .farm.tornado import farm_tornado
from .farm.worth import appraise_farms
from .flows.against import against_published
from .flows.cash_flow import cash_flow
from .flows.money import MoneyRow, net_money, real_rate, same_money
from .flows.split import split_by_cover
from .flows.upkeep import upkeep_after
from .instruments import grant_element
from .internal_rates import InternalRates, internal_rates, irr
from .regional import share_by_region
from .returns import (
    annuity,
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
from .valued.losses import reaching_use
from .valued.places import trail
from .weights import what_weighs

__all__ = [
    "BusinessCase",
    "FarmCase",
    "InternalRates",
    "MoneyRow",
    "ValueChain",
    "adoption_curve",
    "against_published",
    "annuity",
    "appraise",
    "appraise_farms",
    "benefit_cost_ratio",
    "business_case",
    "carbon_price",
    "cash_flow",
    "chain_rows",
    "chain_table",
    "check_values",
    "dated_rates",
    "draw_farms",
    "draw_returns",
    "equipment_rows",
    "equipment_table",
    "farm_case",
    "farm_flows",
    "farm_model",
    "farm_sensitivity",
    "farm_switching_values",
    "farm_tornado",
    "food_loss_percentage",
    "grant_element",
    "great_green_wall_again",
    "great_green_wall_axes",
    "household_money",
    "internal_rates",
    "irr",
    "loss_left_to",
    "mirr",
    "net_money",
    "npv",
    "payback",
    "plot_returns",
    "present_values",
    "reaching_use",
    "read_farm_tables",
    "read_products",
    "read_values",
    "real_rate",
    "restoration_returns",
    "same_money",
    "share_by_region",
    "shares_implied",
    "source_stack",
    "split_by_cover",
    "standard_tests",
    "switching_value",
    "trail",
    "upkeep_after",
    "value_chain",
    "value_of",
    "what_weighs",
    "xirr",
    "xnpv",
    "yearly_need",
]
