# SPDX-License-Identifier: Apache-2.0
"""Write the files that PRAIS takes from Trends.Earth: land condition and drought of each country, every reporting year.

Written to the published schema (trends.earth-schemas 20ebd10, MIT); nobody has tried to upload one yet.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import geopandas as gpd
import pyarrow.parquet as pq
import shapely

from homeground.brief.facts.assessed.assessment import drought_years, read_assessment, read_drought
from homeground.brief.facts.sources import study_words
from homeground.brief.prais.answers import mismatch
from homeground.brief.prais.land import of_country
from homeground.brief.prais.people import rows_of, sum_shown
from homeground.brief.prais.spans import spans
from homeground.brief.transfer.drought import drought_report
from homeground.brief.transfer.land import land_condition
from homeground.brief.transfer.shapes import NO_DATA, TOTAL, people_list
from homeground.catalogue import atlas
from homeground.catalogue.atlas import country_names
from homeground.language.messages import Word, phrase
from homeground.numbers.fact import Amount
from homeground.running.record import read_run
from homeground.running.steps import REPORTED
from homeground.running.tables import LAND_PEOPLE, REGIONS
from homeground.study.model import Study

SINCE = "2026-11-22T00:00:00+00:00"  # when the code took this version; from the first release on, its date
STAMP = "%Y-%m-%dT%H:%M:%S+00:00"
DIGITS = 1e-6  # of a degree, some 10 cm


def write_transfer(results: Path, study: Study, out: Path) -> list[Path]:
    """Write what PRAIS takes from Trends.Earth, with the numbers of the forms.

    Parameters
    ----------
    results : Path
        Folder of a run.
    study : Study
        The study that was run; title and area are named in the first of its ``[brief].languages``.
    out : Path
        Folder to write into.

    Returns
    -------
    list of Path
        ``land-condition-<ISO3>.json`` where the study gave land cover of several years, ``drought-<ISO3>.json`` where it gave
        monthly rain; a country that the series do not reach has none. Equal results give equal bytes.

    Raises
    ------
    DataError
        The study's own matrix of land cover change has faults.

    Notes
    -----
    A part of a country is written too; the name of the area of interest then says that it is one, and how large it is.
    """
    found, drought = read_assessment(results), read_drought(results)
    written = []
    for iso3 in study.countries:
        if found is not None and study.layer("cover_series") is not None:
            here = of_country(found, iso3)
            if len(here.areas):
                total = float(here.areas.loc[here.areas["period"] == "period", "area_km2"].sum())
                told = {
                    "metadata": _metadata(iso3, results, study, total),
                    "land_condition": land_condition(here, study),
                    "affected_population": _people(iso3, results, [span.year for span in spans(here, study)]),
                }
                written.append(_write(out / f"land-condition-{iso3}.json", told))
        if drought is not None and len(years := drought_years(drought, iso3)):
            total = float(years.sum(axis=1).max())
            told = {
                "metadata": _metadata(iso3, results, study, total),
                "drought": drought_report(iso3, results, years),
            }
            written.append(_write(out / f"drought-{iso3}.json", told))
    return written


def _write(path: Path, told: dict[str, Any]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(told, indent=1, ensure_ascii=False, allow_nan=False) + "\n", encoding="utf-8")
    return path


def _metadata(iso3: str, results: Path, study: Study, km2: float) -> dict[str, Any]:
    """What the file is, when its numbers were made, by what, and of which area."""
    code, made = study.brief.languages[0], f"homeground {version('homeground')}"
    words: dict[str, Word] = {"layers": study.not_reportable, "sdg": REPORTED}
    coarse = f" {phrase('form.caveat.not_reportable', code, **words)}" if study.not_reportable else ""
    return {
        "title": f"{study_words(study.title, code)} ({study.id}, {study.scenario_name}; {made}){coarse}",
        **_date(results),
        "trends_earth_version": {"version": made, "release_date": SINCE, "revision": None},
        "area_of_interest": {"name": _area_name(iso3, km2, code), **_outline(iso3, results)},
        "affected_areas_only": False,
    }


def _date(results: Path) -> dict[str, str]:
    """When the last step before the brief finished, so that equal results give equal files."""
    steps = read_run(results)["steps"]
    finished = [str(step.get("finished", "")) for key, step in steps.items() if not key.startswith("brief.")]
    last = max(finished, default="")
    return {"date": datetime.fromisoformat(last).astimezone(UTC).strftime(STAMP)} if last else {}


def _area_name(iso3: str, km2: float, code: str) -> str:
    country = country_names(code).get(iso3, iso3)
    if mismatch(iso3, km2, what="series") is None:
        return country
    published = atlas.profile([iso3]).set_index("indicator")["value"]
    words: dict[str, Word] = {"country": country, "here": Amount(km2, "km2")}
    if "area_total" not in published:
        return phrase("form.transfer.part", code, **words)
    return phrase("form.transfer.part_of", code, **words, whole=Amount(float(published["area_total"]), "km2"))


def _outline(iso3: str, results: Path) -> dict[str, Any]:
    """The country's regions of the study as one outline; none where the results hold no outlines."""
    path = results / REGIONS
    if not path.is_file() or "geometry" not in pq.read_schema(path).names:
        return {}
    regions = gpd.read_parquet(path, columns=["iso3", "geometry"])
    regions = regions[regions["iso3"] == iso3]
    if regions.empty or regions.crs is None:
        return {}
    outline = shapely.set_precision(regions.geometry.union_all(), DIGITS)
    shape = json.loads(shapely.to_geojson(shapely.normalize(outline)))
    features = [{"type": "Feature", "properties": {}, "geometry": shape}]
    return {"geojson": {"type": "FeatureCollection", "features": features}, "crs_wkt": regions.crs.to_wkt()}


def _people(iso3: str, results: Path, years: list[int]) -> dict[str, Any]:
    """People on degraded land by report; who lives on stable and who on improved land is not told apart, so neither stands."""
    people = rows_of(results / LAND_PEOPLE, iso3)
    found: dict[str, Any] = {}
    for n, year in enumerate(years):
        rows = people[people["year"] == year] if len(people) else people
        if rows.empty or not sum_shown(rows, "people") or sum_shown(rows, "people_degraded") is None:
            continue
        counts = {"Degraded": sum_shown(rows, "people_degraded"), NO_DATA: sum_shown(rows, "people_unknown")}
        told = people_list("Population by degradation class", counts)
        found["baseline" if n == 0 else f"report_{n}"] = {"summary": {TOTAL: told}}
    return found
