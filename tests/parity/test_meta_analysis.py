# SPDX-License-Identifier: Apache-2.0
"""Random-effects meta-analysis against published analyses of public textbook data."""

from __future__ import annotations

import numpy as np
import pytest

from homeground.evidence import one_per_study, pool, reml

# Thirteen trials of the BCG vaccine (Colditz et al. 1994, JAMA 271:698-702): cases and non-cases, vaccinated, control.
BCG = np.array(
    [
        [4, 119, 11, 128],
        [6, 300, 29, 274],
        [3, 228, 11, 209],
        [62, 13536, 248, 12619],
        [33, 5036, 47, 5761],
        [180, 1361, 372, 1079],
        [8, 2537, 10, 619],
        [505, 87886, 499, 87892],
        [29, 7470, 45, 7232],
        [17, 1699, 65, 1600],
        [186, 50448, 141, 27197],
        [5, 2493, 3, 2338],
        [27, 16886, 29, 17825],
    ],
    dtype=float,
)

# Nineteen studies of teachers' expectations: standardised mean differences and variances as printed in
# Raudenbush (1984), Journal of Educational Psychology 76:85-97, with Raudenbush & Bryk (1985).
EXPECT_Y = [0.03, 0.12, -0.14, 1.18, 0.26, -0.06, -0.02, -0.32, 0.27, 0.80,
            0.54, 0.18, -0.02, 0.23, -0.18, -0.06, 0.30, 0.07, -0.07]  # fmt: skip
EXPECT_V = [0.0156, 0.0216, 0.0279, 0.1391, 0.1362, 0.0106, 0.0106, 0.0484, 0.0269, 0.0630,
            0.0912, 0.0497, 0.0835, 0.0841, 0.0253, 0.0279, 0.0193, 0.0088, 0.0303]  # fmt: skip


def log_risk_ratios():
    a, b, c, d = BCG.T
    return np.log((a / (a + b)) / (c / (c + d))), 1 / a - 1 / (a + b) + 1 / c - 1 / (c + d)


def test_bcg_by_restricted_likelihood():
    """Viechtbauer (2010), Journal of Statistical Software 36(3), section 3.1."""
    y, v = log_risk_ratios()
    found = pool(y, v)
    assert reml(y, v) == pytest.approx(0.3132, abs=5e-5)
    assert found.estimate == pytest.approx(-0.7145, abs=5e-5)
    assert found.i2 == pytest.approx(92.22, abs=5e-3)
    assert found.q == pytest.approx(152.2330, abs=5e-5)
    # The plain standard error printed there, from our tau2.
    assert np.sum(1 / (v + found.tau2)) ** -0.5 == pytest.approx(0.1798, abs=5e-5)


def test_bcg_log_odds_ratios():
    """van Houwelingen, Arends & Stijnen (2002), Statistics in Medicine 21:589-624, table of the data: Q-profile
    bounds of tau2 (0.1302, 1.1812 in the metafor replication) must hold the estimate."""
    a, b, c, d = BCG.T
    tau2 = reml(np.log(a * d / (b * c)), 1 / a + 1 / b + 1 / c + 1 / d)
    assert 0.1302 < tau2 < 1.1812


def test_expectations_with_hartung_knapp():
    """Raudenbush (2009), Handbook of Research Synthesis, table 16.3 (p. 309): REML row of both approaches."""
    found = pool(EXPECT_Y, EXPECT_V, safeguard=False)
    assert found.tau2 == pytest.approx(0.019, abs=5e-4)
    assert found.estimate == pytest.approx(0.084, abs=5e-4)
    assert found.standard_error == pytest.approx(0.062, abs=5e-4)
    assert found.estimate / found.standard_error == pytest.approx(1.359, abs=5e-4)
    assert (found.ci_low, found.ci_high) == pytest.approx((-0.046, 0.213), abs=6e-4)
    plain = np.sum(1 / (np.array(EXPECT_V) + found.tau2)) ** -0.5
    assert plain == pytest.approx(0.052, abs=5e-4)
    assert found.q == pytest.approx(35.83, abs=5e-3)  # table 16.2 (p. 301)


@pytest.mark.parametrize(
    ("y", "v", "mean", "variance"),
    [
        ([-0.18, -0.22, 0.23, -0.30], [0.118, 0.118, 0.144, 0.144], -0.1175, 0.03275),
        ([0.45, 0.38, 0.29], [0.023, 0.043, 0.012], 0.373333, 0.008667),
        ([0.12, 0.61, 0.04, -0.05], [0.087, 0.082, 0.067, 0.067], 0.18, 0.018938),
    ],
)
def test_several_effects_of_one_study(y, v, mean, variance):
    """Districts 11, 18 and 644 of Konstantopoulos (2011), Research Synthesis Methods 2:61-76, unweighted and
    uncorrelated: values that the package metafor tests its own aggregate() against."""
    got, error = one_per_study(y, np.sqrt(v), rho=0.0)
    assert got == pytest.approx(mean, abs=5e-7)
    assert error**2 == pytest.approx(variance, abs=6e-7)  # printed with six decimals
