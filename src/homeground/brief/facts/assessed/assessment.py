# SPDX-License-Identifier: Apache-2.0
"""What an assessment of the land and its droughts found, as tables to print; None where the study gave no series."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

from homeground.brief.facts.assessed.noise import ENDS, NULLS, noise_of_countries, read_noise
from homeground.catalogue.atlas import country_names
from homeground.catalogue.classes import MISSING, class_names
from homeground.catalogue.regions import COVERED
from homeground.language.messages import Saying, Word, phrase
from homeground.language.quantities import quantity
from homeground.numbers.fact import Amount
from homeground.running.tables import (
    ALIGNMENT,
    CARBON_STOCKS,
    DEGRADATION,
    DEGRADATION_FACTS,
    DROUGHT,
    DROUGHT_FACTS,
    DROUGHT_PERIODS,
    HOTSPOTS,
    LAND_CHANGES,
    LAND_CORRECTIONS,
    LAND_REPORTS,
    LAND_STATUS,
    LDN_BALANCE,
    PROFILE_DIFFERENCE,
    REGIONS,
    SENSITIVITY,
    TORNADO,
)
from homeground.study.model import Study

if TYPE_CHECKING:
    import pandas as pd

DEGRADED, IMPROVED = (1, 2, 3), (5, 6, 7)  # classes of the status that count as such
DUST = 1e-9  # of a total: a smaller difference of two sums of floats is none
IN_DROUGHT, SEVERE, EXTREME = 2, 3, 4  # lowest class that counts
LAND_LAYERS = (
    *("ndvi", "productivity_baseline", "productivity_period", "cover_series", "soil_carbon", "climate_zone"),
    *("soil_type", "et_series"),
)
FURTHER = {"reports": LAND_REPORTS, "changes": LAND_CHANGES}  # by field
RAIN_LAYERS = ("rain_series", "pet_series", "temperature_series", "tmin_series", "tmax_series")


@dataclass(frozen=True)
class Assessment:
    """The tables of the step that judges the land, as they lie in the results folder."""

    facts: dict[str, Any]
    areas: pd.DataFrame
    status: pd.DataFrame
    balance: pd.DataFrame
    stocks: pd.DataFrame
    profiles: pd.DataFrame
    choices: pd.DataFrame
    bars: pd.DataFrame
    corrections: pd.DataFrame
    patches: pd.DataFrame
    alignment: pd.DataFrame
    noise: pd.DataFrame | None = None  # shares that series without change give
    reports: pd.DataFrame | None = None  # areas of further reporting years
    changes: pd.DataFrame | None = None

    @property
    def judged(self) -> bool:
        """Whether all three sub-indicators were given, so that land has a verdict."""
        return "degraded_share" in self.facts

    @property
    def land(self) -> pd.DataFrame:
        """Rows of the areas without inland water."""
        return self.areas[self.areas["water"] == 0]


@dataclass(frozen=True)
class Drought:
    """The tables of the step that classes droughts; of several indices the study's own."""

    facts: dict[str, Any]
    years: pd.DataFrame
    periods: pd.DataFrame

    @property
    def known(self) -> str:
        """The index with its window, such as SPI-12."""
        return str(self.facts["index"])


def read_assessment(results: Path) -> Assessment | None:
    """The assessment of the land in a results folder."""
    import pandas as pd

    if not (results / DEGRADATION_FACTS).is_file():
        return None
    facts = json.loads((results / DEGRADATION_FACTS).read_text(encoding="utf-8"))
    names = (
        *(DEGRADATION, LAND_STATUS, LDN_BALANCE, CARBON_STOCKS, PROFILE_DIFFERENCE, SENSITIVITY, TORNADO),
        *(LAND_CORRECTIONS, HOTSPOTS, ALIGNMENT),
    )
    found = Assessment(facts, *(pd.read_parquet(results / name) for name in names))
    further: dict[str, Any] = {
        n: pd.read_parquet(results / file) for n, file in FURTHER.items() if (results / file).is_file()
    }
    return replace(found, noise=read_noise(results), **further)


def read_drought(results: Path) -> Drought | None:
    """The droughts in a results folder."""
    import pandas as pd

    if not (results / DROUGHT_FACTS).is_file():
        return None
    facts = json.loads((results / DROUGHT_FACTS).read_text(encoding="utf-8"))
    tables = (pd.read_parquet(results / name) for name in (DROUGHT, DROUGHT_PERIODS))
    own = [t[t["index"] == facts["index"]] if "index" in t else t for t in tables]
    return Drought(facts, *own)


def degraded_by_country(found: Assessment) -> pd.DataFrame:
    """SDG 15.3.1 by country: degraded land in % of the land with a verdict, with its range over choices, and the baseline.

    Returns
    -------
    DataFrame
        iso3, land_km2 (without inland water), degraded_km2, judged_km2, unknown_km2 (land with and without a verdict),
        no_verdict (% of land_km2), degraded, degraded_low, degraded_high (over all choices of method), baseline, improved
        (% of judged_km2), and of degraded and improved ``_noise``, ``_noise_low``, ``_noise_high`` (without any change)
        and ``_rain`` (what the observed rain alone would give). NaN where no land has a verdict or a range was not worked out.
    """
    import numpy as np
    import pandas as pd

    now = found.land[found.land["period"] == "period"]
    land = now.groupby("iso3")["area_km2"].sum()

    def km2(rows: pd.DataFrame) -> pd.Series[float]:
        return rows.groupby("iso3")["area_km2"].sum().reindex(land.index).fillna(0.0)

    status = found.status[found.status["status"] != MISSING]
    degraded, judged = km2(status[status["status"].isin(DEGRADED)]), km2(status)
    out = pd.DataFrame({"land_km2": land, "degraded_km2": degraded, "judged_km2": judged})
    out["unknown_km2"] = [left_over(*pair) for pair in zip(land, judged, strict=True)]
    out["no_verdict"] = 100 * out["unknown_km2"] / land
    known = judged.where(judged > 0)
    out["degraded"] = 100 * degraded / known
    countries = pd.DataFrame(found.facts["countries"]).T.reindex(land.index)
    several = "degraded_low" in found.facts  # without other choices there is no range
    for end in ("low", "high"):
        out[f"degraded_{end}"] = countries[end] if several else np.nan
    out["baseline"] = 100 * km2(status[status["baseline"] == -1]) / known
    out = out.assign(improved=100 * km2(status[status["status"].isin(IMPROVED)]) / known).reset_index()
    for name, null in product(("degraded", "improved"), NULLS):
        ends = noise_of_countries(found.noise, name, out["iso3"], null)
        out[[f"{name}_{null}{end}" for end in ENDS]] = ends.to_numpy()
    return out


def covered(found: Assessment | Drought, results: Path) -> pd.DataFrame | None:
    """Area of each country in the study and the part of it that the user's series cover: shares are of that part.

    Returns
    -------
    DataFrame indexed by iso3, or None without a table of regions
        area_km2 (of the study's regions), covered_km2, share (%).
    """
    import pandas as pd

    path = results / REGIONS
    if not path.is_file():
        return None
    out = pd.read_parquet(path, columns=["iso3", "area_km2"]).groupby("iso3").sum()
    if isinstance(found, Drought):
        seen = found.years.groupby(["iso3", "year"])["area_km2"].sum().groupby("iso3").max()
    else:
        seen = found.areas[found.areas["period"] == "period"].groupby("iso3")["area_km2"].sum()
    out["covered_km2"] = seen.reindex(out.index).fillna(0.0)
    out["share"] = 100 * out["covered_km2"] / out["area_km2"]
    return out


def covered_in_part(found: Assessment | Drought, results: Path) -> float | None:
    """Share of the study's area that the series cover, %; None where they cover every country."""
    table = covered(found, results)
    if table is None or not (table["share"] < COVERED).any():
        return None
    return float(100 * table["covered_km2"].sum() / table["area_km2"].sum())


def gaps_of_cover(found: Assessment | Drought, results: Path, code: str = "en") -> str:
    """Which countries the user's series do not cover, in one sentence of a language; empty where they cover all of each."""
    table = covered(found, results)
    if table is None:
        return ""
    names = country_names(code)
    parts = [
        Saying("assessed.part", {"country": names.get(str(iso3), str(iso3)), "share": Amount(float(share), "%")})
        for iso3, share in table["share"].items()
        if share < COVERED
    ]
    what = "rain" if isinstance(found, Drought) else "series"
    return phrase(f"assessed.covered_{what}", code, parts=parts) if parts else ""


def going_on(found: Assessment, study: Study, code: str = "en") -> str:
    """Where the pace between both states leads by the target year, in one sentence of a language; empty without a verdict."""
    facts = found.facts.get("business_as_usual")
    if facts is None:
        return ""
    pace, left = facts["annual_km2"], facts["shortfall_km2"]
    words: dict[str, Word] = {
        "first": str(study.baseline[1]),
        "last": str(study.period[1]),
        "year": str(facts["target_year"]),
        "pace": ("+" if pace > 0 else "") + quantity(Amount(pace, "km2"), code)[0],
        "projected": Amount(facts["projected_km2"], "km2"),
    }
    if left > 0:
        return phrase("assessed.going_on_short", code, left=Amount(left, "km2"), **words)
    return phrase("assessed.going_on", code, **words)


def left_over(total: float, known: float) -> float:
    """What is left of an area, none where only the last digits of a sum differ.

    Examples
    --------
    >>> left_over(10.0, 7.5), left_over(0.3, 0.1 + 0.1 + 0.1 - 4e-12), left_over(1.0, 2.0)
    (2.5, 0.0, 0.0)
    """
    rest = total - known
    return rest if rest > DUST * total else 0.0


def status_areas(found: Assessment, code: str = "en") -> pd.DataFrame:
    """Land by status: status (1 to 7, -128 without a verdict), name in a language, area_km2, share (% of land)."""
    import pandas as pd

    now = found.land[found.land["period"] == "period"]
    land = float(now["area_km2"].sum())
    by = found.status.groupby("status")["area_km2"].sum()
    rows = [(status, name, float(by.get(status, 0.0))) for status, name in class_names("status", code).items()]
    rows.append((MISSING, phrase("assessed.no_data", code), left_over(land, sum(km2 for *_, km2 in rows))))
    table = pd.DataFrame(rows, columns=["status", "name", "area_km2"])
    return table.assign(share=100 * table["area_km2"] / land)


def neutral(balance: pd.DataFrame) -> bool | None:
    """Whether losses are made good in every land type that a place has; one alone can not make up for another.

    None where no land type could be judged.
    """
    here = balance[balance["land_km2"] > 0]["balanced"].dropna()
    return bool(here.all()) if len(here) else None


def profile_gaps(found: Assessment) -> pd.DataFrame:
    """Land whose class of productivity would differ under the rules of another source.

    Returns
    -------
    DataFrame
        period, other_profile, lookup (its table), differs_km2 (any class), only_here_km2 (degraded by the study's rules
        alone), only_there_km2 (degraded by the other's alone), share (differs, % of land with a class).
    """
    import pandas as pd

    columns = ["period", "other_profile", "lookup", "differs_km2", "only_here_km2", "only_there_km2", "share"]
    rows = []
    known = found.profiles[(found.profiles["class"] != MISSING) & (found.profiles["other_class"] != MISSING)]
    for (period, other, lookup), part in known.groupby(["period", "other_profile", "other_lookup"], sort=False):
        here, there, km2 = part["class"], part["other_class"], part["area_km2"].astype(float)
        changed = km2[here != there].sum()
        alone = (km2[(here == -1) & (there != -1)].sum(), km2[(here != -1) & (there == -1)].sum())
        rows.append((period, other, lookup, changed, *alone, 100 * changed / km2.sum()))
    return pd.DataFrame(rows, columns=columns)


def transitions(found: Assessment) -> pd.DataFrame:
    """Change of cover from one class to another: period, initial, final, area_km2 and degraded_km2, the largest first.

    Counted over land and water, so that land that floods is seen; cover that stayed and land without data are left out.
    """
    moved = found.areas[found.areas["initial"] != found.areas["final"]]
    moved = moved[(moved["initial"] != MISSING) & (moved["final"] != MISSING)]
    lost = moved["area_km2"].where(moved["cover_change"] == -1, 0.0)
    gained = moved["area_km2"].where(moved["cover_change"] == 1, 0.0)
    table = moved.assign(degraded_km2=lost, improved_km2=gained)
    sums = ["area_km2", "degraded_km2", "improved_km2"]
    by = table.groupby(["period", "initial", "final"], as_index=False)[sums].sum()
    return by.sort_values(["period", "area_km2"], ascending=[True, False], ignore_index=True)


def drought_years(found: Drought, iso3: str | None = None) -> pd.DataFrame:
    """Area by class of drought of each year, whole study or one country: index year, columns class codes, km2."""
    rows = found.years if iso3 is None else found.years[found.years["iso3"] == iso3]
    return _by_class(rows, "year")


def drought_windows(found: Drought, iso3: str | None = None) -> pd.DataFrame:
    """Area by the highest class of each four years: index "first-last", columns class codes, km2."""
    rows = found.periods if iso3 is None else found.periods[found.periods["iso3"] == iso3]
    spans = rows["period_start"].astype(str) + "-" + rows["period_end"].astype(str)
    return _by_class(rows.assign(span=spans), "span")


def _by_class(rows: pd.DataFrame, key: str) -> pd.DataFrame:
    table = rows.pivot_table(index=key, columns="drought_class", values="area_km2", aggfunc="sum", fill_value=0.0)
    return table.reindex(columns=[MISSING, -1, 0, 1, 2, 3, 4], fill_value=0.0).rename_axis(None, axis=1)


def drought_shares(table: pd.DataFrame, least: int = IN_DROUGHT) -> pd.Series[float]:
    """Share of the area with a class that is in ``least`` or worse, %; NaN where no area has a class.

    Examples
    --------
    >>> import pandas as pd
    >>> km2 = {-128: [5.0], -1: [5.0], 0: [50.0], 1: [25.0], 2: [15.0], 3: [10.0], 4: [0.0]}
    >>> drought_shares(pd.DataFrame(km2)).tolist()
    [25.0]
    """
    codes = [int(code) for code in table.columns]
    classed = table[[c for c in codes if c >= 0]].sum(axis=1)
    dry = table[[c for c in codes if c >= least]].sum(axis=1)
    return 100 * dry / classed.where(classed > 0)


def driest_year(table: pd.DataFrame) -> int | None:
    """The year with the most area in drought; of equal years the one with the worse classes, then the latest.

    None where all years have the same area, so that none stands out, and where no area has a class.

    Examples
    --------
    >>> import pandas as pd
    >>> classes = {-128: 0.0, -1: 0.0, 0: [9.0, 0.0, 0.0, 0.0], 1: 0.0}
    >>> classes |= {2: [1.0, 7.0, 10.0, 10.0], 3: [0.0, 3.0, 0.0, 0.0], 4: 0.0}
    >>> table = pd.DataFrame(classes, index=[2009, 2012, 2015, 2023])
    >>> driest_year(table), driest_year(table.drop(2012)), driest_year(table.loc[[2015, 2023]])
    (2012, 2023, None)
    """
    import pandas as pd

    ranks = {"dry": IN_DROUGHT, "severe": SEVERE, "extreme": EXTREME}
    shares = pd.DataFrame({name: drought_shares(table, least).round(6) for name, least in ranks.items()}).dropna()
    if shares["dry"].nunique() < 2:
        return None
    ordered = shares.rename_axis(None).assign(year=shares.index).sort_values([*ranks, "year"])
    return int(ordered["year"].iloc[-1])


def own_files(study: Study, layers: tuple[str, ...], code: str = "en") -> str:
    """The user's files by name in a language: one by one, a series by its first and last.

    Examples
    --------
    ``your files ndvi.tif, lc_2000.tif to lc_2022.tif (23 files)``
    """
    told, several = [], False
    for names in _names(study, layers):
        many = len(names) > 2
        series = phrase("assessed.files_between", code, first=names[0], last=names[-1], n=len(names)) if many else ""
        told.append(series or ", ".join(names))
        several |= len(names) > 1
    if not told:
        return ""
    return phrase(
        "assessed.your_files" if several or len(told) > 1 else "assessed.your_file", code, files=", ".join(told)
    )


def own_names(study: Study, layers: tuple[str, ...]) -> str:
    """The user's files by name alone, for a text of any language: ``ndvi.tif, lc_2000.tif … lc_2022.tif``."""
    found = _names(study, layers)
    return ", ".join(f"{n[0]} … {n[-1]}" if len(n) > 2 else ", ".join(n) for n in found)


def _names(study: Study, layers: tuple[str, ...]) -> list[list[str]]:
    found = ([path.name for path in study.layer_files(layer)] for layer in layers)
    return [names for names in found if names]


def choices_tried(found: Assessment) -> int:
    """How many choices of method the range is over; 0 where none were tried."""
    tried = int(found.choices["result"].notna().sum()) if len(found.choices) else 0
    return tried if tried > 1 else 0


def choices_said(found: Assessment, code: str = "en") -> str:
    """How many choices the range is over, in words; empty where none were tried."""
    tried = choices_tried(found)
    return phrase("assessed.choices", code, n=tried) if tried else ""
