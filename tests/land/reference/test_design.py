# SPDX-License-Identifier: Apache-2.0
"""How many plots a wanted precision takes, and how they go to the classes."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from homeground.errors import DataError
from homeground.land import allocated, plots_needed
from homeground.land.reference.draw import sizes

# Olofsson et al. (2014), section 5.1.1 and table 5, p. 53, as the tests of the R package drift carry them over.
SHARES = pd.Series([0.020, 0.015, 0.320, 0.645])
ACCURACY = pd.Series([0.70, 0.60, 0.90, 0.95])


def test_the_published_size_comes_out():
    assert plots_needed(SHARES, ACCURACY, standard_error=0.01) == 641


def test_plots_by_area_are_the_published_ones_up_to_rounding():
    assert (allocated(SHARES, 641, least=2) - [13, 10, 205, 413]).isin([0, 1]).all()


def test_sizes_on_paper():
    """S = 0.4 everywhere: (0.4 / 0.02)^2 = 400; S = 0.5 and an error of 0.05: 100."""
    assert plots_needed(pd.Series([0.3, 0.7]), 0.8, standard_error=0.02) == 400
    assert plots_needed(pd.Series([1.0]), 0.5, standard_error=0.05) == 100
    assert plots_needed(pd.Series([1.0]), 1.0, standard_error=0.05) == 1
    # (0.5 x 0.3 + 0.5 x 0.4) / 0.05 = 7, squared 49
    assert plots_needed(pd.Series([0.5, 0.5]), pd.Series([0.9, 0.8]), standard_error=0.05) == 49


def test_rare_classes_get_the_least_on_top_and_classes_without_land_nothing():
    found = allocated(pd.Series({"degraded": 0.1, "stable": 0.9, "improved": 0.0}), 400, least=50)
    assert found.to_dict() == {"degraded": 50, "stable": 360, "improved": 0}


def test_the_interval_that_comes_out_is_no_wider_than_asked():
    """As many plots as were worked out, all classes right in 8 of 10: half of the interval is at most 0.05 of the land."""
    mapped = pd.DataFrame({"degraded": [300.0], "stable": [650.0], "improved": [50.0]}, ["NER"])
    n = sizes(mapped, precision=0.05, accuracy=0.8, least=50)["plots"].to_numpy()
    weight = mapped.iloc[0].to_numpy() / 1000
    assert 1.96 * np.sqrt((weight**2 * 0.16 / n).sum()) <= 0.05
    assert n.tolist() == [74, 160, 50]  # of 246: 73.8, 159.9, and 12.3


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: plots_needed(pd.Series([0.5, 0.6]), 0.8, standard_error=0.02), "add up to 1.1"),
        (lambda: plots_needed(pd.Series([-0.5, 1.5]), 0.8, standard_error=0.02), "shares of 0 or more"),
        (lambda: plots_needed(pd.Series([1.0]), 1.2, standard_error=0.02), "accuracy of 0 to 1"),
        (lambda: plots_needed(pd.Series([1.0]), 0.8, standard_error=0.0), "standard error above 0"),
        (lambda: plots_needed(pd.Series([1.0]), 0.8, standard_error=0.5), "below 0.5"),
        (lambda: allocated(pd.Series([1.0]), 10, least=1), "at least 2 plots"),
    ],
)
def test_what_cannot_be_is_refused(call, said):
    with pytest.raises(DataError, match=said):
        call()
