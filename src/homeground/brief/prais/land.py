# SPDX-License-Identifier: Apache-2.0
"""What the PRAIS tables on land and drought take from an assessment of the country's own series."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from homeground.brief.facts.assessment import (
    DEGRADED,
    LAND_LAYERS,
    RAIN_LAYERS,
    Assessment,
    Drought,
    choices_said,
    degraded_by_country,
    drought_years,
    left_over,
    own_files,
    read_assessment,
    read_drought,
)
from homeground.brief.prais.form import COVER, LISTS, Key, PraisAnswer
from homeground.catalogue.classes import MISSING
from homeground.study.model import Study

if TYPE_CHECKING:
    import pandas as pd

WATER = 7  # class of land cover
THREE = dict(zip((-1, 0, 1), LISTS["@three"], strict=True))
CLASSES = dict(enumerate(COVER, start=1))
DYNAMICS = dict(zip((1, 2, 3, 4, 5, MISSING), LISTS["@dynamics"], strict=True))
DROUGHT: dict[str, tuple[int, ...]] = {
    "Mild drought": (1,),
    "Moderate drought": (2,),
    "Severe drought": (3,),
    "Extreme drought": (4,),
}
DROUGHT |= {"Non-drought": (0,), "No data": (-1, MISSING)}
FORM = ("2000-2015", "2016-2023")  # periods that the form asks for
MOST_PLACES = 10  # hotspots and brightspots that a form proposes
NO_ERROR = "No interval: areas of maps that come without an error field."


@dataclass
class Filled:
    """Answers of one country, what to know of all values of a table, and why tables stay empty."""

    answers: dict[Key, PraisAnswer] = field(default_factory=dict)
    caveats: dict[str, str] = field(default_factory=dict)
    why: dict[str, str] = field(default_factory=dict)
    notes: dict[Key, str] = field(default_factory=dict)


def assessed_answers(iso3: str, results: Path, study: Study, whole: Callable[[float], str]) -> Filled:
    """What the user's own series fill in for one country.

    Parameters
    ----------
    whole : callable
        Takes the area that the study looks at and returns why it cannot stand for the country, "" where it can.

    Notes
    -----
    Land is what the map of the baseline's first year does not show as water, in all years: one denominator for both
    periods. All tables on land add up to it, those on cover and drought to the total country area.
    """
    out = Filled()
    found, drought = read_assessment(results), read_drought(results)
    if found is not None and study.layer("cover_series") is not None:
        here = _of(found, iso3)
        total = float(here.areas.loc[here.areas["period"] == "period", "area_km2"].sum())
        if reason := whole(total):
            tables = ("SO1-2.T1", "SO1-2.T2", "SO1-2.T3", "SO1-3.T1", "SO1-3.T2", "SO1-4.T1", "SO1-4.T2")
            out.why |= dict.fromkeys((*tables, "SO1-1.T5", "SO1-1.T6", "SO1-1.T7"), reason)
        else:
            _land(out, here, study)
    if drought is not None:
        years = drought_years(drought, iso3)
        if reason := whole(float(years.sum(axis=1).max()) if len(years) else 0.0):
            out.why |= dict.fromkeys(("SO3-1.T1", "SO3-1.T2"), reason)
        else:
            _drought(out, drought, years, study)
    return out


def _of(found: Assessment, iso3: str) -> Assessment:
    """The rows of one country."""
    names = ("areas", "status", "balance", "stocks", "corrections", "patches")
    return Assessment(**{**vars(found), **{n: (t := getattr(found, n))[t["iso3"] == iso3] for n in names}})


def _land(out: Filled, here: Assessment, study: Study) -> None:
    cover = own_files(study, ("cover_series",))
    other = f"the study's periods {_baseline(study)} and {_period(study)} are others; its own rows stand last"
    if (_baseline(study), _period(study)) != FORM:
        out.why |= dict.fromkeys(("SO1-1.T5", "SO1-1.T6", "SO1-1.T7"), other)
        out.why |= dict.fromkeys(("SO1-2.T1", "SO1-2.T2", "SO1-2.T3", "SO1-3.T2", "SO1-4.T1"), other)
    _areas_of_cover(out, here, study, cover)
    _transitions(out, here, study, cover)
    if (here.land["productivity"] != MISSING).any():
        _productivity(out, here, study)
    else:
        _drop(out, "SO1-2.")
    if len(here.stocks):
        _carbon(out, here, study)
    else:
        _drop(out, "SO1-3.")
    if here.judged:
        _status(out, here, study)
        _degraded(out, here, study)
        _patches(out, here, study)
    else:
        _drop(out, "SO1-4.")
    _corrections(out, here, study)


def _drop(out: Filled, form: str) -> None:
    """What was not given keeps the form's own reason."""
    out.why = {table: reason for table, reason in out.why.items() if not table.startswith(form)}


def _years(here: Assessment, study: Study) -> Iterator[tuple[int, str, pd.DataFrame, str]]:
    """Year asked, the map that stands for it, the rows that hold its cover, and in which column."""
    used = {int(asked): str(year) for asked, year in here.facts["cover"].items()}
    places = (
        (study.baseline[0], "baseline", "initial"),
        (study.baseline[1], "baseline", "final"),
        (study.period[1], "period", "final"),
    )
    for year, period, column in places:
        yield year, used.get(year, str(year)), here.areas[here.areas["period"] == period], column


def _areas_of_cover(out: Filled, here: Assessment, study: Study, source: str) -> None:
    for year, used, rows, column in _years(here, study):
        by = rows.groupby(column)["area_km2"].sum()
        for code, name in (*CLASSES.items(), (MISSING, "No data")):
            out.answers["SO1-1.T4", str(year), name, ""] = PraisAnswer(
                float(by.get(code, 0.0)), source, used, "observed"
            )
        total, water = float(rows["area_km2"].sum()), float(rows.loc[rows["water"] == 1, "area_km2"].sum())
        first = str(here.facts["cover"].get(str(study.baseline[0]), study.baseline[0]))
        for name, value in (
            ("Land area", total - water),
            ("Water bodies", water),
            ("Total country area", total),
        ):
            out.answers["CP-1.T1", str(year), name, ""] = PraisAnswer(value, source, first, "observed")
    held = f"Land is without the inland water of {study.baseline[0]}, in all years: both periods have one denominator."
    out.caveats |= {"CP-1.T1": f"{NO_ERROR} {held}", "SO1-1.T4": NO_ERROR}
    kept = "the study's periods do not end in this year; run it with a period that does"
    out.why |= dict.fromkeys(("CP-1.T1", "SO1-1.T4"), kept)


def _transitions(out: Filled, here: Assessment, study: Study, source: str) -> None:
    for period, table, years in (("baseline", "SO1-1.T5", _baseline(study)), ("period", "SO1-1.T6", _period(study))):
        rows = here.areas[here.areas["period"] == period]
        by = rows.groupby(["initial", "final"])["area_km2"].sum()
        told = _cover_years(here, study, period)
        for first, row in CLASSES.items():
            for last, column in CLASSES.items():
                value = float(by.get((first, last), 0.0))
                out.answers[table, years, row, column] = PraisAnswer(value, source, told, "observed")
        out.caveats[table] = f"{NO_ERROR} Rows and columns with No data in SO1-1.T4 are not in it."
        _three(out, "SO1-1.T7", years, rows, "cover_change", (source, told, "observed"))
    out.caveats["SO1-1.T7"] = f"{NO_ERROR} By the study's transition matrix; inland water counts as stable."


def _productivity(out: Filled, here: Assessment, study: Study) -> None:
    five = len(here.facts["productivity"]) == 5
    source = own_files(study, ("ndvi", "productivity_baseline", "productivity_period"))
    for period, table, years in (
        ("baseline", "SO1-2.T1", _baseline(study)),
        ("period", "SO1-2.T2", f"{study.period[1] - 15}-{study.period[1]}"),
    ):
        rows = here.land[here.land["period"] == period]
        by = rows.groupby(["final", "productivity"])["area_km2"].sum()
        for cover, row in CLASSES.items() if five else ():
            for code, column in DYNAMICS.items():
                value = float(by.get((cover, code), 0.0))
                out.answers[table, years, row, column] = PraisAnswer(value, source, years, "modelled")
        three = rows.assign(three=rows["productivity"].replace({1: -1, 2: -1, 3: 0, 4: 0, 5: 1} if five else {}))
        _three(out, "SO1-2.T3", years, three, "three", (source, years, "modelled"))
        out.caveats[table] = f"{NO_ERROR} By land cover at the end of the period; without inland water."
        if not five:
            out.why[table] = f"the rules {study.land.profile} give three classes of productivity, not five"
    told = "What other rules would give: profile_difference in tables.xlsx."
    out.caveats["SO1-2.T3"] = f"{NO_ERROR} Rules: {study.land.profile}. {told}"


def _carbon(out: Filled, here: Assessment, study: Study) -> None:
    source = own_files(study, ("soil_carbon", "cover_series", "climate_zone"))
    by = here.stocks.groupby(["year", "cover"])[["area_km2", "stock_t"]].sum()
    for (year, cover), km2, tonnes in zip(by.index.tolist(), by["area_km2"], by["stock_t"], strict=True):
        if cover != WATER and km2 > 0:  # inland water has no topsoil
            key = ("SO1-3.T1", str(year), CLASSES[cover], "")
            out.answers[key] = PraisAnswer(float(tonnes) / float(km2) / 100, source, str(year), "modelled")
    out.caveats["SO1-3.T1"] = "No interval: your map of soil carbon is taken without an error field. Modified Tier 1."
    out.why["SO1-3.T1"] = "no land of this class with a known stock, or a year at which no period of the study ends"
    for period, years in (("baseline", _baseline(study)), ("period", _period(study))):
        rows = here.land[here.land["period"] == period]
        told = (source, _cover_years(here, study, period), "modelled")
        _three(out, "SO1-3.T2", years, rows, "carbon_change", told)
    out.caveats["SO1-3.T2"] = f"{NO_ERROR} A change of {study.land.carbon_threshold:g} % counts."


def _three(out: Filled, table: str, years: str, rows: pd.DataFrame, column: str, said: tuple[str, str, str]) -> None:
    """Area and share of degraded, stable, improved and unknown land; what has no class is No data."""
    source, told, kind = said
    total = float(rows["area_km2"].sum())
    by = rows.groupby(column)["area_km2"].sum()
    known = {name: float(by.get(code, 0.0)) for code, name in THREE.items()}
    for name, value in (*known.items(), ("No data", left_over(total, sum(known.values())))):
        out.answers[table, years, name, "area"] = PraisAnswer(value, source, told, kind)
        share = 100 * value / total if total else 0.0
        out.answers[table, years, name, "share"] = PraisAnswer(share, source, told, kind)


def _status(out: Filled, here: Assessment, study: Study) -> None:
    by = here.status.groupby(["baseline", "period"])["area_km2"].sum()
    years, source = f"{_baseline(study)} and {_period(study)}", own_files(study, LAND_LAYERS)
    for first, row in THREE.items():
        for last, column in THREE.items():
            value = float(by.get((first, last), 0.0))
            out.answers["SO1-4.T1", years, row, column] = PraisAnswer(value, source, years, "modelled")
    out.caveats["SO1-4.T1"] = (
        "No interval by cell: the range of SO1-4.T2 is that of the whole. Land without a verdict in both periods is not in "
        "it. Degraded at the end: the column Degraded, and degraded in the baseline and stable since."
    )


def _degraded(out: Filled, here: Assessment, study: Study) -> None:
    source, row = own_files(study, LAND_LAYERS), degraded_by_country(here).iloc[0]
    first, end = str(study.baseline[1]), str(study.period[1])
    land = float(row["land_km2"])
    for year, share, period, ends in (
        (first, float(row["baseline"]), _baseline(study), (None, None)),
        (end, float(row["degraded"]), f"{_baseline(study)} and {_period(study)}", _ends(row)),
    ):
        for column, scale in (("area", land / 100), ("share", 1.0)):
            low, high = (None if e is None else e * scale for e in ends)
            key = ("SO1-4.T2", year, "Degraded land", column)
            out.answers[key] = PraisAnswer(share * scale, source, period, "modelled", low, high)
    said = choices_said(here)
    span = (
        f"Low and high: the least and the most {said}, no confidence interval; {first} is worked out for one choice only."
        if said
        else "No range: other choices were not tried."
    )
    unknown = float(row["unknown_km2"])
    lacking = f" {unknown:,.0f} km2 without a verdict count as land." if unknown >= 0.5 else ""
    out.caveats["SO1-4.T2"] = f"{first}: the assessment of the baseline. {end}: the status. {span}{lacking}"
    out.why["SO1-4.T2"] = "the study has no period that ends in this year; run it once more with one that does"
    km2 = here.status.loc[here.status["status"].isin(DEGRADED), "area_km2"].sum()
    assert abs(km2 - float(row["degraded_km2"])) < 1e-6 * max(land, 1.0)  # noqa: S101 - both are sums of one table


def _ends(row: pd.Series[float]) -> tuple[float | None, float | None]:
    low, high = float(row["degraded_low"]), float(row["degraded_high"])
    return (None, None) if low != low else (low, high)  # noqa: PLR0124


def _patches(out: Filled, here: Assessment, study: Study) -> None:
    """The largest patches of degraded and of improving land: proposals, for the experts of the country to choose from."""
    source, years = own_files(study, LAND_LAYERS), f"{_baseline(study)} and {_period(study)}"
    for table, kind in (("SO1-4.T4", "hotspot"), ("SO1-4.T5", "brightspot")):
        rows = here.patches[here.patches["kind"] == kind]
        rows = rows[rows["area_km2"] >= study.land.hotspot_km2]  # of a patch over a border, the part in the country
        least = f"{study.land.hotspot_km2:g} km2"
        if rows.empty:
            out.why[table] = f"the map of status has no patch of {least} or more in the country"
            continue
        told = [
            f"{row['patch']}: {_place(row['latitude'], row['longitude'])}, {row['region_id']}, {row['area_km2']:,.0f} km2"
            for row in rows.nlargest(MOST_PLACES, "area_km2").to_dict("records")
        ]
        out.answers[table, "", "Places", ""] = PraisAnswer("; ".join(told) + ".", source, years, "modelled")
        which = f"the {MOST_PLACES} largest of {len(rows)}" if len(rows) > MOST_PLACES else "all"
        out.caveats[table] = (
            f"Proposals, {which}: joined land of one verdict of {least} or more (number, middle, region, area; "
            "hotspots in tables.xlsx). Experts of the country choose, name and explain the places."
        )


def _place(latitude: float, longitude: float) -> str:
    north, east = "N" if latitude >= 0 else "S", "E" if longitude >= 0 else "W"
    return f"{abs(latitude):.2f} {north} {abs(longitude):.2f} {east}"


def _corrections(out: Filled, here: Assessment, study: Study) -> None:
    """False positives and negatives as the user's polygons have them."""
    rows = here.corrections
    rows = rows[rows["before"] != rows["after"]]
    if rows.empty:
        return
    named = {**THREE, MISSING: "No data"}
    spans = {"baseline": _baseline(study), "period": _period(study)}
    reasons = ["process_driving_change", "basis_for_judgement"]
    keys = ["period", "polygon", "before", "after", "location_name", *reasons]
    said = []
    for row in rows.groupby(keys, dropna=False, sort=False)["area_km2"].sum().reset_index().to_dict("records"):
        before, after, km2 = int(row["before"]), int(row["after"]), float(row["area_km2"])
        kind = "false positive" if after == -1 else "false negative" if before == -1 and after >= 0 else "corrected"
        place = row["location_name"] if isinstance(row["location_name"], str) else "a place without a name"
        why = "; ".join(text for text in (row[name] for name in reasons) if isinstance(text, str) and text)
        change = f"{kind}, {named[before]} to {named[after]}".lower()
        said.append(f"{place}, {spans[row['period']]}: {change}, {km2:,.1f} km2 ({why})")
    text = ". ".join(said) + "."
    out.answers["SO1-4.T3", "", "Places", ""] = PraisAnswer(
        text, f"your file {study.data.error_polygons}", "", "observed"
    )


def _drought(out: Filled, found: Drought, years: pd.DataFrame, study: Study) -> None:
    source = f"{own_files(study, RAIN_LAYERS)}; {found.known}, calibrated on {found.facts['calibration']}"
    for year, row in years.iterrows():
        total, dry = float(row.sum()), float(row[[1, 2, 3, 4]].sum())
        for name, codes in DROUGHT.items():
            value = float(row[list(codes)].sum())
            out.answers["SO3-1.T1", str(year), name, ""] = PraisAnswer(value, source, f"December {year}", "modelled")
        share = 100 * dry / total
        out.answers["SO3-1.T2", str(year), "Land under drought", ""] = PraisAnswer(
            share, source, f"December {year}", "modelled"
        )
    held = (
        "No interval: the series of rain comes without an error field. The grid of rain does not tell inland water from "
        "land, so areas add up to the total country area and shares are of it; area without a class counts as area."
    )
    out.why |= dict.fromkeys(("SO3-1.T1", "SO3-1.T2"), "the series of rain gives no class in this year")
    out.caveats |= {"SO3-1.T1": held, "SO3-1.T2": f"All classes from mild. {held}"}


def _baseline(study: Study) -> str:
    return f"{study.baseline[0]}-{study.baseline[1]}"


def _period(study: Study) -> str:
    return f"{study.baseline[1] + 1}-{study.period[1]}"


def _cover_years(here: Assessment, study: Study, period: str) -> str:
    ends = study.baseline if period == "baseline" else (study.baseline[1], study.period[1])
    used = here.facts["cover"]
    return " and ".join(str(used.get(str(year), year)) for year in ends)
