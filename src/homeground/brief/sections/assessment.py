# SPDX-License-Identifier: Apache-2.0
"""What the page says of land that was assessed from the user's own series: SDG 15.3.1, its parts and its limits."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from homeground.brief.facts.assessment import (
    LAND_LAYERS,
    Assessment,
    choices_said,
    degraded_by_country,
    neutral,
    own_files,
    profile_gaps,
    status_areas,
    transitions,
)
from homeground.brief.page.content import Figure, RasterMap, Table
from homeground.brief.sections.rasters import coarse_raster
from homeground.brief.sections.tables import country_names
from homeground.catalogue.classes import MISSING, class_colours, class_names
from homeground.study.model import Study

if TYPE_CHECKING:
    import pandas as pd

OWN = "as you hold it"
LARGEST = 12  # changes of cover that the page lists


def told(study: Study) -> str:
    """Source, licence, kind and years of a table, for its note."""
    return f"Source: {own_files(study, LAND_LAYERS)}; {OWN}. Kind: modelled. Years: {period_of(study)}."


def period_of(study: Study) -> str:
    """Which years are compared."""
    return f"{study.period[1]} against {study.baseline[0]}-{study.baseline[1]}"


def body(found: Assessment, study: Study) -> tuple[str, ...]:
    """What the assessment rests on, in sentences."""
    said = [
        f"Whether land is degraded is judged from {own_files(study, LAND_LAYERS)} by the rules {study.land.profile}: one "
        "part that gets worse (cover, productivity or soil carbon) makes the land degraded, and land counts as degraded "
        "at the end if it was so in the baseline and did not recover.",
    ]
    used = [f"{asked} by the map of {used}" for asked, used in found.facts["cover"].items() if int(asked) != used]
    if used:
        said.append(f"Land cover of {'; '.join(used)}: the year itself is not in the series.")
    if found.facts["missing"]:
        said = [f"No verdict on the land: not given are {'; '.join(found.facts['missing'])}."]
    return tuple(said)


def rasters(found: Assessment, study: Study, results: Path) -> tuple[RasterMap, ...]:
    """The status of the land, seven classes, brown for loss and blue for gain."""
    if not found.judged:
        return ()
    rows = status_areas(found)
    classed = rows[rows["status"] != MISSING]
    areas = {int(code): float(km2) for code, km2 in zip(classed["status"], classed["area_km2"], strict=True)}
    names = {int(code): str(name) for code, name in zip(classed["status"], classed["name"], strict=True)}
    classes, bounds = coarse_raster(results / "land.zarr" / "degradation", "status")
    return (
        RasterMap(
            f"Status of the land in {study.period[1]} against the baseline",
            classes,
            bounds,
            names,
            class_colours("status"),
            areas,
            source=own_files(study, LAND_LAYERS),
            period=period_of(study),
            data_kind="modelled",
            licence=OWN,
            shows="Each cell by its verdict in the baseline and at the end of the period; areas are of the study's land. "
            "Grey is inland water or land without data.",
        ),
    )


def charts(found: Assessment, study: Study) -> tuple[Figure, ...]:
    """How far choices of method move SDG 15.3.1."""
    from homeground.brief.drawing.bars import tornado_chart

    if len(found.choices) < 2:
        return ()
    bars = found.bars.copy()
    bars["setting"] = bars["setting"].str[:1].str.upper() + bars["setting"].str[1:]
    base = float(bars["base"].iloc[0])
    svg = tornado_chart(
        bars, label="setting", low="low", low_choice="low_value", high="high", high_choice="high_value", base=base,
        unit="% of land", describe="How far choices of method move the share of degraded land",
    )  # fmt: skip
    missing = int(bars["missing"].sum())
    lost = f" {missing} choices have no result and no bar." if missing else ""
    return (
        Figure(
            svg,
            "What the share of degraded land would be under other choices",
            "A range of choices, not a confidence interval: one choice of method is changed at a time, the one that "
            "matters most first.",
            period_of(study),
            own_files(study, LAND_LAYERS),
            "modelled",
            OWN,
            note=f"What two choices do together is not seen.{lost}",
        ),
    )


def tables(found: Assessment, study: Study) -> tuple[Table, ...]:
    """Every table of the assessment that has rows."""
    made: list[Table | None] = []
    made += [_countries(found, study), _status(found, study), *_balances(found, study)] if found.judged else []
    made += [_transitions(found, study), _profiles(found, study), _corrections(found, study), _alignment(found)]
    return tuple(table for table in made if table is not None)


def _countries(found: Assessment, study: Study) -> Table:
    import pandas as pd

    table = degraded_by_country(found)
    columns = {
        "land_km2": "Land",
        "degraded_km2": "Degraded land",
        "degraded": "Degraded share",
        "degraded_low": "Degraded share_low",
        "degraded_high": "Degraded share_high",
        "baseline": "In the baseline",
        "improved": "Improved",
        "unknown_km2": "Without a verdict",
    }
    frame = table.rename(columns=columns)[list(columns.values())]
    if not table["degraded_low"].notna().any():
        frame = frame.drop(columns=["Degraded share_low", "Degraded share_high"])
    names = table["iso3"].map(country_names("en"))
    out = pd.concat([names.rename("Country"), frame], axis=1).sort_values("Country", ignore_index=True)
    said = choices_said(found)
    span = (
        f" Range: the least and the most {said}, no confidence interval"
        + (", by country that of its regions weighted by land." if len(table) > 1 else ".")
        if said
        else " No range: other choices were not tried."
    )
    km2, percent = ("Land", "Degraded land", "Without a verdict"), ("Degraded share", "In the baseline", "Improved")
    units = dict.fromkeys(km2, "km2") | dict.fromkeys(percent, "% of land")
    note = f"Land is without inland water; land without a verdict counts as land.{span} {told(study)}"
    return Table("Degraded land by country (SDG 15.3.1)", out, units, note, dict.fromkeys(percent, 1))


def _status(found: Assessment, study: Study) -> Table:
    table = status_areas(found).rename(columns={"name": "Status", "area_km2": "Land", "share": "Share"})
    frame = table[["Status", "Land", "Share"]]
    note = (
        f"The first three count as degraded. {told(study)} No interval by class: see the range of the degraded share."
    )
    return Table("Status of the land", frame, {"Land": "km2", "Share": "% of land"}, note, {"Share": 1})


def _balances(found: Assessment, study: Study) -> list[Table]:
    names = country_names("en")
    groups = [(str(iso3), rows) for iso3, rows in found.balance.groupby("iso3")]
    several = len(groups) > 2
    return [_balance(rows, names.get(iso3, "the whole study"), study) for iso3, rows in groups if iso3 or several]


def _balance(rows: pd.DataFrame, place: str, study: Study) -> Table:
    columns = {"name": "Land type", "losses_km2": "Losses", "gains_km2": "Gains", "balance_km2": "Gains less losses"}
    columns |= {"neutral_km2": "Neither", "no_data_km2": "No data", "balanced": "Balanced"}
    frame = rows[rows["land_km2"] > 0].rename(columns=columns)[list(columns.values())].reset_index(drop=True)
    frame["Balanced"] = frame["Balanced"].map({True: "yes", False: "no"}).fillna("no data")
    verdict = neutral(rows)
    result = {True: "Balanced", False: "Not balanced", None: "Not known"}[verdict]
    note = (
        f"{result}: neutrality asks it of every land type, one can not make up for another. Land types are those of "
        f"{study.baseline[0]}. {told(study)} No interval: areas are counted."
    )
    units = dict.fromkeys(("Losses", "Gains", "Gains less losses", "Neither", "No data"), "km2")
    return Table(f"Land degradation neutrality by land type: {place}", _whole(frame), units, note)


def _transitions(found: Assessment, study: Study) -> Table | None:
    names = class_names("cover")
    every = transitions(found)
    table = every.groupby("period", sort=False).head(LARGEST)
    if table.empty:
        return None
    part = f"The largest {LARGEST} of each period. " if len(table) < len(every) else ""
    judged = {"degraded_km2": "Judged a loss", "improved_km2": "Judged a gain"}
    frame = table.assign(
        From=table["initial"].map(names), To=table["final"].map(names), Period=_spans(table, study)
    ).rename(columns={"area_km2": "Area", **judged})
    frame = frame[["Period", "From", "To", "Area", *judged.values()]]
    units = dict.fromkeys(("Area", *judged.values()), "km2")
    files = own_files(study, ("cover_series",))
    note = f"{part}Source: {files}; {OWN}. Kind: observed. No interval: areas of maps."
    return Table("Land cover that changed", _whole(frame), units, note)


def _spans(table: pd.DataFrame, study: Study) -> pd.Series[str]:
    first, last, end = study.baseline[0], study.baseline[1], study.period[1]
    return table["period"].map({"baseline": f"{first} to {last}", "period": f"{last} to {end}"})


def _profiles(found: Assessment, study: Study) -> Table | None:
    gaps = profile_gaps(found)
    if gaps.empty:
        return None
    spans = {"baseline": f"{study.baseline[0]}-{study.baseline[1]}", "period": f"to {study.period[1]}"}
    columns = {"other_profile": "Rules", "lookup": "Look-up table", "differs_km2": "Differs", "share": "Share"}
    columns |= {"only_here_km2": "Degraded here only", "only_there_km2": "Degraded there only"}
    frame = gaps.assign(Period=gaps["period"].map(spans)).rename(columns=columns)[["Period", *columns.values()]]
    frame["Share"] = frame["Share"].round(1)
    units = dict.fromkeys(("Differs", "Degraded here only", "Degraded there only"), "km2") | {"Share": "% of land"}
    note = f"Land whose class of productivity (degraded, stable, improved) differs from {study.land.profile}. {told(study)}"
    return Table("Land productivity by the rules of other sources", _whole(frame), units, note)


def _corrections(found: Assessment, study: Study) -> Table | None:
    rows = found.corrections
    rows = rows[rows["before"] != rows["after"]]
    if rows.empty:
        return None
    named = {**class_names("degradation"), MISSING: "no data"}
    spans = {"baseline": f"{study.baseline[0]}-{study.baseline[1]}", "period": f"to {study.period[1]}"}
    frame = rows.assign(
        Place=rows["location_name"].fillna(""),
        Period=rows["period"].map(spans),
        Before=rows["before"].map(named),
        After=rows["after"].map(named),
        Area=rows["area_km2"].astype(float),
        Why=rows["process_driving_change"].fillna(""),
        Basis=rows["basis_for_judgement"].fillna(""),
    )
    columns = ["Place", "Period", "Before", "After", "Area", "Why", "Basis"]
    note = f"Land whose verdict was changed. False positives and negatives that experts of the country drew: your file {study.data.error_polygons}; {OWN}."
    return Table("Corrections by experts", _whole(frame[columns]), {"Area": "km2"}, note)


def _alignment(found: Assessment) -> Table:
    rows = found.alignment
    step = {"step": "Step", "grid_step": "Step used"}
    rows = rows.assign(step=[f"{size:.6g} {unit}" for size, unit in zip(rows["step"], rows["step_unit"], strict=True)])
    columns = {"layer": "Layer", "files": "Files", "crs": "Coordinates", **step, "method": "Brought to the grid"}
    columns |= {
        "bounds_covered": "Covers",
        "steps": "Steps in time",
        "first": "First",
        "last": "Last",
        "units": "Units",
    }
    frame = rows.rename(columns=columns)[list(columns.values())]
    frame["Covers"] = (100 * frame["Covers"]).round(1)
    text = ["First", "Last", "Units"]
    frame[text] = frame[text].fillna("").astype(str).replace("1", "-").replace("", "-")
    units = {"Step used": "degrees", "Covers": "% of the study's box"}
    return Table("Your layers, as they were brought together", frame.reset_index(drop=True), units, f"Licence: {OWN}.")


def _whole(frame: pd.DataFrame) -> pd.DataFrame:
    """Areas without decimals from 100 km2, with one below."""
    out = frame.reset_index(drop=True)
    for column in out.select_dtypes("float"):
        values = out[column]
        if column != "Share":
            out[column] = values.round(0) if values.abs().max() >= 100 else values.round(1)
    return out
