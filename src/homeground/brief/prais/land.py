# SPDX-License-Identifier: Apache-2.0
"""What the PRAIS tables on land and drought take from an assessment of the country's own series."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from homeground.brief.facts.assessed.assessment import (
    DEGRADED,
    LAND_LAYERS,
    RAIN_LAYERS,
    Assessment,
    Drought,
    degraded_by_country,
    drought_years,
    left_over,
    read_assessment,
    read_drought,
)
from homeground.brief.facts.assessed.season import other_months
from homeground.brief.facts.sources import Said, file_name, your_files
from homeground.brief.prais.form import Filled
from homeground.brief.prais.spans import Span, degraded_at_end, spans, verdicts
from homeground.brief.prais.tables import COVER, LISTS, PraisAnswer
from homeground.brief.prais.water import water_not_known
from homeground.catalogue.classes import MISSING
from homeground.language.messages import Saying, Word
from homeground.numbers.fact import Amount
from homeground.study.model import Study

if TYPE_CHECKING:
    import pandas as pd

WATER = 7  # class of land cover
THREE = dict(zip((-1, 0, 1), LISTS["@three"], strict=True))
CLASSES = dict(enumerate(COVER, start=1))
DYNAMICS = dict(zip((1, 2, 3, 4, 5, MISSING), LISTS["@dynamics"], strict=True))
DROUGHT: dict[str, tuple[int, ...]] = {
    "mild_drought": (1,),
    "moderate_drought": (2,),
    "severe_drought": (3,),
    "extreme_drought": (4,),
}
DROUGHT |= {"non_drought": (0,), "no_data": (-1, MISSING)}
FORM = ("2000-2015", "2016-2023")  # periods that the form asks for
MOST_PLACES = 10  # hotspots and brightspots that a form proposes
NO_ERROR = Saying("form.caveat.no_error")


def assessed_answers(
    iso3: str, results: Path, study: Study, whole: Callable[[float], Saying | None], names: Mapping[str, str]
) -> Filled:
    """What the user's own series fill in for one country.

    Parameters
    ----------
    whole : callable
        Takes the area that the study looks at and returns why it cannot stand for the country, None where it can.

    names : mapping
        Names of regions by their id.

    Notes
    -----
    Land is what the map of the baseline's first year does not show as water, in all years: one denominator for both
    periods. All tables on land add up to it, those on cover and drought to the total country area.
    """
    out = Filled()
    found, drought = read_assessment(results), read_drought(results)
    if found is not None and study.layer("cover_series") is not None:
        here = of_country(found, iso3)
        total = float(here.areas.loc[here.areas["period"] == "period", "area_km2"].sum())
        if reason := whole(total):
            tables = ("SO1-2.T1", "SO1-2.T2", "SO1-2.T3", "SO1-3.T1", "SO1-3.T2", "SO1-4.T1", "SO1-4.T2")
            out.why |= dict.fromkeys((*tables, "SO1-1.T5", "SO1-1.T6", "SO1-1.T7"), reason)
        else:
            _land(out, here, study, names)
    if drought is not None:
        years = drought_years(drought, iso3)
        if other := other_months(study):
            out.why |= dict.fromkeys(("SO3-1.T1", "SO3-1.T2"), other)
        elif reason := whole(float(years.sum(axis=1).max()) if len(years) else 0.0):
            out.why |= dict.fromkeys(("SO3-1.T1", "SO3-1.T2"), reason)
        else:
            _drought(out, drought, years, study)
    return out


def of_country(found: Assessment, iso3: str) -> Assessment:
    """The rows of one country."""
    names = ["areas", "status", "balance", "stocks", "corrections", "patches"]
    names += [name for name in ("reports", "changes") if getattr(found, name) is not None]
    return Assessment(**{**vars(found), **{n: (t := getattr(found, n))[t["iso3"] == iso3] for n in names}})


def _land(out: Filled, here: Assessment, study: Study, names: Mapping[str, str]) -> None:
    cover = _files(study, ("cover_series",))
    other = Saying("form.empty.other_periods", {"baseline": _baseline(study), "period": _period(study)})
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
        _patches(out, here, study, names)
    else:
        _drop(out, "SO1-4.")
    _corrections(out, here, study)


def _files(study: Study, layers: tuple[str, ...]) -> Said:
    return your_files(study, layers) or ""


def _drop(out: Filled, form: str) -> None:
    """What was not given keeps the form's own reason."""
    out.why = {table: reason for table, reason in out.why.items() if not table.startswith(form)}


def _years(here: Assessment, study: Study) -> Iterator[tuple[int, str, pd.DataFrame, str]]:
    """Year asked, the map that stands for it, the rows that hold its cover, and in which column."""
    used = {int(asked): str(year) for asked, year in here.facts["cover"].items()}
    for span in spans(here, study):
        if span.year == study.baseline[1]:
            yield study.baseline[0], used.get(study.baseline[0], str(study.baseline[0])), span.rows, "initial"
        yield span.year, used.get(span.year, str(span.year)), span.rows, "final"


def _areas_of_cover(out: Filled, here: Assessment, study: Study, source: Said) -> None:
    for year, used, rows, column in _years(here, study):
        by = rows.groupby(column)["area_km2"].sum()
        for code, name in (*CLASSES.items(), (MISSING, "no_data")):
            out.answers["SO1-1.T4", str(year), name, ""] = PraisAnswer(
                float(by.get(code, 0.0)), source, used, "observed"
            )
        total, water = float(rows["area_km2"].sum()), float(rows.loc[rows["water"] == 1, "area_km2"].sum())
        first = str(here.facts["cover"].get(str(study.baseline[0]), study.baseline[0]))
        for name, value in (
            ("land_area", total - water),
            ("water", water),
            ("total_area", total),
        ):
            out.answers["CP-1.T1", str(year), name, ""] = PraisAnswer(value, source, first, "observed")
    if not here.facts.get("water_known", True):
        out.notes |= water_not_known(out.answers, {}, Saying("form.note.water_legend"))
    held = Saying("form.caveat.one_land", {"year": str(study.baseline[0])})
    out.caveats |= {"CP-1.T1": (NO_ERROR, held), "SO1-1.T4": NO_ERROR}
    out.why |= dict.fromkeys(("CP-1.T1", "SO1-1.T4"), Saying("form.empty.other_year"))


def _transitions(out: Filled, here: Assessment, study: Study, source: Said) -> None:
    for span in spans(here, study):
        rows, years, table = span.rows, span.years, f"SO1-1.T{5 if span.year == study.baseline[1] else 6}"
        by = rows.groupby(["initial", "final"])["area_km2"].sum()
        told = _cover_years(here, study, span.year)
        for first, row in CLASSES.items():
            for last, column in CLASSES.items():
                value = float(by.get((first, last), 0.0))
                out.answers[table, years, row, column] = PraisAnswer(value, source, told, "observed")
        out.caveats[table] = (NO_ERROR, Saying("form.caveat.no_data_rows"))
        _three(out, "SO1-1.T7", years, rows, "cover_change", (source, told, "observed"))
    out.caveats["SO1-1.T7"] = (NO_ERROR, Saying("form.caveat.transitions"))


def _productivity(out: Filled, here: Assessment, study: Study) -> None:
    five = len(here.facts["productivity"]) == 5
    source = _files(study, ("ndvi", "productivity_baseline", "productivity_period"))
    for span in spans(here, study):
        rows, years, table = span.land, span.columns, f"SO1-2.T{1 if span.year == study.baseline[1] else 2}"
        by = rows.groupby(["final", "productivity"])["area_km2"].sum()
        for cover, row in CLASSES.items() if five else ():
            for code, column in DYNAMICS.items():
                value = float(by.get((cover, code), 0.0))
                out.answers[table, years, row, column] = PraisAnswer(value, source, span.read, "modelled")
        three = rows.assign(three=rows["productivity"].replace({1: -1, 2: -1, 3: 0, 4: 0, 5: 1} if five else {}))
        _three(out, "SO1-2.T3", years, three, "three", (source, span.read, "modelled"))
        out.caveats[table] = (NO_ERROR, Saying("form.caveat.cover_at_end"))
        if not five:
            out.why[table] = Saying("form.empty.three_classes", {"rules": str(study.land.profile)})
    sheet = Saying("sheet.profile_difference.name")
    out.caveats["SO1-2.T3"] = (
        NO_ERROR,
        Saying("form.caveat.rules", {"rules": str(study.land.profile), "sheet": sheet}),
    )


def _carbon(out: Filled, here: Assessment, study: Study) -> None:
    source = _files(study, ("soil_carbon", "cover_series", "climate_zone"))
    by = here.stocks.groupby(["year", "cover"])[["area_km2", "stock_t"]].sum()
    for (year, cover), km2, tonnes in zip(by.index.tolist(), by["area_km2"], by["stock_t"], strict=True):
        if cover != WATER and km2 > 0:  # inland water has no topsoil
            key = ("SO1-3.T1", str(year), CLASSES[cover], "")
            out.answers[key] = PraisAnswer(float(tonnes) / float(km2) / 100, source, str(year), "modelled")
    out.caveats["SO1-3.T1"] = Saying("form.caveat.carbon")
    out.why["SO1-3.T1"] = Saying("form.empty.no_stock")
    for span in spans(here, study):
        told = (source, _cover_years(here, study, span.year), "modelled")
        _three(out, "SO1-3.T2", span.years, span.land, "carbon_change", told)
    counts = Saying("form.caveat.threshold", {"percent": _number(study.land.carbon_threshold)})
    out.caveats["SO1-3.T2"] = (NO_ERROR, counts)


def _three(out: Filled, table: str, years: str, rows: pd.DataFrame, column: str, said: tuple[Said, Said, str]) -> None:
    """Area and share of degraded, stable, improved and unknown land; what has no class is No data."""
    source, told, kind = said
    total = float(rows["area_km2"].sum())
    by = rows.groupby(column)["area_km2"].sum()
    known = {name: float(by.get(code, 0.0)) for code, name in THREE.items()}
    for name, value in (*known.items(), ("no_data", left_over(total, sum(known.values())))):
        out.answers[table, years, name, "area"] = PraisAnswer(value, source, told, kind)
        share = 100 * value / total if total else 0.0
        out.answers[table, years, name, "share"] = PraisAnswer(share, source, told, kind)


def _status(out: Filled, here: Assessment, study: Study) -> None:
    source = _files(study, LAND_LAYERS)
    for span in spans(here, study)[1:]:
        if span.year == study.period[1]:
            by = here.status.groupby(["baseline", "period"])["area_km2"].sum()
        else:
            by = verdicts(here, span.year).groupby(["baseline", "now"])["area_km2"].sum()
        years = f"{_baseline(study)}/{span.years}"
        for first, row in THREE.items():
            for last, column in THREE.items():
                value = float(by.get((first, last), 0.0))
                out.answers["SO1-4.T1", years, row, column] = PraisAnswer(value, source, _both(study, span), "modelled")
    out.caveats["SO1-4.T1"] = Saying("form.caveat.status")


def _degraded(out: Filled, here: Assessment, study: Study) -> None:
    source, row = _files(study, LAND_LAYERS), degraded_by_country(here).iloc[0]
    first, end = str(study.baseline[1]), str(study.period[1])
    land = float(row["judged_km2"])
    for year, share, period, ends in (
        (first, float(row["baseline"]), _baseline(study), (None, None)),
        (end, float(row["degraded"]), _both(study), _ends(row)),
    ):
        for column, scale in (("area", land / 100), ("share", 1.0)):
            low, high = (None if e is None else e * scale for e in ends)
            key = ("SO1-4.T2", year, "degraded_land", column)
            out.answers[key] = PraisAnswer(share * scale, source, period, "modelled", low, high)
    for span in spans(here, study)[1:]:
        if span.year == study.period[1]:
            continue
        rows = verdicts(here, span.year)
        rows = rows[(rows["baseline"] != MISSING) & (rows["now"] != MISSING)]
        judged, km2 = float(rows["area_km2"].sum()), float(rows.loc[degraded_at_end(rows), "area_km2"].sum())
        for column, value in (("area", km2), ("share", 100 * km2 / judged if judged else float("nan"))):
            key = ("SO1-4.T2", str(span.year), "degraded_land", column)
            if value == value:  # noqa: PLR0124 - without a verdict nothing is known
                out.answers[key] = PraisAnswer(value, source, _both(study, span), "modelled")
    tried = int(here.choices["result"].notna().sum()) if len(here.choices) else 0
    told = [Saying("form.caveat.which_year", {"first": first, "end": end})]
    told.append(
        Saying("form.caveat.choices", {"n": tried, "first": first}) if tried > 1 else Saying("form.caveat.no_choices")
    )
    unknown = float(row["unknown_km2"])
    if unknown >= 0.5:
        told.append(Saying("form.caveat.unknown", {"area": Amount(unknown, "km2")}))
    out.caveats["SO1-4.T2"] = tuple(told)
    out.why["SO1-4.T2"] = Saying("form.empty.no_period")
    km2 = here.status.loc[here.status["status"].isin(DEGRADED), "area_km2"].sum()
    assert abs(km2 - float(row["degraded_km2"])) < 1e-6 * max(land, 1.0)  # noqa: S101 - both are sums of one table


def _ends(row: pd.Series[float]) -> tuple[float | None, float | None]:
    low, high = float(row["degraded_low"]), float(row["degraded_high"])
    return (None, None) if low != low else (low, high)  # noqa: PLR0124


def _patches(out: Filled, here: Assessment, study: Study, names: Mapping[str, str]) -> None:
    """The largest patches of degraded and of improving land: proposals, for the experts of the country to choose from."""
    source = _files(study, LAND_LAYERS)
    for table, kind in (("SO1-4.T4", "hotspot"), ("SO1-4.T5", "brightspot")):
        rows = here.patches[(here.patches["kind"] == kind) & (here.patches["told_as"] != "rest")]
        least = Amount(study.land.hotspot_km2, "km2", 0 if study.land.hotspot_km2 % 1 == 0 else 1)
        if rows.empty:
            out.why[table] = Saying("form.empty.no_patch", {"least": least})
            continue
        told = tuple(
            Saying(
                "form.patch_region" if row["told_as"] == "region" else "form.patch",
                {
                    "number": str(row["patch"]),
                    "place": _place(row["latitude"], row["longitude"]),
                    "region": _region(row["region_id"], names),
                    "area": Amount(float(row["area_km2"]), "km2"),
                },
            )
            for row in rows.nlargest(MOST_PLACES, "area_km2").to_dict("records")
        )
        out.answers[table, "", "places", ""] = PraisAnswer(told, source, _both(study), "modelled")
        words: dict[str, Word] = {"least": least, "sheet": Saying("sheet.hotspots.name")}
        if len(rows) > MOST_PLACES:
            out.caveats[table] = Saying("form.caveat.patches_some", words | {"most": MOST_PLACES, "n": len(rows)})
        else:
            out.caveats[table] = Saying("form.caveat.patches_all", words)


def _region(region_id: str, names: Mapping[str, str]) -> str:
    """A region by its name, with its id."""
    name = names.get(region_id)
    return str(region_id) if name in (None, region_id) else f"{name} ({region_id})"


def _place(latitude: float, longitude: float) -> Saying:
    side = ("n" if latitude >= 0 else "s") + ("e" if longitude >= 0 else "w")
    ends = {"latitude": _number(abs(latitude), 2), "longitude": _number(abs(longitude), 2)}
    return Saying(f"form.place.{side}", ends)


def _number(value: float, decimals: int | None = None) -> Amount:
    """A plain number; without ``decimals``, with those that it has."""
    return Amount(float(value), "1", len(f"{value:g}".partition(".")[2]) if decimals is None else decimals)


def _corrections(out: Filled, here: Assessment, study: Study) -> None:
    """False positives and negatives as the user's polygons have them."""
    rows = here.corrections
    rows = rows[rows["before"] != rows["after"]]
    if rows.empty:
        return
    named = {code: Saying(f"form.verdict.{name}") for code, name in {**THREE, MISSING: "no_data"}.items()}
    spans = {"baseline": _baseline(study), "period": _period(study)}
    reasons = ["process_driving_change", "basis_for_judgement"]
    keys = ["period", "polygon", "before", "after", "location_name", *reasons]
    said = []
    for row in rows.groupby(keys, dropna=False, sort=False)["area_km2"].sum().reset_index().to_dict("records"):
        before, after, km2 = int(row["before"]), int(row["after"]), float(row["area_km2"])
        kind = "false_positive" if after == -1 else "false_negative" if before == -1 and after >= 0 else "corrected"
        name = row["location_name"]
        why = "; ".join(text for text in (row[name] for name in reasons) if isinstance(text, str) and text)
        words: dict[str, Word] = {
            "place": name if isinstance(name, str) and name else Saying("form.place.nameless"),
            "years": spans[row["period"]],
            "kind": Saying(f"form.kind.{kind}"),
            "before": named[before],
            "after": named[after],
            "area": Amount(km2, "km2", 1),
        }
        said.append(Saying("form.correction_why", words | {"why": why}) if why else Saying("form.correction", words))
    source = file_name(study.input("error_polygons") or "")
    out.answers["SO1-4.T3", "", "places", ""] = PraisAnswer(tuple(said), source, "", "observed")


def _drought(out: Filled, found: Drought, years: pd.DataFrame, study: Study) -> None:
    words = {
        "files": your_files(study, RAIN_LAYERS) or "",
        "index": found.known,
        "years": str(found.facts["calibration"]),
    }
    source = Saying("form.source.drought", words)
    for year, row in years.iterrows():
        told = Saying("form.december", {"year": str(year)})
        total, dry = float(row.sum()), float(row[[1, 2, 3, 4]].sum())
        for name, codes in DROUGHT.items():
            value = float(row[list(codes)].sum())
            out.answers["SO3-1.T1", str(year), name, ""] = PraisAnswer(value, source, told, "modelled")
        share = 100 * dry / total
        out.answers["SO3-1.T2", str(year), "land_under_drought", ""] = PraisAnswer(share, source, told, "modelled")
    held = Saying("form.caveat.rain")
    out.why |= dict.fromkeys(("SO3-1.T1", "SO3-1.T2"), Saying("form.empty.no_class"))
    out.caveats |= {"SO3-1.T1": held, "SO3-1.T2": (Saying("form.caveat.from_mild"), held)}


def _baseline(study: Study) -> str:
    return f"{study.baseline[0]}-{study.baseline[1]}"


def _period(study: Study) -> str:
    return f"{study.baseline[1] + 1}-{study.period[1]}"


def _both(study: Study, span: Span | None = None) -> Saying:
    last = _period(study) if span is None else span.years
    return Saying("form.both_periods", {"first": _baseline(study), "last": last})


def _cover_years(here: Assessment, study: Study, year: int) -> Saying:
    ends = study.baseline if year == study.baseline[1] else (study.baseline[1], year)
    used = here.facts["cover"]
    first, last = (str(used.get(str(year), year)) for year in ends)
    return Saying("form.both_periods", {"first": first, "last": last})
