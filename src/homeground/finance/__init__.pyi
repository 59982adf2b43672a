# SPDX-License-Identifier: Apache-2.0
from .appraisal import appraise, present_values
from .choice.answers import answered_cards
from .choice.attributes import attributes_on_cards
from .choice.design import choice_design, sample_size
from .choice.made import made_survey
from .choice.model import ChoiceModel, choice_model, share_taking
from .choice.questionnaire import write_survey
from .choice.stated import calibrate, client_funnel, factor_seen
from .dated import dated_rates, xirr, xnpv
from .diaspora.carrying import carried, investor_return, plan_beside
from .diaspora.hosts import host_gates
from .diaspora.ways import ways_to_carry
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
from .instruments.bonds import project_bond, refunded_sale, sovereign_bond
from .instruments.channelled import channelled_remittance, index_insurance, linked_savings
from .instruments.cover import carbon_prepurchase, first_loss_guarantee
from .instruments.grant_element import GrantElement, grant_element
from .instruments.grants import matching_grant, raised_per_grant, remittance_grant
from .instruments.ledger import by_party, joined, ledger
from .instruments.loans import concessional_loan, debt_service
from .instruments.pooled import crowd_lending, pooled_fund
from .instruments.presets import preset_flows, presets, published_outcomes
from .internal_rates import InternalRates, internal_rates, irr
from .pilot.power import (
    PilotDesign,
    SampleSize,
    design_effect,
    power_for_means,
    power_for_shares,
    sample_for_means,
    sample_for_shares,
)
from .pilot.screening import screen_projects
from .protection.gate import Gate, protection_gate
from .protection.signing import read_signatures
from .regional import share_by_region
from .remittances.corridors import corridor_matrix, corridor_shock, saving_pool
from .remittances.given import assumptions
from .remittances.investable import household_risk, investable, two_definitions
from .remittances.summary import national_totals, remittance_summary
from .returns import (
    annuity,
    benefit_cost_ratio,
    mirr,
    npv,
    payback,
    switching_value,
)
from .sources import household_money, source_stack
from .structure.incentives import incentives, what_incentives_buy
from .structure.least_public import Structure, structure
from .structure.sources_of_money import Source, plan_flows
from .structure.stress import under_stress
from .structure.words import limits_in_words
from .trust_fund.books import TrustFund, balance_gap, fund_books
from .trust_fund.lending import Lending, loan_book
from .trust_fund.summary import fund_layers, fund_ratios
from .trust_fund.terms import fund_terms, terms_of
from .valuation import carbon_price, check_values, read_products, read_values, value_of
from .value_chain.balance import ValueChain, food_loss_percentage, loss_left_to, shares_implied, value_chain
from .value_chain.business import BusinessCase, business_case, yearly_need
from .value_chain.shipped import chain_rows, chain_table, equipment_rows, equipment_table
from .valued.losses import reaching_use
from .valued.places import trail
from .waterfall.paying import Waterfall, waterfall
from .waterfall.ratios import (
    debt_cover,
    extra_hectares,
    in_other_money,
    leverage,
    loan_life_cover,
    tranche_flows,
    tranche_irr,
)
from .waterfall.tranches import Tranche
from .weights import what_weighs

__all__ = [
    "BusinessCase",
    "ChoiceModel",
    "FarmCase",
    "Gate",
    "GrantElement",
    "InternalRates",
    "Lending",
    "MoneyRow",
    "PilotDesign",
    "SampleSize",
    "Source",
    "Structure",
    "Tranche",
    "TrustFund",
    "ValueChain",
    "Waterfall",
    "adoption_curve",
    "against_published",
    "annuity",
    "answered_cards",
    "appraise",
    "appraise_farms",
    "assumptions",
    "attributes_on_cards",
    "balance_gap",
    "benefit_cost_ratio",
    "business_case",
    "by_party",
    "calibrate",
    "carbon_prepurchase",
    "carbon_price",
    "carried",
    "cash_flow",
    "chain_rows",
    "chain_table",
    "channelled_remittance",
    "check_values",
    "choice_design",
    "choice_model",
    "client_funnel",
    "concessional_loan",
    "corridor_matrix",
    "corridor_shock",
    "crowd_lending",
    "dated_rates",
    "debt_cover",
    "debt_service",
    "design_effect",
    "draw_farms",
    "draw_returns",
    "equipment_rows",
    "equipment_table",
    "extra_hectares",
    "factor_seen",
    "farm_case",
    "farm_flows",
    "farm_model",
    "farm_sensitivity",
    "farm_switching_values",
    "farm_tornado",
    "first_loss_guarantee",
    "food_loss_percentage",
    "fund_books",
    "fund_layers",
    "fund_ratios",
    "fund_terms",
    "grant_element",
    "great_green_wall_again",
    "great_green_wall_axes",
    "host_gates",
    "household_money",
    "household_risk",
    "in_other_money",
    "incentives",
    "index_insurance",
    "internal_rates",
    "investable",
    "investor_return",
    "irr",
    "joined",
    "ledger",
    "leverage",
    "limits_in_words",
    "linked_savings",
    "loan_book",
    "loan_life_cover",
    "loss_left_to",
    "made_survey",
    "matching_grant",
    "mirr",
    "national_totals",
    "net_money",
    "npv",
    "payback",
    "plan_beside",
    "plan_flows",
    "plot_returns",
    "pooled_fund",
    "power_for_means",
    "power_for_shares",
    "present_values",
    "preset_flows",
    "presets",
    "project_bond",
    "protection_gate",
    "published_outcomes",
    "raised_per_grant",
    "reaching_use",
    "read_farm_tables",
    "read_products",
    "read_signatures",
    "read_values",
    "real_rate",
    "refunded_sale",
    "remittance_grant",
    "remittance_summary",
    "restoration_returns",
    "same_money",
    "sample_for_means",
    "sample_for_shares",
    "sample_size",
    "saving_pool",
    "screen_projects",
    "share_by_region",
    "share_taking",
    "shares_implied",
    "source_stack",
    "sovereign_bond",
    "split_by_cover",
    "standard_tests",
    "structure",
    "switching_value",
    "terms_of",
    "trail",
    "tranche_flows",
    "tranche_irr",
    "two_definitions",
    "under_stress",
    "upkeep_after",
    "value_chain",
    "value_of",
    "waterfall",
    "ways_to_carry",
    "what_incentives_buy",
    "what_weighs",
    "write_survey",
    "xirr",
    "xnpv",
    "yearly_need",
]
