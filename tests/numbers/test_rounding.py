# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import math

import numpy as np
import pytest

from homeground.numbers.rounding import equal_up_to_rounding, rounding


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        (0.1 + 0.2, 0.3, True),
        (1e9 + 0.1, 1e9 + 0.1 + 1e-6, True),
        (1e9, 1e9 + 0.01, False),  # a hundredth of a billion: eleven digits
        (0.3, 0.3 * (1 + 1e-11), False),
        (5e-324, 0.0, False),
        (0.0, -0.0, True),
        (math.inf, math.inf, True),
        (math.inf, 5.0, False),
        (math.nan, math.nan, False),
        (3, 3, True),
    ],
)
def test_equal_is_twelve_digits_of_the_larger(a, b, same):
    assert equal_up_to_rounding(a, b).item() is same
    assert equal_up_to_rounding(-np.float64(b), -np.float64(a)).item() is same


def test_single_precision_has_six_digits():
    a, b = np.float32(0.1) + np.float32(0.7), np.float32(0.8)
    assert equal_up_to_rounding(a, b).item()
    assert equal_up_to_rounding(float(a), b).item()  # the coarser of the two decides
    assert not equal_up_to_rounding(float(a), 0.8).item()
    assert not equal_up_to_rounding(np.float32(0.8), np.float32(0.80001)).item()
    assert rounding(np.int16) == rounding(float) == 1e-12


def test_what_is_left_of_larger_numbers_is_judged_by_their_size():
    left = np.array([0.1 + 0.2 - 0.3, 0.4 - 0.3, np.nan])  # 5.6e-17, 0.1
    assert equal_up_to_rounding(left, 0.0, scale=0.3).tolist() == [True, False, False]
    assert not equal_up_to_rounding(left, 0.0).any()
