# SPDX-License-Identifier: Apache-2.0
"""The indicators of the land and people index, made from the tables of the stages before."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

OLDEST = 3  # years: an older figure of a country than the newest of its kind less this is left out, not carried on
REGION = ("aridity", "dryland", "vegetation_gap", "people_in_drylands")
SEVERE, WORST_YEARS = 3, 4  # class of drought; years in a row
OWN = ("degraded", "drought_worst", "people_on_degraded")  # of the study's own series; absent where it gives none
COUNTRY = ("agriculture", "displaced_inside", "refugees_hosted")


@dataclass(frozen=True)
class Indicators:
    """Values, low and high ends (units x indicators; NaN is unknown, or no interval), and the year of each value."""

    values: pd.DataFrame
    low: pd.DataFrame
    high: pd.DataFrame
    years: pd.DataFrame


def region_indicators(land: pd.DataFrame, people: pd.DataFrame) -> Indicators:
    """How dry and how green each region is, and how many people live in its drylands on each km2.

    Parameters
    ----------
    land : DataFrame, index region_id
        ``land_aridity_index`` (1), ``land_share_dryland`` (%), ``land_potential_gap`` (%), each with ``_low`` and
        ``_high``.
    people : DataFrame, index region_id
        ``people_density`` with ``_low`` and ``_high`` (persons/km2).

    Returns
    -------
    Indicators
        ``aridity``, ``dryland``, ``vegetation_gap``, ``people_in_drylands`` = density x dryland share / 100: people
        are taken as spread evenly over the region. Its ends multiply the ends of both.

    Examples
    --------
    >>> import pandas as pd
    >>> ends = ("", "_low", "_high")
    >>> land = pd.DataFrame({f"land_{c}{e}": [v] for c, v in
    ...     (("aridity_index", 0.3), ("share_dryland", 50.0), ("potential_gap", 20.0)) for e in ends}, index=["a"])
    >>> people = pd.DataFrame({f"people_density{e}": [40.0] for e in ends}, index=["a"])
    >>> float(region_indicators(land, people).values["people_in_drylands"].item())
    20.0
    """
    ends = {}
    for end in ("", "_low", "_high"):
        table = pd.DataFrame(
            {
                "aridity": land[f"land_aridity_index{end}"],
                "dryland": land[f"land_share_dryland{end}"],
                "vegetation_gap": land[f"land_potential_gap{end}"],
            }
        )
        density = people[f"people_density{end}"].astype("float64").reindex(table.index)
        table["people_in_drylands"] = density * table["dryland"] / 100
        ends[end] = table.astype("float64")
    years = pd.DataFrame(index=ends[""].index, columns=list(REGION), dtype="float64")
    return Indicators(*_ordered(ends[""], ends["_low"], ends["_high"]), years)


def own_indicators(
    land: pd.DataFrame, drought: pd.DataFrame | None = None, people: pd.DataFrame | None = None
) -> Indicators:
    """How much land of each region is degraded, how much was in severe drought, how many people live on degraded land.

    Parameters
    ----------
    land : DataFrame, index region_id
        ``land_degraded`` (% of the land with a verdict) with ``_low`` and ``_high``, ``land_degraded_noise_high`` (%, NaN
        where there is no range); those that a study's own layers give.
    drought : DataFrame, optional
        Of one index: ``region_id, year, drought_class`` (0 to 4; -1 where the index does not apply), ``area_km2``.
    people : DataFrame, index region_id, optional
        ``people_degraded`` (persons; missing where hidden), ``area_km2`` of the region, ``people_year``.

    Returns
    -------
    Indicators
        Those of `OWN` that some region has; a table without columns where there are none. The interval of a degraded
        share that series without change reach too (it lies below their 97.5 % quantile) begins at 0: the share is no
        evidence of degraded land, and it is no part to be taken off either. The year of a drought is the last of the four.

    Examples
    --------
    >>> import pandas as pd
    >>> land = pd.DataFrame({"land_degraded": [40.0, 90.0], "land_degraded_noise_high": [60.0, 60.0]}, index=["a", "b"])
    >>> found = own_indicators(land.assign(land_degraded_low=38.0, land_degraded_high=91.0))
    >>> found.values["degraded"].tolist(), found.low["degraded"].tolist()
    ([40.0, 90.0], [0.0, 38.0])
    """
    values, low, high, years = (pd.DataFrame(index=land.index) for _ in range(4))
    nothing = pd.Series(float("nan"), index=land.index)
    if "land_degraded" in land and land["land_degraded"].notna().any():
        values["degraded"] = land["land_degraded"].astype("float64")
        by_chance = values["degraded"] < land.get("land_degraded_noise_high", nothing)
        ends = [land.get(f"land_degraded{end}", nothing).astype("float64") for end in ("_low", "_high")]
        low["degraded"] = ends[0].mask(by_chance, 0.0)
        high["degraded"] = ends[1].mask(by_chance & ends[1].isna(), values["degraded"])
        years["degraded"] = nothing
    if drought is not None and (drought["drought_class"] >= 0).any():
        worst = worst_years(drought).reindex(land.index)
        values["drought_worst"], years["drought_worst"] = worst["share"], worst["last_year"]
        low["drought_worst"] = high["drought_worst"] = nothing
    if people is not None and people["people_degraded"].notna().any():
        density = people["people_degraded"].astype("float64") / people["area_km2"]
        values["people_on_degraded"] = density.reindex(land.index)
        years["people_on_degraded"] = people["people_year"].astype("float64").reindex(land.index)
        low["people_on_degraded"] = high["people_on_degraded"] = nothing
    return Indicators(*_ordered(values, low, high), years)


def worst_years(drought: pd.DataFrame) -> pd.DataFrame:
    """The four years in a row with the most land in severe or extreme drought.

    Parameters
    ----------
    drought : DataFrame
        As for `own_indicators`.

    Returns
    -------
    DataFrame, index region_id
        ``share`` (% of the area with a class, mean of the four years) and ``last_year``; of equal ones the latest. Fewer
        than four years in a row leave a region out.

    Examples
    --------
    >>> import pandas as pd
    >>> rows = [("a", year, 3 if year > 2001 else 0, 10.0) for year in range(2000, 2005)]
    >>> worst_years(pd.DataFrame(rows, columns=["region_id", "year", "drought_class", "area_km2"])).loc["a"].tolist()
    [75.0, 2004.0]
    """
    known = drought[drought["drought_class"] >= 0]
    area = known.pivot_table(index="year", columns="region_id", values="area_km2", aggfunc="sum")
    severe = known[known["drought_class"] >= SEVERE].pivot_table(
        index="year", columns="region_id", values="area_km2", aggfunc="sum"
    )
    every = range(int(known["year"].min()), int(known["year"].max()) + 1)
    share = (100 * severe.reindex_like(area).fillna(0.0) / area).reindex(every)
    means = share.rolling(WORST_YEARS).mean().iloc[::-1].dropna(axis=1, how="all")
    return pd.DataFrame({"share": means.max(), "last_year": means.idxmax().astype("float64")}).rename_axis("region_id")


def country_indicators(figures: pd.DataFrame, countries: list[str]) -> Indicators:
    """What is known of each country: dependence on farming, displaced people per 1000 residents.

    Parameters
    ----------
    figures : DataFrame
        Tidy: ``iso3, year, indicator, value, low, high``. Read are ``agriculture_share`` (% of GDP),
        ``idps_idmc``, ``idps_unhcr``, ``refugees_by_asylum``,
        ``asylum_seekers_by_asylum`` and ``population_midyear`` (persons).
    countries : list of str
        ISO 3166 alpha-3 codes, in the order wanted.

    Returns
    -------
    Indicators, index iso3
        The latest figure of each, if not more than `OLDEST` years older than the newest of any of these countries.
        Displaced inside: IDMC's count, UNHCR's where IDMC has none for that year; the interval spans both. Hosted:
        refugees + asylum-seekers of one year, with the interval of hidden small numbers; asylum-seekers not reported
        add nothing. Both over the latest population at or before that year, or the earliest after it. A country
        without a count is unknown, never zero. Net migration is not read: it is context, not risk.

    Examples
    --------
    >>> import pandas as pd
    >>> figures = pd.DataFrame(
    ...     {"iso3": "XAA", "year": [2023, 2024, 2024], "indicator": ["population_midyear", "idps_idmc", "idps_unhcr"],
    ...      "value": [2e6, 3e4, 2e4], "low": None, "high": None})
    >>> found = country_indicators(figures, ["XAA"])
    >>> [float(t["displaced_inside"].item()) for t in (found.low, found.values, found.high)]
    [10.0, 15.0, 15.0]
    """
    index = pd.Index(countries, name="iso3")
    tables = [pd.DataFrame(index=index, columns=list(COUNTRY), dtype="float64") for _ in range(4)]
    people = _series(figures, "population_midyear")
    found = {
        "agriculture": _series(figures, "agriculture_share"),
        "displaced_inside": _per_thousand(_inside(figures), people),
        "refugees_hosted": _per_thousand(_hosted(figures), people),
    }
    for name, series in found.items():
        rows = series[series["iso3"].isin(countries)]
        latest = rows.sort_values("year").drop_duplicates("iso3", keep="last")
        latest = latest[latest["year"] >= latest["year"].max() - OLDEST].set_index("iso3")
        for table, column in zip(tables, ("value", "low", "high", "year"), strict=True):
            table[name] = latest[column].astype("float64").reindex(index)
    return Indicators(*_ordered(*tables[:3]), tables[3])


def spread(found: Indicators, units: pd.Series) -> Indicators:
    """Give each unit the values of its country.

    Parameters
    ----------
    found : Indicators, index iso3
        As from `country_indicators`.
    units : Series of str, index region_id
        iso3 of each unit.

    Returns
    -------
    Indicators, index region_id
        NaN where the country is not in `found`.

    Examples
    --------
    >>> import pandas as pd
    >>> one = pd.DataFrame({"agriculture": [40.0]}, index=["NER"])
    >>> units = pd.Series({"NE1": "NER", "NE2": "NER", "ML1": "MLI"})
    >>> spread(Indicators(one, one, one, one), units).values["agriculture"].tolist()
    [40.0, 40.0, nan]
    """

    def give(table: pd.DataFrame) -> pd.DataFrame:
        return table.reindex(units.to_numpy()).set_axis(units.index)

    return Indicators(give(found.values), give(found.low), give(found.high), give(found.years))


def _series(figures: pd.DataFrame, indicator: str) -> pd.DataFrame:
    rows = figures.loc[figures["indicator"] == indicator, ["iso3", "year", "value", "low", "high"]]
    rows = rows[rows["value"].notna()]
    return rows.astype({"value": "float64", "low": "float64", "high": "float64"})


def _inside(figures: pd.DataFrame) -> pd.DataFrame:
    """Internally displaced people: two counts of the same people, side by side, as value and interval."""
    both = _series(figures, "idps_idmc").merge(
        _series(figures, "idps_unhcr"), on=["iso3", "year"], how="outer", suffixes=("", "_unhcr")
    )
    counts = both[["value", "value_unhcr"]]
    two = counts.notna().all(axis=1)
    return both[["iso3", "year"]].assign(
        value=both["value"].fillna(both["value_unhcr"]),
        low=counts.min(axis=1).where(two),
        high=counts.max(axis=1).where(two),
    )


def _hosted(figures: pd.DataFrame) -> pd.DataFrame:
    refugees, seekers = _series(figures, "refugees_by_asylum"), _series(figures, "asylum_seekers_by_asylum")
    for table in (refugees, seekers):
        for end in ("low", "high"):
            table[end] = table[end].fillna(table["value"])
    both = refugees.merge(seekers, on=["iso3", "year"], how="left", suffixes=("", "_seekers"))
    for column in ("value", "low", "high"):
        both[column] = both[column] + both.pop(f"{column}_seekers").fillna(0)
    return both


def _per_thousand(counts: pd.DataFrame, people: pd.DataFrame) -> pd.DataFrame:
    """Counts over the latest population at or before their year, else over the earliest after it, times 1000."""
    left = counts.astype({"year": "int64"}).sort_values("year")
    right = people.astype({"year": "int64"}).sort_values("year")[["iso3", "year", "value"]]
    right = right.rename(columns={"value": "people"})
    before = pd.merge_asof(left, right, on="year", by="iso3", direction="backward")
    after = pd.merge_asof(left, right, on="year", by="iso3", direction="forward")
    per = before["people"].fillna(after["people"]) / 1000
    return (
        before.assign(**{c: before[c] / per for c in ("value", "low", "high")})
        .drop(columns="people")
        .dropna(subset="value")
    )


def _ordered(
    values: pd.DataFrame, low: pd.DataFrame, high: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Ends that hold their value: rounding and means can put one a hair on the wrong side."""
    return (
        values,
        low.where(low <= values, values).where(low.notna()),
        high.where(high >= values, values).where(high.notna()),
    )
