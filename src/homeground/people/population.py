# SPDX-License-Identifier: Apache-2.0
"""Who lives where: a modelled demo surface from city populations, land cover and the national total."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from homeground.errors import DataError, Problems

Floats = npt.NDArray[np.float64]

# How many rural people a km2 of each land cover holds, relative to cropland. Expert default, unverified.
RURAL_WEIGHTS: dict[str, float] = {
    "cropland": 1.0,
    "artificial": 1.0,
    "grassland": 0.3,
    "tree_covered": 0.2,
    "wetland": 0.1,
    "other_land": 0.02,
    "water": 0.0,
}
NOTE = (
    "modelled demo surface; low and high are a sensitivity range over the urban share and the cover weights, "
    "not a confidence interval (in a test it held a third of the surveyed units)"
)


def largest_remainder(values: npt.ArrayLike, total: int) -> npt.NDArray[np.int64]:
    """Whole numbers in proportion to the values that add up to the total exactly.

    Parameters
    ----------
    values : array-like, (n,)
        Weights, none negative or missing, not all zero; any unit.
    total : int
        What the result adds up to.

    Returns
    -------
    ndarray of int64, (n,)
        Shares rounded down, then one more for the largest remainders (the earlier first where they tie).

    Raises
    ------
    DataError
        A weight is negative or missing, or all are zero, or the total is negative.

    Notes
    -----
    Hamilton's method of apportionment; no share is further than one from its exact value.

    Examples
    --------
    >>> largest_remainder([1, 1, 1], 10).tolist()
    [4, 3, 3]
    """
    weights = np.asarray(values, dtype=float)
    if total < 0 or not np.isfinite(weights).all() or (weights < 0).any() or weights.sum() <= 0:
        raise DataError(
            f"weights that are not negative and not all zero, and a total of 0 or more, were expected; "
            f"found a total of {total} and weights that add up to {weights.sum()}. Check for missing values."
        )
    exact = weights / weights.sum() * total
    whole: npt.NDArray[np.int64] = np.floor(exact).astype(np.int64)
    short = total - int(whole.sum())
    whole[np.argsort(-(exact - whole), kind="stable")[:short]] += 1
    return whole


def regional_population(
    national_total: Mapping[str, float],
    cities: pd.DataFrame,
    regions_cover: pd.DataFrame,
    *,
    urban_share: Mapping[str, float],
    weights: Mapping[str, float] = RURAL_WEIGHTS,
    urban_margin: float = 0.10,
    weight_powers: tuple[float, float] = (0.5, 2.0),
    groups: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """People in each region, modelled: towns by their known populations, the rest by how habitable the land is.

    Where the people of groups of regions are known from a finer source, they hold: only inside a group are people placed.

    Parameters
    ----------
    national_total : mapping of iso3 to persons
        Population of each country (persons, not thousands). Countries without regions here are not used.
    cities : DataFrame, columns ``region_id, population``
        Populations of places (persons, any year: they serve as weights). Missing and zero are left out and
        not counted in the column ``cities``.
    regions_cover : DataFrame, columns ``region_id, iso3`` and one column of km2 for each cover class
        Every class must have a weight; a class without a column counts as absent.
    urban_share : mapping of iso3 to a share from 0 to 1
        Share of the national population that lives in towns.
    weights : mapping of cover class to a number
        Rural people for a km2 of the class, relative to the others. `RURAL_WEIGHTS` is an expert default, unverified.
    urban_margin : float
        The sensitivity range tries the urban share plus and minus this (0.10 is ten points).
    weight_powers : pair of float
        The sensitivity range tries the weights raised to these powers: below 1 flatter, above 1 more uneven.
    groups : DataFrame, columns ``region_id, group, persons``, optional
        Regions in groups whose people are known (persons of any one year, the same in each row of a group): they give
        the shares of a country's total. A country of which a region is in no group is placed without them.

    Returns
    -------
    DataFrame, one row for each row of ``regions_cover``, in its order
        ``region_id, iso3``; ``population`` (whole persons; a country's regions add up to its total exactly);
        ``low, high`` (least and most over the nine variants: both the number itself where a region is a group alone);
        ``cities`` (how many were used); ``method``;
        ``kind`` ("modelled"); ``note``.

    Raises
    ------
    DataError
        A country has no total or no urban share, a region has a missing or negative area, a cover class has no
        weight, a group has no people or several numbers of them, a city lies in an unknown region, or a country has neither cities nor habitable land.

    Notes
    -----
    P_r = total * (u * C_r / sum C + (1 - u) * A_r / sum A), C_r city population and A_r = sum_k w_k km2_rk.
    With groups: P_r = total * (persons_g / sum persons) * (P_r / sum P of the group), P as above.
    A country in which no city has a population is spread by A alone, and one without habitable land by C alone;
    ``method`` says so. Fit for showing how the rest of the chain works where no population grid is at hand.
    It is not a census and not a population grid: use measured populations where they exist. Beside survey populations
    of 186 units in 19 countries (Global Data Lab, 2019) a unit is off by half (median country), 16 % of the people are
    in the wrong unit (43 % by area, 27 % by equal split), and the range holds a third of the units.

    Examples
    --------
    >>> land = pd.DataFrame({"region_id": ["a", "b"], "iso3": "NER", "cropland": [30.0, 10.0], "water": [0.0, 9.0]})
    >>> towns = pd.DataFrame({"region_id": ["a", "b", "b"], "population": [20.0, 50.0, 30.0]})
    >>> found = regional_population({"NER": 1000}, towns, land, urban_share={"NER": 0.2})
    >>> found[["region_id", "population", "low", "high"]].to_numpy().tolist()
    [['a', 640, 585, 695], ['b', 360, 305, 415]]
    """
    classes = [name for name in regions_cover.columns if name not in {"region_id", "iso3"}]
    _check_tables(cities, regions_cover, weights, classes)
    _check_countries(sorted(set(regions_cover["iso3"])), national_total, urban_share)

    known = cities[cities["population"] > 0]
    of_region = known.groupby("region_id")["population"]
    ids = regions_cover["region_id"]
    in_towns = ids.map(of_region.sum()).fillna(0.0).to_numpy(dtype=float)  # no city known: no urban weight
    areas = regions_cover[classes].to_numpy(dtype=float)
    per_km2 = np.array([weights[name] for name in classes], dtype=float)

    result = regions_cover[["region_id", "iso3"]].reset_index(drop=True)
    for column in ("population", "low", "high"):
        result[column] = np.int64(0)
    result["cities"] = ids.map(of_region.size()).fillna(0).to_numpy().astype(np.int64)
    result["method"] = "cities and land cover"
    of_group = _of_groups(groups, list(ids))

    for country, rows in result.groupby("iso3").indices.items():
        iso3 = str(country)
        total, share = round(national_total[iso3]), float(urban_share[iso3])
        urban, rural = in_towns[rows], areas[rows]
        if urban.sum() == 0:
            result.loc[rows, "method"] = f"land cover only: no city of {iso3} has a population"
        elif (rural @ per_km2).sum() == 0:
            result.loc[rows, "method"] = f"cities only: {iso3} has no habitable land cover"
        variants = [
            _shares(urban, rural @ per_km2**power, min(max(share + shift, 0.0), 1.0), iso3)
            for shift in (0.0, -urban_margin, urban_margin)
            for power in (1.0, *weight_powers)
        ]
        if of_group is not None and of_group.iloc[rows].notna().all(axis=None):
            variants = [_within(shares, of_group.iloc[rows], rural.sum(axis=1)) for shares in variants]
            result.loc[rows, "method"] = "people of groups of regions; inside them " + result.loc[rows, "method"]
        # rounded to a billionth first, so that floor and ceiling do not move on floating-point dust
        people = np.round(np.array(variants) * total, 9)
        count = largest_remainder(variants[0], total)
        result.loc[rows, "population"] = count
        result.loc[rows, "low"] = np.minimum(np.floor(people.min(axis=0)).astype(np.int64), count)
        result.loc[rows, "high"] = np.maximum(np.ceil(people.max(axis=0)).astype(np.int64), count)
    return result.assign(kind="modelled", note=NOTE)


def _shares(urban: Floats, rural: Floats, urban_share: float, iso3: str) -> Floats:
    if urban.sum() == 0 and rural.sum() == 0:
        raise DataError(
            f"{iso3} has neither a city with a population nor habitable land cover: its people cannot be placed. "
            f"Give cities, or areas of cover classes that have a weight above zero."
        )
    if urban.sum() == 0:
        urban_share = 0.0
    elif rural.sum() == 0:
        urban_share = 1.0
    shares: Floats = urban_share * urban / (urban.sum() or 1.0) + (1 - urban_share) * rural / (rural.sum() or 1.0)
    return shares


def _within(shares: Floats, groups: pd.DataFrame, areas: Floats) -> Floats:
    """Shares of a country's people that give each group its own; a group that the model leaves empty by area."""
    known = groups.drop_duplicates("group")["persons"].sum()
    table = groups.assign(share=shares, area=areas).reset_index(drop=True)
    of = table.groupby("group")
    whole = of["share"].transform("sum")
    inside = np.where(
        whole > 0, table["share"] / whole.where(whole > 0, 1.0), table["area"] / of["area"].transform("sum")
    )
    found: Floats = inside * (table["persons"] / known).to_numpy(dtype=float)
    return found


def _of_groups(groups: pd.DataFrame | None, ids: list[str]) -> pd.DataFrame | None:
    """Group and persons of each region, in the order of the ids; NaN where it is in none."""
    if groups is None:
        return None
    problems = Problems("regional_population")
    twice = groups.loc[groups["region_id"].duplicated(), "region_id"].tolist()
    if twice:
        problems.add(f"regions are in two groups: {twice}. Keep one row for each region.")
    several = groups.groupby("group")["persons"].nunique(dropna=False)
    if (wrong := several[several > 1].index.tolist()) or not (groups["persons"] > 0).all():
        wrong += groups.loc[~(groups["persons"] > 0), "group"].tolist()
        problems.add(f"groups {sorted(set(wrong), key=str)}: one number of persons above 0 was expected for each.")
    problems.raise_if_any(DataError)
    return groups.set_index("region_id")[["group", "persons"]].reindex(ids)


def _check_countries(
    countries: list[str], national_total: Mapping[str, float], urban_share: Mapping[str, float]
) -> None:
    problems = Problems("regional_population")
    for iso3 in countries:
        total, share = national_total.get(iso3, np.nan), urban_share.get(iso3, np.nan)
        if not 0 < total < np.inf:
            problems.add(f"{iso3} has no national population (found {total}). Give its total in persons.")
        if not 0 <= share <= 1:
            problems.add(f"{iso3} has an urban share of {share}; a share from 0 to 1 was expected, not per cent.")
    problems.raise_if_any(DataError)


def _check_tables(
    cities: pd.DataFrame, regions_cover: pd.DataFrame, weights: Mapping[str, float], classes: list[str]
) -> None:
    problems = Problems("regional_population")
    for column, table, name in (
        ("region_id", regions_cover, "regions_cover"),
        ("iso3", regions_cover, "regions_cover"),
        ("region_id", cities, "cities"),
        ("population", cities, "cities"),
    ):
        if column not in table.columns:
            problems.add(f"{name} has no column {column!r}, found {list(table.columns)}")
    problems.raise_if_any(DataError)

    twice = regions_cover.loc[regions_cover["region_id"].duplicated(), "region_id"].tolist()
    if twice:
        problems.add(f"regions_cover names regions twice: {twice}. Keep one row for each region.")
    for name in classes:
        if name not in weights:
            problems.add(f"cover class {name!r} has no weight (classes with one: {sorted(weights)}). Add it.")
        wrong = ~(pd.to_numeric(regions_cover[name], errors="coerce") >= 0)  # missing compares false
        if wrong.any():
            places = regions_cover.loc[wrong, "region_id"].tolist()
            problems.add(f"{name!r} is missing, negative or no number in {places}. Areas in km2 were expected.")
    if any(not weight >= 0 for weight in weights.values()):
        problems.add(f"weights must be 0 or more, found {dict(weights)}.")
    unknown = sorted(set(cities["region_id"]) - set(regions_cover["region_id"]), key=str)
    if unknown:
        problems.add(f"cities lie in regions that regions_cover does not have: {unknown}. Correct the region ids.")
    if (cities["population"] < 0).any():
        problems.add("a city has a negative population.")
    problems.raise_if_any(DataError)
