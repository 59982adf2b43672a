# SPDX-License-Identifier: Apache-2.0
"""Pillars, portfolios and crosswalks: in three languages, each row with source, licence and grade, shares whole."""

from __future__ import annotations

import pytest

from homeground.accelerator.registry.declared import registry_tables
from homeground.accelerator.vocabularies.reading import (
    HERE,
    WORDINGS,
    donor_categories,
    pillar_names,
    portfolio_names,
    purpose_codes,
)
from homeground.errors import DataError
from homeground.numbers.table import read_rows


@pytest.mark.parametrize("code", ["en", "fr", "zh"])
def test_five_pillars_and_four_portfolios_in_every_wording_and_language(code):
    assert all(sorted(pillar_names(code, wording)) == [1, 2, 3, 4, 5] for wording in WORDINGS)
    portfolio = next(c for c in registry_tables()["projects"].table.columns if c.column == "portfolio")
    assert tuple(portfolio_names(code)) == portfolio.values


def test_shares_of_each_code_and_category_sum_to_the_whole():
    assert (purpose_codes().groupby("code")["share"].sum() == 100).all()
    assert (donor_categories().groupby(["donor", "category"])["share"].sum() == 100).all()
    assert set(purpose_codes()["pillar"]) == {1, 2, 3, 4, 5}


@pytest.mark.parametrize("name", ["pillars.csv", "portfolios.csv", "purpose_codes.csv", "donor_categories.csv"])
def test_every_row_names_source_licence_and_quality(name):
    rows = read_rows(HERE / name)
    assert all(row["source"] and row["licence"] and row["quality"] in "12345" for row in rows)
    assert all(row["grade"] == "expert default, unverified" for row in rows if "grade" in row)


def test_an_unknown_wording_is_refused():
    with pytest.raises(DataError, match="cop15"):
        pillar_names("en", "official")
