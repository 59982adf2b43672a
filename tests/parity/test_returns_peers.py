# SPDX-License-Identifier: Apache-2.0
"""Returns beside pyxirr and numpy-financial on random flows; left out where they are not installed."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from homeground.finance import irr, mirr, npv, xirr, xnpv

MANY = 2000


def investments(seed):
    """An outlay and gains after it, in cents: one rate each, which no solver may miss."""
    rng = np.random.default_rng(seed)
    for _ in range(MANY):
        gains = np.round(rng.lognormal(3.0, 1.0, rng.integers(2, 20)), 2)
        yield rng, np.concatenate([[-np.round(rng.lognormal(4.5, 0.7), 2)], gains])


def test_numpy_financial_on_random_flows():
    peer = pytest.importorskip("numpy_financial", reason="pip install numpy-financial")
    for rng, flows in investments(1):
        rate, other = rng.uniform(0.0, 0.3, 2)
        assert npv(rate, flows) == pytest.approx(float(peer.npv(rate, flows)), rel=1e-10, abs=1e-8)
        assert mirr(flows, rate, other) == pytest.approx(float(peer.mirr(flows, rate, other)), abs=1e-12)
        assert irr(flows) == pytest.approx((float(peer.irr(flows)),), abs=1e-8)


def test_pyxirr_on_random_dates():
    peer = pytest.importorskip("pyxirr", reason="pip install pyxirr")
    compared = 0
    for rng, flows in investments(2):
        gaps = rng.integers(1, 500, flows.size)
        days = [dt.date(2001, 1, 1) + dt.timedelta(days=int(day)) for day in np.cumsum(gaps)]
        rate = rng.uniform(0.0, 0.3)
        assert xnpv(rate, flows, days) == pytest.approx(peer.xnpv(rate, days, flows), rel=1e-10, abs=1e-8)
        (found,) = xirr(flows, days)
        theirs = peer.xirr(days, flows)
        if theirs is not None:  # it gives up on some very high rates
            assert found == pytest.approx(theirs, rel=1e-7, abs=1e-8)
        compared += theirs is not None
    assert compared > 0.9 * MANY
