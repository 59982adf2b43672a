# SPDX-License-Identifier: Apache-2.0
"""Rules as they are asked for: what may be asked, and how a place that is not there is told."""

from __future__ import annotations

import numpy as np
import pytest

from homeground.errors import DataError
from homeground.measures.planning.rules.asked import Rule, for_each, read_rules


@pytest.mark.parametrize("amount", [0, 0.5, 1e9])
def test_a_cap_may_be_of_nothing_or_of_any_amount(amount):
    assert read_rules([{"kind": "cap", "of": "hectares", "amount": amount}])[0].amount == amount


@pytest.mark.parametrize("amount", [-0.5, np.inf, np.nan])
def test_an_amount_below_nothing_or_without_end_is_refused(amount):
    with pytest.raises(DataError, match="an amount of 0 or more was expected"):
        read_rules([{"kind": "cap", "of": "hectares", "amount": amount}])


def test_a_place_that_is_not_there_is_told_with_eight_that_are():
    columns = {"region_id": [f"R{n}" for n in range(1, 10)]}
    with pytest.raises(DataError) as told:
        for_each([Rule("cap", amount=1.0, over="region_id", where="R0")], columns)
    assert "name one of R1, R2, R3, R4, R5, R6, R7, R8." in str(told.value)
