# SPDX-License-Identifier: Apache-2.0
"""Land that is built over: consumption beside growth of people (SDG 11.3.1), land take, and sealing of the soil."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import pandas as pd
import xarray as xr

from homeground.catalogue.classes import MISSING
from homeground.errors import DataError
from homeground.land.cover.land_cover import UNCCD_CLASSES, transition_areas
from homeground.numbers.units import same_grid

ARTIFICIAL, WATER = 5, 7
SLOW = 0.001  # growth of people below 0.1 % a year in size: a ratio to it says nothing


def land_consumption(
    built_start: Any,
    built_end: Any,
    people_start: Any,
    people_end: Any,
    years: float,
    *,
    formula: Literal["metadata-2021", "logarithmic"] = "metadata-2021",
) -> pd.DataFrame:
    """Whether cities take land faster than people come: SDG 11.3.1, with both rates beside the ratio.

    Parameters
    ----------
    built_start, built_end : array-like or Series, km2
        Built-up area of each city or region in the two years; NaN missing.
    people_start, people_end : array-like or Series, persons
        People there.
    years : float
        Years between.
    formula : {"metadata-2021", "logarithmic"}
        ``metadata-2021``: (V2 - V1) / V1 / years; ``logarithmic``: ln(V2 / V1) / years, as before 2021 and in
        Trends.Earth. Never compare results of the two.

    Returns
    -------
    DataFrame
        land_consumption_rate, population_growth_rate (per year), ratio, quadrant, why_no_ratio,
        built_per_person_start, built_per_person_end (m2), built_change (%), formula. Rows as given.

    Raises
    ------
    DataError
        Lengths differ, negative values, an unknown formula or years not above 0.

    Notes
    -----
    Growth of people is ln(P2 / P1) / years in both. No ratio is given where it is negative or within 0.1 % of zero
    a year, or where land and people move in opposite directions: both rates stand for themselves. Source:
    UN-Habitat metadata of 11.3.1; the linear form of March 2021 was read second-hand. The ln form is seen in the
    documentation of Trends.Earth and in national reports.

    Examples
    --------
    >>> found = land_consumption([100.0, 100.0], [150.0, 110.0], [1e6, 1e6], [1.2e6, 0.9e6], 5)
    >>> found["land_consumption_rate"].round(4).tolist(), found["ratio"].round(3).tolist()
    ([0.1, 0.02], [2.742, nan])
    >>> found["why_no_ratio"].tolist()
    ['', 'people decline']
    """
    if formula not in ("metadata-2021", "logarithmic"):
        raise DataError(f"formula is {formula!r}; metadata-2021 or logarithmic was expected.")
    if not years > 0:
        raise DataError(f"years is {years:g}; a number above 0 was expected.")
    named = {"built_start": built_start, "built_end": built_end, "people_start": people_start, "people_end": people_end}
    index = next((value.index for value in named.values() if isinstance(value, pd.Series)), None)
    arrays = {name: np.atleast_1d(np.asarray(value, dtype="float64")) for name, value in named.items()}
    if len({array.shape for array in arrays.values()}) > 1:
        raise DataError(f"lengths differ: {', '.join(f'{name} {a.size}' for name, a in arrays.items())}.")
    for name, value in named.items():
        if isinstance(value, pd.Series) and not value.index.equals(index):
            raise DataError(f"{name} has other rows than the first Series. Bring them to one order.")
        if (arrays[name] < 0).any():
            raise DataError(f"{name} holds negative values; areas and people from 0 were expected.")
    v1, v2, p1, p2 = (np.where(np.isfinite(a), a, np.nan) for a in arrays.values())
    with np.errstate(divide="ignore", invalid="ignore"):
        land = (v2 - v1) / v1 / years if formula == "metadata-2021" else np.log(v2 / v1) / years
        land = np.where(np.isfinite(land), land, np.nan)
        people = np.log(p2 / p1) / years
        people = np.where(np.isfinite(people), people, np.nan)
        why = np.select(
            [np.isnan(land) | np.isnan(people), np.abs(people) < SLOW, people < 0, land < 0],
            ["missing, or nothing at the start", "people hardly change", "people decline", "built-up land declines"],
            "",
        )
        table = pd.DataFrame(
            {
                "land_consumption_rate": land,
                "population_growth_rate": people,
                "ratio": np.where(why == "", land / people, np.nan),
                "quadrant": np.select(
                    [np.isnan(land) | np.isnan(people), (land >= 0) & (people >= 0), land >= 0, people >= 0],
                    ["", "both grow", "land grows, people decline", "land declines, people grow"],
                    "both decline",
                ),
                "why_no_ratio": why,
                "built_per_person_start": np.where(p1 > 0, 1e6 * v1 / p1, np.nan),
                "built_per_person_end": np.where(p2 > 0, 1e6 * v2 / p2, np.nan),
                "built_change": np.where(v1 > 0, 100 * (v2 - v1) / v1, np.nan),
                "formula": formula,
            },
            index=index,
        )
    return table


def land_take(
    initial: xr.DataArray, final: xr.DataArray, areas: xr.DataArray | None = None, *, inside: xr.DataArray | None = None
) -> pd.DataFrame:
    """How much farm, forest and other land became artificial between two years, and how much came back.

    Parameters
    ----------
    initial, final : DataArray, on one grid
        Land cover in the seven classes, -128 missing.
    areas, inside : DataArray, optional
        As in `area_table`.

    Returns
    -------
    DataFrame
        One row per class of cover that lost or regained land (1 to 4 and 6), then "All": cover, name, take_km2,
        return_km2, net_take_km2, and take_of_artificial (% of the artificial area of the first year; All only). All
        missing where no cell has a class in both years.

    Raises
    ------
    DataError
        Grids differ, or classes outside 1 to 7.

    Notes
    -----
    Land take includes gardens, sports and leisure grounds: it is not `soil_sealing`, which is a part of it. It is
    summed over all classes that turn artificial, whatever name the transition has (a forest built over is called
    deforestation in the manual's Table 9). Source: European Environment Agency, land take (CSI 014).

    Examples
    --------
    >>> import xarray as xr
    >>> found = land_take(xr.DataArray([3, 1, 5, 5], dims="x"), xr.DataArray([5, 5, 3, 5], dims="x"),
    ...                   xr.DataArray([2.0, 1.0, 0.5, 9.5], dims="x"))
    >>> found.iloc[-1][["take_km2", "return_km2", "net_take_km2", "take_of_artificial"]].astype(float).to_dict()
    {'take_km2': 3.0, 'return_km2': 0.5, 'net_take_km2': 2.5, 'take_of_artificial': 30.0}
    """
    moves = transition_areas(initial, final, areas, inside=inside).set_index(["initial", "final"])["area_km2"]
    kinds = [code for code in UNCCD_CLASSES if code not in (ARTIFICIAL, WATER)]
    table = pd.DataFrame(
        {
            "cover": pd.array([*kinds, pd.NA], dtype="Int16"),
            "name": [*(UNCCD_CLASSES[code] for code in kinds), "All"],
            "take_km2": _with_sum([float(moves[code, ARTIFICIAL]) for code in kinds]),
            "return_km2": _with_sum([float(moves[ARTIFICIAL, code]) for code in kinds]),
        }
    )
    if moves.drop((MISSING, MISSING)).sum() == 0:
        table[["take_km2", "return_km2"]] = np.nan  # nothing was seen; that is not no land take
    table["net_take_km2"] = table["take_km2"] - table["return_km2"]
    start = float(sum(moves[ARTIFICIAL, code] for code in UNCCD_CLASSES))
    table["take_of_artificial"] = np.nan
    if start > 0:
        table.loc[table.index[-1], "take_of_artificial"] = 100 * table["take_km2"].iloc[-1] / start
    return table


def soil_sealing(sealed_start: xr.DataArray, sealed_end: xr.DataArray, years: float) -> xr.DataArray:
    """By how many percent of its area a cell is sealed more each year: asphalt, concrete and roofs, not gardens.

    Parameters
    ----------
    sealed_start, sealed_end : DataArray, %
        Share of the cell that is impervious in the two years, 0 to 100; NaN missing.
    years : float
        Years between.

    Returns
    -------
    DataArray, % of the cell's area per year
        Negative where soil was opened; NaN where either year is missing.

    Raises
    ------
    DataError
        Grids differ, shares outside 0 to 100, or years not above 0.

    Notes
    -----
    Mean yearly change of imperviousness, 0.2 means that each year another 0.2 % of the area is sealed. Source:
    European Environment Agency, imperviousness change (LSI 002).

    Examples
    --------
    >>> import xarray as xr
    >>> soil_sealing(xr.DataArray([10.0]), xr.DataArray([16.0]), 3).values.tolist()
    [2.0]
    """
    same_grid(sealed_start, sealed_end)
    if not years > 0:
        raise DataError(f"years is {years:g}; a number above 0 was expected.")
    for layer, name in ((sealed_start, "sealed_start"), (sealed_end, "sealed_end")):
        if bool(((layer < 0) | (layer > 100)).any()):
            raise DataError(f"{name} holds values outside 0 to 100 %. Set the code of no data to NaN first.")
    change = (sealed_end - sealed_start) / years
    return change.rename("soil_sealing").assign_attrs(units="% year-1", long_name="soil sealed each year")


def _with_sum(values: list[float]) -> list[float]:
    return [*values, sum(values)]
