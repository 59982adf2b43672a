# SPDX-License-Identifier: Apache-2.0
"""What the page says beyond the plan, on tables of a few numbers."""

from __future__ import annotations

import pandas as pd
import pytest

from homeground.brief.sections.beside.beyond import frontier_chart, frontier_table, reach, sayings
from homeground.language.languages import NBSP
from homeground.language.messages import tell
from homeground.study.opening import open_study

FACTS = {
    "binding": {"land": 3, "adoption": 5, "money_or_rules": 1, "nothing_fits": 2},
    "drawn": {"draws": 50.0, "none": 0.0, "p05": 1e6, "p50": 2e6, "p95": 3e6},
    "objective_unit": "hectares weighted by need", "budget_per_year": 4e9, "years": [2024, 2030], "land_ceiling": 0.25,
}  # fmt: skip
PRICES = pd.DataFrame({"rule": ["budget", "women", "country_floor"], "withheld": ["", "defaults", ""]})


def frontier(restored=(10e6, 20e6, 30e6)):
    """Three plans: the study's own, twice its money, twice its money and all land."""
    return pd.DataFrame(
        {
            "land_ceiling": [0.25, 0.25, 1.0], "budget_factor": [1.0, 2.0, 2.0], "budget_usd_per_year": [4e9, 8e9, 8e9],
            "hectares": [50e6, 60e6, 90e6], "restored_hectares": restored, "cost_usd": [1e9, 2e9, 3e9],
            "person_days": [4e9, 5e9, 6e9], "carbon_t_co2e_per_year": [11e6, 12e6, 13e6],
        }
    )  # fmt: skip


def told(said):
    return tell(said).replace(NBSP, " ")


def test_what_binds_what_is_drawn_and_what_is_withheld_is_said():
    text = told(sayings(FACTS, PRICES, "en"))
    assert "in 3 of 11 regions the land that may be taken is used up, in 5 what people may take up" in text
    assert "in 1 it is money or a rule, and in 2 no measure fits" in text
    assert "Planned again 50 times" in text
    assert "between 1 million hectares and 3 million hectares" in text
    assert "No price is told of Least share for women" in text
    assert "Least share of each country" not in text
    alone = told(sayings(FACTS | {"drawn": {}}, PRICES.assign(withheld=""), "en"))
    assert "Planned again" not in alone
    assert "No price" not in alone
    poor = FACTS | {"binding": {"land": 0, "adoption": 0, "money_or_rules": 4, "nothing_fits": 1}}
    assert "is money or a rule, in each of the 4 regions where a measure fits" in told(sayings(poor, PRICES, "en"))


def test_only_what_reverses_degradation_counts_towards_land_restored():
    text = told(reach(open_study("great-green-wall"), frontier(), FACTS))
    assert "measures that reverse degradation reach 10 million hectares of 100 million hectares" in text
    assert "no budget and ceiling that was tried reaches it, the most is 30 million hectares" in text
    # 11 million t a year for 20 years are 220 million t CO2e, of which 12 / 44 is carbon.
    assert "220 million tonnes of CO₂ equivalent (60 million tonnes of carbon) in 20 years" in text
    assert "4 billion person-days" in text


def test_what_it_would_take_is_the_least_money_that_reaches_it():
    text = told(reach(open_study("great-green-wall"), frontier((10e6, 100e6, 120e6)), FACTS))
    assert "it would take 8 billion US dollars a year with a land ceiling of 25 per cent" in text


def test_without_goals_nothing_is_held_against_them():
    assert reach(open_study("central-asia"), frontier(), FACTS) == []
    assert reach(open_study("great-green-wall"), frontier().iloc[:0], FACTS) == []


def test_the_table_and_the_chart_hold_every_plan_that_keeps_the_rules():
    rows = frontier()
    rows.loc[2, ["hectares", "restored_hectares"]] = float("nan")
    table = frontier_table(rows, "en")
    assert table.frame["hectares"].tolist() == pytest.approx([50.0, 60.0])  # million ha
    assert table.frame["restored"].tolist() == pytest.approx([10.0, 20.0])
    assert table.frame["days"].tolist() == pytest.approx([4000.0, 5000.0])
    svg = frontier_chart(rows, FACTS, "fr")[0].svg
    assert "25" in svg
    assert frontier_chart(rows.iloc[2:], FACTS, "en") == ()
