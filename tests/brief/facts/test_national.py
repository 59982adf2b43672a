# SPDX-License-Identifier: Apache-2.0
"""The climate of whole countries in short, worked out by hand from a made table."""

import pandas as pd
import pytest

from homeground.brief.facts.national import climate_of_countries
from homeground.running.tables import COUNTRY_CLIMATE

NOT_KNOWN = float("nan")


@pytest.fixture
def results(tmp_path):
    rain = {1990: 10.0, 1991: 100.0, 2000: 300.0, 2020: 200.0, 2022: 50.0}
    index = {1990: -3.0, 1991: -1.0, 2000: 1.0, 2020: -1.5, 2022: -1.49}
    rows = [{"iso3": "NER", "year": y, "rain_mm": rain[y], "temperature_c": 28.0, "spei12": index[y]} for y in rain]
    rows += [{"iso3": "NER", "year": 2021, "rain_mm": NOT_KNOWN, "temperature_c": 28.0, "spei12": NOT_KNOWN}]
    rows += [{"iso3": "MLI", "year": 2022, "rain_mm": 300.0, "temperature_c": 28.0, "spei12": 0.0}]
    pd.DataFrame(rows).to_parquet(tmp_path / COUNTRY_CLIMATE)
    return tmp_path


def test_usual_rain_driest_year_and_droughts(results):
    found = climate_of_countries(results).set_index("iso3")
    niger = found.loc["NER"]
    assert niger["usual_mm"] == 200.0  # (100 + 300 + 200) / 3: 1990 and 2022 are no normal years
    assert (niger["driest"], niger["driest_mm"]) == (1990, 10.0)
    assert niger["droughts"] == 1  # 2020 at the limit; 1990 is long ago, 2021 not known
    assert (niger["first"], niger["last"]) == (1990, 2022)
    assert pd.isna(found.loc["MLI", "usual_mm"])


def test_without_the_table_nothing_is_said(tmp_path):
    assert climate_of_countries(tmp_path).empty
