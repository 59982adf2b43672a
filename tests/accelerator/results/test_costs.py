# SPDX-License-Identifier: Apache-2.0
"""Cost per hectare and what it covers, support beside money, claims, a plan beside what is reported: by hand."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from homeground.accelerator.results.claims import claims
from homeground.accelerator.results.money.dollars import in_dollars, rates_of
from homeground.accelerator.results.money.technical import technical_support
from homeground.accelerator.results.money.unit_cost import cost_per_hectare
from homeground.accelerator.results.planned import cost_against_options, planned_against_reported, reported_by_practice
from homeground.accelerator.results.targets import against_targets
from homeground.errors import DataError

RATES = pd.DataFrame({"currency": ["XOF"], "year": [2022], "usd": [0.0016], "source": ["made"]})


def paid(*rows: tuple[str, str, str, int, str, str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["project", "kind", "date", "amount_minor", "currency", "instrument"])


def area(**hectares: float) -> pd.DataFrame:
    return pd.DataFrame(
        {"project": list(hectares), "value": list(hectares.values()), "unit": "ha", "quantity": "restored"}
    )


def test_cost_by_hand() -> None:
    money = paid(
        ("P", "disbursement", "2022-01-05", 50_000_000, "XOF", "grant"),  # 50 M XOF x 0.0016 = 80 000 USD
        ("P", "disbursement", "2022-02-05", 2_000_000, "USD", "loan"),  # 20 000 USD
        ("P", "commitment", "2022-02-05", 900_000_000, "USD", "loan"),  # another step
        ("Q", "disbursement", "2022-02-05", 100, "EUR", "grant"),  # no rate
        ("R", "disbursement", "2022-02-05", 700_00, "USD", ""),  # no area
    )
    costs = cost_per_hectare(area(P=200.0, Q=300.0, S=500.0), money, exchange_rates=RATES)
    assert costs.usd_per_ha == 500.0  # 100 000 USD / 200 ha
    assert costs.coverage == 20.0  # 200 of 1000 ha
    by = costs.projects.set_index("project")
    assert by.loc["P", ["sums", "usd_minor"]].tolist() == ["grant + loan", 10_000_000]
    assert by.loc["P", "said"] == "money in USD, XOF"
    assert by.loc["Q", "said"] == "not converted: no rate of EUR 2022"
    assert by.loc["R", "said"] == "no approved area"
    assert by.loc["R", "sums"] == "instrument not said"
    assert by.loc["S", "said"] == "no money told at this step"
    assert by.loc["Q", ["currency", "amount_minor"]].tolist() == ["EUR", 100]


def test_a_reversal_takes_away_and_nothing_gives_no_cost() -> None:
    money = paid(
        ("P", "disbursement", "2022-01-05", 500, "USD", "grant"),
        ("P", "disbursement", "2022-01-06", -500, "USD", "grant"),
    )
    assert cost_per_hectare(area(P=2.0), money).usd_per_ha == 0.0
    none = cost_per_hectare(area(), money)
    assert math.isnan(none.usd_per_ha)
    assert math.isnan(none.coverage)


def test_kinds_of_land_are_not_one_area() -> None:
    both = pd.concat([area(P=1.0), area(Q=1.0).assign(quantity="planted")])
    with pytest.raises(DataError, match="planted, restored are not one number"):
        cost_per_hectare(both, paid())
    with pytest.raises(DataError, match="areas in ha"):
        cost_per_hectare(area(P=1.0).assign(unit="m2"), paid())
    with pytest.raises(DataError, match="pledged is no step"):
        cost_per_hectare(area(P=1.0), paid(), step="pledged")


def test_money_is_exact_and_no_rate_is_made_up() -> None:
    rates = rates_of(RATES)
    assert in_dollars(10**15 + 1, "USD", 1900, rates) == 10**15 + 1
    assert in_dollars(1, "XOF", 2022, rates) == 0  # 0.0016 USD is less than half a cent
    assert in_dollars(625, "XOF", 2022, rates) == 100
    assert in_dollars(1, "XOF", 2021, rates) is None


def test_support_is_no_money_without_a_rate() -> None:
    common = {"state": "approved", "submitted_by": "editor", "approved_by": "donor"}
    support = pd.DataFrame([
        {"kind": "person-months", "unit": "person-months", "quantity": 0.1} | common,
        {"kind": "person-months", "unit": "person-months", "quantity": 0.2} | common,
        {"kind": "person-months", "unit": "person-months", "quantity": 99.0} | common | {"state": "pending"},
        {"kind": "training", "unit": "people trained", "quantity": None} | common,
    ])  # fmt: skip
    rates = pd.DataFrame({"kind": ["person-months"], "unit": ["person-months"], "currency": ["XOF"], "amount_minor": [1_000_001],
                          "stated_by": ["donor officer"]})  # fmt: skip
    table = technical_support(support, rates).set_index("kind")
    assert table.loc["person-months", ["quantity", "rows", "amount_minor"]].tolist() == [0.3, 2, 300_000]
    assert table.loc["training", "said"] == "no rate is stated: not money; 1 row(s) without a quantity"
    assert table["amount_minor"].isna().tolist() == [False, True]


def test_no_comparison_no_claim() -> None:
    results = pd.DataFrame(
        [("a", "trees", "output", 5.0, "trees"), ("b", "cover", "impact", 4.0, "%")],
        columns=["indicator", "title", "reach", "value", "unit"],
    )  # fmt: skip
    assert claims(results)["claim"].tolist() == [
        "what was done, not what it changed",
        "no comparison, so no claim of impact",
    ]
    cases = {(1.0, 5.0): "more than like places outside", (-5.0, -1.0): "less than like places outside",
             (-1.0, 1.0): "cannot be told from like places outside",
             (math.nan, 1.0): "compared without an interval, so no claim of impact"}  # fmt: skip
    for (low, high), expected in cases.items():
        against = pd.DataFrame({"indicator": ["b"], "place": ["n"], "measure": ["c"], "inside": [3.0], "outside": [1.0],
                                "low": [low], "high": [high]})  # fmt: skip
        found = claims(results, against).set_index("indicator")
        assert found.loc["b", "claim"] == expected
        assert found.loc["b", "difference"] == 2.0
    lacking = pd.DataFrame({"indicator": ["b"], "place": ["n"], "measure": ["c"], "inside": [3.0], "outside": [None]})
    assert claims(results, lacking)["claim"].tolist()[1] == "no comparison, so no claim of impact"


def test_a_plan_beside_what_is_reported() -> None:
    results = pd.DataFrame(
        [("NER", "a", "restored", 10.0), ("NER", "b", "planted", 5.0), ("NER", "", "restored", 2.0), ("MLI", "c", "restored", 9.0),
         ("NER", "d", "restored", 4.0)],
        columns=["iso3", "place", "quantity", "value"],
    ).assign(unit="ha")  # fmt: skip
    places = pd.DataFrame({"place": ["a", "b", "c", "d"], "practice": ["zai", "zai", "zai", "terraces"]})
    plan = pd.DataFrame(
        [("NER", "zai", 30.0), ("NER", "zai", 10.0), ("NER", "half_moons", 8.0)],
        columns=["iso3", "measure", "hectares"],
    )
    table = planned_against_reported(plan, reported_by_practice(results, places))
    keys = table.assign(quantity=table["quantity"].fillna(""))
    found = {(r.iso3, r.measure, r.quantity): (r.share, r.said) for r in keys.itertuples()}
    assert found["NER", "zai", "restored"] == (25.0, "")  # 10 of 40 ha
    assert found["NER", "zai", "planted"] == (12.5, "")  # a row of its own
    said = {key: said for key, (_, said) in found.items()}
    assert said["NER", "half_moons", ""] == "planned, nothing reported"
    assert said["NER", "", "restored"] == "no place tells the practice: not held against the plan"
    assert said["MLI", "zai", "restored"] == "a country that the plan does not have"
    assert said["NER", "terraces", "restored"] == "reported, not in the plan"


def test_cost_beside_the_options_table() -> None:
    costs = pd.DataFrame({"project": ["lo", "in", "hi", "two", "none"], "usd_per_ha": [1.0, 300.0, 900.0, 1.0, 1.0]})
    places = pd.DataFrame(
        {"project": ["lo", "in", "hi", "two", "two"], "practice": ["zai", "zai", "zai", "zai", "terraces"]}
    )
    options = pd.DataFrame([("zai", "establishment_cost", 160.0, 316.8, 768.6, "USD/ha", "not stated"),
                            ("zai", "upkeep_cost", 1.0, 2.0, 3.0, "USD/ha/yr", "not stated")],
                           columns=["measure", "parameter", "low", "mid", "high", "unit", "price_year"])  # fmt: skip
    table = cost_against_options(costs, places, options).set_index("project")
    assert table["verdict"].fillna("").tolist() == ["below", "within", "above", "", ""]
    assert table.loc["two", "said"] == "several practices; terraces; zai"
    assert table.loc["none", "said"] == "no place tells the practice"


def test_targets_by_hand() -> None:
    indicators = pd.DataFrame(
        [("ha", "restored", "ha", "unit", "sum", "restored", "outcome"), ("poor", "poor", "%", "percentage", "latest", "other", "outcome")],
        columns=["indicator", "title", "unit", "measure", "aggregation", "quantity", "reach"],
    )  # fmt: skip
    base = {"project": "P", "iso3": "NER", "place": None, "counting": "per period", "weight": None, "words": None,
            "disaggregation": None, "state": "approved", "submitted_by": "a", "approved_by": "b"}  # fmt: skip
    actuals = pd.DataFrame([
        base | {"actual": "1", "indicator": "ha", "start": "2020-01-01", "end": "2020-12-31", "value": 30.0},
        base | {"actual": "2", "indicator": "ha", "start": "2026-01-01", "end": "2026-12-31", "value": 900.0},  # after the target
        base | {"actual": "3", "indicator": "poor", "start": "2024-01-01", "end": "2024-12-31", "value": 55.0},
    ])  # fmt: skip
    rows = [
        ("t1", "ha", "target", 2025, 120.0),
        ("b1", "poor", "baseline", 2019, 60.0),
        ("t2", "poor", "target", 2025, 40.0),
    ]
    targets = pd.DataFrame(rows, columns=["target", "indicator", "kind", "year", "value"]).assign(
        project="P", iso3=None, disaggregation=None
    )
    table = against_targets(targets, actuals, indicators).set_index("target")
    assert table["share"].to_dict() == {"t1": 25.0, "t2": 25.0}  # 30 of 120; 5 of the 20 points from 60 down to 40
    alone = against_targets(targets[targets["target"] != "b1"], actuals, indicators).set_index("target")
    assert math.isnan(alone.loc["t2", "share"])
    assert "no baseline" in alone.loc["t2", "said"]
