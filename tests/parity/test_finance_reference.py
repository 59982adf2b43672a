# SPDX-License-Identifier: Apache-2.0
"""Returns against published worked examples and other people's software; each value names where it was read."""

from __future__ import annotations

import json

import numpy as np
import pytest

from homeground.finance import (
    annuity,
    benefit_cost_ratio,
    grant_element,
    irr,
    mirr,
    npv,
    payback,
    restoration_returns,
    switching_value,
    xirr,
    xnpv,
)


# numpy-financial, numpy_financial/tests/test_financial.py @ 03e194b9 (exact values from its Decimal tests)
def test_npv_of_numpy_financial():
    assert npv(0.05, [-15000, 1500, 2500, 3500, 4500, 6000]) == pytest.approx(122.894854950942692, abs=1e-9)


@pytest.mark.parametrize(
    ("flows", "finance", "reinvest", "expected"),
    [
        ([-4500, -800, 800, 800, 600, 600, 800, 800, 700, 3000], 0.08, 0.055, 0.066597175031553548),
        ([-120000, 39000, 30000, 21000, 37000, 46000], 0.10, 0.12, 0.126094130365905145),  # also Excel's own example
        ([100, 200, -50, 300, -200], 0.05, 0.06, 0.342823387842176663),
        # w3resource.com, numpy financial functions, mirr
        ([-1000, 100, 50, 10, 15], 0.34, 0.21, -0.2742274708267268),
    ],
)
def test_mirr_of_numpy_financial(flows, finance, reinvest, expected):
    assert mirr(flows, finance, reinvest) == pytest.approx(expected, abs=1e-12)


def test_irr_of_numpy_financial():
    # numpy.org/numpy-financial/latest, front page
    (rate,) = irr([-250000, 100000, 150000, 200000, 250000, 300000])
    assert rate == pytest.approx(0.5672303344358536, abs=1e-12)


@pytest.mark.parametrize(
    ("flows", "printed"),
    [
        ([-100, 39, 59, 55, 20], 0.28095),
        ([-100, 0, 0, 74], -0.0955),
        ([-100, 100, 0, -7], -0.0833),
        ([-100, 100, 0, 7], 0.06206),
        ([-5, 10.5, 1, -8, 1], 0.0886),
    ],
)
def test_irr_of_the_manual_of_numpy_financial(flows, printed):
    """numpy_financial/_financial.py @ 03e194b9, docstring of irr: the root nearest to 0 of ours, which are all."""
    nearest = min(irr(flows), key=abs)
    assert round(nearest, 5) == pytest.approx(printed, abs=1e-9)


def test_npv_of_the_manual_of_numpy_financial():
    # the same file, docstring of npv
    assert round(npv(0.08, [-40_000, 5_000, 8_000, 12_000, 30_000]), 5) == 3065.22267
    # Microsoft, NPV function: 10 %, the first flow a year from now, prints 1,188.44
    assert npv(0.1, [0, -10_000, 3_000, 4_200, 6_800]) == pytest.approx(1188.44, abs=0.005)


def test_reference_file(shared_data):
    """Recomputed by numpy-financial 1.0 and scipy; Microsoft's and numpy's examples and a real diaspora bond."""
    references = json.loads((shared_data / "measures" / "finance_references.json").read_text(encoding="utf-8"))
    for case in references["irr"]:
        assert irr(case["cashflow"]) == pytest.approx([case["irr"]], abs=1e-10)
    for case in references["npv_period0"]:
        assert npv(case["rate"], case["cashflow"]) == pytest.approx(case["npv"], rel=1e-12)
    for case in references["npv_excel_first_flow_at_end_of_period1"]:
        assert npv(case["rate"], case["cashflow"]) / (1 + case["rate"]) == pytest.approx(case["npv"], rel=1e-12)


def test_reference_file_by_date(shared_data):
    references = json.loads((shared_data / "measures" / "finance_references.json").read_text(encoding="utf-8"))
    for case in references["xirr"]:
        assert xirr(case["cashflow"], case["dates"]) == pytest.approx((case["xirr_act365"],), abs=1e-10)
        assert xnpv(0.09, case["cashflow"], case["dates"]) == pytest.approx(case["xnpv_9pct"], rel=1e-12)
    for case in references["pmt"]:
        assert -case["pv"] / annuity(case["rate_per_period"], case["n"]) == pytest.approx(case["pmt"], rel=1e-12)


def test_biomes_are_those_of_the_reference_file(shared_data):
    references = json.loads((shared_data / "measures" / "finance_references.json").read_text(encoding="utf-8"))
    ours = restoration_returns()[["benefit_usd_ha_yr", "cost_usd_ha", "npv_usd_ha", "irr_percent", "bcr"]]
    assert ours.to_numpy().tolist() == [[float(x) for x in row[1:]] for row in references["teeb2009"]["rows"]]


def test_two_rates_of_a_mine():
    # -2000, 10 000, -10 000: "two IRRs of approximately 38 % and 260 %" (CFA study notes, 300hours.com)
    assert irr([-2000, 10000, -10000]) == pytest.approx([0.38, 2.60], abs=0.02)


def test_two_rates_one_of_them_negative():
    # -39 800, 63 800, -12 800: "-76.49 % and 36.79 %" (worked answer, answer.ya.guru 8411365)
    assert irr([-39800, 63800, -12800]) == pytest.approx([-0.7649, 0.3679], abs=6e-5)


def test_four_rates():
    """A textbook problem (brainmass.com 39308); its polynomial in 1 + r has the factors 5/4, 4/3, 10/7 and 5/3."""
    expected = [1 / 4, 1 / 3, 3 / 7, 2 / 3]
    factors = np.poly1d([1 + r for r in expected], r=True).coeffs
    assert (-252 * factors).tolist() == pytest.approx([-252, 1431, -3035, 2850, -1000])
    assert irr([-252, 1431, -3035, 2850, -1000]) == pytest.approx(expected, abs=1e-9)


def test_green_book_sensitivity():
    # HM Treasury, Green Book (2003), box 15: GBP 1 M, savings of 150 000 a year over 10 years, 3.5 %: 247 000; with
    # savings of 100 000: minus 168 000
    def worth(saving):
        return npv(0.035, [-1e6, *[saving] * 10])

    assert worth(150_000) == pytest.approx(247_000, abs=500)
    assert worth(100_000) == pytest.approx(-168_000, abs=500)
    turning = switching_value(worth, 150_000, bracket=(0.0, 300_000))
    # From the two printed values, which lie on one line: the saving at which it crosses zero.
    printed = 100_000 + 50_000 * 168_000 / (247_000 + 168_000)
    assert turning == pytest.approx(printed, rel=1e-3)


@pytest.mark.parametrize(
    ("flows", "rate", "expected", "digits"),
    [
        # easycalculation.com, discounted payback period: 50 000, eight times 10 000, 11 %: 7.66 years
        ([-50000, *[10000] * 8], 0.11, 7.66, 0.005),
        # gaodun.com 500s5h: 12 %; printed cumulated flows -32 828.44 after year 3 and 38 131.08 in year 4
        ([-200000, 60000, 80000, 70000, 60000, 50000], 0.12, 3 + 32828.44 / 38131.08, 1e-5),
        # justaaa.com 28200, 14 %: 1.96, 2.03, 3.65 years
        ([-5200, 2800, 3700, 5100, 4300], 0.14, 1.96, 0.005),
        ([-5400, 2800, 3700, 5100, 4300], 0.14, 2.03, 0.005),
        ([-10400, 2800, 3700, 5100, 4300], 0.14, 3.65, 0.005),
    ],
)
def test_discounted_payback(flows, rate, expected, digits):
    assert payback(flows, rate) == pytest.approx(expected, abs=digits)


def test_nile_basin_project():
    # homeworklib.com 1904469, Project A: 52 in year 0, then 7.1 less 0.5 for 25 years, 10 %: IRR 11.935 %, B/C 1.139877
    costs, gains = np.array([52.0, *[0.5] * 25]), np.array([0.0, *[7.1] * 25])
    assert irr(gains - costs) == pytest.approx([0.11935], abs=5e-6)
    assert benefit_cost_ratio(gains, costs, 0.10) == pytest.approx(1.139877, abs=5e-7)


def test_irrigation_project_of_ten_years():
    # brainmass.com 495000: net benefits of USD 20 M a year for 10 years, 10 %: 122.89
    assert npv(0.10, [0.0, *[20.0] * 10]) == pytest.approx(122.89, abs=0.005)


@pytest.mark.parametrize(
    ("rate", "grace", "years", "discount"), [(0.0075, 10, 40, 0.10), (0.0125, 5, 30, 0.05), (0.02, 1, 12, 0.09)]
)
def test_grant_element_by_the_closed_form(rate, grace, years, discount):
    """Equal yearly principal after G years: (1 - r/d)(1 - (v^G - v^M) / (d (M - G))), v = 1/(1 + d): the DAC's form."""
    owed, service = 100.0, []
    for year in range(1, years + 1):
        principal = 100.0 / (years - grace) if year > grace else 0.0
        service.append(owed * rate + principal)
        owed -= principal
    back = ((1 + discount) ** -grace - (1 + discount) ** -years) / (discount * (years - grace))
    assert grant_element(service, face=100.0, rate=discount) == pytest.approx((1 - rate / discount) * (1 - back))
