# SPDX-License-Identifier: Apache-2.0
"""Where each measure fits, by aridity, land cover and rain; trees stay off open natural land unless asked for."""

from __future__ import annotations

import csv
import difflib
import math
from functools import cache
from importlib import resources
from typing import Any

import pandas as pd

from homeground.errors import DataError

ARIDITY = ("hyper-arid", "arid", "semi-arid", "dry sub-humid", "humid")  # codes 0 to 4 as in land.aridity_class
# MODIS IGBP classes by code; the names that differ from the seven UNCCD classes stand beside those.
IGBP: dict[int, str] = {
    0: "water", 1: "evergreen_needleleaf_forest", 2: "evergreen_broadleaf_forest", 3: "deciduous_needleleaf_forest",
    4: "deciduous_broadleaf_forest", 5: "mixed_forest", 6: "closed_shrubland", 7: "open_shrubland", 8: "woody_savanna",
    9: "savanna", 10: "grassland", 11: "wetland", 12: "cropland", 13: "artificial", 14: "cropland_mosaic",
    15: "snow_ice", 16: "barren",
}  # fmt: skip
UNCCD = ("tree_covered", "grassland", "cropland", "wetland", "artificial", "other_land", "water")
COVER = tuple(dict.fromkeys((*IGBP.values(), *UNCCD)))
# Longer names of the same classes, as the legends write them.
ALIASES = {
    "water_body": "water", "permanent_wetland": "wetland", "urban_and_built_up": "artificial",
    "snow_and_ice": "snow_ice",
    "cropland_and_natural_vegetation_mosaic": "cropland_mosaic", "barren_or_sparsely_vegetated": "barren",
}  # fmt: skip
# Natural open land: grassland, savanna and steppe are ecosystems of their own, not forest that lost its trees.
OPEN_LAND = frozenset({"grassland", "savanna", "woody_savanna", "open_shrubland", "closed_shrubland"})
UNIT_COLUMNS = ("region_id", "iso3", "aridity_class", "cover_class", "area_km2", "rain_mm")
FURTHER = ("state", "restore")


def unit_key(table: pd.DataFrame) -> list[str]:
    """Columns that name a unit in a table of units, or of measures on units.

    Parameters
    ----------
    table : DataFrame

    Returns
    -------
    list of str

    Examples
    --------
    >>> unit_key(pd.DataFrame(columns=["region_id", "iso3", "aridity_class", "cover_class", "state", "area_km2"]))
    ['region_id', 'iso3', 'aridity_class', 'cover_class', 'state']
    """
    return [*UNIT_COLUMNS[:4], *(name for name in FURTHER if name in table.columns)]


@cache
def _rules() -> dict[str, dict[str, Any]]:
    with resources.files("homeground.measures").joinpath("suitability.csv").open(encoding="utf-8") as file:
        return {
            row["measure"]: {
                **row,
                "aridity": frozenset(row["aridity_classes"].split(";")),
                "cover": frozenset(row["cover_classes"].split(";")),
                "min_rain": float(row["min_rain_mm"] or "-inf"),
                "max_rain": float(row["max_rain_mm"] or "inf"),
            }
            for row in csv.DictReader(file)
        }


def suitability_rules() -> pd.DataFrame:
    """The shipped rules, one row per measure: where it fits, why, on whose word.

    Returns
    -------
    DataFrame, index measure
        plants_trees, response (avoid, reduce or reverse: the LDN hierarchy; an expert default), aridity_classes, cover_classes (names joined by ;), open_land_off and mobile_pastoral_off (yes,
        no), min_rain_mm and max_rain_mm (mean yearly rain), quality, source, licence, reason.

    Examples
    --------
    >>> float(suitability_rules().loc["half_moons", "max_rain_mm"])
    600.0
    """
    with resources.files("homeground.measures").joinpath("suitability.csv").open(encoding="utf-8") as file:
        return pd.read_csv(file, index_col="measure")


def unsuitable_reason(
    measure: str,
    aridity_class: str | int,
    cover_class: str,
    rain_mm: float,
    *,
    trees_on_open_land: bool = False,
    mobile_pastoral: bool = False,
    restore: bool | None = None,
) -> str:
    """Why a measure does not fit a place; an empty string where it fits.

    Parameters
    ----------
    measure : str
        A measure of `suitability_rules`.
    aridity_class : str or int
        Name (such as "semi-arid") or code 0 hyper-arid to 4 humid.
    cover_class : str
        Name of a UNCCD or IGBP class; codes are refused, as 2 is grassland in one legend and forest in the other
        (`IGBP` gives names by code). UNCCD classes do not tell woody savanna from forest: use IGBP where known.
    rain_mm : float
        Mean yearly rain, mm. NaN is answered with "rain is not known".
    trees_on_open_land : bool
        Allow planted trees on natural grassland, savanna and steppe.
    mobile_pastoral : bool
        Herders move through this land.
    restore : bool, optional
        Whether restoration may go there. Measures that reverse go there only, those that avoid or reduce to the rest (LDN
        hierarchy). Left out: all measures may go.

    Returns
    -------
    str

    Raises
    ------
    DataError
        Unknown measure or class.

    Notes
    -----
    Limits are mean values; one dry year is no test. Source of each limit: `suitability_rules`.

    Examples
    --------
    >>> unsuitable_reason("tree_planting", "semi-arid", "savanna", 700.0)
    'trees are not planted on natural savanna by default'
    >>> unsuitable_reason("tree_planting", "semi-arid", "savanna", 700.0, trees_on_open_land=True)
    ''
    """
    aridity, cover = aridity_name(aridity_class), cover_name(cover_class)
    first, last, least, most = of_class(measure, aridity, cover, trees_on_open_land, mobile_pastoral, restore)
    if first:
        return first
    if math.isnan(rain_mm):
        return "rain is not known"
    if rain_mm < least:
        return f"rain of {rain_mm:.0f} mm is under {least:.0f} mm"
    if rain_mm > most:
        return f"rain of {rain_mm:.0f} mm is over {most:.0f} mm"
    return last


@cache  # of a country's thousand units there are a few dozen kinds
def of_class(
    measure: str,
    aridity: str,
    cover: str,
    trees_on_open_land: bool,
    mobile_pastoral: bool,
    restore: bool | None,
) -> tuple[str, str, float, float]:
    """Reasons that need no rain: those that come before it and after it; and the limits of rain.

    Parameters
    ----------
    measure : str
        A measure of `suitability_rules`.
    aridity, cover : str
        Names of classes.
    trees_on_open_land, mobile_pastoral : bool
        As in `unsuitable_reason`.
    restore : bool or None
        As in `unsuitable_reason`.

    Returns
    -------
    (str, str, float, float)
        Empty where there is no reason; mean yearly rain, mm: at least and at most.

    Raises
    ------
    DataError
        No such measure.

    Examples
    --------
    >>> of_class("half_moons", "arid", "cropland", False, False, None)[2:]
    (300.0, 600.0)
    """
    rule = _rule(measure)
    limits = (float(rule["min_rain"]), float(rule["max_rain"]))
    last = "" if aridity in rule["aridity"] else f"not a measure for {aridity} land"
    first = ""
    if restore is not None and restore != (rule["response"] == "reverse"):
        first = "it avoids or reduces, and goes to other land" if restore else "it restores, and goes to degraded land"
    elif cover not in rule["cover"]:
        first = f"not a measure for {cover.replace('_', ' ')}"
    elif (
        rule["plants_trees"] == "yes"
        and rule["open_land_off"] == "yes"
        and cover in OPEN_LAND
        and not trees_on_open_land
    ):
        first = f"trees are not planted on natural {cover.replace('_', ' ')} by default"
    elif mobile_pastoral and rule["mobile_pastoral_off"] == "yes":
        first = "off on land of mobile herders"
    return first, last, *limits


def suitable(
    measure: str,
    aridity_class: str | int,
    cover_class: str,
    rain_mm: float,
    *,
    trees_on_open_land: bool = False,
    mobile_pastoral: bool = False,
) -> bool:
    """Whether a measure fits a place; errors and sources as in `unsuitable_reason`.

    Parameters
    ----------
    measure : str
        A measure of `suitability_rules`.
    aridity_class : str or int
        Name, or code 0 hyper-arid to 4 humid.
    cover_class : str
        Name of a UNCCD or IGBP class.
    rain_mm : float
        Mean yearly rain, mm. NaN: it does not fit.
    trees_on_open_land : bool
        Allow planted trees on natural grassland, savanna and steppe.
    mobile_pastoral : bool
        Herders move through this land.

    Returns
    -------
    bool

    Examples
    --------
    >>> suitable("half_moons", "arid", "grassland", 400.0), suitable("half_moons", "humid", "grassland", 1400.0)
    (True, False)
    """
    return not unsuitable_reason(
        measure,
        aridity_class,
        cover_class,
        rain_mm,
        trees_on_open_land=trees_on_open_land,
        mobile_pastoral=mobile_pastoral,
    )


def _rule(measure: str) -> dict[str, Any]:
    rules = _rules()
    if measure not in rules:
        raise DataError(f'measure "{measure}" has no suitability rule. {_near(measure, tuple(rules))}')
    return rules[measure]


@cache
def aridity_name(value: str | int) -> str:
    """Name of an aridity class, however it is written.

    Parameters
    ----------
    value : str or int
        Name, or code 0 hyper-arid to 4 humid.

    Returns
    -------
    str

    Raises
    ------
    DataError
        No such class.

    Examples
    --------
    >>> aridity_name("Semi arid"), aridity_name(1)
    ('semi-arid', 'arid')
    """
    if isinstance(value, str):
        letters = "".join(filter(str.isalpha, value.lower()))
        for name in ARIDITY:
            if letters == "".join(filter(str.isalpha, name)):
                return name
    elif int(value) in range(len(ARIDITY)):
        return ARIDITY[int(value)]
    raise DataError(f'aridity class "{value}" is unknown. {_near(str(value), ARIDITY)}')


@cache
def cover_name(value: str) -> str:
    """Name of a class of land cover, however it is written.

    Parameters
    ----------
    value : str
        Name of a UNCCD or IGBP class.

    Returns
    -------
    str

    Raises
    ------
    DataError
        No such class, or a code.

    Examples
    --------
    >>> cover_name("Open shrubland"), cover_name("water body")
    ('open_shrubland', 'water')
    """
    if not isinstance(value, str):
        raise DataError(f"land cover class {value} is a code, a name was expected. Known: {', '.join(COVER)}.")
    name = value.strip().lower().replace("-", "_").replace(" ", "_")
    name = ALIASES.get(name, name)
    if name in COVER:
        return name
    raise DataError(f'land cover class "{value}" is unknown. {_near(name, COVER)}')


def _near(word: str, known: tuple[str, ...]) -> str:
    close = difflib.get_close_matches(word, known, 1)
    return f"Did you mean {close[0]}?" if close else f"Known: {', '.join(known)}."
