# SPDX-License-Identifier: Apache-2.0
"""Person-days that people of a region have outside the main season, and the work of a plan beside them."""

from __future__ import annotations

import pandas as pd

from homeground.errors import DataError
from homeground.measures.work.ranges import ENDS, Range, default_range, range_of

PEOPLE = ("population_low", "population", "population_high")
SHARES = ("working_age_share", "rural_share")


def labour_supply(
    people: pd.DataFrame, *, share: float | Range | None = None, days: float | Range | None = None
) -> pd.DataFrame:
    """Most days of work a year that a region's rural people of working age have outside the main season.

    Parameters
    ----------
    people : DataFrame
        region_id (once each), population_low, population, population_high (persons), working_age_share and rural_share
        (0 to 1). Missing people or shares give a missing supply.
    share : float or (low, mid, high), optional
        Part of those people who would work for such a programme, 0 to 1; left out: an expert default, unverified.
    days : float or (low, mid, high), optional
        Days a year that one of them has outside the main season, at most 366; left out: an expert default, unverified.

    Returns
    -------
    DataFrame
        region_id, person_days_a_year_low, person_days_a_year_mid, person_days_a_year_high.

    Raises
    ------
    DataError
        A column is missing, a region stands twice, people or shares are out of order or out of bounds.

    Notes
    -----
    population x working-age share x rural share x share x days, all lows together and all highs together: the ends are
    an envelope and no probability. It says who could, never who must.

    Examples
    --------
    >>> people = pd.DataFrame({"region_id": ["a"], "population_low": 800, "population": 1000, "population_high": 1200})
    >>> people = people.assign(working_age_share=0.5, rural_share=0.8)
    >>> labour_supply(people, share=0.1, days=(50, 60, 100)).iloc[0, 1:].tolist()
    [1600.0, 2400.0, 4800.0]
    """
    missing = [name for name in ("region_id", *PEOPLE, *SHARES) if name not in people.columns]
    if missing:
        raise DataError(f"the people table lacks {', '.join(missing)}.")
    if people["region_id"].duplicated().any():
        twice = people.loc[people["region_id"].duplicated(), "region_id"].iloc[0]
        raise DataError(f"region {twice} stands twice in the people table. Give each region once.")
    counts = people[list(PEOPLE)].astype(float)
    known = counts.notna().all(axis=1)
    low, mid, high = (counts.loc[known, name] for name in PEOPLE)
    if not ((low >= 0) & (low <= mid) & (mid <= high)).all():
        raise DataError("people: 0 <= population_low <= population <= population_high was expected in every region.")
    for name in SHARES:
        values = people[name].dropna().astype(float)
        if not values.between(0, 1).all():
            raise DataError(f"{name}: from 0 to 1 was expected, found {values[~values.between(0, 1)].iloc[0]:g}.")
    part = range_of(default_range("share_of_workers") if share is None else share, "share", high=1.0)
    spare = range_of(default_range("off_season_days") if days is None else days, "days", high=366.0)
    rural = people["working_age_share"].astype(float) * people["rural_share"].astype(float)
    out = pd.DataFrame({"region_id": people["region_id"].to_numpy()})
    for name, end, one, day in zip(PEOPLE, ENDS, part, spare, strict=True):
        out[f"person_days_a_year_{end}"] = (counts[name] * rural * one * day).to_numpy(float)
    return out


def labour_caps(supply: pd.DataFrame, *, years: tuple[int, int], end: str = "mid") -> pd.DataFrame:
    """Rules that keep the work of a plan within the days that people of each region have, year by year.

    Parameters
    ----------
    supply : DataFrame
        Of `labour_supply`.
    years : tuple of int
        First and last year of the plan.
    end : {"low", "mid", "high"}
        Which end of the supply is the cap.

    Returns
    -------
    DataFrame
        Rows as `homeground.measures.plan` takes them: kind "cap", of "person_days", amount, over "region_id", where, year.
        Regions whose supply is not known have no row: nothing caps them, which has to be told.

    Raises
    ------
    DataError
        An unknown end, or years out of order.

    Notes
    -----
    The plan counts work of all seasons against the cap, the main one too, so it is on the safe side.

    Examples
    --------
    >>> supply = pd.DataFrame([{"region_id": "a", "person_days_a_year_mid": 2400.0}])
    >>> labour_caps(supply, years=(2024, 2025))[["amount", "where", "year"]].values.tolist()
    [[2400.0, 'a', 2024], [2400.0, 'a', 2025]]
    """
    if end not in ENDS:
        raise DataError(f'end is "{end}"; one of {", ".join(ENDS)} was expected.')
    if years[0] > years[1]:
        raise DataError(f"years end before they start: {years}.")
    known = supply[supply[f"person_days_a_year_{end}"].notna()]
    amounts = zip(known["region_id"], known[f"person_days_a_year_{end}"], strict=True)
    fixed = {"kind": "cap", "of": "person_days", "over": "region_id"}
    rows = [
        fixed | {"amount": float(amount), "where": str(region), "year": year}
        for region, amount in amounts
        for year in range(years[0], years[1] + 1)
    ]
    return pd.DataFrame(rows, columns=["kind", "of", "amount", "over", "where", "year"])


def days_by_year(allocation: pd.DataFrame, schedule: pd.DataFrame) -> pd.DataFrame:
    """Work of a plan by region, year and season.

    Parameters
    ----------
    allocation : DataFrame
        ``plan.parquet``: region_id, iso3, measure, and person_days_establishment, _season and _upkeep with _low and _high.
    schedule : DataFrame
        ``plan_starts.parquet`` or ``plan_schedule.parquet``: measure, year, hectares started, by region_id, or by iso3 where it
        has no such column.

    Returns
    -------
    DataFrame
        region_id, year, season ("off": establishment and upkeep; "main": field work of the main season), low, mid, high in
        person-days.

    Notes
    -----
    Establishment falls where land starts; season and upkeep work from the year after, on what was started before. Where
    the schedule is by country, each region of it starts in step with its country. Off-season work may be added up: both are
    done by the same people in the same months. It is never added to the work of the main season.

    Examples
    --------
    Ten hectares start in each of two years; upkeep falls on what stands, in the second year.

    >>> plan = pd.DataFrame({"region_id": ["a"], "iso3": "NER", "measure": "zai"})
    >>> for phase, days in (("establishment", 100.0), ("season", 20.0), ("upkeep", 8.0)):
    ...     for tail in ("", "_low", "_high"):
    ...         plan[f"person_days_{phase}{tail}"] = days
    >>> starts = pd.DataFrame({"iso3": "NER", "measure": "zai", "year": [2024, 2025], "hectares": 10.0})
    >>> days_by_year(plan, starts)[["year", "season", "mid"]].values.tolist()
    [[2024, 'main', 0.0], [2024, 'off', 50.0], [2025, 'main', 20.0], [2025, 'off', 58.0]]
    """
    place = "region_id" if "region_id" in schedule.columns else "iso3"
    started = schedule.pivot_table(index=[place, "measure"], columns="year", values="hectares", aggfunc="sum")
    started = started.fillna(0.0)
    standing = started.cumsum(axis=1) - started
    parts = []
    for season, phases in (("off", ("establishment", "upkeep")), ("main", ("season",))):
        for phase in phases:
            weights = started if phase == "establishment" else standing
            total = weights.sum(axis=1)
            parts_of_all = weights.div(total.where(total > 0, 1.0), axis=0)
            shares = pd.DataFrame({"share": parts_of_all.stack()}).reset_index()
            ends = {
                f"person_days_{phase}{tail}": end for tail, end in (("_low", "low"), ("", "mid"), ("_high", "high"))
            }
            names = [*dict.fromkeys(["region_id", place, "measure"]), *ends]
            work = allocation[names].rename(columns=ends)
            joined = work.merge(shares, on=[place, "measure"])
            joined[list(ENDS)] = joined[list(ENDS)].mul(joined["share"], axis=0)
            parts.append(joined.assign(season=season)[["region_id", "year", "season", *ENDS]])
    table = pd.concat(parts).groupby(["region_id", "year", "season"], as_index=False)[list(ENDS)].sum()
    return table.astype({"year": "int64"})


def beside_supply(needed: pd.DataFrame, supply: pd.DataFrame) -> pd.DataFrame:
    """Work of the off season by region and year beside what people of the region have, flagged where it is more.

    Parameters
    ----------
    needed : DataFrame
        Of `days_by_year`.
    supply : DataFrame
        Of `labour_supply`.

    Returns
    -------
    DataFrame
        needed with supply_low, supply_mid, supply_high (missing in the main season, for which no published figure says how
        many days are free, and where people are not known) and held: "within", "above_mid" (more than the middle of the
        supply), "above_high" (more than its high end), "not_known".

    Examples
    --------
    >>> ends = {"low": 5.0, "mid": 10.0, "high": 20.0}
    >>> needed = pd.DataFrame([{"region_id": "a", "year": 2024, "season": "off", **ends}])
    >>> supply = pd.DataFrame([{"region_id": "a"} | {f"person_days_a_year_{end}": 8.0 for end in ends}])
    >>> beside_supply(needed, supply)["held"].tolist()
    ['above_high']
    """
    columns = {f"person_days_a_year_{end}": f"supply_{end}" for end in ENDS}
    table = needed.merge(supply.rename(columns=columns), on="region_id", how="left", validate="many_to_one")
    off = table["season"] == "off"
    table[list(columns.values())] = table[list(columns.values())].where(off)
    held = pd.Series("within", index=table.index)
    held[table["mid"] > table["supply_mid"]] = "above_mid"
    held[table["mid"] > table["supply_high"]] = "above_high"
    held[table["supply_mid"].isna()] = "not_known"
    return table.assign(held=held)
