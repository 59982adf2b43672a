# SPDX-License-Identifier: Apache-2.0
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import homeground.catalogue.figures
from homeground.errors import DataError
from homeground.people.displacement import INDICATORS, displacement_table, latest, small_count_interval

FIGURES = Path(homeground.catalogue.figures.__file__).parent


@pytest.fixture
def figures():
    return pd.DataFrame(
        [
            ["NER", "Diffa", 2023, "idps_conflict", 160_000.0, 150_000.0, 170_000.0, "IDMC"],
            ["NER", None, 2024, "idps_conflict", 379_000.0, np.nan, np.nan, "IDMC"],
            ["NER", None, 2023, "idps_conflict", 335_000.0, np.nan, np.nan, "IDMC"],
            ["NER", None, 2024, "refugees_by_origin", 5.0, np.nan, np.nan, "UNHCR Refugee Data Finder"],
            ["MLI", None, 2024, "refugees_by_origin", 5.0, np.nan, np.nan, "a survey"],
            ["MLI", None, 2024, "idps_disaster", np.nan, np.nan, np.nan, "IDMC"],
            ["NER", None, 2024, "literacy", 0.4, np.nan, np.nan, "UNESCO"],
        ],
        columns=["iso3", "place", "year", "indicator", "value", "low", "high", "source"],
    ).assign(unit="persons", licence="CC BY 4.0", kind="published")


def test_each_figure_has_its_interval_or_says_why_not(figures):
    table = displacement_table(figures)
    assert len(table) == 6  # literacy is no displacement
    found = table.set_index(["iso3", "place", "year", "indicator"])
    five = found.loc[("NER", "", 2024, "refugees_by_origin")]
    assert (five["low"], five["high"], five["interval"]) == (1, 5, "source writes 5 for 1 to 5")
    assert found.loc[("MLI", "", 2024, "refugees_by_origin"), "interval"] == "none: the source publishes no range"
    assert np.isnan(found.loc[("MLI", "", 2024, "refugees_by_origin"), "low"])
    assert found.loc[("NER", "Diffa", 2023, "idps_conflict"), "interval"] == "published range"
    assert found.loc[("MLI", "", 2024, "idps_disaster"), "interval"] == "no value published"
    assert found.loc[("NER", "", 2024, "idps_conflict"), ["cause", "counted"]].tolist() == ["conflict", "stock inside"]


def test_indicator_names_are_arguments(figures):
    table = displacement_table(figures.assign(unit="people"), indicators={"literacy": ("none", "share")})
    assert table["cause"].tolist() == ["none"]
    assert displacement_table(figures, indicators={}).empty


def test_faults_are_refused(figures):
    with pytest.raises(DataError, match="thousands"):
        displacement_table(figures.assign(unit="thousands"))
    with pytest.raises(DataError, match="no columns \\['licence'\\]"):
        displacement_table(figures.drop(columns="licence"))
    with pytest.raises(DataError, match="twice"):
        displacement_table(pd.concat([figures, figures.iloc[[1]]]))
    with pytest.raises(DataError, match="low <= value <= high"):
        displacement_table(figures.assign(high=figures["low"] - 1))


def test_latest_takes_the_newest_year_with_a_value(figures):
    newest = latest(figures, "idps_conflict")
    assert newest[["year", "value"]].to_numpy().tolist() == [[2023, 160_000], [2024, 379_000]]
    assert latest(figures, "idps_disaster").empty
    assert latest(figures, "not there").empty


def test_a_source_that_shows_small_numbers_is_not_widened():
    with pytest.raises(DataError, match="does not hide numbers"):
        small_count_interval([0, 3, 5])


@given(st.lists(st.one_of(st.just(0.0), st.integers(5, 10**7).map(float), st.just(np.nan)), min_size=1))
def test_interval_holds_the_published_number(values):
    found = small_count_interval(pd.Series(values))
    five = np.array(values) == 5
    assert (found["high"].notna() == five).all()
    assert (found.loc[five, "low"] == 1).all()


def test_real_unhcr_cells_are_never_one_to_four(shared_data):
    table = pd.read_csv(shared_data / "people" / "unhcr_refugees" / "population.csv.gz", keep_default_na=False)
    cells = pd.to_numeric(table.loc[table["year"].astype(int) == 2024, "refugees"], errors="coerce")
    found = small_count_interval(cells)  # would refuse a 1 to 4
    assert found["low"].eq(1).sum() == 850  # measured count of cells of exactly 5


def test_published_figures_of_the_catalogue_pass():
    figures = pd.read_csv(FIGURES / "displacement.csv", keep_default_na=False, na_values=[""])
    table = displacement_table(figures)
    assert len(table) == len(figures)  # every indicator of the file is known
    assert table["interval"].isin(["published range", "none: the source publishes no range"]).all()


def test_stocks_and_flows_are_told_apart():
    assert {counted.split()[0] for _, counted in INDICATORS.values()} == {"stock", "flow"}
