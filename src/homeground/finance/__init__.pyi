# SPDX-License-Identifier: Apache-2.0
from .returns import (
    InternalRates,
    benefit_cost_ratio,
    grant_element,
    irr,
    mirr,
    npv,
    payback,
    switching_value,
)

__all__ = [
    "InternalRates",
    "benefit_cost_ratio",
    "grant_element",
    "irr",
    "mirr",
    "npv",
    "payback",
    "switching_value",
]
