# SPDX-License-Identifier: Apache-2.0
"""How much land each measure could take in each unit: the rules of `suitability` over a table, up to a million cells."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from homeground.errors import DataError, Problems
from homeground.measures.options import measures_in
from homeground.measures.rates.records import UNVERIFIED
from homeground.measures.suitability import (
    FURTHER,
    UNIT_COLUMNS,
    aridity_name,
    cover_name,
    of_class,
    suitability_rules,
    unit_key,
)


def suitable_areas(
    units: pd.DataFrame, options: pd.DataFrame, *, trees_on_open_land: bool = False, ceiling: str = "mid"
) -> pd.DataFrame:
    """How much land each measure could take in each unit, and how much of it people may adopt.

    Parameters
    ----------
    units : DataFrame
        One row per region x aridity class x cover class: region_id, iso3, aridity_class, cover_class, area_km2, rain_mm
        (mean yearly rain, mm). Optional mobile_pastoral (bool; left out: taken as not known, nothing is switched off), and
        as further parts of the key state (of the land) and restore (see `unsuitable_reason`).
    options : DataFrame
        From `homeground.measures.options`; its adoption_ceiling is the share of suitable land that may be taken up
        (expert default for most measures, see adoption_ceiling_quality).
    trees_on_open_land : bool
        As in `unsuitable_reason`.
    ceiling : {"low", "mid", "high"}
        Which adoption ceiling.

    Returns
    -------
    DataFrame, one row per unit and measure
        region_id, iso3, aridity_class, cover_class (names), state and restore where given, measure, suitable_km2, ceiling_km2, reason (why
        suitable_km2 is zero; empty where the measure fits), ceiling_quality (5: expert default, unverified).

    Raises
    ------
    DataError
        A column is missing, an area is negative or missing, a unit is given twice, a class is unknown.

    Examples
    --------
    >>> import pandas as pd
    >>> from homeground.measures import options
    >>> unit = dict(region_id="NE1", iso3="NER", aridity_class="arid", cover_class="grassland")
    >>> unit |= dict(area_km2=50.0, rain_mm=350.0)
    >>> areas = suitable_areas(pd.DataFrame([unit]), options()).set_index("measure")
    >>> areas.loc[["half_moons", "tree_planting"], ["suitable_km2", "ceiling_km2"]].values.tolist()
    [[50.0, 5.0], [0.0, 0.0]]
    """
    _check_units(units)
    measures = measures_in(options)
    known = list(suitability_rules().index)
    unruled = [name for name in measures if name not in known]
    if unruled:
        raise DataError(
            f"{', '.join(map(str, unruled))} have no suitability rule. Leave them out. Known: {', '.join(known)}."
        )
    n, m = len(units), len(measures)
    of_unit = np.repeat(np.arange(n), m)
    named = units.assign(
        aridity_class=[aridity_name(value) for value in units["aridity_class"]],
        cover_class=[cover_name(value) for value in units["cover_class"]],
    )
    texts = _Texts()
    why = _reasons(named, measures, texts, trees_on_open_land=trees_on_open_land)
    share, quality = _of_places(named["iso3"], measures, options, f"adoption_ceiling_{ceiling}")
    why = np.where((why == 0) & np.isnan(share), texts.code("no figures of this place"), why)
    area = np.where(why == 0, named["area_km2"].to_numpy(float)[:, None], 0.0)
    keys = ["region_id", "iso3", "aridity_class", "cover_class", *(name for name in FURTHER if name in units)]
    # Out of lists, as a table of rows would be: of text, whatever the units hold their text in.
    found = {name: named[name].infer_objects().iloc[of_unit].reset_index(drop=True) for name in keys}
    return pd.DataFrame(
        found
        | {
            "measure": pd.Series(measures, dtype="str").iloc[np.tile(np.arange(m), n)].reset_index(drop=True),
            "suitable_km2": area.ravel(),
            "ceiling_km2": (area * np.nan_to_num(share)).ravel(),
            "reason": pd.Series(texts.texts, dtype="str").iloc[why.ravel()].reset_index(drop=True),
            "ceiling_quality": np.where(np.isnan(quality), UNVERIFIED, quality).astype("int64").ravel(),
        }
    )


class _Texts:
    """Texts by number; 0 is the empty one."""

    def __init__(self) -> None:
        self.texts = [""]
        self._codes = {"": 0}

    def code(self, text: str) -> int:
        if text not in self._codes:
            self._codes[text] = len(self.texts)
            self.texts.append(text)
        return self._codes[text]


def _reasons(units: pd.DataFrame, measures: list[str], texts: _Texts, *, trees_on_open_land: bool) -> NDArray[np.int64]:
    """`unsuitable_reason` of every unit and measure, by the number of its text: a million cells are of a few dozen kinds."""
    n = len(units)
    pastoral = units["mobile_pastoral"].astype(bool) if "mobile_pastoral" in units else pd.Series([False] * n)
    kinds = [units["aridity_class"].to_numpy(), units["cover_class"].to_numpy(), pastoral.to_numpy()]
    kinds += [units["restore"].astype(bool).to_numpy()] if "restore" in units else []
    kind, found = pd.factorize(pd.MultiIndex.from_arrays(kinds))
    rain = units["rain_mm"].to_numpy(float)
    shown = np.rint(np.nan_to_num(rain)).astype(np.int64)  # as it is written: halves to the even
    why = np.zeros((n, len(measures)), np.int64)
    for at, measure in enumerate(measures):
        restore = [bool(one[3]) if len(one) > 3 else None for one in found]
        of_kind = []
        for one, back in zip(found, restore, strict=True):
            before, after, low, high = of_class(measure, one[0], one[1], trees_on_open_land, bool(one[2]), back)
            of_kind.append((texts.code(before), texts.code(after), low, high))
        first, last, least, most = (
            np.array([one[place] for one in of_kind], of)[kind]
            for place, of in ((0, np.int64), (1, np.int64), (2, np.float64), (3, np.float64))
        )
        why[:, at] = np.where(first > 0, first, last)
        asks = first == 0
        why[asks & np.isnan(rain), at] = texts.code("rain is not known")
        for limits, words, out in ((least, "under", rain < least), (most, "over", rain > most)):
            for limit in np.unique(limits[asks & out]):
                rows = asks & out & (limits == limit)
                mm, place = np.unique(shown[rows], return_inverse=True)
                said = [texts.code(f"rain of {one} mm is {words} {limit:.0f} mm") for one in mm]
                why[rows, at] = np.array(said, np.int64)[place]
    return why


def _of_places(
    iso3: pd.Series[str], measures: list[str], options: pd.DataFrame, ceiling: str
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Ceiling and its quality by unit and measure; NaN where the options have no figures of the place."""
    place, places = pd.factorize(iso3)
    keys = [(one, measure) if options.index.nlevels > 1 else measure for one in places for measure in measures]
    tables = (options[name].to_dict() for name in (ceiling, "adoption_ceiling_quality"))
    share, quality = (
        np.array([float(table.get(key, math.nan)) for key in keys]).reshape(len(places), len(measures))[place]
        for table in tables
    )
    return share, quality


def _check_units(units: pd.DataFrame) -> None:
    problems = Problems("the units table")
    missing = [name for name in UNIT_COLUMNS if name not in units.columns]
    if missing:
        raise DataError(f"the units table lacks {', '.join(missing)}. Expected: {', '.join(UNIT_COLUMNS)}.")
    bad = units[~(units["area_km2"] >= 0)]
    if len(bad):
        problems.add(f"area_km2 is missing or negative in {len(bad)} rows, first in {bad['region_id'].iloc[0]}.")
    key = [name for name in unit_key(units) if name != "iso3"]
    double = units[units.duplicated(key)]
    if len(double):
        problems.add(f"{len(double)} units are given twice ({', '.join(key)}), first in {double['region_id'].iloc[0]}.")
    if "mobile_pastoral" in units.columns and units["mobile_pastoral"].isna().any():
        problems.add("mobile_pastoral is missing in some rows. Write true or false, or leave the column out.")
    problems.raise_if_any(DataError)
