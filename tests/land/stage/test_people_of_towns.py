# SPDX-License-Identifier: Apache-2.0
"""People of SDG 11.3.1 pass the gate before anything is worked out from them, beside the study's own population."""

from __future__ import annotations

import pandas as pd
import pytest

from homeground.catalogue import regions
from homeground.land.cover.take import land_consumption
from homeground.land.stage import built
from homeground.land.stage.files import built_inputs
from homeground.study.opening import open_study

PLACES = pd.DataFrame({"region_id": list("abcd"), "iso3": "NER", "name": list("ABCD")})


@pytest.fixture
def study(tmp_path, monkeypatch):
    for module in (built, regions):
        monkeypatch.setattr(module, "study_regions", lambda _: PLACES)

    def made(towns, census=None):
        folder = tmp_path / "one"
        folder.mkdir()
        lines = [f"{region},{year},{people}" for region, year, people in towns]
        (folder / "towns.csv").write_text("\n".join(["region_id,year,population", *lines, ""]))
        data = 'city_people = "towns.csv"\n'
        if census:
            rows = [f"{region},{people},2020,census" for region, people in census.items()]
            (folder / "census.csv").write_text("\n".join(["region_id,population,year,source", *rows, ""]))
            data += 'population = "census.csv"\n'
        (folder / "study.toml").write_text(f'title = "T"\ncountries = ["NER"]\n[data]\n{data}')
        return open_study(folder)

    return made


TOWNS = [("a", 2015, 4), ("a", 2020, 8003), ("b", 2015, 41), ("b", 2020, 52), ("c", 2015, 903), ("c", 2020, 1002)]


def test_small_counts_go_in_both_years_and_the_rest_is_rounded(study):
    people = built.city_people(study(TOWNS), (2015, 2020))
    # 4 of 2015 takes 41 with it, against subtraction; a and b are then hidden in 2020 too.
    assert people[2015].dropna().to_dict() == {"c": 905.0}
    assert people[2020].dropna().to_dict() == {"c": 1000.0}


def test_what_is_worked_out_gives_only_the_rounded_count_back(study):
    people = built.city_people(study(TOWNS), (2015, 2020))
    km2 = pd.Series(2.0, index=list("abcd"))
    found = land_consumption(km2, km2, people[2015], people[2020], 5)
    assert (2e6 / found["built_per_person_start"]).round(6).dropna().to_dict() == {"c": 905.0}
    assert found.loc[["a", "b"], ["population_growth_rate", "ratio", "built_per_person_end"]].isna().all(axis=None)


def test_a_region_that_the_census_hides_is_hidden_here_too(study):
    towns = [(region, year, people) for year in (2015, 2020) for region, people in (("b", 41), ("c", 903))]
    alone = built.city_people(study(towns), (2015, 2020))
    assert alone[2020].dropna().to_dict() == {"b": 40.0, "c": 905.0}


def test_with_a_census_beside_it(study):
    towns = [(region, year, people) for year in (2015, 2020) for region, people in (("b", 41), ("c", 903))]
    # In the census 4 people of a are hidden, and 41 of b beside them: shown here, 41 would give 4 back.
    found = built.city_people(study(towns, {"a": 4, "b": 41, "c": 903, "d": 700}), (2015, 2020))
    assert found[2020].dropna().to_dict() == {"c": 905.0}


def test_the_step_reads_the_census(study):
    opened = study(TOWNS, {"a": 4, "b": 41, "c": 903, "d": 700})
    assert {"city_people: towns.csv", "population: census.csv"} <= set(built_inputs(opened))
