# SPDX-License-Identifier: Apache-2.0
"""Carbon of each piece of a plan by where it lies: soil and plants apart, absent where no rate fits, never zero."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import pandas as pd

from homeground.errors import DataError
from homeground.measures.carbon import CO2E_PER_C
from homeground.measures.carbon_rates.biomass import NO_RATE, WITH_SOIL, biomass_rate
from homeground.measures.carbon_rates.soil import NO_CHANGE, Rate, soil_rate
from homeground.measures.options import rates_of
from homeground.measures.rates.records import UNVERIFIED
from homeground.measures.soil_starts import UNKNOWN

ENDS = {"low": "_low", "mid": "", "high": "_high"}
POOLS = ("soil", "biomass")
LAND = ["iso3", "measure", "aridity_class", "cover_class", "climate_zone"]
COLUMNS = [*LAND, "pool", "hectares", *ENDS, "unit", "absent", "source", "quality", "licence", "kind"]
OWN = "given by the study"


def carbon_by_place(
    allocation: pd.DataFrame,
    options: pd.DataFrame,
    *,
    state: str | float = UNKNOWN,
    own: Collection[tuple[str, str]] = (),
) -> pd.DataFrame:
    """Rates of soil and biomass carbon on all land of a plan, one row for each kind of land and pool.

    Parameters
    ----------
    allocation : DataFrame
        iso3, measure, aridity_class, cover_class (names), climate_zone (see
        `homeground.measures.carbon_rates.climate.climate_zones`) and hectares.
    options : DataFrame
        From `homeground.measures.options`; read only for what is the study's own.
    state : str or float
        Of grassland before; see `homeground.measures.carbon_rates.soil.soil_rate`.
    own : collection of (measure, pool)
        Pools ("soil", "biomass") whose rate the study gives itself: those stand everywhere.

    Returns
    -------
    DataFrame
        iso3, measure, aridity_class, cover_class, climate_zone, pool, hectares; low, mid, high (NaN: absent), unit (t
        C/ha/yr), absent (why), source, quality (5: expert default, unverified), licence, kind.

    Raises
    ------
    DataError
        Columns are missing, or hectares negative or missing.

    Examples
    --------
    >>> from homeground.measures import options
    >>> plan = {"iso3": "NER", "measure": "exclosure", "aridity_class": "arid", "cover_class": "other_land"}
    >>> plan |= {"climate_zone": "tropical_dry", "hectares": 10.0}
    >>> carbon_by_place(pd.DataFrame([plan]), options())[["pool", "mid", "absent"]].round(4).values.tolist()
    [['soil', 0.095, ''], ['biomass', nan, 'no rate of biomass was seen for such land']]
    """
    missing = [name for name in (*LAND, "hectares") if name not in allocation.columns]
    if missing:
        raise DataError(f"the allocation lacks {', '.join(missing)}. Expected: {', '.join((*LAND, 'hectares'))}.")
    if not (allocation["hectares"] >= 0).all():
        raise DataError("hectares of 0 or more were expected in every row; some are negative or missing.")
    land = allocation.groupby(LAND)[["hectares"]].sum().reset_index()
    given = rates_of(options, land)
    rows: list[dict[str, Any]] = []
    for (_, one), (_, option) in zip(land.iterrows(), given.iterrows(), strict=True):
        measure = str(one["measure"])
        plants, with_soil = biomass_rate(measure, str(one["iso3"]), str(one["climate_zone"]), str(one["aridity_class"]))
        soil = soil_rate(measure, str(one["climate_zone"]), str(one["cover_class"]), state=state)
        if with_soil and (measure, "biomass") not in own:
            soil = plants._replace(low=0.0, mid=0.0, high=0.0, source=f"{plants.source} ({WITH_SOIL})")
        elif soil.absent == NO_CHANGE and plants.absent:
            soil = soil._replace(absent=NO_RATE)
        found = {"soil": soil, "biomass": plants}
        for pool in POOLS:
            rate = _own(option, pool) if (measure, pool) in own else found[pool]
            rows.append({**{str(k): v for k, v in one.items()}, "pool": pool, "unit": "t C/ha/yr", **rate._asdict()})
    return pd.DataFrame(rows, columns=COLUMNS)


def _own(option: pd.Series[Any], pool: str) -> Rate:
    ends = [float(option[f"{pool}_carbon_rate_{end}"]) for end in ENDS]
    return Rate(ends[0], ends[1], ends[2], "", OWN, int(option[f"{pool}_carbon_rate_quality"]), OWN, "default")


def with_carbon(allocation: pd.DataFrame, carbon: pd.DataFrame) -> pd.DataFrame:
    """Carbon gain of each row of a plan, t CO2e a year: of the pools that have a rate there.

    Parameters
    ----------
    allocation : DataFrame
        As for `carbon_by_place`.
    carbon : DataFrame
        From `carbon_by_place` of the same allocation.

    Returns
    -------
    DataFrame
        The allocation with carbon_t_co2e_per_year, its _low and _high: NaN where no pool has a rate.

    Examples
    --------
    >>> from homeground.measures import options
    >>> plan = {"iso3": "NER", "measure": "exclosure", "aridity_class": "arid", "cover_class": "other_land"}
    >>> plan = pd.DataFrame([plan | {"climate_zone": "tropical_dry", "hectares": 10.0}])
    >>> round(with_carbon(plan, carbon_by_place(plan, options()))["carbon_t_co2e_per_year"].item(), 3)  # 0.095 x 44/12 x 10
    3.483
    """
    rates = carbon.groupby(LAND)[list(ENDS)].sum(min_count=1)
    of = rates.reindex(pd.MultiIndex.from_frame(allocation[LAND]))
    tonnes = {
        f"carbon_t_co2e_per_year{suffix}": allocation["hectares"].to_numpy() * of[end].to_numpy() * CO2E_PER_C
        for end, suffix in ENDS.items()
    }
    return allocation.assign(**tonnes)


def rates_by_measure(carbon: pd.DataFrame) -> pd.DataFrame:
    """Carbon that a mean hectare of a country's measure gains a year, weighed over the land that it lies on.

    Parameters
    ----------
    carbon : DataFrame
        From `carbon_by_place`.

    Returns
    -------
    DataFrame, index iso3 and measure
        low, mid, high in t C/ha/yr of all its hectares, from the pools and land that have a rate: NaN where none has one.

    Examples
    --------
    >>> from homeground.measures import options
    >>> keys = {"iso3": "ETH", "measure": "exclosure", "cover_class": "grassland", "aridity_class": "humid"}
    >>> land = [keys | {"climate_zone": zone, "hectares": 5.0} for zone in ("tropical_montane", "")]
    >>> carbon = carbon_by_place(pd.DataFrame(land), options())
    >>> round(rates_by_measure(carbon)["mid"].item(), 4)  # half of 44 x 0.1 / 20 (soil) and of 0.6218 (plants)
    0.4209
    """
    tonnes = carbon[list(ENDS)].mul(carbon["hectares"], axis=0).assign(**carbon[["iso3", "measure"]])
    sums = tonnes.groupby(["iso3", "measure"])[list(ENDS)].sum(min_count=1)
    hectares = carbon[carbon["pool"] == POOLS[0]].groupby(["iso3", "measure"])["hectares"].sum()
    return sums.div(hectares.where(hectares > 0), axis=0)


def share_without(carbon: pd.DataFrame) -> dict[str, float]:
    """Share of the land that has no rate of a pool.

    Parameters
    ----------
    carbon : DataFrame
        From `carbon_by_place`.

    Returns
    -------
    dict of str to float
        soil and biomass; NaN without land.

    Examples
    --------
    >>> from homeground.measures import options
    >>> plan = {"iso3": "NER", "measure": "exclosure", "aridity_class": "arid", "cover_class": "other_land"}
    >>> share_without(carbon_by_place(pd.DataFrame([plan | {"climate_zone": "tropical_dry", "hectares": 10.0}]), options()))
    {'soil': 0.0, 'biomass': 1.0}
    """
    shares = {}
    for pool in POOLS:
        rows = carbon[carbon["pool"] == pool]
        whole = float(rows["hectares"].sum())
        lacking = float(rows.loc[rows["mid"].isna(), "hectares"].sum())
        shares[pool] = lacking / whole if whole > 0 else float("nan")
    return shares


def unverified_share(carbon: pd.DataFrame) -> float:
    """Share of a plan's carbon that rests on rates that nobody has verified.

    Parameters
    ----------
    carbon : DataFrame
        From `carbon_by_place`.

    Returns
    -------
    float
        0 to 1, by tonnes at middle rates; losses count as much as gains. NaN where no carbon is known.

    Examples
    --------
    >>> from homeground.measures import options
    >>> plan = {"iso3": "NER", "measure": "agroforestry", "aridity_class": "semi-arid", "cover_class": "cropland"}
    >>> carbon = carbon_by_place(pd.DataFrame([plan | {"climate_zone": "tropical_dry", "hectares": 10.0}]), options())
    >>> round(unverified_share(carbon), 3)  # 0.59 of plants, unverified, beside 0.2185 of soil
    0.73
    """
    tonnes = (carbon["mid"] * carbon["hectares"]).abs()
    whole = float(tonnes.sum())
    return float(tonnes[carbon["quality"] >= UNVERIFIED].sum()) / whole if whole > 0 else float("nan")
