# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import pandas as pd
import pytest

from homeground.errors import CatalogueError, DataError
from homeground.risk import class_limits, effective_weights, read_tree
from homeground.risk.reliance import KINDS
from homeground.risk.tree import TREES, build_tree

SHIPPED = sorted(p.stem for p in TREES.glob("*.csv") if p.stem != "classes")


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_trees_are_sound_and_say_why(name):
    table = read_tree(name)
    built = build_tree(table)
    assert sum(effective_weights(table).values()) == pytest.approx(1)
    assert all(sum(node.weights) == pytest.approx(1) for node in built.inner)
    assert (table["source"] != "").all()
    assert built.root == "risk"


def test_the_land_and_people_tree_keeps_its_promises():
    table = read_tree("land_people").set_index("node")
    leaves = table[table["direction"].notna()]
    assert set(leaves["kind"]) <= set(KINDS)
    assert set(leaves["level"]) == {"region", "country"}
    assert (table["why"] != "").all()
    words = " ".join(leaves.index) + " ".join(leaves["title"].str.lower())
    for never in ("net_migration", "emigra", "reported"):  # what countries report of their land cannot be compared
        assert never not in words
    country = leaves["level"] == "country"
    assert (leaves.loc[country, "errors"] == "group").all()
    # A limit between scores has a source of its own, or none is set.
    posts = leaves["goalpost_low"].notna()
    assert leaves.loc[posts, "source"].str.startswith("goalposts:").all()


def test_effective_weights_by_hand():
    tree = pd.DataFrame(
        {
            "node": ["top", "a", "b", "b1", "b2"],
            "parent": ["", "top", "top", "b", "b"],
            "weight": [1, 1, 3, 1, 4],
            "direction": [None, 1, None, 1, -1],
            "aggregation": ["geometric", "", "arithmetic", "", ""],
        }
    )
    assert effective_weights(tree) == pytest.approx({"a": 0.25, "b1": 0.15, "b2": 0.6})


def test_all_faults_come_in_one_error():
    tree = pd.DataFrame(
        {
            "node": ["top", "a", "a", "b", "c"],
            "parent": ["", "top", "top", "nowhere", "top"],
            "weight": [1, 0, 1, 1, float("nan")],
            "direction": [None, 1, 1, 1, 1],
            "aggregation": ["mean", "", "", "", ""],
            "transform": ["", "sqrt", "sqrt", "", ""],
            "goalpost_low": [None, None, None, 5.0, None],
            "goalpost_high": [None, None, None, 5.0, None],
        }
    )
    with pytest.raises(DataError) as error:
        build_tree(tree)
    for part in ("stands twice", "nowhere", "weight of c", "sqrt", "goalposts of b"):
        assert part in str(error.value)


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"aggregation": ["median", "", ""]}, "median"),
        ({"direction": [None, 2, 1]}, "direction of a"),
        ({"parent": ["", "", "top"]}, "found 2"),
        ({"parent": ["", "b", "a"]}, "ring"),
    ],
)
def test_single_faults(change, word):
    good = {
        "node": ["top", "a", "b"],
        "parent": ["", "top", "top"],
        "weight": [1, 1, 1],
        "direction": [None, 1, 1],
        "aggregation": ["arithmetic", "", ""],
    }
    build_tree(pd.DataFrame(good))
    with pytest.raises(DataError, match=word):
        build_tree(pd.DataFrame(good | change))


def test_a_missing_column_is_named():
    with pytest.raises(DataError, match="weight is missing"):
        build_tree(pd.DataFrame({"node": ["a"], "parent": [""], "direction": [1], "aggregation": [""]}))


def test_unknown_trees_and_editions_list_the_known():
    with pytest.raises(CatalogueError, match="land_people"):
        read_tree("worldrisk")
    with pytest.raises(CatalogueError, match="inform2025"):
        class_limits("inform1999")


def test_limits_of_2025_are_those_of_its_workbook(shared_data):
    spec = pd.read_csv(shared_data / "risk" / "inform" / "inform2025_formula_spec.csv")
    formula = spec.loc[spec["header"] == "RISK CLASS", "formula_first_country"].item()
    for name, low in class_limits("inform2025").items():
        if low > 0:
            assert f'C2>={low:g},"{name}"' in formula
