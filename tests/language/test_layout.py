# SPDX-License-Identifier: Apache-2.0
"""Lines of a terminal: Chinese is two columns wide, marks stay with their word, nothing is lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from homeground.language.layout import CLOSING, OPENING, WIDTH, blocks, fill, heading, width, wrap

TEXT = st.text(alphabet="ab 1.(（）。，土地人口万\u00a0:", max_size=60)


@given(TEXT, st.integers(min_value=4, max_value=30))
def test_no_line_is_wider_and_no_character_is_lost(text, size):
    lines = wrap(text, size)
    assert all(width(line) <= size for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


@given(st.text(alphabet="土地，。（）《》12万", min_size=1, max_size=60))
def test_marks_stay_with_their_word(text):
    lines = wrap(text, 20)
    long = {text[i : i + 10] for i in range(len(text)) if all(c in CLOSING + OPENING + "12" for c in text[i : i + 10])}
    if not long:  # a row of marks longer than half a line can only be cut
        assert not any(line[0] in CLOSING for line in lines[1:])
        assert not any(line[-1] in OPENING for line in lines[:-1])


def test_a_space_that_must_not_break_does_not():
    assert wrap("abc\u00a0: def", 6) == ["abc\u00a0:", "def"]


def test_words_longer_than_a_line_are_cut_or_stand_out():
    assert wrap("evapotranspiration", 12) == ["evapotranspi", "ration"]
    assert wrap("evapotranspiration", 12, break_long=False) == ["evapotranspiration"]


def test_what_stands_before_counts_and_is_repeated():
    text = fill("土地" * 30, 40, first="people  ", rest=" " * 8)
    assert [line[:8] for line in text.splitlines()] == ["people  ", " " * 8, " " * 8, " " * 8]
    assert [width(line) for line in text.splitlines()] == [40, 40, 40, 32]


@pytest.mark.parametrize("place", ["NER", "尼日尔"])
def test_columns_stand_under_each_other_whatever_their_script(place):
    (block,) = blocks([place, "x"], [(["人口", "（人）"], ["12", "3"]), (["low to high"], ["1 to 2", "5 to 7"])])
    lines = block.splitlines()
    assert {width(line) for line in lines[1:]} == {width(place) + 1 + 6 + 1 + 11}
    assert all(width(line) <= WIDTH for line in lines)


def test_a_chinese_head_is_no_line_with_one_character_below():
    assert heading("评估期内的成本") == ["评估期内", "的成本"]
    assert heading("Population (modelled)") == ["Population", "(modelled)"]
