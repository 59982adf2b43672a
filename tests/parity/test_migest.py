# SPDX-License-Identifier: Apache-2.0
"""Against worked examples of the field: UN Manual VI and the reference outputs printed by the R package migest."""

import pandas as pd
import pytest

from homeground.people.migration import net_migration_survival

# UN Manual VI, table 24 (Bombay 1941-51): forward, reverse, average
BOMBAY = {"10-14": (62_777, 69_085, 65_931), "20-24": (188_975, 199_530, 194_252), "70+": (399, 1_031, 715)}


@pytest.mark.parametrize("age", BOMBAY)
def test_bombay(shared_data, age):
    table = pd.read_csv(shared_data / "people" / "migest" / "bombay_1951.csv").set_index("age_1951")
    found = net_migration_survival(table["pop_1941"], table["pop_1951"], table["sr"]).loc[age]
    assert found.tolist() == pytest.approx(BOMBAY[age], abs=0.51)
