# SPDX-License-Identifier: Apache-2.0
"""The people stage: who lives where (modelled), who moves and who is displaced (published), by age and sex."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from homeground.catalogue.classes import COVER_NAMES
from homeground.catalogue.regions import region_inputs
from homeground.numbers.units import large_number
from homeground.running.steps import Stage, Step, Work
from homeground.study.model import Study

if TYPE_CHECKING:
    import pandas as pd

REST = "rest of "  # a country's land and towns outside a user's polygons
YEAR = 2025  # the projection year nearest to now for which the atlas holds ages
AFRICAN_UNION_YOUTH = (15, 35)
# Published country figures that say how much people depend on farming, work and transfers.
PROFILE = [
    "agriculture_share",
    "agricultural_land_share",
    "youth_unemployment",
    "youth_unemployment_female",
    "youth_unemployment_male",
    "urban_share",
    "remittances_share",
    "poverty_share",
    "median_age",
]
# Figures whose absence for a country is said aloud, and how.
EXPECTED = {
    "net_migration": "figure of net migration",
    "idps_idmc": "count of people displaced inside the country (IDMC)",
    "agriculture_share": "share of agriculture in GDP",
    "youth_unemployment": "rate of youth unemployment",
}
TIDY = ["iso3", "year", "indicator", "value", "unit", "low", "high", "source", "licence", "kind", "note"]


def _figure_inputs(*tables: str) -> dict[str, Path]:
    from homeground.catalogue import figures

    return {f"figures {name}": figures.path(name) for name in tables}


def _country_inputs(_: Study) -> dict[str, Path]:
    from homeground.catalogue import atlas

    files = {f"atlas {name}": atlas.path(name) for name in ("population.parquet", "profile.csv")}
    return files | _figure_inputs("net_migration", "displacement")


def _region_inputs(study: Study) -> dict[str, Path]:
    from homeground.catalogue import atlas

    files = {f"atlas {name}": atlas.path(name) for name in ("population.parquet", "cities.parquet", "profile.csv")}
    own = study.input("population")
    return files | region_inputs(study) | ({} if own is None else {own.name: own})


def _countries(work: Work) -> None:
    """All country figures in one tidy table: population, births, deaths, migration, displacement, age, dependence."""
    import pandas as pd

    from homeground.catalogue import atlas, figures
    from homeground.people.displacement import displacement_table

    countries = work.study.countries
    published = figures.load("net_migration", iso3=countries)
    fled = displacement_table(figures.load("displacement", iso3=countries))
    fled = fled.assign(note=fled["note"].where(fled["note"] != "", fled["cause"] + "; " + fled["counted"]))
    profile = atlas.profile(countries)
    profile = profile[profile["indicator"].isin(PROFILE)]
    parts = [published, _implied(published), fled, profile, _ages(countries)]
    table = pd.concat([part.reindex(columns=TIDY) for part in parts], ignore_index=True)
    table = table.astype({"year": "int64", "value": "float64", "low": "float64", "high": "float64"})
    table.sort_values(["iso3", "indicator", "year", "source"], ignore_index=True).to_parquet(
        work.out / "people_countries.parquet"
    )
    _warn_of_gaps(work, table)


def _implied(published: pd.DataFrame) -> pd.DataFrame:
    """Net migration as the residual of the same source: a check of its arithmetic, no second witness."""
    import pandas as pd

    from homeground.people.migration import net_migration

    wide = published.pivot_table(index=["iso3", "year"], columns="indicator", values="value").dropna()
    # Growth counts from the start of the year, so the population at the start only sets the scale of the rate.
    start = wide["population_midyear"] - wide["population_change"] / 2
    residual = net_migration(start, start + wide["population_change"], wide["births"], wide["deaths"])
    return pd.DataFrame(residual["net_migration"]).rename(columns={"net_migration": "value"}).reset_index().assign(
        indicator="net_migration_implied",
        unit="persons",
        source="population change - births + deaths of the same UN revision",
        licence="CC BY 3.0 IGO",
        kind="modelled",
        note="implied by the UN's own accounting, not independent",
    )  # fmt: skip


def _ages(countries: list[str]) -> pd.DataFrame:
    """Shares of youth, women and working age in the national population of `YEAR`."""
    from homeground.catalogue import atlas
    from homeground.people.groups import age_shares

    people = atlas.population(countries)
    people = people[people["year"] == YEAR].rename(columns={"age_group": "age", "persons": "population"})
    people = people[["iso3", "year", "sex", "age", "population"]]
    shares = age_shares(people)
    african = age_shares(people, youth=AFRICAN_UNION_YOUTH)
    shares["youth_share_african_union"] = african["youth_share"]
    names = ["youth_share", "youth_share_african_union", "women_share", "working_age_share", "young_women_share"]
    shares[names] *= 100
    tidy = shares.melt(["iso3", "year"], names, var_name="indicator")
    return tidy.assign(
        unit="% of population",
        source="UN WPP 2024, medium variant",
        licence="CC BY 3.0 IGO",
        kind="modelled",
        note=tidy["indicator"].map({"youth_share": "15-24", "youth_share_african_union": "15-35"}).fillna(""),
    )


def _warn_of_gaps(work: Work, table: pd.DataFrame) -> None:
    for indicator, name in EXPECTED.items():
        have = set(table.loc[table["indicator"] == indicator, "iso3"])
        if lacking := sorted(set(work.study.countries) - have):
            work.warn(f"No {name} lies here for {', '.join(lacking)}: absent, not zero.")
    work.warn(
        "Net migration is the UN's own estimate; its residual is implied by the UN's own accounting, not independent. "
        "Displacement counts of two sources stand side by side; employment in farming is in no embedded source."
    )


def _flows(work: Work) -> None:
    """Who fled from where to where: UNHCR's yearly flows between countries, with hidden small numbers as intervals."""
    import pandas as pd

    from homeground.catalogue import figures
    from homeground.numbers.disclosure import protect

    flows = figures.load("refugee_flows")
    countries = work.study.countries
    flows = flows[flows["iso3"].isin(countries) | flows["place"].isin(countries)]
    exact = flows["low"].isna()
    table = pd.DataFrame(
        {
            "origin": flows["iso3"],
            "destination": flows["place"],
            "year": flows["year"].astype("int64"),
            "people": flows["value"].astype("int64"),
            "low": flows["low"].where(~exact, flows["value"]).astype("int64"),
            "high": flows["high"].where(~exact, flows["value"]).astype("int64"),
            "what": "flight in the year: refugees, asylum-seekers and people in like situations",
            "source": flows["source"],
            "licence": flows["licence"],
            "kind": flows["kind"],
        }
    )
    # The source hides 1 to 4 itself, so the gate's threshold is its 5.
    shown, _ = protect(
        table.reset_index(drop=True), counts="people", intervals={"people": ("low", "high")}, threshold=5, round_to=1
    )
    shown.drop(columns="people_hidden").to_parquet(work.out / "flows.parquet")
    work.warn(
        "flows.parquet holds flight across borders as UNHCR counts it (it hides numbers below 5); no open source "
        "of yearly labour or family migration between these countries is embedded."
    )


def _regions(work: Work) -> None:
    """Population by region: the user's table, else modelled so that regions sum to the national figure exactly."""
    import pandas as pd

    from homeground.catalogue.regions import regions_of
    from homeground.numbers.disclosure import protect

    regions = regions_of(work.study)
    own = work.study.input("population")
    found = _modelled(work, regions) if own is None else _own(work, regions)
    found = found.set_index("region_id").loc[regions["region_id"]]
    shown, record = protect(
        found.reset_index()[["region_id", "iso3", "population", "low", "high"]],
        counts="population",
        groups="iso3",  # the national figure is published, so a single hidden region would be what is missing from it
        intervals={"population": ("low", "high")},
        round_to=1,
    )
    if record.warning:
        work.warn(record.warning)
    area = regions["area_km2"].to_numpy()
    table = pd.DataFrame({"region_id": regions["region_id"]})
    for column, name in (("population", "population"), ("low", "population_low"), ("high", "population_high")):
        table[f"people_{name}"] = shown[column].to_numpy()
        table[f"people_{name.replace('population', 'density')}"] = shown[column].to_numpy(float) / area
    table["people_cities"] = found["cities"].to_numpy()
    (work.out / "regions").mkdir()
    table.to_parquet(work.out / "regions" / "people.parquet")


def _modelled(work: Work, regions: pd.DataFrame) -> pd.DataFrame:
    import pandas as pd

    from homeground.catalogue import atlas
    from homeground.errors import DataError
    from homeground.people.population import regional_population

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
        work.warn(
            "No urban share is published for Kosovo; the one for Serbia, which counts Kosovo in, is used for both."
        )
    units = pd.read_parquet(work.results / "land_units.parquet")
    units["cover"] = units["cover_class"].map(COVER_NAMES)
    cover = units.pivot_table(index="region_id", columns="cover", values="area_km2", aggfunc="sum", fill_value=0.0)
    missing = sorted(set(regions["region_id"]) - set(cover.index))
    if missing:
        raise DataError(f"no land cover in {', '.join(missing[:5])}: people cannot be placed. Widen the cover map.")
    table = regions[["region_id", "iso3"]].merge(cover.reset_index(), on="region_id", validate="one_to_one")
    cities = atlas.cities(countries)
    if work.study.input("regions") is not None:
        cities = _cities_in(cities, regions)
        table = _with_rest(table, pd.read_parquet(work.results / "land_countries.parquet"))
        work.warn(
            "These regions are the user's own and need not fill the country: people are placed over the whole country "
            "first, so the regions do not sum to the national figure."
        )
    totals = {str(iso3): float(persons) for iso3, persons in national.items()}
    shares = {str(iso3): float(share) / 100 for iso3, share in urban.items()}
    result = regional_population(totals, cities[["region_id", "population"]], table, urban_share=shares)
    work.warn(
        f"Population by region is modelled from the UN's national total of {YEAR}, city populations and land cover: "
        "a demonstration surface, no census and no WorldPop. Give your own: [data].population."
    )
    return result


def _with_rest(table: pd.DataFrame, countries: pd.DataFrame) -> pd.DataFrame:
    """The user's regions and, for each country, what of it they leave over."""
    import pandas as pd

    named = countries.assign(cover=countries["cover_class"].map(COVER_NAMES)).dropna(subset="cover")
    whole = named.pivot_table(index="iso3", columns="cover", values="area_km2", aggfunc="sum", fill_value=0.0)
    classes = sorted({str(c) for c in (*whole.columns, *table.columns)} - {"region_id", "iso3"})
    table = table.reindex(columns=["region_id", "iso3", *classes], fill_value=0.0)
    inside = table.groupby("iso3")[classes].sum()
    rest = (whole.reindex(columns=classes, fill_value=0.0) - inside).clip(lower=0.0).reset_index()
    return pd.concat([table, rest.assign(region_id=REST + rest["iso3"])], ignore_index=True)


def _cities_in(cities: pd.DataFrame, regions: pd.DataFrame) -> pd.DataFrame:
    """Cities with the user's polygon they lie in; the others belong to the rest of their country."""
    import geopandas as gpd

    points = gpd.GeoDataFrame(
        cities.drop(columns="region_id"),
        geometry=gpd.points_from_xy(cities["longitude"], cities["latitude"]),
        crs="EPSG:4326",
    )
    found: pd.DataFrame = points.sjoin(regions[["region_id", "geometry"]], predicate="within", how="left")
    return found.assign(region_id=found["region_id"].fillna(REST + found["iso3"]))


def _own(work: Work, regions: pd.DataFrame) -> pd.DataFrame:
    import pandas as pd

    from homeground.errors import DataError, Problems
    from homeground.study.opening import read_table

    rows = pd.DataFrame(read_table(work.study, "population"))
    problems = Problems(str(work.study.data.population))
    people = pd.to_numeric(rows["population"], errors="coerce")
    if people.isna().any() or (people < 0).any():
        problems.add(f"population is not a number of persons in {', '.join(rows.loc[people.isna(), 'region_id'][:5])}.")
    unmatched = sorted(set(rows["region_id"]) ^ set(regions["region_id"]))
    if unmatched:
        problems.add(f"region_id differs from the study's regions: {', '.join(unmatched[:5])}. Give each region once.")
    if rows["region_id"].duplicated().any():
        problems.add("a region_id stands twice. Give each region once.")
    problems.raise_if_any(DataError)
    return (
        pd.DataFrame(
            {"region_id": rows["region_id"], "iso3": rows["region_id"].map(regions.set_index("region_id")["iso3"])}
        )
        .assign(population=people.round().astype("int64"), low=people.round().astype("int64"), cities=0)
        .assign(high=lambda t: t["low"])
    )


def _finding(results: Path) -> str:
    import pandas as pd

    regions = pd.read_parquet(results / "regions" / "people.parquet")
    table = pd.read_parquet(results / "people_countries.parquet")
    net = table[table["indicator"] == "net_migration"]
    year = int(net["year"].max())
    total = net.loc[net["year"] == year, "value"].sum()
    direction = "left" if total < 0 else "came"
    land = pd.read_parquet(results / "land_units.parquet")["area_km2"].sum()
    partly = land < 0.9 * pd.read_parquet(results / "land_countries.parquet")["area_km2"].sum()
    text = f"{large_number(regions['people_population'].sum())} people live here; by the UN's estimate a net "
    text += f"{large_number(abs(total))} {direction} in {year}"
    inside = table[table["indicator"] == "idps_idmc"]
    if len(inside):
        last = inside["year"].max()
        inside = inside[inside["year"] == last]
        displaced = large_number(inside["value"].sum())
        text += f", and {displaced} were displaced inside their country at the end of {last}"
        if len(inside) < (countries := table["iso3"].nunique()):
            text += f" (counted in {len(inside)} of {countries} countries)"
    return text + (" (both for the whole country)." if partly else ".")


STAGE = Stage(
    "people",
    (
        Step("countries", _countries, ("people_countries.parquet",), settings=("countries",), inputs=_country_inputs),
        Step(
            "flows",
            _flows,
            ("flows.parquet",),
            settings=("countries",),
            inputs=lambda _: _figure_inputs("refugee_flows"),
        ),
        Step(
            "regions",
            _regions,
            ("regions/people.parquet",),
            settings=("countries", "regions", "data.population"),
            needs=("land.regions",),
            inputs=_region_inputs,
        ),
    ),
    _finding,
)
