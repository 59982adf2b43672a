# SPDX-License-Identifier: Apache-2.0
"""Which numbers go and which stay, by hand: small tables whose ranges can be told without a computer."""

import numpy as np
import pytest
from scipy.optimize import linprog

from homeground.errors import DataError
from homeground.numbers import suppression
from homeground.numbers.suppression import Sums, hide

K = 10.0


def listed(*rows, columns=False, top=True):
    """A table of rows with their totals, those of its columns if asked, and that of all; zeros where a row is short."""
    width = max(map(len, rows))
    cells = np.array([[*row, *[0] * (width - len(row))] for row in rows], dtype=float)
    known = Sums(cells.ravel())
    number = np.arange(cells.size).reshape(cells.shape)
    of_rows = [known.total(f"row {i}", one) for i, one in enumerate(number)]
    of_columns = [known.total(f"column {i}", one) for i, one in enumerate(number.T)] if columns else []
    if top:
        whole = known.total("all", number.ravel())
        known.sums += [(np.array(totals), whole) for totals in (of_rows, of_columns) if totals]
    return known


def hidden(known, width=K):
    return known.values[hide(known, width)].tolist()


def single(*cells):
    """Cells and their total."""
    known = Sums(np.array(cells, dtype=float))
    known.total("all", np.arange(len(cells)))
    return known


def test_totals_are_numbered_after_the_cells():
    known = Sums(np.array([3.0, 4.0, 50.0]))
    assert known.total("two", np.array([0, 1])) == 3
    assert known.total("all", np.array([3, 2])) == 4
    assert known.values.tolist() == [3, 4, 50, 7, 57]
    assert known.totals == ["two", "all"]
    assert [(parts.tolist(), total) for parts, total in known.sums] == [([0, 1], 3), ([3, 2], 4)]


@pytest.mark.parametrize(
    ("cells", "gone"),
    [
        ((10, 500), []),  # the threshold itself is shown
        ((0, 500, 20), []),  # zero tells of nobody
        ((9, 500), [9, 500]),  # 9 beside 500 of 509: one of two goes with it, and there is but one
        ((9, 30, 500), [9, 30]),  # the smaller of the two others
        ((4, 5, 30, 500), [4, 5, 30]),  # 4 + 5 are known to be 9 together: each within 0 to 9, so one more goes
        ((4, 6, 30, 500), [4, 6]),  # 0 to 10 for each is as wide as was promised
        ((1, 9, 30, 500), [1, 9]),
        ((4, 0, 500, 30), [4, 30]),  # a zero is no cover
        ((0.5, 30, 500), [0.5, 30]),
        ((3, 0, 0), [3, 3]),  # only the total is left to go with it
        ((3,), [3, 3]),
        ((12, 13, 14), []),
    ],
)
def test_of_a_row_with_its_total(cells, gone):
    assert sorted(hidden(single(*cells))) == sorted(gone)


def test_a_total_goes_last():
    # 3 + 0 = 3 is small itself. The other row can only cover it with its cell and its total: 40 goes, then 40 again.
    known = listed([3, 0], [40, 0], [60, 0])
    assert sorted(hidden(known)) == [3, 3, 40, 40]


def test_a_small_total_of_small_cells():
    # 4 + 3 = 7 is below the threshold as a total. Beside 50 and 60 of another row whose total is 110.
    known = listed([4, 3], [50, 60])
    assert sorted(hidden(known)) == [3, 4, 7, 50, 110]


def test_the_other_direction_needs_cover_too():
    # 3 is covered by 20 in its row and 30 in its column; 20 and 30 need each other's corner.
    known = listed([3, 20, 100], [30, 40, 100], [100, 100, 100], columns=True)
    assert sorted(hidden(known)) == [3, 20, 30, 40]


def test_the_audit_finds_what_no_single_sum_tells():
    # Two rows of two: each row and each column holds two hidden ones, yet the corner 1 bounds all to 1 to 5 apart.
    known = listed([1, 3, 200], [4, 2, 300], [400, 500, 600], columns=True)
    gone = hide(known, K)
    # By hand: the four small ones move along one line, +t -t / -t +t: t from -1 to 3, so none is 10 wide by itself.
    assert gone[[0, 1, 3, 4]].all()
    assert gone.sum() > 4


def test_a_ring_of_small_ones_that_moves_too_little():
    # Each row and column holds two small ones of 10 or more together. Round the ring they move by +t and -t in turn: t
    # from -4 to 5, so that each is known to within 9, and a seventh must go.
    known = listed([4, 6, 200], [300, 5, 5], [6, 400, 5], columns=True)
    gone = hide(known, K)
    assert gone[[0, 1, 4, 5, 6, 8]].all()
    assert gone.sum() > 6
    # With 5 for 4 it is 10, as wide as was promised: the six are enough.
    wider = listed([5, 6, 200], [300, 5, 5], [6, 400, 5], columns=True)
    assert hide(wider, K).sum() == 6


def more(known, concealed, narrow):
    """Numbers that are hidden on top where some are known too closely."""
    gone = np.isin(np.arange(len(known.values)), concealed)
    suppression._hide_more(known, gone, narrow)
    return sorted(set(np.flatnonzero(gone).tolist()) - set(concealed))


def test_what_covers_a_number_is_the_smallest_of_its_own_sums():
    #       numbers 0 1 2    3 4 5, totals of rows 6 and 7, of all 8
    known = listed([3, 50, 60], [20, 30, 40])
    assert more(known, [0], [0]) == [1]  # 50 of its own row, not 20 of the other
    assert more(known, [6], [6]) == [0]  # a total is covered by its parts
    assert more(known, [3], [3]) == [4]


def test_of_two_sums_the_one_where_less_is_hidden_gets_the_cover():
    known = listed([3, 50, 9], [70, 30, 40], [75, 80, 90], columns=True)
    assert more(known, [0, 2], [0]) == [3]  # 12 are hidden in its row, 3 in its column: 70 goes, not 50
    assert more(known, [0, 6], [0]) == [2]  # 78 in its column, 3 in its row


def test_one_cover_at_a_time_in_each_sum():
    known = listed([3, 50, 4, 60], [20, 30, 40, 70], [25, 35, 45, 75])
    assert more(known, [0, 2], [0, 2]) == [1]  # 50 may be enough for both: the audit looks first
    assert more(known, [0, 4], [0, 4]) == [2, 5]  # two rows, one cover each
    # Rows of nothing else: 50 of the column is the cover of 3, and may be that of 4.
    assert more(listed([3, 0], [4, 0], [50, 60], columns=True), [0, 2, 6, 7], [0, 2]) == [4]


def test_where_a_sum_has_nothing_left_the_whole_table_has():
    known = listed([3, 0], [50, 60])
    assert more(known, [0, 4, 6], [0]) == [2]  # its row, its total and that of all are hidden: 50 of the other row
    everything = list(range(7))
    assert more(known, everything, [0]) == []


def ranges(known, gone):
    """Least and most of each hidden number by linear programmes, written apart from the gate."""
    size = len(known.values)
    rows = []
    for parts, total in known.sums:
        row = np.zeros(size)
        row[parts] += 1
        row[total] -= 1
        rows.append(row)
    bounds = [(0, None) if one else (value, value) for one, value in zip(gone, known.values, strict=True)]
    found = {}
    for one in np.flatnonzero(gone):
        goal = np.eye(size)[one]
        ends = [linprog(s * goal, A_eq=np.array(rows), b_eq=np.zeros(len(rows)), bounds=bounds) for s in (1, -1)]
        found[int(one)] = (ends[0].fun, -ends[1].fun if ends[1].status == 0 else np.inf)
    return found


@pytest.mark.parametrize("seed", range(6))
def test_every_hidden_number_stays_as_wide_as_promised_and_no_zero_goes(seed):
    rng = np.random.default_rng(seed)
    cells = np.where(rng.random((5, 5)) < 0.7, np.floor(rng.lognormal(3, 1.5, (5, 5))), 0)
    known = listed(*cells.tolist(), columns=True)
    gone = hide(known, K)
    assert gone[(known.values > 0) & (known.values < K)].all()
    assert not gone[known.values == 0].any()
    for low, high in ranges(known, gone).values():
        assert high - low >= K - 1e-5


@pytest.mark.parametrize("seed", range(12))
def test_the_audit_finds_all_that_are_too_narrow_and_no_other(seed):
    rng = np.random.default_rng(seed)
    known = listed(*rng.integers(0, 20, (4, 4)).tolist(), columns=True)
    gone = (rng.random(len(known.values)) < 0.5) & (known.values > 0)
    told = suppression._audit(known, gone, known.values.copy(), known.values.copy(), K)
    assert told == [one for one, (low, high) in ranges(known, gone).items() if high - low < K - 1e-5]


def test_the_least_and_the_most_of_a_narrow_number_are_both_sought(monkeypatch):
    asked = []

    def seen(goal, **more):
        asked.append(goal.tolist())
        return linprog(goal, **more)

    monkeypatch.setattr(suppression, "linprog", seen)
    known = single(4, 5)  # each from 0 to 9
    told = suppression._audit(known, np.array([True, True, False]), known.values.copy(), known.values.copy(), K)
    assert told == [0, 1]
    for goal in ([1, 0], [-1, 0], [0, 1], [0, -1]):
        assert goal in asked


def test_a_range_of_just_the_width_is_wide_enough():
    known = single(1, 1)  # each from 0 to 2, and the width asked for may be missed by a millionth
    assert (
        suppression._audit(known, np.array([True, True, False]), *(known.values.copy() for _ in "ab"), 2.000001) == []
    )


def test_little_more_is_hidden_than_must_be():
    # 30 x 30 with 22 to 30 small ones: whoever hides all would pass every test of safety above.
    rng = np.random.default_rng(2)
    cells = np.where(rng.random((30, 30)) < 0.5, np.floor(rng.lognormal(6, 2, (30, 30))), 0)
    known = listed(*cells.tolist(), columns=True)
    gone, small = hide(known, K), int(((cells > 0) & (cells < K)).sum())
    assert small < gone.sum() <= 3 * small
    assert known.values[gone].sum() < 0.01 * cells.sum()  # and the smallest ones


def test_the_width_is_the_threshold_that_was_asked_for():
    assert hidden(single(4, 30, 500), 5.0) == [4, 30]
    assert hidden(single(5, 30, 500), 5.0) == []
    assert hidden(single(0.4, 1, 500), 1.0) == [0.4, 1]
    assert sorted(hidden(single(40, 30, 500), 50.0)) == [30, 40]
    assert sorted(hidden(single(40, 3, 70, 500), 50.0)) == [3, 40, 70]


def test_nothing_small_asks_no_solver(monkeypatch):
    monkeypatch.setattr(suppression, "_audit", lambda *_: 1 / 0)
    assert not hide(single(10, 20, 30), K).any()


def test_a_solver_that_stops_is_told(monkeypatch):
    class Stopped:
        status, x, message = 1, np.zeros(9), "time is up"

    monkeypatch.setattr(suppression, "linprog", lambda *_, **__: Stopped)
    with pytest.raises(DataError, match="time is up"):
        hide(single(3, 4, 50, 60), K)
    Stopped.status, Stopped.x = 0, None
    with pytest.raises(DataError, match="did not finish"):
        hide(single(3, 4, 50, 60), K)
