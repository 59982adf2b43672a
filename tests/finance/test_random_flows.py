# SPDX-License-Identifier: Apache-2.0
"""Rates of many random flows beside SciPy's and NumPy's own roots."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import brentq

from homeground.finance import irr, npv

MANY = 10_000


def net(rate, flows):
    """Present value by Horner's rule, another way than ours."""
    total, back = 0.0, 1.0 / (1.0 + rate)
    for flow in reversed(flows):
        total = total * back + flow
    return total


def test_ten_thousand_investments_beside_brentq():
    """One outlay, then gains: one rate, which SciPy brackets; NPV at that rate and at another by Horner's rule."""
    rng = np.random.default_rng(7)
    for _ in range(MANY):
        gains = rng.lognormal(0.0, 1.0, rng.integers(1, 25)).tolist()
        flows = [-float(rng.lognormal(1.0, 1.0)), *gains]
        theirs = brentq(net, -0.9999, 1e6, args=(flows,), xtol=1e-14, rtol=1e-12)
        assert irr(flows) == pytest.approx((theirs,), rel=1e-7, abs=1e-9)
        assert npv(0.07, flows) == pytest.approx(net(0.07, flows), rel=1e-10, abs=1e-10)


def test_ten_thousand_rows_of_any_sign_beside_eigenvalues():
    """Signs at random: as many rates as the companion matrix has real roots above 0 that stand clear of others."""
    rng = np.random.default_rng(8)
    compared = several = 0
    for _ in range(MANY):
        flows = rng.normal(0.0, 1.0, rng.integers(2, 9))
        every = np.roots(flows)  # in 1 + r
        aside = np.abs(every.imag)
        real = np.sort(every[(aside < 1e-9) & (every.real > 0)].real)
        close = ((aside >= 1e-9) & (aside < 1e-3) & (every.real > 0)).any() or (np.diff(real) < 1e-3).any()
        if close or (real > 1e4).any() or (real < 1e-4).any():
            continue
        assert 1 + np.array(irr(flows)) == pytest.approx(real, rel=1e-6)
        compared += 1
        several += len(real) > 1
    assert compared > 0.95 * MANY
    assert several > 1000
