# SPDX-License-Identifier: Apache-2.0
"""What one tile adds to the tables of the assessment: areas by region and by every class at once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy import sparse

from homeground.catalogue.classes import MISSING
from homeground.errors import DataError
from homeground.land.assessment.choices import Choices, productivity_names, trend_field
from homeground.land.assessment.judgement import Evidence, carbon_change, combined, cover_change, productivity, three
from homeground.land.assessment.periods import PERIODS
from homeground.land.assessment.tile_facts import TileFacts, TileInputs
from homeground.land.neutrality.error_recode import disputes, judged
from homeground.land.productivity.profiles import PROFILES
from homeground.study.model import Study

RADIX = 10  # codes are missing or -1 to 7: eight of them and the region fit an int64
INDICATORS = ("degradation", "productivity", "cover_change", "carbon_change")
DIGITS = np.roll(np.arange(256), 128).astype(np.int64) - 126  # of a code as a byte: 0 for -128, else the code + 2
DIGITS[128] = 0
FOLDED = np.full(256, MISSING, np.int8)  # five classes of productivity to three; -128 counts from the end
FOLDED[[1, 2, 3, 4, 5]] = -1, -1, 0, 0, 1
CODES = ("productivity", "initial", "final", "cover_change", "carbon_change", "degradation", "abandoned")


def by_region(weights: sp.csr_array, codes: dict[str, NDArray[Any]]) -> pd.DataFrame:
    """Area by region and by each combination of codes that occurs.

    Parameters
    ----------
    weights : sparse array, shape (regions, cells), km2
    codes : dict of name to int8 arrays of the cells

    Returns
    -------
    DataFrame
        region (row of weights), a column for each code, area_km2.

    Examples
    --------
    >>> import scipy.sparse as sp
    >>> weights = sp.csr_array(np.array([[1.0, 2.0, 0.0], [0.0, 1.0, 4.0]]))
    >>> by_region(weights, {"a": np.array([5, 5, -128])}).values.tolist()
    [[0.0, 5.0, 3.0], [1.0, -128.0, 4.0], [1.0, 5.0, 1.0]]
    """
    cells = weights.tocoo()
    region, cell = cells.coords
    each = (
        cell.size == weights.shape[1] and (np.diff(cell) == 1).all()
    )  # every cell once, as in most tiles of a large region
    key = region.astype(np.int64)
    for values in codes.values():
        one = values.ravel() if each else values.ravel()[cell]
        key *= RADIX
        key += DIGITS[one.astype(np.int8, copy=False).view(np.uint8)]
    place, found = pd.factorize(key, sort=True)  # by hash: sorting all keys takes several times as long
    area = np.bincount(place, weights=cells.data, minlength=found.size)
    columns: dict[str, NDArray[Any]] = {}
    for name in reversed(list(codes)):
        columns[name] = np.where(found % RADIX == 0, MISSING, found % RADIX - 2)
        found = found // RADIX
    table = pd.DataFrame({"region": found} | {name: columns[name] for name in codes} | {"area_km2": area})
    return table


def areas(weights: sp.csr_array, results: dict[str, dict[str, Any]], facts: TileFacts) -> pd.DataFrame:
    """The one table that every published area is a sum of, for both periods."""
    parts = []
    nothing = np.full(weights.shape[1], MISSING, np.int8)
    for period, fields in results.items():
        known = facts.evidence[period]
        codes = {name: fields.get(name, nothing) for name in CODES}
        codes["initial"] = nothing if known.initial is None else known.initial
        codes["final"] = nothing if known.final is None else known.final
        codes["water"] = np.zeros(weights.shape[1], np.int8) if known.water is None else known.water.astype(np.int8)
        parts.append(by_region(weights, codes).assign(period=period))
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()


def changes(weights: sp.csr_array, results: dict[str, dict[str, Any]], facts: TileFacts, five: bool) -> pd.DataFrame:
    """Area by the class in the baseline and in each reporting year, of each sub-indicator and of the verdict."""
    parts = []
    for period, fields in results.items():
        water = facts.evidence[period].water
        for name in () if period == "baseline" else INDICATORS:
            if name not in fields or name not in results["baseline"]:
                continue
            codes = {"baseline": results["baseline"][name], "now": fields[name]}
            if five and name == "productivity":
                codes = {when: FOLDED[values.astype(np.int64)] for when, values in codes.items()}
            codes["water"] = np.zeros(weights.shape[1], np.int8) if water is None else water.astype(np.int8)
            parts.append(by_region(weights, codes).assign(period=period, indicator=name))
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()


def statuses(weights: sp.csr_array, out: dict[str, NDArray[Any]], facts: TileFacts, first: int) -> pd.DataFrame:
    """Status and response by region and land type (cover of the baseline's first year)."""
    if "status" not in out:
        return pd.DataFrame(columns=["region", "land_type", "status", "response", "baseline", "period", "area_km2"])
    codes = {"land_type": facts.covers[first], "status": out["status"], "response": out["response"]}
    codes |= {"baseline": out["degradation_baseline"], "period": out["degradation_period"]}
    return by_region(weights, codes)


def stocks(weights: sp.csr_array, facts: TileFacts) -> pd.DataFrame:
    """Soil carbon of each year by region and land cover of that year, t C, with the area it was known on."""
    cells = weights.tocoo()
    region, cell = (at.astype(np.int64) for at in cells.coords)
    parts = []
    for year, stock in facts.stocks.items():
        if year not in facts.covers:
            continue
        tonnes, cover = stock.ravel()[cell] * 100, facts.covers[year].ravel()[cell]  # t C/ha on km2
        known = np.isfinite(tonnes) & (cover != MISSING)
        key, km2 = region[known] * 8 + cover[known], cells.data[known]
        sums = [np.bincount(key, weights=w, minlength=8 * weights.shape[0]) for w in (km2, km2 * tonnes[known])]
        at = np.flatnonzero(sums[0])
        parts.append(
            pd.DataFrame(
                {"region": at // 8, "year": year, "cover": at % 8, "area_km2": sums[0][at], "stock_t": sums[1][at]}
            )
        )
    columns = ["region", "year", "cover", "area_km2", "stock_t"]
    return pd.concat(parts, ignore_index=True)[columns] if parts else pd.DataFrame(columns=columns)


def profiles(weights: sp.csr_array, sources: TileInputs, facts: TileFacts) -> pd.DataFrame:
    """Area by class of productivity under the study's profile and under each other, for both periods."""
    own = sources.study.land.profile
    area = np.asarray(weights.sum(axis=0)).ravel()
    parts = []
    for period in PERIODS:
        known = facts.evidence[period]
        if known.classes is not None or not known.vegetation:
            continue
        land = area * ~(np.zeros(area.size, bool) if known.water is None else known.water.ravel())
        maps = {name: _three(known, Choices(profile=name)) for name in PROFILES if _stored(known, name)}
        for name, other in maps.items():
            if name != own:
                key = (maps[own].ravel().astype(np.int64) + 128) * 256 + other.ravel() + 128
                sums = np.bincount(key, weights=land, minlength=1 << 16)
                at = np.flatnonzero(sums)
                parts.append(
                    pd.DataFrame(
                        {
                            "period": period,
                            "profile": own,
                            "class": at // 256 - 128,
                            "other_profile": name,
                            "other_class": at % 256 - 128,
                            "area_km2": sums[at],
                        }
                    )
                )
    columns = ["period", "profile", "class", "other_profile", "other_class", "area_km2"]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)


def _three(known: Evidence, choices: Choices) -> NDArray[np.int8]:
    classes = productivity(known, choices)
    if classes is None:
        raise AssertionError("a tile with vegetation has a class of productivity")
    found: NDArray[np.int8] = three(classes).values
    return found


def _stored(known: Evidence, profile: str) -> bool:
    return trend_field(PROFILES[profile]) in known.vegetation


def corrections(weights: sp.csr_array, facts: TileFacts, base: Choices) -> pd.DataFrame:
    """What each polygon changed: area by region and by class before and after, the unchanged one too."""
    parts = []
    for period in PERIODS:
        known = facts.evidence[period]
        if not known.cells:
            continue
        found = (productivity(known, base), cover_change(known, base), carbon_change(known, base))
        before, after = combined(found, _uncorrected(known), base), combined(found, known, base)
        if before is None or after is None:
            continue
        if disputed := disputes(before.values, known.polygons, known.cells):
            raise DataError(f"error_polygons, {period}: {' '.join(disputed[:5])}")
        taken = np.zeros(before.shape, bool)
        for number, every in known.cells:
            inside = every & ~taken
            taken |= judged(before.values, known.polygons, number, every)
            here = weights @ sparse.diags_array(inside.ravel().astype("float64"))
            here.eliminate_zeros()
            if here.nnz:
                codes = {"before": before.values, "after": after.values}
                parts.append(by_region(here.tocsr(), codes).assign(period=period, polygon=number))
    columns = ["region", "period", "polygon", "before", "after", "area_km2"]
    return pd.concat(parts, ignore_index=True)[columns] if parts else pd.DataFrame(columns=columns)


def _uncorrected(known: Evidence) -> Evidence:

    return replace(known, cells=[])


def outside_zones(area: NDArray[np.float64], facts: TileFacts) -> float:
    """Area of the study that no zone of a matrix by zone covers."""
    known = facts.evidence["period"]
    return 0.0 if known.zones is None else float(area[known.zones == MISSING].sum())


def five_codes(classes: NDArray[np.int8], study: Study) -> NDArray[np.int8]:
    """Productivity in five codes: of three classes degraded is 1, stable 4 and improved 5; none is stressed."""
    if len(productivity_names(study)) == 5:
        return classes
    return np.select([classes == -1, classes == 0, classes == 1], [1, 4, 5], MISSING).astype(np.int8)


@dataclass(frozen=True)
class Sums:
    """What one tile adds to the tables."""

    areas: pd.DataFrame
    reports: pd.DataFrame  # as areas, of further reporting years
    changes: pd.DataFrame
    status: pd.DataFrame
    stocks: pd.DataFrame
    degraded: dict[tuple[str, str], NDArray[np.float64]]  # km2 by region under each choice: degraded, with a verdict
    profiles: pd.DataFrame
    corrections: pd.DataFrame
    outside_zones: float
