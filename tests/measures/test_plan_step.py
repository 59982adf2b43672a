# SPDX-License-Identifier: Apache-2.0
"""Rules and objectives of a study, and prices as they are published."""

from __future__ import annotations

import pandas as pd
import pytest

from homeground.errors import StudyError
from homeground.measures import options, plan
from homeground.measures.steps.plan import _told_prices, asked_rules
from homeground.numbers.money import Money
from homeground.study.opening import open_study

STUDY = """title = "Made"
countries = ["NER"]
[plan]
budget = {{ amount = "1e6 USD", price_year = 2023, years = [2025, 2026] }}
{more}
"""


def study(folder, more):
    (folder / "study.toml").write_text(STUDY.format(more=more), encoding="utf-8")
    return open_study(folder)


def test_rules_of_a_study_are_rules_of_the_plan(tmp_path):
    given = """rules = { women = 0.4, further = [
  { kind = "cap", of = "hectares", amount = 1e4, over = "region_id" },
  { kind = "share", group = "youth", part = 0.2, over = "iso3", where = "NER" },
] }
objective = { restored = 1, work = 0.01 }
"""
    found = study(tmp_path, given)
    assert [rule.name for rule in asked_rules(found.plan.rules)] == [
        "women",
        "cap hectares region_id=None",
        "youth iso3=NER",
    ]
    assert found.plan.objective == {"restored": 1, "work": 0.01}


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ('rules = { further = [{ kind = "limit", amount = 1 }] }', "plan.rules.further"),
        ('rules = { further = [{ kind = "cap" }] }', "either amount or part was expected"),
        ('rules = { further = [{ kind = "share", part = 0.2 }] }', "names its group"),
        ('rules = { further = [{ kind = "cap", amount = -1 }] }', "plan.rules.further"),
        ('rules = { further = [{ kind = "cap", amount = 1, where = "NER" }] }', "over no column"),
        ('objective = "trees"', "plan.objective"),
        ("draws = -1", "plan.draws"),
    ],
)
def test_faulty_rules_of_a_study_are_refused_with_their_key(tmp_path, given, told):
    with pytest.raises(StudyError, match=told):
        study(tmp_path, given)


def test_prices_that_rest_on_defaults_are_withheld_and_say_so():
    land = {"aridity_class": "arid", "cover_class": "grassland", "rain_mm": 400.0, "area_km2": 100.0, "need": 1.0}
    units = pd.DataFrame([{"region_id": "NE1", "iso3": "NER", **land}, {"region_id": "ML1", "iso3": "MLI", **land}])
    table = options().loc[["half_moons"]].assign(women_share_quality=5.0, youth_share_quality=5.0)
    table["establishment_cost_quality"] = table["upkeep_cost_quality"] = 2.0
    table = table.drop(columns=[c for c in table if c.startswith(("establishment_cash", "upkeep_cash"))])
    made = plan(
        units, table, budget=Money(1e5, "USD", 2023), years=(2025, 2025),
        rules={"women": 0.3, "country_floor": 0.2}, draws=20,
    )  # fmt: skip
    told = _told_prices(made).set_index(["rule", "where"])
    women, floor, budget = told.loc[("women", "all")], told.loc[("country_floor", "all")], told.loc[("budget", "2025")]
    assert (women["withheld"], women["rests_on_defaults"]) == ("defaults", 1.0)
    assert women[["objective_lost", "money_lost", "lost_share"]].isna().all()
    assert floor["withheld"] == ""
    assert floor["money_lost"] >= 0
    assert budget["shadow_price_p05"] <= budget["shadow_price"] * (1 + 1e-9)
    assert budget["shadow_price_p05"] < budget["shadow_price_p95"]
