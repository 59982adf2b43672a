# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from homeground.errors import DataError
from homeground.finance import draw_returns
from homeground.finance.farm._streams import streams
from homeground.finance.farm._sums import drawn
from homeground.finance.farm.case import EXAMPLE, farm_case
from homeground.finance.farm.draws import draw_farms
from homeground.finance.farm.given import read_farm_tables
from homeground.finance.farm.tornado import farm_tornado
from homeground.finance.farm.worth import appraise_farms
from homeground.measures.planning.again.draws import chances
from homeground.numbers.chance import strata, triangular

SPAN = {"first_year": 2025, "horizon": 8}
RANGES = {
    "shadow_wage": (0.4, 0.6, 0.9), "shadow_exchange": (1.0, 1.1, 1.3), "carbon_contract": (0.0, 3.0, 8.0),
    "access": (0.5, 0.8, 1.0), "adoption": (0.6, 0.9, 1.0), "delay": (0.0, 0.5, 2.0), "spending": (1.0, 1.1, 1.5),
}  # fmt: skip
DRAWS = 100


def tables():
    return read_farm_tables(EXAMPLE)


def each_draw_by_year(rate):
    """Another way: a case of its own for each draw, every number written into its lines, and its flows by year."""
    case = farm_case(**tables(), **SPAN)
    lines, spent = case.lines, case.programme
    whole = {name: drawn(f"programme {name}", *ends, DRAWS, 1) for name, ends in RANGES.items()}
    columns = {"quantity": [], "price": []}
    for row in lines.to_dict("records"):
        apart = "" if row["purpose"] == "season" else f" {row['purpose']}"
        own = row["drawn_as"] or f"{row['activity']} {row['item']}{apart}"
        for what, key in (("quantity", own), ("price", f"{row['item']} price")):
            low, mid, high = (row[f"{what}_{end}"] for end in ("low", "mid", "high"))
            fixed = np.full(DRAWS, mid)
            columns[what].append(fixed if low == high else triangular(strata(key, DRAWS, 1), low, mid, high))
    found = []
    for d in range(DRAWS):
        now = {name: float(values[d]) for name, values in whole.items()}
        drawn_now = {f"{what}_mid": [values[d] for values in of] for what, of in columns.items()}
        options = {name: now[name] for name in ("shadow_wage", "shadow_exchange", "carbon_contract")}
        one = replace(case, lines=lines.assign(**drawn_now), **options)
        row = {}
        for i, view in enumerate(("financial", "economic")):
            gain, cost = streams(one, view)
            below = int(now["delay"])
            late = [np.concatenate([np.zeros(n), gain])[: gain.size] for n in (below, below + 1)]
            gain = late[0] + (now["delay"] - below) * (late[1] - late[0])
            reached = now["access"] * now["adoption"]
            net = reached * (gain - (cost - spent[i])) - now["spending"] * spent[i]
            row[view] = float(net @ (1 + rate) ** -np.arange(float(net.size)))
        found.append(row)
    return pd.DataFrame(found)


def test_draws_are_the_flows_of_each_draw_by_year():
    by_year = each_draw_by_year(0.08)
    table = draw_farms(farm_case(**tables(), **SPAN), rates=[0.08], ranges=RANGES, draws=DRAWS).set_index("view")
    for view in ("financial", "economic"):
        for share, name in ((0.05, "npv_p05"), (0.5, "npv_p50"), (0.95, "npv_p95")):
            assert table.loc[view, name] == pytest.approx(np.quantile(by_year[view], share), rel=1e-9)
        assert table.loc[view, "share_above_zero"] == (by_year[view] > 0).mean()
    assert 0 < table.loc["financial", "share_above_zero"] < 1


def test_without_ranges_every_draw_is_the_appraisal():
    given = tables()
    for end in ("low", "high"):
        given["budgets"][f"quantity_{end}"] = given["budgets"]["quantity"]
        given["budgets"][f"price_{end}"] = given["budgets"]["price"]
    case = farm_case(**given, **SPAN, access=0.7, carbon_contract=5.0)
    middle = appraise_farms(case, rates=[0.03, 0.1])
    middle = middle[middle["scope"] == "programme"]
    table = draw_farms(case, rates=[0.03, 0.1], draws=100)
    for share in ("p05", "p50", "p95"):
        assert table[f"npv_{share}"].tolist() == pytest.approx(middle["npv"].tolist())
        assert table[f"bcr_{share}"].tolist() == pytest.approx(middle["bcr"].tolist())


def test_one_table_of_draws_serves_plan_and_farms():
    """A quantity drawn as a cost of the plan has, draw by draw, the probability that the plan's cost has."""
    plan = chances(pd.Series(["stone_lines"]), "establishment_cost", 200, 3)[:, 0]
    assert (plan == strata("stone_lines establishment_cost", 200, 3)).all()
    given = tables()
    at = given["budgets"]["purpose"] == "establishment"
    given["budgets"].loc[at, "drawn_as"] = "stone_lines establishment_cost"
    own = farm_tornado(farm_case(**given, **SPAN), rate=0.1, view="financial", draws=200, seed=3).set_index("name")
    assert own.loc["stone_lines establishment_cost", "rank_correlation"] < 0
    assert "millet with stone lines day of work establishment" not in own.index
    assert callable(draw_returns)


def test_tornado_moves_one_number_and_is_led_by_the_widest():
    case = farm_case(**tables(), **SPAN, shadow_wage=0.6, shadow_exchange=1.1, carbon_contract=3.0)
    for view in ("financial", "economic"):
        table = farm_tornado(case, rate=0.1, view=view, ranges=RANGES, draws=2000).set_index("name")
        assert table["swing"].is_monotonic_decreasing
        for name, what, item in (("day of work price", "price", "day of work"), ("grain price", "price", "grain")):
            for end in ("low", "high"):
                given = tables()
                rows = given["budgets"]["item"] == item
                given["budgets"].loc[rows, what] = given["budgets"].loc[rows, f"{what}_{end}"]
                moved = farm_case(**given, **SPAN, shadow_wage=0.6, shadow_exchange=1.1, carbon_contract=3.0)
                expected = appraise_farms(moved, rates=[0.1]).set_index(["scope", "view"]).loc["programme", "npv"]
                assert table.loc[name, f"npv_{end}"] == pytest.approx(expected[view])
        assert table.loc["grain price", "rank_correlation"] > 0.1
        assert table.loc["day of work price", "rank_correlation"] < -0.1
        assert table.loc["programme delay", "rank_correlation"] < -0.1
    half = appraise_farms(
        farm_case(**tables(), **SPAN, access=0.5, shadow_wage=0.6, shadow_exchange=1.1), rates=[0.1]
    ).set_index(["scope", "view"])
    assert table.loc["programme access", "npv_low"] == pytest.approx(half.loc[("programme", "economic"), "npv"])


def test_draws_refuse_what_they_cannot_draw():
    case = farm_case(**tables(), **SPAN)
    with pytest.raises(DataError) as told:
        draw_farms(case, draws=10, ranges={"luck": (0, 1, 2), "access": (0.5, 0.2, 1.0), "shadow_wage": (0, 1, 2)})
    text = str(told.value)
    assert "at least 100 draws" in text
    assert "luck is not known" in text
    assert "access: low <= mid <= high" in text
    assert "shadow_wage: low <= mid <= high from 0 to 1" in text
    with pytest.raises(DataError, match=r"Write 6 % as 0\.06"):
        draw_farms(case, rates=[6])
