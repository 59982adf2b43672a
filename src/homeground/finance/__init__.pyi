# SPDX-License-Identifier: Apache-2.0
from .appraisal import appraise, present_values
from .choice.answers import answered_cards
from .choice.attributes import attributes_on_cards
from .choice.design import choice_design, sample_size
from .choice.made import made_survey
from .choice.model import ChoiceModel, choice_model, share_taking
from .choice.questionnaire import write_survey
from .choice.stated import calibrate, client_funnel, factor_seen
from .draws import draw_returns
from .flows.against import against_published
from .flows.cash_flow import cash_flow
from .flows.split import split_by_cover
from .flows.upkeep import upkeep_after
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
from .valued.losses import reaching_use
from .valued.places import trail
from .weights import what_weighs

__all__ = [
    "BusinessCase",
    "ChoiceModel",
    "InternalRates",
    "ValueChain",
    "against_published",
    "answered_cards",
    "appraise",
    "attributes_on_cards",
    "benefit_cost_ratio",
    "business_case",
    "calibrate",
    "carbon_price",
    "cash_flow",
    "chain_rows",
    "chain_table",
    "check_values",
    "choice_design",
    "choice_model",
    "client_funnel",
    "draw_returns",
    "equipment_rows",
    "equipment_table",
    "factor_seen",
    "food_loss_percentage",
    "grant_element",
    "household_money",
    "irr",
    "loss_left_to",
    "made_survey",
    "mirr",
    "npv",
    "payback",
    "present_values",
    "reaching_use",
    "read_products",
    "read_values",
    "sample_size",
    "share_by_region",
    "share_taking",
    "shares_implied",
    "source_stack",
    "split_by_cover",
    "switching_value",
    "trail",
    "upkeep_after",
    "value_chain",
    "value_of",
    "what_weighs",
    "write_survey",
    "yearly_need",
]
