# SPDX-License-Identifier: Apache-2.0
"""What the page says of land that was assessed from the user's own series: SDG 15.3.1, its parts and its limits."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from homeground.brief.facts.assessed.assessment import (
    LAND_LAYERS,
    Assessment,
    choices_tried,
    degraded_by_country,
    neutral,
    own_files,
    profile_gaps,
    status_areas,
    transitions,
)
from homeground.brief.facts.assessed.noise import NULLS, against_chance
from homeground.brief.facts.assessed.season import season
from homeground.brief.page.content import Figure, RasterMap, Table
from homeground.brief.page.tables import three_digits
from homeground.brief.sections.rasters import coarse_raster
from homeground.brief.sections.tables import by_country, country_head
from homeground.catalogue.atlas import country_names
from homeground.catalogue.classes import MISSING, class_colours, class_names
from homeground.language.figures import span, write_number
from homeground.language.messages import Saying, phrase, tell
from homeground.language.wording import named, unit_name
from homeground.study.model import Study

if TYPE_CHECKING:
    import pandas as pd

LARGEST = 12  # changes of cover that the page lists
OF_LAND = "% of land"


def told(study: Study, code: str) -> str:
    """Source, licence, kind and years of a table, for its note."""
    return _caption(own_files(study, LAND_LAYERS, code), period_of(study, code), "modelled", code)


def _caption(files: str, years: str, kind: str, code: str) -> str:
    words = {"kind": phrase(f"kind.{kind}", code), "licence": phrase("licence.own", code)}
    return phrase("ui.caption", code, period=years, source=files, **words)


def period_of(study: Study, code: str) -> str:
    """Which years are compared."""
    return phrase("section.assessed.against", code, year=str(study.period[1]), years=span(*study.baseline))


def body(found: Assessment, study: Study, code: str) -> tuple[str, ...]:
    """What the assessment rests on, in sentences."""
    if found.facts["missing"]:
        return (phrase("section.assessed.missing", code, layers=list(found.facts["missing"])),)
    files = own_files(study, LAND_LAYERS, code)
    said = [phrase("section.assessed.rules", code, files=files, profile=study.land.profile)]
    other = [
        Saying("section.assessed.by_map", {"year": asked, "used": str(used)})
        for asked, used in found.facts["cover"].items()
        if int(asked) != used
    ]
    said += [phrase("section.assessed.other_years", code, years=other)] if other else []
    said += [tell(season(study), code)] if season(study) else []
    if beside := against_chance(found.noise, code, study.land.trend_of):
        said.append(tell(beside, code))
    return tuple(said)


def rasters(found: Assessment, study: Study, results: Path, code: str) -> tuple[RasterMap, ...]:
    """The status of the land, seven classes, brown for loss and blue for gain."""
    if not found.judged:
        return ()
    rows = status_areas(found, code)
    classed = rows[rows["status"] != MISSING]
    areas = {int(status): float(km2) for status, km2 in zip(classed["status"], classed["area_km2"], strict=True)}
    names = {int(status): str(name) for status, name in zip(classed["status"], classed["name"], strict=True)}
    classes, bounds = coarse_raster(results / "land.zarr" / "degradation", "status")
    return (
        RasterMap(
            phrase("map.status.title", code, year=str(study.period[1])),
            classes,
            bounds,
            names,
            class_colours("status"),
            areas,
            source=own_files(study, LAND_LAYERS, code),
            period=period_of(study, code),
            data_kind="modelled",
            licence=phrase("licence.own", code),
            shows=phrase("section.assessed.status_shows", code),
        ),
    )


def charts(found: Assessment, study: Study, code: str) -> tuple[Figure, ...]:
    """How far choices of method move SDG 15.3.1."""
    from homeground.brief.drawing.bars import tornado_chart

    if len(found.choices) < 2:
        return ()
    bars = found.bars.assign(
        setting=[named("setting", name, code) for name in found.bars["setting"]],
        low_value=[named("choice", value, code) for value in found.bars["low_value"]],
        high_value=[named("choice", value, code) for value in found.bars["high_value"]],
    )
    title = phrase("section.assessed.choices", code)
    svg = tornado_chart(
        bars, label="setting", low="low", low_choice="low_value", high="high", high_choice="high_value",
        base=float(bars["base"].iloc[0]), unit=unit_name(OF_LAND, code), language=code, describe=title,
    )  # fmt: skip
    missing = int(bars["missing"].sum())
    note = phrase("section.assessed.two_choices", code)
    if missing:
        note = phrase("section.assessed.two_choices_lost", code, n=missing)
    return (
        Figure(
            svg,
            title,
            phrase("section.assessed.choices_shows", code),
            period_of(study, code),
            own_files(study, LAND_LAYERS, code),
            "modelled",
            phrase("licence.own", code),
            note=note,
        ),
    )


def tables(found: Assessment, study: Study, code: str) -> tuple[Table, ...]:
    """Every table of the assessment that has rows."""
    made: list[Table | None] = []
    if found.judged:
        made += [_countries(found, study, code), _status(found, study, code), *_balances(found, study, code)]
    made += [part(found, study, code) for part in (_transitions, _profiles, _corrections, _alignment)]
    return tuple(table for table in made if table is not None)


def _heads(names: tuple[str, ...], code: str) -> dict[str, str]:
    return {name: phrase(f"column.assessed.{name}", code) for name in names}


def _countries(found: Assessment, study: Study, code: str) -> Table:
    table = by_country(degraded_by_country(found), code)
    if not table["degraded_low"].notna().any():
        table = table.drop(columns=["degraded_low", "degraded_high"])
    ranges = tuple(f"{name}_{null}" for name in ("degraded", "improved") for null in NULLS)
    chance = tuple(name for name in ranges if table[name].notna().any())
    km2, percent = ("land_km2", "degraded_km2", "unknown_km2"), ("degraded", "baseline", "improved", *chance)
    units = dict.fromkeys(km2, unit_name("km2", code)) | dict.fromkeys(percent, unit_name(OF_LAND, code))
    tried = choices_tried(found)
    several = "_several" if len(table) > 1 else ""
    range_note = f"section.assessed.range{several}" if tried else "section.assessed.no_range"
    words = {"n": tried} if tried else {}
    note = phrase("section.assessed.countries_note", code, range=Saying(range_note, words), caption=told(study, code))
    heads = country_head(code) | _heads(("land_km2", "degraded_km2", *percent, "unknown_km2"), code)
    return Table(phrase("section.assessed.by_country", code), table, heads, units, note, dict.fromkeys(percent, 1))


def _status(found: Assessment, study: Study, code: str) -> Table:
    heads = _heads(("name", "area_km2", "share"), code)
    units = {"area_km2": unit_name("km2", code), "share": unit_name(OF_LAND, code)}
    note = phrase("section.assessed.status_note", code, caption=told(study, code))
    title = phrase("section.assessed.status", code)
    return Table(title, status_areas(found, code), heads, units, note, {"share": 1})


def _balances(found: Assessment, study: Study, code: str) -> list[Table]:
    names = country_names(code)
    groups = [(str(iso3), rows) for iso3, rows in found.balance.groupby("iso3")]
    several = len(groups) > 2
    whole = phrase("section.assessed.whole", code)
    return [_balance(rows, names.get(iso3, whole), study, code) for iso3, rows in groups if iso3 or several]


def _balance(rows: pd.DataFrame, place: str, study: Study, code: str) -> Table:
    km2 = ("losses_km2", "gains_km2", "balance_km2", "neutral_km2", "no_data_km2")
    here = rows[rows["land_km2"] > 0].reset_index(drop=True)
    types = [_land_type(kind, code) for kind in here["land_type"].tolist()]
    said = {True: phrase("page.yes", code), False: phrase("page.no", code)}
    frame = here.assign(name=types, balanced=here["balanced"].map(said))
    verdict = {True: "balanced", False: "not_balanced", None: "balance_unknown"}[neutral(rows)]
    note = phrase(f"section.assessed.{verdict}", code, year=str(study.baseline[0]), caption=told(study, code))
    heads = _heads(("name", *km2, "balanced"), code) | {"name": phrase("column.assessed.land_type", code)}
    title = phrase("section.assessed.neutrality", code, place=place)
    units = dict.fromkeys(km2, unit_name("km2", code))
    return Table(title, frame, heads, units, note, _whole(frame, km2))


def _land_type(kind: Any, code: str) -> str:
    """Name of a land type; the sum of all has none."""
    import pandas as pd

    if pd.isna(kind):
        return phrase("section.assessed.all_land", code)
    return {**class_names("cover", code), MISSING: phrase("section.assessed.no_type", code)}[int(kind)]


def _transitions(found: Assessment, study: Study, code: str) -> Table | None:
    names = class_names("cover", code)
    every = transitions(found)
    table = every.groupby("period", sort=False).head(LARGEST)
    if table.empty:
        return None
    first, last, end = study.baseline[0], study.baseline[1], study.period[1]
    spans = {"baseline": span(first, last), "period": span(last, end)}
    km2 = ("area_km2", "degraded_km2", "improved_km2")
    frame = table.assign(
        initial=table["initial"].map(names), final=table["final"].map(names), period=table["period"].map(spans)
    ).reset_index(drop=True)
    heads = _heads(("period", "initial", "final", "area_km2"), code)
    heads |= {name: phrase(f"column.assessed.{name}_judged", code) for name in km2[1:]}
    files = own_files(study, ("cover_series",), code)
    caption = _caption(files, span(first, end), "observed", code)
    note = phrase("section.assessed.cover_note", code, caption=caption)
    if len(table) < len(every):
        note = phrase("section.assessed.cover_note_largest", code, n=LARGEST, caption=caption)
    title = phrase("section.assessed.cover", code)
    return Table(title, frame, heads, dict.fromkeys(km2, unit_name("km2", code)), note, _whole(frame, km2))


def _spans(table: pd.DataFrame, study: Study, code: str) -> pd.Series[str]:
    """The baseline by its years, the period by its end."""
    end = phrase("section.assessed.until", code, year=str(study.period[1]))
    return table["period"].map({"baseline": span(*study.baseline), "period": end})


def _profiles(found: Assessment, study: Study, code: str) -> Table | None:
    gaps = profile_gaps(found)
    if gaps.empty:
        return None
    km2 = ("differs_km2", "only_here_km2", "only_there_km2")
    frame = gaps.assign(period=_spans(gaps, study, code))
    units = dict.fromkeys(km2, unit_name("km2", code)) | {"share": unit_name(OF_LAND, code)}
    note = phrase("section.assessed.profiles_note", code, profile=study.land.profile, caption=told(study, code))
    heads = _heads(("period", "other_profile", "lookup", "differs_km2", "share", *km2[1:]), code)
    title = phrase("section.assessed.profiles", code)
    return Table(title, frame, heads, units, note, _whole(frame, km2) | {"share": 1})


def _corrections(found: Assessment, study: Study, code: str) -> Table | None:
    rows = found.corrections
    rows = rows[rows["before"] != rows["after"]]
    if rows.empty:
        return None
    verdicts = {**class_names("degradation", code), MISSING: phrase("map.no_data", code)}
    frame = rows.assign(
        location_name=rows["location_name"].fillna(""),
        period=_spans(rows, study, code),
        before=rows["before"].map(verdicts),
        after=rows["after"].map(verdicts),
        area_km2=rows["area_km2"].astype(float),
        process_driving_change=rows["process_driving_change"].fillna(""),
        basis_for_judgement=rows["basis_for_judgement"].fillna(""),
    ).reset_index(drop=True)
    names = ("location_name", "period", "before", "after", "area_km2", "process_driving_change", "basis_for_judgement")
    drawn = study.input("error_polygons")
    note = phrase(
        "section.assessed.corrections_note", code,
        file=phrase("assessed.your_file", code, files=drawn.name if drawn else ""), licence=phrase("licence.own", code),
    )  # fmt: skip
    title, units = phrase("section.assessed.corrections", code), {"area_km2": unit_name("km2", code)}
    return Table(title, frame, _heads(names, code), units, note, _whole(frame, ("area_km2",)))


def _alignment(found: Assessment, study: Study, code: str) -> Table:
    rows = found.alignment
    frame = rows.assign(
        step=[_step(size, unit, code) for size, unit in zip(rows["step"], rows["step_unit"], strict=True)],
        method=[named("method", name, code) for name in rows["method"]],
        bounds_covered=100 * rows["bounds_covered"],
        **{name: _or_dash(rows[name]) for name in ("first", "last", "units")},
    ).reset_index(drop=True)
    names = (
        "layer",
        "files",
        "crs",
        "step",
        "grid_step",
        "method",
        "bounds_covered",
        "steps",
        "first",
        "last",
        "units",
    )
    units = {"grid_step": unit_name("degrees", code), "bounds_covered": unit_name("% of the study's box", code)}
    note = phrase("section.assessed.alignment_note", code, licence=phrase("licence.own", code))
    title = phrase("section.assessed.alignment", code)
    return Table(title, frame, _heads(names, code), units, note, {"bounds_covered": 1})


def _step(size: float, unit: str, code: str) -> str:
    decimals = len(f"{size:.6g}".partition(".")[2])
    return phrase("page.value_unit", code, value=write_number(size, decimals, code), unit=unit_name(unit, code))


def _or_dash(texts: pd.Series[str]) -> pd.Series[str]:
    """Texts, with a dash for a layer without dates or units."""
    return texts.fillna("").astype(str).replace({"1": "-", "": "-"})


def _whole(frame: pd.DataFrame, columns: tuple[str, ...]) -> dict[str, int]:
    """Decimals of areas: none from 100 km2 and where all are whole, one below."""
    return {
        name: 0 if frame[name].abs().max() >= 100 else min(1, three_digits(frame[name].tolist())) for name in columns
    }
