# SPDX-License-Identifier: Apache-2.0
"""Choice cards: attributes with sources, efficient designs, the rule of sample size."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest

from homeground.errors import DataError
from homeground.finance.choice.attributes import (
    Attribute,
    attributes_found,
    attributes_on_cards,
    coded,
    shipped_attributes,
    terms_of,
)
from homeground.finance.choice.design import choice_design, none_rows, sample_size
from homeground.finance.choice.made import made_weights

SHOWN = attributes_on_cards()
TWO = (Attribute("fee", True, "USD", ("1", "2", "3"), ""), Attribute("who", False, "", ("bank", "town"), "bank"))


def test_each_level_says_where_it_is_from():
    attributes, levels = shipped_attributes()
    assert set(levels["attribute"]) == set(attributes["attribute"])
    assert set(levels["kind"]) == {"default", "published"}
    assert (levels["source"] != "").all()
    assert set(levels.loc[levels["source"] == "expert default", "quality"]) == {"5"}
    assert (levels.loc[levels["kind"] == "default", "source"] == "expert default").all()
    for code in ("en", "fr", "zh"):
        assert (levels[code] != "").all()
        assert (attributes[code] != "").all()


def test_every_term_of_the_shipped_cards_has_a_made_weight():
    assert list(made_weights()["term"]) == terms_of(SHOWN)


def test_words_numbers_and_none_are_coded_by_hand():
    offers = pd.DataFrame({"option": ["A", "B", "none"], "fee": [2, 3, None], "who": ["town", "bank", None]})
    assert terms_of(TWO) == ["fee", "who=town", "none"]
    assert coded(offers, TWO).tolist() == [[2, 1, 0], [3, 0, 0], [0, 0, 1]]
    assert np.isnan(coded(offers.assign(who="king"), TWO)[0, 1])


def test_a_return_enters_in_points():
    one = attributes_on_cards(["return"])
    assert coded(pd.DataFrame({"option": ["A"], "return": [0.06]}), one)[0, 0] == pytest.approx(6.0)


def test_unknown_or_broken_attributes_are_told_together():
    attributes, levels = shipped_attributes()
    broken = levels[~((levels["attribute"] == "visit") & (levels["level"] == "none"))]
    broken = broken.assign(level=broken["level"].replace({"0.06": "six"}))
    with pytest.raises(DataError) as caught:
        attributes_on_cards(["return", "visit", "colour"], attributes=attributes, levels=broken)
    for said in ("unknown: ['colour']", "visit: two or more", "visit: one level with reference", "return: numbers"):
        assert said in str(caught.value)
    with pytest.raises(DataError, match="go together"):
        attributes_on_cards(attributes=attributes)


def test_what_is_found_in_a_table_may_be_numbers_or_words():
    table = pd.DataFrame({"fee": [3, 1, None], "who": ["town", "", "bank"]})
    fee, who = attributes_found(table, ["fee", "who"])
    assert (fee.levels, who.levels, who.reference) == (("1", "3"), ("bank", "town"), "bank")


def information(cards, attributes, beta):
    """The D-error by the formula, card by card, level by level, in another way than the search computes it."""
    total = 0.0
    for _, card in cards.groupby(["version", "card"]):
        rows = []
        for _, offer in card.iterrows():
            row = []
            for one in attributes:
                text = [f"{offer[one.name]:g}" if one.numeric else offer[one.name]][0]
                row += [float(text == level) for level in one.levels[1:]]
            rows.append([*row, 0.0])
        x = np.array([*rows, [0.0] * (len(rows[0]) - 1) + [1.0]])
        odds = np.exp(x @ beta)
        p = odds / odds.sum()
        total = total + x.T @ (np.diag(p) - np.outer(p, p)) @ x
    return total


def test_the_d_error_is_that_of_the_cards():
    found = choice_design(SHOWN, starts=1)
    size = sum(len(one.levels) - 1 for one in SHOWN) + 1
    expected = np.linalg.det(np.linalg.inv(information(found.cards, SHOWN, np.zeros(size)))) ** (1 / size)
    assert found.d_error == pytest.approx(expected, rel=1e-9)
    assert found.d_error < 0.8 * found.d_error_at_random


def test_the_search_finds_the_best_of_all_small_designs():
    """Two attributes, 6 cards: of 300 random designs none is better."""
    found = choice_design(TWO, cards=6, versions=1, starts=20)
    rng = np.random.default_rng(0)
    profiles = list(itertools.product(("1", "2", "3"), ("bank", "town")))
    for _ in range(300):
        rows = []
        for card in range(6):
            for option, at in zip("AB", rng.choice(6, 2, replace=False), strict=True):
                rows.append(
                    {
                        "version": 1,
                        "card": card,
                        "option": option,
                        "fee": float(profiles[at][0]),
                        "who": profiles[at][1],
                    }
                )
        det = np.linalg.det(information(pd.DataFrame(rows), TWO, np.zeros(4)))
        assert det <= 0 or det ** (-1 / 4) >= found.d_error * (1 - 1e-9)


def test_the_same_seed_gives_the_same_cards_and_another_gives_others():
    first, again, other = (choice_design(SHOWN, starts=1, seed=seed).cards for seed in (3, 3, 4))
    pd.testing.assert_frame_equal(first, again)
    assert not first.equals(other)


def test_no_offer_is_better_in_everything():
    cards = choice_design(SHOWN, starts=1).cards
    ordered = [one for one in SHOWN if one.better]
    free = [one.name for one in SHOWN if not one.better]
    for _, card in cards.groupby(["version", "card"]):
        a, b = (card.iloc[at] for at in (0, 1))
        if all(a[name] == b[name] for name in free):
            ranks = [
                [one.levels.index(f"{row[one.name]:g}" if one.numeric else row[one.name]) for one in ordered]
                for row in (a, b)
            ]
            gaps = np.subtract(*ranks)
            assert (gaps > 0).any()
            assert (gaps < 0).any()


def test_levels_are_spread_evenly():
    cards = choice_design(SHOWN, starts=1).cards
    for one in SHOWN:
        counts = cards[one.name].value_counts()
        assert len(counts) == len(one.levels)
        assert counts.max() <= 1.5 * counts.min()
        assert (cards.groupby("version")[one.name].nunique() == len(one.levels)).all()


def test_a_prior_makes_offers_alike_in_worth():
    """Where the weights are believed, cards on which one offer is surely taken tell little and are not chosen."""
    strong = {"return": 1.0, "loss_protection=full": 3.0}
    few = attributes_on_cards(["return", "loss_protection", "project"])
    beta = np.array([strong.get(term, 0.0) for term in terms_of(few)])

    def gap(cards):
        utility = (coded(cards, few) @ beta).reshape(-1, 2)
        return np.abs(np.subtract(*utility.T)).mean()

    assert gap(choice_design(few, prior=strong).cards) < gap(choice_design(few).cards)


def test_what_cannot_be_designed_is_told_together():
    with pytest.raises(DataError) as caught:
        choice_design(SHOWN, cards=9, versions=1, prior={"colour": 1.0})
    assert "6 to 8 cards" in str(caught.value)
    assert "colour" in str(caught.value)
    with pytest.raises(DataError, match="tell no 18 weights"):
        choice_design(SHOWN, cards=8, versions=1)
    with pytest.raises(DataError, match="neither offer is better"):
        choice_design(attributes_on_cards(["return"]), cards=6, versions=1)


def test_the_rule_of_johnson_and_orme_by_hand():
    # 500 x 4 / (8 x 2) = 125; 500 x 3 / (6 x 2) = 125; 500 x 3 / (7 x 2) = 107.1 -> 108
    assert sample_size(SHOWN) == 125
    assert sample_size(TWO, cards=6) == 125
    assert sample_size(TWO, cards=7) == 108
    with pytest.raises(DataError):
        sample_size(TWO, cards=0)


def test_none_is_added_once_to_each_card():
    cards = choice_design(TWO, cards=6, versions=2, starts=1).cards
    full = none_rows(cards, TWO)
    assert len(full) == 36
    assert (full.groupby(["version", "card"])["option"].agg(list).map(tuple) == ("A", "B", "none")).all()
