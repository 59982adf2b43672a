# SPDX-License-Identifier: Apache-2.0
"""Carbon in soil and biomass by the IPCC's simplest method (Tier 1); tonnes of carbon and of CO2e are never mixed."""

from __future__ import annotations

import difflib
from importlib import resources
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from homeground.errors import DataError

CO2E_PER_C = 44.0 / 12.0
TRANSITION_YEARS = 20.0  # IPCC default time for a stock to reach its new level
# Categories whose factor is 1 by definition: the state the stock of reference is defined for.
REFERENCE = {
    "F_LU": ("native", "forest", "grassland"),
    "F_MG": ("not_relevant", "nominally_managed", "full_tillage"),
    "F_I": ("not_relevant", "medium"),
}


class LandState(NamedTuple):
    """How land is used and managed, in the categories of the factor table or of `REFERENCE`."""

    land_use: str
    management: str = "not_relevant"
    carbon_input: str = "not_relevant"


def soil_carbon_factors(climate_zone: str, *, factor_set: str = "ipcc2019") -> pd.DataFrame:
    """Tier 1 soil carbon stocks of reference and stock change factors of one climate zone, from one set only.

    Parameters
    ----------
    climate_zone : str
        IPCC zone such as "tropical_dry", "warm_temperate_dry", "cool_temperate_moist".
    factor_set : {"ipcc2019"}
        The 2006 factors (used by Trends.Earth) differ, tropical dry cropland 0.58 against 0.92, and must never be mixed
        with these; they are not shipped.

    Returns
    -------
    DataFrame, index (parameter, category)
        parameter SOC_ref (t C/ha, 0-30 cm), F_LU, F_MG, F_I (1); value, unit, sd, n_obs, factor_set, source,
        licence, kind. sd is value x CI / 196 for SOC_ref (95 % interval) and value x 2SD / 200 for factors.

    Raises
    ------
    DataError
        Unknown zone or set.

    Notes
    -----
    Source: IPCC (2019), Refinement vol. 4, Tables 2.3, 5.5 and 6.2, by way of hestia-earth-models (MIT); not yet
    compared line by line with the IPCC's own tables.

    Examples
    --------
    >>> float(soil_carbon_factors("tropical_dry").loc[("SOC_ref", "high_activity_clay_soils"), "value"])
    21.0
    """
    with resources.files("homeground.measures").joinpath("soil_carbon_factors.csv").open(encoding="utf-8") as file:
        table = pd.read_csv(file)
    for name, wanted, column in (
        ("factor set", factor_set, "factor_set"),
        ("climate zone", climate_zone, "climate_zone"),
    ):
        known = list(dict.fromkeys(table[column]))
        if wanted not in known:
            raise DataError(f'{name} "{wanted}" is not in the table. Known: {", ".join(known)}.')
        table = table[table[column] == wanted]
    table["sd"] = table["value"] * (table["ci95_half_pct"] / 196).fillna(table["two_sd_pct"] / 200)
    columns = ["value", "unit", "sd", "n_obs", "factor_set", "source", "licence", "kind"]
    return table.set_index(["parameter", "category"])[columns]


def soil_carbon_stock(factors: pd.DataFrame, soil: str, state: LandState) -> float:
    """Carbon a soil holds in its upper 30 cm once it has settled under one use and management, t C/ha.

    Parameters
    ----------
    factors : DataFrame
        From `soil_carbon_factors`.
    soil : str
        "high_activity_clay_soils", "low_activity_clay_soils", "sandy_soils", "volcanic_soils", "wetland_soils",
        "spodic_soils".
    state : LandState
        Use, management and carbon input, in categories that the factors have.

    Returns
    -------
    float, t C/ha

    Raises
    ------
    DataError
        A category is unknown, or the factors are of more than one set.

    Notes
    -----
    SOC = SOC_ref F_LU F_MG F_I (IPCC eq. 2.25 for one hectare).

    Examples
    --------
    >>> factors = soil_carbon_factors("tropical_dry")
    >>> crops = LandState("annual_crops", "full_tillage", "medium")
    >>> round(soil_carbon_stock(factors, "low_activity_clay_soils", crops), 2)
    17.48
    """
    drawn: dict[tuple[str, str], Any] = {}
    return float(_stock(factors, soil, state, drawn, None, 1))


def soil_carbon_change_rate(
    factors: pd.DataFrame,
    soil: str,
    before: LandState,
    after: LandState,
    *,
    years: float = TRANSITION_YEARS,
    draws: int = 0,
    seed: int | None = None,
) -> float | NDArray[np.float64]:
    """Tonnes of carbon (not CO2e) the soil gains per hectare and year after a change of use or management.

    Parameters
    ----------
    factors : DataFrame
        From `soil_carbon_factors`.
    soil : str
        As in `soil_carbon_stock`.
    before, after : LandState
        Use, management and carbon input that the land leaves, and that it takes on.
    years : float
        Time until the new stock is reached, yr.
    draws : int
        0 for the central value; else so many draws from normal distributions cut at 0. The stock of reference and any
        factor that before and after share are drawn once, so their error cancels.
    seed : int, optional
        For draws.

    Returns
    -------
    float or array (draws,), t C/ha/yr
        Negative is a loss. Times `CO2E_PER_C` for t CO2e/ha/yr, see `carbon_to_co2e`.

    Raises
    ------
    DataError
        As `soil_carbon_stock`; years or draws out of range.

    Notes
    -----
    (SOC_after - SOC_before) / D, D = 20 years, 0-30 cm. IPCC (2006, 2019) vol. 4, eq. 2.25.

    Examples
    --------
    >>> factors = soil_carbon_factors("tropical_dry")
    >>> degraded, nominal = LandState("grassland", "severely_degraded"), LandState("grassland", "nominally_managed")
    >>> rate = soil_carbon_change_rate(factors, "high_activity_clay_soils", degraded, nominal)
    >>> round(rate, 3), round(carbon_to_co2e(rate), 3)
    (0.315, 1.155)
    """
    if not years > 0:
        raise DataError(f"years above 0 were expected, found {years}. The IPCC default is 20.")
    if draws < 0:
        raise DataError(f"0 or more draws were expected, found {draws}.")
    rng = np.random.default_rng(seed) if draws else None
    drawn: dict[tuple[str, str], Any] = {}
    end, start = (_stock(factors, soil, state, drawn, rng, max(draws, 1)) for state in (after, before))
    rate = (end - start) / years
    return rate if draws else float(rate)


def soil_carbon_path(settled_t_c_ha: ArrayLike, years: ArrayLike, *, transition: float = TRANSITION_YEARS) -> Any:
    """Carbon stock at each inventory year of land whose use changes again and again, t C/ha.

    Parameters
    ----------
    settled_t_c_ha : array (time,)
        Stock the land would settle at under its use in each inventory, t C/ha.
    years : array (time,)
        Inventory years, rising. A use seen first in one inventory is taken to have begun at the inventory before.
    transition : float
        Years until a stock settles.

    Returns
    -------
    array (time,), t C/ha
        Starts settled; then moves in a straight line from the stock at the change to the new settled stock.

    Raises
    ------
    DataError
        Lengths differ, values are missing, or years do not rise.

    Notes
    -----
    IPCC (2019) vol. 4 ch. 2, worked example of eq. 2.25 with land units; soil carbon is Tier 1.

    Examples
    --------
    >>> soil_carbon_path([77.0, 70.84, 70.84], [1990, 1995, 2000]).round(2).tolist()
    [77.0, 75.46, 73.92]
    """
    settled, when = np.asarray(settled_t_c_ha, float), np.asarray(years, float)
    if settled.ndim != 1 or settled.shape != when.shape or not (np.diff(when) > 0).all():
        raise DataError(f"one stock per rising year was expected, found shapes {settled.shape} and {when.shape}.")
    if np.isnan(settled).any():
        raise DataError("a settled stock is missing. Give one for each inventory year.")
    path = np.empty_like(settled)
    path[0] = settled[0]
    origin, since = settled[0], when[0] - transition
    for i in range(1, len(settled)):
        if settled[i] != settled[i - 1]:
            origin, since = path[i - 1], when[i - 1]
        path[i] = origin + (settled[i] - origin) * min((when[i] - since) / transition, 1.0)
    return path


def biomass_carbon(
    area_ha: ArrayLike, growth_t_dm_ha_yr: ArrayLike, root_to_shoot: ArrayLike, *, carbon_fraction: float = 0.47
) -> Any:
    """Tonnes of carbon (not CO2e) that growing plants take up in a year, above and below ground.

    Parameters
    ----------
    area_ha : array, ha
        Land on which they grow.
    growth_t_dm_ha_yr : array, t dry matter/ha/yr
        Growth above ground.
    root_to_shoot : array, 1
        Below-ground over above-ground biomass.
    carbon_fraction : float
        t C per t dry matter; 0.47 is the IPCC default.

    Returns
    -------
    array or float, t C/yr
        NaN where an input is NaN. Losses (harvest, fire) are not in it.

    Raises
    ------
    DataError
        A negative area or ratio, or a carbon fraction outside 0 to 1.

    Notes
    -----
    A G_w (1 + R) CF. IPCC (2006) vol. 4, eq. 2.9 and 2.10.

    Examples
    --------
    >>> round(float(biomass_carbon(100.0, 2.0, 0.5)), 6)
    141.0
    """
    area, growth, ratio = (np.asarray(v, float) for v in (area_ha, growth_t_dm_ha_yr, root_to_shoot))
    if (area < 0).any() or (ratio < 0).any() or not 0 < carbon_fraction <= 1:
        raise DataError("area and root-to-shoot ratio of 0 or more and a carbon fraction from 0 to 1 were expected.")
    return area * growth * (1.0 + ratio) * carbon_fraction


def carbon_to_co2e(t_c: Any) -> Any:
    """The same carbon as tonnes of CO2e: times 44/12.

    Parameters
    ----------
    t_c : number or array, t C
        Also per hectare or year; the rest of the unit stays.

    Returns
    -------
    number or array, t CO2e

    Examples
    --------
    >>> carbon_to_co2e(12.0)
    44.0
    """
    return t_c * CO2E_PER_C


def _stock(
    factors: pd.DataFrame,
    soil: str,
    state: LandState,
    drawn: dict[tuple[str, str], Any],
    rng: np.random.Generator | None,
    draws: int,
) -> Any:
    if factors["factor_set"].nunique() != 1:
        raise DataError(f"factors of one set were expected, found {', '.join(sorted(set(factors['factor_set'])))}.")
    stock: Any = 1.0
    for key in (("SOC_ref", soil), *zip(("F_LU", "F_MG", "F_I"), state, strict=True)):
        parameter, category = key
        if category in REFERENCE.get(parameter, ()):
            continue
        if key not in factors.index:
            known = [name for p, name in factors.index if p == parameter] + list(REFERENCE.get(parameter, ()))
            near = difflib.get_close_matches(category, known, 1)
            hint = f"Did you mean {near[0]}?" if near else f"Known: {', '.join(known)}."
            raise DataError(f'{parameter} category "{category}" is unknown in this climate zone. {hint}')
        if key not in drawn:
            place = factors.index.get_loc(key)
            value, sd = (factors[name].to_numpy(float)[place].item() for name in ("value", "sd"))
            drawn[key] = value if rng is None else _normal_above_zero(rng, value, sd, draws)
        stock = stock * drawn[key]
    return stock


def _normal_above_zero(rng: np.random.Generator, mean: float, sd: float, draws: int) -> NDArray[np.float64]:
    """Normal draws; those below zero are drawn again, which is the normal distribution cut at zero."""
    values = rng.normal(mean, sd, draws)
    while (below := values < 0).any():
        values[below] = rng.normal(mean, sd, int(below.sum()))
    return values
