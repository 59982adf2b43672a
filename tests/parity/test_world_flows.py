# SPDX-License-Identifier: Apache-2.0
"""Bilateral flows of the world 2010-2015 beside the estimates published by Abel and Cohen (2019), with WPP 2024 inputs.

The published flows rest on an older edition of the World Population Prospects and are whole numbers; flows by
demographic accounting can therefore agree only roughly. Stock differences use the stocks alone and must be equal.
Population at mid-year is births / crude birth rate; births and deaths run from mid-year to mid-year.
"""

import numpy as np
import pandas as pd
import pytest

from homeground.people.flows import flows_from_stocks

# names of the World Population Prospects that differ from those in the list of country codes
NAMES = {
    "United Republic of Tanzania": "TZA", "Central African Republic": "CAF", "Syrian Arab Republic": "SYR",
    "Democratic Republic of the Congo": "COD", "China, Taiwan Province of China": "TWN", "Republic of Korea": "KOR",
    "Dem. People's Republic of Korea": "PRK", "Iran (Islamic Republic of)": "IRN", "Republic of Moldova": "MDA",
    "Lao People's Democratic Republic": "LAO", "United Kingdom": "GBR", "Serbia": "SRB", "Netherlands": "NLD",
    "Dominican Republic": "DOM", "Micronesia (Fed. States of)": "FSM",
}  # fmt: skip


@pytest.fixture(scope="module")
def world(shared_data):
    people = shared_data / "people"
    codes = pd.read_csv(people / "unhcr_refugees" / "countries.csv.gz", keep_default_na=False)
    iso3 = {**codes.set_index("name")["iso_code"], **NAMES}
    rates = {}
    for name in ("births", "deaths", "cbr", "migration"):
        table = pd.read_csv(people / "wpp2024" / f"{name}.txt.gz", sep="\t").set_index("country")
        table = table.loc[table.index.isin(iso3), table.columns.str.isdigit()].astype(float)
        rates[name] = table.rename(index=iso3).rename(columns=int)
    halves = pd.Series([0.5, 1, 1, 1, 1, 0.5], range(2010, 2016))
    period = {name: rates[name][halves.index] @ halves * 1000 for name in ("births", "deaths", "migration")}
    population = {year: rates["births"][year] / rates["cbr"][year] * 1e6 for year in (2010, 2015)}

    stocks = pd.read_csv(people / "abel_cohen" / "un_stock_bilateral_1990_2020.csv.gz", keep_default_na=False)
    published = pd.read_csv(people / "abel_cohen" / "abel_cohen_flows_1990_2015.csv.gz", keep_default_na=False)
    published = published[published["year0"] == 2010].set_index(["orig", "dest"])
    places = sorted(set(rates["births"].index) & set(stocks["birth"]) & set(stocks["residence"]))
    tables = []
    for year in (2010, 2015):
        pairs = stocks[stocks["year"] == year].pivot_table(index="birth", columns="residence", values="stock")
        table = pairs.reindex(index=places, columns=places).fillna(0.0).to_numpy().copy()
        np.fill_diagonal(table, 0.0)
        # the Emirates of 2010 hold more foreign-born than this edition counts people: nobody is native-born then
        np.fill_diagonal(table, np.maximum(population[year][places].to_numpy() - table.sum(axis=0), 0.0))
        tables.append(pd.DataFrame(table, places, places))
    return tables, {name: table[places] for name, table in period.items()}, published


def beside(found, published, column):
    ours = found.set_index(["origin", "destination"])["flow"]
    return ours, published[column].reindex(ours.index, fill_value=0.0).astype(float)  # pairs without flow are left out


@pytest.mark.parametrize(("method", "column"), [("drop", "sd_drop_neg"), ("reverse", "sd_rev_neg")])
def test_stock_differences_are_equal(world, method, column):
    tables, period, published = world
    found = flows_from_stocks(*tables, period["births"], period["deaths"], method=f"stock-difference-{method}")
    ours, theirs = beside(found, published, column)
    assert (theirs > 0).sum() > 5_000
    assert ours.to_numpy() == pytest.approx(theirs.to_numpy(), abs=0.5)


@pytest.mark.parametrize(
    ("method", "column", "alike"), [("minimum", "da_min_closed", 0.85), ("pseudo-bayesian", "da_pb_closed", 0.95)]
)
def test_accounting_agrees_roughly(world, method, column, alike):
    tables, period, published = world
    found = flows_from_stocks(*tables, period["births"], period["deaths"], method=method)
    ours, theirs = beside(found, published, column)
    assert np.corrcoef(np.log1p(ours), np.log1p(theirs))[0, 1] > alike
    assert ours.sum() / theirs.sum() == pytest.approx(1.0, abs=0.2)


def test_net_migration_is_that_of_the_population_prospects(world):
    tables, period, _ = world
    found = flows_from_stocks(*tables, period["births"], period["deaths"])
    net = found.groupby("destination")["flow"].sum() - found.groupby("origin")["flow"].sum()
    assert np.corrcoef(net, period["migration"][net.index])[0, 1] > 0.999
