# SPDX-License-Identifier: Apache-2.0
"""What the people stage found: who lives here, who moved, who is displaced."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from homeground.language.messages import Saying, Word
from homeground.numbers.fact import Amount
from homeground.running.tables import LAND_COUNTRIES, LAND_UNITS, PEOPLE_COUNTRIES, regions_of

WHOLE = 0.9  # of the countries' land; a study with less of it holds a part of them only


def finding(results: Path) -> list[Saying]:
    """People who live in the regions, net migration of the newest year, people displaced inside their country.

    Parameters
    ----------
    results : Path
        A results folder in which the stage has run.

    Returns
    -------
    list of Saying
    """
    regions = pd.read_parquet(results / regions_of("people"))
    table = pd.read_parquet(results / PEOPLE_COUNTRIES)
    people = Amount(float(regions["people_population"].sum()), "persons", kind="modelled")
    counted = bool(regions["people_population"].notna().any())
    said = [Saying("finding.people.population", {"n": people}) if counted else Saying("finding.people.unknown")]
    net = table[table["indicator"] == "net_migration"]
    if len(net):
        year = int(net["year"].max())
        total = float(net.loc[net["year"] == year, "value"].sum())
        direction = "left" if total < 0 else "came"
        said.append(
            Saying(f"finding.people.{direction}", {"people": Amount(abs(total), "persons"), "year": str(year)}),
        )
    inside = table[table["indicator"] == "idps_idmc"]
    if len(inside):
        last = int(inside["year"].max())
        inside = inside[inside["year"] == last]
        words: dict[str, Word] = {"year": str(last)}
        words["n"] = Amount(float(inside["value"].sum()), "persons")
        if len(inside) < (countries := int(table["iso3"].nunique())):
            said.append(Saying("finding.people.displaced_counted", words | {"counted": len(inside), "all": countries}))
        else:
            said.append(Saying("finding.people.displaced", words))
    land = pd.read_parquet(results / LAND_UNITS)["area_km2"].sum()
    if land < WHOLE * pd.read_parquet(results / LAND_COUNTRIES)["area_km2"].sum():
        said.append(Saying("finding.mobility_whole"))
    return said
