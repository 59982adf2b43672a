# SPDX-License-Identifier: Apache-2.0
"""Which part of a loan is a gift, by the standard of the OECD or of the IMF and World Bank, with the rate said."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Self

import numpy as np

from homeground.errors import DataError, Problems

if TYPE_CHECKING:
    from numpy.typing import ArrayLike
from homeground.finance.returns import fraction, row_of

IMF_WORLD_BANK = 0.05  # unified discount rate of October 2013
CONCESSIONAL_IMF = 0.35
# Rate and the grant element from which a loan counts as concessional, by whom it goes to (OECD, since 2018).
OECD = {
    "ldc": (0.09, 0.45),
    "other-lic": (0.09, 0.45),
    "lmic": (0.07, 0.15),
    "umic": (0.06, 0.10),
    "multilateral-global": (0.05, 0.10),
    "multilateral-other": (0.06, 0.10),
}
STANDARDS = ("oecd-dac", "imf-wb")


class GrantElement(float):
    """A grant element: a number that also says at which rate and by whose standard it was worked out.

    Examples
    --------
    >>> found = GrantElement(0.5, rate=0.05, standard="imf-wb", least=0.35)
    >>> found + 0.1, found.rate, found.concessional
    (0.6, 0.05, True)
    >>> print(found)
    0.5000 at 5 % a year (imf-wb): concessional from 0.35
    """

    rate: float
    standard: str
    least: float | None

    def __new__(cls, value: float, *, rate: float, standard: str, least: float | None) -> Self:
        self = super().__new__(cls, value)
        self.rate, self.standard, self.least = rate, standard, least
        return self

    def __getnewargs_ex__(self) -> tuple[tuple[float], dict[str, object]]:
        return (float(self),), {"rate": self.rate, "standard": self.standard, "least": self.least}

    @property
    def concessional(self) -> bool | None:
        return None if self.least is None else bool(float(self) >= self.least)

    def __str__(self) -> str:
        said = f"{float(self):.4f} at {100 * self.rate:g} % a year ({self.standard})"
        if self.least is None:
            return said
        return (
            f"{said}: {'concessional' if self.concessional else 'not concessional, which starts'} from {self.least:g}"
        )


def grant_element(
    service: ArrayLike,
    *,
    face: float,
    rate: float | None = None,
    per_year: int = 1,
    standard: str | None = None,
    group: str | None = None,
) -> GrantElement:
    """Which part of a loan is a gift: face value less the present value of what is paid back, over face value.

    Parameters
    ----------
    service : array-like, one dimension
        Interest, fees and principal paid at the end of period 1, 2, ... after the loan is paid out.
    face : float
        Amount lent, paid out at once, in the money of `service`.
    rate : float, optional
        Discount rate as a fraction a year, where no standard is named.
    per_year : int
        Periods in a year; the rate of a period is (1 + rate)^(1 / per_year) - 1.
    standard : str, optional
        "imf-wb": 5 % for all. "oecd-dac": 9 % for least developed and other low-income countries, 7 % for lower and 6 %
        for upper middle-income ones, 5 % for global institutions and multilateral development banks, 6 % for others.
    group : str, optional
        Who borrows, for "oecd-dac": ldc, other-lic, lmic, umic, multilateral-global or multilateral-other.

    Returns
    -------
    GrantElement
        A float: 1 for a grant, 0 for a loan at the discount rate, below 0 for a dearer one. Printed, it says the rate;
        `.rate`, `.standard`, `.least` and `.concessional` have it apart.

    Raises
    ------
    DataError
        The face value is not above zero, a payment is negative or missing, the rate looks like percent, or neither a rate
        nor a standard (with its group) is named.

    Notes
    -----
    1 - PV(service) / face. World Bank, "Grant element calculations"; IMF (2003), External Debt Statistics, p. 250; OECD,
    "The modernisation of official development assistance": loans count as official development assistance by their grant
    equivalent (face x grant element) from a grant element of 45, 15 or 10 %. IMF and World Bank call concessional what
    has 35 % or more. The OECD asks further that a loan respects the debt limits of IMF and World Bank.

    Examples
    --------
    >>> round(grant_element([0.0, 0.0, 100.0], face=100.0, rate=0.05), 4)
    0.1362
    >>> print(grant_element([0.0, 0.0, 100.0], face=100.0, standard="oecd-dac", group="lmic"))
    0.1837 at 7 % a year (oecd-dac, lmic): concessional from 0.15
    """
    values = row_of(service, "service")
    if not (math.isfinite(face) and face > 0):
        raise DataError(f"a face value above 0 was expected, found {face}.")
    if (values < 0).any():
        raise DataError(
            "payments of 0 or more were expected, found negative ones. Give debt service as positive numbers."
        )
    if per_year < 1:
        raise DataError(f"per_year of 1 or more was expected, found {per_year}.")
    used, said, least = _rate_of(rate, standard, group)
    growth = (1.0 + fraction(used, "rate")) ** (1.0 / per_year)
    part = float(1.0 - values @ growth ** -np.arange(1.0, values.size + 1) / face)
    return GrantElement(part, rate=used, standard=said, least=least)


def _rate_of(rate: float | None, standard: str | None, group: str | None) -> tuple[float, str, float | None]:
    problems = Problems("grant element")
    if standard is None:
        if rate is not None:
            return rate, "rate given", None
        problems.add(f"a rate, or a standard, was expected. Standards: {', '.join(STANDARDS)}.")
    elif standard not in STANDARDS:
        problems.add(f"standard {standard!r} is not known. Standards: {', '.join(STANDARDS)}.")
    elif rate is not None:
        problems.add(f"a rate of {rate:g} was given beside the standard {standard}, which has its own. Leave one out.")
    elif standard == "oecd-dac" and group not in OECD:
        problems.add(f"oecd-dac needs who borrows in group, found {group!r}. Groups: {', '.join(OECD)}.")
    problems.raise_if_any(DataError)
    if standard == "imf-wb":
        return IMF_WORLD_BANK, "imf-wb", CONCESSIONAL_IMF
    used, least = OECD[str(group)]
    return used, f"oecd-dac, {group}", least
