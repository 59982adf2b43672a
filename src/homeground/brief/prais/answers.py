# SPDX-License-Identifier: Apache-2.0
"""Tables of the PRAIS 4 forms for national focal points: filled where there are data, empty with the reason elsewhere.

`prais_tables.csv` names each table by its code in the reporting manual of the 2026 round, what its cells are, and what
fills it. Titles are in our words; the fields of the web forms were not seen.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path

import pandas as pd

from homeground.brief.facts.sources import Said, file_name
from homeground.brief.prais.form import Filled, write_form
from homeground.brief.prais.land import assessed_answers
from homeground.brief.prais.people import people_answers
from homeground.brief.prais.readme import write_readme
from homeground.brief.prais.tables import COVER, MEANING, OWN_YEAR, Key, PraisAnswer, prais_tables
from homeground.brief.prais.water import water_not_known
from homeground.brief.workbook.cells import save_workbook
from homeground.brief.workbook.rows import Book
from homeground.catalogue import atlas, figures
from homeground.catalogue.regions import ellipsoid_area
from homeground.errors import DataError
from homeground.language.messages import Saying, phrase
from homeground.numbers.fact import Amount
from homeground.running.steps import REPORTED
from homeground.running.tables import LAND_COUNTRIES, PEOPLE_COUNTRIES, REGIONS
from homeground.study.model import Study

# Default meaning of a change, rows from and columns to in the order of COVER (manual, table 9).
MATRIX = ("0-----0", "+0+---0", "+-0---0", "---0--0", "++++0+0", "++++-00", "0000000")
LAND_TABLES = ("CP-1.T1", "SO1-1.T4")
BEHIND = {  # layers of the study that stand behind tables, by how their codes begin
    "CP-1.T1": ("cover_series",),
    "SO1-1": ("cover_series",),
    "SO1-2": ("ndvi",),
    "SO1-3": ("soil_carbon", "cover_series"),
    "SO1-4": ("ndvi", "cover_series", "soil_carbon"),
    "SO2-3": ("ndvi", "cover_series", "soil_carbon", "population_grid"),
    "SO3-1": ("rain_series", "pet_series"),
    "SO3-2": ("rain_series", "pet_series", "population_grid"),
}
LARGEST_MISMATCH = 0.10  # regions that miss more of the country's area than this cannot stand for the country


def write_prais(results: Path, study: Study, out: Path) -> list[Path]:
    """Write one workbook of PRAIS tables for each country: a focal point confirms, corrects or rejects each value.

    Parameters
    ----------
    results : Path
        Folder of a run; needs ``regions.parquet``, uses ``people_countries.parquet`` where it is there, and for a study
        with polygons of its own ``land_countries.parquet``.
    study : Study
        The study that was run; the first of its ``[brief].languages`` is that of the forms.
    out : Path
        Folder to write into.

    Returns
    -------
    list of Path
        ``prais-<ISO3>.xlsx`` in the order of the study's countries. Equal results give equal bytes.

    Raises
    ------
    DataError
        No ``regions.parquet``.

    Notes
    -----
    Codes CP-1, SO1-1 to SO1-4, SO2-3 and SO3-1 of the reporting manual of the 2026 round. Population is in thousands in
    CP-1.T2. Land area = total area - water bodies; the seven classes and the land without data add up to the total.
    A cell that needs data which are not there is empty and says which; one epoch never gives a change.
    """
    path = results / REGIONS
    if not path.is_file():
        raise DataError(f"{results.name} has no regions.parquet. Run the study first: homeground run {study.id}")
    regions = pd.read_parquet(path)
    regions = regions.drop(columns=[c for c in ("geometry",) if c in regions])
    return [
        save_workbook(_workbook(iso3, results, study, regions), out / f"prais-{iso3}.xlsx") for iso3 in study.countries
    ]


def _workbook(iso3: str, results: Path, study: Study, regions: pd.DataFrame) -> Book:
    code = study.brief.languages[0]
    land = _land(iso3, study, _areas(iso3, results, study, regions))
    land.caveats |= {"CP-1.T2": Saying("form.caveat.population"), "SO1-1.T3": Saying("form.caveat.matrix")}
    if land.answers:
        caveat = Saying("form.caveat.cover" if _own_map(study) is None else "form.caveat.own_cover")
        land.caveats |= dict.fromkeys(LAND_TABLES, caveat)
    assessed = assessed_answers(
        iso3, results, study, partial(mismatch, iso3, what="series"), _names(study, regions, code)
    )
    if any(key[0] == "CP-1.T1" for key in assessed.answers):  # one land area for all tables: that of the own series
        land.answers, land.notes = {}, _published_areas(iso3, assessed.answers)
    others = Filled(_population(iso3, results) | _matrix(), notes=_reported(iso3))
    filled = land.over(others).over(assessed)
    if reason := next(
        (r for t in ("SO1-4.T2", "SO3-1.T1") if (r := assessed.why.get(t)) and not assessed.answers), None
    ):
        filled.why |= dict.fromkeys(
            ("SO2-3.T1", "SO3-2.T1", "SO3-2.T2"), reason
        )  # a part of the country is not the country
    else:
        filled = filled.over(people_answers(iso3, results, study))
    filled.caveats |= {
        table: (
            Saying("form.caveat.not_reportable", {"layers": layers, "sdg": REPORTED}),
            *_several(filled.caveats.get(table)),
        )
        for table, layers in _coarse(study, {key[0] for key in filled.answers}).items()
    }
    book = Book()
    for form in dict.fromkeys(table.form for table in prais_tables()):
        tables = [table for table in prais_tables() if table.form == form]
        write_form(book, book.create_sheet(form), tables, filled, code)
    readme = book.worksheets[0]
    readme.title = phrase("form.sheet.readme", code)
    embedded = _own_map(study) is None and study.layer("cover_series") is None
    write_readme(readme, iso3, results, study, set(filled.answers), embedded=embedded)
    return book


def _coarse(study: Study, tables: set[str]) -> dict[str, tuple[str, ...]]:
    """Which layers behind each filled table are too coarse to be reported of."""
    found = {
        table: tuple(
            name
            for start, names in BEHIND.items()
            if table.startswith(start)
            for name in names
            if name in study.not_reportable
        )
        for table in sorted(tables)
    }
    return {table: layers for table, layers in found.items() if layers}


def _several(said: Said | None) -> tuple[Saying, ...]:
    """A caveat as several: a text is kept as it is by nobody, all are sayings."""
    if said is None or isinstance(said, str):
        return ()
    return said if isinstance(said, tuple) else (said,)


def _land(iso3: str, study: Study, areas: Mapping[str, float]) -> Filled:
    """Areas by class in the year of the map; why tables stay empty; notes on cells."""
    total = sum(areas.values())
    if not areas:
        return Filled(why=dict.fromkeys(LAND_TABLES, Saying("form.empty.no_land")))
    if reason := mismatch(iso3, total):
        return Filled(why=dict.fromkeys(LAND_TABLES, reason))
    own = _own_map(study)
    layer = atlas.layers().set_index("layer").loc["cover"]
    year, told = str(layer["period"]), str(layer["period"])
    source: Said = Saying("form.source.cover", {"source": Saying("layer.cover.source")})
    period: Said = told
    if own is not None:
        year, period, source = OWN_YEAR, Saying("form.own_year"), file_name(own)
    answers: dict[Key, PraisAnswer] = {}
    for name, value in areas.items():
        answers["SO1-1.T4", year, name, ""] = PraisAnswer(value, source, period, "observed")
    water = areas["water"]
    for name, value in (("land_area", total - water), ("water", water), ("total_area", total)):
        answers["CP-1.T1", year, name, ""] = PraisAnswer(value, source, period, "observed")
    notes = _published_areas(iso3, answers)
    if own is None and water == 0:  # its cells hold the class of most of their land: lakes and rivers go under
        notes |= water_not_known(answers, notes, Saying("form.note.water_coarse"))
    return Filled(answers, notes=notes)


def mismatch(iso3: str, total: float, what: str = "regions") -> Saying | None:
    """Why an area cannot stand for the whole country; None where it can."""
    published = atlas.profile([iso3]).set_index("indicator")["value"]
    if "area_total" in published.index:
        country = float(published["area_total"])
    else:  # nobody publishes one of some small places
        country = float(ellipsoid_area(atlas.regions([iso3])).sum())
    if abs(total / country - 1) <= LARGEST_MISMATCH:
        return None
    return Saying(f"form.empty.part_{what}", {"here": Amount(total, "km2"), "whole": Amount(country, "km2")})


def _published_areas(iso3: str, answers: Mapping[Key, PraisAnswer]) -> dict[Key, Said]:
    """What a published source states beside each area of CP-1.T1."""
    published = atlas.profile([iso3]).drop_duplicates("indicator", keep="last").set_index("indicator")
    beside = {"land_area": "area_land", "total_area": "area_total"}
    found: dict[Key, Said] = {}
    for key in answers:
        if key[0] == "CP-1.T1" and beside.get(key[2]) in published.index:
            stated = published.loc[beside[key[2]]].to_dict()
            words = {"source": str(stated["source"]), "year": str(stated["year"])}
            found[key] = Saying("form.note.published", {**words, "area": Amount(float(stated["value"]), "km2")})
    return found


def _names(study: Study, regions: pd.DataFrame, code: str) -> dict[str, str]:
    """Names of the regions by their id, those of the atlas in the language."""
    if study.input("regions") is None:
        known = atlas.regions(study.countries)
        return dict(zip(known["region_id"], known["name" if code == "en" else f"name_{code}"], strict=True))
    return dict(zip(regions["region_id"], regions.get("name", regions["region_id"]), strict=True))


def _own_map(study: Study) -> Path | None:
    """The user's land cover map; beside a user's polygons the whole country is read from the embedded map."""
    return study.input("cover") if study.input("regions") is None else None


def _areas(iso3: str, results: Path, study: Study, regions: pd.DataFrame) -> dict[str, float]:
    """Area of the country in each class and without data, km2; empty where the land stage did not run."""
    if study.input("regions") is not None:  # the user's polygons may be a part of the country only
        path = results / LAND_COUNTRIES
        table = pd.read_parquet(path) if path.is_file() else pd.DataFrame(columns=["iso3", "cover_class", "area_km2"])
        table = table[table["iso3"] == iso3]
        by_class = table.groupby("cover_class")["area_km2"].sum()
        known = {name: float(by_class.get(code, 0.0)) for code, name in enumerate(COVER, start=1)}
        return known | {"no_data": float(by_class.sum()) - sum(known.values())} if len(table) else {}
    here = regions[regions["iso3"] == iso3]
    if here.empty or not {*COVER.values(), "land_share_nodata"} <= set(here.columns):
        return {}
    # A region that the map leaves out altogether has no shares: all of it is without data.
    shares = {**COVER, "no_data": "land_share_nodata"}
    filled = here.fillna({"land_share_nodata": 100.0})
    return {name: float((filled[c] * filled["area_km2"]).sum() / 100) for name, c in shares.items()}


def _population(iso3: str, results: Path) -> dict[Key, PraisAnswer]:
    """National population in thousands: the sexes where they are published, else the total with its interval."""
    people = atlas.population([iso3])
    by_sex = people.groupby(["year", "sex"])["persons"].sum().unstack("sex") / 1000
    path = results / PEOPLE_COUNTRIES
    yearly = pd.read_parquet(path) if path.is_file() else figures.load("net_migration", iso3=iso3)
    yearly = yearly[(yearly["iso3"] == iso3) & (yearly["indicator"] == "population_midyear")]
    answers: dict[Key, PraisAnswer] = {}
    for row in yearly.to_dict("records"):
        low, high = (None if pd.isna(row[end]) else float(row[end]) / 1000 for end in ("low", "high"))
        period = Saying("form.first_july", {"year": str(int(row["year"]))})
        answers["CP-1.T2", str(row["year"]), "total", ""] = PraisAnswer(
            float(row["value"]) / 1000, str(row["source"]), period, str(row["kind"]), low, high
        )
    layer = atlas.layers().set_index("layer").loc["population"]
    source = Saying("form.source.population")
    for year, sexes in by_sex.iterrows():
        period = Saying("form.first_july", {"year": str(year)})
        for name, value in (("female", sexes["female"]), ("male", sexes["male"]), ("total", sexes.sum())):
            answers["CP-1.T2", str(year), name, ""] = PraisAnswer(float(value), source, period, str(layer["kind"]))
    asked = {key for table in prais_tables() if table.code == "CP-1.T2" for key, _ in table.cells()}
    return {key: answer for key, answer in answers.items() if key in asked}


def _matrix() -> dict[Key, PraisAnswer]:
    """The default transition matrix: what each change of land cover is taken to mean."""
    source = Saying("form.source.matrix")
    return {
        ("SO1-1.T3", "", first, last): PraisAnswer(MEANING[MATRIX[i][j]], source, "", "published")
        for i, first in enumerate(COVER)
        for j, last in enumerate(COVER)
    }


def _reported(iso3: str) -> dict[Key, Said]:
    """What the country itself reported in an earlier round: a reminder beside the empty cell, never its value."""
    found = figures.load("cited_facts", iso3=iso3, indicator="sdg_15_3_1")
    return {
        ("SO1-4.T2", str(row["year"]), "degraded_land", "share"): Saying(
            "form.note.reported", {"share": _percent(float(row["value"])), "source": str(row["source"])}
        )
        for row in found.to_dict("records")
    }


def _percent(value: float) -> Amount:
    """A share as it was reported: with the decimals that it has."""
    return Amount(value, "%", len(f"{value:g}".partition(".")[2]))
