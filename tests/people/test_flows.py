# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from homeground.errors import DataError
from homeground.people.flows import fit_margins, flows_from_stocks, radiation

METHODS = ["minimum", "independence", "pseudo-bayesian"]


def square(rows):
    names = list("ABCDEFGH"[: len(rows)])
    return pd.DataFrame(np.array(rows, dtype=float), names, names)


def series(values):
    return pd.Series(np.array(values, dtype=float), list("ABCDEFGH"[: len(values)]))


def matrix(found, column="flow"):
    return found.pivot(index="origin", columns="destination", values=column).fillna(0.0).to_numpy()


def net(found):
    table = matrix(found)
    return table.sum(axis=0) - table.sum(axis=1)


def test_independence_by_hand():
    # born in A: 80 in A, 20 in B, later 60 and 40; 80 * 40 / 100 go, 20 * 60 / 100 come back; all born in B stay
    found = flows_from_stocks(
        square([[80, 20], [0, 50]]), square([[60, 40], [0, 50]]), series([0, 0]), series([0, 0]), method="independence"
    )
    assert found["flow"].tolist() == [32, 12]
    assert found["outward"].tolist() == [32, 0]
    assert found["returning"].tolist() == [0, 12]
    assert (found["kind"] == "modelled").all()


def test_pseudo_bayesian_lies_between_and_keeps_net_migration():
    start, end = square([[80, 20], [0, 50]]), square([[60, 40], [0, 50]])
    none = series([0, 0])
    least, most, between = (
        flows_from_stocks(start, end, none, none, method=m) for m in ["minimum", "independence", "pseudo-bayesian"]
    )
    assert least["flow"].tolist() == [20, 0]
    assert between["flow"].tolist() == pytest.approx([0.87 * 20 + 0.13 * 32, 0.13 * 12])
    assert net(between) == pytest.approx(net(least))
    assert net(most) == pytest.approx(net(least))


people = st.integers(1, 1000)


@settings(max_examples=50, deadline=None)
@given(st.integers(2, 5), st.data())
def test_net_migration_is_what_population_births_and_deaths_say(n, data):
    table = st.lists(st.lists(people, min_size=n, max_size=n), min_size=n, max_size=n)
    start, end = square(data.draw(table)), square(data.draw(table))
    change = end.sum() - start.sum()
    # births and deaths that balance the world: everybody born or dead in proportion to population
    births = np.maximum(change.sum(), 0.0) * end.sum() / end.sum().sum()
    deaths = np.maximum(-change.sum(), 0.0) * start.sum() / start.sum().sum()
    if (births >= end.sum()).any() or (deaths >= start.sum()).any():
        return
    for method in METHODS:
        found = flows_from_stocks(start, end, births, deaths, method=method)
        assert net(found) == pytest.approx((change - births + deaths).to_numpy(), abs=1e-4)
        assert (found["flow"] >= -1e-9).all()
        parts = found[["outward", "returning", "transit"]].sum(axis=1)
        assert parts.to_numpy() == pytest.approx(found["flow"].to_numpy(), abs=1e-6)


def test_matrix_form_is_the_sum_over_birthplaces():
    rng = np.random.default_rng(7)
    start, end = square(rng.integers(1, 99, (5, 5))), square(rng.integers(1, 99, (5, 5)))
    end *= start.sum(axis=1).to_numpy()[:, None] / end.sum(axis=1).to_numpy()[:, None]
    none = series([0] * 5)
    found = flows_from_stocks(start, end, none, none, match="open")
    x0, x1 = start.to_numpy(), end.to_numpy()
    expected = np.zeros((5, 5))
    kinds = {"outward": np.zeros((5, 5)), "returning": np.zeros((5, 5)), "transit": np.zeros((5, 5))}
    for k in range(5):
        leaving, coming = np.maximum(x0[k] - x1[k], 0), np.maximum(x1[k] - x0[k], 0)
        for i in range(5):
            for j in range(5):
                moved = leaving[i] * coming[j] / leaving.sum()
                expected[i, j] += moved
                kinds["outward" if i == k else "returning" if j == k else "transit"][i, j] += moved
    assert matrix(found) == pytest.approx(expected)
    for kind, table in kinds.items():
        assert matrix(found, kind) == pytest.approx(table)


def test_faults_are_refused():
    start, none = square([[80, 20], [0, 50]]), series([0, 0])
    with pytest.raises(DataError, match="other places"):
        flows_from_stocks(start, start.iloc[::-1], none, none)
    with pytest.raises(DataError, match="missing or negative"):
        flows_from_stocks(start, start.where(start > 0), none, none)
    with pytest.raises(DataError, match=r"more people die than live in \['B'\]"):
        flows_from_stocks(start, start, none, series([0, 71]))
    with pytest.raises(DataError, match="method 'best'"):
        flows_from_stocks(start, start, none, none, method="best")
    with pytest.raises(DataError, match="match 'closed'"):
        flows_from_stocks(start, start, none, none, match="closed")


def test_margins_worked_examples():
    assert fit_margins([[5, 2], [1, 7]], [18, 20], [16, 22]) == pytest.approx(
        np.array([[13.25, 4.75], [2.75, 17.25]]), abs=0.005
    )
    seed = np.array([50, 10, 220, 120, 120, 30, 545, 0, 10]).reshape(3, 3).T
    found = fit_margins(seed, [170, 120, 410], [500, 140, 60])
    assert found.round().tolist() == [[72, 40, 59], [32, 88, 0], [396, 12, 1]]
    with pytest.raises(DataError, match="cannot both be reached"):
        fit_margins([[0, 1], [1, 1]], [5, 1], [5, 1], sweeps=50)


@given(st.integers(2, 6), st.data())
def test_radiation_sends_everybody_somewhere(n, data):
    mass = series(data.draw(st.lists(st.integers(1, 10**6), min_size=n, max_size=n)))
    out = series(data.draw(st.lists(st.integers(0, 10**5), min_size=n, max_size=n)))
    far = square(data.draw(st.lists(st.lists(st.integers(0, 5), min_size=n, max_size=n), min_size=n, max_size=n)))
    found = radiation(out, mass, far)
    assert found.groupby("origin")["flow"].sum().to_numpy() == pytest.approx(out.to_numpy())


def test_radiation_formula_where_no_two_are_equally_far():
    rng = np.random.default_rng(3)
    m, far = rng.integers(1, 100, 6).astype(float), rng.random((6, 6))
    found = matrix(radiation(series([10.0] * 6), series(m), square(far)))
    for o in range(6):
        for d in range(6):
            if o != d:
                s = sum(m[k] for k in range(6) if k not in {o, d} and far[o, k] < far[o, d])
                share = m[o] * m[d] / ((m[o] + s) * (m[o] + m[d] + s)) / (1 - m[o] / m.sum())
                assert found[o, d] == pytest.approx(10 * share)


def test_radiation_faults():
    far = square([[0, 1], [1, 0]])
    with pytest.raises(DataError, match="hold no mass"):
        radiation(series([1, 0]), series([0, 5]), far)
    with pytest.raises(DataError, match="same places"):
        radiation(series([1, 0]), series([2, 5]), far.iloc[::-1])
    with pytest.raises(DataError, match="missing or negative"):
        radiation(series([1, np.nan]), series([2, 5]), far)
