# SPDX-License-Identifier: Apache-2.0
"""Population by region: the user's own, or modelled from national figures, cities and land cover."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd

from homeground.catalogue import atlas
from homeground.catalogue.classes import COVER_NAMES
from homeground.catalogue.grids.antimeridian import longitude_near
from homeground.catalogue.regions import study_regions
from homeground.catalogue.tables import read_given
from homeground.errors import DataError
from homeground.language.messages import Saying
from homeground.numbers.counts import limits_of
from homeground.numbers.disclosure import protect
from homeground.people.population import regional_population
from homeground.people.releases import other_regions, told_apart
from homeground.people.steps.countries import YEAR
from homeground.running.steps import Work
from homeground.running.tables import LAND_COUNTRIES, LAND_UNITS, regions_of
from homeground.study.model import Study
from homeground.study.tables import given_tables

# Nine of ten of 186 surveyed units lie within this factor of the number: where a finer source knows the region's people,
# and where towns and land place them (Global Data Lab, populations of 2019; measured 1.76 and 2.43).
KNOWN, PLACED = 1.8, 2.5
REST = "rest of "  # a country's land and towns outside a user's polygons


def regions(work: Work) -> None:
    """Population by region behind the gate: the user's table, else modelled so that regions sum to the national figure."""
    places = study_regions(work.study)
    own = work.study.input("population")
    found = _modelled(work, places) if own is None else _own(work, places)
    # Where a country has no figures, nobody is told apart: neither people nor nobody.
    found = found.set_index("region_id").reindex(places["region_id"]).assign(iso3=places["iso3"].to_numpy())
    shown, record = protect(
        found.reset_index()[["region_id", "iso3", "population", "low", "high"]],
        counts="population",
        groups="iso3",  # the national figure is published, so a single hidden region would be what is missing from it
        intervals={"population": ("low", "high")},
        **limits_of(regions_of("people"), "people_population"),
    )
    work.warn_of_hidden(record)
    if own is not None and (beside := other_regions(work.results, set(places["region_id"]))):
        work.warn(told_apart(beside))
    area = places["area_km2"].to_numpy()
    table = pd.DataFrame({"region_id": places["region_id"]})
    for column, name in (("population", "population"), ("low", "population_low"), ("high", "population_high")):
        table[f"people_{name}"] = shown[column].to_numpy()
        table[f"people_{name.replace('population', 'density')}"] = shown[column].to_numpy(float) / area
    table["people_cities"] = found["cities"].fillna(0).astype("int64").to_numpy()
    (work.out / "regions").mkdir()
    table.to_parquet(work.out / regions_of("people"))


def _modelled(work: Work, regions: gpd.GeoDataFrame) -> pd.DataFrame:
    countries = work.study.countries
    people = atlas.population(countries)
    national = people[people["year"] == YEAR].groupby("iso3")["persons"].sum()
    profile = atlas.profile(countries)
    urban = (
        profile[profile["indicator"] == "urban_share"].drop_duplicates("iso3", keep="last").set_index("iso3")["value"]
    )
    if "XKX" in countries and "XKX" not in urban.index:
        serbia = atlas.profile(["SRB"])
        urban["XKX"] = serbia.loc[serbia["indicator"] == "urban_share", "value"].iloc[-1]
        work.warn(Saying("warning.kosovo_urban"))
    units = pd.read_parquet(work.results / LAND_UNITS)
    units["cover"] = units["cover_class"].map(COVER_NAMES)
    cover = units.pivot_table(index="region_id", columns="cover", values="area_km2", aggfunc="sum", fill_value=0.0)
    missing = sorted(set(regions["region_id"]) - set(cover.index))
    if missing:
        raise DataError(f"no land cover in {', '.join(missing[:5])}: people cannot be placed. Widen the cover map.")
    table = regions[["region_id", "iso3"]].merge(cover.reset_index(), on="region_id", validate="one_to_one")
    cities = atlas.cities(countries)
    cities = cities[cities["region_id"] != ""]  # farther than 20 km from every region: on islands that are not drawn
    if work.study.input("regions") is not None:
        cities = _cities_in(cities, regions)
        table = _with_rest(table, pd.read_parquet(work.results / LAND_COUNTRIES))
        work.warn(Saying("warning.own_regions"))
    totals = {str(iso3): float(persons) for iso3, persons in national.items()}
    shares = {str(iso3): float(share) / 100 for iso3, share in urban.items()}
    known = sorted(iso3 for iso3 in set(countries) & set(totals) & set(shares) if totals[iso3] > 0)
    if lacking := sorted(set(countries) - set(known)):
        work.warn(Saying("warning.no_population", {"countries": lacking}))
    table = table[table["iso3"].isin(known)]
    cities = cities[cities["region_id"].isin(table["region_id"])]
    if table.empty:
        return pd.DataFrame(columns=["region_id", "iso3", "population", "low", "high", "cities"]).astype(
            {"population": "float64", "low": "float64", "high": "float64", "cities": "float64"}
        )
    groups = None if work.study.input("regions") is not None else atlas.region_people(known)
    result = regional_population(totals, cities[["region_id", "population"]], table, urban_share=shares, groups=groups)
    shared = set() if groups is None else set(known) & set(groups["iso3"])
    for message, of in (("grouped", shared), ("modelled", set(known) - shared)):
        if of:
            work.warn(Saying(f"warning.population_{message}", {"year": str(YEAR), "countries": sorted(of)}))
    return as_surveyed(result, groups)


def as_surveyed(modelled: pd.DataFrame, groups: pd.DataFrame | None) -> pd.DataFrame:
    """Low and high widened to what nine of ten units of surveys showed; whole countries stay as they are.

    Parameters
    ----------
    modelled : DataFrame
        Of `regional_population`.
    groups : DataFrame, optional
        Of `homeground.catalogue.atlas.region_people`.

    Returns
    -------
    DataFrame
        low at most population / f and high at least population x f, and at most the people of the country; f is
        `KNOWN` for a region whose people a finer source knows, else `PLACED`. See `tests/parity/test_gdl_population.py`.
    """
    alone = set() if groups is None else set(groups.loc[~groups["group"].duplicated(keep=False), "region_id"])
    country = modelled.groupby("iso3")["population"]
    factor = np.where(modelled["region_id"].isin(alone), KNOWN, PLACED)
    factor = np.where(country.transform("size") == 1, 1.0, factor)
    low = np.minimum(modelled["low"], np.floor(modelled["population"] / factor))
    high = np.maximum(modelled["high"], np.ceil(modelled["population"] * factor))
    return modelled.assign(low=low.astype("int64"), high=np.minimum(high, country.transform("sum")).astype("int64"))


def _with_rest(table: pd.DataFrame, countries: pd.DataFrame) -> pd.DataFrame:
    """The user's regions and, for each country, what of it they leave over."""
    named = countries.assign(cover=countries["cover_class"].map(COVER_NAMES)).dropna(subset="cover")
    whole = named.pivot_table(index="iso3", columns="cover", values="area_km2", aggfunc="sum", fill_value=0.0)
    classes = sorted({str(c) for c in (*whole.columns, *table.columns)} - {"region_id", "iso3"})
    table = table.reindex(columns=["region_id", "iso3", *classes], fill_value=0.0)
    inside = table.groupby("iso3")[classes].sum()
    rest = (whole.reindex(columns=classes, fill_value=0.0) - inside).clip(lower=0.0).reset_index()
    return pd.concat([table, rest.assign(region_id=REST + rest["iso3"])], ignore_index=True)


def _cities_in(cities: pd.DataFrame, regions: gpd.GeoDataFrame) -> pd.DataFrame:
    """Cities with the user's polygon they lie in; the others belong to the rest of their country."""
    west, _, east, _ = regions.total_bounds
    longitude = longitude_near(cities["longitude"].to_numpy(), west, east)
    points = gpd.GeoDataFrame(
        cities.drop(columns="region_id"),
        geometry=gpd.points_from_xy(longitude, cities["latitude"]),
        crs="EPSG:4326",
    )
    found: pd.DataFrame = points.sjoin(regions[["region_id", "geometry"]], predicate="within", how="left")
    return found.assign(region_id=found["region_id"].fillna(REST + found["iso3"]))


def own_population(study: Study, regions: pd.DataFrame) -> pd.DataFrame:
    """People of each region as the user's table has them: every region of the study once, whole persons.

    Raises
    ------
    DataError
        All problems of the table at once, see `homeground.catalogue.tables.read_given`; regions without a row.
    """
    path = study.input("population")
    if path is None:
        raise DataError("data.population is not given. Name its file in the study.")
    names = dict(zip(regions["region_id"], regions["name"], strict=True))
    declared = given_tables()["data.population"].table
    rows = read_given(path, declared, known={"region_id": names}, what="data.population")
    lacking = sorted(set(names) - set(rows["region_id"]))
    if lacking:
        listed = ", ".join(lacking[:5]) + (", ..." if len(lacking) > 5 else "")
        raise DataError(f"data.population: {path.name} has no row for {len(lacking)} region(s): {listed}. Add them.")
    return rows


def _own(work: Work, regions: pd.DataFrame) -> pd.DataFrame:
    rows = own_population(work.study, regions)
    people = rows["population"].astype("int64").to_numpy()
    country = rows["region_id"].map(regions.set_index("region_id")["iso3"]).to_numpy()
    return pd.DataFrame(
        {"region_id": rows["region_id"].to_numpy(), "iso3": country, "population": people, "low": people, "cities": 0}
    ).assign(high=lambda t: t["low"])
