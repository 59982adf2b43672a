# SPDX-License-Identifier: Apache-2.0
"""Who does what, where, when and for whom: one row an organisation, activity and place, with the tags of HXL below the heads."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from homeground.accelerator.exports.writing import csv_bytes, write_book, write_whole
from homeground.accelerator.places.reading import drawn_places
from homeground.accelerator.places.shapes import measurable
from homeground.accelerator.registry.quarantine.values import marked
from homeground.accelerator.results.aggregate import aggregate
from homeground.accelerator.results.series import text_of
from homeground.catalogue import atlas

TAGS = {  # heading: tag of HXL 1.1
    "Organisation": "#org+name", "Organisation code": "#org+code", "Role": "#org+role",
    "Activity": "#activity+name", "Activity code": "#activity+code", "Sector code": "#sector+code",
    "Country": "#country+name", "Country code": "#country+code+v_iso3", "Admin 1": "#adm1+name",
    "Admin 1 code": "#adm1+code", "Place": "#loc+name", "What is done there": "#activity+type", "Status": "#status",
    "Start": "#date+start", "End": "#date+end", "People reached": "#reached", "Women reached": "#reached+f",
    "Men reached": "#reached+m", "Remarks": "#description+remarks", "Source": "#meta+source",
}  # fmt: skip
FEWEST = 5  # smaller counts of people could name them
WOMEN, MEN = {"women", "female", "f", "femmes"}, {"men", "male", "m", "hommes"}


def who_what_where(tables: Mapping[str, pd.DataFrame], folder: Path | None = None) -> pd.DataFrame:
    """Who does what where.

    Parameters
    ----------
    tables : mapping of DataFrame
        As declared in the registry.
    folder : Path, optional
        Where files of polygons lie.

    Returns
    -------
    DataFrame
        Columns `TAGS`. People reached are of the whole project, stand in its first row alone so that a sum counts them once,
        and are not shown below 5. A project without a place or organisation has a row with these empty.

    Examples
    --------
    >>> from homeground.accelerator.registry.given import empty_tables
    >>> tables = empty_tables() | {"projects": pd.DataFrame({"project": ["p"], "title": "Land"}),
    ...     "participants": pd.DataFrame({"project": ["p"], "organisation": "o", "role": "implementing"})}
    >>> who_what_where(tables)[["Organisation", "Role", "Activity"]].values.tolist()
    [['o', 'implementing', 'Land']]
    """
    names = {str(r["organisation"]): text_of(r.get("name")) for r in tables["organisations"].to_dict("records")}
    countries = atlas.countries().set_index("iso3")["name_en"].to_dict()
    people, where = _people(tables), _places(tables, folder)
    of_country = _grouped(tables["project_countries"])
    of_organisation, of_sector = _grouped(tables["participants"]), _grouped(tables["project_sectors"])
    rows = []
    for project in sorted(tables["projects"].to_dict("records"), key=lambda row: str(row["project"])):
        name = str(project["project"])
        held = where.get(name) or [{"iso3": str(r["iso3"])} for r in of_country.get(name, [])] or [{}]
        organisations = of_organisation.get(name) or [{}]
        sectors = sorted({str(r["code"]) for r in of_sector.get(name, []) if str(r["vocabulary"]) == "1"})
        reached: dict[str, Any] = people.get(name, {})
        for who in sorted(organisations, key=lambda row: (text_of(row.get("role")), text_of(row.get("organisation")))):
            for place in held:
                code, iso3 = text_of(who.get("organisation")), text_of(place.get("iso3"))
                rows.append({
                    "Organisation": names.get(code) or code or None, "Organisation code": code or None,
                    "Role": text_of(who.get("role")) or None, "Activity": text_of(project.get("title")) or name,
                    "Activity code": name, "Sector code": ", ".join(sectors) or None,
                    "Country": countries.get(iso3), "Country code": iso3 or None, "Admin 1": place.get("adm1"),
                    "Admin 1 code": place.get("adm1_code"), "Place": place.get("name"),
                    "What is done there": place.get("practice"), "Status": text_of(project.get("status")) or None,
                    "Start": project.get("start"), "End": project.get("end"), **reached,
                    "Source": text_of(project.get("source")) or None,
                })  # fmt: skip
                reached = {}
    return pd.DataFrame(rows, columns=list(TAGS), dtype="object")


def write_3w(tables: Mapping[str, pd.DataFrame], path: Path, folder: Path | None = None) -> Path:
    """Write who does what where as CSV, or as a workbook where the path says so.

    Parameters
    ----------
    tables : mapping of DataFrame
        As declared in the registry.
    path : Path
        ``.csv`` or ``.xlsx``.
    folder : Path, optional
        Where files of polygons lie.

    Returns
    -------
    Path

    Raises
    ------
    DataError
        It cannot be written.
    """
    table = who_what_where(tables, folder)
    if path.suffix.lower() == ".xlsx":
        said = "People reached stand in the first row of each activity. Tags of HXL: " + " ".join(TAGS.values())
        return write_book(path, [("Who does what where", table, marked(said))])
    return write_whole(path, csv_bytes(table, second=list(TAGS.values())))


def _grouped(table: pd.DataFrame) -> dict[str, list[dict[Any, Any]]]:
    found: dict[str, list[dict[Any, Any]]] = {}
    for row in table.to_dict("records"):
        found.setdefault(str(row["project"]), []).append(row)
    return found


def _places(tables: Mapping[str, pd.DataFrame], folder: Path | None) -> dict[str, list[dict[str, Any]]]:
    """Places of each project with the first-order unit that they lie in."""
    drawn, _ = drawn_places(tables["places"], folder)
    units = _units(drawn)
    found: dict[str, list[dict[str, Any]]] = {}
    for row, unit in zip(drawn.drop(columns="geometry").to_dict("records"), units, strict=True):
        name = text_of(row.get("name")) or str(row["place"])
        told = {"name": name, "iso3": text_of(row.get("iso3")), "practice": text_of(row.get("practice")) or None}
        found.setdefault(text_of(row.get("project")), []).append(told | unit)
    return {project: sorted(rows, key=lambda r: str(r["name"])) for project, rows in found.items()}


def _units(drawn: gpd.GeoDataFrame) -> list[dict[str, Any]]:
    known = set(atlas.countries()["iso3"])
    codes = sorted({text_of(one) for one in drawn.get("iso3", pd.Series(dtype="object"))} & known)
    if not codes:
        return [{} for _ in range(len(drawn))]
    units = atlas.regions(codes)
    tree = shapely.STRtree(units.geometry.to_numpy())
    found: list[dict[str, Any]] = []
    for shape in drawn.geometry:
        at = (
            tree.query(shapely.point_on_surface(shapely.make_valid(shape)), predicate="within")
            if measurable(shape)
            else np.array([])
        )
        unit = units.iloc[int(at[0])] if len(at) else None
        found.append({} if unit is None else {"adm1": str(unit["name"]), "adm1_code": str(unit["region_id"])})
    return found


def _people(tables: Mapping[str, pd.DataFrame]) -> dict[str, dict[str, Any]]:
    """People that each project reached, by approved results; the largest of its indicators, since one person may be in several."""
    kinds = tables["indicators"]
    told = tables["actuals"][
        tables["actuals"]["indicator"].isin(set(kinds[kinds["quantity"] == "people"]["indicator"]))
    ]
    shared: dict[str, Any] = {"places": tables["places"], "project_countries": tables["project_countries"],
              "project_links": tables["project_links"]}  # fmt: skip
    whole = aggregate(told, kinds, by=("project",), **shared)
    parts = aggregate(told, kinds, by=("project", "disaggregation"), **shared)
    found: dict[str, dict[str, Any]] = {}
    for project, rows in whole[whole["value"].notna()].groupby("project"):
        best = rows.sort_values(["value", "indicator"]).iloc[-1]
        own = parts[(parts["project"] == project) & (parts["indicator"] == best["indicator"])]
        by_sex = {_sex(row["disaggregation"]): float(row["value"]) for row in own.to_dict("records")}
        numbers = {"People reached": float(best["value"]), "Women reached": by_sex.get("women", math.nan),
                   "Men reached": by_sex.get("men", math.nan)}  # fmt: skip
        few = any(0 < value < FEWEST for value in numbers.values())
        remarks = [f"people reached: {best['title']}"]
        if few:
            remarks.append(f"counts below {FEWEST} are not shown")
            numbers = {k: v for k, v in numbers.items() if k == "People reached" and v >= FEWEST}
        shown = {name: int(v) if v.is_integer() else v for name, v in numbers.items() if not math.isnan(v)}
        found[str(project)] = shown | {"Remarks": "; ".join(remarks)}
    return found


def _sex(part: str) -> str:
    name, _, value = part.partition("=")
    if ";" in part or name.strip().lower() not in ("sex", "gender", "sexe"):
        return ""
    word = value.strip().lower()
    return "women" if word in WOMEN else "men" if word in MEN else ""
