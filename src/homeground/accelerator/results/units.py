# SPDX-License-Identifier: Apache-2.0
"""Units of results: carbon is not carbon dioxide, hectares are not square metres, and nothing is converted that differs in kind."""

from __future__ import annotations

from homeground.errors import DataError

HECTARE = 10_000  # square metres
C_TO_CO2 = (44, 12)  # molar masses
# Unit: (kind, how many of the kind's unit as a fraction).
UNITS: dict[str, tuple[str, int, int]] = {
    "ha": ("area in ha", 1, 1),
    "Mha": ("area in ha", 1_000_000, 1),
    "km2": ("area in ha", 100, 1),
    "m2": ("area in ha", 1, HECTARE),
    "t CO2": ("carbon in t CO2", 1, 1),
    "kt CO2": ("carbon in t CO2", 1_000, 1),
    "Mt CO2": ("carbon in t CO2", 1_000_000, 1),
    "t C": ("carbon in t CO2", *C_TO_CO2),
    "kt C": ("carbon in t CO2", 1_000 * C_TO_CO2[0], C_TO_CO2[1]),
    "Mt C": ("carbon in t CO2", 1_000_000 * C_TO_CO2[0], C_TO_CO2[1]),
}


def converted(value: float, unit: str, to: str) -> float:
    """A value in another unit of the same kind.

    Parameters
    ----------
    value : float
    unit, to : str
        One of `UNITS`, or the same text twice.

    Returns
    -------
    float

    Raises
    ------
    DataError
        The units differ in kind, or one is not known. CO2 equivalents are not: they may hold other gases.

    Examples
    --------
    >>> round(converted(250, "Mt C", "Mt CO2")), converted(1000, "ha", "m2")
    (917, 10000000.0)
    """
    if unit == to:
        return value
    if unit not in UNITS or to not in UNITS or UNITS[unit][0] != UNITS[to][0]:
        hint = " Say t CO2 if no other gas is in it." if "CO2e" in unit + to else f" Known: {', '.join(UNITS)}."
        raise DataError(f"{unit} cannot be converted to {to}.{hint}")
    (_, up, down), (_, to_up, to_down) = UNITS[unit], UNITS[to]
    return value * (up * to_down) / (down * to_up)


def convertible(unit: str, to: str) -> bool:
    """Whether a unit can be brought to another.

    Parameters
    ----------
    unit, to : str

    Returns
    -------
    bool

    Examples
    --------
    >>> convertible("t C", "t CO2"), convertible("t CO2e", "t CO2"), convertible("jobs", "jobs")
    (True, False, True)
    """
    return unit == to or (unit in UNITS and to in UNITS and UNITS[unit][0] == UNITS[to][0])
