# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis.extra.numpy import arrays

from homeground.errors import DataError
from homeground.risk import reliability

TREE = pd.DataFrame(
    {
        "node": ["risk", "dry", "harm", "poor", "fled"],
        "parent": ["", "risk", "risk", "harm", "harm"],
        "weight": [1, 1, 1, 1, 3],
        "direction": [None, 1, None, 1, 1],
        "aggregation": ["geometric", "", "arithmetic", "", ""],
    }
)
KINDS = {"dry": "modelled", "poor": "default", "fled": "observed"}
UNITS = pd.DataFrame({"dry": [1.0, 2.0, np.nan], "poor": [1.0, np.nan, np.nan], "fled": [1.0, 2.0, np.nan]})


def test_shares_and_words_by_hand():
    found = reliability(UNITS, TREE, kinds=KINDS, shared={"fled": "country"})
    assert found["modelled"].tolist() == pytest.approx([0.5, 0.5, 0])
    assert found["observed"].tolist() == pytest.approx([0.375, 0.375, 0])
    assert found["default"].tolist() == pytest.approx([0.125, 0, 0])
    assert found["missing"].tolist() == pytest.approx([0, 0.125, 1])
    assert found["shared"].tolist() == pytest.approx([0.375, 0.375, 0])
    assert found["label"].tolist() == [
        "50 % modelled, 38 % observed, 12 % default; 38 % known by country only",
        "50 % modelled, 38 % observed, 12 % missing; 38 % known by country only",
        "100 % missing; no index (known of harm: 0 %)",
    ]


def test_a_kind_is_needed_for_every_indicator():
    with pytest.raises(DataError) as error:
        reliability(UNITS, TREE, kinds={"dry": "guess", "fled": "observed"})
    assert "'guess'" in str(error.value)
    assert "poor has the kind None" in str(error.value)


@given(arrays(np.bool_, (5, 3)))
def test_shares_sum_to_one(known):
    units = pd.DataFrame(np.where(known, 1.0, np.nan), columns=["dry", "poor", "fled"])
    found = reliability(units, TREE, kinds=KINDS)
    total = found[["observed", "modelled", "published", "default", "missing"]].sum(axis=1)
    np.testing.assert_allclose(total, 1)
