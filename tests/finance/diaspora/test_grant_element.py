# SPDX-License-Identifier: Apache-2.0
"""Grant elements: published ones of the World Bank, the OECD's closed formula, rates of both standards."""

import pickle

import pytest

from homeground.errors import DataError
from homeground.finance import grant_element
from homeground.finance.instruments.loans import debt_service


def element(rate, periods, grace, *, at, per_year=1, way="equal principal"):
    interest, principal = debt_service(100.0, rate=rate, periods=periods, grace=grace, per_year=per_year, way=way)
    return grant_element(interest + principal, face=100.0, rate=at, per_year=per_year)


@pytest.mark.parametrize(
    ("rate", "years", "grace", "published"),
    [(0.0, 30, 5, 77), (0.06, 20, 0, 23), (0.06, 10, 0, 15), (0.06, 10, 5, 21)],
)
def test_grant_elements_that_the_world_bank_printed(rate, years, grace, published):
    """World Bank, box table 5.3A "Grant element of selected loan terms", at 10 %, in percent (yumpu.com 30612859, p. 92)."""
    assert round(100 * element(rate, years, grace, at=0.10)) == published


def oecd(maturity, grace, per_year, rate, at):
    """Annex "Terms analysis: calculation of the grant element" (paperzz.com 8929037), equal principal payments, with the
    interval as the OECD's DAC defines it; grace is the time to the first payment of principal."""
    interval = grace - 1 / per_year
    duration = maturity - interval
    number = per_year * duration
    d = (1 + at) ** (1 / per_year) - 1
    c1, c2 = (1 + at) ** interval, (1 + at) ** duration
    zg = rate * (1 - 1 / c1) / (per_year * d)
    zm = (1 / number) * (1 / c1) * ((1 - 1 / c2) / d)
    zx = (rate / (per_year * number)) * (1 / c1) * ((1 / c2) - 1 + d * number) / (d * d)
    return 1 - zg - zm - zx


@pytest.mark.parametrize("at", [0.05, 0.06, 0.07, 0.09, 0.10])
@pytest.mark.parametrize(
    ("maturity", "grace", "per_year", "rate"), [(10, 2.5, 2, 0.025), (38, 6.5, 2, 0.0075), (20, 1, 1, 0.04)]
)
def test_the_closed_formula_of_the_dac_gives_the_same(maturity, grace, per_year, rate, at):
    """Among them the example loan of that annex: 10 years, 2.5 %, 16 half-yearly repayments from 2.5 years on."""
    without = round((grace - 1 / per_year) * per_year)
    found = element(rate, maturity * per_year, without, at=at, per_year=per_year)
    assert found == pytest.approx(oecd(maturity, grace, per_year, rate, at), abs=1e-12)


def test_standards_bring_their_rate_and_say_it():
    interest, principal = debt_service(100.0, rate=0.02, periods=20, grace=5)
    service = interest + principal
    for group, rate, least in (
        ("ldc", 0.09, 0.45), ("other-lic", 0.09, 0.45), ("lmic", 0.07, 0.15), ("umic", 0.06, 0.10),
        ("multilateral-global", 0.05, 0.10), ("multilateral-other", 0.06, 0.10),
    ):  # fmt: skip
        found = grant_element(service, face=100.0, standard="oecd-dac", group=group)
        assert (found.rate, found.least) == (rate, least)
        assert found == grant_element(service, face=100.0, rate=rate)
        assert f"at {100 * rate:g} % a year (oecd-dac, {group})" in str(found)
        assert found.concessional == (float(found) >= least)
    imf = grant_element(service, face=100.0, standard="imf-wb")
    assert (imf.rate, imf.least) == (0.05, 0.35)
    assert "5 % a year (imf-wb): not concessional, which starts from 0.35" in str(imf)
    assert round(imf, 4) == round(float(imf), 4)
    again = pickle.loads(pickle.dumps(imf))  # noqa: S301 (our own)
    assert (again, again.rate, again.standard) == (imf, 0.05, "imf-wb")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({}, "a rate, or a standard"),
        ({"standard": "oecd"}, "is not known"),
        ({"standard": "oecd-dac"}, "who borrows"),
        ({"standard": "oecd-dac", "group": "rich"}, "Groups: ldc"),
        ({"standard": "imf-wb", "rate": 0.05}, "Leave one out"),
        ({"rate": 5}, "Write 6 % as 0.06"),
    ],
)
def test_bad_standards_are_told(options, words):
    with pytest.raises(DataError, match=words):
        grant_element([100.0], face=100.0, **options)
