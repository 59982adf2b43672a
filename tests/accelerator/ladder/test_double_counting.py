# SPDX-License-Identifier: Apache-2.0
"""Money that several projects tell of is counted once: random trees of givers and receivers, and cases worked by hand."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from homeground.accelerator.ladder.double_counting import net_of_double_counting, summary
from homeground.accelerator.ladder.finance_ladder import finance_ladder
from homeground.accelerator.ladder.rows import money_rows

COLUMNS = (
    "transaction",
    "project",
    "kind",
    "date",
    "amount_minor",
    "currency",
    "donor",
    "donor_project",
    "receiver_project",
    "iso3",
)


def transactions(rows: list[dict]) -> pd.DataFrame:
    numbered = [{"transaction": f"T{i}", "date": "2024-01-31", "currency": "USD"} | row for i, row in enumerate(rows)]
    return pd.DataFrame(numbered).reindex(columns=list(COLUMNS)).astype({"amount_minor": "int64"})


def step(rows: list[dict], name: str = "disbursed", **tables: pd.DataFrame) -> pd.Series:
    steps = finance_ladder({"transactions": transactions(rows), **tables}, by=["year"]).steps
    found = steps[steps["step"] == name].iloc[0]
    parts = ["amount_minor", "linked_minor", "levels_minor", "overlap_minor", "suspended_minor", "cancelled_minor"]
    assert found["gross_minor"] == found[parts].sum()
    return found


def netted(rows: list[dict]) -> pd.Series:
    """The same without the division that follows, which takes most of the time; amounts by the names of `step`."""
    counted = net_of_double_counting(money_rows({"transactions": transactions(rows)}), {})
    found = summary(counted).set_index("step").loc["disbursed"].rename({"net_minor": "amount_minor"})
    assert found["gross_minor"] == found["amount_minor"] + found["linked_minor"] + found["levels_minor"]
    return found


@st.composite
def trees(draw: st.DrawFn) -> list[dict]:
    """A tree of projects: each hands all or part of what it got to those below, both ends telling of it."""
    size = draw(st.integers(2, 9))
    above = {0: None} | {i: draw(st.integers(0, i - 1)) for i in range(1, size)}
    got = {0: draw(st.integers(1, 10**13))}
    left = dict(got)
    rows: list[dict] = []
    for i in range(1, size):
        parent = above[i]
        got[i] = draw(st.integers(0, left[parent]))
        left[parent] -= got[i]
        left[i] = got[i]
        link = {"amount_minor": got[i]}
        rows.append({"project": f"P{parent}", "kind": "disbursement", "receiver_project": f"P{i}", **link})
        rows.append({"project": f"P{i}", "kind": "incoming funds", "donor_project": f"P{parent}", **link})
    for i, rest in left.items():  # what is left goes outside
        rows.append({"project": f"P{i}", "kind": "disbursement", "amount_minor": rest})
    return rows


@given(trees())
@settings(max_examples=25, deadline=None)
def test_a_tree_counts_what_its_root_gave(rows):
    root = sum(r["amount_minor"] for r in rows if r["project"] == "P0")
    found = netted(rows)
    assert found["amount_minor"] == root
    assert found["residual_minor"] == 0


@given(trees(), st.data())
@settings(max_examples=15, deadline=None)
def test_a_layer_below_with_links_changes_nothing_net(rows, data):
    outside = [i for i, r in enumerate(rows) if r["kind"] == "disbursement" and "receiver_project" not in r]
    i = data.draw(st.sampled_from(outside))
    amount = rows[i]["amount_minor"]
    passed_on = data.draw(st.integers(0, amount))
    before = netted(rows)
    layer = [
        {"project": "NEW", "kind": "incoming funds", "donor_project": rows[i]["project"], "amount_minor": amount},
        {"project": "NEW", "kind": "disbursement", "amount_minor": passed_on},
    ]
    linked = [*rows[:i], rows[i] | {"receiver_project": "NEW"}, *rows[i + 1 :], *layer]
    after = netted(linked)
    assert after["amount_minor"] == before["amount_minor"]
    assert after["gross_minor"] == before["gross_minor"] + passed_on
    # Without the link exactly that amount is residual: counted, and told to be uncertain.
    layer[0].pop("donor_project")
    dropped = netted([*rows, *layer])
    assert dropped["residual_minor"] == passed_on
    assert dropped["linked_minor"] == after["linked_minor"] - passed_on
    assert dropped["amount_minor"] - dropped["residual_minor"] == before["amount_minor"]


def test_a_receiver_who_passes_on_more_than_it_got_counts_for_the_rest():
    rows = [
        {"project": "A", "kind": "disbursement", "receiver_project": "B", "amount_minor": 100},
        {"project": "B", "kind": "disbursement", "amount_minor": 130},
    ]
    found = step(rows)
    assert (found["gross_minor"], found["linked_minor"], found["amount_minor"]) == (230, 100, 130)


def test_the_ends_of_a_link_may_differ_and_the_greater_counts():
    rows = [
        {"project": "A", "kind": "disbursement", "receiver_project": "B", "amount_minor": 90},
        {"project": "B", "kind": "incoming funds", "donor_project": "A", "amount_minor": 100},
        {"project": "B", "kind": "disbursement", "amount_minor": 100},
    ]
    assert step(rows)["amount_minor"] == 90


def test_commitments_and_pledges_are_netted_as_payments_are():
    for out, inward, name in (
        ("commitment", "incoming commitment", "committed"),
        ("pledge", "incoming pledge", "pledged"),
    ):
        rows = [
            {"project": "A", "kind": out, "amount_minor": 50},
            {"project": "B", "kind": inward, "donor_project": "A", "amount_minor": 50},
            {"project": "B", "kind": out, "amount_minor": 50},
        ]
        assert step(rows, name)["amount_minor"] == 50


def test_what_only_the_receiver_tells_counts_where_the_giver_does_not():
    rows = [{"project": "B", "kind": "incoming commitment", "donor": "XM-DAC-1", "amount_minor": 70}]
    assert step(rows, "committed")["amount_minor"] == 70
    told = [{"project": "A", "kind": "commitment", "amount_minor": 70, "receiver_project": "B"}, *rows]
    told[1]["donor_project"] = "A"
    assert step(told, "committed")["amount_minor"] == 70


def test_money_from_a_giver_who_tells_of_nothing_else_is_no_residual():
    rows = [
        {"project": "B", "kind": "incoming funds", "donor": "a foundation", "amount_minor": 70},
        {"project": "B", "kind": "disbursement", "amount_minor": 70},
    ]
    assert step(rows)["residual_minor"] == 0
    rows.append({"project": "C", "kind": "disbursement", "donor": "a foundation", "amount_minor": 5})
    assert step(rows)["residual_minor"] == 70


def test_money_in_a_circle_is_not_linked_away():
    rows = [
        {"project": "A", "kind": "disbursement", "receiver_project": "B", "amount_minor": 10},
        {"project": "B", "kind": "disbursement", "receiver_project": "A", "amount_minor": 10},
    ]
    found = step(rows)
    assert (found["amount_minor"], found["residual_minor"]) == (20, 20)


def test_money_that_goes_on_in_another_currency_is_residual():
    rows = [
        {"project": "A", "kind": "disbursement", "receiver_project": "B", "amount_minor": 100},
        {"project": "B", "kind": "disbursement", "amount_minor": 60_000, "currency": "XOF"},
    ]
    steps = finance_ladder({"transactions": transactions(rows)}, by=[]).steps.set_index("currency")
    assert steps["amount_minor"].to_dict() == {"USD": 100, "XOF": 60_000}
    assert steps["residual_minor"].to_dict() == {"USD": 0, "XOF": 60_000}


def test_negative_rows_take_back_and_are_shown():
    rows = [
        {"project": "A", "kind": "disbursement", "amount_minor": 100},
        {"project": "A", "kind": "disbursement", "amount_minor": -30},
        {"project": "A", "kind": "disbursement", "amount_minor": 0},
    ]
    found = step(rows)
    assert (found["amount_minor"], found["gross_minor"], found["reversed_minor"], found["rows"]) == (70, 70, -30, 3)


@pytest.mark.parametrize(("below", "counted"), [((60, 40), 100), ((30, 20), 100), ((90, 80), 170)])
def test_a_programme_counts_at_the_level_that_tells_of_more(below, counted):
    rows = [{"project": "A", "kind": "commitment", "amount_minor": 100}]
    rows += [{"project": f"B{i}", "kind": "commitment", "amount_minor": n} for i, n in enumerate(below)]
    links = pd.DataFrame({"project": ["A", "B1"], "relation": ["child", "parent"], "other": ["B0", "A"]})
    found = step(rows, "committed", project_links=links)
    assert found["gross_minor"] == 100 + sum(below)
    assert found["amount_minor"] == counted


def of_countries(rows, *more, **tables):
    ladder = finance_ladder({"transactions": transactions(rows), **tables}, by=("iso3", *more))
    cells = ladder.cells.set_index(["iso3", *more])["amount_minor"]
    return {key: amount for key, amount in cells.to_dict().items() if amount}


PROGRAMME = [
    {"project": "A", "kind": "commitment", "amount_minor": 100, "donor": "Fund"},
    {"project": "B", "kind": "commitment", "amount_minor": 60, "donor": "Bank"},
]
BELOW = pd.DataFrame({"project": ["B"], "relation": ["parent"], "other": ["A"]})


def test_a_programme_without_countries_leaves_what_is_below_in_its_country():
    """Sixty of the hundred are known to go to Niger; the page of Niger must not say that nothing was committed."""
    shares = pd.DataFrame({"project": ["B"], "iso3": ["NER"], "share": [100.0]})
    tables = {"project_links": BELOW, "project_countries": shares}
    assert of_countries(PROGRAMME, **tables) == {"NER": 60, "unallocated": 40}
    found = of_countries(PROGRAMME, "donor", **tables)
    assert found == {("NER", "Bank"): 60, ("unallocated", "Fund"): 40}


def test_a_programme_that_says_its_countries_keeps_them():
    shares = pd.DataFrame({"project": ["A", "A", "B"], "iso3": ["NER", "MLI", "NER"], "share": [60.0, 40.0, 100.0]})
    tables = {"project_links": BELOW, "project_countries": shares}
    assert of_countries(PROGRAMME, **tables) == {"NER": 60, "MLI": 40}
    rows = [{**PROGRAMME[0], "iso3": "MLI"}, PROGRAMME[1]]
    assert of_countries(rows, project_links=BELOW) == {"MLI": 100}


def test_links_whose_evidence_is_separate_money_leave_both_levels():
    rows = [{"project": p, "kind": "commitment", "amount_minor": 100} for p in ("A", "B")]
    links = pd.DataFrame({"project": ["B"], "relation": ["parent"], "other": ["A"], "evidence": ["Separate money"]})
    assert step(rows, "committed", project_links=links)["amount_minor"] == 200


def test_money_below_in_a_currency_that_the_programme_has_too_is_no_residual():
    rows = [
        {"project": "A", "kind": "commitment", "amount_minor": 100},
        {"project": "A", "kind": "commitment", "amount_minor": 7, "currency": "EUR"},
        {"project": "B", "kind": "commitment", "amount_minor": 300},
        {"project": "B", "kind": "commitment", "amount_minor": 9, "currency": "XOF"},
    ]
    links = pd.DataFrame({"project": ["B"], "relation": ["parent"], "other": ["A"]})
    ladder = finance_ladder({"transactions": transactions(rows), "project_links": links}, by=[])
    steps = ladder.steps.set_index("currency")
    assert steps["amount_minor"].to_dict() == {"EUR": 7, "USD": 300, "XOF": 9}
    # The seven euros may be the nine francs; no rate says so.
    assert steps["residual_minor"].to_dict() == {"EUR": 0, "USD": 0, "XOF": 9}
    assert "levels" in [notice.rule for notice in ladder.notices]


def test_three_levels_count_once():
    rows = [{"project": p, "kind": "commitment", "amount_minor": n} for p, n in (("A", 100), ("B", 100), ("C", 100))]
    links = pd.DataFrame({"project": ["B", "C"], "relation": ["parent"] * 2, "other": ["A", "B"]})
    assert step(rows, "committed", project_links=links)["amount_minor"] == 100


def test_money_handed_down_by_a_link_is_not_taken_off_twice():
    rows = [
        {"project": "A", "kind": "disbursement", "receiver_project": "B", "amount_minor": 100},
        {"project": "B", "kind": "disbursement", "amount_minor": 100},
        {"project": "C", "kind": "disbursement", "amount_minor": 50},
    ]
    links = pd.DataFrame({"project": ["B", "C"], "relation": ["parent"] * 2, "other": ["A", "A"]})
    found = step(rows, project_links=links)  # A gave all it had to B, so what C tells is other money
    assert (found["linked_minor"], found["levels_minor"], found["amount_minor"]) == (100, 0, 150)


def test_a_project_below_a_programme_that_nobody_names_is_residual():
    projects = pd.DataFrame(
        {"project": ["A", "B"], "title": ["", ""], "reporting_organisation": ["X"] * 2, "level": [1, 2]}
    )
    rows = [{"project": p, "kind": "expenditure", "amount_minor": 40} for p in ("A", "B")]
    found = step(rows, "spent", projects=projects)
    assert (found["amount_minor"], found["residual_minor"]) == (80, 40)


def test_pledges_of_a_donor_as_a_whole_go_before_those_of_its_projects():
    pledges = pd.DataFrame(
        {
            "pledge": ["W"],
            "event": ["summit"],
            "donor": ["Bank"],
            "amount_minor": [900],
            "currency": ["USD"],
            "start": [2024],
        }
    )
    rows = [
        {"project": "A", "kind": "pledge", "donor": "Bank", "amount_minor": 300},
        {"project": "B", "kind": "pledge", "donor": "Fund", "amount_minor": 50},
    ]
    found = step(rows, "pledged", pledges=pledges)
    assert (found["gross_minor"], found["levels_minor"], found["amount_minor"]) == (1250, 300, 950)


def test_overlaps_are_taken_off_visibly():
    overlap = {
        "overlap": ["O"],
        "step": ["disbursed"],
        "amount_minor": [25],
        "currency": ["USD"],
        "reason": ["same road"],
    }
    overlaps = pd.DataFrame(overlap | {"approved_by": ["coordinator"], "year": [2024]})
    rows = [{"project": "A", "kind": "disbursement", "amount_minor": 100}]
    found = step(rows, overlaps=overlaps)
    assert (found["gross_minor"], found["overlap_minor"], found["amount_minor"]) == (100, 25, 75)
    ladder = finance_ladder({"transactions": transactions(rows), "overlaps": overlaps})
    assert ladder.overlaps["reason"].tolist() == ["same road"]


@pytest.mark.parametrize(("country", "left"), [(None, {"NER": 60, "MLI": 20}), ("MLI", {"NER": 75, "MLI": 5})])
def test_what_is_taken_off_a_project_is_taken_off_in_its_countries(country, left):
    shares = pd.DataFrame({"project": ["A", "A"], "iso3": ["NER", "MLI"], "share": [75.0, 25.0]})
    row = {"overlap": "O", "step": "disbursed", "project": "A", "iso3": country, "year": 2024, "amount_minor": 20}
    overlaps = pd.DataFrame([row | {"currency": "USD", "reason": "same road", "approved_by": "coordinator"}])
    rows = [{"project": "A", "kind": "disbursement", "amount_minor": 100}]
    assert of_countries(rows, overlaps=overlaps, project_countries=shares) == left


@pytest.mark.parametrize(
    ("second", "left"), [("grant", {"grant": 130}), ("loan", {"grant": 100, "loan": 50, "not said": -20})]
)
def test_what_is_taken_off_grants_alone_is_taken_off_grants(second, left):
    row = {"overlap": "O", "step": "disbursed", "project": "A", "year": 2024, "amount_minor": 20, "currency": "USD"}
    overlaps = pd.DataFrame([row | {"reason": "same road", "approved_by": "coordinator"}])
    told = transactions([{"project": "A", "kind": "disbursement", "amount_minor": n} for n in (100, 50)])
    ladder = finance_ladder(
        {"transactions": told.assign(instrument=["grant", second]), "overlaps": overlaps}, by=["instrument"]
    )
    assert ladder.cells.set_index("instrument")["amount_minor"].to_dict() == left
